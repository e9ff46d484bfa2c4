#include "sweep_run.hpp"

#include <algorithm>
#include <ranges>
#include <span>

#include <weir/io/reader.hpp>
#include <weir/jobs.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/pipeline/operation.hpp>
#include <weir/shm/shared_array.hpp>
#include <weir/tile_cover.hpp>

namespace weir::cli {
namespace {

/// A job filters rows of together about this many samples: long enough to cost more than its dealing out, and
/// the same on any number of ranks, because the scores are sums over jobs.
constexpr std::size_t samples_a_job = std::size_t{1} << 20;

constexpr std::size_t reader_cache_bytes = std::size_t{64} << 20;

/// A whole recording in one window of the domain, each of whose ranks reads its share of the file's tiles.
/// **Collective** over the world.
template <sample S>
shared_array<S> load(const topology& where, const io::recording& what) {
  const communicator& domain = where.domain();
  shared_array<S> array(domain, {what.channels, what.samples});
  agree(where.world(), [&] {
    io::reader file(what, reader_cache_bytes);
    const tile_cover tiles({{0, what.channels}, {0, what.samples}}, file.tiles(),
                           what.axis == io::time_axis::first ? split_axis::time : split_axis::rows);
    const index_range own = part_of(tiles.size(), static_cast<std::size_t>(domain.size()),
                                    static_cast<std::size_t>(domain.rank()));
    for (std::size_t i = own.begin; i < own.end; ++i) {
      const block tile = tiles[i];
      file.read(tile.rows, tile.samples, array.row(tile.rows.begin).data() + tile.samples.begin,
                what.samples);
    }
  });
  array.synchronize();
  return array;
}

/// The scores with the recording, and the reference if there is one, in memory. **Collective** over the
/// world.
template <sample S, sample R>
std::vector<double> scores_of(const topology& where, const shared_array<S>& data,
                              const shared_array<R>& reference, const sweep_work& work) {
  const std::vector<chosen_filter>& filters = work.filters;
  const std::size_t rows_a_job =
      std::max<std::size_t>(1, samples_a_job / std::max<std::size_t>(1, data.columns()));
  const std::size_t pieces = ceil_div(data.rows(), rows_a_job);
  // A rank keeps the filter of its last job, because the next one is likely to use it too.
  std::optional<fir::row_filter<double>> filter;
  std::optional<fir::row_filter<double>::scratch> scratch;
  std::size_t prepared = filters.size();
  std::vector<double> row(data.columns());
  std::vector<double> wanted(reference.size() == 0 ? 0 : data.columns());

  const fir::instruction_set instructions = pipeline::common_instruction_set(where.world());
  const job_pool pool(where.world(), work.domains);
  const auto sums =
      pool.with({.name = "filter",
                 .progress = work.progress.has_value(),
                 .progress_style = work.progress.value_or(progress_scope::automatic_style())})
          .map(
              [&](std::size_t job) {
                const std::size_t which = job / pieces;
                if (prepared != which) {
                  filter.emplace(filters[which].spec, filters[which].method, instructions);
                  scratch.emplace(filter->make_scratch());
                  prepared = which;
                }
                const std::size_t first = job % pieces * rows_a_job;
                score_sums all;
                for (std::size_t r = first; r < std::min(first + rows_a_job, data.rows()); ++r) {
                  std::ranges::copy(data.row(r), row.begin());
                  if (!wanted.empty()) std::ranges::copy(reference.row(r), wanted.begin());
                  fir::filter_row<double>(*filter, filters[which].ends, std::span(row), *scratch);
                  all += sums_of(row, wanted, work.band);
                }
                return all;
              },
              std::views::iota(std::size_t{0}, filters.size() * pieces));
  std::vector<double> found;
  for (std::size_t which = 0; which < filters.size(); ++which) {
    score_sums all;
    for (std::size_t piece = 0; piece < pieces; ++piece) all += sums[which * pieces + piece];
    found.push_back(score_of(work.score, all));
  }
  return found;
}

}  // namespace

std::vector<double> run_sweep(const topology& where, const sweep_work& work) {
  return visit_sample_type(work.input.type, [&]<sample S>(S) {
    const shared_array<S> data = load<S>(where, work.input);
    if (!work.reference) return scores_of(where, data, shared_array<S>(), work);
    return visit_sample_type(work.reference->type, [&]<sample R>(R) {
      return scores_of(where, data, load<R>(where, *work.reference), work);
    });
  });
}

}  // namespace weir::cli

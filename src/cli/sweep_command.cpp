#include <algorithm>
#include <cmath>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <ranges>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/io/reader.hpp>
#include <weir/jobs.hpp>
#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/pipeline/run.hpp>
#include <weir/shm/shared_array.hpp>
#include <weir/tile_cover.hpp>

#include "commands.hpp"
#include "filter_choice.hpp"
#include "quantities.hpp"
#include "recording_options.hpp"
#include "sweep_grid.hpp"
#include "sweep_score.hpp"
#include "sweep_table.hpp"
#include "talk_options.hpp"

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

class sweep_command : public command {
 public:
  void add_options(CLI::App& app) override {
    app.add_option("IN", input_, "recording to filter, an HDF5 file")->required();
    add_filter_options(app);
    recording_.add_options(app);
    const std::string group = "Score";
    app.add_option(
           "--score", score_,
           "rms; band-power: mean square in --band; snr: decibels of --band over the rest; difference: rms "
           "of the difference to --reference")
        ->check(CLI::IsMember({"rms", "band-power", "snr", "difference"}))
        ->capture_default_str()
        ->group(group);
    app.add_option("--band", band_, "frequencies from LO to HI Hz that are signal")
        ->type_name("LO HI")
        ->expected(2)
        ->group(group);
    app.add_option("--reference", reference_, "recording of the same shape that the output should be like")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--best", best_, "which score wins [highest for band-power and snr, else lowest]")
        ->check(CLI::IsMember({"highest", "lowest"}))
        ->group(group);
    app.add_option("--csv", csv_, "write the table as CSV")->type_name("FILE")->group(group);
    app.add_option("--json", json_, "write the table as JSON")->type_name("FILE")->group(group);
    app.add_option("--plot", plot_, "draw score against parameter by gnuplot, as .png, .svg or .pdf")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--keep", keep_, "filter IN with the best filter to OUT, as weir filter does")
        ->type_name("best OUT")
        ->expected(2)
        ->group(group);
    app.add_flag("--overwrite", overwrite_, "replace OUT if it exists")->group(group);
    app.add_option("--ranks-per-domain", ranks_per_domain_,
                   "ranks that share one copy of the recording: node, numa, or a number of them")
        ->type_name("K|node|numa")
        ->capture_default_str();
    talk_.add_options(app);
  }

  bool is_parallel() const override { return true; }

  exit_code run(environment& env, const std::string& line) override {
    const communicator& world = env.world();
    agree(world, [this] { check_options(); });
    const topology where(world, agree(world, [this] { return domain_choice::parse(ranks_per_domain_); }));
    const io::recording what = recording_.inspect(world, input_);
    const std::optional<frequency_band> band = agree(world, [&] { return band_of(what); });
    std::optional<io::recording> reference;
    if (!reference_.empty()) reference = reference_recording(world, what);

    sweep_table table = agree(world, [this] { return grid(); });
    agree(world, [&] {
      if (!plot_.empty()) check_drawing(table, plot_);
    });
    check_output(world);
    std::vector<chosen_filter> filters;
    agree(world, [&] {
      for (const auto& values : table.combinations) {
        filters.push_back(filter_of(table, values).resolve(world, what.sampling_rate));
      }
    });
    table.scores = scores(where, what, reference, band, filters);
    table.best = best_of(world, table.scores);
    show(world, table);
    if (!keep_.empty()) keep(where, what, filters[table.best], options_of(table), line);
    return exit_code::done;
  }

 private:
  /// Every option that chooses a filter becomes one that takes several values of it.
  void add_filter_options(CLI::App& app) {
    CLI::App single;
    filter_choice declared;
    declared.add_options(single);
    for (const CLI::Option* option : single.get_options()) {
      if (option->get_lnames().empty() || option->get_lnames().front() == "help") continue;
      swept_option_text& swept = options_.emplace_back(option->get_lnames().front());
      app.add_option("--" + swept.name, swept.text,
                     option->get_description() + "; several as A,B,C or FIRST:LAST:STEP")
          ->expected(option->get_expected_min(), option->get_expected_max())
          ->type_name(option->get_type_name())
          ->group(option->get_group());
    }
  }

  void check_options() const {
    talk_.apply();
    const score_kind kind = score_named(score_);
    if ((kind == score_kind::band_power || kind == score_kind::snr) && band_.empty()) {
      throw error(exit_code::usage,
                  fmt::format("--score {} needs the band; give --band LO HI in Hz", score_));
    }
    if ((kind == score_kind::difference) == reference_.empty()) {
      throw error(exit_code::usage,
                  "--score difference and --reference FILE go together; give both or neither");
    }
    if (!keep_.empty() && keep_[0] != "best") {
      throw error(exit_code::usage, fmt::format("--keep got '{}'; say --keep best OUT", keep_[0]));
    }
  }

  /// Finds out before the work whether the best output may be written. **Collective.**
  void check_output(const communicator& world) const {
    if (keep_.empty()) return;
    from_first_rank(world, [this] {
      std::error_code fault;
      if (std::filesystem::equivalent(input_, keep_[1], fault)) {
        throw error(exit_code::usage,
                    fmt::format("'{}' is the input; give the output another name", keep_[1]));
      }
      if (!overwrite_ && std::filesystem::exists(keep_[1], fault)) {
        throw error(exit_code::cannot_create,
                    fmt::format("'{}' exists; give --overwrite to replace it, or another name", keep_[1]));
      }
      return std::string();
    });
  }

  std::optional<frequency_band> band_of(const io::recording& what) const {
    if (band_.empty()) return std::nullopt;
    if (!what.sampling_rate) {
      throw error(exit_code::usage, "--band is in Hz and the recording does not say its rate; give --fs HZ");
    }
    if (!(band_[0] >= 0) || !(band_[1] > band_[0]) || band_[0] > *what.sampling_rate / 2) {
      throw error(exit_code::usage,
                  fmt::format("--band got {} to {} Hz; give two rising frequencies below {} Hz", band_[0],
                              band_[1], *what.sampling_rate / 2));
    }
    return frequency_band{band_[0], band_[1], *what.sampling_rate};
  }

  io::recording reference_recording(const communicator& world, const io::recording& what) const {
    const io::recording reference = recording_.inspect(world, reference_);
    agree(world, [&] {
      if (reference.channels != what.channels || reference.samples != what.samples) {
        throw error(
            exit_code::bad_data,
            fmt::format(
                "the reference has {} channels x {} samples and the recording {} x {}; give one of the "
                "same shape",
                reference.channels, reference.samples, what.channels, what.samples));
      }
    });
    return reference;
  }

  sweep_table grid() const {
    sweep_table table;
    table.score = score_;
    for (const swept_option_text& option : options_) {
      if (option.text.empty()) continue;
      std::string text;
      for (const std::string& part : option.text) text += (text.empty() ? "" : " ") + part;
      table.options.emplace_back(
          option.name, option.text.size() > 1 ? std::vector{text} : swept_values(text, "--" + option.name));
    }
    table.combinations = combinations(table.options);
    return table;
  }

  static filter_choice filter_of(const sweep_table& table, const std::vector<std::string>& values) {
    CLI::App single;
    filter_choice choice;
    choice.add_options(single);
    std::vector<std::string> reversed;  // as CLI11 wants them
    for (std::size_t i = values.size(); i-- > 0;) {
      std::istringstream parts(values[i]);
      std::vector<std::string> words{std::istream_iterator<std::string>(parts), {}};
      reversed.insert(reversed.end(), words.rbegin(), words.rend());
      reversed.push_back("--" + table.options[i].first);
    }
    try {
      single.parse(std::move(reversed));
    } catch (const CLI::ParseError& problem) {
      throw error(exit_code::usage, fmt::format("{}; see weir sweep --help", problem.what()));
    }
    return choice;
  }

  /// **Collective.** One score a filter, in the order of `filters`.
  std::vector<double> scores(const topology& where, const io::recording& what,
                             const std::optional<io::recording>& reference,
                             const std::optional<frequency_band>& band,
                             const std::vector<chosen_filter>& filters) const {
    return visit_sample_type(what.type, [&]<sample S>(S) {
      const shared_array<S> data = load<S>(where, what);
      if (!reference) return scores_of(where, data, shared_array<S>(), band, filters);
      return visit_sample_type(reference->type, [&]<sample R>(R) {
        return scores_of(where, data, load<R>(where, *reference), band, filters);
      });
    });
  }

  template <sample S, sample R>
  std::vector<double> scores_of(const topology& where, const shared_array<S>& data,
                                const shared_array<R>& reference, const std::optional<frequency_band>& band,
                                const std::vector<chosen_filter>& filters) const {
    const std::size_t rows_a_job =
        std::max<std::size_t>(1, samples_a_job / std::max<std::size_t>(1, data.columns()));
    const std::size_t pieces = ceil_div(data.rows(), rows_a_job);
    // A rank keeps the filter of its last job, because the next one is likely to use it too.
    std::optional<fir::row_filter<double>> filter;
    std::optional<fir::row_filter<double>::scratch> work;
    std::size_t prepared = filters.size();
    std::vector<double> row(data.columns());
    std::vector<double> wanted(reference.size() == 0 ? 0 : data.columns());

    const job_pool pool(where.world(), domain_choice::parse(ranks_per_domain_));
    const auto sums =
        pool.with({.name = "filter", .progress = talk_.progress() != "off"})
            .map(
                [&](std::size_t job) {
                  const std::size_t which = job / pieces;
                  if (prepared != which) {
                    filter.emplace(filters[which].spec, filters[which].method);
                    work.emplace(filter->make_scratch());
                    prepared = which;
                  }
                  const std::size_t first = job % pieces * rows_a_job;
                  score_sums all;
                  for (std::size_t r = first; r < std::min(first + rows_a_job, data.rows()); ++r) {
                    std::ranges::copy(data.row(r), row.begin());
                    if (!wanted.empty()) std::ranges::copy(reference.row(r), wanted.begin());
                    fir::filter_row<double>(*filter, filters[which].ends, std::span(row), *work);
                    all += sums_of(row, wanted, band);
                  }
                  return all;
                },
                std::views::iota(std::size_t{0}, filters.size() * pieces));
    std::vector<double> found;
    for (std::size_t which = 0; which < filters.size(); ++which) {
      score_sums all;
      for (std::size_t piece = 0; piece < pieces; ++piece) all += sums[which * pieces + piece];
      found.push_back(score_of(score_named(score_), all));
    }
    return found;
  }

  std::size_t best_of(const communicator& world, const std::vector<double>& scores) const {
    const bool high = best_.empty() ? prefers_high(score_named(score_)) : best_ == "highest";
    std::size_t best = scores.size();
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (std::isnan(scores[i])) continue;
      if (best == scores.size() || (high ? scores[i] > scores[best] : scores[i] < scores[best])) best = i;
    }
    if (best < scores.size()) return best;
    throw agreed_error(exit_code::bad_data,
                       "no filter has a score, because the recording has samples that are NaN", world.rank(),
                       world.size());
  }

  void show(const communicator& world, const sweep_table& table) const {
    from_first_rank(world, [&] {
      if (!talk_.quiet()) fmt::print("{}", to_text(table));
      std::fflush(stdout);
      if (!csv_.empty()) write_text(csv_, to_csv(table));
      if (!json_.empty()) write_text(json_, to_json_text(table));
      if (!plot_.empty()) draw(table, plot_);
      return std::string();
    });
  }

  static void write_text(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::trunc);
    if (!(file << text) || !file.flush()) {
      throw error(exit_code::cannot_create,
                  fmt::format("'{}' cannot be written; name a file in a folder that you may write to", path));
    }
  }

  static nlohmann::json options_of(const sweep_table& table) {
    nlohmann::json options;
    for (std::size_t i = 0; i < table.options.size(); ++i) {
      options[table.options[i].first] = table.combinations[table.best][i];
    }
    return options;
  }

  void keep(const topology& where, const io::recording& what, const chosen_filter& best,
            nlohmann::json options, const std::string& line) const {
    const sample_type arithmetic =
        what.type == sample_type::float32 ? sample_type::float32 : sample_type::float64;
    const pipeline::filter_job job{
        .input = what,
        .output = keep_[1],
        .operation = pipeline::make_fir_operation(where.world(), best.spec, best.method, arithmetic),
        .overwrite = overwrite_,
        .boundary = best.ends,
        .history = line,
        .filtering = best.sentence,
        .options = std::move(options)};
    const pipeline::run_report report = pipeline::run(where, job, pipeline::make_plan(where, job));
    if (report.clipped > 0) {
      warn(where.world(), fmt::format("{} samples did not fit {} and were clipped to its range",
                                      report.clipped, name_of(what.type)));
    }
    if (where.world().rank() == 0 && !talk_.quiet()) fmt::print("{}: {}\n", job.output, job.filtering);
  }

  struct swept_option_text {
    explicit swept_option_text(std::string option) : name(std::move(option)) {}
    std::string name;
    std::vector<std::string> text;
  };

  std::string input_;
  std::deque<swept_option_text> options_;  ///< whose elements stay where they are
  recording_options recording_;
  std::string score_ = "rms";
  std::vector<double> band_;
  std::string reference_;
  std::string best_;
  std::string csv_;
  std::string json_;
  std::string plot_;
  std::vector<std::string> keep_;
  bool overwrite_ = false;
  std::string ranks_per_domain_ = "node";
  talk_options talk_;
};

}  // namespace

std::unique_ptr<command> make_sweep_command() {
  return std::make_unique<sweep_command>();
}

}  // namespace weir::cli

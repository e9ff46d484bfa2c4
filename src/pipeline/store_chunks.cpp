#include "store_chunks.hpp"

#include <optional>
#include <string>
#include <vector>

#include <weir/io/assembly.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/first_rank.hpp>

namespace weir::pipeline {
namespace {

/// The pieces that wait for one another, from rank 0 to all. **Collective.**
std::vector<io::logged_piece> share_out(const communicator& world, std::vector<io::logged_piece> pieces) {
  pieces.resize(world.broadcast(pieces.size(), 0));
  world.broadcast(std::span(pieces), 0);
  return pieces;
}

/// Where the pieces of each chunk begin in `pieces`, and the end of all.
std::vector<std::size_t> chunk_bounds(const io::recording& part,
                                      const std::vector<io::logged_piece>& pieces) {
  std::vector<std::size_t> bounds;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i == 0 || io::chunk_of(part, pieces[i].piece) != io::chunk_of(part, pieces[i - 1].piece)) {
      bounds.push_back(i);
    }
  }
  bounds.push_back(pieces.size());
  return bounds;
}

/// Packs this rank's share of the chunks that blocks met in. Returns the bytes of its log.
std::uint64_t join_share(const io::recording& part, const std::string& final_path, const io::log_file& to,
                         std::span<const io::logged_piece> pieces, std::span<const std::size_t> bounds) {
  if (bounds.size() < 2) return 0;
  io::packer pack(part);
  io::chunk_log log(final_path, to);
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    io::join_pieces(part, final_path, pieces.subspan(bounds[i], bounds[i + 1] - bounds[i]), pack, log);
  }
  log.sync();
  return log.bytes();
}

}  // namespace

void store_chunks(const topology& where, const filter_job& job, const checkpoint& saved,
                  rank_counts& counts) {
  const communicator& world = where.world();
  const auto state = io::unpack(from_first_rank(world, [&] { return io::pack(saved); })).get<checkpoint>();
  std::optional<io::chunk_index> index;
  std::vector<io::logged_piece> loose;
  from_first_rank(world, [&] {
    index.emplace(state.part, job.output);
    for (const io::log_file& log : state.logs) index->add(log);
    loose = index->loose_pieces();
    return std::string();
  });

  // With write_mode::gather only rank 0 needs to see the folder that the logs lie in.
  const auto ranks = static_cast<std::size_t>(world.size());
  const auto rank = static_cast<std::size_t>(world.rank());
  const std::size_t joiners = job.write == write_mode::gather ? 1 : ranks;
  loose = share_out(world, std::move(loose));
  const std::vector<std::size_t> bounds = chunk_bounds(state.part, loose);
  const index_range own = rank < joiners ? part_of(bounds.size() - 1, joiners, rank) : index_range{};
  // No log that counts has this number.
  const io::log_file mine{state.next_run(), rank, 0};
  const std::uint64_t joined_bytes = agree(world, [&] {
    return own.empty() ? 0
                       : join_share(state.part, job.output, mine, loose,
                                    std::span(bounds).subspan(own.begin, own.size() + 1));
  });
  counts.bytes_written += joined_bytes;

  const std::vector<std::uint64_t> joined = world.all_gather(joined_bytes);
  from_first_rank(world, [&] {
    for (std::size_t i = 0; i < joined.size(); ++i) index->add({mine.run, i, joined[i]});
    checkpoint storing = state;
    storing.is_assembling = true;
    io::save_marker(io::marker_path(job.output), storing);
    counts.bytes_written += index->store_in(state.part.path);
    return std::string();
  });
}

}  // namespace weir::pipeline

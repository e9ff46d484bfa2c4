#include "store_chunks.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <weir/io/assembly.hpp>
#include <weir/io/chunk_move.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/node_file.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/first_rank.hpp>

#include "shared_failure.hpp"

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

/// A file that packed chunks are stored in, and where they wait.
struct packed_file {
  std::string final_path;
  io::recording part;
  std::vector<io::log_file> logs;
  bool durable = false;
  bool may_lack = false;  ///< other files hold the rest of its chunks

  /// No log that counts has this number.
  std::uint64_t next_run() const {
    std::uint64_t next = 0;
    for (const io::log_file& log : logs) next = std::max(next, log.run + 1);
    return next;
  }
};

/// Packs this rank's share of the chunks that blocks met in. Returns the bytes of its log.
std::uint64_t join_share(const packed_file& file, const io::log_file& to,
                         std::span<const io::logged_piece> pieces, std::span<const std::size_t> bounds) {
  if (bounds.size() < 2) return 0;
  io::packer pack(file.part);
  io::chunk_log log(file.final_path, to);
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    io::join_pieces(file.part, file.final_path, pieces.subspan(bounds[i], bounds[i + 1] - bounds[i]),
                    file.may_lack, pack, log);
  }
  return log.bytes();
}

/// Rank 0 has the moves of all chunks, and every rank gets those of its own logs, which its node may still
/// hold in memory: of the first `movers` ranks, the chunks of writer w go to rank w % movers.
/// **Collective** over `ranks`.
std::vector<io::chunk_move> own_moves(const communicator& ranks, std::vector<io::chunk_move> all,
                                      std::size_t movers) {
  const auto mover_of = [&](const io::chunk_move& move) { return move.writer % movers; };
  std::vector<std::uint64_t> counts(movers);
  for (const io::chunk_move& move : all) ++counts[mover_of(move)];
  ranks.broadcast(std::span(counts), 0);
  const auto rank = static_cast<std::size_t>(ranks.rank());
  if (rank >= movers) return {};
  if (rank > 0) {
    std::vector<io::chunk_move> own(counts[rank]);
    ranks.receive(std::span(own), 0);
    return own;
  }
  std::ranges::stable_sort(all, {}, mover_of);
  std::size_t begin = counts[0];
  for (std::size_t to = 1; to < movers; begin += counts[to++]) {
    ranks.send(std::span(all).subspan(begin, counts[to]), static_cast<int>(to));
  }
  all.resize(counts[0]);
  return all;
}

/// All ranks pack the chunks that blocks met in, rank 0 gives all chunks their places in the file, and all
/// bring theirs: the first `workers` of the ranks. Returns the bytes that this rank stored. **Collective**
/// over `ranks`.
std::uint64_t store_in(const communicator& ranks, const packed_file& file, std::size_t workers) {
  std::optional<io::chunk_index> index;
  std::vector<io::logged_piece> loose;
  from_first_rank(ranks, [&] {
    index.emplace(file.part, file.final_path);
    for (const io::log_file& log : file.logs) index->add(log);
    loose = index->loose_pieces();
    return std::string();
  });

  const auto rank = static_cast<std::size_t>(ranks.rank());
  loose = share_out(ranks, std::move(loose));
  const std::vector<std::size_t> bounds = chunk_bounds(file.part, loose);
  const index_range own = rank < workers ? part_of(bounds.size() - 1, workers, rank) : index_range{};
  const io::log_file mine{file.next_run(), rank, 0};
  const std::uint64_t joined_bytes = agree(ranks, [&] {
    return own.empty() ? 0
                       : join_share(file, mine, loose, std::span(bounds).subspan(own.begin, own.size() + 1));
  });

  const std::vector<std::uint64_t> joined = ranks.all_gather(joined_bytes);
  std::vector<io::chunk_move> moves;
  from_first_rank(ranks, [&] {
    for (std::size_t i = 0; i < joined.size(); ++i) index->add({mine.run, i, joined[i]});
    moves = index->place_in(file.part.path, file.may_lack);
    return std::string();
  });
  index.reset();
  moves = own_moves(ranks, std::move(moves), workers);
  return agree(ranks, [&] { return io::move_chunks(file.part.path, file.final_path, moves, file.durable); });
}

/// Every domain stores the chunks of its share of the files. **Collective** over the world.
std::uint64_t store_in_nodes(const topology& where, const filter_job& job, const checkpoint& state) {
  std::uint64_t stored = 0;
  shared_failure failure;
  for (std::size_t i = 0; i < state.nodes.size(); ++i) {
    const node_output& node = state.nodes[i];
    const bool is_own =
        i % static_cast<std::size_t>(where.domains()) == static_cast<std::size_t>(where.domain_index());
    if (!is_own || node.is_stored) continue;
    failure.attempt([&] {
      stored += store_in(where.domain(),
                         {io::node_path(job.output, node.number), node.part, node.logs, job.durable, true},
                         static_cast<std::size_t>(where.domain().size()));
    });
  }
  failure.rethrow_on_all(where.world());
  return stored;
}

}  // namespace

void store_chunks(const topology& where, const filter_job& job, const checkpoint& all,
                  const checkpoint& saved, rank_counts& counts) {
  const communicator& world = where.world();
  const auto state = io::unpack(from_first_rank(world, [&] {
                       checkpoint storing = saved;
                       storing.is_assembling = true;
                       io::save_marker(io::marker_path(job.output), storing);
                       return io::pack(all);
                     })).get<checkpoint>();
  if (job.write == write_mode::per_node) {
    counts.bytes_written += store_in_nodes(where, job, state);
    return;
  }
  // With write_mode::gather only rank 0 needs to see the folder that the logs lie in.
  const std::size_t workers = job.write == write_mode::gather ? 1 : static_cast<std::size_t>(world.size());
  counts.bytes_written += store_in(world, {job.output, state.part, state.logs, job.durable}, workers);
}

}  // namespace weir::pipeline

#include "store_chunks.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <weir/io/assembly.hpp>
#include <weir/io/chunk_move.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/node_file.hpp>
#include <weir/io/piece_joiner.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/partition.hpp>

#include "deal_out.hpp"
#include "shared_failure.hpp"

namespace weir::pipeline {
namespace {

/// Whether a piece is of another chunk than the one before it.
bool begins_chunk(const io::recording& part, const auto& pieces, std::size_t i) {
  return i == 0 || io::chunk_of(part, pieces[i].piece) != io::chunk_of(part, pieces[i - 1].piece);
}

/// How many chunks the pieces are of.
std::size_t chunks_of(const io::recording& part, const std::deque<io::logged_piece>& pieces) {
  std::size_t chunks = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) chunks += begins_chunk(part, pieces, i) ? 1 : 0;
  return chunks;
}

/// How many pieces each of the first `workers` ranks gets of those that wait for one another: the pieces of
/// about as many chunks.
std::vector<std::uint64_t> shares_of(const io::recording& part, const std::deque<io::logged_piece>& pieces,
                                     std::size_t workers) {
  const std::size_t chunks = chunks_of(part, pieces);
  std::vector<std::uint64_t> counts(workers);
  std::size_t begun = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (begins_chunk(part, pieces, i)) ++begun;
    ++counts[part_that_holds(chunks, workers, begun - 1)];
  }
  return counts;
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

/// What a rank holds to make a chunk of its pieces: the chunk, which samples of it are known, and a piece.
std::size_t joining_bytes(const io::recording& part) {
  const std::size_t samples = part.store.chunk_channels * part.store.chunk_samples;
  return io::packer::memory_bytes(part) + 2 * samples * size_of(part.type) + samples / 8;
}

/// Packs this rank's share of the chunks that blocks met in. Returns the bytes of its log.
std::uint64_t join_share(const packed_file& file, const io::log_file& to,
                         std::span<const io::logged_piece> pieces) {
  if (pieces.empty()) return 0;
  io::piece_joiner joiner(file.part, file.final_path, to, file.may_lack);
  for (std::size_t begin = 0, end = 1; begin < pieces.size(); begin = end++) {
    while (end < pieces.size() && !begins_chunk(file.part, pieces, end)) ++end;
    joiner.join(pieces.subspan(begin, end - begin));
  }
  return joiner.bytes();
}

/// Rank 0 has the moves of all chunks, and every rank gets those of its own logs, which its node may still
/// hold in memory: of the first `movers` ranks, the chunks of writer w go to rank w % movers.
/// **Collective** over `ranks`.
std::vector<io::chunk_move> own_moves(const communicator& ranks, std::vector<io::chunk_move> all,
                                      std::size_t movers) {
  const auto mover_of = [&](const io::chunk_move& move) { return move.writer % movers; };
  std::vector<std::uint64_t> counts(movers);
  for (const io::chunk_move& move : all) ++counts[mover_of(move)];
  std::ranges::sort(all, {}, [&](const auto& move) { return std::pair(mover_of(move), move.to_byte); });
  return deal_out(ranks, std::move(all), std::move(counts));
}

/// All ranks pack the chunks that blocks met in, rank 0 gives all chunks their places in the file, and all
/// bring theirs: the first `workers` of the ranks. Returns the bytes that this rank stored. **Collective**
/// over `ranks`.
std::uint64_t store_in(const communicator& ranks, const packed_file& file, std::size_t workers) {
  std::optional<io::chunk_index> index;
  std::deque<io::logged_piece> loose;
  std::vector<std::uint64_t> counts;
  from_first_rank(ranks, [&] {
    index.emplace(file.part, file.final_path);
    for (const io::log_file& log : file.logs) index->add(log);
    loose = index->take_loose_pieces();
    log_info("{} of {} chunks lie in several blocks and are packed now", chunks_of(file.part, loose),
             index->chunks());
    counts = shares_of(file.part, loose, workers);
    return std::string();
  });

  const io::log_file mine{file.next_run(), static_cast<std::uint64_t>(ranks.rank()), 0};
  std::vector<io::logged_piece> own = deal_out(ranks, std::exchange(loose, {}), std::move(counts));
  const std::uint64_t joined_bytes = agree(ranks, [&] { return join_share(file, mine, own); });
  own = {};

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

std::size_t storing_bytes(const io::recording& part, const cut_chunks& cut, std::size_t ranks) {
  // Rank 0 keeps all moves, or all loose pieces, and deals them out: a part of them is there twice.
  const std::size_t of_moves = cut.chunks * std::max(io::chunk_index::bytes_a_chunk + sizeof(io::chunk_move),
                                                     3 * sizeof(io::chunk_move));
  const std::size_t of_pieces = cut.pieces == 0 ? 0
                                                : cut.chunks * io::chunk_index::bytes_a_chunk +
                                                      2 * cut.pieces * sizeof(io::logged_piece) +
                                                      ranks * joining_bytes(part);
  return std::max(of_moves + ranks * io::packer::most_bytes(part), of_pieces);
}

}  // namespace weir::pipeline

#include <algorithm>
#include <climits>

#include <weir/mpi/blocking.hpp>
#include <weir/mpi/error.hpp>
#include <weir/mpi/row_type.hpp>
#include <weir/split/row_exchange.hpp>

namespace weir {
namespace {

constexpr int rows_tag = 0x40d5;

/// Calls `f(begin, count, type)` for pieces of `bytes` that one message may carry: whole rows, or parts of
/// one row where a row is longer than a round.
template <class F>
void in_rounds(std::size_t bytes, std::size_t row_bytes, std::size_t round_bytes, F&& f) {
  if (bytes == 0) return;
  const std::size_t limit = std::clamp<std::size_t>(round_bytes, 1, INT_MAX);
  if (row_bytes > limit) {
    for (std::size_t at = 0; at < bytes; at += limit) {
      f(at, static_cast<int>(std::min(limit, bytes - at)), MPI_BYTE);
    }
    return;
  }
  const row_type row(row_bytes);
  const std::size_t rows = bytes / row_bytes;
  const std::size_t step = limit / row_bytes;
  for (std::size_t at = 0; at < rows; at += step) {
    f(at * row_bytes, static_cast<int>(std::min(step, rows - at)), row.native());
  }
}

void send(const communicator& owners, std::span<const std::byte> block, std::size_t row_bytes, int to,
          std::size_t round_bytes) {
  in_rounds(block.size(), row_bytes, round_bytes, [&](std::size_t at, int count, MPI_Datatype type) {
    check(blocking::send(block.data() + at, count, type, to, rows_tag, owners.native()), "MPI_Send");
  });
}

void receive(const communicator& owners, std::span<std::byte> block, std::size_t row_bytes, int from,
             std::size_t round_bytes) {
  in_rounds(block.size(), row_bytes, round_bytes, [&](std::size_t at, int count, MPI_Datatype type) {
    check(
        blocking::receive(block.data() + at, count, type, from, rows_tag, owners.native(), MPI_STATUS_IGNORE),
        "MPI_Recv");
  });
}

}  // namespace

void gather_blocks(const communicator& owners, const row_blocks& blocks, std::span<const std::byte> mine,
                   std::span<std::byte> all, int root, std::size_t round_bytes) {
  if (owners.rank() != root) return send(owners, mine, blocks.row_bytes, root, round_bytes);
  for (int owner = 0; owner < owners.size(); ++owner) {
    const auto block = all.subspan(blocks.offset_of(owner), blocks.bytes_of(owner));
    if (owner == root) {
      std::ranges::copy(mine, block.begin());
    } else {
      receive(owners, block, blocks.row_bytes, owner, round_bytes);
    }
  }
}

void scatter_blocks(const communicator& owners, const row_blocks& blocks, std::span<const std::byte> all,
                    std::span<std::byte> mine, int root, std::size_t round_bytes) {
  if (owners.rank() != root) return receive(owners, mine, blocks.row_bytes, root, round_bytes);
  for (int owner = 0; owner < owners.size(); ++owner) {
    const auto block = all.subspan(blocks.offset_of(owner), blocks.bytes_of(owner));
    if (owner == root) {
      std::ranges::copy(block, mine.begin());
    } else {
      send(owners, block, blocks.row_bytes, owner, round_bytes);
    }
  }
}

void all_gather_blocks(const communicator& owners, const row_blocks& blocks, std::span<std::byte> all,
                       std::size_t round_bytes) {
  for (int owner = 0; owner < owners.size(); ++owner) {
    const auto block = all.subspan(blocks.offset_of(owner), blocks.bytes_of(owner));
    in_rounds(block.size(), blocks.row_bytes, round_bytes, [&](std::size_t at, int count, MPI_Datatype type) {
      check(blocking::broadcast(block.data() + at, count, type, owner, owners.native()), "MPI_Bcast");
    });
  }
}

}  // namespace weir

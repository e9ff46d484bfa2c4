#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <weir/mpi/communicator.hpp>

/// Rows that several owners hold, brought together: each block of consecutive rows belongs to one rank of
/// `owners`. Rows travel as one datatype each, in rounds of at most `round_bytes`, so that no count comes
/// near int's limit; longer rows travel in pieces. All are **collective** over `owners` and throw mpi_error.
namespace weir {

struct row_blocks {
  std::size_t row_bytes = 0;
  /// Where each owner's block begins, in rows, and, at the end, the number of rows.
  std::vector<std::size_t> first;

  std::size_t rows() const { return first.back(); }
  std::size_t rows_of(int owner) const {
    return first[static_cast<std::size_t>(owner) + 1] - first[static_cast<std::size_t>(owner)];
  }
  std::size_t bytes_of(int owner) const { return rows_of(owner) * row_bytes; }
  std::size_t offset_of(int owner) const { return first[static_cast<std::size_t>(owner)] * row_bytes; }
};

/// `mine` holds this owner's block; on `root`, `all` has room for all of them, and elsewhere is not used.
void gather_blocks(const communicator& owners, const row_blocks& blocks, std::span<const std::byte> mine,
                   std::span<std::byte> all, int root, std::size_t round_bytes = default_round_bytes);

/// The reverse: `all`, used on `root`, holds all blocks; `mine` has room for this owner's.
void scatter_blocks(const communicator& owners, const row_blocks& blocks, std::span<const std::byte> all,
                    std::span<std::byte> mine, int root, std::size_t round_bytes = default_round_bytes);

/// In place: `all` holds this owner's block where it belongs, and all blocks afterwards.
void all_gather_blocks(const communicator& owners, const row_blocks& blocks, std::span<std::byte> all,
                       std::size_t round_bytes = default_round_bytes);

}  // namespace weir

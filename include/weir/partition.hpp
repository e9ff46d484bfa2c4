#pragma once

#include <algorithm>
#include <cstddef>

/// Who owns which rows, samples and pieces: arithmetic alone, the same on every rank, without a message.
namespace weir {

/// A half-open range of indices, `begin` to `end`.
struct index_range {
  std::size_t begin = 0;
  std::size_t end = 0;

  constexpr std::size_t size() const { return end - begin; }
  constexpr bool empty() const { return begin == end; }
  friend constexpr bool operator==(const index_range&, const index_range&) = default;
};

constexpr std::size_t ceil_div(std::size_t n, std::size_t step) {
  return n / step + (n % step != 0);
}

constexpr std::size_t round_up(std::size_t n, std::size_t step) {
  return ceil_div(n, step) * step;
}

constexpr index_range intersection(index_range a, index_range b) {
  const std::size_t begin = std::max(a.begin, b.begin);
  return {begin, std::max(begin, std::min(a.end, b.end))};
}

/// The `part`-th of `parts` consecutive parts of `n` items. Sizes differ by at most one; the first
/// `n % parts` parts hold the one more. Parts beyond the items are empty.
constexpr index_range part_of(std::size_t n, std::size_t parts, std::size_t part) {
  const std::size_t size = n / parts;
  const std::size_t longer = n % parts;
  const std::size_t begin = part * size + std::min(part, longer);
  return {begin, begin + size + (part < longer ? 1 : 0)};
}

/// The part of `part_of(n, parts, ...)` that holds `index`, for `index < n`.
constexpr std::size_t part_that_holds(std::size_t n, std::size_t parts, std::size_t index) {
  const std::size_t size = n / parts;
  const std::size_t longer = n % parts;
  const std::size_t in_longer = longer * (size + 1);
  return index < in_longer ? index / (size + 1) : longer + (index - in_longer) / size;
}

/// Samples of one row that one rank filters.
struct row_piece {
  std::size_t row = 0;
  index_range samples;

  friend constexpr bool operator==(const row_piece&, const row_piece&) = default;
};

/// Cuts `rows` rows of `samples` samples evenly over `parts` ranks. The items that are divided are the cells
/// of `cell` samples, row after row: whole rows where they divide evenly, and cuts inside a row, on the cell
/// grid, where they do not or where rows are fewer than ranks. A rank's cells are consecutive, so it holds at
/// most two rows that it shares with other ranks: its first and its last.
class row_split {
 public:
  constexpr row_split(std::size_t rows, std::size_t samples, std::size_t cell, std::size_t parts)
      : rows_(rows), samples_(samples), cell_(cell), cells_a_row_(ceil_div(samples, cell)), parts_(parts) {}

  /// How many pieces `part` owns; each lies in a row of its own.
  constexpr std::size_t pieces(std::size_t part) const {
    const index_range cells = cells_of(part);
    return cells.empty() ? 0 : (cells.end - 1) / cells_a_row_ - cells.begin / cells_a_row_ + 1;
  }

  /// The `i`-th piece of `part`, for `i < pieces(part)`, in order of rows.
  constexpr row_piece piece(std::size_t part, std::size_t i) const {
    const index_range cells = cells_of(part);
    const std::size_t row = cells.begin / cells_a_row_ + i;
    const std::size_t first_cell = row * cells_a_row_;
    const index_range here = intersection(cells, {first_cell, first_cell + cells_a_row_});
    return {row, {(here.begin - first_cell) * cell_, std::min((here.end - first_cell) * cell_, samples_)}};
  }

  /// Whether any row is shared by several parts.
  constexpr bool cuts_rows() const {
    for (std::size_t part = 1; part < parts_; ++part) {
      const index_range cells = cells_of(part);
      if (!cells.empty() && cells.begin % cells_a_row_ != 0) return true;
    }
    return false;
  }

 private:
  constexpr index_range cells_of(std::size_t part) const {
    return part_of(rows_ * cells_a_row_, parts_, part);
  }

  std::size_t rows_;
  std::size_t samples_;
  std::size_t cell_;
  std::size_t cells_a_row_;
  std::size_t parts_;
};

}  // namespace weir

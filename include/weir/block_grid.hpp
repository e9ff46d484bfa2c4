#pragma once

#include <cstddef>

#include <weir/partition.hpp>

namespace weir {

/// A rectangle of a recording: a range of its rows and a span of its samples.
struct block {
  index_range rows;
  index_range samples;

  friend constexpr bool operator==(const block&, const block&) = default;
};

/// What domains divide among themselves: ranges of rows, or spans of time.
enum class split_axis { rows, time };

/// A recording cut into blocks of at most `block_rows` rows by `block_samples` samples, numbered so that a
/// consecutive range of blocks is a range of rows (`split_axis::rows`) or a span of time
/// (`split_axis::time`). The grid does not depend on who works on it: domains take consecutive ranges of the
/// block numbers.
class block_grid {
 public:
  constexpr block_grid(std::size_t rows, std::size_t samples, std::size_t block_rows,
                       std::size_t block_samples, split_axis split)
      : rows_(rows),
        samples_(samples),
        block_rows_(block_rows),
        block_samples_(block_samples),
        row_blocks_(ceil_div(rows, block_rows)),
        time_blocks_(ceil_div(samples, block_samples)),
        split_(split) {}

  constexpr std::size_t size() const { return row_blocks_ * time_blocks_; }
  constexpr std::size_t rows() const { return rows_; }
  constexpr std::size_t samples() const { return samples_; }
  constexpr std::size_t block_rows() const { return block_rows_; }
  constexpr std::size_t block_samples() const { return block_samples_; }
  constexpr std::size_t row_blocks() const { return row_blocks_; }
  constexpr std::size_t time_blocks() const { return time_blocks_; }
  constexpr split_axis split() const { return split_; }

  /// The rows of the `i`-th range of rows, for `i < row_blocks()`.
  constexpr index_range row_range(std::size_t i) const {
    return intersection({i * block_rows_, (i + 1) * block_rows_}, {0, rows_});
  }

  /// The samples of the `i`-th span of time, for `i < time_blocks()`.
  constexpr index_range time_range(std::size_t i) const {
    return intersection({i * block_samples_, (i + 1) * block_samples_}, {0, samples_});
  }

  constexpr block operator[](std::size_t i) const {
    return split_ == split_axis::rows ? block{row_range(i / time_blocks_), time_range(i % time_blocks_)}
                                      : block{row_range(i % row_blocks_), time_range(i / row_blocks_)};
  }

  /// The numbers of the blocks that the `domain`-th of `domains` domains works on.
  constexpr index_range of_domain(std::size_t domains, std::size_t domain) const {
    return part_of(size(), domains, domain);
  }

 private:
  std::size_t rows_;
  std::size_t samples_;
  std::size_t block_rows_;
  std::size_t block_samples_;
  std::size_t row_blocks_;
  std::size_t time_blocks_;
  split_axis split_;
};

}  // namespace weir

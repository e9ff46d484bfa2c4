#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <weir/sample_type.hpp>

namespace weir::steps {

/// What a mean and a line are fitted by.
struct moments {
  double sum = 0;
  double first = 0;  ///< sum of the values times their times

  moments& operator+=(const moments& other) {
    sum += other.sum;
    first += other.first;
    return *this;
  }
  friend bool operator==(const moments&, const moments&) = default;
};

/// Samples that are summed from one end to the other; sums of cells are added in pairs.
inline constexpr std::size_t samples_a_cell = 4096;

/// The moments of consecutive samples, the first of which is at `time`.
template <sample S>
moments moments_of(std::span<const S> samples, double time);

/// The sum over the cells of a row, in an order that does not depend on who summed which of them: cells are
/// added in pairs, those sums in pairs again, as long as there are two (Higham, "The accuracy of floating
/// point summation", 1993: pairwise summation). Holds what consecutive cells are so far: at most two numbers
/// for each doubling of their count.
class pairwise_sum {
 public:
  /// The sum of the cells from index * 2^level on, 2^level of them. Plain numbers: it travels in messages.
  struct node {
    std::uint32_t level = 0;
    std::uint32_t reserved = 0;
    std::uint64_t index = 0;
    moments value;
  };

  /// Adds what lies behind all that was added before.
  void add(node next);
  void add_cell(std::uint64_t index, const moments& value) { add({0, 0, index, value}); }

  std::span<const node> nodes() const { return nodes_; }

  /// The sum of all cells, from the first of the row to its last.
  moments total() const;

 private:
  std::vector<node> nodes_;
};

}  // namespace weir::steps

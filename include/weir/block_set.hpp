#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <weir/partition.hpp>

namespace weir {

/// A set of block numbers, held as sorted ranges that neither overlap nor touch: what is done of a recording,
/// or what is left of it.
class block_set {
 public:
  block_set() = default;
  explicit block_set(index_range range) { add(range); }

  void add(index_range range) {
    if (range.empty()) return;
    const auto touches = [&](const index_range& other) {
      return other.end >= range.begin && other.begin <= range.end;
    };
    for (const index_range& other : ranges_) {
      if (touches(other)) range = {std::min(range.begin, other.begin), std::max(range.end, other.end)};
    }
    std::erase_if(ranges_, touches);
    ranges_.insert(std::ranges::upper_bound(ranges_, range.begin, {}, &index_range::begin), range);
  }

  void add(const block_set& other) {
    for (const index_range& range : other.ranges_) add(range);
  }

  const std::vector<index_range>& ranges() const { return ranges_; }

  /// How many numbers are in it.
  std::size_t size() const {
    std::size_t count = 0;
    for (const index_range& range : ranges_) count += range.size();
    return count;
  }

  /// The numbers below `end` that are not in it.
  block_set complement(std::size_t end) const {
    block_set rest;
    std::size_t begin = 0;
    for (const index_range& range : ranges_) {
      rest.add({begin, std::min(range.begin, end)});
      begin = std::min(range.end, end);
    }
    rest.add({begin, end});
    return rest;
  }

  /// The `i`-th of the numbers in order, for `i < size()`.
  std::size_t operator[](std::size_t i) const {
    auto range = ranges_.begin();
    for (; i >= range->size(); ++range) i -= range->size();
    return range->begin + i;
  }

  /// The numbers that stand at the `places` of the order.
  block_set slice(index_range places) const {
    block_set part;
    std::size_t first = 0;
    for (const index_range& range : ranges_) {
      const index_range here = intersection(places, {first, first + range.size()});
      if (!here.empty()) part.add({range.begin + here.begin - first, range.begin + here.end - first});
      first += range.size();
    }
    return part;
  }

  friend bool operator==(const block_set&, const block_set&) = default;

 private:
  std::vector<index_range> ranges_;
};

}  // namespace weir

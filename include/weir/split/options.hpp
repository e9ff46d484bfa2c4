#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <weir/partition.hpp>
#include <weir/split/domain.hpp>

namespace weir {

/// What a split does beside calling the function.
struct split_options {
  /// Bytes of the first split argument from which on the work is worth splitting; less runs serially.
  std::size_t split_over = 0;
};

/// How a split would run, and if serially, why.
enum class split_way {
  parallel,         ///< every rank that has rows works
  alone,            ///< inside another split, or an alone_scope
  serial_switch,    ///< weir::serial is on
  one_axis,         ///< no split argument has rows: all have one axis
  few_rows,         ///< there is one row, or none
  below_split_over  ///< the first split argument has fewer bytes than split_options::split_over
};
std::string_view name_of(split_way way);

/// The answer to "what would this call do?".
struct split_plan {
  split_way way = split_way::parallel;
  std::size_t rows = 0;
  /// How many ranks share the rows; 1 if serial.
  std::size_t parts = 1;

  bool is_parallel() const { return way == split_way::parallel; }
  /// Parts that hold rows. A split of no rows calls the function once, with none.
  std::size_t busy_parts() const { return rows < parts ? (rows == 0 ? 1 : rows) : parts; }
  index_range rows_of(std::size_t part) const { return part_of(rows, parts, part); }
};

/// Says that the results go into the first split argument.
struct in_place_t {};
inline constexpr in_place_t in_place{};

/// Says which array the results go to.
template <class A>
struct output_target {
  A& array;
};

namespace detail {

struct split_settings {
  split_options options;
  std::optional<split_domain> over;
};

}  // namespace detail
}  // namespace weir

#include <fmt/ranges.h>

#include <weir/split/argument.hpp>

namespace weir::detail {

std::optional<std::size_t> row_axes_of(const array_shape& shape, std::size_t rows) {
  std::size_t product = 1;
  for (std::size_t axes = 1; axes <= shape.size(); ++axes) {
    product *= shape[axes - 1];
    if (product == rows) return axes;
  }
  return std::nullopt;
}

std::string to_string(const array_shape& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

}  // namespace weir::detail

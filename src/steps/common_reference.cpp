#include <algorithm>
#include <cmath>
#include <limits>

#include <weir/error.hpp>
#include <weir/steps/common_reference.hpp>

namespace weir::steps {
namespace {

/// Samples that are turned at a time: a cache line of the smallest type.
constexpr std::size_t samples_a_turn = 32;

double median_of(std::span<double> values) {
  for (const double value : values) {
    if (std::isnan(value)) return std::numeric_limits<double>::quiet_NaN();
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return 0.5 * (*std::max_element(values.begin(), middle) + *middle);
}

/// The sum in pairs, cut in the middle down to a few values.
double sum_of(std::span<const double> values) {
  constexpr std::size_t few = 32;
  if (values.size() > few) {
    const std::size_t half = values.size() / 2;
    return sum_of(values.first(half)) + sum_of(values.subspan(half));
  }
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

}  // namespace

common_reference::common_reference(const reference& which, std::span<const row_line> lines)
    : which_(which), lines_(lines) {
  if (which.kind == reference_kind::none ||
      (which.kind == reference_kind::row && which.row >= lines.size())) {
    throw error(exit_code::internal, "a reference is none of the rows");
  }
  turned_.resize(memory_bytes(which, lines.size()) / sizeof(double));
}

std::size_t common_reference::memory_bytes(const reference& which, std::size_t rows) {
  const bool needs_all = which.kind == reference_kind::median || which.kind == reference_kind::mean;
  return needs_all ? rows * samples_a_turn * sizeof(double) : 0;
}

template <sample S>
void common_reference::operator()(const row_block<S>& rows, double time, std::span<double> to) {
  const auto at = [&](std::size_t row, std::size_t i) {
    return lines_[row](static_cast<double>(rows.data[row * rows.stride + i]), time + static_cast<double>(i));
  };
  if (which_.kind == reference_kind::row) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = at(which_.row, i);
    return;
  }
  const std::size_t height = lines_.size();
  for (std::size_t begin = 0; begin < to.size(); begin += samples_a_turn) {
    const std::size_t count = std::min(samples_a_turn, to.size() - begin);
    for (std::size_t row = 0; row < height; ++row) {
      for (std::size_t i = 0; i < count; ++i) turned_[i * height + row] = at(row, begin + i);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::span<double> values(turned_.data() + i * height, height);
      to[begin + i] = which_.kind == reference_kind::median ? median_of(values)
                                                            : sum_of(values) / static_cast<double>(height);
    }
  }
}

template void common_reference::operator()(const row_block<std::int16_t>&, double, std::span<double>);
template void common_reference::operator()(const row_block<std::uint16_t>&, double, std::span<double>);
template void common_reference::operator()(const row_block<std::int32_t>&, double, std::span<double>);
template void common_reference::operator()(const row_block<float>&, double, std::span<double>);
template void common_reference::operator()(const row_block<double>&, double, std::span<double>);

}  // namespace weir::steps

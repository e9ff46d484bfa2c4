#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include <weir/fir/boundary.hpp>
#include <weir/fir/filter_spec.hpp>

/// What filtering means, in the plainest words and in long double: the tests' expected values.
namespace weir::fir::oracle {

/// The extended row's value, found by walking back into the row one reflection or period at a time.
inline long double extended(const boundary& edge, const std::vector<long double>& row,
                            std::ptrdiff_t position) {
  const auto n = static_cast<std::ptrdiff_t>(row.size());
  long double lift = 0;
  long double sign = 1;
  while (position < 0 || position >= n) {
    const bool left = position < 0;
    switch (edge.mode) {
      case boundary_mode::reflect:
        position = left ? -1 - position : 2 * n - 1 - position;
        break;
      case boundary_mode::mirror:
        position = n == 1 ? 0 : left ? -position : 2 * (n - 1) - position;
        break;
      case boundary_mode::nearest:
        position = left ? 0 : n - 1;
        break;
      case boundary_mode::wrap:
        position += left ? n : -n;
        break;
      case boundary_mode::constant:
        return edge.cval;
      case boundary_mode::odd:
        if (n == 1) return row[0];
        lift += sign * 2 * row[static_cast<std::size_t>(left ? 0 : n - 1)];
        sign = -sign;
        position = left ? -position : 2 * (n - 1) - position;
        break;
    }
  }
  return lift + sign * row[static_cast<std::size_t>(position)];
}

/// The filtered row.
inline std::vector<long double> filtered(const filter_spec& spec, const boundary& edge,
                                         const std::vector<long double>& row) {
  const auto n = static_cast<std::ptrdiff_t>(row.size());
  const auto taps = static_cast<std::ptrdiff_t>(spec.taps.size());
  const auto advance = static_cast<std::ptrdiff_t>(spec.advance);
  std::vector<long double> x;  // x[j] is the row at position j - (taps - 1 - advance)
  for (std::ptrdiff_t j = 0; j < n + taps - 1; ++j)
    x.push_back(extended(edge, row, j - (taps - 1 - advance)));
  std::vector<long double> y(row.size());
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    for (std::ptrdiff_t k = 0; k < taps; ++k) {
      y[static_cast<std::size_t>(i)] +=
          spec.taps[static_cast<std::size_t>(k)] * x[static_cast<std::size_t>(i + taps - 1 - k)];
    }
  }
  return y;
}

/// One sample of it.
inline long double filtered_sample(const filter_spec& spec, const boundary& edge,
                                   const std::vector<long double>& row, std::size_t i) {
  const auto newest = static_cast<std::ptrdiff_t>(i + spec.advance);
  long double sum = 0;
  for (std::size_t k = 0; k < spec.taps.size(); ++k) {
    sum += spec.taps[k] * extended(edge, row, newest - static_cast<std::ptrdiff_t>(k));
  }
  return sum;
}

/// Samples that look like nothing in particular.
template <class S>
std::vector<S> random_row(std::size_t length, std::uint32_t seed) {
  std::mt19937 engine(seed);
  std::vector<S> row(length);
  if constexpr (std::numeric_limits<S>::is_integer) {
    std::uniform_int_distribution<std::int32_t> value(std::numeric_limits<S>::is_signed ? -9000 : 20000,
                                                      std::numeric_limits<S>::is_signed ? 9000 : 40000);
    for (S& x : row) x = static_cast<S>(value(engine));
  } else {
    std::uniform_real_distribution<double> value(-1, 1);
    for (S& x : row) x = static_cast<S>(value(engine));
  }
  return row;
}

/// Taps of both signs whose absolute values add up to one.
inline std::vector<double> random_taps(std::size_t count, std::uint32_t seed) {
  std::vector<double> taps = random_row<double>(count, seed);
  double sum = 0;
  for (const double tap : taps) sum += std::abs(tap);
  for (double& tap : taps) tap /= sum;
  return taps;
}

/// The same, their own mirror image.
inline std::vector<double> random_symmetric_taps(std::size_t count, std::uint32_t seed) {
  std::vector<double> taps = random_taps(count, seed);
  for (std::size_t k = 0; k < count / 2; ++k) taps[count - 1 - k] = taps[k];
  double sum = 0;
  for (const double tap : taps) sum += std::abs(tap);
  for (double& tap : taps) tap /= sum;
  return taps;
}

template <class S>
std::vector<long double> exact(const std::vector<S>& row) {
  return {row.begin(), row.end()};
}

}  // namespace weir::fir::oracle

#include "stretched_axis.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "entries.hpp"
#include "spacing.hpp"
#include "times_at_once.hpp"
#include "times_of.hpp"

namespace weir::io {

namespace {

/// Clocks that count microseconds, and float32, say a rate about so well.
constexpr double rounding = 1e-5;

bool is_close(double a, double b) {
  return std::abs(a - b) <= rounding * std::abs(b);
}

template <class T>
void stretch_values(hid_t times, hid_t origin, double by) {
  const T first = times_of<T>(origin).read({0, 1}).front();
  const times_of<T> all(times);
  const std::size_t length = entry_count(times);
  for (std::size_t begin = 0; begin < length; begin += most_times) {
    const index_range here{begin, std::min(begin + most_times, length)};
    std::vector<T> values = all.read(here);
    for (T& value : values) {
      // Nanoseconds since 1970 are whole numbers that a double does not hold.
      const long double later = static_cast<long double>(value - first) * static_cast<long double>(by);
      if constexpr (std::is_same_v<T, double>) {
        value = static_cast<double>(static_cast<long double>(first) + later);
      } else {
        value = first + static_cast<T>(std::llround(later));
      }
    }
    all.write(here, values);
  }
}

}  // namespace

std::optional<double> stretch_of(hid_t times, const sample_axis& axis, const recording& what) {
  if (!axis.interpolates || !what.rate_is_said || !what.sampling_rate || !can_be_times(times)) {
    return std::nullopt;
  }
  const double said = *what.sampling_rate;
  const spacing found = measure_spacing(times);
  if (!(found.interval > 0)) return std::nullopt;
  const std::optional<double> of_rates =
      what.rate_of_file ? std::optional(*what.rate_of_file / said) : std::nullopt;
  if (axis.a_second > 0) {
    const double measured = axis.a_second / found.interval;
    if (is_close(measured, said)) return std::nullopt;
    return found.worst <= even_tolerance ? std::optional(measured / said) : of_rates;
  }
  bool is_of_file = false;
  for (const double a_second : {1.0, 1e3, 1e6, 1e9}) {
    const double measured = a_second / found.interval;
    if (is_close(measured, said)) return std::nullopt;
    is_of_file = is_of_file || (what.rate_of_file && is_close(measured, *what.rate_of_file));
  }
  return is_of_file ? of_rates : std::nullopt;
}

void stretch(hid_t times, hid_t origin, double by) {
  const h5::datatype type(H5Dget_type(times));
  if (H5Tget_class(type.get()) == H5T_INTEGER) return stretch_values<std::int64_t>(times, origin, by);
  stretch_values<double>(times, origin, by);
}

}  // namespace weir::io

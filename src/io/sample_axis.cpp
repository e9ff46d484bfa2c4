#include "sample_axis.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "entries.hpp"
#include "times_at_once.hpp"
#include "times_of.hpp"

namespace weir::io {

namespace {

bool is_number(hid_t type, H5T_class_t kind) {
  return H5Tget_class(type) == kind;
}

/// The value `share` of the way from one to the next.
template <class T>
T between(T from, T to, long double share) {
  const long double value = static_cast<long double>(from) +
                            (static_cast<long double>(to) - static_cast<long double>(from)) * share;
  if constexpr (std::is_same_v<T, double>) return static_cast<double>(value);
  return static_cast<T>(std::llround(value));
}

template <class T>
void fill(hid_t source, hid_t target, const rate_ratio& rate, index_range outputs, bool interpolates) {
  const std::size_t length = entry_count(source);
  const std::size_t step = outputs_a_step(rate);
  for (std::size_t begin = outputs.begin; begin < outputs.end; begin += step) {
    const index_range here{begin, std::min(begin + step, outputs.end)};
    // One more on either side, for what lies between and behind samples.
    const std::size_t first = rate.sample_at(here.begin);
    const index_range needed{first > 0 ? first - 1 : 0, std::min(rate.sample_at(here.end - 1) + 2, length)};
    const std::vector<T> values = times_of<T>(source).read(needed);
    std::vector<T> results(here.size());
    for (std::size_t m = here.begin; m < here.end; ++m) {
      const std::size_t i = rate.sample_at(m) - needed.begin;
      const auto share = static_cast<long double>(rate.remainder_at(m)) / static_cast<long double>(rate.up);
      T& result = results[m - here.begin];
      if (!interpolates || share == 0 || values.size() == 1) {
        result = values[i];
      } else if (i + 1 < values.size()) {
        result = between(values[i], values[i + 1], share);
      } else {
        result = between(values[i - 1], values[i], 1 + share);
      }
    }
    times_of<T>(target).write({here.begin - outputs.begin, here.end - outputs.begin}, results);
  }
}

}  // namespace

bool is_sample_axis(hid_t file, const std::string& path, const recording& what) {
  if (!h5::exists(file, path)) return false;
  const h5::dataset found(H5Dopen2(file, path.c_str(), H5P_DEFAULT));
  if (!found) return false;
  const h5::datatype type(H5Dget_type(found.get()));
  const std::vector<hsize_t> extents = h5::extents_of(found.get());
  return (is_number(type.get(), H5T_INTEGER) || is_number(type.get(), H5T_FLOAT)) && extents.size() == 1 &&
         extents.front() == what.samples;
}

h5::dataset resampled_axis(hid_t source, hid_t target_file, const rate_ratio& rate, index_range outputs,
                           bool interpolates) {
  h5::dataset made = create_like(source, target_file, outputs.size());
  const h5::datatype type(H5Dget_type(source));
  if (is_number(type.get(), H5T_INTEGER)) {
    fill<std::int64_t>(source, made.get(), rate, outputs, interpolates);
  } else {
    fill<double>(source, made.get(), rate, outputs, interpolates);
  }
  return made;
}

}  // namespace weir::io

#include "sample_axis.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include <weir/partition.hpp>

#include "entries.hpp"

namespace weir::io {

namespace {

/// Values of the source that are in memory at a time.
constexpr std::size_t most_values = std::size_t{1} << 17;

bool is_number(hid_t type, H5T_class_t kind) {
  return H5Tget_class(type) == kind;
}

template <class T>
hid_t memory_type() {
  return std::is_same_v<T, double> ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64;
}

h5::dataspace selected(hid_t dataset, index_range range) {
  h5::dataspace space(h5::check(H5Dget_space(dataset), "cannot open times"));
  const hsize_t begin = range.begin;
  const hsize_t count = range.size();
  h5::check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &begin, nullptr, &count, nullptr),
            "cannot select times");
  return space;
}

h5::dataspace in_memory(std::size_t count) {
  const hsize_t extent = count;
  return h5::dataspace(H5Screate_simple(1, &extent, nullptr));
}

template <class T>
std::vector<T> read_values(hid_t dataset, index_range range) {
  std::vector<T> values(range.size());
  h5::check(H5Dread(dataset, memory_type<T>(), in_memory(range.size()).get(), selected(dataset, range).get(),
                    H5P_DEFAULT, values.data()),
            "cannot read times");
  return values;
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
  const std::size_t step = std::max<std::size_t>(1, most_values / rate.down * rate.up);
  for (std::size_t begin = outputs.begin; begin < outputs.end; begin += step) {
    const index_range here{begin, std::min(begin + step, outputs.end)};
    // One more on either side, for what lies between and behind samples.
    const std::size_t first = rate.sample_at(here.begin);
    const index_range needed{first > 0 ? first - 1 : 0, std::min(rate.sample_at(here.end - 1) + 2, length)};
    const std::vector<T> values = read_values<T>(source, needed);
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
    h5::check(H5Dwrite(target, memory_type<T>(), in_memory(here.size()).get(),
                       selected(target, {here.begin - outputs.begin, here.end - outputs.begin}).get(),
                       H5P_DEFAULT, results.data()),
              "cannot write times");
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

#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <weir/partition.hpp>

#include "hdf5.hpp"

namespace weir::io {

/// The values of a dataset of one dimension, a span at a time: as T, which is double or std::int64_t, since
/// nanoseconds since 1970 are more than a double holds. The dataset must outlive it.
template <class T>
class times_of {
 public:
  explicit times_of(hid_t dataset) : dataset_(dataset) {}

  std::vector<T> read(index_range range) const {
    std::vector<T> values(range.size());
    h5::check(
        H5Dread(dataset_, type(), memory(range).get(), selected(range).get(), H5P_DEFAULT, values.data()),
        "cannot read times");
    return values;
  }

  void write(index_range range, const std::vector<T>& values) const {
    h5::check(
        H5Dwrite(dataset_, type(), memory(range).get(), selected(range).get(), H5P_DEFAULT, values.data()),
        "cannot write times");
  }

 private:
  static hid_t type() { return std::is_same_v<T, double> ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64; }

  static h5::dataspace memory(index_range range) {
    const hsize_t count = range.size();
    return h5::dataspace(H5Screate_simple(1, &count, nullptr));
  }

  h5::dataspace selected(index_range range) const {
    h5::dataspace space(h5::check(H5Dget_space(dataset_), "cannot open times"));
    const hsize_t begin = range.begin;
    const hsize_t count = range.size();
    h5::check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &begin, nullptr, &count, nullptr),
              "cannot select times");
    return space;
  }

  hid_t dataset_;
};

}  // namespace weir::io

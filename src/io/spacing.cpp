#include "spacing.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace weir::io {

namespace {

constexpr hsize_t block_values = hsize_t{1} << 17;
constexpr hsize_t most_blocks = 128;

void read_values(hid_t dataset_id, hsize_t begin, hsize_t count, double* values) {
  const h5::dataspace in_file(h5::check(H5Dget_space(dataset_id), "cannot read times"));
  const h5::dataspace in_memory(H5Screate_simple(1, &count, nullptr));
  h5::check(H5Sselect_hyperslab(in_file.get(), H5S_SELECT_SET, &begin, nullptr, &count, nullptr),
            "cannot read times");
  h5::check(H5Dread(dataset_id, H5T_NATIVE_DOUBLE, in_memory.get(), in_file.get(), H5P_DEFAULT, values),
            "cannot read times");
}

}  // namespace

bool can_be_times(hid_t dataset_id) {
  const h5::datatype type(H5Dget_type(dataset_id));
  const H5T_class_t kind = H5Tget_class(type.get());
  const std::vector<hsize_t> extents = h5::extents_of(dataset_id);
  return (kind == H5T_INTEGER || kind == H5T_FLOAT) && extents.size() == 1 && extents.front() >= 2;
}

spacing measure_spacing(hid_t dataset_id) {
  const hsize_t length = h5::extents_of(dataset_id).front();
  spacing result;
  double last = 0.0;
  read_values(dataset_id, 0, 1, &result.first);
  read_values(dataset_id, length - 1, 1, &last);
  result.interval = (last - result.first) / static_cast<double>(length - 1);

  const hsize_t all_blocks = (length + block_values - 1) / block_values;
  const hsize_t blocks = std::min(all_blocks, most_blocks);
  std::vector<double> values(std::min(length, block_values));
  for (hsize_t i = 0; i < blocks; ++i) {
    const hsize_t block = blocks == 1 ? 0 : i * (all_blocks - 1) / (blocks - 1);
    const hsize_t begin = block * block_values;
    const hsize_t count = std::min(block_values, length - begin);
    read_values(dataset_id, begin, count, values.data());
    for (hsize_t k = 0; k < count; ++k) {
      const double even = result.first + result.interval * static_cast<double>(begin + k);
      const double distance = std::abs(values[k] - even) / std::abs(result.interval);
      // Written so that a NaN counts as the worst.
      if (!(distance <= result.worst)) {
        result.worst = distance;
        result.worst_index = begin + k;
      }
    }
  }
  return result;
}

}  // namespace weir::io

#include <fmt/format.h>

#include <weir/io/channel_scales.hpp>

#include "hdf5.hpp"
#include "layouts.hpp"

namespace weir::io {

std::vector<double> channel_scales(const recording& what) {
  const h5::silence quiet;
  const h5::file file = h5::open_for_reading(what.path);
  const std::string path = layout_named(what.layout).channel_scales(what);
  if (path.empty() || !h5::exists(file.get(), path)) return {};
  const h5::dataset dataset(
      h5::check(H5Dopen2(file.get(), path.c_str(), H5P_DEFAULT), "cannot open " + path, exit_code::bad_data));
  const std::vector<hsize_t> extents = h5::extents_of(dataset.get());
  if (extents.size() != 1 || extents.front() != what.channels) {
    throw error(
        exit_code::bad_data,
        fmt::format("{} in '{}' has not one value for each of the {} channels, so their unit is not known; "
                    "leave --units out",
                    path, what.path, what.channels));
  }
  std::vector<double> scales(what.channels);
  h5::check(H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, scales.data()),
            "cannot read " + path, exit_code::bad_data);
  return scales;
}

}  // namespace weir::io

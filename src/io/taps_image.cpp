#include <fmt/format.h>

#include <weir/io/taps_dataset.hpp>

#include "hdf5.hpp"

namespace weir::io {

std::string taps_image(const std::string& name, std::span<const double> taps) {
  constexpr std::size_t memory_step = std::size_t{1} << 16;
  const h5::silence quiet;
  const h5::properties in_memory = h5::make_properties(H5P_FILE_ACCESS);
  h5::check(H5Pset_fapl_core(in_memory.get(), memory_step, false), "cannot make a file in memory");
  const h5::file file(h5::check(H5Fcreate("taps", H5F_ACC_TRUNC, H5P_DEFAULT, in_memory.get()),
                                "cannot make a file in memory"));
  const h5::properties links = h5::make_properties(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(links.get(), 1);
  const hsize_t count = taps.size();
  const h5::dataspace space(H5Screate_simple(1, &count, nullptr));
  {
    const h5::dataset dataset(h5::check(
        H5Dcreate2(file.get(), name.c_str(), H5T_NATIVE_DOUBLE, space.get(), links.get(), H5P_DEFAULT,
                   H5P_DEFAULT),
        fmt::format("no dataset can be called '{}'; name it as FILE.h5:/path", name), exit_code::usage));
    h5::check(H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, taps.data()),
              "cannot store the taps");
  }
  h5::check(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), "cannot store the taps");
  const ssize_t bytes = h5::check(H5Fget_file_image(file.get(), nullptr, 0), "cannot take the file's image");
  std::string image(static_cast<std::size_t>(bytes), '\0');
  h5::check(H5Fget_file_image(file.get(), image.data(), image.size()), "cannot take the file's image");
  return image;
}

}  // namespace weir::io

#include <cmath>

#include <fmt/format.h>

#include <weir/io/taps_dataset.hpp>

#include "hdf5.hpp"

namespace weir::io {

namespace {

/// More than any filter has; a recording named by mistake is refused before it is read.
constexpr hsize_t most_taps = hsize_t{1} << 24;

/// Where the file's name ends: file names and paths in a file may hold colons, but only a path starts with a
/// slash.
std::size_t separator(const std::string& text) {
  return text.find(":/");
}

}  // namespace

bool names_a_dataset(const std::string& text) {
  const std::size_t colon = separator(text);
  return colon != std::string::npos && colon > 0 && colon + 2 < text.size();
}

std::string file_of(const std::string& text) {
  return names_a_dataset(text) ? text.substr(0, separator(text)) : text;
}

std::vector<double> read_taps_dataset(const std::string& text) {
  if (!names_a_dataset(text)) {
    throw error(exit_code::usage, fmt::format("'{}' names no dataset; write it as FILE.h5:/path", text));
  }
  const std::string path = text.substr(0, separator(text));
  const std::string name = text.substr(separator(text) + 1);
  const auto refuse = [&](const std::string& why) -> void {
    throw error(exit_code::bad_data, fmt::format("{} in '{}' {}", name, path, why));
  };

  const h5::silence quiet;
  const h5::file file = h5::open_for_reading(path);
  if (!h5::exists(file.get(), name)) refuse("does not exist; 'h5ls -r' lists what the file has");
  const h5::dataset dataset(H5Dopen2(file.get(), name.c_str(), H5P_DEFAULT));
  if (!dataset) refuse("is no dataset; name one that holds the taps");
  const h5::datatype type(H5Dget_type(dataset.get()));
  const H5T_class_t kind = H5Tget_class(type.get());
  if (kind != H5T_INTEGER && kind != H5T_FLOAT) {
    refuse(fmt::format("holds {}; taps are numbers", h5::describe_type(type.get())));
  }
  const std::vector<hsize_t> extents = h5::extents_of(dataset.get());
  if (extents.size() != 1) refuse(fmt::format("has {} dimensions; taps have one", extents.size()));
  if (extents[0] == 0) refuse("is empty; a filter has one tap at least");
  if (extents[0] > most_taps) {
    refuse(fmt::format("has {} values; taps are at most {}: is it a recording?", extents[0], most_taps));
  }

  std::vector<double> taps(extents[0]);
  h5::check(H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, taps.data()),
            fmt::format("cannot read {} in '{}'", name, path));
  for (std::size_t i = 0; i < taps.size(); ++i) {
    if (!std::isfinite(taps[i]))
      refuse(fmt::format("has the value {} at index {}; taps are finite", taps[i], i));
  }
  return taps;
}

}  // namespace weir::io

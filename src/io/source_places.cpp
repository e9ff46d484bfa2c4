#include "source_places.hpp"

#include <climits>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace weir::io {

namespace {

namespace fs = std::filesystem;

std::string text_of(hid_t created, std::size_t index,
                    ssize_t (*get)(hid_t, std::size_t, char*, std::size_t)) {
  const ssize_t length = h5::check(get(created, index, nullptr, 0), "cannot list the sources of a dataset");
  std::string text(static_cast<std::size_t>(length) + 1, '\0');
  get(created, index, text.data(), text.size());
  text.pop_back();
  return text;
}

/// The folder that a link leads to, where `path` is one.
fs::path real_folder_of(const std::string& path) {
  std::error_code fault;
  const fs::path real = fs::canonical(path, fault);
  return fault ? fs::path(path).parent_path() : real.parent_path();
}

/// Where HDF5 looks for a source, in its order (H5Pset_virtual_prefix, H5Pset_virtual in its reference).
std::vector<fs::path> places_of(const std::string& name, const std::string& path) {
  if (fs::path(name).is_absolute()) return {name, fs::path(path).parent_path() / fs::path(name).filename()};
  std::vector<fs::path> places;
  if (const char* prefix = std::getenv("HDF5_VDS_PREFIX")) places.push_back(fs::path(prefix) / name);
  places.push_back(fs::path(path).parent_path() / name);
  places.emplace_back(name);
  places.push_back(real_folder_of(path) / name);
  return places;
}

/// A relative name counts from the working folder, unless a prefix is set (H5Pset_external and
/// H5Pset_efile_prefix in HDF5's reference).
fs::path external_place(const std::string& name, const std::string& path) {
  constexpr std::string_view origin = "${ORIGIN}";
  const char* const set = std::getenv("HDF5_EXTFILE_PREFIX");
  const std::string prefix = set == nullptr ? "" : set;
  if (prefix.empty() || prefix == ".") return name;
  if (!prefix.starts_with(origin)) return fs::path(prefix) / name;
  return fs::path(fs::absolute(path).parent_path().string() + prefix.substr(origin.size())) / name;
}

}  // namespace

bool is_virtual(hid_t created) {
  return H5Pget_layout(created) == H5D_VIRTUAL;
}

std::vector<virtual_part> virtual_parts(hid_t created) {
  std::size_t count = 0;
  h5::check(H5Pget_virtual_count(created, &count), "cannot list the sources of a dataset");
  std::vector<virtual_part> parts;
  for (std::size_t i = 0; i < count; ++i) {
    parts.push_back(
        {text_of(created, i, H5Pget_virtual_filename), text_of(created, i, H5Pget_virtual_dsetname)});
  }
  return parts;
}

bool is_numbered(std::string name) {
  for (std::size_t at = 0; (at = name.find("%%", at)) != std::string::npos;) name.erase(at, 2);
  return name.find("%b") != std::string::npos;
}

std::string plain_name(std::string name) {
  for (std::size_t at = 0; (at = name.find("%%", at)) != std::string::npos; ++at) name.erase(at, 1);
  return name;
}

std::optional<std::string> find_source(const std::string& name, const std::string& path) {
  for (const fs::path& place : places_of(name, path)) {
    std::error_code fault;
    if (fs::exists(place, fault)) return place.string();
  }
  return std::nullopt;
}

std::vector<std::string> external_files(hid_t created, const std::string& path) {
  std::vector<std::string> files;
  const int count = H5Pget_layout(created) == H5D_CONTIGUOUS ? H5Pget_external_count(created) : 0;
  for (int i = 0; i < count; ++i) {
    std::string name(PATH_MAX, '\0');
    off_t offset = 0;
    hsize_t bytes = 0;
    h5::check(
        H5Pget_external(created, static_cast<unsigned>(i), name.size() - 1, name.data(), &offset, &bytes),
        "cannot list the files of a dataset");
    files.push_back(external_place(name.c_str(), path).string());
  }
  return files;
}

}  // namespace weir::io

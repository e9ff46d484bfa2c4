#include "virtual_sources.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "source_places.hpp"

namespace weir::io {

namespace {

[[noreturn]] void refuse(const std::string& dataset, const std::string& path, const std::string& what) {
  throw error(exit_code::bad_data,
              fmt::format("{} in '{}' is a virtual dataset, and its source {}", dataset, path, what));
}

bool is_unlimited(hid_t selection) {
  return H5Sget_select_npoints(selection) == static_cast<hssize_t>(H5S_UNLIMITED);
}

/// Whether a dataset has all elements that are selected in `selection`, which are shown in `shown`.
bool holds(hid_t dataset, hid_t selection, hid_t shown) {
  const std::vector<hsize_t> extents = h5::extents_of(dataset);
  // Where all of a source is meant, no file says how much that is.
  if (H5Sget_select_type(selection) == H5S_SEL_ALL) {
    const h5::dataspace space(H5Dget_space(dataset));
    return is_unlimited(shown) || H5Sget_simple_extent_npoints(space.get()) == H5Sget_select_npoints(shown);
  }
  std::vector<hsize_t> first(extents.size());
  std::vector<hsize_t> last(extents.size());
  if (H5Sget_simple_extent_ndims(selection) != static_cast<int>(extents.size())) return false;
  // What may grow for ever is as large as what is there.
  if (is_unlimited(selection)) return true;
  if (H5Sget_select_bounds(selection, first.data(), last.data()) < 0) return false;
  return std::equal(last.begin(), last.end(), extents.begin(), std::less<>());
}

}  // namespace

std::vector<std::string> virtual_sources(hid_t dataset, const std::string& path, const std::string& name) {
  const h5::properties created(H5Dget_create_plist(dataset));
  if (!is_virtual(created.get())) return {};
  const std::vector<virtual_part> parts = virtual_parts(created.get());
  std::vector<std::string> files;
  std::set<std::string> known;
  h5::file opened;
  std::string opened_name;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string& stored = parts[i].file;
    if (stored == ".") continue;
    const std::string file_name = plain_name(stored);
    if (is_numbered(stored)) {
      throw error(
          exit_code::bad_data,
          fmt::format("{} in '{}' is a virtual dataset over the numbered files '{}', of which a missing one "
                      "would read as zeros: copy it into one dataset with h5repack first",
                      name, path, file_name));
    }
    if (!opened || opened_name != file_name) {
      const auto found = find_source(file_name, path);
      if (!found) refuse(name, path, fmt::format("'{}' is missing: put it beside the file", file_name));
      opened = h5::file(H5Fopen(found->c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
      if (!opened) {
        refuse(name, path,
               fmt::format("'{}' does not open ({}): copy it again from where it is whole", *found,
                           h5::last_error()));
      }
      opened_name = file_name;
      if (known.insert(*found).second) files.push_back(*found);
    }
    const std::string source_name = plain_name(parts[i].dataset);
    const h5::dataset source(H5Dopen2(opened.get(), source_name.c_str(), H5P_DEFAULT));
    const h5::dataspace selection(H5Pget_virtual_srcspace(created.get(), i));
    const h5::dataspace shown(H5Pget_virtual_vspace(created.get(), i));
    if (!source || !holds(source.get(), selection.get(), shown.get())) {
      refuse(name, path,
             fmt::format("'{}' has {}: put the right file there", files.back(),
                         source ? fmt::format("other samples in {} than are joined", source_name)
                                : fmt::format("no dataset {}", source_name)));
    }
  }
  return files;
}

std::size_t unmapped_samples(hid_t dataset) {
  const h5::properties created(H5Dget_create_plist(dataset));
  if (!is_virtual(created.get())) return 0;
  const h5::dataspace whole(H5Dget_space(dataset));
  std::size_t count = 0;
  h5::check(H5Pget_virtual_count(created.get(), &count), "cannot count the sources of a dataset");
  hssize_t mapped = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const h5::dataspace part(H5Pget_virtual_vspace(created.get(), i));
    if (is_unlimited(part.get())) return 0;
    mapped += H5Sget_select_npoints(part.get());
  }
  const hssize_t all = H5Sget_simple_extent_npoints(whole.get());
  return mapped < all ? static_cast<std::size_t>(all - mapped) : 0;
}

}  // namespace weir::io

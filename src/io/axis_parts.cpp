#include "axis_parts.hpp"

namespace weir::io {

axis_parts siblings_of(hid_t file, const recording& what) {
  axis_parts found{.of_samples = {}, .of_channels = {}, .is_guess = true};
  if (what.channels == what.samples) return found;
  const std::string folder = h5::parent_of(what.dataset);
  const h5::group group(h5::check(H5Gopen2(file, folder.c_str(), H5P_DEFAULT), "cannot open " + folder));
  for (const std::string& name : h5::links_of(group.get())) {
    const std::string path = folder == "/" ? '/' + name : folder + '/' + name;
    if (path == what.dataset || !h5::exists(file, path)) continue;
    const h5::dataset dataset(H5Dopen2(file, path.c_str(), H5P_DEFAULT));
    if (!dataset) continue;
    const std::vector<hsize_t> extents = h5::extents_of(dataset.get());
    if (extents.size() != 1) continue;
    if (extents.front() == what.samples) found.of_samples.push_back(path);
    if (extents.front() == what.channels) found.of_channels.push_back(path);
  }
  return found;
}

}  // namespace weir::io

#include <climits>
#include <optional>

#include <sys/stat.h>

#include <weir/io/files.hpp>
#include <weir/io/source_files.hpp>

#include "hdf5.hpp"
#include "source_places.hpp"

namespace weir::io {

namespace {

/// The path by which HDF5 opened the file that an object lies in: another one's, behind an external link.
std::string holder_of(hid_t object) {
  std::string name(PATH_MAX, '\0');
  const ssize_t length = H5Fget_name(object, name.data(), name.size());
  if (length <= 0 || static_cast<std::size_t>(length) >= name.size()) return {};
  name.resize(static_cast<std::size_t>(length));
  return name;
}

std::optional<std::pair<dev_t, ino_t>> number_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return std::pair(status.st_dev, status.st_ino);
}

/// Follows a dataset to all that its samples lie in. Virtual datasets may join one another in a circle, so
/// each is looked at once.
class collection {
 public:
  void add(hid_t file, const std::string& path, const std::string& name) {
    const h5::dataset dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT));
    if (!dataset) return;
    const std::string opened = holder_of(dataset.get());
    const std::string holder = opened.empty() ? path : opened;
    if (!seen_.emplace(holder, h5::path_of(dataset.get())).second) return;
    files_.push_back(holder);
    const h5::properties created(H5Dget_create_plist(dataset.get()));
    for (std::string& raw : external_files(created.get(), holder)) files_.push_back(std::move(raw));
    if (!is_virtual(created.get())) return;
    const h5::file own(H5Iget_file_id(dataset.get()));
    add_parts(created.get(), own.get(), holder);
  }

  std::vector<std::string> take() { return std::move(files_); }
  void add_file(const std::string& path) { files_.push_back(path); }

 private:
  void add_parts(hid_t created, hid_t own_file, const std::string& holder) {
    std::set<std::pair<std::string, std::string>> known;
    for (const virtual_part& part : virtual_parts(created)) {
      if (!known.emplace(part.file, part.dataset).second) continue;
      const std::string name = plain_name(part.dataset);
      if (part.file == ".") {
        add(own_file, holder, name);
        continue;
      }
      const std::optional<std::string> found = find_source(plain_name(part.file), holder);
      if (!found) continue;
      files_.push_back(*found);
      if (const h5::file file(H5Fopen(found->c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)); file) {
        add(file.get(), *found, name);
      }
    }
  }

  std::set<std::pair<std::string, std::string>> seen_;
  std::vector<std::string> files_;
};

}  // namespace

std::vector<std::string> sample_files(const recording& input) {
  const h5::silence quiet;
  collection all;
  for (const std::string& path : file_paths(input)) {
    all.add_file(path);
    const h5::file file = h5::open_for_reading(path);
    all.add(file.get(), path, input.dataset);
  }
  return all.take();
}

void file_set::add(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (const auto number = number_of(path)) files_.insert(*number);
  }
}

bool file_set::has(const std::string& path) const {
  const auto number = number_of(path);
  return number && files_.contains(*number);
}

bool is_part_of(const recording& input, const std::string& path) {
  return number_of(path) && file_set(sample_files(input)).has(path);
}

}  // namespace weir::io

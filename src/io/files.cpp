#include <algorithm>
#include <utility>

#include <weir/io/files.hpp>

namespace weir::io {

std::vector<std::string> file_paths(const recording& what) {
  if (what.files.empty()) return {what.path};
  std::vector<std::string> paths;
  for (const recording_file& file : what.files) paths.push_back(file.path);
  return paths;
}

file_descriptions::file_descriptions(recording what) : whole_(std::move(what)) {
  std::vector<recording_file> files = std::exchange(whole_.files, {});
  one_ = whole_;
  whole_.files = std::move(files);
}

index_range file_descriptions::samples(std::size_t i) const {
  return whole_.files.empty() ? index_range{0, whole_.samples} : whole_.files[i].samples;
}

std::size_t file_descriptions::holder_of(std::size_t sample) const {
  const auto behind = std::ranges::upper_bound(whole_.files, sample, {},
                                               [](const recording_file& file) { return file.samples.begin; });
  return behind == whole_.files.begin() ? 0 : static_cast<std::size_t>(behind - whole_.files.begin()) - 1;
}

const recording& file_descriptions::operator[](std::size_t i) {
  if (whole_.files.empty()) return one_;
  const recording_file& file = whole_.files[i];
  one_.path = file.path;
  one_.samples = file.samples.size();
  one_.store = file.store;
  one_.file_bytes = file.file_bytes;
  one_.modified_ns = file.modified_ns;
  one_.start_ns = file.start_ns;
  return one_;
}

}  // namespace weir::io

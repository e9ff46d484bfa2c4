#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include <weir/io/node_file.hpp>
#include <weir/io/output.hpp>

#include "attributes.hpp"
#include "hdf5.hpp"
#include "layouts.hpp"
#include "part_file.hpp"
#include "samples.hpp"

namespace weir::io {

namespace {

namespace fs = std::filesystem;

/// A group, a few attributes, and HDF5's own bookkeeping.
constexpr std::uint64_t metadata_margin_bytes = std::uint64_t{1} << 20;

constexpr std::string_view node_ending = ".h5";

/// No two outputs have files of one name: for any other ending than the usual one all of the name stays, and
/// a hyphen where else the ending's dot would be keeps `rec.nwb` and `rec.nwb.h5` apart.
std::string node_prefix(const std::string& final_path) {
  const fs::path path(final_path);
  if (path.extension() != node_ending) return final_path + "-node-";
  return (path.parent_path() / path.stem()).string() + ".node-";
}

/// The number in the name of a file beside the output, if that is the name of one of its own.
std::optional<std::uint64_t> number_in(const std::string& file_name, const std::string& final_path) {
  const std::string prefix = fs::path(node_prefix(final_path)).filename().string();
  if (!file_name.starts_with(prefix)) return std::nullopt;
  std::uint64_t number = 0;
  std::from_chars(file_name.data() + prefix.size(), file_name.data() + file_name.size(), number);
  const bool is_own = fs::path(node_path(final_path, number)).filename() == file_name;
  return is_own ? std::optional(number) : std::nullopt;
}

void describe_contents(hid_t dataset, const recording& part, index_range channels, index_range samples) {
  if (part.dimensions == 2) {
    const bool time_first = part.axis == time_axis::first;
    h5::set_attribute(dataset, "DIMENSION_LABELS",
                      time_first ? std::vector<std::string>{"time", "channel"}
                                 : std::vector<std::string>{"channel", "time"});
  }
  if (part.sampling_rate) h5::set_attribute(dataset, "sampling_rate", *part.sampling_rate);
  h5::set_attribute(dataset, "first_channel", static_cast<std::int64_t>(channels.begin));
  h5::set_attribute(dataset, "first_sample", static_cast<std::int64_t>(samples.begin));
}

/// Whether a run that was killed gave the file its final name already: it is there, and its `.part` is not.
bool is_node_finished(const std::string& final_path, std::uint64_t number) {
  const std::string node = node_path(final_path, number);
  return !fs::exists(part_path(node)) && fs::exists(node);
}

}  // namespace

std::string node_path(const std::string& final_path, std::uint64_t number) {
  return fmt::format("{}{:04}{}", node_prefix(final_path), number, node_ending);
}

recording create_node_part(const recording& source, const recording& like, const std::string& final_path,
                           std::uint64_t number, index_range channels, index_range samples, bool overwrite,
                           bool replace_part) {
  const h5::silence quiet;
  const std::string node = node_path(final_path, number);
  recording part = like;
  part.files.clear();
  part.dataset = node_dataset;
  part.layout = "generic";
  part.channels = channels.size();
  part.samples = samples.size();
  part.path = create_part(node, &source, overwrite, replace_part);
  remove_on_failure guard(part.path);
  const std::uint64_t needed = (part.store.filtered ? 0 : placed_bytes(part)) + metadata_margin_bytes;
  require_room(part.path, needed);
  reserve(part.path, 0, needed);
  const std::string what = fmt::format("cannot create '{}'", part.path);
  {
    const h5::file file(
        h5::check(H5Fcreate(part.path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access_for(part).get()), what,
                  exit_code::cannot_create));
    const h5::file input = h5::open_for_reading(source.path);
    const h5::dataset like_dataset(H5Dopen2(input.get(), source.dataset.c_str(), H5P_DEFAULT));
    const h5::dataset dataset = create_samples(file.get(), part, like_dataset.get());
    h5::check(H5Olink(dataset.get(), file.get(), node_dataset, H5P_DEFAULT, H5P_DEFAULT), what,
              exit_code::cannot_create);
    describe_contents(dataset.get(), part, channels, samples);
    h5::check(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), what, exit_code::cannot_create);
    if (part.store.filtered) {
      part.store.fill = fill_of(dataset.get(), part.type);
    } else {
      part.store.where = placement_of(dataset.get(), part);
    }
  }
  if (const auto& where = part.store.where) reserve(part.path, where->first_byte, placed_bytes(part));
  part.file_bytes = fs::file_size(part.path);
  guard.keep();
  return part;
}

void finish_node_part(const std::string& final_path, std::uint64_t number, bool overwrite) {
  if (is_node_finished(final_path, number)) return;
  const std::string node = node_path(final_path, number);
  constexpr bool durable = true;  // as is what the output says of it
  rename_to_final(part_path(node), node, overwrite, durable);
}

void sync_node_part(const std::string& final_path, std::uint64_t number) {
  if (!is_node_finished(final_path, number)) sync_file(part_path(node_path(final_path, number)));
}

void discard_node_part(const std::string& final_path, std::uint64_t number) noexcept {
  try {
    remove_quietly(part_path(node_path(final_path, number)));
  } catch (...) {
    // Out of memory for a name: the file stays, and the next run says so.
  }
}

std::vector<std::string> node_files_of(const std::string& path) {
  const std::optional<std::string> count = provenance_text(path, node_count_attribute);
  std::vector<std::string> files;
  if (!count) return files;
  const std::uint64_t end = std::strtoull(count->c_str(), nullptr, 10);
  // Numbers may be left out: those of files that an interrupted run began and wrote nothing to.
  const fs::path folder = fs::path(path).parent_path();
  std::error_code fault;
  for (fs::directory_iterator entry(folder.empty() ? "." : folder, fault), last; !fault && entry != last;
       entry.increment(fault)) {
    const auto number = number_in(entry->path().filename().string(), path);
    if (number && *number < end) files.push_back(node_path(path, *number));
  }
  std::ranges::sort(files);
  return files;
}

void remove_output(const std::string& path) noexcept {
  remove_quietly(path);
}

}  // namespace weir::io

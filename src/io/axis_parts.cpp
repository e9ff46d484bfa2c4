#include "axis_parts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "attributes.hpp"
#include "time_text.hpp"

namespace weir::io {

namespace {

/// Entries are copied this many bytes at a time, but for one at least.
constexpr std::size_t transfer_bytes = std::size_t{16} << 20;

h5::dataspace entries_of(hid_t dataset, index_range entries) {
  h5::dataspace space(h5::check(H5Dget_space(dataset), "cannot read a shape"));
  std::vector<hsize_t> count = h5::extents_of(dataset);
  std::vector<hsize_t> begin(count.size(), 0);
  begin.front() = entries.begin;
  count.front() = entries.size();
  h5::check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, begin.data(), nullptr, count.data(), nullptr),
            "cannot select entries");
  return space;
}

/// As the source is stored, with chunks that are not longer than the dataset.
h5::properties creation_like(hid_t source, const std::vector<hsize_t>& extents) {
  h5::properties created(h5::check(H5Dget_create_plist(source), "cannot read how a dataset is stored"));
  H5Pset_obj_track_times(created.get(), false);
  if (H5Pget_layout(created.get()) != H5D_CHUNKED) {
    h5::properties plain = h5::make_properties(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(plain.get(), false);
    return plain;
  }
  std::vector<hsize_t> chunk(extents.size());
  H5Pget_chunk(created.get(), static_cast<int>(chunk.size()), chunk.data());
  chunk.front() = std::min(chunk.front(), extents.front());
  H5Pset_chunk(created.get(), static_cast<int>(chunk.size()), chunk.data());
  return created;
}

/// Consecutive entries, and where they go.
struct entry_run {
  index_range from;
  std::size_t to = 0;
};

std::vector<entry_run> runs_of(const derivation& how, bool by_channel) {
  if (!by_channel) return {{*how.samples, 0}};
  std::vector<entry_run> runs;
  for (std::size_t i = 0; i < how.channels.size(); ++i) {
    const std::size_t channel = how.channels[i];
    if (runs.empty() || runs.back().from.end != channel) runs.push_back({{channel, channel}, i});
    runs.back().from.end = channel + 1;
  }
  return runs;
}

}  // namespace

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

h5::dataset copy_entries(hid_t source, hid_t target_file, const derivation& how, bool by_channel) {
  const std::string path = h5::path_of(source);
  const std::string what = fmt::format("cannot copy the selected entries of {}", path);
  std::vector<hsize_t> extents = h5::extents_of(source);
  std::size_t values_an_entry = 1;
  for (std::size_t i = 1; i < extents.size(); ++i) values_an_entry *= extents[i];
  extents.front() = by_channel ? how.channels.size() : how.samples->size();
  const h5::datatype stored(H5Dget_type(source));
  const h5::datatype memory(H5Tcopy(stored.get()));
  const h5::dataspace space(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr));
  const h5::properties created = creation_like(source, extents);
  h5::dataset made(
      h5::check(H5Dcreate_anon(target_file, stored.get(), space.get(), created.get(), H5P_DEFAULT), what));
  const std::size_t entry_bytes = std::max<std::size_t>(1, values_an_entry * H5Tget_size(memory.get()));
  const std::size_t most = std::max<std::size_t>(1, transfer_bytes / entry_bytes);
  std::vector<std::byte> values;
  for (const entry_run& run : runs_of(how, by_channel)) {
    for (std::size_t at = run.from.begin; at < run.from.end; at += most) {
      const std::size_t count = std::min(most, run.from.end - at);
      const std::size_t to = run.to + (at - run.from.begin);
      values.resize(count * entry_bytes);
      const hsize_t points = count * values_an_entry;
      const h5::dataspace in_memory(H5Screate_simple(1, &points, nullptr));
      const h5::dataspace from = entries_of(source, {at, at + count});
      const h5::dataspace into = entries_of(made.get(), {to, to + count});
      h5::check(H5Dread(source, memory.get(), in_memory.get(), from.get(), H5P_DEFAULT, values.data()), what);
      h5::check(H5Dwrite(made.get(), memory.get(), in_memory.get(), into.get(), H5P_DEFAULT, values.data()),
                what);
      H5Dvlen_reclaim(memory.get(), in_memory.get(), H5P_DEFAULT, values.data());
    }
  }
  return made;
}

void move_time(hid_t object, const std::string& name, double seconds) {
  const std::optional<std::string> text = h5::text_attribute(object, name);
  const std::optional<std::int64_t> step = nanoseconds(seconds);
  if (!text || !step) return;
  const std::optional<std::int64_t> before = parse_time(*text);
  if (!before) return;
  // A zone stands behind the time of day, and only there may a sign be.
  const std::size_t clock = text->find(':');
  const std::size_t zone = clock == std::string::npos ? clock : text->find_first_of("Z+-", clock);
  const std::string suffix = zone == std::string::npos ? "" : text->substr(zone);
  const std::int64_t local = parse_time(text->substr(0, zone)).value_or(*before);
  std::string moved = time_text(local + *step);
  moved.pop_back();
  h5::set_attribute(object, name, moved + suffix);
}

}  // namespace weir::io

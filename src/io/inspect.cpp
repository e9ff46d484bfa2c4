#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <weir/io/inspect.hpp>

#include "layouts.hpp"
#include "stored.hpp"
#include "time_text.hpp"
#include "virtual_sources.hpp"

namespace weir::io {

namespace {

struct chosen_dataset {
  const layout* by = nullptr;
  std::string path;
};

const layout& recognise(hid_t file, recording& what) {
  for (const layout& row : layouts()) {
    if (std::optional<std::string> why = row.recognise(file)) {
      what.reasons.push_back(std::move(*why));
      return row;
    }
  }
  throw error(exit_code::internal, "the generic layout did not recognise a file");
}

/// The dataset that the user names, or the one recording in the group that the user names.
chosen_dataset named_dataset(hid_t file, const layout& of_file, const std::string& said, recording& what) {
  std::string path = said.starts_with('/') ? said : '/' + said;
  if (!h5::exists(file, path)) {
    const std::vector<std::string> there = of_file.candidates(file);
    throw error(exit_code::bad_data,
                fmt::format("'{}' has no dataset {}; {}", what.path, path,
                            there.empty() ? "'h5ls -r' lists what it has"
                                          : fmt::format("name one of these: {}", fmt::join(there, ", "))));
  }
  for (const std::string& candidate : of_file.candidates(file)) {
    if (h5::parent_of(candidate) == path) path = candidate;
  }
  what.reasons.push_back(fmt::format("dataset {}: as given", path));
  return {of_file.knows(file, path) ? &of_file : &generic_layout, path};
}

chosen_dataset only_dataset(hid_t file, const layout& of_file, recording& what) {
  const std::vector<std::string> found = of_file.candidates(file);
  if (found.empty()) {
    throw error(
        exit_code::bad_data,
        fmt::format("'{}' (layout {}) has no dataset that looks like a recording; name one with --dataset "
                    "('h5ls -r' lists what it has)",
                    what.path, of_file.name));
  }
  if (found.size() > 1) {
    throw error(exit_code::bad_data,
                fmt::format("'{}' has {} datasets that could be the recording; name one with --dataset: {}",
                            what.path, found.size(), fmt::join(found, ", ")));
  }
  what.reasons.push_back(fmt::format("dataset {}: the only one that fits", found.front()));
  return {&of_file, found.front()};
}

h5::dataset open_dataset(hid_t file, const recording& what) {
  h5::dataset opened(H5Dopen2(file, what.dataset.c_str(), H5P_DEFAULT));
  if (!opened) {
    throw error(exit_code::bad_data,
                fmt::format("{} in '{}' is no dataset that opens ({}); 'h5ls -r' lists them", what.dataset,
                            what.path, h5::last_error()));
  }
  return opened;
}

void take_type(hid_t dataset, recording& what) {
  const h5::datatype stored(H5Dget_type(dataset));
  const std::optional<sample_type> type = sample_type_from(stored.get());
  if (!type) {
    throw error(exit_code::bad_data,
                fmt::format("{} in '{}' holds {}; weir filters int16, uint16, int32, float32 and "
                            "float64: convert it first, or name another with --dataset",
                            what.dataset, what.path, h5::describe_type(stored.get())));
  }
  what.type = *type;
}

std::vector<hsize_t> take_extents(hid_t dataset, recording& what) {
  std::vector<hsize_t> extents = h5::extents_of(dataset);
  if (extents.empty() || extents.size() > 2) {
    throw error(
        exit_code::bad_data,
        fmt::format("{} in '{}' has {} dimensions; a recording has one or two: name another with --dataset",
                    what.dataset, what.path, extents.size()));
  }
  for (const hsize_t extent : extents) {
    if (extent == 0) {
      throw error(exit_code::bad_data,
                  fmt::format("{} in '{}' is empty (shape {}); there is nothing to filter", what.dataset,
                              what.path, fmt::join(extents, " x ")));
    }
  }
  what.dimensions = static_cast<int>(extents.size());
  return extents;
}

time_axis longer_axis(const std::vector<hsize_t>& extents, recording& what) {
  if (extents[0] == extents[1]) {
    what.warnings.push_back(
        fmt::format("{} is square ({} x {}): its rows are taken for channels; --time-axis 0 says "
                    "otherwise",
                    what.dataset, extents[0], extents[1]));
    return time_axis::last;
  }
  const time_axis longer = extents[0] > extents[1] ? time_axis::first : time_axis::last;
  what.reasons.push_back(fmt::format("time axis {}: the longer one of {} x {}",
                                     longer == time_axis::first ? 0 : 1, extents[0], extents[1]));
  return longer;
}

void take_axis(const std::vector<hsize_t>& extents, std::optional<time_axis> of_layout,
               std::optional<time_axis> said, recording& what) {
  if (what.dimensions == 1) {
    what.axis = time_axis::last;
    what.channels = 1;
    what.samples = extents[0];
    what.reasons.emplace_back("one channel: the dataset has one dimension");
    if (said) what.warnings.emplace_back("--time-axis says nothing here: the dataset has one dimension");
    return;
  }
  if (said) {
    what.axis = *said;
    what.reasons.push_back(fmt::format("time axis {}: as given", *said == time_axis::first ? 0 : 1));
  } else {
    what.axis = of_layout ? *of_layout : longer_axis(extents, what);
  }
  what.samples = extents[what.axis == time_axis::first ? 0 : 1];
  what.channels = extents[what.axis == time_axis::first ? 1 : 0];
}

void take_rate(std::optional<double> said, recording& what) {
  if (what.sampling_rate && !(*what.sampling_rate > 0.0 && std::isfinite(*what.sampling_rate))) {
    if (!said) {
      what.warnings.push_back(
          fmt::format("the file's sampling rate of {} Hz cannot be and is not used", *what.sampling_rate));
    }
    what.sampling_rate.reset();
  }
  if (!said) return;
  what.reasons.push_back(fmt::format("sampling rate {} Hz: as given", *said));
  what.rate_is_said = what.sampling_rate != said;
  if (what.rate_is_said) what.rate_of_file = std::exchange(what.sampling_rate, said);
}

/// What is computed with must be a number.
void take_values(recording& what) {
  if (!std::isfinite(what.scale) || what.scale == 0.0) {
    what.warnings.push_back(
        fmt::format("the file's scale of {} cannot be and is not used: values are as stored", what.scale));
    what.scale = 1.0;
  }
  for (const auto& [number, name] :
       {std::pair(&what.offset, "offset"), std::pair(&what.start_offset, "start")}) {
    if (std::isfinite(*number)) continue;
    what.warnings.push_back(fmt::format("the file's {} of {} cannot be and is taken for 0", name, *number));
    *number = 0.0;
  }
}

std::int64_t modified_ns(const struct stat& status) {
  return status.st_mtim.tv_sec * nanoseconds_a_second + status.st_mtim.tv_nsec;
}

/// Layouts whose time is a text leave it to be understood here.
void take_start(recording& what) {
  if (what.start_ns || !what.start_time) return;
  const std::optional<std::int64_t> start = parse_time(*what.start_time);
  const std::optional<std::int64_t> offset = nanoseconds(what.start_offset);
  if (start && offset) what.start_ns = *start + *offset;
}

void take_file_identity(recording& what) {
  struct stat status {};
  if (::stat(what.path.c_str(), &status) != 0) {
    throw error(exit_code::no_input, fmt::format("cannot read '{}': {}", what.path, std::strerror(errno)));
  }
  what.file_bytes = static_cast<std::uint64_t>(status.st_size);
  what.modified_ns = modified_ns(status);
}

/// What a virtual dataset is joined of. The newest of all files says when the recording was changed.
void take_sources(hid_t dataset, recording& what) {
  for (const std::string& source : virtual_sources(dataset, what.path, what.dataset)) {
    struct stat status {};
    if (::stat(source.c_str(), &status) == 0)
      what.modified_ns = std::max(what.modified_ns, modified_ns(status));
  }
  if (const std::size_t samples = unmapped_samples(dataset); samples > 0) {
    what.warnings.push_back(
        fmt::format("{} is a virtual dataset of which {} samples are in no file: they read as its fill value",
                    what.dataset, samples));
  }
}

void require_sensible(const overrides& said) {
  if (said.sampling_rate && !(*said.sampling_rate > 0.0 && std::isfinite(*said.sampling_rate))) {
    throw error(
        exit_code::usage,
        fmt::format("a sampling rate of {} Hz cannot be; give --fs a positive number", *said.sampling_rate));
  }
  if (said.dataset && said.dataset->empty()) {
    throw error(exit_code::usage, "--dataset is empty; give it the path of a dataset in the file");
  }
}

}  // namespace

recording inspect(const std::string& path, const overrides& said) {
  require_sensible(said);
  const h5::silence quiet;
  recording what;
  what.path = path;
  const h5::file file = h5::open_for_reading(path);
  take_file_identity(what);

  const layout& of_file = recognise(file.get(), what);
  const chosen_dataset chosen = said.dataset ? named_dataset(file.get(), of_file, *said.dataset, what)
                                             : only_dataset(file.get(), of_file, what);
  what.layout = chosen.by->name;
  what.dataset = chosen.path;
  const h5::dataset dataset = open_dataset(file.get(), what);
  take_type(dataset.get(), what);
  const std::vector<hsize_t> extents = take_extents(dataset.get(), what);

  const std::optional<time_axis> of_layout = chosen.by->describe(file.get(), dataset.get(), what);
  take_axis(extents, of_layout, said.axis, what);
  take_rate(said.sampling_rate, what);
  take_values(what);
  take_start(what);
  what.store = storage_of(dataset.get(), what);
  take_sources(dataset.get(), what);
  return what;
}

}  // namespace weir::io

#include "provenance.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <weir/io/json_text.hpp>

#include "attributes.hpp"
#include "descriptor.hpp"
#include "layouts.hpp"

namespace weir::io {

namespace {

constexpr const char* results_name = "results";
constexpr std::size_t results_bytes = 1024;

h5::group open_provenance(hid_t file) {
  return h5::group(
      h5::check(H5Gopen2(file, provenance_group.data(), H5P_DEFAULT), "cannot open /provenance"));
}

void set_from_json(hid_t group, const std::string& name, const nlohmann::json& value) {
  if (value.is_string()) {
    h5::set_attribute(group, name, value.get<std::string>());
  } else if (value.is_number_integer()) {
    h5::set_attribute(group, name, value.get<std::int64_t>());
  } else if (value.is_number()) {
    h5::set_attribute(group, name, value.get<double>());
  } else {
    h5::set_attribute(group, name, json_text(value));
  }
}

h5::dataset create_column(hid_t group, const char* name, hid_t type, hsize_t count) {
  const h5::dataspace space(H5Screate_simple(1, &count, nullptr));
  const h5::properties created = h5::make_properties(H5P_DATASET_CREATE);
  H5Pset_obj_track_times(created.get(), false);
  return h5::dataset(
      h5::check(H5Dcreate2(group, name, type, space.get(), H5P_DEFAULT, created.get(), H5P_DEFAULT),
                fmt::format("cannot create /provenance/{}", name)));
}

void write_taps(hid_t group, const std::vector<double>& taps) {
  const h5::dataset made = create_column(group, "taps", H5T_IEEE_F64LE, taps.size());
  h5::check(H5Dwrite(made.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, taps.data()),
            "cannot write /provenance/taps");
}

std::string absolute_path(const std::string& path) {
  std::error_code fault;
  const std::filesystem::path absolute = std::filesystem::absolute(path, fault);
  return fault ? path : absolute.string();
}

/// The files of a recording in several, and the sample of it at which each begins. Datasets: an attribute has
/// no room for thousands.
void write_files(hid_t group, const std::vector<recording_file>& files) {
  std::vector<std::string> paths;
  std::vector<std::uint64_t> begins;
  for (const recording_file& file : files) {
    paths.push_back(absolute_path(file.path));
    begins.push_back(file.samples.begin);
  }
  std::vector<const char*> pointers;
  for (const std::string& path : paths) pointers.push_back(path.c_str());
  const h5::datatype text = h5::text_type();
  const h5::dataset of_paths = create_column(group, "input_files", text.get(), files.size());
  h5::check(H5Dwrite(of_paths.get(), text.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()),
            "cannot write /provenance/input_files");
  const h5::dataset of_begins = create_column(group, "input_first_samples", H5T_STD_U64LE, files.size());
  h5::check(H5Dwrite(of_begins.get(), H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, begins.data()),
            "cannot write /provenance/input_first_samples");
}

/// Which of the input's channels the output has, in its order.
void write_channels(hid_t group, const std::vector<std::size_t>& channels) {
  const std::vector<std::uint64_t> numbers(channels.begin(), channels.end());
  const h5::dataset made = create_column(group, "channels", H5T_STD_U64LE, numbers.size());
  h5::check(H5Dwrite(made.get(), H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()),
            "cannot write /provenance/channels");
}

/// An empty text of fixed length whose place in the file is known from now on.
void reserve_results(hid_t group) {
  const h5::datatype text(H5Tcopy(H5T_C_S1));
  h5::check(H5Tset_size(text.get(), results_bytes), "cannot make room for the results");
  H5Tset_cset(text.get(), H5T_CSET_UTF8);
  H5Tset_strpad(text.get(), H5T_STR_NULLPAD);
  const h5::dataspace scalar(H5Screate(H5S_SCALAR));
  const h5::properties created = h5::make_properties(H5P_DATASET_CREATE);
  H5Pset_alloc_time(created.get(), H5D_ALLOC_TIME_EARLY);
  H5Pset_obj_track_times(created.get(), false);
  const h5::dataset made(h5::check(
      H5Dcreate2(group, results_name, text.get(), scalar.get(), H5P_DEFAULT, created.get(), H5P_DEFAULT),
      "cannot create /provenance/results"));
}

std::string utc(std::time_t seconds, const char* format) {
  std::tm fields{};
  ::gmtime_r(&seconds, &fields);
  std::array<char, 64> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), format, &fields);
  return {text.data(), length};
}

std::string hdf5_version() {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

}  // namespace

void create_provenance(hid_t file) {
  const h5::group made(
      h5::check(H5Gcreate2(file, provenance_group.data(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                "cannot create /provenance"));
}

void fill_provenance(hid_t file, const recording& source, const output_options& options) {
  const h5::group group = open_provenance(file);
  h5::set_attribute(group.get(), "hdf5_version", hdf5_version());
  if (!source.path.empty()) {
    h5::set_attribute(group.get(), "input_path", absolute_path(source.path));
    h5::set_attribute(group.get(), "input_dataset", source.dataset);
    h5::set_attribute(group.get(), "input_bytes", static_cast<std::int64_t>(source.file_bytes));
    h5::set_attribute(group.get(), "input_modified",
                      utc(source.modified_ns / 1'000'000'000, "%Y-%m-%dT%H:%M:%SZ"));
  }
  for (const auto& [name, value] : options.provenance.items()) set_from_json(group.get(), name, value);
  if (!source.files.empty()) write_files(group.get(), source.files);
  if (!options.from_source.channels.empty()) write_channels(group.get(), options.from_source.channels);
  if (options.from_source.samples) {
    h5::set_attribute(group.get(), "first_sample",
                      static_cast<std::int64_t>(options.from_source.samples->begin));
  }
  if (!options.taps.empty()) write_taps(group.get(), options.taps);
  reserve_results(group.get());
}

void write_results(const std::string& path, const nlohmann::json& results) {
  const std::string text = json_text(results);
  if (text.size() > results_bytes) {
    throw error(exit_code::internal,
                fmt::format("results of {} bytes have no room in '{}'", text.size(), path));
  }
  std::uint64_t place = 0;
  {
    const h5::file file = h5::open_for_reading(path);
    const h5::dataset reserved(
        h5::check(H5Dopen2(open_provenance(file.get()).get(), results_name, H5P_DEFAULT),
                  "cannot open /provenance/results"));
    place = H5Dget_offset(reserved.get());
  }
  const descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file || ::pwrite(file.get(), text.data(), text.size(), static_cast<off_t>(place)) !=
                   static_cast<ssize_t>(text.size())) {
    throw error(exit_code::io_error,
                fmt::format("cannot write the results to '{}': {}", path, std::strerror(errno)));
  }
}

void prepend_history(hid_t file, const std::string& command_line) {
  if (command_line.empty()) return;
  const h5::object root(h5::check(H5Oopen(file, "/", H5P_DEFAULT), "cannot open the root group"));
  std::string history = fmt::format("{}: {}", utc(std::time(nullptr), "%a %b %e %H:%M:%S %Y"), command_line);
  const std::vector<std::string> before = h5::texts_attribute(root.get(), "history");
  if (!before.empty()) history += fmt::format("\n{}", fmt::join(before, "\n"));
  h5::set_attribute(root.get(), "history", history);
}

}  // namespace weir::io

#include "layout_common.hpp"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "attributes.hpp"
#include "moved_time.hpp"
#include "spacing.hpp"
#include "time_text.hpp"

namespace weir::io {

namespace {

h5::dataset open_number(hid_t file, const std::string& path) {
  if (!h5::exists(file, path)) return {};
  h5::dataset found(H5Dopen2(file, path.c_str(), H5P_DEFAULT));
  if (!found) return {};
  const h5::datatype type(H5Dget_type(found.get()));
  const H5T_class_t kind = H5Tget_class(type.get());
  const h5::dataspace space(H5Dget_space(found.get()));
  const bool is_number = kind == H5T_INTEGER || kind == H5T_FLOAT;
  return is_number && H5Sget_simple_extent_npoints(space.get()) == 1 ? std::move(found) : h5::dataset();
}

/// The first of whole numbers of nanoseconds, all digits of it: a double has too few for the time since 1970.
std::optional<std::int64_t> first_nanosecond(hid_t times, double a_second) {
  const h5::datatype type(H5Dget_type(times));
  if (H5Tget_class(type.get()) != H5T_INTEGER || a_second != static_cast<double>(nanoseconds_a_second)) {
    return std::nullopt;
  }
  const hsize_t begin = 0;
  const hsize_t count = 1;
  const h5::dataspace in_file(H5Dget_space(times));
  const h5::dataspace in_memory(H5Screate_simple(1, &count, nullptr));
  std::int64_t first = 0;
  H5Sselect_hyperslab(in_file.get(), H5S_SELECT_SET, &begin, nullptr, &count, nullptr);
  h5::check(H5Dread(times, H5T_NATIVE_INT64, in_memory.get(), in_file.get(), H5P_DEFAULT, &first),
            "cannot read times");
  return first;
}

}  // namespace

std::optional<double> number_at(hid_t file, const std::string& path) {
  const h5::dataset found = open_number(file, path);
  double value = 0;
  if (!found || H5Dread(found.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value) < 0) {
    return std::nullopt;
  }
  return value;
}

void set_number_at(hid_t file, const std::string& path, double number) {
  h5::dataset found = open_number(file, path);
  if (!found) return;
  const h5::datatype type(H5Dget_type(found.get()));
  if (H5Tget_class(type.get()) == H5T_INTEGER && number != std::trunc(number)) {
    const h5::dataspace space(H5Dget_space(found.get()));
    h5::check(H5Ldelete(file, path.c_str(), H5P_DEFAULT), "cannot change " + path);
    found = h5::dataset(h5::check(
        H5Dcreate2(file, path.c_str(), H5T_IEEE_F64LE, space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
        "cannot change " + path));
  }
  h5::check(H5Dwrite(found.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &number),
            "cannot write " + path);
}

void move_time_at(hid_t file, const std::string& path, double seconds) {
  const std::optional<std::string> text = h5::text_dataset(file, path);
  if (!text) return;
  const std::string moved = moved_time(*text, seconds);
  const h5::datatype type = h5::text_type();
  const char* const pointer = moved.c_str();
  const std::string what = "cannot change " + path;
  h5::check(H5Ldelete(file, path.c_str(), H5P_DEFAULT), what);
  const h5::dataspace scalar(H5Screate(H5S_SCALAR));
  const h5::dataset made(h5::check(
      H5Dcreate2(file, path.c_str(), type.get(), scalar.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), what));
  h5::check(H5Dwrite(made.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &pointer), what);
}

void change_count(hid_t object, const std::string& name, const recording& before, const recording& after) {
  const auto samples = static_cast<double>(before.samples);
  const auto channels = static_cast<double>(after.channels);
  const auto now = static_cast<double>(after.samples);
  const std::optional<double> count = h5::number_attribute(object, name);
  if (count == samples) h5::rewrite_attribute(object, name, now);
  if (count == samples * channels && channels > 1) h5::rewrite_attribute(object, name, now * channels);
}

std::optional<double> seconds_cut(const recording& source, const derivation& how) {
  if (!how.samples || !source.sampling_rate) return std::nullopt;
  return how.begins_at() / *source.sampling_rate;
}

void take_rate_of_interval(recording& what, std::optional<double> interval, std::string_view source) {
  constexpr double float32_rounding = 1e-6;
  if (!interval || !(*interval > 0)) return;
  double rate = 1 / *interval;
  const double whole = std::round(rate);
  if (whole >= 1 && std::abs(rate / whole - 1) < float32_rounding) rate = whole;
  what.sampling_rate = rate;
  what.reasons.push_back(fmt::format("sampling rate {:.10g} Hz: from {}", rate, source));
}

void take_times(hid_t file, const std::string& path, double a_second, recording& what) {
  if (!h5::exists(file, path)) return;
  const h5::dataset times(H5Dopen2(file, path.c_str(), H5P_DEFAULT));
  if (!times || h5::extents_of(times.get()).size() != 1 || h5::extents_of(times.get())[0] < 2) return;
  const spacing found = measure_spacing(times.get());
  what.start_ns = first_nanosecond(times.get(), a_second);
  if (!what.start_ns) what.start_ns = nanoseconds(found.first / a_second);
  if (what.start_ns) what.start_time = time_text(*what.start_ns);
  if (!(found.interval > 0)) {
    what.warnings.push_back(fmt::format(
        "{} does not end later than it begins, as where a writer was stopped: it says no sampling rate",
        path));
    return;
  }
  take_rate_of_interval(what, found.interval / a_second, path);
  if (!(found.worst <= even_tolerance)) {
    what.warnings.push_back(fmt::format(
        "{} is not evenly spaced (sample {} is {:.3g} intervals off): the recording has gaps or its clock "
        "jitters, and a filter takes the samples as evenly spaced",
        path, found.worst_index, found.worst));
  }
}

void tell_spacing(recording& what, std::optional<double> metres, std::string_view source) {
  if (metres) what.reasons.push_back(fmt::format("channels {:.6g} m apart: {}", *metres, source));
}

void warn_of_channels(const recording& source, const derivation& how, std::vector<std::string>& warnings) {
  if (how.channels.empty()) return;
  warnings.push_back(fmt::format(
      "the output's attributes of the layout {} still tell of all channels; /provenance tells which "
      "were chosen",
      source.layout));
}

}  // namespace weir::io

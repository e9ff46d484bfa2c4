#include <cmath>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include <weir/io/recording_start.hpp>

#include "attributes.hpp"
#include "hdf5.hpp"
#include "moved_time.hpp"

namespace weir::io {
namespace {

constexpr const char* provenance = "/provenance";

/// The sample of `source` with which `made` begins, if it says that it was made of it.
std::optional<double> first_sample(const recording& source, const recording& made) {
  const h5::silence quiet;
  const h5::file file = h5::open_for_reading(made.path);
  if (!h5::exists(file.get(), provenance)) return std::nullopt;
  const h5::object group(H5Oopen(file.get(), provenance, H5P_DEFAULT));
  if (!group) return std::nullopt;
  const auto path = h5::text_attribute(group.get(), "input_path");
  std::error_code fault;
  if (!path || !std::filesystem::equivalent(*path, source.path, fault)) return std::nullopt;
  if (h5::text_attribute(group.get(), "input_dataset") != source.dataset) return std::nullopt;
  return h5::number_attribute(group.get(), "first_sample").value_or(0);
}

}  // namespace

std::optional<std::string> start_text(const recording& what) {
  if (!what.start_time || what.start_offset == 0) return what.start_time;
  std::string moved = moved_time(*what.start_time, what.start_offset);
  if (moved != *what.start_time) return moved;
  // A text that is no time that weir knows.
  return fmt::format("{} + {:.10g} s", *what.start_time, what.start_offset);
}

std::optional<double> begins_after(const recording& other, const recording& one) {
  if (one.start_ns && other.start_ns) {
    constexpr double nanosecond = 1e-9;
    return static_cast<double>(*one.start_ns - *other.start_ns) * nanosecond;
  }
  const std::optional<double> first = first_sample(other, one);
  if (!first) return std::nullopt;
  const double rate = one.sampling_rate.value_or(1);
  const double samples = *first * rate / other.sampling_rate.value_or(1);
  // Where the rate changes, the first sample is not the first chosen one but the next on the new grid.
  constexpr double rounding = 1e-9;
  return std::ceil(samples * (1 - rounding)) / rate;
}

}  // namespace weir::io

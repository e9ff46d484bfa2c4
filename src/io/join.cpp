#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/io/join.hpp>

#include "time_text.hpp"

namespace weir::io {

namespace {

constexpr std::size_t most_listed = 10;

std::string rate_text(const recording& file) {
  return file.sampling_rate ? fmt::format("{:.10g} Hz", *file.sampling_rate) : "none";
}

/// Rates that were measured differ in their last digits; they are the same where they tell no sample of the
/// longer file apart, and would not be stated as two.
bool is_same_rate(const recording& a, const recording& b) {
  constexpr double most_of_measuring = 1e-4;
  if (!a.sampling_rate || !b.sampling_rate) return a.sampling_rate == b.sampling_rate;
  const double samples = static_cast<double>(std::max(a.samples, b.samples));
  const double apart = std::abs(*a.sampling_rate / *b.sampling_rate - 1);
  return apart < most_of_measuring && apart * samples < usual_gap_tolerance;
}

struct trait {
  std::string_view name;
  std::string (*of)(const recording&);
};

/// What files of one recording have in common, as a person reads it.
constexpr trait traits[] = {
    {"layout", [](const recording& file) { return file.layout; }},
    {"dataset", [](const recording& file) { return file.dataset; }},
    {"number of channels", [](const recording& file) { return fmt::format("{}", file.channels); }},
    {"sample type", [](const recording& file) { return std::string(name_of(file.type)); }},
    {"time axis",
     [](const recording& file) { return std::string(file.axis == time_axis::first ? "0" : "1"); }},
    {"number of dimensions", [](const recording& file) { return fmt::format("{}", file.dimensions); }},
    {"scale", [](const recording& file) { return fmt::format("{}", file.scale); }},
    {"offset", [](const recording& file) { return fmt::format("{}", file.offset); }},
    {"unit", [](const recording& file) { return file.unit; }},
};

[[noreturn]] void refuse(const recording& a, const recording& b, std::string_view what,
                         const std::string& of_a, const std::string& of_b) {
  throw error(exit_code::bad_data,
              fmt::format("'{}' and '{}' are not of one recording: the {} is {} in the first and {} in the "
                          "second; name files of one recording",
                          a.path, b.path, what, of_a, of_b));
}

double end_ns(const recording& file) {
  return static_cast<double>(file.samples) / *file.sampling_rate * static_cast<double>(nanoseconds_a_second);
}

}  // namespace

void require_alike(std::span<const recording> files) {
  if (files.empty()) return;
  const recording& first = files.front();
  for (const recording& other : files.subspan(1)) {
    for (const trait& one : traits) {
      if (one.of(first) != one.of(other)) refuse(first, other, one.name, one.of(first), one.of(other));
    }
    if (!is_same_rate(first, other)) {
      refuse(first, other, "sampling rate", rate_text(first), rate_text(other));
    }
  }
}

void put_in_time_order(std::vector<recording>& files) {
  const auto says_time = [](const recording& file) { return file.start_ns.has_value(); };
  const auto with = std::ranges::find_if(files, says_time);
  const auto without = std::ranges::find_if_not(files, says_time);
  if (with == files.end()) return;
  if (without != files.end()) {
    throw error(exit_code::bad_data,
                fmt::format("'{}' says when it was recorded and '{}' does not, so that their order is not "
                            "known; name files of one recording",
                            with->path, without->path));
  }
  std::ranges::stable_sort(files, {}, [](const recording& file) { return *file.start_ns; });
}

std::vector<discontinuity> find_discontinuities(std::span<const recording> files, double tolerance) {
  std::vector<discontinuity> found;
  for (std::size_t i = 1; i < files.size(); ++i) {
    const recording& before = files[i - 1];
    if (!before.start_ns || !files[i].start_ns || !before.sampling_rate) continue;
    const double between_ns = static_cast<double>(*files[i].start_ns - *before.start_ns);
    const double samples =
        (between_ns - end_ns(before)) * *before.sampling_rate / static_cast<double>(nanoseconds_a_second);
    if (std::abs(samples) > tolerance) found.push_back({i, samples});
  }
  return found;
}

std::string to_text(std::span<const discontinuity> found, std::span<const recording> files) {
  std::string list;
  for (const discontinuity& one : found.first(std::min(found.size(), most_listed))) {
    const double seconds = std::abs(one.samples) / files[one.file].sampling_rate.value_or(1.0);
    list += fmt::format("{}'{}' begins {:.6g} samples ({:.6g} s) {} the end of '{}'",
                        list.empty() ? "" : "; ", files[one.file].path, std::abs(one.samples), seconds,
                        one.samples > 0 ? "after" : "before", files[one.file - 1].path);
  }
  if (found.size() > most_listed) list += fmt::format("; and {} more", found.size() - most_listed);
  return fmt::format(
      "{} between the files: {}",
      found.size() == 1 ? "a gap or overlap" : fmt::format("{} gaps or overlaps", found.size()), list);
}

std::vector<std::vector<recording>> cut_at(std::span<const discontinuity> places,
                                           std::vector<recording> files) {
  std::vector<std::vector<recording>> stretches(1);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!places.empty() && places.front().file == i) {
      places = places.subspan(1);
      stretches.emplace_back();
    }
    stretches.back().push_back(std::move(files[i]));
  }
  return stretches;
}

recording join(std::vector<recording> files) {
  if (files.size() == 1) return std::move(files.front());
  recording whole = files.front();
  whole.samples = 0;
  whole.file_bytes = 0;
  whole.warnings.clear();
  for (recording& file : files) {
    for (std::string& warning : file.warnings) {
      if (whole.warnings.size() < most_listed) {
        whole.warnings.push_back(fmt::format("'{}': {}", file.path, warning));
      }
    }
    whole.files.push_back({.path = std::move(file.path),
                           .samples = {whole.samples, whole.samples + file.samples},
                           .store = std::move(file.store),
                           .file_bytes = file.file_bytes,
                           .modified_ns = file.modified_ns,
                           .start_ns = file.start_ns});
    whole.samples += file.samples;
    whole.file_bytes += file.file_bytes;
    whole.modified_ns = std::max(whole.modified_ns, file.modified_ns);
  }
  whole.reasons.push_back(
      whole.start_ns
          ? fmt::format("{} files: in the order of the times that they begin at", whole.files.size())
          : fmt::format("{} files: in the order in which they are named, as they say no "
                        "times",
                        whole.files.size()));
  return whole;
}

}  // namespace weir::io

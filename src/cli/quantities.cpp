#include "quantities.hpp"

#include <charconv>
#include <cmath>
#include <map>
#include <numbers>
#include <string_view>

#include <fmt/format.h>

#include <weir/error.hpp>

namespace weir::cli {
namespace {

struct quantity {
  double value;
  std::string unit;
};

quantity split_unit(const std::string& text, const std::string& option, std::string_view example) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc{} || !std::isfinite(value)) {
    throw error(exit_code::usage,
                fmt::format("{} got '{}', which is no number; write for example {}", option, text, example));
  }
  const char* unit = rest;
  while (unit != end && *unit == ' ') ++unit;
  return {value, std::string(unit, end)};
}

[[noreturn]] void throw_unknown_unit(const std::string& text, const std::string& option,
                                     std::string_view units) {
  throw error(exit_code::usage,
              fmt::format("{} got '{}' with an unknown unit; the units are {}", option, text, units));
}

std::optional<double> hertz_a_unit(const std::string& unit) {
  if (unit == "Hz") return 1;
  if (unit == "kHz") return 1000;
  if (unit == "mHz") return 1e-3;
  return std::nullopt;
}

std::optional<double> seconds_a_unit(const std::string& unit) {
  static const std::map<std::string, double, std::less<>> units{{"us", 1e-6}, {"ms", 1e-3}, {"s", 1},
                                                                {"min", 60},  {"h", 3600},  {"d", 86400}};
  const auto found = units.find(unit);
  return found == units.end() ? std::nullopt : std::optional(found->second);
}

[[noreturn]] void throw_needs_rate(const std::string& text, const std::string& option) {
  throw error(exit_code::usage,
              fmt::format("{} {} needs the sampling rate, which the input does not say; give it with --fs",
                          option, text));
}

/// `example` and `units` are what may be written here, for the sentences of errors.
duration parse_length(const std::string& text, const std::string& option, std::string_view example,
                      std::string_view units) {
  const quantity q = split_unit(text, option, example);
  if (q.value < 0)
    throw error(exit_code::usage, fmt::format("{} got '{}'; a duration cannot be negative", option, text));
  if (q.unit == "n") return {q.value, true};
  if (q.unit.empty()) return {q.value, false};
  // Minutes, as schedulers and clocks have them; no metre is a time. A sigma, for which the rate's
  // frequencies are units too, has no such short name.
  const auto scale = q.unit == "m" ? seconds_a_unit("min") : seconds_a_unit(q.unit);
  if (!scale) throw_unknown_unit(text, option, units);
  const double seconds = q.value * *scale;
  if (!std::isfinite(seconds)) {
    throw error(exit_code::usage,
                fmt::format("{} got '{}', which is longer than any time; give less", option, text));
  }
  return {seconds, false};
}

}  // namespace

duration parse_duration(const std::string& text, const std::string& option) {
  return parse_length(text, option, "10s, 20ms or 500n", "us, ms, s, m or min, h, d, and n for samples");
}

std::size_t in_samples(const duration& length, std::optional<double> sampling_rate,
                       const std::string& option) {
  if (!length.in_samples && !sampling_rate) throw_needs_rate(fmt::format("{}s", length.value), option);
  const double samples = std::round(length.in_samples ? length.value : length.value * *sampling_rate);
  if (samples < 1) {
    throw error(exit_code::usage,
                fmt::format("{} is shorter than a sample; give one sample at least, as 1n", option));
  }
  // Beyond this not every whole number is a double.
  if (!(samples <= 0x1p53)) {
    throw error(exit_code::usage,
                fmt::format("{} is {:.3g} samples, which no recording has; give less", option, samples));
  }
  return static_cast<std::size_t>(samples);
}

std::chrono::duration<double> parse_seconds(const std::string& text, const std::string& option) {
  const duration length = parse_length(text, option, "30s, 55m or 11.5h", "us, ms, s, m or min, h and d");
  if (length.in_samples) {
    throw error(exit_code::usage,
                fmt::format("{} got '{}', which is in samples; give a time, as 30s", option, text));
  }
  return std::chrono::duration<double>(length.value);
}

double parse_frequency(const std::string& text, const std::string& option) {
  const quantity q = split_unit(text, option, "40, 40Hz or 1.5kHz");
  if (q.unit.empty()) return q.value;
  const auto hertz = hertz_a_unit(q.unit);
  if (!hertz) throw_unknown_unit(text, option, "Hz, kHz and mHz");
  return q.value * *hertz;
}

double parse_sigma(const std::string& text, std::optional<double> sampling_rate) {
  const std::string option = "--gaussian";
  const quantity q = split_unit(text, option, "40 (samples), 20ms or 8Hz");
  if (q.value <= 0) {
    throw error(exit_code::usage,
                fmt::format("--gaussian {} is not above 0; sigma is a width, give a positive one", text));
  }
  const auto width = [&text](double sigma) {
    if (sigma > 0 && std::isfinite(sigma)) return sigma;
    throw error(
        exit_code::usage,
        fmt::format("--gaussian {} is {} samples, which is no width; give one of a recording", text, sigma));
  };
  if (q.unit.empty() || q.unit == "n") return q.value;
  if (const auto seconds = seconds_a_unit(q.unit)) {
    if (!sampling_rate) throw_needs_rate(text, option);
    return width(q.value * *seconds * *sampling_rate);
  }
  const auto hertz = hertz_a_unit(q.unit);
  if (!hertz) throw_unknown_unit(text, option, "none for samples, us, ms, s, min, and Hz, kHz, mHz");
  if (!sampling_rate) throw_needs_rate(text, option);
  const double frequency = q.value * *hertz;
  if (frequency > *sampling_rate / 2) {
    throw error(exit_code::usage,
                fmt::format("--gaussian {} is beyond half the sampling rate ({} Hz); give a lower frequency",
                            text, *sampling_rate / 2));
  }
  return width(*sampling_rate / (2 * std::numbers::pi * frequency));
}

std::size_t parse_bytes(const std::string& text, const std::string& option) {
  quantity q = split_unit(text, option, "64MiB or 8GiB");
  if (!q.unit.empty() && (q.unit.back() == 'B' || q.unit.back() == 'b')) q.unit.pop_back();
  static const std::map<std::string, double, std::less<>> units{
      {"", 1},        {"k", 1e3},     {"K", 1e3},     {"M", 1e6},     {"G", 1e9},    {"T", 1e12},
      {"Ki", 0x1p10}, {"ki", 0x1p10}, {"Mi", 0x1p20}, {"Gi", 0x1p30}, {"Ti", 0x1p40}};
  const auto found = units.find(q.unit);
  if (found == units.end()) throw_unknown_unit(text, option, "B, kB, MB, GB, TB and KiB, MiB, GiB, TiB");
  const double bytes = q.value * found->second;
  if (bytes < 1 || bytes > 0x1p62) {
    throw error(exit_code::usage,
                fmt::format("{} got '{}', which is no size that memory can have", option, text));
  }
  return static_cast<std::size_t>(bytes);
}

}  // namespace weir::cli

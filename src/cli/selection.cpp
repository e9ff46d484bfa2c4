#include "selection.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include <weir/error.hpp>

#include "quantities.hpp"

namespace weir::cli {
namespace {

/// The parts of a text between separators; one more than there are separators.
std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

[[noreturn]] void refuse_channels(const std::string& text, std::size_t channels, const std::string& option) {
  throw error(exit_code::usage, fmt::format("{} got '{}'; name channels from 0 to {}, as 3, 0,5,9 or 0:{}:8",
                                            option, text, channels - 1, channels));
}

}  // namespace

std::vector<std::size_t> parse_channels(const std::string& text, std::size_t channels,
                                        const std::string& option) {
  const auto number = [&](const std::string& part, std::size_t otherwise) {
    if (part.empty()) return otherwise;
    std::size_t value = 0;
    const auto [rest, failure] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (failure != std::errc{} || rest != part.data() + part.size()) refuse_channels(text, channels, option);
    return value;
  };
  std::vector<std::size_t> chosen;
  for (const std::string& item : parts_of(text, ',')) {
    const std::vector<std::string> ends = parts_of(item, ':');
    if (ends.size() > 3 || item.empty()) refuse_channels(text, channels, option);
    const bool is_slice = ends.size() > 1;
    const std::size_t begin = number(ends[0], 0);
    const std::size_t end = is_slice ? std::min(number(ends[1], channels), channels) : begin + 1;
    const std::size_t step = ends.size() == 3 ? number(ends[2], 1) : 1;
    if (step == 0 || begin >= end || end > channels) refuse_channels(text, channels, option);
    for (std::size_t channel = begin; channel < end; channel += std::min(step, channels))
      chosen.push_back(channel);
  }
  return chosen;
}

index_range parse_time_span(const std::string& text, std::size_t samples, std::optional<double> sampling_rate,
                            const std::string& option) {
  const std::vector<std::string> ends = parts_of(text, ':');
  if (ends.size() != 2) {
    throw error(exit_code::usage,
                fmt::format("{} got '{}'; write a span as 10s:20s, :5s or 500n:900n", option, text));
  }
  const auto place = [&](const std::string& end, std::size_t otherwise) {
    if (end.empty()) return otherwise;
    const duration at = parse_duration(end, option);
    return at.value == 0 ? std::size_t{0} : std::min(in_samples(at, sampling_rate, option), samples);
  };
  const index_range span{place(ends[0], 0), place(ends[1], samples)};
  if (span.begin < span.end) return span;
  throw error(
      exit_code::usage,
      fmt::format("{} {} has no sample in it; the recording has {}", option, text,
                  sampling_rate ? fmt::format("{:.6g} s", static_cast<double>(samples) / *sampling_rate)
                                : fmt::format("{} samples", samples)));
}

}  // namespace weir::cli

#include "selection_options.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include <weir/error.hpp>

#include "selection.hpp"

namespace weir::cli {
namespace {

/// The channels of the list; none if they are all of them in order.
std::vector<std::size_t> chosen_channels(const std::string& text, std::size_t channels) {
  std::vector<std::size_t> chosen = parse_channels(text, channels, "--channels");
  std::vector<std::size_t> sorted = chosen;
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) {
    throw error(exit_code::usage,
                fmt::format("--channels {} names channel {} twice; name it once", text, *twice));
  }
  const bool is_all = chosen.size() == channels && std::ranges::is_sorted(chosen);
  return is_all ? std::vector<std::size_t>{} : chosen;
}

}  // namespace

void selection_options::add_options(option_list& app) {
  const std::string group = "Selection";
  app.add_option("--channels", channels_,
                 "which channels come out, in this order: 3, 0,5,9, 0:384 or 0:384:8 [all]")
      ->type_name("LIST")
      ->group(group);
  app.add_option(
         "--time", time_,
         "which span comes out: 10s:20s, :5s or 500n:900n; its samples are those of a run over the whole "
         "recording, filtered with their true neighbours beyond the span [all]")
      ->type_name("FROM:TO")
      ->group(group);
}

io::derivation selection_options::resolve(const io::recording& input) const {
  io::derivation result;
  if (!channels_.empty()) result.channels = chosen_channels(channels_, input.channels);
  if (!time_.empty()) {
    const index_range span = parse_time_span(time_, input.samples, input.sampling_rate, "--time");
    if (span.size() < input.samples) result.samples = span;
  }
  return result;
}

}  // namespace weir::cli

#include "rate_options.hpp"

#include <charconv>

#include <fmt/format.h>

#include <weir/error.hpp>

namespace weir::cli {
namespace {

/// More than a filter of its own could do with.
constexpr std::size_t largest_factor = 1'000'000;

/// A whole number from 1 to the largest factor at the beginning of a text; 0 if there is none.
std::size_t factor_of(std::string_view text) {
  std::size_t number = 0;
  const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = failure == std::errc{} && rest == text.data() + text.size();
  return is_whole && number <= largest_factor ? number : 0;
}

}  // namespace

void rate_options::add_options(option_list& app, const std::string& group) {
  auto* const decimate = app.add_option(
      "--decimate", decimate_,
      "keep every Q-th sample of what the filter makes, from the first on; without a filter the "
      "low-pass of scipy.signal.decimate(ftype='fir')");
  decimate->type_name("Q")->group(group);
  app.add_option(
         "--resample", resample_,
         "P samples for every Q, on the grid of the first one; without a filter the low-pass of "
         "scipy.signal.resample_poly, whose ends are --mode constant. With one, it works at P times the "
         "rate, which samples in its options are of, with a gain of P")
      ->type_name("P/Q")
      ->excludes(decimate)
      ->group(group);
}

rate_change rate_options::resolve() const {
  if (!decimate_.empty()) {
    const std::size_t q = factor_of(decimate_);
    if (q >= 2) return {{1, q}, true};
    throw error(exit_code::usage, fmt::format("--decimate got '{}'; give a whole number from 2 to {}",
                                              decimate_, largest_factor));
  }
  if (resample_.empty()) return {};
  const std::string_view text = resample_;
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::size_t up = factor_of(text.substr(0, slash));
  const std::size_t down = slash == text.size() ? 1 : factor_of(text.substr(slash + 1));
  if (up == 0 || down == 0) {
    throw error(exit_code::usage,
                fmt::format("--resample got '{}'; give two whole numbers from 1 to {} as P/Q, as 2/5",
                            resample_, largest_factor));
  }
  if (up == down) {
    throw error(exit_code::usage,
                fmt::format("--resample {} keeps the rate as it is; leave it out", resample_));
  }
  return {make_rate_ratio(up, down)};
}

std::string sentence_of(const rate_ratio& rate) {
  if (rate.up > 1) return fmt::format("{} samples for every {}", rate.up, rate.down);
  const bool is_teen = rate.down / 10 % 10 == 1;
  const char* const ending = is_teen               ? "th"
                             : rate.down % 10 == 1 ? "st"
                             : rate.down % 10 == 2 ? "nd"
                             : rate.down % 10 == 3 ? "rd"
                                                   : "th";
  return fmt::format("every {}{} sample kept", rate.down, ending);
}

}  // namespace weir::cli

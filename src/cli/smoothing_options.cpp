#include "smoothing_options.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/fir/design/smoothing.hpp>
#include <weir/fir/gaussian.hpp>

#include "quantities.hpp"

namespace weir::cli {

void smoothing_options::add_options(option_list& app, const std::string& group) {
  auto* gaussian =
      app.add_option("--gaussian", gaussian_,
                     "Gaussian as scipy.ndimage.gaussian_filter1d; SIGMA in samples (40), time (20ms) or "
                     "frequency (8Hz: sigma = fs / 2 pi f)");
  gaussian->type_name("SIGMA")->group(group);
  app.add_option("--truncate", truncate_, "cut the Gaussian at this many sigmas [4]")
      ->needs(gaussian)
      ->group(group);
  app.add_option("--order", order_, "derivative of the Gaussian [0]")->needs(gaussian)->group(group);
  app.add_option(
         "--savgol", savgol_,
         "Savitzky-Golay as scipy.signal.savgol_filter, lengths in samples; its ends are those of --mode")
      ->type_name("LENGTH,ORDER[,DERIV]")
      ->group(group);
  app.add_option("--moving-average", moving_average_, "mean over LENGTH: 25n (samples) or 100ms")
      ->type_name("LENGTH")
      ->group(group);
}

std::vector<std::string> smoothing_options::named() const {
  std::vector<std::string> given;
  if (!gaussian_.empty()) given.emplace_back("--gaussian");
  if (!savgol_.empty()) given.emplace_back("--savgol");
  if (!moving_average_.empty()) given.emplace_back("--moving-average");
  return given;
}

designed_filter smoothing_options::resolve(std::optional<double> sampling_rate) const {
  if (!gaussian_.empty()) return gaussian(sampling_rate);
  if (!savgol_.empty()) return savitzky_golay();
  return moving_average(sampling_rate);
}

designed_filter smoothing_options::gaussian(std::optional<double> sampling_rate) const {
  const fir::gaussian kernel{.sigma = parse_sigma(gaussian_, sampling_rate),
                             .truncate = truncate_.value_or(4),
                             .order = order_.value_or(0)};
  return {.taps = fir::gaussian_taps(kernel),
          .sentence = fmt::format("Gaussian of sigma {:.10g} samples, order {}, truncated at {:.10g} sigma",
                                  kernel.sigma, kernel.order, kernel.truncate),
          .warnings = {}};
}

designed_filter smoothing_options::savitzky_golay() const {
  std::array<std::size_t, 3> numbers{};
  std::size_t found = 0;
  const char* at = savgol_.data();
  const char* const end = at + savgol_.size();
  while (found < numbers.size()) {
    const auto [rest, failure] = std::from_chars(at, end, numbers[found]);
    if (failure != std::errc{}) break;
    ++found;
    at = rest;
    if (at == end || *at != ',') break;
    ++at;
  }
  const auto [length, order, derivative] = numbers;
  if (found < 2 || at != end || length % 2 == 0 || order >= length || derivative > order ||
      static_cast<double>(length) > fir::largest_number_of_taps) {
    throw error(
        exit_code::usage,
        fmt::format("--savgol got '{}'; give LENGTH,ORDER or LENGTH,ORDER,DERIV with an odd length, an order "
                    "below it, and a derivative up to the order, as 21,3",
                    savgol_));
  }
  return {.taps = fir::savitzky_golay_taps(length, order, derivative),
          .sentence = fmt::format("Savitzky-Golay over {} samples, order {}, derivative {}", length, order,
                                  derivative),
          .warnings = {}};
}

designed_filter smoothing_options::moving_average(std::optional<double> sampling_rate) const {
  const std::string option = "--moving-average";
  const std::size_t length = in_samples(parse_duration(moving_average_, option), sampling_rate, option);
  if (static_cast<double>(length) > fir::largest_number_of_taps) {
    throw error(exit_code::usage, fmt::format("{} {} is {} samples, which is too long; give at most {:.0f}",
                                              option, moving_average_, length, fir::largest_number_of_taps));
  }
  return {.taps = fir::moving_average_taps(length),
          .sentence = fmt::format("moving average over {} samples", length),
          .warnings = {}};
}

}  // namespace weir::cli

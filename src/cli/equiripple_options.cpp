#include "equiripple_options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <weir/error.hpp>

#include "quantities.hpp"

namespace weir::cli {
namespace {

/// Worse than this a stop band hardly stops; MNE warns at the same depth.
constexpr double poor_attenuation_db = 20;

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

double number_of(const std::string& word, const std::string& option, const std::string& all) {
  double value = 0;
  const char* const end = word.data() + word.size();
  const auto [rest, failure] = std::from_chars(word.data(), end, value);
  if (failure == std::errc{} && rest == end && std::isfinite(value)) return value;
  throw error(exit_code::usage,
              fmt::format("{} got '{}', where '{}' is no number; give a number for each band, with commas",
                          option, all, word));
}

std::string decibels(double ratio) {
  return fmt::format("{:.1f} dB", -20 * std::log10(std::max(ratio, std::numeric_limits<double>::min())));
}

}  // namespace

void equiripple_options::add_options(option_list& app, const std::string& group) {
  auto* const remez = app.add_option("--remez", taps_,
                                     "equiripple filter of N taps as scipy.signal.remez, with --bands and "
                                     "--desired; the least largest error that N taps can have");
  remez->type_name("N")->group(group);
  app.add_option("--bands", bands_, "the bands' edges for --remez, a pair each, rising, as 0,40,60,500")
      ->type_name("LO,HI,LO,HI,...")
      ->group(group);
  app.add_option("--desired", desired_, "the gain in each of the bands, as 1,0")
      ->type_name("G,G,...")
      ->group(group);
  app.add_option("--weights", weights_, "how much an error weighs in each of the bands, as 1,10 [1 in all]")
      ->type_name("W,W,...")
      ->group(group);
  app.add_option("--max-iterations", most_iterations_, "the exchanges that --remez may take [25]")
      ->group(group);
  app.add_option("--grid-density", grid_density_,
                 "points of the frequency grid of --remez for each of N / 2 coefficients [16]")
      ->group(group);
}

std::vector<std::string> equiripple_options::named() const {
  if (taps_) return {"--remez"};
  const char* const alone = !bands_.empty()     ? "--bands"
                            : !desired_.empty() ? "--desired"
                            : !weights_.empty() ? "--weights"
                            : most_iterations_  ? "--max-iterations"
                            : grid_density_     ? "--grid-density"
                                                : nullptr;
  if (alone != nullptr) {
    throw error(exit_code::usage,
                fmt::format("{} is for an equiripple filter; give --remez N too, or leave it out", alone));
  }
  return {};
}

std::vector<fir::weighted_band> equiripple_options::bands() const {
  if (bands_.empty() || desired_.empty()) {
    throw error(
        exit_code::usage,
        fmt::format("--remez needs --bands and --desired; give {}, as --bands 0,40,60,500 --desired 1,0",
                    bands_.empty() ? "--bands" : "--desired"));
  }
  const std::vector<std::string> edges = words_of(bands_);
  const std::vector<std::string> gains = words_of(desired_);
  const std::vector<std::string> weights =
      weights_.empty() ? std::vector<std::string>(gains.size(), "1") : words_of(weights_);
  if (edges.size() % 2 != 0) {
    throw error(exit_code::usage,
                fmt::format("--bands got {} edges in '{}'; give two for each band", edges.size(), bands_));
  }
  for (const auto& [words, option] : {std::pair(&gains, "--desired"), std::pair(&weights, "--weights")}) {
    if (words->size() == edges.size() / 2) continue;
    throw error(exit_code::usage, fmt::format("{} got {} numbers for {} bands; give one for each", option,
                                              words->size(), edges.size() / 2));
  }
  std::vector<fir::weighted_band> bands;
  for (std::size_t i = 0; i < gains.size(); ++i) {
    bands.push_back({.low_hz = parse_frequency(edges[2 * i], "--bands"),
                     .high_hz = parse_frequency(edges[2 * i + 1], "--bands"),
                     .gain = number_of(gains[i], "--desired", desired_),
                     .weight = number_of(weights[i], "--weights", weights_)});
  }
  return bands;
}

designed_filter equiripple_options::resolve(std::optional<double> sampling_rate) const {
  if (!sampling_rate) {
    throw error(exit_code::usage, "--remez needs the sampling rate, which is not known; give it with --fs");
  }
  const std::vector<fir::weighted_band> bands = this->bands();
  fir::exchange_options exchange;
  if (most_iterations_) exchange.most_iterations = *most_iterations_;
  if (grid_density_) exchange.grid_density = *grid_density_;
  const fir::equiripple_filter found = fir::equiripple(*taps_, bands, *sampling_rate, exchange);

  designed_filter made{.taps = found.taps,
                       .sentence = fmt::format("equiripple, {} taps ({:.6g} s)", *taps_,
                                               static_cast<double>(*taps_) / *sampling_rate),
                       .warnings = {}};
  for (const fir::weighted_band& band : bands) {
    const double ripple = found.deviation / band.weight;
    made.sentence += fmt::format("; {:.10g} to {:.10g} Hz: gain {:.6g} +- {:.3g}", band.low_hz, band.high_hz,
                                 band.gain, ripple);
    if (band.gain != 0) continue;
    made.sentence += fmt::format(" ({} down)", decibels(ripple));
    if (-20 * std::log10(ripple) < poor_attenuation_db) {
      made.warnings.push_back(fmt::format(
          "the equiripple filter stops {:.10g} to {:.10g} Hz only by {}; more taps, a wider transition or a "
          "larger weight stop more",
          band.low_hz, band.high_hz, decibels(ripple)));
    }
  }
  return made;
}

}  // namespace weir::cli

#include "band_options.hpp"

#include <charconv>

#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/fir/gaussian.hpp>

#include "quantities.hpp"

namespace weir::cli {
namespace {

using fir::band_kind;
using fir::window_shape;

/// Worse than this a stop band hardly stops; MNE warns at the same depth.
constexpr double poor_attenuation_db = 20;

constexpr std::string_view kaiser_begin = "kaiser(";

std::string sentence_of(const fir::band& what) {
  switch (what.kind) {
    case band_kind::lowpass:
      return fmt::format("low-pass at {:.10g} Hz", what.low_hz);
    case band_kind::highpass:
      return fmt::format("high-pass at {:.10g} Hz", what.low_hz);
    case band_kind::bandpass:
      return fmt::format("band-pass from {:.10g} to {:.10g} Hz", what.low_hz, what.high_hz);
    case band_kind::bandstop:
      return fmt::format("band-stop from {:.10g} to {:.10g} Hz", what.low_hz, what.high_hz);
  }
  return "";
}

std::string sentence_of(const fir::window& shape) {
  switch (shape.shape) {
    case window_shape::boxcar:
      return "boxcar";
    case window_shape::hann:
      return "hann";
    case window_shape::hamming:
      return "hamming";
    case window_shape::blackman:
      return "blackman";
    case window_shape::kaiser:
      return fmt::format("Kaiser (beta {:.6g})", shape.beta);
  }
  return "";
}

}  // namespace

void band_options::add_options(option_list& app, const std::string& group) {
  app.add_option("--lowpass", lowpass_,
                 "pass below F; cutoffs are where the response is -6 dB, as scipy.signal.firwin")
      ->type_name("F")
      ->group(group);
  app.add_option("--highpass", highpass_, "pass above F")->type_name("F")->group(group);
  app.add_option("--bandpass", bandpass_, "pass from LO to HI")
      ->type_name("LO HI")
      ->expected(2)
      ->group(group);
  app.add_option("--bandstop", bandstop_, "stop from LO to HI")
      ->type_name("LO HI")
      ->expected(2)
      ->group(group);
  app.add_option("--numtaps", taps_,
                 "length of a filter by its cutoffs; auto: by MNE's rules, from window and transition")
      ->type_name("N|auto")
      ->capture_default_str()
      ->group(group);
  app.add_option("--window", window_, "hamming, hann, blackman, boxcar or 'kaiser(BETA)' [hamming]")
      ->type_name("NAME")
      ->group(group);
  app.add_option("--transition", transition_,
                 "width of a transition, for --numtaps auto [a quarter of the cutoff, 2 Hz at least, as MNE]")
      ->type_name("W")
      ->group(group);
  app.add_option("--attenuation", attenuation_db_,
                 "depth of the stop bands in dB; takes a Kaiser window for it")
      ->type_name("DB")
      ->group(group);
}

std::vector<std::string> band_options::named() const {
  std::vector<std::string> given;
  if (!lowpass_.empty()) given.emplace_back("--lowpass");
  if (!highpass_.empty()) given.emplace_back("--highpass");
  if (!bandpass_.empty()) given.emplace_back("--bandpass");
  if (!bandstop_.empty()) given.emplace_back("--bandstop");
  if (!given.empty()) return given;
  const char* alone = taps_ != "auto"               ? "--numtaps"
                      : !window_.empty()            ? "--window"
                      : !transition_.empty()        ? "--transition"
                      : attenuation_db_.has_value() ? "--attenuation"
                                                    : nullptr;
  if (alone != nullptr) {
    throw error(
        exit_code::usage,
        fmt::format(
            "{} is for a filter by its cutoffs; give --lowpass, --highpass, --bandpass or --bandstop, "
            "or leave it out",
            alone));
  }
  return given;
}

fir::band band_options::band(double sampling_rate) const {
  const auto cutoff = [&](const std::string& text, const std::string& option) {
    const double hz = parse_frequency(text, option);
    if (hz > 0 && hz < sampling_rate / 2) return hz;
    throw error(
        exit_code::usage,
        fmt::format("{} {} is not between 0 and half the sampling rate, {:.10g} Hz; give a cutoff that is",
                    option, text, sampling_rate / 2));
  };
  const auto two = [&](band_kind kind, const std::vector<std::string>& texts, const std::string& option) {
    const fir::band what{kind, cutoff(texts[0], option), cutoff(texts[1], option)};
    if (what.low_hz < what.high_hz) return what;
    throw error(exit_code::usage,
                fmt::format("{} {} {} is empty; give the lower cutoff first", option, texts[0], texts[1]));
  };
  if (!lowpass_.empty()) return {band_kind::lowpass, cutoff(lowpass_, "--lowpass"), 0};
  if (!highpass_.empty()) return {band_kind::highpass, cutoff(highpass_, "--highpass"), 0};
  if (!bandpass_.empty()) return two(band_kind::bandpass, bandpass_, "--bandpass");
  return two(band_kind::bandstop, bandstop_, "--bandstop");
}

fir::window band_options::window() const {
  if (attenuation_db_) {
    if (!window_.empty()) {
      throw error(exit_code::usage,
                  "--attenuation chooses a Kaiser window; leave --window out, or name its beta there");
    }
    if (!(*attenuation_db_ >= 8 && *attenuation_db_ <= 300)) {
      throw error(exit_code::usage,
                  fmt::format("--attenuation {} dB is out of reach; give 8 to 300", *attenuation_db_));
    }
    return {window_shape::kaiser, fir::kaiser_beta(*attenuation_db_)};
  }
  if (window_.empty() || window_ == "hamming") return {window_shape::hamming};
  if (window_ == "hann") return {window_shape::hann};
  if (window_ == "blackman") return {window_shape::blackman};
  if (window_ == "boxcar") return {window_shape::boxcar};
  const std::string_view text = window_;
  if (text.starts_with(kaiser_begin) && text.ends_with(')')) {
    double beta = -1;
    const char* const end = text.data() + text.size() - 1;
    const auto [rest, failure] = std::from_chars(text.data() + kaiser_begin.size(), end, beta);
    if (failure == std::errc{} && rest == end && beta >= 0 && beta <= fir::largest_kaiser_beta) {
      return {window_shape::kaiser, beta};
    }
  }
  throw error(exit_code::usage,
              fmt::format("--window got '{}'; the windows are hamming, hann, blackman, boxcar and "
                          "'kaiser(BETA)' with BETA from 0 to {}",
                          window_, fir::largest_kaiser_beta));
}

band_options::length_choice band_options::length(const fir::band& what, const fir::window& shape,
                                                 double sampling_rate) const {
  const double wanted = transition_.empty() ? fir::default_transition(what, sampling_rate)
                                            : parse_frequency(transition_, "--transition");
  if (taps_ == "auto") return {fir::taps_for_transition(shape, wanted, sampling_rate), wanted};
  if (!transition_.empty()) {
    throw error(exit_code::usage,
                "--transition and --numtaps both say how long the filter is; leave one of them out");
  }
  std::size_t taps = 0;
  const char* const end = taps_.data() + taps_.size();
  const auto [rest, failure] = std::from_chars(taps_.data(), end, taps);
  if (failure != std::errc{} || rest != end || taps == 0 ||
      static_cast<double>(taps) > fir::largest_number_of_taps) {
    throw error(exit_code::usage,
                fmt::format("--numtaps got '{}'; give a number of taps from 1 to {:.0f}, or auto", taps_,
                            fir::largest_number_of_taps));
  }
  return {taps, wanted};
}

designed_filter band_options::resolve(std::optional<double> sampling_rate) const {
  if (!sampling_rate) {
    throw error(
        exit_code::usage,
        fmt::format("{} needs the sampling rate, which is not known; give it with --fs", named().front()));
  }
  const fir::band what = band(*sampling_rate);
  const fir::window shape = window();
  const auto [taps, transition_hz] = length(what, shape, *sampling_rate);
  designed_filter made{
      .taps = fir::windowed_sinc(what, taps, shape, *sampling_rate),
      .sentence = fmt::format("{}, {} window, {} taps ({:.6g} s)", sentence_of(what), sentence_of(shape),
                              taps, static_cast<double>(taps) / *sampling_rate),
      .warnings = {}};
  const auto depth = fir::stop_band_attenuation(made.taps, what, transition_hz, *sampling_rate);
  if (depth && *depth < poor_attenuation_db) {
    made.warnings.push_back(
        fmt::format("the {} stops only by {:.1f} dB beyond {:.6g} Hz from its cutoff; more taps or a wider "
                    "--transition stop more",
                    sentence_of(what), *depth, transition_hz / 2));
  }
  return made;
}

}  // namespace weir::cli

#include "design_report.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/fir/design/response.hpp>

#include "gnuplot.hpp"

namespace weir::cli {
namespace {

/// Samples by which the filter delays all frequencies alike; nothing where it delays them differently.
std::optional<double> delay_of(const fir::filter_spec& filter) {
  const auto& taps = filter.taps;
  const bool is_even = std::equal(taps.begin(), taps.end(), taps.rbegin());
  const bool is_odd =
      std::equal(taps.begin(), taps.end(), taps.rbegin(), [](double a, double b) { return a == -b; });
  if (!is_even && !is_odd) return std::nullopt;
  return static_cast<double>(taps.size() - 1) / 2 - static_cast<double>(filter.advance);
}

/// Frequencies and times in the units that can be had.
struct units {
  explicit units(std::optional<double> sampling_rate)
      : rate(sampling_rate.value_or(1)), frequency(sampling_rate ? "Hz" : "cycles/sample") {}

  double rate;
  std::string frequency;
};

std::string samples_text(double samples, std::optional<double> sampling_rate) {
  const std::string text = fmt::format("{:.10g} samples", samples);
  return sampling_rate ? fmt::format("{} ({:.6g} s)", text, samples / *sampling_rate) : text;
}

double in_decibels(double gain) {
  constexpr double floor_db = -200;
  return gain > 0 ? std::max(floor_db, 20 * std::log10(gain)) : floor_db;
}

}  // namespace

std::string describe(const chosen_filter& filter, std::optional<double> sampling_rate) {
  const units in(sampling_rate);
  const fir::response_summary found = fir::summarise_response(filter.spec);
  std::string text;
  const auto line = [&](std::string_view name, const std::string& value) {
    text += fmt::format("{:<12} {}\n", name, value);
  };
  const auto taps = static_cast<double>(filter.spec.taps.size());
  line("filter", filter.sentence);
  line("length", sampling_rate ? fmt::format("{:.0f} taps ({:.6g} s)", taps, taps / *sampling_rate)
                               : fmt::format("{:.0f} taps", taps));
  const auto delay = delay_of(filter.spec);
  line("delay", !delay        ? "differs with the frequency"
                : *delay == 0 ? "none"
                              : samples_text(*delay, sampling_rate));
  line("gain", fmt::format("{:.6g} at 0 {}, at most {:.6g} at {:.6g} {}", found.gain_at_zero, in.frequency,
                           found.largest_gain, found.largest_at * in.rate, in.frequency));
  for (const auto& [level, places] : found.crossings) {
    // Lobes in the stop band cross a level too; the first few crossings bound the bands.
    constexpr std::size_t most_shown = 4;
    std::string where;
    for (std::size_t i = 0; i < std::min(places.size(), most_shown); ++i) {
      where += fmt::format("{}{:.6g}", i == 0 ? "" : ", ", places[i] * in.rate);
    }
    if (places.size() > most_shown) where += fmt::format(" and {} more", places.size() - most_shown);
    line(fmt::format("{:.0f} dB", level), fmt::format("at {} {}", where, in.frequency));
  }
  if (found.ripple_db) line("ripple", fmt::format("{:.3g} dB in the pass band", *found.ripple_db));
  if (found.attenuation_db)
    line("attenuation", fmt::format("{:.1f} dB, highest side lobe", *found.attenuation_db));
  return text;
}

nlohmann::json facts_of(const chosen_filter& filter, std::optional<double> sampling_rate) {
  const units in(sampling_rate);
  const fir::response_summary found = fir::summarise_response(filter.spec);
  nlohmann::json facts{{"filter", filter.sentence},
                       {"taps", filter.spec.taps},
                       {"advance", filter.spec.advance},
                       {"frequency_unit", in.frequency},
                       {"gain_at_zero", found.gain_at_zero},
                       {"largest_gain", found.largest_gain},
                       {"largest_gain_at", found.largest_at * in.rate}};
  if (const auto delay = delay_of(filter.spec)) facts["delay_samples"] = *delay;
  if (found.ripple_db) facts["ripple_db"] = *found.ripple_db;
  if (found.attenuation_db) facts["attenuation_db"] = *found.attenuation_db;
  for (const auto& [level, places] : found.crossings) {
    nlohmann::json& there = facts["crossings"][fmt::format("{:.0f} dB", level)];
    for (const double place : places) there.push_back(place * in.rate);
  }
  return facts;
}

namespace {

/// Of a response that is real, the sign of what rounding left of its imaginary part says nothing.
double phase_of(const std::complex<double>& response) {
  constexpr double rounding = 1e-9;
  if (std::abs(response.imag()) > rounding * std::abs(response)) return std::arg(response);
  return response.real() < 0 ? std::numbers::pi : 0;
}

}  // namespace

void draw_response(const chosen_filter& filter, std::optional<double> sampling_rate,
                   const std::string& file) {
  const units in(sampling_rate);
  const std::size_t intervals = fir::response_intervals(filter.spec.taps.size());
  const auto response = fir::frequency_response(filter.spec, intervals);
  std::string script = picture_to(file, {.width = 1100, .height = 800});
  // Side lobes pass their depth to the axis; what is below it is rounding.
  script += fmt::format(
      "set multiplot layout 2,2 title {}\nset xlabel {}\nset xrange [0:{:.17g}]\n"
      "$response << EOD\n",
      quoted(filter.sentence), quoted("frequency, " + in.frequency), in.rate / 2);
  // A whole turn is a jump of arg(); half a turn is a zero of the response, and stays.
  constexpr double turn_jump = 1.5 * std::numbers::pi;
  // Where hardly anything passes the phase is of no interest, and its zeros hide the rest.
  const double least_gain = 1e-3 * fir::summarise_response(filter.spec).largest_gain;
  double before = 0;
  double turns = 0;
  for (std::size_t i = 0; i < response.size(); ++i) {
    const double gain = std::abs(response[i]);
    const bool is_seen = gain >= least_gain;
    const double phase = phase_of(response[i]);
    if (is_seen && phase - before > turn_jump) turns -= 1;
    if (is_seen && before - phase > turn_jump) turns += 1;
    if (is_seen) before = phase;
    script +=
        fmt::format("{:.9g} {:.9g} {:.9g} {:.9g}\n",
                    0.5 * in.rate * static_cast<double>(i) / static_cast<double>(intervals),
                    in_decibels(gain), gain, is_seen ? phase + 2 * std::numbers::pi * turns : std::nan(""));
  }
  script += "EOD\n$taps << EOD\n";
  for (std::size_t k = 0; k < filter.spec.taps.size(); ++k) {
    script += fmt::format("{:.9g} {:.9g}\n",
                          (static_cast<double>(k) - static_cast<double>(filter.spec.advance)) / in.rate,
                          filter.spec.taps[k]);
  }
  const std::string times = sampling_rate ? "time, s" : "samples";
  script += fmt::format(
      "EOD\nset ylabel 'gain, dB'\nset yrange [-120:*]\nplot $response using 1:2 with lines linewidth 2 "
      "notitle\n"
      "set ylabel 'gain'\nset yrange [*:*]\nplot $response using 1:3 with lines linewidth 2 notitle\n"
      "set ylabel 'phase, rad'\nplot $response using 1:4 with lines linewidth 2 notitle\n"
      "set ylabel 'taps'\nset xlabel {}\nset xrange [*:*]\nplot $taps using 1:2 with {} notitle\n"
      "unset multiplot\n",
      quoted(times), filter.spec.taps.size() > 100 ? "lines linewidth 2" : "impulses linewidth 3");
  run_gnuplot(script, file);
}

}  // namespace weir::cli

#include "plot_script.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include <fmt/format.h>

#include <weir/fir/power_spectrum.hpp>

#include "gnuplot.hpp"

namespace weir::cli {
namespace {

/// More points than a line of this picture can show.
constexpr std::size_t most_points = 4000;

/// The distance between two channels' lines: several times what the liveliest trace usually is from its
/// middle.
double spread_of(const traces& all) {
  constexpr double gap = 6;
  double largest = 0;
  for (const auto& row : all.values) {
    const double samples = static_cast<double>(row.size());
    const double mean = std::accumulate(row.begin(), row.end(), 0.0) / samples;
    double square = 0;
    for (const double value : row) square += (value - mean) * (value - mean) / samples;
    if (std::isfinite(square)) largest = std::max(largest, std::sqrt(square));
  }
  return largest > 0 ? gap * largest : 1;
}

/// A row as lines of "time value", as its extremes where it has more samples than the picture has points.
std::string points_of(const traces& all, std::size_t row) {
  const std::vector<double>& values = all.values[row];
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  const double mean = std::isfinite(sum) ? sum / static_cast<double>(values.size()) : 0;
  std::string lines;
  const auto add = [&](std::size_t i, double value) {
    lines += fmt::format("{:.9g} {:.6g}\n", all.begin + static_cast<double>(i) / all.rate, value - mean);
  };
  const std::size_t bucket = std::max<std::size_t>(1, values.size() / (most_points / 2));
  for (std::size_t begin = 0; begin < values.size(); begin += bucket) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = values.begin() + static_cast<std::ptrdiff_t>(std::min(begin + bucket, values.size()));
    const auto [lowest, highest] = std::minmax_element(first, last);
    add(begin, *lowest);
    if (bucket > 1) add(begin, *highest);
  }
  return lines;
}

/// Lines of "frequency decibels"; none for rows that are too short.
std::string spectrum_of(const traces& all) {
  const fir::power_spectrum spectrum(all.values.front().size());
  std::vector<double> sum(spectrum.length() / 2 + 1, 0.0);
  for (const auto& row : all.values) {
    const std::vector<double> power = spectrum(row);
    std::ranges::transform(sum, power, sum.begin(), std::plus());
  }
  const double step = all.rate / static_cast<double>(spectrum.length());
  std::string lines;
  for (std::size_t k = 1; k < sum.size(); ++k) {
    const double density = sum[k] / static_cast<double>(all.values.size()) / step;
    if (density > 0)
      lines += fmt::format("{:.9g} {:.6g}\n", static_cast<double>(k) * step, 10 * std::log10(density));
  }
  return lines;
}

}  // namespace

std::string plot_script(const std::vector<traces>& recordings, const std::string& file) {
  const traces& first = recordings.front();
  const std::size_t count = first.channels.size();
  const double gap = spread_of(first);
  std::string script = picture_to(file, {.width = 1300, .height = 600});
  std::string lines;
  std::string spectra;
  std::string tics;
  constexpr const char* colours[] = {"#9a9a9a", "#1f5fa8"};
  for (std::size_t r = 0; r < recordings.size(); ++r) {
    const std::string look =
        fmt::format("lc rgb '{}' lw {}", colours[recordings.size() == 1 ? 1 : r], r == 0 ? 1 : 2);
    for (std::size_t c = 0; c < count; ++c) {
      script += fmt::format("$trace{}_{} << EOD\n{}EOD\n", r, c, points_of(recordings[r], c));
      lines +=
          fmt::format("{}$trace{}_{} using 1:($2+{:.9g}) with lines {} {}", lines.empty() ? "" : ", ", r, c,
                      gap * static_cast<double>(count - 1 - c), look,
                      c == 0 && recordings.size() > 1 ? "title " + quoted(recordings[r].name) : "notitle");
    }
    const std::string spectrum = spectrum_of(recordings[r]);
    if (spectrum.empty()) continue;
    script += fmt::format("$spectrum{} << EOD\n{}EOD\n", r, spectrum);
    spectra += fmt::format("{}$spectrum{} with lines {} title {}", spectra.empty() ? "" : ", ", r, look,
                           quoted(recordings[r].name));
  }
  for (std::size_t c = 0; c < count; ++c) {
    tics += fmt::format("{}'{}' {:.9g}", c == 0 ? "" : ", ", first.channels[c],
                        gap * static_cast<double>(count - 1 - c));
  }
  const std::string unit = first.unit.empty() ? "stored values" : first.unit;
  script += fmt::format(
      "set key noenhanced top right\nset multiplot layout 1,2\nset xlabel '{}'\nset ylabel 'channel; from "
      "one to the next {:.3g} {}' "
      "noenhanced\nset ytics ({})\nset yrange [{:.9g}:{:.9g}]\nplot {}\n",
      first.has_rate ? "time, s" : "samples", gap, unit, tics, -gap, gap * static_cast<double>(count), lines);
  if (!spectra.empty()) {
    script += fmt::format(
        "set xlabel '{}'\nset ylabel 'power density, dB of ({})^2/{}' noenhanced\nset ytics auto\nset yrange "
        "[*:*]\n"
        "set logscale x\nplot {}\n",
        first.has_rate ? "frequency, Hz" : "frequency, cycles/sample", unit,
        first.has_rate ? "Hz" : "(cycle/sample)", spectra);
  }
  return script + "unset multiplot\n";
}

}  // namespace weir::cli

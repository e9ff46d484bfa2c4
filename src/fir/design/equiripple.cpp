#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include <weir/error.hpp>
#include <weir/fir/design/equiripple.hpp>

#include "../message_text.hpp"
#include "barycentric.hpp"

namespace weir::fir {
namespace {

constexpr long double pi = std::numbers::pi_v<long double>;

[[noreturn]] void refuse(const std::string& sentence) {
  throw error(exit_code::usage, sentence);
}

void check(std::size_t taps, const std::vector<weighted_band>& bands, double sampling_rate,
           const exchange_options& options) {
  if (taps < 3 || taps > most_taps_of_equiripple) {
    refuse("an equiripple filter of " + std::to_string(taps) + " taps is out of reach; give 3 to " +
           std::to_string(most_taps_of_equiripple));
  }
  if (options.most_iterations == 0 || options.grid_density < 4 || options.grid_density > 1024) {
    refuse("the exchange needs one iteration at least, and a grid density from 4 to 1024");
  }
  if (bands.empty()) refuse("an equiripple filter needs a band at least");
  double last = -1;
  for (const weighted_band& band : bands) {
    const std::string name = "the band from " + in_shortest_digits(band.low_hz) + " to " +
                             in_shortest_digits(band.high_hz) + " Hz";
    if (!(band.low_hz < band.high_hz) || !(band.low_hz >= 0) || !(band.high_hz <= sampling_rate / 2)) {
      refuse(name + " is empty or leaves 0 to " + in_shortest_digits(sampling_rate / 2) +
             " Hz, half the sampling rate; give a lower edge and a higher one");
    }
    if (!(band.low_hz > last)) {
      refuse(name + " begins where the one before has not ended; leave a transition between them");
    }
    if (!(band.weight > 0) || !std::isfinite(band.weight) || !std::isfinite(band.gain)) {
      refuse(name + " has a gain that is no number or a weight that is not positive");
    }
    last = band.high_hz;
  }
  if (taps % 2 == 0 && last == sampling_rate / 2 && bands.back().gain != 0) {
    refuse("an even number of taps has no gain at half the sampling rate; give an odd one");
  }
}

/// The problem on its grid: a polynomial in x = cos(2 pi f) is to be near `desired`.
struct grid_problem {
  std::vector<long double> x;
  std::vector<long double> desired;
  std::vector<long double> weight;

  std::size_t size() const { return x.size(); }
};

/// Frequencies are in cycles a sample. Each band's points are one step apart, the last one at its edge. The
/// response of an even number of taps is a polynomial times cos(pi f), by which the problem is divided; where
/// that is zero there is nothing to choose.
grid_problem make_grid(const std::vector<weighted_band>& bands, double sampling_rate, std::size_t free,
                       std::size_t density, bool is_even) {
  const double step = 0.5 / static_cast<double>(density * free);
  std::vector<double> frequencies;
  std::vector<std::size_t> band_of;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const double high = bands[i].high_hz / sampling_rate;
    for (double f = bands[i].low_hz / sampling_rate; f <= high; f += step) {
      frequencies.push_back(f);
      band_of.push_back(i);
    }
    frequencies.back() = high;
  }
  if (is_even && frequencies.back() > 0.5 - step) frequencies.pop_back();

  grid_problem grid;
  for (std::size_t j = 0; j < frequencies.size(); ++j) {
    const weighted_band& band = bands[band_of[j]];
    const long double factor = is_even ? std::cos(pi * static_cast<long double>(frequencies[j])) : 1;
    grid.x.push_back(std::cos(2 * pi * static_cast<long double>(frequencies[j])));
    grid.desired.push_back(band.gain / factor);
    grid.weight.push_back(band.weight * factor);
  }
  return grid;
}

/// The polynomial whose errors at some points of the grid are the same in size and alternate in sign.
class trial {
 public:
  trial(const grid_problem& grid, const std::vector<std::size_t>& points)
      : through_(nodes_of(grid, points)), values_(points.size()) {
    long double numerator = 0;
    long double denominator = 0;
    long double sign = 1;
    for (std::size_t i = 0; i < points.size(); ++i, sign = -sign) {
      numerator += through_.weights()[i] * grid.desired[points[i]];
      denominator += sign * through_.weights()[i] / grid.weight[points[i]];
    }
    deviation_ = numerator / denominator;
    sign = 1;
    for (std::size_t i = 0; i < points.size(); ++i, sign = -sign) {
      values_[i] = grid.desired[points[i]] - sign * deviation_ / grid.weight[points[i]];
    }
  }

  long double deviation() const { return std::abs(deviation_); }
  long double operator()(long double x) const { return through_(values_, x); }

 private:
  static std::vector<long double> nodes_of(const grid_problem& grid, const std::vector<std::size_t>& points) {
    std::vector<long double> nodes;
    for (const std::size_t point : points) nodes.push_back(grid.x[point]);
    return nodes;
  }

  barycentric through_;
  std::vector<long double> values_;
  long double deviation_ = 0;
};

/// Points where the error is largest in size, its sign alternating from each to the next.
std::vector<std::size_t> alternating_peaks(const std::vector<long double>& errors) {
  std::vector<std::size_t> peaks;
  for (std::size_t j = 0; j < errors.size(); ++j) {
    const bool same_sign = !peaks.empty() && (errors[peaks.back()] < 0) == (errors[j] < 0);
    if (!same_sign) {
      peaks.push_back(j);
    } else if (std::abs(errors[j]) > std::abs(errors[peaks.back()])) {
      peaks.back() = j;
    }
  }
  return peaks;
}

/// Takes away the smallest peaks until `wanted` are left, two neighbours at a time so that signs go on
/// alternating, or one at an end.
void thin_out(std::vector<std::size_t>& peaks, const std::vector<long double>& errors, std::size_t wanted) {
  const auto size_of = [&](std::size_t i) { return std::abs(errors[peaks[i]]); };
  while (peaks.size() > wanted) {
    if (peaks.size() == wanted + 1) {
      peaks.erase(size_of(0) < size_of(peaks.size() - 1) ? peaks.begin() : peaks.end() - 1);
      continue;
    }
    std::size_t smallest = 0;
    for (std::size_t i = 1; i < peaks.size(); ++i) {
      if (size_of(i) < size_of(smallest)) smallest = i;
    }
    if (smallest == 0 || smallest + 1 == peaks.size()) {
      peaks.erase(peaks.begin() + static_cast<std::ptrdiff_t>(smallest));
      continue;
    }
    const std::size_t other = size_of(smallest - 1) < size_of(smallest + 1) ? smallest - 1 : smallest;
    const auto first = peaks.begin() + static_cast<std::ptrdiff_t>(other);
    peaks.erase(first, first + 2);
  }
}

struct best_polynomial {
  trial polynomial;
  std::size_t iterations;
};

best_polynomial exchange(const grid_problem& grid, std::size_t free, const exchange_options& options) {
  const std::size_t wanted = free + 1;
  if (grid.size() < wanted) {
    refuse("the bands are too narrow for so many taps; give fewer taps, wider bands or a denser grid");
  }
  std::vector<std::size_t> points(wanted);
  for (std::size_t i = 0; i < wanted; ++i) points[i] = i * (grid.size() - 1) / free;
  for (std::size_t iteration = 1; iteration <= options.most_iterations; ++iteration) {
    trial now(grid, points);
    std::vector<long double> errors(grid.size());
    for (std::size_t j = 0; j < grid.size(); ++j) {
      errors[j] = grid.weight[j] * (grid.desired[j] - now(grid.x[j]));
    }
    std::vector<std::size_t> peaks = alternating_peaks(errors);
    if (peaks.size() < wanted) break;
    thin_out(peaks, errors, wanted);
    long double largest = 0;
    long double scale = 0;
    for (std::size_t j = 0; j < grid.size(); ++j) {
      largest = std::max(largest, std::abs(errors[j]));
      scale = std::max(scale, std::abs(grid.weight[j] * grid.desired[j]));
    }
    // What is left then is rounding, in which points may change places for ever; taps in double show neither.
    constexpr long double of_deviation = 1e-13L;
    constexpr long double of_gain = 1e-16L;
    const long double rounding = of_deviation * now.deviation() + of_gain * scale;
    if (peaks == points || largest <= now.deviation() + rounding) return {std::move(now), iteration};
    points = std::move(peaks);
  }
  refuse("the exchange did not end in " + std::to_string(options.most_iterations) +
         " iterations; allow more, or give fewer taps or other transitions");
}

/// The taps whose response at the frequencies j / taps is the polynomial's, by an inverse Fourier transform.
std::vector<double> taps_of(const trial& polynomial, std::size_t taps) {
  const bool is_even = taps % 2 == 0;
  const std::size_t frequencies = is_even ? taps / 2 : (taps + 1) / 2;
  std::vector<long double> response(frequencies);
  for (std::size_t j = 0; j < frequencies; ++j) {
    const long double f = static_cast<long double>(j) / static_cast<long double>(taps);
    response[j] = polynomial(std::cos(2 * pi * f)) * (is_even ? std::cos(pi * f) : 1);
  }
  // cos(pi k / taps) for the angles that occur: j times twice a tap's distance from the centre.
  std::vector<long double> cosine(2 * taps);
  for (std::size_t k = 0; k < 2 * taps; ++k) {
    cosine[k] = std::cos(pi * static_cast<long double>(k) / static_cast<long double>(taps));
  }
  std::vector<double> made(taps);
  for (std::size_t n = 0; n < (taps + 1) / 2; ++n) {
    const std::size_t twice_distance = taps - 1 - 2 * n;
    long double sum = response[0];
    for (std::size_t j = 1; j < frequencies; ++j) {
      sum += 2 * response[j] * cosine[j * twice_distance % (2 * taps)];
    }
    made[n] = static_cast<double>(sum / static_cast<long double>(taps));
    made[taps - 1 - n] = made[n];
  }
  return made;
}

}  // namespace

equiripple_filter equiripple(std::size_t taps, const std::vector<weighted_band>& bands, double sampling_rate,
                             const exchange_options& options) {
  check(taps, bands, sampling_rate, options);
  const std::size_t free = (taps + 1) / 2;
  const grid_problem grid = make_grid(bands, sampling_rate, free, options.grid_density, taps % 2 == 0);
  const best_polynomial best = exchange(grid, free, options);
  return {taps_of(best.polynomial, taps), static_cast<double>(best.polynomial.deviation()), best.iterations};
}

}  // namespace weir::fir

#include <cmath>
#include <string>

#include <weir/error.hpp>
#include <weir/fir/design/smoothing.hpp>

namespace weir::fir {
namespace {

/// The values at 0 of a polynomial's derivatives, from the 0th on.
using derivatives = std::vector<double>;

}  // namespace

std::vector<double> savitzky_golay_taps(std::size_t length, std::size_t polynomial_order,
                                        std::size_t derivative) {
  if (length % 2 == 0 || polynomial_order >= length) {
    throw error(exit_code::usage, "a Savitzky-Golay filter of " + std::to_string(length) +
                                      " samples and order " + std::to_string(polynomial_order) +
                                      " cannot be made; give an odd length that is larger than the order");
  }
  std::vector<double> taps(length, 0.0);
  if (derivative > polynomial_order) return taps;
  const auto radius = static_cast<double>(length / 2);
  // Places in units of the radius, so that high orders stay in range.
  const double unit = radius > 0 ? radius : 1;
  const auto place = [&](std::size_t i) { return (static_cast<double>(i) - radius) / unit; };

  std::vector<double> before(length, 0.0);
  std::vector<double> now(length, 1.0);
  derivatives before_at_0(derivative + 1, 0.0);
  derivatives now_at_0(derivative + 1, 0.0);
  now_at_0[0] = 1;
  double norm_before = 1;
  for (std::size_t degree = 0; degree <= polynomial_order; ++degree) {
    double norm = 0;
    for (const double value : now) norm += value * value;
    // Convolution meets the samples in the opposite order.
    for (std::size_t i = 0; i < length; ++i) taps[length - 1 - i] += now[i] * now_at_0[derivative] / norm;

    // The next polynomial: x p - (norm / norm before) p before. Places are symmetric, so x p has no part
    // along p.
    const double ratio = degree > 0 ? norm / norm_before : 0;
    for (std::size_t i = 0; i < length; ++i) {
      const double next = place(i) * now[i] - ratio * before[i];
      before[i] = now[i];
      now[i] = next;
    }
    derivatives next_at_0(derivative + 1, 0.0);
    for (std::size_t d = 0; d <= derivative; ++d) {
      next_at_0[d] = (d > 0 ? static_cast<double>(d) * now_at_0[d - 1] : 0.0) - ratio * before_at_0[d];
    }
    before_at_0 = now_at_0;
    now_at_0 = next_at_0;
    norm_before = norm;
  }
  const double per_sample = 1 / std::pow(unit, static_cast<double>(derivative));
  for (double& tap : taps) tap *= per_sample;
  // Rounding must not spoil the symmetry, even or odd.
  const double sign = derivative % 2 == 0 ? 1 : -1;
  for (std::size_t i = 0; i < length / 2; ++i) taps[length - 1 - i] = sign * taps[i];
  return taps;
}

std::vector<double> moving_average_taps(std::size_t length) {
  if (length == 0) throw error(exit_code::usage, "a moving average needs at least 1 sample, not 0");
  return std::vector<double>(length, 1 / static_cast<double>(length));
}

std::vector<double> complement(std::vector<double> taps) {
  if (taps.size() % 2 == 0) {
    throw error(exit_code::usage, "a filter of " + std::to_string(taps.size()) +
                                      " taps has no centre to take it from; give an odd number of taps");
  }
  for (double& tap : taps) tap = -tap;
  taps[taps.size() / 2] += 1;
  return taps;
}

std::vector<double> forwards_and_backwards(const std::vector<double>& taps) {
  const std::size_t count = taps.size();
  if (count > most_taps_twice) {
    throw error(exit_code::usage, std::to_string(count) + " taps are too many to be applied twice; at most " +
                                      std::to_string(most_taps_twice) + " can be");
  }
  std::vector<double> twice(count == 0 ? 0 : 2 * count - 1, 0.0);
  for (std::size_t lag = 0; lag < count; ++lag) {
    long double sum = 0;
    for (std::size_t i = lag; i < count; ++i) sum += static_cast<long double>(taps[i]) * taps[i - lag];
    twice[count - 1 + lag] = twice[count - 1 - lag] = static_cast<double>(sum);
  }
  return twice;
}

}  // namespace weir::fir

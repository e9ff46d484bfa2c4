#include <cmath>
#include <string>
#include <utility>

#include <weir/error.hpp>
#include <weir/fir/filter_spec.hpp>

namespace weir::fir {

void check(const filter_spec& spec) {
  if (spec.taps.empty()) throw error(exit_code::bad_data, "the filter has no taps: give at least one");
  for (std::size_t k = 0; k < spec.taps.size(); ++k) {
    if (!std::isfinite(spec.taps[k])) {
      throw error(exit_code::bad_data, "tap " + std::to_string(k) + " of the filter is " +
                                           (std::isnan(spec.taps[k]) ? "NaN" : "infinite") +
                                           ": give finite numbers only");
    }
  }
  if (spec.advance >= spec.taps.size()) {
    throw error(exit_code::bad_data, "the filter looks " + std::to_string(spec.advance) +
                                         " samples ahead but has only " + std::to_string(spec.taps.size()) +
                                         " taps: the advance must be smaller than the number of taps");
  }
}

filter_spec with_phase(std::vector<double> taps, phase where) {
  filter_spec spec{std::move(taps), 0};
  check(spec);
  if (where == phase::causal) return spec;
  if (spec.taps.size() % 2 == 0) {
    throw error(exit_code::usage, "zero phase needs an odd number of taps and the filter has " +
                                      std::to_string(spec.taps.size()) +
                                      ": add or drop one tap, or ask for a causal filter");
  }
  spec.advance = (spec.taps.size() - 1) / 2;
  return spec;
}

bool is_centred_symmetric(const filter_spec& spec) {
  const std::size_t n = spec.taps.size();
  if (2 * spec.advance + 1 != n) return false;
  for (std::size_t k = 0; k < n / 2; ++k) {
    if (spec.taps[k] != spec.taps[n - 1 - k]) return false;
  }
  return true;
}

double absolute_sum(const filter_spec& spec) {
  double sum = 0;
  for (const double tap : spec.taps) sum += std::abs(tap);
  return sum;
}

}  // namespace weir::fir

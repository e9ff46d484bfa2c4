#include "exact_transform.hpp"

#include <cmath>
#include <numbers>
#include <utility>

namespace weir::fir {

exact root_of_unity(std::size_t part, std::size_t whole) {
  const long double angle = 2 * std::numbers::pi_v<long double> * static_cast<long double>(part % whole) /
                            static_cast<long double>(whole);
  return {std::cos(angle), -std::sin(angle)};
}

std::vector<exact> roots_of_unity(std::size_t n) {
  std::vector<exact> roots(n);
  for (std::size_t k = 0; k < n; ++k) roots[k] = root_of_unity(k, n);
  return roots;
}

std::vector<exact> exact_transform(const std::vector<exact>& x, const std::vector<exact>& roots) {
  const std::size_t n = x.size();
  // Stockham's decimation in frequency: natural order in, natural order out.
  std::vector<exact> from = x;
  std::vector<exact> to(n);
  for (std::size_t half = n / 2, stride = 1; half > 0; half /= 2, stride *= 2) {
    for (std::size_t p = 0; p < half; ++p) {
      for (std::size_t s = 0; s < stride; ++s) {
        const exact a = from[s + stride * p];
        const exact b = from[s + stride * (p + half)];
        to[s + stride * 2 * p] = a + b;
        to[s + stride * (2 * p + 1)] = product(a - b, roots[p * stride]);
      }
    }
    std::swap(from, to);
  }
  return from;
}

}  // namespace weir::fir

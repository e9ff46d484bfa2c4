#include "dft.hpp"

#include <bit>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <weir/error.hpp>

namespace weir::fir {
namespace {

void reverse_bits(std::span<std::complex<double>> values) {
  for (std::size_t i = 1, reversed = 0; i < values.size(); ++i) {
    std::size_t bit = values.size() / 2;
    for (; reversed & bit; bit /= 2) reversed ^= bit;
    reversed ^= bit;
    if (i < reversed) std::swap(values[i], values[reversed]);
  }
}

}  // namespace

void dft(std::span<std::complex<double>> values, dft_direction direction) {
  const std::size_t count = values.size();
  if (!std::has_single_bit(count)) {
    throw error(exit_code::internal,
                "a transform of " + std::to_string(count) + " values, not a power of two");
  }
  const double turn =
      (direction == dft_direction::forward ? -2 : 2) * std::numbers::pi / static_cast<double>(count);
  std::vector<std::complex<double>> twiddles(count / 2);
  for (std::size_t k = 0; k < twiddles.size(); ++k)
    twiddles[k] = std::polar(1.0, turn * static_cast<double>(k));

  reverse_bits(values);
  for (std::size_t half = 1; half < count; half *= 2) {
    const std::size_t stride = count / (2 * half);
    for (std::size_t begin = 0; begin < count; begin += 2 * half) {
      for (std::size_t k = 0; k < half; ++k) {
        std::complex<double>& low = values[begin + k];
        std::complex<double>& high = values[begin + k + half];
        const std::complex<double> w = twiddles[k * stride];
        // Written out: the library's product looks for infinities.
        const std::complex<double> turned(high.real() * w.real() - high.imag() * w.imag(),
                                          high.real() * w.imag() + high.imag() * w.real());
        high = low - turned;
        low += turned;
      }
    }
  }
}

}  // namespace weir::fir

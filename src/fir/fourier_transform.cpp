#include <algorithm>
#include <bit>
#include <numbers>
#include <string>
#include <utility>

#include <weir/error.hpp>
#include <weir/fir/fourier_transform.hpp>

namespace weir::fir {
namespace {

void reverse_bits(std::span<std::complex<double>> values) {
  for (std::size_t i = 1, reversed = 0; i < values.size(); ++i) {
    std::size_t bit = values.size() / 2;
    for (; (reversed & bit) != 0; bit /= 2) reversed ^= bit;
    reversed ^= bit;
    if (i < reversed) std::swap(values[i], values[reversed]);
  }
}

}  // namespace

fourier_transform::fourier_transform(std::size_t length) : length_(length), roots_(length / 2) {
  if (!std::has_single_bit(length)) {
    throw error(exit_code::internal,
                "a transform of " + std::to_string(length) + " values, not a power of two");
  }
  const double turn = -2 * std::numbers::pi / static_cast<double>(length);
  for (std::size_t k = 0; k < roots_.size(); ++k) roots_[k] = std::polar(1.0, turn * static_cast<double>(k));
}

void fourier_transform::forward(std::span<std::complex<double>> values) const {
  reverse_bits(values);
  for (std::size_t half = 1; half < length_; half *= 2) {
    const std::size_t stride = length_ / (2 * half);
    for (std::size_t begin = 0; begin < length_; begin += 2 * half) {
      for (std::size_t k = 0; k < half; ++k) {
        std::complex<double>& low = values[begin + k];
        std::complex<double>& high = values[begin + k + half];
        const std::complex<double> root = roots_[k * stride];
        // Written out: the library's product looks for infinities.
        const std::complex<double> turned(high.real() * root.real() - high.imag() * root.imag(),
                                          high.real() * root.imag() + high.imag() * root.real());
        high = low - turned;
        low += turned;
      }
    }
  }
}

void fourier_transform::inverse(std::span<std::complex<double>> values) const {
  forward(values);
  // The other sign of the exponent is the other order of the results.
  std::reverse(values.begin() + 1, values.end());
}

}  // namespace weir::fir

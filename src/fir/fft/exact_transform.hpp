#pragma once

#include <complex>
#include <cstddef>
#include <vector>

/// The discrete Fourier transform in long double, by the textbook: for tables.
namespace weir::fir {

using exact = std::complex<long double>;

/// exp(-2 pi i part / whole).
exact root_of_unity(std::size_t part, std::size_t whole);

/// exp(-2 pi i k / n), k < n.
std::vector<exact> roots_of_unity(std::size_t n);

/// Of finite numbers: without the language's care for others, which costs more than the product.
inline exact product(exact a, exact b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// The transform of any power of two, whose `roots_of_unity` are given.
std::vector<exact> exact_transform(const std::vector<exact>& x, const std::vector<exact>& roots);

}  // namespace weir::fir

#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace weir::fir {

/// The discrete Fourier transform of one length, a power of two, in natural order and in place (Cooley and
/// Tukey's radix 2). For designing and for looking, where a transform is taken some times: rows are filtered
/// by an engine of their own.
class fourier_transform {
 public:
  /// Throws error(internal) unless the length is a power of two.
  explicit fourier_transform(std::size_t length);

  std::size_t length() const { return length_; }

  /// Sum over i of x[i] exp(-2 pi j i k / length), for all k. `values` has the transform's length.
  void forward(std::span<std::complex<double>> values) const;

  /// The same with the other sign, not divided by the length.
  void inverse(std::span<std::complex<double>> values) const;

 private:
  std::size_t length_;
  std::vector<std::complex<double>> roots_;
};

}  // namespace weir::fir

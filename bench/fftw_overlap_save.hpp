#pragma once

#include <memory>
#include <span>
#include <vector>

namespace weir::bench {

/// The filter that a careful user of FFTW writes: overlap-save with real transforms of the fastest length,
/// planned with FFTW_MEASURE, in place, with the reflecting boundary.
template <class T>
class fftw_overlap_save {
 public:
  /// Centred taps, an odd number of them. Tries lengths and keeps the fastest.
  explicit fftw_overlap_save(std::span<const double> taps);
  fftw_overlap_save(fftw_overlap_save&&) noexcept;
  ~fftw_overlap_save();

  void operator()(std::span<T> row);
  std::size_t length() const;

 private:
  struct plan;
  std::unique_ptr<plan> plan_;
};

}  // namespace weir::bench

#include "fftw_overlap_save.hpp"

#include <algorithm>
#include <bit>
#include <complex>
#include <ctime>
#include <limits>

#include <fftw3.h>

namespace weir::bench {
namespace {

/// FFTW's names for one type.
template <class T>
struct fftw;

template <>
struct fftw<double> {
  using plan = fftw_plan;
  using complex = fftw_complex;
  static constexpr auto forward = fftw_plan_dft_r2c_1d;
  static constexpr auto backward = fftw_plan_dft_c2r_1d;
  static constexpr auto execute = fftw_execute;
  static constexpr auto destroy = fftw_destroy_plan;
  static constexpr auto allocate = fftw_alloc_real;
  static constexpr auto release = fftw_free;
};

template <>
struct fftw<float> {
  using plan = fftwf_plan;
  using complex = fftwf_complex;
  static constexpr auto forward = fftwf_plan_dft_r2c_1d;
  static constexpr auto backward = fftwf_plan_dft_c2r_1d;
  static constexpr auto execute = fftwf_execute;
  static constexpr auto destroy = fftwf_destroy_plan;
  static constexpr auto allocate = fftwf_alloc_real;
  static constexpr auto release = fftwf_free;
};

constexpr std::size_t trial_row = 400'000;
constexpr int trials = 5;

}  // namespace

template <class T>
struct fftw_overlap_save<T>::plan {
  plan(std::span<const double> taps, std::size_t transform_length)
      : length(transform_length),
        radius(taps.size() / 2),
        segment(fftw<T>::allocate(length)),
        spectrum(fftw<T>::allocate(2 * (length / 2 + 1))),
        response(length / 2 + 1),
        history(radius),
        forward(fftw<T>::forward(static_cast<int>(length), segment, bins(), FFTW_MEASURE)),
        backward(fftw<T>::backward(static_cast<int>(length), bins(), segment, FFTW_MEASURE)) {
    std::fill_n(segment, length, T{0});
    // Centred on sample 0, so that outputs stand where their inputs do.
    for (std::size_t k = 0; k < taps.size(); ++k) {
      segment[(k + length - radius) % length] = static_cast<T>(taps[k] / static_cast<double>(length));
    }
    fftw<T>::execute(forward);
    std::copy_n(numbers(), response.size(), response.begin());
  }
  plan(const plan&) = delete;
  plan& operator=(const plan&) = delete;
  ~plan() {
    fftw<T>::destroy(forward);
    fftw<T>::destroy(backward);
    fftw<T>::release(segment);
    fftw<T>::release(spectrum);
  }

  typename fftw<T>::complex* bins() { return reinterpret_cast<typename fftw<T>::complex*>(spectrum); }
  std::complex<T>* numbers() { return reinterpret_cast<std::complex<T>*>(spectrum); }

  void filter(std::span<T> row) {
    const std::size_t n = row.size();
    const std::size_t valid = length - 2 * radius;
    for (std::size_t j = 0; j < radius; ++j) history[radius - 1 - j] = row[j];
    for (std::size_t begin = 0; begin < n; begin += valid) {
      const std::size_t inside = std::min(length - radius, n - begin);
      std::copy(history.begin(), history.end(), segment);
      std::copy_n(row.data() + begin, inside, segment + radius);
      for (std::size_t j = inside; j < length - radius; ++j) {
        const std::size_t beyond = begin + j - n;
        segment[radius + j] = beyond < radius ? row[n - 1 - beyond] : T{0};
      }
      const std::size_t end = std::min(begin + valid, n);
      if (end < n) std::copy_n(segment + valid, radius, history.begin());
      fftw<T>::execute(forward);
      multiply();
      fftw<T>::execute(backward);
      std::copy_n(segment + radius, end - begin, row.data() + begin);
    }
  }

  void multiply() {
    T* const x = spectrum;
    const T* const h = reinterpret_cast<const T*>(response.data());
    for (std::size_t k = 0; k < 2 * response.size(); k += 2) {
      const T re = x[k] * h[k] - x[k + 1] * h[k + 1];
      x[k + 1] = x[k] * h[k + 1] + x[k + 1] * h[k];
      x[k] = re;
    }
  }

  std::size_t length;
  std::size_t radius;
  T* segment;
  T* spectrum;
  std::vector<std::complex<T>> response;
  std::vector<T> history;
  typename fftw<T>::plan forward;
  typename fftw<T>::plan backward;
};

template <class T>
fftw_overlap_save<T>::fftw_overlap_save(std::span<const double> taps) {
  std::vector<T> row(trial_row, T{1});
  // Time of the processor, not of the wall: others may be using the machine.
  auto fastest = std::numeric_limits<std::clock_t>::max();
  const std::size_t shortest = std::max<std::size_t>(256, std::bit_ceil(2 * taps.size()));
  for (std::size_t length = shortest; length <= 8 * shortest; length *= 2) {
    auto candidate = std::make_unique<plan>(taps, length);
    auto best = std::numeric_limits<std::clock_t>::max();
    for (int trial = 0; trial < trials; ++trial) {
      const std::clock_t begin = std::clock();
      candidate->filter(row);
      best = std::min(best, std::clock() - begin);
    }
    if (best < fastest) {
      fastest = best;
      plan_ = std::move(candidate);
    }
  }
}

template <class T>
fftw_overlap_save<T>::fftw_overlap_save(fftw_overlap_save&&) noexcept = default;

template <class T>
fftw_overlap_save<T>::~fftw_overlap_save() = default;

template <class T>
void fftw_overlap_save<T>::operator()(std::span<T> row) {
  plan_->filter(row);
}

template <class T>
std::size_t fftw_overlap_save<T>::length() const {
  return plan_->length;
}

template class fftw_overlap_save<float>;
template class fftw_overlap_save<double>;

}  // namespace weir::bench

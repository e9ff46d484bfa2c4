#pragma once

#include <complex>
#include <concepts>
#include <cstddef>
#include <vector>

#include <weir/fir/aligned_buffer.hpp>
#include <weir/fir/filter_spec.hpp>

#include "transform_view.hpp"

namespace weir::fir {

/// The tables of a transform of one length with a filter's response. Owns what its view shows.
template <std::floating_point T>
class transform_plan {
 public:
  /// The shortest transform that the passes make.
  static constexpr std::size_t shortest = 4 * (64 / sizeof(T)) * (64 / sizeof(T));

  /// `length` is a power of two, at least `shortest` and the number of taps. The filter stands around sample
  /// 0 of the transform: output i is that of samples i + advance - k, modulo `length`.
  transform_plan(std::size_t length, const filter_spec& spec);

  const transform_view<T>& view() const { return view_; }
  /// Numbers of the work buffer that the passes use.
  std::size_t work_size() const { return 2 * place_of_slot(view_.slots) * (view_.length / view_.slots); }

 private:
  void build_outer_passes();
  void build_lane_twiddles(const std::vector<std::size_t>& frequencies);
  void build_response(const std::vector<std::size_t>& frequencies, const filter_spec& spec);

  aligned_buffer<T> outer_twiddles_;
  aligned_buffer<T> lane_twiddles_;
  aligned_buffer<T> response_;
  transform_view<T> view_{};
};

/// The discrete Fourier transform of any power of two, in long double, by the textbook: for tables.
std::vector<std::complex<long double>> exact_transform(const std::vector<std::complex<long double>>& x);

}  // namespace weir::fir

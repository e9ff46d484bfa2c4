#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

#include <weir/fir/aligned_buffer.hpp>
#include <weir/fir/filter_spec.hpp>

#include "exact_transform.hpp"
#include "transform_view.hpp"

namespace weir::fir {

/// The tables of a transform of one length with the responses of one filter or more. Owns what its views
/// show.
template <std::floating_point T>
class transform_plan {
 public:
  /// The shortest transform that the passes make.
  static constexpr std::size_t shortest = 4 * group_slots * (64 / sizeof(T));

  /// `length` is a power of two, at least `shortest`, and the number of taps is at most that, or twice that
  /// where segments are joined. The filter stands around sample 0 of the circle that is filtered: output i is
  /// that of samples i + advance - k, modulo its length. That is `length`; or, joined, 2 * `length`, and a
  /// sample that is met across the circle's ends counts with the other sign.
  transform_plan(std::size_t length, pairing pair, const filter_spec& spec);

  /// With a response for each of the filters, complex also where it could be real.
  transform_plan(std::size_t length, pairing pair, std::span<const filter_spec> specs);

  const transform_view<T>& view() const { return view_; }
  /// With the response of filter `i`.
  transform_view<T> view_of(std::size_t i) const;
  /// Numbers of the work buffer that the passes use.
  std::size_t work_size() const { return 2 * place_of_slot(view_.slots) * (view_.length / view_.slots); }

 private:
  /// Returns the frequency q of each slot.
  std::vector<std::size_t> build_tables(std::size_t length, pairing pair);
  /// Quarters by which the transform's frequencies are lower than whole numbers.
  std::size_t quarters() const { return view_.pair == pairing::joined ? 1 : 0; }
  /// exp(-2 pi i n k / whole) for the k-th of those frequencies.
  exact root_at(std::size_t n, std::size_t k, std::size_t whole) const;
  void build_outer_passes();
  void build_lane_twiddles(const std::vector<std::size_t>& frequencies);
  aligned_buffer<T> response_of(const std::vector<std::size_t>& frequencies, const std::vector<exact>& roots,
                                const filter_spec& spec, bool is_real) const;

  aligned_buffer<T> outer_twiddles_;
  aligned_buffer<T> lane_twiddles_;
  std::vector<aligned_buffer<T>> responses_;
  transform_view<T> view_{};
};

}  // namespace weir::fir

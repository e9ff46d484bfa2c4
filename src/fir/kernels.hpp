#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <weir/fir/instruction_set.hpp>
#include <weir/sample_type.hpp>

#include "fft/segment_pair.hpp"
#include "fft/transform_view.hpp"
#include "memory_ahead.hpp"
#include "polyphase_branch.hpp"

namespace weir::fir {

/// Kernels that read and write samples of one storage type.
template <std::floating_point A, sample S>
struct sample_kernels {
  /// Converts `count` samples; returns how many are NaN or infinite.
  std::uint64_t (*read)(const S* from, std::size_t count, A* to);
  /// Rounds and stores `count` results elsewhere; returns how many did not fit.
  std::uint64_t (*write)(const A* from, std::size_t count, S* to);
  /// to[r * stride + i] = from[i * streams + r], for all streams r and `columns` numbers i of each,
  /// converted; returns how many are NaN or infinite.
  std::uint64_t (*deal_out)(const S* from, std::size_t streams, std::size_t columns, A* to,
                            std::size_t stride);
  /// The transform's first pass, from the row to the work buffer. False when a sample is not finite or so
  /// large that the transform might overflow; the work buffer is then of no use.
  bool (*first_pass)(const transform_view<A>& plan, const segment_pair_source<S>& source, A* work);
  /// The last pass, from the work buffer, which it leaves as it is, to the row. False when a result does not
  /// fit; what is in the row is then of no use.
  bool (*last_pass)(const transform_view<A>& plan, const A* work, const segment_pair_target<S>& target);
};

/// The direct sum of no more than most_short_taps, in an order of its own (direct_order.hpp).
template <std::floating_point A>
struct short_sum_kernel {
  /// out[i] = sum over j of taps[j] * window[i + j]; null where an instruction set has none. Computes whole
  /// tiles: the window and `out` have room for `outputs` rounded up to `direct_tile`, the window for the
  /// taps' number less one and two cache lines beside.
  ///
  /// Where it is a stream it reads streamed_lead samples, and then samples for streamed_tile registers of
  /// outputs before it stores those: `out` may lie in the window, up to streamed_lead behind its begin. It
  /// then returns how many of the samples that it reads behind the first streamed_lead are NaN or infinite,
  /// as many as it stores outputs.
  std::uint64_t (*sum)(const A* taps, std::size_t count, const A* window, std::size_t outputs,
                       A* out) = nullptr;
  std::size_t stream_lanes = 0;  ///< numbers of a register of the stream; 0 where it is none
};

/// The kernels of one instruction set in arithmetic A.
template <std::floating_point A>
struct kernel_set : sample_kernels<A, std::int16_t>,
                    sample_kernels<A, std::uint16_t>,
                    sample_kernels<A, std::int32_t>,
                    sample_kernels<A, float>,
                    sample_kernels<A, double> {
  template <sample S>
  const sample_kernels<A, S>& samples() const {
    return *this;
  }

  /// out[i] = sum over j of taps[j] * window[i + j]. Computes whole tiles: the window and `out` have room for
  /// `outputs` rounded up to `direct_tile`, the window for the taps' number less one and a cache line beside,
  /// which is read as a whole. Meanwhile the cache is asked for what is ahead.
  void (*direct_sum)(const A* taps, std::size_t count, const A* window, std::size_t outputs, A* out,
                     memory_ahead ahead);
  std::size_t direct_tile;
  short_sum_kernel<A> short_sum;
  /// out[i] = sum over the branches, over j, of taps[first_tap + j] * window[place + i + j]. Computes tiles
  /// of 16 (double) or 32 (float): the window and `out` have room for `outputs` rounded up to it, the window
  /// for a cache line beside. Meanwhile the cache is asked for what is ahead.
  void (*polyphase_sum)(const polyphase_branch* branches, std::size_t count, const A* taps, const A* window,
                        std::size_t outputs, A* out, memory_ahead ahead);
  /// All passes between the first and the last, in the work buffer, with the filter's response. Meanwhile the
  /// cache is asked for what is ahead.
  void (*inner_passes)(const transform_view<A>& plan, memory_ahead ahead, A* work);
  /// The last pass of one pair and, butterfly by butterfly, the first pass of the next one, whose source the
  /// first one's target does not overlap, of joined segments. Returns what `first_pass` does. Null where an
  /// instruction set has none.
  bool (*last_and_first_pass)(const transform_view<A>& plan, A* work, const segment_pair_target<A>& target,
                              const segment_pair_source<A>& source);
  /// The first half of the inner passes, added to `sums`, which is as large as the work buffer. The plan's
  /// response is not taken for real.
  void (*add_spectrum)(const transform_view<A>& plan, memory_ahead ahead, A* work, A* sums);
  /// The second half, from sums to the work buffer.
  void (*return_spectrum)(const transform_view<A>& plan, A* sums, A* work);
};

/// The kernels for an available instruction set. Throws error(usage) for another one.
template <std::floating_point A>
const kernel_set<A>& kernels_for(instruction_set set);

// Each is defined in the source file that is compiled for its instruction set, where the target has it.
extern const kernel_set<float> baseline_float_kernels;
extern const kernel_set<double> baseline_double_kernels;
extern const kernel_set<float> neon_float_kernels;
extern const kernel_set<double> neon_double_kernels;
extern const kernel_set<float> avx2_float_kernels;
extern const kernel_set<double> avx2_double_kernels;
extern const kernel_set<float> avx512_float_kernels;
extern const kernel_set<double> avx512_double_kernels;

}  // namespace weir::fir

#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include <weir/fir/boundary.hpp>
#include <weir/fir/filter_scratch.hpp>
#include <weir/fir/filter_spec.hpp>
#include <weir/fir/instruction_set.hpp>
#include <weir/sample_type.hpp>

namespace weir::fir {

/// How a row is filtered.
enum class method {
  automatic,  ///< the faster of the two; depends on the taps and the arithmetic type alone
  direct,     ///< the sum itself; the fastest for few taps
  fft,        ///< overlap-save with a fast Fourier transform
};

/// What happened to samples on the way.
struct row_counts {
  std::uint64_t clipped = 0;    ///< outputs that did not fit the integer type (NaN included, stored as 0)
  std::uint64_t nonfinite = 0;  ///< inputs that were NaN or infinite

  row_counts& operator+=(const row_counts& other) {
    clipped += other.clipped;
    nonfinite += other.nonfinite;
    return *this;
  }
  friend bool operator==(const row_counts&, const row_counts&) = default;
};

/// How far an output is from the exact sum at most, in units of the sum of the absolute taps times the
/// largest |x| nearby.
template <std::floating_point A>
inline constexpr double error_bound = std::same_as<A, double> ? 1e-14 : 2e-6;

/// Filters rows of samples, a piece at a time, in arithmetic of type A (float or double).
///
/// **Same bits.** A row may be cut into pieces at any multiples of `grid()`, counted from the row's first
/// sample; every cutting gives the same bits, in place or not, as long as the contexts are the true ones.
///
/// **Error.** An output errs by at most `error_bound<A>`, where nearby is among the taps' reach with
/// `direct`, within `grid()` plus the contexts with `fft`, whose quiet samples beside a huge artefact carry
/// the artefact's rounding error.
///
/// **Non-finite samples** change exactly the outputs that the direct sum lets them reach: `fft` computes the
/// stretches that hold one directly.
///
/// Const and without state between calls: one filter serves any number of threads, each with a scratch.
template <std::floating_point A>
class row_filter {
 public:
  /// Prepares the filter: for `fft` a table as long as the transform is computed.
  ///
  /// Throws what `check(spec)` throws; error(usage) when `set` is not available here, or when taps are too
  /// large for A, or, with `fft`, so large that the transform could overflow where the sum does not.
  explicit row_filter(const filter_spec& spec, method how = method::automatic,
                      instruction_set set = best_instruction_set());

  /// Samples of context that a call wants ahead of a piece; at least taps - 1 - advance.
  std::size_t before() const;
  /// Samples of context that a call wants behind a piece; at least advance.
  std::size_t after() const;
  /// A row may be cut only at multiples of this, counted from its first sample.
  std::size_t grid() const;

  /// "direct" or "fft".
  std::string_view engine() const;
  /// The transform's length in complex samples; 0 with `direct`.
  std::size_t fft_size() const;
  /// The instruction set that the kernels use.
  instruction_set instructions() const;

  using scratch = filter_scratch<A>;
  scratch make_scratch() const;

  /// Filters one piece. `in` and `out` have the same size and are either the same memory or do not overlap;
  /// both begin at a multiple of `grid()` of their row and end at one or at the row's end. `before` ends at
  /// the extended row's sample ahead of `in`, `after` begins at the one behind it; they hold at least
  /// `before()` and `after()` samples, and overlap neither.
  ///
  /// Throws error(internal) when the sizes do not fit.
  template <sample S>
  row_counts operator()(std::span<const A> before, std::span<const S> in, std::span<const A> after,
                        std::span<S> out, scratch& work) const;

 private:
  struct engines;
  std::shared_ptr<const engines> engines_;
};

/// Filters a whole row in memory, in place, with the contexts that the boundary gives.
template <std::floating_point A, sample S>
row_counts filter_row(const row_filter<A>& filter, const boundary& edge, std::span<S> row,
                      filter_scratch<A>& work);

}  // namespace weir::fir

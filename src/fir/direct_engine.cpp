#include "direct_engine.hpp"

#include <algorithm>

#include <weir/partition.hpp>

#include "sample_pairs.hpp"

namespace weir::fir {
namespace {

/// Numbers that the window takes in before it moves: small enough to stay in the first-level cache beside
/// the results.
template <class A>
constexpr std::size_t usual_step = 8192 / sizeof(A);

}  // namespace

template <std::floating_point A>
direct_engine<A>::direct_engine(const filter_spec& spec, const kernel_set<A>& kernels)
    : kernels_(&kernels), advance_(spec.advance) {
  reversed_taps_.reserve(spec.taps.size());
  for (auto tap = spec.taps.rbegin(); tap != spec.taps.rend(); ++tap) {
    reversed_taps_.push_back(static_cast<A>(*tap));
  }
  // A step not much shorter than the taps keeps what moving the window costs below what the sums cost.
  step_ = round_up(std::max(usual_step<A>, reversed_taps_.size() / 2), tile());
}

template <std::floating_point A>
std::size_t direct_engine<A>::scratch_size() const {
  return round_up(step_ + reversed_taps_.size() - 1, cache_line_bytes) + step_;
}

template <std::floating_point A>
template <sample S>
row_counts direct_engine<A>::filter(std::span<const A> before, std::span<const S> in,
                                    std::span<const A> after, std::span<S> out, std::span<A> scratch) const {
  const sample_kernels<A, S>& samples = kernels_->template samples<S>();
  const std::size_t history = reversed_taps_.size() - 1;
  A* const window = scratch.data();
  A* const results = scratch.data() + round_up(step_ + history, cache_line_bytes);
  row_counts counts;

  std::size_t taken = 0;  // samples of `in` that the window has taken
  std::size_t taken_after = 0;
  const auto take = [&](A* to, std::size_t count) {
    const std::size_t from_in = std::min(count, in.size() - taken);
    counts.nonfinite += samples.read(in.data() + taken, from_in, to);
    taken += from_in;
    const std::size_t from_after = std::min(count - from_in, advance_ - taken_after);
    std::copy_n(after.data() + taken_after, from_after, to + from_in);
    taken_after += from_after;
    std::fill_n(to + from_in + from_after, count - from_in - from_after, A{0});
  };

  std::copy(before.end() - static_cast<std::ptrdiff_t>(this->before()), before.end(), window);
  take(window + this->before(), advance_);
  for (std::size_t done = 0; done < in.size(); done += step_) {
    const std::size_t outputs = std::min(step_, in.size() - done);
    take(window + history, round_up(outputs, tile()));
    const memory_ahead next{in.data() + taken, std::min(step_, in.size() - taken) * sizeof(S)};
    if constexpr (std::is_same_v<S, A>) {
      const std::size_t whole = outputs / tile() * tile();
      sum(window, whole, out.data() + done, next);
      sum(window + whole, outputs - whole, results);
      std::copy_n(results, outputs - whole, out.data() + done + whole);
    } else {
      sum(window, outputs, results, next);
      counts.clipped += samples.write(results, outputs, out.data() + done);
    }
    std::copy_n(window + outputs, history, window);
  }
  return counts;
}

template class direct_engine<float>;
template class direct_engine<double>;

#define WEIR_INSTANTIATE(S, A)                                                            \
  template row_counts direct_engine<A>::filter<S>(std::span<const A>, std::span<const S>, \
                                                  std::span<const A>, std::span<S>, std::span<A>) const;
WEIR_FOR_EVERY_SAMPLE_AND_ARITHMETIC(WEIR_INSTANTIATE)
#undef WEIR_INSTANTIATE

}  // namespace weir::fir

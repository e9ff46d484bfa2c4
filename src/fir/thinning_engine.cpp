#include "thinning_engine.hpp"

#include <algorithm>

#include <weir/partition.hpp>

#include "sample_pairs.hpp"

namespace weir::fir {
namespace {

/// Pairs of segments that are filtered at a time: most of them then have their neighbours beside them.
constexpr std::size_t pairs_a_step = 8;

}  // namespace

template <std::floating_point A>
thinning_engine<A>::thinning_engine(const filter_spec& spec, rate_ratio rate, instruction_set set)
    : filter_(spec, method::fft, set), rate_(rate), kernels_(&kernels_for<A>(set)) {}

template <std::floating_point A>
std::size_t thinning_engine<A>::step() const {
  return pairs_a_step * grid();
}

template <std::floating_point A>
std::size_t thinning_engine<A>::scratch_size() const {
  return 2 * before() + step() + after() + ceil_div(step(), rate_.down);
}

template <std::floating_point A>
template <sample S>
row_counts thinning_engine<A>::filter(std::size_t first, std::span<const A> before, std::span<const S> in,
                                      std::span<const A> after, std::span<S> out, std::span<A> scratch,
                                      typename row_filter<A>::scratch& inner) const {
  const sample_kernels<A, S>& samples = kernels_->template samples<S>();
  const std::size_t ahead = this->before();
  const std::size_t behind = this->after();
  const std::span<A> history = scratch.first(ahead);
  const std::span<A> next_history = scratch.subspan(ahead, ahead);
  A* const results = scratch.data() + 2 * ahead;
  A* const kept = results + step() + behind;
  const std::size_t first_output = rate_.outputs_before(first);
  row_counts counts;

  std::ranges::copy(before.last(ahead), history.begin());
  for (std::size_t begin = 0; begin < in.size(); begin += step()) {
    const std::size_t count = std::min(step(), in.size() - begin);
    counts.nonfinite += samples.read(in.data() + begin, count, results);
    const std::size_t inside = std::min(behind, in.size() - begin - count);
    samples.read(in.data() + begin + count, inside, results + count);
    std::copy_n(after.data(), behind - inside, results + count + inside);
    // Only the last step is shorter than the neighbours that a next one would want.
    if (count >= ahead) std::copy_n(results + count - ahead, ahead, next_history.begin());

    const std::span<A> all(results, count);
    filter_.template operator()<A>(history, all, std::span<const A>(results + count, behind), all, inner);
    const index_range outputs = rate_.outputs_in({first + begin, first + begin + count});
    for (std::size_t m = outputs.begin; m < outputs.end; ++m) {
      kept[m - outputs.begin] = results[m * rate_.down - first - begin];
    }
    counts.clipped += samples.write(kept, outputs.size(), out.data() + outputs.begin - first_output);
    std::ranges::copy(next_history, history.begin());
  }
  return counts;
}

template class thinning_engine<float>;
template class thinning_engine<double>;

#define WEIR_INSTANTIATE(S, A)                                                                           \
  template row_counts thinning_engine<A>::filter<S>(std::size_t, std::span<const A>, std::span<const S>, \
                                                    std::span<const A>, std::span<S>, std::span<A>,      \
                                                    row_filter<A>::scratch&) const;
WEIR_FOR_EVERY_SAMPLE_AND_ARITHMETIC(WEIR_INSTANTIATE)
#undef WEIR_INSTANTIATE

}  // namespace weir::fir

#include "direct_engine.hpp"

#include <algorithm>

#include <weir/partition.hpp>

#include "direct_order.hpp"
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
std::size_t direct_engine<A>::window_size() const {
  constexpr std::size_t line = simd::lanes_of_order<A>;
  return round_up(step_ + reversed_taps_.size() - 1, line) + 2 * line;
}

/// One call: a piece of a row.
template <std::floating_point A>
template <sample S>
class direct_engine<A>::run {
 public:
  run(const direct_engine& engine, std::span<const A> before, std::span<const S> in, std::span<const A> after,
      std::span<S> out, std::span<A> scratch)
      : engine_(engine),
        before_(before.last(engine.before())),
        in_(in),
        after_(after.first(engine.after())),
        out_(out),
        window_(scratch.data()),
        results_(scratch.data() + engine.window_size()) {}

  row_counts filter() {
    const std::size_t streamed = streamed_outputs();
    if constexpr (std::is_same_v<S, A>) {
      if (streamed > 0) {
        stream(streamed);
        return counts_;
      }
    }
    slide();
    return counts_;
  }

 private:
  void slide() {
    const std::size_t history = engine_.reversed_taps_.size() - 1;
    std::copy(before_.begin(), before_.end(), window_);
    take(window_ + before_.size(), after_.size());
    for (std::size_t done = 0; done < in_.size(); done += engine_.step_) {
      const std::size_t outputs = std::min(engine_.step_, in_.size() - done);
      take(window_ + history, round_up(outputs, engine_.tile()));
      const memory_ahead next{in_.data() + taken_, std::min(engine_.step_, in_.size() - taken_) * sizeof(S)};
      if constexpr (std::is_same_v<S, A>) {
        const std::size_t whole = outputs / engine_.tile() * engine_.tile();
        sum(window_, whole, out_.data() + done, next);
        sum(window_ + whole, outputs - whole, results_, {});
        std::copy_n(results_, outputs - whole, out_.data() + done + whole);
      } else {
        sum(window_, outputs, results_, next);
        counts_.clipped += samples().write(results_, outputs, out_.data() + done);
      }
      std::copy_n(window_ + outputs, history, window_);
    }
  }

  /// The next numbers of the extended piece, zeros behind its end.
  void take(A* to, std::size_t count) {
    const std::size_t from_in = std::min(count, in_.size() - taken_);
    counts_.nonfinite += samples().read(in_.data() + taken_, from_in, to);
    taken_ += from_in;
    const std::size_t from_after = std::min(count - from_in, after_.size() - taken_after_);
    std::copy_n(after_.data() + taken_after_, from_after, to + from_in);
    taken_after_ += from_after;
    std::fill_n(to + from_in + from_after, count - from_in - from_after, A{0});
  }

  const short_sum_kernel<A>& short_sum() const { return engine_.kernels_->short_sum; }

  bool is_short() const {
    return std::is_same_v<S, A> && short_sum().sum != nullptr &&
           engine_.reversed_taps_.size() <= simd::most_short_taps;
  }

  void sum(const A* window, std::size_t outputs, A* out, memory_ahead ahead) const {
    if (!is_short()) return engine_.sum(window, outputs, out, ahead);
    short_sum().sum(engine_.reversed_taps_.data(), engine_.reversed_taps_.size(), window, outputs, out);
  }

  /// Outputs from here on can be summed in the row: all the samples that they need are in it. The first one
  /// lies on a cache line where the row does.
  std::size_t first_streamed() const { return round_up(before_.size(), simd::lanes_of_order<A>); }

  std::size_t lead() const {
    return simd::streamed_lead(engine_.reversed_taps_.size(), short_sum().stream_lanes);
  }

  /// The piece's samples that a stream has passed, or read, before its first tile.
  std::size_t read_first() const { return first_streamed() - before_.size() + lead(); }

  /// How many outputs a stream can sum in the row: whole tiles.
  std::size_t streamed_outputs() const {
    if (!is_short() || short_sum().stream_lanes == 0 || in_.size() < read_first()) return 0;
    const std::size_t tile = simd::streamed_tile * short_sum().stream_lanes;
    return (in_.size() - read_first()) / tile * tile;
  }

  /// Both ends are summed aside before their samples are replaced, and only they are copied.
  void stream(std::size_t outputs) {
    const std::size_t first = first_streamed();
    const std::size_t last = first + outputs;
    A* const front = results_;
    A* const back = results_ + round_up(first, engine_.tile());
    std::copy(before_.begin(), before_.end(), window_);
    counts_.nonfinite += samples().read(in_.data(), read_first(), window_ + before_.size());
    sum(window_, first, front, {});
    // The stream reads the first `lead()` samples of the window at the back as well, and counts them.
    const std::size_t read = read_first() + outputs;
    std::copy_n(in_.data() + read - lead(), lead(), window_);
    counts_.nonfinite += samples().read(in_.data() + read, in_.size() - read, window_ + lead());
    std::copy(after_.begin(), after_.end(), window_ + lead() + in_.size() - read);
    sum(window_, in_.size() - last, back, {});
    counts_.nonfinite += short_sum().sum(engine_.reversed_taps_.data(), engine_.reversed_taps_.size(),
                                         in_.data() + first - before_.size(), outputs, out_.data() + first);
    std::copy_n(front, first, out_.data());
    std::copy_n(back, in_.size() - last, out_.data() + last);
  }

  const sample_kernels<A, S>& samples() const { return engine_.kernels_->template samples<S>(); }

  const direct_engine& engine_;
  std::span<const A> before_;
  std::span<const S> in_;
  std::span<const A> after_;
  std::span<S> out_;
  A* window_;
  A* results_;
  std::size_t taken_ = 0;
  std::size_t taken_after_ = 0;
  row_counts counts_;
};

template <std::floating_point A>
template <sample S>
row_counts direct_engine<A>::filter(std::span<const A> before, std::span<const S> in,
                                    std::span<const A> after, std::span<S> out, std::span<A> scratch) const {
  return run<S>(*this, before, in, after, out, scratch).filter();
}

template class direct_engine<float>;
template class direct_engine<double>;

#define WEIR_INSTANTIATE(S, A)                                                            \
  template row_counts direct_engine<A>::filter<S>(std::span<const A>, std::span<const S>, \
                                                  std::span<const A>, std::span<S>, std::span<A>) const;
WEIR_FOR_EVERY_SAMPLE_AND_ARITHMETIC(WEIR_INSTANTIATE)
#undef WEIR_INSTANTIATE

}  // namespace weir::fir

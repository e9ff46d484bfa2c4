#include "polyphase_engine.hpp"

#include <algorithm>

#include <weir/partition.hpp>

#include "polyphase_kernel.hpp"
#include "sample_pairs.hpp"

namespace weir::fir {
namespace {

/// Bytes of the streams that the window likes to hold: small enough to stay in the first-level cache.
constexpr std::size_t usual_window_bytes = 24 * 1024;

/// Beyond this a window holds fewer outputs than a whole tile of the kernel computes.
constexpr std::size_t large_window_bytes = 256 * 1024;

/// Columns that are dealt out at a time: few enough for the first-level cache, as whole registers.
constexpr std::size_t usual_dealt = 1024;
constexpr std::size_t least_dealt_columns = 16;

std::size_t dealt_columns(std::size_t streams) {
  return round_up(std::max(usual_dealt / streams, std::size_t{1}), least_dealt_columns);
}

template <class A>
std::size_t choose_step(std::size_t streams, std::size_t around, std::size_t tile) {
  const auto columns_in = [&](std::size_t bytes) {
    const std::size_t columns = bytes / (streams * sizeof(A));
    return columns > around ? columns - around : 0;
  };
  if (const std::size_t columns = columns_in(usual_window_bytes) / tile * tile; columns > 0) return columns;
  constexpr std::size_t least = simd::rest_outputs<A>;
  return std::clamp(columns_in(large_window_bytes) / least * least, least, tile);
}

}  // namespace

template <std::floating_point A>
polyphase_engine<A>::polyphase_engine(const filter_spec& spec, rate_ratio rate, const kernel_set<A>& kernels,
                                      stream_method how)
    : kernels_(&kernels), rate_(rate) {
  if (how == stream_method::transforms) {
    transforms_.emplace(spec, rate.down, kernels);
    lay_out_for_transforms();
  } else {
    lay_out_for_sums(spec);
  }
  // Streams a page apart would share the same few sets of the caches.
  stride_ =
      round_up(history_ + lookahead_ + round_up(step_, simd::rest_outputs<A>), simd::lanes_of_order<A>) +
      simd::lanes_of_order<A>;
  taps_.reserve(spec.taps.size());
  for (std::size_t phase = 0; phase < rate.up; ++phase) add_phase(spec, phase);
  first_branch_.push_back(branches_.size());
}

template <std::floating_point A>
void polyphase_engine<A>::lay_out_for_sums(const filter_spec& spec) {
  before_ = (spec.taps.size() - 1 - spec.advance) / rate_.up;
  after_ = ceil_div(spec.advance, rate_.up);
  history_ = ceil_div(before_, rate_.down);
  lookahead_ = ((rate_.up - 1) * rate_.down + spec.advance) / rate_.up / rate_.down;
  step_ = choose_step<A>(rate_.down, history_ + lookahead_, kernels_->direct_tile);
}

/// Transforms round with all that they read, so all of it is true context.
template <std::floating_point A>
void polyphase_engine<A>::lay_out_for_transforms() {
  history_ = transforms_->cut().halo;
  lookahead_ = transforms_->cut().lookahead;
  before_ = history_ * rate_.down;
  after_ = lookahead_ * rate_.down;
  step_ = transforms_->cut().valid();
}

template <std::floating_point A>
void polyphase_engine<A>::add_phase(const filter_spec& spec, std::size_t phase) {
  first_branch_.push_back(branches_.size());
  const std::size_t place = phase * rate_.down + spec.advance;
  const std::size_t first = place % rate_.up;
  const std::size_t count = spec.taps.size() > first ? ceil_div(spec.taps.size() - first, rate_.up) : 0;
  if (count == 0) return;
  // Numbers of the streams are counted from `history_` columns ahead of the output's own.
  const std::size_t last = place / rate_.up + history_ * rate_.down;
  const std::size_t earliest = last - (count - 1);
  for (std::size_t stream = 0; stream < rate_.down; ++stream) {
    const std::size_t begin = earliest + (stream + rate_.down - earliest % rate_.down) % rate_.down;
    if (begin > last) continue;
    polyphase_branch branch{taps_.size(), 0, stream * stride_ + begin / rate_.down};
    for (std::size_t number = begin; number <= last; number += rate_.down) {
      if (branch.taps == simd::block_taps) {
        branches_.push_back(branch);
        branch = {taps_.size(), 0, stream * stride_ + number / rate_.down};
      }
      taps_.push_back(static_cast<A>(spec.taps[first + rate_.up * (last - number)]));
      ++branch.taps;
    }
    branches_.push_back(branch);
  }
}

template <std::floating_point A>
std::size_t polyphase_engine<A>::scratch_size() const {
  const std::size_t outputs = round_up(step_, simd::rest_outputs<A>);
  return rate_.down * stride_ + round_up(dealt_columns(rate_.down) * rate_.down, cache_line_bytes) + outputs +
         rate_.up * outputs + (transforms_ ? cache_line_bytes + transforms_->scratch_size() : 0);
}

/// One call: a piece of a row, step after step.
template <std::floating_point A>
template <sample S>
class polyphase_engine<A>::run {
 public:
  run(const polyphase_engine& engine, std::span<const A> before, std::span<const S> in,
      std::span<const A> after, std::span<S> out, std::span<A> scratch)
      : engine_(engine),
        before_(before.last(engine.before_)),
        in_(in),
        after_(after.first(engine.after_)),
        out_(out),
        streams_(scratch.data()),
        stage_(streams_ + engine.rate_.down * engine.stride_),
        phase_(stage_ + round_up(dealt_columns(engine.rate_.down) * engine.rate_.down, cache_line_bytes)),
        results_(phase_ + round_up(engine.step_, simd::rest_outputs<A>)),
        transform_scratch_(scratch.data() +
                           round_up(static_cast<std::size_t>(results_ - scratch.data()) +
                                        engine.rate_.up * round_up(engine.step_, simd::rest_outputs<A>),
                                    cache_line_bytes)),
        ahead_of_before_(engine.history_ * engine.rate_.down - engine.before_) {}

  row_counts filter() {
    const std::size_t around = engine_.history_ + engine_.lookahead_;
    const std::size_t up = engine_.rate_.up;
    const std::size_t columns = ceil_div(in_.size(), engine_.rate_.down);
    take(around, 0);
    for (std::size_t done = 0; done < columns; done += engine_.step_) {
      const std::size_t now = std::min(engine_.step_, columns - done);
      // A transform reads a whole step, zeros behind the end.
      take(engine_.transforms_ ? engine_.step_ : now, around);
      const std::size_t ahead = std::min(engine_.step_ * engine_.rate_.down, in_.size() - taken_);
      next_ = {in_.data() + taken_, ahead * sizeof(S)};
      const std::size_t outputs = std::min(now * up, out_.size() - done * up);
      sum_and_write(now, out_.subspan(done * up, outputs));
      for (std::size_t stream = 0; stream < engine_.rate_.down; ++stream) {
        A* const begin = streams_ + stream * engine_.stride_;
        std::copy_n(begin + now, around, begin);
      }
    }
    return counts_;
  }

 private:
  void sum_and_write(std::size_t columns, std::span<S> out) {
    if constexpr (std::is_same_v<S, A>) {
      constexpr std::size_t tile = simd::rest_outputs<A>;
      const std::size_t whole = engine_.transforms_ ? engine_.step_ : tile;
      if (engine_.rate_.up == 1 && columns == out.size() && columns % whole == 0)
        return sum_phase(0, columns, out.data());
    }
    sum(columns);
    counts_.clipped += samples().write(results_, out.size(), out.data());
  }

  void sum(std::size_t columns) {
    const std::size_t up = engine_.rate_.up;
    if (up == 1) return sum_phase(0, columns, results_);
    for (std::size_t phase = 0; phase < up; ++phase) {
      sum_phase(phase, columns, phase_);
      for (std::size_t t = 0; t < columns; ++t) results_[t * up + phase] = phase_[t];
    }
  }

  void sum_phase(std::size_t phase, std::size_t columns, A* to) const {
    if (engine_.transforms_ &&
        engine_.transforms_->sum(streams_, engine_.stride_, to, next_, transform_scratch_))
      return;
    const std::size_t first = engine_.first_branch_[phase];
    engine_.kernels_->polyphase_sum(engine_.branches_.data() + first,
                                    engine_.first_branch_[phase + 1] - first, engine_.taps_.data(), streams_,
                                    columns, to, phase == 0 ? next_ : memory_ahead{});
  }

  /// Deals out the next `columns` columns, from column `to` of the streams on.
  void take(std::size_t columns, std::size_t to) {
    const std::size_t down = engine_.rate_.down;
    const std::size_t most = dealt_columns(down);
    for (std::size_t done = 0; done < columns; done += most) {
      const std::size_t now = std::min(most, columns - done);
      A* const begin = streams_ + to + done;
      if (ahead_of_before_ == 0 && before_.empty() && now * down <= in_.size() - taken_) {
        counts_.nonfinite += samples().deal_out(in_.data() + taken_, down, now, begin, engine_.stride_);
        taken_ += now * down;
      } else {
        stage(now * down);
        engine_.kernels_->template samples<A>().deal_out(stage_, down, now, begin, engine_.stride_);
      }
    }
  }

  /// The next `count` numbers of the extended piece: zeros, what is ahead of it, its own, what is behind it,
  /// zeros.
  void stage(std::size_t count) {
    A* to = stage_;
    A* const end = stage_ + count;
    const auto room = [&] { return static_cast<std::size_t>(end - to); };
    const std::size_t nothing = std::min(room(), ahead_of_before_);
    ahead_of_before_ -= nothing;
    to = std::fill_n(to, nothing, A{0});
    const auto copy_from = [&](std::span<const A>& from) {
      const std::size_t now = std::min(room(), from.size());
      to = std::copy_n(from.begin(), now, to);
      from = from.subspan(now);
    };
    copy_from(before_);
    const std::size_t own = std::min(room(), in_.size() - taken_);
    counts_.nonfinite += samples().read(in_.data() + taken_, own, to);
    taken_ += own;
    to += own;
    copy_from(after_);
    std::fill(to, end, A{0});
  }

  const sample_kernels<A, S>& samples() const { return engine_.kernels_->template samples<S>(); }

  const polyphase_engine& engine_;
  std::span<const A> before_;
  std::span<const S> in_;
  std::span<const A> after_;
  std::span<S> out_;
  A* streams_;
  A* stage_;
  A* phase_;
  A* results_;
  A* transform_scratch_;
  std::size_t ahead_of_before_;
  std::size_t taken_ = 0;
  memory_ahead next_;  // what the next step reads
  row_counts counts_;
};

template <std::floating_point A>
template <sample S>
row_counts polyphase_engine<A>::filter(std::span<const A> before, std::span<const S> in,
                                       std::span<const A> after, std::span<S> out,
                                       std::span<A> scratch) const {
  return run<S>(*this, before, in, after, out, scratch).filter();
}

template class polyphase_engine<float>;
template class polyphase_engine<double>;

#define WEIR_INSTANTIATE(S, A)                                                               \
  template row_counts polyphase_engine<A>::filter<S>(std::span<const A>, std::span<const S>, \
                                                     std::span<const A>, std::span<S>, std::span<A>) const;
WEIR_FOR_EVERY_SAMPLE_AND_ARITHMETIC(WEIR_INSTANTIATE)
#undef WEIR_INSTANTIATE

}  // namespace weir::fir

#include "overlap_save.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <weir/partition.hpp>

#include "sample_pairs.hpp"

namespace weir::fir {
namespace {

/// Memory is asked for the next pair while one is computed. Beyond this it would drive out of the
/// second-level cache what is in use.
constexpr std::size_t most_bytes_ahead = 512 * 1024;

}  // namespace

template <std::floating_point A>
overlap_save<A>::overlap_save(const filter_spec& spec, const kernel_set<A>& kernels)
    : kernels_(&kernels),
      direct_(spec, kernels),
      cut_(choose_segmentation(spec.taps.size() - 1 - spec.advance, spec.advance, sizeof(A))),
      plan_(cut_.length, cut_.pair, spec),
      one_loop_(kernels.last_and_first_pass != nullptr && cut_.pair == pairing::joined &&
                cut_.outgrows_first_level(sizeof(A))) {}

template <std::floating_point A>
std::size_t overlap_save<A>::work_size() const {
  return round_up(std::max(plan_.work_size(), round_up(pair_size(), direct_.tile())), cache_line_bytes);
}

template <std::floating_point A>
std::size_t overlap_save<A>::stage_size() const {
  constexpr std::size_t line = cache_line_bytes / sizeof(A);  // the direct sum reads whole lines
  return round_up(cut_.halo + round_up(pair_size(), direct_.tile()) + cut_.lookahead + line,
                  cache_line_bytes);
}

template <std::floating_point A>
std::size_t overlap_save<A>::scratch_size() const {
  return work_size() + stage_size() + cut_.halo * (sizeof(double) / sizeof(A));
}

/// One call: a piece of a row, pair after pair.
template <std::floating_point A>
template <sample S>
class overlap_save<A>::run {
 public:
  run(const overlap_save& plan, std::span<const A> before, std::span<const S> in, std::span<const A> after,
      std::span<S> out, std::span<A> scratch)
      : engine_(plan),
        before_(before),
        in_(in),
        after_(after),
        out_(out),
        work_(scratch.data()),
        stage_(work_ + plan.work_size()),
        saved_(reinterpret_cast<S*>(stage_ + plan.stage_size())) {}

  row_counts filter() {
    // The samples that the first pair needs and that are not in the row.
    if constexpr (keeps_context) {
      std::copy(before_.end() - static_cast<std::ptrdiff_t>(cut().halo), before_.end(), saved_);
    }
    for (std::size_t begin = 0; begin < in_.size(); begin += engine_.pair_size()) filter_pair(begin);
    return counts_;
  }

 private:
  /// Where a pair's segments are read. What reaches beyond the row is brought together in the stage: both
  /// segments, or the second one alone.
  enum class segments_in { row, row_and_stage, stage };

  /// Whether what is around the row can be kept as samples, so that the row's own need not be converted to
  /// join it.
  static constexpr bool keeps_context = std::is_same_v<A, S>;

  segments_in place_of_pair(std::size_t begin) const {
    if (begin == 0 && !keeps_context) return segments_in::stage;
    const std::size_t end_of_first = begin + cut().length - cut().halo;
    if (end_of_first + cut().to_second() <= in_.size()) return segments_in::row;
    return keeps_context && end_of_first <= in_.size() ? segments_in::row_and_stage : segments_in::stage;
  }

  void filter_pair(std::size_t begin) {
    const segments_in place = place_of_pair(begin);
    const std::optional<bool> transformed = std::exchange(transformed_ahead_, std::nullopt);
    if (!(transformed ? *transformed : transform(begin, place))) {
      if (place != segments_in::stage) stage(begin);
      const A* const window = stage_ + cut().halo - engine_.direct_.before();
      engine_.direct_.sum(window, own(begin), work_);
      save(begin);
      write(work_, begin);
      return;
    }
    engine_.kernels_->inner_passes(engine_.plan_.view(), after_pair(begin), work_);
    save(begin);
    if (return_to_row(begin, place)) return;
    // What the stage held has been used: its place takes the results, and those that do not fit are counted
    // on their way from there.
    staged().last_pass(engine_.plan_.view(), work_, target(stage_, stage_ + cut().valid_of_first()));
    write(stage_, begin);
  }

  bool transform(std::size_t begin, segments_in place) {
    if (place == segments_in::stage) {
      stage(begin);
      return staged().first_pass(engine_.plan_.view(), {stage_, 0, stage_, stage_ + cut().to_second()},
                                 work_);
    }
    return samples().first_pass(engine_.plan_.view(), source(begin, place), work_);
  }

  segment_pair_source<S> source(std::size_t begin, segments_in place) {
    const S* const first = in_.data() + begin;
    const S* second = first + cut().to_second() - cut().halo;
    if constexpr (keeps_context) {
      if (place == segments_in::row_and_stage) second = stage_second(begin);
    }
    return {saved_, slots(cut().halo), first, second};
  }

  /// False where the results have to go by the stage.
  bool return_to_row(std::size_t begin, segments_in place) {
    if (place == segments_in::stage) return false;
    S* const first = out_.data() + begin;
    S* const second = first + cut().valid_of_first();
    if constexpr (keeps_context) {
      if (own(begin) < engine_.pair_size()) {
        samples().last_pass(engine_.plan_.view(), work_, target(first, stage_));
        std::copy_n(stage_, own(begin) - cut().valid_of_first(), second);
        return true;
      }
      const std::size_t next = begin + engine_.pair_size();
      if (engine_.one_loop_ && next < in_.size() && place_of_pair(next) != segments_in::stage) {
        transformed_ahead_ = engine_.kernels_->last_and_first_pass(
            engine_.plan_.view(), work_, target(first, second), source(next, place_of_pair(next)));
        return true;
      }
    }
    return samples().last_pass(engine_.plan_.view(), work_, target(first, second));
  }

  template <class N>
  segment_pair_target<N> target(N* first, N* second) const {
    return {first, second, slots(cut().halo), slots(cut().length - cut().lookahead)};
  }

  /// Brings the pair's samples and their neighbours together in the arithmetic type, zeros behind the last.
  void stage(std::size_t begin) {
    if (begin == 0) {
      std::copy(before_.end() - static_cast<std::ptrdiff_t>(cut().halo), before_.end(), stage_);
    } else {
      samples().read(saved_, cut().halo, stage_);
    }
    A* const own_in_stage = stage_ + cut().halo;
    counts_.nonfinite += samples().read(in_.data() + begin, own(begin), own_in_stage);
    stage_ahead(begin + own(begin), own_in_stage + own(begin), stage_ + engine_.stage_size());
  }

  /// Brings the second segment together. It begins among this pair's own samples, since halos are no longer
  /// than what is ahead of it: no result has replaced its samples.
  const S* stage_second(std::size_t begin) requires keeps_context {
    const std::size_t second_begin = begin + cut().to_second() - cut().halo;
    const std::size_t end = begin + own(begin);
    S* const staged_end = std::copy_n(in_.data() + second_begin, end - second_begin, stage_);
    stage_ahead(end, staged_end, stage_ + cut().length);
    return stage_;
  }

  /// The lookahead from sample `end` on, of the row and of what is behind it, and zeros.
  void stage_ahead(std::size_t end, A* to, A* stage_end) {
    const std::size_t ahead = std::min(cut().lookahead, in_.size() - end);
    samples().read(in_.data() + end, ahead, to);
    to = std::copy_n(after_.data(), cut().lookahead - ahead, to + ahead);
    std::fill(to, stage_end, A{0});
  }

  /// Keeps the samples that the next pair needs and that this one's results replace.
  void save(std::size_t begin) {
    const std::size_t end = begin + engine_.pair_size();
    if (end < in_.size()) std::copy_n(in_.data() + end - cut().halo, cut().halo, saved_);
  }

  void write(const A* results, std::size_t begin) {
    counts_.clipped += samples().write(results, own(begin), out_.data() + begin);
  }

  /// What the next pair reads and this one does not.
  memory_ahead after_pair(std::size_t begin) const {
    const std::size_t from = std::min(begin + engine_.pair_size() + cut().lookahead, in_.size());
    const std::size_t bytes = std::min(engine_.pair_size(), in_.size() - from) * sizeof(S);
    return {in_.data() + from, std::min(bytes, most_bytes_ahead)};
  }

  std::size_t own(std::size_t begin) const { return std::min(engine_.pair_size(), in_.size() - begin); }
  std::size_t slots(std::size_t count) const { return count / (cache_line_bytes / sizeof(A)); }
  const segmentation& cut() const { return engine_.cut_; }
  const sample_kernels<A, S>& samples() const { return engine_.kernels_->template samples<S>(); }
  const sample_kernels<A, A>& staged() const { return engine_.kernels_->template samples<A>(); }

  const overlap_save& engine_;
  std::span<const A> before_;
  std::span<const S> in_;
  std::span<const A> after_;
  std::span<S> out_;
  A* work_;
  A* stage_;
  S* saved_;
  /// Whether the next pair is in the work buffer already, and then what its first pass returned.
  std::optional<bool> transformed_ahead_;
  row_counts counts_;
};

template <std::floating_point A>
template <sample S>
row_counts overlap_save<A>::filter(std::span<const A> before, std::span<const S> in, std::span<const A> after,
                                   std::span<S> out, std::span<A> scratch) const {
  return run<S>(*this, before, in, after, out, scratch).filter();
}

template class overlap_save<float>;
template class overlap_save<double>;

#define WEIR_INSTANTIATE(S, A)                                                                               \
  template row_counts overlap_save<A>::filter<S>(std::span<const A>, std::span<const S>, std::span<const A>, \
                                                 std::span<S>, std::span<A>) const;
WEIR_FOR_EVERY_SAMPLE_AND_ARITHMETIC(WEIR_INSTANTIATE)
#undef WEIR_INSTANTIATE

}  // namespace weir::fir

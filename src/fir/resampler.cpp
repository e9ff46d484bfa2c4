#include <string>
#include <type_traits>

#include <weir/error.hpp>
#include <weir/fir/resampler.hpp>

#include "engine_choice.hpp"
#include "polyphase_engine.hpp"
#include "sample_pairs.hpp"

namespace weir::fir {
namespace {

/// With more taps a kept sample than this transforms are faster than sums, as measured on Zen 4 before
/// float32's transform became shorter by a step.
template <std::floating_point A>
constexpr std::size_t most_taps_a_sample = std::is_same_v<A, double> ? 30 : 36;

/// Transforms hold some thousand numbers of each stream at a time.
constexpr std::size_t most_streams_to_transform = 10'000;

template <std::floating_point A>
bool transforms(const filter_spec& spec, const rate_ratio& rate, method how) {
  if (how == method::fft && rate.down > most_streams_to_transform) {
    throw error(exit_code::usage, "there is no FFT method that keeps only one sample in " +
                                      std::to_string(rate.down) + ": leave the method out, or say direct");
  }
  if (rate.down > most_streams_to_transform) how = method::direct;
  if (rate.up == 1) return uses_fft<A>(spec, how, most_taps_a_sample<A> * rate.down + 1);
  if (how == method::fft) {
    throw error(
        exit_code::usage,
        "there is no FFT method where a rate is raised on the way; leave the method out, or say direct");
  }
  return uses_fft<A>(spec, method::direct, 0);
}

}  // namespace

template <std::floating_point A>
struct resampler<A>::engines {
  engines(const filter_spec& spec, rate_ratio ratio, method how, instruction_set instructions)
      : rate(ratio),
        set(instructions),
        polyphase(spec, ratio, kernels_for<A>(instructions),
                  transforms<A>(spec, ratio, how) ? stream_method::transforms : stream_method::sums) {}

  rate_ratio rate;
  instruction_set set;
  polyphase_engine<A> polyphase;
};

template <std::floating_point A>
resampler<A>::resampler(const filter_spec& spec, rate_ratio rate, method how, instruction_set set)
    : engines_(std::make_shared<const engines>(spec, rate, how, set)) {}

template <std::floating_point A>
rate_ratio resampler<A>::rate() const {
  return engines_->rate;
}

template <std::floating_point A>
std::size_t resampler<A>::before() const {
  return engines_->polyphase.before();
}

template <std::floating_point A>
std::size_t resampler<A>::after() const {
  return engines_->polyphase.after();
}

template <std::floating_point A>
std::size_t resampler<A>::grid() const {
  return engines_->polyphase.grid();
}

template <std::floating_point A>
std::string_view resampler<A>::engine() const {
  return fft_size() > 0 ? "fft" : "polyphase";
}

template <std::floating_point A>
std::size_t resampler<A>::fft_size() const {
  return engines_->polyphase.fft_size();
}

template <std::floating_point A>
instruction_set resampler<A>::instructions() const {
  return engines_->set;
}

template <std::floating_point A>
filter_scratch<A> resampler<A>::make_scratch() const {
  return {aligned_buffer<A>(before()), aligned_buffer<A>(after()),
          aligned_buffer<A>(engines_->polyphase.scratch_size())};
}

template <std::floating_point A>
template <sample S>
row_counts resampler<A>::operator()(std::size_t first, std::span<const A> before, std::span<const S> in,
                                    std::span<const A> after, std::span<S> out, scratch& work) const {
  const index_range outputs = rate().outputs_in({first, first + in.size()});
  if (first % grid() != 0 || before.size() < this->before() || after.size() < this->after() ||
      out.size() < outputs.size()) {
    throw error(
        exit_code::internal,
        "a resampler was called with too little context, with an output that is too small, or off its "
        "grid");
  }
  return engines_->polyphase.template filter<S>(before, in, after, out.first(outputs.size()),
                                                work.work.span());
}

template <std::floating_point A, sample S>
row_counts resample_row(const resampler<A>& filter, const boundary& edge, std::span<const S> row,
                        std::span<S> out, filter_scratch<A>& work) {
  if (row.empty()) return {};
  const std::span<A> before = work.before.span();
  const std::span<A> after = work.after.span();
  extend_both_ends(edge, row, before, after);
  return filter.template operator()<S>(0, before, row, after, out, work);
}

template class resampler<float>;
template class resampler<double>;

#define WEIR_INSTANTIATE(S, A)                                                                         \
  template row_counts resampler<A>::operator()<S>(std::size_t, std::span<const A>, std::span<const S>, \
                                                  std::span<const A>, std::span<S>, scratch&) const;   \
  template row_counts resample_row<A, S>(const resampler<A>&, const boundary&, std::span<const S>,     \
                                         std::span<S>, filter_scratch<A>&);
WEIR_FOR_EVERY_SAMPLE_AND_ARITHMETIC(WEIR_INSTANTIATE)
#undef WEIR_INSTANTIATE

}  // namespace weir::fir

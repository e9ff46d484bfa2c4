#include <algorithm>

#include <fmt/format.h>

#include <weir/fir/convert.hpp>
#include <weir/pipeline/plugin_operation.hpp>

namespace weir::pipeline {

template <std::floating_point A>
std::size_t plugin_operation<A>::stretch_samples() const {
  constexpr std::size_t shortest = std::size_t{1} << 14;
  return std::max(shortest, 2 * (before() + after()));
}

template <std::floating_point A>
typename plugin_operation<A>::scratch plugin_operation<A>::make_scratch() const {
  const std::size_t longest = stretch_samples();
  return {fir::aligned_buffer<A>(before() + longest + after()), fir::aligned_buffer<A>(longest)};
}

template <std::floating_point A>
std::string plugin_operation<A>::engine() const {
  return fmt::format("plugin {}, {}", code_->code().title(), name_of(code_->type()));
}

template <std::floating_point A>
operation_identity plugin_operation<A>::identity() const {
  operation_identity all{{"plugin", code_->code().title()},
                         {"plugin checksum", fmt::format("{:016x}", code_->code().checksum())},
                         {"engine", engine()}};
  // A parameter may be given more than once, and the order may matter to the plugin.
  std::size_t number = 0;
  for (const auto& [key, value] : code_->parameters()) {
    all.emplace(fmt::format("parameter {} {}", ++number, key), value);
  }
  return all;
}

template <std::floating_point A>
template <sample S>
fir::row_counts plugin_operation<A>::operator()(const row_place& where, std::span<const A> before,
                                                std::span<const S> samples, std::span<const A> after,
                                                std::span<S> results, scratch& work) const {
  fir::row_counts counts;
  const std::size_t ahead = this->before();
  const std::size_t behind = this->after();
  const std::span<A> in = work.in.span();
  std::ranges::copy(before.last(ahead), in.begin());
  for (std::size_t begin = 0; begin < samples.size();) {
    const std::size_t count = std::min(stretch_samples(), samples.size() - begin);
    const std::size_t left = samples.size() - begin - count;
    const std::size_t inside = std::min(behind, left);
    const std::span<const S> own = samples.subspan(begin, count);
    const std::span<const S> next = samples.subspan(begin + count, inside);
    counts.nonfinite += fir::to_arithmetic<S, A>(own, in.subspan(ahead, count));
    fir::to_arithmetic<S, A>(next, in.subspan(ahead + count, inside));
    // What stands behind the piece begins `left` samples behind this stretch.
    std::ranges::copy(after.first(behind - inside), in.begin() + ahead + count + inside);

    const std::span<A> out = work.out.span().first(count);
    code_->run<A>(where.channel, where.samples.begin + begin, in.first(ahead + count + behind), out);
    // The next stretch wants originals ahead of it, which the results are about to replace.
    std::copy_n(in.begin() + count, ahead, in.begin());
    counts.clipped += fir::to_samples<S, A>(out, results.subspan(begin, count));
    begin += count;
  }
  return counts;
}

#define WEIR_INSTANTIATE(S)                                                                                 \
  template fir::row_counts plugin_operation<float>::operator()<S>(                                          \
      const row_place&, std::span<const float>, std::span<const S>, std::span<const float>, std::span<S>,   \
      scratch&) const;                                                                                      \
  template fir::row_counts plugin_operation<double>::operator()<S>(                                         \
      const row_place&, std::span<const double>, std::span<const S>, std::span<const double>, std::span<S>, \
      scratch&) const;
WEIR_INSTANTIATE(std::int16_t)
WEIR_INSTANTIATE(std::uint16_t)
WEIR_INSTANTIATE(std::int32_t)
WEIR_INSTANTIATE(float)
WEIR_INSTANTIATE(double)
#undef WEIR_INSTANTIATE

template class plugin_operation<float>;
template class plugin_operation<double>;

}  // namespace weir::pipeline

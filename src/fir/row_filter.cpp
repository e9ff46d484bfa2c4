#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <weir/error.hpp>
#include <weir/fir/row_filter.hpp>

#include "direct_engine.hpp"

namespace weir::fir {
namespace {

template <std::floating_point A>
const filter_spec& checked(const filter_spec& spec) {
  check(spec);
  for (const double tap : spec.taps) {
    if (std::abs(tap) > static_cast<double>(std::numeric_limits<A>::max())) {
      throw error(exit_code::usage,
                  "a tap of " + std::to_string(tap) + " is too large for float32: accumulate in float64");
    }
  }
  return spec;
}

}  // namespace

template <std::floating_point A>
struct row_filter<A>::engines {
  engines(const filter_spec& spec, instruction_set instructions)
      : set(instructions), direct(checked<A>(spec), kernels_for<A>(instructions)) {}

  instruction_set set;
  direct_engine<A> direct;
};

template <std::floating_point A>
row_filter<A>::row_filter(const filter_spec& spec, method how, instruction_set set)
    : engines_(std::make_shared<const engines>(spec, set)) {
  if (how == method::fft) {
    throw error(exit_code::usage, "this build has no FFT engine: use the direct one");
  }
}

template <std::floating_point A>
std::size_t row_filter<A>::before() const {
  return engines_->direct.before();
}

template <std::floating_point A>
std::size_t row_filter<A>::after() const {
  return engines_->direct.after();
}

template <std::floating_point A>
std::size_t row_filter<A>::grid() const {
  return 1;
}

template <std::floating_point A>
std::string_view row_filter<A>::engine() const {
  return "direct";
}

template <std::floating_point A>
std::size_t row_filter<A>::fft_size() const {
  return 0;
}

template <std::floating_point A>
instruction_set row_filter<A>::instructions() const {
  return engines_->set;
}

template <std::floating_point A>
typename row_filter<A>::scratch row_filter<A>::make_scratch() const {
  return {aligned_buffer<A>(before()), aligned_buffer<A>(after()),
          aligned_buffer<A>(engines_->direct.scratch_size())};
}

template <std::floating_point A>
template <sample S>
row_counts row_filter<A>::operator()(std::span<const A> before, std::span<const S> in,
                                     std::span<const A> after, std::span<S> out, scratch& work) const {
  if (before.size() < this->before() || after.size() < this->after() || in.size() != out.size()) {
    throw error(exit_code::internal,
                "a filter was called with too little context, or with an output of "
                "another size than its input");
  }
  return engines_->direct.template filter<S>(before, in, after, out, work.work.span());
}

template <std::floating_point A, sample S>
row_counts filter_row(const row_filter<A>& filter, const boundary& edge, std::span<S> row,
                      typename row_filter<A>::scratch& work) {
  if (row.empty()) return {};
  const known_samples<S> known{row.data(), 0, row.size()};
  const std::span<A> before = work.before.span();
  const std::span<A> after = work.after.span();
  extend(edge, row.size(), known, -static_cast<std::ptrdiff_t>(before.size()), before);
  extend(edge, row.size(), known, static_cast<std::ptrdiff_t>(row.size()), after);
  return filter.template operator()<S>(before, row, after, row, work);
}

template class row_filter<float>;
template class row_filter<double>;

#define WEIR_INSTANTIATE(S, A)                                                                        \
  template row_counts row_filter<A>::operator()<S>(std::span<const A>, std::span<const S>,            \
                                                   std::span<const A>, std::span<S>, scratch&) const; \
  template row_counts filter_row<A, S>(const row_filter<A>&, const boundary&, std::span<S>,           \
                                       row_filter<A>::scratch&);
WEIR_INSTANTIATE(std::int16_t, float)
WEIR_INSTANTIATE(std::uint16_t, float)
WEIR_INSTANTIATE(std::int32_t, float)
WEIR_INSTANTIATE(float, float)
WEIR_INSTANTIATE(double, float)
WEIR_INSTANTIATE(std::int16_t, double)
WEIR_INSTANTIATE(std::uint16_t, double)
WEIR_INSTANTIATE(std::int32_t, double)
WEIR_INSTANTIATE(float, double)
WEIR_INSTANTIATE(double, double)
#undef WEIR_INSTANTIATE

}  // namespace weir::fir

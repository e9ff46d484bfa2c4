#include <type_traits>
#include <utility>
#include <variant>

#include <weir/error.hpp>
#include <weir/fir/row_filter.hpp>

#include "direct_engine.hpp"
#include "engine_choice.hpp"
#include "overlap_save.hpp"
#include "sample_pairs.hpp"

namespace weir::fir {
namespace {

/// From so many taps on the transform is faster by AVX-512, by AVX2 and by the plain set; measured on Zen 5.
constexpr std::size_t fewest_taps_for_fft = 27;

}  // namespace

template <std::floating_point A>
struct row_filter<A>::engines {
  engines(const filter_spec& spec, method how, instruction_set instructions)
      : set(instructions), engine(make(spec, how, kernels_for<A>(instructions))) {}

  using any_engine = std::variant<direct_engine<A>, overlap_save<A>>;

  static any_engine make(const filter_spec& spec, method how, const kernel_set<A>& kernels) {
    if (uses_fft<A>(spec, how, fewest_taps_for_fft))
      return any_engine(std::in_place_type<overlap_save<A>>, spec, kernels);
    return any_engine(std::in_place_type<direct_engine<A>>, spec, kernels);
  }

  const overlap_save<A>* fft() const { return std::get_if<overlap_save<A>>(&engine); }

  instruction_set set;
  any_engine engine;
};

template <std::floating_point A>
row_filter<A>::row_filter(const filter_spec& spec, method how, instruction_set set)
    : engines_(std::make_shared<const engines>(spec, how, set)) {}

template <std::floating_point A>
std::size_t row_filter<A>::before() const {
  return std::visit([](const auto& engine) { return engine.before(); }, engines_->engine);
}

template <std::floating_point A>
std::size_t row_filter<A>::after() const {
  return std::visit([](const auto& engine) { return engine.after(); }, engines_->engine);
}

template <std::floating_point A>
std::size_t row_filter<A>::grid() const {
  return engines_->fft() ? engines_->fft()->pair_size() : 1;
}

template <std::floating_point A>
std::string_view row_filter<A>::engine() const {
  return engines_->fft() ? "fft" : "direct";
}

template <std::floating_point A>
std::size_t row_filter<A>::fft_size() const {
  return engines_->fft() ? engines_->fft()->length() : 0;
}

template <std::floating_point A>
instruction_set row_filter<A>::instructions() const {
  return engines_->set;
}

template <std::floating_point A>
filter_scratch<A> row_filter<A>::make_scratch() const {
  const auto work = std::visit([](const auto& engine) { return engine.scratch_size(); }, engines_->engine);
  return {aligned_buffer<A>(before()), aligned_buffer<A>(after()), aligned_buffer<A>(work)};
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
  return std::visit(
      [&](const auto& engine) { return engine.template filter<S>(before, in, after, out, work.work.span()); },
      engines_->engine);
}

template <std::floating_point A, sample S>
row_counts filter_row(const row_filter<A>& filter, const boundary& edge, std::span<S> row,
                      filter_scratch<A>& work) {
  if (row.empty()) return {};
  const std::span<A> before = work.before.span();
  const std::span<A> after = work.after.span();
  extend_both_ends(edge, std::span<const S>(row), before, after);
  return filter.template operator()<S>(before, row, after, row, work);
}

template class row_filter<float>;
template class row_filter<double>;

#define WEIR_INSTANTIATE(S, A)                                                                        \
  template row_counts row_filter<A>::operator()<S>(std::span<const A>, std::span<const S>,            \
                                                   std::span<const A>, std::span<S>, scratch&) const; \
  template row_counts filter_row<A, S>(const row_filter<A>&, const boundary&, std::span<S>,           \
                                       filter_scratch<A>&);
WEIR_FOR_EVERY_SAMPLE_AND_ARITHMETIC(WEIR_INSTANTIATE)
#undef WEIR_INSTANTIATE

}  // namespace weir::fir

#pragma once

#include <cstddef>
#include <utility>

#include <weir/split/output_split.hpp>

namespace weir {

/// A shape rule: `rule(shape, arguments...)` gives the whole output's shape from the whole input's and from
/// the arguments behind the first. The leading axes stay; the last may have another length, be gone, or
/// become several.
template <class Rule>
concept shape_rule = !std::is_convertible_v<Rule, split_options>;

/// Lets a function `f(rows, arguments...)` that returns an array, one row for each row that it gets, write
/// its results to new memory, to given memory, or in place. `split_output(f)` cuts the first argument, which
/// is also the one that in_place overwrites; `split_output<1, 2>(f)` overwrites the second and cuts both. `f`
/// takes xtensor views or spans of its rows and need not know of MPI. Its result is copied to the window a
/// part at a time: a rank needs memory for its part of the output. Not collective; calling the result is.
template <std::size_t Input = 0, std::size_t... More, class F>
auto split_output(F f, split_options options = {}) {
  return output_split_function<F, detail::returned_results, same_shape_t, Input, More...>(std::move(f), {},
                                                                                          {}, options);
}
/// The same with another shape of the output: `split_output(f, calc_shape)`.
template <std::size_t Input = 0, std::size_t... More, class F, shape_rule Rule>
auto split_output(F f, Rule calc_shape, split_options options = {}) {
  return output_split_function<F, detail::returned_results, Rule, Input, More...>(
      std::move(f), {}, std::move(calc_shape), options);
}

}  // namespace weir

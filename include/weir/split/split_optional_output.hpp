#pragma once

#include <cstddef>
#include <utility>

#include <weir/split/split_output.hpp>

namespace weir {

/// What split_optional_output() must know about a function.
struct output_traits {
  /// The function works when its input and output are the same memory. If not, in_place gives every rank
  /// memory for its part of the output.
  bool runs_in_place = false;
};

/// For a function `f(rows, output_rows, arguments...)` that writes to the output that it gets, behind the
/// input: no copy is made, and a rank needs no memory of its own. Else as split_output(): a call gives new
/// memory, `out(y)` or `in_place`. `Element` is the output's element type, and the input's if left out:
/// `split_optional_output<float>(f)`. Not collective; calling the result is.
template <class Element = void, std::size_t Input = 0, std::size_t... More, class F>
auto split_optional_output(F f, output_traits traits = {}, split_options options = {}) {
  using results = detail::written_results<Element>;
  return output_split_function<F, results, same_shape_t, Input, More...>(
      std::move(f), results{traits.runs_in_place}, {}, options);
}
/// The same with another shape of the output.
template <class Element = void, std::size_t Input = 0, std::size_t... More, class F, shape_rule Rule>
requires(!std::is_convertible_v<Rule, output_traits>) auto split_optional_output(F f, Rule calc_shape,
                                                                                 output_traits traits = {},
                                                                                 split_options options = {}) {
  using results = detail::written_results<Element>;
  return output_split_function<F, results, Rule, Input, More...>(std::move(f), results{traits.runs_in_place},
                                                                 std::move(calc_shape), options);
}

}  // namespace weir

#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <weir/split/argument.hpp>

namespace weir {

/// A function of one row, called for each; made by each_row().
template <class F, std::size_t Rows>
class each_row_function {
 public:
  explicit each_row_function(F f) : f_(std::move(f)) {}

  /// Calls the function with row i of the first `Rows` arguments, as spans, and all of the others. Gives
  /// nothing, or one value a row as a std::vector. The first argument's rows are those of its last axis; the
  /// other arrays must have as many, of one element or more. Of xtensor those that are known to be
  /// row-major and without gaps.
  template <class... Args>
  auto operator()(Args&&... args) const {
    static_assert(sizeof...(Args) >= Rows, "each_row: there are fewer arguments than rows to be taken");
    return run(std::forward_as_tuple(args...), std::make_index_sequence<Rows>(),
               std::make_index_sequence<sizeof...(Args) - Rows>());
  }

 private:
  template <class All, std::size_t... I, std::size_t... J>
  auto run(All all, std::index_sequence<I...>, std::index_sequence<J...>) const {
    const array_shape shape = detail::shape_of(std::get<0>(all));
    const std::size_t rows = shape.size() > 1 ? detail::elements_in({shape.begin(), shape.end() - 1}) : 1;
    const auto call = [&](std::size_t i) -> decltype(auto) {
      return std::invoke(f_, row(std::get<I>(all), rows, i)..., std::get<Rows + J>(all)...);
    };
    using value = decltype(call(0));
    if constexpr (std::is_void_v<value>) {
      for (std::size_t i = 0; i < rows; ++i) call(i);
    } else {
      std::vector<std::remove_cvref_t<value>> values;
      values.reserve(rows);
      for (std::size_t i = 0; i < rows; ++i) values.push_back(call(i));
      return values;
    }
  }

  template <class A>
  static auto row(A& array, std::size_t rows, std::size_t i) {
    const std::size_t columns = rows == 0 ? 0 : array.size() / rows;
    return std::span(detail::writable_data_of(array) + i * columns, columns);
  }

  F f_;
};

/// Makes a function of a row, `f(std::span<T> row, arguments...)`, into one of rows, for splits and for plain
/// calls. `each_row<2>(f)` hands out row i of the first two arguments, such as an input and an output. Not
/// collective.
template <std::size_t Rows = 1, class F>
auto each_row(F f) {
  return each_row_function<F, Rows>(std::move(f));
}

}  // namespace weir

#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/split/argument.hpp>
#include <weir/split/result.hpp>

namespace weir {

/// A function of arrays of two axes, for arrays of any; made by as_2d().
template <class F, std::size_t... Arrays>
class as_2d_function {
 public:
  explicit as_2d_function(F f) : f_(std::move(f)) {}

  /// Not collective. The arrays are shared arrays, or xtensor containers and views that are known to be
  /// row-major and without gaps; the function gets views of them, rows by columns, so what it stores there is
  /// in the arrays. An array of one axis is one row. If the function gives an array with one row for each,
  /// the result has the first array's leading axes: its last axis may have another length or be gone. Throws
  /// what the function throws.
  template <class... Args>
  auto operator()(Args&&... args) const {
    return run(std::forward_as_tuple(args...), std::index_sequence_for<Args...>());
  }

 private:
  template <class All, std::size_t... I>
  auto run(All all, std::index_sequence<I...>) const {
    auto parts = std::tuple<decltype(argument<I>(all))...>(argument<I>(all)...);
    const auto call = [&]() -> decltype(auto) {
      return std::apply([this](auto&... part) -> decltype(auto) { return std::invoke(f_, part...); }, parts);
    };
    using result = decltype(call());
    if constexpr (!detail::array_result<result>) {
      return call();
    } else {
      using element = typename detail::array_value<result>::type;
      const detail::held_t<result> given = call();
      const array_shape shape =
          with_leading_axes(detail::shape_of(std::get<first>(all)), detail::shape_of(given));
      xt::xarray<element, xt::layout_type::row_major> copy(shape);
      std::copy_n(detail::data_of(given), copy.size(), copy.data());
      return copy;
    }
  }

  static constexpr std::size_t first = std::min({Arrays...});

  template <std::size_t I, class All>
  static decltype(auto) argument(All& all) {
    auto& value = std::get<I>(all);
    if constexpr (((I == Arrays) || ...)) {
      const array_shape shape = detail::shape_of(value);
      const std::size_t columns = shape.empty() ? 1 : shape.back();
      const std::size_t rows =
          detail::elements_in({shape.begin(), shape.empty() ? shape.end() : shape.end() - 1});
      return rows_view(detail::writable_data_of(value), {rows, columns});
    } else {
      return (value);
    }
  }

  static array_shape with_leading_axes(const array_shape& input, const array_shape& output) {
    const array_shape leading(input.begin(), input.empty() ? input.end() : input.end() - 1);
    const std::size_t rows = detail::elements_in(leading);
    if (output.empty() || output.front() != rows) return output;
    array_shape shape = leading;
    shape.insert(shape.end(), output.begin() + 1, output.end());
    return shape;
  }

  F f_;
};

/// Lets a function of rows by columns take arrays of any number of axes: `as_2d(f)` for the first argument,
/// `as_2d<0, 1>(f)` for an input and an output. Splits do this by themselves; it is for plain calls of the
/// same function.
template <std::size_t... Arrays, class F>
auto as_2d(F f) {
  if constexpr (sizeof...(Arrays) == 0) {
    return as_2d_function<F, 0>(std::move(f));
  } else {
    return as_2d_function<F, Arrays...>(std::move(f));
  }
}

}  // namespace weir

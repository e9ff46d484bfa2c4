#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <numeric>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>

#include <weir/distributed_array.hpp>
#include <weir/rows_view.hpp>
#include <weir/shm/shared_array.hpp>
#include <weir/xtensor.hpp>

/// What splits accept as arguments and results, and how they look at them.
namespace weir {

namespace detail {

template <class A, template <class> class Template>
inline constexpr bool is_a = false;
template <class T, template <class> class Template>
inline constexpr bool is_a<Template<T>, Template> = true;

}  // namespace detail

/// An array in a window, const or not.
template <class A>
concept is_shared_array = detail::is_a<std::remove_cvref_t<A>, shared_array>;
template <class A>
concept is_distributed_array = detail::is_a<std::remove_cvref_t<A>, distributed_array>;

/// An xtensor container or view whose elements lie one behind the other in row-major order.
template <class A>
concept contiguous_xtensor = xt::is_xexpression<std::remove_cvref_t<A>>::value && requires(const A& a) {
  requires std::remove_cvref_t<A>::static_layout == xt::layout_type::row_major;
  {a.data()};
  requires shareable<typename std::remove_cvref_t<A>::value_type>;
};

/// std::vector, std::span, std::array and their like: one axis.
template <class A>
concept contiguous_list =
    !xt::is_xexpression<std::remove_cvref_t<A>>::value && !std::is_convertible_v<A, std::string_view> &&
    std::ranges::contiguous_range<std::remove_cvref_t<A>> &&
    std::ranges::sized_range<std::remove_cvref_t<A>> &&
    shareable<std::ranges::range_value_t<std::remove_cvref_t<A>>>;

/// An array that this rank has for itself; a split reads it.
template <class A>
concept private_array = contiguous_xtensor<A> || contiguous_list<A>;

/// What a split can cut at rows.
template <class A>
concept splittable = is_shared_array<A> || is_distributed_array<A> || private_array<A>;

/// What the results of a split can be written to.
template <class A>
concept split_writable = (is_shared_array<A> ||
                          is_distributed_array<A>)&&!std::is_const_v<std::remove_reference_t<A>>;

namespace detail {

template <class A>
array_shape shape_of(const A& a) {
  if constexpr (contiguous_list<A>) {
    return {std::ranges::size(a)};
  } else {
    return array_shape(a.shape().begin(), a.shape().end());
  }
}

/// The elements that are here: of a distributed array, this domain's.
template <class A>
auto data_of(A& a) {
  if constexpr (is_distributed_array<A>) {
    return a.local().data();
  } else if constexpr (is_shared_array<A>) {
    return a.data();
  } else if constexpr (contiguous_list<A>) {
    return std::ranges::cdata(a);
  } else if constexpr (requires { a.data_offset(); }) {
    return std::as_const(a).data() + a.data_offset();
  } else {
    return std::as_const(a).data();
  }
}

/// The same for functions that are called without a split, and write to what is not const.
template <class A>
auto writable_data_of(A& a) {
  static_assert(!xt::is_xexpression<A>::value || contiguous_xtensor<A>,
                "the elements of this xtensor expression do not lie one behind the other in row-major order: "
                "copy it into an xt::xarray");
  if constexpr (requires { a.data_offset(); }) {
    return a.data() + a.data_offset();
  } else {
    return std::ranges::data(a);
  }
}

template <class A>
using element_of =
    std::remove_cv_t<std::remove_pointer_t<decltype(data_of(std::declval<std::remove_reference_t<A>&>()))>>;

inline std::size_t elements_in(const array_shape& shape, std::size_t first_axis = 0) {
  return std::accumulate(shape.begin() + static_cast<std::ptrdiff_t>(first_axis), shape.end(), std::size_t{1},
                         std::multiplies<>());
}

/// How many leading axes make `rows` rows; nothing if none do.
std::optional<std::size_t> row_axes_of(const array_shape& shape, std::size_t rows);

/// "(10, 20, 20000)"
std::string to_string(const array_shape& shape);

/// Rows `rows` of elements whose leading `axes` axes are rows; with no such axes, all of them.
template <class T>
rows_view<T> view_of_rows(T* data, const array_shape& shape, std::size_t axes, index_range rows) {
  if (axes == 0) return {data, shape};
  array_shape part{rows.size()};
  part.insert(part.end(), shape.begin() + static_cast<std::ptrdiff_t>(axes), shape.end());
  return {data + rows.begin * elements_in(shape, axes), part};
}

}  // namespace detail
}  // namespace weir

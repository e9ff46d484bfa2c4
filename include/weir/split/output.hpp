#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <weir/split/call.hpp>
#include <weir/split/options.hpp>
#include <weir/split/result.hpp>

namespace weir {

/// The results go to `array`, which has their shape and type and which the split's ranks share. Not owning.
template <class A>
output_target<A> out(A& array) {
  static_assert(split_writable<A>,
                "out: results can only go to a shared or distributed array that is not const, because other "
                "ranks do not see other memory");
  return {array};
}

/// The output's shape is the input's.
struct same_shape_t {
  template <class... Args>
  array_shape operator()(array_shape input, const Args&...) const {
    return input;
  }
};
inline constexpr same_shape_t same_shape{};

namespace detail {

template <class A>
struct is_mode_of : std::false_type {};
template <>
struct is_mode_of<in_place_t> : std::true_type {};
template <class A>
struct is_mode_of<output_target<A>> : std::true_type {};
template <class A>
inline constexpr bool is_mode = is_mode_of<std::remove_cvref_t<A>>::value;

/// Results go to new memory.
struct new_memory {};

/// Which of the arguments says where the results go; their number if none does.
template <class... Args>
constexpr std::size_t mode_position() {
  constexpr std::array<bool, sizeof...(Args) + 1> modes{is_mode<Args>..., true};
  return static_cast<std::size_t>(std::find(modes.begin(), modes.end(), true) - modes.begin());
}

/// Calls `f(mode, arguments without the mode...)`.
template <class F, class... Args>
decltype(auto) with_mode(F&& f, Args&... args) {
  constexpr std::size_t at = mode_position<Args...>();
  static_assert((static_cast<std::size_t>(is_mode<Args>) + ... + 0) <= 1,
                "a split is told twice where its results go: give in_place or out(...) once");
  std::tuple<Args&...> all(args...);
  return [&]<std::size_t... I>(std::index_sequence<I...>)->decltype(auto) {
    if constexpr (at == sizeof...(Args)) {
      return f(new_memory{}, args...);
    } else {
      return f(std::get<at>(all), std::get<(I < at ? I : I + 1)>(all)...);
    }
  }
  (std::make_index_sequence<(at == sizeof...(Args) ? 0 : sizeof...(Args) - 1)>());
}

/// How a function gives its results: `returned` or `written` to a view that it gets. See split_output() and
/// split_optional_output().
struct returned_results {
  template <class F, class Call, std::size_t Input>
  using element = typename array_value<applied_result<F, parts_of<Call>>>::type;

  template <class F, class Call, std::size_t>
  static constexpr bool can_run() {
    constexpr bool callable = applied<F, parts_of<Call>>::is_possible;
    static_assert(
        callable,
        "split_output: the function cannot be called with these arguments: it gets a const rows_view "
        "(an xtensor view, or std::span) for those that are cut, const views of whole shared arrays, "
        "and const references to the rest");
    if constexpr (callable) {
      constexpr bool is_array = array_result<applied_result<F, parts_of<Call>>>;
      static_assert(is_array,
                    "split_output: the function does not return an array; use split_optional_output for one "
                    "that writes to an output, split_at for others");
      return is_array;
    } else {
      return false;
    }
  }

  template <std::size_t, class F, class Parts, class View>
  void operator()(const F& f, Parts& parts, View& to, bool) const {
    const held_t<applied_result<F, Parts>> result = apply_parts(f, parts);
    const array_shape got = shape_of(result);
    const array_shape wanted = shape_of(to);
    if (got != wanted) {
      throw error(exit_code::usage,
                  fmt::format("the function gave an array of shape {} where {} is to be stored",
                              to_string(got), to_string(wanted)));
    }
    std::copy_n(data_of(result), elements_in(got), to.data());
  }
};

template <class Element>
struct written_results {
  /// Whether the output may be the input's memory.
  bool runs_in_place = false;

  template <class F, class Call, std::size_t Input>
  using element = std::conditional_t<std::is_void_v<Element>,
                                     element_of<const typename Call::template argument<Input>>, Element>;

  template <std::size_t Input, class Parts, class View>
  static auto with_output(Parts& parts, View& to) {
    return [&]<std::size_t... I, std::size_t... J>(std::index_sequence<I...>, std::index_sequence<J...>) {
      return std::tuple<std::tuple_element_t<I, Parts>&..., View&,
                        std::tuple_element_t<Input + 1 + J, Parts>&...>(std::get<I>(parts)..., to,
                                                                        std::get<Input + 1 + J>(parts)...);
    }
    (std::make_index_sequence<Input + 1>(), std::make_index_sequence<std::tuple_size_v<Parts> - Input - 1>());
  }

  template <class F, class Call, std::size_t Input>
  static constexpr bool can_run() {
    using output = rows_view<element<F, Call, Input>>;
    using all = decltype(with_output<Input>(std::declval<parts_of<Call>&>(), std::declval<output&>()));
    constexpr bool callable = applied<F, all>::is_possible;
    static_assert(
        callable,
        "split_optional_output: the function cannot be called with these arguments: it gets a const "
        "rows_view (an xtensor view, or std::span) of the input, behind it a rows_view of the output, "
        "const views of whole shared arrays, and const references to the rest");
    return callable;
  }

  template <std::size_t Input, class F, class Parts, class View>
  void operator()(const F& f, Parts& parts, View& to, bool same_memory) const {
    if (!same_memory || runs_in_place) {
      auto all = with_output<Input>(parts, to);
      return apply_parts(f, all);
    }
    xt::xarray<typename View::value_type, xt::layout_type::row_major> own(shape_of(to));
    View view(own.data(), shape_of(to));
    auto all = with_output<Input>(parts, view);
    apply_parts(f, all);
    std::copy_n(own.data(), own.size(), to.data());
  }
};

}  // namespace detail
}  // namespace weir

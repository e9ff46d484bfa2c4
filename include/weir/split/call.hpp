#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#include <weir/split/argument.hpp>
#include <weir/split/run.hpp>

namespace weir::detail {

template <class A>
inline constexpr bool is_reference_wrapper = is_a<std::remove_cvref_t<A>, std::reference_wrapper>;

/// Which arguments of a call are cut, in the order that was asked for.
template <std::size_t... Split>
struct split_indices {
  static constexpr std::size_t count = sizeof...(Split);
  static constexpr std::array<std::size_t, count> all{Split...};

  static constexpr bool has(std::size_t i) { return ((i == Split) || ...); }
  /// Where `i` stands among them.
  static constexpr std::size_t position(std::size_t i) {
    std::size_t at = 0;
    while (all[at] != i) ++at;
    return at;
  }
};

/// The arguments of one call of a split. `ReadOnly`: the function gets const views of what is cut.
template <bool ReadOnly, class Indices, class... Args>
class split_call {
 public:
  explicit split_call(Args&... args) : args_(args...) {}

  template <std::size_t I>
  using argument = std::tuple_element_t<I, std::tuple<Args&...>>;
  template <std::size_t I>
  auto& get() const {
    return std::get<I>(args_);
  }

  static constexpr bool has_all_indices() {
    for (const std::size_t i : Indices::all) {
      if (i >= sizeof...(Args)) return false;
    }
    return true;
  }
  static constexpr bool can_be_cut() {
    return each([]<std::size_t I>() { return !Indices::has(I) || splittable<argument<I>>; });
  }
  static constexpr bool can_be_whole() {
    return each([]<std::size_t I>() { return Indices::has(I) || !is_distributed_array<argument<I>>; });
  }
  /// Whether any argument that is cut is distributed.
  static constexpr bool is_distributed() {
    return !each([]<std::size_t I>() { return !(Indices::has(I) && is_distributed_array<argument<I>>); });
  }

  void describe(split_request& request) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (request.add_split(get<Indices::all[I]>(), may_write<Indices::all[I]>()), ...);
    }
    (std::make_index_sequence<Indices::count>());
    for_each([&]<std::size_t I>() {
      if constexpr (!Indices::has(I)) request.add_whole(get<I>());
    });
  }

  /// Whether the function can store through the I-th argument.
  template <std::size_t I>
  static constexpr bool may_write() {
    return !ReadOnly && Indices::has(I) && split_writable<argument<I>>;
  }

  void sync() const {
    for_each([&]<std::size_t I>() {
      if constexpr (is_shared_array<argument<I>>) get<I>().sync();
      if constexpr (is_distributed_array<argument<I>>) get<I>().local().sync();
    });
  }

  /// What the function gets for the I-th argument: a view of this rank's rows, a const view of a whole shared
  /// array, the referred object of a std::reference_wrapper, or a const reference.
  template <std::size_t I>
  decltype(auto) part(const split_run& run) const {
    auto& argument_ = get<I>();
    using type = argument<I>;
    if constexpr (Indices::has(I)) {
      auto* const data = data_of(argument_);
      using pointer = std::conditional_t<ReadOnly, const element_of<type>*, decltype(data_of(argument_))>;
      if constexpr (is_distributed_array<type>) {
        return view_of_rows(static_cast<pointer>(data), argument_.local().shape(), 1, run.rows());
      } else {
        return view_of_rows(static_cast<pointer>(data), shape_of(argument_),
                            run.request().axes_of(Indices::position(I)), run.global_rows());
      }
    } else if constexpr (is_shared_array<type>) {
      return std::as_const(argument_).view();
    } else if constexpr (is_reference_wrapper<type>) {
      return (argument_.get());
    } else {
      return (std::as_const(argument_));
    }
  }

  /// All parts of this rank, for std::apply: views by value, other things by reference.
  auto parts(const split_run& run) const {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::tuple<decltype(part<I>(run))...>(part<I>(run)...);
    }
    (std::index_sequence_for<Args...>());
  }

  template <class F>
  static constexpr void for_each(F&& f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (f.template operator()<I>(), ...);
    }
    (std::index_sequence_for<Args...>());
  }

 private:
  template <class F>
  static constexpr bool each(F f) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (f.template operator()<I>() && ...);
    }
    (std::index_sequence_for<Args...>());
  }

  std::tuple<Args&...> args_;
};

template <class Call>
using parts_of = decltype(std::declval<const Call&>().parts(std::declval<const split_run&>()));

/// Refuses what cannot be a call, in words, at compile time.
template <class Call>
constexpr bool check_call() {
  constexpr bool has_all = Call::has_all_indices();
  static_assert(has_all, "a split is called with fewer arguments than the index of one that is to be cut");
  if constexpr (has_all) {
    constexpr bool can_be_cut = Call::can_be_cut();
    static_assert(
        can_be_cut,
        "an argument that a split is to cut is no array that it can: give a shared or distributed "
        "array, a row-major xtensor container, or a list; copy a strided view into an xt::xarray first");
    constexpr bool can_be_whole = Call::can_be_whole();
    static_assert(
        can_be_whole,
        "a distributed array cannot be passed whole, because no domain has all of it: all_gather it "
        "first, or let the split cut it");
    return can_be_cut && can_be_whole;
  } else {
    return false;
  }
}

/// Whether F can be called with the elements of a tuple as lvalues, and what it returns then.
template <class F, class Parts>
struct applied;
template <class F, class... P>
struct applied<F, std::tuple<P...>> {
  static constexpr bool is_possible = std::is_invocable_v<const F&, P&...>;
  template <class G>
  static auto result_of() -> std::invoke_result_t<const G&, P&...>;
};
template <class F, class Parts>
using applied_result = decltype(applied<F, Parts>::template result_of<F>());

template <class F, class Parts>
decltype(auto) apply_parts(const F& f, Parts& parts) {
  return std::apply([&f](auto&... part) -> decltype(auto) { return std::invoke(f, part...); }, parts);
}

}  // namespace weir::detail

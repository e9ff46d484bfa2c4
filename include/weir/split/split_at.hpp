#pragma once

#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include <weir/split/call.hpp>
#include <weir/split/options.hpp>
#include <weir/split/result.hpp>

namespace weir {

/// Names the outputs of a split whose parts are joined, for functions that return a tuple or pair; the others
/// are the first part's. Without it all are joined.
template <std::size_t... Outputs>
struct splice_at_t {
  static constexpr bool has(std::size_t i) { return ((i == Outputs) || ...); }
  static constexpr bool fits(std::size_t outputs) { return ((Outputs < outputs) && ...); }
};
template <std::size_t... Outputs>
inline constexpr splice_at_t<Outputs...> splice_at{};

/// All outputs.
struct splice_all_t {
  static constexpr bool has(std::size_t) { return true; }
  static constexpr bool fits(std::size_t) { return true; }
};

/// A function whose arguments `Split...` are cut at the same rows, a part for each rank; made by split_at().
template <class F, class Splice, std::size_t... Split>
class split_at_function {
 public:
  split_at_function(F f, split_options options) : f_(std::move(f)), settings_{options, std::nullopt} {}

  /// The same function, run over these ranks, whatever scope is open. Not collective.
  split_at_function over(split_domain domain) const {
    split_at_function copy = *this;
    copy.settings_.over = domain;
    return copy;
  }

  /// How a call with these arguments would run; of distributed arrays, on this domain. Not collective; does
  /// nothing.
  template <class... Args>
  split_plan plan(const Args&... args) const {
    const detail::split_call<true, indices, const Args...> call(args...);
    return run_of(call).plan();
  }

  /// **Collective** over the ranks that the split runs over (see domain_scope); all give the same arguments,
  /// and shared and distributed arrays are whole and up to date for all on return.
  ///
  /// Arguments that are cut: shared arrays, distributed arrays, or arrays that every rank has for itself and
  /// that are the same on all: row-major xtensor containers, and lists (std::vector, std::span) of one
  /// element a row. The first with two axes or more decides what the rows are: those of its last axis, so an
  /// array of 10 x 20 x 5000 has 200. Of the others as many leading axes are rows as make the same number.
  /// The function gets a `rows_view`: rows x columns, and so on; const if the argument is const or private.
  ///
  /// Arguments that are passed whole: a shared array as a const view of the one copy, others as const
  /// references, what a std::reference_wrapper refers to as it is.
  ///
  /// Rows are divided evenly, in order of ranks; ranks without rows do not call the function. If no argument
  /// has two axes, there is one row or none, the first argument is smaller than `split_over`, or `serial` is
  /// on, the first rank calls it with all rows. With no rows it is called once, with none. Inside another
  /// split the calling rank does everything alone and the results are its own.
  ///
  /// Results: nothing; arrays, joined along their first axis into a new array of the split's domain, or a
  /// distributed array if an argument is one, where the input's leading axes come back if each row gave one
  /// row; numbers and other plain values, as a std::vector with one value a part; tuples and pairs of these.
  /// A function that mixes rows (a mean over all of them) gives its parts' results, not that of the whole.
  ///
  /// Throws agreed_error on all ranks: usage, before any work, if arguments do not fit together or ranks make
  /// different calls, and after it, if the parts' results do not fit; the first error that the function
  /// threw, by order of ranks, with rank, host and rows in its text. What other ranks wrote to shared arrays
  /// is then there, and the rows of those that failed are as the function left them. The next split works.
  template <class... Args>
  auto operator()(Args&&... args) const {
    using call_type = detail::split_call<false, indices, std::remove_reference_t<Args>...>;
    if constexpr (detail::check_call<call_type>()) {
      using parts_type = detail::parts_of<call_type>;
      static_assert(
          detail::applied<F, parts_type>::is_possible,
          "split_at: the function cannot be called with these arguments: it gets rows_view (an xtensor "
          "view, or std::span) for those that are cut, const views of whole shared arrays, and const "
          "references to the rest");
      if constexpr (detail::applied<F, parts_type>::is_possible) return run(call_type(args...));
    }
  }

 private:
  using indices = detail::split_indices<Split...>;

  template <class Call>
  detail::split_run run_of(const Call& call) const {
    detail::split_request request;
    call.describe(request);
    request.settle();
    return {std::move(request), settings_};
  }

  template <class Call>
  auto run(const Call& call) const {
    using result = detail::applied_result<F, detail::parts_of<Call>>;
    detail::split_run run = run_of(call);
    call.sync();
    run.begin();
    call.sync();
    if constexpr (std::is_void_v<result>) {
      run.attempt([&] {
        auto parts = call.parts(run);
        detail::apply_parts(f_, parts);
      });
      finish(call, run);
    } else if constexpr (!detail::can_be_result<std::remove_cvref_t<result>>) {
      static_assert(
          detail::can_be_result<std::remove_cvref_t<result>>,
          "split_at: the function's result cannot be spliced: return nothing, an array, a number or "
          "other plain value, or a tuple of these");
    } else {
      std::optional<detail::held_t<result>> mine;
      run.attempt([&] {
        auto parts = call.parts(run);
        mine.emplace(detail::apply_parts(f_, parts));
      });
      finish(call, run);
      return joined<Call::is_distributed()>(run, std::move(mine));
    }
  }

  template <class Call>
  static void finish(const Call& call, const detail::split_run& run) {
    call.sync();
    run.agree_on_end();
    call.sync();
    if (!run.exchanges()) return;
    Call::for_each([&]<std::size_t I>() {
      using type = typename Call::template argument<I>;
      if constexpr (Call::template may_write<I>() && is_shared_array<type>) {
        auto& array = call.template get<I>();
        const std::size_t axes = run.request().axes_of(indices::position(I));
        run.exchange(reinterpret_cast<std::byte*>(array.data()),
                     detail::elements_in(array.shape(), axes) * sizeof(detail::element_of<type>));
      }
    });
    call.sync();
  }

  template <bool Distributed, class Held>
  static auto joined(const detail::split_run& run, std::optional<Held> mine) {
    if constexpr (detail::is_tuple<Held>) {
      constexpr std::size_t outputs = std::tuple_size_v<Held>;
      static_assert(Splice::fits(outputs),
                    "splice_at: the function has fewer outputs than the index of one that is named");
      if constexpr (Splice::fits(outputs)) {
        return [&]<std::size_t... J>(std::index_sequence<J...>) {
          // Braces, because every join is collective and the order must be the same on all ranks.
          return std::tuple<decltype(joined_output<Distributed, J>(run, mine))...>{
              joined_output<Distributed, J>(run, mine)...};
        }
        (std::make_index_sequence<outputs>());
      }
    } else {
      static_assert(Splice::fits(1),
                    "splice_at: the function has fewer outputs than the index of one that is named");
      return detail::join<Distributed, Splice::has(0)>(run, mine);
    }
  }

  template <bool Distributed, std::size_t J, class Held>
  static auto joined_output(const detail::split_run& run, std::optional<Held>& mine) {
    std::optional<std::tuple_element_t<J, Held>> output;
    if (mine) output.emplace(std::move(std::get<J>(*mine)));
    return detail::join<Distributed, Splice::has(J)>(run, output);
  }

  F f_;
  detail::split_settings settings_;
};

/// Makes a function of arrays into one that runs on parts of them: `split_at(f)` cuts the first argument,
/// `split_at<0, 2>(f)` the first and the third, at the same rows. `f` takes xtensor views or spans of its
/// rows and need not know of MPI. Not collective; calling the result is.
template <std::size_t... Split, class F>
auto split_at(F f, split_options options = {}) {
  return split_at<Split...>(std::move(f), splice_all_t{}, options);
}
/// The same, with the outputs that are joined named: `split_at<0>(f, splice_at<0, 2>)`.
template <std::size_t... Split, class F, class Splice>
requires requires {
  Splice::has(0);
}
auto split_at(F f, Splice, split_options options = {}) {
  if constexpr (sizeof...(Split) == 0) {
    return split_at_function<F, Splice, 0>(std::move(f), options);
  } else {
    return split_at_function<F, Splice, Split...>(std::move(f), options);
  }
}

}  // namespace weir

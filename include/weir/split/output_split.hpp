#pragma once

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

#include <weir/split/output.hpp>

namespace weir {

/// A function with one output array that a split writes to new memory, to memory that is given, or in place;
/// made by split_output() and split_optional_output().
template <class F, class Results, class ShapeRule, std::size_t Input, std::size_t... More>
class output_split_function {
 public:
  output_split_function(F f, Results results, ShapeRule rule, split_options options)
      : f_(std::move(f)), results_(results), rule_(std::move(rule)), settings_{options, std::nullopt} {}

  /// The same function, run over these ranks, whatever scope is open. Not collective.
  output_split_function over(split_domain domain) const {
    output_split_function copy = *this;
    copy.settings_.over = domain;
    return copy;
  }

  /// How a call with these arguments would run; of distributed arrays, on this domain. Not collective; does
  /// nothing.
  template <class... Args>
  split_plan plan(const Args&... args) const {
    return detail::with_mode(
        [this](const auto&, const auto&... rest) {
          const call_of<const std::remove_reference_t<decltype(rest)>...> call(rest...);
          detail::split_request request;
          call.describe(request);
          request.settle();
          return detail::split_run(std::move(request), settings_).plan();
        },
        args...);
  }

  /// **Collective** over the ranks that the split runs over; the arguments, how they are cut, where the split
  /// runs and what it throws are those of split_at_function. Additionally one argument, anywhere, may say
  /// where the results go, whose shape the shape rule gives and is the input's without one:
  ///
  /// - none: to a new array over the split's domain, or a distributed array if the input is one, which is
  ///   returned;
  /// - `out(y)`: to y, of which a reference is returned;
  /// - `in_place`: to the input, of which a reference is returned.
  ///
  /// The function gets const views of what is cut. If it throws, the rows of its part are, in place or in a
  /// given array, as they were or half written; other parts are done. New memory is released.
  template <class... Args>
  decltype(auto) operator()(Args&&... args) const {
    return detail::with_mode(
        [this](const auto& mode, auto&... rest) -> decltype(auto) { return check_and_run(mode, rest...); },
        args...);
  }

 private:
  using indices = detail::split_indices<Input, More...>;
  template <class... Args>
  using call_of = detail::split_call<true, indices, Args...>;

  template <class Mode, class... Args>
  decltype(auto) check_and_run(const Mode& mode, Args&... args) const {
    using call_type = call_of<Args...>;
    if constexpr (detail::check_call<call_type>()) {
      using element = typename element_if<Results::template can_run<F, call_type, Input>(), call_type>::type;
      if constexpr (!std::is_void_v<element>) return run<element>(mode, call_type(args...), args...);
    }
  }

  template <bool Possible, class Call>
  struct element_if {
    using type = typename Results::template element<F, Call, Input>;
  };
  template <class Call>
  struct element_if<false, Call> {
    using type = void;
  };

  template <class T, class Mode, class Call, class... Args>
  decltype(auto) run(const Mode& mode, const Call& call, Args&... args) const {
    auto& input = call.template get<Input>();
    using input_type = std::remove_reference_t<decltype(input)>;
    constexpr bool is_new = std::is_same_v<Mode, detail::new_memory>;
    constexpr bool is_in_place = std::is_same_v<Mode, in_place_t>;

    detail::split_request request;
    call.describe(request);
    request.settle();
    const array_shape input_shape = detail::shape_of(input);
    array_shape shape;
    try {
      shape = [&]<class First, class... Rest>(First&, Rest&... rest) {
        return rule_(input_shape, std::as_const(rest)...);
      }(args...);
    } catch (const error& e) {
      request.refuse(e.what());
    }
    const std::optional<std::size_t> axes = output_axes(request, shape);
    request.add_signature(is_new ? 1 : is_in_place ? 2 : 3);

    if constexpr (is_new) {
      return run_new<T>(call, std::move(request), shape, axes);
    } else if constexpr (is_in_place) {
      constexpr bool can_be =
          split_writable<input_type> && std::is_same_v<detail::element_of<const input_type>, T>;
      static_assert(
          split_writable<input_type>,
          "in_place: the input is no shared or distributed array, or it is const, so a split cannot "
          "write to it");
      static_assert(!split_writable<input_type> || can_be,
                    "in_place: the results have another element type than the input");
      if constexpr (can_be) return (run_given<T>(call, std::move(request), shape, axes, input));
    } else {
      using output_type = std::remove_reference_t<decltype(mode.array)>;
      constexpr bool has_type = std::is_same_v<detail::element_of<const output_type>, T>;
      constexpr bool has_kind = is_distributed_array<output_type> == Call::is_distributed();
      static_assert(has_type, "out: the array has another element type than the results");
      static_assert(has_kind, "out: distributed arrays give results to distributed arrays, shared to shared");
      if constexpr (has_type && has_kind) {
        return (run_given<T>(call, std::move(request), shape, axes, mode.array));
      }
    }
  }

  /// How many leading axes of the output are rows, which must be as many as the input's.
  static std::optional<std::size_t> output_axes(detail::split_request& request, const array_shape& shape) {
    if (request.leading_axes().empty()) return 0;
    const std::optional<std::size_t> axes = detail::row_axes_of(shape, request.rows());
    if (!axes) {
      request.refuse(
          fmt::format("an output of shape {} does not have the {} rows of the input; let the shape "
                      "rule keep the leading axes",
                      detail::to_string(shape), request.rows()));
    }
    return axes;
  }

  template <class T, class Call>
  auto run_new(const Call& call, detail::split_request request, const array_shape& shape,
               std::optional<std::size_t> axes) const {
    detail::split_run run(std::move(request), settings_);
    begin(call, run);
    if constexpr (Call::is_distributed()) {
      distributed_array<T> result(*run.distributed_over(), shape, axes.value(), run.first_rows());
      write(call, run, result, axes.value());
      return result;
    } else {
      shared_array<T> result = run.make([&] { return shared_array<T>(run.memory(), shape); });
      write(call, run, result, axes.value());
      return result;
    }
  }

  template <class T, class Call, class Output>
  Output& run_given(const Call& call, detail::split_request request, const array_shape& shape,
                    std::optional<std::size_t> axes, Output& output) const {
    if (detail::shape_of(output) != shape) {
      request.refuse(
          fmt::format("the results have shape {} and are to go to an array of shape {}; give one of "
                      "that shape",
                      detail::to_string(shape), detail::to_string(detail::shape_of(output))));
    }
    if constexpr (is_distributed_array<Output>) {
      request.add_distribution(&output.nodes(), output.first_rows());
    } else {
      request.add_domain(output.domain(), true);
    }
    detail::split_run run(std::move(request), settings_);
    begin(call, run);
    write(call, run, output, axes.value());
    return output;
  }

  template <class Call>
  static void begin(const Call& call, const detail::split_run& run) {
    call.sync();
    run.begin();
    call.sync();
  }

  template <class Call, class Output>
  void write(const Call& call, detail::split_run& run, Output& output, std::size_t axes) const {
    using element = detail::element_of<Output>;
    const void* const input = detail::data_of(call.template get<Input>());
    const bool same_memory = input != nullptr && input == detail::data_of(output);
    run.attempt([&] {
      auto parts = call.parts(run);
      rows_view<element> to = view_of_output(run, output, axes);
      results_.template operator()<Input>(f_, parts, to, same_memory);
    });
    sync(output);
    run.agree_on_end();
    sync(output);
    if constexpr (is_shared_array<Output>) {
      if (run.exchanges()) {
        run.exchange(reinterpret_cast<std::byte*>(output.data()),
                     detail::elements_in(output.shape(), axes) * sizeof(element));
        sync(output);
      }
    }
    run.tell_join(detail::shape_of(output), output.size() * sizeof(element));
  }

  template <class Output>
  static auto view_of_output(const detail::split_run& run, Output& output, std::size_t axes) {
    if constexpr (is_distributed_array<Output>) {
      return detail::view_of_rows(output.local().data(), output.local().shape(), 1, run.rows());
    } else {
      return detail::view_of_rows(output.data(), output.shape(), axes, run.rows());
    }
  }

  template <class Output>
  static void sync(const Output& output) {
    if constexpr (is_distributed_array<Output>) {
      output.local().sync();
    } else {
      output.sync();
    }
  }

  F f_;
  Results results_;
  ShapeRule rule_;
  detail::split_settings settings_;
};

}  // namespace weir

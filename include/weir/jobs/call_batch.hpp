#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <weir/jobs/batch.hpp>
#include <weir/jobs/future.hpp>

namespace weir::jobs {

template <class T>
inline constexpr bool is_future = false;
template <class R>
inline constexpr bool is_future<job_future<R>> = true;
template <class T>
inline constexpr bool is_futures = false;
template <class R>
inline constexpr bool is_futures<job_futures<R>> = true;
template <class T>
inline constexpr bool is_tuple = false;
template <class... T>
inline constexpr bool is_tuple<std::tuple<T...>> = true;
template <class A, class B>
inline constexpr bool is_tuple<std::pair<A, B>> = true;

/// What a function gets for an argument: for a future its result, for several their results, else itself.
template <class T>
decltype(auto) resolve(const T& argument) {
  if constexpr (is_future<T>) {
    return argument.batch().value(argument.index());
  } else if constexpr (is_futures<T>) {
    std::vector<typename decltype(argument[0])::value_type> values;
    values.reserve(argument.size());
    for (std::size_t i = 0; i < argument.size(); ++i) values.push_back(argument.batch().value(i));
    return values;
  } else {
    return argument;
  }
}

/// Whether arguments of a type can hold futures, and those that one holds.
template <class T>
constexpr bool holds_futures() {
  if constexpr (is_tuple<T>) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (holds_futures<std::remove_cvref_t<std::tuple_element_t<I, T>>>() || ...);
    }
    (std::make_index_sequence<std::tuple_size_v<T>>{});
  } else {
    return is_future<T> || is_futures<T>;
  }
}
template <class T>
void visit_futures(const T& argument, const batch::job_visitor& visit) {
  if constexpr (is_future<T>) {
    visit(argument.batch(), argument.index());
  } else if constexpr (is_futures<T>) {
    for (std::size_t i = 0; i < argument.size(); ++i) visit(argument.batch(), i);
  } else if constexpr (is_tuple<T>) {
    std::apply([&](const auto&... parts) { (visit_futures(parts, visit), ...); }, argument);
  }
}

/// An argument for people: numbers and short texts as they are, lengths of the rest.
template <class T>
std::string text_of(const T& argument) {
  constexpr std::size_t longest = 60;
  if constexpr (is_tuple<T>) {
    std::string all;
    std::apply([&](const auto&... parts) { ((all += (all.empty() ? "" : ", ") + text_of(parts)), ...); },
               argument);
    return all;
  } else if constexpr (is_future<T>) {
    return fmt::format("the result of {} {}", argument.batch().options().name, argument.index());
  } else if constexpr (std::is_arithmetic_v<T>) {
    return fmt::format("{}", argument);
  } else if constexpr (std::convertible_to<const T&, std::string>) {
    const std::string text = argument;
    return text.size() <= longest ? text : text.substr(0, longest) + "...";
  } else if constexpr (requires { argument.size(); }) {
    return fmt::format("{} elements", static_cast<std::size_t>(argument.size()));
  } else {
    return {};
  }
}

/// Arguments that differ from job to job: the elements of a range.
template <class Range>
class each {
 public:
  explicit each(Range range) : range_(std::move(range)) {}
  decltype(auto) operator[](std::size_t i) const {
    if constexpr (is_futures<Range>) {
      return range_[i];
    } else {
      return std::ranges::begin(range_)[static_cast<std::ranges::range_difference_t<const Range>>(i)];
    }
  }

 private:
  Range range_;
};

/// An argument of a single job.
template <class T>
class only {
 public:
  explicit only(T value) : value_(std::move(value)) {}
  const T& operator[](std::size_t) const { return value_; }

 private:
  T value_;
};

template <class Input>
using argument_of = std::remove_cvref_t<decltype(std::declval<const Input&>()[0])>;
/// The argument as the function gets it: a const lvalue, as results and inputs stay their owner's.
template <class Input>
using resolved_of = const std::remove_cvref_t<decltype(resolve(std::declval<const argument_of<Input>&>()))>&;

/// Calls with the context as the last argument if the function takes it, else without.
template <class F, class... Arguments>
decltype(auto) call_job(F& f, job_context& context, const Arguments&... arguments) {
  if constexpr (std::invocable<F&, const Arguments&...>) {
    return std::invoke(f, arguments...);
  } else if constexpr (std::invocable<F&, const Arguments&..., job_context&>) {
    return std::invoke(f, arguments..., context);
  } else {
    static_assert(
        !sizeof...(arguments) && sizeof...(arguments),
        "a job's function is called with one constant argument from each input, and, if it takes it, "
        "a weir::job_context& after them");
  }
}

/// A function that takes the parts of a tuple as its arguments.
template <class F>
struct spread {
  F f;

  template <class Tuple>
  decltype(auto) operator()(const Tuple& tuple, job_context& context) {
    return std::apply(
        [&](const auto&... parts) -> decltype(auto) { return call_job(f, context, resolve(parts)...); },
        tuple);
  }
};

template <class F, class... Inputs>
using raw_result = decltype(call_job(std::declval<F&>(), std::declval<job_context&>(),
                                     std::declval<resolved_of<Inputs>>()...));
template <class F, class... Inputs>
using result_of = std::conditional_t<std::is_void_v<raw_result<F, Inputs...>>, nothing,
                                     std::remove_cvref_t<raw_result<F, Inputs...>>>;

/// Jobs that call one function.
template <class F, class... Inputs>
class call_batch final : public result_batch<result_of<F, Inputs...>> {
  using result = result_of<F, Inputs...>;
  static_assert(
      serializable<result>,
      "a job's result travels between ranks: return a value that weir/jobs/serialize.hpp knows, give "
      "its type a fields(), or specialise weir::serializer for it");

 public:
  call_batch(std::size_t size, job_options options, F f, Inputs... inputs)
      : result_batch<result>(size, std::move(options)), parts_(parts{std::move(f), {std::move(inputs)...}}) {}

  bool takes_results() const override { return (holds_futures<argument_of<Inputs>>() || ...); }

  void visit_inputs(std::size_t i, const batch::job_visitor& visit) const override {
    std::apply([&](const auto&... inputs) { (visit_futures(inputs[i], visit), ...); }, parts_->inputs);
  }

  void call(std::size_t i, job_context& context) override {
    std::apply(
        [&](const auto&... inputs) {
          if constexpr (std::is_void_v<raw_result<F, Inputs...>>) {
            call_job(parts_->f, context, resolve_element(inputs, i)...);
            this->keep(i, nothing{});
          } else {
            this->keep(i, call_job(parts_->f, context, resolve_element(inputs, i)...));
          }
        },
        parts_->inputs);
  }

  std::string input_text(std::size_t i) const override {
    std::string all;
    std::apply([&](const auto&... inputs) { ((all += (all.empty() ? "" : ", ") + text_of(inputs[i])), ...); },
               parts_->inputs);
    return all;
  }

  void release_inputs() override { parts_.reset(); }

 private:
  struct parts {
    F f;
    std::tuple<Inputs...> inputs;
  };

  /// The element of a range may be a future that is made for the call; what it refers to stays.
  template <class Input>
  static decltype(auto) resolve_element(const Input& input, std::size_t i) {
    if constexpr (holds_futures<argument_of<Input>>()) {
      return resolve(input[i]);
    } else {
      return input[i];
    }
  }

  std::optional<parts> parts_;
};

}  // namespace weir::jobs

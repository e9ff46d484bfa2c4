#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <weir/jobs/call_batch.hpp>
#include <weir/jobs/engine.hpp>
#include <weir/jobs/future.hpp>
#include <weir/jobs/job_options.hpp>
#include <weir/mpi/environment.hpp>
#include <weir/topology.hpp>

namespace weir {

namespace jobs {

template <class T>
struct kept {
  using type = T;
};
template <class T>
struct kept<std::reference_wrapper<T>> {
  using type = std::ranges::ref_view<T>;
};
/// How an input of an asynchronous call is kept until its jobs run: a copy, or a reference made by std::cref.
template <class T>
using kept_type = typename kept<std::decay_t<T>>::type;

/// What jobs can be made of: elements that are reached by number, or futures.
template <class T>
concept job_input = is_futures<T> ||
    (std::ranges::random_access_range<const T>&& std::ranges::sized_range<const T>);

template <class Input>
using element_of = argument_of<each<Input>>;

template <class T>
std::size_t length_of(const T& input) {
  return static_cast<std::size_t>(std::size(input));
}
template <class T>
std::size_t length_of(const std::reference_wrapper<T>& input) {
  return length_of(input.get());
}

/// The function that a submission calls with its arguments, taken apart.
template <class Signature>
struct signature;
template <class R, class... Arguments>
struct signature<std::function<R(Arguments...)>> {
  using arguments = std::tuple<std::decay_t<Arguments>...>;
};
template <class R, class... Arguments>
requires(std::is_same_v<std::tuple_element_t<sizeof...(Arguments) - 1, std::tuple<Arguments...>>,
                        job_context&>) struct signature<std::function<R(Arguments...)>> {
  template <std::size_t... I>
  static std::tuple<std::decay_t<std::tuple_element_t<I, std::tuple<Arguments...>>>...> without_last(
      std::index_sequence<I...>);
  using arguments = decltype(without_last(std::make_index_sequence<sizeof...(Arguments) - 1>{}));
};
template <class F>
concept has_one_signature = requires(F f) {
  std::function{std::move(f)};
};
template <class F>
using arguments_of = typename signature<decltype(std::function{std::declval<F>()})>::arguments;

}  // namespace jobs

/// Gives jobs to a pool, with options. A light copyable handle; the pool must outlive it.
///
/// All ranks make the same calls with the same inputs: as every rank has them, only the number of a job
/// travels. A function gets its arguments as constants and may take a job_context& after them. Its results
/// travel, so they are values (weir/jobs/serialize.hpp). It may write to shared arrays, each job to its own
/// part, which others read after the array's synchronize(). It must not wait for other ranks, because they
/// are doing other jobs.
class job_submitter {
 public:
  job_submitter(jobs::engine& engine, job_options options) : engine_(&engine), options_(std::move(options)) {}

  /// **Collective.** f(x) for each x of the input, or f(x, y) for each pair of several inputs of one length:
  /// vectors and other ranges, or futures, of which `f` gets the results. The idle rank takes the next job.
  /// The results on all ranks, as a vector in the order of the input; nothing if `f` returns nothing. Throws
  /// jobs_failed, on all ranks and after all jobs have ended, if any failed.
  template <class F, class... Inputs>
  auto map(F&& f, const Inputs&... inputs) const {
    return map_async(std::forward<F>(f), borrow(inputs)...).get();
  }
  /// **Collective.** The same, returning a job_outcome for each job: its result or its failure.
  template <class F, class... Inputs>
  auto try_map(F&& f, const Inputs&... inputs) const {
    return map_async(std::forward<F>(f), borrow(inputs)...).outcomes();
  }
  /// **Collective.** The same, with `other` as the result of jobs that fail.
  template <class R, class F, class... Inputs>
  auto map_or(const R& other, F&& f, const Inputs&... inputs) const {
    return map_async(std::forward<F>(f), borrow(inputs)...).get_or(other);
  }
  /// **Collective.** f(a, b, ...) for each tuple or pair (a, b, ...) of the input.
  template <class F, class Input>
  auto starmap(F&& f, const Input& input) const {
    return starmap_async(std::forward<F>(f), borrow(input)).get();
  }

  /// Submits the jobs of map() and returns their futures; see job_future. The same on all ranks, without
  /// communication. Inputs are copied or moved; std::cref(input) refers to an input that outlives the jobs.
  template <class F, class... Inputs>
  requires(sizeof...(Inputs) > 0) auto map_async(F&& f, Inputs&&... inputs) const {
    static_assert(
        (jobs::job_input<jobs::kept_type<Inputs>> && ...),
        "an input is a range whose elements are reached by number, such as a std::vector, or futures");
    const std::size_t size = jobs::common_size({jobs::length_of(inputs)...});  // before they are moved
    return submit(
        size, std::forward<F>(f),
        jobs::each<jobs::kept_type<Inputs>>(jobs::kept_type<Inputs>(std::forward<Inputs>(inputs)))...);
  }
  template <class F, class Input>
  auto starmap_async(F&& f, Input&& input) const {
    constexpr bool is_of_tuples = jobs::is_tuple<jobs::element_of<jobs::kept_type<Input>>>;
    static_assert(is_of_tuples, "starmap: the input's elements are tuples or pairs of a job's arguments");
    if constexpr (is_of_tuples) {
      return map_async(jobs::spread<std::decay_t<F>>{std::forward<F>(f)}, std::forward<Input>(input));
    }
  }
  /// Submits one job, f(arguments...). An argument that is a future makes the job take its result, one that
  /// is job_futures a vector of results.
  template <class F, class... Arguments>
  auto apply_async(F&& f, Arguments&&... arguments) const {
    return submit(1, std::forward<F>(f),
                  jobs::only<std::decay_t<Arguments>>(std::forward<Arguments>(arguments))...)[0];
  }

  /// **Collective.** A scope in which jobs are submitted one by one: calls `scope` with a function that takes
  /// the arguments of one job, then runs the jobs. The results as those of map(). `f` has one signature.
  template <class F, class Scope>
  auto submitting(F&& f, Scope&& scope) const {
    constexpr bool is_plain = jobs::has_one_signature<std::decay_t<F>>;
    static_assert(is_plain, "submitting: the function has one signature, without auto");
    if constexpr (is_plain) {
      std::vector<jobs::arguments_of<std::decay_t<F>>> collected;
      std::forward<Scope>(scope)(
          [&]<class... T>(T&&... values) { collected.emplace_back(std::forward<T>(values)...); });
      return starmap_async(std::forward<F>(f), std::move(collected)).get();
    }
  }

 private:
  template <class T>
  static auto borrow(const T& input) {
    if constexpr (jobs::is_futures<T> || std::ranges::view<T>) {
      return input;
    } else {
      return std::cref(input);
    }
  }

  template <class F, class... Inputs>
  auto submit(std::size_t size, F&& f, Inputs... inputs) const {
    using batch = jobs::call_batch<std::decay_t<F>, Inputs...>;
    auto made = std::make_shared<batch>(size, options_, std::forward<F>(f), std::move(inputs)...);
    engine_->submit(made);
    return job_futures<jobs::result_of<std::decay_t<F>, Inputs...>>(std::move(made));
  }

  jobs::engine* engine_;
  job_options options_;
};

/// A pool of jobs over the ranks of a program. Every rank works, the first one too, and an idle one takes the
/// next job: by a counter in shared memory within a domain, by messages between domains. Move-only.
///
///     weir::job_pool pool(env);
///     std::vector<double> squares = pool.map([](double x) { return x * x; }, numbers);
///
/// Nothing is started and nothing runs in the background; the ranks work while they are inside a call of the
/// pool or its futures. Calls from within a job are run by the job's rank alone.
class job_pool : public job_submitter {
 public:
  /// **Collective.** Over all ranks of the program. `domains` says which ranks share a counter.
  explicit job_pool(const environment& env, domain_choice domains = {}) : job_pool(env.world(), domains) {}
  /// **Collective** over `ranks`, which must outlive the pool.
  explicit job_pool(const communicator& ranks, domain_choice domains = {})
      : job_pool(std::make_unique<jobs::engine>(ranks, domains)) {}
  job_pool(communicator&& temporary, domain_choice domains = {}) = delete;
  /// The destructor is **collective**. Jobs whose results nobody asked for do not run; a warning says so.

  /// The same pool with other options: `pool.with({.timeout = 2s}).map(f, x)`. Not collective.
  job_submitter with(job_options options) const { return {*engine_, std::move(options)}; }

  /// **Collective.** Runs all jobs that were submitted and have not run.
  void wait() const { engine_->finish_all(); }

  const topology& places() const noexcept { return engine_->places(); }

 private:
  explicit job_pool(std::unique_ptr<jobs::engine> engine)
      : job_submitter(*engine, {}), engine_(std::move(engine)) {}

  std::unique_ptr<jobs::engine> engine_;
};

}  // namespace weir

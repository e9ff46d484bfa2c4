#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include <fmt/core.h>

#include <weir/jobs/philox.hpp>
#include <weir/jobs/stop_token.hpp>

namespace weir {

/// What a job's function knows of its job, if it takes one as its last argument:
/// `double fit(const subject& s, weir::job_context& job)`. Ends with the job. Not collective.
class job_context {
 public:
  using line_sink = std::function<void(std::string)>;

  /// Made by the pool. `stream` numbers the batch that the job belongs to; `say` gets the lines of log().
  job_context(std::size_t index, std::uint64_t seed, std::uint64_t stream, weir::stop_token stop,
              line_sink say)
      : index_(index),
        seed_(seed),
        stream_(stream),
        stop_(stop),
        say_(std::move(say)),
        random_(seed, stream, static_cast<std::uint32_t>(index)) {}
  job_context(const job_context&) = delete;
  job_context& operator=(const job_context&) = delete;

  /// The job's place in the input.
  std::size_t index() const noexcept { return index_; }

  /// Whether the job's time is over (job_options::timeout). A job that may take long asks now and then.
  bool stop_requested() const noexcept { return stop_.stop_requested(); }
  weir::stop_token stop() const noexcept { return stop_; }
  /// Throws job_stopped if the job's time is over.
  void stop_point() const {
    if (stop_requested()) throw job_stopped();
  }

  /// The job's own random numbers: a function of job_options::seed, of how many batches the pool was given
  /// before, and of index(); the same on whichever of any number of ranks it runs.
  philox& random() noexcept { return random_; }

  /// Adds a line, formatted as by fmt::format, to the job's record, and to the log at level `info`.
  template <class... Args>
  void log(fmt::format_string<Args...> message, Args&&... args) {
    say_(fmt::format(message, std::forward<Args>(args)...));
  }

  /// The number of the next batch of jobs that this job gives to a pool: no other batch has it.
  std::uint64_t next_inner_stream() noexcept {
    const auto low = static_cast<std::uint32_t>(stream_);
    const auto high = static_cast<std::uint32_t>(stream_ >> 32);
    const philox::block mixed = philox::encrypt({++inner_, static_cast<std::uint32_t>(index_), low, high},
                                                {inner_key, static_cast<std::uint32_t>(seed_)});
    return mixed[0] | static_cast<std::uint64_t>(mixed[1] | inner_bit) << 32;
  }

 private:
  static constexpr std::uint32_t inner_key = 0x77656972;
  /// Keeps the numbers apart from those of outer batches, which count from 0.
  static constexpr std::uint32_t inner_bit = 0x80000000;

  std::size_t index_;
  std::uint64_t seed_;
  std::uint64_t stream_;
  weir::stop_token stop_;
  line_sink say_;
  philox random_;
  std::uint32_t inner_ = 0;
};

}  // namespace weir

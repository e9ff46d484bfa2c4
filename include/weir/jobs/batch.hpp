#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <weir/error.hpp>
#include <weir/jobs/job_context.hpp>
#include <weir/jobs/job_options.hpp>
#include <weir/jobs/outcome.hpp>
#include <weir/jobs/serialize.hpp>

/// What a pool is made of, which its users need not know.
namespace weir::jobs {

class engine;

/// Jobs that were submitted together, without their types: what they need, and what became of them. Between
/// two calls of the pool the same on all ranks. Nothing here is collective.
class batch {
 public:
  /// Called with each earlier job whose result a job takes.
  using job_visitor = std::function<void(const batch&, std::size_t index)>;

  batch(std::size_t size, job_options options) : options_(std::move(options)), records_(size) {}
  batch(const batch&) = delete;
  batch& operator=(const batch&) = delete;
  virtual ~batch() = default;

  std::size_t size() const noexcept { return records_.size(); }
  const job_options& options() const noexcept { return options_; }

  /// Whether any job takes results of earlier jobs, and of which ones job `i` does.
  virtual bool takes_results() const = 0;
  virtual void visit_inputs(std::size_t i, const job_visitor& visit) const = 0;

  /// Calls the function and keeps its result. Throws what the function throws.
  virtual void call(std::size_t i, job_context& context) = 0;
  virtual void write_value(std::size_t i, byte_writer& to) const = 0;
  virtual void read_value(std::size_t i, byte_reader& from) = 0;
  virtual void drop_value(std::size_t i) = 0;
  virtual std::string input_text(std::size_t i) const = 0;
  /// Lets go of the function and its arguments.
  virtual void release_inputs() = 0;

  /// Where and when a job ran; `rank` is -1 for a job that has not ended here or has not been heard of.
  struct run_record {
    int rank = -1;
    float seconds = 0;
  };
  std::vector<run_record>& runs() noexcept { return records_; }
  std::map<std::size_t, job_failure>& failures() noexcept { return failures_; }
  const std::map<std::size_t, job_failure>& failures() const noexcept { return failures_; }
  std::map<std::size_t, std::vector<std::string>>& logs() noexcept { return logs_; }

  job_record record_of(std::size_t i) const {
    const auto log = logs_.find(i);
    return {records_[i].rank, records_[i].seconds,
            log == logs_.end() ? std::vector<std::string>{} : log->second};
  }

  /// Whether all results are here, on all ranks.
  bool is_done() const noexcept { return done_; }
  void set_done() noexcept { done_ = true; }

  /// The pool that is to run the jobs; null once it has ended, and for jobs that a job has submitted.
  engine* runner = nullptr;
  /// Numbers the batch for random numbers.
  std::uint64_t stream = 0;
  /// This rank and how many the ranks are that run the jobs together.
  int rank = 0;
  int ranks = 1;

 private:
  job_options options_;
  std::vector<run_record> records_;
  std::map<std::size_t, job_failure> failures_;
  std::map<std::size_t, std::vector<std::string>> logs_;
  bool done_ = false;
};

/// The length that inputs have in common. Throws error(usage), naming two lengths, if they differ.
std::size_t common_size(std::initializer_list<std::size_t> sizes);

/// The result of a job that returns nothing.
using nothing = std::monostate;

/// A batch of jobs whose results are `R`.
template <class R>
class result_batch : public batch {
 public:
  result_batch(std::size_t size, job_options options) : batch(size, std::move(options)), values_(size) {}

  bool has_value(std::size_t i) const noexcept { return values_[i].has_value(); }
  const R& value(std::size_t i) const {
    if (!values_[i]) throw error(exit_code::usage, "a job's result was asked for before the job was done");
    return *values_[i];
  }

  void write_value(std::size_t i, byte_writer& to) const override { to.write(value(i)); }
  void read_value(std::size_t i, byte_reader& from) override { values_[i].emplace(from.read<R>()); }
  void drop_value(std::size_t i) override { values_[i].reset(); }

 protected:
  void keep(std::size_t i, R value) { values_[i].emplace(std::move(value)); }

 private:
  std::vector<std::optional<R>> values_;
};

}  // namespace weir::jobs

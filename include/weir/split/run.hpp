#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <weir/log.hpp>
#include <weir/partition.hpp>
#include <weir/split/options.hpp>
#include <weir/split/request.hpp>
#include <weir/split/row_exchange.hpp>

namespace weir::detail {

/// One call of a split on this rank: who works on which rows, and where the ranks agree.
class split_run {
 public:
  split_run(split_request request, const split_settings& settings);

  const split_request& request() const noexcept { return request_; }
  const split_plan& plan() const noexcept { return plan_; }
  /// Whether this rank calls the function.
  bool works() const noexcept { return works_; }
  /// This rank's rows, numbered in the memory of its domain: whole shared arrays, or a distributed array's
  /// local part.
  index_range rows() const noexcept { return rows_; }
  /// The same, numbered in the whole array.
  index_range global_rows() const noexcept { return {rows_.begin + first_row_, rows_.end + first_row_}; }

  const communicator& memory() const noexcept { return *memory_; }
  const communicator& everyone() const noexcept { return *everyone_; }
  /// The nodes over which the arguments are distributed, or null.
  const all_nodes* distributed_over() const noexcept { return request_.distributed_over_; }
  const std::vector<std::size_t>& first_rows() const noexcept { return request_.first_rows_; }

  /// **Collective.** Throws on all ranks what any has to refuse, or if they make different calls.
  void begin() const;

  /// Calls the function through `f`, if this rank has a part, and keeps what it throws.
  template <class F>
  void attempt(F&& f) {
    if (!works_) return;
    const auto start = std::chrono::steady_clock::now();
    try {
      const alone_scope inside;
      std::forward<F>(f)();
    } catch (...) {
      failure_ = std::current_exception();
    }
    if (is_logged(log_level::info)) {
      tell_part(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
  }

  /// **Collective.** Throws on all ranks what the first rank that failed threw, with its rank, host and rows.
  /// Otherwise what every rank stored before is in memory for all.
  void agree_on_end() const;

  /// **Collective.** Tells the other domains the rows that this one wrote to an array that every domain has
  /// whole, of `row_bytes` bytes each, if the split runs over several domains.
  void exchange(std::byte* all, std::size_t row_bytes) const;
  /// The same for a joined result, of which part i made the rows `part_begins[i]` to `part_begins[i + 1]`.
  /// Not for splits of distributed arrays, whose results are distributed too.
  void exchange(std::byte* all, std::size_t row_bytes, const std::vector<std::size_t>& part_begins) const;
  bool exchanges() const noexcept { return exchange_over_ != nullptr; }

  /// Makes a result array, on all ranks or on none. **Collective.**
  template <class F>
  auto make(F&& f) const {
    if (everyone_ == memory_) return f();
    return agree(*everyone_, std::forward<F>(f));
  }

  void tell_join(const array_shape& shape, std::size_t bytes) const;

 private:
  void choose_ranks(const split_settings& settings);
  void exchange_blocks(std::byte* all, const row_blocks& blocks) const;
  void choose_rows(const split_settings& settings);
  void check_domains();
  void tell_begin() const;
  void tell_part(double seconds) const;

  split_request request_;
  split_plan plan_;
  const communicator* memory_ = nullptr;
  const communicator* everyone_ = nullptr;
  const all_nodes* exchange_over_ = nullptr;
  bool is_alone_ = false;
  bool works_ = false;
  index_range rows_;
  std::size_t first_row_ = 0;
  std::exception_ptr failure_;
};

}  // namespace weir::detail

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
#include <weir/split/argument.hpp>
#include <weir/split/options.hpp>
#include <weir/split/row_exchange.hpp>

namespace weir::detail {

/// What the arguments of a split say about it; made without communication.
class split_request {
 public:
  /// Takes an argument that is cut. The first with two axes or more, or the first distributed one, decides
  /// what the rows are. `written` if the split may write to it.
  template <class A>
  void add_split(const A& argument, bool written) {
    add_shape(shape_of(argument), is_distributed_array<A>, sizeof(element_of<const A>));
    if constexpr (is_distributed_array<A>) add_distribution(&argument.nodes(), argument.first_rows());
    if constexpr (is_shared_array<A>) add_domain(argument.domain(), written);
  }
  /// Takes an argument that every rank sees whole.
  template <class A>
  void add_whole(const A& argument) {
    if constexpr (is_shared_array<A>) add_domain(argument.domain(), false);
  }
  /// Takes what sets this call apart from others of the same shapes; all ranks must say the same.
  void add_signature(std::uint64_t value) noexcept;
  /// The call cannot be made. The first problem is the one that is told.
  void refuse(const std::string& sentence);

  /// Takes an array of a domain, or one distributed over nodes, that the split writes to or reads.
  void add_domain(const communicator& domain, bool written) { domains_.push_back({&domain, written}); }
  void add_distribution(const all_nodes* nodes, const std::vector<std::size_t>& first_rows);

  /// To be called when all arguments that are cut are in.
  void settle();

  /// The number of rows, of all domains; 1 if no argument has rows.
  std::size_t rows() const noexcept { return rows_; }
  /// How many leading axes of the i-th argument that is cut are rows; 0: it is passed whole.
  std::size_t axes_of(std::size_t i) const { return axes_[i]; }
  /// The leading axes of the argument that decided.
  array_shape leading_axes() const;

 private:
  friend class split_run;
  struct array_domain {
    const communicator* ranks;
    bool written;
  };

  void add_shape(array_shape shape, bool distributed, std::size_t element_bytes);

  std::vector<array_shape> shapes_;
  std::vector<std::size_t> axes_;
  std::size_t decider_ = 0;
  bool has_rows_ = false;
  std::size_t rows_ = 1;
  std::size_t bytes_ = 0;
  std::vector<array_domain> domains_;
  const all_nodes* distributed_over_ = nullptr;
  std::vector<std::size_t> first_rows_;
  std::uint64_t signature_ = 0;
  std::exception_ptr problem_;
};

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

#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include <weir/split/argument.hpp>

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

}  // namespace weir::detail

#pragma once

#include <cstddef>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

#include <weir/mpi/agree.hpp>
#include <weir/partition.hpp>
#include <weir/shm/shared_array.hpp>
#include <weir/split/all_nodes.hpp>

namespace weir {

/// An array of which every domain holds consecutive rows in its own window, and which knows its whole shape.
/// Its rows are those of its last axis, as a shared array's; an array of one axis has rows of one element.
/// Move-only; it owns this domain's part, and refers to `nodes`, which must outlive it.
///
/// A split of distributed arrays runs on every domain over the rows that are there, without a message but for
/// the agreement; gather(), all_gather() and scatter() move rows.
template <shareable T>
class distributed_array {
 public:
  using value_type = T;

  /// An array without elements, and without nodes.
  distributed_array() = default;

  /// **Collective** over `nodes.ranks()`; the same shape on all. Zero-filled; every rank gets an even share
  /// of the rows, so every domain a share in proportion to its ranks. Throws what shared_array's constructor
  /// throws, on all ranks.
  distributed_array(const all_nodes& nodes, array_shape shape)
      : distributed_array(nodes, shape, row_axes(shape), nodes.first_rows(product(shape, row_axes(shape)))) {}
  distributed_array(all_nodes&& temporary, array_shape shape) = delete;

  /// **Collective** over `nodes.ranks()`. The first `axes` axes of `shape` are divided: block i of `first`
  /// holds rows first[i] to first[i + 1], which are their product in all.
  distributed_array(const all_nodes& nodes, array_shape shape, std::size_t axes,
                    const std::vector<std::size_t>& first)
      : distributed_array(nodes, shape, first, agree(nodes.ranks(), [&] {
                            return shared_array<T>(nodes.domain(), local_shape(nodes, shape, axes, first));
                          })) {}

  /// Not collective. Takes over this domain's part, whose first axis is its rows.
  distributed_array(const all_nodes& nodes, array_shape shape, std::vector<std::size_t> first,
                    shared_array<T> local)
      : nodes_(&nodes), shape_(std::move(shape)), first_(std::move(first)), local_(std::move(local)) {}

  /// The whole array's.
  const array_shape& shape() const noexcept { return shape_; }
  std::size_t dimension() const noexcept { return shape_.size(); }
  std::size_t rows() const noexcept { return first_.empty() ? 0 : first_.back(); }
  /// Elements of one row.
  std::size_t columns() const noexcept { return nodes_ ? product(local_.shape(), local_.dimension(), 1) : 0; }
  std::size_t size() const noexcept { return rows() * columns(); }

  /// Where each domain's rows begin, and, at the end, the number of rows.
  const std::vector<std::size_t>& first_rows() const noexcept { return first_; }
  /// The rows that this domain holds, numbered in the whole array.
  index_range domain_rows() const noexcept {
    if (nodes_ == nullptr) return {};
    const auto domain = static_cast<std::size_t>(nodes_->places().domain_index());
    return {first_[domain], first_[domain + 1]};
  }

  /// This domain's part: its first axis is the domain's rows, the others those of a row.
  shared_array<T>& local() noexcept { return local_; }
  const shared_array<T>& local() const noexcept { return local_; }

  const all_nodes& nodes() const noexcept { return *nodes_; }

  /// **Collective** over the domain; see shared_window::synchronize().
  void synchronize() const { local_.synchronize(); }

 private:
  static std::size_t row_axes(const array_shape& shape) {
    return shape.size() > 1 ? shape.size() - 1 : shape.size();
  }

  static std::size_t product(const array_shape& shape, std::size_t end, std::size_t begin = 0) {
    return std::accumulate(shape.begin() + static_cast<std::ptrdiff_t>(begin),
                           shape.begin() + static_cast<std::ptrdiff_t>(end), std::size_t{1},
                           std::multiplies<>());
  }

  static array_shape local_shape(const all_nodes& nodes, const array_shape& shape, std::size_t axes,
                                 const std::vector<std::size_t>& first) {
    const auto domain = static_cast<std::size_t>(nodes.places().domain_index());
    array_shape local{first[domain + 1] - first[domain]};
    local.insert(local.end(), shape.begin() + static_cast<std::ptrdiff_t>(axes), shape.end());
    return local;
  }

  const all_nodes* nodes_ = nullptr;
  array_shape shape_;
  std::vector<std::size_t> first_;
  shared_array<T> local_;
};

}  // namespace weir

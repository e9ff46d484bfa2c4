#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <weir/error.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/communicator.hpp>
#include <weir/partition.hpp>
#include <weir/rows_view.hpp>
#include <weir/shm/shared_window.hpp>

namespace weir {

/// What can lie in a window: numbers and other plain values, without pointers of one process.
template <class T>
concept shareable = transferable<T> && std::is_trivially_destructible_v<T>;

/// How many elements a shape has; throws error(usage) if there are too many to count in bytes of `T`.
template <class T>
std::size_t elements_of(const array_shape& shape) {
  std::size_t count = 1;
  for (const std::size_t length : shape) {
    if (length != 0 && count > std::numeric_limits<std::size_t>::max() / sizeof(T) / length) {
      throw error(exit_code::usage, "an array's shape has more elements than memory can have");
    }
    count *= length;
  }
  return count;
}

/// An array of any dimension, row-major, in memory that all ranks of a domain share. Move-only; it owns its
/// window. Its **rows** are those of its last axis: a 3-D array of 10 x 20 x 5000 has 200 rows of 5000
/// columns, a 1-D array is one row. Elements are zero at first. A const array is a read-only one.
///
/// Ranks see each other's stores after a synchronize().
template <shareable T>
class shared_array {
 public:
  using value_type = T;

  /// An array without elements, and without a domain.
  shared_array() = default;

  /// **Collective** over `domain`; the same shape on all ranks, any length of which may be 0. Throws what
  /// shared_window's constructor throws, and agreed_error(usage) for more elements than memory can have.
  shared_array(const communicator& domain, array_shape shape)
      : shape_(std::move(shape)),
        size_(agree(domain, [this] { return elements_of<T>(shape_); })),
        window_(domain, size_ * sizeof(T)) {}
  shared_array(communicator&& temporary, array_shape shape) = delete;

  const array_shape& shape() const noexcept { return shape_; }
  std::size_t dimension() const noexcept { return shape_.size(); }
  std::size_t size() const noexcept { return size_; }

  std::size_t columns() const noexcept { return shape_.empty() ? 1 : shape_.back(); }
  std::size_t rows() const noexcept {
    if (shape_.empty()) return 1;
    return std::accumulate(shape_.begin(), shape_.end() - 1, std::size_t{1}, std::multiplies<>());
  }

  T* data() noexcept { return reinterpret_cast<T*>(window_.data()); }
  const T* data() const noexcept { return reinterpret_cast<const T*>(window_.data()); }
  std::span<T> elements() noexcept { return {data(), size_}; }
  std::span<const T> elements() const noexcept { return {data(), size_}; }

  std::span<T> row(std::size_t i) noexcept { return elements().subspan(i * columns(), columns()); }
  std::span<const T> row(std::size_t i) const noexcept {
    return elements().subspan(i * columns(), columns());
  }

  /// The rows that this rank is to work on: an even part, in order of ranks; empty if ranks are more than
  /// rows.
  index_range own_rows() const {
    return part_of(rows(), static_cast<std::size_t>(domain().size()),
                   static_cast<std::size_t>(domain().rank()));
  }

  /// The array as an xtensor expression on the same memory, which must not outlive it.
  rows_view<T> view() { return {data(), shape_}; }
  rows_view<const T> view() const { return {data(), shape_}; }

  const communicator& domain() const noexcept { return window_.domain(); }
  shared_window& window() noexcept { return window_; }

  /// Not collective; see shared_window::sync().
  void sync() const { window_.sync(); }
  /// **Collective** over the domain; see shared_window::synchronize().
  void synchronize() const { window_.synchronize(); }

 private:
  array_shape shape_;
  std::size_t size_ = 0;
  shared_window window_;
};

/// **Collective** over `domain`: a shared array with the shape and the elements that rank `root` gives; what
/// other ranks give does not matter. On return all ranks see the elements.
template <class T>
auto shared_copy(const communicator& domain, std::span<const T> elements, array_shape shape, int root = 0)
    -> shared_array<T> {
  shape.resize(domain.broadcast(shape.size(), root));
  domain.broadcast(std::span(shape), root);
  agree(domain, [&] {
    if (domain.rank() == root && elements_of<T>(shape) != elements.size()) {
      throw error(exit_code::usage, "the number of elements is not that of the shape of the array to share");
    }
  });
  shared_array<T> copy(domain, std::move(shape));
  if (domain.rank() == root) std::ranges::copy(elements, copy.data());
  copy.synchronize();
  return copy;
}

/// The same for an xtensor array, view or any other expression, which is evaluated on rank `root`.
template <class E>
requires xt::is_xexpression<E>::value auto shared_copy(const communicator& domain, const E& expression,
                                                       int root = 0) -> shared_array<typename E::value_type> {
  array_shape shape(expression.shape().begin(), expression.shape().end());
  shape.resize(domain.broadcast(shape.size(), root));
  domain.broadcast(std::span(shape), root);
  shared_array<typename E::value_type> copy(domain, std::move(shape));
  if (domain.rank() == root) copy.view().assign(expression);
  copy.synchronize();
  return copy;
}

}  // namespace weir

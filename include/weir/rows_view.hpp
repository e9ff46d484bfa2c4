#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

#include <weir/xtensor.hpp>

namespace weir {

using array_shape = std::vector<std::size_t>;

template <class T>
class rows_view;

namespace detail {

/// What xtensor makes of memory that is another's.
template <class T>
using adapted_memory = decltype(xt::adapt(std::declval<T*>(), std::size_t{}, xt::no_ownership(),
                                          std::declval<const array_shape&>()));

}  // namespace detail
}  // namespace weir

// How xtensor is told of a container:
// https://xtensor.readthedocs.io/en/latest/developer/implementation_classes.html
template <class T>
struct xt::xcontainer_inner_types<weir::rows_view<T>>
    : xt::xcontainer_inner_types<weir::detail::adapted_memory<T>> {};
template <class T>
struct xt::xiterable_inner_types<weir::rows_view<T>> : xt::xcontainer_iterable_types<weir::rows_view<T>> {};

namespace weir {

/// A view of an array, or of some of its rows, in memory that is another's: an xtensor expression, row-major
/// and without gaps, that also converts to std::span<T> of all its elements. It is what functions get of what
/// a split cuts. A copy of the view is a view of the same elements.
///
/// To assign to it is to store elements, whatever is assigned. In that it differs from xtensor's own
/// adaptors: one of them that is assigned to another of its type refers to that one's memory from then on,
/// and nothing is stored.
template <class T>
class rows_view : public xt::xstrided_container<rows_view<T>>, public xt::xcontainer_semantic<rows_view<T>> {
  using container = xt::xstrided_container<rows_view<T>>;
  using semantic = xt::xcontainer_semantic<rows_view<T>>;

 public:
  using storage_type = typename container::storage_type;
  using shape_type = typename container::shape_type;
  using temporary_type = typename semantic::temporary_type;
  using expression_tag = xt::xtensor_expression_tag;
  static constexpr std::size_t rank = std::numeric_limits<std::size_t>::max();  // known when it is made

  rows_view(T* data, const array_shape& shape)
      : elements_(static_cast<T*>(data),
                  std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>())) {
    container::resize(shape, xt::layout_type::row_major);
  }

  rows_view(const rows_view&) = default;
  ~rows_view() = default;

  /// Stores the elements of an array of as many. Throws std::runtime_error if there are more or fewer.
  rows_view& operator=(const rows_view& from) {
    if (from.size() != this->size()) throw std::runtime_error("a view is given another number of elements");
    std::copy(from.storage().begin(), from.storage().end(), elements_.begin());
    return *this;
  }
  rows_view& operator=(temporary_type&& from) {
    elements_ = std::move(from.storage());
    return *this;
  }
  template <class E>
  rows_view& operator=(const xt::xexpression<E>& from) {
    return semantic::operator=(from);
  }

 private:
  friend class xt::xcontainer<rows_view<T>>;
  storage_type& storage_impl() noexcept { return elements_; }
  const storage_type& storage_impl() const noexcept { return elements_; }

  storage_type elements_;
};

}  // namespace weir

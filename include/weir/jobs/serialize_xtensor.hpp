#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <weir/jobs/serialize.hpp>
#include <weir/xtensor.hpp>

/// xtensor's arrays that own their elements (xt::xarray, xt::xtensor) as results of jobs. A job that ends
/// with an expression evaluates it, `return xt::xarray<double>(x - y);`, because an expression refers to
/// arrays that end with the job.
namespace weir {

namespace jobs {

/// The shape, then the elements in the order of memory, which the type fixes.
template <class Array>
struct array_serializer {
  using value_type = typename Array::value_type;

  static void write(byte_writer& to, const Array& array) {
    to.write(std::vector<std::size_t>(array.shape().begin(), array.shape().end()));
    to.write(std::vector<value_type>(array.storage().begin(), array.storage().end()));
  }
  static Array read(byte_reader& from) {
    const auto lengths = from.read<std::vector<std::size_t>>();
    const auto elements = from.read<std::vector<value_type>>();
    auto array = Array::from_shape(lengths);
    if (array.storage().size() != elements.size()) {
      throw error(exit_code::internal, "a result is an array whose elements do not fill its shape");
    }
    std::ranges::copy(elements, array.storage().begin());
    return array;
  }
};

}  // namespace jobs

template <class Elements, xt::layout_type L, class Shape, class Tag>
requires(L != xt::layout_type::dynamic && serializable<typename Elements::value_type>) struct serializer<
    xt::xarray_container<Elements, L, Shape, Tag>>
    : jobs::array_serializer<xt::xarray_container<Elements, L, Shape, Tag>> {
};

template <class Elements, std::size_t N, xt::layout_type L, class Tag>
requires(
    L != xt::layout_type::dynamic &&
    serializable<typename Elements::value_type>) struct serializer<xt::xtensor_container<Elements, N, L, Tag>>
    : jobs::array_serializer<xt::xtensor_container<Elements, N, L, Tag>> {
};

}  // namespace weir

#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <weir/weir.hpp>

/// Splits over domains of all ranks of the node, of two, and of one.
class splits : public testing::TestWithParam<const char*> {
 protected:
  weir::communicator world = weir::communicator::world();
  weir::topology places{world, weir::domain_choice::parse(GetParam())};
  const weir::communicator& domain = places.domain();
  std::size_t ranks = std::size_t(domain.size());
  std::size_t rank = std::size_t(domain.rank());

  /// An array whose elements are 1, 2, 3 ... on every domain.
  template <class T = double>
  weir::shared_array<T> counting(weir::array_shape shape) const {
    weir::shared_array<T> array(domain, std::move(shape));
    if (rank == 0) std::iota(array.elements().begin(), array.elements().end(), T(1));
    array.synchronize();
    return array;
  }

  /// How many ranks of the domain have rows.
  std::size_t busy(std::size_t rows) const { return std::max<std::size_t>(1, std::min(rows, ranks)); }
};

inline std::string name_of_choice(const testing::TestParamInfo<const char*>& choice) {
  return choice.param == std::string("node") ? std::string("of_all") : std::string("of_") + choice.param;
}

template <class T>
std::vector<T> values_of(const weir::shared_array<T>& array) {
  return {array.elements().begin(), array.elements().end()};
}

/// The error that `f` throws here, or no failure.
template <class F>
weir::failure failure_of(F&& f) {
  try {
    std::forward<F>(f)();
  } catch (const weir::error& e) {
    return {e.code(), e.what()};
  }
  return {weir::exit_code::done, ""};
}

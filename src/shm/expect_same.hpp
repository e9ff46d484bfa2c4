#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <fmt/format.h>

#include <weir/mpi/agree.hpp>

namespace weir {

/// **Collective.** For each value, whether all ranks give the same. One all-reduce.
template <std::size_t N>
std::array<bool, N> are_same_on_all(const communicator& domain, const std::array<std::size_t, N>& values) {
  std::array<std::size_t, 2 * N> bounds{};
  for (std::size_t i = 0; i < N; ++i) {
    bounds[2 * i] = values[i];
    bounds[2 * i + 1] = ~values[i];
  }
  domain.all_reduce(std::span(bounds), reduction::max);
  std::array<bool, N> same{};
  for (std::size_t i = 0; i < N; ++i) same[i] = bounds[2 * i] == ~bounds[2 * i + 1];
  return same;
}

/// Throws what a value that differs deserves: agreed_error(internal), on all ranks of the domain.
[[noreturn]] inline void refuse_difference(const communicator& domain, const char* what) {
  throw agreed_error(exit_code::internal, fmt::format("{} differs between the ranks of a window", what),
                     domain.rank(), domain.size());
}

}  // namespace weir

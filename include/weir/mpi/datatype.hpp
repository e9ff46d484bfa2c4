#pragma once

#include <concepts>
#include <cstddef>
#include <ranges>
#include <type_traits>

#include <mpi.h>

namespace weir {

/// What may travel between ranks as its bytes: no pointers, and no spans or string views, which are pointers
/// too. All nodes of a job are of one architecture.
template <class T>
concept transferable = std::is_trivially_copyable_v<T> && !std::is_pointer_v<T> && !std::is_const_v<T> &&
                       !std::ranges::borrowed_range<T>;

/// What MPI can compute with: numbers, and bool for the logical reductions.
template <class T>
concept reducible = std::is_arithmetic_v<T> && !std::is_const_v<T>;

/// How values of several ranks become one.
enum class reduction { sum, min, max, logical_and, logical_or, bit_or };

/// MPI's name of a number's type, chosen by size and sign: `long` and `long long` are both MPI_INT64_T.
template <reducible T>
MPI_Datatype native_datatype() {
  if constexpr (std::same_as<T, bool>) {
    return MPI_CXX_BOOL;
  } else if constexpr (std::same_as<T, float>) {
    return MPI_FLOAT;
  } else if constexpr (std::same_as<T, double>) {
    return MPI_DOUBLE;
  } else if constexpr (std::same_as<T, long double>) {
    return MPI_LONG_DOUBLE;
  } else if constexpr (std::is_signed_v<T>) {
    if constexpr (sizeof(T) == 1) return MPI_INT8_T;
    if constexpr (sizeof(T) == 2) return MPI_INT16_T;
    if constexpr (sizeof(T) == 4) return MPI_INT32_T;
    if constexpr (sizeof(T) == 8) return MPI_INT64_T;
  } else {
    if constexpr (sizeof(T) == 1) return MPI_UINT8_T;
    if constexpr (sizeof(T) == 2) return MPI_UINT16_T;
    if constexpr (sizeof(T) == 4) return MPI_UINT32_T;
    if constexpr (sizeof(T) == 8) return MPI_UINT64_T;
  }
}

MPI_Op native_operation(reduction op);

}  // namespace weir

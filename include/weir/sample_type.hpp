#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include <weir/error.hpp>

namespace weir {

/// How a recording's samples are stored, in a file and in a window.
enum class sample_type { int16, uint16, int32, float32, float64 };

/// The C++ types that a recording can be stored as.
template <class T>
concept sample = std::is_same_v<T, std::int16_t> || std::is_same_v<T, std::uint16_t> ||
    std::is_same_v<T, std::int32_t> || std::is_same_v<T, float> || std::is_same_v<T, double>;

/// Calls `f` with a value-initialised object of the C++ type behind `type`, and returns what it returns.
template <class F>
decltype(auto) visit_sample_type(sample_type type, F&& f) {
  switch (type) {
    case sample_type::int16:
      return std::forward<F>(f)(std::int16_t{});
    case sample_type::uint16:
      return std::forward<F>(f)(std::uint16_t{});
    case sample_type::int32:
      return std::forward<F>(f)(std::int32_t{});
    case sample_type::float32:
      return std::forward<F>(f)(float{});
    case sample_type::float64:
      return std::forward<F>(f)(double{});
  }
  throw error(exit_code::internal, "a sample type has no such value");
}

template <sample T>
constexpr sample_type sample_type_of() {
  if constexpr (std::is_same_v<T, std::int16_t>) return sample_type::int16;
  if constexpr (std::is_same_v<T, std::uint16_t>) return sample_type::uint16;
  if constexpr (std::is_same_v<T, std::int32_t>) return sample_type::int32;
  if constexpr (std::is_same_v<T, float>) return sample_type::float32;
  if constexpr (std::is_same_v<T, double>) return sample_type::float64;
}

/// Bytes of one sample.
constexpr std::size_t size_of(sample_type type) {
  switch (type) {
    case sample_type::int16:
    case sample_type::uint16:
      return 2;
    case sample_type::int32:
    case sample_type::float32:
      return 4;
    case sample_type::float64:
      return 8;
  }
  return 0;
}

constexpr bool is_integer(sample_type type) {
  return type != sample_type::float32 && type != sample_type::float64;
}

/// NumPy's name of the type, as options and reports spell it.
constexpr std::string_view name_of(sample_type type) {
  switch (type) {
    case sample_type::int16:
      return "int16";
    case sample_type::uint16:
      return "uint16";
    case sample_type::int32:
      return "int32";
    case sample_type::float32:
      return "float32";
    case sample_type::float64:
      return "float64";
  }
  return "";
}

}  // namespace weir

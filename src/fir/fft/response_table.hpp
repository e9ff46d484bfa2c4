#pragma once

#include <cmath>
#include <cstddef>

#include "exact_transform.hpp"
#include "transform_view.hpp"

/// A group's part of `transform_view::response`. `at(p, s)` yields the response, divided by the transform's
/// length, at frequency p of the transform over the lanes in slot s of the group, and `root(p, s)` exp(-2 pi
/// i k / N) for that frequency k of the whole transform.
namespace weir::fir {

/// Writes it from `to` on, and returns its end.
double* put_response(double* to, bool is_real, const auto& at, const auto& /*root*/) {
  constexpr std::size_t pairs = units_of_slot / 2;
  const auto put_line = [&](const auto& of_slot) {
    for (std::size_t s = 0; s < group_slots; ++s) *to++ = static_cast<double>(of_slot(s));
  };
  if (!is_real) {
    for (std::size_t p = 0; p < units_of_slot; ++p) {
      put_line([&](std::size_t s) { return at(p, s).real(); });
      put_line([&](std::size_t s) { return at(p, s).imag(); });
    }
    return to;
  }
  for (std::size_t p = 0; p < pairs; ++p) {
    put_line([&](std::size_t s) { return at(p, s).real() + at(p + pairs, s).real(); });
  }
  for (std::size_t p = 0; p < pairs; ++p) {
    const long double size = p % 2 != 0 ? std::sqrt(0.5L) : 1.0L;
    put_line([&](std::size_t s) { return (at(p, s).real() - at(p + pairs, s).real()) * size; });
  }
  return to;
}

/// The same for float32.
float* put_response(float* to, bool is_real, const auto& at, const auto& root) {
  const auto put_line = [&](const auto& first, const auto& second) {
    for (std::size_t s = 0; s < group_slots; ++s) {
      *to++ = static_cast<float>(first(s));
      *to++ = static_cast<float>(second(s));
    }
  };
  const auto sum = [&](std::size_t p, std::size_t s) { return at(p, s) + at(p + units_of_slot, s); };
  const auto difference = [&](std::size_t p, std::size_t s, exact turn) {
    return product(turn, at(p, s) - at(p + units_of_slot, s));
  };
  const auto to_first = [&](std::size_t p, std::size_t s) { return difference(p, s, root(p, s)); };
  const auto to_second = [&](std::size_t p, std::size_t s) {
    return difference(p, s, std::conj(root(p, s)));
  };
  if (!is_real) {
    for (std::size_t p = 0; p < units_of_slot; ++p) {
      put_line([&](std::size_t s) { return sum(p, s).real(); },
               [&](std::size_t s) { return sum(p, s).imag(); });
      put_line([&](std::size_t s) { return to_first(p, s).real(); },
               [&](std::size_t s) { return to_second(p, s).real(); });
      put_line([&](std::size_t s) { return to_first(p, s).imag(); },
               [&](std::size_t s) { return to_second(p, s).imag(); });
    }
    return to;
  }
  constexpr std::size_t rows = units_of_slot / 2;
  for (std::size_t r = 0; r < rows; ++r) {
    for (const std::size_t p : {r, r + rows}) {
      put_line([&](std::size_t s) { return sum(p, s).real(); },
               [&](std::size_t s) { return to_first(p, s).real(); });
    }
    put_line([&](std::size_t s) { return to_first(r, s).imag(); },
             [&](std::size_t s) { return to_first(r + rows, s).imag(); });
  }
  return to;
}

}  // namespace weir::fir

#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include <weir/fir/row_filter.hpp>

#include "oracle.hpp"

/// What the tests of the row filter share: every type, every engine on every instruction set, and the
/// promise.
namespace weir::fir {

/// What the headers promise: the error of an output, as a share of sum|taps| * max|x|.
template <class A>
inline constexpr double tolerance = std::is_same_v<A, double> ? 1e-14 : 2e-6;

template <class A, class S>
struct types {
  using arithmetic = A;
  using storage = S;
};

/// Filters a whole row in one call, out of place, with contexts from the oracle's walk.
template <class A, class S>
std::vector<S> filtered(const row_filter<A>& filter, const boundary& edge, const std::vector<S>& row,
                        row_counts* counts = nullptr) {
  std::vector<S> out = row;
  auto work = filter.make_scratch();
  const row_counts seen = filter_row<A, S>(filter, edge, out, work);
  if (counts != nullptr) *counts = seen;
  return out;
}

/// Calls `test` with every engine on every instruction set of this machine.
template <class A>
void on_every_engine(const filter_spec& spec, const auto& test) {
  for (const instruction_set set : available_instruction_sets()) {
    for (const method how : {method::direct, method::fft}) {
      const row_filter<A> filter(spec, how, set);
      SCOPED_TRACE(std::string(filter.engine()) + " on " + std::string(name_of(set)) + ", " +
                   std::to_string(spec.taps.size()) + " taps, advance " + std::to_string(spec.advance));
      test(filter);
      if (testing::Test::HasFailure()) return;
    }
  }
}

/// Compares with the exact sum. Integer results are the exact one rounded, but where it is so close to a tie
/// that the arithmetic's error decides.
template <class A, class S>
void expect_close(const std::vector<S>& out, const std::vector<long double>& expected,
                  const filter_spec& spec, const std::vector<S>& row) {
  long double largest = 0;
  for (const S x : row) largest = std::max(largest, std::abs(static_cast<long double>(x)));
  long double bound = tolerance<A> * absolute_sum(spec) * largest;
  if (std::is_same_v<S, float>) bound += largest * std::numeric_limits<float>::epsilon() / 2;
  if (std::numeric_limits<S>::is_integer) bound += 0.5L;
  for (std::size_t i = 0; i < out.size(); ++i) {
    long double wanted = expected[i];
    if (std::numeric_limits<S>::is_integer) {
      wanted =
          std::clamp<long double>(wanted, std::numeric_limits<S>::lowest(), std::numeric_limits<S>::max());
    }
    ASSERT_LE(std::abs(static_cast<long double>(out[i]) - wanted), bound)
        << "sample " << i << " of " << out.size();
  }
}

using every_type =
    testing::Types<types<double, double>, types<float, float>, types<double, float>, types<float, double>,
                   types<double, std::int16_t>, types<float, std::int16_t>, types<float, std::uint16_t>,
                   types<double, std::int32_t>, types<float, std::int32_t>>;

using every_arithmetic = testing::Types<double, float>;

}  // namespace weir::fir

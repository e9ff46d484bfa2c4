#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "direct_engine.hpp"
#include "emulated_kernels.hpp"
#include "oracle.hpp"
#include "overlap_save.hpp"
#include "polyphase_engine.hpp"

namespace weir::fir {
namespace {

template <class A>
class register_width : public testing::Test {
 protected:
  template <class S>
  static std::vector<S> filtered(const auto& engine, const std::vector<S>& row, rate_ratio rate = {}) {
    std::vector<A> before(engine.before()), after(engine.after());
    extend<S, A>({}, row.size(), {row.data(), 0, row.size()}, -static_cast<std::ptrdiff_t>(before.size()),
                 before);
    extend<S, A>({}, row.size(), {row.data(), 0, row.size()}, static_cast<std::ptrdiff_t>(row.size()), after);
    std::vector<S> out(rate.outputs_before(row.size()));
    aligned_buffer<A> scratch(engine.scratch_size());
    engine.template filter<S>(before, row, after, out, scratch.span());
    return out;
  }

  template <class S>
  static void expect_same_bits(const filter_spec& spec, const kernel_set<A>& kernels,
                               const kernel_set<A>& others) {
    const std::vector<S> row = oracle::random_row<S>(5000, 1);
    const auto compare = [](const std::vector<S>& a, const std::vector<S>& b) {
      return std::memcmp(a.data(), b.data(), a.size() * sizeof(S)) == 0;
    };
    EXPECT_TRUE(compare(filtered<S>(direct_engine<A>(spec, kernels), row),
                        filtered<S>(direct_engine<A>(spec, others), row)));
    EXPECT_TRUE(compare(filtered<S>(overlap_save<A>(spec, kernels), row),
                        filtered<S>(overlap_save<A>(spec, others), row)));
    for (const rate_ratio rate : {rate_ratio{1, 7}, rate_ratio{3, 2}}) {
      EXPECT_TRUE(compare(filtered<S>(polyphase_engine<A>(spec, rate, kernels), row, rate),
                          filtered<S>(polyphase_engine<A>(spec, rate, others), row, rate)));
    }
    constexpr rate_ratio thinned{1, 3};
    constexpr stream_method how = stream_method::transforms;
    EXPECT_TRUE(compare(filtered<S>(polyphase_engine<A>(spec, thinned, kernels, how), row, thinned),
                        filtered<S>(polyphase_engine<A>(spec, thinned, others, how), row, thinned)));
  }
};

using every_arithmetic = testing::Types<double, float>;
TYPED_TEST_SUITE(register_width, every_arithmetic);

/// The widest registers, emulated, against those that this machine has.
TYPED_TEST(register_width, does_not_change_a_bit) {
  using A = TypeParam;
  std::vector<instruction_set> fused = available_instruction_sets();
  std::erase(fused, instruction_set::baseline);
  if (fused.empty()) GTEST_SKIP() << "this machine has no fused multiply-add";
  const kernel_set<A>& wide = emulated::wide_kernels<A>();
  std::vector<filter_spec> specs{{oracle::random_symmetric_taps(301, 4), 150},
                                 {oracle::random_symmetric_taps(1025, 5), 512}};
  // Few taps are streamed through registers, which hold more or fewer samples, or loaded.
  for (const std::size_t taps : {1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 15, 16, 17, 20, 23, 24, 25}) {
    specs.push_back({oracle::random_taps(taps, 3), taps / 3});
  }
  for (const filter_spec& spec : specs) {
    SCOPED_TRACE(testing::Message() << spec.taps.size() << " taps");
    for (const instruction_set set : fused) {
      SCOPED_TRACE(name_of(set));
      this->template expect_same_bits<A>(spec, wide, kernels_for<A>(set));
      this->template expect_same_bits<std::int16_t>(spec, wide, kernels_for<A>(set));
      this->template expect_same_bits<std::int32_t>(spec, wide, kernels_for<A>(set));
    }
  }
}

}  // namespace
}  // namespace weir::fir

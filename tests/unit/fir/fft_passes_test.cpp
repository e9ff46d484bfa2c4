#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "fft/exact_transform.hpp"
#include "fft/passes.hpp"
#include "naive_dft.hpp"

namespace weir::fir {
namespace {

TEST(exact_transform, is_the_definition) {
  for (const std::size_t n : {1, 2, 8, 64, 256}) {
    const auto x = random_complex(n, 1);
    const auto y = exact_transform(x, roots_of_unity(n));
    const auto expected = naive_dft(x, direction::forward);
    for (std::size_t k = 0; k < n; ++k)
      EXPECT_LT(std::abs(y[k] - expected[k]), 1e-16L * static_cast<long double>(n)) << n;
  }
}

template <class K>
class fft_passes : public testing::Test {
 protected:
  using T = typename K::number;
  using Isa = typename K::isa;
  static constexpr std::size_t side = simd::lanes_of_order<T>;
  static constexpr long double epsilon = std::numeric_limits<T>::epsilon();

  /// A work buffer's slots.
  static void put(std::vector<T>& work, std::size_t slot, std::size_t lane, exact value) {
    work[simd::slot_offset<T>(slot) + lane] = static_cast<T>(value.real());
    work[simd::slot_offset<T>(slot) + side + lane] = static_cast<T>(value.imag());
  }
  static exact get(const std::vector<T>& work, std::size_t slot, std::size_t lane) {
    return {work[simd::slot_offset<T>(slot) + lane], work[simd::slot_offset<T>(slot) + side + lane]};
  }

  /// What a butterfly leg holds after decimation in frequency: the sum over the legs, times the twiddle.
  static exact decimated(const std::vector<exact>& x, std::size_t radix, std::size_t j, std::size_t t) {
    const std::size_t apart = x.size() / radix;
    exact sum = 0;
    for (std::size_t r = 0; r < radix; ++r) {
      sum += x[j + r * apart] * root(static_cast<long double>(r * t % radix), static_cast<long double>(radix),
                                     direction::forward);
    }
    return sum *
           root(static_cast<long double>(j * t), static_cast<long double>(x.size()), direction::forward);
  }

  template <std::size_t radix>
  static void expect_slot_pass(std::size_t size, std::size_t slots) {
    std::vector<T> twiddles;
    for (std::size_t j = 0; j < size / radix; ++j) {
      for (std::size_t t = 1; t < radix; ++t) {
        const exact w =
            root(static_cast<long double>(j * t), static_cast<long double>(size), direction::forward);
        twiddles.push_back(static_cast<T>(w.real()));
        twiddles.push_back(static_cast<T>(w.imag()));
      }
    }
    const transform_pass<T> pass{radix, size, twiddles.data()};
    std::vector<T> work(simd::slot_offset<T>(slots));
    std::vector<std::vector<exact>> x(side);
    for (std::size_t lane = 0; lane < side; ++lane) {
      x[lane] = random_complex(slots, static_cast<std::uint32_t>(lane));
      for (std::size_t slot = 0; slot < slots; ++slot) put(work, slot, lane, x[lane][slot]);
    }
    for (std::size_t first = 0; first < slots; first += size) {
      simd::slot_pass_of_any_radix<direction::forward, Isa>(pass, first, work.data());
    }
    for (std::size_t lane = 0; lane < side; ++lane) {
      for (std::size_t block = 0; block < slots; block += size) {
        const std::vector<exact> part(x[lane].begin() + static_cast<std::ptrdiff_t>(block),
                                      x[lane].begin() + static_cast<std::ptrdiff_t>(block + size));
        for (std::size_t i = 0; i < size; ++i) {
          const exact expected = decimated(part, radix, i % (size / radix), i / (size / radix));
          ASSERT_LT(std::abs(get(work, block + i, lane) - expected), 40 * epsilon) << i;
        }
      }
    }
    for (std::size_t first = 0; first < slots; first += size) {
      simd::slot_pass_of_any_radix<direction::inverse, Isa>(pass, first, work.data());
    }
    for (std::size_t lane = 0; lane < side; ++lane) {
      for (std::size_t slot = 0; slot < slots; ++slot) {
        const exact expected = x[lane][slot] * static_cast<long double>(radix);
        ASSERT_LT(std::abs(get(work, slot, lane) - expected), 60 * epsilon) << slot;
      }
    }
  }
};

TYPED_TEST_SUITE(fft_passes, every_kind);

TYPED_TEST(fft_passes, slot_passes_decimate_in_frequency_and_back) {
  TestFixture::template expect_slot_pass<4>(32, 128);
  TestFixture::template expect_slot_pass<4>(256, 256);
  TestFixture::template expect_slot_pass<8>(64, 128);
  TestFixture::template expect_slot_pass<8>(512, 512);
}

}  // namespace
}  // namespace weir::fir

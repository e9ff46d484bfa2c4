#include <limits>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "fft/response_steps.hpp"
#include "naive_dft.hpp"

namespace weir::fir {
namespace {

using simd::complex_vec;

/// A transform over the units of as many slots as a register holds, the response, and the inverse, against
/// the definition over all lanes of a slot.
template <class K>
class fft_response_steps : public testing::Test {
 protected:
  using T = typename K::number;
  using Isa = typename K::isa;
  static constexpr std::size_t slots = simd::units_of_register<Isa>;
  static constexpr std::size_t lanes = unit_lanes<T>;
  static constexpr std::size_t side = units_of_slot * lanes;

  /// The response at each frequency over the lanes, and how far the second lane of a unit is turned in each
  /// slot: exp(-2 pi i turn) stands for the twiddles that the response brings.
  struct given {
    std::vector<exact> gain[side];
    std::vector<long double> turn;
  };

  static given random_response(bool is_real) {
    given response;
    for (std::size_t p = 0; p < side; ++p) {
      response.gain[p] = random_complex(group_slots, static_cast<std::uint32_t>(50 + p));
      if (is_real) {
        for (exact& gain : response.gain[p]) gain = gain.real();
      }
    }
    for (std::size_t s = 0; s < group_slots; ++s)
      response.turn.push_back(0.03L * static_cast<long double>(s + 1));
    return response;
  }

  /// The table as transform_view describes it.
  class table {
   public:
    explicit table(bool is_real) : numbers_(response_numbers_of_group<T>(is_real)) {}

    void put(std::size_t line, std::size_t slot, std::size_t lane, long double value) {
      numbers_[line * simd::lanes_of_order<T> + slot * lanes + lane] = static_cast<T>(value);
    }
    const T* data() const { return numbers_.data(); }

   private:
    std::vector<T> numbers_;
  };

  static table table_of(const given& response, bool is_real) {
    table lines(is_real);
    for (std::size_t s = 0; s < group_slots; ++s) {
      for (std::size_t p = 0; p < 8; ++p) {
        if constexpr (lanes == 1) {
          put_float64(lines, response, is_real, p, s);
        } else {
          put_float32(lines, response, is_real, p, s);
        }
      }
    }
    return lines;
  }

  static void put_float64(table& lines, const given& response, bool is_real, std::size_t p, std::size_t s) {
    const auto gain = [&](std::size_t frequency) { return response.gain[frequency][s]; };
    if (!is_real) {
      lines.put(2 * p, s, 0, gain(p).real());
      lines.put(2 * p + 1, s, 0, gain(p).imag());
    } else if (p < 4) {
      const long double size = p % 2 == 0 ? 1 : std::numbers::sqrt2_v<long double> / 2;
      lines.put(p, s, 0, gain(p).real() + gain(p + 4).real());
      lines.put(p + 4, s, 0, size * (gain(p).real() - gain(p + 4).real()));
    }
  }

  static void put_float32(table& lines, const given& response, bool is_real, std::size_t p, std::size_t s) {
    const exact sum = response.gain[p][s] + response.gain[p + 8][s];
    const exact difference = response.gain[p][s] - response.gain[p + 8][s];
    const long double turn = response.turn[s] + static_cast<long double>(p) / 16;
    const exact to_first = difference * root(turn, 1, direction::forward);
    const exact to_second = difference * root(turn, 1, direction::inverse);
    if (!is_real) {
      lines.put(3 * p, s, 0, sum.real());
      lines.put(3 * p, s, 1, sum.imag());
      lines.put(3 * p + 1, s, 0, to_first.real());
      lines.put(3 * p + 1, s, 1, to_second.real());
      lines.put(3 * p + 2, s, 0, to_first.imag());
      lines.put(3 * p + 2, s, 1, to_second.imag());
    } else {
      const std::size_t row = p % 4;
      const std::size_t half = p / 4;
      lines.put(3 * row + half, s, 0, sum.real());
      lines.put(3 * row + half, s, 1, to_first.real());
      lines.put(3 * row + 2, s, half, to_first.imag());
    }
  }

  static std::vector<exact> expected(std::vector<exact> x, const given& response, std::size_t slot) {
    const auto turn_second_lanes = [&](direction d) {
      for (std::size_t l = 1; lanes == 2 && l < side; l += 2) x[l] *= root(response.turn[slot], 1, d);
    };
    turn_second_lanes(direction::forward);
    x = naive_dft(x, direction::forward);
    for (std::size_t p = 0; p < side; ++p) x[p] *= response.gain[p][slot];
    x = naive_dft(x, direction::inverse);
    turn_second_lanes(direction::inverse);
    return x;
  }

  template <bool is_real>
  static void expect_the_definition() {
    const given response = random_response(is_real);
    const table lines = table_of(response, is_real);
    for (std::size_t first = 0; first < group_slots; first += slots) {
      expect_the_definition<is_real>(response, lines.data() + first * lanes, first);
    }
  }

  /// On as many slots as a register holds, from the group's slot `first` on.
  template <bool is_real>
  static void expect_the_definition(const given& response, const T* lines, std::size_t first) {
    std::vector<std::vector<exact>> x;
    simd::rows_of_eight<T, Isa> y;
    complex_vec<T, Isa> unit[units_of_slot];
    for (std::size_t s = 0; s < slots; ++s) {
      x.push_back(random_complex(side, static_cast<std::uint32_t>(s)));
      for (std::size_t l = 0; l < side; ++l) {
        unit[l / lanes].re.v[s * lanes + l % lanes] = static_cast<T>(x[s][l].real());
        unit[l / lanes].im.v[s * lanes + l % lanes] = static_cast<T>(x[s][l].imag());
      }
    }
    for (std::size_t c = 0; c < 2; ++c) {
      complex_vec<T, Isa> column[4]{unit[c], unit[c + 2], unit[c + 4], unit[c + 6]};
      simd::dft_column<direction::forward>(column);
      for (std::size_t r = 0; r < 4; ++r) y[r][c] = column[r];
    }
    simd::respond_to_rows<is_real>(y, lines);
    for (std::size_t c = 0; c < 2; ++c) {
      simd::dft4<direction::inverse>(y[0][c], y[1][c], y[2][c], y[3][c]);
      for (std::size_t t = 0; t < 4; ++t) unit[c + 2 * t] = y[t][c];
    }
    for (std::size_t s = 0; s < slots; ++s) {
      const std::vector<exact> wanted = expected(x[s], response, first + s);
      for (std::size_t l = 0; l < side; ++l) {
        const std::size_t lane = s * lanes + l % lanes;
        const exact got(unit[l / lanes].re.v[lane], unit[l / lanes].im.v[lane]);
        EXPECT_LT(std::abs(got - wanted[l]), 100 * std::numeric_limits<T>::epsilon()) << s << " " << l;
      }
    }
  }
};

TYPED_TEST_SUITE(fft_response_steps, every_kind);

TYPED_TEST(fft_response_steps, with_a_real_response_are_the_definition) {
  TestFixture::template expect_the_definition<true>();
}

TYPED_TEST(fft_response_steps, with_a_complex_response_are_the_definition) {
  TestFixture::template expect_the_definition<false>();
}

}  // namespace
}  // namespace weir::fir

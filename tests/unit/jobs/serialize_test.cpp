#include <array>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <weir/jobs/serialize.hpp>
#include <weir/jobs/serialize_xtensor.hpp>

using namespace weir;

namespace {

enum class colour : std::uint8_t { red, blue };
struct point {
  double x;
  int y;
  friend bool operator==(const point&, const point&) = default;
};
struct named {
  std::string name;
  std::vector<point> points;
  std::optional<std::string> note;
  auto fields() { return std::tie(name, points, note); }
  friend bool operator==(const named&, const named&) = default;
};

static_assert(serializable<double> && serializable<colour> && serializable<point> && serializable<named>);
static_assert(serializable<std::monostate> && serializable<std::vector<std::vector<named>>>);
// What points to memory of one process does not travel.
static_assert(!serializable<int*> && !serializable<std::string_view> && !serializable<std::span<int>>);
static_assert(!serializable<std::vector<int*>> && !serializable<std::tuple<int, const char*>>);

/// Values of many types, one after another, so that one that reads too much or too little spoils the next.
template <class... T>
void expect_round_trip(const T&... values) {
  byte_writer to;
  (to.write(values), ...);
  const std::vector<std::byte> bytes = to.take();
  byte_reader from(bytes);
  const auto expect_next = [&](const auto& value) {
    EXPECT_EQ(from.read<std::remove_cvref_t<decltype(value)>>(), value);
  };
  (expect_next(values), ...);
  EXPECT_EQ(from.left(), 0U);
}

TEST(serialize, reads_what_it_wrote) {
  using namespace std::string_literals;
  expect_round_trip(1, -2.5F, std::numeric_limits<double>::infinity(), true, 'c', colour::blue,
                    point{1.5, 2});
  expect_round_trip(""s, "abc"s, "with\0zero"s, std::vector<std::string>{"x", "", "yz"});
  expect_round_trip(std::vector<double>{}, std::vector<bool>{true, false, true},
                    std::vector<point>{{1, 2}, {3, 4}}, std::vector<std::vector<int>>{{1}, {}, {2, 3}});
  expect_round_trip(std::array<int, 3>{1, 2, 3}, std::array<std::string, 2>{"a", "b"});
  expect_round_trip(std::pair(1, "x"s), std::tuple(1, "y"s, std::vector{2.5}), std::tuple<>());
  expect_round_trip(std::optional<int>(), std::optional(5), std::optional("text"s),
                    std::optional<std::string>());
  expect_round_trip(named{"n", {{1, 2}}, "note"}, named{},
                    std::vector<named>{{"a", {}, {}}, {"b", {{5, 6}}, {}}});
}

TEST(serialize, keeps_the_shape_of_arrays) {
  const xt::xarray<double> cube = xt::reshape_view(xt::arange<double>(24), {2, 3, 4});
  const xt::xarray<float> empty = xt::xarray<float>::from_shape({3, 0, 2});
  const xt::xtensor<int, 2> square{{1, 2}, {3, 4}};
  const xt::xarray<int, xt::layout_type::column_major> columns{{1, 2, 3}, {4, 5, 6}};
  expect_round_trip(cube, empty, square, columns, xt::xarray<double>(7.5));
  byte_writer to;
  to.write(empty);
  byte_reader from(to.bytes());
  EXPECT_EQ(from.read<xt::xarray<float>>().shape(), empty.shape());
}

TEST(serialize, refuses_to_read_beyond_the_end) {
  byte_writer to;
  to.write(std::vector<double>{1, 2, 3});
  const std::vector<std::byte> bytes = to.take();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    byte_reader from{std::span(bytes).first(length)};
    EXPECT_THROW(from.read<std::vector<double>>(), error) << length;
  }
  byte_writer huge;
  huge.write(std::numeric_limits<std::size_t>::max() / 4);
  byte_reader from(huge.bytes());
  EXPECT_THROW(from.read<std::vector<double>>(), error) << "a length whose bytes overflow";
}

}  // namespace

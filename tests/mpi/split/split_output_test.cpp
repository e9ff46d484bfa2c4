#include <algorithm>
#include <cmath>
#include <cstdint>

#include "split_fixture.hpp"

using namespace weir;

namespace {

/// A running mean of `width` samples, from zero history: a row's results depend on its order of additions.
template <class In, class Out>
void running_mean(std::span<In> in, std::span<Out> out, std::size_t width) {
  std::vector<double> history(width, 0.0);
  double sum = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    sum += in[i] - history[i % width];
    history[i % width] = in[i];
    out[i] = Out(sum / double(width));
  }
}

/// The same as a function of rows by columns that returns an array.
constexpr auto smoothed = [](const auto& rows, std::size_t width) {
  xt::xarray<double> means(rows.shape());
  const std::size_t columns = rows.shape(1);
  for (std::size_t i = 0; i < rows.shape(0); ++i) {
    running_mean(std::span(rows.data() + i * columns, columns),
                 std::span(means.data() + i * columns, columns), width);
  }
  return means;
};

class output_splits : public splits {
 protected:
  /// Rows of noise, the same on every domain, and what the plain function makes of them.
  shared_array<double> signal = make_signal({5, 2, 37});
  xt::xarray<double> expected = as_2d(smoothed)(xt::xarray<double>(signal.view()), std::size_t{7});

  shared_array<double> make_signal(array_shape shape) const {
    auto array = counting(std::move(shape));
    split_at([](auto& rows) { rows = xt::sin(rows * rows); })(array);
    return array;
  }
};
INSTANTIATE_TEST_SUITE_P(domains, output_splits, testing::Values("node", "2", "1"), name_of_choice);

TEST_P(output_splits, give_new_memory_given_memory_and_their_input) {
  const auto smooth = split_output(smoothed);
  shared_array<double> y = smooth(signal, std::size_t{7});
  EXPECT_NE(y.data(), signal.data());
  EXPECT_EQ(y.shape(), signal.shape());
  EXPECT_EQ(y.view(), expected);

  shared_array<double> z(domain, signal.shape());
  shared_array<double>& given = smooth(signal, out(z), std::size_t{7});
  EXPECT_EQ(&given, &z);
  EXPECT_EQ(z.view(), expected);

  shared_array<double>& same = smooth(signal, in_place, std::size_t{7});
  EXPECT_EQ(&same, &signal);
  EXPECT_EQ(signal.view(), expected);
}

TEST_P(output_splits, write_to_the_output_directly) {
  for (const bool runs_in_place : {false, true}) {
    const auto smooth =
        split_optional_output(each_row<2>([](std::span<const double> in, std::span<double> to,
                                             std::size_t width) { running_mean(in, to, width); }),
                              {.runs_in_place = runs_in_place});
    auto x = make_signal({5, 2, 37});
    EXPECT_EQ(smooth(x, std::size_t{7}).view(), expected);
    shared_array<double> z(domain, x.shape());
    EXPECT_EQ(&smooth(x, out(z), std::size_t{7}), &z);
    EXPECT_EQ(z.view(), expected);
    EXPECT_EQ(&smooth(x, in_place, std::size_t{7}), &x);
    EXPECT_EQ(x.view(), expected);
  }
}

TEST_P(output_splits, give_other_memory_to_functions_that_cannot_run_in_place) {
  std::vector<bool> same;
  const auto f = [&](const auto& in, auto& to) {
    same.push_back(in.data() == to.data());
    // Reads what it would have overwritten.
    for (std::size_t i = 0; i < in.size(); ++i) to.data()[i] = in.data()[in.size() - 1 - i];
  };
  auto x = counting({ranks, 4});
  split_optional_output(f)(x, in_place);
  EXPECT_EQ(same, std::vector<bool>{false});
  const std::span<double> own = x.row(rank);
  for (std::size_t j = 0; j < 4; ++j) EXPECT_EQ(own[j], double(rank * 4 + 4 - j));
  split_optional_output(f, {.runs_in_place = true})(x, in_place);
  EXPECT_EQ(same.back(), true);
  split_optional_output(f)(x, out(x));
  EXPECT_EQ(same.back(), false) << "an output that is the input is in place, however it is said";
}

TEST_P(output_splits, have_the_shape_that_a_rule_gives) {
  const auto every = [](const auto& rows, std::size_t step) -> xt::xarray<double> {
    return xt::view(rows, xt::all(), xt::range(std::size_t{0}, rows.shape(1), step));
  };
  const auto shorter = [](array_shape shape, std::size_t step) {
    shape.back() = ceil_div(shape.back(), step);
    return shape;
  };
  const auto decimate = split_output(every, shorter);
  const auto y = decimate(signal, std::size_t{5});
  EXPECT_EQ(y.shape(), (array_shape{5, 2, 8}));
  EXPECT_EQ(y.view(), xt::view(signal.view(), xt::all(), xt::all(), xt::range(0, 37, 5)));

  const auto mean =
      split_output([](const auto& rows) { return xt::xarray<double>(xt::mean(rows, {1})); },
                   [](const array_shape& shape) { return array_shape(shape.begin(), shape.end() - 1); });
  EXPECT_EQ(mean(signal).shape(), (array_shape{5, 2}));

  EXPECT_EQ(failure_of([&] { decimate(signal, in_place, std::size_t{5}); }).code, exit_code::usage);
  const auto fewer_rows = split_output(smoothed, [](const array_shape&, std::size_t) {
    return array_shape{9, 37};
  });
  EXPECT_EQ(failure_of([&] { fewer_rows(signal, std::size_t{7}); }).code, exit_code::usage);
}

TEST_P(output_splits, may_change_the_element_type) {
  const auto rounded = split_optional_output<std::int16_t>(
      each_row<2>([](std::span<const double> in, std::span<std::int16_t> to) {
        std::ranges::transform(in, to.begin(), [](double v) { return std::int16_t(std::lround(v * 100)); });
      }));
  const shared_array<std::int16_t> y = rounded(signal);
  for (std::size_t i = 0; i < y.size(); ++i) {
    ASSERT_EQ(y.elements()[i], std::int16_t(std::lround(signal.elements()[i] * 100)));
  }
}

TEST_P(output_splits, cut_more_than_the_input) {
  const auto gains = counting({10});
  const auto amplify = split_output<1, 0>([](const auto& gain, const auto& rows) {
    xt::xarray<double> louder = rows;
    for (std::size_t i = 0; i < gain.size(); ++i) xt::row(louder, std::ptrdiff_t(i)) *= gain(i);
    return louder;
  });
  const auto before = values_of(signal);
  amplify(gains, signal, in_place);
  for (std::size_t i = 0; i < signal.size(); ++i)
    ASSERT_EQ(signal.elements()[i], before[i] * double(i / 37 + 1));
}

TEST_P(output_splits, refuse_memory_of_another_shape) {
  shared_array<double> z(domain, {10, 37});
  const failure wrong = failure_of([&] { split_output(smoothed)(signal, out(z), std::size_t{7}); });
  EXPECT_EQ(wrong.code, exit_code::usage);
  EXPECT_NE(wrong.sentence.find("(10, 37)"), std::string::npos) << wrong.sentence;
}

TEST_P(output_splits, refuse_results_of_another_shape) {
  const auto transposed =
      split_output([](const auto& rows) { return xt::xarray<double>(xt::transpose(rows)); });
  const failure wrong = failure_of([&] { transposed(signal); });
  EXPECT_EQ(wrong.code, exit_code::usage);
  EXPECT_NE(wrong.sentence.find("is to be stored"), std::string::npos) << wrong.sentence;
}

TEST_P(output_splits, work_without_rows) {
  shared_array<double> none(domain, {0, 37});
  const auto smooth = split_output(smoothed);
  EXPECT_EQ(smooth(none, std::size_t{7}).shape(), none.shape());
  EXPECT_EQ(&smooth(none, in_place, std::size_t{7}), &none);
}

TEST_P(output_splits, do_not_change_a_line_by_cutting_it) {
  auto line = make_signal({100});
  const auto means = [](const auto& elements) {
    xt::xarray<double> to(elements.shape());
    running_mean(std::span(elements.data(), elements.size()), std::span(to.data(), to.size()), 9);
    return to;
  };
  const xt::xarray<double> plain = means(std::as_const(line).view());
  EXPECT_EQ(split_output(means)(line).view(), plain);
}

TEST(rows_of_two_axes, are_made_of_any) {
  const auto first_two = [](const auto& rows) -> xt::xarray<double> {
    return xt::view(rows, xt::all(), xt::range(0, 2));
  };
  const xt::xarray<double> cube = xt::arange<double>(24).reshape({2, 3, 4});
  EXPECT_EQ(as_2d(first_two)(cube), xt::view(cube, xt::all(), xt::all(), xt::range(0, 2)));
  const auto sums = [](const auto& rows) { return xt::xarray<double>(xt::sum(rows, {1})); };
  EXPECT_EQ(as_2d(sums)(cube), xt::xarray<double>(xt::sum(cube, {2})));

  xt::xarray<double> line = xt::arange<double>(4);
  as_2d([](auto& rows) {
    EXPECT_EQ(rows.shape(0), 1U);
    rows *= 3.0;
  })(line);
  EXPECT_EQ(line, xt::arange<double>(4) * 3.0);

  xt::xarray<double> into = xt::zeros<double>({2, 3, 4});
  as_2d<0, 2>([](const auto& rows, double by, auto& to) { to = rows * by; })(cube, 2.0, into);
  EXPECT_EQ(into, cube * 2.0);
}

TEST(rows_of_two_axes, are_made_of_a_view_without_gaps) {
  xt::xarray<double> cube = xt::arange<double>(24).reshape({2, 3, 4});
  auto second = xt::view(cube, 1);
  const auto sums = [](const auto& rows) { return xt::xarray<double>(xt::sum(rows, {1})); };
  EXPECT_EQ(as_2d(sums)(second), (xt::xarray<double>{54, 70, 86}));
  as_2d([](auto& rows) { rows += 100.0; })(second);
  EXPECT_EQ(cube(0, 2, 3), 11);
  EXPECT_EQ(cube(1, 0, 0), 112);
}

TEST(rows_one_by_one, give_a_value_each) {
  const xt::xarray<double> cube = xt::arange<double>(24).reshape({2, 3, 4});
  const auto lasts =
      each_row([](std::span<const double> row, double by) { return row.back() * by; })(cube, 2.0);
  EXPECT_EQ(lasts, (std::vector<double>{6, 14, 22, 30, 38, 46}));
  const auto firsts = each_row([](std::span<const double> row) { return row.front(); });
  EXPECT_EQ(firsts(xt::view(cube, 1)), (std::vector<double>{12, 16, 20}));
}

}  // namespace

// 10 x 20 rows of 20,000 samples convolved, causally, with 1,500 ones over 15: the first 1,499 columns start
// from zero history.
#include <cmath>

#include <weir/fir/row_filter.hpp>
#include <weir/weir.hpp>

namespace {

void convolve(std::span<const double> row, std::span<double> to,
              const weir::fir::row_filter<double>& filter) {
  constexpr weir::fir::boundary from_rest{weir::fir::boundary_mode::constant, 0.0};
  auto work = filter.make_scratch();
  std::ranges::copy(row, to.begin());
  weir::fir::filter_row(filter, from_rest, to, work);
}

}  // namespace

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [](weir::environment& env) {
    const std::vector<double> kernel(1'500, 1.0 / 15);
    const weir::fir::row_filter<double> filter(weir::fir::with_phase(kernel, weir::fir::phase::causal));
    auto x = weir::shared_copy(env.node(), xt::xarray<double>(xt::ones<double>({10, 20, 20'000})));

    auto parallel = weir::split_optional_output(weir::each_row<2>(convolve), {.runs_in_place = true});
    auto y = parallel(x, filter);
    parallel(x, weir::in_place, filter);

    // A sum of ones over 15: it grows with the history and stays at 100.
    for (std::size_t row = 0; row < y.rows(); ++row) {
      for (std::size_t i = 0; i < y.columns(); ++i) {
        const double expected = static_cast<double>(std::min<std::size_t>(i + 1, 1'500)) / 15;
        if (std::abs(y.row(row)[i] - expected) > 1e-9 || x.row(row)[i] != y.row(row)[i]) {
          return weir::exit_code::internal;
        }
      }
    }
    return y.shape() == weir::array_shape{10, 20, 20'000} ? weir::exit_code::done : weir::exit_code::internal;
  });
}

// A program of a project that has weir as a package.
#include <weir/fir/gaussian.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/weir.hpp>

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [](weir::environment& env) {
    const weir::fir::row_filter<float> filter(
        weir::fir::with_phase(weir::fir::gaussian_taps({.sigma = 3.0}), weir::fir::phase::zero));
    auto x = weir::shared_copy(env.node(), xt::xarray<float>(xt::ones<float>({6, 100})));
    weir::split_at(weir::each_row([&](std::span<float> row) {
      auto work = filter.make_scratch();
      weir::fir::filter_row(filter, {}, row, work);
    }))(x);
    // A smoothed constant is the constant.
    const bool right = xt::allclose(x.view(), xt::ones<float>({6, 100}), 1e-6);
    return right ? weir::exit_code::done : weir::exit_code::internal;
  });
}

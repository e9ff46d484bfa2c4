// A recording smoothed with a Gaussian of 40 samples, row by row on all ranks: to new memory, to memory that
// is given, and in place.
#include <weir/fir/gaussian.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/weir.hpp>

namespace {

/// scipy.ndimage.gaussian_filter1d along the last axis. It knows nothing of ranks.
xt::xarray<double> gaussian_filter1d(const xt::xarray<double>& rows, double sigma) {
  const weir::fir::row_filter<double> filter(
      weir::fir::with_phase(weir::fir::gaussian_taps({.sigma = sigma}), weir::fir::phase::zero));
  auto work = filter.make_scratch();
  xt::xarray<double> smooth = rows;
  weir::each_row([&](std::span<double> row) { weir::fir::filter_row(filter, {}, row, work); })(smooth);
  return smooth;
}

}  // namespace

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [](weir::environment& env) {
    const xt::xarray<double> signal = xt::sin(xt::arange<double>(20 * 5'000).reshape({20, 5'000}));

    auto x = weir::shared_copy(env.node(), signal);  // one copy on the node
    auto smooth = weir::split_output(gaussian_filter1d);
    auto y = smooth(x, 40.0);  // new memory
    weir::shared_array<double> z(env.node(), x.shape());
    smooth(x, weir::out(z), 40.0);    // memory given
    smooth(x, weir::in_place, 40.0);  // in place

    const xt::xarray<double> serial = gaussian_filter1d(signal, 40.0);
    const bool same = y.view() == serial && z.view() == serial && x.view() == serial;
    return same ? weir::exit_code::done : weir::exit_code::internal;
  });
}

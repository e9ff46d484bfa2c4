// The grid search of `weir sweep` with a score of one's own: which Gaussian brings a noisy wave closest to
// the clean one. A node holds one copy of the recording, which all jobs read.
#include <cmath>
#include <numbers>

#include <weir/fir/gaussian.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/weir.hpp>

namespace {

constexpr weir::fir::boundary in_a_circle{weir::fir::boundary_mode::wrap};

double wave(std::size_t i) {
  return std::sin(2 * std::numbers::pi * static_cast<double>(i) / 1'000);
}

/// The score: root mean square of what is left of the noise and missing of the wave.
double distance_to_the_wave(std::span<const double> row) {
  double squares = 0;
  for (std::size_t i = 0; i < row.size(); ++i) squares += (row[i] - wave(i)) * (row[i] - wave(i));
  return std::sqrt(squares / static_cast<double>(row.size()));
}

}  // namespace

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [](weir::environment& env) {
    xt::xarray<double> noisy = xt::zeros<double>({1, 10'000});
    for (std::size_t i = 0; i < 10'000; ++i) noisy(0, i) = wave(i) + (i % 2 == 0 ? 1 : -1);
    const auto recording = weir::shared_copy(env.node(), noisy);
    const std::vector<double> sigmas{0.5, 1, 2, 4, 8, 16};

    const weir::job_pool pool(env);
    const std::vector<double> scores = pool.map(
        [&](double sigma) {
          const weir::fir::row_filter<double> filter(
              weir::fir::with_phase(weir::fir::gaussian_taps({.sigma = sigma}), weir::fir::phase::zero));
          auto work = filter.make_scratch();
          std::vector<double> row(recording.row(0).begin(), recording.row(0).end());
          weir::fir::filter_row(filter, in_a_circle, std::span(row), work);
          return distance_to_the_wave(row);
        },
        sigmas);

    // A Gaussian leaves exp(-(w sigma)^2 / 2) of a frequency w: less of the noise and of the wave the longer
    // it is.
    const auto best = std::ranges::min_element(scores) - scores.begin();
    return sigmas[static_cast<std::size_t>(best)] == 2 ? weir::exit_code::done : weir::exit_code::internal;
  });
}

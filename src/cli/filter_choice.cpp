#include "filter_choice.hpp"

#include <cstring>

#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/fir/gaussian.hpp>
#include <weir/fir/taps_file.hpp>
#include <weir/io/taps_dataset.hpp>
#include <weir/mpi/first_rank.hpp>

#include "quantities.hpp"

namespace weir::cli {
namespace {

std::vector<double> read_taps(const communicator& world, const std::string& file) {
  const std::string bytes = from_first_rank(world, [&] {
    const std::vector<double> taps =
        io::names_a_dataset(file) ? io::read_taps_dataset(file) : fir::read_taps(file);
    return std::string(reinterpret_cast<const char*>(taps.data()), taps.size() * sizeof(double));
  });
  std::vector<double> taps(bytes.size() / sizeof(double));
  std::memcpy(taps.data(), bytes.data(), bytes.size());
  return taps;
}

}  // namespace

void filter_choice::add_options(CLI::App& app) {
  const std::string group = "Filter";
  auto* gaussian =
      app.add_option("--gaussian", gaussian_,
                     "Gaussian as scipy.ndimage.gaussian_filter1d; SIGMA in samples (40), time (20ms) or "
                     "frequency (8Hz: sigma = fs / 2 pi f)");
  gaussian->type_name("SIGMA")->group(group);
  app.add_option("--truncate", truncate_, "cut the Gaussian at this many sigmas [4]")
      ->needs(gaussian)
      ->group(group);
  app.add_option("--order", order_, "derivative of the Gaussian [0]")->needs(gaussian)->group(group);
  app.add_option("--taps", taps_file_,
                 "taps from a text file, a .npy file or FILE.h5:/path; N taps are a filter of order N - 1")
      ->type_name("FILE")
      ->excludes(gaussian)
      ->group(group);
  app.add_option("--phase", phase_,
                 "zero: no delay, for an odd number of taps; causal: as scipy.signal.lfilter")
      ->check(CLI::IsMember({"zero", "causal"}))
      ->capture_default_str()
      ->group(group);
  ends_.add_options(app, group, "reflect; zero with --phase causal");
  app.add_option("--method", method_, "how the sum is computed; auto looks at the taps and the type alone")
      ->check(CLI::IsMember({"auto", "direct", "fft"}))
      ->capture_default_str()
      ->group(group);
}

std::vector<double> filter_choice::taps(const communicator& world, std::optional<double> sampling_rate,
                                        std::string& sentence) const {
  if (!gaussian_.empty()) {
    const fir::gaussian kernel{.sigma = parse_sigma(gaussian_, sampling_rate),
                               .truncate = truncate_.value_or(4),
                               .order = order_.value_or(0)};
    sentence = fmt::format("Gaussian of sigma {:.10g} samples, order {}, truncated at {:.10g} sigma",
                           kernel.sigma, kernel.order, kernel.truncate);
    return fir::gaussian_taps(kernel);
  }
  if (!taps_file_.empty()) {
    sentence = fmt::format("taps from {}", taps_file_);
    return read_taps(world, taps_file_);
  }
  throw error(exit_code::usage, "no filter is named; give --gaussian SIGMA or --taps FILE");
}

chosen_filter filter_choice::resolve(const communicator& world, std::optional<double> sampling_rate) const {
  const std::string mode = phase_ == "causal" ? "zero" : "reflect";
  chosen_filter chosen{.ends = ends_.resolve(mode)};
  const std::vector<double> found = taps(world, sampling_rate, chosen.sentence);
  chosen.spec = fir::with_phase(found, phase_ == "causal" ? fir::phase::causal : fir::phase::zero);
  chosen.method = method_ == "direct" ? fir::method::direct
                  : method_ == "fft"  ? fir::method::fft
                                      : fir::method::automatic;
  chosen.sentence +=
      fmt::format(", {}, {}", phase_ == "causal" ? "causal" : "zero phase", ends_.sentence(mode));
  return chosen;
}

}  // namespace weir::cli

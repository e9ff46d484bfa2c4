#include "filter_choice.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <weir/error.hpp>
#include <weir/fir/design/smoothing.hpp>
#include <weir/fir/taps_file.hpp>
#include <weir/io/taps_dataset.hpp>
#include <weir/log.hpp>
#include <weir/mpi/first_rank.hpp>

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
  smoothing_.add_options(app, group);
  bands_.add_options(app, group);
  app.add_option("--taps", taps_file_,
                 "taps from a text file, a .npy file or FILE.h5:/path; N taps are a filter of order N - 1")
      ->type_name("FILE")
      ->group(group);
  app.add_flag("--complement", complement_,
               "take what the filter leaves out: the signal less the filter's output")
      ->group(group);
  app.add_option("--phase", phase_,
                 "zero: no delay, for an odd number of taps; zero-double: forwards and backwards, as "
                 "scipy.signal.filtfilt; causal: as scipy.signal.lfilter")
      ->check(CLI::IsMember({"zero", "zero-double", "causal"}))
      ->capture_default_str()
      ->group(group);
  ends_.add_options(app, group, "reflect; odd with --phase zero-double, zero with causal");
  app.add_option("--method", method_, "how the sum is computed; auto looks at the taps and the type alone")
      ->check(CLI::IsMember({"auto", "direct", "fft"}))
      ->capture_default_str()
      ->group(group);
}

designed_filter filter_choice::design(const communicator& world, std::optional<double> sampling_rate) const {
  const std::vector<std::string> smoothing = smoothing_.named();
  std::vector<std::string> named = bands_.named();
  const bool is_band = !named.empty();
  named.insert(named.end(), smoothing.begin(), smoothing.end());
  if (!taps_file_.empty()) named.emplace_back("--taps");
  if (named.empty()) {
    throw error(exit_code::usage,
                "no filter is named; give one, such as --gaussian SIGMA, --lowpass F or --taps FILE");
  }
  if (named.size() > 1) {
    throw error(exit_code::usage,
                fmt::format("{} each name a filter; give one of them", fmt::join(named, " and ")));
  }
  if (is_band) return bands_.resolve(sampling_rate);
  if (!smoothing.empty()) return smoothing_.resolve(sampling_rate);
  return {.taps = read_taps(world, taps_file_),
          .sentence = fmt::format("taps from {}", taps_file_),
          .warnings = {}};
}

chosen_filter filter_choice::resolve(const communicator& world, std::optional<double> sampling_rate) const {
  const std::string mode = phase_ == "causal" ? "zero" : phase_ == "zero-double" ? "odd" : "reflect";
  chosen_filter chosen{.ends = ends_.resolve(mode)};
  designed_filter made = design(world, sampling_rate);
  for (const std::string& sentence : made.warnings) warn(world, sentence);
  if (complement_) {
    made.taps = fir::complement(std::move(made.taps));
    made.sentence = fmt::format("complement of the {}", made.sentence);
  }
  if (phase_ == "zero-double") made.taps = fir::forwards_and_backwards(made.taps);
  chosen.spec =
      fir::with_phase(std::move(made.taps), phase_ == "causal" ? fir::phase::causal : fir::phase::zero);
  chosen.method = method_ == "direct" ? fir::method::direct
                  : method_ == "fft"  ? fir::method::fft
                                      : fir::method::automatic;
  chosen.sentence =
      fmt::format("{}, {}, {}", made.sentence, phase_sentence(chosen.spec.taps), ends_.sentence(mode));
  return chosen;
}

std::string filter_choice::phase_sentence(const std::vector<double>& taps) const {
  if (phase_ == "zero") return "zero phase";
  if (phase_ == "zero-double") return "forwards and backwards";
  // Only taps that are their own mirror image delay all frequencies alike.
  if (!std::equal(taps.begin(), taps.end(), taps.rbegin())) return "causal";
  return fmt::format("causal, delayed by {} samples", static_cast<double>(taps.size() - 1) / 2);
}

}  // namespace weir::cli

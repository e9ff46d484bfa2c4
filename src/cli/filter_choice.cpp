#include "filter_choice.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <weir/error.hpp>
#include <weir/fir/design/anti_alias.hpp>
#include <weir/fir/design/minimum_phase.hpp>
#include <weir/fir/design/smoothing.hpp>
#include <weir/fir/taps_file.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/taps_dataset.hpp>
#include <weir/log.hpp>
#include <weir/mpi/first_rank.hpp>

namespace weir::cli {
namespace {

/// Folded frequencies that are not this far down are heard of; MNE warns of stop bands at the same depth.
constexpr double poor_attenuation_db = 20;

/// The low-pass of a change of the rate for which no filter is named.
designed_filter own_filter(const rate_change& change) {
  return {
      .taps = change.decimates ? fir::decimation_taps(change.ratio.down) : fir::resampling_taps(change.ratio),
      .sentence = fmt::format("low-pass at half of the {} rate, {} window",
                              change.ratio.up > change.ratio.down ? "input's" : "output's",
                              change.decimates ? "hamming" : "Kaiser (beta 5)"),
      .warnings = {}};
}

}  // namespace

void filter_choice::add_options(option_list& app) {
  const std::string group = "Filter";
  smoothing_.add_options(app, group);
  bands_.add_options(app, group);
  equiripple_.add_options(app, group);
  app.add_option("--taps", taps_file_,
                 "taps from a text file, a .npy file or FILE.h5:/path; N taps are a filter of order N - 1")
      ->type_name("FILE")
      ->names_input()
      ->group(group);
  app.add_flag("--complement", complement_,
               "take what the filter leaves out: the signal less the filter's output")
      ->group(group);
  app.add_option("--phase", phase_,
                 "zero: no delay, for an odd number of taps; zero-double: forwards and backwards, as "
                 "scipy.signal.filtfilt; causal: as scipy.signal.lfilter; minimum: the least delay, with the "
                 "square root of the gain, as scipy.signal.minimum_phase")
      ->one_of({"zero", "zero-double", "causal", "minimum"})
      ->capture_default_str()
      ->group(group);
  ends_.add_options(app, group, "reflect; odd with --phase zero-double, zero with causal and minimum");
  app.add_option("--method", method_, "how the sum is computed; auto looks at the taps and the type alone")
      ->one_of({"auto", "direct", "fft"})
      ->capture_default_str()
      ->group(group);
}

std::vector<std::string> filter_choice::named() const {
  std::vector<std::string> named = bands_.named();
  for (const std::vector<std::string>& more : {equiripple_.named(), smoothing_.named()}) {
    named.insert(named.end(), more.begin(), more.end());
  }
  if (!taps_file_.empty()) named.emplace_back("--taps");
  return named;
}

designed_filter filter_choice::named_filter(std::optional<double> sampling_rate) const {
  const std::vector<std::string> named = this->named();
  if (named.empty()) {
    throw error(exit_code::usage,
                "no filter is named; give one, such as --gaussian SIGMA, --lowpass F or --taps FILE");
  }
  if (named.size() > 1) {
    throw error(exit_code::usage,
                fmt::format("{} each name a filter; give one of them", fmt::join(named, " and ")));
  }
  if (!bands_.named().empty()) return bands_.resolve(sampling_rate);
  if (!equiripple_.named().empty()) return equiripple_.resolve(sampling_rate);
  if (!smoothing_.named().empty()) return smoothing_.resolve(sampling_rate);
  return {.taps = io::names_a_dataset(taps_file_) ? io::read_taps_dataset(taps_file_)
                                                  : fir::read_taps(taps_file_),
          .sentence = fmt::format("taps from {}", taps_file_),
          .warnings = {}};
}

designed_filter filter_choice::design(std::optional<double> sampling_rate, const rate_change& change) const {
  const bool is_named = change.ratio.is_one() || !named().empty();
  const auto up = static_cast<double>(change.ratio.up);
  if (sampling_rate) *sampling_rate *= up;
  designed_filter made = is_named ? named_filter(sampling_rate) : own_filter(change);
  if (complement_ && !is_named) {
    throw error(exit_code::usage, "--complement is of a filter that is named; name one, or leave it out");
  }
  if (complement_) {
    made.taps = fir::complement(std::move(made.taps));
    made.sentence = fmt::format("complement of the {}", made.sentence);
  }
  if (phase_ == "zero-double") made.taps = fir::forwards_and_backwards(made.taps);
  if (phase_ == "minimum") made.taps = fir::minimum_phase(made.taps);
  made.sentence += ", " + phase_sentence(made.taps, change);
  if (change.ratio.is_one()) return made;
  made.sentence += ", " + sentence_of(change.ratio);
  for (double& tap : made.taps) tap *= up;
  if (!is_named) return made;
  if (const double depth = fir::fold_attenuation(made.taps, change.ratio); depth < poor_attenuation_db) {
    made.warnings.push_back(
        fmt::format("the {} keeps frequencies beyond half of the lower rate within {:.1f} dB of the others, "
                    "and they fold; "
                    "a low-pass below that, or no filter at all, which brings one, does not",
                    named().front(), depth));
  }
  return made;
}

chosen_filter filter_choice::no_filter() const {
  for (const auto& [is_given, option] :
       {std::pair(complement_, "--complement"), std::pair(phase_ != "zero", "--phase"),
        std::pair(method_ != "auto", "--method")}) {
    if (is_given) {
      throw error(exit_code::usage, fmt::format("{} is of a filter, and none is named; name one, such as "
                                                "--gaussian SIGMA, or leave it out",
                                                option));
    }
  }
  return {.spec = fir::with_phase({1.0}, fir::phase::zero), .ends = ends_.resolve("reflect")};
}

chosen_filter filter_choice::resolve_alone(std::optional<double> sampling_rate,
                                           const rate_change& change) const {
  return with_ends(design(sampling_rate, change));
}

chosen_filter filter_choice::resolve(const communicator& world, std::optional<double> sampling_rate,
                                     const rate_change& change) const {
  designed_filter made;
  const auto texts = io::unpack(from_first_rank(world, [&] {
    made = design(sampling_rate, change);
    return io::pack({made.sentence, made.warnings});
  }));
  made.sentence = texts.at(0).get<std::string>();
  made.warnings = texts.at(1).get<std::vector<std::string>>();
  made.taps.resize(world.broadcast(made.taps.size(), 0));
  world.broadcast(std::span(made.taps), 0);
  chosen_filter chosen = with_ends(std::move(made));
  for (const std::string& sentence : chosen.warnings) warn(world, sentence);
  return chosen;
}

chosen_filter filter_choice::with_ends(designed_filter made) const {
  const bool is_causal = phase_ == "causal" || phase_ == "minimum";
  const std::string mode = is_causal ? "zero" : phase_ == "zero-double" ? "odd" : "reflect";
  return {.spec = fir::with_phase(std::move(made.taps), is_causal ? fir::phase::causal : fir::phase::zero),
          .ends = ends_.resolve(mode),
          .method = method_ == "direct" ? fir::method::direct
                    : method_ == "fft"  ? fir::method::fft
                                        : fir::method::automatic,
          .sentence = fmt::format("{}, {}", made.sentence, ends_.sentence(mode)),
          .warnings = std::move(made.warnings)};
}

std::string filter_choice::phase_sentence(const std::vector<double>& taps, const rate_change& change) const {
  if (phase_ == "zero") return "zero phase";
  if (phase_ == "zero-double") return "forwards and backwards";
  if (phase_ == "minimum") return "minimum phase";
  // Only taps that are their own mirror image delay all frequencies alike.
  if (!std::equal(taps.begin(), taps.end(), taps.rbegin())) return "causal";
  const double delay = static_cast<double>(taps.size() - 1) / 2 / static_cast<double>(change.ratio.up);
  return fmt::format("causal, delayed by {:.10g} samples{}", delay,
                     change.ratio.is_one() ? "" : " of the input");
}

}  // namespace weir::cli

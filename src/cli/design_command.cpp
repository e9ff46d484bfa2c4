#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/error.hpp>
#include <weir/fir/taps_file.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/taps_dataset.hpp>

#include "commands.hpp"
#include "design_report.hpp"
#include "filter_choice.hpp"
#include "rate_options.hpp"
#include "result_file.hpp"
#include "standard_streams.hpp"

namespace weir::cli {
namespace {

/// Where `--save` puts HDF5 taps if it names no dataset.
constexpr const char* default_dataset = "/taps";

std::string bytes_of(const std::string& path, const fir::filter_spec& filter, const std::string& sentence) {
  if (io::names_a_dataset(path)) {
    return io::taps_image(path.substr(io::file_of(path).size() + 1), filter.taps);
  }
  const std::string ending = std::filesystem::path(path).extension().string();
  if (ending == ".h5" || ending == ".hdf5") return io::taps_image(default_dataset, filter.taps);
  if (ending == ".npy") return fir::to_npy(filter.taps);
  if (ending == ".txt") return fir::to_text(filter.taps, sentence);
  if (ending == ".csv") return fir::to_text(filter.taps, "");
  throw error(
      exit_code::usage,
      fmt::format("--save got '{}'; name a file that ends with .txt, .csv, .npy or .h5, or FILE.h5:/path",
                  path));
}

class design_command final : public command {
 public:
  void add_options(option_list& app) override {
    app.add_option("--fs", sampling_rate_, "sampling rate of the recordings that it is for")
        ->type_name("HZ")
        ->positive();
    app.add_option("--save", taps_file_,
                   "write the taps: .txt, .csv, .npy, .h5 or FILE.h5:/path, as --taps reads them")
        ->type_name("FILE");
    app.add_option("--plot", picture_, "draw gain, phase and taps, as .png, .svg or .pdf")->type_name("FILE");
    app.add_flag("--json", json_, "print the facts and the taps as JSON");
    app.add_flag("--overwrite", overwrite_, "replace the file of --save if it exists");
    filter_.add_options(app);
    rate_.add_options(app, "Rate");
  }

  bool is_parallel() const override { return false; }

  exit_code run_alone() override {
    const rate_change change = rate_.resolve();
    const chosen_filter chosen = filter_.resolve_alone(sampling_rate_, change);
    // The taps are for the row with zeros between its samples.
    std::optional<double> rate_of_taps = sampling_rate_;
    if (rate_of_taps) *rate_of_taps *= static_cast<double>(change.ratio.up);
    for (const std::string& sentence : chosen.warnings)
      print_message(fmt::format("weir: warning: {}\n", sentence));
    if (!taps_file_.empty()) {
      write_result_file(io::file_of(taps_file_), bytes_of(taps_file_, chosen.spec, chosen.sentence),
                        overwrite_);
    }
    if (!picture_.empty()) draw_response(chosen, rate_of_taps, picture_);
    print_result(json_ ? io::json_text(facts_of(chosen, rate_of_taps), 2) + "\n"
                       : describe(chosen, rate_of_taps));
    return exit_code::done;
  }

 private:
  std::optional<double> sampling_rate_;
  std::string taps_file_;
  std::string picture_;
  bool json_ = false;
  bool overwrite_ = false;
  filter_choice filter_;
  rate_options rate_;
};

}  // namespace

std::unique_ptr<command> make_design_command() {
  return std::make_unique<design_command>();
}

}  // namespace weir::cli

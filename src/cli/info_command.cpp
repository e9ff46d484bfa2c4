#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/byte_size.hpp>
#include <weir/io/join.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/recording_start.hpp>

#include "commands.hpp"
#include "many_files.hpp"
#include "recording_options.hpp"
#include "standard_streams.hpp"

namespace weir::cli {
namespace {

std::string storage_of(const io::recording& what) {
  if (!what.store.chunked) return "contiguous";
  std::string text = fmt::format(
      "chunks of {} channels x {} samples, {}", what.store.chunk_channels, what.store.chunk_samples,
      format_bytes(what.store.chunk_channels * what.store.chunk_samples * size_of(what.type)));
  if (what.store.shuffle) text += ", shuffled";
  if (what.store.gzip_level) text += fmt::format(", gzip {}", *what.store.gzip_level);
  return text;
}

std::string to_text(const io::recording& what) {
  std::string text;
  const auto line = [&](std::string_view name, const std::string& value) {
    text += fmt::format("{:<9} {}\n", name, value);
  };
  if (what.files.empty()) {
    line("file", what.path);
  } else {
    line("files", fmt::format("{}, from {} to {}", what.files.size(), what.path, what.files.back().path));
  }
  line("layout", what.layout);
  line("dataset", fmt::format("{}, {}", what.dataset,
                              what.dimensions == 1                ? "samples of one channel"
                              : what.axis == io::time_axis::first ? "samples x channels (time axis 0)"
                                                                  : "channels x samples (time axis 1)"));
  line("shape", fmt::format("{} channels x {} samples, {}, {}", what.channels, what.samples,
                            name_of(what.type), format_bytes(io::data_bytes(what))));
  if (what.sampling_rate) {
    line("rate", fmt::format("{:.10g} Hz, {:.10g} s", *what.sampling_rate,
                             static_cast<double>(what.samples) / *what.sampling_rate));
  } else {
    line("rate", "not said; give --fs where a unit needs it");
  }
  if (const auto start = io::start_text(what)) line("start", *start);
  line("storage", storage_of(what));
  if (what.scale != 1 || what.offset != 0 || !what.unit.empty()) {
    line("value", fmt::format("stored x {:.10g} + {:.10g} {}", what.scale, what.offset, what.unit));
  }
  for (const std::string& reason : what.reasons) line("because", reason);
  for (const std::string& warning : what.warnings) line("warning", warning);
  return text;
}

class info_command : public command {
 public:
  void add_options(option_list& app) override {
    app.add_option("FILE", files_,
                   "HDF5 file to look at; of several, a folder or a quoted pattern, the recording that they "
                   "are together, and its gaps")
        ->type_name("FILE...")
        ->required();
    recording_.add_options(app);
    app.add_flag("--json", json_, "print it as JSON");
  }

  bool is_parallel() const override { return false; }

  exit_code run_alone() override {
    std::vector<io::recording> files = inspect_files(files_, recording_.overrides());
    const auto gaps = io::find_discontinuities(files, io::usual_gap_tolerance);
    const std::string warning = gaps.empty() ? "" : io::to_text(gaps, files);
    io::recording what = io::join(std::move(files));
    if (!gaps.empty()) what.warnings.push_back(warning);
    print_result(json_ ? io::json_text(what, 2) + "\n" : to_text(what));
    return exit_code::done;
  }

 private:
  std::vector<std::string> files_;
  recording_options recording_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<command> make_info_command() {
  return std::make_unique<info_command>();
}

}  // namespace weir::cli

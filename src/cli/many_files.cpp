#include "many_files.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/error.hpp>
#include <weir/io/files.hpp>
#include <weir/io/input_files.hpp>
#include <weir/io/json_text.hpp>
#include <weir/log.hpp>
#include <weir/mpi/first_rank.hpp>

#include "quantities.hpp"

namespace weir::cli {

namespace {

void require_own_names(const std::vector<many_output>& outputs) {
  std::set<std::string> seen;
  for (const many_output& one : outputs) {
    if (seen.insert(one.path).second) continue;
    throw error(
        exit_code::usage,
        fmt::format("two outputs would be named '{}', as the inputs that they begin with are; give one of "
                    "those another name",
                    std::filesystem::path(one.path).filename().string()));
  }
}

}  // namespace

std::vector<io::recording> inspect_files(const std::vector<std::string>& names, const io::overrides& said) {
  std::vector<io::recording> files;
  for (const std::string& path : io::input_files(names)) files.push_back(io::inspect(path, said));
  io::require_alike(files);
  io::put_in_time_order(files);
  return files;
}

void many_files_options::add_options(option_list& app) {
  const std::string group = "Several files";
  app.add_option("--gap-tolerance", gap_tolerance_,
                 "join files across gaps and overlaps of up to this, as 2n (samples) or 5ms [half a sample]")
      ->type_name("TIME")
      ->group(group);
  app.add_flag(
         "--split-at-gaps", splits_at_gaps_,
         "filter each stretch between gaps or overlaps on its own, with ends of its own, into a file in "
         "the folder OUT, named as the stretch's first file")
      ->group(group);
  app.add_flag(
         "--output-per-file", is_per_file_,
         "write what each input's samples become, filtered with their neighbours in the other files, into a "
         "file in the folder OUT, named as the input")
      ->group(group);
}

void many_files_options::check() const {
  if (!gap_tolerance_.empty()) parse_duration(gap_tolerance_, "--gap-tolerance");
}

double many_files_options::tolerance(std::optional<double> sampling_rate) const {
  if (gap_tolerance_.empty()) return io::usual_gap_tolerance;
  const duration said = parse_duration(gap_tolerance_, "--gap-tolerance");
  // Without a rate there are no gaps to find.
  return said.in_samples ? said.value : said.value * sampling_rate.value_or(0);
}

std::vector<io::recording> many_files_options::joined(const std::vector<std::string>& names,
                                                      const io::overrides& said) const {
  std::vector<io::recording> files = inspect_files(names, said);
  const double most = tolerance(files.front().sampling_rate);
  const auto gaps = io::find_discontinuities(files, most);
  if (!gaps.empty() && !splits_at_gaps_) {
    throw error(exit_code::bad_data,
                fmt::format("{}; give --gap-tolerance to join files across them, --split-at-gaps to filter "
                            "each stretch on its own, or name other files",
                            io::to_text(gaps, files)));
  }
  std::vector<io::recording> stretches;
  for (std::vector<io::recording>& stretch : io::cut_at(gaps, std::move(files))) {
    const auto small = io::find_discontinuities(stretch, std::min(most, io::usual_gap_tolerance));
    const bool is_many = stretch.size() > 1;
    io::recording whole = io::join(std::move(stretch));
    if (is_many && !whole.start_ns) {
      whole.warnings.emplace_back(
          "the files do not say when they were recorded: they are joined in the order in which they are "
          "named");
    }
    if (!small.empty()) {
      const auto size = [](const io::discontinuity& one) { return std::abs(one.samples); };
      whole.warnings.push_back(fmt::format("{} of up to {:.6g} samples between the files are joined across",
                                           small.size() == 1 ? "a gap or overlap" : "gaps and overlaps",
                                           size(std::ranges::max(small, {}, size))));
    }
    stretches.push_back(std::move(whole));
  }
  return stretches;
}

std::vector<io::recording> many_files_options::inspect(const communicator& world,
                                                       const std::vector<std::string>& names,
                                                       const io::overrides& said) const {
  const std::string seen = from_first_rank(world, [&] { return io::pack(joined(names, said)); });
  auto stretches = io::unpack(seen).get<std::vector<io::recording>>();
  for (const io::recording& what : stretches) {
    for (const std::string& sentence : what.warnings) warn(world, sentence);
  }
  return stretches;
}

std::vector<many_output> many_files_options::outputs(const std::vector<io::recording>& stretches,
                                                     const std::string& output) const {
  namespace fs = std::filesystem;
  if (!goes_to_folder()) return {{&stretches.front(), {}, output}};
  std::vector<many_output> all;
  for (const io::recording& stretch : stretches) {
    const std::vector<std::string> files = io::file_paths(stretch);
    const auto identities = std::make_shared<pipeline::file_identities>(stretch.files);
    for (std::size_t i = 0; i < (is_per_file_ ? files.size() : 1); ++i) {
      all.push_back({&stretch, is_per_file_ && files.size() > 1 ? std::optional(i) : std::nullopt,
                     (fs::path(output) / fs::path(files[i]).filename()).string(), identities});
    }
  }
  require_own_names(all);
  return all;
}

void many_files_options::make_folder(const communicator& world, const std::string& output) const {
  if (!goes_to_folder()) return;
  from_first_rank(world, [&] {
    namespace fs = std::filesystem;
    std::error_code fault;
    fs::create_directories(output, fault);
    if (!fault && fs::is_directory(output, fault)) return std::string();
    throw error(exit_code::cannot_create,
                fmt::format("'{}' is no folder and cannot be made one ({}); several outputs go to files of "
                            "their own in the folder OUT",
                            output, fault ? fault.message() : "it is a file"));
  });
}

}  // namespace weir::cli

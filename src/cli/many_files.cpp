#include "many_files.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/error.hpp>
#include <weir/io/input_files.hpp>
#include <weir/io/json_text.hpp>
#include <weir/log.hpp>
#include <weir/mpi/first_rank.hpp>

#include "quantities.hpp"

namespace weir::cli {

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

std::vector<std::string> many_files_options::outputs(const std::vector<io::recording>& stretches,
                                                     const std::string& output, bool touches_nothing) const {
  if (!splits_at_gaps_) return {output};
  namespace fs = std::filesystem;
  std::error_code fault;
  if (!touches_nothing) fs::create_directories(output, fault);
  if (fault || (fs::exists(output) && !fs::is_directory(output))) {
    throw error(
        exit_code::cannot_create,
        fmt::format("'{}' is no folder and cannot be made one ({}); with --split-at-gaps each stretch "
                    "goes to a file of its own in the folder OUT",
                    output, fault ? fault.message() : "it is a file"));
  }
  std::vector<std::string> paths;
  std::set<std::string> seen;
  for (const io::recording& stretch : stretches) {
    paths.push_back((fs::path(output) / fs::path(stretch.path).filename()).string());
    if (!seen.insert(paths.back()).second) {
      throw error(
          exit_code::usage,
          fmt::format("two stretches begin with files of the name '{}', after which their outputs are "
                      "named; give one of the files another name",
                      fs::path(stretch.path).filename().string()));
    }
  }
  return paths;
}

}  // namespace weir::cli

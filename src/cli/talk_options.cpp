#include "talk_options.hpp"

#include <charconv>

#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/io/input_files.hpp>
#include <weir/log.hpp>
#include <weir/mpi/first_rank.hpp>

#include "run_files.hpp"

namespace weir::cli {
namespace {

constexpr const char* group = "Messages";

}  // namespace

void talk_options::add_options(option_list& app) {
  auto* quiet = app.add_flag("-q,--quiet", quiet_, "say nothing but warnings and errors")->group(group);
  auto* verbose = app.add_flag("-v,--verbose", verbose_, "say what each rank does; as --log-level info")
                      ->excludes(quiet)
                      ->group(group);
  app.add_option("--log-level", level_, "error, warning, info, debug or trace [warning]")
      ->type_name("LEVEL")
      ->excludes(verbose)
      ->group(group);
  app.add_option("--log-file", file_, "log to FILE.RANK, one file a rank, in place of stderr")
      ->type_name("FILE")
      ->group(group);
}

void talk_options::add_progress_option(option_list& app) {
  app.add_option("--progress", progress_,
                 "auto: a bar on a terminal, else a line every 30 s; N: a line every N seconds; off")
      ->type_name("auto|N|off")
      ->capture_default_str()
      ->group(group);
}

std::optional<progress_scope::style> talk_options::progress() const {
  if (progress_ == "auto" && !quiet_) return progress_scope::automatic_style();
  if (progress_ == "auto" || progress_ == "off") return std::nullopt;
  double seconds = 0;
  const char* const text_end = progress_.data() + progress_.size();
  const auto [end, failure] = std::from_chars(progress_.data(), text_end, seconds);
  if (failure != std::errc{} || end != text_end || !(seconds > 0)) {
    throw error(
        exit_code::usage,
        fmt::format("--progress got '{}'; give auto, off, or the seconds between two lines", progress_));
  }
  if (quiet_) return std::nullopt;
  return progress_scope::style{.interval = std::chrono::duration<double>(seconds), .redraws = false};
}

void talk_options::check_log(const communicator& world, const std::vector<std::string>& inputs,
                             const std::vector<std::string>& read) const {
  if (file_.empty()) return;
  from_first_rank(world, [&] {
    run_files files{.read = io::input_files(inputs)};
    files.read.insert(files.read.end(), read.begin(), read.end());
    for (int rank = 0; rank < world.size(); ++rank) {
      files.texts.push_back({.option = "--log-file", .path = fmt::format("{}.{}", file_, rank)});
    }
    check_files(files);
    return std::string();
  });
}

void talk_options::apply() const {
  if (!level_.empty()) set_log_level(parse_log_level(level_));
  if (verbose_) set_log_level(log_level::info);
  if (!file_.empty()) log_to_file(file_);
}

}  // namespace weir::cli

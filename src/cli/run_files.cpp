#include "run_files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weir/error.hpp>
#include <weir/io/output.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/io/source_files.hpp>

#include "result_file.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

bool exists(const std::string& path) {
  std::error_code fault;
  return fs::exists(fs::symlink_status(path, fault));
}

/// The same for all paths of one file, and for those that would be one if they existed.
std::string identity_of(const std::string& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) == 0) return fmt::format("{}:{}", file.st_dev, file.st_ino);
  std::error_code fault;
  const fs::path place = fs::weakly_canonical(fs::absolute(path), fault);
  return (place.has_filename() ? place : place.parent_path()).string();
}

/// Files by their identities, each with a name.
using named_files = std::map<std::string, std::string>;

named_files named(const std::vector<std::string>& paths) {
  named_files files;
  for (const std::string& path : paths) files.emplace(identity_of(path), path);
  return files;
}

/// Why a file cannot be written; 0 if it can.
int reason_against(const std::string& path, const std::string& new_folder) {
  std::error_code fault;
  if (fs::is_directory(path, fault)) return EISDIR;
  const std::string folder = fs::path(path).parent_path().string();
  if (!new_folder.empty() && identity_of(folder) == identity_of(new_folder)) return 0;
  const std::string written = fs::exists(path, fault) ? path : folder.empty() ? "." : folder;
  return ::access(written.c_str(), W_OK) != 0 ? errno : 0;
}

/// The files with the inputs' samples, as far as it matters: a name that is free is none of theirs, and
/// thousands of files take their time to be opened.
std::vector<std::string> samples_of(const run_files& files) {
  const bool is_free =
      std::ranges::none_of(
          files.outputs,
          [](const std::string& path) { return exists(path) || exists(io::part_path(path)); }) &&
      std::ranges::none_of(files.texts, [](const text_output& one) { return exists(one.path); });
  std::vector<std::string> all;
  if (is_free) return all;
  for (const io::recording* const input : files.inputs) {
    const std::vector<std::string> some = io::sample_files(*input);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

void check_recordings(const run_files& files, const io::file_set& samples) {
  if (!files.new_folder.empty()) return;
  const named_files read = named(files.read);
  for (const std::string& path : files.outputs) {
    if (read.contains(identity_of(path))) {
      throw error(exit_code::usage,
                  fmt::format("'{}' is read by this run; give the output another name", path));
    }
    // Which run made it is looked at when that one is gone on with.
    const bool is_own = files.resume && io::provenance_text(path, "identity").has_value();
    io::check_output(path, samples, files.overwrite || is_own, files.overwrite || files.resume);
  }
}

void check_place(const text_output& one, const std::string& new_folder) {
  if (!one.replaces && would_be_replaced(one.path)) {
    throw error(exit_code::cannot_create,
                fmt::format("{} {} exists; say --overwrite to replace it, or name another file", one.option,
                            one.path));
  }
  if (const int reason = reason_against(one.path, new_folder)) {
    throw error(exit_code::cannot_create,
                fmt::format("{} {} cannot be written: {}; name a file in a folder that exists and that you "
                            "may write to",
                            one.option, one.path, std::strerror(reason)));
  }
}

void check_texts(const std::vector<text_output>& texts, const named_files& taken,
                 const std::string& new_folder) {
  named_files options;
  for (const text_output& one : texts) {
    check_place(one, new_folder);
    // Pipes and devices take what several options give, and may be read as well.
    if (exists(one.path) && !would_be_replaced(one.path)) continue;
    const std::string identity = identity_of(one.path);
    if (const auto file = taken.find(identity); file != taken.end()) {
      throw error(exit_code::usage, fmt::format("{} {} would overwrite '{}'; give it another name",
                                                one.option, one.path, file->second));
    }
    const auto [other, is_first] = options.emplace(identity, one.option);
    if (!is_first) {
      throw error(exit_code::usage, fmt::format("{} and {} both name '{}'; give one of them another name",
                                                other->second, one.option, one.path));
    }
  }
}

}  // namespace

void check_files(const run_files& files) {
  std::vector<text_output> texts = files.texts;
  std::erase_if(texts, [](const text_output& one) { return one.path.empty(); });
  const std::vector<std::string> samples = samples_of(files);
  check_recordings(files, io::file_set(samples));

  std::vector<std::string> taken = samples;
  taken.insert(taken.end(), files.read.begin(), files.read.end());
  for (const std::string& path : files.outputs) {
    taken.insert(taken.end(), {path, io::part_path(path), io::marker_path(path)});
  }
  check_texts(texts, named(taken), files.new_folder);
}

}  // namespace weir::cli

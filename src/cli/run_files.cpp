#include "run_files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include <weir/error.hpp>
#include <weir/io/output.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/io/source_files.hpp>

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

bool exists(const std::string& path) {
  std::error_code fault;
  return fs::exists(fs::symlink_status(path, fault));
}

/// Whether two paths are one file, or would be if they existed.
bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code fault;
  return fs::equivalent(a, b, fault) ||
         fs::weakly_canonical(fs::absolute(a), fault) == fs::weakly_canonical(fs::absolute(b), fault);
}

/// Why a file cannot be written; 0 if it can.
int reason_against(const std::string& path) {
  std::error_code fault;
  if (fs::is_directory(path, fault)) return EISDIR;
  const std::string folder = fs::path(path).parent_path().string();
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
  for (const std::string& path : files.outputs) {
    for (const std::string& file : files.read) {
      if (!is_same_file(path, file)) continue;
      throw error(exit_code::usage,
                  fmt::format("'{}' is read by this run; give the output another name", path));
    }
    // Which run made it is looked at when that one is gone on with.
    const bool is_own = files.resume && io::provenance_text(path, "identity").has_value();
    io::check_output(path, samples, files.overwrite || is_own, files.overwrite || files.resume);
  }
}

void check_place(const text_output& one) {
  if (!one.replaces && exists(one.path)) {
    throw error(exit_code::cannot_create,
                fmt::format("{} {} exists; say --overwrite to replace it, or name another file", one.option,
                            one.path));
  }
  if (const int reason = reason_against(one.path)) {
    throw error(exit_code::cannot_create,
                fmt::format("{} {} cannot be written: {}; name a file in a folder that exists and that you "
                            "may write to",
                            one.option, one.path, std::strerror(reason)));
  }
}

void check_texts(const std::vector<text_output>& texts, const std::vector<std::string>& taken) {
  for (const text_output& one : texts) {
    for (const std::string& file : taken) {
      if (!is_same_file(one.path, file)) continue;
      throw error(exit_code::usage, fmt::format("{} {} would overwrite '{}'; give it another name",
                                                one.option, one.path, file));
    }
    for (const text_output* other = texts.data(); other != &one; ++other) {
      if (!is_same_file(one.path, other->path)) continue;
      throw error(exit_code::usage, fmt::format("{} and {} both name '{}'; give one of them another name",
                                                other->option, one.option, one.path));
    }
  }
  std::ranges::for_each(texts, check_place);
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
  check_texts(texts, taken);
}

}  // namespace weir::cli

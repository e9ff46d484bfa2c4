#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <glob.h>

#include <weir/error.hpp>
#include <weir/io/input_files.hpp>

namespace weir::io {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> endings{".h5", ".hdf5", ".hdf", ".he5", ".nwb", ".das"};

bool is_named_as_hdf5(const fs::path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return !path.filename().string().starts_with('.') && std::ranges::find(endings, ending) != endings.end();
}

std::vector<std::string> in_folder(const std::string& name) {
  std::vector<std::string> found;
  std::error_code fault;
  for (fs::directory_iterator entry(name, fault), end; !fault && entry != end; entry.increment(fault)) {
    std::error_code of_entry;
    if (is_named_as_hdf5(entry->path()) && entry->is_regular_file(of_entry)) {
      found.push_back(entry->path().string());
    }
  }
  if (fault) {
    throw error(exit_code::no_input, fmt::format("cannot list the folder '{}': {}", name, fault.message()));
  }
  if (found.empty()) {
    throw error(exit_code::no_input,
                fmt::format("the folder '{}' has no file that ends in {}; name the files", name,
                            fmt::join(endings, ", ")));
  }
  std::ranges::sort(found);
  return found;
}

std::vector<std::string> that_fit(const std::string& pattern) {
  glob_t result{};
  const int code = ::glob(pattern.c_str(), 0, nullptr, &result);
  std::vector<std::string> found(result.gl_pathv, result.gl_pathv + result.gl_pathc);
  ::globfree(&result);
  if (code != 0 || found.empty()) {
    throw error(
        exit_code::no_input,
        fmt::format("no file's name is '{}' or fits it as a pattern; look at what is there", pattern));
  }
  std::ranges::sort(found);
  return found;
}

std::vector<std::string> files_of(const std::string& name) {
  std::error_code fault;
  const fs::file_status status = fs::status(name, fault);
  if (fs::is_directory(status)) return in_folder(name);
  if (fs::exists(status) || name.find_first_of("*?[") == std::string::npos) return {name};
  return that_fit(name);
}

}  // namespace

std::vector<std::string> input_files(std::span<const std::string> names) {
  std::vector<std::string> all;
  std::set<std::string> seen;
  for (const std::string& name : names) {
    for (std::string& file : files_of(name)) {
      std::error_code fault;
      const fs::path canonical = fs::weakly_canonical(file, fault);
      if (!seen.insert(fault ? file : canonical.string()).second) {
        throw error(exit_code::usage,
                    fmt::format("'{}' is named twice among the inputs; name it once", file));
      }
      all.push_back(std::move(file));
    }
  }
  return all;
}

}  // namespace weir::io

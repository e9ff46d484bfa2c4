#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <weir/plugin/crash_report.hpp>
#include <weir/sample_type.hpp>

struct weir_plugin;

namespace weir::plugin {

/// FNV-1a of a file's bytes: of two builds of a plugin at least one bit differs. Throws `error` (usage) where
/// there is no file that can be read. Not collective.
std::uint64_t checksum_of(const std::string& file);

/// A plugin's shared object (see weir/plugin.h), loaded into this process. One at a time.
class library {
 public:
  /// Loads `file`; without a slash it is looked for in the current folder, as with one.
  ///
  /// Throws `error`: usage where there is no such file; bad_data where it is no shared object that can be
  /// loaded here, lacks the symbol, is for another version of the interface, or offers nothing.
  library(const std::string& file, process_place place);
  library(const library&) = delete;
  library& operator=(const library&) = delete;
  ~library();

  const std::string& file() const { return file_; }
  /// What the plugin calls itself, and its version: "median 1.0".
  std::string title() const;
  /// checksum_of() of the file.
  std::uint64_t checksum() const { return checksum_; }
  bool works_in(sample_type type) const;

  const weir_plugin& entry() const { return *entry_; }
  const crash_report& crashes() const { return crashes_; }

 private:
  struct close {
    void operator()(void* handle) const noexcept;
  };

  std::string file_;
  std::uint64_t checksum_ = 0;
  crash_report crashes_;
  std::unique_ptr<void, close> handle_;
  const weir_plugin* entry_ = nullptr;
};

}  // namespace weir::plugin

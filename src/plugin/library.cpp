#include <filesystem>
#include <fstream>
#include <vector>

#include <dlfcn.h>
#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/plugin.h>
#include <weir/plugin/library.hpp>

namespace weir::plugin {
namespace {

constexpr const char* symbol = "weir_plugin_entry";

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw error(exit_code::bad_data, fmt::format("the plugin '{}' {}", file, why));
}

}  // namespace

std::uint64_t checksum_of(const std::string& file) {
  std::error_code fault;
  const bool is_file = std::filesystem::is_regular_file(file, fault);
  std::ifstream bytes(file, std::ios::binary);
  if (!is_file || !bytes) {
    throw error(exit_code::usage,
                fmt::format("the plugin '{}' is no file that can be read; check its name", file));
  }
  std::uint64_t sum = 0xcbf29ce484222325U;
  std::vector<char> piece(std::size_t{1} << 16);
  while (bytes.read(piece.data(), static_cast<std::streamsize>(piece.size())) || bytes.gcount() > 0) {
    for (std::streamsize i = 0; i < bytes.gcount(); ++i) {
      sum = (sum ^ static_cast<unsigned char>(piece[static_cast<std::size_t>(i)])) * 0x100000001b3U;
    }
  }
  return sum;
}

void library::close::operator()(void* handle) const noexcept {
  ::dlclose(handle);
}

library::library(const std::string& file, process_place place)
    : file_(file), checksum_(checksum_of(file)), crashes_(std::move(place)) {
  // Without a slash the loader would search the system's folders.
  const std::string path = std::filesystem::absolute(file).string();
  {
    const foreign_call loading(crashes_, fmt::format("the plugin '{}' was ended while it was loaded", file_));
    handle_.reset(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL));
  }
  if (!handle_) {
    refuse(file_,
           fmt::format("cannot be loaded ({}); build it as a shared object for this machine", ::dlerror()));
  }
  void* const found = ::dlsym(handle_.get(), symbol);
  if (found == nullptr) {
    refuse(file_, fmt::format("does not define {}(); see weir/plugin.h", symbol));
  }
  {
    const foreign_call asking(crashes_, fmt::format("the plugin '{}' was ended in {}()", file_, symbol));
    entry_ = reinterpret_cast<decltype(&weir_plugin_entry)>(found)();
  }
  if (entry_ == nullptr) refuse(file_, fmt::format("returns nothing from {}(); see weir/plugin.h", symbol));
  if (entry_->abi != weir_plugin_abi) {
    refuse(file_,
           fmt::format("was built for version {} of the interface and this weir has version {}; compile it "
                       "anew with this weir's header",
                       entry_->abi, static_cast<int>(weir_plugin_abi)));
  }
  constexpr std::uint32_t all_types = weir_plugin_float32 | weir_plugin_float64;
  if (entry_->name == nullptr || entry_->version == nullptr || entry_->create == nullptr ||
      entry_->run == nullptr || (entry_->types & all_types) == 0 || (entry_->types & ~all_types) != 0) {
    refuse(file_, "leaves out its name, version, create(), run() or types; see weir/plugin.h");
  }
}

library::~library() {
  const foreign_call unloading(crashes_,
                               fmt::format("the plugin '{}' was ended while it was unloaded", file_));
  handle_.reset();
}

std::string library::title() const {
  return fmt::format("{} {}", entry_->name, entry_->version);
}

bool library::works_in(sample_type type) const {
  if (type == sample_type::float32) return (entry_->types & weir_plugin_float32) != 0;
  return type == sample_type::float64 && (entry_->types & weir_plugin_float64) != 0;
}

}  // namespace weir::plugin

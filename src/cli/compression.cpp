#include "compression.hpp"

#include <string_view>

#include <fmt/format.h>

#include <weir/error.hpp>

namespace weir::cli {

std::optional<io::packing> parse_packing(const std::string& compress, bool shuffle) {
  if (compress == "none") {
    if (shuffle) {
      throw error(exit_code::usage,
                  "--shuffle makes compression better and does nothing alone; say --compress gzip:4 too");
    }
    return std::nullopt;
  }
  io::packing how{.shuffle = shuffle};
  if (compress == "gzip") return how;
  constexpr std::string_view prefix = "gzip:";
  const bool has_level = compress.size() == prefix.size() + 1 && compress.starts_with(prefix) &&
                         compress.back() >= '1' && compress.back() <= '9';
  if (!has_level) {
    throw error(exit_code::usage, fmt::format("--compress '{}' is not known; say none, or gzip:1 (fast) to "
                                              "gzip:9 (small)",
                                              compress));
  }
  how.gzip_level = compress.back() - '0';
  return how;
}

}  // namespace weir::cli

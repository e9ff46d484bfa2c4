#pragma once

#include <optional>
#include <string>

#include <weir/io/packing.hpp>

namespace weir::cli {

/// What `--compress` and `--shuffle` ask for: `none`, `gzip` (level 4, as h5py) or `gzip:1` to `gzip:9`.
/// Throws `error` (usage) for anything else, and for `--shuffle` without compression.
std::optional<io::packing> parse_packing(const std::string& compress, bool shuffle);

}  // namespace weir::cli

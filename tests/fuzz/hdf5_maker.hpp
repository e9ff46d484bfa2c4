#pragma once

#include <span>
#include <string>

#include "byte_source.hpp"

namespace weir::fuzz {

/// Names that make_file() chooses from, beside those of its own.
struct known_names {
  std::span<const char* const> objects;     ///< paths
  std::span<const char* const> attributes;  ///< of any object
  std::span<const char* const> texts;       ///< values of attributes and datasets
};

/// Makes a valid HDF5 file at `path` as the bytes say: groups, links, datasets and attributes of any type,
/// shape and storage, with few values. A file of arbitrary bytes would test libhdf5, whose 1.10 releases
/// crash on many of them.
void make_file(const std::string& path, byte_source& bytes, const known_names& names);

}  // namespace weir::fuzz

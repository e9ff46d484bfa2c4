#pragma once

#include <string>

#include <weir/io/recording.hpp>

namespace weir::io {

/// How the chunks of an output are packed: with HDF5's own filters, which every reader of HDF5 has.
struct packing {
  int gzip_level = 4;    ///< 1, fast, to 9, small
  bool shuffle = false;  ///< first the samples' first bytes, then their second bytes, and so on

  friend bool operator==(const packing&, const packing&) = default;
};

/// As options spell it: `gzip:4`, or `gzip:4, shuffled`.
inline std::string name_of(const packing& how) {
  return "gzip:" + std::to_string(how.gzip_level) + (how.shuffle ? ", shuffled" : "");
}

}  // namespace weir::io

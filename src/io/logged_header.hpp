#pragma once

#include <cstdint>

#include <weir/io/packer.hpp>

namespace weir::io {

/// What stands ahead of a piece's bytes in a log.
struct logged_header {
  std::uint64_t mark = expected_mark;
  piece_header piece;

  /// "weirlog1" as this machine's bytes: what is no log of this machine is told from one.
  static constexpr std::uint64_t expected_mark = 0x31676f6c72696577U;
};

}  // namespace weir::io

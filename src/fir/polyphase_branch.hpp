#pragma once

#include <cstddef>

namespace weir::fir {

/// Consecutive taps of a polyphase filter that meet consecutive numbers of one stream:
/// out[i] += sum over j of taps[first_tap + j] * window[place + i + j].
struct polyphase_branch {
  std::size_t first_tap = 0;
  std::size_t taps = 0;
  std::size_t place = 0;
};

}  // namespace weir::fir

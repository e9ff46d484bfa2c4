#pragma once

#include <cstring>

#include <weir/io/recording.hpp>
#include <weir/sample_type.hpp>

namespace weir::io {

/// What stands in a packed output where nothing was written.
template <sample S>
S fill_value(const recording& part) {
  S fill{};
  if (part.store.fill.size() == sizeof(S)) std::memcpy(&fill, part.store.fill.data(), sizeof(S));
  return fill;
}

}  // namespace weir::io

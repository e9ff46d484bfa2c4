#pragma once

#include <optional>
#include <string>

#include <weir/io/recording.hpp>

namespace weir::io {

/// When the first sample was, spelled as the file spells its start; nothing if the file does not say. Not
/// collective.
std::optional<std::string> start_text(const recording& what);

/// By how many seconds (samples, without a rate) `one` begins after `other`: by the times of both, or, if
/// `one` is what weir made of `other`, by the samples that it was made of. Nothing where neither is known.
/// Not collective: the file is opened. Throws `error` if it cannot be read.
std::optional<double> begins_after(const recording& other, const recording& one);

}  // namespace weir::io

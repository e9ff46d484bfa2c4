#pragma once

#include <optional>

#include <weir/io/recording.hpp>

#include "hdf5.hpp"

namespace weir::io {

/// weir's name of a stored type, whatever its byte order; nothing if weir does not filter that type.
std::optional<sample_type> sample_type_from(hid_t type);

/// How the dataset is stored, for this time axis. @throws weir::error bad_data where a filter that its chunks
/// went through is not installed.
storage storage_of(hid_t dataset, const recording& what);

}  // namespace weir::io

#pragma once

#include <cstddef>

#include <weir/partition.hpp>

#include "hdf5.hpp"

/// Datasets beside a recording whose first axis has an entry for each of its samples or channels.
namespace weir::io {

/// How many entries a dataset has; a scalar has one.
std::size_t entry_count(hid_t dataset);

/// A dataset of as many entries, still without a name, in `target_file`: of the same type, and chunked as
/// `source` is.
h5::dataset create_like(hid_t source, hid_t target_file, std::size_t entries);

/// Copies entries of one dataset to those of another from `to` on, a bounded number of bytes at a time.
void copy_entries(hid_t source, index_range entries, hid_t target, std::size_t to);

}  // namespace weir::io

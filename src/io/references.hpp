#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "hdf5.hpp"

namespace weir::io {

/// Where the objects of a file went in its copy: object header's address in the source -> path in the target.
using object_paths = std::unordered_map<haddr_t, std::string>;

/// Makes references into one file references to the same objects' copies in another. A reference is an
/// address, so HDF5 cannot copy it by itself.
class reference_translator {
 public:
  reference_translator(hid_t source_file, hid_t target_file, const object_paths& went_to)
      : source_(source_file), target_(target_file), went_to_(went_to) {}

  /// Rewrites every object reference in `count` values of `type` in memory, inside compounds, arrays and
  /// variable-length lists too. Those that lead nowhere, and references to regions, become null and are
  /// counted.
  void translate(hid_t type, void* values, std::size_t count);

  std::size_t lost() const { return lost_; }

 private:
  void translate_one(hid_t type, std::byte* value);
  void translate_reference(hid_t type, std::byte* value);

  hid_t source_;
  hid_t target_;
  const object_paths& went_to_;
  std::size_t lost_ = 0;
};

/// Whether values of this type hold references.
bool holds_references(hid_t type);

}  // namespace weir::io

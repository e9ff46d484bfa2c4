#pragma once

#include <string>
#include <vector>

#include "references.hpp"

namespace weir::io {

/// An object of a file, and where its copy is.
struct copied_object {
  std::string from;
  std::string to;
  bool is_dataset;  ///< whose values were copied, so that the references among them still are the source's
};

/// Gives the copy of an object the object's attributes, and makes references in both lead to copies. All that
/// they lead to is there. Adds what could not be carried over to `warnings`. @throws weir::error io_error.
void copy_contents(hid_t source_file, hid_t target_file, const copied_object& object,
                   const object_paths& went_to, std::vector<std::string>& warnings);

}  // namespace weir::io

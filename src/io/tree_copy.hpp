#pragma once

#include <string>
#include <vector>

#include "copied_contents.hpp"

namespace weir::io {

/// A dataset of a file, and one in the copy, so far without a name, that takes its place.
struct replaced_dataset {
  hid_t source;
  hid_t target;
};

/// Copies everything of one file into a new one, but for the values of some datasets, whose places new
/// datasets take: groups, datasets, named types, links, attributes; references are translated.
class tree_copy {
 public:
  /// What lies under `moved_from`, a name in the root, goes to `moved_to`, a path in the target whose group
  /// exists.
  tree_copy(hid_t source_file, hid_t target_file, const std::vector<replaced_dataset>& replaced,
            std::string moved_from, std::string moved_to);

  /// Does it. Returns what could not be carried over. @throws weir::error io_error.
  std::vector<std::string> run();

 private:
  void copy_links(const std::string& from, const std::string& to);
  void copy_link(hid_t from_group, const std::string& from, const std::string& name, const std::string& to);
  void copy_hard_link(hid_t from_group, const std::string& name, const std::string& from,
                      const std::string& to);
  h5::properties copying_for(hid_t from_group, const std::string& name, H5O_type_t kind,
                             const std::string& from);
  void copy_soft_link(hid_t from_group, const std::string& name, std::size_t size,
                      const std::string& to) const;
  void copy_external_link(hid_t from_group, const std::string& name, std::size_t size, const std::string& to);
  void copy_group(hid_t from_group, const std::string& name, const std::string& from, const std::string& to);
  hid_t replacement_of(hid_t group, const std::string& name) const;
  void place_dataset(hid_t dataset, const std::string& from, const std::string& to);

  hid_t source_;
  hid_t target_;
  std::vector<std::pair<H5O_info_t, hid_t>> replaced_;  // what it is in the source, and what takes its place
  std::string moved_from_;
  std::string moved_to_;
  object_paths went_to_;
  std::vector<copied_object> objects_;
  std::vector<std::string> warnings_;
};

}  // namespace weir::io

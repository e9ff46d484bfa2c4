#pragma once

#include <string>
#include <vector>

#include <weir/io/derivation.hpp>

#include "axis_parts.hpp"
#include "references.hpp"

namespace weir::io {

/// Copies everything of one file into a new one, but for the raw data of one dataset, or more, whose place
/// new datasets take: groups, datasets, named types, links, attributes; references are translated.
class tree_copy {
 public:
  /// `source_dataset` is the dataset that `target_dataset`, so far without a name, replaces. What lies under
  /// `moved_from`, a name in the root, goes to `moved_to`, a path in the target whose group exists.
  tree_copy(hid_t source_file, hid_t target_file, hid_t source_dataset, hid_t target_dataset,
            std::string moved_from, std::string moved_to);

  /// Another dataset, which `target_dataset`, so far without a name, replaces. Both stay open until run() has
  /// returned.
  void replace(hid_t source_dataset, hid_t target_dataset);

  /// Copies of these datasets hold what `how` leaves of them. Before run(); `how` must live until then.
  /// @throws weir::error bad_data where another object uses such a dataset too.
  void cut(const axis_parts& parts, const derivation& how);

  /// Does it. Returns what could not be carried over. @throws weir::error io_error.
  std::vector<std::string> run();

 private:
  struct copied_object {
    std::string from;
    std::string to;
    bool is_dataset;
  };

  struct replacement {
    H5O_info_t replaced;
    hid_t by;
  };

  void copy_links(const std::string& from, const std::string& to);
  void copy_link(hid_t from_group, const std::string& from, const std::string& name, const std::string& to);
  void copy_hard_link(hid_t from_group, const std::string& name, const std::string& from,
                      const std::string& to);
  h5::properties copying_for(hid_t from_group, const std::string& name, H5O_type_t kind,
                             const std::string& from);
  void cut_dataset(const std::string& path, bool by_channel, bool is_guess);
  void copy_cut(const std::string& from, const std::string& to, bool by_channel);
  void copy_soft_link(hid_t from_group, const std::string& name, std::size_t size,
                      const std::string& to) const;
  void copy_external_link(hid_t from_group, const std::string& name, std::size_t size, const std::string& to);
  void copy_group(hid_t from_group, const std::string& name, const std::string& from, const std::string& to);
  void copy_attributes(const copied_object& object);
  void copy_attribute(hid_t from, hid_t to, const std::string& name, const std::string& path);
  void translate_dataset(const copied_object& object);
  h5::datatype type_in_target(h5::datatype type) const;
  hid_t replacement_of(hid_t group, const std::string& name) const;
  void place_dataset(hid_t dataset, const std::string& from, const std::string& to);

  hid_t source_;
  hid_t target_;
  std::vector<replacement> replacements_;
  std::string moved_from_;
  std::string moved_to_;
  const derivation* how_ = nullptr;
  std::unordered_map<haddr_t, bool> cuts_;  ///< datasets of which a part is copied: whether by channel
  object_paths went_to_;
  std::vector<copied_object> objects_;
  std::vector<std::string> warnings_;
};

}  // namespace weir::io

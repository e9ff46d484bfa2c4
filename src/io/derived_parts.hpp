#pragma once

#include <string>
#include <utility>
#include <vector>

#include <weir/io/derivation.hpp>
#include <weir/io/files.hpp>

#include "hdf5.hpp"
#include "layouts.hpp"
#include "tree_copy.hpp"

namespace weir::io {

/// What takes the place, in a copy of a recording's file, of the datasets beside the samples that have an
/// entry for each sample or channel: those of all files one after another where there are several, of the
/// samples and channels that are left, at the new rate.
class derived_parts {
 public:
  /// Makes them in `target`, without names yet, from `first_file`, which is the recording's or the first of
  /// its files. @throws weir::error bad_data where a file's times are not those of its samples, and where
  /// another object uses a dataset that would be cut.
  derived_parts(hid_t first_file, hid_t target, const recording& source, const derivation& how);

  /// What replaces what; valid while this lives.
  std::vector<replaced_dataset> replaced() const;

  /// What a user should hear of them.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct part {
    std::string path;
    bool by_channel = false;
    bool is_guess = false;  ///< its length alone says so
    bool is_axis = false;   ///< its values change with the rate
    sample_axis axis = {};  ///< if it is one
  };

  static std::vector<part> parts_of(hid_t file, const recording& first);
  void warn_of(const part& one, hid_t source);
  h5::dataset make(const part& one, hid_t source, hid_t target);
  h5::dataset of_samples_left(const part& one, hid_t source, hid_t target);
  h5::dataset joined(const part& one, hid_t source, hid_t target);
  h5::dataset cut(const part& one, hid_t source, hid_t target) const;
  void require_own(hid_t file, const std::string& path) const;

  const recording& source_;
  file_descriptions files_;
  std::size_t samples_ = 0;  ///< of all files
  const derivation& how_;
  std::vector<std::pair<h5::dataset, h5::dataset>> made_;
  std::vector<std::string> warnings_;
};

}  // namespace weir::io

#pragma once

#include <vector>

#include <weir/io/recording.hpp>

#include "hdf5.hpp"
#include "layouts.hpp"
#include "tree_copy.hpp"

namespace weir::io {

/// What tells the times of a recording in several files, for a copy of the first of them: the layout's
/// datasets of times, with all files' entries one after another, and its attributes of ends and counts.
class joined_times {
 public:
  /// Makes the datasets in `target`, without names yet. @throws weir::error bad_data where a file's times are
  /// not those of its samples.
  joined_times(hid_t first_file, hid_t target, const recording& source);

  /// Has the datasets take the places of the first file's.
  void replace_in(tree_copy& copy) const;

  /// Sets the attributes in the finished copy.
  void set_attributes(hid_t target) const;

 private:
  struct lengthened {
    h5::dataset from;
    h5::dataset to;
  };

  const recording& source_;
  time_marks marks_;
  std::vector<lengthened> datasets_;
};

}  // namespace weir::io

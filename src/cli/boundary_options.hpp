#pragma once

#include <optional>
#include <string>

#include <weir/fir/boundary.hpp>

#include "option_list.hpp"

namespace weir::cli {

/// The options that say what stands beyond the recording's two ends.
class boundary_options {
 public:
  /// `otherwise`: what help says of the mode that stands where none is given.
  void add_options(option_list& app, const std::string& group, const std::string& otherwise);

  /// The ends, with the mode `otherwise` where none is given. Throws `error` (usage).
  fir::boundary resolve(const std::string& otherwise) const;

  /// The same in a few words: "ends constant 2.5".
  std::string sentence(const std::string& otherwise) const;

 private:
  std::string mode_;
  std::optional<double> cval_;
};

}  // namespace weir::cli

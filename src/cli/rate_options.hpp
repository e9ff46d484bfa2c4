#pragma once

#include <string>

#include <weir/rate_ratio.hpp>

#include "option_list.hpp"

namespace weir::cli {

/// By what the sampling rate is changed, and in whose words: each has a filter of its own.
struct rate_change {
  rate_ratio ratio = {};
  bool decimates = false;  ///< by --decimate
};

/// The options that change the sampling rate.
class rate_options {
 public:
  void add_options(option_list& app, const std::string& group);

  /// By what the rate changes: by one if neither option is given. Throws `error` (usage).
  rate_change resolve() const;

 private:
  std::string decimate_;
  std::string resample_;
};

/// What becomes of the rate, for people: "every 10th sample kept".
std::string sentence_of(const rate_ratio& rate);

}  // namespace weir::cli

#pragma once

#include <vector>

#include <weir/steps/common_reference.hpp>
#include <weir/steps/trend.hpp>

namespace weir::pipeline {

/// What happens to the chosen rows before the operation, in this order: each is brought to
/// `gain * x + shift`, loses its trend over the chosen samples, and then, sample by sample, what all chosen
/// rows have in common.
struct preparation {
  std::vector<double> gains = {};  ///< of each row; none: 1
  double shift = 0;
  steps::trend_kind detrend = steps::trend_kind::none;
  steps::reference reference = {};

  bool is_none() const {
    return gains.empty() && shift == 0 && detrend == steps::trend_kind::none &&
           reference.kind == steps::reference_kind::none;
  }
  bool needs_all_rows() const { return reference.kind != steps::reference_kind::none; }
  bool reads_twice() const { return detrend != steps::trend_kind::none; }
  friend bool operator==(const preparation&, const preparation&) = default;
};

}  // namespace weir::pipeline

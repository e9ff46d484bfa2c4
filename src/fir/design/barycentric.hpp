#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace weir::fir {

/// The polynomial through some points, in the second barycentric form (Berrut and Trefethen, SIAM Review 46,
/// 2004), which stays accurate for hundreds of points.
class barycentric {
 public:
  /// The nodes are all different. Their weights are products of many small numbers or large ones: taken by
  /// their logarithms, and scaled by the largest.
  explicit barycentric(std::vector<long double> nodes) : nodes_(std::move(nodes)), weights_(nodes_.size()) {
    std::vector<long double> logarithms(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      bool is_negative = false;
      for (std::size_t k = 0; k < nodes_.size(); ++k) {
        if (k == i) continue;
        const long double distance = nodes_[i] - nodes_[k];
        is_negative ^= distance < 0;
        logarithms[i] -= std::log(std::abs(distance));
      }
      weights_[i] = is_negative ? -1 : 1;
    }
    const long double largest = *std::ranges::max_element(logarithms);
    for (std::size_t i = 0; i < nodes_.size(); ++i) weights_[i] *= std::exp(logarithms[i] - largest);
  }

  std::span<const long double> weights() const { return weights_; }

  /// The value at `x` of the polynomial that has `values` at the nodes.
  long double operator()(std::span<const long double> values, long double x) const {
    long double numerator = 0;
    long double denominator = 0;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const long double distance = x - nodes_[i];
      if (distance == 0) return values[i];
      const long double term = weights_[i] / distance;
      numerator += term * values[i];
      denominator += term;
    }
    return numerator / denominator;
  }

 private:
  std::vector<long double> nodes_;
  std::vector<long double> weights_;
};

}  // namespace weir::fir

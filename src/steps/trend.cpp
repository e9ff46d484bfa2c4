#include <weir/steps/trend.hpp>

namespace weir::steps {

trend fit(trend_kind kind, const moments& all, std::size_t samples) {
  if (kind == trend_kind::none) return {};
  const auto n = static_cast<double>(samples);
  trend found{.level = all.sum / n, .slope = 0};
  // The sum of the squares of the times.
  const double squares = n * (n * n - 1) / 12;
  if (kind == trend_kind::linear && samples > 1) found.slope = all.first / squares;
  return found;
}

}  // namespace weir::steps

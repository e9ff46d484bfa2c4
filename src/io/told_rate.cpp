#include "told_rate.hpp"

#include <cmath>

#include <fmt/format.h>

#include "layouts.hpp"

namespace weir::io {

void state_said_rate(hid_t file, const recording& source) {
  if (!source.rate_is_said) return;
  const layout& told_by = layout_named(source.layout);
  recording of_file = source;
  of_file.sampling_rate = source.rate_of_file;
  (told_by.state_rate != nullptr ? told_by.state_rate : told_by.change_rate)(file, of_file, source);
}

void warn_of_untold_rate(hid_t file, hid_t samples, const recording& part,
                         std::vector<std::string>& warnings) {
  if (!part.rate_is_said || !part.sampling_rate) return;
  recording seen = part;
  seen.sampling_rate.reset();
  layout_named(part.layout).describe(file, samples, seen);
  // Times in whole microseconds say a rate about so well.
  constexpr double rounding = 1e-5;
  const double rate = *part.sampling_rate;
  if (seen.sampling_rate && std::abs(*seen.sampling_rate - rate) <= rounding * rate) return;
  warnings.push_back(fmt::format(
      "the output's attributes of the layout {} {}, as the input's do, and not the rate of {:.10g} Hz that "
      "it has",
      part.layout,
      seen.sampling_rate ? fmt::format("tell {:.10g} Hz", *seen.sampling_rate) : "tell no sampling rate",
      rate));
}

}  // namespace weir::io

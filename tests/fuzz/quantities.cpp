#include "cli/quantities.hpp"

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/sweep_grid.hpp"
#include "fuzz.hpp"

using namespace weir;

/// Options' values with units: whatever is accepted can be worked with.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto refusal = {exit_code::usage};

  const auto length = fuzz::result_or_refusal([&] { return cli::parse_duration(text, "--time"); }, refusal);
  if (length) {
    fuzz::require(std::isfinite(length->value) && length->value >= 0, "a duration is a length");
    for (const std::optional<double> rate :
         {std::optional<double>(), std::optional(250.0), std::optional(1e300)}) {
      const auto samples =
          fuzz::result_or_refusal([&] { return cli::in_samples(*length, rate, "--time"); }, refusal);
      fuzz::require(!samples || (*samples >= 1 && *samples <= std::size_t{1} << 53), "a length in samples");
    }
  }
  const auto seconds =
      fuzz::result_or_refusal([&] { return cli::parse_seconds(text, "--max-time"); }, refusal);
  fuzz::require(!seconds || (std::isfinite(seconds->count()) && seconds->count() >= 0),
                "a time limit is a time");

  for (const std::optional<double> rate : {std::optional<double>(), std::optional(30000.0)}) {
    const auto sigma = fuzz::result_or_refusal([&] { return cli::parse_sigma(text, rate); }, refusal);
    fuzz::require(!sigma || (std::isfinite(*sigma) && *sigma > 0), "sigma is a width");
  }
  const auto bytes =
      fuzz::result_or_refusal([&] { return cli::parse_bytes(text, "--memory-per-node"); }, refusal);
  fuzz::require(!bytes || *bytes >= 1, "a size has bytes");

  const auto values = fuzz::result_or_refusal([&] { return cli::swept_values(text, "--gaussian"); }, refusal);
  fuzz::require(!values || !values->empty(), "a swept option has values");
  return 0;
}

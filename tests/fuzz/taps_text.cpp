#include <cmath>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <weir/fir/taps_file.hpp>

#include "fuzz.hpp"

using namespace weir;

/// Taps as text: what is read is finite, and is read again, bit for bit, from its shortest decimals.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto taps =
      fuzz::result_or_refusal([&] { return fir::parse_text_taps(text, "taps.txt"); }, {exit_code::bad_data});
  if (!taps) return 0;
  fuzz::require(!taps->empty(), "there are taps");
  std::string again;
  for (const double tap : *taps) {
    fuzz::require(std::isfinite(tap), "taps are finite");
    again += fmt::format("{}\n", tap);
  }
  const std::vector<double> read = fir::parse_text_taps(again, "again");
  fuzz::require(read.size() == taps->size() &&
                    std::memcmp(read.data(), taps->data(), read.size() * sizeof(double)) == 0,
                "taps keep their bits through text");
  return 0;
}

#include <bit>
#include <cmath>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <weir/fir/taps_file.hpp>

#include "fuzz.hpp"

using namespace weir;

namespace {

/// A `.npy` file of version 1 with doubles of this machine's byte order.
std::string npy_of(std::span<const double> values) {
  const char order = std::endian::native == std::endian::little ? '<' : '>';
  const std::string dictionary = std::string("{'descr': '") + order +
                                 "f8', 'fortran_order': False, 'shape': (" + std::to_string(values.size()) +
                                 ",), }\n";
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(dictionary.size());
  file += '\0';
  file += dictionary;
  file.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  return file;
}

}  // namespace

/// Taps as `.npy`: what is read is finite, no longer than the file, and is read again from a file of doubles.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(reinterpret_cast<const char*>(data), size);
  const auto taps =
      fuzz::result_or_refusal([&] { return fir::parse_npy_taps(bytes, "taps.npy"); }, {exit_code::bad_data});
  if (!taps) return 0;
  fuzz::require(!taps->empty() && taps->size() <= size, "there are taps, each from a byte at least");
  for (const double tap : *taps) fuzz::require(std::isfinite(tap), "taps are finite");
  const std::vector<double> read = fir::parse_npy_taps(npy_of(*taps), "again");
  fuzz::require(read.size() == taps->size() &&
                    std::memcmp(read.data(), taps->data(), read.size() * sizeof(double)) == 0,
                "taps keep their bits through a file");
  return 0;
}

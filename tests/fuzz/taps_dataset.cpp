#include <array>
#include <cmath>

#include <weir/io/taps_dataset.hpp>

#include "fuzz.hpp"
#include "hdf5_maker.hpp"
#include "io/hdf5.hpp"
#include "scratch_file.hpp"

using namespace weir;

namespace {

constexpr std::array objects{"/taps", "/filters", "/filters/taps"};
constexpr std::array attributes{"units"};
constexpr std::array texts{"1", "nan"};

}  // namespace

/// Taps in HDF5: what is read is finite, or refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::byte_source bytes({data, size});
  const std::string path = bytes.flag() ? bytes.text() : bytes.one_of(objects);
  const fuzz::scratch_file file;
  fuzz::make_file(file.path(), bytes, {objects, attributes, texts});
  const std::string name = file.path() + ":" + path;
  const exit_code refusal = !io::names_a_dataset(name) ? exit_code::usage
                            : path.starts_with('/')    ? exit_code::bad_data
                                                       : exit_code::no_input;  // the file's name is longer
  const auto taps = fuzz::result_or_refusal([&] { return io::read_taps_dataset(name); }, {refusal});
  if (taps) {
    fuzz::require(!taps->empty(), "there are taps");
    for (const double tap : *taps) fuzz::require(std::isfinite(tap), "taps are finite");
  }
  fuzz::require(H5Fget_obj_count(H5F_OBJ_ALL, H5F_OBJ_ALL) == 0, "nothing of a file stays open");
  return 0;
}

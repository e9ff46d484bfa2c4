#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include <weir/io/inspect.hpp>
#include <weir/io/json_text.hpp>

#include "fuzz.hpp"
#include "hdf5_maker.hpp"
#include "io/hdf5.hpp"
#include "scratch_file.hpp"

using namespace weir;

namespace {

constexpr std::array objects{"/",
                             "/Acquisition",
                             "/Acquisition/Raw[0]",
                             "/Acquisition/Raw[0]/RawData",
                             "/Acquisition/Raw[0]/RawDataTime",
                             "/Acquisition/Raw[1]/RawData",
                             "/acquisition/series",
                             "/acquisition/series/data",
                             "/acquisition/series/starting_time",
                             "/acquisition/series/timestamps",
                             "/acquisition/series/channel_conversion",
                             "/session_start_time",
                             "/timestamps_reference_time",
                             "/provenance/taps",
                             "/data",
                             "/group/data"};
constexpr std::array attributes{"neurodata_type",
                                "nwb_version",
                                "schemaVersion",
                                "OutputDataRate",
                                "RawDataUnit",
                                "PartStartTime",
                                "MeasurementStartTime",
                                "Dimensions",
                                "fs",
                                "Sampling_Rate",
                                "rate",
                                "unit",
                                "units",
                                "scale_factor",
                                "add_offset",
                                "conversion",
                                "offset",
                                "DIMENSION_LABELS"};
constexpr std::array texts{"NWBFile", "ElectricalSeries",     "2.5.0", "time,locus", "time", "locus",  "250",
                           "1e400",   "2024-01-01T00:00:00Z", "volts", "\xb5V",      "nan",  "samples"};

io::overrides make_overrides(fuzz::byte_source& bytes) {
  io::overrides said;
  if (bytes.flag()) said.dataset = bytes.flag() ? bytes.text() : bytes.one_of(objects);
  if (bytes.flag()) {
    said.sampling_rate =
        bytes.one_of(std::array{250.0, 0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), 1e300});
  }
  if (bytes.flag()) said.axis = bytes.flag() ? io::time_axis::first : io::time_axis::last;
  return said;
}

void check(const io::recording& what) {
  fuzz::require(what.channels > 0 && what.samples > 0, "a recording has samples");
  fuzz::require(what.dimensions == 1 || what.dimensions == 2, "a recording has one or two dimensions");
  fuzz::require(!what.sampling_rate || (std::isfinite(*what.sampling_rate) && *what.sampling_rate > 0),
                "a sampling rate is one");
  fuzz::require(!what.store.chunked || (what.store.chunk_channels > 0 && what.store.chunk_samples > 0),
                "chunks have samples");
  fuzz::require(std::isfinite(what.scale) && std::isfinite(what.offset) && std::isfinite(what.start_offset),
                "values can be computed");
  fuzz::require(io::unpack(io::pack(what)).get<io::recording>() == what,
                "the other ranks get the same description");
  fuzz::require(!io::json_text(what).empty(), "people can be told");
}

}  // namespace

/// Files of all layouts, and of nearly one: a recording is described soundly, or refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::byte_source bytes({data, size});
  const io::overrides said = make_overrides(bytes);
  const fuzz::scratch_file file;
  fuzz::make_file(file.path(), bytes, {objects, attributes, texts});
  const auto what = fuzz::result_or_refusal([&] { return io::inspect(file.path(), said); },
                                            {exit_code::bad_data, exit_code::usage});
  if (what) check(*what);
  fuzz::require(H5Fget_obj_count(H5F_OBJ_ALL, H5F_OBJ_ALL) == 0, "nothing of a file stays open");
  return 0;
}

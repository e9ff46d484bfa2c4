#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <weir/partition.hpp>
#include <weir/sample_type.hpp>

/// Recordings in HDF5: what they are, how they are read and written. Nothing here calls MPI: every function
/// runs on the rank that calls it, and says how many ranks may call it at a time.
namespace weir::io {

/// Which axis of a two-dimensional dataset is time.
enum class time_axis {
  first,  ///< the dataset is (samples, channels)
  last,   ///< the dataset is (channels, samples), or has one dimension and is one channel
};

/// Where a dataset's raw data lies in its file, when that is plain arithmetic: the bytes of a contiguous
/// dataset start at `first_byte`; the chunks, in row-major order of the chunk grid, start at `first_byte + i
/// * chunk_stride`.
struct placement {
  std::uint64_t first_byte = 0;
  std::uint64_t chunk_stride = 0;

  friend bool operator==(const placement&, const placement&) = default;
};

/// How a dataset is stored.
struct storage {
  bool chunked = false;
  std::size_t chunk_channels = 0;  ///< of a chunked dataset
  std::size_t chunk_samples = 0;   ///< of a chunked dataset
  std::optional<int> gzip_level;
  bool shuffle = false;
  bool filtered = false;           ///< some filter (gzip, shuffle, a checksum, a plugin) works on every chunk
  std::uint64_t stored_bytes = 0;  ///< of a dataset that was found in a file: what its samples take there
  std::optional<placement> where;
  std::vector<std::uint8_t> fill;  ///< a packed output's fill value, as the file holds it; none: zero

  friend bool operator==(const storage&, const storage&) = default;
};

/// One of the files of a recording that lies in several, one after another in time.
struct recording_file {
  std::string path;
  index_range samples;  ///< of the recording, that it holds
  storage store;
  std::uint64_t file_bytes = 0;
  std::int64_t modified_ns = 0;          ///< as in recording
  std::optional<std::int64_t> start_ns;  ///< as in recording

  friend bool operator==(const recording_file&, const recording_file&) = default;
};

/// A plain description of one recording, in a file or in several. It holds no handle, so one rank can look at
/// the file and send what it saw to the others as JSON.
struct recording {
  std::string path;     ///< of the file, or of the first of several
  std::string layout;   ///< a name in the list of layouts that inspect() knows
  std::string dataset;  ///< absolute path of the dataset in the file
  time_axis axis = time_axis::last;
  int dimensions = 2;  ///< of the dataset: 1 or 2
  std::size_t channels = 0;
  std::size_t samples = 0;
  sample_type type = sample_type::float64;
  std::optional<double> sampling_rate;  ///< Hz
  bool rate_is_said = false;            ///< by the user, and the file says another or none
  std::optional<double> rate_of_file;   ///< Hz, where the user said another; nothing: the file says none
  storage store;
  double scale = 1.0;                     ///< physical value = stored value * scale + offset
  double offset = 0.0;                    ///< in `unit`
  std::string unit;                       ///< of the physical value, as the file spells it; may be empty
  std::optional<std::string> start_time;  ///< ISO 8601, as the file spells it
  double start_offset = 0.0;              ///< seconds from `start_time` to the first sample
  std::optional<std::int64_t> start_ns;   ///< when the first sample was, nanoseconds since 1970 in UTC
  std::uint64_t file_bytes = 0;           ///< of all files
  std::int64_t modified_ns =
      0;  ///< the file's modification time, nanoseconds since 1970; the latest of several
  std::vector<recording_file> files;  ///< of a recording in several files, in the order of time; else empty
  std::vector<std::string> reasons;   ///< what was recognised, and why
  std::vector<std::string> warnings;  ///< what a user should hear: gaps in time, values that were assumed

  friend bool operator==(const recording&, const recording&) = default;
};

/// Bytes of the recording's samples, uncompressed.
inline std::uint64_t data_bytes(const recording& what) {
  return std::uint64_t{what.channels} * what.samples * size_of(what.type);
}

/// JSON of a description, for a broadcast or a report, and back. nlohmann::json finds both by name.
/// from_json() throws nlohmann::json::exception, or `error` (bad_data), if the JSON describes no recording.
void to_json(nlohmann::json& json, const recording& what);
void from_json(const nlohmann::json& json, recording& what);

}  // namespace weir::io

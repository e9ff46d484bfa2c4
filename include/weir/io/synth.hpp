#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include <weir/io/output.hpp>
#include <weir/io/recording.hpp>
#include <weir/io/tiles.hpp>
#include <weir/partition.hpp>
#include <weir/sample_type.hpp>

namespace weir::io {

/// A recording made from nothing but numbers: slow drift, three oscillations, bursts that travel across the
/// channels with moveout, line hum, and white noise. Every value is a pure function of (seed, channel,
/// sample) in plain IEEE arithmetic, without the C library's sine, so any rank of any machine makes any
/// rectangle with the same bits.
class synthetic_signal {
 public:
  /// `sampling_rate` in Hz, positive.
  synthetic_signal(std::uint64_t seed, double sampling_rate);

  /// The value in millivolts: most lie within +-3, none beyond +-8.
  double value(std::size_t channel, std::size_t sample) const;

  /// Fills `destination[c * row_stride + s]` with channel `channels.begin + c`, sample `samples.begin + s`:
  /// floating-point types in millivolts; integers as counts, rounded half to even, such that value = count *
  /// synthetic_scale + synthetic_offset.
  template <sample S>
  void fill(index_range channels, index_range samples, S* destination, std::size_t row_stride) const;

 private:
  std::uint64_t seed_;
  double seconds_a_sample_;
};

/// Millivolts of one count of a synthetic recording of this type, and of the count 0. uint16 counts have
/// their middle at 32768, as Intan's do.
double synthetic_scale(sample_type type);
double synthetic_offset(sample_type type);

/// A synthetic recording's file.
struct synth_options {
  std::size_t channels = 100;
  std::size_t samples = 400'000;
  double sampling_rate = 1000.0;  ///< Hz
  sample_type type = sample_type::float64;
  time_axis axis = time_axis::last;
  std::string layout = "generic";   ///< `generic`, `prodml` or `nwb`; `nwb` takes time_axis::first only
  std::optional<tile_shape> chunk;  ///< contiguous if none; gzip then picks chunks of about 1 MiB
  std::optional<int> gzip_level;    ///< 0 to 9
  std::uint64_t seed = 1;
  bool overwrite = false;
  std::string history;        ///< command line, for the root attribute `history`
  nlohmann::json provenance;  ///< as in output_options
};

/// Creates OUT.part with the layout's groups and attributes and room for the samples. Not collective: one
/// rank calls it. @throws weir::error usage for a size, rate, layout, chunk or level that cannot be;
/// cannot_create as create_output() does. Nothing is left behind then.
created_output create_synthetic(const std::string& final_path, const synth_options& options);

/// Writes the `share`-th of `shares` equal parts of the samples and syncs them. Not collective: ranks call it
/// each with its own share, holding one tile of memory. A compressed file takes one share only, because HDF5
/// itself must write it. finish_output() follows. @throws weir::error usage for a compressed file in several
/// shares; io_error.
void write_synthetic(const recording& part, const synthetic_signal& signal, std::size_t share,
                     std::size_t shares);

}  // namespace weir::io

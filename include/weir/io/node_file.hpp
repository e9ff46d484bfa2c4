#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <weir/io/recording.hpp>
#include <weir/partition.hpp>

namespace weir::io {

/// A rectangle of an output's samples that lies in a file of its own beside the output: one of those that
/// HDF5 shows as one (a virtual dataset).
struct joined_rectangle {
  std::string path;               ///< of the file, as node_path() gives it
  index_range channels;           ///< of the output
  index_range samples;            ///< of the output
  std::size_t first_channel = 0;  ///< of the output, with which the file's dataset begins
  std::size_t first_sample = 0;   ///< of the output, with which the file's dataset begins
  std::size_t file_channels = 0;  ///< of the file's dataset
  std::size_t file_samples = 0;   ///< of the file's dataset
};

/// Name of the dataset in such a file.
inline constexpr const char* node_dataset = "/data";

/// The `number`-th of the files that lie beside an output and hold its samples: `rec.node-0003.h5` for
/// `rec.h5`, and `rec.nwb-node-0003.h5` for `rec.nwb`. No two outputs have files of one name.
std::string node_path(const std::string& final_path, std::uint64_t number);

/// Creates such a file, under its name with `.part` behind it, with a dataset whose samples are yet to be
/// written: `like` in type, axes, rate and storage, of `channels` and `samples` of the output; its attributes
/// say so. `source` is the input, which is not touched. Returns the description for a writer or a packer. Not
/// collective.
/// @throws weir::error cannot_create where it exists (and may not be replaced), cannot be made, or the disk
/// has no room; usage where it is one of the files of the input.
recording create_node_part(const recording& source, const recording& like, const std::string& final_path,
                           std::uint64_t number, index_range channels, index_range samples, bool overwrite,
                           bool replace_part);

/// Gives the file its final name, after every writer has synced and is gone; does nothing if it has it
/// already and no `.part` is there. Not collective. @throws weir::error io_error.
void finish_node_part(const std::string& final_path, std::uint64_t number, bool overwrite);

/// Waits until the file's `.part` is on the disk; does nothing if it has its final name. Not collective.
/// @throws weir::error io_error.
void sync_node_part(const std::string& final_path, std::uint64_t number);

/// Removes the `.part` of such a file; does not mind if there is none.
void discard_node_part(const std::string& final_path, std::uint64_t number) noexcept;

/// The attribute of an output's /provenance that says, as text, how many files of nodes it is joined of.
inline constexpr const char* node_count_attribute = "node_files";

/// Those files of a finished output, as far as they are there, in the order of their names; none if it is not
/// joined, or no output.
std::vector<std::string> node_files_of(const std::string& path);

/// Removes a finished file of that kind, or the output that joins them; does not mind if there is none.
void remove_output(const std::string& path) noexcept;

}  // namespace weir::io

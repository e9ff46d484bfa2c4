#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <weir/io/derivation.hpp>
#include <weir/io/node_file.hpp>
#include <weir/io/packing.hpp>
#include <weir/io/recording.hpp>
#include <weir/io/source_files.hpp>

namespace weir::io {

/// What an output says of how it was made, and whether it may replace another.
struct output_options {
  bool overwrite = false;     ///< replace OUT, when the new one is complete, and a left-over OUT.part
  bool replace_part = false;  ///< replace a left-over OUT.part, but no OUT
  std::string
      history;  ///< command line; goes in front of the root attribute `history`, with the date, as NCO does
  nlohmann::json
      provenance;  ///< object; each key is an attribute of /provenance: text, number, or JSON as text
  derivation from_source = {};           ///< what of the source it holds
  std::optional<packing> packed;         ///< how chunks are packed; none: they are not
  std::vector<joined_rectangle> joined;  ///< the samples lie in these files; none: in the output itself
  std::vector<double> taps;              ///< dataset /provenance/taps; none if empty
  std::string filtering;  ///< one sentence on the filter; an NWB series gets it as its attribute `filtering`
};

/// A new file whose metadata is complete and whose samples are yet to be written.
struct created_output {
  recording part;                     ///< describes OUT.part, for writers and for finish_output()
  std::vector<std::string> warnings;  ///< what could not be carried over from the source, and what changed
};

/// Where an output is written until it is complete.
std::string part_path(const std::string& final_path);

/// Finds out before the work whether create_output() would be refused for what stands where the output goes,
/// or because its folder does not take it. `sources` are the files that samples are read from. Touches no
/// file. Not collective: one rank calls it. @throws weir::error usage where the output is one of the sources;
/// cannot_create.
void check_output(const std::string& final_path, const file_set& sources, bool overwrite, bool replace_part);

/// How an output of this source is stored: in chunks where the source is chunked or the output is packed, of
/// output_chunk() of the source's chunk or natural tile. Touches no file.
storage output_storage(const recording& source, const std::optional<packing>& packed);

/// Creates OUT.part for derive(source, options.from_source): same layout, dataset path, axes; stored as
/// output_storage() says, in this machine's byte order. Datasets beside it with an entry for each channel or
/// sample are cut with it or follow its rate, and the layout's attributes tell of what it holds. All other
/// groups, datasets,
/// named types, attributes and links of the source are copied; object references are made anew by what they
/// point to. An earlier /provenance moves to /provenance/previous. The samples' space is allocated and
/// reserved on the disk, but for packed chunks, whose size is not known; everything is flushed and the file
/// closed. An output that is joined of other files has a virtual dataset in place of samples, with the files'
/// names without their folder: they may be moved together. Not collective: one rank calls it.
///
/// @throws weir::error cannot_create where OUT or OUT.part exist (and may not be replaced), the folder does
/// not take it, or the disk has no room; usage where OUT is one of the files that the source's samples are
/// read from; bad_data where the source cannot be read. Nothing is left behind then.
created_output create_output(const recording& source, const std::string& final_path,
                             const output_options& options);

/// Makes a written output final: stores `results` as JSON text in /provenance/results and renames OUT.part to
/// OUT (over an old OUT only if `overwrite`). If it is to be `durable` it syncs the file ahead of that and
/// the folder behind it: the output is whole or absent after a loss of power too, and not only after the end
/// of processes. Not collective: one rank calls it, after every writer has closed. @throws weir::error
/// io_error; cannot_create where OUT has appeared meanwhile.
void finish_output(const recording& part, const std::string& final_path, const nlohmann::json& results,
                   bool overwrite, bool durable = true);

/// The text of an attribute of /provenance in a file that weir made; nothing if the file, the group or the
/// attribute is not there. Any rank may call it.
std::optional<std::string> provenance_text(const std::string& path, const std::string& attribute);

/// Removes OUT.part. One rank calls it; it does not mind if there is none.
void discard_output(const recording& part) noexcept;

}  // namespace weir::io

#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <weir/block_grid.hpp>
#include <weir/fir/boundary.hpp>
#include <weir/io/derivation.hpp>
#include <weir/io/packing.hpp>
#include <weir/io/recording.hpp>
#include <weir/pipeline/file_identities.hpp>
#include <weir/pipeline/operation.hpp>
#include <weir/pipeline/preparation.hpp>
#include <weir/pipeline/time_model.hpp>

namespace weir::pipeline {

/// Who writes the output.
enum class write_mode {
  parallel,  ///< every rank writes its chunks
  leader,    ///< one rank a domain writes for all of it
  gather,    ///< all rows go to rank 0, the only one that needs to see the output's folder
  per_node,  ///< every domain's ranks write a file of their own, and the output joins those files
};

/// The main job: which recording, which operation on its rows, where to, and within which limits.
struct filter_job {
  io::recording input;
  std::string output;
  pipeline::operation operation;

  io::derivation result = {};               ///< what of the input the output holds
  std::optional<std::size_t> of_file = {};  ///< `result` is what one of the input's files holds, at its rate
  /// Of the input's files, for all jobs of it; nothing: this one has its own.
  std::shared_ptr<file_identities> known_files = {};
  preparation prepare = {};        ///< what happens to its rows before the operation
  bool refuses_nonfinite = false;  ///< a sample that is NaN or infinite ends the job
  bool overwrite = false;
  bool durable = false;  ///< the disk has the output before it gets its name; else when the kernel likes
  bool resume = false;   ///< go on from what an interrupted run left; begin anew if it left nothing
  fir::boundary boundary = {};  ///< what the operation finds beyond the recording's ends

  std::optional<split_axis> split = {};             ///< nothing: whichever reads less
  std::optional<std::size_t> block_samples = {};    ///< nothing: what memory and the file's chunks make best
  std::optional<std::size_t> memory_per_node = {};  ///< bytes; nothing: a quarter of what the node allows
  write_mode write = write_mode::parallel;
  std::optional<io::packing> packed = {};  ///< how the output's chunks are packed; nothing: they are not

  std::chrono::duration<double> checkpoint_interval{30.0};  ///< between two progress markers

  /// What the plan's time is estimated with; nothing: usual_rates().
  std::optional<machine_rates> rates = {};

  std::string history = {};     ///< the command line, for the output's `history`
  std::string filtering = {};   ///< one sentence on the operation, for people
  nlohmann::json options = {};  ///< every option's value, for the output's provenance and the report

  /// What comes out.
  io::recording output_recording() const { return io::derive(input, result); }

  /// The input's samples that come out.
  index_range selected_samples() const { return result.samples.value_or(index_range{0, input.samples}); }
};

}  // namespace weir::pipeline

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include <weir/block_grid.hpp>
#include <weir/pipeline/begun_output.hpp>
#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/memory_plan.hpp>
#include <weir/pipeline/time_model.hpp>
#include <weir/pipeline/window_layout.hpp>
#include <weir/topology.hpp>

namespace weir::pipeline {

/// How a job will run: its blocks, its memory, what it reads and writes. The same on all ranks.
struct run_plan {
  block_grid blocks;
  index_range span;  ///< the input's samples that the blocks cover
  window_regions window;
  std::size_t windows = 1;  ///< of a domain, in turn: the next block is prepared while one is written
  sample_type window_type = sample_type::float64;  ///< of the samples in the window
  std::optional<block_grid> first_pass = {};       ///< of the chosen samples, where they are read twice
  window_layout first_pass_window = {};
  filter_reach reach;
  rate_ratio rate;  ///< by what the sampling rate changes
  std::string engine;
  std::size_t taps = 0;  ///< 0 where the operation is no FIR filter
  memory_plan memory;
  std::size_t world_ranks = 0;
  std::size_t world_domains = 0;
  std::size_t nodes = 0;
  /// Halos and the rest of chunks counted; of packed chunks what the file holds, and that at most: a chunk
  /// that a rank still holds from the block before is not read again.
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_written = 0;  ///< of samples; not known before they are packed if they are, and at most
  double samples_filtered = 0;      ///< of the chosen channels and span, at the input's rate
  run_time time;                    ///< what is expected of what is still to do
  double read_amplification = 1;    ///< samples read for each of the input that comes out
  begun_output begun;               ///< what an interrupted run left, if the job resumes
};

/// Lays out a job without touching its output. **Collective** over the world: the ranks agree on the node
/// with the least room. A job that resumes keeps the blocks that it was begun with. Throws `agreed_error`:
/// usage if the budget is too small for one block of one channel, or for the blocks of the run that is
/// resumed, with the bytes that are needed; what find_begun_output() throws.
run_plan make_plan(const topology& where, const filter_job& job);

/// The plan as a person reads it, in a few lines.
std::string to_text(const run_plan& plan, const filter_job& job);

void to_json(nlohmann::json& json, const run_plan& plan);

}  // namespace weir::pipeline

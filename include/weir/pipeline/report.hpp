#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/topology.hpp>

namespace weir::pipeline {

/// What a rank does with its time, from the launcher's start to the output's final name.
enum class phase { launch, load, mpi_init, plan, open, read, filter, write, wait, sync, close };

inline constexpr std::array<std::string_view, 11> phase_names{
    "launch", "load", "mpi_init", "plan", "open", "read", "filter", "write", "wait", "sync", "close"};

/// What one rank did.
struct rank_counts {
  std::array<double, phase_names.size()> seconds{};  ///< by phase
  std::uint64_t bytes_read = 0;                      ///< of the file: halos and the rest of chunks counted
  std::uint64_t bytes_written =
      0;  ///< of samples, as the output holds them: packed chunks when they are stored
  std::uint64_t kernel_read = 0;        ///< bytes of all system calls that read, as the kernel counts them
  std::uint64_t kernel_written = 0;     ///< the same of those that write: logs of packed chunks, markers
  std::uint64_t has_kernel_counts = 0;  ///< 1 if the kernel tells them
  std::uint64_t bytes_filtered = 0;     ///< of samples, in the blocks that its domain did; on its leader
  std::uint64_t clipped = 0;            ///< integer samples that saturated
  std::uint64_t nonfinite = 0;          ///< samples of the input that are NaN or infinite
  std::uint64_t bytes_before = 0;    ///< memory of its own, and its share of MPI's, when the job was planned
  std::uint64_t peak_own_bytes = 0;  ///< most of the memory that no other process sees
  std::uint64_t shared_bytes = 0;   ///< its share of the windows and MPI's shared memory, when all is touched
  std::uint64_t library_bytes = 0;  ///< the program and its libraries, as far as they are in memory

  double& of(phase what) { return seconds[static_cast<std::size_t>(what)]; }
};

/// What all ranks did together: sums, and of times and memory the least, the mean and the most.
struct run_report {
  std::array<double, phase_names.size()> min_seconds{};
  std::array<double, phase_names.size()> mean_seconds{};
  std::array<double, phase_names.size()> max_seconds{};
  double min_rank_seconds = 0;                     ///< of all phases together, on one rank
  double wall_seconds = 0;                         ///< the most of all phases together, on one rank
  std::chrono::steady_clock::time_point end = {};  ///< when the last phase was over on this rank
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_written = 0;
  std::uint64_t bytes_filtered = 0;  ///< of samples, before they are packed
  std::uint64_t clipped = 0;
  std::uint64_t nonfinite = 0;
  bool is_complete = true;            ///< else the run stopped at a checkpoint
  bool has_trends = true;             ///< or needs none; else it stopped before it knew them
  std::uint64_t peak_node_bytes = 0;  ///< windows, all ranks' own memory, libraries once: on the fullest node
  std::uint64_t peak_job_bytes = 0;   ///< the part of it that the job took: its windows and buffers
  std::optional<std::uint64_t> kernel_read = {};     ///< bytes; nothing if a kernel does not count them
  std::optional<std::uint64_t> kernel_written = {};  ///< bytes; nothing if a kernel does not count them
};

/// **Collective** over the world; the result is the same on all ranks.
run_report summarise(const topology& where, const rank_counts& mine);

/// The machine-readable report: options, hosts, plan, phases, bytes, memory, counts. Not collective.
nlohmann::json report_json(const topology& where, const filter_job& job, const run_plan& plan,
                           const run_report& report);

}  // namespace weir::pipeline

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/byte_size.hpp>
#include <weir/pipeline/plan.hpp>

#include "plan_time.hpp"

namespace weir::pipeline {
namespace {

std::string plural(std::size_t n, std::string_view thing) {
  return fmt::format("{} {}{}", n, thing, n == 1 ? "" : "s");
}

std::string duration_of(std::size_t samples, const io::recording& input) {
  return input.sampling_rate ? fmt::format(", {:.6g} s", static_cast<double>(samples) / *input.sampling_rate)
                             : "";
}

/// The files of a recording in several, with what each of them holds: the first few and the last.
std::vector<std::string> lines_of_files(const io::recording& input) {
  constexpr std::size_t most_lines = 10;
  std::vector<std::string> lines;
  const std::size_t count = input.files.size();
  for (std::size_t i = 0; i < count; ++i) {
    const io::recording_file& file = input.files[i];
    if (count > most_lines && i + 2 == most_lines) {
      lines.push_back(fmt::format("... {} more ...", count - most_lines + 1));
      i = count - 2;
      continue;
    }
    lines.push_back(fmt::format("{}: samples {}:{}{}", file.path, file.samples.begin, file.samples.end,
                                duration_of(file.samples.size(), input)));
  }
  return lines;
}

}  // namespace

std::string to_text(const run_plan& plan, const filter_job& job) {
  const io::recording& in = job.input;
  const memory_plan& memory = plan.memory;
  const std::size_t block_rows = std::min(plan.blocks.block_rows(), plan.blocks.rows());
  const std::size_t block_samples = std::min(plan.blocks.block_samples(), plan.blocks.samples());
  std::string text;
  const auto line = [&](std::string_view name, const std::string& what) {
    text += fmt::format("{:<8} {}\n", name, what);
  };
  if (in.files.empty()) {
    line("input", fmt::format("{}:{} ({})", in.path, in.dataset, in.layout));
  } else {
    line("input", fmt::format("{} files, {} in each ({})", in.files.size(), in.dataset, in.layout));
    for (const std::string& file : lines_of_files(in)) line("", file);
  }
  line("", fmt::format("{} x {}{}, {}, {}", plural(in.channels, "channel"), plural(in.samples, "sample"),
                       duration_of(in.samples, in), name_of(in.type), format_bytes(io::data_bytes(in))));
  line("output", job.output);
  if (!job.result.is_whole() || job.result.type || !plan.rate.is_one()) {
    const io::recording out = job.output_recording();
    line("", fmt::format("{} x {}{}, from sample {}, {}{}", plural(out.channels, "channel"),
                         plural(out.samples, "sample"), duration_of(out.samples, out),
                         job.selected_samples().begin, name_of(out.type),
                         plan.rate.is_one() || !out.sampling_rate
                             ? ""
                             : fmt::format(", at {:.10g} Hz", *out.sampling_rate)));
  }
  const std::string work = plan.taps > 0 ? fmt::format("{} ({})", plural(plan.taps, "tap"), plan.engine)
                                         : fmt::format("{} samples ahead and {} behind are read for each",
                                                       plan.reach.before, plan.reach.after);
  line("filter", fmt::format("{}; {}", job.filtering.empty() ? "none" : job.filtering, work));
  line("ranks", fmt::format("{} on {}, {} with {} each", plural(plan.world_ranks, "rank"),
                            plural(plan.nodes, "node"), plural(plan.world_domains, "domain"),
                            plan.windows > 1 ? "two windows in turn" : "a window"));
  line("blocks", fmt::format("{}, up to {} x {}{}; domains divide {}", plan.blocks.size(),
                             plural(block_rows, "channel"), plural(block_samples, "sample"),
                             duration_of(block_samples, in),
                             plan.blocks.split() == split_axis::rows ? "rows" : "time"));
  line("memory",
       fmt::format("{} of {} a node: {} of {}, {} of {} + {}, libraries {}", format_bytes(memory.node()),
                   format_bytes(memory.budget), plural(memory.domains * plan.windows, "window"),
                   format_bytes(memory.window / plan.windows), plural(memory.ranks, "rank"),
                   format_bytes(memory.rank_base), format_bytes(memory.rank_buffers),
                   format_bytes(memory.libraries)));
  if (plan.begun.is_complete) line("resumes", "nothing: the output is complete");
  if (plan.begun.state) {
    line("resumes", fmt::format("{} of {} are done", plan.begun.state->done.size(),
                                plural(plan.blocks.size(), "block")));
  }
  line("reads", fmt::format("{}, {:.3f} x {}", format_bytes(plan.bytes_read), plan.read_amplification,
                            job.result.is_whole() ? "the recording" : "what is selected of it") +
                    (plan.first_pass ? "; it is read twice, first for --detrend" : ""));
  line("writes",
       format_bytes(plan.bytes_written) +
           (job.packed ? fmt::format(" before {} makes them fewer", io::name_of(*job.packed)) : ""));
  line("time", time_text(plan, job));
  return text;
}

void to_json(nlohmann::json& json, const run_plan& plan) {
  json = {{"blocks", plan.blocks.size()},
          {"block_channels", std::min(plan.blocks.block_rows(), plan.blocks.rows())},
          {"block_samples", std::min(plan.blocks.block_samples(), plan.blocks.samples())},
          {"split", plan.blocks.split() == split_axis::rows ? "rows" : "time"},
          {"engine", plan.engine},
          {"halo_before", plan.reach.before},
          {"halo_after", plan.reach.after},
          {"rate", fmt::format("{}/{}", plan.rate.up, plan.rate.down)},
          {"ranks", plan.world_ranks},
          {"domains", plan.world_domains},
          {"nodes", plan.nodes},
          {"bytes_read", plan.bytes_read},
          {"bytes_written", plan.bytes_written},
          {"samples_filtered", plan.samples_filtered},
          {"seconds", plan.time.seconds()},
          {"read_amplification", plan.read_amplification},
          {"memory",
           {{"budget_bytes", plan.memory.budget},
            {"node_bytes", plan.memory.node()},
            {"job_bytes", plan.memory.job()},
            {"window_bytes", plan.memory.window},
            {"windows_a_domain", plan.windows},
            {"library_bytes", plan.memory.libraries},
            {"rank_base_bytes", plan.memory.rank_base},
            {"rank_buffer_bytes", plan.memory.rank_buffers},
            {"domain_buffer_bytes", plan.memory.domain_buffers},
            {"first_rank_buffer_bytes", plan.memory.first_buffers},
            {"storing_bytes", plan.memory.storing},
            {"ranks_a_node", plan.memory.ranks},
            {"domains_a_node", plan.memory.domains}}}};
  json["passes"] = plan.first_pass ? 2 : 1;
  if (plan.taps > 0) json["taps"] = plan.taps;
}

}  // namespace weir::pipeline

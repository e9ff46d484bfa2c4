#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/byte_size.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/output.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/pipeline/block_choice.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/pipeline/work_span.hpp>

#include "block_reference.hpp"
#include "plan_blocks.hpp"
#include "plan_memory.hpp"
#include "plan_time.hpp"
#include "read_unit.hpp"
#include "source_map.hpp"
#include "store_chunks.hpp"
#include "window_budget.hpp"
#include "window_type.hpp"

namespace weir::pipeline {
namespace {

/// What an operation wants of the window, and what one rank holds for it.
struct operation_needs {
  filter_reach reach;
  std::size_t bytes = 0;
};

operation_needs needs_of(const operation& what) {
  return std::visit(
      []<row_operation T>(const T& one) -> operation_needs {
        return {.reach = {.before = one.before(), .after = one.after(), .grid = one.grid()},
                .bytes = one.make_scratch().bytes()};
      },
      what);
}

/// What so many samples take in the recording's file.
std::uint64_t bytes_in_file(const io::recording& input, std::uint64_t samples) {
  const std::uint64_t bytes = samples * size_of(input.type);
  if (!input.store.filtered) return bytes;
  const double packed =
      static_cast<double>(input.store.stored_bytes) / static_cast<double>(io::data_bytes(input));
  return static_cast<std::uint64_t>(packed * static_cast<double>(bytes));
}

/// The output as blocks meet it, if its chunks are packed.
std::optional<chunked_output> packed_output_of(const filter_job& job, const io::recording& output) {
  if (!job.packed) return std::nullopt;
  return chunked_output{.chunk = {output.store.chunk_channels, output.store.chunk_samples},
                        .channels = output.channels,
                        .selected = job.selected_samples(),
                        .rate = rate_of(job.operation)};
}

/// The blocks in which the chosen samples are read before the job's own, in the same memory: whole cells of
/// the sums, without neighbours.
block_request first_pass_request(const filter_job& job, block_request request, const memory_plan& memory) {
  request.sample_size = size_of(job.input.type);
  request.reach = {.before = 0, .after = 0, .grid = steps::samples_a_cell};
  request.span = job.selected_samples();
  request.all_rows = false;
  request.chunks.reset();
  request.rate = {};
  request.block_samples.reset();
  request.window_bytes = std::max(memory.window, smallest_window(request));
  return request;
}

std::optional<block_grid> first_pass_of(const filter_job& job, const block_request& request,
                                        const memory_plan& memory) {
  if (!job.prepare.reads_twice()) return std::nullopt;
  return choose_blocks(first_pass_request(job, request, memory));
}

/// Throws `error` (usage) where the budget does not hold what it takes to put packed chunks together.
void require_room_to_store(memory_plan memory) {
  memory.window = memory.rank_buffers = memory.domain_buffers = memory.first_buffers = 0;
  if (memory.node() <= memory.budget) return;
  throw error(
      exit_code::usage,
      fmt::format("the memory budget of {} a node is too small: to put the packed chunks together takes "
                  "{}; give --memory-per-node at least {}",
                  format_bytes(memory.budget), format_bytes(memory.node()), format_bytes_up(memory.node())));
}

/// What an interrupted run left, found by rank 0. **Collective.**
begun_output find_begun(const communicator& world, const filter_job& job) {
  if (!job.resume) return {};
  const auto found = io::unpack(from_first_rank(world, [&] {
    const begun_output begun = find_begun_output(job);
    return io::pack({{"state", begun.state ? nlohmann::json(*begun.state) : nlohmann::json()},
                     {"is_complete", begun.is_complete}});
  }));
  begun_output begun{.is_complete = found.at("is_complete").get<bool>()};
  if (!found.at("state").is_null()) begun.state = found.at("state").get<checkpoint>();
  return begun;
}

}  // namespace

run_plan make_plan(const topology& where, const filter_job& job) {
  const io::recording& input = job.input;
  const operation_needs needs = needs_of(job.operation);
  const source_map source(input);
  io::recording output = job.output_recording();
  if (job.packed) output.store = io::output_storage(output, job.packed);
  const sample_type window_type = window_type_of(job);
  const auto ranks_a_domain =
      static_cast<std::size_t>(where.world().all_reduce(where.domain().size(), reduction::max));
  block_request request{.channels = output.channels,
                        .samples = input.samples,
                        .sample_size = size_of(window_type),
                        .rows = job.result.channels,
                        .file_channels = input.channels,
                        .widest_gap = widest_gap(input),
                        .span = work_span(job.selected_samples(), needs.reach.grid, input.samples),
                        .tile_channels = read_unit(input).channels,
                        .tile_samples = read_unit(input).samples,
                        .chunk_samples = input.store.chunked ? chunk_unit(input).samples : 1,
                        // Files lie one after another in time, so whoever takes a span opens few of them.
                        .time_first = input.axis == io::time_axis::first || !input.files.empty(),
                        .files = source.spans(),
                        .reach = needs.reach,
                        .all_rows = job.prepare.needs_all_rows(),
                        .rate = rate_of(job.operation),
                        .domains = static_cast<std::size_t>(where.domains()),
                        .ranks = ranks_a_domain,
                        .split = job.split};
  request.reach.wraps = job.boundary.mode == fir::boundary_mode::wrap;
  if (job.block_samples) {
    request.block_samples = round_up(std::max<std::size_t>(*job.block_samples, 1), needs.reach.grid);
  }
  memory_plan memory = plan_memory(where, job, needs.bytes);
  begun_output begun = find_begun(where.world(), job);
  const std::optional<chunked_output> packed = packed_output_of(job, output);
  planned_blocks planned =
      agree(where.world(), [&] { return plan_blocks(request, memory, packed, begun.state); });
  request = std::move(planned.request);
  const block_grid blocks = planned.blocks;
  const auto wanted_samples =
      static_cast<double>(output.channels) * static_cast<double>(job.selected_samples().size());
  const window_regions window = window_for(blocks, request);
  const std::size_t windows = windows_for(blocks, request, memory);
  memory.window = windows * window.bytes(request.sample_size);
  // Of a small block a message holds no more.
  if (job.write == write_mode::gather && !job.packed) {
    memory.domain_buffers = std::min(memory.domain_buffers, window.bytes(request.sample_size));
  }
  std::uint64_t samples_to_read = samples_read(blocks, request);
  if (job.prepare.needs_all_rows()) memory.window += reference_bytes(window.input);
  const std::optional<block_grid> first_pass =
      agree(where.world(), [&] { return first_pass_of(job, request, memory); });
  window_layout first_pass_window;
  if (first_pass) {
    const block_request first = first_pass_request(job, request, memory);
    first_pass_window = window_for(*first_pass, first).input;
    memory.window = std::max(memory.window, first_pass_window.bytes(first.sample_size));
    samples_to_read += samples_read(*first_pass, first);
  }
  if (packed) {
    memory.storing = storing_bytes(output, chunks_cut_by(blocks, covered(request), *packed), memory.ranks);
    if (!begun.is_complete) agree(where.world(), [&] { require_room_to_store(memory); });
  }
  run_plan plan{.blocks = blocks,
                .span = covered(request),
                .window = window,
                .windows = windows,
                .window_type = window_type,
                .first_pass = first_pass,
                .first_pass_window = first_pass_window,
                .reach = request.reach,
                .rate = request.rate,
                .engine = engine_of(job.operation),
                .taps = taps_of(job.operation).size(),
                .memory = memory,
                .world_ranks = static_cast<std::size_t>(where.world().size()),
                .world_domains = static_cast<std::size_t>(where.domains()),
                .nodes = static_cast<std::size_t>(where.nodes()),
                .bytes_read = bytes_in_file(input, samples_to_read),
                .bytes_written = io::data_bytes(output),
                .samples_filtered = wanted_samples,
                .time = {},
                .read_amplification = static_cast<double>(samples_to_read) / wanted_samples,
                .begun = std::move(begun)};
  plan.time = expected_time(plan, job);
  return plan;
}

}  // namespace weir::pipeline

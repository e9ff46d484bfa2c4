#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/byte_size.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/output.hpp>
#include <weir/io/packer.hpp>
#include <weir/io/reader.hpp>
#include <weir/io/writer.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/pipeline/block_choice.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/pipeline/work_span.hpp>
#include <weir/shm/memory_limits.hpp>

#include "block_reference.hpp"
#include "block_worker.hpp"
#include "buffers.hpp"
#include "gather.hpp"
#include "plan_time.hpp"
#include "read_unit.hpp"
#include "source_map.hpp"
#include "window_reader.hpp"
#include "window_type.hpp"

namespace weir::pipeline {
namespace {

/// Windows stay small enough to be used again while the caches hold them; more only costs first touches.
constexpr std::size_t window_bytes_a_rank = std::size_t{8} << 20;
/// To pack chunks takes far longer than to reach memory. At a block's end ranks wait for the last chunk of
/// one of them, so there are to be fewer ends.
constexpr std::size_t packed_window_bytes_a_rank = std::size_t{32} << 20;

/// What a rank's libraries take once blocks move, beyond buffers that are asked for and what the plan itself
/// took: HDF5's index of chunks, the allocator's slack. Seen: next to nothing to 0.4 MiB.
constexpr std::size_t running_bytes = std::size_t{200} << 10;

/// Pages of the program and its libraries that are first needed when blocks move, beyond those that are in
/// memory when the plan is made. Seen: 1.2 to 1.4 MiB.
constexpr std::size_t library_bytes_to_come = std::size_t{3} << 19;

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

sample_type window_type_of(const filter_job& job) {
  return type_of_both(job.input.type, job.output_recording().type);
}

/// What writing takes of every rank, of each domain's leader and of rank 0.
struct writing_needs {
  std::size_t rank = 0;
  std::size_t leader = 0;
  std::size_t first = 0;
};

writing_needs writing_needs_of(const filter_job& job, int domains) {
  io::recording part = job.output_recording();
  if (job.packed) {
    part.store = io::output_storage(part, job.packed);
    const bool leaders_receive = job.write == write_mode::leader || job.write == write_mode::gather;
    return {.rank = io::packer::memory_bytes(part),
            .leader = leaders_receive ? io::packer::most_bytes(part) : 0};
  }
  switch (job.write) {
    case write_mode::parallel:
    case write_mode::per_node:
      return {.rank = io::write_staging_bytes(part)};
    case write_mode::leader:
      return {.leader = io::write_staging_bytes(part)};
    case write_mode::gather:
      return {.leader = domains > 1 ? gather_bytes : 0, .first = io::write_staging_bytes(part)};
  }
  return {};
}

/// What one rank holds for reading.
std::size_t reading_bytes(const filter_job& job) {
  const io::reader reader(job.input, reader_cache_bytes(job.input));
  return reader.memory_bytes() + staged_read_bytes(job, reader.tiles(), window_type_of(job)) +
         steps::common_reference::memory_bytes(job.prepare.reference, job.output_recording().channels);
}

/// The memory of the node that has least, as far as it does not depend on the blocks.
memory_plan plan_memory(const topology& where, const filter_job& job, std::size_t operation_bytes) {
  const communicator& world = where.world();
  memory_plan memory;
  const std::size_t allowed = agree(world, [] { return available_window_memory(); });
  memory.budget = world.all_reduce(job.memory_per_node.value_or(allowed / 4), reduction::min);
  const process_memory now = memory_of_this_process();
  memory.libraries = world.all_reduce(now.file_backed, reduction::max) + library_bytes_to_come;
  memory.rank_base = world.all_reduce(now.anonymous + now.shared, reduction::max);
  const writing_needs writing = writing_needs_of(job, where.domains());
  const std::size_t reading = agree(world, [&] { return reading_bytes(job); });
  memory.rank_buffers =
      reading + writing.rank + operation_bytes + worker_bytes(job.operation) + running_bytes;
  memory.domain_buffers = writing.leader;
  memory.first_buffers = writing.first;
  memory.ranks = world.all_reduce(static_cast<std::size_t>(where.node().size()), reduction::max);
  memory.domains = static_cast<std::size_t>(world.all_reduce(where.domains_on_node(), reduction::max));
  return memory;
}

window_regions window_for(const block_grid& blocks, const block_request& request) {
  return regions_for(request, std::min(blocks.block_rows(), request.channels),
                     std::min(blocks.block_samples(), blocks.samples()));
}

/// What the budget leaves for the windows of one domain.
std::size_t room_for_windows(const memory_plan& memory, const block_request& request) {
  const std::size_t taken = memory.node();
  const std::size_t least = smallest_window(request);
  if (memory.budget < taken + memory.domains * least) {
    throw error(
        exit_code::usage,
        fmt::format(
            "the memory budget of {} a node is too small: {} rank{} hold {} before the first sample is "
            "read, and a window for one block of {} takes {}; give --memory-per-node at least {}{}",
            format_bytes(memory.budget), memory.ranks, memory.ranks == 1 ? "" : "s", format_bytes(taken),
            smallest_rows(request), format_bytes(least), format_bytes_up(taken + memory.domains * least),
            memory.ranks > 1 ? ", or start fewer ranks on a node" : ""));
  }
  return (memory.budget - taken) / memory.domains;
}

/// The most that one of the domain's two windows may take, or its only one where there is no room for two.
std::size_t largest_window(std::size_t room, const block_request& request) {
  return room / 2 < smallest_window(request) ? room : room / 2;
}

/// What a window takes unless a larger one saves reading.
std::size_t usual_window(std::size_t largest, const block_request& request, std::size_t ranks_a_domain,
                         bool packs) {
  const std::size_t least = smallest_window(request);
  // Blocks of all rows are short: one cell of the grid would mostly be neighbours.
  const std::size_t usual =
      std::max(ranks_a_domain * (packs ? packed_window_bytes_a_rank : window_bytes_a_rank),
               request.all_rows ? 4 * least : 0);
  return std::max(least, std::min(largest, usual));
}

/// While a block is written the next one is read, and filtered, in another window where the budget has room
/// for one.
std::size_t windows_for(const block_grid& blocks, const block_request& request, const memory_plan& memory) {
  const std::size_t both = 2 * window_for(blocks, request).bytes(request.sample_size);
  const bool follow_one_another = blocks.size() > request.domains;
  return follow_one_another && memory.node() + memory.domains * both <= memory.budget ? 2 : 1;
}

/// What so many samples take in the recording's file.
std::uint64_t bytes_in_file(const io::recording& input, std::uint64_t samples) {
  const std::uint64_t bytes = samples * size_of(input.type);
  if (!input.store.filtered) return bytes;
  const double packed =
      static_cast<double>(input.store.stored_bytes) / static_cast<double>(io::data_bytes(input));
  return static_cast<std::uint64_t>(packed * static_cast<double>(bytes));
}

/// The blocks of the run that is resumed, if they fit into what `memory` leaves for windows.
block_grid begun_blocks(const checkpoint& begun, const block_request& request, memory_plan memory) {
  const block_grid blocks = begun.blocks();
  memory.window = window_for(blocks, request).bytes(request.sample_size);
  if (memory.node() > memory.budget) {
    throw error(
        exit_code::usage,
        fmt::format(
            "the run that is resumed was begun with blocks that take {} a node, and the budget is {}; "
            "give --memory-per-node at least {}",
            format_bytes(memory.node()), format_bytes(memory.budget), format_bytes_up(memory.node())));
  }
  return blocks;
}

/// The blocks in which the chosen samples are read before the job's own, in the same memory: whole cells of
/// the sums, without neighbours.
block_request first_pass_request(const filter_job& job, block_request request, const memory_plan& memory) {
  request.sample_size = size_of(job.input.type);
  request.reach = {.before = 0, .after = 0, .grid = steps::samples_a_cell};
  request.span = job.selected_samples();
  request.all_rows = false;
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
  const io::recording output = job.output_recording();
  const index_range span = work_span(job.selected_samples(), needs.reach.grid, input.samples);
  block_request request{.channels = output.channels,
                        .samples = input.samples,
                        .sample_size = size_of(window_type_of(job)),
                        .rows = job.result.channels,
                        .file_channels = input.channels,
                        .widest_gap = widest_gap(input),
                        .span = span,
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
                        .split = job.split};
  request.reach.wraps = job.boundary.mode == fir::boundary_mode::wrap;
  if (job.block_samples) {
    request.block_samples = round_up(std::max<std::size_t>(*job.block_samples, 1), needs.reach.grid);
  }
  memory_plan memory = plan_memory(where, job, needs.bytes);
  const auto ranks_a_domain =
      static_cast<std::size_t>(where.world().all_reduce(where.domain().size(), reduction::max));
  begun_output begun = find_begun(where.world(), job);
  const block_grid blocks = agree(where.world(), [&] {
    if (begun.state) return begun_blocks(*begun.state, request, memory);
    const std::size_t largest = largest_window(room_for_windows(memory, request), request);
    request.window_bytes = usual_window(largest, request, ranks_a_domain, job.packed.has_value());
    return choose_blocks_up_to(request, largest);
  });
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
  run_plan plan{.blocks = blocks,
                .span = span,
                .window = window,
                .windows = windows,
                .window_type = window_type_of(job),
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

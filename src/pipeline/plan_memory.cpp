#include "plan_memory.hpp"

#include <weir/io/output.hpp>
#include <weir/io/packer.hpp>
#include <weir/io/reader.hpp>
#include <weir/io/writer.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/shm/memory_limits.hpp>

#include "block_reference.hpp"
#include "block_worker.hpp"
#include "buffers.hpp"
#include "gather.hpp"
#include "window_reader.hpp"
#include "window_type.hpp"

namespace weir::pipeline {
namespace {

/// What a rank's libraries take once blocks move, beyond buffers that are asked for and what the plan itself
/// took: HDF5's index of chunks, the allocator's slack. Seen: 0.15 to 0.85 MiB.
constexpr std::size_t running_bytes = std::size_t{700} << 10;

/// Pages of the program and its libraries that are first needed when blocks move, beyond those that are in
/// memory when the plan is made. Seen: 1.2 to 1.4 MiB.
constexpr std::size_t library_bytes_to_come = std::size_t{3} << 19;

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

}  // namespace

memory_plan plan_memory(const topology& where, const filter_job& job, std::size_t operation_bytes) {
  const communicator& world = where.world();
  memory_plan memory;
  // A window of one rank is memory of its own, and needs no room where those of several live.
  const std::size_t allowed = agree(
      world, [&] { return where.domain().size() > 1 ? available_window_memory() : available_memory(); });
  memory.budget = world.all_reduce(job.memory_per_node.value_or(allowed / 4), reduction::min);
  // The filter's tables have been made, by way of vectors of long double that are freed.
  give_back_freed_memory();
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

}  // namespace weir::pipeline

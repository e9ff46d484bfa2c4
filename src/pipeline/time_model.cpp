#include <array>
#include <cstddef>

#include <weir/pipeline/time_model.hpp>

namespace weir::pipeline {
namespace {

/// A part that loads and stores `bytes`, and takes the cores `cores` seconds.
part_time in_memory(double cores, double bytes, const machine_rates& machine, double nodes) {
  const double moving = 2 * bytes / (machine.memory_bytes_per_second * nodes);
  return moving > cores ? part_time{moving, bottleneck::memory} : part_time{cores, bottleneck::cores};
}

/// The same, where the bytes come from a file or go to one.
part_time through_files(double cores, double bytes, const machine_rates& machine, double nodes) {
  part_time most = in_memory(cores, bytes, machine, nodes);
  const double on_links = bytes / (machine.link_bytes_per_second * nodes);
  if (on_links > most.seconds) most = {on_links, bottleneck::link};
  const double on_storage = bytes / machine.storage_bytes_per_second;
  if (on_storage > most.seconds) most = {on_storage, bottleneck::storage};
  return most;
}

}  // namespace

std::string_view name_of(bottleneck what) {
  constexpr std::array<std::string_view, 4> names{"cores", "memory", "link", "file system"};
  return names[static_cast<std::size_t>(what)];
}

run_time predict(const machine_rates& machine, const run_size& size) {
  const double read = machine.read_seconds_per_byte * size.bytes_read / size.ranks;
  const double filter = machine.filter_seconds_per_sample * size.samples / size.ranks;
  const double write = machine.write_seconds_per_byte * size.bytes_written / size.ranks;
  return {.start = machine.start_seconds,
          .read = through_files(read, size.bytes_read, machine, size.nodes),
          .filter = in_memory(filter, size.bytes_written, machine, size.nodes),
          .write = through_files(write, size.bytes_written, machine, size.nodes),
          .waiting = machine.block_seconds * size.blocks_in_turn};
}

}  // namespace weir::pipeline

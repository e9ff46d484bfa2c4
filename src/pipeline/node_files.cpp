#include "node_files.hpp"

#include <algorithm>
#include <utility>

#include <weir/block_rectangles.hpp>
#include <weir/io/chunk_log.hpp>
#include <weir/io/output.hpp>
#include <weir/pipeline/work_span.hpp>

namespace weir::pipeline {
namespace {

/// A recording of a file's size that is stored as the output would be.
io::recording like_output(const filter_job& job, const node_output& node) {
  io::recording like = job.output_recording();
  like.channels = node.channels.size();
  like.samples = node.samples.size();
  like.store = io::output_storage(like, job.packed);
  return like;
}

/// A rectangle of blocks in the output's channels and samples.
block in_output(const filter_job& job, const checkpoint& state, const block& of_span) {
  return in_result(in_recording(of_span, state.span.begin), job.selected_samples(), job.result.rate);
}

void create(const filter_job& job, node_output& node) {
  node.part = io::create_node_part(job.input, like_output(job, node), job.output, node.number, node.channels,
                                   node.samples, job.overwrite, job.overwrite || job.resume);
}

}  // namespace

void lay_out_nodes(const filter_job& job, checkpoint& state, std::size_t domains) {
  const block_grid blocks = state.blocks();
  for (node_output& node : state.nodes) node.blocks = done_in(node, state);
  drop_empty_nodes(job, state);
  std::uint64_t number = 0;
  for (const node_output& node : state.nodes) number = std::max(number, node.number + 1);
  const std::uint64_t run = state.next_node_run();
  const block_set left = state.done.complement(blocks.size());
  for (std::size_t domain = 0; domain < domains; ++domain) {
    for (const block_rectangle& one :
         rectangles_of(blocks, left.slice(part_of(left.size(), domains, domain)))) {
      const block held = in_output(job, state, one.where);
      node_output node{.number = number++,
                       .run = run,
                       .domain = domain,
                       .blocks = block_set(one.blocks),
                       .channels = held.rows,
                       .samples = held.samples};
      node.part.channels = node.channels.size();
      node.part.samples = node.samples.size();
      state.nodes.push_back(std::move(node));
    }
  }
}

void create_nodes(const filter_job& job, checkpoint& state) {
  std::vector<std::uint64_t> created;
  try {
    for (node_output& node : state.nodes) {
      if (!node.part.path.empty()) continue;
      create(job, node);
      created.push_back(node.number);
    }
  } catch (...) {
    for (const std::uint64_t number : created) io::discard_node_part(job.output, number);
    throw;
  }
}

std::uint64_t nodes_end(const checkpoint& state) {
  std::uint64_t end = 0;
  for (const node_output& node : state.nodes) end = std::max(end, node.number + 1);
  return end;
}

void drop_empty_nodes(const filter_job& job, checkpoint& state) {
  std::erase_if(state.nodes, [&](const node_output& node) {
    if (!node.blocks.ranges().empty()) return false;
    io::discard_node_part(job.output, node.number);
    io::remove_logs(io::node_path(job.output, node.number));
    return true;
  });
}

void create_packed_nodes_again(const filter_job& job, checkpoint& state) {
  if (!job.packed) return;
  for (node_output& node : state.nodes) {
    if (!node.is_stored) create(job, node);
  }
}

std::vector<io::joined_rectangle> joined_of(const filter_job& job, const checkpoint& state) {
  std::vector<io::joined_rectangle> joined;
  for (const node_output& node : state.nodes) {
    for (const block_rectangle& held : rectangles_of(state.blocks(), node.blocks)) {
      const block shown = in_output(job, state, held.where);
      joined.push_back({.path = io::node_path(job.output, node.number),
                        .channels = shown.rows,
                        .samples = shown.samples,
                        .first_channel = node.channels.begin,
                        .first_sample = node.samples.begin,
                        .file_channels = node.channels.size(),
                        .file_samples = node.samples.size()});
    }
  }
  return joined;
}

void finish_nodes(const filter_job& job, const checkpoint& state) {
  for (const node_output& node : state.nodes) io::finish_node_part(job.output, node.number, job.overwrite);
}

void discard_nodes(const filter_job& job, const checkpoint& state) noexcept {
  for (const node_output& node : state.nodes) io::discard_node_part(job.output, node.number);
  if (job.packed) remove_node_logs(job, state);
}

void remove_node_logs(const filter_job& job, const checkpoint& state) noexcept {
  try {
    for (const node_output& node : state.nodes) io::remove_logs(io::node_path(job.output, node.number));
  } catch (...) {
    // Out of memory for a name: the logs stay, and nothing reads them.
  }
}

}  // namespace weir::pipeline

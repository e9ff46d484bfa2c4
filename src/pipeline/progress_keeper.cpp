#include "progress_keeper.hpp"

#include <string>

#include <weir/io/json_text.hpp>
#include <weir/io/progress_marker.hpp>

namespace weir::pipeline {

namespace {

/// Numbers of all ranks, as many as each has. **Collective.**
std::vector<std::vector<std::uint64_t>> gather_numbers(const communicator& world,
                                                       const std::vector<std::uint64_t>& mine) {
  std::vector<std::vector<std::uint64_t>> all;
  for (const std::string& numbers : world.all_gather(io::pack(mine))) {
    all.push_back(io::unpack(numbers).get<std::vector<std::uint64_t>>());
  }
  return all;
}

/// The files, by their places in `nodes`, that a domain writes in the last run.
std::vector<std::size_t> nodes_of(const std::vector<node_output>& nodes, std::uint64_t run,
                                  std::size_t domain) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].run == run && nodes[i].domain == domain) places.push_back(i);
  }
  return places;
}

}  // namespace

std::vector<node_output> progress_keeper::own_nodes() const {
  std::vector<node_output> own;
  if (state_.nodes.empty()) return own;
  for (const std::size_t i : nodes_of(state_.nodes, state_.next_node_run() - 1, domain_)) {
    own.push_back(state_.nodes[i]);
  }
  return own;
}

void progress_keeper::save(std::uint64_t own_done, const rank_counts& counts,
                           const std::vector<std::uint64_t>& log_bytes) {
  collect(own_done, counts, log_bytes);
  last_save_ = clock::now();
  if (world_.rank() != 0) return;
  io::save_marker(marker_, collected_);
  last_ = collected_;
}

void progress_keeper::collect(std::uint64_t own_done, const rank_counts& counts,
                              const std::vector<std::uint64_t>& log_bytes) {
  struct rank_progress {
    std::uint64_t domain;
    std::uint64_t done;
  };
  const std::vector<rank_progress> all = world_.all_gather(rank_progress{domain_, own_done});
  const std::vector<std::vector<std::uint64_t>> logs = gather_numbers(world_, log_bytes);
  const std::uint64_t clipped = world_.all_reduce(counts.clipped, reduction::sum);
  const std::uint64_t nonfinite = world_.all_reduce(counts.nonfinite, reduction::sum);
  if (world_.rank() != 0) return;

  checkpoint now = state_;
  for (std::size_t rank = 0; rank < all.size(); ++rank) {
    const std::size_t begin = share(all[rank].domain).begin;
    now.done.add(left_.slice({begin, begin + all[rank].done}));
    const std::vector<std::size_t> nodes =
        now.nodes.empty() ? std::vector<std::size_t>{}
                          : nodes_of(now.nodes, now.next_node_run() - 1, all[rank].domain);
    for (std::size_t i = 0; i < logs[rank].size(); ++i) {
      if (logs[rank][i] == 0) continue;
      if (now.nodes.empty()) {
        now.logs.push_back({run(), rank, logs[rank][i]});
      } else {
        // Each file is new in its run.
        now.nodes[nodes[i]].logs.push_back({0, rank, logs[rank][i]});
      }
    }
  }
  now.clipped += clipped;
  now.nonfinite += nonfinite;
  collected_ = std::move(now);
}

}  // namespace weir::pipeline

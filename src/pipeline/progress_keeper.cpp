#include "progress_keeper.hpp"

#include <weir/io/progress_marker.hpp>

namespace weir::pipeline {

void progress_keeper::save(std::uint64_t own_done, const rank_counts& counts, std::uint64_t log_bytes) {
  struct rank_progress {
    std::uint64_t domain;
    std::uint64_t done;
    std::uint64_t log_bytes;
  };
  const std::vector<rank_progress> all = world_.all_gather(rank_progress{domain_, own_done, log_bytes});
  const std::uint64_t clipped = world_.all_reduce(counts.clipped, reduction::sum);
  const std::uint64_t nonfinite = world_.all_reduce(counts.nonfinite, reduction::sum);
  last_save_ = clock::now();
  if (world_.rank() != 0) return;

  checkpoint now = state_;
  for (std::size_t rank = 0; rank < all.size(); ++rank) {
    const std::size_t begin = share(all[rank].domain).begin;
    now.done.add(left_.slice({begin, begin + all[rank].done}));
    if (all[rank].log_bytes > 0) now.logs.push_back({run(), rank, all[rank].log_bytes});
  }
  now.clipped += clipped;
  now.nonfinite += nonfinite;
  io::save_marker(marker_, now);
  last_ = std::move(now);
}

}  // namespace weir::pipeline

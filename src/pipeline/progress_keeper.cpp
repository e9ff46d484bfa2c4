#include "progress_keeper.hpp"

#include <weir/io/progress_marker.hpp>

namespace weir::pipeline {

void progress_keeper::save(std::uint64_t own_done, const rank_counts& counts) {
  struct domain_progress {
    std::uint64_t domain;
    std::uint64_t done;
  };
  const std::vector<domain_progress> all = world_.all_gather(domain_progress{domain_, own_done});
  const std::uint64_t clipped = world_.all_reduce(counts.clipped, reduction::sum);
  const std::uint64_t nonfinite = world_.all_reduce(counts.nonfinite, reduction::sum);
  saved_ = clock::now();
  if (world_.rank() != 0) return;

  checkpoint now = state_;
  for (const auto& [domain, done] : all) {
    const std::size_t begin = share(domain).begin;
    now.done.add(left_.slice({begin, begin + done}));
  }
  now.clipped += clipped;
  now.nonfinite += nonfinite;
  io::save_marker(marker_, now);
}

}  // namespace weir::pipeline

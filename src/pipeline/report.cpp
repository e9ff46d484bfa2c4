#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include <nlohmann/json.hpp>

#include <weir/pipeline/report.hpp>

namespace weir::pipeline {

run_report summarise(const topology& where, const rank_counts& mine) {
  const communicator& world = where.world();
  const std::vector<rank_counts> all = world.all_gather(mine);
  run_report report;
  for (std::size_t p = 0; p < phase_names.size(); ++p) {
    std::vector<double> seconds;
    for (const rank_counts& rank : all) seconds.push_back(rank.seconds[p]);
    const auto [least, most] = std::minmax_element(seconds.begin(), seconds.end());
    report.min_seconds[p] = *least;
    report.max_seconds[p] = *most;
    report.mean_seconds[p] =
        std::accumulate(seconds.begin(), seconds.end(), 0.0) / static_cast<double>(all.size());
  }
  report.min_rank_seconds = std::numeric_limits<double>::max();
  for (const rank_counts& rank : all) {
    const double seconds = std::accumulate(rank.seconds.begin(), rank.seconds.end(), 0.0);
    report.wall_seconds = std::max(report.wall_seconds, seconds);
    report.min_rank_seconds = std::min(report.min_rank_seconds, seconds);
    report.bytes_read += rank.bytes_read;
    report.bytes_written += rank.bytes_written;
    report.bytes_filtered += rank.bytes_filtered;
    report.clipped += rank.clipped;
    report.nonfinite += rank.nonfinite;
  }
  const std::uint64_t node_bytes =
      where.node().all_reduce(mine.peak_own_bytes + mine.shared_bytes, reduction::sum);
  report.peak_node_bytes = world.all_reduce(node_bytes, reduction::max);
  return report;
}

nlohmann::json report_json(const topology& where, const filter_job& job, const run_plan& plan,
                           const run_report& report) {
  nlohmann::json hosts = nlohmann::json::array();
  for (const node_description& node : where.descriptions()) {
    hosts.push_back(
        {{"host", node.host}, {"ranks", node.ranks}, {"domains", node.domains}, {"cores", node.cores}});
  }
  nlohmann::json phases;
  for (std::size_t p = 0; p < phase_names.size(); ++p) {
    phases[std::string(phase_names[p])] = {{"min_seconds", report.min_seconds[p]},
                                           {"mean_seconds", report.mean_seconds[p]},
                                           {"max_seconds", report.max_seconds[p]}};
  }
  return {{"input", job.input},
          {"output", job.output},
          {"options", job.options},
          {"hosts", hosts},
          {"plan", plan},
          {"wall_seconds", report.wall_seconds},
          {"least_rank_seconds", report.min_rank_seconds},
          {"phases", phases},
          {"bytes_read", report.bytes_read},
          {"bytes_written", report.bytes_written},
          {"peak_node_bytes", report.peak_node_bytes},
          {"clipped_samples", report.clipped},
          {"nonfinite_samples", report.nonfinite}};
}

}  // namespace weir::pipeline

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include <nlohmann/json.hpp>

#include <weir/pipeline/report.hpp>

namespace weir::pipeline {

namespace {

nlohmann::json or_null(const std::optional<std::uint64_t>& number) {
  return number ? nlohmann::json(*number) : nlohmann::json();
}

}  // namespace

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
  report.kernel_read = 0;
  report.kernel_written = 0;
  for (const rank_counts& rank : all) {
    const double seconds = std::accumulate(rank.seconds.begin(), rank.seconds.end(), 0.0);
    report.wall_seconds = std::max(report.wall_seconds, seconds);
    report.min_rank_seconds = std::min(report.min_rank_seconds, seconds);
    report.bytes_read += rank.bytes_read;
    report.bytes_written += rank.bytes_written;
    report.bytes_filtered += rank.bytes_filtered;
    report.clipped += rank.clipped;
    report.nonfinite += rank.nonfinite;
    *report.kernel_read += rank.kernel_read;
    *report.kernel_written += rank.kernel_written;
  }
  const bool all_count =
      std::ranges::all_of(all, [](const rank_counts& rank) { return rank.has_kernel_counts != 0; });
  if (!all_count) report.kernel_read = report.kernel_written = std::nullopt;

  const communicator& node = where.node();
  const std::uint64_t held = node.all_reduce(mine.peak_own_bytes + mine.shared_bytes, reduction::sum);
  const std::uint64_t before = node.all_reduce(mine.bytes_before, reduction::sum);
  const std::uint64_t libraries = node.all_reduce(mine.library_bytes, reduction::max);
  report.peak_node_bytes = world.all_reduce(held + libraries, reduction::max);
  report.peak_job_bytes = world.all_reduce(held - std::min(held, before), reduction::max);
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
          {"bytes_filtered", report.bytes_filtered},
          {"kernel_bytes_read", or_null(report.kernel_read)},
          {"kernel_bytes_written", or_null(report.kernel_written)},
          {"peak_node_bytes", report.peak_node_bytes},
          {"peak_job_bytes", report.peak_job_bytes},
          {"clipped_samples", report.clipped},
          {"nonfinite_samples", report.nonfinite}};
}

}  // namespace weir::pipeline

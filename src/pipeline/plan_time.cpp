#include "plan_time.hpp"

#include <algorithm>
#include <cmath>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <weir/byte_size.hpp>
#include <weir/pipeline/run_rates.hpp>

namespace weir::pipeline {
namespace {

/// "0.42 s", "12 s", "3 min 20 s", "5 h 12 min".
std::string duration(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.2g} s", seconds);
  const auto whole = std::llround(seconds);
  if (whole < 100) return fmt::format("{} s", whole);
  if (whole < 6000) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

/// The part of the blocks that an earlier run has not done.
double part_to_do(const run_plan& plan) {
  if (plan.begun.is_complete) return 0;
  if (!plan.begun.state) return 1;
  return 1 - static_cast<double>(plan.begun.state->done.size()) / static_cast<double>(plan.blocks.size());
}

/// What the usual rates leave out.
std::vector<std::string> uncounted(const filter_job& job) {
  std::vector<std::string> all;
  if (taps_of(job.operation).empty()) all.emplace_back("what the plugin takes");
  if (!job.prepare.is_none()) all.emplace_back("the steps before the filter");
  if (job.packed || job.input.store.gzip_level) all.emplace_back("packing and unpacking");
  return all;
}

}  // namespace

run_time expected_time(const run_plan& plan, const filter_job& job) {
  const double part = part_to_do(plan);
  const double domains = static_cast<double>(plan.world_domains);
  return predict(job.rates ? *job.rates : usual_rates(job.operation),
                 {.bytes_read = part * static_cast<double>(plan.bytes_read),
                  .samples = part * plan.samples_filtered,
                  .bytes_written = part * static_cast<double>(plan.bytes_written),
                  .ranks = static_cast<double>(plan.world_ranks),
                  .nodes = static_cast<double>(plan.nodes),
                  .blocks_in_turn = std::ceil(part * static_cast<double>(plan.blocks.size()) / domains)});
}

std::string time_text(const run_plan& plan, const filter_job& job) {
  const run_time& time = plan.time;
  std::string text =
      fmt::format("about {}: start {}, read {}, filter {}, write {}, wait {}", duration(time.seconds()),
                  duration(time.start), duration(time.read.seconds), duration(time.filter.seconds),
                  duration(time.write.seconds), duration(time.waiting));
  if (job.rates) return text + ", at the rates of the report";
  for (const std::string& what : uncounted(job)) text += fmt::format("; {} not counted", what);
  const double working = time.seconds() - time.start;
  if (working > 0) {
    const double moved = static_cast<double>(plan.bytes_read + plan.bytes_written) * part_to_do(plan);
    text += fmt::format("; longer where files move at less than {}/s",
                        format_bytes(static_cast<std::uint64_t>(moved / working)));
  }
  return text;
}

}  // namespace weir::pipeline

/// Holds the model of pipeline/time_model.hpp against measured runs, and says what it expects of a large
/// recording on a cluster: bench_model SCALING.json, as bench/scaling.sh leaves it. The constants are those
/// of the first point, one rank; the memory's bandwidth is that of each point's ranks.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/pipeline/run_rates.hpp>
#include <weir/pipeline/time_model.hpp>

namespace {

using nlohmann::json;
using weir::pipeline::machine_rates;
using weir::pipeline::run_size;
using weir::pipeline::run_time;

/// A cluster on paper.
namespace paper {
constexpr double channels = 10'000;
constexpr double samples = 86'400'000;  // a day at 1 kHz
constexpr double sample_bytes = sizeof(float);
constexpr double cores_a_node = 64;
constexpr double memory_bytes_per_second = 200e9;
constexpr double link_bytes_per_second = 12.5e9;
constexpr double storage_bytes_per_second = 50e9;
constexpr double block_bytes_a_rank = 16 << 20;
}  // namespace paper

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// The median over a point's repetitions of what `of` says of each.
template <class F>
double median_of(const json& point, F&& of) {
  std::vector<double> values;
  for (const json& run : point.at("repetitions")) values.push_back(of(run));
  return median(std::move(values));
}

machine_rates rates_of(const json& point, std::string_view file) {
  const auto of = [&](double machine_rates::*rate) {
    return median_of(point,
                     [&](const json& run) { return weir::pipeline::rates_of(run.at("report"), file).*rate; });
  };
  // The launcher's own end, which no rank sees.
  const double end = median_of(point, [](const json& run) {
    double seen = 0;
    for (const auto& [name, phase] : run.at("report").at("phases").items())
      seen += phase.at("mean_seconds").get<double>();
    return run.at("seconds").get<double>() - seen;
  });
  return {.start_seconds = of(&machine_rates::start_seconds) + end,
          .read_seconds_per_byte = of(&machine_rates::read_seconds_per_byte),
          .filter_seconds_per_sample = of(&machine_rates::filter_seconds_per_sample),
          .write_seconds_per_byte = of(&machine_rates::write_seconds_per_byte),
          .block_seconds = of(&machine_rates::block_seconds)};
}

run_size size_of(const json& point) {
  const json& plan = point.at("repetitions").at(0).at("report").at("plan");
  return {.bytes_read = plan.at("bytes_read"),
          .samples = plan.at("samples_filtered"),
          .bytes_written = plan.at("bytes_written"),
          .ranks = plan.at("ranks"),
          .nodes = plan.at("nodes"),
          .blocks_in_turn = std::ceil(plan.at("blocks").get<double>() / plan.at("domains").get<double>())};
}

/// What a node's ranks reached at a point, in bytes a second.
double bandwidth_at(const json& result, const json& point) {
  double most = 0;
  for (const json& at : result.at("bandwidth")) {
    if (at.at("nodes") != point.at("nodes") || at.at("ranks") != point.at("ranks")) continue;
    for (const json& seen : at.at("bytes_per_second")) {
      if (seen.is_number()) most = std::max(most, seen.get<double>());
    }
  }
  return most > 0 ? most / point.at("nodes").get<double>() : machine_rates().memory_bytes_per_second;
}

void print_constants(const machine_rates& one, double block_seconds) {
  fmt::print(
      "one rank: read {:.2f} GB/s, write {:.2f} GB/s, filter {:.0f} M samples/s; start and end {:.2f} s; "
      "ranks "
      "wait {:.2f} ms a block\n\n",
      1e-9 / one.read_seconds_per_byte, 1e-9 / one.write_seconds_per_byte,
      1e-6 / one.filter_seconds_per_sample, one.start_seconds, 1e3 * block_seconds);
}

/// A launcher's time is its own at each point; all else is foretold from the first.
void check(const json& result, machine_rates machine, std::string_view file) {
  fmt::print("{:44}{:>9}{:>8}{:>10}\n", "point", "measured", "model", "measured/");
  for (const json& point : result.at("points")) {
    machine.start_seconds = rates_of(point, file).start_seconds;
    machine.memory_bytes_per_second = bandwidth_at(result, point);
    const double expected = predict(machine, size_of(point)).seconds();
    const double measured = median_of(point, [](const json& run) { return run.at("seconds").get<double>(); });
    const std::string name =
        fmt::format("{}, {} nodes, {} ranks, {} a domain", point.at("kind").get<std::string>(),
                    point.at("nodes").get<int>(), point.at("ranks").get<int>(),
                    point.at("ranks_per_domain").get<std::string>());
    fmt::print("{:44}{:9.2f}{:8.2f}{:10.2f}\n", name, measured, expected, measured / expected);
  }
}

/// The part that takes longest, and what holds it up.
std::string bottleneck_of(const run_time& time) {
  const std::array<std::pair<std::string_view, weir::pipeline::part_time>, 3> parts{
      {{"read", time.read}, {"filter", time.filter}, {"write", time.write}}};
  const auto& [name, part] = *std::max_element(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
    return a.second.seconds < b.second.seconds;
  });
  return fmt::format("{}: {}", name, name_of(part.held_by));
}

void foretell(machine_rates machine) {
  machine.memory_bytes_per_second = paper::memory_bytes_per_second;
  machine.link_bytes_per_second = paper::link_bytes_per_second;
  machine.storage_bytes_per_second = paper::storage_bytes_per_second;
  constexpr double samples = paper::channels * paper::samples;
  constexpr double bytes = samples * paper::sample_bytes;
  fmt::print(
      "\n{:.0f} channels, a day at 1 kHz, float32: {:.2f} TB; nodes of {:.0f} cores, {:.0f} GB/s of memory "
      "and {:.1f} "
      "GB/s to a file system of {:.0f} GB/s\n\n",
      paper::channels, 1e-12 * bytes, paper::cores_a_node, 1e-9 * paper::memory_bytes_per_second,
      1e-9 * paper::link_bytes_per_second, 1e-9 * paper::storage_bytes_per_second);
  fmt::print("{:>5}{:>10}{:>10}{:>10}{:>10}{:>10}  what holds it up\n", "nodes", "read s", "filter s",
             "write s", "waiting s", "all s");
  for (const double nodes : {1, 10, 100}) {
    const double ranks = nodes * paper::cores_a_node;
    const run_time time = predict(machine, {.bytes_read = bytes,
                                            .samples = samples,
                                            .bytes_written = bytes,
                                            .ranks = ranks,
                                            .nodes = nodes,
                                            .blocks_in_turn = bytes / (ranks * paper::block_bytes_a_rank)});
    fmt::print("{:5.0f}{:10.1f}{:10.1f}{:10.1f}{:10.1f}{:10.1f}  {}\n", nodes, time.read.seconds,
               time.filter.seconds, time.write.seconds, time.waiting, time.seconds(), bottleneck_of(time));
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) {
    fmt::print(stderr, "usage: bench_model SCALING.json\n");
    return 64;
  }
  std::ifstream stream(argv[1]);
  const json result = json::parse(stream);
  const json& points = result.at("points");
  machine_rates machine = rates_of(points.at(0), argv[1]);
  // Only ranks of one domain wait for one another.
  for (const json& point : points) {
    if (point.at("nodes") == 1 && point.at("ranks_per_domain") == "node" && point.at("kind") == "strong") {
      machine.block_seconds = rates_of(point, argv[1]).block_seconds;
    }
  }
  print_constants(machine, machine.block_seconds);
  check(result, machine, argv[1]);
  foretell(machine);
} catch (const std::exception& fault) {
  fmt::print(stderr, "bench_model: {}\n", fault.what());
  return 65;
}

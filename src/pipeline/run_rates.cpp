#include <algorithm>
#include <cmath>
#include <fstream>
#include <initializer_list>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/error.hpp>
#include <weir/pipeline/run_rates.hpp>

namespace weir::pipeline {
namespace {

/// Of one rank on the machines of bench/README.md, by its tables: runs over 3.2 GB, on a Zen 4, and the
/// kernels, on a Zen 5.
namespace usual {
constexpr double start_seconds = 0.36;
constexpr double read_seconds_per_byte = 1 / 5.9e9;
constexpr double write_seconds_per_byte = 1 / 3.4e9;
constexpr double block_seconds = 0.5e-3;
// In float64; float32 takes half of each. They meet the kernels' table within a seventh.
constexpr double touch_seconds = 0.13e-9;  // a sample's way from memory to the core and back
constexpr double multiply_add_seconds = 1 / 55e9;
/// Of a sample's part of one halving of the transform and of its inverse; the first few cost nothing beside
/// memory.
constexpr double level_seconds = 0.118e-9;
constexpr double free_levels = 4.8;
}  // namespace usual

/// Seconds for a sample of the input of a filter, whose rate leaves a part of the outputs to compute.
double filter_seconds(const auto& filter) {
  const rate_ratio rate = filter.rate();
  const auto down = static_cast<double>(rate.down);
  if (filter.fft_size() == 0) {
    return usual::touch_seconds +
           usual::multiply_add_seconds * static_cast<double>(filter.taps().size()) / down;
  }
  const auto size = static_cast<double>(filter.fft_size());
  const double used = static_cast<double>(filter.grid()) / down / (2 * size);  // of a pair of segments
  const double levels = std::max(1.0, std::log2(size) - usual::free_levels);
  return usual::level_seconds * levels / used * (1 + rate.of_rate(1)) / 2;
}

double seconds_in(const nlohmann::json& report, std::initializer_list<const char*> phases) {
  double sum = 0;
  for (const char* name : phases) sum += report.at("phases").at(name).at("mean_seconds").get<double>();
  return sum;
}

}  // namespace

machine_rates usual_rates(const operation& what) {
  machine_rates machine{.start_seconds = usual::start_seconds,
                        .read_seconds_per_byte = usual::read_seconds_per_byte,
                        .write_seconds_per_byte = usual::write_seconds_per_byte,
                        .block_seconds = usual::block_seconds};
  const double of_float64 = std::visit(
      [](const auto& one) {
        if constexpr (requires { one.fft_size(); }) {
          return filter_seconds(one);
        } else {
          return 0.0;
        }
      },
      what);
  machine.filter_seconds_per_sample =
      arithmetic_of(what) == sample_type::float32 ? of_float64 / 2 : of_float64;
  return machine;
}

machine_rates rates_of(const nlohmann::json& report, std::string_view file) {
  try {
    const nlohmann::json& plan = report.at("plan");
    const auto ranks = plan.at("ranks").get<double>();
    const auto bytes_read = report.at("bytes_read").get<double>();
    const auto bytes_filtered = report.at("bytes_filtered").get<double>();
    if (bytes_read == 0 || bytes_filtered == 0) {
      throw error(
          exit_code::bad_data,
          fmt::format("the run of '{}' had nothing left to do; give the report of one that filtered", file));
    }
    // Of a run that was stopped, or that went on with another.
    const double done = bytes_filtered / plan.at("bytes_written").get<double>();
    const double blocks = done * plan.at("blocks").get<double>() / plan.at("domains").get<double>();
    double start = seconds_in(report, {"launch", "load", "mpi_init", "plan", "open", "close"});
    // Written last, by a process that may have been ended before.
    if (report.at("phases").contains("finalize")) start += seconds_in(report, {"finalize"});
    return {.start_seconds = start,
            .read_seconds_per_byte = ranks * seconds_in(report, {"read"}) / bytes_read,
            .filter_seconds_per_sample =
                ranks * seconds_in(report, {"filter"}) / (done * plan.at("samples_filtered").get<double>()),
            .write_seconds_per_byte = ranks * seconds_in(report, {"write", "sync"}) / bytes_filtered,
            .block_seconds = seconds_in(report, {"wait"}) / blocks};
  } catch (const nlohmann::json::exception&) {
    throw error(exit_code::bad_data,
                fmt::format("'{}' is no report of a run; give a file that --report wrote", file));
  }
}

machine_rates rates_of_file(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) throw error(exit_code::no_input, fmt::format("the report '{}' cannot be read", file));
  constexpr bool throws = false;
  return rates_of(nlohmann::json::parse(stream, nullptr, throws), file);
}

}  // namespace weir::pipeline

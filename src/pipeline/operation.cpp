#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include <weir/fir/instruction_set.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/host.hpp>
#include <weir/pipeline/operation.hpp>

namespace weir::pipeline {
namespace {

/// Taps are there if an operation has them.
template <row_operation T>
std::vector<double> taps(const T& what) {
  if constexpr (requires { what.taps(); }) return what.taps();
  return {};
}

/// Ranks whose plugins crash at the same time speak in order of rank, this far apart, so that a launcher that
/// ends the job after the first silences the others.
constexpr std::chrono::milliseconds turn_to_speak(100);
constexpr int turns = 10;

plugin::process_place place_of(const communicator& all) {
  if (all.size() == 1) return {};
  return {.name = fmt::format(" (on rank {}, host {})", all.rank(), host_name()),
          .turn = turn_to_speak * std::min(all.rank(), turns)};
}

sample_type arithmetic_of(const plugin::library& code, std::optional<sample_type> asked, sample_type data) {
  const sample_type natural = data == sample_type::float32 ? sample_type::float32 : sample_type::float64;
  const sample_type first = asked.value_or(natural);
  if (code.works_in(first)) return first;
  const sample_type other = first == sample_type::float32 ? sample_type::float64 : sample_type::float32;
  if (!asked) return other;
  throw error(exit_code::usage, fmt::format("the plugin '{}' does not work in {}; give --accumulate {}",
                                            code.file(), name_of(first), name_of(other)));
}

/// **Collective.** Throws agreed_error(bad_data) on all ranks, naming the first host whose file has other
/// bytes than rank 0's, before any of them is loaded.
void expect_same_file(const communicator& all, const std::string& file) {
  const std::uint64_t mine = agree(all, [&] { return plugin::checksum_of(file); });
  const std::uint64_t first = all.broadcast(mine, 0);
  const std::string host = all.broadcast(host_name(), 0);
  agree(all, [&] {
    if (mine == first) return;
    throw error(
        exit_code::bad_data,
        fmt::format("the plugin '{}' is not the file that host {} has; copy one to all hosts", file, host));
  });
}

/// **Collective.** Throws agreed_error(bad_data) on all ranks if a plugin's halo is not the same on all.
void expect_same_halo(const communicator& all, const plugin::instance& made) {
  const std::uint64_t halo = made.before() * (plugin::largest_halo + 1) + made.after();
  if (all.all_reduce(halo, reduction::min) == all.all_reduce(halo, reduction::max)) return;
  throw agreed_error(
      exit_code::bad_data,
      fmt::format("the plugin '{}' asks for other neighbours on other ranks, so its results would depend on "
                  "their number; its halo may depend on the request alone",
                  made.code().file()),
      all.rank(), all.size());
}

}  // namespace

sample_type natural_arithmetic(const fir::filter_spec& spec, sample_type data) {
  const auto errs_little = [&]<sample S>(S) {
    if constexpr (std::integral<S> && sizeof(S) == sizeof(std::int16_t)) {
      const double largest =
          std::max(-1.0 * std::numeric_limits<S>::lowest(), 1.0 * std::numeric_limits<S>::max());
      return fir::error_bound<float> * fir::absolute_sum(spec) * largest < 0.5;
    } else {
      return std::same_as<S, float>;
    }
  };
  return visit_sample_type(data, errs_little) ? sample_type::float32 : sample_type::float64;
}

fir::instruction_set common_instruction_set(const communicator& all) {
  const fir::instruction_set own = agree(all, [] { return fir::best_instruction_set(); });
  return static_cast<fir::instruction_set>(all.all_reduce(static_cast<int>(own), reduction::min));
}

operation make_fir_operation(const communicator& all, const fir::filter_spec& spec, rate_ratio rate,
                             fir::method how, sample_type arithmetic) {
  const fir::instruction_set common = common_instruction_set(all);
  return agree(all, [&]() -> operation {
    const bool is_single = arithmetic == sample_type::float32;
    if (rate.is_one() && is_single) return fir_operation<float>(spec, how, common);
    if (rate.is_one()) return fir_operation<double>(spec, how, common);
    if (is_single) return resample_operation<float>(spec, rate, how, common);
    return resample_operation<double>(spec, rate, how, common);
  });
}

operation make_plugin_operation(const communicator& all, const plugin_choice& choice,
                                const io::recording& input) {
  expect_same_file(all, choice.file);
  const auto code =
      agree(all, [&] { return std::make_shared<const plugin::library>(choice.file, place_of(all)); });
  const auto made = agree(all, [&] {
    return std::make_shared<plugin::instance>(
        code, plugin::request{.channels = input.channels,
                              .samples = input.samples,
                              .sampling_rate = input.sampling_rate,
                              .type = arithmetic_of(*code, choice.arithmetic, input.type),
                              .parameters = choice.parameters});
  });
  expect_same_halo(all, *made);
  if (made->type() == sample_type::float32) return plugin_operation<float>(made);
  return plugin_operation<double>(made);
}

std::string engine_of(const operation& what) {
  return std::visit([](const auto& one) { return one.engine(); }, what);
}

operation_identity identity_of(const operation& what) {
  return std::visit([](const auto& one) { return one.identity(); }, what);
}

std::size_t support_of(const operation& what) {
  return std::visit([](const auto& one) { return one.support(); }, what);
}

rate_ratio rate_of(const operation& what) {
  return std::visit([](const auto& one) { return one.rate(); }, what);
}

sample_type arithmetic_of(const operation& what) {
  return std::visit([]<row_operation T>(const T&) { return sample_type_of<typename T::arithmetic>(); }, what);
}

std::vector<double> taps_of(const operation& what) {
  return std::visit([](const auto& one) { return taps(one); }, what);
}

}  // namespace weir::pipeline

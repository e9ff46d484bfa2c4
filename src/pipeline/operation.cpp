#include <weir/fir/instruction_set.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/pipeline/operation.hpp>

namespace weir::pipeline {
namespace {

/// Taps are there if an operation has them.
template <row_operation T>
std::vector<double> taps(const T& what) {
  if constexpr (requires { what.taps(); }) return what.taps();
  return {};
}

}  // namespace

operation make_fir_operation(const communicator& all, const fir::filter_spec& spec, fir::method how,
                             sample_type arithmetic) {
  const fir::instruction_set own = agree(all, [] { return fir::best_instruction_set(); });
  const auto common =
      static_cast<fir::instruction_set>(all.all_reduce(static_cast<int>(own), reduction::min));
  return agree(all, [&]() -> operation {
    if (arithmetic == sample_type::float32) return fir_operation<float>(spec, how, common);
    return fir_operation<double>(spec, how, common);
  });
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

std::vector<double> taps_of(const operation& what) {
  return std::visit([](const auto& one) { return taps(one); }, what);
}

}  // namespace weir::pipeline

#pragma once

#include <string>
#include <utility>

#include <fmt/format.h>

#include <weir/fir/instruction_set.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/pipeline/filter_job.hpp>

namespace weir::pipeline {

/// The instruction set that all ranks have: one machine's larger set could give other bits than the rest.
/// **Collective.**
inline fir::instruction_set common_instruction_set(const communicator& all) {
  const fir::instruction_set own = agree(all, [] { return fir::best_instruction_set(); });
  return static_cast<fir::instruction_set>(all.all_reduce(static_cast<int>(own), reduction::min));
}

/// Makes the job's filter in its arithmetic and returns what `use(filter)` returns. **Collective.**
template <class F>
decltype(auto) with_arithmetic(const communicator& all, const filter_job& job, F&& use) {
  const fir::instruction_set set = common_instruction_set(all);
  const auto make = [&]<class A>(A) {
    return agree(all, [&] { return fir::row_filter<A>(job.filter, job.method, set); });
  };
  if (job.arithmetic == sample_type::float32) return std::forward<F>(use)(make(float{}));
  return std::forward<F>(use)(make(double{}));
}

/// The engine as a report names it: its kind, size, instructions and arithmetic.
template <class A>
std::string describe_engine(const fir::row_filter<A>& filter) {
  const std::string size = filter.fft_size() > 0 ? fmt::format(" of {}", filter.fft_size()) : "";
  return fmt::format("{}{}, {}, {}", filter.engine(), size, fir::name_of(filter.instructions()),
                     name_of(sample_type_of<A>()));
}

}  // namespace weir::pipeline

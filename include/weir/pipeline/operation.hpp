#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <weir/fir/filter_spec.hpp>
#include <weir/fir/instruction_set.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/io/recording.hpp>
#include <weir/mpi/communicator.hpp>
#include <weir/pipeline/fir_operation.hpp>
#include <weir/pipeline/plugin_operation.hpp>
#include <weir/pipeline/resample_operation.hpp>
#include <weir/sample_type.hpp>

namespace weir::pipeline {

/// What a job does to a recording's rows: one of the kinds of row_operation. Cheap to copy.
using operation = std::variant<fir_operation<float>, fir_operation<double>, resample_operation<float>,
                               resample_operation<double>, plugin_operation<float>, plugin_operation<double>>;

/// The instructions that all ranks have: one machine's larger set could give other bits than the rest.
/// **Collective.** Throws `agreed_error`: usage for a WEIR_INSTRUCTION_SET that is none.
fir::instruction_set common_instruction_set(const communicator& all);

/// A FIR filter in `arithmetic`, float32 or float64, which changes the sampling rate unless `rate` is one, by
/// the instructions that all ranks have. **Collective.** Throws `agreed_error`.
operation make_fir_operation(const communicator& all, const fir::filter_spec& spec, rate_ratio rate,
                             fir::method how, sample_type arithmetic);

/// The arithmetic for `data` where none is asked for: float32 for float32, and for integers of 16 bits as
/// long as it errs by less than half a unit (fir::error_bound), so that a result is the rounded exact one or
/// its neighbour; float64 for everything else.
sample_type natural_arithmetic(const fir::filter_spec& spec, sample_type data);

/// Which plugin a job runs, and how.
struct plugin_choice {
  std::string file;
  plugin::parameters parameters = {};
  std::optional<sample_type> arithmetic = {};  ///< nothing: float32 for float32 data, else float64, if it can
};

/// A plugin, loaded on every rank, and made for a recording. **Collective.** Throws `agreed_error`: what
/// plugin::library and plugin::instance throw; usage if it does not work in the arithmetic; bad_data if ranks
/// have different files under its name, or were told different halos by it.
operation make_plugin_operation(const communicator& all, const plugin_choice& choice,
                                const io::recording& input);

/// The functions of row_operation, of whichever kind it is.
std::string engine_of(const operation& what);
operation_identity identity_of(const operation& what);
std::size_t support_of(const operation& what);
rate_ratio rate_of(const operation& what);

/// The type in which an operation computes.
sample_type arithmetic_of(const operation& what);

/// The taps of a FIR filter; none of any other operation.
std::vector<double> taps_of(const operation& what);

}  // namespace weir::pipeline

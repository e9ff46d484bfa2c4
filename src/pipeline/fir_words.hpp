#pragma once

#include <concepts>
#include <span>
#include <string>

#include <fmt/format.h>

#include <weir/fir/filter_spec.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/pipeline/row_operation.hpp>
#include <weir/sample_type.hpp>

namespace weir::pipeline {

/// How a FIR engine works, for the plan and for the identity: its kind, size, instructions and arithmetic.
template <std::floating_point A>
std::string words_on_engine(const auto& filter) {
  const std::string size = filter.fft_size() > 0 ? fmt::format(" of {}", filter.fft_size()) : "";
  return fmt::format("{}{}, {}, {}", filter.engine(), size, fir::name_of(filter.instructions()),
                     name_of(sample_type_of<A>()));
}

/// What a FIR filter's bits depend on.
inline operation_identity identity_of_taps(const fir::filter_spec& spec, const std::string& engine) {
  const std::span taps(spec.taps);
  const std::span bytes(reinterpret_cast<const char*>(taps.data()), taps.size_bytes());
  return {{"taps", fmt::format("{} with checksum {:016x}", taps.size(), io::checksum(bytes))},
          {"advance", std::to_string(spec.advance)},
          {"engine", engine}};
}

}  // namespace weir::pipeline

#pragma once

#include <algorithm>

#include <weir/pipeline/filter_job.hpp>
#include <weir/sample_type.hpp>

namespace weir::pipeline {

/// The smallest type that holds all values of both exactly: what a window's samples are where a run reads one
/// type and writes another.
constexpr sample_type type_of_both(sample_type a, sample_type b) {
  if (a == b) return a;
  const auto either = [&](sample_type type) { return a == type || b == type; };
  if (either(sample_type::float64)) return sample_type::float64;
  if (either(sample_type::float32)) {
    return either(sample_type::int32) ? sample_type::float64 : sample_type::float32;
  }
  return sample_type::int32;
}

inline sample_type window_type_of(const filter_job& job) {
  return type_of_both(job.input.type, job.output_recording().type);
}

}  // namespace weir::pipeline

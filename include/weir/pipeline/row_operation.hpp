#pragma once

#include <concepts>
#include <cstddef>
#include <map>
#include <span>
#include <string>

#include <weir/fir/row_filter.hpp>
#include <weir/partition.hpp>
#include <weir/rate_ratio.hpp>

namespace weir::pipeline {

/// Where a piece of a row lies in the recording.
struct row_place {
  std::size_t channel = 0;
  index_range samples;
};

/// All that the bits of an operation's output depend on: names and their values.
using operation_identity = std::map<std::string, std::string>;

/// What a job does to rows: each sample of the output is a function of the samples around its place in its
/// row. A row may be worked on in pieces; the bits do not depend on where it is cut.
///
/// `rate()`: how many samples of output there are; one where each sample has its own, and the work is done in
/// place. `before()`, `after()`: the neighbours that a piece wants on each side. `grid()`: rows are cut at
/// multiples of this, counted from their first sample. `support()`: how many input samples one output depends
/// on. `make_scratch()`: the working memory of one rank, which knows its `bytes()`. `engine()`: how the work
/// is done, in a few words for the plan. `identity()`: all that the output's bits depend on, without the
/// ends.
///
/// The call fills `out` from the piece `in`, and throws `error` if it cannot. They are the same memory where
/// the rate is one, and do not overlap otherwise: `out` then holds the piece's outputs as rate().outputs_in()
/// counts them. `before` ends with the neighbour ahead of the piece and `after` begins with the one behind
/// it, in the operation's arithmetic.
template <class T>
concept row_operation = std::floating_point<typename T::arithmetic> &&
    requires(const T& operation, const row_place& where, std::span<const typename T::arithmetic> context,
             std::span<const float> in, std::span<float> out, typename T::scratch& work) {
  { operation.rate() } -> std::same_as<rate_ratio>;
  { operation.before() } -> std::same_as<std::size_t>;
  { operation.after() } -> std::same_as<std::size_t>;
  { operation.grid() } -> std::same_as<std::size_t>;
  { operation.support() } -> std::same_as<std::size_t>;
  { operation.make_scratch() } -> std::same_as<typename T::scratch>;
  { work.bytes() } -> std::convertible_to<std::size_t>;
  { operation.engine() } -> std::same_as<std::string>;
  { operation.identity() } -> std::same_as<operation_identity>;
  { operation(where, context, in, context, out, work) } -> std::same_as<fir::row_counts>;
};

}  // namespace weir::pipeline

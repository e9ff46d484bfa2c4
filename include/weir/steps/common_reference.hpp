#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <weir/sample_type.hpp>
#include <weir/steps/row_line.hpp>

namespace weir::steps {

/// What is taken off all rows, sample by sample: SpikeInterface's common_reference with reference="global"
/// and operator="median" or "average", or with reference="single".
enum class reference_kind {
  none,
  median,  ///< of an even number of rows the mean of the two in the middle, as numpy.median
  mean,
  row,  ///< one of the rows
};

struct reference {
  reference_kind kind = reference_kind::none;
  std::size_t row = 0;  ///< of reference_kind::row

  friend bool operator==(const reference&, const reference&) = default;
};

/// Rows of samples that lie `stride` apart in memory. Not owning.
template <sample S>
struct row_block {
  const S* data = nullptr;
  std::size_t stride = 0;
};

/// Computes references of rows, a stretch of samples at a time. A sample that is NaN in any row has the
/// reference NaN; the mean is a sum in pairs of rows, in their order. One for each thread.
class common_reference {
 public:
  /// For as many rows as there are lines. Throws error(internal) if it is none of them.
  common_reference(const reference& which, std::span<const row_line> lines);

  /// Fills `to` with the references of the samples from `rows.data` on, the first of which is at `time`.
  template <sample S>
  void operator()(const row_block<S>& rows, double time, std::span<double> to);

  /// Bytes that one for `rows` rows holds.
  static std::size_t memory_bytes(const reference& which, std::size_t rows);

 private:
  reference which_;
  std::span<const row_line> lines_;
  std::vector<double> turned_;  ///< the rows' values, sample by sample
};

}  // namespace weir::steps

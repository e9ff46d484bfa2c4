#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <weir/partition.hpp>
#include <weir/pipeline/window_layout.hpp>
#include <weir/steps/row_line.hpp>
#include <weir/steps/trend.hpp>

#include "window_view.hpp"

namespace weir::pipeline {

/// The rows of a block as the operation meets them: what a preparation makes of the samples in a window.
class prepared_rows {
 public:
  /// `lines`: of all rows. `length`: the recording's samples; `selected`: those that trends were fitted to.
  prepared_rows(std::vector<steps::row_line> lines, std::size_t length, index_range selected)
      : lines_(std::move(lines)), length_(static_cast<std::ptrdiff_t>(length)), selected_(selected) {}

  std::span<const steps::row_line> lines() const { return lines_; }

  /// The time at a position, from the middle of the selected samples. Positions beyond the recording's ends
  /// stand for its samples at the other one.
  double time_of(std::ptrdiff_t position) const {
    const std::ptrdiff_t inside = (position % length_ + length_) % length_;
    return steps::first_time(selected_.size()) +
           static_cast<double>(inside - static_cast<std::ptrdiff_t>(selected_.begin));
  }

  /// From `position` on, how many positions lie one after the other in the recording.
  std::size_t stretch_at(std::ptrdiff_t position) const {
    return static_cast<std::size_t>(length_ - (position % length_ + length_) % length_);
  }

  /// What is taken off every row of the block at hand, from the position `first` on; none without a
  /// reference. Not owning.
  void set_reference(std::ptrdiff_t first, std::span<const double> values) {
    first_ = first;
    reference_ = values;
  }

  /// Prepares a row's samples from `position` on.
  template <sample W, class A>
  void load(const window_view<W>& window, std::size_t row, std::ptrdiff_t position, std::span<A> to) const {
    for (std::size_t done = 0; done < to.size();) {
      const std::ptrdiff_t at = position + static_cast<std::ptrdiff_t>(done);
      const std::size_t count = std::min(stretch_at(at), to.size() - done);
      const auto reference =
          reference_.empty() ? reference_ : reference_.subspan(static_cast<std::size_t>(at - first_), count);
      steps::prepare(std::span<const W>(window.at(row, at), count), lines_[window.where().rows.begin + row],
                     time_of(at), reference, to.subspan(done, count));
      done += count;
    }
  }

 private:
  std::vector<steps::row_line> lines_;
  std::ptrdiff_t length_;
  index_range selected_;
  std::ptrdiff_t first_ = 0;
  std::span<const double> reference_;
};

}  // namespace weir::pipeline

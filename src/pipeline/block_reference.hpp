#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include <weir/mpi/agree.hpp>
#include <weir/shm/shared_window.hpp>
#include <weir/steps/common_reference.hpp>
#include <weir/topology.hpp>

#include "prepared_rows.hpp"

namespace weir::pipeline {

/// Bytes, shared by a domain's ranks, of a block's reference.
constexpr std::size_t reference_bytes(const window_layout& layout) {
  return layout.stride * sizeof(double);
}

/// What all rows of a block have in common, sample by sample, in memory of the domain: each rank computes it
/// for some of the samples.
class block_reference {
 public:
  /// **Collective** over the world.
  block_reference(const topology& where, const steps::reference& which, const window_layout& layout,
                  prepared_rows& rows)
      : rows_(rows), compute_(which, rows.lines()), memory_(agree(where.world(), [&] {
          return shared_window(where.domain(), reference_bytes(layout));
        })) {}

  /// Computes this share's samples at the positions that the window holds. Not collective; all ranks of the
  /// domain meet before the rows are used.
  template <sample W>
  void compute(const window_view<W>& window, position_range held, share mine) {
    // Whole cache lines of the window's smallest type.
    constexpr std::size_t unit = 32;
    const std::size_t count = held.size();
    const index_range units = part_of(ceil_div(count, unit), mine.of, mine.index);
    const index_range own{std::min(units.begin * unit, count), std::min(units.end * unit, count)};
    for (std::size_t done = own.begin; done < own.end;) {
      const std::ptrdiff_t at = held.begin + static_cast<std::ptrdiff_t>(done);
      const std::size_t stretch = std::min(rows_.stretch_at(at), own.end - done);
      compute_(steps::row_block<W>{window.at(0, at), window.stride()}, rows_.time_of(at),
               values().subspan(done, stretch));
      done += stretch;
    }
    rows_.set_reference(held.begin, values().first(count));
  }

 private:
  std::span<double> values() {
    return {reinterpret_cast<double*>(memory_.data()), memory_.size() / sizeof(double)};
  }

  prepared_rows& rows_;
  steps::common_reference compute_;
  shared_window memory_;
};

}  // namespace weir::pipeline

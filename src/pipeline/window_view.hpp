#pragma once

#include <cstddef>

#include <weir/block_grid.hpp>
#include <weir/pipeline/window_layout.hpp>
#include <weir/sample_type.hpp>

namespace weir::pipeline {

/// One block in a window: where each of its samples lies. Does not own the memory.
template <sample S>
class window_view {
 public:
  window_view(S* data, const window_layout& layout, const block& where)
      : data_(data), layout_(layout), where_(where) {}

  /// The sample of the block's `row`-th row at `position` of the recording; the halo's positions count too.
  S* at(std::size_t row, std::ptrdiff_t position) const {
    const auto column = static_cast<std::ptrdiff_t>(layout_.lead) + position -
                        static_cast<std::ptrdiff_t>(where_.samples.begin);
    return data_ + row * layout_.stride + column;
  }

  /// The same memory as a block whose first sample is `columns` behind this one's.
  window_view moved(std::size_t columns, const block& where) const {
    return {data_ + columns, layout_, where};
  }

  /// The same block in a file that begins with this channel and sample of the recording: positions count from
  /// there.
  window_view seen_from(std::size_t first_channel, std::size_t first_sample) const {
    return {data_,
            layout_,
            {{where_.rows.begin - first_channel, where_.rows.end - first_channel},
             {where_.samples.begin - first_sample, where_.samples.end - first_sample}}};
  }

  std::size_t stride() const { return layout_.stride; }
  const block& where() const { return where_; }

 private:
  S* data_;
  window_layout layout_;
  block where_;
};

/// Which of the equal shares of a block's work: a rank of its domain.
struct share {
  std::size_t index = 0;
  std::size_t of = 1;
};

}  // namespace weir::pipeline

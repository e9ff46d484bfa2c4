#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <weir/io/recording.hpp>
#include <weir/partition.hpp>
#include <weir/pipeline/block_choice.hpp>

namespace weir::pipeline {

/// Where a recording's samples lie: in files one after another, each with tiles that begin at its own first
/// sample.
class source_map {
 public:
  explicit source_map(const io::recording& what);

  /// The files, and what a read of each touches at least.
  const std::vector<source_span>& spans() const { return spans_; }

  /// Cuts `samples` at the files' borders, and in each file at the multiples of `step` from its begin.
  std::vector<index_range> cut(index_range samples, std::size_t step) const;

  /// Samples that a read of `channels` x `samples` touches, in whole units of the files.
  std::uint64_t samples_touched(index_range channels, index_range samples) const;

 private:
  std::size_t channels_;
  std::vector<source_span> spans_;
};

}  // namespace weir::pipeline

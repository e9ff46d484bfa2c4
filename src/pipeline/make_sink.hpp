#pragma once

#include <memory>

#include <weir/error.hpp>

#include "packed_sink.hpp"
#include "per_node_sink.hpp"
#include "plain_sink.hpp"
#include "progress_keeper.hpp"
#include "retyped_sink.hpp"

namespace weir::pipeline {

/// The sink of a job for a window of samples of type W, whose results are of the type of `part`. It keeps
/// `tiles`, of which the ranks take those that they write or pack.
/// **Collective** over the leaders; a fault is kept in `failure`.
template <sample W>
std::unique_ptr<output_sink<W>> make_sink(const topology& where, const filter_job& job,
                                          const io::recording& part, const progress_keeper& keeper,
                                          work_shares& tiles, shared_failure& failure, rank_counts& counts) {
  return visit_sample_type(part.type, [&]<sample T>(T) -> std::unique_ptr<output_sink<W>> {
    std::unique_ptr<output_sink<T>> sink;
    if constexpr (std::is_same_v<T, W> || sizeof(T) < sizeof(W)) {
      if (job.write == write_mode::per_node) {
        sink = std::make_unique<per_node_sink<T>>(where, job, keeper.own_nodes(), tiles, failure, counts);
      } else if (job.packed) {
        sink = std::make_unique<packed_sink<T>>(where, job.write, job.output, part, keeper.run(), tiles,
                                                failure);
      } else {
        sink = std::make_unique<plain_sink<T>>(where, job.write, part, tiles, failure, counts);
      }
    }
    if constexpr (std::is_same_v<T, W>) {
      return sink;
    } else if constexpr (sizeof(T) < sizeof(W)) {
      return std::make_unique<retyped_sink<W, T>>(std::move(sink));
    } else {
      throw error(exit_code::internal, "a window's samples are narrower than what is written of them");
    }
  });
}

}  // namespace weir::pipeline

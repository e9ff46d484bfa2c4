#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <weir/io/node_file.hpp>
#include <weir/pipeline/checkpoint.hpp>
#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/report.hpp>
#include <weir/topology.hpp>

#include "output_sink.hpp"
#include "packed_sink.hpp"
#include "plain_sink.hpp"
#include "shared_failure.hpp"

namespace weir::pipeline {

/// Every rank writes, or packs, its tiles of its domain's own files, one file after the other: the blocks of
/// each follow one another.
template <sample S>
class per_node_sink : public output_sink<S> {
 public:
  /// `nodes`: the files of this rank's domain. Opens none yet. Keeps `tiles`, of which the ranks take what
  /// they pack. Not collective.
  per_node_sink(const topology& where, const filter_job& job, std::vector<node_output> nodes,
                work_shares& tiles, shared_failure& failure, rank_counts& counts)
      : where_(where),
        job_(job),
        nodes_(std::move(nodes)),
        tiles_(tiles),
        failure_(failure),
        counts_(counts),
        log_bytes_(nodes_.size()) {}

  void write(const window_view<S>& window) override {
    failure_.attempt([&] { open_file_of(window.where()); });
    if (!into_) return;
    const node_output& node = nodes_[current_];
    into_->write(window.seen_from(node.channels.begin, node.samples.begin));
  }

  void gather(const std::optional<window_view<S>>&,
              const typename output_sink<S>::blocks_of_round&) override {}

  void sync() override {
    if (into_) into_->sync();
  }

  void close() override {
    if (into_) into_->close();
  }

  std::vector<std::uint64_t> log_bytes() const override {
    if (!job_.packed) return {};
    std::vector<std::uint64_t> bytes = log_bytes_;
    if (into_) bytes[current_] = into_->log_bytes().front();
    return bytes;
  }

 private:
  void open_file_of(const block& where) {
    const auto holds = [&](const node_output& node) {
      return intersection(node.channels, where.rows) == where.rows &&
             intersection(node.samples, where.samples) == where.samples;
    };
    const auto found = std::ranges::find_if(nodes_, holds);
    if (found == nodes_.end()) throw error(exit_code::internal, "a block belongs to no file of its node");
    const auto place = static_cast<std::size_t>(found - nodes_.begin());
    if (into_ && place == current_) return;
    sync();
    if (job_.packed) log_bytes_ = log_bytes();
    into_.reset();
    current_ = place;
    if (job_.packed) {
      into_ = std::make_unique<packed_sink<S>>(where_, write_mode::parallel,
                                               io::node_path(job_.output, found->number), found->part, 0,
                                               tiles_, failure_);
    } else {
      into_ = std::make_unique<plain_sink<S>>(where_, write_mode::parallel, found->part, tiles_, failure_,
                                              counts_);
    }
  }

  const topology& where_;
  const filter_job& job_;
  std::vector<node_output> nodes_;
  work_shares& tiles_;
  shared_failure& failure_;
  rank_counts& counts_;
  std::vector<std::uint64_t> log_bytes_;
  std::size_t current_ = 0;
  std::unique_ptr<output_sink<S>> into_;
};

}  // namespace weir::pipeline

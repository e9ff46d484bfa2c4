#pragma once

#include <optional>
#include <vector>

#include <weir/io/writer.hpp>
#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/report.hpp>
#include <weir/shm/work_shares.hpp>
#include <weir/topology.hpp>

#include "gather.hpp"
#include "output_sink.hpp"
#include "shared_failure.hpp"
#include "window_io.hpp"

namespace weir::pipeline {

/// Writes samples to their places in the output: no rank waits for another to do so.
template <sample S>
class plain_sink : public output_sink<S> {
 public:
  /// Opens the output. Keeps `tiles`, of which ranks that write take theirs. Not collective; a fault is kept
  /// in `failure`.
  plain_sink(const topology& where, write_mode mode, const io::recording& part, work_shares& tiles,
             shared_failure& failure, rank_counts& counts)
      : where_(where), mode_(mode), part_(part), tiles_(tiles), failure_(failure), counts_(counts) {
    failure_.attempt([this] {
      if (writes()) writer_.emplace(part_);
    });
  }

  void write(const window_view<S>& window) override {
    failure_.attempt([&] {
      if (writer_) counts_.bytes_written += write_tiles<S>(*writer_, part_, window, tiles_);
    });
  }

  /// Failures do not keep a leader from sending or rank 0 from receiving.
  void gather(const std::optional<window_view<S>>& own,
              const typename output_sink<S>::blocks_of_round& blocks) override {
    const communicator& leaders = where_.leaders();
    if (where_.is_domain_leader() && where_.domain_index() > 0) {
      if (own) send_block<S>(leaders, *own, 0, staging_);
    } else if (where_.world().rank() == 0) {
      for (int domain = 1; domain < where_.domains(); ++domain) {
        const auto theirs = blocks(static_cast<std::size_t>(domain));
        if (!theirs) continue;
        receive_block<S>(leaders, *theirs, domain, staging_, [&](const block& piece, const S* data) {
          failure_.attempt([&] {
            writer_->write(piece.rows, piece.samples, data, piece.samples.size());
            counts_.bytes_written += piece.rows.size() * piece.samples.size() * sizeof(S);
          });
        });
      }
    }
  }

  void sync() override {
    if (writer_) writer_->sync();
  }

  void close() override {
    if (writer_) writer_->close();
  }

 private:
  bool writes() const {
    switch (mode_) {
      case write_mode::parallel:
        return true;
      case write_mode::leader:
        return where_.is_domain_leader();
      case write_mode::gather:
        return where_.world().rank() == 0;
      case write_mode::per_node:
        break;  // per_node_sink's, which has a plain one for each file
    }
    return false;
  }

  const topology& where_;
  write_mode mode_;
  io::recording part_;
  work_shares& tiles_;
  shared_failure& failure_;
  rank_counts& counts_;
  std::optional<io::writer> writer_;
  std::vector<S> staging_;
};

}  // namespace weir::pipeline

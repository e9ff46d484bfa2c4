#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <weir/io/chunk_log.hpp>
#include <weir/io/packer.hpp>
#include <weir/pipeline/filter_job.hpp>
#include <weir/shm/work_shares.hpp>
#include <weir/tile_cover.hpp>
#include <weir/topology.hpp>

#include "output_sink.hpp"
#include "shared_failure.hpp"
#include "window_io.hpp"

namespace weir::pipeline {

/// Packs chunks, each on one of the domain's ranks, into logs beside the output: every rank has one, or each
/// domain's leader, or rank 0, who then receive the pieces of the others, one of each rank at a time.
/// store_chunks() makes the output of the logs.
template <sample S>
class packed_sink : public output_sink<S> {
 public:
  /// Creates this rank's log of the `run`-th run at the output. **Collective** over the leaders with
  /// write_mode::gather; a fault is kept in `failure`.
  /// Keeps `chunks`, of which the ranks take what they pack with write_mode::parallel.
  packed_sink(const topology& where, write_mode mode, const std::string& final_path,
              const io::recording& part, std::uint64_t run, work_shares& chunks, shared_failure& failure)
      : where_(where),
        mode_(mode),
        part_(part),
        chunks_(chunks),
        failure_(failure),
        mine_{static_cast<std::size_t>(where.domain().rank()),
              static_cast<std::size_t>(where.domain().size())} {
    if (mode_ == write_mode::gather && where.is_domain_leader()) {
      domain_sizes_ = where.leaders().all_gather(mine_.of);
    }
    failure_.attempt([&] {
      packer_.emplace(part_);
      if (mode_ != write_mode::parallel && where.is_domain_leader()) {
        incoming_.reserve(io::packer::most_bytes(part_));
      }
      if (logs()) {
        log_.emplace(final_path, io::log_file{run, static_cast<std::uint64_t>(where.world().rank()), 0});
      }
    });
  }

  void write(const window_view<S>& window) override {
    if (mode_ == write_mode::leader) {
      pass(window, [](std::size_t) {});
    } else if (mode_ == write_mode::parallel) {
      const tile_cover chunks = chunks_of(window.where());
      while (!failure_.failed()) {
        const std::optional<std::size_t> taken = chunks_.take(chunks.size());
        if (!taken) break;
        const io::piece_header header = pack(window, chunks[*taken]);
        keep(header, packer_->bytes());
      }
    }
  }

  void gather(const std::optional<window_view<S>>& own,
              const typename output_sink<S>::blocks_of_round& blocks) override {
    if (where_.world().rank() != 0) {
      if (own) pass(*own, [](std::size_t) {});
      return;
    }
    // All domains pack their n-th chunks at the same time; rank 0 takes them before any packs the next.
    std::vector<std::size_t> chunks_of_domain;
    for (std::size_t domain = 0; domain < domain_sizes_.size(); ++domain) {
      const auto theirs = blocks(domain);
      chunks_of_domain.push_back(theirs ? chunks_of(*theirs).size() : 0);
    }
    std::size_t steps = 0;
    for (std::size_t domain = 0; domain < domain_sizes_.size(); ++domain) {
      steps = std::max(steps, ceil_div(chunks_of_domain[domain], domain_sizes_[domain]));
    }
    const auto take_of_others = [&](std::size_t step) {
      for (std::size_t domain = 1; domain < domain_sizes_.size(); ++domain) {
        const std::size_t before = step * domain_sizes_[domain];
        const std::size_t left = chunks_of_domain[domain] - std::min(chunks_of_domain[domain], before);
        for (std::size_t i = 0; i < std::min(left, domain_sizes_[domain]); ++i) {
          receive(where_.leaders(), static_cast<int>(domain));
        }
      }
    };
    std::size_t step = 0;
    if (own) step = pass(*own, take_of_others);
    for (; step < steps; ++step) take_of_others(step);
  }

  void sync() override {
    if (log_) log_->sync();
  }

  void close() override {
    if (log_) log_->close();
  }

  std::vector<std::uint64_t> log_bytes() const override { return {log_ ? log_->bytes() : 0}; }

 private:
  bool logs() const {
    return mode_ == write_mode::parallel || (mode_ == write_mode::leader && where_.is_domain_leader()) ||
           where_.world().rank() == 0;
  }

  tile_cover chunks_of(const block& where) const {
    return {where, {part_.store.chunk_channels, part_.store.chunk_samples}, file_order(part_)};
  }

  /// A header without bytes where something failed.
  io::piece_header pack(const window_view<S>& window, const block& chunk) {
    io::piece_header header;
    failure_.attempt([&] {
      header = packer_->pack(chunk.rows, chunk.samples,
                             window.at(chunk.rows.begin - window.where().rows.begin,
                                       static_cast<std::ptrdiff_t>(chunk.samples.begin)),
                             window.stride());
    });
    return header;
  }

  /// Appends a piece to the log, or sends it on to rank 0.
  void keep(const io::piece_header& header, std::span<const std::byte> bytes) {
    if (!log_ && mode_ == write_mode::gather) {
      send(where_.leaders(), header, bytes);
      return;
    }
    if (header.bytes == 0) return;
    failure_.attempt([&] { log_->append(header, bytes.first(header.bytes)); });
  }

  void send(const communicator& to, const io::piece_header& header, std::span<const std::byte> bytes) {
    to.send(std::span(&header, 1), 0);
    if (header.bytes > 0) to.send(bytes.first(header.bytes), 0);
  }

  void receive(const communicator& from, int rank) {
    io::piece_header header;
    from.receive(std::span(&header, 1), rank);
    incoming_.resize(header.bytes);
    if (header.bytes > 0) from.receive(std::span(incoming_), rank);
    keep(header, incoming_);
  }

  /// Brings this domain's pieces to its leader, one of each rank at a time: the ranks pack while the leader
  /// stores. Calls `after(step)` on the leader at the end of each step, and returns the number of steps.
  /// **Collective** over the domain.
  template <class F>
  std::size_t pass(const window_view<S>& window, F&& after) {
    const tile_cover chunks = chunks_of(window.where());
    const std::size_t ranks = mine_.of;
    const std::size_t steps = ceil_div(chunks.size(), ranks);
    for (std::size_t step = 0; step < steps; ++step) {
      const std::size_t first = step * ranks;
      const std::size_t in_step = std::min(ranks, chunks.size() - first);
      if (mine_.index < in_step) {
        const io::piece_header header = pack(window, chunks[first + mine_.index]);
        const auto bytes = packer_ ? packer_->bytes() : std::span<const std::byte>();
        if (mine_.index == 0) {
          keep(header, bytes);
        } else {
          send(where_.domain(), header, bytes);
        }
      }
      if (mine_.index != 0) continue;
      for (std::size_t rank = 1; rank < in_step; ++rank) receive(where_.domain(), static_cast<int>(rank));
      after(step);
    }
    return steps;
  }

  const topology& where_;
  write_mode mode_;
  io::recording part_;
  work_shares& chunks_;
  shared_failure& failure_;
  share mine_;
  std::vector<std::size_t> domain_sizes_;  ///< on leaders
  std::optional<io::packer> packer_;
  std::optional<io::chunk_log> log_;
  std::vector<std::byte> incoming_;
};

}  // namespace weir::pipeline

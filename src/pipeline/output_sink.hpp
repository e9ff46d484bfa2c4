#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <weir/block_grid.hpp>
#include <weir/sample_type.hpp>

#include "window_view.hpp"

namespace weir::pipeline {

/// Where a domain's filtered blocks go. One on every rank; a rank that writes nothing itself still takes part
/// in what is collective. Faults are kept in the run's shared_failure, and keep no rank from meeting the
/// others.
template <sample S>
class output_sink {
 public:
  using blocks_of_round = std::function<std::optional<block>(std::size_t domain)>;

  output_sink() = default;
  virtual ~output_sink() = default;
  output_sink(const output_sink&) = delete;
  output_sink& operator=(const output_sink&) = delete;
  output_sink(output_sink&&) = delete;
  output_sink& operator=(output_sink&&) = delete;

  /// Whether blocks must be settled before they are written or gathered.
  virtual bool settles() const { return false; }

  /// Brings a share of a block's rows, which are filtered, into the form in which they are written. All ranks
  /// of the domain meet before one writes them. Not collective.
  virtual void settle(const window_view<S>&, share) {}

  /// Takes a block out of the window, but for write_mode::gather. **Collective** over the domain.
  virtual void write(const window_view<S>& window) = 0;

  /// With write_mode::gather: brings the blocks that all domains did in a round to rank 0. `own`: this
  /// domain's; `blocks`: any domain's. **Collective** over the world.
  virtual void gather(const std::optional<window_view<S>>& own, const blocks_of_round& blocks) = 0;

  /// Waits until what this rank wrote is safe on the disk. Not collective. Throws `error` (io_error).
  virtual void sync() = 0;

  /// Bytes of this rank's logs of packed chunks: one log, or with write_mode::per_node one for each file of
  /// its domain.
  virtual std::vector<std::uint64_t> log_bytes() const { return {}; }

  /// Ends writing. Not collective. Throws `error` (io_error) for faults that the file system tells no
  /// earlier.
  virtual void close() = 0;
};

}  // namespace weir::pipeline

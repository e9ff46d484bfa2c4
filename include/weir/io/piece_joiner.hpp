#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <weir/io/assembly.hpp>
#include <weir/io/chunk_log.hpp>
#include <weir/io/recording.hpp>

namespace weir::io {

/// Packs chunks that no log holds whole, and appends them to a log of its own. Logs that it reads stay open
/// for the chunks that follow. Not collective; the pieces' logs must be readable here. One thread at a time.
class piece_joiner {
 public:
  /// Creates the log `to`. @throws weir::error io_error.
  piece_joiner(const recording& output_part, const std::string& final_path, const log_file& to,
               bool may_lack);
  ~piece_joiner();
  piece_joiner(const piece_joiner&) = delete;
  piece_joiner& operator=(const piece_joiner&) = delete;
  piece_joiner(piece_joiner&&) noexcept;
  piece_joiner& operator=(piece_joiner&&) noexcept;

  /// Packs one chunk from all of its pieces. @throws weir::error io_error; internal where they do not fill
  /// the chunk, unless the output `may_lack` samples, for which the fill value stands then.
  void join(std::span<const logged_piece> pieces);

  /// Bytes of its log, headers counted.
  std::uint64_t bytes() const;

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace weir::io

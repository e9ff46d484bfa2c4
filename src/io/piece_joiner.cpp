#include <algorithm>
#include <functional>
#include <vector>

#include <fmt/format.h>

#include <weir/io/packer.hpp>
#include <weir/io/piece_joiner.hpp>

#include "fill_value.hpp"
#include "log_reader.hpp"
#include "rectangle.hpp"

namespace weir::io {

namespace {

/// What the recording has of the chunk that holds a piece.
rectangle chunk_around(const piece_header& piece, const recording& what) {
  const std::size_t height = what.store.chunk_channels;
  const std::size_t width = what.store.chunk_samples;
  const std::size_t channel = piece.channels_begin / height * height;
  const std::size_t sample_index = piece.samples_begin / width * width;
  return {{channel, std::min(channel + height, what.channels)},
          {sample_index, std::min(sample_index + width, what.samples)}};
}

}  // namespace

class piece_joiner::state {
 public:
  state(const recording& part, const std::string& final_path, const log_file& to, bool may_lack)
      : part_(part), final_path_(final_path), may_lack_(may_lack), pack_(part), log_(final_path, to) {}

  template <sample S>
  void join(std::span<const logged_piece> pieces) {
    const auto [channels, samples] = chunk_around(pieces.front().piece, part_);
    std::vector<S> whole(channels.size() * samples.size(), fill_value<S>(part_));
    std::vector<bool> is_known(whole.size());
    std::vector<S> rows;
    for (const logged_piece& piece : pieces) {
      const index_range of_channels = piece.piece.channels();
      const index_range of_samples = piece.piece.samples();
      rows.resize(of_channels.size() * of_samples.size());
      logs_.open(log_path(final_path_, piece.log()))
          .read(piece.first_byte, std::as_writable_bytes(std::span(rows)));
      for (std::size_t c = 0; c < of_channels.size(); ++c) {
        const std::size_t to =
            (of_channels.begin - channels.begin + c) * samples.size() + of_samples.begin - samples.begin;
        std::copy_n(rows.data() + c * of_samples.size(), of_samples.size(), whole.data() + to);
        std::fill_n(is_known.begin() + static_cast<std::ptrdiff_t>(to), of_samples.size(), true);
      }
    }
    if (!may_lack_ && !std::ranges::all_of(is_known, std::identity{})) {
      throw error(exit_code::internal, fmt::format("samples of a chunk of '{}' are missing", part_.path));
    }
    const piece_header& header = pack_.pack(channels, samples, whole.data(), samples.size());
    log_.append(header, pack_.bytes());
  }

  sample_type type() const { return part_.type; }
  std::uint64_t bytes() const { return log_.bytes(); }

 private:
  recording part_;
  std::string final_path_;
  bool may_lack_;
  packer pack_;
  chunk_log log_;
  open_logs logs_;
};

piece_joiner::piece_joiner(const recording& output_part, const std::string& final_path, const log_file& to,
                           bool may_lack)
    : state_(std::make_unique<state>(output_part, final_path, to, may_lack)) {}
piece_joiner::~piece_joiner() = default;
piece_joiner::piece_joiner(piece_joiner&&) noexcept = default;
piece_joiner& piece_joiner::operator=(piece_joiner&&) noexcept = default;

void piece_joiner::join(std::span<const logged_piece> pieces) {
  visit_sample_type(state_->type(), [&]<sample S>(S) { state_->join<S>(pieces); });
}

std::uint64_t piece_joiner::bytes() const {
  return state_->bytes();
}

}  // namespace weir::io

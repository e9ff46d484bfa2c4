#include "progress.hpp"

#include <cmath>

#include <fmt/format.h>

#include <weir/byte_size.hpp>

#include "standard_streams.hpp"

namespace weir::cli {

progress::progress(progress_scope::style style, std::uint64_t bytes, double part_before)
    : style_(style), bytes_(bytes), part_before_(part_before) {}

progress::~progress() {
  if (bar_drawn_) print_message("\n");
}

std::string progress::sentence(double part) const {
  const std::chrono::duration<double> passed = clock::now() - begin_;
  const double own_part = part - part_before_;
  const double rate = passed.count() > 0 ? own_part * static_cast<double>(bytes_) / passed.count() : 0;
  std::string text = fmt::format("{:3.0f} %, {}, {}/s", std::floor(100 * part), clock_time(passed),
                                 format_bytes(static_cast<std::uint64_t>(rate)));
  if (own_part > 0 && part < 1)
    text += fmt::format(", {} left", clock_time(passed * ((1 - part) / own_part)));
  return text;
}

void progress::operator()(std::size_t done, std::size_t all) {
  const clock::time_point now = clock::now();
  const bool last = done == all;
  if (now - shown_ < style_.interval && !(last && bar_drawn_)) return;
  shown_ = now;
  const double part = all == 0 ? 1 : static_cast<double>(done) / static_cast<double>(all);
  if (!style_.redraws) {
    print_message(fmt::format("weir: {}\n", sentence(part)));
    return;
  }
  constexpr int width = 30;
  const int filled = static_cast<int>(part * width);
  print_message(fmt::format("\r[{:=<{}}{: <{}}] {}\x1b[K", "", filled, "", width - filled, sentence(part)));
  bar_drawn_ = true;
}

}  // namespace weir::cli

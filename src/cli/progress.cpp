#include "progress.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <unistd.h>

#include <weir/byte_size.hpp>
#include <weir/error.hpp>

#include "standard_streams.hpp"

namespace weir::cli {
namespace {

std::string clock_time(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  return whole >= 3600 ? fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
                       : fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

progress::progress(const std::string& choice, std::uint64_t bytes) : bytes_(bytes) {
  if (choice == "off") return;
  if (choice == "auto") {
    style_ = isatty(STDERR_FILENO) ? style::bar : style::lines;
    if (style_ == style::bar) interval_ = std::chrono::duration<double>(0.1);
    return;
  }
  double seconds = 0;
  const auto [end, failure] = std::from_chars(choice.data(), choice.data() + choice.size(), seconds);
  if (failure != std::errc{} || end != choice.data() + choice.size() || !(seconds > 0)) {
    throw error(exit_code::usage,
                fmt::format("--progress got '{}'; give auto, off, or the seconds between two lines", choice));
  }
  style_ = style::lines;
  interval_ = std::chrono::duration<double>(seconds);
}

progress::~progress() {
  if (bar_drawn_) print_message("\n");
}

std::string progress::sentence(double part) const {
  const double seconds = std::chrono::duration<double>(clock::now() - begin_).count();
  const double rate = seconds > 0 ? part * static_cast<double>(bytes_) / seconds : 0;
  std::string text = fmt::format("{:3.0f} %, {}, {}/s", std::floor(100 * part), clock_time(seconds),
                                 format_bytes(static_cast<std::uint64_t>(rate)));
  if (part > 0 && part < 1) text += fmt::format(", {} left", clock_time(seconds / part - seconds));
  return text;
}

void progress::operator()(std::size_t done, std::size_t all) {
  const clock::time_point now = clock::now();
  const bool last = done == all;
  if (style_ == style::off || (now - shown_ < interval_ && !(last && bar_drawn_))) return;
  shown_ = now;
  const double part = all == 0 ? 1 : static_cast<double>(done) / static_cast<double>(all);
  if (style_ == style::lines) {
    print_message(fmt::format("weir: {}\n", sentence(part)));
    return;
  }
  constexpr int width = 30;
  const int filled = static_cast<int>(part * width);
  print_message(fmt::format("\r[{:=<{}}{: <{}}] {}\x1b[K", "", filled, "", width - filled, sentence(part)));
  bar_drawn_ = true;
}

}  // namespace weir::cli

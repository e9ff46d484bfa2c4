#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include <weir/jobs/progress.hpp>

namespace weir {
namespace {

constexpr progress_scope::style on_a_terminal{std::chrono::duration<double>(0.1), true};
constexpr progress_scope::style in_a_file{std::chrono::duration<double>(30), false};

/// What all scopes have in common: the innermost, and when and how a line was last shown.
struct shown_line {
  progress_scope* innermost = nullptr;
  progress_scope::clock::time_point last = progress_scope::clock::now();
  bool is_open = false;
};
shown_line line;

}  // namespace

std::string clock_time(std::chrono::duration<double> time) {
  const auto whole = static_cast<long>(std::lround(time.count()));
  return whole >= 3600 ? fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
                       : fmt::format("{}:{:02}", whole / 60, whole % 60);
}

progress_scope::style progress_scope::automatic_style() {
  return ::isatty(STDERR_FILENO) != 0 ? on_a_terminal : in_a_file;
}

progress_scope::progress_scope(bool speaks, std::string name, std::size_t steps, style shown)
    : name_(std::move(name)), steps_(steps), style_(shown), speaks_(speaks) {
  if (!speaks_) return;
  if (line.innermost == nullptr) line.last = begin_;
  outer_ = std::exchange(line.innermost, this);
}

progress_scope::~progress_scope() {
  if (!speaks_) return;
  line.innermost = outer_;
  if (outer_ != nullptr || !line.is_open) return;
  std::fputs("\n", stderr);
  line.is_open = false;
}

void progress_scope::update(std::size_t done) {
  done_ = std::min(done, steps_);
  if (!speaks_) return;
  const clock::time_point now = clock::now();
  // The last step of a line that is redrawn is shown, so that no bar stays below its end.
  const bool completes = style_.redraws && line.is_open && done_ == steps_;
  if (now - line.last < style_.interval && !completes) return;
  line.last = now;
  show(now);
}

std::string progress_scope::text(clock::time_point now) const {
  const std::string outer = outer_ == nullptr ? std::string() : outer_->text(now) + " | ";
  std::string here = fmt::format("{} {}/{}", name_, done_, steps_);
  if (line.innermost == this) {
    const std::chrono::duration<double> passed = now - begin_;
    here += ", " + clock_time(passed);
    if (done_ != 0 && done_ < steps_) {
      const double left = static_cast<double>(steps_ - done_) / static_cast<double>(done_);
      here += fmt::format(", {} left", clock_time(passed * left));
    }
  }
  return outer + here;
}

void progress_scope::show(clock::time_point now) {
  const std::string all = line.innermost->text(now);
  // By fputs, since a progress that cannot be told is no reason to end, and fmt::print throws.
  if (style_.redraws) {
    std::fputs(fmt::format("\rweir: {}\x1b[K", all).c_str(), stderr);
    line.is_open = true;
  } else {
    std::fputs(fmt::format("weir: {}\n", all).c_str(), stderr);
  }
  std::fflush(stderr);
}

}  // namespace weir

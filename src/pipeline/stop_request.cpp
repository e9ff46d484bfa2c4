#include <array>
#include <cstddef>

#include <weir/pipeline/stop_request.hpp>

namespace weir::pipeline {
namespace {

constexpr std::array<int, 3> signals{SIGUSR1, SIGTERM, SIGINT};

volatile std::sig_atomic_t asked = 0;

void note_signal(int number) {
  asked = 1;
  // The first INT stops at a checkpoint; whoever sends another does not want to wait for it.
  if (number == SIGINT) std::signal(SIGINT, SIG_DFL);
}

}  // namespace

stop_request::stop_request(std::optional<std::chrono::duration<double>> most, clock::time_point begin)
    : begin_(begin), most_(most) {
  asked = 0;
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &action, &before_[i]);
}

stop_request::~stop_request() {
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &before_[i], nullptr);
}

bool stop_request::is_asked(clock::duration step) const {
  return asked != 0 || (most_ && clock::now() + step - begin_ >= *most_);
}

}  // namespace weir::pipeline

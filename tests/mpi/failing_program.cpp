// A program whose ranks fail in the way that its argument names; the tests look at how the whole job ends.
#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <weir/mpi/agree.hpp>
#include <weir/mpi/environment.hpp>
#include <weir/shm/shared_window.hpp>

namespace {

using weir::communicator;
using weir::error;
using weir::exit_code;

constexpr int culprit = 2;

[[noreturn]] void fail() {
  throw error(exit_code::bad_data, "the river is dry");
}

void before_a_collective(const communicator& world) {
  if (world.rank() == culprit) fail();
  world.barrier();
}

/// The culprit throws when the others are known to be at the barrier's door, and gives them time to enter.
void inside_a_collective(const communicator& world) {
  const int ready = 1;
  if (world.rank() == culprit) {
    for (int rank = 0; rank < world.size(); ++rank) {
      int value = 0;
      if (rank != culprit) world.receive(std::span(&value, 1), rank);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    fail();
  }
  world.send(std::span(&ready, 1), culprit);
  world.barrier();
}

void after_a_collective(const communicator& world) {
  world.barrier();
  if (world.rank() == culprit) fail();
}

/// The call itself fails, on one rank: its buffer is too short for what the root sends.
void mpi_call(const communicator& world) {
  std::vector<int> values(world.rank() == culprit ? 1 : 1000);
  world.broadcast(std::span(values), 0);
  world.barrier();
}

void agreed(const communicator& world) {
  weir::agree(world, [&] {
    if (world.rank() >= culprit) fail();
  });
}

/// An agreed error unwinds windows on all ranks together.
void agreed_with_window(const communicator& world) {
  const communicator node = world.split_shared();
  const weir::shared_window window(node, 100'000);
  agreed(world);
}

/// Half of the ranks agree on an error that the other half does not hear of.
void agreed_by_a_group(const communicator& world) {
  const communicator group = world.split(world.rank() / culprit, 0);
  if (world.rank() >= culprit) weir::agree(group, [] { fail(); });
  world.barrier();
}

/// The culprit unwinds a window; the others come to free theirs and wait there.
void window_unwound_alone(const communicator& world) {
  const communicator node = world.split_shared();
  const weir::shared_window window(node, 100'000);
  if (world.rank() == culprit) fail();
}

/// The same inside agree(), which must not wait for ranks that are waiting in the window's release.
void window_unwound_in_agree(const communicator& world) {
  const communicator node = world.split_shared();
  weir::agree(world, [&] {
    const weir::shared_window window(node, 100'000);
    if (world.rank() == culprit) fail();
  });
}

/// A second exception leaves the handler of an agreed one, on one rank, past a window.
void thrown_in_a_handler(const communicator& world) {
  const communicator node = world.split_shared();
  try {
    agreed(world);
  } catch (const weir::agreed_error&) {
    const weir::shared_window window(node, 100'000);
    if (world.rank() == culprit) throw error(exit_code::io_error, "the second river is dry");
  }
}

/// Of an agreed error a copy is kept; later a window is unwound on one rank.
void thrown_beside_a_copy(const communicator& world) {
  const communicator node = world.split_shared();
  std::vector<weir::agreed_error> kept;
  try {
    agreed(world);
  } catch (const weir::agreed_error& e) {
    kept.push_back(e);
  }
  const weir::shared_window window(node, 100'000);
  if (world.rank() == culprit) throw error(exit_code::io_error, "the second river is dry");
}

void request_unwound_alone(const communicator& world) {
  // One that never starts it, in nothing that the reduction's messages could be taken for.
  if (int never = 0; world.rank() == 0) world.receive(std::span(&never, 1), culprit);
  auto sum = world.start_all_reduce(std::vector<int>{1}, weir::reduction::sum);
  if (world.rank() == culprit) fail();
  sum.get();
}

void out_of_memory(const communicator& world) {
  if (world.rank() == culprit) throw std::bad_alloc();
  world.barrier();
}

void foreign_exception(const communicator& world) {
  if (world.rank() == culprit) throw 42;
  world.barrier();
}

void leaves_a_thread(const communicator& world) {
  if (world.rank() == culprit) std::thread(fail).join();
  world.barrier();
}

void killed(const communicator& world) {
  if (world.rank() == culprit) std::raise(SIGKILL);
  world.barrier();
}

void every_rank_alike(const communicator& world) {
  weir::agree(world, [] { fail(); });
}

const std::map<std::string, std::function<void(const communicator&)>> ways{
    {"before", before_a_collective},
    {"inside", inside_a_collective},
    {"after", after_a_collective},
    {"mpi_call", mpi_call},
    {"agreed", agreed},
    {"agreed_with_window", agreed_with_window},
    {"agreed_by_a_group", agreed_by_a_group},
    {"window_unwound_alone", window_unwound_alone},
    {"window_unwound_in_agree", window_unwound_in_agree},
    {"thrown_in_a_handler", thrown_in_a_handler},
    {"thrown_beside_a_copy", thrown_beside_a_copy},
    {"request_unwound_alone", request_unwound_alone},
    {"out_of_memory", out_of_memory},
    {"foreign_exception", foreign_exception},
    {"leaves_a_thread", leaves_a_thread},
    {"killed", killed},
    {"every_rank_alike", every_rank_alike},
    {"alone", [](const communicator&) { fail(); }},
};

}  // namespace

int main(int argc, char** argv) {
  const std::string way = argc > 1 ? argv[1] : "";
  if (way == "without_run_main") {
    const weir::environment env(argc, argv);
    before_a_collective(env.world());
    return 0;
  }
  return weir::run_main(argc, argv, [&](weir::environment& env) {
    if (way == "stopped") return exit_code::stopped;
    if (way != "none") ways.at(way)(env.world());
    return exit_code::done;
  });
}

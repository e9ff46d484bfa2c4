// Makes windows where window_directory() is a file system of 64 MiB, and ends with a sentence on stdout for
// each step; small_tmpfs.sh starts it.
#include <iostream>
#include <string>
#include <vector>

#include <weir/mpi/agree.hpp>
#include <weir/mpi/environment.hpp>
#include <weir/mpi/window_directory.hpp>
#include <weir/shm/memory_limits.hpp>
#include <weir/shm/shared_window.hpp>

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

std::string refusal(const weir::communicator& domain, std::size_t bytes,
                    std::vector<weir::shared_window>& kept) {
  try {
    kept.emplace_back(domain, bytes);
  } catch (const weir::agreed_error& e) {
    return e.code() == weir::exit_code::cannot_create ? e.what() : "another code";
  }
  return "";
}

/// Whether the condition holds on all ranks; says so on one.
void expect(const weir::communicator& world, bool holds, const std::string& what) {
  const bool all = world.all_of(holds);
  if (world.rank() == 0) std::cout << (all ? "ok: " : "FAILED: ") << what << std::endl;
  if (!all) throw weir::agreed_error(weir::exit_code::internal, what, world.rank(), world.size());
}

weir::exit_code run(weir::environment& env) {
  const weir::communicator& world = env.world();
  const std::size_t space = weir::available_space(weir::window_directory());
  expect(world, space > 60 * mebibyte && space <= 64 * mebibyte, "the file system is small");
  const weir::communicator node = world.split_shared();
  std::vector<weir::shared_window> kept;

  const std::string too_large = refusal(node, 100 * mebibyte, kept);
  expect(world,
         too_large.find(" bytes are available in " + weir::window_directory().string()) != std::string::npos,
         "a window larger than it is refused on all ranks: " + too_large);
  // 100 MiB, a page for alignment, and Open MPI's 5 %.
  expect(world, too_large.find("needs 110104780 bytes") != std::string::npos, "with the bytes that it needs");

  expect(world, refusal(node, 40 * mebibyte, kept).empty(), "a window that fits is made");
  for (std::byte& b : kept.front().bytes()) b = std::byte{1};
  node.barrier();
  expect(world, !refusal(node, 40 * mebibyte, kept).empty(),
         "a second one is refused, for the first is placed");
  kept.clear();
  expect(world, refusal(node, 40 * mebibyte, kept).empty(), "it is made when the first is gone");
  kept.clear();

  // Windows of two domains at the same time: each alone fits.
  const weir::communicator domain = node.split(node.rank() / 2, 0);
  for (int round = 0; round < 5; ++round) {
    const bool made = refusal(domain, 40 * mebibyte, kept).empty();
    expect(world, world.all_reduce(made ? 1 : 0, weir::reduction::sum) == domain.size(),
           "of two windows at the same time one is made and one refused");
    for (weir::shared_window& window : kept) {
      for (std::byte& b : window.bytes()) b = std::byte{1};
    }
    kept.clear();
    world.barrier();
  }
  return weir::exit_code::done;
}

}  // namespace

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, run);
}

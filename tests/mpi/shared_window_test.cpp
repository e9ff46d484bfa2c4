#include <algorithm>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <weir/mpi/agree.hpp>
#include <weir/shm/memory_limits.hpp>
#include <weir/shm/shared_window.hpp>
#include <weir/topology.hpp>

using namespace weir;

namespace {

/// Every test runs with windows of all ranks, of pairs and of single ranks.
class windows : public testing::TestWithParam<const char*> {
 protected:
  communicator world = communicator::world();
  topology places{world, domain_choice::parse(GetParam())};
  const communicator& domain = places.domain();
  std::size_t rank = std::size_t(domain.rank());
  std::size_t ranks = std::size_t(domain.size());
};

INSTANTIATE_TEST_SUITE_P(domains, windows, testing::Values("node", "2", "1"), [](const auto& choice) {
  return choice.param == std::string("node") ? std::string("of_all") : std::string("of_") + choice.param;
});

constexpr std::size_t page = shared_window::alignment;

TEST_P(windows, lie_on_a_page_and_begin_as_zeros) {
  for (const std::size_t bytes :
       {std::size_t{0}, std::size_t{1}, page - 1, page, page + 1, 100 * page + 17}) {
    shared_window window(domain, bytes);
    ASSERT_NE(window.data(), nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(window.data()) % page, 0U);
    EXPECT_EQ(window.size(), bytes);
    EXPECT_EQ(window.bytes().size(), bytes);
    EXPECT_TRUE(std::ranges::all_of(window.bytes(), [](std::byte b) { return b == std::byte{0}; })) << bytes;
    window.synchronize();
    if (rank == 0) std::ranges::fill(window.bytes(), std::byte{0xff});  // the next window must not get these
  }
}

TEST_P(windows, are_the_same_memory_on_all_ranks) {
  // Each rank writes its bytes, strided, so that neighbours are on one cache line.
  shared_window window(domain, 3 * page + 5);
  for (int round = 0; round < 50; ++round) {
    for (std::size_t i = rank; i < window.size(); i += ranks) window.data()[i] = std::byte(i * 7 + round);
    window.synchronize();
    const shared_window& seen = window;
    for (std::size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen.data()[i], std::byte(i * 7 + round));
    window.synchronize();
  }
}

TEST_P(windows, of_other_domains_are_other_memory) {
  shared_window window(domain, sizeof(int));
  int& value = *reinterpret_cast<int*>(window.data());
  if (rank == 0) value = places.domain_index() + 1;
  world.barrier();
  window.synchronize();
  EXPECT_EQ(value, places.domain_index() + 1);
  world.barrier();
}

TEST_P(windows, live_side_by_side_and_are_released_in_any_order) {
  std::vector<shared_window> many;
  for (std::size_t i = 0; i < 5; ++i) many.emplace_back(domain, 1000 * (i + 1));
  if (rank == ranks - 1) {
    for (std::size_t i = 0; i < many.size(); ++i) std::ranges::fill(many[i].bytes(), std::byte(i + 1));
  }
  for (const shared_window& window : many) window.synchronize();
  many.erase(many.begin() + 1);
  many.erase(many.begin() + 2);
  ASSERT_EQ(many.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(many[i].data()[999], std::byte(2 * i + 1));
    EXPECT_EQ(many[i].size(), 1000 * (2 * i + 1));
  }
}

TEST_P(windows, begin_as_zeros_wherever_their_memory_comes_from) {
  // Of different lives and sizes, so that memory is used again in another order than it was made.
  std::vector<shared_window> live;
  for (std::size_t i = 0; i < 200; ++i) {
    shared_window& window = live.emplace_back(domain, 1 + i * 7919 % (3 * page));
    const auto of_this_rank = std::byte(rank + 1);
    ASSERT_TRUE(std::ranges::all_of(window.bytes(), [](std::byte b) { return b == std::byte{0}; })) << i;
    window.synchronize();
    for (std::size_t j = rank; j < window.size(); j += ranks) window.data()[j] = of_this_rank;
    window.synchronize();
    for (std::size_t j = 0; j < window.size(); ++j)
      ASSERT_EQ(window.data()[j], std::byte(j % ranks + 1)) << i;
    // No rank may change it while others look at it.
    window.synchronize();
    if (live.size() > i % 5) live.erase(live.begin() + static_cast<std::ptrdiff_t>(i % live.size()));
  }
}

TEST_P(windows, of_small_size_use_the_memory_of_those_before_them) {
  if (ranks == 1) GTEST_SKIP() << "a single rank's memory is not kept";
  const std::byte* first = nullptr;
  for (const std::size_t bytes : {3000, 4096, 2500}) {
    const shared_window window(domain, bytes);
    if (first == nullptr) first = window.data();
    EXPECT_EQ(window.data(), first);
  }
  const shared_window large(domain, 4097);
  EXPECT_NE(large.data(), first);
}

TEST_P(windows, leave_nothing_behind_their_communicator) {
  // Each keeps memory of its own; 64 of 1 MiB would be seen.
  const auto shared_bytes = [&] {
    world.barrier();
    const std::size_t bytes = memory_of_this_process().shared;
    return world.all_reduce(bytes, reduction::sum);
  };
  const std::size_t before = shared_bytes();
  for (int i = 0; i < 64; ++i) {
    const communicator same = domain.duplicate();
    shared_window(same, std::size_t{1} << 20).synchronize();
  }
  EXPECT_LT(shared_bytes(), before + (std::size_t{16} << 20));
}

TEST_P(windows, move_their_memory) {
  shared_window a(domain, 100);
  std::byte* const memory = a.data();
  shared_window b = std::move(a);
  EXPECT_EQ(b.data(), memory);
  EXPECT_EQ(a.data(), nullptr);  // NOLINT(bugprone-use-after-move): moved-from has no window, as documented
  EXPECT_EQ(a.size(), 0U);
  a = shared_window(domain, 50);
  b = std::move(a);
  EXPECT_EQ(b.size(), 50U);
  b.synchronize();
}

/// What making a window of `bytes` throws here; nothing if it works.
std::optional<agreed_error> refusal(const communicator& domain, std::size_t bytes) {
  try {
    const shared_window window(domain, bytes);
  } catch (const agreed_error& e) {
    return e;
  }
  return std::nullopt;
}

TEST_P(windows, are_refused_on_all_ranks_where_there_is_no_room) {
  constexpr std::size_t pebibyte = std::size_t{1} << 50;
  for (const std::size_t bytes : {pebibyte, std::size_t{1} << 63, ~std::size_t{0}}) {
    const std::optional<agreed_error> refused = refusal(domain, bytes);
    ASSERT_TRUE(refused.has_value());
    EXPECT_EQ(refused->code(), exit_code::cannot_create);
    EXPECT_EQ(refused->ranks(), domain.size());
    const std::string sentence = refused->what();
    EXPECT_NE(sentence.find(" bytes are available in "), std::string::npos) << sentence;
    EXPECT_EQ(domain.all_gather(sentence), std::vector(ranks, sentence));
  }
  const std::string sentence = refusal(domain, pebibyte)->what();
  EXPECT_NE(sentence.find("needs 1182"), std::string::npos)
      << "2^50 bytes and 5 % are 1182... : " << sentence;
  EXPECT_FALSE(refusal(domain, page).has_value()) << "a refusal must not disturb what comes after";
}

TEST(window_of_one_rank, is_refused_where_the_address_space_is_limited) {
  std::size_t pages_in_use = 0;
  std::ifstream("/proc/self/statm") >> pages_in_use;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_AS, &before), 0);
  constexpr std::size_t room = std::size_t{64} << 20;
  const rlimit narrow{pages_in_use * page + room, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &narrow), 0);
  const std::optional<agreed_error> refused = refusal(communicator::self(), 2 * room);
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &before), 0);
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->code(), exit_code::cannot_create);
  EXPECT_STREQ(
      refused->what(),
      "a shared window of 134217728 bytes cannot be mapped (Cannot allocate memory); raise the limit of "
      "this process's address space (ulimit -v), or share less at once");
}

TEST_P(windows, are_refused_if_ranks_disagree_on_their_size) {
  const std::optional<agreed_error> refused = refusal(domain, 100 + rank);
  EXPECT_EQ(refused.has_value(), ranks > 1);
  if (refused) {
    EXPECT_EQ(refused->code(), exit_code::internal);
  }
}

/// The memory of all ranks together, shared pages counted once. Other processes move it a little: it counts
/// each page of the libraries in parts of those that use it.
std::size_t held_by_all(const communicator& world) {
  world.barrier();
  const std::size_t sum = world.all_reduce(memory_of_this_process().proportional, reduction::sum);
  world.barrier();
  return sum;
}

TEST_P(windows, are_placed_at_first_and_stay_one_copy_a_domain) {
  constexpr std::size_t bytes = std::size_t{32} << 20;
  const std::size_t windows_together = bytes * std::size_t(places.domains());
  const std::size_t least = windows_together / 100 * 85;
  // Each rank may add page tables and MPI's buffers; a second copy would be far beyond.
  const std::size_t most = windows_together / 100 * 130 + std::size_t(world.size()) * (std::size_t{2} << 20);

  const std::size_t before = held_by_all(world);
  shared_window window(domain, bytes);
  EXPECT_GE(held_by_all(world), before + least) << "nobody has touched it yet, but it has its place";

  for (const std::byte b : std::as_const(window).bytes()) ASSERT_EQ(b, std::byte{0});
  window.synchronize();
  for (std::size_t i = rank; i < bytes; i += ranks) window.data()[i] = std::byte{1};
  const std::size_t after = held_by_all(world);
  EXPECT_GE(after, before + least);
  EXPECT_LE(after, before + most);
}

TEST(no_window, has_no_memory) {
  shared_window none;
  EXPECT_EQ(none.data(), nullptr);
  EXPECT_TRUE(none.bytes().empty());
}

}  // namespace

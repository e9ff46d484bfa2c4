#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include <weir/mpi/agree.hpp>
#include <weir/mpi/host.hpp>

using namespace weir;

namespace {

class agreement : public testing::Test {
 protected:
  /// What agree() throws here when `f` runs on every rank; no failure if nothing.
  template <class F>
  failure outcome(F&& f) {
    try {
      agree(world, f);
    } catch (const agreed_error& e) {
      EXPECT_EQ(e.rank(), world.rank());
      EXPECT_EQ(e.ranks(), world.size());
      return {e.code(), e.what()};
    }
    return {exit_code::done, ""};
  }

  std::string on_rank(int rank) const {
    return " (on rank " + std::to_string(rank) + ", host " + host_name() + ")";
  }

  communicator world = communicator::world();
};

TEST_F(agreement, returns_what_each_rank_computed) {
  EXPECT_EQ(agree(world, [&] { return world.rank() * 2; }), world.rank() * 2);
  EXPECT_EQ(*agree(world, [&] { return std::make_unique<int>(world.rank()); }), world.rank());
  int calls = 0;
  agree(world, [&] { ++calls; });
  EXPECT_EQ(calls, 1);
}

TEST_F(agreement, is_on_the_error_of_the_lowest_rank) {
  const int lowest = world.size() / 2;
  const failure got = outcome([&] {
    if (world.rank() < lowest) return;
    throw error(exit_code::no_input, "file " + std::to_string(world.rank()) + " is missing");
  });
  EXPECT_EQ(got.code, exit_code::no_input);
  const std::string place = world.size() > 1 ? on_rank(lowest) : "";
  EXPECT_EQ(got.sentence, "file " + std::to_string(lowest) + " is missing" + place);
}

TEST_F(agreement, names_no_rank_when_all_threw_the_same) {
  const failure got = outcome([] { throw error(exit_code::usage, "sigma is 0"); });
  EXPECT_EQ(got.code, exit_code::usage);
  EXPECT_EQ(got.sentence, "sigma is 0");
}

TEST_F(agreement, tells_errors_with_different_codes_apart) {
  const failure got = outcome(
      [&] { throw error(world.rank() == 0 ? exit_code::bad_data : exit_code::io_error, "the same words"); });
  EXPECT_EQ(got.code, exit_code::bad_data);
  EXPECT_EQ(got.sentence, world.size() > 1 ? "the same words" + on_rank(0) : "the same words");
}

TEST_F(agreement, takes_exceptions_of_any_type) {
  const failure got = outcome([&] {
    switch (world.rank() % 4) {
      case 0:
        throw std::bad_alloc();
      case 1:
        throw std::out_of_range("index 7");
      case 2:
        throw 42;
      default:
        throw error(exit_code::usage, "an option");
    }
  });
  EXPECT_EQ(got.code, exit_code::internal);
  EXPECT_NE(got.sentence.find("not enough memory"), std::string::npos) << got.sentence;

  const failure foreign = outcome([&] {
    if (world.rank() == world.size() - 1) throw std::out_of_range("index 7");
  });
  EXPECT_EQ(foreign.code, exit_code::internal);
  EXPECT_NE(foreign.sentence.find("index 7"), std::string::npos) << foreign.sentence;
}

TEST_F(agreement, is_reached_again_after_a_failure) {
  for (int round = 0; round < 100; ++round) {
    const failure got = outcome([&] {
      if (world.rank() == round % world.size()) throw error(exit_code::bad_data, std::to_string(round));
    });
    ASSERT_EQ(got.code, exit_code::bad_data);
    ASSERT_TRUE(got.sentence.starts_with(std::to_string(round)));
    ASSERT_EQ(outcome([] {}).code, exit_code::done);
  }
}

TEST_F(agreement, names_the_place_once_when_it_is_nested) {
  const communicator half = world.split(world.rank() % 2, 0);
  const failure got = outcome([&] {
    if (world.rank() % 2 == 0) {
      agree(half, [&] {
        if (half.rank() == half.size() - 1) throw error(exit_code::bad_data, "a row is empty");
      });
    }
  });
  const int thrower = (world.size() - 1) / 2 * 2;
  EXPECT_EQ(got.code, exit_code::bad_data);
  EXPECT_EQ(got.sentence, "a row is empty" + (world.size() > 1 ? on_rank(thrower) : ""));
}

TEST_F(agreement, lets_collective_owners_be_released_while_it_unwinds) {
  const failure got = outcome([&] {
    const communicator inner = world.duplicate();
    agree(inner, [&] {
      if (inner.rank() == inner.size() - 1) throw error(exit_code::bad_data, "x");
    });
  });
  EXPECT_EQ(got.code, exit_code::bad_data);
  EXPECT_FALSE(release_was_abandoned());
}

TEST_F(agreement, lets_collective_owners_be_released_when_a_handler_tries_again) {
  const auto fail = [&] {
    const communicator inner = world.duplicate();
    agree(inner, [&] {
      if (inner.rank() == inner.size() - 1) throw error(exit_code::bad_data, "x");
    });
  };
  const failure got = outcome([&] {
    try {
      fail();
    } catch (const agreed_error&) {
      fail();
    }
  });
  EXPECT_EQ(got.code, exit_code::bad_data);
  EXPECT_FALSE(release_was_abandoned());
  EXPECT_EQ(outcome([] {}).code, exit_code::done);
}

TEST_F(agreement, lets_collective_owners_be_released_when_an_error_is_thrown_again) {
  const failure got = outcome([&] {
    const communicator inner = world.duplicate();
    try {
      agree(inner, [] { throw error(exit_code::bad_data, "x"); });
    } catch (const agreed_error&) {
      EXPECT_EQ(outcome([] { throw error(exit_code::usage, "another"); }).code, exit_code::usage);
      throw;
    }
  });
  EXPECT_EQ(got.sentence, "x");
  EXPECT_FALSE(release_was_abandoned());
}

}  // namespace

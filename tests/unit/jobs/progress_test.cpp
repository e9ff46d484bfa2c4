#include <algorithm>
#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include <weir/jobs/progress.hpp>

using namespace weir;

namespace {

constexpr progress_scope::style every_line{std::chrono::duration<double>(0), false};
constexpr progress_scope::style bar{std::chrono::duration<double>(0), true};
constexpr progress_scope::style never{std::chrono::duration<double>(3600), false};

template <class F>
std::string said(F&& f) {
  testing::internal::CaptureStderr();
  f();
  return testing::internal::GetCapturedStderr();
}

TEST(progress, tells_the_steps) {
  const std::string text = said([] {
    progress_scope fits(true, "fits", 4, every_line);
    fits.step();
    fits.update(4);
  });
  EXPECT_EQ(text.substr(0, text.find(',')), "weir: fits 1/4");
  EXPECT_NE(text.find(" left\n"), std::string::npos);
  EXPECT_NE(text.find("weir: fits 4/4, 0:00\n"), std::string::npos) << text;
}

TEST(progress, nests) {
  const std::string text = said([] {
    progress_scope seeds(true, "seeds", 10, every_line);
    seeds.update(3);
    {
      progress_scope fits(true, "fits", 8, every_line);
      fits.update(2);
    }
    seeds.update(4);
  });
  EXPECT_NE(text.find("\nweir: seeds 3/10 | fits 2/8, 0:00"), std::string::npos) << text;
  EXPECT_NE(text.find("\nweir: seeds 4/10, 0:00"), std::string::npos) << text;
}

TEST(progress, redraws_one_line_on_a_terminal_and_ends_it) {
  const std::string text = said([] {
    progress_scope seeds(true, "seeds", 2, bar);
    seeds.step();
    seeds.step();
  });
  EXPECT_EQ(text.substr(0, 16), "\rweir: seeds 1/2");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_EQ(text.back(), '\n');
}

TEST(progress, is_silent_between_intervals_and_on_other_ranks) {
  EXPECT_EQ(said([] {
              progress_scope seeds(true, "seeds", 100, never);
              for (int i = 0; i < 100; ++i) seeds.step();
            }),
            "");
  EXPECT_EQ(said([] {
              progress_scope seeds(false, "seeds", 1, every_line);
              seeds.step();
            }),
            "");
}

}  // namespace

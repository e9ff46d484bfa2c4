#include <string>

#include <gtest/gtest.h>

#include <weir/error.hpp>
#include <weir/log.hpp>

using namespace weir;

namespace {

TEST(log_levels, are_known_by_their_names) {
  for (const log_level level :
       {log_level::error, log_level::warning, log_level::info, log_level::debug, log_level::trace}) {
    EXPECT_EQ(parse_log_level(name_of(level)), level);
  }
  EXPECT_EQ(parse_log_level("debug"), log_level::debug);
}

TEST(log_levels, of_unknown_names_are_errors) {
  for (const char* name : {"", "INFO", "loud", "off"}) {
    try {
      parse_log_level(name);
      ADD_FAILURE() << "'" << name << "' was taken";
    } catch (const error& e) {
      EXPECT_EQ(e.code(), exit_code::usage);
      EXPECT_NE(std::string(e.what()).find(std::string("'") + name + "'"), std::string::npos) << e.what();
    }
  }
}

TEST(log_levels, come_back_after_a_scope) {
  set_log_level(log_level::warning);
  {
    const log_level_scope outer(log_level::trace);
    EXPECT_TRUE(is_logged(log_level::trace));
    {
      const log_level_scope inner(log_level::error);
      EXPECT_FALSE(is_logged(log_level::warning));
    }
    EXPECT_EQ(current_log_level(), log_level::trace);
  }
  EXPECT_EQ(current_log_level(), log_level::warning);
}

TEST(log_lines, have_their_level_and_place) {
  set_log_place(3, "alpha%v");
  testing::internal::CaptureStderr();
  const log_level_scope all(log_level::trace);
  log_info("rows {} to {}", 0, 9);
  log_debug("{}", "100 % {}");
  log_trace("x");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "[INFO/3/alpha%v] rows 0 to 9\n[DEBUG/3/alpha%v] 100 % {}\n[TRACE/3/alpha%v] x\n");
}

TEST(log_lines, below_the_level_are_not_written) {
  const log_level_scope few(log_level::info);
  testing::internal::CaptureStderr();
  log_debug("a detail");
  log_trace("a smaller one");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(log_files, that_cannot_be_written_are_errors) {
  try {
    log_to_file("/dev/null/run.log");
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.code(), exit_code::cannot_create);
    EXPECT_NE(std::string(e.what()).find("/dev/null/run.log.3"), std::string::npos) << e.what();
  }
}

}  // namespace

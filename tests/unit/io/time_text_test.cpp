#include "io/time_text.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace weir::io::test {
namespace {

constexpr std::int64_t known = 1'559'291'930'626'928'000;  // by date -d 2019-05-31T08:38:50.626928Z +%s%N

TEST(time_text, is_read_as_makers_write_it) {
  for (const char* text :
       {"2019-05-31T08:38:50.626928+00:00", "2019-05-31 08:38:50.626928Z", "2019-05-31T08:38:50.626928",
        "2019/05/31 08:38:50,626928000", "31/05/2019 08:38:50.626928", "31.05.2019 08:38:50.626928",
        "2019-05-31T10:38:50.626928+0200", "2019-05-31T03:08:50.626928-05:30"}) {
    EXPECT_EQ(parse_time(text), known) << text;
  }
  EXPECT_EQ(parse_time("1970-01-01T00:00"), 0);
  EXPECT_EQ(parse_time("1969-12-31T23:59:59.999999999Z"), -1);
  EXPECT_EQ(parse_time("2020-02-29T00:00:00.1234567891Z"), 1'582'934'400'123'456'789);
}

TEST(time_text, that_is_none_is_nothing) {
  for (const char* text : {"", "NaT", "2019-05-31", "2019-02-29T00:00:00Z", "2019-05-31T25:00:00Z",
                           "2019-05-31T08:61:00", "2019-05-31T08:38:50 in the morning", "0001-01-01T00:00:00",
                           "2019-05-31T08:38:50+", "20190531T083850"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

TEST(time_text, is_written_so_that_it_is_read_back) {
  EXPECT_EQ(time_text(known), "2019-05-31T08:38:50.626928Z");
  EXPECT_EQ(time_text(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(time_text(-1), "1969-12-31T23:59:59.999999999Z");
  for (const std::int64_t time : {known, std::int64_t{-1}, known + 1})
    EXPECT_EQ(parse_time(time_text(time)), time);
}

TEST(time_text, seconds_that_are_no_time_are_nothing) {
  EXPECT_EQ(nanoseconds(1.5), 1'500'000'000);
  EXPECT_EQ(nanoseconds(-0.25), -250'000'000);
  EXPECT_EQ(nanoseconds(std::numeric_limits<double>::quiet_NaN()), std::nullopt);
  EXPECT_EQ(nanoseconds(1e300), std::nullopt);
}

}  // namespace
}  // namespace weir::io::test

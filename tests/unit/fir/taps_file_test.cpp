#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <weir/error.hpp>
#include <weir/fir/taps_file.hpp>

namespace weir::fir {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The error that a call ends with; a call without one is an error(done).
error error_of(const auto& call) {
  try {
    call();
  } catch (const error& e) {
    return e;
  }
  return {exit_code::done, "no error"};
}

/// A version 1 file as the format's documentation describes it.
template <class T>
std::string npy(const std::string& descr, const std::string& shape, const std::vector<T>& numbers,
                char version = 1) {
  std::string header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  while ((8 + length_bytes + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string file = std::string("\x93NUMPY") + version + '\0';
  for (std::size_t i = 0; i < length_bytes; ++i) file += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  file += header;
  return file.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T));
}

/// The same numbers with their bytes in the other order.
template <class T>
std::vector<T> swapped(std::vector<T> numbers) {
  for (T& number : numbers) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &number, sizeof(T));
    std::reverse(bytes, bytes + sizeof(T));
    std::memcpy(&number, bytes, sizeof(T));
  }
  return numbers;
}

TEST(text_taps, numbers_separators_and_comments) {
  EXPECT_THAT(parse_text_taps("# a filter\n0.25, 0.5\t+0.25 # centre\r\n\n1e-3,-2", "t"),
              ElementsAre(0.25, 0.5, 0.25, 1e-3, -2));
}

TEST(text_taps, what_is_no_number_is_named_with_its_line) {
  for (const char* bad : {"1\nx2\n", "1\n2.5.1", "1\n0x10", "1\n+-1", "1\n1e999", "1\nnan", "1\n-inf"}) {
    const error e = error_of([&] { parse_text_taps(bad, "taps.txt"); });
    EXPECT_EQ(e.code(), exit_code::bad_data) << bad;
    EXPECT_THAT(e.what(), HasSubstr("line 2")) << bad;
    EXPECT_THAT(e.what(), HasSubstr("taps.txt")) << bad;
  }
  EXPECT_EQ(error_of([] { parse_text_taps("# nothing\n\n", "t"); }).code(), exit_code::bad_data);
}

TEST(text_taps, a_word_is_told_in_printable_characters) {
  const error e = error_of([] { parse_text_taps("1\n\x1b[0m\xff", "taps.txt"); });
  EXPECT_THAT(e.what(), HasSubstr(R"('\x1b[0m\xff')"));
}

TEST(text_taps, a_byte_order_mark_is_no_part_of_the_first_number) {
  EXPECT_THAT(parse_text_taps("\xef\xbb\xbf"
                              "1,2",
                              "t"),
              ElementsAre(1, 2));
}

TEST(npy_taps, types_and_byte_orders) {
  const std::vector<double> f8{1.5, -2, 0.125};
  EXPECT_EQ(parse_npy_taps(npy("<f8", "(3,)", f8), "t"), f8);
  EXPECT_EQ(parse_npy_taps(npy(">f8", "(3,)", swapped(f8)), "t"), f8);
  EXPECT_EQ(parse_npy_taps(npy<float>("<f4", "(2,)", {1.5F, -2}), "t"), (std::vector<double>{1.5, -2}));
  EXPECT_EQ(parse_npy_taps(npy(">i4", "(2,)", swapped(std::vector<std::int32_t>{-7, 100000})), "t"),
            (std::vector<double>{-7, 100000}));
  EXPECT_EQ(parse_npy_taps(npy<std::uint8_t>("|u1", "(2,)", {0, 255}), "t"), (std::vector<double>{0, 255}));
  EXPECT_EQ(parse_npy_taps(npy<std::int64_t>("<i8", "(1,)", {-5}), "t"), (std::vector<double>{-5}));
}

TEST(npy_taps, format_versions) {
  const std::vector<double> f8{1, 2};
  EXPECT_EQ(parse_npy_taps(npy("<f8", "(2,)", f8, 2), "t"), f8);
  EXPECT_EQ(parse_npy_taps(npy("<f8", "(2,)", f8, 3), "t"), f8);
  EXPECT_EQ(error_of([&] { parse_npy_taps(npy("<f8", "(2,)", f8, 4), "t"); }).code(), exit_code::bad_data);
}

TEST(npy_taps, bad_files_are_refused) {
  const std::string good = npy<double>("<f8", "(2,)", {1, 2});
  const std::string bad[] = {
      npy<double>("<f8", "(2, 1)", {1, 2}),
      npy<double>("<f8", "()", {1}),
      npy<double>("<f8", "(0,)", {}),
      npy<double>("<c16", "(1,)", {1, 2}),
      npy<double>("|O", "(1,)", {1}),
      npy<double>("<f8", "(1,)", {std::numeric_limits<double>::quiet_NaN()}),
      npy<double>("<f8", "(1,)", {std::numeric_limits<double>::infinity()}),
      npy<double>("<f8", "(99999999999999999999,)", {1}),
  };
  for (const std::string& file : bad) {
    EXPECT_EQ(error_of([&] { parse_npy_taps(file, "t.npy"); }).code(), exit_code::bad_data) << file;
  }
  for (std::size_t length = 6; length < good.size(); ++length) {
    EXPECT_EQ(error_of([&] { parse_npy_taps(good.substr(0, length), "t.npy"); }).code(), exit_code::bad_data)
        << "cut to " << length;
  }
}

TEST(read_taps, the_files_first_bytes_choose_the_format) {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("weir_taps_" + std::to_string(getpid()));
  std::ofstream(file) << "1 2 3";
  EXPECT_THAT(read_taps(file), ElementsAre(1, 2, 3));
  std::ofstream(file, std::ios::binary) << npy<double>("<f8", "(2,)", {4, 5});
  EXPECT_THAT(read_taps(file), ElementsAre(4, 5));
  std::filesystem::remove(file);
  EXPECT_EQ(error_of([&] { read_taps(file); }).code(), exit_code::no_input);
  EXPECT_EQ(error_of([] { read_taps(std::filesystem::temp_directory_path()); }).code(), exit_code::no_input);
}

}  // namespace
}  // namespace weir::fir

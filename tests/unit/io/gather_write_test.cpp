#include "io/gather_write.hpp"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support.hpp"

namespace weir::io::test {
namespace {

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Bytes of which no two neighbouring thousands are alike.
std::string numbered(std::size_t bytes) {
  std::string text(bytes, ' ');
  for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>(i * 2654435761U >> 13U);
  return text;
}

TEST(gather_write, brings_pieces_of_any_size_to_their_places) {
  const scratch_folder folder;
  const std::string path = folder.file("pieces");
  const std::string bytes = numbered(1'000'003);
  for (const std::size_t piece : {17U, 4096U, 131'072U, 131'073U, 500'000U, 1'000'003U}) {
    for (const std::size_t first : {0U, 1U, 131'071U, 131'072U}) {
      std::ofstream(path, std::ios::trunc);
      gather_write out(path);
      // Apart in memory, so that a call takes several.
      std::vector<std::string> pieces;
      for (std::size_t at = 0; at < bytes.size(); at += piece) pieces.push_back(bytes.substr(at, piece));
      for (std::size_t i = 0; i < pieces.size(); ++i) {
        out.add(first + i * piece, pieces[i].data(), pieces[i].size());
      }
      out.close();
      EXPECT_EQ(contents(path), std::string(first, '\0') + bytes) << piece << " from " << first;
    }
  }
}

TEST(gather_write, leaves_what_lies_between_its_places) {
  const scratch_folder folder;
  const std::string path = folder.file("gaps");
  std::string expected(400'000, '.');
  std::ofstream(path) << expected;
  const std::string bytes = numbered(150'000);
  gather_write out(path);
  for (const std::size_t place : {200'000U, 10U, 160'000U}) {
    const std::size_t length = place == 200'000U ? bytes.size() : 20'000;
    out.add(place, bytes.data(), length);
    expected.replace(place, length, bytes, 0, length);
  }
  out.flush();
  EXPECT_EQ(contents(path), expected);
}

TEST(gather_write, tells_that_a_device_is_full) {
  gather_write out("/dev/full");
  const std::string bytes = numbered(300'000);
  out.add(0, bytes.data(), bytes.size());
  const auto [code, sentence] = error_of([&] { out.flush(); });
  EXPECT_EQ(code, exit_code::io_error);
  EXPECT_NE(sentence.find("/dev/full"), std::string::npos) << sentence;
}

}  // namespace
}  // namespace weir::io::test

#include "../../src/mpi/line.hpp"

#include <array>
#include <future>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace weir;

namespace {

class open_pipe {
 public:
  open_pipe() { EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0); }
  ~open_pipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  open_pipe(const open_pipe&) = delete;
  open_pipe& operator=(const open_pipe&) = delete;

  int to() const { return ends_[1]; }

  /// Waits for what comes, and takes up to `most` bytes of it.
  std::string read(std::size_t most) const {
    std::string text(most, ' ');
    const ssize_t got = ::read(ends_[0], text.data(), most);
    text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return text;
  }

  int unread() const {
    int bytes = -1;
    EXPECT_EQ(::ioctl(ends_[0], FIONREAD, &bytes), 0);
    return bytes;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

TEST(line, comes_with_its_end_in_one_piece) {
  const open_pipe pipe;
  write_line(pipe.to(), "two\nlines");
  EXPECT_EQ(pipe.read(100), "two\nlines\n");
}

TEST(line, is_waited_for_until_it_is_read) {
  const open_pipe pipe;
  write_line(pipe.to(), "last words");
  std::promise<void> is_waiting;
  std::thread reader([&] {
    is_waiting.get_future().wait();
    EXPECT_EQ(pipe.read(100), "last words\n");
  });
  is_waiting.set_value();
  await_reader(pipe.to());
  EXPECT_EQ(pipe.unread(), 0);
  reader.join();
}

TEST(line, is_not_waited_for_longer_than_anybody_would) {
  const open_pipe pipe;
  write_line(pipe.to(), "nobody listens");
  await_reader(pipe.to());
  EXPECT_EQ(pipe.read(100), "nobody listens\n");
}

TEST(line, is_not_waited_for_in_a_file) {
  const int file = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(file, 0);
  write_line(file, "gone");
  await_reader(file);
  ::close(file);
}

}  // namespace

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <weir/error.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/output.hpp>
#include <weir/io/progress_marker.hpp>

#include "descriptor.hpp"
#include "fault_point.hpp"
#include "part_file.hpp"

namespace weir::io {
namespace {

/// A marker is one line that names the format and the checksum of the rest, and the state as JSON.
constexpr std::string_view magic = "weir progress 1 ";
constexpr std::size_t digits = 16;

std::string successor(const std::string& path) {
  return path + ".new";
}

[[noreturn]] void fail(const std::string& path) {
  throw error(exit_code::io_error,
              fmt::format("writing the progress marker '{}' failed: {}", path, std::strerror(errno)));
}

void write_all(int file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

[[noreturn]] void refuse(const std::string& source) {
  throw error(exit_code::bad_data,
              fmt::format("the progress marker '{}' is damaged; remove it and its .part, or say --overwrite "
                          "without --resume to begin anew",
                          source));
}

}  // namespace

std::string marker_path(const std::string& final_path) {
  return part_path(final_path) + ".progress";
}

std::uint64_t checksum(std::span<const char> bytes, std::uint64_t so_far) {
  for (const char byte : bytes) {
    so_far ^= static_cast<unsigned char>(byte);
    so_far *= 0x100000001b3U;
  }
  return so_far;
}

std::string marker_of_body(std::string_view body) {
  return fmt::format("{}{:016x}\n{}", magic, checksum(body), body);
}

std::string marker_text(const nlohmann::json& state) {
  return marker_of_body(json_text(state, 1) + "\n");
}

void save_marker(const std::string& path, const nlohmann::json& state) {
  const std::string text = marker_text(state);
  const std::string next = successor(path);
  {
    const descriptor file(::open(next.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666));
    if (!file) fail(next);
    const std::string_view whole = text;
    write_all(file.get(), whole.substr(0, whole.size() / 2), next);
    fault_point("marker begun");
    write_all(file.get(), whole.substr(whole.size() / 2), next);
    if (::fsync(file.get()) != 0) fail(next);
  }
  fault_point("marker synced");
  if (std::rename(next.c_str(), path.c_str()) != 0) fail(path);
  fault_point("marker renamed");
  sync_folder_of(path);
}

nlohmann::json parse_marker(std::span<const char> bytes, const std::string& source) {
  const std::string_view text(bytes.data(), bytes.size());
  const std::size_t header = magic.size() + digits + 1;
  if (text.size() < header || !text.starts_with(magic) || text[header - 1] != '\n') refuse(source);
  std::uint64_t stored = 0;
  const char* first = text.data() + magic.size();
  const auto [end, failure] = std::from_chars(first, first + digits, stored, 16);
  if (failure != std::errc{} || end != first + digits) refuse(source);
  const std::string_view body = text.substr(header);
  if (checksum(body) != stored) refuse(source);
  nlohmann::json state = nlohmann::json::parse(body, nullptr, false);
  if (state.is_discarded()) refuse(source);
  return state;
}

std::optional<nlohmann::json> load_marker(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 && errno == ENOENT) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) {
    throw error(exit_code::no_input,
                fmt::format("the progress marker '{}' cannot be read; check its permissions", path));
  }
  return parse_marker(bytes, path);
}

void remove_marker(const std::string& path) noexcept {
  try {
    remove_quietly(successor(path));
    remove_quietly(path);
  } catch (...) {
    // Out of memory for a name: the marker stays, and the next run says so.
  }
}

std::uint64_t content_probe(const std::string& path, std::size_t pieces) {
  constexpr std::uint64_t piece_bytes = 4096;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw error(exit_code::no_input, fmt::format("cannot read '{}'", path));
  const auto bytes = static_cast<std::uint64_t>(file.tellg());
  const std::uint64_t last = bytes > piece_bytes ? bytes - piece_bytes : 0;
  std::uint64_t probe = checksum({});
  std::array<char, piece_bytes> piece{};
  for (std::uint64_t i = 0; i < pieces; ++i) {
    file.clear();
    file.seekg(static_cast<std::streamoff>(last / (pieces - 1) * i + last % (pieces - 1) * i / (pieces - 1)));
    file.read(piece.data(), piece.size());
    probe = checksum({piece.data(), static_cast<std::size_t>(file.gcount())}, probe);
  }
  return probe;
}

}  // namespace weir::io

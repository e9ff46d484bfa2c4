#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

#include <weir/error.hpp>
#include <weir/fir/taps_file.hpp>

#include "message_text.hpp"

// The format is documented at numpy.lib.format: a magic string, two bytes of version, the header's length as
// a little-endian number of two bytes (version 1) or four, a Python dictionary as text, and the numbers.
namespace weir::fir {
namespace {

constexpr std::size_t magic_bytes = 6;
constexpr std::size_t version_bytes = 2;

[[noreturn]] void refuse(std::string_view source, const std::string& reason) {
  throw error(exit_code::bad_data, "'" + std::string(source) + "' " + reason +
                                       ": give a .npy file of one axis of float32, float64 or integers");
}

struct npy_header {
  std::string descr;
  std::string shape;
  std::size_t data_offset = 0;
};

/// The text of a dictionary's value: what follows `'key':` up to, and without, one of the `ends`.
std::string value_of(const std::string& header, const std::string& key, const char* begin, const char* ends,
                     std::string_view source) {
  const std::size_t at = header.find("'" + key + "'");
  const std::size_t colon = at == std::string::npos ? at : header.find(':', at);
  const std::size_t first = colon == std::string::npos ? colon : header.find_first_of(begin, colon);
  const std::size_t last = first == std::string::npos ? first : header.find_first_of(ends, first + 1);
  if (last == std::string::npos) refuse(source, "has a .npy header without a plain '" + key + "'");
  return header.substr(first + 1, last - first - 1);
}

npy_header parse_header(std::span<const char> bytes, std::string_view source) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  if (bytes.size() < magic_bytes + version_bytes) refuse(source, "ends inside its .npy header");
  const std::size_t version = byte(magic_bytes);
  if (version < 1 || version > 3) {
    refuse(source, "has .npy format version " + std::to_string(version) + ", and 1 to 3 are known");
  }
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  const std::size_t length_at = magic_bytes + version_bytes;
  if (bytes.size() < length_at + length_bytes) refuse(source, "ends inside its .npy header");
  std::size_t length = 0;
  for (std::size_t i = length_bytes; i-- > 0;) length = length << 8 | byte(length_at + i);
  const std::size_t begin = length_at + length_bytes;
  if (bytes.size() - begin < length) refuse(source, "ends inside its .npy header");
  const std::string header(bytes.data() + begin, length);
  return {value_of(header, "descr", "'[", "']", source), value_of(header, "shape", "(", ")", source),
          begin + length};
}

std::size_t parse_length(const std::string& shape, std::string_view source) {
  std::size_t length = 0;
  const char* end = shape.data() + shape.size();
  const auto [rest, code] = std::from_chars(shape.data(), end, length);
  const std::string_view behind(rest, static_cast<std::size_t>(end - rest));
  if (code != std::errc() || behind.find_first_not_of(", ") != std::string_view::npos) {
    refuse(source, "has a shape of " + in_quotes(shape));
  }
  return length;
}

template <class T>
double read_number(const char* bytes, bool swapped) {
  char ordered[sizeof(T)];
  for (std::size_t i = 0; i < sizeof(T); ++i) ordered[i] = bytes[swapped ? sizeof(T) - 1 - i : i];
  T value;
  std::memcpy(&value, ordered, sizeof(T));
  return static_cast<double>(value);
}

using reader = double (*)(const char*, bool);

struct number_type {
  std::string_view code;
  std::size_t bytes;
  reader read;
};

constexpr number_type number_types[] = {
    {"f4", 4, read_number<float>},         {"f8", 8, read_number<double>},
    {"i1", 1, read_number<std::int8_t>},   {"i2", 2, read_number<std::int16_t>},
    {"i4", 4, read_number<std::int32_t>},  {"i8", 8, read_number<std::int64_t>},
    {"u1", 1, read_number<std::uint8_t>},  {"u2", 2, read_number<std::uint16_t>},
    {"u4", 4, read_number<std::uint32_t>}, {"u8", 8, read_number<std::uint64_t>},
};

const number_type& type_of(const std::string& descr, std::string_view source) {
  const bool has_order =
      !descr.empty() && std::string_view("<>|=").find(descr.front()) != std::string_view::npos;
  const std::string_view code = std::string_view(descr).substr(has_order ? 1 : 0);
  for (const number_type& type : number_types) {
    if (type.code == code) return type;
  }
  refuse(source, "holds numbers of type " + in_quotes(descr));
}

}  // namespace

std::vector<double> parse_npy_taps(std::span<const char> bytes, std::string_view source) {
  const npy_header header = parse_header(bytes, source);
  const number_type& type = type_of(header.descr, source);
  const std::size_t length = parse_length(header.shape, source);
  if (length == 0) refuse(source, "holds no taps");
  if ((bytes.size() - header.data_offset) / type.bytes < length) {
    refuse(source, "ends before the " + std::to_string(length) + " numbers that its header announces");
  }
  constexpr char native = std::endian::native == std::endian::little ? '<' : '>';
  const char order = header.descr.front();
  const bool swapped = (order == '<' || order == '>') && order != native;
  std::vector<double> taps;
  taps.reserve(length);
  for (std::size_t k = 0; k < length; ++k) {
    taps.push_back(type.read(bytes.data() + header.data_offset + k * type.bytes, swapped));
    if (!std::isfinite(taps.back())) refuse(source, "has a tap " + std::to_string(k) + " that is not finite");
  }
  return taps;
}

std::string to_npy(std::span<const double> taps) {
  // Magic, version and header together are a multiple of this, for those who map the file.
  constexpr std::size_t alignment = 64;
  constexpr std::size_t length_bytes = 2;
  const char order = std::endian::native == std::endian::little ? '<' : '>';
  std::string header = "{'descr': '" + std::string(1, order) + "f8', 'fortran_order': False, 'shape': (" +
                       std::to_string(taps.size()) + ",), }";
  const std::size_t unpadded = magic_bytes + version_bytes + length_bytes + header.size() + 1;
  header.append((alignment - unpadded % alignment) % alignment, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\x01\0", magic_bytes + version_bytes);
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(taps.data()), taps.size_bytes());
  return bytes;
}

}  // namespace weir::fir

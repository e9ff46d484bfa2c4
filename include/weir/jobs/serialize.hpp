#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <weir/error.hpp>
#include <weir/mpi/datatype.hpp>

/// How values travel from the rank that computed them to the others: as bytes, between machines of one
/// architecture. Nothing here is collective.
///
/// Numbers, enumerations, strings, std::vector, std::array, std::pair, std::tuple, std::optional, xtensor's
/// arrays (serialize_xtensor.hpp), structures that are trivially copyable, and everything made of these
/// travel without further ado. Structures that hold strings or vectors say what they consist of:
///
///     struct fit {
///       double error = 0;
///       std::vector<double> weights;
///       auto fields() { return std::tie(error, weights); }
///     };
///
/// For a type that is not yours specialise weir::serializer.
namespace weir {

class byte_writer;
class byte_reader;

/// How a `T` becomes bytes and again a `T`. A specialisation has
/// `static void write(byte_writer&, const T&)` and `static T read(byte_reader&)`, which reads what write()
/// wrote.
template <class T>
struct serializer;

template <class T>
concept serializable = requires(byte_writer& to, byte_reader& from, const T& value) {
  serializer<T>::write(to, value);
  { serializer<T>::read(from) } -> std::same_as<T>;
};

/// Bytes that grow. Owns them.
class byte_writer {
 public:
  void append(std::span<const std::byte> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

  template <serializable T>
  void write(const T& value) {
    serializer<T>::write(*this, value);
  }

  /// Forgets what came after the first `size` bytes.
  void shorten(std::size_t size) { bytes_.resize(size); }

  std::span<const std::byte> bytes() const noexcept { return bytes_; }
  std::vector<std::byte> take() noexcept { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

/// Bytes that are read from front to back. They stay their owner's.
class byte_reader {
 public:
  explicit byte_reader(std::span<const std::byte> bytes) noexcept : left_(bytes) {}

  /// The next `count` bytes. Throws error(internal) if fewer are left.
  std::span<const std::byte> next(std::size_t count) {
    if (count > left_.size()) {
      throw error(
          exit_code::internal,
          "a result has fewer bytes than its type reads; let serializer<T>::read read what write wrote");
    }
    const std::span<const std::byte> bytes = left_.first(count);
    left_ = left_.subspan(count);
    return bytes;
  }

  template <serializable T>
  T read() {
    return serializer<T>::read(*this);
  }

  std::size_t left() const noexcept { return left_.size(); }

 private:
  std::span<const std::byte> left_;
};

/// Structures that name their parts.
template <class T>
concept has_fields = requires(T& value) {
  value.fields();
};

template <class T>
requires(transferable<T> && !has_fields<T>) struct serializer<T> {
  static void write(byte_writer& to, const T& value) { to.append(std::as_bytes(std::span(&value, 1))); }
  static T read(byte_reader& from) {
    std::array<std::byte, sizeof(T)> bytes;
    std::memcpy(bytes.data(), from.next(sizeof(T)).data(), sizeof(T));
    return std::bit_cast<T>(bytes);
  }
};

template <has_fields T>
struct serializer<T> {
  static void write(byte_writer& to, const T& value) {
    // fields() ties references for both directions, so it is no const function.
    std::apply([&](const auto&... parts) { (to.write(parts), ...); }, const_cast<T&>(value).fields());
  }
  static T read(byte_reader& from) {
    T value{};
    std::apply(
        [&](auto&... parts) { ((parts = from.read<std::remove_reference_t<decltype(parts)>>()), ...); },
        value.fields());
    return value;
  }
};

template <>
struct serializer<std::string> {
  static void write(byte_writer& to, const std::string& text) {
    to.write(text.size());
    to.append(std::as_bytes(std::span(text)));
  }
  static std::string read(byte_reader& from) {
    const std::span<const std::byte> bytes = from.next(from.read<std::size_t>());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

template <serializable T, class Allocator>
struct serializer<std::vector<T, Allocator>> {
  /// Elements whose bytes lie one after another in the vector.
  static constexpr bool is_plain = transferable<T> && !has_fields<T> && !std::same_as<T, bool>;

  static void write(byte_writer& to, const std::vector<T, Allocator>& values) {
    to.write(values.size());
    if constexpr (is_plain) {
      to.append(std::as_bytes(std::span(values)));
    } else {
      for (const T& value : values) to.write(value);
    }
  }
  static std::vector<T, Allocator> read(byte_reader& from) {
    const auto count = from.read<std::size_t>();
    std::vector<T, Allocator> values;
    if constexpr (is_plain) {
      const std::span<const std::byte> bytes = from.next(checked_bytes(from, count));
      values.resize(count);
      if (count != 0) std::memcpy(values.data(), bytes.data(), bytes.size());
    } else {
      for (std::size_t i = 0; i < count; ++i) values.push_back(from.read<T>());
    }
    return values;
  }

 private:
  static std::size_t checked_bytes(const byte_reader& from, std::size_t count) {
    return count > from.left() / sizeof(T) ? from.left() + 1 : count * sizeof(T);
  }
};

template <serializable T, std::size_t N>
requires(!transferable<std::array<T, N>>) struct serializer<std::array<T, N>> {
  static void write(byte_writer& to, const std::array<T, N>& values) {
    for (const T& value : values) to.write(value);
  }
  static std::array<T, N> read(byte_reader& from) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<T, N>{(static_cast<void>(I), from.read<T>())...};
    }
    (std::make_index_sequence<N>{});
  }
};

template <serializable A, serializable B>
struct serializer<std::pair<A, B>> {
  static void write(byte_writer& to, const std::pair<A, B>& value) {
    to.write(value.first);
    to.write(value.second);
  }
  static std::pair<A, B> read(byte_reader& from) {
    auto first = from.read<A>();
    return {std::move(first), from.read<B>()};
  }
};

template <serializable... T>
struct serializer<std::tuple<T...>> {
  static void write(byte_writer& to, const std::tuple<T...>& value) {
    std::apply([&](const T&... parts) { (to.write(parts), ...); }, value);
  }
  static std::tuple<T...> read(byte_reader& from) { return std::tuple<T...>{from.read<T>()...}; }
};

template <serializable T>
struct serializer<std::optional<T>> {
  static void write(byte_writer& to, const std::optional<T>& value) {
    to.write(value.has_value());
    if (value) to.write(*value);
  }
  static std::optional<T> read(byte_reader& from) {
    if (!from.read<bool>()) return std::nullopt;
    return from.read<T>();
  }
};

}  // namespace weir

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

namespace weir::fir {

/// Bytes of a cache line, and of the widest vector register: the alignment that kernels want.
inline constexpr std::size_t cache_line_bytes = 64;

/// A zero-filled array of numbers that starts on a cache line. Move-only; its size is fixed.
template <class T>
requires std::is_trivial_v<T>
class aligned_buffer {
 public:
  aligned_buffer() = default;

  /// Throws std::bad_alloc when there is no memory.
  explicit aligned_buffer(std::size_t size) : data_(allocate(size)), size_(size) {
    std::fill_n(data_.get(), size, T{});
  }

  T* data() noexcept { return data_.get(); }
  const T* data() const noexcept { return data_.get(); }
  std::size_t size() const noexcept { return size_; }
  std::size_t bytes() const noexcept { return size_ * sizeof(T); }
  std::span<T> span() noexcept { return {data(), size_}; }
  std::span<const T> span() const noexcept { return {data(), size_}; }
  T& operator[](std::size_t i) noexcept { return data_[i]; }
  const T& operator[](std::size_t i) const noexcept { return data_[i]; }

 private:
  struct release {
    void operator()(T* memory) const noexcept { std::free(memory); }
  };
  using owner = std::unique_ptr<T[], release>;

  static owner allocate(std::size_t size) {
    const std::size_t lines = (size * sizeof(T) + cache_line_bytes - 1) / cache_line_bytes;
    owner memory(static_cast<T*>(
        std::aligned_alloc(cache_line_bytes, std::max<std::size_t>(lines, 1) * cache_line_bytes)));
    if (!memory) throw std::bad_alloc();
    return memory;
  }

  owner data_;
  std::size_t size_ = 0;
};

}  // namespace weir::fir

#pragma once

#include <algorithm>
#include <memory>
#include <optional>

#include "output_sink.hpp"

namespace weir::pipeline {

/// Passes blocks on whose results are of a narrower type than the window's samples: each row is packed in
/// place before it is written.
template <sample W, sample T>
requires(sizeof(T) < sizeof(W)) class retyped_sink final : public output_sink<W> {
 public:
  explicit retyped_sink(std::unique_ptr<output_sink<T>> next) : next_(std::move(next)) {}

  bool settles() const override { return true; }

  void settle(const window_view<W>& window, share mine) override {
    const block& where = window.where();
    const index_range rows = part_of(where.rows.size(), mine.of, mine.index);
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      const W* const from = window.at(row, static_cast<std::ptrdiff_t>(where.samples.begin));
      T* const to = narrow(window).at(row, static_cast<std::ptrdiff_t>(where.samples.begin));
      // A result ends before the next sample begins: what is overwritten was read.
      for (std::size_t i = 0; i < where.samples.size(); ++i) {
        const auto value = static_cast<T>(from[i]);
        __builtin_memcpy(to + i, &value, sizeof value);
      }
    }
  }

  void write(const window_view<W>& window) override { next_->write(narrow(window)); }

  void gather(const std::optional<window_view<W>>& own,
              const typename output_sink<W>::blocks_of_round& blocks) override {
    next_->gather(own ? std::optional(narrow(*own)) : std::nullopt, blocks);
  }

  void sync() override { next_->sync(); }
  void close() override { next_->close(); }
  std::vector<std::uint64_t> log_bytes() const override { return next_->log_bytes(); }

 private:
  static window_view<T> narrow(const window_view<W>& window) {
    constexpr std::size_t parts = sizeof(W) / sizeof(T);
    W* const first = window.at(0, static_cast<std::ptrdiff_t>(window.where().samples.begin));
    return {reinterpret_cast<T*>(first),
            window_layout{window.where().rows.size(), 0, window.stride() * parts}, window.where()};
  }

  std::unique_ptr<output_sink<T>> next_;
};

}  // namespace weir::pipeline

#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <weir/fir/convert.hpp>
#include <weir/sample_type.hpp>

namespace weir::pipeline {

/// Stores results in a window of type W as values of another type T that W holds exactly: rounded, saturated
/// and counted as that type's.
template <sample W, std::floating_point A>
class result_store {
 public:
  /// Samples that are stored at a time.
  static constexpr std::size_t most = 4096;
  static constexpr std::size_t memory_bytes = most * sizeof(double);

  explicit result_store(sample_type result)
      : store_(visit_sample_type(result, []<sample T>(T) { return &result_store::as<T>; })), buffer_(most) {}

  /// Returns how many values did not fit.
  std::uint64_t operator()(std::span<const A> from, W* to) {
    std::uint64_t clipped = 0;
    for (std::size_t done = 0; done < from.size(); done += most) {
      const auto some = from.subspan(done, std::min(most, from.size() - done));
      clipped += store_(some, to + done, buffer_.data());
    }
    return clipped;
  }

 private:
  template <sample T>
  static std::uint64_t as(std::span<const A> from, W* to, double* buffer) {
    if constexpr (std::is_same_v<T, W>) {
      return fir::to_samples<T, A>(from, std::span(to, from.size()));
    } else {
      const std::span<T> rounded(reinterpret_cast<T*>(buffer), from.size());
      const std::uint64_t clipped = fir::to_samples<T, A>(from, rounded);
      for (std::size_t i = 0; i < from.size(); ++i) to[i] = static_cast<W>(rounded[i]);
      return clipped;
    }
  }

  std::uint64_t (*store_)(std::span<const A>, W*, double*);
  std::vector<double> buffer_;
};

}  // namespace weir::pipeline

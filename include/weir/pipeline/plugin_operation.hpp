#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include <weir/fir/aligned_buffer.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/pipeline/row_operation.hpp>
#include <weir/plugin/instance.hpp>

namespace weir::pipeline {

/// A plugin as a row_operation, in its own type of samples, A. Pieces go through the plugin in stretches of
/// bounded length, so that a rank holds O(halo) bytes however long a row is.
template <std::floating_point A>
class plugin_operation {
 public:
  using arithmetic = A;

  /// The samples of one stretch with its halo, and its results.
  struct scratch {
    std::size_t bytes() const { return in.bytes() + out.bytes(); }

    fir::aligned_buffer<A> in;
    fir::aligned_buffer<A> out;
  };

  /// The instance's type is A.
  explicit plugin_operation(std::shared_ptr<plugin::instance> code) : code_(std::move(code)) {}

  rate_ratio rate() const { return {}; }
  std::size_t before() const { return code_->before(); }
  std::size_t after() const { return code_->after(); }
  std::size_t grid() const { return 1; }
  std::size_t support() const { return before() + 1 + after(); }
  scratch make_scratch() const;

  /// The plugin's title and type.
  std::string engine() const;
  /// The library's content and the parameters.
  operation_identity identity() const;

  /// Throws what plugin::instance::run throws.
  template <sample S>
  fir::row_counts operator()(const row_place& where, std::span<const A> before, std::span<const S> samples,
                             std::span<const A> after, std::span<S> out, scratch& work) const;

 private:
  /// Results of one call: long beside the halo, whose neighbours are converted once more for each stretch.
  std::size_t stretch_samples() const;

  std::shared_ptr<plugin::instance> code_;
};

}  // namespace weir::pipeline

#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <weir/plugin/library.hpp>
#include <weir/sample_type.hpp>

namespace weir::plugin {

/// `KEY=VALUE`s in the order in which they were given.
using parameters = std::vector<std::pair<std::string, std::string>>;

/// What a plugin is made for.
struct request {
  std::size_t channels = 0;
  std::size_t samples = 0;
  std::optional<double> sampling_rate = {};
  sample_type type = sample_type::float64;  ///< float32 or float64, one that the library works in
  plugin::parameters parameters = {};
};

/// More neighbours than this, both sides together, are refused: it is far above any use.
inline constexpr std::uint64_t largest_halo = std::uint64_t{1} << 24;

/// A plugin that knows its recording and its parameters. To be called by one thread.
class instance {
 public:
  /// Throws `error`: usage, with the plugin's own words, where it refuses the request; bad_data where its
  /// halo is too large.
  instance(std::shared_ptr<const library> code, const request& what);
  instance(const instance&) = delete;
  instance& operator=(const instance&) = delete;
  ~instance();

  const library& code() const { return *code_; }
  const plugin::parameters& parameters() const { return parameters_; }
  sample_type type() const { return type_; }
  std::size_t before() const { return before_; }
  std::size_t after() const { return after_; }

  /// Computes `out` for the samples of `channel` from `first_sample` on. `in` holds `before()` samples more
  /// ahead of them and `after()` behind them. A is type(). Throws `error` (bad_data), with the place and the
  /// plugin's own words, if the plugin fails.
  template <std::floating_point A>
  void run(std::size_t channel, std::size_t first_sample, std::span<const A> in, std::span<A> out);

 private:
  void destroy() noexcept;

  std::shared_ptr<const library> code_;
  plugin::parameters parameters_;
  sample_type type_;
  std::size_t before_ = 0;
  std::size_t after_ = 0;
  void* state_ = nullptr;
};

}  // namespace weir::plugin

#include <algorithm>
#include <array>
#include <exception>

#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/plugin.h>
#include <weir/plugin/instance.hpp>

namespace weir::plugin {
namespace {

constexpr std::size_t message_bytes = 1024;

/// Calls foreign code that fails by what it returns, or, in C++, by what it throws. Returns why it failed, as
/// part of a sentence; nothing if it did not.
template <class F>
std::optional<std::string> reason_of(const crash_report& crashes, std::string_view what, F&& call) {
  std::array<char, message_bytes> message{};
  int outcome = 0;
  try {
    const foreign_call foreign(crashes, what);
    outcome = call(message.data(), message.size());
  } catch (const std::exception& thrown) {
    return fmt::format("it threw an exception: {}", thrown.what());
  } catch (...) {
    return "it threw an exception";
  }
  if (outcome == 0) return std::nullopt;
  message.back() = '\0';
  std::string text = message.data();
  std::ranges::replace(text, '\n', ' ');
  return text.empty() ? "it does not say why" : text;
}

}  // namespace

instance::instance(std::shared_ptr<const library> code, const request& what)
    : code_(std::move(code)), parameters_(what.parameters), type_(what.type) {
  std::vector<weir_plugin_parameter> pairs;
  for (const auto& [key, value] : parameters_) pairs.push_back({key.c_str(), value.c_str()});
  const weir_plugin_request asked{.channels = what.channels,
                                  .samples = what.samples,
                                  .sampling_rate = what.sampling_rate.value_or(0),
                                  .type = type_ == sample_type::float32 ? std::uint32_t{weir_plugin_float32}
                                                                        : std::uint32_t{weir_plugin_float64},
                                  .parameters = pairs.data(),
                                  .parameter_count = pairs.size()};
  weir_plugin_halo halo{};
  const auto refused =
      reason_of(code_->crashes(), fmt::format("the plugin '{}' was ended in create()", code_->file()),
                [&](char* message, std::size_t bytes) {
                  return code_->entry().create(&asked, &halo, &state_, message, bytes);
                });
  if (refused) {
    throw error(exit_code::usage, fmt::format("the plugin '{}' refuses to start: {}; change its --param",
                                              code_->file(), *refused));
  }
  before_ = halo.before;
  after_ = halo.after;
  if (std::max(halo.before, halo.after) > largest_halo || halo.before + halo.after > largest_halo) {
    destroy();
    throw error(exit_code::bad_data,
                fmt::format("the plugin '{}' asks for {} samples ahead and {} behind, and {} "
                            "together are the most; change its --param",
                            code_->file(), halo.before, halo.after, largest_halo));
  }
}

void instance::destroy() noexcept {
  if (code_->entry().destroy == nullptr) return;
  const foreign_call foreign(code_->crashes(), "the plugin was ended in destroy()");
  code_->entry().destroy(state_);
}

instance::~instance() {
  destroy();
}

template <std::floating_point A>
void instance::run(std::size_t channel, std::size_t first_sample, std::span<const A> in, std::span<A> out) {
  if (sample_type_of<A>() != type_ || in.size() != before_ + out.size() + after_) {
    throw error(exit_code::internal, "a plugin was called with samples of another type or number");
  }
  const weir_plugin_stretch stretch{.channel = channel,
                                    .first_sample = first_sample,
                                    .samples = out.size(),
                                    .in = in.data(),
                                    .out = out.data()};
  const auto place =
      fmt::format("channel {}, samples {}:{}", channel, first_sample, first_sample + out.size());
  const auto failed = reason_of(
      code_->crashes(), fmt::format("the plugin '{}' was ended in {}", code_->file(), place),
      [&](char* message, std::size_t bytes) { return code_->entry().run(state_, &stretch, message, bytes); });
  if (failed) {
    throw error(exit_code::bad_data,
                fmt::format("the plugin '{}' failed in {}: {}", code_->file(), place, *failed));
  }
}

template void instance::run(std::size_t, std::size_t, std::span<const float>, std::span<float>);
template void instance::run(std::size_t, std::size_t, std::span<const double>, std::span<double>);

}  // namespace weir::plugin

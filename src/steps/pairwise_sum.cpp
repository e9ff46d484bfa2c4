#include <array>

#include <weir/steps/pairwise_sum.hpp>

namespace weir::steps {

template <sample S>
moments moments_of(std::span<const S> samples, double time) {
  // Several sums side by side, in one order on every machine, so that none waits for the one before.
  constexpr std::size_t lanes = 8;
  std::array<double, lanes> sums{};
  std::array<double, lanes> firsts{};
  const std::size_t whole = samples.size() / lanes * lanes;
  for (std::size_t i = 0; i < whole; i += lanes) {
    for (std::size_t k = 0; k < lanes; ++k) {
      const auto x = static_cast<double>(samples[i + k]);
      sums[k] += x;
      firsts[k] += x * (time + static_cast<double>(i + k));
    }
  }
  for (std::size_t i = whole; i < samples.size(); ++i) {
    const auto x = static_cast<double>(samples[i]);
    sums[i - whole] += x;
    firsts[i - whole] += x * (time + static_cast<double>(i));
  }
  moments all;
  for (std::size_t k = 0; k < lanes; ++k) all += {sums[k], firsts[k]};
  return all;
}

void pairwise_sum::add(node next) {
  while (!nodes_.empty() && nodes_.back().level == next.level && next.index % 2 == 1 &&
         nodes_.back().index + 1 == next.index) {
    moments both = nodes_.back().value;
    both += next.value;
    next = {next.level + 1, 0, next.index / 2, both};
    nodes_.pop_back();
  }
  nodes_.push_back(next);
}

moments pairwise_sum::total() const {
  moments all;
  bool is_first = true;
  for (auto last = nodes_.rbegin(); last != nodes_.rend(); ++last) {
    moments both = last->value;
    if (!is_first) both += all;
    all = both;
    is_first = false;
  }
  return all;
}

template moments moments_of(std::span<const std::int16_t>, double);
template moments moments_of(std::span<const std::uint16_t>, double);
template moments moments_of(std::span<const std::int32_t>, double);
template moments moments_of(std::span<const float>, double);
template moments moments_of(std::span<const double>, double);

}  // namespace weir::steps

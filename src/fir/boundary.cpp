#include <algorithm>
#include <string>

#include <weir/error.hpp>
#include <weir/fir/boundary.hpp>

#include "sample_pairs.hpp"

namespace weir::fir {
namespace {

std::ptrdiff_t modulo(std::ptrdiff_t position, std::ptrdiff_t period) {
  const std::ptrdiff_t rest = position % period;
  return rest < 0 ? rest + period : rest;
}

/// An extended row, read position by position.
template <sample S, std::floating_point A>
class extended_row {
 public:
  extended_row(const boundary& edge, std::size_t length, known_samples<S> known)
      : edge_(edge), length_(static_cast<std::ptrdiff_t>(length)), known_(known) {}

  A operator[](std::ptrdiff_t position) const {
    if (position >= 0 && position < length_) return known(position);
    switch (edge_.mode) {
      case boundary_mode::reflect:
        return known(folded(position, 2 * length_, 2 * length_ - 1));
      case boundary_mode::mirror:
        return length_ == 1 ? known(0) : known(folded(position, 2 * length_ - 2, 2 * length_ - 2));
      case boundary_mode::nearest:
        return known(std::clamp<std::ptrdiff_t>(position, 0, length_ - 1));
      case boundary_mode::wrap:
        return is_known(position) ? known(position) : known(modulo(position, length_));
      case boundary_mode::constant:
        return static_cast<A>(edge_.cval);
      case boundary_mode::odd:
        return odd(position);
    }
    throw error(exit_code::internal, "a boundary mode has no such value");
  }

 private:
  /// The index of an even continuation of this period, in which `i` and `mirrored_from - i` are the same.
  std::ptrdiff_t folded(std::ptrdiff_t position, std::ptrdiff_t period, std::ptrdiff_t mirrored_from) const {
    const std::ptrdiff_t i = modulo(position, period);
    return i < length_ ? i : mirrored_from - i;
  }

  /// Both point reflections together shift by 2 (length - 1) samples and lift by twice the row's rise, so a
  /// position is one inside the row or in its first reflection, lifted a whole number of times.
  A odd(std::ptrdiff_t position) const {
    if (length_ == 1) return known(0);
    const std::ptrdiff_t last = length_ - 1;
    const std::ptrdiff_t period = 2 * last;
    if (position < 0 && position >= -last) return A{2} * known(0) - known(-position);
    if (position > last && position <= period) return A{2} * known(last) - known(period - position);
    const std::ptrdiff_t i = modulo(position, period);
    const A lifts = static_cast<A>((position - i) / period);
    const A first_period = i <= last ? known(i) : A{2} * known(last) - known(period - i);
    return first_period + lifts * (A{2} * (known(last) - known(0)));
  }

  bool is_known(std::ptrdiff_t position) const {
    return position >= known_.first && position - known_.first < static_cast<std::ptrdiff_t>(known_.count);
  }

  A known(std::ptrdiff_t position) const {
    if (!is_known(position)) {
      throw error(exit_code::internal, "sample " + std::to_string(position) +
                                           " of a row is needed for its boundary and is not at hand");
    }
    return static_cast<A>(known_.data[position - known_.first]);
  }

  boundary edge_;
  std::ptrdiff_t length_;
  known_samples<S> known_;
};

}  // namespace

template <sample S, std::floating_point A>
void extend(const boundary& edge, std::size_t row_length, known_samples<S> known,
            std::ptrdiff_t first_position, std::span<A> out) {
  if (row_length == 0) throw error(exit_code::internal, "a row without samples has no boundary");
  const extended_row<S, A> row(edge, row_length, known);
  for (std::size_t j = 0; j < out.size(); ++j) out[j] = row[first_position + static_cast<std::ptrdiff_t>(j)];
}

#define WEIR_INSTANTIATE(S, A) \
  template void extend<S, A>(const boundary&, std::size_t, known_samples<S>, std::ptrdiff_t, std::span<A>);
WEIR_FOR_EVERY_SAMPLE_AND_ARITHMETIC(WEIR_INSTANTIATE)
#undef WEIR_INSTANTIATE

}  // namespace weir::fir

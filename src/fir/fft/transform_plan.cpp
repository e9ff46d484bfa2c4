#include "transform_plan.hpp"

#include <bit>
#include <utility>

#include "../cache_sets.hpp"
#include "exact_transform.hpp"
#include "response_table.hpp"

namespace weir::fir {
namespace {

/// Radices of the passes outside the middle one. Eights need fewer passes and fewer twiddles than fours, and
/// come first: then what is left for the other passes is smaller. But the last pass writes the legs of both
/// segments of a pair in step. Where eight legs of each would meet in one set of the first-level cache, a
/// four comes ahead of them: sixteen lines that are written drive one another out.
std::vector<std::size_t> radices_of(std::size_t slots) {
  const auto bits = static_cast<std::size_t>(std::countr_zero(slots / group_slots));
  const bool four_first = slots / 8 >= lines_to_same_set;
  const std::size_t others = four_first ? bits - 2 : bits;
  const std::size_t fours = (3 - others % 3) % 3;
  std::vector<std::size_t> radices;
  if (four_first) radices.push_back(4);
  radices.insert(radices.end(), (others - 2 * fours) / 3, 8);
  radices.insert(radices.end(), fours, 4);
  return radices;
}

/// For each slot the q that it holds after decimation in frequency with these radices and the middle pass's.
std::vector<std::size_t> frequencies_of_slots(const std::vector<std::size_t>& radices) {
  std::vector<std::size_t> frequencies{0};
  std::size_t transformed = 1;  // what the passes so far have made of the frequency
  for (const std::size_t radix : radices) {
    std::vector<std::size_t> next;
    next.reserve(frequencies.size() * radix);
    for (const std::size_t q : frequencies) {
      for (std::size_t digit = 0; digit < radix; ++digit) next.push_back(q + transformed * digit);
    }
    frequencies = std::move(next);
    transformed *= radix;
  }
  std::vector<std::size_t> frequencies_of_groups;
  for (const std::size_t q : frequencies) {
    for (std::size_t turn = 0; turn < group_slots; ++turn) {
      frequencies_of_groups.push_back(q + transformed * frequency_in_turn(turn));
    }
  }
  return frequencies_of_groups;
}

}  // namespace

template <std::floating_point T>
transform_plan<T>::transform_plan(std::size_t length, pairing pair, const filter_spec& spec) {
  const std::vector<std::size_t> frequencies = build_tables(length, pair);
  view_.real_response = is_centred_symmetric(spec);
  responses_.push_back(response_of(frequencies, roots_of_unity(length), spec, view_.real_response));
  view_.response = responses_.front().data();
}

template <std::floating_point T>
transform_plan<T>::transform_plan(std::size_t length, pairing pair, std::span<const filter_spec> specs) {
  const std::vector<std::size_t> frequencies = build_tables(length, pair);
  const std::vector<exact> roots = roots_of_unity(length);
  for (const filter_spec& spec : specs) {
    responses_.push_back(response_of(frequencies, roots, spec, false));
  }
  view_.response = responses_.front().data();
}

template <std::floating_point T>
transform_view<T> transform_plan<T>::view_of(std::size_t i) const {
  transform_view<T> view = view_;
  view.response = responses_[i].data();
  return view;
}

template <std::floating_point T>
std::vector<std::size_t> transform_plan<T>::build_tables(std::size_t length, pairing pair) {
  constexpr std::size_t lanes = 64 / sizeof(T);
  view_.length = length;
  view_.pair = pair;
  view_.slots = length / lanes;
  view_.level_ahead = level_ahead_of(2 * length * sizeof(T));
  build_outer_passes();
  std::vector<std::size_t> radices;
  for (std::size_t pass = 0; pass < view_.outer_passes; ++pass) radices.push_back(view_.outer[pass].radix);
  std::vector<std::size_t> frequencies = frequencies_of_slots(radices);
  build_lane_twiddles(frequencies);
  return frequencies;
}

template <std::floating_point T>
exact transform_plan<T>::root_at(std::size_t n, std::size_t k, std::size_t whole) const {
  return root_of_unity(n * (4 * (k + whole) - quarters()), 4 * whole);
}

template <std::floating_point T>
void transform_plan<T>::build_outer_passes() {
  const std::vector<std::size_t> radices = radices_of(view_.slots);
  std::size_t numbers = 2 * quarters() * (view_.slots / radices.front());  // of the first pass's first leg
  std::size_t size = view_.slots;
  for (const std::size_t radix : radices) {
    numbers += 2 * (radix - 1) * (size / radix);
    size /= radix;
  }
  outer_twiddles_ = aligned_buffer<T>(numbers);
  T* table = outer_twiddles_.data();
  size = view_.slots;
  for (const std::size_t radix : radices) {
    const bool is_first = view_.outer_passes == 0;
    const std::size_t plain_legs = is_first ? 1 - quarters() : 1;
    view_.outer[view_.outer_passes++] = {radix, size, table};
    for (std::size_t j = 0; j < size / radix; ++j) {
      for (std::size_t t = plain_legs; t < radix; ++t) {
        const exact root = is_first ? root_at(j, t, size) : root_of_unity(j * t, size);
        *table++ = static_cast<T>(root.real());
        *table++ = static_cast<T>(root.imag());
      }
    }
    size /= radix;
  }
}

template <std::floating_point T>
void transform_plan<T>::build_lane_twiddles(const std::vector<std::size_t>& frequencies) {
  constexpr std::size_t lanes = unit_lanes<T>;
  constexpr std::size_t to_imaginary_part = lanes == 1 ? group_slots : 1;
  lane_twiddles_ = aligned_buffer<T>(lane_twiddles_of_group * (view_.slots / group_slots));
  T* table = lane_twiddles_.data();
  for (std::size_t group = 0; group < view_.slots; group += group_slots) {
    for (std::size_t unit = 1; unit < units_of_slot; ++unit, table += 2 * group_slots) {
      for (std::size_t s = 0; s < group_slots; ++s) {
        const exact root = root_at(unit * lanes, frequencies[group + s], view_.length);
        T* const entry = table + s * lanes;
        entry[0] = static_cast<T>(root.real());
        entry[to_imaginary_part] = static_cast<T>(root.imag());
      }
    }
  }
  view_.lane_twiddles = lane_twiddles_.data();
}

template <std::floating_point T>
aligned_buffer<T> transform_plan<T>::response_of(const std::vector<std::size_t>& frequencies,
                                                 const std::vector<exact>& roots, const filter_spec& spec,
                                                 bool is_real) const {
  const auto weight = [&](std::size_t n) {
    return std::conj(root_of_unity(n * quarters(), 4 * view_.length));
  };
  std::vector<exact> impulse(view_.length);
  for (std::size_t k = 0; k < spec.taps.size(); ++k) {
    const bool is_ahead = k < spec.advance;
    const std::size_t distance = is_ahead ? spec.advance - k : k - spec.advance;
    const exact of_distance = is_ahead ? std::conj(weight(distance)) : weight(distance);
    const std::size_t place = distance % view_.length;
    impulse[is_ahead && place > 0 ? view_.length - place : place] +=
        static_cast<long double>(spec.taps[k]) * of_distance;
  }
  const std::vector<exact> spectrum = exact_transform(impulse, roots);
  const exact to_frequency = weight(1);
  const auto scale = static_cast<long double>(view_.length);
  aligned_buffer<T> response(response_numbers_of_group<T>(is_real) * (view_.slots / group_slots));
  T* table = response.data();
  for (std::size_t group = 0; group < view_.slots; group += group_slots) {
    const auto frequency = [&](std::size_t p, std::size_t s) {
      return frequencies[group + s] + view_.slots * p;
    };
    const auto at = [&](std::size_t p, std::size_t s) {
      const exact value = spectrum[frequency(p, s)] / scale;
      return is_real ? exact(value.real()) : value;
    };
    table = put_response(table, is_real, at, [&](std::size_t p, std::size_t s) {
      return product(roots[frequency(p, s)], to_frequency);
    });
  }
  return response;
}

template class transform_plan<float>;
template class transform_plan<double>;

}  // namespace weir::fir

#include "transform_plan.hpp"

#include <bit>
#include <cmath>
#include <numbers>
#include <utility>

namespace weir::fir {
namespace {

using exact = std::complex<long double>;

/// exp(-2 pi i part / whole)
exact root_of_unity(std::size_t part, std::size_t whole) {
  const long double angle = 2 * std::numbers::pi_v<long double> * static_cast<long double>(part % whole) /
                            static_cast<long double>(whole);
  return {std::cos(angle), -std::sin(angle)};
}

/// Of finite numbers: without the language's care for others, which costs more than the product.
exact product(exact a, exact b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// Radices of the passes outside the middle one, whose product is 2^bits, for bits >= 2. Eights need fewer
/// passes and fewer twiddles than fours, and come first: then what is left for the other passes is smaller.
std::vector<std::size_t> radices_of(unsigned bits) {
  const std::size_t fours = (3 - bits % 3) % 3;
  std::vector<std::size_t> radices((bits - 2 * fours) / 3, 8);
  radices.insert(radices.end(), fours, 4);
  return radices;
}

/// For each slot the q that it holds after decimation in frequency with these radices and the middle pass's.
template <std::size_t lanes>
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
    for (std::size_t turn = 0; turn < lanes; ++turn) {
      frequencies_of_groups.push_back(q + transformed * frequency_in_turn<lanes>(turn));
    }
  }
  return frequencies_of_groups;
}

/// The sums and differences of a group's real response `at(p, s)`, from `table` on. Returns their end.
template <class T>
T* store_pairs(T* table, const auto& at) {
  constexpr std::size_t lanes = 64 / sizeof(T);
  constexpr std::size_t pairs = lanes / 2;
  for (std::size_t p = 0; p < pairs; ++p) {
    for (std::size_t s = 0; s < lanes; ++s) *table++ = static_cast<T>(at(p, s) + at(p + pairs, s));
  }
  for (std::size_t p = 0; p < pairs; ++p) {
    const bool is_odd = eighths_of_pair<lanes>(p) % 2 != 0;
    const long double size = is_odd ? std::sqrt(0.5L) : 1.0L;
    for (std::size_t s = 0; s < lanes; ++s) *table++ = static_cast<T>((at(p, s) - at(p + pairs, s)) * size);
  }
  return table;
}

}  // namespace

std::vector<exact> roots_of_unity(std::size_t n) {
  std::vector<exact> roots(n);
  for (std::size_t k = 0; k < n; ++k) roots[k] = root_of_unity(k, n);
  return roots;
}

std::vector<exact> exact_transform(const std::vector<exact>& x, const std::vector<exact>& roots) {
  const std::size_t n = x.size();
  // Stockham's decimation in frequency: natural order in, natural order out.
  std::vector<exact> from = x;
  std::vector<exact> to(n);
  for (std::size_t half = n / 2, stride = 1; half > 0; half /= 2, stride *= 2) {
    for (std::size_t p = 0; p < half; ++p) {
      for (std::size_t s = 0; s < stride; ++s) {
        const exact a = from[s + stride * p];
        const exact b = from[s + stride * (p + half)];
        to[s + stride * 2 * p] = a + b;
        to[s + stride * (2 * p + 1)] = product(a - b, roots[p * stride]);
      }
    }
    std::swap(from, to);
  }
  return from;
}

template <std::floating_point T>
transform_plan<T>::transform_plan(std::size_t length, const filter_spec& spec) {
  const std::vector<std::size_t> frequencies = build_tables(length);
  view_.real_response = is_centred_symmetric(spec);
  responses_.push_back(response_of(frequencies, roots_of_unity(length), spec, view_.real_response));
  view_.response = responses_.front().data();
}

template <std::floating_point T>
transform_plan<T>::transform_plan(std::size_t length, std::span<const filter_spec> specs) {
  const std::vector<std::size_t> frequencies = build_tables(length);
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
std::vector<std::size_t> transform_plan<T>::build_tables(std::size_t length) {
  constexpr std::size_t lanes = 64 / sizeof(T);
  view_.length = length;
  view_.slots = length / lanes;
  view_.level_ahead = level_ahead_of(2 * length * sizeof(T));
  build_outer_passes();
  std::vector<std::size_t> radices;
  for (std::size_t pass = 0; pass < view_.outer_passes; ++pass) radices.push_back(view_.outer[pass].radix);
  std::vector<std::size_t> frequencies = frequencies_of_slots<lanes>(radices);
  build_lane_twiddles(frequencies);
  return frequencies;
}

template <std::floating_point T>
void transform_plan<T>::build_outer_passes() {
  const std::size_t lanes = view_.length / view_.slots;
  const std::vector<std::size_t> radices = radices_of(std::countr_zero(view_.slots / lanes));
  std::size_t numbers = 0;
  std::size_t size = view_.slots;
  for (const std::size_t radix : radices) {
    numbers += 2 * (radix - 1) * (size / radix);
    size /= radix;
  }
  outer_twiddles_ = aligned_buffer<T>(numbers);
  T* table = outer_twiddles_.data();
  size = view_.slots;
  for (const std::size_t radix : radices) {
    view_.outer[view_.outer_passes++] = {radix, size, table};
    for (std::size_t j = 0; j < size / radix; ++j) {
      for (std::size_t t = 1; t < radix; ++t) {
        const exact root = root_of_unity(j * t, size);
        *table++ = static_cast<T>(root.real());
        *table++ = static_cast<T>(root.imag());
      }
    }
    size /= radix;
  }
}

template <std::floating_point T>
void transform_plan<T>::build_lane_twiddles(const std::vector<std::size_t>& frequencies) {
  const std::size_t lanes = view_.length / view_.slots;
  lane_twiddles_ = aligned_buffer<T>(2 * (lanes - 1) * view_.slots);
  T* table = lane_twiddles_.data();
  for (std::size_t group = 0; group < view_.slots; group += lanes) {
    for (std::size_t lane = 1; lane < lanes; ++lane, table += 2 * lanes) {
      for (std::size_t s = 0; s < lanes; ++s) {
        const exact root = root_of_unity(lane * frequencies[group + s], view_.length);
        table[s] = static_cast<T>(root.real());
        table[lanes + s] = static_cast<T>(root.imag());
      }
    }
  }
  view_.lane_twiddles = lane_twiddles_.data();
}

template <std::floating_point T>
aligned_buffer<T> transform_plan<T>::response_of(const std::vector<std::size_t>& frequencies,
                                                 const std::vector<std::complex<long double>>& roots,
                                                 const filter_spec& spec, bool is_real) const {
  const std::size_t lanes = view_.length / view_.slots;
  std::vector<exact> impulse(view_.length);
  for (std::size_t k = 0; k < spec.taps.size(); ++k) {
    impulse[(k + view_.length - spec.advance) % view_.length] += static_cast<long double>(spec.taps[k]);
  }
  const std::vector<exact> spectrum = exact_transform(impulse, roots);
  const auto scale = static_cast<long double>(view_.length);
  aligned_buffer<T> response((is_real ? 1 : 2) * view_.length);
  T* table = response.data();
  for (std::size_t group = 0; group < view_.slots; group += lanes) {
    const auto at = [&](std::size_t p, std::size_t s) {
      return spectrum[frequencies[group + s] + view_.slots * p] / scale;
    };
    if (is_real) {
      table = store_pairs(table, [&](std::size_t p, std::size_t s) { return at(p, s).real(); });
      continue;
    }
    for (std::size_t p = 0; p < lanes; ++p) {
      for (std::size_t s = 0; s < lanes; ++s) *table++ = static_cast<T>(at(p, s).real());
      for (std::size_t s = 0; s < lanes; ++s) *table++ = static_cast<T>(at(p, s).imag());
    }
  }
  return response;
}

template class transform_plan<float>;
template class transform_plan<double>;

}  // namespace weir::fir

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string_view>
#include <vector>

#include <weir/fir/gaussian.hpp>
#include <weir/fir/row_filter.hpp>

namespace {

using weir::fir::boundary_mode;

boundary_mode mode_of(std::string_view name) {
  if (name == "mirror") return boundary_mode::mirror;
  if (name == "nearest") return boundary_mode::nearest;
  if (name == "wrap") return boundary_mode::wrap;
  if (name == "constant") return boundary_mode::constant;
  if (name == "odd") return boundary_mode::odd;
  return boundary_mode::reflect;
}

weir::fir::method method_of(std::string_view name) {
  if (name == "direct") return weir::fir::method::direct;
  if (name == "fft") return weir::fir::method::fft;
  return weir::fir::method::automatic;
}

template <class A, class S>
int filter(S* row, std::size_t samples, const double* taps, std::size_t n_taps, std::size_t advance,
           const char* mode, double cval, const char* method) {
  try {
    const weir::fir::row_filter<A> f({.taps = std::vector(taps, taps + n_taps), .advance = advance},
                                     method_of(method));
    auto scratch = f.make_scratch();
    weir::fir::filter_row(f, {.mode = mode_of(mode), .cval = cval}, std::span(row, samples), scratch);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}

}  // namespace

// One row, filtered in place, in the arithmetic that weir takes for its type.
extern "C" {

int filter_float64(double* row, std::size_t samples, const double* taps, std::size_t n_taps,
                   std::size_t advance, const char* mode, double cval, const char* method) {
  return filter<double>(row, samples, taps, n_taps, advance, mode, cval, method);
}

int filter_float32(float* row, std::size_t samples, const double* taps, std::size_t n_taps,
                   std::size_t advance, const char* mode, double cval, const char* method) {
  return filter<float>(row, samples, taps, n_taps, advance, mode, cval, method);
}

int filter_int16(std::int16_t* row, std::size_t samples, const double* taps, std::size_t n_taps,
                 std::size_t advance, const char* mode, double cval, const char* method) {
  return filter<double>(row, samples, taps, n_taps, advance, mode, cval, method);
}

// Fills `taps` with a Gaussian's and returns how many there are; -1 if they are more than `room`.
std::ptrdiff_t gaussian_taps(double sigma, double truncate, unsigned order, double* taps, std::size_t room) {
  const std::vector<double> found =
      weir::fir::gaussian_taps({.sigma = sigma, .truncate = truncate, .order = static_cast<int>(order)});
  if (found.size() > room) return -1;
  std::copy(found.begin(), found.end(), taps);
  return static_cast<std::ptrdiff_t>(found.size());
}
}

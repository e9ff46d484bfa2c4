#include <array>
#include <cmath>
#include <limits>

#include <weir/io/synth.hpp>

namespace weir::io {

namespace {

constexpr double pi = 3.14159265358979323846;

/// sin(2 pi x) for x >= 0, the same bits on every machine: Taylor's series to the 13th power, within 1e-9.
double sine_of_turns(double x) {
  const double fraction = x - static_cast<double>(static_cast<std::int64_t>(x));
  double turn = fraction;  // into [-1/4, 1/4], where the series is short
  if (fraction > 0.75) {
    turn = fraction - 1.0;
  } else if (fraction > 0.25) {
    turn = 0.5 - fraction;
  }
  const double y = 2.0 * pi * turn;
  const double z = y * y;
  double sum = 1.0;
  for (const double divisor : {13.0 * 12.0, 11.0 * 10.0, 9.0 * 8.0, 7.0 * 6.0, 5.0 * 4.0, 3.0 * 2.0}) {
    sum = 1.0 - z / divisor * sum;
  }
  return y * sum;
}

/// Scrambles 64 bits: the finaliser of SplitMix64 (Steele, Lea, Flood 2014, with Stafford's mix 13).
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

/// A random number that depends on its three arguments alone.
std::uint64_t hash(std::uint64_t seed, std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t golden = 0x9e3779b97f4a7c15U;
  return mix(mix(mix(seed + golden) + a * golden) + b * golden);
}

/// Nearly normal noise of variance 1: the sum of four uniform numbers of 16 bits, none beyond 3.5.
double noise(std::uint64_t bits) {
  constexpr double sum_middle = 2.0 * 65535.0;
  constexpr double sum_deviation = 65536.0 * 0.57735026918962576;  // sqrt(4 / 12)
  const std::uint64_t sum =
      (bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48);
  return (static_cast<double>(sum) - sum_middle) / sum_deviation;
}

struct wave {
  double hertz;
  double millivolts;
  double turns_a_channel;
};

constexpr wave drift{0.07, 1.0, 0.004};
constexpr std::array<wave, 5> waves{{
    {7.0, 0.6, 0.011},  // three oscillations
    {11.0, 0.4, 0.023},
    {43.0, 0.15, 0.007},
    {50.0, 0.25, 0.0},  // line hum and its third harmonic, in phase on all channels
    {150.0, 0.08, 0.0},
}};
constexpr double noise_millivolts = 0.3;

/// One burst every `event_period`, from a source among `event_channels` neighbours, heard later the farther
/// away.
constexpr double event_period = 4.0;  // seconds
constexpr std::uint64_t event_channels = 128;
constexpr double event_slowness = 0.004;  // seconds a channel
constexpr double event_duration = 0.4;    // seconds
constexpr double event_hertz = 20.0;
constexpr double event_millivolts = 2.5;

double event(std::uint64_t seed, std::uint64_t channel, double seconds) {
  const auto number = static_cast<std::uint64_t>(seconds / event_period);
  const std::uint64_t random = hash(seed, ~std::uint64_t{0}, number);
  const std::uint64_t source = random % event_channels;
  const std::uint64_t here = channel % event_channels;
  const double distance = static_cast<double>(here > source ? here - source : source - here);
  // The latest arrival plus the duration ends within the period, so events do not overlap.
  const double arrival = static_cast<double>(number) * event_period + 1.0 + distance * event_slowness;
  const double since = seconds - arrival;
  if (since < 0.0 || since >= event_duration) return 0.0;
  const double u = 2.0 * since / event_duration - 1.0;
  const double bell = (1.0 - u * u) * (1.0 - u * u);
  const double strength = (random >> 32) % 2 == 0 ? 1.0 : 0.6;
  return event_millivolts * strength * bell * sine_of_turns(event_hertz * since);
}

template <sample S>
S to_counts(double millivolts) {
  if constexpr (std::is_floating_point_v<S>) {
    return static_cast<S>(millivolts);
  } else {
    constexpr sample_type type = sample_type_of<S>();
    return static_cast<S>(std::lrint((millivolts - synthetic_offset(type)) / synthetic_scale(type)));
  }
}

}  // namespace

double synthetic_scale(sample_type type) {
  constexpr double small_count = 0.00025;  // +-8 mV fill 16 bits
  constexpr double fine_count = 0.000001;
  if (type == sample_type::int16 || type == sample_type::uint16) return small_count;
  return type == sample_type::int32 ? fine_count : 1.0;
}

double synthetic_offset(sample_type type) {
  constexpr double middle_count = 32768.0;
  return type == sample_type::uint16 ? -middle_count * synthetic_scale(type) : 0.0;
}

synthetic_signal::synthetic_signal(std::uint64_t seed, double sampling_rate)
    : seed_(seed), seconds_a_sample_(1.0 / sampling_rate) {}

double synthetic_signal::value(std::size_t channel, std::size_t sample_index) const {
  const double seconds = static_cast<double>(sample_index) * seconds_a_sample_;
  const auto place = static_cast<double>(channel);
  const auto at = [&](const wave& w) {
    return w.millivolts * sine_of_turns(w.hertz * seconds + w.turns_a_channel * place);
  };
  double sum = at(drift);
  for (const wave& w : waves) sum += at(w);
  return sum + event(seed_, channel, seconds) + noise_millivolts * noise(hash(seed_, channel, sample_index));
}

template <sample S>
void synthetic_signal::fill(index_range channels, index_range samples, S* destination,
                            std::size_t row_stride) const {
  for (std::size_t channel = channels.begin; channel < channels.end; ++channel) {
    S* const row = destination + (channel - channels.begin) * row_stride;
    for (std::size_t s = samples.begin; s < samples.end; ++s) {
      row[s - samples.begin] = to_counts<S>(value(channel, s));
    }
  }
}

template void synthetic_signal::fill(index_range, index_range, std::int16_t*, std::size_t) const;
template void synthetic_signal::fill(index_range, index_range, std::uint16_t*, std::size_t) const;
template void synthetic_signal::fill(index_range, index_range, std::int32_t*, std::size_t) const;
template void synthetic_signal::fill(index_range, index_range, float*, std::size_t) const;
template void synthetic_signal::fill(index_range, index_range, double*, std::size_t) const;

}  // namespace weir::io

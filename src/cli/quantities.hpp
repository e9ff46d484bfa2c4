#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace weir::cli {

/// A length of time as a person writes it: `10s`, `20ms`, `2m` or `2min`, `1h`, or `500n` for
/// samples.
struct duration {
  double value = 0;
  bool in_samples = false;  ///< else seconds
};

/// Reads a duration; without a unit it is seconds. Throws `error` (usage) that names `option`.
duration parse_duration(const std::string& text, const std::string& option);

/// The duration in samples, rounded to the nearest. Throws `error` (usage) that says to give `--fs` if the
/// duration is in seconds and the rate is not known, and for less than one sample or more than 2^53.
std::size_t in_samples(const duration& length, std::optional<double> sampling_rate,
                       const std::string& option);

/// A duration that cannot be in samples, such as a time limit. Throws `error` (usage) that names `option`.
std::chrono::duration<double> parse_seconds(const std::string& text, const std::string& option);

/// A frequency in hertz from `40`, `40Hz`, `1.5kHz` or `250mHz`. Throws `error` (usage) that names `option`.
double parse_frequency(const std::string& text, const std::string& option);

/// A Gaussian's sigma in samples from `40`, `20ms` or `8Hz`. A frequency is where the response falls to
/// exp(-1/2): sigma = fs / (2 pi f). Throws `error` (usage) for sigma <= 0, a frequency beyond fs/2, and a
/// unit that needs a rate which is not known.
double parse_sigma(const std::string& text, std::optional<double> sampling_rate);

/// Bytes from `64MiB`, `8GiB`, `500MB`, `2G`: k, M, G, T are powers of 1000, Ki, Mi, Gi, Ti of 1024; the B
/// may be left out. Throws `error` (usage) that names `option`.
std::size_t parse_bytes(const std::string& text, const std::string& option);

}  // namespace weir::cli

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json_fwd.hpp>

#include <weir/error.hpp>
#include <weir/io/recording.hpp>

namespace weir::io::test {

/// Shape of the recordings that h5py_oracle.py makes.
inline constexpr std::size_t pattern_channels = 13;
inline constexpr std::size_t pattern_samples = 1009;

/// The values that h5py_oracle.py writes and looks for; it says the same in Python.
template <sample S>
S pattern(std::size_t channel, std::size_t sample_index) {
  constexpr std::size_t modulus = 65521;
  const auto n =
      static_cast<std::int64_t>((channel * 7919 + sample_index * 10473 + channel * sample_index) % modulus);
  if constexpr (std::is_floating_point_v<S>) return static_cast<S>(static_cast<double>(n - 32768) / 3.0);
  if constexpr (std::is_same_v<S, std::uint16_t>) return static_cast<S>(n);
  if constexpr (std::is_same_v<S, std::int16_t>) return static_cast<S>(n - 32768);
  if constexpr (std::is_same_v<S, std::int32_t>) return static_cast<S>(n * 30011 - 1'000'000'000);
}

/// Runs h5py_oracle.py, which must succeed, and returns what it printed.
std::string oracle(const std::vector<std::string>& arguments);

/// Attributes of a file, as h5py reads them: one for each pair of an object's path and a name.
std::vector<nlohmann::json> attributes(const std::string& path,
                                       const std::vector<std::pair<std::string, std::string>>& names);

/// A folder of all recordings that h5py_oracle.py makes, made once a process.
const std::filesystem::path& recordings();

/// An empty folder, removed with this.
class scratch_folder {
 public:
  scratch_folder();
  ~scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

/// Runs `f`, which must throw a weir::error, and returns its code and sentence.
template <class F>
std::pair<exit_code, std::string> error_of(F&& f) {
  try {
    std::forward<F>(f)();
  } catch (const error& fault) {
    return {fault.code(), fault.what()};
  }
  ADD_FAILURE() << "no error";
  return {exit_code::done, ""};
}

/// Writes the pattern with the pipeline's writer, cut into rectangles of this size.
void write_pattern(const recording& part, std::size_t channels_a_time, std::size_t samples_a_time);

}  // namespace weir::io::test

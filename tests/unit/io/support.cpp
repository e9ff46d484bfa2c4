#include "support.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/io/writer.hpp>

namespace weir::io::test {

std::string oracle(const std::vector<std::string>& arguments) {
  std::string command = fmt::format("{} -B {}", WEIR_PYTHON, WEIR_H5PY_ORACLE);
  for (const std::string& argument : arguments) command += fmt::format(" '{}'", argument);
  std::FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), n);
  const int status = ::pclose(pipe);
  EXPECT_EQ(status, 0) << command << "\n" << text;
  return text;
}

std::vector<nlohmann::json> attributes(const std::string& path,
                                       const std::vector<std::pair<std::string, std::string>>& names) {
  std::vector<std::string> arguments{"attributes", path};
  for (const auto& [object, name] : names) {
    arguments.push_back(object);
    arguments.push_back(name);
  }
  std::istringstream lines(oracle(arguments));
  std::vector<nlohmann::json> found;
  for (std::string line; std::getline(lines, line);) found.push_back(nlohmann::json::parse(line));
  EXPECT_EQ(found.size(), names.size());
  found.resize(names.size());
  return found;
}

const std::filesystem::path& recordings() {
  static const scratch_folder folder;
  static const std::filesystem::path path = [] {
    oracle({"make", folder.file("made")});
    return std::filesystem::path(folder.file("made"));
  }();
  return path;
}

scratch_folder::scratch_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "weir-io-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
  path_ = pattern;
}

scratch_folder::~scratch_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> scratch_folder::names() const {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    found.push_back(entry.path().filename());
  std::sort(found.begin(), found.end());
  return found;
}

void write_pattern(const recording& part, std::size_t channels_a_time, std::size_t samples_a_time) {
  visit_sample_type(part.type, [&](auto zero) {
    using stored = decltype(zero);
    writer out(part);
    const std::size_t stride = samples_a_time + 3;
    std::vector<stored> values(channels_a_time * stride);
    for (std::size_t c = 0; c < part.channels; c += channels_a_time) {
      for (std::size_t s = 0; s < part.samples; s += samples_a_time) {
        const index_range channels{c, std::min(part.channels, c + channels_a_time)};
        const index_range samples{s, std::min(part.samples, s + samples_a_time)};
        for (std::size_t i = 0; i < channels.size(); ++i) {
          for (std::size_t k = 0; k < samples.size(); ++k) {
            // A recording of one dimension is the pattern's channel 3.
            values[i * stride + k] = pattern<stored>(part.dimensions == 1 ? 3 : c + i, s + k);
          }
        }
        out.write(channels, samples, values.data(), stride);
      }
    }
    out.sync();
  });
}

}  // namespace weir::io::test

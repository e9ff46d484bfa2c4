#include "processors.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include <sched.h>

namespace weir {
namespace {

constexpr std::size_t word_bits = 64;
constexpr std::size_t most_processors = std::size_t{1} << 20;

void insert(processor_set& set, std::size_t processor) {
  const std::size_t word = processor / word_bits;
  if (set.size() <= word) set.resize(word + 1, 0);
  set[word] |= std::uint64_t{1} << (processor % word_bits);
}

std::size_t parse_number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value >= most_processors) {
    throw std::invalid_argument("a list of processors has the item '" + std::string(text) + "'");
  }
  return value;
}

}  // namespace

processor_set allowed_processors() {
  // The kernel refuses a set that is smaller than its own.
  for (std::size_t words = 16; words * word_bits <= most_processors; words *= 2) {
    processor_set set(words, 0);
    if (::sched_getaffinity(0, words * sizeof(std::uint64_t), reinterpret_cast<cpu_set_t*>(set.data())) ==
        0) {
      return set;
    }
    if (errno != EINVAL) break;
  }
  throw std::system_error(errno, std::generic_category(), "asking for the processors to run on");
}

int count(const processor_set& set) {
  int sum = 0;
  for (const std::uint64_t word : set) sum += std::popcount(word);
  return sum;
}

bool is_within(const processor_set& part, const processor_set& whole) {
  for (std::size_t i = 0; i < part.size(); ++i) {
    if ((part[i] & ~(i < whole.size() ? whole[i] : 0)) != 0) return false;
  }
  return true;
}

processor_set parse_processor_list(std::string_view list) {
  processor_set set;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view item = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    const std::size_t dash = item.find('-');
    const std::size_t first = parse_number(item.substr(0, dash));
    const std::size_t last = dash == std::string_view::npos ? first : parse_number(item.substr(dash + 1));
    for (std::size_t processor = first; processor <= last; ++processor) insert(set, processor);
  }
  return set;
}

std::optional<int> numa_node_of(const processor_set& processors, const std::filesystem::path& folder) {
  std::error_code ignored;
  bool found_any = false;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("node") || name.find_first_not_of("0123456789", 4) != std::string::npos ||
        name.size() == 4) {
      continue;
    }
    std::ifstream in(entry.path() / "cpulist");
    std::string list;
    if (!std::getline(in, list)) continue;  // a node of memory alone has an empty list
    found_any = true;
    if (is_within(processors, parse_processor_list(list))) return std::stoi(name.substr(4));
  }
  return found_any ? std::nullopt : std::optional(0);
}

}  // namespace weir

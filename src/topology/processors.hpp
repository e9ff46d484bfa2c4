#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace weir {

/// A set of the machine's processors: bit i of word j is processor 64 j + i.
using processor_set = std::vector<std::uint64_t>;

/// The processors that this thread may run on, as the launcher bound it.
processor_set allowed_processors();

int count(const processor_set& set);
bool is_within(const processor_set& part, const processor_set& whole);

/// The kernel's list format: "0-3,8" (man 7 cpuset). Throws std::invalid_argument.
processor_set parse_processor_list(std::string_view list);

/// The NUMA node that has all of `processors`, if one has. A machine that does not tell its nodes has one, 0.
/// `folder` is where the kernel lists them.
std::optional<int> numa_node_of(const processor_set& processors,
                                const std::filesystem::path& folder = "/sys/devices/system/node");

}  // namespace weir

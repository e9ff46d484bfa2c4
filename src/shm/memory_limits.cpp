#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <sys/statvfs.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <weir/error.hpp>
#include <weir/mpi/window_directory.hpp>
#include <weir/shm/memory_limits.hpp>

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kibibyte = 1024;
constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

/// The numbers of a file of lines "key number" or "key: number kB". It is read once: some of these files the
/// kernel makes anew, from all pages of the process, whenever they are read.
class number_table {
 public:
  explicit number_table(const fs::path& file) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::string key;
      std::size_t value = 0;
      if (!(words >> key >> value)) continue;
      if (key.ends_with(':')) key.pop_back();
      std::string unit;
      words >> unit;
      numbers_[key] = unit == "kB" ? value * kibibyte : value;
    }
  }

  /// 0 if it is not there.
  std::size_t operator[](const std::string& key) const {
    const auto found = numbers_.find(key);
    return found == numbers_.end() ? 0 : found->second;
  }

 private:
  std::map<std::string, std::size_t> numbers_;
};

/// The number that is a file's content; nothing if there is no file or, as with "max", no number.
std::optional<std::size_t> number_in(const fs::path& file) {
  std::ifstream in(file);
  std::size_t value = 0;
  if (in >> value) return value;
  return std::nullopt;
}

/// A hierarchy of control groups that accounts for memory, and where this process is in it.
struct hierarchy {
  fs::path top;    ///< the folder of the highest group that can be seen
  fs::path group;  ///< the folder of this process's group, `top` or below it
  bool unified = false;
};

/// Whether `list`, separated by commas, has the item `word`.
bool has_word(const std::string& list, std::string_view word) {
  std::istringstream in(list);
  for (std::string item; std::getline(in, item, ',');) {
    if (item == word) return true;
  }
  return false;
}

/// This process's group in the memory hierarchy: the line "N:memory:/path" of version 1 or "0::/path" of
/// version 2 (man 7 cgroups).
std::optional<std::string> group_path(const fs::path& root, bool unified) {
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (unified ? line.starts_with("0::") : has_word(controllers, "memory")) return line.substr(second + 1);
  }
  return std::nullopt;
}

/// Finds where the hierarchy is mounted. A container often sees only a part of it, from the mount's root
/// (fourth field of mountinfo, man 5 proc) downwards.
std::optional<hierarchy> find_hierarchy(const fs::path& root, bool unified) {
  const std::optional<std::string> path = group_path(root, unified);
  if (!path) return std::nullopt;
  std::ifstream in(root / "proc/self/mountinfo");
  for (std::string line; std::getline(in, line);) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    std::istringstream before(line.substr(0, dash));
    std::istringstream after(line.substr(dash + 3));
    std::string skipped, mount_root, mount_point, type, source, options;
    before >> skipped >> skipped >> skipped >> mount_root >> mount_point;
    after >> type >> source >> options;
    if (unified ? type != "cgroup2" : type != "cgroup" || !has_word(options, "memory")) continue;

    hierarchy found{root / fs::path(mount_point).relative_path(), {}, unified};
    fs::path below = fs::path(*path).lexically_relative(mount_root);
    const bool visible = !below.empty() && *below.begin() != "..";
    found.group = visible && below != "." ? found.top / below : found.top;
    return found;
  }
  return std::nullopt;
}

std::optional<cgroup_memory> limit_of(const fs::path& group, bool unified) {
  const std::optional<std::size_t> limit =
      number_in(group / (unified ? "memory.max" : "memory.limit_in_bytes"));
  const std::optional<std::size_t> used =
      number_in(group / (unified ? "memory.current" : "memory.usage_in_bytes"));
  if (!limit || !used) return std::nullopt;
  // Pages of windows are counted with anonymous memory there, not as file cache.
  const std::string prefix = unified ? "" : "total_";
  const number_table pages(group / "memory.stat");
  const std::size_t droppable = pages[prefix + "inactive_file"] + pages[prefix + "active_file"];
  const std::size_t held = *used - std::min(*used, droppable);
  return cgroup_memory{*limit, *limit - std::min(*limit, held)};
}

std::size_t add_saturated(std::size_t a, std::size_t b) {
  return a > no_limit - b ? no_limit : a + b;
}

}  // namespace

process_memory memory_of_this_process(const fs::path& root) {
  const number_table pages(root / "proc/self/smaps_rollup");
  const number_table status(root / "proc/self/status");
  return {.proportional = pages["Pss"],
          .anonymous = pages["Anonymous"],
          .resident = pages["Rss"],
          .peak_resident = status["VmHWM"],
          .shared = pages["Pss_Shmem"],
          .file_backed = status["RssFile"]};
}

void give_back_freed_memory() {
#ifdef __GLIBC__
  constexpr std::size_t kept = 0;
  ::malloc_trim(kept);
#endif
}

std::optional<cgroup_memory> memory_of_cgroup(const fs::path& root) {
  // Version 1 says "no limit" by a number near 2^63.
  constexpr std::size_t unlimited = std::size_t{1} << 62;
  std::optional<cgroup_memory> tightest;
  for (const bool unified : {true, false}) {
    const std::optional<hierarchy> found = find_hierarchy(root, unified);
    if (!found) continue;
    for (fs::path group = found->group;; group = group.parent_path()) {
      const std::optional<cgroup_memory> here = limit_of(group, unified);
      if (here && here->limit < unlimited) {
        if (!tightest) tightest = here;
        tightest->limit = std::min(tightest->limit, here->limit);
        tightest->available = std::min(tightest->available, here->available);
      }
      if (group == found->top || !group.has_relative_path()) break;
    }
  }
  return tightest;
}

std::size_t available_memory(const fs::path& root) {
  const number_table memory(root / "proc/meminfo");
  const std::size_t machine = add_saturated(memory["MemAvailable"], memory["SwapFree"]);
  const std::optional<cgroup_memory> group = memory_of_cgroup(root);
  return group ? std::min(machine, group->available) : machine;
}

std::size_t available_space(const fs::path& folder) {
  struct statvfs space {};
  if (::statvfs(folder.c_str(), &space) != 0) {
    throw error(exit_code::cannot_create, fmt::format("the folder '{}' for shared memory cannot be used ({})",
                                                      folder.string(), std::strerror(errno)));
  }
  return static_cast<std::size_t>(space.f_bavail) * space.f_frsize;
}

std::size_t available_window_memory() {
  return std::min(available_space(window_directory()), available_memory());
}

}  // namespace weir

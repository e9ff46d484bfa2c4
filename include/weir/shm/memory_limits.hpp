#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

/// What memory there is and what this process holds, in bytes, as the kernel tells it. Nothing here is
/// collective. `root` is the folder under which /proc is looked for; tests give one of their own.
namespace weir {

/// This process's part of the machine's memory.
struct process_memory {
  /// Its private pages and its share of those it has in common with others (PSS). Summed over the ranks of a
  /// node it counts a shared window once.
  std::size_t proportional = 0;
  /// The part of it that no other process sees and no file backs.
  std::size_t anonymous = 0;
  /// All its resident pages, now and at most so far; pages of windows count in full.
  std::size_t resident = 0;
  std::size_t peak_resident = 0;
  /// The part of `proportional` that is shared memory: windows, and what the MPI library shares. 0 on kernels
  /// that do not tell it apart (before 5.3).
  std::size_t shared = 0;
  /// Its resident pages of files: the program and its libraries. Processes of one program share them.
  std::size_t file_backed = 0;
};

/// From /proc/self/smaps_rollup and /proc/self/status; what they do not tell is 0. Takes about a millisecond
/// a gigabyte, because the kernel walks the page tables.
process_memory memory_of_this_process(const std::filesystem::path& root = "/");

/// Gives pages back that the allocator keeps of what was freed, where it is the GNU library's: what is held
/// then is in use, and what comes next is not hidden in what was left over.
void give_back_freed_memory();

/// What the control groups that this process is in allow, the tightest of its group and all above it.
struct cgroup_memory {
  std::size_t limit = 0;
  /// What can still be taken before the limit; file cache that the kernel can drop counts as free.
  std::size_t available = 0;
};

/// Nothing if no control group (version 1 or 2) limits memory.
std::optional<cgroup_memory> memory_of_cgroup(const std::filesystem::path& root = "/");

/// Memory that can be taken without swapping out others: /proc/meminfo's MemAvailable and free swap, within
/// the control group's limit.
std::size_t available_memory(const std::filesystem::path& root = "/");

/// Free space of the file system that `folder` is on, for a user who is not root. Throws error(cannot_create)
/// if it cannot be asked.
std::size_t available_space(const std::filesystem::path& folder);

/// What a new window of several ranks can take on this node: the space where windows live (/dev/shm) and the
/// available memory, whichever is less. Windows of other ranks that are being made at this moment do not
/// count.
std::size_t available_window_memory();

}  // namespace weir

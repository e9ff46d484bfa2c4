#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

/// What a run says about itself, below its results and errors: every rank logs, a line is
/// `[LEVEL/rank/host] message`, and lines of several ranks are never torn. Nothing here is collective.
namespace weir {

class communicator;

/// How much is said; each level includes those before it. `error`: errors alone; `warning`, the default: also
/// warnings; `info`: the steps of a run; `debug`: each block and message; `trace`: each call.
enum class log_level { error, warning, info, debug, trace };

/// The level of that name, as options spell it. Throws error(usage) for other names.
log_level parse_log_level(std::string_view name);
std::string_view name_of(log_level level);

void set_log_level(log_level level);
log_level current_log_level();
inline bool is_logged(log_level level) {
  return level <= current_log_level();
}

/// From now on lines go to `path` with this rank's number added (`run.log.3`), each with its time, instead of
/// to stderr; warnings go to both. An existing file is replaced and a missing
/// folder is made. Throws error(cannot_create).
void log_to_file(const std::filesystem::path& path);

/// Who speaks; an environment sets it.
void set_log_place(int rank, std::string_view host);

/// Another level as long as it lives.
class log_level_scope {
 public:
  explicit log_level_scope(log_level level) : before_(current_log_level()) { set_log_level(level); }
  log_level_scope(const log_level_scope&) = delete;
  log_level_scope& operator=(const log_level_scope&) = delete;
  ~log_level_scope() { set_log_level(before_); }

 private:
  log_level before_;
};

/// Writes one line at `level`, which is info, debug or trace, whether it is logged or not.
void write_log_line(log_level level, std::string_view message);

/// Messages are formatted as by fmt::format, and only if they are logged.
template <class... Args>
void log_info(fmt::format_string<Args...> message, Args&&... args) {
  if (is_logged(log_level::info)) {
    write_log_line(log_level::info, fmt::format(message, std::forward<Args>(args)...));
  }
}
template <class... Args>
void log_debug(fmt::format_string<Args...> message, Args&&... args) {
  if (is_logged(log_level::debug)) {
    write_log_line(log_level::debug, fmt::format(message, std::forward<Args>(args)...));
  }
}
template <class... Args>
void log_trace(fmt::format_string<Args...> message, Args&&... args) {
  if (is_logged(log_level::trace)) {
    write_log_line(log_level::trace, fmt::format(message, std::forward<Args>(args)...));
  }
}

/// Tells the user, once for all ranks of `comm`: its rank 0 prints `weir: warning: sentence` on stderr,
/// unless the level is `error`. All may call it, or rank 0 alone.
void warn(const communicator& comm, std::string_view sentence);

}  // namespace weir

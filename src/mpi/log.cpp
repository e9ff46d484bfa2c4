#include <array>
#include <atomic>
#include <memory>
#include <mutex>

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>

#include <weir/error.hpp>
#include <weir/log.hpp>
#include <weir/mpi/communicator.hpp>

#include "line.hpp"

namespace weir {
namespace {

struct named_level {
  log_level level;
  std::string_view name;
  std::string_view label;
  spdlog::level::level_enum native;
};

constexpr std::array levels{
    named_level{log_level::error, "error", "ERROR", spdlog::level::err},
    named_level{log_level::warning, "warning", "WARNING", spdlog::level::warn},
    named_level{log_level::info, "info", "INFO", spdlog::level::info},
    named_level{log_level::debug, "debug", "DEBUG", spdlog::level::debug},
    named_level{log_level::trace, "trace", "TRACE", spdlog::level::trace},
};

const named_level& entry_of(log_level level) {
  return levels[static_cast<std::size_t>(level)];
}

/// The pattern's %*: the level's name in capitals, which spdlog has no flag for.
class level_label : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    for (const named_level& entry : levels) {
      if (entry.native == message.level) out.append(entry.label);
    }
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<level_label>(); }
};

/// spdlog's own sink for stderr goes through stdio, whose buffering a program may change.
class stderr_sink : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    write_line(stderr_descriptor, std::string(line.data(), line.size()));
  }
  void flush_() override {}
};

class logging {
 public:
  logging() : logger_("weir", std::make_shared<stderr_sink>()) {
    logger_.set_level(spdlog::level::trace);  // is_logged() decides before a message is made
    logger_.flush_on(spdlog::level::trace);
    set_pattern();
  }

  void set_place(int rank, std::string_view host) {
    rank_ = rank;
    host_ = host;
    set_pattern();
  }

  void to_file(const std::filesystem::path& path) {
    const std::string name = fmt::format("{}.{}", path.string(), rank_);
    try {
      logger_.sinks() = {std::make_shared<spdlog::sinks::basic_file_sink_mt>(name, true)};
    } catch (const spdlog::spdlog_ex& e) {
      throw error(
          exit_code::cannot_create,
          fmt::format("the log file '{}' cannot be written ({}); choose another --log-file", name, e.what()));
    }
    has_file_ = true;
    set_pattern();
  }

  bool has_file() const { return has_file_; }

  void write(log_level level, std::string_view message) {
    logger_.log(entry_of(level).native, spdlog::string_view_t(message.data(), message.size()));
  }

 private:
  void set_pattern() {
    std::string host;
    for (const char c : host_) host += c == '%' ? std::string("%%") : std::string(1, c);
    auto formatter =
        std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::local, has_file_ ? "\n" : "");
    formatter->add_flag<level_label>('*').set_pattern(
        fmt::format("{}[%*/{}/{}] %v", has_file_ ? "%Y-%m-%dT%H:%M:%S.%e " : "", rank_, host));
    logger_.set_formatter(std::move(formatter));
  }

  spdlog::logger logger_;
  int rank_ = 0;
  std::string host_ = "-";
  bool has_file_ = false;
};

logging& the_logging() {
  static logging instance;
  return instance;
}

std::atomic<log_level> level_now = log_level::warning;

}  // namespace

log_level parse_log_level(std::string_view name) {
  for (const named_level& entry : levels) {
    if (entry.name == name) return entry.level;
  }
  throw error(exit_code::usage,
              fmt::format("there is no log level '{}'; use error, warning, info, debug or trace", name));
}

std::string_view name_of(log_level level) {
  return entry_of(level).name;
}

void set_log_level(log_level level) {
  level_now = level;
}
log_level current_log_level() {
  return level_now;
}

void log_to_file(const std::filesystem::path& path) {
  the_logging().to_file(path);
}
void set_log_place(int rank, std::string_view host) {
  the_logging().set_place(rank, host);
}
void write_log_line(log_level level, std::string_view message) {
  the_logging().write(level, message);
}

void warn(const communicator& comm, std::string_view sentence) {
  if (comm.rank() != 0 || !is_logged(log_level::warning)) return;
  write_line(stderr_descriptor, fmt::format("weir: warning: {}", sentence));
  if (the_logging().has_file()) write_log_line(log_level::warning, sentence);
}

}  // namespace weir

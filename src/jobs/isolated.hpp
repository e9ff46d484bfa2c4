#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <weir/error.hpp>
#include <weir/jobs/outcome.hpp>
#include <weir/jobs/serialize.hpp>
#include <weir/jobs/stop_token.hpp>

namespace weir::jobs {

/// How a process of its own ended that was to compute a value.
struct isolated_end {
  job_end how = job_end::returned;
  std::string reason;  ///< unless it returned
  exit_code code = exit_code::internal;
  std::vector<std::byte> value;  ///< if it returned
};

/// What runs in the process: writes its value, and may say lines meanwhile.
using isolated_body = std::function<void(byte_writer& value, const std::function<void(std::string)>& say)>;

/// Runs `body` in a forked copy of this process, which ends with it and is killed at the deadline or when
/// this process ends. The copy must not call MPI. `hear` gets its lines, also those of a body that fails
/// later; `while_waiting` is called now and then. Not collective. Throws error(internal) if no process can be
/// made.
isolated_end run_isolated(const isolated_body& body, std::optional<stop_token::clock::time_point> deadline,
                          const std::function<void(std::string)>& hear,
                          const std::function<void()>& while_waiting);

/// The words for an exception that left a job, and the code of a weir::error.
isolated_end describe_thrown(const std::exception_ptr& exception);

}  // namespace weir::jobs

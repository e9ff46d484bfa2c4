#pragma once

#include <string>

#include <weir/error.hpp>
#include <weir/mpi/environment.hpp>

#include "option_list.hpp"

namespace weir::cli {

/// One word after `weir`: its options, and what it does. The options are bound to the object, so it stays
/// where it is from add_options() on.
class command {
 public:
  command() = default;
  command(const command&) = delete;
  command& operator=(const command&) = delete;
  virtual ~command() = default;

  /// Declares the options. `app` lives as long as the command.
  virtual void add_options(option_list& app) = 0;

  /// Whether run() needs the other ranks; if not, run_alone() is called, and MPI is not started.
  virtual bool is_parallel() const = 0;

  /// **Collective** over the world. `line` is the command line as it was typed.
  virtual exit_code run(environment& env, const std::string& line);

  /// For commands that are not parallel. Throws `error`.
  virtual exit_code run_alone();
};

}  // namespace weir::cli

#include "command.hpp"

namespace weir::cli {

exit_code command::run(environment&, const std::string&) {
  throw error(exit_code::internal, "this command does not run in parallel");
}

exit_code command::run_alone() {
  throw error(exit_code::internal, "this command runs in parallel");
}

}  // namespace weir::cli

#pragma once

#include <stdexcept>
#include <string>

namespace weir {

/// What the program says to its caller when it ends. The numbers are those of sysexits.h.
enum class exit_code : int {
  done = 0,
  usage = 64,          ///< an option is wrong, missing, or contradicts another
  bad_data = 65,       ///< the input is not what it should be
  no_input = 66,       ///< the input is missing or unreadable
  internal = 70,       ///< a defect of weir
  cannot_create = 73,  ///< the output cannot be created, exists, or has no room
  io_error = 74,       ///< reading or writing failed on the way
  stopped = 75,        ///< stopped at a checkpoint, run again
};

/// An error that a person reads: one sentence that names what is wrong with which value, and what to do.
class error : public std::runtime_error {
 public:
  error(exit_code code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}

  exit_code code() const noexcept { return code_; }

 private:
  exit_code code_;
};

}  // namespace weir

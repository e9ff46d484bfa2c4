#pragma once

#include <optional>
#include <string>

#include <weir/io/inspect.hpp>
#include <weir/mpi/communicator.hpp>

#include "option_list.hpp"

namespace weir::cli {

/// The options that say what an input is where its layout does not.
class recording_options {
 public:
  void add_options(option_list& app);

  io::overrides overrides() const;

  /// Looks at the input on rank 0 and tells all ranks what it is. **Collective.**
  io::recording inspect(const communicator& world, const std::string& path) const;

 private:
  std::string dataset_;
  std::optional<double> sampling_rate_;
  std::optional<int> time_axis_;
};

}  // namespace weir::cli

#pragma once

#include <string>
#include <utility>
#include <vector>

namespace weir {

/// Looks up a variable of the environment; null if it is not set.
using variable_lookup = const char* (*)(const char* name);

/// Whether all ranks are on this node: the launcher's variables say so, or nothing launched this one. False
/// where they do not say.
bool is_on_one_node(bool is_launched, variable_lookup lookup);

/// Settings of Open MPI, as variables of the environment, that make MPI_Init shorter for ranks of one node:
/// they talk through shared memory alone, so the libraries of networks need not be loaded and asked for their
/// devices (Open MPI's PMLs `cm` and `ucx`). A setting that the user makes is not among them. Other MPI
/// libraries do not look at them.
std::vector<std::pair<std::string, std::string>> one_node_settings(bool is_launched, variable_lookup lookup);

/// Has those settings in the environment while it lives, which is as long as MPI_Init takes: programs that
/// this one starts must not find them.
class one_node_start {
 public:
  one_node_start();
  ~one_node_start();
  one_node_start(const one_node_start&) = delete;
  one_node_start& operator=(const one_node_start&) = delete;

 private:
  std::vector<std::pair<std::string, std::string>> settings_;
};

}  // namespace weir

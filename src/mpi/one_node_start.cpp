#include "one_node_start.hpp"

#include <cstdlib>
#include <string_view>

#include <weir/mpi/launcher.hpp>

namespace weir {
namespace {

const char* from_environment(const char* name) {
  return std::getenv(name);
}

}  // namespace

bool is_on_one_node(bool is_launched, variable_lookup lookup) {
  if (!is_launched) return true;
  const char* const all = lookup("OMPI_COMM_WORLD_SIZE");
  const char* const here = lookup("OMPI_COMM_WORLD_LOCAL_SIZE");
  if (all && here) return std::string_view(all) == here;
  const char* const nodes = lookup("SLURM_STEP_NUM_NODES");
  return nodes && std::string_view(nodes) == "1";
}

std::vector<std::pair<std::string, std::string>> one_node_settings(bool is_launched, variable_lookup lookup) {
  std::vector<std::pair<std::string, std::string>> settings;
  if (!is_on_one_node(is_launched, lookup)) return settings;
  // A rank without launcher keeps its daemon: those that Open MPI starts without one (ess_singleton_isolated)
  // have one session directory together, and the first that ends takes it from those that begin.
  constexpr const char* networks = "OMPI_MCA_pml";
  if (!lookup(networks)) settings.emplace_back(networks, "^cm,ucx");
  return settings;
}

one_node_start::one_node_start()
    : settings_(one_node_settings(launched_rank().has_value(), from_environment)) {
  for (const auto& [name, value] : settings_) ::setenv(name.c_str(), value.c_str(), 0);
}

one_node_start::~one_node_start() {
  for (const auto& [name, value] : settings_) ::unsetenv(name.c_str());
}

}  // namespace weir

#include "../../src/mpi/one_node_start.hpp"

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <mpi.h>

#include <weir/mpi/environment.hpp>

using namespace weir;

namespace {

std::map<std::string, std::string> variables;

const char* look_up(const char* name) {
  const auto found = variables.find(name);
  return found == variables.end() ? nullptr : found->second.c_str();
}

using settings = std::vector<std::pair<std::string, std::string>>;
const std::pair<std::string, std::string> without_networks{"OMPI_MCA_pml", "^cm,ucx"};

TEST(one_node, is_what_the_launcher_says) {
  variables = {};
  EXPECT_EQ(one_node_settings(false, look_up), settings{without_networks});
  EXPECT_EQ(one_node_settings(true, look_up), settings{});
  variables = {{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_LOCAL_SIZE", "4"}};
  EXPECT_EQ(one_node_settings(true, look_up), settings{without_networks});
  variables["OMPI_COMM_WORLD_LOCAL_SIZE"] = "2";
  variables["SLURM_STEP_NUM_NODES"] = "1";  // mpirun's daemons are a step of their own
  EXPECT_EQ(one_node_settings(true, look_up), settings{});
  variables = {{"SLURM_STEP_NUM_NODES", "1"}};
  EXPECT_EQ(one_node_settings(true, look_up), settings{without_networks});
  variables = {{"SLURM_STEP_NUM_NODES", "11"}};
  EXPECT_EQ(one_node_settings(true, look_up), settings{});
}

TEST(one_node, settings_of_the_user_stay) {
  variables = {{"OMPI_MCA_pml", "ob1"}};
  EXPECT_EQ(one_node_settings(false, look_up), settings{});
}

/// Looked at before MPI_Init.
const bool is_set_by_user = std::getenv("OMPI_MCA_pml") != nullptr;

/// What MPI took a setting of its own for; nothing if it has none of this name.
std::optional<std::string> setting_of_mpi(const char* name) {
  int provided = 0;
  MPI_T_init_thread(MPI_THREAD_SINGLE, &provided);
  std::optional<std::string> value;
  int index = 0;
  if (MPI_T_cvar_get_index(name, &index) == MPI_SUCCESS) {
    MPI_T_cvar_handle handle{};
    int count = 0;
    MPI_T_cvar_handle_alloc(index, nullptr, &handle, &count);
    std::vector<char> text(static_cast<std::size_t>(count) + 1);
    MPI_T_cvar_read(handle, text.data());
    MPI_T_cvar_handle_free(&handle);
    value = text.data();
  }
  MPI_T_finalize();
  return value;
}

TEST(one_node, settings_reach_mpi_and_are_not_left_in_the_environment) {
  if (environment::library_version().find("Open MPI") == std::string::npos)
    GTEST_SKIP() << "of Open MPI alone";
  if (is_set_by_user) GTEST_SKIP() << "OMPI_MCA_pml is set";
  EXPECT_EQ(setting_of_mpi("pml"), "^cm,ucx");
  EXPECT_EQ(std::getenv("OMPI_MCA_pml"), nullptr);
}

}  // namespace

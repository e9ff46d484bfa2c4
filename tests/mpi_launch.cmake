# How tests start MPI programs. Nothing else here knows which MPI library it is.
#
# WEIR_MPIRUN            the launcher and its options, before "-n RANKS PROGRAM"
# WEIR_MPI_ENVIRONMENT   NAME=VALUE list for a test's ENVIRONMENT: runs as root, in containers, with more ranks
#                        than cores
# WEIR_MOST_RANKS        tests that take any number of ranks take no more than this
# WEIR_KILLED_CODE       the launcher's exit code where a signal of 9 ended a rank
# WEIR_TWO_HOSTS_MPIRUN  the launcher for 4 ranks on the hosts near and far, if it can be had
# WEIR_SIGNALLED_CODE    what the launcher may end with in place of a stopped run's 75 if it was sent the signal
# WEIR_SLURM_PMI         how Slurm's srun starts the ranks, if it can
# WEIR_WINDOW_DIRECTORY_VARIABLE   the environment variable that says where shared windows lie, if there is one

execute_process(COMMAND ${MPIEXEC_EXECUTABLE} --version OUTPUT_VARIABLE weir_mpiexec_version ERROR_QUIET)
set(WEIR_MPIRUN ${MPIEXEC_EXECUTABLE})
set(WEIR_MPI_ENVIRONMENT)
set(WEIR_WINDOW_DIRECTORY_VARIABLE)
set(WEIR_TWO_HOSTS_MPIRUN)
set(WEIR_MOST_RANKS 8)
set(WEIR_KILLED_CODE 137)
set(WEIR_SIGNALLED_CODE 75)
set(WEIR_SLURM_PMI)
if(weir_mpiexec_version MATCHES "Open MPI|OpenRTE")
  # Unbound, because tests that run side by side would all be bound to the same cores.
  list(APPEND WEIR_MPIRUN --oversubscribe --bind-to none)
  list(APPEND WEIR_MPI_ENVIRONMENT OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
                                   OMPI_MCA_btl_vader_single_copy_mechanism=none
                                   OMPI_MCA_rmaps_base_oversubscribe=1
                                   OMPI_MCA_mpi_yield_when_idle=1)
  set(WEIR_SLURM_PMI pmix)
  set(WEIR_WINDOW_DIRECTORY_VARIABLE OMPI_MCA_osc_sm_backing_directory)
  set(WEIR_TWO_HOSTS_MPIRUN ${MPIEXEC_EXECUTABLE} --bind-to none --host near:2,far:2 --map-by slot
      --mca plm rsh --mca plm_rsh_agent ${CMAKE_CURRENT_LIST_DIR}/cluster/as_host.sh --mca btl self,vader,tcp)
endif()
if(weir_mpiexec_version MATCHES "HYDRA")
  # MPICH. Its launcher neither binds ranks nor counts cores, and tells the signal alone; where it passes a signal on,
  # it may end with 0 (3 of 10 runs of release 4.0.2), though it saw all ranks end with 75. Windows are in /dev/shm and
  # nowhere else. Debian builds it for its own launcher, not for Slurm's srun. Ranks that wait inside of calls that have
  # no nonblocking twin, as those that make windows, keep their core, so that more ranks than these take long on few
  # cores.
  set(WEIR_MOST_RANKS 4)
  set(WEIR_KILLED_CODE 9)
  set(WEIR_SIGNALLED_CODE 0)
endif()
# Leaks are looked for where a test's end is not what it tests. Whole stacks, because what libraries keep until the
# process ends is told by any of its callers.
set(leaks_are_found ASAN_OPTIONS=fast_unwind_on_malloc=0
                    LSAN_OPTIONS=suppressions=${CMAKE_CURRENT_LIST_DIR}/lsan.supp:print_suppressions=0)
if(WEIR_SANITIZE)
  list(APPEND WEIR_MPI_ENVIRONMENT ASAN_OPTIONS=detect_leaks=0)
endif()

# weir_add_mpirun_test(name RANKS n COMMAND program args... [PREFIX launcher...] [TIMEOUT s] [LABELS ...]):
# one CTest that runs a program on n ranks; PREFIX stands before the launcher.
function(weir_add_mpirun_test name)
  cmake_parse_arguments(arg "" "RANKS;TIMEOUT" "COMMAND;PREFIX;LABELS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${arg_PREFIX} ${WEIR_MPIRUN} -n ${arg_RANKS} ${arg_COMMAND})
  set_tests_properties(${name} PROPERTIES PROCESSORS ${arg_RANKS} TIMEOUT ${arg_TIMEOUT}
                                          LABELS "mpi;${arg_LABELS}" ENVIRONMENT "${WEIR_MPI_ENVIRONMENT}")
endfunction()

# weir_mpi_test(name RANKS 1 2 ... SOURCES ... LIBRARIES ... [TIMEOUT s]): a GoogleTest program that runs on
# every rank, and one CTest for each number of ranks.
function(weir_mpi_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "RANKS;SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${arg_SOURCES} $<TARGET_OBJECTS:weir_mpi_test_main>)
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} weir_mpi weir_flags weir_test_flags GTest::gtest)
  target_precompile_headers(${name} REUSE_FROM weir_test_headers)
  if(WEIR_SANITIZE)
    # One rank has windows of its own kind, three have uneven shares; what more ranks do is no other code.
    list(FILTER arg_RANKS INCLUDE REGEX "^[13]$")
  endif()
  foreach(ranks IN LISTS arg_RANKS)
    if(ranks GREATER WEIR_MOST_RANKS)
      continue()
    endif()
    weir_add_mpirun_test(mpi/${name}/${ranks} RANKS ${ranks} COMMAND $<TARGET_FILE:${name}>
                         TIMEOUT ${arg_TIMEOUT})
    if(WEIR_SANITIZE)
      # Now and then LeakSanitizer crashes itself while it looks through a process of MPI. Where all else is well, its
      # part of the test is skipped.
      set_tests_properties(mpi/${name}/${ranks} PROPERTIES
        ENVIRONMENT "${WEIR_MPI_ENVIRONMENT};${leaks_are_found}"
        SKIP_REGULAR_EXPRESSION "PASSED[^0-9]*[0-9]+ tests?\\.[^[]*LeakSanitizer has encountered a fatal error")
    endif()
  endforeach()
endfunction()

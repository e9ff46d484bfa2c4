#pragma once

/// Everything of the library that programs with their own functions use: MPI's life, who is where, shared
/// memory and what orders it, splits, rows that travel between nodes, and the job pool. Filters are in
/// weir/fir/, files in weir/io/.
#include <weir/distributed_array.hpp>
#include <weir/error.hpp>
#include <weir/gather.hpp>
#include <weir/jobs.hpp>
#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/environment.hpp>
#include <weir/shm/atomic_value.hpp>
#include <weir/shm/event.hpp>
#include <weir/shm/mutex.hpp>
#include <weir/shm/queue.hpp>
#include <weir/shm/semaphore.hpp>
#include <weir/shm/shared_array.hpp>
#include <weir/split.hpp>
#include <weir/topology.hpp>
#include <weir/version.hpp>

#pragma once

/// The job pool: independent calls of a function, dealt out over the ranks.
#include <weir/jobs/job_context.hpp>
#include <weir/jobs/job_options.hpp>
#include <weir/jobs/job_pool.hpp>
#include <weir/jobs/outcome.hpp>
#include <weir/jobs/progress.hpp>
#include <weir/jobs/serialize.hpp>
#include <weir/jobs/serialize_xtensor.hpp>

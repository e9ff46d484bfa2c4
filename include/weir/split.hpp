#pragma once

/// Splitting a function's work by rows over ranks, in one shared copy of the data, and splicing the results:
/// split_at() for any function, split_output() and split_optional_output() for functions with one output
/// array, each_row() and as_2d() for the function's side, domain_scope and serial for where it runs.
#include <weir/split/as_2d.hpp>
#include <weir/split/domain.hpp>
#include <weir/split/each_row.hpp>
#include <weir/split/options.hpp>
#include <weir/split/split_at.hpp>
#include <weir/split/split_optional_output.hpp>
#include <weir/split/split_output.hpp>

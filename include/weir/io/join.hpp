#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <weir/io/recording.hpp>

namespace weir::io {

/// A place between two files of a recording where the second does not begin when the first ends.
struct discontinuity {
  std::size_t file = 0;  ///< the second of the two
  double samples = 0;    ///< that are missing; below 0, that both files hold
};

/// Times of two files fit one another up to this: beyond it a sample is missing or held twice.
inline constexpr double usual_gap_tolerance = 0.5;  // samples

/// Checks that `files`, each a recording in one file, can be one recording: the same channels, rate, type,
/// layout, dataset, axes, scale and unit. @throws weir::error bad_data naming two files and what differs.
void require_alike(std::span<const recording> files);

/// Sorts files by the times of their first samples, where they say them; leaves the order as it is where none
/// does. @throws weir::error bad_data where some do and others do not, naming two.
void put_in_time_order(std::vector<recording>& files);

/// Where files that are in time order and alike do not follow one another, by more than `tolerance` samples.
/// None where they say no times or no rate.
std::vector<discontinuity> find_discontinuities(std::span<const recording> files, double tolerance);

/// One sentence that lists discontinuities, the first ten of them, and how many there are.
std::string to_text(std::span<const discontinuity> found, std::span<const recording> files);

/// The stretches of files between discontinuities.
std::vector<std::vector<recording>> cut_at(std::span<const discontinuity> places,
                                           std::vector<recording> files);

/// One recording of files that are alike and in time order: the samples of one after those of the other. A
/// single file stays as it is.
recording join(std::vector<recording> files);

}  // namespace weir::io

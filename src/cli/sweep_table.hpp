#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sweep_grid.hpp"

namespace weir::cli {

/// What a sweep found: a score for each combination of values.
struct sweep_table {
  std::string score;  ///< its name
  std::vector<swept_option> options;
  std::vector<std::vector<std::string>> combinations;  ///< in the order of `options`
  std::vector<double> scores;
  std::size_t best = 0;
};

/// For people, the best marked; and for programs. All have a line or an object for each combination.
std::string to_text(const sweep_table& table);
std::string to_csv(const sweep_table& table);
std::string to_json_text(const sweep_table& table);

/// Draws the score against the values of the first option that has several, a line for each combination of
/// the others, by gnuplot, as PNG, SVG or PDF after the file's name. Throws `error`: usage if no option has
/// several numbers or the name ends otherwise, cannot_create if gnuplot is missing or fails.
void draw(const sweep_table& table, const std::string& file);
/// Throws the usage errors of draw(), for a table that has no scores yet.
void check_drawing(const sweep_table& table, const std::string& file);

}  // namespace weir::cli

#pragma once

#include <cmath>
#include <cstddef>
#include <random>
#include <utility>
#include <vector>

/// What the grid search looks at; nothing of it concerns the library.
struct samples {
  std::vector<double> x;
  std::vector<double> y;
};

inline samples noisy_line(std::size_t count) {
  samples data;
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0, 0.3);
  for (std::size_t i = 0; i < count; ++i) {
    const double x = 2.0 * static_cast<double>(i) / static_cast<double>(count) - 1;
    data.x.push_back(x);
    data.y.push_back(1 + 2 * x + noise(random));
  }
  return data;
}

/// Coefficients of the polynomial that minimises the squared error plus `penalty` times their squares, by
/// Gaussian elimination of the normal equations.
inline std::vector<double> ridge_fit(const samples& data, int degree, double penalty) {
  const auto n = static_cast<std::size_t>(degree) + 1;
  std::vector<std::vector<double>> rows(n, std::vector<double>(n + 1));
  for (std::size_t s = 0; s < data.x.size(); ++s) {
    for (std::size_t i = 0; i < n; ++i) {
      const double power = std::pow(data.x[s], static_cast<double>(i));
      for (std::size_t j = 0; j < n; ++j) rows[i][j] += power * std::pow(data.x[s], static_cast<double>(j));
      rows[i][n] += power * data.y[s];
    }
  }
  for (std::size_t i = 0; i < n; ++i) rows[i][i] += penalty;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t below = i + 1; below < n; ++below) {
      const double factor = rows[below][i] / rows[i][i];
      for (std::size_t j = i; j <= n; ++j) rows[below][j] -= factor * rows[i][j];
    }
  }
  std::vector<double> coefficients(n);
  for (std::size_t i = n; i-- > 0;) {
    double value = rows[i][n];
    for (std::size_t j = i + 1; j < n; ++j) value -= rows[i][j] * coefficients[j];
    coefficients[i] = value / rows[i][i];
  }
  return coefficients;
}

/// The mean squared error on every `folds`-th sample of polynomials that were fitted to the others.
inline double cross_validation_error(const samples& data, int degree, double penalty, std::size_t folds) {
  double sum = 0;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    samples kept;
    for (std::size_t s = 0; s < data.x.size(); ++s) {
      if (s % folds == fold) continue;
      kept.x.push_back(data.x[s]);
      kept.y.push_back(data.y[s]);
    }
    const std::vector<double> coefficients = ridge_fit(kept, degree, penalty);
    for (std::size_t s = fold; s < data.x.size(); s += folds) {
      double value = 0;
      for (std::size_t i = coefficients.size(); i-- > 0;) value = value * data.x[s] + coefficients[i];
      sum += (value - data.y[s]) * (value - data.y[s]);
    }
  }
  return sum / static_cast<double>(data.x.size());
}

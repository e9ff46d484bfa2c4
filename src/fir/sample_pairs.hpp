#pragma once

#include <cstdint>

/// Calls the macro, which instantiates something explicitly, with every sample type and arithmetic type. Only
/// a macro can: the language has no list of explicit instantiations.
#define WEIR_FOR_EVERY_SAMPLE_AND_ARITHMETIC(INSTANTIATE) \
  INSTANTIATE(std::int16_t, float)                        \
  INSTANTIATE(std::uint16_t, float)                       \
  INSTANTIATE(std::int32_t, float)                        \
  INSTANTIATE(float, float)                               \
  INSTANTIATE(double, float)                              \
  INSTANTIATE(std::int16_t, double)                       \
  INSTANTIATE(std::uint16_t, double)                      \
  INSTANTIATE(std::int32_t, double)                       \
  INSTANTIATE(float, double)                              \
  INSTANTIATE(double, double)

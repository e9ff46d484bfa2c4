#include <weir/steps/row_line.hpp>

namespace weir::steps {

template <sample S, std::floating_point A>
void prepare(std::span<const S> from, const row_line& line, double time, std::span<const double> reference,
             std::span<A> to) {
  const std::size_t count = from.size();
  if (reference.empty()) {
    for (std::size_t i = 0; i < count; ++i) {
      to[i] = static_cast<A>(line(static_cast<double>(from[i]), time + static_cast<double>(i)));
    }
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = static_cast<A>(line(static_cast<double>(from[i]), time + static_cast<double>(i)) - reference[i]);
  }
}

#define WEIR_INSTANTIATE(S)                                                                              \
  template void prepare<S, float>(std::span<const S>, const row_line&, double, std::span<const double>,  \
                                  std::span<float>);                                                     \
  template void prepare<S, double>(std::span<const S>, const row_line&, double, std::span<const double>, \
                                   std::span<double>);
WEIR_INSTANTIATE(std::int16_t)
WEIR_INSTANTIATE(std::uint16_t)
WEIR_INSTANTIATE(std::int32_t)
WEIR_INSTANTIATE(float)
WEIR_INSTANTIATE(double)
#undef WEIR_INSTANTIATE

}  // namespace weir::steps

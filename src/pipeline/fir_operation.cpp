#include <fmt/format.h>

#include <weir/io/progress_marker.hpp>
#include <weir/pipeline/fir_operation.hpp>

namespace weir::pipeline {

template <std::floating_point A>
std::string fir_operation<A>::engine() const {
  const std::string size = filter_.fft_size() > 0 ? fmt::format(" of {}", filter_.fft_size()) : "";
  return fmt::format("{}{}, {}, {}", filter_.engine(), size, fir::name_of(filter_.instructions()),
                     name_of(sample_type_of<A>()));
}

template <std::floating_point A>
operation_identity fir_operation<A>::identity() const {
  const std::span taps(spec_.taps);
  const std::span bytes(reinterpret_cast<const char*>(taps.data()), taps.size_bytes());
  return {{"taps", fmt::format("{} with checksum {:016x}", taps.size(), io::checksum(bytes))},
          {"advance", std::to_string(spec_.advance)},
          {"engine", engine()}};
}

template class fir_operation<float>;
template class fir_operation<double>;

}  // namespace weir::pipeline

#include <weir/pipeline/resample_operation.hpp>

#include "fir_words.hpp"

namespace weir::pipeline {

template <std::floating_point A>
std::string resample_operation<A>::engine() const {
  return words_on_engine<A>(filter_);
}

template <std::floating_point A>
operation_identity resample_operation<A>::identity() const {
  operation_identity all = identity_of_taps(spec_, engine());
  all.emplace("rate", fmt::format("{}/{}", rate().up, rate().down));
  return all;
}

template class resample_operation<float>;
template class resample_operation<double>;

}  // namespace weir::pipeline

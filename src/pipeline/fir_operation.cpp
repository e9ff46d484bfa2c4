#include <weir/pipeline/fir_operation.hpp>

#include "fir_words.hpp"

namespace weir::pipeline {

template <std::floating_point A>
std::string fir_operation<A>::engine() const {
  return words_on_engine<A>(filter_);
}

template <std::floating_point A>
operation_identity fir_operation<A>::identity() const {
  return identity_of_taps(spec_, engine());
}

template class fir_operation<float>;
template class fir_operation<double>;

}  // namespace weir::pipeline

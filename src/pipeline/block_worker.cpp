#include "block_worker.hpp"

#include <variant>

#include "window_operation.hpp"

namespace weir::pipeline {

template <sample W>
std::unique_ptr<block_worker<W>> make_block_worker(const operation& what, const row_treatment& how) {
  return std::visit(
      [&]<class Operation>(const Operation& one) -> std::unique_ptr<block_worker<W>> {
        return std::make_unique<window_operation<W, Operation>>(one, how);
      },
      what);
}

std::size_t worker_bytes(const operation& what) {
  return std::visit(
      []<row_operation T>(const T& one) {
        using arithmetic = typename T::arithmetic;
        // The neighbours of the first piece, the last one and the one at work, and of a stretch that is
        // staged: behind it twice, as one is made while the other is used; what neighbours are made of; and
        // the results of a stretch, where there are not as many of them.
        const std::size_t contexts = 6 * (one.before() + one.after()) + 2;
        const std::size_t results =
            one.rate().is_one() ? 0 : one.rate().outputs_before(staged_samples(one)) + 1;
        return (contexts + staged_samples(one) + results) * sizeof(arithmetic) +
               result_store<double, arithmetic>::memory_bytes;
      },
      what);
}

template std::unique_ptr<block_worker<std::int16_t>> make_block_worker(const operation&,
                                                                       const row_treatment&);
template std::unique_ptr<block_worker<std::uint16_t>> make_block_worker(const operation&,
                                                                        const row_treatment&);
template std::unique_ptr<block_worker<std::int32_t>> make_block_worker(const operation&,
                                                                       const row_treatment&);
template std::unique_ptr<block_worker<float>> make_block_worker(const operation&, const row_treatment&);
template std::unique_ptr<block_worker<double>> make_block_worker(const operation&, const row_treatment&);

}  // namespace weir::pipeline

#include "block_worker.hpp"

#include <variant>

#include "window_operation.hpp"

namespace weir::pipeline {

template <sample S>
std::unique_ptr<block_worker<S>> make_block_worker(const operation& what, const fir::boundary& ends,
                                                   std::size_t length, const filter_reach& reach) {
  return std::visit(
      [&]<class Operation>(const Operation& one) -> std::unique_ptr<block_worker<S>> {
        return std::make_unique<window_operation<S, Operation>>(one, ends, length, reach);
      },
      what);
}

template std::unique_ptr<block_worker<std::int16_t>> make_block_worker(const operation&, const fir::boundary&,
                                                                       std::size_t, const filter_reach&);
template std::unique_ptr<block_worker<std::uint16_t>> make_block_worker(const operation&,
                                                                        const fir::boundary&, std::size_t,
                                                                        const filter_reach&);
template std::unique_ptr<block_worker<std::int32_t>> make_block_worker(const operation&, const fir::boundary&,
                                                                       std::size_t, const filter_reach&);
template std::unique_ptr<block_worker<float>> make_block_worker(const operation&, const fir::boundary&,
                                                                std::size_t, const filter_reach&);
template std::unique_ptr<block_worker<double>> make_block_worker(const operation&, const fir::boundary&,
                                                                 std::size_t, const filter_reach&);

}  // namespace weir::pipeline

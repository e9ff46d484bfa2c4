#include "stream_transforms.hpp"

#include <algorithm>

#include <weir/partition.hpp>

namespace weir::fir {
namespace {

/// The streams that meet a tap, of a filter that keeps every down-th output.
std::vector<std::size_t> streams_of(const filter_spec& spec, std::size_t down) {
  std::vector<std::size_t> streams;
  for (std::size_t stream = 0; stream < down; ++stream) {
    // Tap k meets stream (advance - k) mod down.
    const std::size_t first_tap = (spec.advance % down + down - stream) % down;
    if (first_tap < spec.taps.size()) streams.push_back(stream);
  }
  return streams;
}

/// The filter of one stream: tap advance - stream + down i of the whole is its tap for i numbers back.
filter_spec filter_of(const filter_spec& spec, std::size_t down, std::size_t stream,
                      const segmentation& cut) {
  filter_spec own{std::vector<double>(cut.lookahead + cut.halo + 1), cut.lookahead};
  for (std::size_t k = (spec.advance % down + down - stream) % down; k < spec.taps.size(); k += down) {
    own.taps[(cut.lookahead * down + stream + k - spec.advance) / down] = spec.taps[k];
  }
  return own;
}

segmentation segmentation_of(const filter_spec& spec, std::size_t down, std::size_t bytes_a_number) {
  return choose_segmentation(ceil_div(spec.taps.size() - 1 - spec.advance, down), spec.advance / down,
                             bytes_a_number);
}

std::vector<filter_spec> filters_of(const filter_spec& spec, std::size_t down,
                                    const std::vector<std::size_t>& streams, const segmentation& cut) {
  std::vector<filter_spec> filters;
  filters.reserve(streams.size());
  for (const std::size_t stream : streams) filters.push_back(filter_of(spec, down, stream, cut));
  return filters;
}

}  // namespace

template <std::floating_point A>
stream_transforms<A>::stream_transforms(const filter_spec& spec, std::size_t down,
                                        const kernel_set<A>& kernels)
    : kernels_(&kernels),
      cut_(segmentation_of(spec, down, sizeof(A))),
      streams_(streams_of(spec, down)),
      plan_(cut_.length, cut_.pair, filters_of(spec, down, streams_, cut_)) {}

template <std::floating_point A>
std::size_t stream_transforms<A>::buffer_size() const {
  return round_up(plan_.work_size(), cache_line_bytes);
}

template <std::floating_point A>
bool stream_transforms<A>::sum(const A* streams, std::size_t stride, A* out, memory_ahead ahead,
                               A* scratch) const {
  const sample_kernels<A, A>& numbers = kernels_->template samples<A>();
  const std::size_t line = cache_line_bytes / sizeof(A);
  A* const work = scratch;
  A* const sums = scratch + buffer_size();
  std::fill_n(sums, buffer_size(), A{0});
  const std::size_t share = ahead.bytes / streams_.size();
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    const A* const first = streams + streams_[i] * stride;
    const transform_view<A> plan = plan_.view_of(i);
    if (!numbers.first_pass(plan, {first, 0, first, first + cut_.to_second()}, work)) return false;
    const char* const next = static_cast<const char*>(ahead.begin) + i * share;
    kernels_->add_spectrum(plan, {next, share}, work, sums);
  }
  kernels_->return_spectrum(plan_.view(), sums, work);
  numbers.last_pass(
      plan_.view(), work,
      {out, out + cut_.valid_of_first(), cut_.halo / line, (cut_.length - cut_.lookahead) / line});
  return true;
}

template class stream_transforms<float>;
template class stream_transforms<double>;

}  // namespace weir::fir

#include "source_map.hpp"

#include <algorithm>

#include <weir/io/files.hpp>

#include "read_unit.hpp"

namespace weir::pipeline {
namespace {

index_range in_file(const source_span& file, index_range samples) {
  const index_range here = intersection(file.samples, samples);
  return {here.begin - file.samples.begin, here.end - file.samples.begin};
}

}  // namespace

source_map::source_map(const io::recording& what) : channels_(what.channels) {
  io::file_descriptions files(what);
  for (std::size_t i = 0; i < files.size(); ++i) spans_.push_back({files.samples(i), read_unit(files[i])});
}

std::vector<index_range> source_map::cut(index_range samples, std::size_t step) const {
  std::vector<index_range> pieces;
  const index_range touching = spans_touched(spans_, samples);
  for (std::size_t i = touching.begin; i < touching.end; ++i) {
    const std::size_t first = spans_[i].samples.begin;
    const index_range own = in_file(spans_[i], samples);
    for (std::size_t at = own.begin; at < own.end;) {
      const std::size_t end = std::min(own.end, (at / step + 1) * step);
      pieces.push_back({first + at, first + end});
      at = end;
    }
  }
  return pieces;
}

std::uint64_t source_map::samples_touched(index_range channels, index_range samples) const {
  std::uint64_t sum = 0;
  const index_range touching = spans_touched(spans_, samples);
  for (std::size_t i = touching.begin; i < touching.end; ++i) {
    const source_span& file = spans_[i];
    sum += std::uint64_t{touched(channels, file.unit.channels, channels_)} *
           touched(in_file(file, samples), file.unit.samples, file.samples.size());
  }
  return sum;
}

}  // namespace weir::pipeline

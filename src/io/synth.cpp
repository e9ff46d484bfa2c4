#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include <weir/io/synth.hpp>
#include <weir/io/writer.hpp>

#include "attributes.hpp"
#include "part_file.hpp"
#include "provenance.hpp"
#include "samples.hpp"
#include "synth_layouts.hpp"
#include "transpose.hpp"

namespace weir::io {

namespace {

constexpr std::uint64_t metadata_margin_bytes = std::uint64_t{1} << 20;

void furnish_generic(hid_t file, hid_t samples, const recording& what) {
  link_samples(file, samples, what);
  h5::set_attribute(samples, "sampling_rate", *what.sampling_rate);
  h5::set_attribute(samples, "units", what.unit);
  if (is_integer(what.type)) {
    // The netCDF conventions' names (CF 1.10, section 8.1).
    h5::set_attribute(samples, "scale_factor", what.scale);
    h5::set_attribute(samples, "add_offset", what.offset);
  }
  const bool time_first = what.axis == time_axis::first;
  h5::set_attribute(
      samples, "DIMENSION_LABELS",
      time_first ? std::vector<std::string>{"time", "channel"} : std::vector<std::string>{"channel", "time"});
}

constexpr synth_layout synth_generic{"generic", "/data", std::nullopt, furnish_generic};

[[noreturn]] void refuse(const std::string& sentence) {
  throw error(exit_code::usage, sentence);
}

tile_shape default_chunk(const synth_options& options) {
  constexpr std::size_t rows = 16;
  constexpr std::size_t wanted = std::size_t{1} << 20;
  return output_chunk({rows, wanted / rows / size_of(options.type)}, options.channels, options.samples,
                      options.type);
}

void require_sensible(const synth_options& options, const synth_layout& layout) {
  if (options.channels == 0 || options.samples == 0) {
    refuse(fmt::format("a recording of {} channels x {} samples is empty; ask for one of each at least",
                       options.channels, options.samples));
  }
  if (!(options.sampling_rate > 0.0 && std::isfinite(options.sampling_rate))) {
    refuse(fmt::format("a sampling rate of {} Hz cannot be; give a positive number", options.sampling_rate));
  }
  if (layout.only_axis && options.axis != *layout.only_axis) {
    refuse(fmt::format("layout {} is always time first; ask for time axis 0", layout.name));
  }
  if (options.gzip_level && (*options.gzip_level < 0 || *options.gzip_level > 9)) {
    refuse(fmt::format("gzip level {} cannot be; it goes from 0 to 9", *options.gzip_level));
  }
  if (!options.chunk) return;
  constexpr std::uint64_t largest_chunk = (std::uint64_t{1} << 32) - 1;
  const tile_shape chunk = *options.chunk;
  if (chunk.channels == 0 || chunk.samples == 0 || chunk.channels > options.channels ||
      chunk.samples > options.samples) {
    refuse(fmt::format("chunks of {} channels x {} samples do not fit {} x {}", chunk.channels, chunk.samples,
                       options.channels, options.samples));
  }
  const std::uint64_t bytes = std::uint64_t{chunk.channels} * chunk.samples * size_of(options.type);
  const bool one = chunk.channels == options.channels && chunk.samples == options.samples;
  if (bytes > largest_chunk || (bytes < page_bytes && !one)) {
    refuse(fmt::format("a chunk of {} bytes is too {}; chunks hold {} bytes to 4 GiB", bytes,
                       bytes < page_bytes ? "small" : "large", page_bytes));
  }
}

recording plan(const synth_options& options, const synth_layout& layout) {
  recording what;
  what.layout = layout.name;
  what.dataset = layout.dataset;
  what.axis = options.axis;
  what.channels = options.channels;
  what.samples = options.samples;
  what.type = options.type;
  what.sampling_rate = options.sampling_rate;
  what.scale = synthetic_scale(options.type);
  what.offset = synthetic_offset(options.type);
  what.unit = "mV";
  what.start_time = std::string(synthetic_start);
  what.reasons.emplace_back("synthetic");
  if (options.chunk || options.gzip_level) {
    const tile_shape chunk = options.chunk.value_or(default_chunk(options));
    what.store.chunked = true;
    what.store.chunk_channels = chunk.channels;
    what.store.chunk_samples = chunk.samples;
  }
  what.store.gzip_level = options.gzip_level;
  what.store.filtered = options.gzip_level.has_value();
  return what;
}

void make_file(recording& part, const synth_layout& layout, const synth_options& options) {
  const std::string what = fmt::format("cannot create '{}'", part.path);
  const h5::file file(
      h5::check(H5Fcreate(part.path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access_for(part).get()), what));
  const h5::dataset samples = create_samples(file.get(), part, H5I_INVALID_HID);
  layout.furnish(file.get(), samples.get(), part);
  create_provenance(file.get());
  output_options as_output;
  as_output.provenance = options.provenance;
  fill_provenance(file.get(), recording{}, as_output);
  prepend_history(file.get(), options.history);
  h5::check(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), what);
  if (!part.store.filtered) part.store.where = placement_of(samples.get(), part);
}

/// Calls `f(channels, samples)` for the share's tiles.
template <class F>
void for_each_tile(const recording& what, std::size_t share, std::size_t shares, F&& f) {
  const tile_shape tile = natural_tiles(what);
  const std::size_t along_time = ceil_div(what.samples, tile.samples);
  const std::size_t tiles = ceil_div(what.channels, tile.channels) * along_time;
  const index_range mine = part_of(tiles, shares, share);
  for (std::size_t i = mine.begin; i < mine.end; ++i) {
    const std::size_t channel = i / along_time * tile.channels;
    const std::size_t first = i % along_time * tile.samples;
    f(index_range{channel, std::min(what.channels, channel + tile.channels)},
      index_range{first, std::min(what.samples, first + tile.samples)});
  }
}

template <sample S>
void write_plain(const recording& part, const synthetic_signal& signal, std::size_t share,
                 std::size_t shares) {
  writer out(part);
  const tile_shape tile = natural_tiles(part);
  std::vector<S> values(tile.channels * tile.samples);
  for_each_tile(part, share, shares, [&](index_range channels, index_range samples) {
    signal.fill(channels, samples, values.data(), tile.samples);
    out.write(channels, samples, values.data(), tile.samples);
  });
  out.sync();
}

/// Whole chunks, so that each is compressed once, whatever HDF5's cache holds.
template <sample S>
void write_compressed(const recording& part, const synthetic_signal& signal) {
  const h5::silence quiet;
  const std::string what = fmt::format("writing '{}' failed", part.path);
  const h5::file file(h5::check(H5Fopen(part.path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), what));
  const h5::dataset dataset(h5::check(H5Dopen2(file.get(), part.dataset.c_str(), H5P_DEFAULT), what));
  const h5::dataspace space(H5Dget_space(dataset.get()));
  const bool time_first = part.axis == time_axis::first;
  const tile_shape tile = natural_tiles(part);
  std::vector<S> values(tile.channels * tile.samples);
  std::vector<S> turned(time_first ? values.size() : 0);
  for_each_tile(part, 0, 1, [&](index_range channels, index_range samples) {
    signal.fill(channels, samples, values.data(), samples.size());
    std::array<hsize_t, 2> begin{channels.begin, samples.begin};
    std::array<hsize_t, 2> count{channels.size(), samples.size()};
    const S* source = values.data();
    if (time_first) {
      transpose(values.data(), samples.size(), channels.size(), samples.size(), turned.data(),
                channels.size());
      source = turned.data();
      std::swap(begin[0], begin[1]);
      std::swap(count[0], count[1]);
    }
    const h5::dataspace in_memory(H5Screate_simple(2, count.data(), nullptr));
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, begin.data(), nullptr, count.data(), nullptr);
    h5::check(
        H5Dwrite(dataset.get(), h5::native(part.type), in_memory.get(), space.get(), H5P_DEFAULT, source),
        what);
  });
  h5::check(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), what);
}

}  // namespace

const synth_layout& synth_layout_named(std::string_view name) {
  for (const synth_layout* layout : {&synth_generic, &synth_prodml, &synth_nwb}) {
    if (layout->name == name) return *layout;
  }
  refuse(fmt::format("there is no layout '{}' to make; choose generic, prodml or nwb", name));
}

void link_samples(hid_t file, hid_t samples, const recording& what) {
  const h5::properties links = h5::make_properties(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(links.get(), 1);
  h5::check(H5Olink(samples, file, what.dataset.c_str(), links.get(), H5P_DEFAULT),
            fmt::format("cannot put the samples at {}", what.dataset));
}

created_output create_synthetic(const std::string& final_path, const synth_options& options) {
  const synth_layout& layout = synth_layout_named(options.layout);
  require_sensible(options, layout);
  const h5::silence quiet;
  created_output made;
  made.part = plan(options, layout);
  made.part.path = create_part(final_path, nullptr, options.overwrite, options.overwrite);
  remove_on_failure guard(made.part.path);
  try {
    // What compression saves is not known before.
    if (!made.part.store.filtered)
      require_room(made.part.path, placed_bytes(made.part) + metadata_margin_bytes);
    make_file(made.part, layout, options);
  } catch (const error& fault) {
    if (fault.code() != exit_code::io_error) throw;
    throw error(exit_code::cannot_create, fault.what());
  }
  if (made.part.store.where) {
    reserve(made.part.path, made.part.store.where->first_byte, placed_bytes(made.part));
  }
  guard.keep();
  return made;
}

void write_synthetic(const recording& part, const synthetic_signal& signal, std::size_t share,
                     std::size_t shares) {
  if (part.store.filtered && shares != 1) {
    refuse(fmt::format("'{}' is compressed: HDF5 itself writes it, on one rank alone", part.path));
  }
  visit_sample_type(part.type, [&](auto zero) {
    using stored = decltype(zero);
    if (part.store.filtered) {
      write_compressed<stored>(part, signal);
    } else {
      write_plain<stored>(part, signal, share, shares);
    }
  });
}

}  // namespace weir::io

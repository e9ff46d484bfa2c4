#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <weir/io/output.hpp>
#include <weir/io/tiles.hpp>

#include "attributes.hpp"
#include "derived_parts.hpp"
#include "fault_point.hpp"
#include "hdf5.hpp"
#include "joined_ends.hpp"
#include "layouts.hpp"
#include "part_file.hpp"
#include "provenance.hpp"
#include "samples.hpp"
#include "told_rate.hpp"
#include "tree_copy.hpp"

namespace weir::io {

namespace {

/// Groups, attributes and HDF5's own bookkeeping beyond what the source has of them.
constexpr std::uint64_t metadata_margin_bytes = std::uint64_t{1} << 20;

std::vector<std::string> storage_changes(const recording& source, const recording& part) {
  std::vector<std::string> changes;
  if (source.store.filtered && !part.store.filtered) {
    changes.push_back(
        fmt::format("{} is compressed or checksummed in the input; the output stores it plainly, in {} "
                    "bytes, unless --compress is given",
                    part.dataset, placed_bytes(part)));
  }
  if (source.store.chunked && (source.store.chunk_channels != part.store.chunk_channels ||
                               source.store.chunk_samples != part.store.chunk_samples)) {
    changes.push_back(fmt::format("chunks are {} channels x {} samples in the input, {} x {} in the output",
                                  source.store.chunk_channels, source.store.chunk_samples,
                                  part.store.chunk_channels, part.store.chunk_samples));
  }
  return changes;
}

/// Bytes of the source's file, the first of several, that are not the recording: they are copied as they are.
std::uint64_t other_bytes(const recording& source, hid_t dataset) {
  const hsize_t stored = H5Dget_storage_size(dataset);
  const std::uint64_t bytes = source.files.empty() ? source.file_bytes : source.files.front().file_bytes;
  return bytes > stored ? bytes - stored : 0;
}

h5::properties creation_like(hid_t source_file) {
  const h5::properties of_source(H5Fget_create_plist(source_file));
  h5::properties created = h5::make_properties(H5P_FILE_CREATE);
  unsigned order = 0;
  if (H5Pget_link_creation_order(of_source.get(), &order) >= 0)
    H5Pset_link_creation_order(created.get(), order);
  if (H5Pget_attr_creation_order(of_source.get(), &order) >= 0)
    H5Pset_attr_creation_order(created.get(), order);
  return created;
}

void warn_of_user_block(hid_t source_file, std::vector<std::string>& warnings) {
  const h5::properties of_source(H5Fget_create_plist(source_file));
  hsize_t bytes = 0;
  if (H5Pget_userblock(of_source.get(), &bytes) >= 0 && bytes > 0) {
    warnings.push_back(
        fmt::format("the input begins with {} bytes that are not HDF5's (MATLAB's header, for example); "
                    "the output does not",
                    bytes));
  }
}

void describe_file(recording& part) {
  struct stat status {};
  if (::stat(part.path.c_str(), &status) == 0) part.file_bytes = static_cast<std::uint64_t>(status.st_size);
}

/// Fills an empty OUT.part with all but the samples.
void fill_part(const recording& source, const output_options& options, created_output& made) {
  const h5::file from = h5::open_for_reading(source.path);
  const h5::dataset from_dataset(h5::check(H5Dopen2(from.get(), source.dataset.c_str(), H5P_DEFAULT),
                                           fmt::format("cannot open {} in '{}'", source.dataset, source.path),
                                           exit_code::bad_data));
  recording& part = made.part;
  const bool is_joined = !options.joined.empty();
  const std::uint64_t of_samples = part.store.filtered || is_joined ? 0 : placed_bytes(part);
  const std::uint64_t needed = of_samples + other_bytes(source, from_dataset.get()) + metadata_margin_bytes;
  require_room(part.path, needed);
  // HDF5 1.10 crashes at its end where a file that it creates cannot grow, as under a quota; creating the
  // file gives this space back.
  reserve(part.path, 0, needed);
  warn_of_user_block(from.get(), made.warnings);

  const std::string what = fmt::format("cannot create '{}'", part.path);
  const h5::file to(h5::check(
      H5Fcreate(part.path.c_str(), H5F_ACC_TRUNC, creation_like(from.get()).get(), access_for(part).get()),
      what));
  fault_point("file created");
  const h5::dataset to_dataset = create_samples(to.get(), part, from_dataset.get(), options.joined);
  create_provenance(to.get());
  const layout& told_by = layout_named(part.layout);
  const derived_parts parts(from.get(), to.get(), source, options.from_source);
  std::vector<replaced_dataset> replaced = parts.replaced();
  replaced.push_back({from_dataset.get(), to_dataset.get()});
  tree_copy copy(from.get(), to.get(), replaced, std::string(provenance_group.substr(1)),
                 previous_provenance);
  made.warnings.insert(made.warnings.end(), parts.warnings().begin(), parts.warnings().end());
  for (std::string& warning : copy.run()) made.warnings.push_back(std::move(warning));

  tell_whole(to.get(), source);
  state_said_rate(to.get(), source);
  told_by.retell(to.get(), source, options.from_source, made.warnings);
  fill_provenance(to.get(), source, options);
  prepend_history(to.get(), options.history);
  if (!options.from_source.rate.is_one()) {
    derivation at_old_rate = options.from_source;
    at_old_rate.rate = {};
    told_by.change_rate(to.get(), derive(source, at_old_rate), part);
  }
  tell_lengths(to.get(), source, part);
  warn_of_untold_rate(to.get(), to_dataset.get(), part, made.warnings);
  if (!options.filtering.empty()) told_by.mark_filtered(to.get(), part, options.filtering);
  fault_point("tree copied");
  h5::check(H5Fflush(to.get(), H5F_SCOPE_GLOBAL), what);
  fault_point("metadata flushed");
  if (part.store.filtered) {
    part.store.fill = fill_of(to_dataset.get(), part.type);
  } else if (!is_joined) {
    part.store.where = placement_of(to_dataset.get(), part);
  }
}

}  // namespace

storage output_storage(const recording& source, const std::optional<packing>& packed) {
  storage store;
  if (!source.store.chunked && !packed) return store;
  const tile_shape like = source.store.chunked
                              ? tile_shape{source.store.chunk_channels, source.store.chunk_samples}
                              : natural_tiles(source);
  const tile_shape chunk = output_chunk(like, source.channels, source.samples, source.type);
  store.chunked = true;
  store.chunk_channels = chunk.channels;
  store.chunk_samples = chunk.samples;
  if (packed) {
    store.filtered = true;
    store.gzip_level = packed->gzip_level;
    store.shuffle = packed->shuffle;
  }
  return store;
}

created_output create_output(const recording& source, const std::string& final_path,
                             const output_options& options) {
  const h5::silence quiet;
  created_output made;
  made.part = derive(source, options.from_source);
  made.part.files.clear();
  made.part.path =
      create_part(final_path, &source, options.overwrite, options.overwrite || options.replace_part);
  remove_on_failure guard(made.part.path);
  made.part.store = output_storage(made.part, options.packed);
  made.warnings = storage_changes(source, made.part);
  // What is stored, and how, is in the files that are joined.
  if (!options.joined.empty()) made.part.store = {};
  try {
    fill_part(source, options, made);
  } catch (const error& fault) {
    if (fault.code() != exit_code::io_error) throw;
    throw error(exit_code::cannot_create,
                fmt::format("cannot make '{}' from '{}': {}", made.part.path, source.path, fault.what()));
  }
  if (const auto& where = made.part.store.where) {
    reserve(made.part.path, where->first_byte, placed_bytes(made.part));
  }
  describe_file(made.part);
  guard.keep();
  return made;
}

void finish_output(const recording& part, const std::string& final_path, const nlohmann::json& results,
                   bool overwrite, bool durable) {
  {
    const h5::silence quiet;
    if (!results.empty()) write_results(part.path, results);
    fault_point("results written");
  }
  rename_to_final(part.path, final_path, overwrite, durable);
}

std::optional<std::string> provenance_text(const std::string& path, const std::string& attribute) {
  const h5::silence quiet;
  const h5::file file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
  if (!file) return std::nullopt;
  const h5::group group(H5Gopen2(file.get(), provenance_group.data(), H5P_DEFAULT));
  if (!group) return std::nullopt;
  return h5::text_attribute(group.get(), attribute);
}

void discard_output(const recording& part) noexcept {
  remove_quietly(part.path);
}

}  // namespace weir::io

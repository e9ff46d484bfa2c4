#include "chunk_placement.hpp"

#include <optional>

#include <fmt/format.h>
#include <hdf5.h>
// Later releases keep what is for drivers in a header of its own.
#if __has_include(<H5FDdevelop.h>)
#include <H5FDdevelop.h>
#endif

namespace weir::io {

namespace {

using write_function = decltype(H5FD_class_t::write);

/// HDF5 passes no data of a caller's to the functions of a driver, so they meet here. A thread has one
/// placement.
struct chunk_in_hand {
  const void* memory = nullptr;
  std::optional<haddr_t> place;
};
thread_local chunk_in_hand in_hand;
thread_local write_function write_through = nullptr;

herr_t write_all_but_the_chunk(H5FD_t* file, H5FD_mem_t type, hid_t transfer, haddr_t place,
                               std::size_t bytes, const void* memory) {
  if (memory != in_hand.memory) return write_through(file, type, transfer, place, bytes, memory);
  in_hand.place = place;
  return 0;
}

/// The class of the driver that has `path` open.
H5FD_class_t posix_class(const std::string& path, hid_t access, const std::string& failure) {
  H5FD_t* const opened = H5FDopen(path.c_str(), H5F_ACC_RDONLY, access, HADDR_UNDEF);
  if (opened == nullptr) h5::fail(exit_code::io_error, failure);
  const H5FD_class_t found = *opened->cls;
  h5::check(H5FDclose(opened), failure);
  return found;
}

}  // namespace

chunk_placement::chunk_placement(const std::string& path, const std::string& dataset, std::size_t most_bytes)
    : failure_(fmt::format("cannot store packed chunks in '{}'", path)),
      no_chunk_(std::make_unique_for_overwrite<std::byte[]>(most_bytes)) {
  const h5::properties access = h5::make_properties(H5P_FILE_ACCESS);
  h5::check(H5Pset_fapl_sec2(access.get()), failure_);
  H5FD_class_t placing = posix_class(path, access.get(), failure_);
  write_through = placing.write;
  placing.name = "weir_chunk_placement";
  placing.write = write_all_but_the_chunk;
  // It ends the driver that this one is a copy of.
  placing.terminate = nullptr;
  driver_ = driver(h5::check(H5FDregister(&placing), failure_));
  h5::check(H5Pset_driver(access.get(), driver_.get(), nullptr), failure_);
  file_ = h5::file(h5::check(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.get()), failure_));
  dataset_ = h5::dataset(h5::check(H5Dopen2(file_.get(), dataset.c_str(), H5P_DEFAULT), failure_));
}

std::uint64_t chunk_placement::place(std::span<const hsize_t> corner, std::size_t bytes) {
  in_hand = {no_chunk_.get(), std::nullopt};
  const herr_t result = H5Dwrite_chunk(dataset_.get(), H5P_DEFAULT, 0, corner.data(), bytes, no_chunk_.get());
  const std::optional<haddr_t> placed = in_hand.place;
  in_hand = {};
  h5::check(result, failure_);
  if (!placed) throw error(exit_code::internal, failure_ + ": HDF5 does not say where one goes");
  return *placed;
}

void chunk_placement::close() {
  h5::check(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL), failure_);
  dataset_.reset();
  // Closing writes what HDF5 kept back, so its failure is one of writing.
  h5::check(H5Fclose(file_.release()), failure_);
}

}  // namespace weir::io

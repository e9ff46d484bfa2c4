#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <mpi.h>

#include <weir/mpi/environment.hpp>

#include "hdf5.hpp"

namespace {

namespace h5 = weir::io::h5;

constexpr hsize_t rows_in_turn = 16;

/// Rows of a dataset that this rank has next; empty where others have more.
h5::dataspace rows_of(hid_t whole, hsize_t first, hsize_t count, hsize_t columns) {
  h5::dataspace space(H5Scopy(whole));
  const std::array<hsize_t, 2> start{first, 0};
  const std::array<hsize_t, 2> size{count, columns};
  h5::check(count > 0 ? H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, size.data(),
                                            nullptr)
                      : H5Sselect_none(space.get()),
            "cannot select rows");
  return space;
}

void repack(const weir::communicator& world, const std::string& from, const std::string& to) {
  const h5::properties access = h5::make_properties(H5P_FILE_ACCESS);
  h5::check(H5Pset_fapl_mpio(access.get(), MPI_COMM_WORLD, MPI_INFO_NULL), "cannot open files through MPI");
  const h5::properties together = h5::make_properties(H5P_DATASET_XFER);
  h5::check(H5Pset_dxpl_mpio(together.get(), H5FD_MPIO_COLLECTIVE), "cannot write collectively");

  const h5::file source(
      h5::check(H5Fopen(from.c_str(), H5F_ACC_RDONLY, access.get()), "cannot open " + from));
  const h5::dataset packed(h5::check(H5Dopen2(source.get(), "/data", H5P_DEFAULT), "cannot open /data"));
  const h5::dataspace whole(H5Dget_space(packed.get()));
  const h5::properties chunks(H5Dget_create_plist(packed.get()));
  const h5::file made(
      h5::check(H5Fcreate(to.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), "cannot make " + to));
  const h5::dataset again(h5::check(
      H5Dcreate2(made.get(), "/data", H5T_STD_I16LE, whole.get(), H5P_DEFAULT, chunks.get(), H5P_DEFAULT),
      "cannot make /data"));

  const std::vector<hsize_t> shape = h5::extents_of(packed.get());
  const auto rank = static_cast<hsize_t>(world.rank());
  const auto ranks = static_cast<hsize_t>(world.size());
  std::vector<std::int16_t> rows(rows_in_turn * shape[1]);
  for (hsize_t round = 0; round < shape[0]; round += ranks * rows_in_turn) {
    const hsize_t first = std::min(round + rank * rows_in_turn, shape[0]);
    const hsize_t count = std::min(rows_in_turn, shape[0] - first);
    const h5::dataspace place = rows_of(whole.get(), first, count, shape[1]);
    const std::array<hsize_t, 2> size{std::max<hsize_t>(count, 1), shape[1]};
    const h5::dataspace memory(H5Screate_simple(2, size.data(), nullptr));
    if (count == 0) H5Sselect_none(memory.get());
    h5::check(H5Dread(packed.get(), H5T_NATIVE_INT16, memory.get(), place.get(), together.get(), rows.data()),
              "cannot read");
    h5::check(H5Dwrite(again.get(), H5T_NATIVE_INT16, memory.get(), place.get(), together.get(), rows.data()),
              "cannot write");
  }
}

}  // namespace

/// bench_collective_deflate IN OUT: unpacks the int16 rows of IN's /data and packs them again in the same
/// chunks by HDF5's own collective transfers, which pack on all ranks too (parallel HDF5 1.10.2 and later).
int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [&](weir::environment& env) {
    if (argc != 3) throw weir::error(weir::exit_code::usage, "say bench_collective_deflate IN OUT");
    repack(env.world(), argv[1], argv[2]);
    return weir::exit_code::done;
  });
}

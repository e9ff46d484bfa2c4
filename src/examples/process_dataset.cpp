// A volume of 4 x 4 x 4 voxels in one shared copy, squared by all ranks, each its share of the rows.
#include <weir/weir.hpp>

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [](weir::environment& env) {
    auto volume =
        weir::shared_copy(env.node(), xt::xarray<double>(xt::arange<double>(64).reshape({4, 4, 4})));

    const auto process_chunk = [](std::span<double> voxels) {
      for (double& voxel : voxels) voxel *= voxel;
    };
    weir::split_at(process_chunk)(volume);

    const xt::xarray<double> squares = xt::square(xt::arange<double>(64).reshape({4, 4, 4}));
    return volume.view() == squares ? weir::exit_code::done : weir::exit_code::internal;
  });
}

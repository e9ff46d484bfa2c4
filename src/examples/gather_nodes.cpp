// A recording larger than a node: every node holds its rows, filters them, and one gets them all. Domains of
// two ranks stand for nodes, so that it can be seen on one machine.
#include <weir/weir.hpp>

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [](weir::environment& env) {
    const weir::topology places(env.world(), weir::domain_choice::parse("2"));
    const weir::all_nodes nodes(places);
    weir::distributed_array<float> x(nodes, {10, 1'000});

    weir::split_at([](auto& rows) { rows += 1.0F; })(x);
    auto y = weir::split_output([](const auto& rows) { return xt::xarray<float>(rows * 2.0F); })(x);
    const auto all = weir::gather(y, 0);

    const bool is_here = places.domain_index() == 0;
    const bool right = is_here ? all.view() == xt::full_like(all.view(), 2.0F) : all.size() == 0;
    return env.world().all_of(right) ? weir::exit_code::done : weir::exit_code::internal;
  });
}

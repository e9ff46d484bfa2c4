// A split in which a rank dies in the way that the argument names; the test looks at how the job ends.
#include <csignal>
#include <cstdlib>
#include <string>

#include <weir/weir.hpp>

namespace {

constexpr int culprit = 2;

}  // namespace

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [&](weir::environment& env) {
    const std::string way = argc > 1 ? argv[1] : "";
    weir::shared_array<double> x(env.node(), {16, 100});
    const auto die = weir::split_at([&](auto& rows) {
      rows += 1.0;
      if (env.world().rank() != culprit) return;
      if (way == "killed") std::raise(SIGKILL);
      if (way == "thrown") throw weir::error(weir::exit_code::bad_data, "the river is dry");
    });
    die(x);
    return weir::exit_code::done;
  });
}

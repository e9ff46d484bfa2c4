// Every rank logs many lines; log_lines.sh looks at what comes out.
#include <string>

#include <weir/error.hpp>
#include <weir/log.hpp>
#include <weir/mpi/environment.hpp>

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [&](weir::environment& env) {
    constexpr int lines = 200;
    weir::set_log_level(weir::parse_log_level(argc > 1 ? argv[1] : "warning"));
    if (argc > 2) weir::log_to_file(argv[2]);
    for (int i = 0; i < lines; ++i) {
      weir::log_info("line {} {}", i, std::string(100, static_cast<char>('a' + env.world().rank())));
    }
    weir::warn(env.world(), "the river is low");
    {
      const weir::log_level_scope quiet(weir::log_level::error);
      weir::log_info("must not be seen");
      weir::warn(env.world(), "must not be seen");
    }
    weir::log_debug("a detail of rank {}", env.world().rank());
    return weir::exit_code::done;
  });
}

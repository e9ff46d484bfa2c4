#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include <weir/mpi/launcher.hpp>
#include <weir/version.hpp>

#include "commands.hpp"
#include "option_list.hpp"
#include "standard_streams.hpp"

namespace weir::cli {
namespace {

std::string usage() {
  std::string text = fmt::format(
      "weir {}: splits a recording by rows over MPI ranks and filters it in one shared copy\n\n"
      "usage: weir COMMAND ... , or in parallel: mpirun -n RANKS weir COMMAND ...\n\n",
      version);
  for (const command_entry& entry : commands) text += fmt::format("  {:<8} {}\n", entry.name, entry.purpose);
  text += "\nweir COMMAND --help lists a command's options.\n";
  return text;
}

/// Launchers end a job as soon as one of its processes fails: this is how long the others leave the first
/// rank to speak.
constexpr std::chrono::seconds patience(2);

/// What is the same on all ranks before MPI has started is said by the launcher's first rank alone.
int say(void (*print)(std::string_view) noexcept, const std::string& text, exit_code code) {
  if (launched_rank().value_or(0) == 0) {
    print(text);
  } else if (code != exit_code::done) {
    std::this_thread::sleep_for(patience);
  }
  return static_cast<int>(code);
}

int say_error(const std::string& sentence, exit_code code) {
  return say(print_message, fmt::format("weir: error: {}\n", sentence), code);
}

std::string command_line(int argc, char** argv) {
  std::string line = "weir";
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool plain = !word.empty() && word.find_first_of(" \t\n\"'\\$*?;&|<>()") == std::string::npos;
    line += plain ? " " + word : " '" + word + "'";
  }
  return line;
}

int run(const command_entry& entry, int argc, char** argv) {
  const std::unique_ptr<command> chosen = entry.make();
  option_list app(std::string(entry.purpose), fmt::format("weir {}", entry.name));
  chosen->add_options(app);
  if (const std::optional<early_end> end = app.parse(argc - 1, argv + 1)) {
    return end->code == exit_code::done ? say(print_result, end->text, end->code)
                                        : say_error(end->text, end->code);
  }
  if (chosen->is_parallel()) {
    const std::string line = command_line(argc, argv);
    return run_main(argc, argv, [&](environment& env) { return chosen->run(env, line); });
  }
  try {
    return launched_rank().value_or(0) == 0 ? static_cast<int>(chosen->run_alone()) : 0;
  } catch (const error& problem) {
    return say_error(problem.what(), problem.code());
  } catch (const std::exception& problem) {
    return say_error(problem.what(), exit_code::internal);
  }
}

int run(int argc, char** argv) {
  const std::string word = argc > 1 ? argv[1] : "--help";
  if (word == "--help" || word == "-h" || word == "help") {
    return argc > 1 ? say(print_result, usage(), exit_code::done)
                    : say(print_message, usage(), exit_code::usage);
  }
  if (word == "--version") return say(print_result, fmt::format("weir {}\n", version), exit_code::done);
  const auto entry = std::ranges::find(commands, word, &command_entry::name);
  if (entry == std::end(commands)) {
    return say_error(fmt::format("'{}' is no command; weir --help lists them", word), exit_code::usage);
  }
  return run(*entry, argc, argv);
}

}  // namespace

}  // namespace weir::cli

int main(int argc, char** argv) {
  weir::cli::hold_standard_streams();
  // A shell's limit on the size of files is to be an error with a sentence, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  return weir::cli::end_results(weir::cli::run(argc, argv));
}

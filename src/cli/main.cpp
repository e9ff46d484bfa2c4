#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>

#include <fmt/format.h>

#include <weir/mpi/launcher.hpp>
#include <weir/version.hpp>

#include "commands.hpp"
#include "option_list.hpp"

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
int say(std::FILE* stream, const std::string& text, exit_code code) {
  if (launched_rank().value_or(0) == 0) {
    fmt::print(stream, "{}", text);
  } else if (code != exit_code::done) {
    std::this_thread::sleep_for(patience);
  }
  return static_cast<int>(code);
}

int say_error(const std::string& sentence, exit_code code) {
  return say(stderr, fmt::format("weir: error: {}\n", sentence), code);
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
    return end->code == exit_code::done ? say(stdout, end->text, end->code) : say_error(end->text, end->code);
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

}  // namespace

}  // namespace weir::cli

int main(int argc, char** argv) {
  using namespace weir;
  // A shell's limit on the size of files is to be an error with a sentence, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  const std::string word = argc > 1 ? argv[1] : "--help";
  if (word == "--help" || word == "-h" || word == "help") {
    return cli::say(argc > 1 ? stdout : stderr, cli::usage(), argc > 1 ? exit_code::done : exit_code::usage);
  }
  if (word == "--version") return cli::say(stdout, fmt::format("weir {}\n", version), exit_code::done);
  const auto entry = std::ranges::find(cli::commands, word, &cli::command_entry::name);
  if (entry == std::end(cli::commands)) {
    return cli::say_error(fmt::format("'{}' is no command; weir --help lists them", word), exit_code::usage);
  }
  return cli::run(*entry, argc, argv);
}

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "cli/config_text.hpp"
#include "cli/option_list.hpp"
#include "fuzz.hpp"
#include "scratch_file.hpp"

using namespace weir;

namespace {

using maker = std::unique_ptr<cli::command> (*)();

/// The commands whose options are known without the job pool.
constexpr std::array<maker, 3> makers{cli::make_filter_command, cli::make_info_command,
                                      cli::make_synth_command};

/// A command with its options, as main() makes them.
struct reader {
  explicit reader(maker make) : chosen(make()), app("", "weir command") { chosen->add_options(app); }

  std::optional<cli::early_end> parse(const std::vector<std::string>& words) {
    std::vector<const char*> pointers;
    for (const std::string& word : words) pointers.push_back(word.c_str());
    std::optional<cli::early_end> end = app.parse(static_cast<int>(pointers.size()), pointers.data());
    if (end) {
      fuzz::require(end->code == exit_code::done || end->code == exit_code::usage,
                    "a command line is right or not");
      fuzz::require(!end->text.empty(), "there is something to read");
    }
    return end;
  }

  std::unique_ptr<cli::command> chosen;
  cli::option_list app;
};

/// The words of a command line, one a line of `text`, after a program's name.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words{"weir"};
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) words.push_back(line);
  return words;
}

}  // namespace

/// Command lines and files of options: the first byte chooses the command, what follows are its words, one a
/// line, and after an empty line the file of --config. What --print-config prints is read back to the same
/// options.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const maker make = makers[data[0] % makers.size()];
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t end = text.find("\n\n");
  std::vector<std::string> words = words_of(text.substr(0, end));
  std::optional<fuzz::scratch_file> config;
  if (end != std::string::npos) {
    config.emplace(text.substr(end + 2));
    words.push_back("--config");
    words.push_back(config->path());
  }
  reader first(make);
  if (first.parse(words) || make != cli::make_filter_command) return 0;

  const std::optional<std::string> printed =
      fuzz::result_or_refusal([&] { return cli::config_text(first.app); }, {exit_code::usage});
  if (!printed) return 0;
  const fuzz::scratch_file again(*printed);
  reader second(make);
  fuzz::require(!second.parse({"weir", "--config", again.path()}), "a printed file of options is read");
  fuzz::require(cli::config_text(second.app) == *printed, "a printed file of options says what was meant");
  return 0;
}

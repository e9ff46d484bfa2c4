#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <weir/error.hpp>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace weir::cli {

/// What an option's value may be read into. CLI11's templates are compiled for these types once, in
/// option_list.cpp: each source that included its header would take seconds more.
template <typename T>
concept option_value = std::same_as<T, std::string> || std::same_as<T, std::vector<std::string>> ||
    std::same_as<T, double> || std::same_as<T, std::vector<double>> ||
    std::same_as<T, std::optional<double>> || std::same_as<T, int> || std::same_as<T, std::optional<int>> ||
    std::same_as<T, std::size_t> || std::same_as<T, std::optional<std::size_t>>;

/// One option of a command, or one of its positional arguments. It belongs to its list.
class option {
 public:
  explicit option(CLI::Option& one) : one_(&one) {}

  /// How help names the value, and below which heading it lists the option.
  option* type_name(const std::string& name);
  option* group(const std::string& heading);
  /// Help tells the value that the variable has now.
  option* capture_default_str();
  /// Not without it; not in a file of options.
  option* required();
  option* configurable(bool may_be_in_files);
  /// Only with `other`; never with it.
  option* needs(option* other);
  option* excludes(option* other);
  /// How many words it takes. A list that may be given more than once takes one word each time.
  option* expected(int words);
  option* expected(int least, int most);
  option* one_word_each_time();
  /// Each value is a file that the command reads, or FILE:/path in one.
  option* names_input();
  /// What a value may be.
  option* one_of(const std::vector<std::string>& words);
  option* between(int least, int most);
  option* positive();

  /// The name without its dashes, as in a file of options; empty for a positional argument.
  const std::string& key() const { return key_; }
  std::string description() const;
  std::string type_name() const;
  std::string group() const;
  std::string default_text() const;
  int least_words() const;
  int most_words() const;
  bool is_flag() const { return most_words() == 0; }
  /// Whether it may be given more than once, or with more words than one: in a file it is a list then.
  bool takes_several() const { return most_words() > 1; }
  bool is_configurable() const;
  bool is_input() const { return is_input_; }
  /// What was given, word by word; for a flag whether it is set.
  std::vector<std::string> values() const;
  bool is_set() const;

 private:
  friend class option_list;
  CLI::Option* one_;
  std::string key_;
  bool is_input_ = false;
};

/// Why a command does not run: help was asked for, or an option is wrong.
struct early_end {
  exit_code code;
  std::string text;  ///< help, or the sentence of an error
};

/// The options of a command, bound to the variables that they are read into: these stay where they are as
/// long as the list is used. The spelling is CLI11's, which does the reading.
class option_list {
 public:
  /// `name` is the command's, as it is typed: "weir filter".
  explicit option_list(const std::string& purpose = "", const std::string& name = "");
  ~option_list();
  option_list(const option_list&) = delete;
  option_list& operator=(const option_list&) = delete;

  /// `names` are "--name", "-n,--name" or, for a positional argument, "NAME".
  template <option_value T>
  option* add_option(const std::string& names, T& variable, const std::string& description);
  option* add_flag(const std::string& names, bool& variable, const std::string& description);
  /// An option that names a TOML file of options; a key there that is none is an error.
  void add_file_option(const std::string& name, const std::string& description);

  const std::string& name() const { return name_; }
  /// All but --help and the file option, in their order.
  const std::deque<option>& options() const { return options_; }
  /// The files that options name to be read: the file of options, and the values of those marked so.
  std::vector<std::string> files_read() const;
  /// The option with that key. There is one.
  const option& with_key(const std::string& key) const;

  /// Reads the arguments that follow a command's name. Nothing if the command is to run. Not collective:
  /// every rank reads the same arguments.
  std::optional<early_end> parse(int argc, const char* const* argv);
  /// The same for words that stand in no command line.
  std::optional<early_end> parse(std::vector<std::string> words);

 private:
  option* keep(CLI::Option* one);
  template <typename Parse>
  std::optional<early_end> end_of(Parse&& parse);

  std::string name_;
  std::unique_ptr<CLI::App> app_;
  std::deque<option> options_;
};

}  // namespace weir::cli

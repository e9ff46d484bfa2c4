#include "option_list.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <weir/io/taps_dataset.hpp>

#include "config_text.hpp"

namespace weir::cli {
namespace {

/// Of help's column of names.
constexpr std::size_t column_width = 34;

/// CLI11 takes a # inside of quotation marks for a comment's begin.
class file_of_options : public CLI::ConfigBase {
 public:
  file_of_options() { comment('\n'); }

  std::vector<CLI::ConfigItem> from_config(std::istream& file) const override {
    std::istringstream text(without_comments(file));
    return ConfigBase::from_config(text);
  }
};

/// CLI11 reads -1 as the largest number that there is.
std::string not_negative(const std::string& word) {
  return word.starts_with('-') ? fmt::format("{} is negative; give a whole number from 0 on", word) : "";
}

/// CLI11's own check names the largest number that there is, in 300 digits.
std::string positive_number(const std::string& word) {
  double value = 0;
  const char* const end = word.data() + word.size();
  const auto [rest, fault] = std::from_chars(word.data(), end, value);
  if (fault != std::errc{} || rest != end || value > 0) return "";
  return fmt::format("{} is not positive; give a number above 0", word);
}

}  // namespace

option* option::type_name(const std::string& name) {
  one_->type_name(name);
  return this;
}

option* option::group(const std::string& heading) {
  one_->group(heading);
  return this;
}

option* option::capture_default_str() {
  one_->capture_default_str();
  return this;
}

option* option::required() {
  one_->required();
  return this;
}

option* option::configurable(bool may_be_in_files) {
  one_->configurable(may_be_in_files);
  return this;
}

option* option::needs(option* other) {
  one_->needs(other->one_);
  return this;
}

option* option::excludes(option* other) {
  one_->excludes(other->one_);
  return this;
}

option* option::expected(int words) {
  one_->expected(words);
  return this;
}

option* option::expected(int least, int most) {
  one_->expected(least, most);
  return this;
}

option* option::one_word_each_time() {
  one_->allow_extra_args(false);
  return this;
}

option* option::names_input() {
  is_input_ = true;
  return this;
}

option* option::one_of(const std::vector<std::string>& words) {
  one_->check(CLI::IsMember(words));
  return this;
}

option* option::between(int least, int most) {
  one_->check(CLI::Range(least, most));
  return this;
}

option* option::positive() {
  one_->check(positive_number, "POSITIVE");
  return this;
}

std::string option::description() const {
  return one_->get_description();
}

std::string option::type_name() const {
  return one_->get_type_name();
}

std::string option::group() const {
  return one_->get_group();
}

std::string option::default_text() const {
  return one_->get_default_str();
}

int option::least_words() const {
  return one_->get_expected_min();
}

int option::most_words() const {
  return one_->get_expected_max();
}

bool option::is_configurable() const {
  return one_->get_configurable();
}

std::vector<std::string> option::values() const {
  return one_->results();
}

bool option::is_set() const {
  return one_->count() > 0 && one_->as<bool>();
}

option_list::option_list(const std::string& purpose, const std::string& name)
    : name_(name), app_(std::make_unique<CLI::App>(purpose, name)) {
  app_->get_formatter()->column_width(column_width);
}

option_list::~option_list() = default;

template <option_value T>
option* option_list::add_option(const std::string& names, T& variable, const std::string& description) {
  CLI::Option* const one = app_->add_option(names, variable, description);
  if constexpr (std::same_as<T, std::size_t> || std::same_as<T, std::optional<std::size_t>>) {
    one->check(not_negative);
  }
  return keep(one);
}

template option* option_list::add_option(const std::string&, std::string&, const std::string&);
template option* option_list::add_option(const std::string&, std::vector<std::string>&, const std::string&);
template option* option_list::add_option(const std::string&, double&, const std::string&);
template option* option_list::add_option(const std::string&, std::vector<double>&, const std::string&);
template option* option_list::add_option(const std::string&, std::optional<double>&, const std::string&);
template option* option_list::add_option(const std::string&, int&, const std::string&);
template option* option_list::add_option(const std::string&, std::optional<int>&, const std::string&);
template option* option_list::add_option(const std::string&, std::size_t&, const std::string&);
template option* option_list::add_option(const std::string&, std::optional<std::size_t>&, const std::string&);

option* option_list::add_flag(const std::string& names, bool& variable, const std::string& description) {
  return keep(app_->add_flag(names, variable, description));
}

void option_list::add_file_option(const std::string& name, const std::string& description) {
  app_->set_config(name, "", description)->type_name("FILE.toml");
  app_->config_formatter(std::make_shared<file_of_options>());
  app_->allow_config_extras(CLI::config_extras_mode::error);
}

option* option_list::keep(CLI::Option* one) {
  option& kept = options_.emplace_back(*one);
  if (!one->get_lnames().empty()) kept.key_ = one->get_lnames().front();
  return &kept;
}

std::vector<std::string> option_list::files_read() const {
  std::vector<std::string> files;
  if (const CLI::Option* const config = app_->get_config_ptr()) files = config->results();
  for (const option& one : options_) {
    if (!one.is_input()) continue;
    for (const std::string& value : one.values()) files.push_back(io::file_of(value));
  }
  return files;
}

const option& option_list::with_key(const std::string& key) const {
  return *std::ranges::find(options_, key, &option::key);
}

template <typename Parse>
std::optional<early_end> option_list::end_of(Parse&& parse) {
  try {
    parse();
  } catch (const CLI::CallForHelp&) {
    return early_end{exit_code::done, app_->help()};
  } catch (const CLI::ConfigError& problem) {
    return early_end{exit_code::usage,
                     fmt::format("the file of --config has a key that is no option ({}); {} --print-config "
                                 "lists the keys",
                                 problem.what(), name_)};
  } catch (const CLI::ParseError& problem) {
    return early_end{exit_code::usage, fmt::format("{}; see {} --help", problem.what(), name_)};
  }
  return std::nullopt;
}

std::optional<early_end> option_list::parse(int argc, const char* const* argv) {
  return end_of([&] { app_->parse(argc, argv); });
}

std::optional<early_end> option_list::parse(std::vector<std::string> words) {
  std::ranges::reverse(words);  // as CLI11 wants them
  return end_of([&] { app_->parse(std::move(words)); });
}

}  // namespace weir::cli

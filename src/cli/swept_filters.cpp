#include "swept_filters.hpp"

#include <iterator>
#include <sstream>

#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/io/taps_dataset.hpp>
#include <weir/mpi/agree.hpp>

#include "sweep_grid.hpp"

namespace weir::cli {
namespace {

/// Of all filters together: 256 MiB, which each rank holds.
constexpr std::size_t most_taps = std::size_t{1} << 25;

/// The filter of one combination: its values go through the options of a single filter.
filter_choice filter_of(const sweep_table& table, const std::vector<std::string>& values) {
  option_list single("", "weir sweep");
  filter_choice choice;
  choice.add_options(single);
  std::vector<std::string> words;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string& key = table.options[i].first;
    words.push_back("--" + key);
    if (single.with_key(key).is_flag()) continue;
    std::istringstream parts(values[i]);
    words.insert(words.end(), std::istream_iterator<std::string>(parts), {});
  }
  if (const std::optional<early_end> end = single.parse(std::move(words))) throw error(end->code, end->text);
  return choice;
}

}  // namespace

void swept_filters::add_options(option_list& app) {
  option_list single;
  filter_choice declared;
  declared.add_options(single);
  for (const option& one : single.options()) {
    option_text& swept = options_.emplace_back(one.key());
    swept.is_input = one.is_input();
    swept.has_commas = one.type_name().find(',') != std::string::npos;
    if (one.is_flag()) {
      app.add_flag("--" + swept.name, swept.is_given, one.description())->group(one.group());
      continue;
    }
    app.add_option("--" + swept.name, swept.text,
                   one.description() +
                       (swept.has_commas ? "; one value only" : "; several as A,B,C or FIRST:LAST:STEP"))
        ->expected(one.least_words(), one.most_words())
        ->type_name(one.type_name())
        ->group(one.group());
  }
}

std::vector<std::string> swept_filters::values_of(const option_text& option) {
  std::vector<swept_option> words;
  for (const std::string& word : option.text) {
    words.emplace_back(option.name,
                       option.has_commas ? std::vector{word} : swept_values(word, "--" + option.name));
  }
  std::vector<std::string> values;
  for (const std::vector<std::string>& chosen : combinations(words)) {
    values.push_back(fmt::format("{}", fmt::join(chosen, " ")));
  }
  return values;
}

sweep_table swept_filters::grid() const {
  sweep_table table;
  for (const option_text& option : options_) {
    if (option.is_given) table.options.emplace_back(option.name, std::vector<std::string>{"yes"});
    if (option.text.empty()) continue;
    table.options.emplace_back(option.name, values_of(option));
  }
  table.combinations = combinations(table.options);
  return table;
}

std::vector<std::string> swept_filters::files_read() const {
  std::vector<std::string> files;
  for (const option_text& option : options_) {
    if (!option.is_input || option.text.empty()) continue;
    for (const std::string& value : values_of(option)) files.push_back(io::file_of(value));
  }
  return files;
}

std::vector<chosen_filter> swept_filters::resolve(const sweep_table& table, const communicator& world,
                                                  std::optional<double> sampling_rate) {
  std::vector<chosen_filter> filters;
  std::size_t taps = 0;
  for (const auto& values : table.combinations) {
    filters.push_back(filter_of(table, values).resolve(world, sampling_rate));
    taps += filters.back().spec.taps.size();
    if (taps > most_taps) {
      throw agreed_error(exit_code::usage,
                         fmt::format("the first {} of {} filters have {} taps together, and every rank holds "
                                     "all filters of a sweep; give fewer values, or sweep in parts",
                                     filters.size(), table.combinations.size(), taps),
                         world.rank(), world.size());
    }
  }
  return filters;
}

}  // namespace weir::cli

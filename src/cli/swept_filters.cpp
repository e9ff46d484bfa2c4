#include "swept_filters.hpp"

#include <iterator>
#include <sstream>

#include <fmt/format.h>

#include <weir/error.hpp>

#include "sweep_grid.hpp"

namespace weir::cli {
namespace {

/// The filter of one combination: its values go through the options of a single filter.
filter_choice filter_of(const sweep_table& table, const std::vector<std::string>& values) {
  CLI::App single;
  filter_choice choice;
  choice.add_options(single);
  std::vector<std::string> reversed;  // as CLI11 wants them
  for (std::size_t i = values.size(); i-- > 0;) {
    const CLI::Option* const option = single.get_option("--" + table.options[i].first);
    std::istringstream parts(option->get_expected_max() == 0 ? "" : values[i]);
    std::vector<std::string> words{std::istream_iterator<std::string>(parts), {}};
    reversed.insert(reversed.end(), words.rbegin(), words.rend());
    reversed.push_back("--" + table.options[i].first);
  }
  try {
    single.parse(std::move(reversed));
  } catch (const CLI::ParseError& problem) {
    throw error(exit_code::usage, fmt::format("{}; see weir sweep --help", problem.what()));
  }
  return choice;
}

}  // namespace

void swept_filters::add_options(CLI::App& app) {
  CLI::App single;
  filter_choice declared;
  declared.add_options(single);
  for (const CLI::Option* option : single.get_options()) {
    if (option->get_lnames().empty() || option->get_lnames().front() == "help") continue;
    option_text& swept = options_.emplace_back(option->get_lnames().front());
    swept.has_commas = option->get_type_name().find(',') != std::string::npos;
    if (option->get_expected_max() == 0) {
      app.add_flag("--" + swept.name, swept.is_given, option->get_description())->group(option->get_group());
      continue;
    }
    app.add_option("--" + swept.name, swept.text,
                   option->get_description() +
                       (swept.has_commas ? "; one value only" : "; several as A,B,C or FIRST:LAST:STEP"))
        ->expected(option->get_expected_min(), option->get_expected_max())
        ->type_name(option->get_type_name())
        ->group(option->get_group());
  }
}

sweep_table swept_filters::grid() const {
  sweep_table table;
  for (const option_text& option : options_) {
    if (option.is_given) table.options.emplace_back(option.name, std::vector<std::string>{"yes"});
    if (option.text.empty()) continue;
    std::string text;
    for (const std::string& part : option.text) text += (text.empty() ? "" : " ") + part;
    table.options.emplace_back(option.name, option.text.size() > 1 || option.has_commas
                                                ? std::vector{text}
                                                : swept_values(text, "--" + option.name));
  }
  table.combinations = combinations(table.options);
  return table;
}

std::vector<chosen_filter> swept_filters::resolve(const sweep_table& table, const communicator& world,
                                                  std::optional<double> sampling_rate) {
  std::vector<chosen_filter> filters;
  for (const auto& values : table.combinations) {
    filters.push_back(filter_of(table, values).resolve(world, sampling_rate));
  }
  return filters;
}

}  // namespace weir::cli

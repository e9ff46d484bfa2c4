#include "sweep_table.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/error.hpp>
#include <weir/io/json_text.hpp>

#include "gnuplot.hpp"

namespace weir::cli {
namespace {

std::string gnuplot_script(const sweep_table& table, const std::string& file) {
  const auto axis =
      std::ranges::find_if(table.options, [](const auto& option) { return option.second.size() > 1; });
  if (axis == table.options.end()) {
    throw error(exit_code::usage, "--plot needs an option with several values, such as --gaussian 10:80:10");
  }
  const auto at = static_cast<std::size_t>(axis - table.options.begin());
  std::map<std::string, std::string> curves;
  std::string unit;
  for (std::size_t i = 0; i < table.scores.size(); ++i) {
    const auto [value, suffix] = number_and_unit(table.combinations[i][at], "--" + axis->first);
    unit = suffix;
    std::string name;
    for (std::size_t option = 0; option < table.options.size(); ++option) {
      if (option == at || table.options[option].second.size() == 1) continue;
      name += fmt::format("{}{} {}", name.empty() ? "" : ", ", table.options[option].first,
                          table.combinations[i][option]);
    }
    curves[name] += fmt::format("{:.17g} {:.17g}\n", value, table.scores[i]);
  }
  std::string script = picture_to(file) + fmt::format("set xlabel {}\nset ylabel {}\nplot ",
                                                      quoted(axis->first + (unit.empty() ? "" : ", " + unit)),
                                                      quoted(table.score));
  std::string data;
  for (const auto& [name, points] : curves) {
    script += fmt::format("{}'-' with linespoints pointtype 7 {}", data.empty() ? "" : ", ",
                          name.empty() ? "notitle" : "title " + quoted(name));
    data += points + "e\n";
  }
  return script + "\n" + data;
}

}  // namespace

std::string to_text(const sweep_table& table) {
  std::vector<std::size_t> widths;
  std::string text;
  for (std::size_t option = 0; option < table.options.size(); ++option) {
    std::size_t width = table.options[option].first.size();
    for (const std::string& value : table.options[option].second) width = std::max(width, value.size());
    widths.push_back(width + 2);
    text += fmt::format("{:<{}}", table.options[option].first, widths.back());
  }
  text += table.score + "\n";
  for (std::size_t i = 0; i < table.scores.size(); ++i) {
    for (std::size_t option = 0; option < table.options.size(); ++option) {
      text += fmt::format("{:<{}}", table.combinations[i][option], widths[option]);
    }
    text += fmt::format("{:.6g}{}\n", table.scores[i], i == table.best ? "  <- best" : "");
  }
  return text;
}

std::string to_csv(const sweep_table& table) {
  const auto field = [](const std::string& text) {
    if (text.find_first_of(",\"\n") == std::string::npos) return text;
    std::string all = "\"";
    for (const char c : text) all += c == '"' ? std::string("\"\"") : std::string(1, c);
    return all + '"';
  };
  std::string text;
  for (const auto& [name, values] : table.options) text += field(name) + ",";
  text += table.score + ",best\n";
  for (std::size_t i = 0; i < table.scores.size(); ++i) {
    for (const std::string& value : table.combinations[i]) text += field(value) + ",";
    text += fmt::format("{:.17g},{}\n", table.scores[i], i == table.best ? 1 : 0);
  }
  return text;
}

std::string to_json_text(const sweep_table& table) {
  nlohmann::json rows = nlohmann::json::array();
  for (std::size_t i = 0; i < table.scores.size(); ++i) {
    nlohmann::json row;
    for (std::size_t option = 0; option < table.options.size(); ++option) {
      row["filter"][table.options[option].first] = table.combinations[i][option];
    }
    row["score"] = table.scores[i];
    row["best"] = i == table.best;
    rows.push_back(row);
  }
  return io::json_text({{"score", table.score}, {"results", rows}}, 2) + "\n";
}

void check_drawing(const sweep_table& table, const std::string& file) {
  sweep_table without_scores = table;
  without_scores.scores.assign(table.combinations.size(), 0);
  static_cast<void>(gnuplot_script(without_scores, file));
}

void draw(const sweep_table& table, const std::string& file) {
  run_gnuplot(gnuplot_script(table, file), file);
}

}  // namespace weir::cli

#include "sweep_table.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/error.hpp>
#include <weir/io/json_text.hpp>

#include "gnuplot.hpp"

namespace weir::cli {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}
/// Empty for one that is not there.
std::string word_of(const std::string& text, std::size_t number) {
  const std::vector<std::string> words = words_of(text);
  return number < words.size() ? words[number] : std::string();
}

/// What is drawn along the x axis: the first word of an option's values that is not the same in all.
struct drawn_word {
  std::size_t option;
  std::size_t word;
};

drawn_word word_to_draw(const sweep_table& table) {
  for (std::size_t option = 0; option < table.options.size(); ++option) {
    const std::vector<std::string>& values = table.options[option].second;
    for (std::size_t word = 0; word < words_of(values.front()).size(); ++word) {
      const std::string first = word_of(values.front(), word);
      if (std::ranges::any_of(values, [&](const auto& text) { return word_of(text, word) != first; })) {
        return {option, word};
      }
    }
  }
  throw error(exit_code::usage, "--plot needs an option with several values, such as --gaussian 10:80:10");
}

/// The values that a curve has in common, of the options that have several.
std::string curve_name(const sweep_table& table, const drawn_word& axis,
                       const std::vector<std::string>& values) {
  std::string name;
  for (std::size_t option = 0; option < table.options.size(); ++option) {
    if (table.options[option].second.size() == 1) continue;
    std::vector<std::string> words = words_of(values[option]);
    if (option == axis.option && axis.word < words.size())
      words.erase(words.begin() + static_cast<std::ptrdiff_t>(axis.word));
    if (words.empty()) continue;
    name +=
        fmt::format("{}{} {}", name.empty() ? "" : ", ", table.options[option].first, fmt::join(words, " "));
  }
  return name;
}

std::string gnuplot_script(const sweep_table& table, const std::string& file) {
  const drawn_word axis = word_to_draw(table);
  const std::string& option = table.options[axis.option].first;
  std::map<std::string, std::string> curves;
  std::string unit;
  std::string best;
  for (std::size_t i = 0; i < table.scores.size(); ++i) {
    const std::vector<std::string>& values = table.combinations[i];
    const auto [value, suffix] = number_and_unit(word_of(values[axis.option], axis.word), "--" + option);
    unit = suffix;
    const std::string point = fmt::format("{:.17g} {:.17g}\n", value, table.scores[i]);
    curves[curve_name(table, axis, values)] += point;
    if (i == table.best) best = point;
  }
  std::string script = picture_to(file) + fmt::format("set xlabel {}\nset ylabel {}\nplot ",
                                                      quoted(option + (unit.empty() ? "" : ", " + unit)),
                                                      quoted(table.score == "snr" ? "snr, dB" : table.score));
  std::string data;
  for (const auto& [name, points] : curves) {
    script += fmt::format("'-' with linespoints pointtype 7 {}, ",
                          name.empty() ? "notitle" : "title " + quoted(name));
    data += points + "e\n";
  }
  return script + "'-' with points pointtype 6 pointsize 3 linecolor 'black' title 'best'\n" + data + best +
         "e\n";
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

#include <string>
#include <vector>

#include <fmt/format.h>

#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>

#include "boundary_options.hpp"
#include "commands.hpp"
#include "operation_command.hpp"

namespace weir::cli {
namespace {

constexpr const char* usual_ends = "reflect";

/// `KEY=VALUE`s as they were typed. Throws `error` (usage).
plugin::parameters parse_parameters(const std::vector<std::string>& texts) {
  plugin::parameters pairs;
  for (const std::string& text : texts) {
    const std::size_t sign = text.find('=');
    if (sign == 0 || sign == std::string::npos) {
      throw error(exit_code::usage, fmt::format("--param got '{}'; say --param KEY=VALUE", text));
    }
    pairs.emplace_back(text.substr(0, sign), text.substr(sign + 1));
  }
  return pairs;
}

class apply_command final : public operation_command {
 public:
  apply_command() : operation_command("apply") {}

 private:
  void add_operation_options(option_list& app) override {
    const std::string group = "Plugin";
    app.add_option("--plugin", file_, "shared object with the function, written against weir/plugin.h")
        ->type_name("FILE.so")
        ->names_input()
        ->group(group);
    app.add_option("--param", parameters_, "parameter of the plugin; give the option once for each")
        ->type_name("KEY=VALUE")
        ->one_word_each_time()
        ->group(group);
    ends_.add_options(app, group, usual_ends);
  }

  chosen_operation choose(const communicator& world, const io::recording& input) const override {
    const plugin::parameters parameters = agree(world, [this] {
      if (file_.empty()) throw error(exit_code::usage, "no plugin is named; give --plugin FILE.so");
      return parse_parameters(parameters_);
    });
    const fir::boundary ends = agree(world, [this] { return ends_.resolve(usual_ends); });
    pipeline::operation what = pipeline::make_plugin_operation(
        world, {.file = file_, .parameters = parameters, .arithmetic = asked_arithmetic()}, input);
    const bool is_narrow = arithmetic_of(what) == sample_type::float32;
    if (is_narrow && (input.type == sample_type::float64 || input.type == sample_type::int32)) {
      warn(world, fmt::format("the plugin is handed {} samples as float32, which rounds them to 24 bits",
                              name_of(input.type)));
    }
    std::string sentence = engine_of(what);
    for (const auto& [key, value] : parameters) sentence += fmt::format(", {}={}", key, value);
    sentence += ", " + ends_.sentence(usual_ends);
    return {.what = std::move(what), .ends = ends, .sentence = std::move(sentence)};
  }

  std::string file_;
  std::vector<std::string> parameters_;
  boundary_options ends_;
};

}  // namespace

std::unique_ptr<command> make_apply_command() {
  return std::make_unique<apply_command>();
}

}  // namespace weir::cli

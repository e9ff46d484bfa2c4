#include "sweep_outputs.hpp"

#include <utility>

#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/mpi/first_rank.hpp>

#include "result_file.hpp"
#include "run_files.hpp"

namespace weir::cli {

void sweep_outputs::add_options(option_list& app) {
  const std::string group = "Results";
  app.add_option("--csv", csv_, "write the table as CSV")->type_name("FILE")->group(group);
  app.add_option("--json", json_, "write the table as JSON")->type_name("FILE")->group(group);
  app.add_option("--plot", plot_, "draw score against parameter by gnuplot, as .png, .svg or .pdf")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--keep", keep_, "filter IN with the best filter to OUT, as weir filter does")
      ->type_name("best OUT")
      ->expected(2)
      ->group(group);
  app.add_flag("--overwrite", overwrite_,
               "replace OUT and the files of --csv, --json and --plot if they exist")
      ->group(group);
}

void sweep_outputs::check_options(const sweep_table& table) const {
  if (!keep_.empty() && keep_[0] != "best") {
    throw error(exit_code::usage, fmt::format("--keep got '{}'; say --keep best OUT", keep_[0]));
  }
  if (!plot_.empty()) check_drawing(table, plot_);
}

void sweep_outputs::check_places(const communicator& world, std::vector<const io::recording*> inputs,
                                 std::vector<std::string> read) const {
  from_first_rank(world, [&] {
    run_files files{
        .inputs = std::move(inputs),
        .read = std::move(read),
        .texts = {{"--csv", csv_, overwrite_}, {"--json", json_, overwrite_}, {"--plot", plot_, overwrite_}},
        .overwrite = overwrite_};
    if (!keep_.empty()) files.outputs.push_back(keep_[1]);
    check_files(files);
    return std::string();
  });
}

void sweep_outputs::write(const sweep_table& table) const {
  // Those that exist were looked at before the work.
  constexpr bool may_replace = true;
  if (!csv_.empty()) write_result_file(csv_, to_csv(table), may_replace);
  if (!json_.empty()) write_result_file(json_, to_json_text(table), may_replace);
  if (!plot_.empty()) draw(table, plot_);
}

}  // namespace weir::cli

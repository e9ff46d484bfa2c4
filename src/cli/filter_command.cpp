#include <weir/mpi/agree.hpp>

#include "commands.hpp"
#include "filter_choice.hpp"
#include "operation_command.hpp"
#include "rate_options.hpp"

namespace weir::cli {
namespace {

class filter_command final : public operation_command {
 public:
  filter_command() : operation_command("filter") {}

 private:
  void add_operation_options(option_list& app) override {
    filter_.add_options(app);
    rate_.add_options(app, "Rate");
  }

  chosen_operation choose(const communicator& world, const io::recording& input) const override {
    const rate_change change = agree(world, [&] { return rate_.resolve(); });
    const bool is_filter = filter_.is_named() || !change.ratio.is_one() || !has_steps(input);
    const chosen_filter chosen = agree(world, [&] {
      return is_filter ? filter_.resolve(world, input.sampling_rate, change) : filter_.no_filter();
    });
    const sample_type natural = pipeline::natural_arithmetic(chosen.spec, input.type);
    return {.what = pipeline::make_fir_operation(world, chosen.spec, change.ratio, chosen.method,
                                                 asked_arithmetic().value_or(natural)),
            .ends = chosen.ends,
            .sentence = chosen.sentence};
  }

  filter_choice filter_;
  rate_options rate_;
};

}  // namespace

std::unique_ptr<command> make_filter_command() {
  return std::make_unique<filter_command>();
}

}  // namespace weir::cli

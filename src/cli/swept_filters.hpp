#pragma once

#include <deque>
#include <string>
#include <vector>

#include "filter_choice.hpp"
#include "option_list.hpp"
#include "sweep_table.hpp"

namespace weir::cli {

/// The options that choose a filter, each of which may be given several values: every combination is a
/// filter.
class swept_filters {
 public:
  /// Declares an option for each one of filter_choice.
  void add_options(option_list& app);

  /// Which options were given, and the combinations of their values. Throws `error` (usage).
  sweep_table grid() const;

  /// The files that the options name to be read, such as taps.
  std::vector<std::string> files_read() const;

  /// The filters of a table's combinations, in their order. **Collective.** Throws what
  /// filter_choice::resolve throws.
  static std::vector<chosen_filter> resolve(const sweep_table& table, const communicator& world,
                                            std::optional<double> sampling_rate);

 private:
  struct option_text {
    explicit option_text(std::string option) : name(std::move(option)) {}
    std::string name;
    std::vector<std::string> text;
    bool has_commas = false;  ///< one value is a list by itself
    bool is_given = false;    ///< of a flag
    bool is_input = false;    ///< values are files
  };

  /// Each value of the option, of two words where it takes two.
  static std::vector<std::string> values_of(const option_text& option);

  std::deque<option_text> options_;  ///< whose elements stay where they are
};

}  // namespace weir::cli

#pragma once

#include <string>
#include <utility>
#include <vector>

namespace weir::cli {

/// The values that a swept option stands for: `10:80:10` is 10, 20, ... 80 (both ends, also with a unit, as
/// `10ms:80ms:10ms`), `10,20,40` is three values, everything else is itself. Throws `error` (usage) that
/// names `option` for a range without end or of more than a million values.
std::vector<std::string> swept_values(const std::string& text, const std::string& option);

/// An option and its values.
using swept_option = std::pair<std::string, std::vector<std::string>>;

/// All combinations, a value for each option; the last option varies fastest. One empty combination if there
/// are no options. Throws `error` (usage) for more than a million.
std::vector<std::vector<std::string>> combinations(const std::vector<swept_option>& options);

/// The number that a value begins with, and what follows it, such as its unit. Throws `error` (usage) that
/// names `option` if there is none.
std::pair<double, std::string> number_and_unit(const std::string& text, const std::string& option);

}  // namespace weir::cli

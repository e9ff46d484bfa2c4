#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include <weir/error.hpp>
#include <weir/fir/instruction_set.hpp>

namespace weir::fir {
namespace {

constexpr std::array every_set{instruction_set::baseline, instruction_set::neon, instruction_set::avx2,
                               instruction_set::avx512};

std::string names_of_available_sets() {
  std::string names;
  for (const instruction_set set : available_instruction_sets()) {
    if (!names.empty()) names += ", ";
    names += name_of(set);
  }
  return names;
}

}  // namespace

std::string_view name_of(instruction_set set) {
  switch (set) {
    case instruction_set::baseline:
      return "baseline";
    case instruction_set::neon:
      return "neon";
    case instruction_set::avx2:
      return "avx2";
    case instruction_set::avx512:
      return "avx512";
  }
  return "";
}

bool is_available(instruction_set set) {
  switch (set) {
    case instruction_set::baseline:
      return true;
#if defined(__x86_64__)
    case instruction_set::avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case instruction_set::avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#elif defined(__aarch64__)
    case instruction_set::neon:
      return true;
#endif
    default:
      return false;
  }
}

std::vector<instruction_set> available_instruction_sets() {
  std::vector<instruction_set> sets;
  std::copy_if(every_set.begin(), every_set.end(), std::back_inserter(sets), is_available);
  return sets;
}

instruction_set best_instruction_set() {
  const char* wanted = std::getenv("WEIR_INSTRUCTION_SET");
  if (wanted == nullptr || *wanted == '\0') return available_instruction_sets().back();
  for (const instruction_set set : every_set) {
    if (name_of(set) == wanted && is_available(set)) return set;
  }
  throw error(exit_code::usage, "WEIR_INSTRUCTION_SET is '" + std::string(wanted) +
                                    "', which is not among this machine's: unset it or choose from " +
                                    names_of_available_sets());
}

}  // namespace weir::fir

#include "boundary_options.hpp"

#include <fmt/format.h>

#include <weir/error.hpp>

namespace weir::cli {
namespace {

fir::boundary_mode mode_of(const std::string& name) {
  if (name == "mirror") return fir::boundary_mode::mirror;
  if (name == "nearest") return fir::boundary_mode::nearest;
  if (name == "wrap") return fir::boundary_mode::wrap;
  if (name == "odd") return fir::boundary_mode::odd;
  if (name == "constant" || name == "zero") return fir::boundary_mode::constant;
  return fir::boundary_mode::reflect;
}

}  // namespace

void boundary_options::add_options(option_list& app, const std::string& group, const std::string& otherwise) {
  app.add_option("--mode", mode_,
                 fmt::format("what stands beyond the recording's ends, in scipy.ndimage's words; odd is "
                             "scipy.signal.filtfilt's, zero is constant 0 [{}]",
                             otherwise))
      ->one_of({"reflect", "mirror", "nearest", "wrap", "constant", "odd", "zero"})
      ->group(group);
  app.add_option("--cval", cval_, "the value of --mode constant [0]")->group(group);
}

fir::boundary boundary_options::resolve(const std::string& otherwise) const {
  const std::string mode = mode_.empty() ? otherwise : mode_;
  if (cval_ && mode != "constant") {
    throw error(
        exit_code::usage,
        fmt::format("--cval is for --mode constant, but the mode is {}; leave one of them out", mode));
  }
  return {.mode = mode_of(mode), .cval = cval_.value_or(0)};
}

std::string boundary_options::sentence(const std::string& otherwise) const {
  return fmt::format("ends {}{}", mode_.empty() ? otherwise : mode_,
                     cval_ ? fmt::format(" {:.10g}", *cval_) : "");
}

}  // namespace weir::cli

#pragma once

#include <optional>
#include <string>
#include <vector>

#include <weir/io/derivation.hpp>
#include <weir/mpi/communicator.hpp>
#include <weir/pipeline/preparation.hpp>

#include "option_list.hpp"

namespace weir::cli {

/// The options that say what happens to samples before and behind the operation: scale and offset, trend,
/// reference, and type.
class preparation_options {
 public:
  void add_options(option_list& app);

  /// Completes what comes out of `input` with its type and unit. Throws `error` (usage).
  void choose_values(const io::recording& input, io::derivation& result) const;

  /// The steps before the operation, for what comes out of `input`. **Collective.** Throws `agreed_error`
  /// (usage), and warns where a unit is asked for that the recording does not know.
  pipeline::preparation resolve(const communicator& world, const io::recording& input,
                                const io::derivation& result) const;

  bool refuses_nonfinite() const { return nan_ == "error"; }

  /// Whether a type of the output is asked for.
  bool converts() const { return type_ != "keep"; }

  /// The steps for people, in their order; empty if there is none.
  std::string sentence() const;

 private:
  bool is_physical() const { return units_ == "physical"; }
  steps::reference reference_among(const io::recording& input,
                                   const std::vector<std::size_t>& channels) const;

  std::string units_ = "stored";
  double scale_ = 1;
  double offset_ = 0;
  std::string detrend_ = "none";
  std::string reference_ = "none";
  std::string nan_ = "propagate";
  std::string type_ = "keep";
};

}  // namespace weir::cli

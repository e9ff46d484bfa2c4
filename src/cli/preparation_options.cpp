#include "preparation_options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/io/channel_scales.hpp>
#include <weir/io/json_text.hpp>
#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/first_rank.hpp>

namespace weir::cli {

void preparation_options::add_options(option_list& app) {
  const std::string group =
      "Steps (in this order: channels and time, units, scale and offset, detrend, reference, filter, type)";
  app.add_option(
         "--units", units_,
         "physical: values in the recording's unit, by the scale and offset that its layout tells, volts of "
         "an NWB file; the output's scale is 1 then")
      ->one_of({"stored", "physical"})
      ->capture_default_str()
      ->group(group);
  app.add_option("--scale", scale_, "multiply by S")->type_name("S")->capture_default_str()->group(group);
  app.add_option("--offset", offset_, "add O, after --scale")
      ->type_name("O")
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--detrend", detrend_,
         "take off each channel's mean or line over the chosen time, as scipy.signal.detrend; the input is "
         "read twice")
      ->one_of({"none", "constant", "linear"})
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--reference", reference_,
         "take off the chosen channels' median or mean (average) at each sample, or the channel CH, as "
         "SpikeInterface's common_reference")
      ->type_name("none|median|mean|CH")
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--nan", nan_,
         "error: end with 65 at the first sample that is NaN or infinite; propagate: count them and go on")
      ->one_of({"propagate", "error"})
      ->capture_default_str()
      ->group(group);
  app.add_option("--dtype", type_, "how the output is stored; integers are rounded and saturate")
      ->one_of({"keep", "int16", "float32", "float64"})
      ->capture_default_str()
      ->group(group);
}

void preparation_options::choose_values(const io::recording& input, io::derivation& result) const {
  for (const sample_type type : {sample_type::int16, sample_type::float32, sample_type::float64}) {
    if (type_ == name_of(type) && type != input.type) result.type = type;
  }
  result.is_physical = is_physical();
  if (const sample_type type = result.type.value_or(input.type); is_physical() && is_integer(type)) {
    throw error(
        exit_code::usage,
        fmt::format("--units physical gives small fractions, which {} does not hold; give --dtype float32 "
                    "or float64 too",
                    name_of(type)));
  }
  if (!std::isfinite(scale_) || scale_ == 0 || !std::isfinite(offset_)) {
    throw error(
        exit_code::usage,
        fmt::format(
            "--scale {} and --offset {} make no signal; give finite numbers and a scale that is not 0",
            scale_, offset_));
  }
}

steps::reference preparation_options::reference_among(const io::recording& input,
                                                      const std::vector<std::size_t>& channels) const {
  using steps::reference_kind;
  if (reference_ == "none") return {};
  if (reference_ == "median") return {.kind = reference_kind::median};
  if (reference_ == "mean" || reference_ == "average") return {.kind = reference_kind::mean};
  std::size_t channel = 0;
  const char* const end = reference_.data() + reference_.size();
  const auto [rest, failure] = std::from_chars(reference_.data(), end, channel);
  if (failure != std::errc{} || rest != end || channel >= input.channels) {
    throw error(exit_code::usage,
                fmt::format("--reference got '{}'; say median, mean, or the number of a channel, 0 to {}",
                            reference_, input.channels - 1));
  }
  if (channels.empty()) return {.kind = reference_kind::row, .row = channel};
  const auto found = std::ranges::find(channels, channel);
  if (found == channels.end()) {
    throw error(
        exit_code::usage,
        fmt::format("--reference {} is none of the chosen channels; name it in --channels too", channel));
  }
  return {.kind = reference_kind::row, .row = static_cast<std::size_t>(found - channels.begin())};
}

pipeline::preparation preparation_options::resolve(const communicator& world, const io::recording& input,
                                                   const io::derivation& result) const {
  pipeline::preparation how = agree(world, [&] {
    return pipeline::preparation{.gains = {},
                                 .shift = offset_ + (is_physical() ? input.offset * scale_ : 0),
                                 .detrend = detrend_ == "linear"     ? steps::trend_kind::linear
                                            : detrend_ == "constant" ? steps::trend_kind::constant
                                                                     : steps::trend_kind::none,
                                 .reference = reference_among(input, result.channels)};
  });
  std::vector<double> of_channels;
  if (is_physical()) {
    of_channels = io::unpack(from_first_rank(world, [&] {
                    return io::pack(io::channel_scales(input));
                  })).get<std::vector<double>>();
    if (of_channels.empty() && input.scale == 1 && input.offset == 0) {
      warn(world, "the recording tells no scale: --units physical leaves its values as they are stored");
    }
  }
  const double common = scale_ * (is_physical() ? input.scale : 1);
  if (common == 1 && of_channels.empty()) return how;
  const std::size_t rows = result.channels.empty() ? input.channels : result.channels.size();
  how.gains.assign(rows, common);
  for (std::size_t row = 0; row < rows && !of_channels.empty(); ++row) {
    how.gains[row] *= of_channels[result.channels.empty() ? row : result.channels[row]];
  }
  return how;
}

std::string preparation_options::sentence() const {
  std::string text;
  const auto add = [&](const std::string& step) { text += (text.empty() ? "" : ", ") + step; };
  if (is_physical()) add("in physical units");
  if (scale_ != 1) add(fmt::format("times {}", scale_));
  if (offset_ != 0) add(fmt::format("plus {}", offset_));
  if (detrend_ == "constant") add("less each channel's mean");
  if (detrend_ == "linear") add("less each channel's line");
  if (reference_ == "median") {
    add("less the channels' median");
  } else if (reference_ == "mean" || reference_ == "average") {
    add("less the channels' mean");
  } else if (reference_ != "none") {
    add(fmt::format("less channel {}", reference_));
  }
  return text;
}

}  // namespace weir::cli

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <weir/io/recording.hpp>

#include "hdf5.hpp"
#include "layouts.hpp"

/// What the layouts of several makers have in common.
namespace weir::io {

/// The number in a scalar or one-element dataset; nothing if there is no such dataset.
std::optional<double> number_at(hid_t file, const std::string& path);

/// Puts another number into a scalar or one-element dataset that is there.
void set_number_at(hid_t file, const std::string& path, double number);

/// Takes 1/`interval` for the rate, and says that it is from `source`. An interval that was rounded to
/// float32 on its way means the whole number of hertz that it is next to.
void take_rate_of_interval(recording& what, std::optional<double> interval, std::string_view source);

/// Takes rate and start from a dataset with the time of each sample, in units of which `a_second` make a
/// second, counted from 1970. Says so, and warns where the times are not even.
void take_times(hid_t file, const std::string& path, double a_second, recording& what);

/// Says the distance between neighbouring channels.
void tell_spacing(recording& what, std::optional<double> metres, std::string_view source);

/// The functions of a layout that has one dataset, always at the same place.
template <const auto& Path>
std::vector<std::string> only_candidate(hid_t file) {
  if (!h5::exists(file, Path)) return {};
  return {Path};
}

template <const auto& Path>
bool is_only_candidate(hid_t, const std::string& dataset) {
  return dataset == Path;
}

/// Where every channel has the scale of the recording.
inline std::string no_channel_scales(const recording&) {
  return {};
}

/// The makers' layouts have no attribute for processing of this kind: `history` and /provenance say it.
inline void mark_nothing(hid_t, const recording&, const std::string&) {}

/// For layouts whose words for what is left of a recording are not known: says what the copy still tells.
void retell_little(hid_t file, const recording& source, const derivation& how,
                   std::vector<std::string>& warnings);

}  // namespace weir::io

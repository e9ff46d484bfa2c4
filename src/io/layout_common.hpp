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

/// Puts another number into a scalar or one-element dataset that is there, which keeps its type where that
/// can hold it.
void set_number_at(hid_t file, const std::string& path, double number);

/// Moves a time that a scalar or one-element dataset of text tells, if there is one, by `seconds`.
void move_time_at(hid_t file, const std::string& path, double seconds);

/// Changes an attribute that counts samples, or samples times channels, for what they are afterwards.
void change_count(hid_t object, const std::string& name, const recording& before, const recording& after);

/// By how much the start moves where `how` chooses samples of `source`; nothing where it does not.
std::optional<double> seconds_cut(const recording& source, const derivation& how);

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

/// For layouts whose words for channels are not known: says what the copy still tells.
void warn_of_channels(const recording& source, const derivation& how, std::vector<std::string>& warnings);

}  // namespace weir::io

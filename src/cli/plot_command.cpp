#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/io/inspect.hpp>
#include <weir/io/reader.hpp>
#include <weir/io/recording_start.hpp>

#include "commands.hpp"
#include "gnuplot.hpp"
#include "plot_script.hpp"
#include "recording_options.hpp"
#include "selection.hpp"
#include "standard_streams.hpp"

namespace weir::cli {
namespace {

constexpr std::size_t default_channels = 5;
constexpr double default_seconds = 10;
constexpr std::size_t default_samples = 10000;
/// Half a gigabyte for each channel on its way; a picture cannot show so many anyway.
constexpr std::size_t most_samples = std::size_t{1} << 26;
constexpr std::size_t cache_bytes = std::size_t{64} << 20;

template <sample S>
std::vector<double> read_row(io::reader& reader, std::size_t channel, index_range span) {
  std::vector<S> stored(span.size());
  reader.read<S>({channel, channel + 1}, span, stored.data(), span.size());
  return {stored.begin(), stored.end()};
}

class plot_command final : public command {
 public:
  void add_options(option_list& app) override {
    app.add_option("IN", input_, "recording to look at")->required();
    app.add_option("OUT", output_, "another one to lay over it, as the output of a filter");
    app.add_option("--save", picture_, "the picture, as .png, .svg or .pdf")->type_name("FILE")->required();
    app.add_option("--channels", channels_, "which channels: 3, 0,5,9 or 0:384:8 [5 of all]")
        ->type_name("LIST");
    app.add_option("--time", time_, "which span of IN: 10s:20s, :5s or 500n:900n [the first 10 s]")
        ->type_name("FROM:TO");
    recording_.add_options(app);
  }

  bool is_parallel() const override { return false; }

  exit_code run_alone() override {
    // A wrong name for the picture is said before anything is read.
    static_cast<void>(picture_to(picture_));
    const io::recording input = io::inspect(input_, recording_.overrides());
    const std::vector<std::size_t> channels = channels_in(input);
    if (output_.empty()) {
      const traces alone = traces_of(input, channels, span_in(input, 0), 0);
      run_gnuplot(plot_script({alone}, picture_), picture_);
      return exit_code::done;
    }
    const io::recording output = io::inspect(output_, recording_.overrides());
    if (output.channels != input.channels) {
      throw error(exit_code::usage,
                  fmt::format("'{}' has {} channels and '{}' has {}; name two recordings of the same", input_,
                              input.channels, output_, output.channels));
    }
    const double start = start_of(output, input);
    const index_range span = span_in(input, start);
    const index_range laid_over = same_time(output, start, input, span);
    run_gnuplot(
        plot_script({traces_of(input, channels, span, 0), traces_of(output, channels, laid_over, start)},
                    picture_),
        picture_);
    return exit_code::done;
  }

 private:
  std::vector<std::size_t> channels_in(const io::recording& what) const {
    if (!channels_.empty()) return parse_channels(channels_, what.channels, "--channels");
    const std::size_t count = std::min(default_channels, what.channels);
    std::vector<std::size_t> spread;
    for (std::size_t i = 0; i < count; ++i) spread.push_back(i * what.channels / count);
    return spread;
  }

  /// Where the time of `input` has the first sample of `output`.
  double start_of(const io::recording& output, const io::recording& input) const {
    const double seconds = static_cast<double>(output.samples) / rate_of(output);
    const double all_seconds = static_cast<double>(input.samples) / rate_of(input);
    if (const std::optional<double> start = io::begins_after(input, output)) {
      const bool begins_inside = *start < all_seconds;
      const bool ends_inside = *start + seconds > 0;
      if (begins_inside && ends_inside) return *start;
      print_message(fmt::format(
          "weir: warning: '{}' begins {:.6g} {} after '{}' and has no time in common with it: both are drawn "
          "from their first samples\n",
          output_, *start, input.sampling_rate ? "s" : "samples", input_));
      return 0;
    }
    if (std::abs(seconds - all_seconds) > 1 / rate_of(output)) {
      print_message(
          fmt::format("weir: warning: '{}' and '{}' do not say when they begin, and are not equally long: "
                      "both are drawn from their first samples\n",
                      input_, output_));
    }
    return 0;
  }

  /// The samples of the first recording that are drawn. Without --time: from where both are there, if the
  /// second one begins at `start`.
  index_range span_in(const io::recording& what, double start) const {
    if (!time_.empty()) return parse_time_span(time_, what.samples, what.sampling_rate, "--time");
    const double wanted = what.sampling_rate ? default_seconds * *what.sampling_rate : default_samples;
    const std::size_t begin = sample_at(start, what);
    const auto count = static_cast<std::size_t>(
        std::clamp(wanted, 1.0, std::max(1.0, static_cast<double>(what.samples - begin))));
    return {std::min(begin, what.samples - 1), std::min(begin + count, what.samples)};
  }

  /// The samples of `output` from the time that `span` takes of `input`.
  index_range same_time(const io::recording& output, double start, const io::recording& input,
                        const index_range& span) const {
    const double rate = rate_of(input);
    const index_range same{sample_at(static_cast<double>(span.begin) / rate - start, output),
                           sample_at(static_cast<double>(span.end) / rate - start, output)};
    if (same.begin < same.end) return same;
    const std::string unit = input.sampling_rate ? " s" : "";
    throw error(
        exit_code::usage,
        fmt::format(
            "'{}' holds {:.6g} to {:.6g}{unit} of '{}', and {:.6g} to {:.6g}{unit} are to be drawn; choose a "
            "--time that both have",
            output_, start, start + static_cast<double>(output.samples) / rate_of(output), input_,
            static_cast<double>(span.begin) / rate, static_cast<double>(span.end) / rate,
            fmt::arg("unit", unit)));
  }

  static double rate_of(const io::recording& what) { return what.sampling_rate.value_or(1); }

  /// The first sample at a time or after it, or the recording's end.
  static std::size_t sample_at(double time, const io::recording& what) {
    constexpr double rounding = 1e-3;
    const double place = std::ceil(time * rate_of(what) - rounding);
    return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(what.samples)));
  }

  /// `start`: the time of the recording's first sample.
  static traces traces_of(const io::recording& what, const std::vector<std::size_t>& channels,
                          const index_range& span, double start) {
    if (span.size() * channels.size() > most_samples) {
      throw error(
          exit_code::usage,
          fmt::format("{} samples are too many for a picture; choose a shorter --time or fewer --channels",
                      span.size() * channels.size()));
    }
    traces found{.name = std::filesystem::path(what.path).filename().string(),
                 .channels = channels,
                 .values = {},
                 .rate = rate_of(what),
                 .begin = start + static_cast<double>(span.begin) / rate_of(what),
                 .has_rate = what.sampling_rate.has_value(),
                 .unit = what.unit};
    io::reader reader(what, cache_bytes);
    for (const std::size_t channel : channels) {
      found.values.push_back(
          visit_sample_type(what.type, [&]<sample S>(S) { return read_row<S>(reader, channel, span); }));
      for (double& value : found.values.back()) value = value * what.scale + what.offset;
    }
    return found;
  }

  std::string input_;
  std::string output_;
  std::string picture_;
  std::string channels_;
  std::string time_;
  recording_options recording_;
};

}  // namespace

std::unique_ptr<command> make_plot_command() {
  return std::make_unique<plot_command>();
}

}  // namespace weir::cli

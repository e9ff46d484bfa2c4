#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/byte_size.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/output.hpp>
#include <weir/io/synth.hpp>
#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/first_rank.hpp>

#include "commands.hpp"
#include "quantities.hpp"
#include "standard_streams.hpp"
#include "talk_options.hpp"

namespace weir::cli {
namespace {

sample_type type_of(const std::string& name) {
  for (const sample_type type :
       {sample_type::int16, sample_type::uint16, sample_type::int32, sample_type::float32}) {
    if (name == name_of(type)) return type;
  }
  return sample_type::float64;
}

/// CHANNELSxSAMPLES, as 32x4096.
tile_shape parse_chunk(const std::string& text) {
  tile_shape chunk;
  const char* end = text.data() + text.size();
  const auto [middle, first] = std::from_chars(text.data(), end, chunk.channels);
  const auto [rest, second] = first == std::errc{} && middle != end && *middle == 'x'
                                  ? std::from_chars(middle + 1, end, chunk.samples)
                                  : std::from_chars_result{middle, std::errc::invalid_argument};
  if (second != std::errc{} || rest != end || chunk.channels == 0 || chunk.samples == 0) {
    throw error(exit_code::usage,
                fmt::format("--chunk got '{}'; write channels x samples, as 32x4096", text));
  }
  return chunk;
}

class synth_command : public command {
 public:
  void add_options(option_list& app) override {
    app.add_option("OUT", output_, "file to make")->required();
    app.add_option("--channels", options_.channels, "rows")->capture_default_str();
    app.add_option("--duration", duration_, "length, as 400s or 400000n")
        ->type_name("TIME")
        ->capture_default_str();
    app.add_option("--fs", options_.sampling_rate, "sampling rate")
        ->type_name("HZ")
        ->capture_default_str()
        ->positive();
    app.add_option("--dtype", type_, "stored type")
        ->one_of({"int16", "uint16", "int32", "float32", "float64"})
        ->capture_default_str();
    app.add_option("--layout", options_.layout, "how the file names its parts")
        ->one_of({"generic", "prodml", "nwb"})
        ->capture_default_str();
    app.add_option("--time-axis", time_axis_, "which axis of the dataset is time; nwb has 0 [1]")
        ->type_name("0|1")
        ->one_of({"0", "1"});
    app.add_option("--chunk", chunk_, "chunks of CHANNELSxSAMPLES [contiguous]")->type_name("CxS");
    app.add_option("--gzip", options_.gzip_level, "compress the chunks, by one rank")
        ->type_name("LEVEL")
        ->between(0, 9);
    app.add_option("--seed", options_.seed, "another recording for another number")->capture_default_str();
    app.add_flag("--overwrite", options_.overwrite, "replace OUT if it exists");
    talk_.add_options(app);
  }

  bool is_parallel() const override { return true; }

  exit_code run(environment& env, const std::string& line) override {
    const communicator& world = env.world();
    io::synth_options options = options_;
    talk_.check_log(world, {}, {});
    agree(world, [&] {
      talk_.apply();
      options.samples =
          in_samples(parse_duration(duration_, "--duration"), options.sampling_rate, "--duration");
      options.type = type_of(type_);
      if (!chunk_.empty()) options.chunk = parse_chunk(chunk_);
      const int axis = time_axis_.value_or(options.layout == "nwb" ? 0 : 1);
      options.axis = axis == 0 ? io::time_axis::first : io::time_axis::last;
      options.history = line;
    });
    write(world, options);
    if (world.rank() == 0 && !talk_.quiet()) {
      print_result(fmt::format(
          "{}: {} channels x {} samples, {}, {}\n", output_, options.channels, options.samples,
          name_of(options.type),
          format_bytes(std::uint64_t{options.channels} * options.samples * size_of(options.type))));
    }
    return exit_code::done;
  }

 private:
  /// **Collective.** Every rank makes its share; a compressed file is rank 0's alone.
  void write(const communicator& world, const io::synth_options& options) const {
    const std::string created =
        from_first_rank(world, [&] { return io::pack(io::create_synthetic(output_, options).part); });
    const auto part = io::unpack(created).get<io::recording>();
    try {
      const auto ranks = static_cast<std::size_t>(world.size());
      const auto rank = static_cast<std::size_t>(world.rank());
      const std::size_t shares = options.gzip_level ? 1 : ranks;
      agree(world, [&] {
        if (rank < shares)
          io::write_synthetic(part, io::synthetic_signal(options.seed, options.sampling_rate), rank, shares);
      });
      from_first_rank(world, [&] {
        io::finish_output(part, output_, nlohmann::json::object(), options.overwrite);
        return std::string();
      });
    } catch (const agreed_error&) {
      if (world.rank() == 0) io::discard_output(part);
      throw;
    }
  }

  std::string output_;
  io::synth_options options_;
  std::string duration_ = "400s";
  std::string type_ = "float64";
  std::optional<int> time_axis_;
  std::string chunk_;
  talk_options talk_;
};

}  // namespace

std::unique_ptr<command> make_synth_command() {
  return std::make_unique<synth_command>();
}

}  // namespace weir::cli

#include "recording_options.hpp"

#include <nlohmann/json.hpp>

#include <weir/io/json_text.hpp>
#include <weir/log.hpp>
#include <weir/mpi/first_rank.hpp>

namespace weir::cli {

void recording_options::add_options(option_list& app) {
  app.add_option("--dataset", dataset_, "dataset in the input, where the layout does not tell it")
      ->type_name("PATH");
  app.add_option("--fs", sampling_rate_, "sampling rate, over what the input says; the output says it too")
      ->type_name("HZ");
  app.add_option("--time-axis", time_axis_, "which axis of the dataset is time, over what the input says")
      ->type_name("0|1")
      ->one_of({"0", "1"});
}

io::overrides recording_options::overrides() const {
  io::overrides said;
  if (!dataset_.empty()) said.dataset = dataset_;
  said.sampling_rate = sampling_rate_;
  if (time_axis_) said.axis = *time_axis_ == 0 ? io::time_axis::first : io::time_axis::last;
  return said;
}

io::recording recording_options::inspect(const communicator& world, const std::string& path) const {
  const std::string seen = from_first_rank(world, [&] { return io::pack(io::inspect(path, overrides())); });
  auto what = io::unpack(seen).get<io::recording>();
  for (const std::string& sentence : what.warnings) warn(world, sentence);
  return what;
}

}  // namespace weir::cli

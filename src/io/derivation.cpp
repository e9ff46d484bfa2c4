#include <weir/io/derivation.hpp>

namespace weir::io {

recording derive(const recording& source, const derivation& how) {
  recording made = source;
  if (!how.channels.empty()) made.channels = how.channels.size();
  if (source.sampling_rate) made.start_offset += how.begins_at() / *source.sampling_rate;
  made.samples = how.rate.outputs_in(how.samples.value_or(index_range{0, source.samples})).size();
  if (made.sampling_rate) made.sampling_rate = how.rate.of_rate(*made.sampling_rate);
  if (how.type) made.type = *how.type;
  if (how.is_physical) {
    made.scale = 1.0;
    made.offset = 0.0;
  }
  return made;
}

}  // namespace weir::io

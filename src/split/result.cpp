#include <algorithm>

#include <fmt/format.h>

#include <weir/mpi/agree.hpp>
#include <weir/split/result.hpp>

namespace weir::detail {

part_shape shape_of_part(const split_run& run, const array_shape& shape) {
  part_shape mine{shape.size(), {}, true, false};
  std::copy_n(shape.begin(), std::min(shape.size(), part_shape::most_axes), mine.lengths.begin());
  const array_shape leading = run.request().leading_axes();
  mine.keeps_rows = !leading.empty() && !shape.empty() && shape.front() == run.rows().size();
  return mine;
}

joint join_shapes(const split_run& run, const part_shape& mine) {
  const communicator& everyone = run.everyone();
  const auto refuse = [&](const std::string& sentence) {
    throw agreed_error(exit_code::usage, sentence, everyone.rank(), everyone.size());
  };
  const auto shape_of_lengths = [](const part_shape& part) {
    return array_shape(part.lengths.begin(),
                       part.lengths.begin() + static_cast<std::ptrdiff_t>(part.dimension));
  };
  const std::vector<part_shape> parts = everyone.all_gather(mine);
  joint whole;
  whole.keeps_rows = true;
  whole.part_begins.push_back(0);
  const part_shape* first = nullptr;
  for (const part_shape& part : parts) {
    whole.part_begins.push_back(whole.part_begins.back() + (part.is_there ? part.lengths.front() : 0));
    if (!part.is_there) continue;
    if (part.dimension == 0 || part.dimension > part_shape::most_axes) {
      refuse(fmt::format("a part of a split gave an array of {} axes; 1 to {} can be spliced", part.dimension,
                         part_shape::most_axes));
    }
    if (first == nullptr) first = &part;
    whole.keeps_rows = whole.keeps_rows && part.keeps_rows;
    if (part.dimension != first->dimension ||
        !std::equal(part.lengths.begin() + 1, part.lengths.end(), first->lengths.begin() + 1)) {
      refuse(
          fmt::format("parts of a split gave arrays of shapes {} and {}, which cannot be joined; they may "
                      "differ in the first axis alone",
                      to_string(shape_of_lengths(*first)), to_string(shape_of_lengths(part))));
    }
  }
  // Where only the first part counts, the input's leading axes would promise rows that are not there.
  whole.keeps_rows = whole.keeps_rows && whole.rows() == run.request().rows();
  whole.shape = first == nullptr ? array_shape{0} : shape_of_lengths(*first);
  whole.shape.front() = whole.rows();
  whole.row_elements = elements_in(whole.shape, 1);
  return whole;
}

array_shape with_leading_axes(const split_run& run, const joint& parts) {
  if (!parts.keeps_rows) return parts.shape;
  array_shape shape = run.request().leading_axes();
  shape.insert(shape.end(), parts.shape.begin() + 1, parts.shape.end());
  return shape;
}

int first_part(const split_run& run) {
  const communicator& everyone = run.everyone();
  return std::min(everyone.all_reduce(run.works() ? everyone.rank() : everyone.size(), reduction::min),
                  everyone.size() - 1);
}

}  // namespace weir::detail

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <weir/gather.hpp>
#include <weir/split/argument.hpp>

namespace weir::detail {
namespace {

/// A shape as one value, so that it can be gathered.
struct sent_shape {
  static constexpr std::size_t most_axes = 8;
  std::size_t dimension = 0;
  std::array<std::size_t, most_axes> lengths{};

  explicit sent_shape(const array_shape& shape) : dimension(shape.size()) {
    std::copy_n(shape.begin(), std::min(dimension, most_axes), lengths.begin());
  }
  sent_shape() = default;
  array_shape shape() const {
    return {lengths.begin(), lengths.begin() + static_cast<std::ptrdiff_t>(std::min(dimension, most_axes))};
  }
  bool joins(const sent_shape& other) const {
    return dimension == other.dimension &&
           std::equal(lengths.begin() + 1, lengths.end(), other.lengths.begin() + 1);
  }
};

}  // namespace

row_moves moves_of_parts(const communicator& world, const communicator& domain, array_shape& shape,
                         std::size_t element_bytes, int root) {
  row_moves moves;
  moves.leaders = world.split(domain.rank() == 0 ? 0 : communicator::no_color, world.rank());
  moves.own = domain.broadcast(moves.leaders.rank(), 0);
  moves.root = world.broadcast(moves.own, root);

  const int domains = domain.broadcast(moves.leaders.size(), 0);
  std::vector<sent_shape> parts(static_cast<std::size_t>(domains));
  if (moves.leaders) parts = moves.leaders.all_gather(sent_shape(shape));
  domain.broadcast(std::span(parts), 0);
  moves.blocks.first.push_back(0);
  for (const sent_shape& part : parts) {
    const bool has_axes = part.dimension > 0 && part.dimension <= sent_shape::most_axes;
    if (!has_axes || !part.joins(parts.front())) {
      throw agreed_error(
          exit_code::usage,
          fmt::format("domains have arrays of shapes {} and {}, which cannot be gathered; they may "
                      "differ in the first of 1 to {} axes alone",
                      to_string(parts.front().shape()), to_string(part.shape()), sent_shape::most_axes),
          world.rank(), world.size());
    }
    moves.blocks.first.push_back(moves.blocks.rows() + part.lengths.front());
  }
  shape.front() = moves.blocks.rows();
  moves.blocks.row_bytes = elements_in(shape, 1) * element_bytes;
  return moves;
}

row_moves moves_of_nodes(const all_nodes& nodes, std::vector<std::size_t> first_rows, std::size_t row_bytes,
                         int root) {
  const topology& places = nodes.places();
  return {places.leaders().view(),
          {row_bytes, std::move(first_rows)},
          places.domain_index(),
          nodes.domain_of(root)};
}

}  // namespace weir::detail

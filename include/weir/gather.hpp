#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include <weir/distributed_array.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/environment.hpp>
#include <weir/shm/shared_array.hpp>
#include <weir/split/row_exchange.hpp>

/// Bringing the rows of all domains together, and handing them out. One rank of each domain sends and
/// receives, straight from window to window, so a result exists once a domain. No message is longer than
/// `round_bytes`, whatever the arrays' sizes. All is **collective** over the world; all ranks give the same
/// arguments but for the elements. What is read is synchronized first, results last; what was read may be
/// changed on return.
namespace weir {

namespace detail {

/// Who has which rows, and the domains' first ranks, who move them.
struct row_moves {
  communicator leaders;  ///< null on the other ranks
  row_blocks blocks;
  int own = 0;   ///< this domain's block
  int root = 0;  ///< the block of the root's domain

  index_range own_bytes() const {
    return {blocks.offset_of(own), blocks.offset_of(own) + blocks.bytes_of(own)};
  }
};

/// For a part of shape `shape` that each domain has, in the order of the domains' first ranks; `shape`
/// becomes the whole's. Throws agreed_error(usage) if the parts do not fit together.
row_moves moves_of_parts(const communicator& world, const communicator& domain, array_shape& shape,
                         std::size_t element_bytes, int root);
/// For an array that is, or is to be, distributed over nodes.
row_moves moves_of_nodes(const all_nodes& nodes, std::vector<std::size_t> first_rows, std::size_t row_bytes,
                         int root);

/// An array over `domain` where `here` is true, made by all ranks of `everyone` or by none.
template <class T>
shared_array<T> make_where(const communicator& everyone, const communicator& domain, bool here,
                           const array_shape& shape) {
  return agree(everyone, [&] { return here ? shared_array<T>(domain, shape) : shared_array<T>(); });
}

template <class T>
void move_to_root(const row_moves& moves, const shared_array<T>& part, shared_array<T>& whole,
                  std::size_t round_bytes) {
  part.synchronize();
  if (moves.leaders) {
    gather_blocks(moves.leaders, moves.blocks, std::as_bytes(part.elements()),
                  std::as_writable_bytes(whole.elements()), moves.root, round_bytes);
  }
  if (moves.own == moves.root) {
    whole.synchronize();
  } else {
    part.domain().barrier();  // its first rank sends from the window
  }
}

template <class T>
void move_to_all(const row_moves& moves, const shared_array<T>& part, shared_array<T>& whole,
                 std::size_t round_bytes) {
  part.synchronize();
  if (moves.leaders) {
    const std::span<std::byte> bytes = std::as_writable_bytes(whole.elements());
    const std::span<const std::byte> own = std::as_bytes(part.elements());
    std::copy(own.begin(), own.end(), bytes.begin() + static_cast<std::ptrdiff_t>(moves.own_bytes().begin));
    all_gather_blocks(moves.leaders, moves.blocks, bytes, round_bytes);
  }
  whole.synchronize();
}

}  // namespace detail

/// The rows of every domain's `part`, one domain behind the other in the order of their first ranks, for the
/// domain of world rank `root`; other domains get an array without elements. Parts may differ in their first
/// axis, which adds up. **Collective** over the world. Throws agreed_error, on all ranks: usage if the parts
/// do not fit together, cannot_create if the result has no room.
template <class T>
shared_array<T> gather(const shared_array<T>& part, const communicator& world, int root = 0,
                       std::size_t round_bytes = default_round_bytes) {
  array_shape shape = part.shape();
  const detail::row_moves moves = detail::moves_of_parts(world, part.domain(), shape, sizeof(T), root);
  shared_array<T> whole = detail::make_where<T>(world, part.domain(), moves.own == moves.root, shape);
  detail::move_to_root(moves, part, whole, round_bytes);
  return whole;
}
template <class T>
shared_array<T> gather(const shared_array<T>& part, const environment& env, int root = 0,
                       std::size_t round_bytes = default_round_bytes) {
  return gather(part, env.world(), root, round_bytes);
}

/// The same for an array that knows its shape, in the order of its rows. Throws agreed_error(cannot_create).
template <class T>
shared_array<T> gather(const distributed_array<T>& array, int root = 0,
                       std::size_t round_bytes = default_round_bytes) {
  const all_nodes& nodes = array.nodes();
  const detail::row_moves moves =
      detail::moves_of_nodes(nodes, array.first_rows(), array.columns() * sizeof(T), root);
  shared_array<T> whole =
      detail::make_where<T>(nodes.ranks(), nodes.domain(), moves.own == moves.root, array.shape());
  detail::move_to_root(moves, array.local(), whole, round_bytes);
  return whole;
}

/// As gather(), for all domains: each gets a whole array.
template <class T>
shared_array<T> all_gather(const shared_array<T>& part, const communicator& world,
                           std::size_t round_bytes = default_round_bytes) {
  array_shape shape = part.shape();
  const detail::row_moves moves = detail::moves_of_parts(world, part.domain(), shape, sizeof(T), 0);
  shared_array<T> whole = detail::make_where<T>(world, part.domain(), true, shape);
  detail::move_to_all(moves, part, whole, round_bytes);
  return whole;
}
template <class T>
shared_array<T> all_gather(const shared_array<T>& part, const environment& env,
                           std::size_t round_bytes = default_round_bytes) {
  return all_gather(part, env.world(), round_bytes);
}
template <class T>
shared_array<T> all_gather(const distributed_array<T>& array, std::size_t round_bytes = default_round_bytes) {
  const all_nodes& nodes = array.nodes();
  const detail::row_moves moves =
      detail::moves_of_nodes(nodes, array.first_rows(), array.columns() * sizeof(T), 0);
  shared_array<T> whole = detail::make_where<T>(nodes.ranks(), nodes.domain(), true, array.shape());
  detail::move_to_all(moves, array.local(), whole, round_bytes);
  return whole;
}

/// The reverse of gather(): the array that the domain of world rank `root` has, distributed over all nodes in
/// proportion to their ranks. What other domains give does not matter and may be an array without elements.
/// Throws agreed_error(cannot_create) on all ranks.
template <class T>
distributed_array<T> scatter(const shared_array<T>& whole, const all_nodes& nodes, int root = 0,
                             std::size_t round_bytes = default_round_bytes) {
  array_shape shape = whole.shape();
  const communicator& world = nodes.places().world();
  shape.resize(world.broadcast(shape.size(), root));
  world.broadcast(std::span(shape), root);
  distributed_array<T> array(nodes, shape);
  const detail::row_moves moves =
      detail::moves_of_nodes(nodes, array.first_rows(), array.columns() * sizeof(T), root);
  if (moves.own == moves.root) whole.synchronize();
  if (moves.leaders) {
    scatter_blocks(moves.leaders, moves.blocks, std::as_bytes(whole.elements()),
                   std::as_writable_bytes(array.local().elements()), moves.root, round_bytes);
  }
  array.synchronize();
  return array;
}

}  // namespace weir

#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <weir/split/call.hpp>

namespace weir::detail {

template <class R>
inline constexpr bool is_tuple = false;
template <class... R>
inline constexpr bool is_tuple<std::tuple<R...>> = true;
template <class A, class B>
inline constexpr bool is_tuple<std::pair<A, B>> = true;

template <class R>
struct array_value {
  using type = void;
};
template <class R>
requires xt::is_xexpression<std::remove_cvref_t<R>>::value struct array_value<R> {
  using type = typename std::remove_cvref_t<R>::value_type;
};
template <class R>
requires contiguous_list<R>
struct array_value<R> {
  using type = std::ranges::range_value_t<std::remove_cvref_t<R>>;
};

/// A result whose parts are joined along their first axis.
template <class R>
concept array_result = (xt::is_xexpression<std::remove_cvref_t<R>>::value &&
                        shareable<typename array_value<R>::type>) ||
                       contiguous_list<R>;
/// A result of which each part gives one value.
template <class R>
concept value_result =
    !array_result<R> && !is_tuple<std::remove_cvref_t<R>> && transferable<std::remove_cvref_t<R>> &&
    std::default_initializable<std::remove_cvref_t<R>>;
template <class R>
concept text_result = std::same_as<std::remove_cvref_t<R>, std::string>;

template <class R>
inline constexpr bool can_be_result = array_result<R> || value_result<R> || text_result<R>;
template <class... R>
inline constexpr bool can_be_result<std::tuple<R...>> = (can_be_result<R> && ...);
template <class A, class B>
inline constexpr bool can_be_result<std::pair<A, B>> = can_be_result<A>&& can_be_result<B>;

/// Holds a part's result while the parts are joined: arrays that lie in order as they are, other expressions
/// evaluated.
template <class R>
struct held {
  using type = std::remove_cvref_t<R>;
};
template <class R>
requires(array_result<R> && !private_array<R>) struct held<R> {
  using type = xt::xarray<typename array_value<R>::type, xt::layout_type::row_major>;
};
template <class... R>
struct held<std::tuple<R...>> {
  using type = std::tuple<typename held<R>::type...>;
};
template <class A, class B>
struct held<std::pair<A, B>> {
  using type = std::tuple<typename held<A>::type, typename held<B>::type>;
};
template <class R>
using held_t = typename held<std::remove_cvref_t<R>>::type;

/// What each rank tells of its part of an array.
struct part_shape {
  static constexpr std::size_t most_axes = 8;

  std::size_t dimension = 0;
  std::array<std::size_t, most_axes> lengths{};
  bool is_there = false;
  /// Whether the part has one row of results for each row of its input.
  bool keeps_rows = false;
};

/// How the parts of an array fit together.
struct joint {
  array_shape shape;                     ///< of everything that this domain's memory holds
  std::vector<std::size_t> part_begins;  ///< where each part of `everyone` begins on the first axis
  std::size_t row_elements = 1;
  bool keeps_rows = false;

  std::size_t rows() const { return part_begins.back(); }
};

/// **Collective**: the parts' shapes, checked alike on all ranks. Throws agreed_error if they do not fit.
joint join_shapes(const split_run& run, const part_shape& mine);
part_shape shape_of_part(const split_run& run, const array_shape& shape);

/// The leading axes of the input in place of its rows.
array_shape with_leading_axes(const split_run& run, const joint& parts);

/// What a split makes new: an array in a window, or one distributed over nodes.
template <class T, bool Distributed>
using joined_array = std::conditional_t<Distributed, distributed_array<T>, shared_array<T>>;

/// **Collective.** The parts of an array, one behind the other. `takes_part`: whether this rank's part
/// counts.
template <bool Distributed, class T, class Held>
joined_array<T, Distributed> join_array(const split_run& run, const std::optional<Held>& mine,
                                        bool takes_part) {
  part_shape own;
  if (mine && takes_part) own = shape_of_part(run, shape_of(*mine));
  const joint parts = join_shapes(run, own);
  const auto store = [&](shared_array<T>& all, std::size_t before) {
    if (own.is_there) {
      const auto part = static_cast<std::size_t>(run.everyone().rank());
      const T* const from = data_of(*mine);
      std::copy_n(from, elements_in(shape_of(*mine)),
                  all.data() + (parts.part_begins[part] - before) * parts.row_elements);
    }
    all.sync();
    run.memory().barrier();
    all.sync();
    if constexpr (!Distributed) {
      if (!run.exchanges()) return;
      run.exchange(reinterpret_cast<std::byte*>(all.data()), parts.row_elements * sizeof(T),
                   parts.part_begins);
      all.sync();
    }
  };
  if constexpr (Distributed) {
    const all_nodes& nodes = *run.distributed_over();
    std::vector<std::size_t> first;
    for (int domain = 0; domain <= nodes.places().domains(); ++domain) {
      first.push_back(parts.part_begins[nodes.first_rank_of(domain)]);
    }
    const std::size_t axes = parts.keeps_rows ? run.request().leading_axes().size() : 1;
    distributed_array<T> all(nodes, with_leading_axes(run, parts), axes, first);
    store(all.local(), all.domain_rows().begin);
    run.tell_join(all.shape(), all.size() * sizeof(T));
    return all;
  } else {
    shared_array<T> all =
        run.make([&] { return shared_array<T>(run.memory(), with_leading_axes(run, parts)); });
    store(all, 0);
    run.tell_join(all.shape(), all.size() * sizeof(T));
    return all;
  }
}

/// **Collective.** One value a part, in the order of parts.
template <class T>
std::vector<T> join_values(const split_run& run, const std::optional<T>& mine) {
  struct part_value {
    T value;
    bool is_there;
  };
  const part_value own{mine.value_or(T{}), mine.has_value()};
  std::vector<T> values;
  for (const part_value& part : run.everyone().all_gather(own)) {
    if (part.is_there) values.push_back(part.value);
  }
  return values;
}

/// **Collective.** The lowest rank of `everyone` that has a part.
int first_part(const split_run& run);

/// **Collective.** The J-th result of a call.
template <bool Distributed, bool Spliced, class R>
auto join(const split_run& run, const std::optional<R>& mine) {
  if constexpr (array_result<R>) {
    const bool takes_part = Spliced || run.everyone().rank() == first_part(run);
    return join_array<Distributed, typename array_value<R>::type>(run, mine, takes_part);
  } else if constexpr (Spliced) {
    static_assert(value_result<R>,
                  "splice_at: a text cannot be spliced; name the outputs that are arrays or numbers");
    return join_values(run, mine);
  } else {
    return run.everyone().broadcast(mine.value_or(R{}), first_part(run));
  }
}

}  // namespace weir::detail

#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <mpi.h>

#include <weir/mpi/datatype.hpp>
#include <weir/mpi/pending_reduction.hpp>
#include <weir/mpi/release_guard.hpp>

namespace weir {

/// Bytes of the longest single message. MPI-3 counts are int, so longer spans go in several rounds.
inline constexpr std::size_t default_round_bytes = std::size_t{256} << 20;

/// A group of ranks that talk to one another. Move-only: it owns what split() and duplicate() make and frees
/// it, or is a view of a communicator that others own, such as world() and self(). Unless said otherwise,
/// member functions that communicate are **collective**: all ranks of the communicator call them, in the same
/// order. All throw mpi_error.
class communicator {
 public:
  /// The null communicator, of which this rank is no member.
  communicator() noexcept = default;
  communicator(communicator&& other) noexcept { swap(other); }
  communicator& operator=(communicator&& other) noexcept {
    communicator(std::move(other)).swap(*this);
    return *this;
  }
  communicator(const communicator&) = delete;
  communicator& operator=(const communicator&) = delete;
  /// **Collective** if it owns.
  ~communicator();

  /// All ranks of the job; this rank alone. Views; valid while an environment lives.
  static communicator world();
  static communicator self();
  /// A view of a communicator that stays its owner's, and must not outlive it. Not collective.
  static communicator view(MPI_Comm native);
  communicator view() const;

  explicit operator bool() const noexcept { return native_ != MPI_COMM_NULL; }
  MPI_Comm native() const noexcept { return native_; }
  int rank() const noexcept { return rank_; }
  int size() const noexcept { return size_; }

  /// **Collective.** The ranks that give the same `color`, ordered by `key` and then by rank; ranks that give
  /// `no_color` get the null communicator.
  communicator split(int color, int key) const;
  static constexpr int no_color = -1;
  /// **Collective.** The ranks that can share memory with this one, in their order here.
  communicator split_shared() const;
  /// **Collective.** The same ranks, with messages that cannot be mistaken for those of this one.
  communicator duplicate() const;

  /// A place where another room may keep something as long as the communicator lives; its views share it.
  /// What is there is destroyed right before the communicator, on all ranks together. Null where nobody is
  /// the owner, as of world(). Not collective.
  std::shared_ptr<void>* attachment() const noexcept { return attachment_.get(); }

  void barrier() const;

  /// **Collective.** The reduction of all ranks' values, the same on all. MPI does not fix the order of a sum
  /// of floating-point values, so its last bits may differ with the number of ranks.
  template <reducible T>
  T all_reduce(T value, reduction op) const {
    all_reduce(std::span(&value, 1), op);
    return value;
  }
  /// **Collective.** Element by element, in place; the same length on all ranks.
  template <reducible T, std::size_t N>
  void all_reduce(std::span<T, N> values, reduction op) const {
    all_reduce_native(values.data(), values.size(), native_datatype<T>(), op);
  }
  bool all_of(bool value) const { return all_reduce(value ? 1 : 0, reduction::min) == 1; }
  bool any_of(bool value) const { return all_reduce(value ? 1 : 0, reduction::max) == 1; }

  /// **Collective**, without waiting: the handle gives the result, or tells that it is not there yet.
  template <reducible T>
  requires(!std::same_as<T, bool>) pending_reduction<T> start_all_reduce(std::vector<T> values, reduction op)
  const { return {native_, size_, std::move(values), op}; }

  /// **Collective.** The sum over the ranks before this one; 0 on rank 0.
  template <reducible T>
  T exclusive_sum(T value) const {
    T sum{};
    exclusive_sum_native(&value, &sum, native_datatype<T>());
    return rank_ == 0 ? T{} : sum;
  }

  /// **Collective.** The value of rank `root`, on all.
  template <transferable T>
  T broadcast(T value, int root) const {
    broadcast_bytes(std::as_writable_bytes(std::span(&value, 1)), root, default_round_bytes);
    return value;
  }
  std::string broadcast(std::string text, int root) const;
  /// **Collective.** Into spans of the same length on all ranks.
  template <transferable T, std::size_t N>
  void broadcast(std::span<T, N> values, int root, std::size_t round_bytes = default_round_bytes) const {
    broadcast_bytes(std::as_writable_bytes(values), root, round_bytes);
  }

  /// **Collective.** Every rank's value, in the order of ranks, on all ranks.
  template <transferable T>
  requires(!std::same_as<T, bool>) std::vector<T> all_gather(const T& value)
  const {
    std::vector<T> values(static_cast<std::size_t>(size_));
    all_gather_bytes(std::as_bytes(std::span(&value, 1)), std::as_writable_bytes(std::span(values)));
    return values;
  }
  std::vector<std::string> all_gather(const std::string& text) const;

  /// Sends `values` to rank `destination`, in rounds. **Not collective**: it returns when the receiver has
  /// the data or MPI has buffered it, so two ranks that send to each other first may wait for ever.
  template <class T, std::size_t N>
  requires transferable<std::remove_const_t<T>>
  void send(std::span<T, N> values, int destination, int tag = 0,
            std::size_t round_bytes = default_round_bytes) const {
    send_bytes(std::as_bytes(values), destination, tag, round_bytes);
  }
  /// Receives exactly as many values as `values` holds, sent with the same `tag` and `round_bytes`. **Not
  /// collective.** Throws error(internal) if fewer came.
  template <transferable T, std::size_t N>
  void receive(std::span<T, N> values, int source, int tag = 0,
               std::size_t round_bytes = default_round_bytes) const {
    receive_bytes(std::as_writable_bytes(values), source, tag, round_bytes);
  }

 private:
  communicator(MPI_Comm native, bool owns);
  void swap(communicator& other) noexcept;

  void all_reduce_native(void* values, std::size_t count, MPI_Datatype type, reduction op) const;
  void exclusive_sum_native(const void* value, void* sum, MPI_Datatype type) const;
  void broadcast_bytes(std::span<std::byte> bytes, int root, std::size_t round_bytes) const;
  void all_gather_bytes(std::span<const std::byte> mine, std::span<std::byte> all) const;
  void send_bytes(std::span<const std::byte> bytes, int destination, int tag, std::size_t round_bytes) const;
  void receive_bytes(std::span<std::byte> bytes, int source, int tag, std::size_t round_bytes) const;

  MPI_Comm native_ = MPI_COMM_NULL;
  int rank_ = MPI_PROC_NULL;
  int size_ = 0;
  bool owns_ = false;
  std::shared_ptr<std::shared_ptr<void>> attachment_;
  release_guard guard_;
};

}  // namespace weir

#include <algorithm>
#include <climits>
#include <numeric>

#include <fmt/format.h>

#include <weir/mpi/blocking.hpp>
#include <weir/mpi/communicator.hpp>
#include <weir/mpi/error.hpp>

namespace weir {
namespace {

/// Calls `f(offset, count)` for consecutive pieces of `total` items, none longer than `limit`.
template <class F>
void in_rounds(std::size_t total, std::size_t limit, F&& f) {
  const std::size_t step = std::clamp<std::size_t>(limit, 1, INT_MAX);
  for (std::size_t offset = 0; offset < total; offset += step) {
    f(offset, static_cast<int>(std::min(step, total - offset)));
  }
}

bool mpi_is_over() noexcept {
  int finalized = 0;
  MPI_Finalized(&finalized);
  return finalized != 0;
}

int as_count(std::size_t count, const char* what) {
  if (count > INT_MAX)
    throw error(exit_code::internal, fmt::format("{} of {} bytes is too long", what, count));
  return static_cast<int>(count);
}

}  // namespace

MPI_Op native_operation(reduction op) {
  switch (op) {
    case reduction::sum:
      return MPI_SUM;
    case reduction::min:
      return MPI_MIN;
    case reduction::max:
      return MPI_MAX;
    case reduction::logical_and:
      return MPI_LAND;
    case reduction::logical_or:
      return MPI_LOR;
    case reduction::bit_or:
      return MPI_BOR;
  }
  return MPI_OP_NULL;
}

communicator::communicator(MPI_Comm native, bool owns) : native_(native), owns_(owns) {
  if (native == MPI_COMM_NULL) return;
  check(MPI_Comm_rank(native, &rank_), "MPI_Comm_rank");
  check(MPI_Comm_size(native, &size_), "MPI_Comm_size");
  if (owns) attachment_ = std::make_shared<std::shared_ptr<void>>();
}

communicator::~communicator() {
  if (!owns_ || native_ == MPI_COMM_NULL || mpi_is_over() || !guard_.may_release(size_)) return;
  attachment_->reset();
  check_in_destructor(MPI_Comm_free(&native_), "MPI_Comm_free");
}

void communicator::swap(communicator& other) noexcept {
  std::swap(native_, other.native_);
  std::swap(rank_, other.rank_);
  std::swap(size_, other.size_);
  std::swap(owns_, other.owns_);
  std::swap(attachment_, other.attachment_);
  std::swap(guard_, other.guard_);
}

communicator communicator::world() {
  return view(MPI_COMM_WORLD);
}
communicator communicator::self() {
  return view(MPI_COMM_SELF);
}
communicator communicator::view(MPI_Comm native) {
  return {native, false};
}
communicator communicator::view() const {
  communicator same;
  same.native_ = native_;
  same.rank_ = rank_;
  same.size_ = size_;
  same.attachment_ = attachment_;
  return same;
}

communicator communicator::split(int color, int key) const {
  MPI_Comm made = MPI_COMM_NULL;
  check(MPI_Comm_split(native_, color == no_color ? MPI_UNDEFINED : color, key, &made), "MPI_Comm_split");
  return {made, true};
}

communicator communicator::split_shared() const {
  MPI_Comm made = MPI_COMM_NULL;
  check(MPI_Comm_split_type(native_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &made),
        "MPI_Comm_split_type");
  return {made, true};
}

communicator communicator::duplicate() const {
  MPI_Comm made = MPI_COMM_NULL;
  check(MPI_Comm_dup(native_, &made), "MPI_Comm_dup");
  return {made, true};
}

void communicator::barrier() const {
  check(blocking::barrier(native_), "MPI_Barrier");
}

void communicator::all_reduce_native(void* values, std::size_t count, MPI_Datatype type, reduction op) const {
  int type_bytes = 0;
  check(MPI_Type_size(type, &type_bytes), "MPI_Type_size");
  in_rounds(count, default_round_bytes / static_cast<std::size_t>(type_bytes),
            [&](std::size_t offset, int n) {
              std::byte* const part =
                  static_cast<std::byte*>(values) + offset * static_cast<std::size_t>(type_bytes);
              check(blocking::all_reduce(MPI_IN_PLACE, part, n, type, native_operation(op), native_),
                    "MPI_Allreduce");
            });
}

void communicator::exclusive_sum_native(const void* value, void* sum, MPI_Datatype type) const {
  check(blocking::exclusive_scan(value, sum, 1, type, MPI_SUM, native_), "MPI_Exscan");
}

void communicator::broadcast_bytes(std::span<std::byte> bytes, int root, std::size_t round_bytes) const {
  in_rounds(bytes.size(), round_bytes, [&](std::size_t offset, int n) {
    check(blocking::broadcast(bytes.data() + offset, n, MPI_BYTE, root, native_), "MPI_Bcast");
  });
}

std::string communicator::broadcast(std::string text, int root) const {
  text.resize(broadcast(text.size(), root));
  broadcast(std::span(text.data(), text.size()), root);
  return text;
}

void communicator::all_gather_bytes(std::span<const std::byte> mine, std::span<std::byte> all) const {
  const int bytes = as_count(mine.size(), "a gathered value");
  check(blocking::all_gather(mine.data(), all.data(), bytes, MPI_BYTE, native_), "MPI_Allgather");
}

std::vector<std::string> communicator::all_gather(const std::string& text) const {
  const std::vector<std::size_t> lengths = all_gather(text.size());
  std::vector<int> counts(lengths.size());
  std::vector<int> offsets(lengths.size());
  std::size_t total = 0;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    offsets[i] = as_count(total, "gathered text");
    total += lengths[i];
    counts[i] = as_count(lengths[i], "gathered text");
  }
  std::string all(total, '\0');
  check(blocking::all_gather(text.data(), as_count(text.size(), "gathered text"), all.data(), counts.data(),
                             offsets.data(), MPI_CHAR, native_),
        "MPI_Allgatherv");
  std::vector<std::string> texts;
  texts.reserve(lengths.size());
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    texts.emplace_back(all, static_cast<std::size_t>(offsets[i]), lengths[i]);
  }
  return texts;
}

void communicator::send_bytes(std::span<const std::byte> bytes, int destination, int tag,
                              std::size_t round_bytes) const {
  in_rounds(bytes.size(), round_bytes, [&](std::size_t offset, int n) {
    check(blocking::send(bytes.data() + offset, n, MPI_BYTE, destination, tag, native_), "MPI_Send");
  });
}

void communicator::receive_bytes(std::span<std::byte> bytes, int source, int tag,
                                 std::size_t round_bytes) const {
  in_rounds(bytes.size(), round_bytes, [&](std::size_t offset, int n) {
    MPI_Status status;
    check(blocking::receive(bytes.data() + offset, n, MPI_BYTE, source, tag, native_, &status), "MPI_Recv");
    int received = 0;
    check(MPI_Get_count(&status, MPI_BYTE, &received), "MPI_Get_count");
    if (received != n) {
      throw error(exit_code::internal,
                  fmt::format("rank {} sent {} bytes where {} were awaited", source, received, n));
    }
  });
}

}  // namespace weir

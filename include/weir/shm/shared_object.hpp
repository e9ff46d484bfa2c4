#pragma once

#include <memory>
#include <new>
#include <utility>

#include <weir/mpi/agree.hpp>
#include <weir/mpi/blocking.hpp>
#include <weir/mpi/communicator.hpp>
#include <weir/mpi/error.hpp>
#include <weir/mpi/release_guard.hpp>
#include <weir/shm/shared_window.hpp>

namespace weir {

/// One object that all ranks of a domain see, in a window of its own. `T` must work between processes that
/// see it at different addresses: it holds no pointers, and what synchronises it is meant for several
/// processes. Move-only; the domain's communicator must outlive it.
template <class T>
class shared_object {
 public:
  /// **Collective** over `domain`: its first rank makes the object of `args`. Throws what shared_window's
  /// constructor throws, and agreed_error if the object's constructor throws.
  template <class... Args>
  explicit shared_object(const communicator& domain, Args&&... args) : window_(domain, sizeof(T)) {
    static_assert(alignof(T) <= shared_window::alignment);
    agree(domain, [&] {
      if (domain.rank() == 0) std::construct_at(get(), std::forward<Args>(args)...);
    });
    window_.synchronize();
  }
  template <class... Args>
  explicit shared_object(communicator&& temporary, Args&&... args) = delete;
  shared_object(shared_object&&) noexcept = default;
  shared_object& operator=(shared_object&&) = delete;
  /// **Collective** over the domain: the object goes when no rank uses it any longer.
  ~shared_object() {
    if (window_.data() == nullptr || !guard_.may_release(window_.domain().size())) return;
    check_in_destructor(blocking::barrier(window_.domain().native()), "MPI_Barrier");
    if (window_.domain().rank() == 0) std::destroy_at(get());
  }

  T& operator*() noexcept { return *get(); }
  T* operator->() noexcept { return get(); }
  const T& operator*() const noexcept { return *get(); }
  const T* operator->() const noexcept { return get(); }

  const communicator& domain() const noexcept { return window_.domain(); }

 private:
  T* get() noexcept { return std::launder(reinterpret_cast<T*>(window_.data())); }
  const T* get() const noexcept { return std::launder(reinterpret_cast<const T*>(window_.data())); }

  shared_window window_;
  release_guard guard_;
};

}  // namespace weir

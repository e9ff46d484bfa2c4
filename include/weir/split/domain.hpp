#pragma once

#include <optional>

#include <weir/mpi/communicator.hpp>
#include <weir/split/all_nodes.hpp>
#include <weir/topology.hpp>

namespace weir {

/// The ranks that a split runs over. A view: what it is made of must outlive it.
class split_domain {
 public:
  /// The ranks of a communicator, which must share memory: a node's, or those that share an array.
  split_domain(const communicator& ranks) : memory_(&ranks), everyone_(&ranks) {}
  split_domain(communicator&& temporary) = delete;
  /// This rank's domain of a topology: a node, a NUMA node or K ranks, as the topology was asked for.
  split_domain(const topology& places) : split_domain(places.domain()) {}
  /// All ranks of the job. Arrays are those of `nodes.domain()`, the same on every domain; each rank works on
  /// its share of the rows, and the domains then tell each other their rows.
  split_domain(const all_nodes& nodes)
      : memory_(&nodes.domain()), everyone_(&nodes.ranks()), nodes_(&nodes) {}
  /// This rank alone.
  static split_domain self();

  /// The ranks that share the results' memory.
  const communicator& memory() const noexcept { return *memory_; }
  /// The ranks that share the work.
  const communicator& everyone() const noexcept { return *everyone_; }
  /// Null unless it is all nodes.
  const all_nodes* nodes() const noexcept { return nodes_; }

 private:
  const communicator* memory_;
  const communicator* everyone_;
  const all_nodes* nodes_ = nullptr;
};

/// As long as it lives, splits run over these ranks, unless a call says `over(...)`; then those of before
/// again. A split without either runs over the ranks that share its first split argument. Not collective,
/// but all ranks of `domain` must open it alike. Scopes nest.
class domain_scope {
 public:
  explicit domain_scope(split_domain domain);
  domain_scope(const domain_scope&) = delete;
  domain_scope& operator=(const domain_scope&) = delete;
  ~domain_scope();

  /// The innermost scope's domain.
  static std::optional<split_domain> current();

 private:
  std::optional<split_domain> before_;
};

/// The switch that makes splits call the plain function once, on the first rank of the domain, with all rows;
/// results and errors are the same as in parallel. As an object it holds for its scope:
/// `weir::serial here;` or, to be parallel inside, `weir::serial here(false);`. Not collective, but all ranks
/// of a split must agree; a split says so where they do not.
class serial {
 public:
  explicit serial(bool on = true);
  serial(const serial&) = delete;
  serial& operator=(const serial&) = delete;
  ~serial();

  /// Sets the switch for good, or until the enclosing scope ends.
  static void set(bool on);
  static bool is_on();

 private:
  bool before_;
};

/// As long as it lives, a split runs on the calling rank alone, without a message to others, and its results
/// are that rank's own. Every split opens one around the function that it calls, so that splits inside
/// splits work; dispatchers of jobs open one around a job. Not collective. Scopes nest.
class alone_scope {
 public:
  alone_scope() noexcept;
  alone_scope(const alone_scope&) = delete;
  alone_scope& operator=(const alone_scope&) = delete;
  ~alone_scope();

  static bool is_open() noexcept;
};

}  // namespace weir

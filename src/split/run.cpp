#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <weir/byte_size.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/error.hpp>
#include <weir/mpi/host.hpp>
#include <weir/split/run.hpp>

namespace weir {

std::string_view name_of(split_way way) {
  switch (way) {
    case split_way::parallel:
      return "parallel";
    case split_way::alone:
      return "inside another split or job";
    case split_way::serial_switch:
      return "the serial switch is on";
    case split_way::one_axis:
      return "the arrays have one axis";
    case split_way::few_rows:
      return "there are fewer than two rows";
    case split_way::below_split_over:
      return "the array is smaller than split_over";
  }
  return "";
}

namespace detail {
namespace {

bool is_same(const communicator& a, const communicator& b) {
  if (a.native() == b.native()) return true;
  if (!a || !b || a.size() != b.size()) return false;
  int relation = MPI_UNEQUAL;
  check(MPI_Comm_compare(a.native(), b.native(), &relation), "MPI_Comm_compare");
  return relation == MPI_IDENT || relation == MPI_CONGRUENT;
}

/// The exception with the place where it was thrown in its text. Those that end the job stay what they are.
std::exception_ptr with_place(const std::exception_ptr& exception, const communicator& everyone,
                              const std::string& rows) {
  bool is_placed = false;
  try {
    std::rethrow_exception(exception);
  } catch (const mpi_error&) {
    return exception;
  } catch (const agreed_error& e) {
    is_placed = e.names_place();
  } catch (...) {  // described below
  }
  const failure what = describe(exception);
  const std::string place =
      is_placed ? "" : fmt::format("on rank {}, host {}", communicator::world().rank(), host_name());
  const std::string_view comma = place.empty() || rows.empty() ? "" : ", ";
  const std::string sentence = place.empty() && rows.empty()
                                   ? what.sentence
                                   : fmt::format("{} ({}{}{})", what.sentence, rows, comma, place);
  return std::make_exception_ptr(agreed_error(what.code, sentence, everyone.rank(), everyone.size(), true));
}

}  // namespace

split_run::split_run(split_request request, const split_settings& settings) : request_(std::move(request)) {
  choose_ranks(settings);
  choose_rows(settings);
  if (!is_alone_) check_domains();
  request_.add_signature(static_cast<std::uint64_t>(plan_.way));
}

void split_run::choose_ranks(const split_settings& settings) {
  const auto use = [this](const split_domain& domain) {
    memory_ = &domain.memory();
    everyone_ = &domain.everyone();
    if (domain.nodes() != nullptr && domain.nodes()->places().domains() > 1) exchange_over_ = domain.nodes();
  };
  if (alone_scope::is_open()) {
    is_alone_ = true;
    use(split_domain::self());
    if (request_.distributed_over_ != nullptr) {
      request_.refuse("a distributed array cannot be split inside a split or job; split it outside");
    }
  } else if (request_.distributed_over_ != nullptr) {
    use(*request_.distributed_over_);
    if (settings.over) {
      request_.refuse("a split of distributed arrays runs where their rows are; leave out over(...)");
    }
  } else if (settings.over) {
    use(*settings.over);
  } else if (const std::optional<split_domain> scope = domain_scope::current()) {
    use(*scope);
  } else if (!request_.domains_.empty()) {
    use(*request_.domains_.front().ranks);
  } else {
    throw error(
        exit_code::usage,
        "a split without shared arrays does not know which ranks it runs over; say over(...) or open a "
        "domain_scope");
  }
  if (!*memory_) {
    throw error(exit_code::usage, "a split has an array without a domain; make it with a domain and a shape");
  }
}

void split_run::choose_rows(const split_settings& settings) {
  const bool distributed = request_.distributed_over_ != nullptr;
  const std::size_t all_rows = request_.rows_;
  plan_.rows = all_rows;
  if (distributed && !is_alone_) {
    const auto domain = static_cast<std::size_t>(request_.distributed_over_->places().domain_index());
    first_row_ = request_.first_rows_[domain];
    plan_.rows = request_.first_rows_[domain + 1] - first_row_;
  }
  if (is_alone_) {
    plan_.way = split_way::alone;
  } else if (serial::is_on()) {
    plan_.way = split_way::serial_switch;
  } else if (!request_.has_rows_) {
    plan_.way = split_way::one_axis;
  } else if (all_rows < 2) {
    plan_.way = split_way::few_rows;
  } else if (request_.bytes_ < settings.options.split_over) {
    plan_.way = split_way::below_split_over;
  }
  const communicator& sharers = distributed ? *memory_ : *everyone_;
  const auto part = static_cast<std::size_t>(sharers.rank());
  if (plan_.is_parallel()) plan_.parts = static_cast<std::size_t>(sharers.size());
  if (part < plan_.parts) rows_ = plan_.rows_of(part);
  works_ = !rows_.empty() || (all_rows == 0 && everyone_->rank() == 0);
}

void split_run::check_domains() {
  for (const split_request::array_domain& array : request_.domains_) {
    if (is_same(*array.ranks, *memory_)) continue;
    if (array.written) {
      request_.refuse(
          fmt::format("a split over {} ranks writes to an array that another group, of {} ranks, shares; run "
                      "it over that "
                      "group, or give the array as a const one",
                      memory_->size(), array.ranks->size()));
    } else if (array.ranks->size() < memory_->size()) {
      request_.refuse(
          fmt::format("a split over {} ranks has an array that only {} of them share; share it "
                      "among all, or run over fewer",
                      memory_->size(), array.ranks->size()));
    }
  }
}

void split_run::begin() const {
  if (is_logged(log_level::info)) tell_begin();
  if (is_alone_) {
    if (request_.problem_) std::rethrow_exception(request_.problem_);
    return;
  }
  std::array<std::uint64_t, 3> heard{request_.problem_ ? 1U : 0U, request_.signature_, ~request_.signature_};
  everyone_->all_reduce(std::span(heard), reduction::max);
  if (heard[0] != 0) agree_on(*everyone_, request_.problem_);
  if (heard[1] != ~heard[2]) {
    throw agreed_error(exit_code::usage,
                       "the ranks of a split do not make the same call: their rows, output mode or serial "
                       "switch differ; make it alike on all",
                       everyone_->rank(), everyone_->size());
  }
}

void split_run::agree_on_end() const {
  if (is_alone_) {
    if (failure_) std::rethrow_exception(failure_);
    return;
  }
  if (!failure_) return agree_on(*everyone_, nullptr);
  const index_range rows = global_rows();
  const std::string names =
      request_.has_rows_ ? fmt::format("rows {}:{}", rows.begin, rows.end) : std::string();
  agree_on(*everyone_, with_place(failure_, *everyone_, names));
}

void split_run::exchange_blocks(std::byte* all, const row_blocks& blocks) const {
  const communicator& leaders = exchange_over_->places().leaders();
  if (leaders) all_gather_blocks(leaders, blocks, {all, blocks.rows() * blocks.row_bytes});
  memory_->barrier();
}

void split_run::exchange(std::byte* all, std::size_t row_bytes,
                         const std::vector<std::size_t>& part_begins) const {
  if (exchange_over_ == nullptr) return;
  row_blocks blocks{row_bytes, {}};
  for (int domain = 0; domain <= exchange_over_->places().domains(); ++domain) {
    blocks.first.push_back(part_begins[exchange_over_->first_rank_of(domain)]);
  }
  exchange_blocks(all, blocks);
}

void split_run::exchange(std::byte* all, std::size_t row_bytes) const {
  if (exchange_over_ == nullptr) return;
  if (distributed_over() != nullptr) return exchange_blocks(all, {row_bytes, first_rows()});
  std::vector<std::size_t> begins;
  for (std::size_t part = 0; part <= static_cast<std::size_t>(everyone_->size()); ++part) {
    begins.push_back(part < plan_.parts ? plan_.rows_of(part).begin : plan_.rows);
  }
  exchange(all, row_bytes, begins);
}

void split_run::tell_begin() const {
  if (is_alone_) return log_info("split: runs serially ({})", name_of(plan_.way));
  if (everyone_->rank() != 0) return;
  log_info("split: {} shared arrays of {} ranks wrapped, {} to cut, the first {} of {}",
           request_.domains_.size(), memory_->size(), request_.shapes_.size(),
           to_string(request_.shapes_.front()), format_bytes(request_.bytes_));
  if (plan_.is_parallel()) {
    log_info("split: {} rows mapped to {} ranks", request_.rows_, everyone_->size());
  } else {
    log_info("split: {} rows mapped to one rank, because {}", request_.rows_, name_of(plan_.way));
  }
}

void split_run::tell_part(double seconds) const {
  constexpr double milliseconds = 1e3;
  const index_range rows = global_rows();
  log_info("split: rows {}:{} took {:.3f} ms", rows.begin, rows.end, seconds * milliseconds);
}

void split_run::tell_join(const array_shape& shape, std::size_t bytes) const {
  if (everyone_->rank() != 0 || !is_logged(log_level::info)) return;
  log_info("split: results joined to {}, {}", to_string(shape), format_bytes(bytes));
}

}  // namespace detail
}  // namespace weir

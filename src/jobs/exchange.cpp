#include "exchange.hpp"

#include <cstddef>
#include <exception>
#include <numeric>
#include <string>
#include <vector>

#include <weir/jobs/serialize.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/error.hpp>

#include "run_job.hpp"

namespace weir::jobs {
namespace {

/// What is together less than this travels at once; more, one rank's at a time, so that memory holds the
/// results and one rank's bytes.
constexpr std::size_t at_once = std::size_t{64} << 20;

enum class content : std::uint8_t { value, failure };

void write_outcome(byte_writer& to, std::uint32_t number, batch& of, std::size_t index) {
  to.write(number);
  to.write(of.runs()[index]);
  const auto log = of.logs().find(index);
  to.write(log == of.logs().end() ? std::vector<std::string>{} : log->second);
  const auto failure = of.failures().find(index);
  to.write(failure == of.failures().end() ? content::value : content::failure);
  if (failure == of.failures().end()) {
    of.write_value(index, to);
  } else {
    to.write(failure->second.input);
    to.write(failure->second.how);
    to.write(failure->second.reason);
    to.write(failure->second.code);
  }
}

/// A value that cannot be written is its job's failure.
void write_job(byte_writer& to, std::uint32_t number, batch& of, std::size_t index) {
  const std::size_t written = to.bytes().size();
  try {
    write_outcome(to, number, of, index);
    return;
  } catch (const mpi_error&) {
    throw;
  } catch (...) {
    record_failure(of, index, describe_thrown(std::current_exception()));
  }
  to.shorten(written);
  write_outcome(to, number, of, index);
}

void read_job(byte_reader& from, const round& all) {
  const auto [of, index] = all.at(from.read<std::uint32_t>());
  of->runs()[index] = from.read<batch::run_record>();
  auto log = from.read<std::vector<std::string>>();
  if (!log.empty()) of->logs()[index] = std::move(log);
  if (from.read<content>() == content::value) {
    of->read_value(index, from);
  } else {
    job_failure& failure = of->failures()[index];
    failure.name = of->options().name;
    failure.job = index;
    failure.input = from.read<std::string>();
    failure.how = from.read<job_end>();
    failure.reason = from.read<std::string>();
    failure.code = from.read<exit_code>();
  }
}

void read_jobs(std::span<const std::byte> bytes, const round& all) {
  byte_reader from(bytes);
  while (from.left() != 0) read_job(from, all);
}

}  // namespace

void exchange(const communicator& ranks, const round& all, std::span<const std::uint32_t> own) {
  if (ranks.size() == 1) return;
  byte_writer mine;
  agree(ranks, [&] {
    for (const std::uint32_t number : own) {
      const auto [of, index] = all.at(number);
      write_job(mine, number, *of, index);
    }
  });
  const std::vector<std::size_t> lengths = ranks.all_gather(mine.bytes().size());
  const std::size_t total = std::reduce(lengths.begin(), lengths.end());
  const auto rank = static_cast<std::size_t>(ranks.rank());
  if (total <= at_once) {
    const std::span<const std::byte> bytes = mine.bytes();
    const std::vector<std::string> texts =
        ranks.all_gather(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    agree(ranks, [&] {
      for (std::size_t from = 0; from < texts.size(); ++from) {
        if (from != rank) read_jobs(std::as_bytes(std::span(texts[from])), all);
      }
    });
    return;
  }
  std::vector<std::byte> bytes;
  for (std::size_t from = 0; from < lengths.size(); ++from) {
    bytes = from == rank ? mine.take() : std::vector<std::byte>(lengths[from]);
    ranks.broadcast(std::span(bytes), static_cast<int>(from));
    agree(ranks, [&] {
      if (from != rank) read_jobs(bytes, all);
    });
  }
}

}  // namespace weir::jobs

#include "round.hpp"

#include <algorithm>

#include <weir/error.hpp>

namespace weir::jobs {

round::round(std::vector<std::shared_ptr<batch>>& waiting) {
  std::size_t taken = 0;
  while (taken < waiting.size() && append(waiting[taken])) ++taken;
  waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(taken));
}

round::job round::at(std::uint32_t number) const {
  const auto after = std::ranges::upper_bound(first_, number);
  const auto batch_index = static_cast<std::size_t>(after - first_.begin()) - 1;
  return {batches_[batch_index].get(), number - first_[batch_index]};
}

bool round::append(std::shared_ptr<batch> more) {
  const std::size_t first = next_.size();
  if (more->size() >= none - first) {
    if (!batches_.empty()) return false;
    throw error(exit_code::usage, "a pool was given more jobs at once than 32 bits can number; give fewer");
  }
  // For each job the one whose unit it continues, or none.
  std::vector<std::uint32_t> continued;
  if (more->takes_results()) {
    continued.assign(more->size(), none);
    for (std::size_t i = 0; i < more->size(); ++i) {
      bool joins = false;
      more->visit_inputs(i, [&](const batch& of, std::size_t index) {
        const auto found =
            std::ranges::find_if(batches_, [&](const auto& candidate) { return candidate.get() == &of; });
        if (found == batches_.end()) return;  // of an earlier round: all ranks have it
        const auto number =
            static_cast<std::uint32_t>(first_[static_cast<std::size_t>(found - batches_.begin())] + index);
        joins |= continued[i] != none && continued[i] != number;
        continued[i] = number;
      });
      if (continued[i] == none) continue;
      // A job that is continued already has its successor on its rank; a second one would have to wait for
      // it.
      if (joins || next_[continued[i]] != none) {
        for (std::size_t undone = 0; undone < i; ++undone) {
          if (continued[undone] != none) next_[continued[undone]] = none;
        }
        return false;
      }
      next_[continued[i]] = static_cast<std::uint32_t>(first + i);
    }
  }
  first_.push_back(first);
  next_.resize(first + more->size(), none);
  for (std::size_t i = 0; i < more->size(); ++i) {
    if (continued.empty() || continued[i] == none) heads_.push_back(static_cast<std::uint32_t>(first + i));
  }
  batches_.push_back(std::move(more));
  return true;
}

}  // namespace weir::jobs

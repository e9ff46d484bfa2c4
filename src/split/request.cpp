#include <optional>

#include <fmt/format.h>

#include <weir/split/request.hpp>

namespace weir::detail {

void split_request::add_signature(std::uint64_t value) noexcept {
  // One step of FNV-1a, on whole words.
  constexpr std::uint64_t prime = 0x100000001b3;
  signature_ = (signature_ ^ value) * prime;
}

void split_request::refuse(const std::string& sentence) {
  if (!problem_) problem_ = std::make_exception_ptr(error(exit_code::usage, sentence));
}

void split_request::add_shape(array_shape shape, bool distributed, std::size_t element_bytes) {
  if (shapes_.empty()) bytes_ = elements_in(shape) * element_bytes;
  if (!has_rows_ && (distributed || shape.size() > 1)) {
    decider_ = shapes_.size();
    has_rows_ = true;
    const std::size_t axes = shape.size() > 1 ? shape.size() - 1 : 1;
    rows_ = elements_in(array_shape(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(axes)));
  }
  shapes_.push_back(std::move(shape));
}

void split_request::add_distribution(const all_nodes* nodes, const std::vector<std::size_t>& first_rows) {
  if (distributed_over_ == nullptr) {
    distributed_over_ = nodes;
    first_rows_ = first_rows;
  } else if (distributed_over_ != nodes || first_rows_ != first_rows) {
    refuse("the distributed arrays of a split have their rows on different domains; make them alike");
  }
}

void split_request::settle() {
  axes_.assign(shapes_.size(), 0);
  const array_shape& decider = shapes_.at(decider_);
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    if (!has_rows_) {
      if (shapes_[i] != decider) {
        refuse(fmt::format("arrays that are split together have shapes {} and {}; give them the same length",
                           to_string(decider), to_string(shapes_[i])));
      }
      continue;
    }
    if (i == decider_) {
      axes_[i] = decider.size() > 1 ? decider.size() - 1 : 1;
      continue;
    }
    const std::optional<std::size_t> axes = row_axes_of(shapes_[i], rows_);
    if (axes) {
      axes_[i] = *axes;
    } else {
      refuse(
          fmt::format("an array of shape {} cannot be cut at the same rows as one of shape {}, which has {} "
                      "rows; give both as many",
                      to_string(shapes_[i]), to_string(decider), rows_));
    }
  }
  add_signature(rows_);
}

array_shape split_request::leading_axes() const {
  if (!has_rows_) return {};
  const array_shape& shape = shapes_[decider_];
  return {shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(axes_[decider_])};
}

}  // namespace weir::detail

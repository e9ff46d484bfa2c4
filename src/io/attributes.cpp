#include "attributes.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

namespace weir::io::h5 {

namespace {

/// Reads every element of `count` texts of type `stored` through `read(memory_type, buffer)`.
template <class Read>
std::vector<std::string> read_texts(hid_t stored, std::size_t count, const dataspace& space, Read read) {
  std::vector<std::string> texts;
  if (count == 0) return texts;
  const datatype memory(H5Tcopy(stored));
  if (H5Tis_variable_str(stored) > 0) {
    std::vector<char*> pointers(count, nullptr);
    if (read(memory.get(), pointers.data()) < 0) return texts;
    for (const char* text : pointers) texts.emplace_back(text == nullptr ? "" : text);
    H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, pointers.data());
    return texts;
  }
  const std::size_t length = H5Tget_size(stored);
  std::string raw(count * length, '\0');
  if (read(memory.get(), raw.data()) < 0) return texts;
  const bool padded = H5Tget_strpad(stored) == H5T_STR_SPACEPAD;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text(raw, i * length, length);
    if (const std::size_t end = text.find('\0'); end != std::string::npos) text.resize(end);
    while (padded && !text.empty() && text.back() == ' ') text.pop_back();
    texts.push_back(std::move(text));
  }
  return texts;
}

attribute open_attribute(hid_t object_id, const std::string& name) {
  if (H5Aexists(object_id, name.c_str()) <= 0) return {};
  return attribute(H5Aopen(object_id, name.c_str(), H5P_DEFAULT));
}

std::size_t points_of(const dataspace& space) {
  const hssize_t points = H5Sget_simple_extent_npoints(space.get());
  return points < 0 ? 0 : static_cast<std::size_t>(points);
}

void remove_attribute(hid_t object_id, const std::string& name) {
  if (H5Aexists(object_id, name.c_str()) > 0) H5Adelete(object_id, name.c_str());
}

void write_attribute(hid_t object_id, const std::string& name, hid_t stored, hid_t memory,
                     const dataspace& space, const void* values) {
  remove_attribute(object_id, name);
  const std::string what = fmt::format("cannot write the attribute '{}' of {}", name, path_of(object_id));
  const attribute made(
      check(H5Acreate2(object_id, name.c_str(), stored, space.get(), H5P_DEFAULT, H5P_DEFAULT), what));
  check(H5Awrite(made.get(), memory, values), what);
}

/// Names and times are few and short; a damaged file may speak of more text than memory holds.
constexpr std::size_t most_text_bytes = std::size_t{16} << 20;

}  // namespace

datatype text_type() {
  datatype type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

std::vector<std::string> texts_attribute(hid_t object_id, const std::string& name) {
  const attribute found = open_attribute(object_id, name);
  if (!found) return {};
  const datatype type(H5Aget_type(found.get()));
  if (H5Tget_class(type.get()) != H5T_STRING) return {};
  const dataspace space(H5Aget_space(found.get()));
  return read_texts(type.get(), points_of(space), space,
                    [&](hid_t memory, void* buffer) { return H5Aread(found.get(), memory, buffer); });
}

std::optional<std::string> text_attribute(hid_t object_id, const std::string& name) {
  std::vector<std::string> texts = texts_attribute(object_id, name);
  if (texts.empty()) return std::nullopt;
  return std::move(texts.front());
}

std::optional<double> number_attribute(hid_t object_id, const std::string& name) {
  const attribute found = open_attribute(object_id, name);
  if (!found) return std::nullopt;
  const datatype type(H5Aget_type(found.get()));
  const H5T_class_t kind = H5Tget_class(type.get());
  if (kind == H5T_INTEGER || kind == H5T_FLOAT) {
    const dataspace space(H5Aget_space(found.get()));
    std::vector<double> values(points_of(space));
    if (values.empty() || H5Aread(found.get(), H5T_NATIVE_DOUBLE, values.data()) < 0) return std::nullopt;
    return values.front();
  }
  const std::optional<std::string> text = text_attribute(object_id, name);
  if (!text) return std::nullopt;
  double value = 0.0;
  const char* const end = text->data() + text->size();
  const auto [stop, fault] = std::from_chars(text->data(), end, value);
  if (fault != std::errc{} || stop != end) return std::nullopt;
  return value;
}

bool has_attribute(hid_t object_id, const std::string& name) {
  return H5Aexists(object_id, name.c_str()) > 0;
}

std::vector<std::string> texts_dataset(hid_t location, const std::string& path) {
  if (!exists(location, path)) return {};
  const dataset found(H5Dopen2(location, path.c_str(), H5P_DEFAULT));
  if (!found) return {};
  const datatype type(H5Dget_type(found.get()));
  if (H5Tget_class(type.get()) != H5T_STRING) return {};
  const dataspace space(H5Dget_space(found.get()));
  if (points_of(space) > most_text_bytes / H5Tget_size(type.get())) return {};
  return read_texts(type.get(), points_of(space), space, [&](hid_t memory, void* buffer) {
    return H5Dread(found.get(), memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
  });
}

std::optional<std::string> text_dataset(hid_t location, const std::string& path) {
  std::vector<std::string> texts = texts_dataset(location, path);
  if (texts.size() != 1) return std::nullopt;
  return std::move(texts.front());
}

void set_attribute(hid_t object_id, const std::string& name, const std::string& text) {
  const datatype type = text_type();
  const char* const pointer = text.c_str();
  write_attribute(object_id, name, type.get(), type.get(), dataspace(H5Screate(H5S_SCALAR)), &pointer);
}

void set_attribute(hid_t object_id, const std::string& name, const std::vector<std::string>& texts) {
  const datatype type = text_type();
  std::vector<const char*> pointers(texts.size());
  std::transform(texts.begin(), texts.end(), pointers.begin(), [](const auto& text) { return text.c_str(); });
  const hsize_t extent = texts.size();
  write_attribute(object_id, name, type.get(), type.get(), dataspace(H5Screate_simple(1, &extent, nullptr)),
                  pointers.data());
}

void set_attribute(hid_t object_id, const std::string& name, double number) {
  write_attribute(object_id, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, dataspace(H5Screate(H5S_SCALAR)),
                  &number);
}

void set_attribute(hid_t object_id, const std::string& name, std::int64_t number) {
  write_attribute(object_id, name, H5T_STD_I64LE, H5T_NATIVE_INT64, dataspace(H5Screate(H5S_SCALAR)),
                  &number);
}

void rewrite_attribute(hid_t object_id, const std::string& name, const std::string& text) {
  const attribute found = open_attribute(object_id, name);
  if (!found) return;
  const datatype stored(H5Aget_type(found.get()));
  if (H5Tget_class(stored.get()) != H5T_STRING || H5Tis_variable_str(stored.get()) > 0) {
    return set_attribute(object_id, name, text);
  }
  const datatype type(H5Tcopy(stored.get()));
  const std::size_t end = H5Tget_strpad(stored.get()) == H5T_STR_NULLTERM ? 1 : 0;
  H5Tset_size(type.get(), std::max<std::size_t>(text.size() + end, 1));
  const dataspace space(H5Aget_space(found.get()));
  write_attribute(object_id, name, type.get(), type.get(),
                  points_of(space) == 1 ? dataspace(H5Scopy(space.get())) : dataspace(H5Screate(H5S_SCALAR)),
                  text.c_str());
}

void rewrite_attribute(hid_t object_id, const std::string& name, double number) {
  const attribute found = open_attribute(object_id, name);
  if (!found) return;
  const datatype type(H5Aget_type(found.get()));
  const H5T_class_t kind = H5Tget_class(type.get());
  if (kind == H5T_STRING) return rewrite_attribute(object_id, name, fmt::format("{}", number));
  const bool holds_it = kind == H5T_FLOAT || (kind == H5T_INTEGER && number == std::trunc(number));
  if (!holds_it || points_of(dataspace(H5Aget_space(found.get()))) != 1) {
    return set_attribute(object_id, name, number);
  }
  check(H5Awrite(found.get(), H5T_NATIVE_DOUBLE, &number),
        fmt::format("cannot change the attribute '{}' of {}", name, path_of(object_id)));
}

}  // namespace weir::io::h5

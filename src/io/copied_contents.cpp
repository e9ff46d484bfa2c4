#include "copied_contents.hpp"

#include <utility>

#include <fmt/format.h>

namespace weir::io {

namespace {

/// References are translated in memory, a dataset of them at a time.
constexpr std::size_t most_reference_bytes = std::size_t{256} << 20;

std::vector<std::string> attributes_of(hid_t object) {
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5A_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  h5::check(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names),
            "cannot list attributes");
  return names;
}

std::size_t points_of(const h5::dataspace& space) {
  const hssize_t points = H5Sget_simple_extent_npoints(space.get());
  return points < 0 ? 0 : static_cast<std::size_t>(points);
}

h5::object open_object(hid_t file, const std::string& path) {
  return h5::object(
      h5::check(H5Oopen(file, path.c_str(), H5P_DEFAULT), fmt::format("cannot open {} to copy it", path)));
}

class contents_copier {
 public:
  contents_copier(hid_t source_file, hid_t target_file, const object_paths& went_to,
                  std::vector<std::string>& warnings)
      : source_(source_file), target_(target_file), went_to_(went_to), warnings_(warnings) {}

  void copy_attributes(const copied_object& object);
  void translate_dataset(const copied_object& object);

 private:
  void copy_attribute(hid_t from, hid_t to, const std::string& name, const std::string& path);
  h5::datatype type_in_target(h5::datatype type) const;

  hid_t source_;
  hid_t target_;
  const object_paths& went_to_;
  std::vector<std::string>& warnings_;
};

void contents_copier::copy_attributes(const copied_object& object) {
  const h5::object from = open_object(source_, object.from);
  const h5::object to = open_object(target_, object.to);
  for (const std::string& name : attributes_of(from.get())) {
    copy_attribute(from.get(), to.get(), name, object.from);
  }
}

h5::datatype contents_copier::type_in_target(h5::datatype type) const {
  if (H5Tcommitted(type.get()) <= 0) return type;
  H5O_info_t info{};
  if (H5Oget_info(type.get(), &info) >= 0) {
    if (const auto found = went_to_.find(info.addr); found != went_to_.end()) {
      return h5::datatype(H5Topen2(target_, found->second.c_str(), H5P_DEFAULT));
    }
  }
  return h5::datatype(H5Tcopy(type.get()));
}

void contents_copier::copy_attribute(hid_t from, hid_t to, const std::string& name, const std::string& path) {
  const auto lose = [&](std::string_view why) {
    warnings_.push_back(fmt::format("the attribute '{}' of {} is not in the output: {}", name, path, why));
  };
  const h5::attribute source(H5Aopen(from, name.c_str(), H5P_DEFAULT));
  if (!source) return lose(h5::last_error());
  const h5::dataspace space(H5Aget_space(source.get()));
  const h5::datatype stored(H5Aget_type(source.get()));
  // A copy of a named type is an ordinary one: in memory the two are the same.
  const h5::datatype memory(H5Tcopy(stored.get()));
  const h5::datatype in_target = type_in_target(h5::datatype(H5Aget_type(source.get())));

  std::vector<std::byte> values(points_of(space) * H5Tget_size(memory.get()));
  if (!values.empty() && H5Aread(source.get(), memory.get(), values.data()) < 0)
    return lose(h5::last_error());
  if (holds_references(memory.get())) {
    reference_translator translator(source_, target_, went_to_);
    translator.translate(memory.get(), values.data(), points_of(space));
    if (translator.lost() > 0) {
      warnings_.push_back(
          fmt::format("the attribute '{}' of {} has {} references (to regions, or to nothing) that "
                      "are null in the output",
                      name, path, translator.lost()));
    }
  }
  const h5::attribute target(
      H5Acreate2(to, name.c_str(), in_target.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT));
  if (!target || (!values.empty() && H5Awrite(target.get(), memory.get(), values.data()) < 0)) {
    lose(h5::last_error());
  }
  if (!values.empty()) H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, values.data());
}

void contents_copier::translate_dataset(const copied_object& object) {
  const h5::dataset from(H5Dopen2(source_, object.from.c_str(), H5P_DEFAULT));
  const h5::datatype type(H5Dget_type(from.get()));
  if (!from || !holds_references(type.get())) return;
  const h5::dataspace space(H5Dget_space(from.get()));
  const std::size_t bytes = points_of(space) * H5Tget_size(type.get());
  if (bytes == 0) return;
  if (bytes > most_reference_bytes) {
    warnings_.push_back(
        fmt::format("{} holds too many references to translate; they are null in the output", object.from));
    return;
  }
  const h5::datatype memory(H5Tcopy(type.get()));
  std::vector<std::byte> values(bytes);
  const std::string what = fmt::format("cannot copy the references in {}", object.from);
  h5::check(H5Dread(from.get(), memory.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), what);
  reference_translator translator(source_, target_, went_to_);
  translator.translate(memory.get(), values.data(), points_of(space));
  const h5::dataset to(h5::check(H5Dopen2(target_, object.to.c_str(), H5P_DEFAULT), what));
  h5::check(H5Dwrite(to.get(), memory.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), what);
  H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, values.data());
  if (translator.lost() > 0) {
    warnings_.push_back(
        fmt::format("{} has {} references (to regions, or to nothing) that are null in the output",
                    object.from, translator.lost()));
  }
}

}  // namespace

void copy_contents(hid_t source_file, hid_t target_file, const copied_object& object,
                   const object_paths& went_to, std::vector<std::string>& warnings) {
  contents_copier copier(source_file, target_file, went_to, warnings);
  copier.copy_attributes(object);
  if (object.is_dataset) copier.translate_dataset(object);
}

}  // namespace weir::io

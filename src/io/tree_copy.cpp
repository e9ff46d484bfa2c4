#include "tree_copy.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace weir::io {

namespace {

/// References are translated in memory, a dataset of them at a time.
constexpr std::size_t most_reference_bytes = std::size_t{256} << 20;

std::string joined(const std::string& group, const std::string& name) {
  return group == "/" ? '/' + name : group + '/' + name;
}

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

}  // namespace

tree_copy::tree_copy(hid_t source_file, hid_t target_file, hid_t source_dataset, hid_t target_dataset,
                     std::string moved_from, std::string moved_to)
    : source_(source_file),
      target_(target_file),
      moved_from_(std::move(moved_from)),
      moved_to_(std::move(moved_to)) {
  replace(source_dataset, target_dataset);
}

void tree_copy::replace(hid_t source_dataset, hid_t target_dataset) {
  replacement one{.replaced = {}, .by = target_dataset};
  h5::check(H5Oget_info(source_dataset, &one.replaced), "cannot identify the dataset");
  replacements_.push_back(one);
}

void tree_copy::cut(const axis_parts& parts, const derivation& how) {
  how_ = &how;
  if (how.samples) {
    for (const std::string& path : parts.of_samples) cut_dataset(path, false, parts.is_guess);
  }
  if (!how.channels.empty()) {
    for (const std::string& path : parts.of_channels) cut_dataset(path, true, parts.is_guess);
  }
}

void tree_copy::cut_dataset(const std::string& path, bool by_channel, bool is_guess) {
  if (!h5::exists(source_, path)) return;
  H5O_info_t info{};
  h5::check(H5Oget_info_by_name(source_, path.c_str(), &info, H5P_DEFAULT), "cannot read " + path);
  H5L_info_t link{};
  h5::check(H5Lget_info(source_, path.c_str(), &link, H5P_DEFAULT), "cannot read the link " + path);
  if (link.type != H5L_TYPE_HARD || info.rc > 1) {
    throw error(
        exit_code::bad_data,
        fmt::format("{} has entries for other recordings of the file too and cannot be cut for this one; "
                    "filter all of it, or copy the recording into a file of its own first",
                    path));
  }
  cuts_.emplace(info.addr, by_channel);
  if (is_guess) {
    warnings_.push_back(fmt::format("{} has as many values as the input has {}, and is cut with them", path,
                                    by_channel ? "channels" : "samples"));
  }
}

void tree_copy::copy_cut(const std::string& from, const std::string& to, bool by_channel) {
  const h5::dataset source(h5::check(H5Dopen2(source_, from.c_str(), H5P_DEFAULT), "cannot open " + from));
  const h5::dataset made = copy_entries(source.get(), target_, *how_, by_channel);
  h5::check(H5Olink(made.get(), target_, to.c_str(), H5P_DEFAULT, H5P_DEFAULT), "cannot copy " + from);
  objects_.push_back({from, to, false});
  const h5::datatype type(H5Dget_type(source.get()));
  if (holds_references(type.get())) {
    warnings_.push_back(
        fmt::format("{} holds references, which are not carried over with a part of it", from));
  }
}

std::vector<std::string> tree_copy::run() {
  H5O_info_t root{};
  h5::check(H5Oget_info(source_, &root), "cannot identify the root group");
  went_to_.emplace(root.addr, "/");
  objects_.push_back({"/", "/", false});
  copy_links("/", "/");
  // References can be made only when all that they lead to is there.
  for (const copied_object& object : objects_) {
    copy_attributes(object);
    if (object.is_dataset) translate_dataset(object);
  }
  return std::move(warnings_);
}

void tree_copy::copy_links(const std::string& from, const std::string& to) {
  const h5::group group(h5::check(H5Gopen2(source_, from.c_str(), H5P_DEFAULT),
                                  fmt::format("cannot open {} to copy it", from)));
  for (const std::string& name : h5::links_of(group.get())) {
    const bool moved = from == "/" && name == moved_from_;
    copy_link(group.get(), joined(from, name), name, moved ? moved_to_ : joined(to, name));
  }
}

void tree_copy::copy_link(hid_t from_group, const std::string& from, const std::string& name,
                          const std::string& to) {
  H5L_info_t info{};
  h5::check(H5Lget_info(from_group, name.c_str(), &info, H5P_DEFAULT),
            fmt::format("cannot read the link {}", from));
  switch (info.type) {
    case H5L_TYPE_HARD:
      copy_hard_link(from_group, name, from, to);
      return;
    case H5L_TYPE_SOFT:
      copy_soft_link(from_group, name, info.u.val_size, to);
      return;
    case H5L_TYPE_EXTERNAL:
      copy_external_link(from_group, name, info.u.val_size, to);
      return;
    default:
      warnings_.push_back(fmt::format("{} is a link of a kind that HDF5 does not know: not copied", from));
  }
}

void tree_copy::copy_hard_link(hid_t from_group, const std::string& name, const std::string& from,
                               const std::string& to) {
  const std::string what = fmt::format("cannot copy {}", from);
  H5O_info_t info{};
  h5::check(H5Oget_info_by_name(from_group, name.c_str(), &info, H5P_DEFAULT), what);
  if (const auto earlier = went_to_.find(info.addr); earlier != went_to_.end()) {
    h5::check(H5Lcreate_hard(target_, earlier->second.c_str(), target_, to.c_str(), H5P_DEFAULT, H5P_DEFAULT),
              what);
    return;
  }
  went_to_.emplace(info.addr, to);
  if (const hid_t by = replacement_of(from_group, name); by >= 0) return place_dataset(by, from, to);
  if (info.type == H5O_TYPE_GROUP) return copy_group(from_group, name, from, to);
  if (const auto cut = cuts_.find(info.addr); cut != cuts_.end()) return copy_cut(from, to, cut->second);

  const h5::properties copying = copying_for(from_group, name, info.type, from);
  h5::check(H5Ocopy(from_group, name.c_str(), target_, to.c_str(), copying.get(), H5P_DEFAULT), what);
  objects_.push_back({from, to, info.type == H5O_TYPE_DATASET});
}

/// Has a dataset of a named type use the copy of that type. HDF5 would look for it in the whole target by
/// itself, but 1.10.8 crashes on the way where groups form a circle; so it is told the path, and to stop
/// there.
h5::properties tree_copy::copying_for(hid_t from_group, const std::string& name, H5O_type_t kind,
                                      const std::string& from) {
  h5::properties copying = h5::make_properties(H5P_OBJECT_COPY);
  H5Pset_copy_object(copying.get(), H5O_COPY_WITHOUT_ATTR_FLAG);
  if (kind != H5O_TYPE_DATASET) return copying;
  const h5::dataset dataset(H5Dopen2(from_group, name.c_str(), H5P_DEFAULT));
  const h5::datatype type(H5Dget_type(dataset.get()));
  if (H5Tcommitted(type.get()) <= 0) return copying;
  H5O_info_t info{};
  h5::check(H5Oget_info(type.get(), &info), "cannot identify a named type");
  const auto found = went_to_.find(info.addr);
  if (found == went_to_.end()) {
    warnings_.push_back(
        fmt::format("{} has a copy of its named type in the output, not the named type itself", from));
    return copying;
  }
  H5Pset_copy_object(copying.get(), H5O_COPY_WITHOUT_ATTR_FLAG | H5O_COPY_MERGE_COMMITTED_DTYPE_FLAG);
  H5Padd_merge_committed_dtype_path(copying.get(), found->second.c_str());
  H5Pset_mcdt_search_cb(
      copying.get(), [](void*) { return H5O_MCDT_SEARCH_STOP; }, nullptr);
  return copying;
}

void tree_copy::copy_group(hid_t from_group, const std::string& name, const std::string& from,
                           const std::string& to) {
  const std::string what = fmt::format("cannot copy the group {}", from);
  {
    const h5::group group(h5::check(H5Gopen2(from_group, name.c_str(), H5P_DEFAULT), what));
    const h5::properties created(H5Gget_create_plist(group.get()));
    const h5::group made(
        h5::check(H5Gcreate2(target_, to.c_str(), H5P_DEFAULT, created.get(), H5P_DEFAULT), what));
  }
  objects_.push_back({from, to, false});
  copy_links(from, to);
}

void tree_copy::copy_soft_link(hid_t from_group, const std::string& name, std::size_t size,
                               const std::string& to) const {
  std::string value(size, '\0');
  h5::check(H5Lget_val(from_group, name.c_str(), value.data(), size, H5P_DEFAULT), "cannot read a soft link");
  h5::check(H5Lcreate_soft(value.c_str(), target_, to.c_str(), H5P_DEFAULT, H5P_DEFAULT),
            fmt::format("cannot copy the link {}", to));
}

void tree_copy::copy_external_link(hid_t from_group, const std::string& name, std::size_t size,
                                   const std::string& to) {
  if (const hid_t by = replacement_of(from_group, name); by >= 0) return place_dataset(by, to, to);
  std::string value(size, '\0');
  h5::check(H5Lget_val(from_group, name.c_str(), value.data(), size, H5P_DEFAULT),
            "cannot read an external link");
  const char* file = nullptr;
  const char* path = nullptr;
  h5::check(H5Lunpack_elink_val(value.data(), size, nullptr, &file, &path), "cannot read an external link");
  h5::check(H5Lcreate_external(file, path, target_, to.c_str(), H5P_DEFAULT, H5P_DEFAULT),
            fmt::format("cannot copy the link {}", to));
  if (*file != '/') {
    warnings_.push_back(fmt::format(
        "{} still links to '{}' in the file '{}', which must lie beside the output too", to, path, file));
  }
}

hid_t tree_copy::replacement_of(hid_t group, const std::string& name) const {
  H5O_info_t info{};
  if (H5Oget_info_by_name(group, name.c_str(), &info, H5P_DEFAULT) < 0) return H5I_INVALID_HID;
  const auto found = std::ranges::find_if(replacements_, [&](const replacement& one) {
    return info.fileno == one.replaced.fileno && info.addr == one.replaced.addr;
  });
  return found == replacements_.end() ? H5I_INVALID_HID : found->by;
}

void tree_copy::place_dataset(hid_t dataset, const std::string& from, const std::string& to) {
  h5::check(H5Olink(dataset, target_, to.c_str(), H5P_DEFAULT, H5P_DEFAULT),
            fmt::format("cannot put the dataset at {}", to));
  objects_.push_back({from, to, false});
}

void tree_copy::copy_attributes(const copied_object& object) {
  const h5::object from = open_object(source_, object.from);
  const h5::object to = open_object(target_, object.to);
  for (const std::string& name : attributes_of(from.get())) {
    copy_attribute(from.get(), to.get(), name, object.from);
  }
}

h5::datatype tree_copy::type_in_target(h5::datatype type) const {
  if (H5Tcommitted(type.get()) <= 0) return type;
  H5O_info_t info{};
  if (H5Oget_info(type.get(), &info) >= 0) {
    if (const auto found = went_to_.find(info.addr); found != went_to_.end()) {
      return h5::datatype(H5Topen2(target_, found->second.c_str(), H5P_DEFAULT));
    }
  }
  return h5::datatype(H5Tcopy(type.get()));
}

void tree_copy::copy_attribute(hid_t from, hid_t to, const std::string& name, const std::string& path) {
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

void tree_copy::translate_dataset(const copied_object& object) {
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

}  // namespace weir::io

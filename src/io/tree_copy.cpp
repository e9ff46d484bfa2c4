#include "tree_copy.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace weir::io {

namespace {

std::string joined(const std::string& group, const std::string& name) {
  return group == "/" ? '/' + name : group + '/' + name;
}

}  // namespace

tree_copy::tree_copy(hid_t source_file, hid_t target_file, const std::vector<replaced_dataset>& replaced,
                     std::string moved_from, std::string moved_to)
    : source_(source_file),
      target_(target_file),
      moved_from_(std::move(moved_from)),
      moved_to_(std::move(moved_to)) {
  for (const replaced_dataset& one : replaced) {
    H5O_info_t info{};
    h5::check(H5Oget_info(one.source, &info), "cannot identify a dataset");
    replaced_.emplace_back(info, one.target);
  }
}

std::vector<std::string> tree_copy::run() {
  H5O_info_t root{};
  h5::check(H5Oget_info(source_, &root), "cannot identify the root group");
  went_to_.emplace(root.addr, "/");
  objects_.push_back({"/", "/", false});
  copy_links("/", "/");
  // References can be made only when all that they lead to is there.
  for (const copied_object& object : objects_) copy_contents(source_, target_, object, went_to_, warnings_);
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
  if (const hid_t made = replacement_of(from_group, name); made >= 0) return place_dataset(made, from, to);
  if (info.type == H5O_TYPE_GROUP) return copy_group(from_group, name, from, to);

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
  if (const hid_t made = replacement_of(from_group, name); made >= 0) return place_dataset(made, to, to);
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

/// What takes the place of the object that a link leads to; invalid if it is copied.
hid_t tree_copy::replacement_of(hid_t group, const std::string& name) const {
  H5O_info_t info{};
  if (H5Oget_info_by_name(group, name.c_str(), &info, H5P_DEFAULT) < 0) return H5I_INVALID_HID;
  const auto found = std::ranges::find_if(replaced_, [&](const auto& one) {
    return one.first.fileno == info.fileno && one.first.addr == info.addr;
  });
  return found == replaced_.end() ? H5I_INVALID_HID : found->second;
}

void tree_copy::place_dataset(hid_t dataset, const std::string& from, const std::string& to) {
  h5::check(H5Olink(dataset, target_, to.c_str(), H5P_DEFAULT, H5P_DEFAULT),
            fmt::format("cannot put the dataset at {}", to));
  objects_.push_back({from, to, false});
}

}  // namespace weir::io

#include "hdf5.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::io::h5 {

namespace {

herr_t keep_first(unsigned position, const H5E_error2_t* entry, void* text) {
  if (position == 0 && entry->desc != nullptr) *static_cast<std::string*>(text) = entry->desc;
  return 0;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

void require_readable(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    throw error(exit_code::no_input, fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
  }
  if (S_ISDIR(status.st_mode)) {
    throw error(exit_code::no_input, fmt::format("'{}' is a folder; name the HDF5 file in it", path));
  }
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    throw error(exit_code::no_input, fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
  }
  ::close(descriptor);
}

}  // namespace

std::string last_error() {
  std::string text;
  // Upward begins with the innermost entry.
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &text);
  return text.empty() ? "HDF5 gives no reason" : text;
}

void fail(exit_code code, std::string_view what) {
  throw error(code, fmt::format("{}: {}", what, last_error()));
}

file open_for_reading(const std::string& path, std::size_t sieve_bytes) {
  require_readable(path);
  const silence quiet;
  const properties access = make_properties(H5P_FILE_ACCESS);
  check(H5Pset_sieve_buf_size(access.get(), sieve_bytes), "cannot set the sieve buffer", exit_code::internal);
  file opened(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()));
  if (opened) return opened;

  const std::string reason = last_error();
  if (contains(reason, "unable to lock file")) {
    throw error(exit_code::no_input,
                fmt::format("cannot lock '{}', as on some network file systems ({}): set "
                            "HDF5_USE_FILE_LOCKING=FALSE in the environment and run again",
                            path, reason));
  }
  if (contains(reason, "signature not found") || contains(reason, "not an HDF5 file")) {
    throw error(exit_code::bad_data,
                fmt::format("'{}' is not an HDF5 file; convert it first, or name another", path));
  }
  if (contains(reason, "truncated file")) {
    throw error(exit_code::bad_data,
                fmt::format("'{}' is cut short ({}): copy it again from where it is whole", path, reason));
  }
  if (contains(reason, "already open for write")) {
    throw error(
        exit_code::bad_data,
        fmt::format("'{}' is being written, or its writer was killed: wait for it, or run 'h5clear -s {}' "
                    "on a copy if nobody writes it",
                    path, path));
  }
  throw error(exit_code::bad_data,
              fmt::format("'{}' does not open as HDF5: {}; try 'h5dump -H' on it", path, reason));
}

std::vector<hsize_t> extents_of(hid_t dataset_id) {
  const dataspace space(check(H5Dget_space(dataset_id), "cannot read a dataset's shape"));
  if (H5Sget_simple_extent_type(space.get()) == H5S_NULL) return {0};
  const int dimensions = check(H5Sget_simple_extent_ndims(space.get()), "cannot read a dataset's shape");
  std::vector<hsize_t> extents(static_cast<std::size_t>(dimensions));
  H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr);
  return extents;
}

properties make_properties(hid_t list_class) {
  return properties(check(H5Pcreate(list_class), "cannot create an HDF5 property list", exit_code::internal));
}

hid_t native(sample_type type) {
  switch (type) {
    case sample_type::int16:
      return H5T_NATIVE_INT16;
    case sample_type::uint16:
      return H5T_NATIVE_UINT16;
    case sample_type::int32:
      return H5T_NATIVE_INT32;
    case sample_type::float32:
      return H5T_NATIVE_FLOAT;
    case sample_type::float64:
      return H5T_NATIVE_DOUBLE;
  }
  return H5I_INVALID_HID;
}

std::string describe_type(hid_t type) {
  const std::size_t bits = 8 * H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      return fmt::format("{}int{}", H5Tget_sign(type) == H5T_SGN_NONE ? "u" : "", bits);
    case H5T_FLOAT:
      return fmt::format("float{}", bits);
    case H5T_STRING:
      return "text";
    case H5T_COMPOUND:
      return "compound";
    case H5T_ENUM:
      return "enumeration";
    case H5T_REFERENCE:
      return "reference";
    case H5T_ARRAY:
      return "array";
    case H5T_VLEN:
      return "variable-length";
    case H5T_BITFIELD:
      return "bit field";
    case H5T_OPAQUE:
      return "opaque";
    default:
      return "unknown";
  }
}

std::string path_of(hid_t object_id) {
  const ssize_t length = H5Iget_name(object_id, nullptr, 0);
  if (length <= 0) return {};
  std::string path(static_cast<std::size_t>(length) + 1, '\0');
  H5Iget_name(object_id, path.data(), path.size());
  path.pop_back();
  return path;
}

bool exists(hid_t location, const std::string& path) {
  const silence quiet;
  for (std::size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
    if (H5Oexists_by_name(location, path.substr(0, end).c_str(), H5P_DEFAULT) <= 0) return false;
  }
  return path == "/" || H5Oexists_by_name(location, path.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> links_of(hid_t group_id) {
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  const properties created(H5Gget_create_plist(group_id));
  unsigned order = 0;
  H5Pget_link_creation_order(created.get(), &order);
  const H5_index_t index = (order & H5P_CRT_ORDER_TRACKED) != 0 ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
  hsize_t position = 0;
  check(H5Literate(group_id, index, H5_ITER_INC, &position, collect, &names), "cannot list a group");
  return names;
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos || slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace weir::io::h5

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hdf5.h>

#include <weir/error.hpp>
#include <weir/sample_type.hpp>

/// One thin, throwing, move-only wrapper per kind of HDF5 object.
namespace weir::io::h5 {

/// Owns one HDF5 identifier and closes it with `Close`.
template <herr_t (*Close)(hid_t)>
class handle {
 public:
  handle() = default;
  explicit handle(hid_t id) noexcept : id_(id) {}
  ~handle() { reset(); }
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;
  handle(handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  handle& operator=(handle&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, H5I_INVALID_HID);
    }
    return *this;
  }

  hid_t get() const noexcept { return id_; }
  explicit operator bool() const noexcept { return id_ >= 0; }

  /// Gives the identifier to a caller who closes it.
  hid_t release() noexcept { return std::exchange(id_, H5I_INVALID_HID); }

  void reset() noexcept {
    if (id_ >= 0) Close(std::exchange(id_, H5I_INVALID_HID));
  }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

using file = handle<H5Fclose>;
using group = handle<H5Gclose>;
using object = handle<H5Oclose>;
using dataset = handle<H5Dclose>;
using attribute = handle<H5Aclose>;
using datatype = handle<H5Tclose>;
using dataspace = handle<H5Sclose>;
using properties = handle<H5Pclose>;

/// Keeps HDF5 from printing its error stack while it lives, and puts back what the caller had.
class silence {
 public:
  silence() noexcept {
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~silence() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }
  silence(const silence&) = delete;
  silence& operator=(const silence&) = delete;
  silence(silence&&) = delete;
  silence& operator=(silence&&) = delete;

 private:
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

/// The innermost sentence of HDF5's error stack: the cause, where the outer ones only say what it kept from
/// happening.
std::string last_error();

[[noreturn]] void fail(exit_code code, std::string_view what);

/// Throws `what`, with HDF5's reason, where an HDF5 call returned a negative value; otherwise returns the
/// value.
template <class Result>
Result check(Result result, std::string_view what, exit_code code = exit_code::io_error) {
  if (result < 0) fail(code, what);
  return result;
}

/// What HDF5 reads at least of contiguous data, unless one is told otherwise. A read of at least this much
/// goes past its buffer: the usual size (64 KiB, H5Pset_sieve_buf_size) is that of a reader's staging, which
/// would be filled by way of it, and parts of the file be read twice.
inline constexpr std::size_t usual_sieve_bytes = std::size_t{32} << 10;

/// Opens a file for reading, of contiguous data `sieve_bytes` at least at a time. Every reason that a user
/// can meet has a sentence of its own. @throws weir::error no_input or bad_data.
file open_for_reading(const std::string& path, std::size_t sieve_bytes = usual_sieve_bytes);

/// Sizes of the dataset's dimensions.
std::vector<hsize_t> extents_of(hid_t dataset_id);

/// A property list of this class.
properties make_properties(hid_t list_class);

/// This machine's type of a sample.
hid_t native(sample_type type);

/// The name, in words or as NumPy spells it, of a stored type.
std::string describe_type(hid_t type);

/// Absolute path of an object that was opened by a path; empty if it has none.
std::string path_of(hid_t object_id);

/// Whether `path` leads to an object that exists, each link of it.
bool exists(hid_t location, const std::string& path);

/// Names of the links of a group, in creation order where the group tracks it, otherwise by name.
std::vector<std::string> links_of(hid_t group_id);

/// Path of the group that holds `path`: "/" for what lies in the root.
std::string parent_of(const std::string& path);

}  // namespace weir::io::h5

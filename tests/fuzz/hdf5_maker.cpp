#include "hdf5_maker.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "io/hdf5.hpp"

namespace weir::fuzz {
namespace {

namespace h5 = io::h5;

/// Most values that are written; what is larger keeps its fill value, and no space is taken for it.
constexpr hssize_t most_values = 256;
constexpr unsigned most_objects = 24;

class maker {
 public:
  maker(hid_t file, byte_source& bytes, const known_names& names)
      : file_(file), bytes_(bytes), names_(names) {}

  void make_object() {
    const std::string path = chosen(names_.objects);
    switch (bytes_.byte() % 8) {
      case 0:
        h5::group(H5Gcreate2(file_, path.c_str(), with_groups().get(), H5P_DEFAULT, H5P_DEFAULT));
        return;
      case 1:
        H5Lcreate_soft(chosen(names_.objects).c_str(), file_, path.c_str(), with_groups().get(), H5P_DEFAULT);
        return;
      case 2:
        H5Lcreate_external("absent.h5", "/x", file_, path.c_str(), with_groups().get(), H5P_DEFAULT);
        return;
      case 3:
      case 4:
        return make_attribute(path);
      default:
        return make_dataset(path);
    }
  }

 private:
  std::string chosen(std::span<const char* const> known) {
    const std::size_t choice = bytes_.byte() % (known.size() + 1);
    return choice < known.size() ? known[choice] : bytes_.text();
  }

  static h5::properties with_groups() {
    h5::properties made(H5Pcreate(H5P_LINK_CREATE));
    H5Pset_create_intermediate_group(made.get(), 1);
    return made;
  }

  h5::datatype text_type() {
    h5::datatype type(H5Tcopy(H5T_C_S1));
    const std::size_t length = bytes_.byte() % 24;
    H5Tset_size(type.get(), length == 0 ? H5T_VARIABLE : length);
    H5Tset_strpad(type.get(), bytes_.one_of(std::array{H5T_STR_NULLTERM, H5T_STR_NULLPAD, H5T_STR_SPACEPAD}));
    return type;
  }

  h5::datatype type() {
    const std::array plain{H5T_STD_I16LE,  H5T_STD_I16BE,   H5T_STD_U16LE,     H5T_STD_I32LE,
                           H5T_IEEE_F32LE, H5T_IEEE_F64LE,  H5T_IEEE_F64BE,    H5T_STD_I8LE,
                           H5T_STD_U8LE,   H5T_STD_I64LE,   H5T_STD_U64BE,     H5T_STD_U32LE,
                           H5T_STD_B16LE,  H5T_STD_REF_OBJ, H5T_NATIVE_LDOUBLE};
    const std::uint8_t choice = bytes_.byte() % 32;
    if (choice < plain.size()) return h5::datatype(H5Tcopy(plain[choice]));
    switch (choice) {
      case 15:
        return h5::datatype(H5Tvlen_create(H5T_STD_I32LE));
      case 16: {
        h5::datatype pair(H5Tcreate(H5T_COMPOUND, 8));
        H5Tinsert(pair.get(), "r", 0, H5T_IEEE_F32LE);
        H5Tinsert(pair.get(), "i", 4, H5T_IEEE_F32LE);
        return pair;
      }
      case 17: {
        const hsize_t three = 3;
        return h5::datatype(H5Tarray_create2(H5T_STD_I16LE, 1, &three));
      }
      case 18: {
        h5::datatype names(H5Tenum_create(H5T_STD_I16LE));
        const std::int16_t one = 1;
        H5Tenum_insert(names.get(), "one", &one);
        return names;
      }
      case 19:
        return h5::datatype(H5Tcreate(H5T_OPAQUE, 5));
      case 20: {
        h5::datatype narrow(H5Tcopy(H5T_STD_I16LE));
        H5Tset_precision(narrow.get(), 12);
        return narrow;
      }
      default:
        return text_type();
    }
  }

  /// A dataspace; `huge` allows shapes that no memory holds.
  h5::dataspace space(bool huge) {
    const std::uint8_t choice = bytes_.byte() % 16;
    if (choice == 0) return h5::dataspace(H5Screate(H5S_NULL));
    if (choice < 4) return h5::dataspace(H5Screate(H5S_SCALAR));
    const int dimensions = choice < 7 ? 1 : choice < 14 ? 2 : 3;
    std::array<hsize_t, 3> extents{};
    for (hsize_t& extent : extents) {
      extent = bytes_.one_of(std::array<hsize_t, 7>{2, 1, 3, 5, 17, 64, 0});
      if (huge && dimensions == 2 && bytes_.byte() > 240) extent = hsize_t{1} << 40;
    }
    return h5::dataspace(H5Screate_simple(dimensions, extents.data(), nullptr));
  }

  h5::properties storage(hid_t space) {
    constexpr H5Z_filter_t not_installed = 32000;
    h5::properties made(H5Pcreate(H5P_DATASET_CREATE));
    const std::uint8_t choice = bytes_.byte() % 8;
    std::array<hsize_t, 3> extents{};
    const int dimensions = H5Sget_simple_extent_ndims(space);
    if (choice < 3 || dimensions < 1) return made;
    H5Sget_simple_extent_dims(space, extents.data(), nullptr);
    if (choice == 3) {
      h5::dataspace source(H5Scopy(space));
      H5Pset_virtual(made.get(), space, bytes_.text().c_str(), "/x", source.get());
      return made;
    }
    for (hsize_t& extent : extents) {
      extent = std::min(std::max<hsize_t>(extent, 1), bytes_.one_of(std::array<hsize_t, 4>{64, 1, 2, 7}));
    }
    H5Pset_chunk(made.get(), dimensions, extents.data());
    if (choice == 5) H5Pset_deflate(made.get(), bytes_.byte() % 10);
    if (choice == 6) H5Pset_shuffle(made.get());
    if (choice == 7) H5Pset_filter(made.get(), not_installed, H5Z_FLAG_OPTIONAL, 0, nullptr);
    return made;
  }

  /// Calls `write(type, buffer)` with values for the points of a space, where they are few and plain.
  template <class Write>
  void fill(hid_t type, hid_t space, Write write) {
    const hssize_t points = H5Sget_simple_extent_npoints(space);
    if (points <= 0 || points > most_values || bytes_.byte() % 4 == 0) return;
    const auto count = static_cast<std::size_t>(points);
    const H5T_class_t kind = H5Tget_class(type);
    if (kind == H5T_STRING) return fill_texts(type, count, write);
    if (kind != H5T_INTEGER && kind != H5T_FLOAT) return;
    if (bytes_.flag()) {
      // Times, most of which are even.
      const double step = bytes_.one_of(std::array{1e-3, 1000.0, 0.0, -1.0});
      std::vector<double> even(count);
      for (std::size_t i = 0; i < count; ++i) even[i] = static_cast<double>(i) * step;
      if (bytes_.flag()) even[bytes_.byte() % count] = 7.5;
      write(H5T_NATIVE_DOUBLE, even.data());
      return;
    }
    std::vector<std::uint8_t> raw(count * H5Tget_size(type));
    bytes_.fill(raw);
    write(type, raw.data());
  }

  template <class Write>
  void fill_texts(hid_t type, std::size_t count, Write write) {
    std::vector<std::string> texts(count);
    for (std::string& text : texts) text = chosen(names_.texts);
    if (H5Tis_variable_str(type) > 0) {
      std::vector<const char*> pointers;
      for (const std::string& text : texts) pointers.push_back(text.c_str());
      write(type, pointers.data());
      return;
    }
    const std::size_t length = H5Tget_size(type);
    std::string raw;
    for (std::string& text : texts) {
      text.resize(length, H5Tget_strpad(type) == H5T_STR_SPACEPAD ? ' ' : '\0');
      raw += text;
    }
    write(type, raw.data());
  }

  void make_dataset(const std::string& path) {
    const h5::datatype of = type();
    const h5::dataspace shape = space(true);
    const h5::dataset made(H5Dcreate2(file_, path.c_str(), of.get(), shape.get(), with_groups().get(),
                                      storage(shape.get()).get(), H5P_DEFAULT));
    if (!made) return;
    fill(of.get(), shape.get(), [&](hid_t memory, const void* values) {
      H5Dwrite(made.get(), memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    });
  }

  void make_attribute(const std::string& path) {
    const h5::object owner(H5Oopen(file_, path.empty() ? "/" : path.c_str(), H5P_DEFAULT));
    const std::string name = chosen(names_.attributes);
    const h5::datatype of = bytes_.flag() ? text_type() : type();
    const h5::dataspace shape = space(false);
    if (!owner) return;
    const h5::attribute made(
        H5Acreate2(owner.get(), name.c_str(), of.get(), shape.get(), H5P_DEFAULT, H5P_DEFAULT));
    if (!made) return;
    fill(of.get(), shape.get(),
         [&](hid_t memory, const void* values) { H5Awrite(made.get(), memory, values); });
  }

  hid_t file_;
  byte_source& bytes_;
  const known_names& names_;
};

}  // namespace

void make_file(const std::string& path, byte_source& bytes, const known_names& names) {
  const h5::silence quiet;
  const h5::file file(
      h5::check(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), "cannot make a file"));
  maker made(file.get(), bytes, names);
  for (unsigned i = 0; i < most_objects && !bytes.empty(); ++i) made.make_object();
}

}  // namespace weir::fuzz

#include "references.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace weir::io {

bool holds_references(hid_t type) {
  return H5Tdetect_class(type, H5T_REFERENCE) > 0;
}

void reference_translator::translate(hid_t type, void* values, std::size_t count) {
  const std::size_t bytes = H5Tget_size(type);
  for (std::size_t i = 0; i < count; ++i) translate_one(type, static_cast<std::byte*>(values) + i * bytes);
}

void reference_translator::translate_one(hid_t type, std::byte* value) {
  switch (H5Tget_class(type)) {
    case H5T_REFERENCE:
      translate_reference(type, value);
      return;
    case H5T_COMPOUND: {
      const int members = H5Tget_nmembers(type);
      for (unsigned i = 0; i < static_cast<unsigned>(members); ++i) {
        const h5::datatype member(H5Tget_member_type(type, i));
        if (holds_references(member.get()))
          translate_one(member.get(), value + H5Tget_member_offset(type, i));
      }
      return;
    }
    case H5T_ARRAY: {
      const h5::datatype element(H5Tget_super(type));
      translate(element.get(), value, H5Tget_size(type) / H5Tget_size(element.get()));
      return;
    }
    case H5T_VLEN: {
      const h5::datatype element(H5Tget_super(type));
      hvl_t list{};
      std::memcpy(&list, value, sizeof list);
      translate(element.get(), list.p, list.len);
      return;
    }
    default:
      return;
  }
}

void reference_translator::translate_reference(hid_t type, std::byte* value) {
  const std::size_t bytes = H5Tget_size(type);
  if (std::all_of(value, value + bytes, [](std::byte b) { return b == std::byte{0}; })) return;

  hobj_ref_t reference{};
  if (H5Tequal(type, H5T_STD_REF_OBJ) > 0) {
    std::memcpy(&reference, value, sizeof reference);
    const h5::object object(H5Rdereference2(source_, H5P_DEFAULT, H5R_OBJECT, &reference));
    H5O_info_t info{};
    if (object && H5Oget_info(object.get(), &info) >= 0) {
      const auto found = went_to_.find(info.addr);
      if (found != went_to_.end() &&
          H5Rcreate(&reference, target_, found->second.c_str(), H5R_OBJECT, H5I_INVALID_HID) >= 0) {
        std::memcpy(value, &reference, sizeof reference);
        return;
      }
    }
  }
  std::fill_n(value, bytes, std::byte{0});
  ++lost_;
}

}  // namespace weir::io

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hdf5.hpp"

/// Attributes as people mean them: a text may be of fixed or variable length, a number may be stored as any
/// numeric type or as text, and either may hide in an array of one.
namespace weir::io::h5 {

/// All elements of a text attribute; empty if there is none of that name or it is no text.
std::vector<std::string> texts_attribute(hid_t object_id, const std::string& name);

/// The first element of a text attribute.
std::optional<std::string> text_attribute(hid_t object_id, const std::string& name);

/// The first element of a numeric attribute, or of a text that is one number.
std::optional<double> number_attribute(hid_t object_id, const std::string& name);

bool has_attribute(hid_t object_id, const std::string& name);

/// All elements of a text dataset; empty if there is none at that path, if it is no text or more than
/// 16 MiB of it.
std::vector<std::string> texts_dataset(hid_t location, const std::string& path);

/// The text of a scalar or one-element text dataset.
std::optional<std::string> text_dataset(hid_t location, const std::string& path);

/// Write an attribute, in place of one of the same name. Texts are UTF-8 of variable length, which the 64 KiB
/// limit of an object's header does not touch.
void set_attribute(hid_t object_id, const std::string& name, const std::string& text);
void set_attribute(hid_t object_id, const std::string& name, const std::vector<std::string>& texts);
void set_attribute(hid_t object_id, const std::string& name, double number);
void set_attribute(hid_t object_id, const std::string& name, std::int64_t number);

/// Change the value of an attribute, which keeps its type where that can hold it: text of fixed length stays
/// so. Nothing happens where there is no attribute of that name.
void rewrite_attribute(hid_t object_id, const std::string& name, const std::string& text);
void rewrite_attribute(hid_t object_id, const std::string& name, double number);

/// UTF-8 text of variable length.
datatype text_type();

}  // namespace weir::io::h5

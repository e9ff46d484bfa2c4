#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace weir::io {

/// JSON as text for files and people: in one line, or with `indent` blanks a level. Names of files, and texts
/// in them, are bytes of any kind; those that are no UTF-8 become U+FFFD.
std::string json_text(const nlohmann::json& json, int indent = -1);

/// JSON as bytes for other ranks (CBOR, RFC 8949), which keep what text does not: NaN, infinities, and bytes
/// that are no UTF-8.
std::string pack(const nlohmann::json& json);

/// What pack() was given. Throws nlohmann::json::exception for other bytes.
nlohmann::json unpack(std::string_view bytes);

/// The whole number at `key`; one that is not negative for unsigned_at(). Throws `error` (bad_data) for
/// anything else there, and nlohmann::json::exception if nothing is.
std::int64_t integer_at(const nlohmann::json& json, const char* key);
std::uint64_t unsigned_at(const nlohmann::json& json, const char* key);

}  // namespace weir::io

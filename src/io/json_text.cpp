#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/error.hpp>
#include <weir/io/json_text.hpp>

namespace weir::io {
namespace {

/// nlohmann::json converts any number to any other, also where C++ does not define what comes out.
[[noreturn]] void refuse(const nlohmann::json& value, const char* key, const char* wanted) {
  throw error(exit_code::bad_data, fmt::format("{} is {}, which is not {}", key, json_text(value), wanted));
}

}  // namespace

std::string json_text(const nlohmann::json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string pack(const nlohmann::json& json) {
  std::string bytes;
  nlohmann::json::to_cbor(json, bytes);
  return bytes;
}

nlohmann::json unpack(std::string_view bytes) {
  return nlohmann::json::from_cbor(bytes);
}

std::int64_t integer_at(const nlohmann::json& json, const char* key) {
  const nlohmann::json& value = json.at(key);
  if (!value.is_number_integer()) refuse(value, key, "a whole number");
  return value.get<std::int64_t>();
}

std::uint64_t unsigned_at(const nlohmann::json& json, const char* key) {
  const nlohmann::json& value = json.at(key);
  if (!value.is_number_unsigned()) refuse(value, key, "a whole number from 0 on");
  return value.get<std::uint64_t>();
}

}  // namespace weir::io

#include <nlohmann/json.hpp>

#include <weir/error.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/recording.hpp>

namespace weir::io {

namespace {

template <class T>
nlohmann::json optional_to_json(const std::optional<T>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

template <class T>
std::optional<T> optional_from_json(const nlohmann::json& json) {
  return json.is_null() ? std::nullopt : std::optional<T>(json.get<T>());
}

sample_type type_from_name(const std::string& name) {
  for (const sample_type type : {sample_type::int16, sample_type::uint16, sample_type::int32,
                                 sample_type::float32, sample_type::float64}) {
    if (name == name_of(type)) return type;
  }
  throw error(exit_code::internal, "no sample type is called '" + name + "'");
}

nlohmann::json storage_to_json(const storage& store) {
  nlohmann::json json{{"chunked", store.chunked},
                      {"chunk_channels", store.chunk_channels},
                      {"chunk_samples", store.chunk_samples},
                      {"gzip_level", optional_to_json(store.gzip_level)},
                      {"shuffle", store.shuffle},
                      {"filtered", store.filtered},
                      {"fill", store.fill},
                      {"stored_bytes", store.stored_bytes},
                      {"where", nullptr}};
  if (store.where) {
    json["where"] = {{"first_byte", store.where->first_byte}, {"chunk_stride", store.where->chunk_stride}};
  }
  return json;
}

storage storage_from_json(const nlohmann::json& json) {
  storage store;
  json.at("chunked").get_to(store.chunked);
  store.chunk_channels = unsigned_at(json, "chunk_channels");
  store.chunk_samples = unsigned_at(json, "chunk_samples");
  if (!json.at("gzip_level").is_null()) store.gzip_level = static_cast<int>(integer_at(json, "gzip_level"));
  json.at("shuffle").get_to(store.shuffle);
  json.at("fill").get_to(store.fill);
  json.at("filtered").get_to(store.filtered);
  store.stored_bytes = unsigned_at(json, "stored_bytes");
  if (const nlohmann::json& where = json.at("where"); !where.is_null()) {
    store.where = placement{unsigned_at(where, "first_byte"), unsigned_at(where, "chunk_stride")};
  }
  return store;
}

nlohmann::json file_to_json(const recording_file& file) {
  return {{"path", file.path},
          {"first_sample", file.samples.begin},
          {"samples", file.samples.size()},
          {"storage", storage_to_json(file.store)},
          {"file_bytes", file.file_bytes},
          {"modified_ns", file.modified_ns},
          {"start_ns", optional_to_json(file.start_ns)}};
}

recording_file file_from_json(const nlohmann::json& json) {
  recording_file file;
  json.at("path").get_to(file.path);
  file.samples.begin = unsigned_at(json, "first_sample");
  file.samples.end = file.samples.begin + unsigned_at(json, "samples");
  file.store = storage_from_json(json.at("storage"));
  file.file_bytes = unsigned_at(json, "file_bytes");
  file.modified_ns = integer_at(json, "modified_ns");
  file.start_ns = optional_from_json<std::int64_t>(json.at("start_ns"));
  return file;
}

}  // namespace

void to_json(nlohmann::json& json, const recording& what) {
  json = {{"path", what.path},
          {"layout", what.layout},
          {"dataset", what.dataset},
          {"time_axis", what.axis == time_axis::first ? 0 : 1},
          {"dimensions", what.dimensions},
          {"channels", what.channels},
          {"samples", what.samples},
          {"type", name_of(what.type)},
          {"sampling_rate", optional_to_json(what.sampling_rate)},
          {"storage", storage_to_json(what.store)},
          {"scale", what.scale},
          {"offset", what.offset},
          {"unit", what.unit},
          {"start_time", optional_to_json(what.start_time)},
          {"start_offset", what.start_offset},
          {"start_ns", optional_to_json(what.start_ns)},
          {"file_bytes", what.file_bytes},
          {"modified_ns", what.modified_ns},
          {"reasons", what.reasons},
          {"warnings", what.warnings}};
  if (what.rate_is_said) json["rate_of_file"] = optional_to_json(what.rate_of_file);
  if (what.files.empty()) return;
  nlohmann::json& files = json["files"];
  for (const recording_file& file : what.files) files.push_back(file_to_json(file));
}

void from_json(const nlohmann::json& json, recording& what) {
  json.at("path").get_to(what.path);
  json.at("layout").get_to(what.layout);
  json.at("dataset").get_to(what.dataset);
  what.axis = integer_at(json, "time_axis") == 0 ? time_axis::first : time_axis::last;
  what.dimensions = static_cast<int>(integer_at(json, "dimensions"));
  what.channels = unsigned_at(json, "channels");
  what.samples = unsigned_at(json, "samples");
  what.type = type_from_name(json.at("type").get<std::string>());
  what.sampling_rate = optional_from_json<double>(json.at("sampling_rate"));
  what.rate_is_said = json.contains("rate_of_file");
  what.rate_of_file.reset();
  if (what.rate_is_said) what.rate_of_file = optional_from_json<double>(json.at("rate_of_file"));
  what.store = storage_from_json(json.at("storage"));
  json.at("scale").get_to(what.scale);
  json.at("offset").get_to(what.offset);
  json.at("unit").get_to(what.unit);
  what.start_time = optional_from_json<std::string>(json.at("start_time"));
  json.at("start_offset").get_to(what.start_offset);
  what.start_ns = optional_from_json<std::int64_t>(json.at("start_ns"));
  what.file_bytes = unsigned_at(json, "file_bytes");
  what.modified_ns = integer_at(json, "modified_ns");
  json.at("reasons").get_to(what.reasons);
  json.at("warnings").get_to(what.warnings);
  what.files.clear();
  if (!json.contains("files")) return;
  for (const nlohmann::json& file : json.at("files")) what.files.push_back(file_from_json(file));
}

}  // namespace weir::io

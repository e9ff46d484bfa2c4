#include <algorithm>
#include <bit>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/error.hpp>
#include <weir/io/json_text.hpp>
#include <weir/pipeline/checkpoint.hpp>

namespace weir::pipeline {
namespace {

/// Beyond this not every whole number is a double.
constexpr std::size_t most_samples = std::size_t{1} << 53;

index_range range_from(const nlohmann::json& json, std::string_view key) {
  const bool is_range =
      json.size() == 2 && json.at(0).is_number_unsigned() && json.at(1).is_number_unsigned();
  if (!is_range) {
    throw error(exit_code::bad_data, fmt::format("{} has {}, which is no range", key, io::json_text(json)));
  }
  return {json.at(0).get<std::size_t>(), json.at(1).get<std::size_t>()};
}

nlohmann::json json_of(const block_set& blocks) {
  nlohmann::json ranges = nlohmann::json::array();
  for (const index_range& range : blocks.ranges()) ranges.push_back({range.begin, range.end});
  return ranges;
}

nlohmann::json json_of(const std::vector<io::log_file>& logs) {
  nlohmann::json all = nlohmann::json::array();
  for (const io::log_file& log : logs) all.push_back({log.run, log.writer, log.bytes});
  return all;
}

block_set blocks_from(const nlohmann::json& ranges) {
  block_set blocks;
  for (const nlohmann::json& range : ranges) blocks.add(range_from(range, "a set of blocks"));
  return blocks;
}

std::vector<io::log_file> logs_from(const nlohmann::json& logs) {
  std::vector<io::log_file> all;
  for (const nlohmann::json& log : logs) {
    const bool is_log =
        log.size() == 3 && std::ranges::all_of(log, [](const auto& n) { return n.is_number_unsigned(); });
    if (!is_log) {
      throw error(exit_code::bad_data, fmt::format("logs has {}, which is no log", io::json_text(log)));
    }
    all.push_back(
        {log.at(0).get<std::uint64_t>(), log.at(1).get<std::uint64_t>(), log.at(2).get<std::uint64_t>()});
  }
  return all;
}

/// By their bits: a trend may be no number, for which JSON has no word.
nlohmann::json json_of(const std::vector<steps::trend>& trends) {
  nlohmann::json all = nlohmann::json::array();
  for (const steps::trend& trend : trends) {
    all.push_back({std::bit_cast<std::uint64_t>(trend.level), std::bit_cast<std::uint64_t>(trend.slope)});
  }
  return all;
}

std::vector<steps::trend> trends_from(const nlohmann::json& trends) {
  std::vector<steps::trend> all;
  for (const nlohmann::json& trend : trends) {
    const bool is_trend =
        trend.size() == 2 && trend.at(0).is_number_unsigned() && trend.at(1).is_number_unsigned();
    if (!is_trend) {
      throw error(exit_code::bad_data, fmt::format("trends has {}, which is no trend", io::json_text(trend)));
    }
    all.push_back({std::bit_cast<double>(trend.at(0).get<std::uint64_t>()),
                   std::bit_cast<double>(trend.at(1).get<std::uint64_t>())});
  }
  return all;
}

/// Whether a file's rectangle is one of the output, as large as its dataset, and its blocks are some that
/// are.
bool is_sound(const checkpoint& state, const node_output& node) {
  const auto lies_in = [](index_range inner, std::size_t length) {
    return inner.begin < inner.end && inner.end <= length;
  };
  const std::vector<index_range>& blocks = node.blocks.ranges();
  return lies_in(node.channels, state.part.channels) && lies_in(node.samples, state.part.samples) &&
         node.part.channels == node.channels.size() && node.part.samples == node.samples.size() &&
         (blocks.empty() || blocks.back().end <= state.blocks().size());
}

}  // namespace

block_set done_in(const node_output& node, const checkpoint& state) {
  const std::size_t end = state.blocks().size();
  block_set in_one_at_most = node.blocks.complement(end);
  in_one_at_most.add(state.done.complement(end));
  return in_one_at_most.complement(end);
}

void to_json(nlohmann::json& json, const node_output& node) {
  json = {{"number", node.number},
          {"run", node.run},
          {"domain", node.domain},
          {"blocks", json_of(node.blocks)},
          {"channels", {node.channels.begin, node.channels.end}},
          {"samples", {node.samples.begin, node.samples.end}},
          {"part", node.part},
          {"logs", json_of(node.logs)},
          {"is_stored", node.is_stored}};
}

void from_json(const nlohmann::json& json, node_output& node) {
  node.number = io::unsigned_at(json, "number");
  node.run = io::unsigned_at(json, "run");
  node.domain = io::unsigned_at(json, "domain");
  node.blocks = blocks_from(json.at("blocks"));
  node.channels = range_from(json.at("channels"), "channels");
  node.samples = range_from(json.at("samples"), "samples");
  json.at("part").get_to(node.part);
  node.logs = logs_from(json.at("logs"));
  json.at("is_stored").get_to(node.is_stored);
}

void to_json(nlohmann::json& json, const checkpoint& state) {
  json = {{"identity", state.identity},
          {"part", state.part},
          {"span", {state.span.begin, state.span.end}},
          {"block_rows", state.block_rows},
          {"block_samples", state.block_samples},
          {"split", state.split == split_axis::rows ? "rows" : "time"},
          {"done", json_of(state.done)},
          {"clipped", state.clipped},
          {"nonfinite", state.nonfinite},
          {"logs", json_of(state.logs)},
          {"trends", json_of(state.trends)},
          {"nodes", state.nodes},
          {"is_assembling", state.is_assembling}};
}

void from_json(const nlohmann::json& json, checkpoint& state) {
  json.at("identity").get_to(state.identity);
  json.at("part").get_to(state.part);
  state.span = {0, state.part.samples};
  if (json.contains("span")) state.span = range_from(json.at("span"), "span");
  state.block_rows = io::unsigned_at(json, "block_rows");
  state.block_samples = io::unsigned_at(json, "block_samples");
  state.split = json.at("split") == "rows" ? split_axis::rows : split_axis::time;
  state.done = blocks_from(json.at("done"));
  state.clipped = io::unsigned_at(json, "clipped");
  state.nonfinite = io::unsigned_at(json, "nonfinite");
  state.logs = logs_from(json.at("logs"));
  state.trends = trends_from(json.at("trends"));
  json.at("nodes").get_to(state.nodes);
  json.at("is_assembling").get_to(state.is_assembling);
}

checkpoint checkpoint_from(const nlohmann::json& json) {
  checkpoint state;
  try {
    state = json.get<checkpoint>();
  } catch (const std::exception& fault) {
    throw error(exit_code::bad_data, fault.what());
  }
  const io::recording& part = state.part;
  if (part.channels == 0 || part.samples == 0 || part.channels > most_samples / part.samples) {
    throw error(exit_code::bad_data,
                fmt::format("no recording has {} channels of {} samples", part.channels, part.samples));
  }
  if (state.span.begin >= state.span.end || state.span.end > most_samples) {
    throw error(exit_code::bad_data,
                fmt::format("no recording has samples {} to {}", state.span.begin, state.span.end));
  }
  if (state.block_rows == 0 || state.block_samples == 0 || state.block_rows > most_samples ||
      state.block_samples > most_samples) {
    throw error(exit_code::bad_data,
                fmt::format("no block has {} rows of {} samples", state.block_rows, state.block_samples));
  }
  if (!state.done.ranges().empty() && state.done.ranges().back().end > state.blocks().size()) {
    throw error(exit_code::bad_data,
                fmt::format("block {} of {} is done", state.done.ranges().back().end, state.blocks().size()));
  }
  if (!state.trends.empty() && state.trends.size() != part.channels) {
    throw error(exit_code::bad_data,
                fmt::format("{} channels of {} have a trend", state.trends.size(), part.channels));
  }
  for (const node_output& node : state.nodes) {
    if (!is_sound(state, node)) {
      throw error(exit_code::bad_data,
                  fmt::format("file {} of a node is no part of the recording", node.number));
    }
  }
  return state;
}

}  // namespace weir::pipeline

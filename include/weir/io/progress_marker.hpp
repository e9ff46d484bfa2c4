#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace weir::io {

/// Where the progress of an output that is not complete is kept: a file beside OUT.part.
std::string marker_path(const std::string& final_path);

/// Replaces the marker at `path` by `state`, so that whoever reads it, even after a crash of the machine,
/// finds the old one or the new one, whole. The order: write `path`.new with a checksum, fsync it, rename it
/// over `path`, fsync the folder. What `state` says is done must have been synced before. One rank calls it.
/// Throws `error` (io_error).
void save_marker(const std::string& path, const nlohmann::json& state);

/// The state that the marker holds; nothing if there is no marker. Throws `error`: bad_data if it is damaged,
/// no_input if it cannot be read.
std::optional<nlohmann::json> load_marker(const std::string& path);

/// The bytes of a marker: one line with its format and a checksum, and `state` as JSON.
std::string marker_text(const nlohmann::json& state);

/// The same around any body, which is not looked at.
std::string marker_of_body(std::string_view body);

/// The same from the bytes of a marker; `source` is named in errors.
nlohmann::json parse_marker(std::span<const char> bytes, const std::string& source);

/// Removes the marker and what a crash left of its successor; does not mind if there is none.
void remove_marker(const std::string& path) noexcept;

/// FNV-1a with 64 bits (Fowler, Noll, Vo): tells accidental changes apart, not malice.
std::uint64_t checksum(std::span<const char> bytes, std::uint64_t so_far = 0xcbf29ce484222325U);

/// A checksum of `pieces`, two at least, spread evenly over a file, from its first bytes to its last, so that
/// it takes no time however long the file is: tells another file of the same size and time. Throws `error`
/// (no_input).
std::uint64_t content_probe(const std::string& path, std::size_t pieces = 16);

}  // namespace weir::io

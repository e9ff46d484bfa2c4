#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include <weir/error.hpp>

/// Fuzz targets: each defines LLVMFuzzerTestOneInput, the entry that libFuzzer calls with bytes of its making
/// (LLVM's documentation of libFuzzer), and replay.cpp with the bytes of files. What must hold for any input
/// is checked by require(), everything else is left to the sanitizers.
namespace weir::fuzz {

/// Ends the program unless `holds`, so that the fuzzer keeps the input.
inline void require(bool holds, std::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

/// What `f` returns, or nothing where it throws an `error` with one of the `codes`; a sentence comes with it.
/// Any other exception ends the program.
template <class F>
std::optional<std::invoke_result_t<F>> result_or_refusal(F&& f, std::initializer_list<exit_code> codes) {
  try {
    return std::forward<F>(f)();
  } catch (const error& refusal) {
    const std::string_view sentence = refusal.what();
    if (std::find(codes.begin(), codes.end(), refusal.code()) == codes.end()) {
      std::fprintf(stderr, "exit code %d: %s\n", static_cast<int>(refusal.code()), refusal.what());
    }
    require(std::find(codes.begin(), codes.end(), refusal.code()) != codes.end(),
            "an error has an exit code that its header names");
    require(!sentence.empty(), "an error has a sentence");
    return std::nullopt;
  }
}

}  // namespace weir::fuzz

#pragma once

#include <stddef.h>
#include <stdint.h>

/// A function of your own for `weir apply IN OUT --plugin LIBRARY.so --param KEY=VALUE`, in plain C.
///
/// A plugin is a shared object that defines weir_plugin_entry(). weir reads the recording, brings each
/// stretch of a row with its neighbours to the plugin, and stores what comes back; boundaries, memory, ranks,
/// nodes, stops and restarts are weir's business. `cc -shared -fPIC -I PREFIX/include plugin.c -o plugin.so`
/// builds one; it links to nothing of weir's.
///
/// **Same bits.** The result of a sample may depend only on the samples from `before` ahead of it to `after`
/// behind it, on its place, and on what create() was told. A row is cut into stretches anywhere, and in other
/// places on another number of ranks; rows come in any order, and some ranks see none. A plugin that keeps
/// something from one call to the next, or whose sums depend on where a stretch begins, breaks the promise
/// that the output is the same on any number of ranks.
///
/// **Processes and threads.** Every rank is a process that loads the library, makes one instance, and calls
/// it from one thread, one call at a time. A plugin makes no call of MPI, does not fork, writes no file that
/// others write, and leaves signal handlers and standard output alone. Threads that it starts have ended when
/// a call returns. It never calls exit().
///
/// **Failure.** create() and run() return 0 if all went well. Otherwise they have written why into `message`,
/// as a text of at most `message_bytes` bytes with its closing zero; the user reads it as part of a sentence.
/// create() fails for parameters that are missing, wrong or unknown; run() for samples it cannot work on.

#ifdef __cplusplus
extern "C" {
#endif

/// The version of this interface. Plugins for another one are refused.
enum { weir_plugin_abi = 1 };

/// Types of samples that a plugin works in; weir converts what is stored otherwise, and rounds and clips the
/// results back to what is stored.
enum weir_plugin_type {
  weir_plugin_float32 = 1,  ///< C's float
  weir_plugin_float64 = 2   ///< C's double
};

/// One `--param KEY=VALUE`, in the order of the command line.
struct weir_plugin_parameter {
  const char* key;
  const char* value;
};

/// What create() is told. Valid during the call.
struct weir_plugin_request {
  uint64_t channels;     ///< rows of the whole recording
  uint64_t samples;      ///< of each row
  double sampling_rate;  ///< Hz; 0 if it is not known
  uint32_t type;         ///< the one of weir_plugin_type that stretches will have
  const struct weir_plugin_parameter* parameters;
  size_t parameter_count;
};

/// The neighbours that a stretch comes with on each side; the same for all stretches, and on all ranks.
struct weir_plugin_halo {
  uint64_t before;  ///< samples ahead of a stretch
  uint64_t after;   ///< samples behind it
};

/// Consecutive samples of one row. Beyond the recording's two ends stands what `--mode` says.
struct weir_plugin_stretch {
  uint64_t channel;       ///< the row, counted from 0
  uint64_t first_sample;  ///< the place in the row of the first result, counted from 0
  uint64_t samples;       ///< how many results are wanted; at least 1
  const void* in;         ///< `before + samples + after` samples; that of first_sample is in[before]
  void* out;              ///< room for `samples` results; does not overlap `in`
};

/// What a library offers. It stays where it is, and as it is, while the library is loaded.
struct weir_plugin {
  uint32_t abi;         ///< weir_plugin_abi of the header that it was compiled with
  uint32_t types;       ///< those of weir_plugin_type that it works in, or-ed together
  const char* name;     ///< a word or two, for messages and for the output's provenance
  const char* version;  ///< in the author's own counting

  /// Makes an instance for one recording: reads the parameters, sets `halo`, and may set `state`, which the
  /// other functions get.
  int (*create)(const struct weir_plugin_request* request, struct weir_plugin_halo* halo, void** state,
                char* message, size_t message_bytes);

  /// Computes a stretch: reads `in`, and sets all of `out`.
  int (*run)(void* state, const struct weir_plugin_stretch* stretch, char* message, size_t message_bytes);

  /// Frees what create() made, if create() returned 0. May be null.
  void (*destroy)(void* state);
};

/// The one symbol that a plugin defines.
#ifdef __GNUC__
__attribute__((visibility("default")))
#endif
const struct weir_plugin*
weir_plugin_entry(void);

#ifdef __cplusplus
}
#endif

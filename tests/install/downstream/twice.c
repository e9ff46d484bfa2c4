// A plugin of a project that has weir as a package.
#include <weir/plugin.h>

static int create(const struct weir_plugin_request* request, struct weir_plugin_halo* halo, void** state,
                  char* message, size_t message_bytes) {
  (void)request, (void)halo, (void)state, (void)message, (void)message_bytes;
  return 0;
}

static int run(void* state, const struct weir_plugin_stretch* stretch, char* message, size_t message_bytes) {
  (void)state, (void)message, (void)message_bytes;
  const double* in = stretch->in;
  double* out = stretch->out;
  for (uint64_t i = 0; i < stretch->samples; ++i) out[i] = 2 * in[i];
  return 0;
}

const struct weir_plugin* weir_plugin_entry(void) {
  static const struct weir_plugin plugin = {weir_plugin_abi, weir_plugin_float64, "twice", "1", create, run, 0};
  return &plugin;
}

// A plugin that hands samples through, and misbehaves in the way and at the place that its parameters say.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include <weir/plugin.h>

namespace {

#ifdef WRONG_ABI
constexpr uint32_t abi = weir_plugin_abi + 1;
#else
constexpr uint32_t abi = weir_plugin_abi;
#endif

std::string way;
unsigned long long at_channel = 0;
unsigned long long at_sample = 0;

int overflow_the_stack(unsigned long long calls) {
  volatile char frame[4096];
  frame[0] = 1;
  return calls == 0 ? 0 : overflow_the_stack(calls - 1) + frame[0];
}

void write_to_nowhere() {
  volatile int* volatile nowhere = nullptr;
  *nowhere = 1;
}

int misbehave(char* message, size_t message_bytes) {
  if (way == "error") {
    std::snprintf(message, message_bytes, "the electrode\nis loose");
    return 1;
  }
  if (way == "silent-error") return 1;
  if (way == "exception") throw std::runtime_error("no more patience");
  if (way == "segv") write_to_nowhere();
  if (way == "stack") return overflow_the_stack(1ULL << 40);
  if (way == "fpe") std::raise(SIGFPE);
  if (way == "abort") std::abort();
  if (way == "ill") std::raise(SIGILL);
  if (way == "bus") std::raise(SIGBUS);
  if (way == "exit") std::exit(0);
  return 0;
}

int create(const weir_plugin_request* request, weir_plugin_halo* halo, void**, char*, size_t) {
  for (size_t i = 0; i < request->parameter_count; ++i) {
    const std::string key = request->parameters[i].key;
    const char* value = request->parameters[i].value;
    if (key == "way") way = value;
    if (key == "channel") at_channel = std::strtoull(value, nullptr, 10);
    if (key == "sample") at_sample = std::strtoull(value, nullptr, 10);
    if (key == "halo") halo->before = std::strtoull(value, nullptr, 10);
    if (key == "halo-of-the-first-to-make") {
      std::FILE* made = std::fopen(value, "wx");
      halo->after = made == nullptr ? 0 : 1;
      if (made != nullptr) std::fclose(made);
    }
    if (key == "crash-at-start") std::abort();
  }
  return 0;
}

int run(void*, const weir_plugin_stretch* stretch, char* message, size_t message_bytes) {
  std::memcpy(stretch->out, stretch->in, stretch->samples * sizeof(double));
  const bool is_there = stretch->channel == at_channel && stretch->first_sample <= at_sample &&
                        at_sample < stretch->first_sample + stretch->samples;
  return is_there ? misbehave(message, message_bytes) : 0;
}

}  // namespace

const weir_plugin* weir_plugin_entry() {
  static const weir_plugin plugin{abi, weir_plugin_float64, "misbehaving", "0.1", create, run, nullptr};
  return &plugin;
}

// The running median, as scipy.ndimage.median_filter with one window length: what no FIR filter can do.
//   weir apply IN OUT --plugin median.so --param samples=11     or --param seconds=0.01
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/plugin.h>

struct median {
  size_t radius;
  double* sorted;  ///< the samples of the window, 2 radius + 1 of them; NaN stands last
  uint32_t type;
};

static const size_t largest_radius = 1u << 20;

/// An order of all numbers: where -0 and 0 were the same, which of them is the median would depend on where
/// the stretch began.
static int is_before(double a, double b) {
  if (isnan(a) || isnan(b)) return isnan(b) && !isnan(a);
  return a < b || (a == b && signbit(a) && !signbit(b));
}

/// Where `x` stands in the first `count` numbers of `sorted`, or would.
static size_t place_of(const double* sorted, size_t count, double x) {
  size_t begin = 0;
  while (count > 0) {
    const size_t half = count / 2;
    if (is_before(sorted[begin + half], x)) {
      begin += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return begin;
}

static double sample(const struct weir_plugin_stretch* stretch, uint32_t type, size_t i) {
  const double x =
      type == weir_plugin_float32 ? (double)((const float*)stretch->in)[i] : ((const double*)stretch->in)[i];
  return isnan(x) ? (double)NAN : x;
}

static int read_window(const struct weir_plugin_request* request, double* window, char* message,
                       size_t message_bytes) {
  for (size_t i = 0; i < request->parameter_count; ++i) {
    const struct weir_plugin_parameter* one = &request->parameters[i];
    const int in_seconds = strcmp(one->key, "seconds") == 0;
    if (!in_seconds && strcmp(one->key, "samples") != 0) {
      snprintf(message, message_bytes, "'%s' is no parameter, give samples or seconds", one->key);
      return 1;
    }
    char* end = NULL;
    errno = 0;
    const double value = strtod(one->value, &end);
    if (errno != 0 || end == one->value || *end != '\0' || !(value > 0)) {
      snprintf(message, message_bytes, "%s=%s is no positive number", one->key, one->value);
      return 1;
    }
    if (in_seconds && request->sampling_rate == 0) {
      snprintf(message, message_bytes, "seconds need the sampling rate, give --fs");
      return 1;
    }
    *window = in_seconds ? value * request->sampling_rate : value;
  }
  return 0;
}

static int create(const struct weir_plugin_request* request, struct weir_plugin_halo* halo, void** state,
                  char* message, size_t message_bytes) {
  double window = 0;
  if (read_window(request, &window, message, message_bytes) != 0) return 1;
  if (!(window >= 1) || window > (double)(2 * largest_radius + 1)) {
    snprintf(message, message_bytes, "the window is to be given, as samples=11 or seconds=0.01");
    return 1;
  }
  struct median* made = malloc(sizeof *made);
  if (made == NULL) return 1;
  made->radius = (size_t)(window / 2);
  made->type = request->type;
  made->sorted = malloc((2 * made->radius + 1) * sizeof *made->sorted);
  if (made->sorted == NULL) {
    free(made);
    return 1;
  }
  halo->before = made->radius;
  halo->after = made->radius;
  *state = made;
  return 0;
}

static int run(void* state, const struct weir_plugin_stretch* stretch, char* message, size_t message_bytes) {
  (void)message;
  (void)message_bytes;
  struct median* own = state;
  const size_t size = 2 * own->radius + 1;
  size_t held = 0;
  for (size_t i = 0; i < stretch->samples + size - 1; ++i) {
    if (held == size) {
      const size_t left = place_of(own->sorted, held, sample(stretch, own->type, i - size));
      memmove(own->sorted + left, own->sorted + left + 1, (held - left - 1) * sizeof *own->sorted);
      --held;
    }
    const double x = sample(stretch, own->type, i);
    const size_t place = place_of(own->sorted, held, x);
    memmove(own->sorted + place + 1, own->sorted + place, (held - place) * sizeof *own->sorted);
    own->sorted[place] = x;
    ++held;
    if (held < size) continue;
    const double middle = own->sorted[own->radius];
    if (own->type == weir_plugin_float32) {
      ((float*)stretch->out)[i - (size - 1)] = (float)middle;
    } else {
      ((double*)stretch->out)[i - (size - 1)] = middle;
    }
  }
  return 0;
}

static void destroy(void* state) {
  struct median* own = state;
  free(own->sorted);
  free(own);
}

const struct weir_plugin* weir_plugin_entry(void) {
  static const struct weir_plugin plugin = {
      .abi = weir_plugin_abi,
      .types = weir_plugin_float32 | weir_plugin_float64,
      .name = "median",
      .version = "1.0",
      .create = create,
      .run = run,
      .destroy = destroy,
  };
  return &plugin;
}

// Registration in two stages: a shift that is found quickly, then a scale at that shift. Each second job
// takes the result of its first one and begins as soon as that is there.
#include <ranges>

#include <weir/jobs.hpp>

using image = std::vector<double>;

image moved(const image& from, std::size_t shift, double scale) {
  image to(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) to[i] = scale * from[(i + shift) % from.size()];
  return to;
}

double distance(const image& a, const image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [](weir::environment& env) {
    const image reference{0, 0, 1, 5, 9, 5, 1, 0};
    std::vector<image> subjects;
    for (std::size_t i = 0; i < 20; ++i) {
      subjects.push_back(moved(reference, i % 8, 1.0 / static_cast<double>(i + 1)));
    }

    weir::job_pool pool(env);
    const auto best = [&](int from, int to, auto error) {
      return std::ranges::min(std::views::iota(from, to), {}, error);
    };
    const auto shifts = pool.map_async(
        [&](const image& subject) {
          const double peak = std::ranges::max(subject);
          return best(0, 8,
                      [&](int s) { return distance(moved(subject, std::size_t(s), 9 / peak), reference); });
        },
        subjects);
    const auto scales = pool.map_async(
        [&](const image& subject, int shift) {
          return best(1, 30,
                      [&](int s) { return distance(moved(subject, std::size_t(shift), s), reference); });
        },
        subjects, shifts);

    bool right = true;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      right &=
          shifts[i].get() == static_cast<int>((8 - i % 8) % 8) && scales[i].get() == static_cast<int>(i + 1);
    }
    return right ? weir::exit_code::done : weir::exit_code::internal;
  });
}

// Calls of the job pool that must not compile; see refused.cpp. One compilation tells of all of them, in
// their order.
#include <list>
#include <memory>
#include <utility>
#include <vector>

#include <weir/jobs.hpp>

using namespace weir;

void refused(const job_pool& pool, const std::vector<int>& numbers) {
#if REFUSED == 0
  // accepted: the same calls as they should be
  pool.map([](int a, int b) { return a + b; }, numbers, numbers);
  pool.starmap([](int a, int b) { return a + b; }, std::vector<std::pair<int, int>>{{1, 2}});
  pool.submitting([](int a) { return a; }, [](auto submit) { submit(1); });
#elif REFUSED == 1
  // function is called with one constant argument from each input
  pool.map([](int, int) { return 1; }, numbers);
  // function is called with one constant argument from each input
  pool.map([](int& number) { return ++number; }, numbers);
  // result travels between ranks: return a value that
  pool.map([](int number) { return std::make_unique<int>(number); }, numbers);
  // an input is a range whose elements are reached by number
  pool.map([](int number) { return number; }, std::list<int>{1, 2});
  // starmap: the input
  pool.starmap([](int a, int b) { return a + b; }, numbers);
  // submitting: the function has one signature
  pool.submitting([](auto number) { return number; }, [](auto submit) { submit(1); });
#endif
}

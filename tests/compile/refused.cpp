// Calls that must not compile. Each is one program: the number in REFUSED chooses it, and the line above it
// says what the compiler must tell.
#include <string>
#include <tuple>

#include <weir/weir.hpp>

using namespace weir;

constexpr auto touch = [](auto& rows) { rows *= 2.0; };
constexpr auto look = [](const auto& rows) { return rows.shape(0); };
constexpr auto twice = [](const auto& rows) { return xt::xarray<double>(rows * 2.0); };

void refused(shared_array<double>& x, const shared_array<double>& constant, distributed_array<double>& far,
             shared_array<float>& narrow, xt::xarray<double>& own) {
#if REFUSED == 0
  // accepted: the same calls as they should be
  split_at(touch)(x);
  split_at(look)(constant);
  split_output(twice)(x, out(x));
  split_output(twice)(far, in_place);
  static_cast<void>(own);
  static_cast<void>(narrow);
#elif REFUSED == 1
  // fewer arguments than the index of one that is to be cut
  split_at<0, 3>(look)(x, x);
#elif REFUSED == 2
  // no array that it can: give a shared or distributed array
  split_at(look)(std::string("recording.h5"));
#elif REFUSED == 3
  // no array that it can: give a shared or distributed array
  split_at(look)(xt::view(own, xt::all(), xt::range(0, 2)));
#elif REFUSED == 4
  // split_at: the function cannot be called with these arguments
  split_at([](std::span<double>) {})(constant);
#elif REFUSED == 5
  // split_at: the function cannot be called with these arguments
  split_at([](const auto&, int) {})(x);
#elif REFUSED == 6
  // the function's result cannot be spliced
  split_at([](const auto&) { return std::make_unique<int>(1); })(x);
#elif REFUSED == 7
  // a distributed array cannot be passed whole
  split_at<0>([](const auto&, const auto&) {})(x, far);
#elif REFUSED == 8
  // splice_at: the function has fewer outputs
  split_at<0>([](const auto&) { return std::tuple(1, 2); }, splice_at<2>)(x);
#elif REFUSED == 9
  // in_place: the input is no shared or distributed array, or it is const
  split_output(twice)(constant, in_place);
#elif REFUSED == 10
  // out: results can only go to a shared or distributed array that is not const
  split_output(twice)(x, out(own));
#elif REFUSED == 11
  // out: the array has another element type
  split_output(twice)(x, out(narrow));
#elif REFUSED == 12
  // split_output: the function does not return an array
  split_output(touch)(x);
#elif REFUSED == 13
  // split_optional_output: the function cannot be called with these arguments
  split_optional_output([](const auto&) {})(x);
#elif REFUSED == 14
  // is told twice where its results go
  split_output(twice)(x, in_place, out(x));
#elif REFUSED == 15
  // use of deleted function
  shared_array<double> y(communicator::self(), {2, 2});
#elif REFUSED == 16
  // do not lie one behind the other in row-major order: copy it
  as_2d(look)(xt::view(own, xt::all(), xt::range(0, 2)));
#elif REFUSED == 17
  // do not lie one behind the other in row-major order: copy it
  each_row([](auto row) { return row[0]; })(xt::xarray<double, xt::layout_type::column_major>(own));
#endif
}

#include <complex>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <weir/shm/shared_array.hpp>
#include <weir/topology.hpp>

using namespace weir;

namespace {

class arrays : public testing::TestWithParam<const char*> {
 protected:
  communicator world = communicator::world();
  topology places{world, domain_choice::parse(GetParam())};
  const communicator& domain = places.domain();
  int rank = domain.rank();
  int ranks = domain.size();
};

INSTANTIATE_TEST_SUITE_P(domains, arrays, testing::Values("node", "2", "1"), [](const auto& choice) {
  return choice.param == std::string("node") ? std::string("of_all") : std::string("of_") + choice.param;
});

TEST_P(arrays, have_rows_along_their_last_axis) {
  shared_array<double> cube(domain, {3, 4, 5});
  EXPECT_EQ(cube.dimension(), 3U);
  EXPECT_EQ(cube.size(), 60U);
  EXPECT_EQ(cube.rows(), 12U);
  EXPECT_EQ(cube.columns(), 5U);
  EXPECT_EQ(cube.row(7).data(), cube.data() + 35);
  EXPECT_EQ(cube.row(7).size(), 5U);

  shared_array<float> line(domain, {9});
  EXPECT_EQ(line.rows(), 1U);
  EXPECT_EQ(line.columns(), 9U);

  shared_array<int> scalar(domain, {});
  EXPECT_EQ(scalar.size(), 1U);
  EXPECT_EQ(scalar.rows(), 1U);
}

TEST_P(arrays, may_be_empty) {
  for (const array_shape& shape :
       {array_shape{0, 100}, array_shape{100, 0}, array_shape{0}, array_shape{2, 0, 3}}) {
    shared_array<double> none(domain, shape);
    EXPECT_EQ(none.size(), 0U);
    EXPECT_TRUE(none.elements().empty());
    EXPECT_EQ(none.view().size(), 0U);
    none.synchronize();
  }
  shared_array<double> no_rows(domain, {0, 100});
  EXPECT_TRUE(no_rows.own_rows().empty());
  EXPECT_EQ(shared_array<double>().size(), 0U);
}

TEST_P(arrays, give_each_row_to_one_rank) {
  for (const std::size_t rows : {0, 1, 2, 7, 100}) {
    shared_array<std::int32_t> owners(domain, {rows, 3});
    const index_range own = owners.own_rows();
    for (std::size_t row = own.begin; row < own.end; ++row) {
      for (std::int32_t& value : owners.row(row)) value += rank + 1;
    }
    owners.synchronize();
    std::int32_t last = 0;
    for (const std::int32_t owner : std::as_const(owners).elements()) {
      ASSERT_GE(owner, std::max(last, 1)) << "rows go to ranks in order, and none is left out";
      ASSERT_LE(owner, ranks);
      last = owner;
    }
    const std::size_t longest = domain.all_reduce(own.size(), reduction::max);
    const std::size_t shortest = domain.all_reduce(own.size(), reduction::min);
    EXPECT_LE(longest - shortest, 1U);
  }
}

TEST_P(arrays, are_xtensor_expressions_on_the_same_memory) {
  shared_array<double> x(domain, {6, 50});
  if (rank == 0) {
    auto v = x.view();
    v = xt::arange<double>(300).reshape({6, 50});
    xt::row(v, 2) *= -1.0;
  }
  x.synchronize();
  const shared_array<double>& read_only = x;
  const auto v = read_only.view();
  EXPECT_EQ(v.data(), x.data());
  EXPECT_EQ(v(1, 7), 57.0);
  EXPECT_EQ(v(2, 7), -107.0);
  EXPECT_EQ(xt::sum(xt::view(v, 5, xt::all()))(), 250 * 50 + 49 * 25);
  static_assert(std::is_same_v<decltype(read_only.elements()), std::span<const double>>);
  static_assert(std::is_const_v<std::remove_reference_t<decltype(v(0, 0))>>);
}

template <class T>
class arrays_of : public testing::Test {};
using every_type = testing::Types<bool, char, std::int8_t, std::uint8_t, std::int16_t, std::uint16_t,
                                  std::int32_t, std::uint32_t, std::int64_t, std::uint64_t, float, double,
                                  std::complex<float>, std::complex<double>>;
TYPED_TEST_SUITE(arrays_of, every_type);

TYPED_TEST(arrays_of, share_what_each_rank_writes) {
  const communicator node = communicator::world().split_shared();
  shared_array<TypeParam> values(node, {std::size_t(node.size()), 3});
  for (const TypeParam zero : values.elements()) ASSERT_EQ(zero, TypeParam{});
  values.synchronize();
  const auto mine = [](std::size_t owner) { return TypeParam(owner % 2 == 1); };
  for (TypeParam& value : values.row(std::size_t(node.rank()))) value = mine(std::size_t(node.rank()));
  values.synchronize();
  for (std::size_t owner = 0; owner < values.rows(); ++owner) {
    for (const TypeParam value : values.row(owner)) ASSERT_EQ(value, mine(owner));
  }
}

TEST_P(arrays, copy_what_one_rank_has) {
  for (int root = 0; root < ranks; ++root) {
    // Other ranks have something else, or nothing.
    std::vector<float> own(rank == root ? 12 : std::size_t(rank));
    std::iota(own.begin(), own.end(), float(rank * 100));
    const auto shared = shared_copy(domain, std::span<const float>(own), {3, 4}, root);
    EXPECT_EQ(shared.shape(), (array_shape{3, 4}));
    for (std::size_t i = 0; i < 12; ++i) ASSERT_EQ(shared.elements()[i], float(root * 100) + float(i));
  }
}

TEST_P(arrays, copy_xtensor_expressions) {
  xt::xarray<double> own = rank == 0 ? xt::xarray<double>{{1, 2, 3}, {4, 5, 6}} : xt::xarray<double>{};
  const auto shared = shared_copy(domain, own * 2.0);
  EXPECT_EQ(shared.shape(), (array_shape{2, 3}));
  EXPECT_EQ(shared.view(), (xt::xarray<double>{{2, 4, 6}, {8, 10, 12}}));
}

TEST_P(arrays, copy_the_elements_that_a_view_refers_to) {
  std::vector<double> own{1, 2, 3, 4, 5, 6};
  const auto adapted = xt::adapt(own.data(), own.size(), xt::no_ownership(), array_shape{2, 3});
  shared_array<double> first = shared_copy(domain, adapted);
  std::ranges::fill(own, 0.0);
  const xt::xarray<double> expected{{1, 2, 3}, {4, 5, 6}};
  EXPECT_EQ(first.view(), expected);
  const auto second = shared_copy(domain, first.view());
  domain.barrier();
  if (rank == 0) std::ranges::fill(first.elements(), 0.0);
  first.synchronize();
  EXPECT_EQ(second.view(), expected);
}

TEST_P(arrays, refuse_a_shape_that_does_not_fit_on_all_ranks) {
  const std::vector<double> five(5);
  EXPECT_THROW(shared_copy(domain, std::span<const double>(five), {2, 3}), error);
  EXPECT_THROW(shared_array<double>(domain, {std::size_t{1} << 40, std::size_t{1} << 40}), error);
  shared_array<double> afterwards(domain, {1});
  afterwards.synchronize();
}

}  // namespace

#include <set>
#include <string>

#include <gtest/gtest.h>

#include <weir/io/node_file.hpp>

namespace weir::io {
namespace {

TEST(node_path, of_the_usual_ending_is_the_stem_with_a_number) {
  EXPECT_EQ(node_path("rec.h5", 3), "rec.node-0003.h5");
  EXPECT_EQ(node_path("day.1/rec.a.h5", 12345), "day.1/rec.a.node-12345.h5");
  EXPECT_EQ(node_path("day.h5/rec", 0), "day.h5/rec-node-0000.h5");
}

TEST(node_path, is_of_one_output_alone) {
  const std::string outputs[] = {"rec",      "rec.h5",      "rec.hdf5",    "rec.nwb", "rec.nwb.h5",
                                 "rec-node", "rec.node.h5", "rec-node.h5", "rec.H5",  ".h5"};
  std::set<std::string> taken;
  for (const std::string& output : outputs) {
    for (const std::uint64_t number : {0, 1, 10000}) {
      EXPECT_TRUE(taken.insert(node_path(output, number)).second) << output << ", " << number;
    }
  }
}

}  // namespace
}  // namespace weir::io

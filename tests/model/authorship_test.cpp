#include <gtest/gtest.h>

#include <algorithm>
#include <model/authorship.hpp>
#include <set>
#include <stats/random.hpp>

namespace resident {
namespace {

// CHAOSS' own example.
TEST(AbsenceFactor, IsTheOneOfTheDefinition) {
  EXPECT_EQ(absence_factor({1000, 202, 90, 33, 332, 343, 42, 433}), 2);
  EXPECT_EQ(absence_factor({}), 0);
  EXPECT_EQ(absence_factor({1}), 1);
  EXPECT_EQ(absence_factor({1, 1}), 1);  // half is enough
}

TEST(TruckFactor, TheAuthorOfMostFilesGoesFirst) {
  const std::vector<AuthoredFile> files{{1, {7}}, {2, {7, 8}}, {3, {7}}, {4, {8}}, {5, {9}}};
  const TruckFactor factor = leave_one_by_one(files, 6);  // one file without an author
  EXPECT_NEAR(factor.begin, 5 / 6.0, 1e-12);
  ASSERT_EQ(factor.steps.size(), 2u);
  EXPECT_EQ(factor.steps[0].person, 7);
  EXPECT_EQ(factor.steps[0].files, 3);
  EXPECT_NEAR(factor.steps[0].coverage, 3 / 6.0, 1e-12);
  EXPECT_EQ(factor.steps[1].person, 8);
  EXPECT_NEAR(factor.steps[1].coverage, 1 / 6.0, 1e-12);
  EXPECT_TRUE(leave_one_by_one({}, 0).steps.empty());
}

// Against the definition, done in the plainest way.
TEST(TruckFactor, CoverageIsThatOfTheFilesLeft) {
  stats::Random random(3);
  for (int run = 0; run < 100; ++run) {
    std::vector<AuthoredFile> files;
    for (std::int64_t i = 0; i < 30; ++i) {
      std::set<std::int64_t> authors;
      for (std::uint64_t n = random.next() % 3; n > 0; --n)
        authors.insert(1 + static_cast<std::int64_t>(random.next() % 6));
      files.push_back({i, {authors.begin(), authors.end()}});
    }
    const TruckFactor factor = leave_one_by_one(files, files.size());
    std::set<std::int64_t> gone;
    for (const TruckStep& step : factor.steps) {
      gone.insert(step.person);
      std::size_t covered = 0;
      for (const AuthoredFile& file : files)
        covered += std::any_of(file.authors.begin(), file.authors.end(),
                               [&](std::int64_t person) { return !gone.contains(person); });
      EXPECT_NEAR(step.coverage, static_cast<double>(covered) / 30, 1e-12);
    }
    if (!factor.steps.empty()) EXPECT_TRUE(factor.steps.back().coverage < 0.5 || gone.size() == 6);
  }
}

}  // namespace
}  // namespace resident

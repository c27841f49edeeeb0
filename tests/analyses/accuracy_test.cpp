#include <gtest/gtest.h>

#include <analyses/accuracy.hpp>
#include <base/error.hpp>

namespace resident {
namespace {

AccuracyCase one(std::vector<std::string> truth, std::vector<std::string> ranked, std::vector<std::string> baseline) {
  return {"#1", 0, std::move(truth), std::move(ranked), std::move(baseline), {}};
}

TEST(AccuracyTest, RankingFiguresByHand) {
  const std::vector<AccuracyCase> cases{one({"a"}, {"a", "b"}, {"b", "a"}), one({"c", "d"}, {"a", "b", "d"}, {"x"}),
                                        one({"z"}, {}, {"z"})};
  const auto figures = ranking_figures(cases, {1, 3}, false);
  ASSERT_EQ(figures.size(), 3u);
  EXPECT_NEAR(figures[0].value, 1.0 / 3, 1e-12);
  EXPECT_NEAR(*figures[0].baseline, 1.0 / 3, 1e-12);
  EXPECT_NEAR(figures[1].value, 2.0 / 3, 1e-12);
  EXPECT_EQ(figures[2].metric, "mrr");
  EXPECT_NEAR(figures[2].value, (1 + 1.0 / 3) / 3, 1e-12);
  EXPECT_LE(figures[2].low, figures[2].value);
  EXPECT_GE(figures[2].high, figures[2].value);
  const auto recall = ranking_figures(cases, {3}, true);
  EXPECT_EQ(recall[0].metric, "recall_at_3");
  EXPECT_NEAR(recall[0].value, (1 + 0.5) / 3, 1e-12);
}

TEST(AccuracyTest, PairedDifferenceKnowsChanceFromSkill) {
  std::vector<AccuracyCase> equal, better;
  for (int i = 0; i < 200; ++i) {
    equal.push_back(i % 2 ? one({"a"}, {"a", "b"}, {"b", "a"}) : one({"a"}, {"b", "a"}, {"a", "b"}));
    better.push_back(i % 4 ? one({"a"}, {"a"}, {"a"}) : one({"a"}, {"a"}, {"b", "a"}));
  }
  EXPECT_GT(paired_mrr_difference(equal).p_value, 0.3);
  const auto difference = paired_mrr_difference(better);
  EXPECT_NEAR(difference.mean, 0.125, 1e-12);
  EXPECT_LT(difference.p_value, 0.01);
  EXPECT_GT(difference.low, 0.05);
  EXPECT_EQ(paired_mrr_difference({}).p_value, 1);
}

TEST(AccuracyTest, GiniOfKnownLoads) {
  EXPECT_NEAR(gini({1, 1, 1, 1}), 0, 1e-12);
  EXPECT_NEAR(gini({0, 0, 0, 1}), 0.75, 1e-12);
  EXPECT_NEAR(gini({3, 1}), 0.25, 1e-12);
  EXPECT_EQ(gini({}), 0);
  EXPECT_EQ(gini({0, 0}), 0);
}

TEST(AccuracyTest, CalibrationErrorByHand) {
  EXPECT_NEAR(expected_calibration_error({{0.95, true}, {0.95, false}, {0.05, false}}), (0.9 + 0.05) / 3, 1e-12);
  EXPECT_EQ(expected_calibration_error({}), 0);
}

TEST(AccuracyTest, UnknownTaskNamesTheNearest) {
  try {
    find_accuracy_task("reviewer");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.hint().find("reviewers"), std::string::npos);
  }
}

}  // namespace
}  // namespace resident

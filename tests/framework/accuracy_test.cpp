#include <gtest/gtest.h>

#include <analyses/list.hpp>
#include <base/error.hpp>
#include <framework/accuracy.hpp>
#include <random>

namespace resident {
namespace {

AccuracyCase one(std::string item, std::vector<std::string> truth, std::vector<std::string> ranked,
                 std::vector<std::string> baseline) {
  return {std::move(item), 0, std::move(truth), std::move(ranked), std::move(baseline), {}};
}

double value_of_metric(const std::vector<AccuracyFigure>& figures, std::string_view metric) {
  for (const auto& figure : figures)
    if (figure.metric == metric) return figure.value;
  ADD_FAILURE() << "no figure " << metric;
  return -1;
}

TEST(Accuracy, RankingFiguresByHand) {
  const std::vector<AccuracyCase> cases{one("#1", {"a"}, {"a", "b"}, {"b", "a"}),
                                        one("#2", {"b", "c"}, {"a", "b", "x", "c"}, {"x"}),
                                        one("#3", {"z"}, {"a"}, {"z"})};
  const auto tops = ranking_figures(cases, {1, 2}, false);
  EXPECT_NEAR(value_of_metric(tops, "top_1"), 1 / 3.0, 1e-12);
  EXPECT_NEAR(value_of_metric(tops, "top_2"), 2 / 3.0, 1e-12);
  EXPECT_NEAR(value_of_metric(tops, "mrr"), (1 + 0.5 + 0) / 3, 1e-12);
  EXPECT_NEAR(*tops.back().baseline, (0.5 + 0 + 1) / 3, 1e-12);
  const auto recalls = ranking_figures(cases, {2, 4}, true);
  EXPECT_NEAR(value_of_metric(recalls, "recall_at_2"), (1 + 0.5 + 0) / 3, 1e-12);
  EXPECT_NEAR(value_of_metric(recalls, "recall_at_4"), 2 / 3.0, 1e-12);
}

TEST(Accuracy, NoCasesGiveNoNonsense) {
  for (const auto& figure : ranking_figures({}, {1}, false)) {
    EXPECT_EQ(figure.value, 0);
    EXPECT_EQ(figure.n, 0);
  }
  EXPECT_EQ(paired_mrr_difference({}).p_value, 1);
}

// Nothing was right of nothing: that is no 0 %.
TEST(Accuracy, FiguresOverNothingAreNotShown) {
  const AccuracyTask task{"turn", "?", [](const Context&) {
                            AccuracyReport report;
                            report.task = "turn";
                            report.figures = {{"none", 0, 0, 0, {}, 0}, {"some", 0.5, 0.1, 0.9, {}, 4}};
                            return report;
                          }};
  const auto database = Database::open(":memory:");
  const Context context{*database, 0, "p", "", false, {}};
  const AccuracyReport report = replay_task(task, context);
  ASSERT_EQ(report.figures.size(), 1u);
  EXPECT_EQ(report.figures.front().metric, "some");
  EXPECT_NE(accuracy_result(context, task, report).claim.find("0.5"), std::string::npos);
  EXPECT_NE(accuracy_result(context, task, AccuracyReport{"turn", {}, {}, {}, {}, {}}).claim.find("nothing"),
            std::string::npos);
}

TEST(Accuracy, DifferencesAreFoundAndNotInvented) {
  std::mt19937 random(7);
  std::vector<AccuracyCase> better, same;
  for (int i = 0; i < 300; ++i) {
    const auto ranked_with = [&](double chance) {
      return std::bernoulli_distribution(chance)(random) ? std::vector<std::string>{"a", "b"}
                                                         : std::vector<std::string>{"b", "a"};
    };
    better.push_back(one(std::to_string(i), {"a"}, ranked_with(0.8), ranked_with(0.6)));
    same.push_back(one(std::to_string(i), {"a"}, ranked_with(0.7), ranked_with(0.7)));
  }
  EXPECT_LT(paired_mrr_difference(better).p_value, 0.01);
  EXPECT_GT(paired_mrr_difference(better).low, 0);
  EXPECT_GT(paired_mrr_difference(same).p_value, 0.05);
}

// The interval holds the truth in about 95 of 100 projects.
TEST(Accuracy, IntervalsCoverTheTruth) {
  std::mt19937 random(11);
  int covered = 0;
  constexpr int kProjects = 120;
  for (int project = 0; project < kProjects; ++project) {
    std::vector<AccuracyCase> cases;
    for (int i = 0; i < 150; ++i)
      cases.push_back(one(std::to_string(i), {"a"},
                          random() % 10 < 7 ? std::vector<std::string>{"a"} : std::vector<std::string>{"b"}, {}));
    const auto figure = ranking_figures(cases, {1}, false).front();
    covered += figure.low <= 0.7 && 0.7 <= figure.high;
  }
  EXPECT_GE(covered, kProjects * 0.89);
}

TEST(Accuracy, ManyCasesOfOneItemAreOneDraw) {
  std::vector<AccuracyCase> cases;
  for (int item = 0; item < 10; ++item)
    for (int copy = 0; copy < 50; ++copy) cases.push_back(one(std::to_string(item), {"a"}, {item % 2 ? "a" : "b"}, {}));
  const auto figure = ranking_figures(cases, {1}, false).front();
  EXPECT_GT(figure.high - figure.low, 0.4);
}

TEST(Accuracy, CalibrationAndGini) {
  EXPECT_NEAR(expected_calibration_error({{0.95, true}, {0.95, false}, {0.15, false}}), (0.9 + 0.15) / 3, 1e-12);
  EXPECT_EQ(expected_calibration_error({}), 0);
  EXPECT_NEAR(gini({1, 1, 1, 1}), 0, 1e-12);
  EXPECT_NEAR(gini({0, 0, 0, 8}), 0.75, 1e-12);
  EXPECT_EQ(gini({}), 0);
}

TEST(Accuracy, TasksAreFoundByName) {
  EXPECT_EQ(find_accuracy_task("turn").name, "turn");
  EXPECT_THROW(find_accuracy_task("trun"), Error);
}

}  // namespace
}  // namespace resident

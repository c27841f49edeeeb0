// Backtests: how right the suggestions are on this project's own history. A task
// replays past moments; at each, the predictor sees only what was known then, and
// what happened later is the truth. `resident accuracy TASK` prints it, and every
// suggestion on a screen carries the figure of its task.
//
// Adding a task: one file that defines an AccuracyTask, one line in the list in
// analyses/list.cpp, and a test that plants a leak from the future and sees it caught.
#pragma once

#include <framework/analysis.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident {

struct AccuracyCase {
  std::string item;  // "#12"
  Timestamp as_of = 0;
  std::vector<std::string> truth;     // what happened: logins, labels, item numbers
  std::vector<std::string> ranked;    // what was suggested, best first
  std::vector<std::string> baseline;  // what the simple way would have suggested
  std::vector<double> scores = {};    // of ranked, where they are probabilities: same length
};

struct AccuracyFigure {
  std::string metric;  // top_1, recall_at_10, mrr, macro_f1, expected_calibration_error, gini_of_load, …
  double value = 0;
  double low = 0, high = 0;        // 95 % interval; bootstrap over cases unless the definition says otherwise
  std::optional<double> baseline;  // the same metric of the simple way
  std::int64_t n = 0;              // cases it is over
  // Set where it was kept and people, settings or rules have changed since: the moment it is of.
  std::optional<Timestamp> of_before = {};
};

struct AccuracyReport {
  std::string task;
  std::string definition;  // moments replayed, truth, predictor, baseline, what was left out and how many
  std::vector<AccuracyFigure> figures;
  std::vector<AccuracyCase> cases;
  std::vector<std::string> notes;
  std::string intervals = "95 % intervals by bootstrap over items (2,000 resamples, percentile method, fixed seed)";
};

struct AccuracyTask {
  std::string_view name;      // duplicates, reviewers, labels, turn, …
  std::string_view question;  // "Would the right reviewer have been among the suggested?"
  AccuracyReport (*run)(const Context&);
};

// Replays the task; figures over no case at all are left out, since none is not nought.
AccuracyReport replay_task(const AccuracyTask& task, const Context& context);

// Ranking figures over the cases, each with a percentile bootstrap interval (2,000 resamples of cases, fixed seed) and
// the baseline's value. A case counts by its first true suggestion: top_k = share with one among the
// first k; mrr = mean of 1/rank, 0 where there is none. recall_at_k = mean share of the case's truth among the first k.
std::vector<AccuracyFigure> ranking_figures(const std::vector<AccuracyCase>& cases, const std::vector<int>& ks,
                                            bool recall);
// Difference of MRR between ranked and baseline, paired bootstrap; two-sided p in `p_value`.
struct PairedDifference {
  double mean = 0, low = 0, high = 0, p_value = 1;
};
PairedDifference paired_mrr_difference(const std::vector<AccuracyCase>& cases);
// Equal-width bins of 0.1 (Naeini et al. 2015); pairs of probability and whether it was so.
double expected_calibration_error(const std::vector<std::pair<double, bool>>& predictions);
// Gini coefficient of loads, 0 even to 1 all on one.
double gini(std::vector<double> loads);

// Keeps the figures for the screens, in place of the task's former ones.
void store_figures(const Context& context, const AccuracyReport& report);
// What suggestions depend on beside the data: who is who, the project's settings, the program's rules.
std::string figure_basis(const Context& context);
// The task's figure in the last backtest that looked at nothing after the context's moment; nothing where none was run.
std::optional<AccuracyFigure> known_figure(const Context& context, std::string_view task, std::string_view metric);
// "one of the first three is right in 95 % of 600 cases (93–96 %)".
std::string figure_in_words(const AccuracyFigure& figure);
// The same of the last backtest, or "not measured here yet: `resident accuracy TASK` does".
std::string known_figure_text(const Context& context, std::string_view task, std::string_view metric);

Result accuracy_result(const Context& context, const AccuracyTask& task, const AccuracyReport& report);

}  // namespace resident

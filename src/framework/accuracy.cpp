#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <framework/accuracy.hpp>
#include <framework/learnt.hpp>
#include <functional>
#include <map>
#include <random>
#include <unordered_set>

namespace resident {

namespace {

// Changes where the way in which suggestions are made does: figures from before are then said to be so.
constexpr int kSuggestionRules = 1;

constexpr int kResamples = 2000;
constexpr std::uint64_t kSeed = 20240101;
constexpr double kTail = 0.025;  // of a 95 % interval
constexpr int kBins = 10;        // of calibration

// Place of the first true suggestion, from 1; 0: none.
std::size_t first_hit(const std::vector<std::string>& truth, const std::vector<std::string>& ranked) {
  for (std::size_t i = 0; i < ranked.size(); ++i)
    if (std::find(truth.begin(), truth.end(), ranked[i]) != truth.end()) return i + 1;
  return 0;
}

double reciprocal_rank(const std::vector<std::string>& truth, const std::vector<std::string>& ranked) {
  const std::size_t place = first_hit(truth, ranked);
  return place ? 1.0 / static_cast<double>(place) : 0.0;
}

double share_found(const std::vector<std::string>& truth, const std::vector<std::string>& ranked, std::size_t k) {
  if (truth.empty()) return 0;
  std::unordered_set<std::string> found;
  for (std::size_t i = 0; i < std::min(k, ranked.size()); ++i)
    if (std::find(truth.begin(), truth.end(), ranked[i]) != truth.end()) found.insert(ranked[i]);
  return static_cast<double>(found.size()) / static_cast<double>(truth.size());
}

// Which cases belong to one item: they are drawn together, since they are not independent.
std::vector<std::vector<std::size_t>> clusters_of(const std::vector<AccuracyCase>& cases) {
  std::map<std::string, std::vector<std::size_t>> by_item;
  for (std::size_t i = 0; i < cases.size(); ++i) by_item[cases[i].item].push_back(i);
  std::vector<std::vector<std::size_t>> clusters;
  for (auto& [item, members] : by_item) clusters.push_back(std::move(members));
  return clusters;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

// Means of resamples of clusters (Efron & Tibshirani 1993, percentile method), sorted.
std::vector<double> bootstrap_means(const std::vector<double>& values,
                                    const std::vector<std::vector<std::size_t>>& clusters) {
  std::mt19937_64 random(kSeed);
  std::vector<double> means;
  if (clusters.empty()) return means;
  means.reserve(kResamples);
  for (int round = 0; round < kResamples; ++round) {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t draw = 0; draw < clusters.size(); ++draw) {
      for (const std::size_t member : clusters[random() % clusters.size()]) {
        sum += values[member];
        ++count;
      }
    }
    means.push_back(sum / static_cast<double>(count));
  }
  std::sort(means.begin(), means.end());
  return means;
}

double at_quantile(const std::vector<double>& sorted, double p) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(std::lround(p * static_cast<double>(sorted.size() - 1)))];
}

}  // namespace

std::vector<AccuracyFigure> ranking_figures(const std::vector<AccuracyCase>& cases, const std::vector<int>& ks,
                                            bool recall) {
  const auto clusters = clusters_of(cases);
  std::vector<AccuracyFigure> figures;
  const bool has_baseline =
      std::any_of(cases.begin(), cases.end(), [](const auto& each) { return !each.baseline.empty(); });
  using Measure = std::function<double(const std::vector<std::string>&, const std::vector<std::string>&)>;
  const auto add = [&](std::string metric, const Measure& measure) {
    std::vector<double> ours, theirs;
    for (const auto& each : cases) {
      ours.push_back(measure(each.truth, each.ranked));
      theirs.push_back(measure(each.truth, each.baseline));
    }
    const auto means = bootstrap_means(ours, clusters);
    AccuracyFigure figure{std::move(metric),
                          mean_of(ours),
                          at_quantile(means, kTail),
                          at_quantile(means, 1 - kTail),
                          {},
                          static_cast<std::int64_t>(cases.size())};
    if (has_baseline) figure.baseline = mean_of(theirs);
    figures.push_back(std::move(figure));
  };
  for (const int k : ks) {
    const auto size = static_cast<std::size_t>(k);
    if (recall) {
      add(fmt::format("recall_at_{}", k),
          [size](const auto& truth, const auto& ranked) { return share_found(truth, ranked, size); });
    } else {
      add(fmt::format("top_{}", k), [size](const auto& truth, const auto& ranked) {
        const std::size_t place = first_hit(truth, ranked);
        return place && place <= size ? 1.0 : 0.0;
      });
    }
  }
  add("mrr", reciprocal_rank);
  return figures;
}

PairedDifference paired_mrr_difference(const std::vector<AccuracyCase>& cases) {
  std::vector<double> differences;
  for (const auto& each : cases)
    differences.push_back(reciprocal_rank(each.truth, each.ranked) - reciprocal_rank(each.truth, each.baseline));
  const auto means = bootstrap_means(differences, clusters_of(cases));
  PairedDifference result{mean_of(differences), at_quantile(means, kTail), at_quantile(means, 1 - kTail), 1};
  if (means.empty()) return result;
  // Two-sided: twice the share of resamples on the other side of 0, with one added to both (Davison & Hinkley 1997).
  const auto below = std::count_if(means.begin(), means.end(), [](double mean) { return mean <= 0; });
  const auto above = std::count_if(means.begin(), means.end(), [](double mean) { return mean >= 0; });
  result.p_value =
      std::min(1.0, 2.0 * static_cast<double>(std::min(below, above) + 1) / static_cast<double>(means.size() + 1));
  return result;
}

double expected_calibration_error(const std::vector<std::pair<double, bool>>& predictions) {
  std::vector<double> sums(kBins), hits(kBins), counts(kBins);
  for (const auto& [probability, was_so] : predictions) {
    const auto bin = static_cast<std::size_t>(std::clamp(static_cast<int>(probability * kBins), 0, kBins - 1));
    sums[bin] += probability;
    hits[bin] += was_so ? 1 : 0;
    counts[bin] += 1;
  }
  double error = 0;
  for (std::size_t bin = 0; bin < kBins; ++bin) error += std::fabs(sums[bin] - hits[bin]);
  return predictions.empty() ? 0 : error / static_cast<double>(predictions.size());
}

// G = Σ (2i − n − 1) x_i / (n Σ x), x sorted.
double gini(std::vector<double> loads) {
  std::sort(loads.begin(), loads.end());
  double weighted = 0, total = 0;
  const double n = static_cast<double>(loads.size());
  for (std::size_t i = 0; i < loads.size(); ++i) {
    weighted += (2 * static_cast<double>(i + 1) - n - 1) * loads[i];
    total += loads[i];
  }
  return total > 0 ? weighted / (n * total) : 0;
}

AccuracyReport replay_task(const AccuracyTask& task, const Context& context) {
  AccuracyReport report = task.run(context);
  std::erase_if(report.figures, [](const AccuracyFigure& figure) { return figure.n == 0; });
  return report;
}

std::string figure_basis(const Context& context) {
  return fmt::format("{} {}", kSuggestionRules, people_basis(context));
}

void store_figures(const Context& context, const AccuracyReport& report) {
  Database& database = context.database;
  const std::int64_t project_id = context.project_id;
  Transaction transaction(database);
  database.execute("DELETE FROM accuracy_figure WHERE project_id = :project AND task = :task",
                   {{"project", project_id}, {"task", report.task}});
  std::vector<std::vector<Value>> rows;
  for (const auto& figure : report.figures)
    rows.push_back({project_id, report.task, figure.metric, figure.value, figure.low, figure.high,
                    value_of(figure.baseline), figure.n, context.as_of, figure_basis(context)});
  if (!rows.empty())
    database.insert({"accuracy_figure",
                     {"project_id", "task", "metric", "value", "low", "high", "baseline", "cases", "as_of", "basis"},
                     {"project_id", "task", "metric"}},
                    rows);
  transaction.commit();
}

std::optional<AccuracyFigure> known_figure(const Context& context, std::string_view task, std::string_view metric) {
  Parameters parameters = context.parameters();
  parameters.emplace_back("task", std::string(task));
  parameters.emplace_back("metric", std::string(metric));
  const auto rows = context.database.query(
      "SELECT value, low, high, baseline, cases, basis, as_of FROM accuracy_figure WHERE project_id = :project AND "
      "task = :task AND metric = :metric AND as_of <= :as_of",
      parameters);
  if (!rows->next()) return std::nullopt;
  AccuracyFigure figure{std::string(metric), rows->number(0), rows->number(1), rows->number(2), {}, rows->integer(4)};
  if (!rows->is_null(3)) figure.baseline = rows->number(3);
  if (rows->text(5) != figure_basis(context)) figure.of_before = rows->integer(6);
  return figure;
}

namespace {

// What a figure says, before "in 95 % of 600 cases"; "" for those that are no shares.
std::string in_words(std::string_view metric) {
  static const std::map<std::string_view, std::string_view> words{
      {"top_1", "the first is right"},
      {"top_3", "one of the first three is right"},
      {"top_5", "one of the first five is right"},
      {"recall_at_5", "the right one is among the first five"},
      {"precision_above_90", "they were one person"},
      {"precision_when_suggested", "what is suggested is right"},
      {"missing_precision", "what is missing was asked for"},
      {"fixed_precision", "what is said to be fixed was"},
      {"worked_before_precision", "what is said to have worked before had"},
      {"module_top_1", "its module is right"},
      {"newcomer_precision", "a newcomer did it"}};
  const auto found = words.find(metric);
  return found == words.end() ? std::string() : std::string(found->second);
}

// Of any figure, for its row of the table: "mrr_spread" is "how far up the right one stands …, with the load spread".
std::string meaning(std::string metric) {
  std::string more;
  const auto take_off = [&](std::string_view ending, std::string_view words) {
    if (!metric.ends_with(ending)) return;
    metric.resize(metric.size() - ending.size());
    more = std::string(words) + more;
  };
  take_off("_difference_p", ": how likely so much more than the simple way's is by chance");
  take_off("_difference", ", less that of the simple way");
  take_off("_any_response", ", where any answer counts");
  take_off("_spread", ", with the load spread");
  if (std::string words = in_words(metric); !words.empty()) return words + more;
  std::string_view place = metric;
  if (place.starts_with("recall_at_"))
    return fmt::format("the share of the right ones among the first {}{}", place.substr(10), more);
  if (place.starts_with("top_")) return fmt::format("one of the first {} is right{}", place.substr(4), more);
  static const std::map<std::string_view, std::string_view> words{
      {"macro_f1", "how well each label is met, all labels alike: 1 always, 0 never (macro F1)"},
      {"mrr", "how far up the right one stands: 1 first, 0.5 second (mean reciprocal rank)"},
      {"gini_of_load", "how unevenly the load falls: 0 even, 1 all on one (Gini)"},
      {"gini_of_reviews_made", "how unevenly reviews fell: 0 even, 1 all on one (Gini)"},
      {"share_suggested", "how often something is suggested at all"},
      {"recall_above_90", "how many of the pairs are found"},
      {"missing_recall", "what was asked for had been called missing"},
      {"missing_share_said", "how often anything is called missing"},
      {"fixed_automatic", "closed within a minute by what says so, or by it"},
      {"fixed_recall", "what was closed so had been called fixed"},
      {"module_coverage", "how often a module is named"},
      {"worked_before_recall", "what was a regression had been said to have worked before"},
      {"newcomer_recall", "what a newcomer did had been called fit for one"},
      {"newcomer_share_said", "how often it is called fit for a newcomer"},
      {"brier", "mean squared error of the probabilities: 0 best (Brier score)"},
      {"brier_minus_baseline", "the same less that of the base rate: below 0 is better than it"},
      {"expected_calibration_error", "how far probabilities are from how often it came, on average"},
      {"named_in_trouble_more", "how much more often those named were in trouble than the others"}};
  const auto found = words.find(metric);
  return found == words.end() ? std::string() : std::string(found->second) + more;
}

}  // namespace

std::string figure_in_words(const AccuracyFigure& figure) {
  const std::string words = in_words(figure.metric);
  const std::string before =
      figure.of_before ? fmt::format(", as of {}, before people or settings changed", format_date(*figure.of_before))
                       : std::string();
  if (words.empty())
    return fmt::format("{} {:.2f} ({:.2f}–{:.2f}, n = {}){}",
                       figure.metric == "mrr" ? "mean reciprocal rank" : figure.metric, figure.value, figure.low,
                       figure.high, figure.n, before);
  return fmt::format("{} in {:.0f} % of {} ({:.0f}–{:.0f} %){}", words, 100 * figure.value, plural(figure.n, "case"),
                     100 * figure.low, 100 * figure.high, before);
}

std::string known_figure_text(const Context& context, std::string_view task, std::string_view metric) {
  const auto figure = known_figure(context, task, metric);
  if (figure && figure->of_before)
    return fmt::format("{}: `resident accuracy {}` measures anew", figure_in_words(*figure), task);
  return figure ? figure_in_words(*figure) : fmt::format("not measured here yet: `resident accuracy {}` does", task);
}

Result accuracy_result(const Context& context, const AccuracyTask& task, const AccuracyReport& report) {
  Result result =
      context.result("accuracy_" + report.task, fmt::format("How right: {}", report.task), std::string(task.question));
  result.columns = {{"metric", "Figure", ColumnType::text},
                    {"value", "Value", ColumnType::number},
                    {"low", "From", ColumnType::number, "", "95 % interval"},
                    {"high", "To", ColumnType::number, "", "95 % interval"},
                    {"baseline", "Simple way", ColumnType::number},
                    {"n", "Cases", ColumnType::integer},
                    {"means", "In words"}};
  for (const auto& figure : report.figures)
    result.rows.push_back({figure.metric, figure.value, figure.low, figure.high,
                           figure.baseline ? Cell(*figure.baseline) : Cell(), figure.n, meaning(figure.metric)});
  if (report.figures.empty()) {
    result.claim = "There is nothing in this project's history to measure it on.";
  } else {
    const auto& last = report.figures.front();
    std::string words = figure_in_words(last);
    if (words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
    const bool is_share = !in_words(last.metric).empty();
    result.claim = words +
                   (!last.baseline ? std::string()
                    : is_share     ? fmt::format("; the simple way: {:.0f} %", 100 * *last.baseline)
                                   : fmt::format("; the simple way: {:.2f}", *last.baseline)) +
                   ".";
  }
  result.sample_size = static_cast<std::int64_t>(report.cases.size());
  result.uncertainty = report.intervals;
  result.definition = report.definition;
  result.method = "replayed; at each moment nothing later was looked at. --json gives every case";
  result.notes = report.notes;
  return result;
}

}  // namespace resident

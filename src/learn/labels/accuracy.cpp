// `resident accuracy labels`: would the label that the project gave have been suggested?
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <framework/accuracy.hpp>
#include <learn/labels/suggest.hpp>
#include <map>
#include <random>
#include <stats/intervals.hpp>

namespace resident::labels {

namespace {

constexpr int kFolds = 5;
constexpr std::size_t kBlocks = 7;  // of time, each asked about with what was known at its beginning
constexpr double kFirst = 0.3;      // of the issues are only learnt from
constexpr int kResamples = 1000;
constexpr std::uint64_t kSeed = 20240101;

struct Asked {
  std::size_t truth = 0, said = 0, simple = 0;  // places in the group's labels
  double probability = 0;
};

// Mean of the F1 of each label (macro, as of NLBSE'24: Kallis et al. 2024).
double macro_f1(const std::vector<Asked>& cases, std::size_t labels, std::size_t Asked::*said) {
  std::vector<double> hit(labels), named(labels), there(labels);
  for (const auto& each : cases) {
    hit[each.truth] += each.*said == each.truth;
    ++named[each.*said];
    ++there[each.truth];
  }
  double sum = 0;
  std::size_t seen = 0;
  for (std::size_t k = 0; k < labels; ++k) {
    if (there[k] == 0) continue;
    ++seen;
    sum += 2 * hit[k] / (named[k] + there[k]);
  }
  return seen ? sum / static_cast<double>(seen) : 0;
}

AccuracyFigure f1_figure(const std::string& metric, const std::vector<Asked>& cases, std::size_t labels) {
  AccuracyFigure figure{metric, macro_f1(cases, labels, &Asked::said),   0,
                        0,      macro_f1(cases, labels, &Asked::simple), static_cast<std::int64_t>(cases.size())};
  std::mt19937_64 random(kSeed);
  std::vector<double> values;
  std::vector<Asked> drawn(cases.size());
  for (int round = 0; round < kResamples && !cases.empty(); ++round) {
    for (auto& each : drawn) each = cases[random() % cases.size()];
    values.push_back(macro_f1(drawn, labels, &Asked::said));
  }
  std::sort(values.begin(), values.end());
  if (!values.empty()) {
    figure.low = values[values.size() / 40];
    figure.high = values[values.size() - 1 - values.size() / 40];
  }
  return figure;
}

struct Part {
  std::vector<std::size_t> learn, ask;
  Timestamp moment = 0;  // what was known then is learnt
};

// The folds: by time where the tracker says when labels were set, else at random, each label spread evenly.
std::vector<Part> parts_of(const LabelHistory& history, Timestamp as_of) {
  std::vector<Part> parts;
  const std::size_t count = history.items.size();
  if (history.is_timed) {
    const auto first = static_cast<std::size_t>(static_cast<double>(count) * kFirst);
    for (std::size_t block = 0; block < kBlocks; ++block) {
      const std::size_t begin = first + (count - first) * block / kBlocks,
                        end = first + (count - first) * (block + 1) / kBlocks;
      if (begin == end) continue;
      Part part;
      part.moment = history.items[begin].created_at - 1;
      for (std::size_t i = 0; i < begin; ++i) part.learn.push_back(i);
      for (std::size_t i = begin; i < end; ++i) part.ask.push_back(i);
      parts.push_back(std::move(part));
    }
    return parts;
  }
  std::map<std::string, std::vector<std::size_t>> by_labels;
  for (std::size_t i = 0; i < count; ++i) {
    std::string key;
    for (const auto& [label, since] : history.items[i].labels) key += label + '\n';
    by_labels[key].push_back(i);
  }
  parts.resize(kFolds);
  std::mt19937_64 random(kSeed);
  std::vector<int> fold(count);
  int next = 0;
  for (auto& [key, places] : by_labels) {
    for (std::size_t i = places.size(); i > 1; --i) std::swap(places[i - 1], places[random() % i]);
    for (const std::size_t place : places) fold[place] = next++ % kFolds;
  }
  for (std::size_t i = 0; i < count; ++i)
    for (int k = 0; k < kFolds; ++k)
      (fold[i] == k ? parts[static_cast<std::size_t>(k)].ask : parts[static_cast<std::size_t>(k)].learn).push_back(i);
  for (auto& part : parts) part.moment = as_of;
  return parts;
}

AccuracyReport run(const Context& context) {
  AccuracyReport report;
  report.task = "labels";
  const LabelHistory history = load_label_history(context);
  std::vector<Features> features;
  for (const auto& item : history.items) features.push_back(features_of(item.title, item.body));
  const auto parts = parts_of(history, context.as_of);
  const auto& undecidable = context.config.triage.undecidable_labels;
  const double from = context.config.triage.suggest_from / 100.0;

  std::map<std::string, std::vector<Asked>> by_group;         // exclusive
  std::map<std::string, std::vector<std::string>> labels_of;  // the same, in order
  std::vector<std::string> order;
  std::vector<std::pair<double, bool>> chances, alone_chances;
  std::map<std::string, std::vector<std::pair<double, bool>>> chances_of;
  std::vector<AccuracyFigure> calibrations;
  std::int64_t shown = 0, shown_right = 0, alone_shown = 0, alone_right = 0, alone_there = 0, several = 0;
  for (const auto& part : parts) {
    for (const auto& group : label_groups(history, part.moment, undecidable)) {
      const auto learner = GroupLearner::learn(history, features, part.learn, group, part.moment);
      if (!learner) continue;
      if (group.is_exclusive() && !by_group.contains(group.name)) order.push_back(group.name);
      auto& names = labels_of[group.name];
      auto& asked = by_group[group.name];
      const auto place_of = [&](const std::string& label) {
        const auto place = static_cast<std::size_t>(std::find(names.begin(), names.end(), label) - names.begin());
        if (place == names.size()) names.push_back(label);
        return place;
      };
      for (const std::size_t i : part.ask) {
        const auto& item = history.items[i];
        if (!group.is_exclusive()) {
          if (item.labels.empty()) continue;
          const bool is_there = item.labels.contains(group.labels[0]);
          const double probability = learner->probabilities(features[i])[0];
          alone_chances.emplace_back(probability, is_there);
          alone_there += is_there;
          alone_shown += probability >= from;
          alone_right += probability >= from && is_there;
          continue;
        }
        std::vector<std::string> borne;
        for (const auto& label : group.labels)
          if (item.labels.contains(label)) borne.push_back(label);
        several += borne.size() > 1;
        if (borne.size() != 1) continue;
        const auto probabilities = learner->probabilities(features[i]);
        std::vector<std::pair<double, std::size_t>> ranking;
        for (std::size_t k = 0; k < probabilities.size(); ++k) ranking.emplace_back(-probabilities[k], k);
        std::sort(ranking.begin(), ranking.end());
        AccuracyCase one{fmt::format("#{}", item.number), item.created_at, borne, {}, learner->by_frequency(), {}};
        for (const auto& [minus, k] : ranking) {
          one.ranked.push_back(group.labels[k]);
          one.scores.push_back(-minus);
        }
        const bool is_right = one.ranked.front() == borne.front();
        chances.emplace_back(one.scores.front(), is_right);
        chances_of[group.name].emplace_back(one.scores.front(), is_right);
        shown += one.scores.front() >= from;
        shown_right += one.scores.front() >= from && is_right;
        asked.push_back({place_of(borne.front()), place_of(one.ranked.front()), place_of(one.baseline.front()),
                         one.scores.front()});
        report.cases.push_back(std::move(one));
      }
    }
  }
  for (const auto& name : order) {
    if (order.size() == 1) continue;
    const double error = expected_calibration_error(chances_of[name]);
    calibrations.push_back({fmt::format("expected_calibration_error of {}", one_line(name)), error, error, error,
                            std::nullopt, static_cast<std::int64_t>(chances_of[name].size())});
  }
  for (const auto& name : order) {
    const auto figure = f1_figure(order.size() == 1 ? "macro_f1" : fmt::format("macro_f1 of {}", one_line(name)),
                                  by_group[name], labels_of[name].size());
    report.figures.push_back(figure);
  }
  const auto interval = [](std::string metric, std::int64_t hits, std::int64_t of) {
    const auto found = stats::wilson_interval(hits, of).value_or(stats::Interval{0, 0});
    const double share = of ? static_cast<double>(hits) / static_cast<double>(of) : 0;
    return AccuracyFigure{std::move(metric), share, found.low, found.high, std::nullopt, of};
  };
  if (!report.cases.empty()) {
    for (auto& figure : ranking_figures(report.cases, {1}, false)) report.figures.push_back(std::move(figure));
    const double error = expected_calibration_error(chances);
    report.figures.push_back(
        {"expected_calibration_error", error, error, error, std::nullopt, static_cast<std::int64_t>(chances.size())});
    for (auto& figure : calibrations) report.figures.push_back(std::move(figure));
    report.figures.push_back(interval("precision_when_suggested", shown_right, shown));
    report.figures.push_back(interval("share_suggested", shown, static_cast<std::int64_t>(chances.size())));
  }
  if (!alone_chances.empty()) {
    const double error = expected_calibration_error(alone_chances);
    report.figures.push_back(interval("other_labels_precision_when_suggested", alone_right, alone_shown));
    report.figures.push_back(interval("other_labels_recall", alone_right, alone_there));
    report.figures.push_back({"other_labels_expected_calibration_error", error, error, error, std::nullopt,
                              static_cast<std::int64_t>(alone_chances.size())});
  }
  report.definition = fmt::format(
      "Truth: the labels that {} issues bear at the end. {} Asked about by title and text alone (as worded today). "
      "Groups of labels that exclude each other are asked for one label ({} issues with several of one group are left "
      "out); every other label for itself (other_labels), over issues that bear any label. Suggested: from probability "
      "{:.2f} on (triage.suggest_from). Labels that match triage.undecidable_labels are never suggested. Baseline: the "
      "label given most often. Macro F1: mean over the labels of a group.",
      history.items.size(),
      history.is_timed
          ? fmt::format("The newer {:.0f} % are asked about in {} blocks of time, each with what was known at the "
                        "block's beginning: issues opened and labels set before it.",
                        100 * (1 - kFirst), kBlocks)
          : fmt::format(
                "The source does not say when labels were set, so nothing can be replayed in time: {}-fold "
                "cross-validation, the folds drawn at random (seed {}), each combination of labels spread evenly.",
                kFolds, kSeed),
      several, from);
  if (report.cases.empty() && alone_chances.empty())
    report.notes.push_back(
        "there is too little to learn from: 10 issues with each of two labels that exclude each other, or 20 with any "
        "other");
  return report;
}

}  // namespace

}  // namespace resident::labels

namespace resident {
extern const AccuracyTask labels_accuracy;
const AccuracyTask labels_accuracy{"labels", "Would the label that the project gave have been suggested?", labels::run};
}  // namespace resident

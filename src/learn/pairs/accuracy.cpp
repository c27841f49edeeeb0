// Backtest of likely pairs: known people are taken apart into their accounts and addresses,
// and what joined them (same e-mail, mailmap, no-reply addresses, whose commits a pull request
// has) is hidden; are they found again, and is nobody joined with somebody else?
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <framework/accuracy.hpp>
#include <learn/pairs/pair_signals.hpp>
#include <numeric>
#include <stats/intervals.hpp>
#include <store/noreply.hpp>
#include <unordered_set>

namespace resident {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// An account, or all names under one address: the smallest there is.
std::vector<std::size_t> taken_apart(const IdentityGraph& graph, const std::vector<std::size_t>& person,
                                     const std::unordered_set<std::int64_t>& bots) {
  std::map<std::string, std::size_t> by_address;
  std::vector<std::size_t> unit(person.size());
  for (std::size_t i = 0; i < person.size(); ++i) {
    const Identity& identity = graph.identities()[i];
    if (bots.contains(graph.identities()[person[i]].id)) {
      unit[i] = kNone;
    } else if (identity.login.empty() && !identity.email.empty() && !is_nobodys_address(identity.email)) {
      // Under a shared address stand several people.
      unit[i] = by_address.emplace(fmt::format("{}\n{}", person[i], identity.email), i).first->second;
    } else {
      unit[i] = i;
    }
  }
  return unit;
}

struct Tally {
  std::int64_t right = 0, wrong = 0, unknown = 0;
  std::int64_t all() const { return right + wrong; }
};

AccuracyFigure share(std::string metric, std::int64_t part, std::int64_t all, std::optional<double> baseline = {}) {
  AccuracyFigure figure{std::move(metric), 0, 0, 0, baseline, all};
  if (all == 0) return figure;
  figure.value = static_cast<double>(part) / static_cast<double>(all);
  const auto interval = stats::wilson_interval(part, all);
  if (interval) figure.low = interval->low, figure.high = interval->high;
  return figure;
}

class Replay {
 public:
  explicit Replay(const Context& context)
      : context_(context), graph_(context.database, context.project_id, context.config.bots) {
    std::unordered_set<std::int64_t> bots;
    for (const auto rows = context.database.query(
             "SELECT person_id, name, is_bot FROM person WHERE project_id = :project ORDER BY person_id",
             {{"project", context.project_id}});
         rows->next();) {
      names_[rows->integer(0)] = rows->string(1);
      if (rows->integer(2) == 1) bots.insert(rows->integer(0));
    }
    person_ = graph_.roots(graph_.active_links());
    unit_ = taken_apart(graph_, person_, bots);
    for (std::size_t i = 0; i < unit_.size(); ++i)
      if (unit_[i] != kNone && !graph_.identities()[i].login.empty()) anchored_.insert(person_[i]);
  }

  AccuracyReport run() {
    AccuracyReport report;
    report.task = "pairs";
    const PairScorer scorer(context_, graph_, unit_, true);
    std::vector<std::size_t> parent(unit_.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t index) {
      while (parent[index] != index) index = parent[index] = parent[parent[index]];
      return index;
    };
    Tally likely, by_name;
    std::vector<std::pair<double, bool>> predictions;
    std::map<std::size_t, std::vector<std::pair<double, std::size_t>>> partners;  // by unit: probability, unit
    for (const auto& [a, b] : scorer.candidates()) {
      const double probability = scorer.score(a, b).probability;
      partners[a].emplace_back(probability, b);
      partners[b].emplace_back(probability, a);
      const bool is_one = person_[a] == person_[b];
      // Two people are two for sure where each has an account.
      const bool is_known = is_one || (anchored_.contains(person_[a]) && anchored_.contains(person_[b]));
      const auto count = [&](Tally& tally) { ++(is_one ? tally.right : is_known ? tally.wrong : tally.unknown); };
      if (probability >= kLikelyPair) {
        count(likely);
        if (is_one) parent[root(a)] = root(b);
      }
      if (have_one_name(scorer, a, b)) count(by_name);
      if (is_known) predictions.emplace_back(probability, is_one);
    }
    std::map<std::size_t, std::set<std::size_t>> units_of, parts_of;
    for (const auto& [index, unit] : scorer.units()) {
      units_of[person_[index]].insert(index);
      parts_of[person_[index]].insert(root(index));
    }
    std::int64_t splits = 0, mended = 0;
    for (const auto& [person, units] : units_of) {
      splits += static_cast<std::int64_t>(units.size()) - 1;
      mended += static_cast<std::int64_t>(units.size() - parts_of[person].size());
      if (units.size() > 1)
        for (const std::size_t unit : units) report.cases.push_back(case_of(unit, partners[unit]));
    }
    report.figures = {
        share("precision_above_90", likely.right, likely.all(),
              by_name.all() ? std::optional(static_cast<double>(by_name.right) / static_cast<double>(by_name.all()))
                            : std::nullopt),
        share("recall_above_90", mended, splits)};
    AccuracyFigure calibration{"expected_calibration_error",
                               expected_calibration_error(predictions),
                               0,
                               0,
                               {},
                               static_cast<std::int64_t>(predictions.size())};
    calibration.low = calibration.high = calibration.value;
    report.figures.push_back(calibration);
    report.definition = fmt::format(
        "The store's people are taken apart into their accounts and addresses ({} of {}), as if no e-mail, mailmap, "
        "no-reply address or commits of a pull request had joined them; every pair of those parts that has anything in "
        "common is weighed. Truth: the parts are one person's in the store. They are two for sure where both people "
        "have accounts; {} likely pairs with somebody who has none cannot be judged and are left out. precision: of "
        "the pairs given 90 % or more. recall: of the joins that it takes to put everybody together again. Simple way: "
        "the same name of two words. Bots are left out.",
        plural(static_cast<std::int64_t>(scorer.units().size()), "part"),
        plural(static_cast<std::int64_t>(units_of.size()), "person", "people"), likely.unknown);
    report.intervals = "95 % intervals by Wilson's method; of the calibration error none";
    return report;
  }

 private:
  static bool have_one_name(const PairScorer& scorer, std::size_t a, std::size_t b) {
    const auto& names = scorer.units().at(b).full_names;
    return std::any_of(scorer.units().at(a).full_names.begin(), scorer.units().at(a).full_names.end(),
                       [&](const auto& name) { return names.contains(name); });
  }

  std::string label(std::size_t unit) const {
    const Identity& identity = graph_.identities()[unit];
    return fmt::format("{} (identity:{})", identity.login.empty() ? identity.name : "@" + identity.login, identity.id);
  }

  // A part of somebody known: whose it is, and whose it was taken for.
  AccuracyCase case_of(std::size_t unit, std::vector<std::pair<double, std::size_t>> partners) const {
    const auto person = [&](std::size_t index) {
      const std::int64_t id = graph_.identities()[person_[index]].id;
      return fmt::format("{} (person:{})", names_.at(id), id);
    };
    AccuracyCase one{label(unit), context_.as_of, {person(unit)}, {}, {}};
    std::sort(partners.begin(), partners.end(), [](const auto& x, const auto& y) {
      return x.first != y.first ? x.first > y.first : x.second < y.second;
    });
    constexpr std::size_t kShown = 5;
    for (const auto& [probability, other] : partners) {
      if (one.ranked.size() == kShown) break;
      if (std::find(one.ranked.begin(), one.ranked.end(), person(other)) != one.ranked.end()) continue;
      one.ranked.push_back(person(other));
      one.scores.push_back(probability);
    }
    return one;
  }

  const Context& context_;
  IdentityGraph graph_;
  std::unordered_map<std::int64_t, std::string> names_;
  std::vector<std::size_t> person_, unit_;
  std::unordered_set<std::size_t> anchored_;
};

AccuracyReport run(const Context& context) {
  return Replay(context).run();
}

}  // namespace

extern const AccuracyTask pairs_accuracy;
const AccuracyTask pairs_accuracy{"pairs", "Would people who are one have been proposed as one, and nobody else?", run};

}  // namespace resident

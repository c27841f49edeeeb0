// `resident accuracy facts`: what the rules of triage would have said of every issue at the
// moment it was opened (of claims to have mended it: at the first of them), against what
// happened then. Each fact has its own stand-in for the truth; docs/accuracy.md judges them.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/triage/facts.hpp>
#include <analyses/triage/past.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <framework/accuracy.hpp>
#include <learn/labels/history.hpp>
#include <stats/intervals.hpp>

namespace resident {

namespace {

constexpr Timestamp kSoon = 30 * kDay, kLater = 365 * kDay, kSameMoment = 60;
constexpr std::int64_t kLeast = 10;       // cases that a figure is made of
constexpr std::size_t kCompared = 2'000;  // stretches that the base rate of closing is made of

struct Stretch {
  Timestamp opened_at = 0;
  std::optional<Timestamp> closed_at;  // nothing: open as far as is known
};

struct Issue {
  std::int64_t number = 0, author = 0;
  Timestamp created_at = 0;
  std::string title, body;  // the title as it was given
  bool by_bot = false, is_asked = false, is_regression = false, is_marked_small = false;
  std::vector<Stretch> stretches;
  std::map<Timestamp, std::string> closing_commit;  // sha, by the time of the closing
};

using Issues = std::vector<Issue>;  // in order of opening

struct Replay {
  const Context& context;
  People people = load_people(context);
  PastMaintainers maintainers{context, people};
  PastArrivals arrivals{context};
  std::unordered_map<std::int64_t, std::vector<Claim>> claims = load_claims(context, arrivals);
  Issues issues;
  bool has_regression_label = false;

  explicit Replay(const Context& of) : context(of) { load(); }

  void load() {
    std::unordered_map<std::int64_t, std::size_t> place;
    for (auto& item : labels::load_label_history(context).items) {
      Issue issue;
      issue.number = item.number;
      issue.created_at = item.created_at;
      issue.title = std::move(item.title);
      issue.body = std::move(item.body);
      for (const auto& [label, since] : item.labels) issue.is_regression |= says_regression(label);
      place.emplace(item.item_id, issues.size());
      issues.push_back(std::move(issue));
    }
    const auto each = [&](std::string_view sql, const auto& take) {
      for (const auto rows = context.database.query(sql, context.parameters()); rows->next();)
        if (const auto found = place.find(rows->integer(0)); found != place.end()) take(issues[found->second], *rows);
    };
    each("SELECT item_id, author_id FROM item WHERE project_id = :project AND kind = 'issue'",
         [&](Issue& issue, Rows& row) {
           issue.author = people.person(row.optional_integer(1));
           issue.by_bot = people.bots.contains(issue.author);
         });
    each(
        "SELECT item_id, opened_at, closed_at FROM item_interval WHERE project_id = :project AND opened_at <= :as_of "
        "ORDER BY item_id, opened_at",
        [&](Issue& issue, Rows& row) {
          Stretch stretch{row.integer(1), row.optional_integer(2)};
          if (stretch.closed_at && *stretch.closed_at > context.as_of) stretch.closed_at.reset();
          issue.stretches.push_back(stretch);
        });
    each(
        "SELECT item_id, sha, occurred_at FROM event WHERE project_id = :project AND kind = 'closed' AND sha IS NOT "
        "NULL AND occurred_at <= :as_of",
        [](Issue& issue, Rows& row) { issue.closing_commit[row.integer(2)] = row.string(1); });
    // A form sets labels as it opens the issue.
    each(
        "SELECT item_id, label, occurred_at FROM event WHERE project_id = :project AND kind = 'labeled' AND label IS "
        "NOT NULL AND occurred_at <= :as_of",
        [&](Issue& issue, Rows& row) {
          const std::string label = row.string(1);
          issue.is_regression |= says_regression(label);
          if (row.integer(2) > issue.created_at + kSameMoment) return;
          for (const auto& wanted : context.config.triage.newcomer_labels)
            issue.is_marked_small |= to_lower(label) == to_lower(wanted);
        });
    each(
        "SELECT item_id, author_id, created_at, body FROM comment WHERE project_id = :project AND kind = "
        "'conversation' AND created_at <= :as_of",
        [&](Issue& issue, Rows& row) {
          const Timestamp at = row.integer(2);
          if (issue.is_asked || at < issue.created_at || at > issue.created_at + kSoon) return;
          const std::int64_t person = people.person(row.optional_integer(1));
          if (person == 0 || person == issue.author || people.bots.contains(person)) return;
          issue.is_asked = maintainers.contains(person, at) && asks_reporter(own_words(row.text(3)));
        });
    has_regression_label =
        std::any_of(issues.begin(), issues.end(), [](const Issue& issue) { return issue.is_regression; });
  }

  static bool says_regression(const std::string& label) {
    static const Pattern pattern("(?i)regress");
    return pattern.found_in(label);
  }

  // The claim that it was closed after: of the first closing that has one, the last pull request, else the last commit.
  std::optional<Claim> fix_of(const Issue& issue) const {
    const auto found = claims.find(issue.number);
    for (const auto& stretch : issue.stretches) {
      if (!stretch.closed_at) continue;
      std::optional<Claim> fix;
      if (const auto named = issue.closing_commit.find(*stretch.closed_at); named != issue.closing_commit.end())
        fix = closed_by(named->second, *stretch.closed_at);
      if (found != claims.end())
        for (const Claim& claim : found->second)
          if (claim.at >= stretch.opened_at && claim.at <= *stretch.closed_at + kSameMoment &&
              (!fix || claim.pull_id || !fix->pull_id))
            fix = claim;
      if (fix) return fix;
    }
    return std::nullopt;
  }

  std::optional<Claim> closed_by(const std::string& sha, Timestamp at) const {
    const auto id = context.database.integer(
        "SELECT commit_id FROM git_commit WHERE project_id = :project AND sha = :sha AND on_default = 1",
        {{"project", context.project_id}, {"sha", sha}});
    if (!id) return std::nullopt;
    return Claim{at, *id, arrivals.pull_of(sha), sha};
  }
};

AccuracyFigure share(std::string metric, std::int64_t hits, std::int64_t of, std::optional<double> baseline) {
  const auto found = stats::wilson_interval(hits, of).value_or(stats::Interval{0, 0});
  const double value = of ? static_cast<double>(hits) / static_cast<double>(of) : 0;
  return {std::move(metric), value, found.low, found.high, baseline, of};
}

void add(AccuracyReport& report, std::string metric, std::int64_t hits, std::int64_t of,
         std::optional<double> baseline) {
  if (of < kLeast)
    report.notes.push_back(fmt::format("{}: {}, too few to say", metric, plural(of, "case")));
  else
    report.figures.push_back(share(std::move(metric), hits, of, baseline));
}

// A rule that says something or nothing, against whether it was so.
class Tally {
 public:
  explicit Tally(std::string fact) : fact_(std::move(fact)) {}
  void take(AccuracyReport& report, const Issue& issue, bool said, bool so) {
    ++all_;
    said_ += said;
    so_ += so;
    both_ += said && so;
    using List = std::vector<std::string>;
    report.cases.push_back({fmt::format("#{}", issue.number), issue.created_at, so ? List{fact_} : List{},
                            said ? List{fact_} : List{}, List{fact_}});
  }
  void figures(AccuracyReport& report) const {
    const double rate = all_ ? static_cast<double>(so_) / static_cast<double>(all_) : 0;
    if (so_ == 0) {
      report.notes.push_back(
          fmt::format("{}: as far as the data tells it was never so, so nothing can be said", fact_));
    } else {
      add(report, fact_ + "_precision", both_, said_, rate);
      add(report, fact_ + "_recall", both_, so_, 1.0);
    }
    add(report, fact_ + "_share_said", said_, all_, std::nullopt);
  }

 private:
  std::string fact_;
  std::int64_t all_ = 0, said_ = 0, so_ = 0, both_ = 0;
};

// Of the issues open at that age, the share closed within 30 days more.
class ClosingRate {
 public:
  ClosingRate(const Issues& issues, Timestamp as_of) : as_of_(as_of) {
    for (const auto& issue : issues)
      if (!issue.by_bot) stretches_.insert(stretches_.end(), issue.stretches.begin(), issue.stretches.end());
    const std::size_t stride = stretches_.size() / kCompared + 1;
    std::vector<Stretch> some;
    for (std::size_t i = 0; i < stretches_.size(); i += stride) some.push_back(stretches_[i]);
    stretches_ = std::move(some);
  }
  double at_age(Timestamp age) const {
    std::int64_t open = 0, closed = 0;
    for (const auto& each : stretches_) {
      const Timestamp then = each.opened_at + age;
      if (then + kSoon > as_of_ || (each.closed_at && *each.closed_at <= then)) continue;
      ++open;
      closed += each.closed_at && *each.closed_at <= then + kSoon;
    }
    return open ? static_cast<double>(closed) / static_cast<double>(open) : 0;
  }

 private:
  std::vector<Stretch> stretches_;
  Timestamp as_of_;
};

void judge_missing(const Replay& replay, AccuracyReport& report) {
  Tally tally("missing");
  for (const auto& issue : replay.issues)
    if (!issue.by_bot && issue.author && issue.created_at + kSoon <= replay.context.as_of &&
        !replay.maintainers.contains(issue.author, issue.created_at))
      tally.take(report, issue, !missing_information(issue.title, issue.body).empty(), issue.is_asked);
  tally.figures(report);
}

void judge_fixed(const Replay& replay, AccuracyReport& report) {
  const ClosingRate rate(replay.issues, replay.context.as_of);
  std::int64_t claimed = 0, automatic = 0, waited = 0, closed = 0;
  double expected = 0;
  for (const auto& issue : replay.issues) {
    const auto found = replay.claims.find(issue.number);
    if (found == replay.claims.end() || issue.by_bot) continue;
    const Claim* first = nullptr;
    const Stretch* open = nullptr;
    for (auto claim = found->second.begin(); claim != found->second.end() && !first; ++claim)
      for (const auto& stretch : issue.stretches)
        if (stretch.opened_at <= claim->at && (!stretch.closed_at || *stretch.closed_at + kSameMoment >= claim->at)) {
          first = &*claim;
          open = &stretch;
        }
    if (!first) continue;
    AccuracyCase one{fmt::format("#{}", issue.number), first->at, {}, {"fixed"}, {}};
    bool by_it = false;
    if (open->closed_at) {
      by_it = std::abs(*open->closed_at - first->at) <= kSameMoment;
      const auto named = issue.closing_commit.find(*open->closed_at);
      if (named != issue.closing_commit.end())
        by_it = by_it || named->second == first->sha ||
                (first->pull_id && replay.arrivals.pull_of(named->second) == first->pull_id);
    }
    const bool is_known = by_it || first->at + kSoon <= replay.context.as_of;
    if (!is_known) continue;
    ++claimed;
    automatic += by_it;
    const bool so = open->closed_at && *open->closed_at <= first->at + kSoon;
    if (by_it) {
      one.truth = {"closed automatically by it"};
    } else {
      ++waited;
      closed += so;
      expected += rate.at_age(first->at - open->opened_at);
      if (so) one.truth = {"fixed"};
    }
    report.cases.push_back(std::move(one));
  }
  add(report, "fixed_precision", closed, waited, waited ? expected / static_cast<double>(waited) : 0);
  add(report, "fixed_automatic", automatic, claimed, std::nullopt);
}

void judge_worked_before(const Replay& replay, AccuracyReport& report) {
  if (!replay.has_regression_label) {
    report.notes.push_back("worked_before: not measurable here: no issue bears a label that says regression");
    return;
  }
  Tally tally("worked_before");
  for (const auto& issue : replay.issues)
    if (!issue.by_bot && issue.created_at + kSoon <= replay.context.as_of)
      tally.take(report, issue, !worked_before(issue.title, issue.body).empty(), issue.is_regression);
  tally.figures(report);
}

void judge_module(const Replay& replay, AccuracyReport& report) {
  PastModules past(replay.context, replay.arrivals);
  std::int64_t fixed = 0, said = 0, right = 0, simply_right = 0;
  for (const auto& issue : replay.issues) {
    if (issue.by_bot) continue;
    const auto fix = replay.fix_of(issue);
    if (!fix) continue;
    past.go_to(issue.created_at);
    const auto truth = past.changed_most(*fix);
    if (truth.empty()) continue;
    ++fixed;
    const auto is_true = [&](const std::string& module) {
      return std::find(truth.begin(), truth.end(), module) != truth.end();
    };
    const auto place = past.names().find(issue.title, issue.body);
    const std::string simple = past.busiest();
    AccuracyCase one{fmt::format("#{}", issue.number), issue.created_at, {}, {}, {}};
    for (const auto& module : truth) one.truth.push_back("module " + module);
    if (!simple.empty()) one.baseline.push_back("module " + simple);
    if (place) {
      one.ranked.push_back("module " + place->module);
      ++said;
      right += is_true(place->module);
      simply_right += is_true(simple);
    }
    report.cases.push_back(std::move(one));
  }
  add(report, "module_top_1", right, said, said ? static_cast<double>(simply_right) / static_cast<double>(said) : 0);
  add(report, "module_coverage", said, fixed, std::nullopt);
}

void judge_newcomer(const Replay& replay, AccuracyReport& report) {
  struct Pull {
    std::int64_t author;
    Timestamp merged_at;
  };
  std::unordered_map<std::int64_t, Pull> pulls;
  std::unordered_map<std::int64_t, Timestamp> first;  // merged pull request, by author
  for (const auto rows =
           replay.context.database.query("SELECT item_id, author_id, merged_at FROM item WHERE project_id = :project "
                                         "AND kind = 'pull' AND merged_at <= :as_of",
                                         replay.context.parameters());
       rows->next();) {
    const Pull pull{replay.people.person(rows->optional_integer(1)), rows->integer(2)};
    pulls.emplace(rows->integer(0), pull);
    const auto [found, is_new] = first.emplace(pull.author, pull.merged_at);
    if (!is_new) found->second = std::min(found->second, pull.merged_at);
  }
  Tally tally("newcomer");
  for (const auto& issue : replay.issues) {
    if (issue.by_bot || issue.created_at + kLater > replay.context.as_of) continue;
    bool so = false;
    if (const auto fix = replay.fix_of(issue); fix && fix->at <= issue.created_at + kLater)
      if (const auto pull = pulls.find(fix->pull_id); pull != pulls.end()) {
        const auto& [author, merged_at] = pull->second;
        so = author && !replay.people.bots.contains(author) && first[author] >= merged_at &&
             !replay.maintainers.contains(author, merged_at - 1);
      }
    tally.take(report, issue, issue.is_marked_small || sounds_small(issue.title, issue.body), so);
  }
  tally.figures(report);
}

AccuracyReport run(const Context& context) {
  AccuracyReport report;
  report.task = "facts";
  report.intervals = "95 % intervals by Wilson's method over issues";
  const Replay replay(context);
  judge_missing(replay, report);
  judge_fixed(replay, report);
  judge_worked_before(replay, report);
  judge_module(replay, report);
  judge_newcomer(replay, report);
  const auto by_bots =
      std::count_if(replay.issues.begin(), replay.issues.end(), [](const auto& each) { return each.by_bot; });
  report.definition = fmt::format(
      "{} ({} by bots left out), each at the moment it was opened, by its title as it was given then and its text as "
      "it is worded today. Precision: of those the rule says it of, how many it was so of; simple way: saying it of "
      "all. missing (outsiders' issues): a maintainer of that time asked the reporter something within {} days. fixed: "
      "at the first commit or merged pull request that says that it closes the open issue: closed within {} days; left "
      "out and counted as fixed_automatic are those closed within a minute of it or by it; simple way: how many issues "
      "open at the same age are closed within as long. worked_before: it got a label that says regression. module: the "
      "module in which the fix (what says that it closes the issue, and came before it was closed) changed most lines; "
      "simple way: the module with most changes in the year before; modules and names are those of the tree at the "
      "beginning of that month. newcomer: closed within a year by a first merged pull request of somebody who is no "
      "maintainer. No figure from fewer than {} cases.",
      plural(static_cast<long long>(replay.issues.size()), "issue"), by_bots, kSoon / kDay, kSoon / kDay, kLeast);
  return report;
}

}  // namespace

extern const AccuracyTask facts_accuracy;
const AccuracyTask facts_accuracy{
    "facts", "Was it so, what the rules of triage say of an issue: missing, fixed, worked before, module, newcomer?",
    run};

}  // namespace resident

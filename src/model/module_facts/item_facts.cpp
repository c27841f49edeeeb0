// Facts of modules from issues and pull requests: what came, what is open, how reviews went, what CI said.
#include <algorithm>
#include <cmath>
#include <model/module_facts/fact_draft.hpp>
#include <set>
#include <stats/intervals.hpp>
#include <stats/quantile.hpp>

namespace resident {

namespace {

using Module = ModulePlaces::Module;

constexpr Timestamp kAnswerTime = 14 * kDay, kMoving = 30 * kDay, kSeriesTime = 90 * kDay;
constexpr std::int64_t kSeries = 3;
constexpr const char* kNoTracker = "no issues and pull requests are known: add their source (resident add github, …)";
constexpr std::string_view kItemKeys[] = {"issues_opened",     "pulls_opened", "review_rounds", "ci_trouble",
                                          "answered_requests", "open_issues",  "open_pulls",    "open_days",
                                          "moving_pulls",      "series"};

struct Counts {
  std::int64_t issues = 0, pulls = 0, issues_before = 0, pulls_before = 0;
  std::int64_t open_issues = 0, open_pulls = 0, open_issues_before = 0, open_pulls_before = 0, moving = 0;
  std::vector<double> ages;
  std::vector<std::pair<Timestamp, std::int64_t>> open;  // since when, which
  std::map<std::int64_t, std::int64_t> series;           // by author
  std::vector<double> rounds;
  std::int64_t asked = 0, answered = 0, with_ci = 0, failed = 0;
  std::map<std::int64_t, std::int64_t> answers;  // by person
};

class ItemCounter {
 public:
  explicit ItemCounter(FactDraft& draft)
      : draft_(draft), now_(draft.context.as_of), counts_(draft.places.names().size()) {}

  void run() {
    count_opened();
    count_open();
    count_moving();
    count_rounds();
    count_requests();
    count_ci();
    for (const auto& [module, name] : draft_.modules()) write(module, of(module));
  }

 private:
  Counts& of(Module module) {
    if (counts_.size() <= module) counts_.resize(module + 1);
    return counts_[module];
  }
  template <class Each>
  void each_module(const ModulePlaces::Item* item, const Each& each) {
    if (!item) return;
    for (const Module module : item->place.modules) each(of(module));
  }

  void count_opened() {
    for (const auto& item : draft_.places.items()) {
      const bool is_late = item.created_at > now_ - kFactYear, is_before = item.created_at > now_ - 2 * kFactYear;
      if (!is_before) continue;
      each_module(&item, [&](Counts& counts) {
        if (is_late)
          ++(item.is_pull ? counts.pulls : counts.issues);
        else
          ++(item.is_pull ? counts.pulls_before : counts.issues_before);
        if (item.is_pull && item.author && item.created_at > now_ - kSeriesTime) ++counts.series[item.author];
      });
    }
  }

  void count_open() {
    Parameters parameters = draft_.context.parameters();
    parameters.emplace_back("before", now_ - kFactYear);
    for (const auto rows = draft_.context.database.query(
             "SELECT item_id, opened_at, closed_at FROM item_interval WHERE project_id = :project AND opened_at <= "
             ":as_of AND (closed_at IS NULL OR closed_at > :before)",
             parameters);
         rows->next();) {
      const auto* item = draft_.places.item(rows->integer(0));
      const auto closed = rows->optional_integer(2);
      const Timestamp opened = rows->integer(1);
      const bool is_open = !closed || *closed > now_;
      each_module(item, [&](Counts& counts) {
        if (opened <= now_ - kFactYear) ++(item->is_pull ? counts.open_pulls_before : counts.open_issues_before);
        if (!is_open) return;
        ++(item->is_pull ? counts.open_pulls : counts.open_issues);
        counts.ages.push_back(static_cast<double>(now_ - opened) / static_cast<double>(kDay));
        counts.open.emplace_back(opened, item->id);
      });
      if (item && is_open && item->is_pull) open_pulls_.insert(item->id);
    }
  }

  void count_moving() {
    Parameters parameters = draft_.context.parameters();
    parameters.emplace_back("since", now_ - kMoving);
    std::set<std::int64_t> moving;
    for (const std::string_view sql :
         {"SELECT item_id FROM comment WHERE project_id = :project AND created_at > :since AND created_at <= :as_of",
          "SELECT item_id FROM review WHERE project_id = :project AND submitted_at > :since AND submitted_at <= :as_of",
          "SELECT item_id FROM event WHERE project_id = :project AND kind IN ('committed', 'head_ref_force_pushed', "
          "'ready_for_review') AND occurred_at > :since AND occurred_at <= :as_of"})
      for (const auto rows = draft_.context.database.query(sql, parameters); rows->next();)
        if (open_pulls_.contains(rows->integer(0))) moving.insert(rows->integer(0));
    for (const auto id : open_pulls_) {
      const auto* item = draft_.places.item(id);
      if (moving.contains(id) || item->created_at > now_ - kMoving)
        each_module(item, [](Counts& counts) { ++counts.moving; });
    }
  }

  // Reviews and pushes of the pull requests that were closed in the year, in order.
  void count_rounds() {
    Parameters parameters = draft_.context.parameters();
    parameters.emplace_back("since", now_ - kFactYear);
    std::map<std::int64_t, std::vector<std::pair<Timestamp, bool>>> acts;  // by pull request: when, is a review
    std::set<std::int64_t> closed;
    for (const auto rows = draft_.context.database.query("SELECT item_id FROM item_interval WHERE project_id = "
                                                         ":project AND closed_at > :since AND closed_at <= :as_of",
                                                         parameters);
         rows->next();)
      if (const auto* item = draft_.places.item(rows->integer(0));
          item && item->is_pull && !item->place.modules.empty())
        closed.insert(item->id);
    if (closed.empty()) return;
    for (const auto rows = draft_.context.database.query("SELECT item_id, author_id, submitted_at FROM review WHERE "
                                                         "project_id = :project AND submitted_at <= :as_of",
                                                         parameters);
         rows->next();) {
      if (!closed.contains(rows->integer(0)) || rows->is_null(2)) continue;
      const std::int64_t person = draft_.people.person(rows->optional_integer(1));
      if (person == draft_.places.item(rows->integer(0))->author || draft_.people.bots.contains(person)) continue;
      acts[rows->integer(0)].emplace_back(rows->integer(2), true);
    }
    for (const auto rows =
             draft_.context.database.query("SELECT item_id, occurred_at FROM event WHERE project_id = :project AND "
                                           "kind IN ('committed', 'head_ref_force_pushed') AND occurred_at <= :as_of",
                                           parameters);
         rows->next();)
      if (closed.contains(rows->integer(0))) acts[rows->integer(0)].emplace_back(rows->integer(1), false);
    for (const auto id : closed) {
      auto& list = acts[id];
      std::sort(list.begin(), list.end());
      int rounds = 0;
      bool in_review = false;
      for (const auto& [at, is_review] : list) {
        rounds += is_review && !in_review;
        in_review = is_review;
      }
      each_module(draft_.places.item(id), [&](Counts& counts) { counts.rounds.push_back(rounds); });
    }
  }

  void count_requests() {
    Parameters parameters = draft_.context.parameters();
    parameters.emplace_back("since", now_ - kFactYear);
    std::map<std::pair<std::int64_t, std::int64_t>, std::vector<Timestamp>> reviews;  // by item and person
    for (const auto rows =
             draft_.context.database.query("SELECT item_id, author_id, submitted_at FROM review WHERE project_id = "
                                           ":project AND submitted_at > :since AND submitted_at <= :as_of",
                                           parameters);
         rows->next();)
      reviews[{rows->integer(0), draft_.people.person(rows->optional_integer(1))}].push_back(rows->integer(2));
    for (const auto rows = draft_.context.database.query(
             "SELECT item_id, subject_id, occurred_at FROM event WHERE project_id = :project AND kind = "
             "'review_requested' AND subject_id IS NOT NULL AND occurred_at > :since AND occurred_at <= :as_of",
             parameters);
         rows->next();) {
      const Timestamp at = rows->integer(2);
      const std::int64_t person = draft_.people.person(rows->optional_integer(1));
      if (at > now_ - kAnswerTime || person == 0) continue;
      const auto found = reviews.find({rows->integer(0), person});
      const bool is_answered =
          found != reviews.end() && std::any_of(found->second.begin(), found->second.end(), [&](Timestamp review) {
            return review >= at && review <= at + kAnswerTime;
          });
      each_module(draft_.places.item(rows->integer(0)), [&](Counts& counts) {
        ++counts.asked;
        counts.answered += is_answered;
        if (is_answered) ++counts.answers[person];
      });
    }
  }

  void count_ci() {
    has_ci_ = draft_.exists("ci_run", "item_id IS NOT NULL");
    if (!has_ci_) return;
    for (const auto rows =
             draft_.context.database.query("SELECT item_id, max(CASE WHEN conclusion IN ('failure', 'timed_out') THEN "
                                           "1 ELSE 0 END) FROM ci_run WHERE project_id = :project AND item_id IS NOT "
                                           "NULL AND conclusion IS NOT NULL AND finished_at <= :as_of GROUP BY item_id",
                                           draft_.context.parameters());
         rows->next();) {
      const auto* item = draft_.places.item(rows->integer(0));
      if (!item || item->created_at <= now_ - kFactYear) continue;
      each_module(item, [&](Counts& counts) {
        ++counts.with_ci;
        counts.failed += rows->integer(1) == 1;
      });
    }
  }

  void write(Module module, Counts& counts) {
    const auto with_before = [&](std::string_view key, std::int64_t now, std::int64_t before) {
      draft_.count(module, key, now, now);
      draft_.figure(module, key).before = static_cast<double>(before);
    };
    with_before("issues_opened", counts.issues, counts.issues_before);
    with_before("pulls_opened", counts.pulls, counts.pulls_before);
    with_before("open_issues", counts.open_issues, counts.open_issues_before);
    with_before("open_pulls", counts.open_pulls, counts.open_pulls_before);
    draft_.count(module, "moving_pulls", counts.moving, counts.open_pulls);
    ModuleFigure& series = draft_.figure(module, "series");
    series.value = 0;
    series.n = 0;
    for (const auto& [author, pulls] : counts.series) {
      *series.n += pulls;
      if (pulls < kSeries) continue;
      *series.value += 1;
      series.people.push_back(author);
    }
    ModuleFigure& age = draft_.figure(module, "open_days");
    age.n = static_cast<std::int64_t>(counts.ages.size());
    age.value = stats::quantile(counts.ages, 0.5);
    if (const auto interval = stats::median_interval(counts.ages)) age.low = interval->low, age.high = interval->high;
    if (!age.value) age.lacking = "nothing is open";
    write_rounds(module, counts);
    draft_.share(module, "answered_requests", counts.answered, counts.asked, "nobody was asked for a review");
    ModuleFigure& answered = draft_.figure(module, "answered_requests");
    std::vector<std::pair<std::int64_t, std::int64_t>> most;
    for (const auto& [person, count] : counts.answers) most.emplace_back(-count, person);
    std::sort(most.begin(), most.end());
    for (const auto& [count, person] : most)
      if (answered.people.size() < 3) answered.people.push_back(person);
    if (has_ci_)
      draft_.share(module, "ci_trouble", counts.failed, counts.with_ci, "CI ran for none of its pull requests");
    else
      draft_.figure(module, "ci_trouble").lacking = "no runs of CI for pull requests are known";
    std::sort(counts.open.begin(), counts.open.end());
    std::vector<std::int64_t> open;
    for (const auto& [since, id] : counts.open) open.push_back(id);
    draft_.open_items(module, std::move(open));
  }

  void write_rounds(Module module, const Counts& counts) {
    ModuleFigure& rounds = draft_.figure(module, "review_rounds");
    const double n = static_cast<double>(counts.rounds.size());
    rounds.n = static_cast<std::int64_t>(counts.rounds.size());
    if (counts.rounds.empty()) {
      rounds.lacking = "no pull request was closed";
      return;
    }
    double sum = 0, squares = 0;
    for (const double each : counts.rounds) sum += each;
    for (const double each : counts.rounds) squares += (each - sum / n) * (each - sum / n);
    rounds.value = sum / n;
    if (counts.rounds.size() < 6) return;
    const double error = stats::normal_quantile(0.95) * std::sqrt(squares / (n - 1) / n);
    rounds.low = std::max(0.0, *rounds.value - error), rounds.high = *rounds.value + error;
  }

  FactDraft& draft_;
  Timestamp now_;
  std::vector<Counts> counts_;
  std::set<std::int64_t> open_pulls_;
  bool has_ci_ = false;
};

}  // namespace

void add_item_facts(FactDraft& draft) {
  if (!draft.work.has_items) {
    for (const auto key : kItemKeys) draft.lacking(key, kNoTracker);
    return;
  }
  ItemCounter(draft).run();
}

}  // namespace resident

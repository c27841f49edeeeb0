// Backtest of whose turn it is: at past moments, the side whose turn we say it is,
// against the side that acted next. Who acts next is only a stand-in for whose turn it
// is (authors push before anybody asks), so the figure is a lower bound; judgements by
// reading stand in docs/accuracy.md.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <framework/accuracy.hpp>
#include <map>
#include <model/queues/review.hpp>
#include <model/queues/turn_times.hpp>

namespace resident {

namespace {

constexpr int kMoments = 48;
constexpr const char* kAuthorSide = "author";
constexpr const char* kOtherSide = "maintainers";

struct Act {
  Timestamp at;
  bool by_author;
};

// What people did on pull requests, in order of time.
std::map<std::int64_t, std::vector<Act>> acts_of(const Context& context, const People& people) {
  std::map<std::int64_t, std::int64_t> authors;
  std::map<std::int64_t, std::vector<Act>> acts;
  for (const auto rows = context.database.query("SELECT item_id, author_id FROM item WHERE project_id = :project AND "
                                                "kind = 'pull' AND created_at <= :as_of",
                                                context.parameters());
       rows->next();)
    authors[rows->integer(0)] = people.person(rows->optional_integer(1));
  for (const std::string_view sql :
       {"SELECT item_id, author_id, created_at FROM comment WHERE project_id = :project AND created_at <= :as_of",
        "SELECT item_id, author_id, submitted_at FROM review WHERE project_id = :project AND submitted_at <= :as_of",
        "SELECT item_id, actor_id, occurred_at FROM event WHERE project_id = :project AND occurred_at <= :as_of AND "
        "kind IN ('head_ref_force_pushed', 'merged', 'closed', 'ready_for_review')"}) {
    for (const auto rows = context.database.query(sql, context.parameters()); rows->next();) {
      const auto author = authors.find(rows->integer(0));
      const std::int64_t person = people.person(rows->optional_integer(1));
      if (author == authors.end() || person == 0 || people.bots.contains(person)) continue;
      acts[rows->integer(0)].push_back({rows->integer(2), person == author->second});
    }
  }
  for (auto& [item, list] : acts)
    std::stable_sort(list.begin(), list.end(), [](const Act& a, const Act& b) { return a.at < b.at; });
  return acts;
}

AccuracyReport run(const Context& context) {
  AccuracyReport report;
  report.task = "turn";
  report.definition = fmt::format(
      "At {} moments spread evenly over the pull requests' history: for every open pull request, the side whose turn "
      "we say it is (author, or maintainers: reviewer or committer), against the side that wrote, reviewed, "
      "force-pushed, merged or "
      "closed next. Baseline: the other side of who acted last. Left out: drafts, bots' pull requests, turns of CI and "
      "of "
      "nobody, and where nobody acted again. Who acts next is a stand-in for whose turn it was.",
      kMoments);
  const auto first = context.database.integer(
      "SELECT min(created_at) FROM item WHERE project_id = :project AND kind = 'pull'", context.parameters());
  if (!first) return report;
  const auto acts = acts_of(context, load_people(context));
  std::int64_t left_out = 0, asked = 0, agreed = 0;
  for (int i = 1; i <= kMoments; ++i) {
    Context then = context;
    then.as_of = *first + (context.as_of - *first) * i / (kMoments + 1);
    then.arguments.clear();
    const auto queue = review_queue(then);
    const auto items = load_flow_items(then, queue.people, FlowDetail::openings);
    const auto replayed = load_turn_times(then, queue.people, items, then.as_of);
    std::unordered_map<std::int64_t, bool> is_authors;
    for (std::size_t k = 0; k < items.size(); ++k)
      if (items[k].is_pull && !items[k].closed) is_authors[items[k].id] = replayed[k].is_authors;
    for (const auto& entry : queue.entries) {
      if (const auto light = is_authors.find(entry.item.id);
          light != is_authors.end() && entry.turn.turn != Turn::ci && entry.turn.turn != Turn::nobody) {
        ++asked;
        agreed += light->second == (entry.turn.turn == Turn::author);
      }
      const auto found = acts.find(entry.item.id);
      const bool has_side = entry.turn.turn != Turn::ci && entry.turn.turn != Turn::nobody;
      if (found == acts.end() || entry.item.is_draft || entry.item.author_is_bot || !has_side) {
        ++left_out;
        continue;
      }
      const auto next = std::upper_bound(found->second.begin(), found->second.end(), then.as_of,
                                         [](Timestamp at, const Act& act) { return at < act.at; });
      if (next == found->second.end()) {
        ++left_out;
        continue;
      }
      const bool author_acted_last = next == found->second.begin() || std::prev(next)->by_author;
      AccuracyCase one;
      one.item = fmt::format("#{}", entry.item.number);
      one.as_of = then.as_of;
      one.truth = {next->by_author ? kAuthorSide : kOtherSide};
      one.ranked = entry.turn.turn == Turn::author ? std::vector<std::string>{kAuthorSide, kOtherSide}
                                                   : std::vector<std::string>{kOtherSide, kAuthorSide};
      one.baseline = author_acted_last ? std::vector<std::string>{kOtherSide, kAuthorSide}
                                       : std::vector<std::string>{kAuthorSide, kOtherSide};
      report.cases.push_back(std::move(one));
    }
  }
  report.figures = ranking_figures(report.cases, {1}, false);
  if (!report.figures.empty()) report.figures.resize(1);  // of two sides, the reciprocal rank says the same
  if (asked > 0)
    report.notes.push_back(fmt::format(
        "The replay without texts, from which `resident flow` splits the time waited, says the same of {:.0f} % of {} "
        "moments of open pull requests (author's, or not).",
        100.0 * static_cast<double>(agreed) / static_cast<double>(asked), with_thousands(asked)));
  report.notes.push_back(fmt::format("{} of pull requests {} left out, as the definition says.",
                                     plural(left_out, "moment"), left_out == 1 ? "was" : "were"));
  return report;
}

}  // namespace

extern const AccuracyTask turn_accuracy;
const AccuracyTask turn_accuracy{"turn", "Does the side whose turn we say it is act next?", run};

}  // namespace resident

// `merges`: who brings changes to the default branch. Git knows the merger of a merge
// commit and of what was committed for somebody else. Where a forge squashes or
// rebases, the committer is the forge's own account, and only the forge knows who
// pressed the button: that is asked of the pull requests, and what stays unknown is
// counted and said.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <framework/arguments.hpp>
#include <model/arrivals.hpp>
#include <stats/intervals.hpp>
#include <unordered_set>

namespace resident {

namespace {

constexpr const char* kKindNames[] = {"merge commit", "committed for another", "committed by its author",
                                      "squashed or rebased by the forge", "committed or merged by a bot"};
constexpr const char* kKindMeanings[] = {
    "two parents or more; the merger is its committer, or its author where the forge committed it",
    "the committer is a person of another name than the author",
    "author and committer are one person, or bear one name; whether anybody else merged it, git does not know",
    "the committer is the forge's account: git does not know who merged",
    "the committer or the merge's author is a bot; who asked it to is known where its message says so (r=NAME)"};

Cell share(std::int64_t part, std::int64_t whole) {
  return whole ? Cell(static_cast<double>(part) / static_cast<double>(whole)) : Cell();
}

std::string evidence_sql(const Context& context, Timestamp since) {
  return fmt::format(
      "SELECT c.sha, c.committed_at, c.subject, c.parent_count, a.name AS author, m.name AS committer FROM git_commit "
      "c LEFT JOIN identity a ON a.project_id = c.project_id AND a.identity_id = c.author_id LEFT JOIN identity m ON "
      "m.project_id = c.project_id AND m.identity_id = c.committer_id WHERE c.project_id = {} AND c.on_default = 1 AND "
      "c.committed_at >= {} AND c.committed_at <= {} ORDER BY c.committed_at DESC",
      context.project_id, since, context.as_of);
}

Result people_result(const Context& context, const Arrivals& gatherer, Timestamp since) {
  Result result = context.result("merges", "Who merges", "Who brings changes to the default branch?");
  result.columns = {{"person", "Person"},
                    {"merged", "Merged", ColumnType::integer, "commits", "all but what they committed of their own"},
                    {"merge_commits", "Merge commits", ColumnType::integer, "commits"},
                    {"applied", "For another", ColumnType::integer, "commits", "committed for another author"},
                    {"told_by_forge", "By the forge's word", ColumnType::integer, "commits",
                     "git does not know it, or says otherwise"},
                    {"own", "Own", ColumnType::integer, "commits", "committed by their author, no merge"},
                    {"last", "Last", ColumnType::date}};
  result.set_roles({{"person", ColumnRole::person}});
  const auto [lines, known, silent, unknown_bots] = count_lines(gatherer);
  std::vector<std::pair<std::int64_t, MergerLine>> order(lines.begin(), lines.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    if (a.second.merged() != b.second.merged()) return a.second.merged() > b.second.merged();
    return a.second.own > b.second.own;
  });
  for (const auto& [person, line] : order)
    result.rows.push_back(
        {gatherer.people().name(person), line.merged(), line.merges, line.applied, line.told, line.own, line.last});
  const auto all = static_cast<std::int64_t>(gatherer.arrivals().size());
  result.sample_size = all;
  result.claim = all == 0 ? fmt::format("Nothing came to the default branch since {}.", format_date(since))
                          : fmt::format(
                                "Of {} that came to the default branch since {}, it is known for {} ({:.0f} %) who "
                                "committed or merged them.",
                                plural(all, "change"), format_date(since), with_thousands(known),
                                100 * static_cast<double>(known) / static_cast<double>(all));
  if (silent)
    result.claim +=
        fmt::format(" The forge committed {} more, and git does not know for whom.", with_thousands(silent));
  result.definition =
      "A change comes to the default branch as a commit on its line of first parents: a merge commit, or a commit by "
      "itself (squashed, rebased or pushed). Its merger is whom the forge names (merged_by of the pull request, or who "
      "merged it by its timeline), else whom git names. Own definition.";
  result.method =
      "Committer, and for merge commits of the forge the author; the forge's accounts are those with its own no-reply "
      "address, web-flow, or its name. Dates are committer dates.";
  result.uncertainty = "Exact counts of what is known; nothing is guessed for the rest.";
  if (silent && !gatherer.has_items())
    result.notes.push_back(
        "No pull request with a merger is known: an import of the forge's data (`resident add github-metadata`) would "
        "say who merged.");
  if (unknown_bots)
    result.notes.push_back(fmt::format("{} merged by bots whose messages do not say who asked them to.",
                                       plural(unknown_bots, "change was", "changes were")));
  result.evidence.push_back({"Commits of this time, all lines", evidence_sql(context, since), {}});
  return result;
}

Result kinds_result(const Context& context, const Arrivals& gatherer, Timestamp since) {
  Result result = context.result("merges_kinds", "How changes arrive", "For how much of it is the merger known?");
  result.columns = {{"kind", "How"},
                    {"commits", "Changes", ColumnType::integer, "commits"},
                    {"share", "Share", ColumnType::share},
                    {"known_by_git", "Git knows", ColumnType::integer, "commits", "who committed or merged"},
                    {"known_by_forge", "The forge knows", ColumnType::integer, "commits", "by its pull requests"},
                    {"known", "Known", ColumnType::share, "", "by either"},
                    {"meaning", "What it is"}};
  std::int64_t counts[kKinds] = {}, git[kKinds] = {}, forge[kKinds] = {}, either[kKinds] = {}, both = 0, agree = 0;
  for (const Arrival& each : gatherer.arrivals()) {
    ++counts[each.kind];
    git[each.kind] += each.by_git != 0;
    forge[each.kind] += each.by_forge != 0;
    either[each.kind] += each.merger() != 0;
    if (!each.by_git || !each.by_forge || each.kind == kOwn) continue;
    ++both;
    agree += each.by_git == each.by_forge;
  }
  const auto all = static_cast<std::int64_t>(gatherer.arrivals().size());
  std::size_t most = 0;
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    if (counts[kind] > counts[most]) most = kind;
    result.rows.push_back({kKindNames[kind], counts[kind], share(counts[kind], all), git[kind], forge[kind],
                           share(either[kind], counts[kind]), kKindMeanings[kind]});
  }
  result.sample_size = all;
  result.claim = all == 0 ? fmt::format("Nothing came to the default branch since {}.", format_date(since))
                          : fmt::format("Most often: {} ({} of {}).", kKindNames[most], with_thousands(counts[most]),
                                        plural(all, "change"));
  result.definition = "Changes on the default branch's line of first parents, each of one kind; see merges.";
  result.method = "As in merges. A pull request is joined by its merge commit, or by its number in the subject.";
  if (const auto interval = stats::wilson_interval(agree, both))
    result.uncertainty = fmt::format(
        "Where git and the forge both name a merger, they agree in {} of {} (95 % interval {:.0f} to {:.0f} %, "
        "Wilson).",
        with_thousands(agree), with_thousands(both), 100 * interval->low, 100 * interval->high);
  result.evidence.push_back({"Commits of this time, all lines", evidence_sql(context, since), {}});
  return result;
}

std::vector<Result> analyse_merges(const Context& context) {
  const Timestamp since = time_argument(context, "since").value_or(context.as_of - 365 * kDay);
  const Arrivals gatherer(context, since);
  return {people_result(context, gatherer, since), kinds_result(context, gatherer, since)};
}

}  // namespace

extern const Analysis merges_analysis;
const Analysis merges_analysis{
    "merges",
    "Who merges",
    "Who brings changes to the default branch?",
    {{"since", "DATE", "changes from then on; without it, the year before"}},
    &analyse_merges,
    {groups::kCode, "Who brings changes to the default branch, and for how many it can be known",
     "Example: resident merges --since 2020-01-01"}};

}  // namespace resident

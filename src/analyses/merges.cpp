// `merges`: who brings changes to the default branch. Git knows the merger of a merge
// commit and of what was committed for somebody else. Where a forge squashes or
// rebases, the committer is the forge's own account, and only the forge knows who
// pressed the button: that is asked of the pull requests, and what stays unknown is
// counted and said.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <analyses/arguments.hpp>
#include <analyses/queues/thread.hpp>
#include <base/text.hpp>
#include <stats/intervals.hpp>
#include <unordered_set>

namespace resident {

namespace {

enum Kind { kMergeCommit, kApplied, kOwn, kByForge, kByBot, kKinds };
constexpr const char* kKindNames[] = {"merge commit", "committed for another", "committed by its author",
                                      "squashed or rebased by the forge", "committed or merged by a bot"};
constexpr const char* kKindMeanings[] = {
    "two parents or more; the merger is its committer, or its author where the forge committed it",
    "the committer is a person of another name than the author",
    "author and committer are one person, or bear one name; whether anybody else merged it, git does not know",
    "the committer is the forge's account: git does not know who merged",
    "the committer or the merge's author is a bot; who asked it to is known where its message says so (r=NAME)"};

struct Arrival {
  std::int64_t author = 0, committer = 0;  // people
  Timestamp at = 0;
  bool is_merge = false, forge_committed = false;
  std::string sha, subject;
  Kind kind = kOwn;
  std::int64_t by_git = 0, by_forge = 0;  // mergers; 0: not known
  std::int64_t merger() const { return by_forge ? by_forge : by_git; }
};

class Gatherer {
 public:
  Gatherer(const Context& context, Timestamp since) : context_(context), people_(load_people(context)), since_(since) {
    load_forge_accounts();
    load_first_parents();
    load_mergers();
    for (auto& each : arrivals_) classify(each);
  }

  const std::vector<Arrival>& arrivals() const { return arrivals_; }
  const People& people() const { return people_; }
  bool has_items() const { return has_items_; }

 private:
  // Accounts that commit for whoever pressed a button.
  void load_forge_accounts() {
    const auto rows = context_.database.query(
        "SELECT i.identity_id FROM identity i LEFT JOIN identity_email e ON e.project_id = i.project_id AND "
        "e.identity_id = i.identity_id WHERE i.project_id = :project AND (lower(e.email) = 'noreply@github.com' OR "
        "lower(i.login) = 'web-flow' OR (i.provider = 'git' AND i.name IN ('GitHub', 'GitLab', 'Gitea', 'Forgejo')))",
        {{"project", context_.project_id}});
    while (rows->next()) forge_accounts_.insert(rows->integer(0));
  }

  // The line of first parents back from the tip, which no other commit of the branch has as its parent.
  void load_first_parents() {
    struct Commit {
      std::int64_t author, committer;
      Timestamp at;
      bool is_merge, forge_committed;
      std::string subject, first_parent;
    };
    std::unordered_map<std::string, Commit> commits;
    std::unordered_set<std::string> parents;
    const auto rows = context_.database.query(
        "SELECT c.sha, c.author_id, c.committer_id, c.committed_at, c.parent_count, c.subject, p.position, "
        "p.parent_sha FROM git_commit c LEFT JOIN commit_parent p ON p.project_id = c.project_id AND p.commit_id = "
        "c.commit_id WHERE c.project_id = :project AND c.on_default = 1 ORDER BY c.commit_id, p.position",
        {{"project", context_.project_id}});
    std::string tip;
    while (rows->next()) {
      parents.insert(rows->string(7));
      if (rows->integer(6) != 0) continue;
      commits[rows->string(0)] = {people_.person(rows->optional_integer(1)),
                                  people_.person(rows->optional_integer(2)),
                                  rows->integer(3),
                                  rows->integer(4) > 1,
                                  forge_accounts_.contains(rows->integer(2)),
                                  rows->string(5),
                                  rows->string(7)};
    }
    for (const auto& [sha, commit] : commits) {
      if (parents.contains(sha)) continue;
      const auto best = commits.find(tip);
      if (best == commits.end() || commit.at > best->second.at || (commit.at == best->second.at && sha < tip))
        tip = sha;
    }
    for (auto found = commits.find(tip); found != commits.end(); found = commits.find(found->second.first_parent)) {
      const Commit& commit = found->second;
      if (commit.at < since_ || commit.at > context_.as_of) continue;
      arrivals_.push_back({commit.author, commit.committer, commit.at, commit.is_merge, commit.forge_committed,
                           found->first, commit.subject});
    }
  }

  // What the forge says of the pull request that a commit brought.
  void load_mergers() {
    std::unordered_map<std::string, std::int64_t> mergers;
    // Forges tell it of the pull request, in its timeline, or both.
    const std::string_view told =
        "SELECT project_id, item_id, merge_sha AS sha, merged_by AS merger FROM item WHERE project_id = :project AND "
        "merged_by IS NOT NULL AND merged_at <= :as_of UNION SELECT project_id, item_id, sha, actor_id FROM event "
        "WHERE "
        "project_id = :project AND kind = 'merged' AND actor_id IS NOT NULL AND occurred_at <= :as_of";
    const auto rows = context_.database.query(
        fmt::format("SELECT sha, merger FROM ({0}) t WHERE sha IS NOT NULL UNION SELECT l.sha, t.merger FROM ({0}) t "
                    "JOIN item_commit l ON l.project_id = t.project_id AND l.item_id = t.item_id WHERE l.relation = "
                    "'merge' ORDER BY 1, 2",
                    told),
        context_.parameters());
    while (rows->next()) {
      has_items_ = true;
      mergers.emplace(rows->string(0), people_.person(rows->optional_integer(1)));
    }
    for (auto& each : arrivals_)
      if (const auto found = mergers.find(each.sha); found != mergers.end()) each.by_forge = found->second;
  }

  void classify(Arrival& each) const {
    if (people_.bots.contains(each.by_forge)) each.by_forge = 0;  // it was told to: the forge does not say by whom
    const bool is_bots = people_.bots.contains(each.committer) && !each.forge_committed;
    const bool bot_merge = each.is_merge && people_.bots.contains(each.author);
    if (is_bots || bot_merge) {
      each.kind = kByBot;
      // bors: "Auto merge of #12 - user:branch, r=name".
      static const RE2 approved(R"(\br=@?([\w-]{1,39}))");
      std::string login;
      if (RE2::PartialMatch(each.subject, approved, &login))
        if (const auto found = people_.by_login.find(to_lower(login)); found != people_.by_login.end())
          each.by_git = found->second;
      return;
    }
    if (each.is_merge) {
      each.kind = kMergeCommit;
      each.by_git = each.forge_committed ? each.author : each.committer;
    } else if (each.forge_committed) {
      each.kind = kByForge;
    } else if (each.committer == each.author || people_.name(each.committer) == people_.name(each.author)) {
      each.kind = kOwn;
      each.by_git = each.committer;
    } else {
      each.kind = kApplied;
      each.by_git = each.committer;
    }
  }

  const Context& context_;
  People people_;
  Timestamp since_;
  bool has_items_ = false;
  std::unordered_set<std::int64_t> forge_accounts_;
  std::vector<Arrival> arrivals_;
};

Cell share(std::int64_t part, std::int64_t whole) {
  return whole ? Cell(static_cast<double>(part) / static_cast<double>(whole)) : Cell();
}

std::string evidence_sql(const Context& context, Timestamp since) {
  return fmt::format(
      "SELECT c.sha, c.committed_at, c.subject, c.parent_count, a.name AS author, m.name AS committer FROM git_commit "
      "c "
      "LEFT JOIN identity a ON a.project_id = c.project_id AND a.identity_id = c.author_id LEFT JOIN identity m ON "
      "m.project_id = c.project_id AND m.identity_id = c.committer_id WHERE c.project_id = {} AND c.on_default = 1 AND "
      "c.committed_at >= {} AND c.committed_at <= {} ORDER BY c.committed_at DESC",
      context.project_id, since, context.as_of);
}

Result people_result(const Context& context, const Gatherer& gatherer, Timestamp since) {
  Result result = context.result("merges", "Who merges", "Who brings changes to the default branch?");
  result.columns = {{"person", "Person"},
                    {"merged", "Merged", ColumnType::integer, "commits", "all but what they committed of their own"},
                    {"merge_commits", "Merge commits", ColumnType::integer, "commits"},
                    {"applied", "For another", ColumnType::integer, "commits", "committed for another author"},
                    {"told_by_forge", "By the forge's word", ColumnType::integer, "commits",
                     "git does not know it, or says otherwise"},
                    {"own", "Own", ColumnType::integer, "commits", "committed by their author, no merge"},
                    {"last", "Last", ColumnType::date}};
  struct Line {
    std::int64_t merges = 0, applied = 0, told = 0, own = 0;
    Timestamp last = 0;
    std::int64_t merged() const { return merges + applied + told; }
  };
  std::map<std::int64_t, Line> lines;
  std::int64_t known = 0, silent = 0, unknown_bots = 0;
  for (const Arrival& each : gatherer.arrivals()) {
    const std::int64_t merger = each.merger();
    if (!merger) {
      silent += each.kind == kByForge;
      unknown_bots += each.kind == kByBot;
      continue;
    }
    ++known;
    Line& line = lines[merger];
    line.last = std::max(line.last, each.at);
    const bool is_own = each.kind == kOwn && (!each.by_forge || each.by_forge == each.author);
    ++(is_own                                  ? line.own
       : !each.by_git || each.by_git != merger ? line.told
       : each.kind == kApplied                 ? line.applied
                                               : line.merges);
  }
  std::vector<std::pair<std::int64_t, Line>> order(lines.begin(), lines.end());
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
      "merged it by its timeline), else "
      "whom git names. Own definition.";
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

Result kinds_result(const Context& context, const Gatherer& gatherer, Timestamp since) {
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

std::vector<Result> run(const Context& context) {
  const Timestamp since = time_argument(context, "since").value_or(context.as_of - 365 * kDay);
  const Gatherer gatherer(context, since);
  return {people_result(context, gatherer, since), kinds_result(context, gatherer, since)};
}

}  // namespace

extern const Analysis merges_analysis;
const Analysis merges_analysis{"merges",
                               "Who merges",
                               "Who brings changes to the default branch?",
                               {{"since", "DATE", "changes from then on; without it, the year before"}},
                               &run};

}  // namespace resident

#include <fmt/format.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <model/arrivals.hpp>
#include <unordered_map>

namespace resident {

Arrivals::Arrivals(const Context& context, Timestamp since)
    : context_(context), people_(load_people(context)), since_(since) {
  load_forge_accounts();
  load_first_parents();
  load_mergers();
  for (auto& each : arrivals_) classify(each);
}

// Accounts that commit for whoever pressed a button.
void Arrivals::load_forge_accounts() {
  const auto rows = context_.database.query(
      "SELECT i.identity_id FROM identity i LEFT JOIN identity_email e ON e.project_id = i.project_id AND "
      "e.identity_id = i.identity_id WHERE i.project_id = :project AND (lower(e.email) = 'noreply@github.com' OR "
      "lower(i.login) = 'web-flow' OR (i.provider = 'git' AND i.name IN ('GitHub', 'GitLab', 'Gitea', 'Forgejo')))",
      {{"project", context_.project_id}});
  while (rows->next()) forge_accounts_.insert(rows->integer(0));
}

// The line of first parents back from the tip, which no other commit of the branch has as its parent.
void Arrivals::load_first_parents() {
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
  has_code_ = !commits.empty();
  for (const auto& [sha, commit] : commits) {
    if (parents.contains(sha)) continue;
    const auto best = commits.find(tip);
    if (best == commits.end() || commit.at > best->second.at || (commit.at == best->second.at && sha < tip)) tip = sha;
  }
  for (auto found = commits.find(tip); found != commits.end(); found = commits.find(found->second.first_parent)) {
    const Commit& commit = found->second;
    if (commit.at < since_ || commit.at > context_.as_of) continue;
    arrivals_.push_back({commit.author, commit.committer, commit.at, commit.is_merge, commit.forge_committed,
                         found->first, commit.subject});
  }
}

// What the forge says of the pull request that a commit brought.
void Arrivals::load_mergers() {
  if (arrivals_.empty()) return;
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

void Arrivals::classify(Arrival& each) const {
  if (people_.bots.contains(each.by_forge)) each.by_forge = 0;  // it was told to: the forge does not say by whom
  const bool is_bots = people_.bots.contains(each.committer) && !each.forge_committed;
  const bool bot_merge = each.is_merge && people_.bots.contains(each.author);
  if (is_bots || bot_merge) {
    each.kind = kByBot;
    // bors: "Auto merge of #12 - user:branch, r=name".
    static const Pattern approved(R"(\br=@?([\w-]{1,39}))");
    std::string login;
    if (approved.found_in(each.subject, &login))
      if (const auto found = people_.by_login.find(to_lower(login)); found != people_.by_login.end())
        each.by_git = found->second;
    return;
  }
  if (each.is_merge) {
    each.kind = kMergeCommit;
    each.by_git = each.forge_committed ? each.author : each.committer;
  } else if (each.forge_committed) {
    each.kind = kByForge;
  } else if (each.committer == each.author || people_.are_namesakes(each.committer, each.author)) {
    each.kind = kOwn;
    each.by_git = each.committer;
  } else {
    each.kind = kApplied;
    each.by_git = each.committer;
  }
}

MergerLines count_lines(const Arrivals& gatherer) {
  MergerLines lines;
  for (const Arrival& each : gatherer.arrivals()) {
    const std::int64_t merger = each.merger();
    if (!merger) {
      lines.silent += each.kind == kByForge;
      lines.unknown_bots += each.kind == kByBot;
      continue;
    }
    ++lines.known;
    MergerLine& line = lines.by_person[merger];
    line.last = std::max(line.last, each.at);
    const bool is_own = each.kind == kOwn && (!each.by_forge || each.by_forge == each.author);
    ++(is_own                                  ? line.own
       : !each.by_git || each.by_git != merger ? line.told
       : each.kind == kApplied                 ? line.applied
                                               : line.merges);
  }
  return lines;
}

std::optional<std::map<std::int64_t, std::int64_t>> merged_by_person(const Context& context, Timestamp since) {
  const Arrivals gatherer(context, since);
  if (!gatherer.has_code()) return std::nullopt;
  std::map<std::int64_t, std::int64_t> result;
  for (const auto& [person, line] : count_lines(gatherer).by_person) result[person] = line.merged();
  return result;
}

}  // namespace resident

#include <fmt/format.h>

#include <algorithm>
#include <analyses/triage/taken_back.hpp>
#include <base/text.hpp>
#include <cstdlib>
#include <map>
#include <model/commit_links.hpp>
#include <unordered_map>
#include <vector>

namespace resident {

namespace {

constexpr std::size_t kKey = 10, kReadText = 4000;
constexpr int kDeepest = 20;  // reverts of reverts

struct Said : Revert {
  std::string title = {};  // of what is reverted, where nothing else names it
};

class Reader {
 public:
  Reader(const Context& context, Timestamp after, Timestamp until)
      : context_(context),
        rules_(context.reference_rules()),
        parameters_{{"project", context.project_id}, {"after", after}, {"until", until}} {
    read_commits();
    read_pulls();
    find_titles();
  }

  std::vector<Revert> take() { return {list_.begin(), list_.end()}; }

 private:
  void read_commits() {
    std::unordered_map<std::string, std::size_t> known;
    for (const auto rows =
             context_.database.query("SELECT c.sha, c.committed_at, m.value FROM commit_mark m JOIN git_commit c ON "
                                     "c.project_id = m.project_id AND c.commit_id = m.commit_id WHERE m.project_id = "
                                     ":project AND m.kind = 'reverts' AND c.on_default = 1 AND c.committed_at > :after "
                                     "AND c.committed_at <= :until ORDER BY c.committed_at, c.commit_id, m.position",
                                     parameters_);
         rows->next();) {
      const std::string key = speaker_key(rows->text(0));
      const auto [found, is_new] = known.emplace(key, list_.size());
      if (is_new) list_.push_back({{key, rows->integer(1)}});
      if (const std::string target = commit_called(rows->string(2)); !target.empty())
        list_[found->second].targets.push_back(target);
    }
    for (const auto rows = context_.database.query(
             "SELECT sha, committed_at, subject FROM git_commit WHERE project_id = :project AND on_default = 1 AND "
             "committed_at > :after AND committed_at <= :until AND (lower(subject) LIKE '%revert%' OR lower(subject) "
             "LIKE '%reapply%') ORDER BY committed_at, commit_id",
             parameters_);
         rows->next();) {
      const std::string key = speaker_key(rows->text(0));
      if (known.contains(key)) continue;
      Said revert{{key, rows->integer(1)}};
      if (!read_subject(rows->string(2), revert)) continue;
      list_.push_back(std::move(revert));
    }
  }

  // Whole shas are kept; a shorter one must be the beginning of one commit alone.
  std::string commit_called(const std::string& sha) const {
    if (sha.size() >= kKey) return speaker_key(sha);
    Parameters parameters{{"project", context_.project_id}, {"low", sha}, {"high", sha + "g"}};
    std::string only;
    for (const auto rows = context_.database.query(
             "SELECT sha FROM git_commit WHERE project_id = :project AND sha >= :low AND sha < :high LIMIT 2",
             parameters);
         rows->next();) {
      if (!only.empty()) return {};
      only = speaker_key(rows->text(0));
    }
    return only;
  }

  bool read_subject(const std::string& subject, Said& revert) const {
    const RevertSubject parsed = parse_revert(subject);
    if (!parsed.is_revert) return false;
    for (const auto& sha : parsed.shas)
      if (std::string target = commit_called(sha); !target.empty()) revert.targets.push_back(std::move(target));
    for (const auto number : parsed.numbers) revert.targets.push_back(speaker_key(number));
    if (revert.targets.empty()) revert.title = parsed.title;
    return true;
  }

  void read_pulls() {
    for (const auto rows = context_.database.query(
             "SELECT number, merged_at, title, body FROM item WHERE project_id = :project AND kind = 'pull' AND "
             "merged_at > :after AND merged_at <= :until AND (lower(title) LIKE '%revert%' OR lower(title) LIKE "
             "'%reapply%' OR lower(body) LIKE '%reverts%') ORDER BY merged_at, item_id",
             parameters_);
         rows->next();) {
      Said revert{{speaker_key(rows->integer(0)), rows->integer(1)}};
      const std::string spoken = spoken_text(rows->text(3).substr(0, kReadText), Markup::markdown);
      for (const auto& each : references_in_spoken(spoken, rules_))
        if (each.is_own() && follows_reverts(std::string_view(spoken).substr(0, each.begin)))
          revert.targets.push_back(speaker_key(each.number));
      if (revert.targets.empty() && !read_subject(rows->string(2), revert)) continue;
      list_.push_back(std::move(revert));
    }
  }

  // "Reverts #12", "This reverts merge request !12".
  static bool follows_reverts(std::string_view before) {
    before = trim(before.substr(before.size() - std::min<std::size_t>(before.size(), 60)));
    for (const std::string_view what : {"merge request", "pull request", "pr"})
      if (before.size() > what.size() && to_lower(before.substr(before.size() - what.size())) == what)
        before = trim(before.substr(0, before.size() - what.size()));
    const std::size_t blank = before.find_last_of(" \t\n");
    return to_lower(before.substr(blank == std::string_view::npos ? 0 : blank + 1)) == "reverts";
  }

  // The newest commit and the newest merged pull request with that title, earlier than the revert.
  void find_titles() {
    std::unordered_map<std::string, std::vector<std::pair<Timestamp, std::string>>> titles;
    for (const auto& revert : list_)
      if (!revert.title.empty() && revert.targets.empty()) titles[std::string(without_numbers(revert.title))];
    if (titles.empty()) return;
    const Parameters before{parameters_[0], parameters_[2]};
    const auto take = [&](std::string_view title, Timestamp at, std::string key) {
      const auto found = titles.find(std::string(without_numbers(title)));
      if (found != titles.end()) found->second.emplace_back(at, std::move(key));
    };
    for (const auto rows = context_.database.query(
             "SELECT sha, committed_at, subject FROM git_commit WHERE project_id = :project AND on_default = 1 AND "
             "parent_count < 2 AND committed_at <= :until ORDER BY committed_at, commit_id",
             before);
         rows->next();)
      take(rows->text(2), rows->integer(1), speaker_key(rows->text(0)));
    for (const auto rows =
             context_.database.query("SELECT number, merged_at, title FROM item WHERE project_id = :project AND kind = "
                                     "'pull' AND merged_at <= :until ORDER BY merged_at, item_id",
                                     before);
         rows->next();)
      take(rows->text(2), rows->integer(1), speaker_key(rows->integer(0)));
    for (auto& revert : list_) {
      if (revert.title.empty() || !revert.targets.empty()) continue;
      std::string commit, pull;
      for (const auto& [at, key] : titles[std::string(without_numbers(revert.title))])
        if (at <= revert.at && key != revert.key) (key.starts_with('#') ? pull : commit) = key;
      for (auto* each : {&commit, &pull})
        if (!each->empty()) revert.targets.push_back(*each);
    }
  }

  const Context& context_;
  ReferenceRules rules_;
  Parameters parameters_;
  std::vector<Said> list_;
};

class Replay {
 public:
  Replay(const Context& context, std::vector<Revert> reverts) : context_(context), list_(std::move(reverts)) {
    std::stable_sort(list_.begin(), list_.end(), [](const Revert& a, const Revert& b) { return a.at < b.at; });
  }

  std::unordered_set<std::string> run() {
    for (const Revert& revert : list_) {
      for (const auto& target : revert.targets) set(target, true, 0);
      targets_of_[revert.key] = revert.targets;
    }
    return std::move(gone_);
  }

 private:
  // All that goes with it: the pull request that a commit came with, the commits of a pull request.
  const std::vector<std::string>& together(const std::string& key) {
    const auto [found, is_new] = together_.emplace(key, std::vector<std::string>{key});
    std::vector<std::string>& keys = found->second;
    if (!is_new) return keys;
    std::vector<std::int64_t> pulls;
    if (key.starts_with('#')) {
      pulls.push_back(std::strtoll(key.c_str() + 1, nullptr, 10));
    } else {
      const Parameters range{
          {"project", context_.project_id}, {"low", key}, {"high", key + "g"}, {"as_of", context_.as_of}};
      for (const auto rows = context_.database.query(
               "SELECT i.number FROM item_commit c JOIN item i ON i.project_id = c.project_id AND i.item_id = "
               "c.item_id WHERE c.project_id = :project AND c.sha >= :low AND c.sha < :high AND c.relation = 'merge' "
               "AND i.kind = 'pull' AND i.merged_at <= :as_of ORDER BY i.number",
               range);
           rows->next();)
        pulls.push_back(rows->integer(0));
    }
    for (const auto number : pulls) {
      if (!key.starts_with('#')) keys.push_back(speaker_key(number));
      for (const auto rows = context_.database.query("SELECT sha FROM item_commit WHERE project_id = :project AND "
                                                     "item_id = :item AND relation IN ('merge', 'head') ORDER BY sha",
                                                     {{"project", context_.project_id}, {"item", number * 2 + 1}});
           rows->next();)
        keys.push_back(speaker_key(rows->text(0)));
    }
    return keys;
  }

  void set(const std::string& target, bool is_gone, int depth) {
    if (depth > kDeepest) return;
    const std::vector<std::string> all = together(target);
    for (const auto& key : all) {
      if (is_gone)
        gone_.insert(key);
      else
        gone_.erase(key);
      // What a revert took back stands again when that revert is taken back.
      if (const auto found = targets_of_.find(key); found != targets_of_.end())
        for (const auto& each : found->second)
          if (each != target) set(each, !is_gone, depth + 1);
    }
  }

  const Context& context_;
  std::vector<Revert> list_;
  std::unordered_map<std::string, std::vector<std::string>> targets_of_, together_;
  std::unordered_set<std::string> gone_;
};

}  // namespace

std::string speaker_key(std::string_view sha) {
  return std::string(sha.substr(0, kKey));
}

std::string speaker_key(std::int64_t number) {
  return fmt::format("#{}", number);
}

std::vector<Revert> reverts_said(const Context& context, Timestamp after, Timestamp until) {
  return Reader(context, after, until).take();
}

std::unordered_set<std::string> taken_back(const Context& context, std::vector<Revert> reverts) {
  return Replay(context, std::move(reverts)).run();
}

}  // namespace resident

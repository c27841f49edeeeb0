#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/review/code_owners.hpp>
#include <analyses/review/readiness.hpp>
#include <analyses/review/similar.hpp>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <learn/verdicts/pull_failures.hpp>
#include <map>
#include <model/file_knowledge.hpp>
#include <model/lines_changed.hpp>
#include <store/ci_conclusion.hpp>

namespace resident {

const char* check_state_name(CheckState state) {
  switch (state) {
    case CheckState::ok:
      return "ok";
    case CheckState::todo:
      return "to do";
    case CheckState::unknown:
      break;
  }
  return "unknown";
}

std::string todo_name(const ReadinessCheck& check) {
  return check.question == "Merges cleanly" ? "conflicts" : to_lower(check.question);
}

namespace {

constexpr std::size_t kMostNamed = 5, kMostSimilar = 3;
// A check that came out both ways on one commit is flaky; looked for in so much of the past.
constexpr Timestamp kFlakyWindow = 90 * kDay;

std::string some(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(kMostNamed, names.size());
  std::string text =
      fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

class Checker {
 public:
  Checker(const Context& context, const ReviewQueue& queue, const ReviewEntry& entry, SimilarPulls& similar_pulls)
      : context_(context), queue_(queue), item_(entry.item), turn_(entry.turn), similar_pulls_(similar_pulls) {
    for (const auto rows =
             query("SELECT p.path, f.path_id FROM item_file f JOIN path p ON p.project_id = f.project_id AND p.path_id "
                   "= f.path_id WHERE f.project_id = :project AND f.item_id = :item ORDER BY p.path");
         rows->next();) {
      if (!paths_.empty() && paths_.back() == rows->text(0)) continue;
      paths_.push_back(rows->string(0));
      path_ids_.push_back(rows->integer(1));
    }
  }

  std::vector<ReadinessCheck> run() {
    turn();
    approvals();
    checks_of_ci();
    conflicts();
    size();
    if (paths_.empty()) {
      add("Files", CheckState::unknown,
          "which files it changes is not known, so tests, documents, changelog, interface and experts can't be said",
          "add a clone with refs/pull: resident add git CLONE");
    } else {
      tests_and_documents();
      changelog();
      experts();
    }
    if (auto owners = code_owners_check(context_, queue_.people, item_, paths_)) list_.push_back(std::move(*owners));
    issues();
    backports();
    similar();
    licence();
    return std::move(list_);
  }

 private:
  std::unique_ptr<Rows> query(std::string_view sql) {
    Parameters parameters = context_.parameters();
    parameters.emplace_back("item", item_.id);
    return context_.database.query(sql, parameters);
  }

  void add(std::string question, CheckState state, std::string answer, std::string source) {
    list_.push_back({std::move(question), state, std::move(answer), std::move(source)});
  }

  void turn() {
    std::vector<std::string> names;
    for (const auto person : turn_.people) names.push_back(queue_.people.name(person));
    for (const auto& team : turn_.teams) names.push_back("team " + team);
    if (names.empty() && turn_.turn == Turn::author) names.push_back(queue_.people.name(item_.author));
    add("Whose turn", turn_.turn == Turn::committer ? CheckState::ok : CheckState::todo,
        fmt::format("{}{} since {} ({}): {}", turn_name(turn_.turn),
                    names.empty() ? "" : fmt::format(" ({})", fmt::join(names, ", ")), format_date(turn_.since),
                    waiting_text(turn_.since, context_.as_of), turn_.why),
        "the thread, read by the rules of resident review");
  }

  void approvals() {
    const int required = queue_.required_approvals(item_);
    std::string text = fmt::format("{} of {}", turn_.approvals, required);
    if (turn_.stale_approvals > 0)
      text += fmt::format("; {} from before the last push", plural(turn_.stale_approvals, "approval"));
    add("Approvals", turn_.approvals >= required ? CheckState::ok : CheckState::todo, text,
        queue_.approval_by_comment ? "reviews and comments that begin with ACK" : "reviews");
  }

  // Whether a check has come out both ways on one commit, or fails on a branch too.
  std::string known_trouble(const std::string& name) {
    Parameters parameters = context_.parameters();
    parameters.emplace_back("name", name);
    parameters.emplace_back("since", context_.as_of - kFlakyWindow);
    std::map<std::string, std::pair<bool, bool>> by_commit;
    std::string branch_state, branch;
    for (const auto rows = context_.database.query(
             "SELECT sha, conclusion, branch, item_id FROM ci_run WHERE project_id = :project AND name = :name AND "
             "status = 'completed' AND finished_at <= :as_of AND started_at > :since ORDER BY started_at, run_key",
             parameters);
         rows->next();) {
      const bool failed = is_failure(rows->text(1)), passed = rows->text(1) == "success";
      auto& [any_failed, any_passed] = by_commit[rows->string(0)];
      any_failed = any_failed || failed;
      any_passed = any_passed || passed;
      if (rows->is_null(3) && !rows->is_null(2) && (failed || passed))
        branch = rows->string(2), branch_state = failed ? "failed" : "passed";
    }
    const auto both = std::count_if(by_commit.begin(), by_commit.end(), [](const auto& each) {
      return !each.first.empty() && each.second.first && each.second.second;
    });
    if (both > 0)
      return fmt::format("known flaky: failed and passed on the same commit {} in 90 days", plural(both, "time"));
    if (branch_state == "failed") return fmt::format("fails on {} too", branch);
    return {};
  }

  void checks_of_ci() {
    if (item_.ci.empty())
      return add("CI", CheckState::unknown, "no results are known for it", "no source tells of checks");
    if (item_.ci == "pending") return add("CI", CheckState::todo, "is running", "check runs of the head");
    if (item_.ci == "held")
      return add("CI", CheckState::todo, "waits for a maintainer to let it run", "the newest run of each workflow");
    if (item_.ci == "cancelled")
      return add("CI", CheckState::unknown, "was cancelled before it came to a result", "the newest run of each check");
    if (item_.ci == "success") return add("CI", CheckState::ok, "passes", "the newest run of each check");
    std::vector<std::string> failing;
    bool all_known = true;
    for (const std::string& check : item_.ci_failed) {
      const std::string trouble = known_trouble(check);
      all_known = all_known && !trouble.empty();
      failing.push_back(trouble.empty() ? check : fmt::format("{} ({})", check, trouble));
    }
    std::sort(failing.begin(), failing.end());
    const std::string tests = verdicts::failures_in_words(context_, item_.number);
    add("CI", CheckState::todo,
        fmt::format("fails: {}{}{}", some(failing), all_known ? "; run it again" : "",
                    tests.empty() ? "" : "; tests: " + tests),
        "the newest run of each check, against all runs of 90 days");
  }

  void conflicts() {
    const MergeQuestion question = merge_question(context_, item_);
    Parameters parameters{{"project", context_.project_id}, {"head", question.head}, {"base", question.base}};
    const auto rows = context_.database.query(
        "SELECT state, detail FROM merge_check WHERE project_id = :project AND head_sha = :head AND base_sha = :base",
        parameters);
    const std::string source =
        question.base.empty()
            ? "no clone is known"
            : fmt::format("git merge-tree of {} into {}", question.head.substr(0, 10), question.base.substr(0, 10));
    if (!rows->next())
      return add(
          "Merges cleanly", CheckState::unknown,
          question.head.empty() || question.base.empty() ? "its head or its base is not known" : "has not been tried",
          source);
    if (rows->text(0) == "clean") return add("Merges cleanly", CheckState::ok, "no conflicts with the base", source);
    if (rows->text(0) == "unknown") return add("Merges cleanly", CheckState::unknown, rows->string(1), source);
    std::vector<std::string> files;
    for (const auto file : split(rows->text(1), '\n')) files.emplace_back(file);
    add("Merges cleanly", CheckState::todo, fmt::format("needs a rebase: conflicts in {}", some(files)), source);
  }

  void size() {
    if (!item_.additions && !item_.deletions)
      return add("Size", CheckState::unknown, "its lines are not known", "the forge or a clone");
    const std::int64_t lines = item_.additions.value_or(0) + item_.deletions.value_or(0);
    const int large = context_.config.readiness.large_change_lines;
    ModuleMap map(context_);
    std::set<std::string> modules;
    for (const auto id : path_ids_)
      if (const std::string& module = map.module_of(id); !module.empty()) modules.insert(module);
    const std::string spread = modules.empty() ? "" : fmt::format(", in {}", some({modules.begin(), modules.end()}));
    add("Size", lines > large ? CheckState::todo : CheckState::ok,
        fmt::format(
            "{} in {}{}{}", lines_changed(item_.additions.value_or(0), item_.deletions.value_or(0)),
            plural(item_.changed_files.value_or(static_cast<std::int64_t>(paths_.size())), "file"), spread,
            lines > large ? fmt::format("; above {} lines a review finds less: could it be split?", large) : ""),
        "lines and files of its last version");
  }

  std::vector<std::string> matching(const std::string& pattern, bool wanted = true) const {
    std::vector<std::string> result;
    const Pattern compiled(pattern);
    for (const auto& path : paths_)
      if (compiled.found_in(path) == wanted) result.push_back(path);
    return result;
  }

  void tests_and_documents() {
    const ReadinessRules& rules = context_.config.readiness;
    const auto tests = matching(rules.test_paths), documents = matching(rules.doc_paths);
    const std::size_t others =
        static_cast<std::size_t>(std::count_if(paths_.begin(), paths_.end(), [&](const auto& path) {
          return std::find(tests.begin(), tests.end(), path) == tests.end() &&
                 std::find(documents.begin(), documents.end(), path) == documents.end();
        }));
    changes_code_ = others > 0;
    if (!tests.empty()) {
      add("Tests", CheckState::ok, "changes " + some(tests), "readiness.test_paths");
    } else if (others == 0) {
      add("Tests", CheckState::ok, "changes no code", "readiness.test_paths");
    } else {
      add("Tests", CheckState::todo,
          fmt::format("changes {} of code and no test", plural(static_cast<long long>(others), "file")),
          "readiness.test_paths");
    }
    const auto api = rules.api_paths.empty() ? std::vector<std::string>{} : matching(rules.api_paths);
    if (rules.api_paths.empty()) {
      add("Public interface", CheckState::unknown, "which paths are public is not configured", "readiness.api_paths");
    } else {
      add("Public interface", api.empty() ? CheckState::ok : CheckState::todo,
          api.empty() ? "untouched"
                      : fmt::format("touches {}: names, compatibility and documents to be agreed", some(api)),
          "readiness.api_paths");
    }
    if (!documents.empty()) {
      add("Documents", CheckState::ok, "changes " + some(documents), "readiness.doc_paths");
    } else {
      add("Documents", api.empty() ? CheckState::ok : CheckState::todo,
          api.empty() ? "none changed, and no public interface is touched"
                      : "the public interface changes and no document does",
          "readiness.doc_paths");
    }
  }

  void changelog() {
    const ReadinessRules& rules = context_.config.readiness;
    if (rules.changelog_paths.empty())
      return add("Changelog", CheckState::unknown, "whether the project wants an entry is not configured",
                 "readiness.changelog_paths");
    const auto entries = matching(rules.changelog_paths);
    std::string label;
    if (!entries.empty()) return add("Changelog", CheckState::ok, "adds " + some(entries), "readiness.changelog_paths");
    if (has_label(item_, rules.no_changelog_labels, &label))
      return add("Changelog", CheckState::ok, fmt::format("labelled “{}”", label), "readiness.no_changelog_labels");
    if (!changes_code_)
      return add("Changelog", CheckState::ok, "changes no code that users run", "readiness.changelog_paths");
    // A project that has no such file yet asks for none.
    const Pattern pattern(rules.changelog_paths);
    bool exists = false;
    for (const auto rows = query("SELECT path FROM path WHERE project_id = :project"); rows->next() && !exists;)
      exists = pattern.found_in(rows->text(0));
    add("Changelog", exists ? CheckState::todo : CheckState::ok,
        exists ? "no entry; if users will not notice the change, say so" : "the project keeps none",
        "readiness.changelog_paths");
  }

  void experts() {
    const FileKnowledge knowledge(context_, queue_.people, &path_ids_);
    std::vector<std::string> orphans;
    std::size_t known = 0;
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      const auto found = knowledge.files.find(path_ids_[i]);
      if (found == knowledge.files.end()) continue;
      ++known;
      if (found->second.at_risk) orphans.push_back(paths_[i]);
    }
    if (known == 0)
      return add("Active experts", CheckState::unknown, "nothing is known of who knows its files", "resident experts");
    add("Active experts", orphans.empty() ? CheckState::ok : CheckState::todo,
        orphans.empty() ? known == 1 ? "somebody who is here knows its file"
                                     : fmt::format("somebody who is here knows each of {} files", known)
                        : fmt::format("nobody who is here knows {}: review with more care", some(orphans)),
        "resident knowledge");
  }

  void issues() {
    const auto linked = linked_issues(context_, item_);
    std::vector<std::string> names;
    for (const auto number : linked) names.push_back(fmt::format("#{}", number));
    add("Linked issue", linked.empty() ? CheckState::unknown : CheckState::ok,
        linked.empty() ? "none is named" : "refers to " + some(names), "its text, and references the forge noted");
  }

  void backports() {
    const Pattern pattern(context_.config.readiness.backport_labels);
    std::vector<std::string> labels;
    for (const auto& label : item_.labels)
      if (pattern.found_in(label)) labels.push_back(label);
    add("Backports", labels.empty() ? CheckState::unknown : CheckState::ok,
        labels.empty() ? "none asked for; if it mends a bug in a release, label it" : some(labels), "labels");
  }

  void similar() {
    const auto others = similar_pulls_.of(item_, paths_);
    std::vector<std::string> competing, earlier;
    for (const SimilarPull& each : others)
      if (auto& list = each.is_open ? competing : earlier; list.size() < kMostSimilar)
        list.push_back(fmt::format("#{} ({})", each.number, each.why));
    add("Competing pull requests", competing.empty() ? CheckState::ok : CheckState::todo,
        competing.empty() ? "no other open one changes much the same or is for the same issue" : some(competing),
        "files, titles and linked issues of open pull requests");
    add("Earlier attempts", earlier.empty() ? CheckState::ok : CheckState::todo,
        earlier.empty()
            ? "none was closed without a merge"
            : some(earlier) + (earlier.size() == 1 ? ": read why it was closed" : ": read why they were closed"),
        "files, titles and linked issues of closed pull requests");
  }

  void licence() {
    const ReadinessRules& rules = context_.config.readiness;
    std::string label;
    if (has_label(item_, rules.cla_missing_labels, &label))
      return add("Licence agreement", CheckState::todo, fmt::format("labelled “{}”", label), "labels");
    const Pattern pattern(rules.cla_checks);
    std::string name, conclusion;
    for (const auto rows =
             query("SELECT name, conclusion FROM ci_run WHERE project_id = :project AND (item_id = :item OR (item_id "
                   "IS NOT NULL AND sha = (SELECT head_sha FROM item WHERE project_id = :project AND item_id = "
                   ":item))) AND finished_at <= :as_of ORDER BY finished_at, run_key");
         rows->next();)
      if (pattern.found_in(rows->string(0))) name = rows->string(0), conclusion = rows->string(1);
    if (name.empty())
      return add("Licence agreement", CheckState::unknown, "no check or label tells of one", "readiness.cla_checks");
    add("Licence agreement", conclusion == "success" ? CheckState::ok : CheckState::todo,
        fmt::format("{}: {}", name, conclusion), "check runs");
  }

  const Context& context_;
  const ReviewQueue& queue_;
  const OpenItem& item_;
  const TurnDecision& turn_;
  SimilarPulls& similar_pulls_;
  std::vector<std::string> paths_;
  std::vector<std::int64_t> path_ids_;
  bool changes_code_ = true;
  std::vector<ReadinessCheck> list_;
};

}  // namespace

std::vector<ReadinessCheck> readiness_checks(const Context& context, const ReviewQueue& queue, const ReviewEntry& entry,
                                             SimilarPulls* similar) {
  if (similar) return Checker(context, queue, entry, *similar).run();
  SimilarPulls own(context);
  return Checker(context, queue, entry, own).run();
}

}  // namespace resident

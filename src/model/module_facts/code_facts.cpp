// Facts of modules from the history of the code, and from what was measured: experts, reverts, backports, hotspots,
// lines, questions, users, tests, benchmarks.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <model/benchmarks/stored.hpp>
#include <model/commit_links.hpp>
#include <model/experts.hpp>
#include <model/file_knowledge.hpp>
#include <model/module_facts/fact_draft.hpp>
#include <model/tests/test_runs.hpp>
#include <model/threads.hpp>
#include <set>
#include <unordered_set>

namespace resident {

namespace {

using Module = ModulePlaces::Module;

constexpr const char* kNoCode = "no code is known: add a clone with `resident add git`";
constexpr std::string_view kCodeKeys[] = {"reverts",  "backports",      "living_experts", "known_files",
                                          "hotspots", "orphaned_lines", "new_people"};
constexpr Timestamp kTestTime = 90 * kDay;
constexpr std::size_t kNamed = 3, kTestText = 20000;

void add_experts(FactDraft& draft) {
  const Presence presence(draft.context, draft.people);
  const auto known = knowledge_by_module(draft.context, draft.people, draft.places.map(), presence);
  for (const auto& [module, name] : draft.modules()) {
    const auto found = known.find(name);
    std::int64_t living = 0;
    ModuleFigure& figure = draft.figure(module, "living_experts");
    if (found != known.end())
      for (const auto& expert : found->second.experts) {
        if (!expert.living || expert.score < 1) continue;
        ++living;
        if (figure.people.size() < kNamed) figure.people.push_back(expert.person);
      }
    figure.value = static_cast<double>(living);
    figure.n = found == known.end() ? 0 : static_cast<std::int64_t>(found->second.experts.size());
  }
}

void add_knowledge(FactDraft& draft) {
  const FileKnowledge knowledge(draft.context);
  std::vector<std::pair<std::int64_t, std::int64_t>> files(draft.places.names().size() + 1);  // known by somebody, all
  for (const auto& [path, file] : knowledge.files) {
    const auto module = draft.places.of_path(path);
    if (!module || file.people.empty()) continue;
    if (files.size() <= *module) files.resize(*module + 1);
    ++files[*module].second;
    files[*module].first += !file.at_risk;
  }
  for (const auto& [module, name] : draft.modules()) {
    const auto& [known, all] = files.size() > module ? files[module] : std::pair<std::int64_t, std::int64_t>();
    draft.share(module, "known_files", known, all, "no file of it has a known author");
  }
}

void add_lines(FactDraft& draft) {
  if (const std::string why = why_no_lines(draft.context); !why.empty()) return draft.lacking("orphaned_lines", why);
  const Presence presence(draft.context, draft.people);
  std::map<Module, std::pair<std::int64_t, std::int64_t>> lines;
  std::unordered_map<std::int64_t, bool> gone;
  each_lines(draft.context, draft.people, line_moment(draft.context), false, [&](const Lines& each) {
    const auto module = draft.places.of_path(each.path_id);
    if (!module) return;
    const auto [found, is_new] = gone.emplace(each.person, false);
    if (is_new) found->second = presence.is_gone(each.person);
    auto& [orphaned, all] = lines[*module];
    all += each.count;
    if (found->second) orphaned += each.count;
  });
  for (const auto& [module, name] : draft.modules()) {
    const auto& [orphaned, all] = lines[module];
    ModuleFigure& figure = draft.figure(module, "orphaned_lines");
    figure.n = all;
    if (all > 0)
      figure.value = static_cast<double>(orphaned) / static_cast<double>(all);  // all lines, no sample: no interval
    else
      figure.lacking = "none of its lines is known";
  }
}

// Commits of the year: reverts, newcomers, files that change most.
class CommitCounter {
 public:
  explicit CommitCounter(FactDraft& draft) : draft_(draft), since_(draft.context.as_of - kFactYear) {}

  void run() {
    read_marks();
    read_commits();
    read_backports();
    read_hotspots();
    const auto& names = draft_.places.names();
    for (const auto& [module, name] : draft_.modules()) {
      if (module >= names.size()) continue;
      draft_.share(module, "reverts", reverts_[module], commits_[module], "nothing changed it in the year before");
      draft_.count(module, "backports", backports_[module], outside_);
      if (outside_ == 0) {
        draft_.figure(module, "backports").value.reset();
        draft_.figure(module, "backports").lacking = "no commits outside the default branch are known";
      }
      std::int64_t fresh = 0, people = 0;
      for (const auto& [person, first] : first_[module]) fresh += first > since_;
      people = static_cast<std::int64_t>(recent_[module].size());
      draft_.count(module, "new_people", fresh, people);
    }
  }

 private:
  void read_marks() {
    for (const auto rows = draft_.context.database.query(
             "SELECT commit_id FROM commit_mark WHERE project_id = :project AND kind = 'reverts'",
             {{"project", draft_.context.project_id}});
         rows->next();)
      marked_.insert(rows->integer(0));
  }

  void read_commits() {
    for (const auto rows = draft_.context.database.query(
             "SELECT commit_id, author_id, committed_at FROM git_commit WHERE project_id = :project AND on_default = 1 "
             "AND parent_count < 2 AND committed_at <= :as_of ORDER BY committed_at",
             draft_.context.parameters());
         rows->next();) {
      const auto* place = draft_.places.commit(rows->integer(0));
      const std::int64_t person = draft_.people.person(rows->optional_integer(1));
      if (!place || draft_.people.bots.contains(person)) continue;
      const bool is_late = rows->integer(2) > since_;
      for (const Module module : place->modules) {
        if (person) first_[module].emplace(person, rows->integer(2));
        if (!is_late) continue;
        ++commits_[module];
        if (person) recent_[module].insert(person);
      }
      if (is_late) late_.insert(rows->integer(0));
    }
    Parameters parameters = draft_.context.parameters();
    parameters.emplace_back("since", since_);
    for (const auto rows = draft_.context.database.query(
             "SELECT commit_id, subject FROM git_commit WHERE project_id = :project AND committed_at > :since AND "
             "committed_at <= :as_of",
             parameters);
         rows->next();)
      if (late_.contains(rows->integer(0)) &&
          (marked_.contains(rows->integer(0)) || parse_revert(rows->text(1)).is_revert))
        for (const Module module : draft_.places.commit(rows->integer(0))->modules) ++reverts_[module];
  }

  void read_backports() {
    Parameters parameters = draft_.context.parameters();
    parameters.emplace_back("since", since_);
    outside_ = draft_.context.database
                   .integer(
                       "SELECT count(*) FROM git_commit WHERE project_id = :project AND in_history = 1 AND "
                       "on_default = 0 AND parent_count < 2 AND committed_at > :since AND committed_at <= :as_of",
                       parameters)
                   .value_or(0);
    if (outside_ == 0) return;
    std::set<std::pair<std::int64_t, Module>> counted;
    for (const auto rows = draft_.context.database.query(
             "SELECT DISTINCT c.commit_id, f.path_id FROM git_commit c JOIN commit_mark m ON m.project_id = "
             "c.project_id AND m.commit_id = c.commit_id AND m.kind = 'cherry-picked-from' JOIN file_change f ON "
             "f.project_id = c.project_id AND f.commit_id = c.commit_id WHERE c.project_id = :project AND c.in_history "
             "= 1 AND c.on_default = 0 AND c.parent_count < 2 AND c.committed_at > :since AND c.committed_at <= :as_of",
             parameters);
         rows->next();)
      if (const auto module = draft_.places.of_path(rows->integer(1)))
        if (counted.emplace(rows->integer(0), *module).second) ++backports_[*module];
  }

  void read_hotspots() {
    struct Spot {
      std::int64_t path, commits, lines;
    };
    std::map<Module, std::vector<Spot>> spots;
    const bool went_on = branch_went_on(draft_.context);
    Parameters parameters = draft_.context.parameters();
    parameters.emplace_back("since", since_);
    for (const auto rows = draft_.context.database.query(
             "SELECT f.path_id, count(*), max(h.lines) FROM git_commit c JOIN file_change f ON f.project_id = "
             "c.project_id AND f.commit_id = c.commit_id JOIN head_file h ON h.project_id = f.project_id AND h.path_id "
             "= f.path_id WHERE c.project_id = :project AND c.on_default = 1 AND c.parent_count < 2 AND c.committed_at "
             "> :since AND c.committed_at <= :as_of AND h.lines IS NOT NULL AND NOT EXISTS (SELECT 1 FROM file_change "
             "l "
             "JOIN git_commit n ON n.project_id = l.project_id AND n.commit_id = l.commit_id WHERE l.project_id = "
             "h.project_id AND l.path_id = h.path_id AND n.on_default = 1 AND n.committed_at > :as_of) GROUP BY "
             "f.path_id ORDER BY f.path_id",
             parameters);
         rows->next();)
      if (const auto module = draft_.places.of_path(rows->integer(0)))
        spots[*module].push_back({rows->integer(0), rows->integer(1), rows->integer(2)});
    for (const auto& [module, name] : draft_.modules()) {
      auto& list = spots[module];
      ModuleFigure& figure = draft_.figure(module, "hotspots");
      figure.n = static_cast<std::int64_t>(list.size());
      if (list.empty()) {
        figure.lacking = went_on ? "no text file changed in the year before and not since, how long one was is not kept"
                                 : "no text file of it changed in the year before";
        continue;
      }
      const auto rank = [&](auto Spot::*field, std::int64_t value) {
        return std::count_if(list.begin(), list.end(), [&](const Spot& each) { return each.*field <= value; });
      };
      std::vector<std::pair<std::int64_t, const Spot*>> ranked;
      for (const Spot& spot : list)
        ranked.emplace_back(-rank(&Spot::commits, spot.commits) * rank(&Spot::lines, spot.lines), &spot);
      std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      figure.value = static_cast<double>(ranked.front().second->commits);
      for (std::size_t i = 0; i < std::min(kNamed, ranked.size()); ++i)
        figure.words +=
            fmt::format("{}{} ({}, {})", i ? "; " : "", draft_.places.map().path(ranked[i].second->path),
                        plural(ranked[i].second->commits, "commit"), plural(ranked[i].second->lines, "line"));
    }
  }

  FactDraft& draft_;
  Timestamp since_;
  std::unordered_set<std::int64_t> marked_, late_;
  std::map<Module, std::int64_t> commits_, reverts_, backports_;
  std::map<Module, std::map<std::int64_t, Timestamp>> first_;
  std::map<Module, std::set<std::int64_t>> recent_;
  std::int64_t outside_ = 0;
};

void add_questions(FactDraft& draft) {
  if (!draft.exists("thread"))
    return draft.lacking("questions", "no channels are known (resident add discourse, mail; guide: channels)");
  std::map<Module, std::int64_t> now, before;
  std::int64_t asked = 0;
  Parameters parameters = draft.context.parameters();
  parameters.emplace_back("since", draft.context.as_of - 2 * kFactYear);
  for (const auto rows = draft.context.database.query(
           "SELECT t.title, p.body, t.created_at, t.is_question FROM thread t LEFT JOIN post p ON p.project_id = "
           "t.project_id AND p.thread_key = t.thread_key AND p.position = 0 WHERE t.project_id = :project AND "
           "t.created_at > :since AND t.created_at <= :as_of ORDER BY t.thread_key",
           parameters);
       rows->next();) {
    const std::string title = rows->string(0), body = rows->string(1).substr(0, kTestText);
    const bool is_question = rows->is_null(3) ? judge_question(title, body).is_question : rows->integer(3) == 1;
    if (!is_question) continue;
    const bool is_late = rows->integer(2) > draft.context.as_of - kFactYear;
    asked += is_late;
    if (const auto module = draft.places.of_text(title, body)) ++(is_late ? now : before)[*module];
  }
  for (const auto& [module, name] : draft.modules()) {
    draft.count(module, "questions", now[module], asked);
    draft.figure(module, "questions").before = static_cast<double>(before[module]);
  }
}

void add_users(FactDraft& draft) {
  if (!draft.exists("module_use"))
    return draft.lacking("users", "no corpus was counted: `resident interest PATH… --project NAME --keep`");
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> users;  // by module: projects that use it, all
  for (const auto rows = draft.context.database.query(
           "SELECT module, projects, corpus_projects FROM module_use WHERE project_id = :project",
           {{"project", draft.context.project_id}});
       rows->next();)
    users[rows->string(0)] = {rows->integer(1), rows->integer(2)};
  for (const auto& [module, name] : draft.modules()) {
    const auto found = users.find(name);
    if (found == users.end())
      draft.figure(module, "users").lacking = "it has nothing that imports could name";
    else
      draft.count(module, "users", found->second.first, found->second.second);
  }
}

// A test is of the module whose file its suite or name says: "Lib/test/test_os.py", "test.test_os", "test_os.OSTests".
void add_tests(FactDraft& draft) {
  if (!draft.exists("test_run")) return draft.lacking("red_tests", "no results of tests are known (guide: ci)");
  const TestRuns runs(draft.context, draft.context.as_of - kTestTime);
  std::map<std::int64_t, std::map<std::string, std::pair<bool, bool>>> outcomes;  // test, commit: failed, passed
  for (const auto& [test, configurations] : runs.failing_tests())
    for (const auto configuration : configurations)
      for (const auto& point : runs.history(test, configuration)) {
        const TestRun& run = runs.runs()[point.run];
        if (!run.on_main || run.sha.empty() || is_mass_failure(run)) continue;
        auto& [failed, passed] = outcomes[test][run.sha];
        (runs.failure(run, test) != nullptr ? failed : passed) = true;
      }
  std::map<Module, std::int64_t> flaky;
  for (const auto& [test, commits] : outcomes) {
    const bool is_flaky = std::any_of(commits.begin(), commits.end(),
                                      [](const auto& each) { return each.second.first && each.second.second; });
    if (!is_flaky) continue;
    const auto [suite, name] = runs.suite_and_name(test);
    std::string text = suite + " " + name;
    for (const auto part : split(suite.empty() ? name : suite, '.')) text += fmt::format(" {}.py {}.c", part, part);
    if (const auto module = draft.places.of_text({}, text)) ++flaky[*module];
  }
  const auto count = static_cast<std::int64_t>(runs.runs().size());
  for (const auto& [module, name] : draft.modules()) draft.count(module, "red_tests", flaky[module], count);
}

void add_speed(FactDraft& draft) {
  if (!draft.exists("benchmark_value")) return draft.lacking("speed_events", "no benchmarks are known");
  const StoredBenchmarks stored = load_benchmarks(draft.context);
  std::map<Module, std::int64_t> worse;
  for (const auto& event : speed_events(draft.context, stored, find_changes(stored.series, {}))) {
    if (event.worse <= event.improved || event.at <= draft.context.as_of - kFactYear || event.sha.empty()) continue;
    const auto commit =
        draft.context.database.integer("SELECT commit_id FROM git_commit WHERE project_id = :project AND sha = :sha",
                                       {{"project", draft.context.project_id}, {"sha", event.sha}});
    if (const auto* place = commit ? draft.places.commit(*commit) : nullptr)
      for (const Module module : place->modules) ++worse[module];
  }
  const auto series = static_cast<std::int64_t>(stored.series.size());
  for (const auto& [module, name] : draft.modules()) draft.count(module, "speed_events", worse[module], series);
}

}  // namespace

void add_code_facts(FactDraft& draft) {
  if (!draft.exists("git_commit")) {
    for (const auto key : kCodeKeys) draft.lacking(key, kNoCode);
    return;
  }
  add_experts(draft);
  add_knowledge(draft);
  add_lines(draft);
  CommitCounter(draft).run();
}

void add_measured_facts(FactDraft& draft) {
  add_questions(draft);
  add_users(draft);
  add_tests(draft);
  add_speed(draft);
  draft.lacking("proposals", "the store keeps no proposals; `resident proposals` reads them from their repository");
}

}  // namespace resident

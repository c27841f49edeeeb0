// Today: what needs the resident now, in order, with one line of why for each.
// It draws from the review and triage queues, the state of CI on the default
// branch, the modules that hang on one person, and the state of the data itself.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <framework/next_command.hpp>
#include <learn/verdicts/pull_failures.hpp>
#include <map>
#include <model/document_owners.hpp>
#include <model/known_items.hpp>
#include <model/modules.hpp>
#include <model/queues/triage.hpp>
#include <model/tests/red_now.hpp>
#include <set>
#include <store/ci_conclusion.hpp>

namespace resident {

namespace {

struct Task {
  double score = 0;
  std::string action;  // merge, review, answer, decide, ask, fix, look
  std::string why;
  std::optional<std::int64_t> number;
  std::string kind, title, url;
  std::optional<Timestamp> since;
  std::optional<std::int64_t> item_id = {};
  std::string author = {}, labels = {};
  std::optional<Timestamp> created = {};
};

// A task about an item, with what one knows it by.
Task task_of(const OpenItem& item, const People& people, const char* kind) {
  Task task;
  task.item_id = item.id;
  task.number = item.number;
  task.kind = kind;
  task.title = item.title;
  task.url = item.url;
  task.author = people.name(item.author);
  task.labels = fmt::format("{}", fmt::join(item.labels, ", "));
  task.created = item.began_at;
  return task;
}

// Gives who is who.
People add_reviews(const Context& context, std::int64_t me, std::vector<Task>& tasks) {
  ReviewQueue queue = review_queue(context, 0, Threads::dropped);
  for (const auto& entry : queue.entries) {
    const Turn turn = entry.turn.turn;
    const bool asked_of_me = me && turn == Turn::reviewer && entry.turn.people.contains(me);
    const bool is_mine = me && entry.item.author == me;
    if (turn == Turn::nobody || turn == Turn::ci) continue;
    if (turn == Turn::author && !is_mine && context.as_of - entry.turn.since < 60 * kDay) continue;
    Task task = task_of(entry.item, queue.people, "pull");
    task.since = entry.turn.since;
    task.score = entry.score;
    // Reviewers' reasons say how long already; here the wait has a column of its own.
    task.why = entry.turn.why;
    if (entry.item.is_newcomers() && turn != Turn::author)
      task.why +=
          entry.item.first_contribution ? "; its author's first contribution" : "; nothing of its author is merged yet";
    if (turn == Turn::committer) {
      task.action = "merge";
    } else if (turn == Turn::reviewer) {
      task.action = "review";
      if (is_mine) continue;
      // Old ones need a decision more than a review, and are not this morning's.
      if (context.as_of - entry.turn.since > 365 * kDay) {
        task.action = "decide";
        task.score -= 18;
        task.why += "; waiting for over a year: close, take over, or review";
      }
    } else if (is_mine) {
      task.action = "answer";
      task.score += 35;
    } else {
      task.action = "ask";
      task.score += context.as_of - entry.turn.since > 365 * kDay ? -4 : 4;
    }
    if (asked_of_me) {
      task.score += 25;
      task.why = "you are asked: " + task.why;
    }
    std::string who;
    for (const auto person : entry.turn.people)
      if (person != me && turn == Turn::reviewer) who += (who.empty() ? "" : ", ") + queue.people.name(person);
    for (const auto& team : entry.turn.teams) who += (who.empty() ? "team " : ", team ") + team;
    if (!who.empty() && task.why.find(who) == std::string::npos) task.why += fmt::format(" (waits for {})", who);
    tasks.push_back(std::move(task));
  }
  return std::move(queue.people);
}

// What is to be done about an issue now; "": nothing.
const char* action_for(const Context& context, const TriageEntry& entry) {
  switch (entry.state) {
    case TriageState::unanswered:
      return entry.by_outsider ? "answer" : "";
    case TriageState::reopened:
      return "answer";
    case TriageState::reporter_answered:
      return "decide";
    case TriageState::waiting_for_reporter:
      return context.as_of - entry.since < 60 * kDay ? "" : "ask";
    case TriageState::stale:
    case TriageState::discussion:
      break;
  }
  const bool is_new = context.as_of - entry.item.created_at < 60 * kDay;
  return has_label(entry.item, context.config.triage.urgent_labels) || (entry.unlabelled && is_new) ? "decide" : "";
}

void add_issues(const Context& context, const People& people, std::vector<Task>& tasks) {
  each_triage_entry(context, people, [&](TriageEntry&& entry) {
    const std::string action = action_for(context, entry);
    if (action.empty()) return;
    Task task = task_of(entry.item, people, "issue");
    task.action = action;
    task.since = entry.since;
    task.score = entry.score;
    task.why = raising_reasons(entry.reasons);
    tasks.push_back(std::move(task));
  });
}

void add_ci(const Context& context, std::vector<Task>& tasks) {
  // Of each check on a branch (not on a pull request): its newest finished run, and since when it fails.
  const auto rows = context.database.query(
      "SELECT name, branch, conclusion, finished_at FROM ci_run WHERE project_id = :project AND item_id IS NULL AND "
      "branch IS NOT NULL AND status = 'completed' AND finished_at <= :as_of AND finished_at > :as_of - 2592000 ORDER "
      "BY finished_at, run_key",
      context.parameters());
  struct State {
    bool fails = false;
    Timestamp since = 0;
    std::int64_t runs = 0;
  };
  std::map<std::pair<std::string, std::string>, State> states;
  while (rows->next()) {
    State& state = states[{rows->string(1), rows->string(0)}];
    const bool fails = is_failure(rows->text(2));
    if (fails && !state.fails) state.since = rows->integer(3), state.runs = 0;
    state.fails = fails;
    ++state.runs;
  }
  for (const auto& [key, state] : states) {
    if (!state.fails) continue;
    Task task;
    task.action = "fix";
    task.title = fmt::format("CI fails on {}: {}", key.first, key.second);
    task.why =
        state.runs > 1 ? fmt::format("{} in a row have failed", plural(state.runs, "run")) : "the newest run failed";
    task.since = state.since;
    task.score = state.runs > 1 ? 80 : 45;
    tasks.push_back(std::move(task));
  }
}

// What is red in the tests of the main branch, for good or anew; a known flaky test needs nobody today.
void add_red_tests(const Context& context, std::vector<Task>& tasks) {
  constexpr std::size_t kMost = 5;
  if (context.database
          .integer("SELECT count(*) FROM test_run WHERE project_id = :project AND at <= :as_of", context.parameters())
          .value_or(0) == 0)
    return;
  const TestRuns runs(context, context.as_of - 400 * kDay);
  std::size_t shown = 0;
  for (const auto& event : red_now(runs).events) {
    if (event.is_flaky || shown++ == kMost) continue;
    Task task;
    task.action = "fix";
    task.title = fmt::format(
        "{}{} on {}{}", runs.test_name(event.tests.front()),
        event.tests.size() > 1 ? fmt::format(" and {} more", event.tests.size() - 1) : "",
        runs.configuration_name(event.configurations.front()),
        event.configurations.size() > 1 ? fmt::format(" and {} more", event.configurations.size() - 1) : "");
    task.why = event.words;
    if (event.commit_count > 0) task.why += fmt::format("; suspected: {}", plural(event.commit_count, "commit"));
    if (!event.experts.empty()) task.why += fmt::format("; {} knows it", event.experts.front());
    task.since = runs.runs()[event.first_failure].at;
    task.score = event.tier == 1 ? 95 : event.is_for_good ? 85 : 50;
    tasks.push_back(std::move(task));
  }
}

// Modules that moved in the last year and hang on one person.
void add_modules(const Context& context, const People& people, std::vector<Task>& tasks) {
  Parameters parameters = context.parameters();
  parameters.emplace_back("since", context.as_of - 365 * kDay);
  const auto rows = context.database.query(
      "SELECT c.commit_id, c.author_id, f.path_id, c.committed_at FROM git_commit c JOIN file_change f ON f.project_id "
      "= c.project_id AND f.commit_id = c.commit_id WHERE c.project_id = :project AND c.on_default = 1 AND "
      "c.committed_at > :since AND c.committed_at <= :as_of",
      parameters);
  struct Activity {
    std::set<std::int64_t> commits;
    std::map<std::int64_t, std::int64_t> people;
  };
  std::optional<ModuleMap> map;
  std::map<std::string, Activity> modules;
  while (rows->next()) {
    if (!map) map.emplace(context);
    const std::int64_t person = people.person(rows->optional_integer(1));
    if (!person || people.bots.contains(person)) continue;
    const std::string& module = map->module_of(rows->integer(2));
    if (module.empty()) continue;
    Activity& activity = modules[module];
    if (activity.commits.insert(rows->integer(0)).second) ++activity.people[person];
  }
  struct Line {
    std::int64_t commits;
    std::string module, person;
  };
  std::vector<Line> lines;
  std::set<std::int64_t> everybody;
  for (const auto& [module, activity] : modules)
    for (const auto& [person, count] : activity.people) everybody.insert(person);
  if (everybody.size() < 3) return;  // a project of one or two people hangs on them all
  for (const auto& [module, activity] : modules)
    if (activity.people.size() == 1 && activity.commits.size() >= 5)
      lines.push_back(
          {static_cast<std::int64_t>(activity.commits.size()), module, people.name(activity.people.begin()->first)});
  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return a.commits != b.commits ? a.commits > b.commits : a.module < b.module;
  });
  for (std::size_t i = 0; i < std::min<std::size_t>(lines.size(), 3); ++i) {
    Task task;
    task.action = "look";
    task.title = fmt::format("{} hangs on one person", lines[i].module);
    task.why = fmt::format("all its {} of the last year are by {}: find a second pair of eyes",
                           plural(lines[i].commits, "change"), lines[i].person);
    task.score = 12 + std::min(6.0, std::log2(static_cast<double>(lines[i].commits)));
    tasks.push_back(std::move(task));
  }
}

// Reverts of the last two weeks: something went wrong there, and may again.
void add_reverts(const Context& context, std::vector<Task>& tasks) {
  Parameters parameters = context.parameters();
  parameters.emplace_back("since", context.as_of - 14 * kDay);
  const auto rows = context.database.query(
      "SELECT DISTINCT c.sha, c.subject, c.committed_at FROM git_commit c JOIN commit_mark t ON t.project_id = "
      "c.project_id AND t.commit_id = c.commit_id WHERE c.project_id = :project AND c.on_default = 1 AND "
      "c.committed_at > :since AND c.committed_at <= :as_of AND t.kind = 'reverts' ORDER BY c.committed_at DESC LIMIT "
      "3",
      parameters);
  while (rows->next()) {
    Task task;
    task.action = "look";
    task.title = rows->string(1);
    task.why = "a commit was reverted: is there a test for what it broke, and who brings it back?";
    task.since = rows->integer(2);
    if (!context.url.empty()) task.url = context.url + "/commit/" + rows->string(0);
    task.score = 16;
    tasks.push_back(std::move(task));
  }
}

void add_data(const Context& context, std::vector<Task>& tasks) {
  const Parameters project{{"project", context.project_id}};
  if (const auto unread = unread_sources(context); !unread.empty()) {
    Task task;
    task.action = "look";
    task.title = fmt::format("{} was declared and never read", unread.front());
    task.why = "resident sync reads it";
    task.score = 5;
    tasks.push_back(std::move(task));
  } else if (!context.database.integer("SELECT 1 FROM item WHERE project_id = :project LIMIT 1", project)) {
    Task task;
    task.action = "look";
    task.title = "only the code is known, no issues and pull requests";
    task.why = fmt::format("the queues are empty: {}", tracker_command(context));
    task.score = 5;
    tasks.push_back(std::move(task));
  }
  if (look_for_proposals(context).looks_like_proposals()) {
    Task task;
    task.action = "look";
    task.title = "its documents name authors of their own";
    task.why = fmt::format(
        "if they approve changes to their documents, whose turn needs preset = \"proposals\" in [project.{}]",
        context.project);
    task.score = 6;
    tasks.push_back(std::move(task));
  }
  const auto sources = context.database.query(
      "SELECT kind, location, message FROM source WHERE project_id = :project AND state = 'failed'", project);
  while (sources->next()) {
    Task task;
    task.action = "fix";
    task.title = fmt::format("the source {} {} cannot be read", sources->text(0), sources->text(1));
    task.why = fmt::format("{}; see `resident doctor`", sources->text(2));
    task.score = 50;
    tasks.push_back(std::move(task));
  }
  const auto quarantined =
      context.database
          .integer(
              "SELECT COALESCE(sum(records), 0) FROM quarantine WHERE project_id = :project AND source_id NOT IN "
              "(SELECT source_id FROM source WHERE project_id = :project AND kind = 'git')",
              project)
          .value_or(0);
  if (quarantined > 0) {
    Task task;
    task.action = "look";
    task.title = fmt::format("{} set aside while reading", plural(quarantined, "record was", "records were"));
    task.why = "the figures miss them; `resident doctor` gives file and reason";
    task.score = 10;
    tasks.push_back(std::move(task));
  }
}

// Whose the failing tests of these pull requests are.
void tell_failing_tests(const Context& context, const std::vector<std::size_t>& shown, std::vector<Task>& tasks) {
  std::set<std::int64_t> pulls;
  for (const std::size_t i : shown)
    if (tasks[i].kind == "pull" && tasks[i].number) pulls.insert(*tasks[i].number);
  const auto words = verdicts::failures_in_words(context, pulls);
  for (const std::size_t i : shown)
    if (tasks[i].kind == "pull" && tasks[i].number)
      if (const auto of = words.find(*tasks[i].number); of != words.end())
        tasks[i].why += fmt::format("; failing tests: {}", of->second);
}

// "3 things wait: 1 to merge, 2 to review."; first: whose come first, "" where nobody's do.
std::string what_waits(const std::map<std::string, std::int64_t>& actions, const std::string& first) {
  std::string parts;
  std::int64_t all = 0;
  for (const auto& [action, phrase] :
       std::initializer_list<std::pair<const char*, const char*>>{{"fix", "to fix"},
                                                                  {"merge", "to merge"},
                                                                  {"review", "to review"},
                                                                  {"answer", "to answer"},
                                                                  {"decide", "to decide"},
                                                                  {"ask", "to ask after"},
                                                                  {"look", "to look into"}}) {
    const auto found = actions.find(action);
    if (found == actions.end()) continue;
    all += found->second;
    parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", with_thousands(found->second), phrase);
  }
  return fmt::format("{}{}: {}.", plural(all, "thing waits", "things wait"),
                     first.empty() ? std::string() : fmt::format(", those asked of {} first", first), parts);
}

// The first of all, and of each thing to do its first few, however many others come before.
std::vector<std::size_t> shown_of(const std::vector<Task>& tasks, std::size_t limit, std::size_t of_each) {
  std::vector<std::size_t> shown;
  std::map<std::string, std::size_t> counts;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    if (std::size_t& count = counts[tasks[i].action]; i < limit || count < of_each) ++count, shown.push_back(i);
  return shown;
}

std::vector<Result> analyse_today(const Context& context) {
  const std::int64_t me = person_argument(context, "me", context.config.me);
  std::vector<Task> tasks;
  const People people = add_reviews(context, me, tasks);
  add_issues(context, people, tasks);
  add_ci(context, tasks);
  add_red_tests(context, tasks);
  add_modules(context, people, tasks);
  add_reverts(context, tasks);
  add_data(context, tasks);
  std::stable_sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) {
    if (a.score != b.score) return a.score > b.score;
    return a.since.value_or(0) < b.since.value_or(0);
  });
  const std::size_t limit = static_cast<std::size_t>(context.whole_number("limit", 20, 1, 100'000));
  const auto shown = shown_of(tasks, limit, static_cast<std::size_t>(context.whole_number("each", 0, 0, 1000)));
  tell_failing_tests(context, shown, tasks);

  Result result = context.result("today", "Today", "What needs me now, and why?");
  result.columns = {
      {"rank", "#", ColumnType::integer},
      {"action", "Do", ColumnType::text, "", "merge, review, answer, decide, ask, fix or look"},
      {"number", "Item", ColumnType::item, "", "", "url"},
      {"title", "Title", ColumnType::text},
      {"why", "Why", ColumnType::text},
      {"waiting", "Waiting", ColumnType::duration, "", "since it became ours (or the author's, to ask)"},
      {"author", "Author", ColumnType::text, "", "who opened it"},
      {"labels", "Labels", ColumnType::text},
      {"age", "Age", ColumnType::duration, "", "since it was opened"},
      {"kind", "Kind", ColumnType::text, "", "", "", true},
      {"score", "Points", ColumnType::number, "", "", "", true},
      {"since", "Since", ColumnType::time, "", "", "", true},
      {"item", "Item id", ColumnType::integer, "", "as the store numbers it", "", true},
      {"in_all", "Like it", ColumnType::integer, "", "things of which the same is to be done, shown or not", "", true},
      {"url", "Address", ColumnType::url, "", "", "", true}};
  result.layout = Layout::queue_by_verb;
  result.set_roles({{"action", ColumnRole::verb},
                    {"title", ColumnRole::title},
                    {"why", ColumnRole::reason},
                    {"author", ColumnRole::person},
                    {"labels", ColumnRole::label},
                    {"item", ColumnRole::item_id}});
  std::map<std::string, std::int64_t> actions;
  for (const auto& task : tasks) ++actions[task.action];
  result.claim = !tasks.empty()         ? what_waits(actions, me ? people.name(me) : std::string())
                         : knows_items(context) ? "Nothing waits."
                                        : "No issue or pull request is known, so none can wait.";
  for (const std::size_t i : shown) {
    const Task& task = tasks[i];
    result.rows.push_back({static_cast<std::int64_t>(i + 1), task.action, task.number ? Cell(*task.number) : Cell(),
                           task.title, task.why, task.since ? Cell(context.as_of - *task.since) : Cell(), task.author,
                           task.labels,
                           task.created ? Cell(std::max<Timestamp>(0, context.as_of - *task.created)) : Cell(),
                           task.kind, std::round(task.score * 10) / 10, task.since ? Cell(*task.since) : Cell(),
                           task.item_id ? Cell(*task.item_id) : Cell(), actions[task.action], task.url});
  }
  result.sample_size = static_cast<std::int64_t>(tasks.size());
  if (me == 0)
    result.notes.emplace_back(
        "Who you are is not known, so nothing is put first as asked of you: --me LOGIN, or me in the configuration.");
  if (tasks.size() > limit)
    result.notes.push_back(fmt::format("The first {} of {} by their points{}; --limit shows more.",
                                       with_thousands(static_cast<long long>(limit)),
                                       with_thousands(static_cast<long long>(tasks.size())),
                                       shown.size() > limit ? ", and the first of each thing to do" : ""));
  result.definition =
      "Pull requests that are ready to merge, wait for a reviewer, or whose authors have been silent for 60 days; "
      "issues that nobody answered, whose reporters came back, or that are urgent by label; failing CI on a branch; "
      "reverts of the last two weeks; modules that one person alone changes; the state of the data. In the order of "
      "the points that the review and triage queues explain. To answer: issues of people who are no maintainers, or "
      "reopened ones; the triage queue counts maintainers' own, too, and the inbox only what asks something.";
  result.method =
      "the review and triage queues, failing CI, reverts, modules and the state of the data, by points (guide: "
      "morning)";
  return {result};
}

}  // namespace

extern const Analysis today_analysis;
const Analysis today_analysis{"today",
                              "Today",
                              "What needs me now, and why?",
                              {{"me", "LOGIN", "whose day it is: own requests come first (also in the configuration)"},
                               {"limit", "N", "how many to show; 20"},
                               {"each", "N", "of each thing to do at least so many, though more come before; 0"}},
                              analyse_today,
                              {groups::kMorning, "What needs me now, in order, with a line of why for each",
                               "Draws from the review and triage queues, CI, the modules and the state of the "
                               "data.\nExample: resident today --project demo --me ada"},
                              {{"today", 10, {{"limit", "60"}, {"each", "3"}}}}};

}  // namespace resident

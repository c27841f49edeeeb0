#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <model/tests/test_runs.hpp>
#include <set>

namespace resident {

namespace {

constexpr std::int64_t kGroup = kTestsOfATile;
const std::string kNothing;

}  // namespace

void refuse_unknown_branch(const Context& context) {
  const std::string branch = context.argument("branch");
  if (branch.empty()) return;
  std::vector<std::string> known;
  for (const auto rows = context.database.query(
           "SELECT DISTINCT branch FROM test_run WHERE project_id = :project AND branch <> '' ORDER BY branch",
           {{"project", context.project_id}});
       rows->next();)
    known.push_back(rows->string(0));
  if (known.empty() || std::find(known.begin(), known.end(), branch) != known.end()) return;
  const std::string nearest = near_miss(branch, known);
  constexpr std::size_t kMostNamed = 10;
  const bool is_long = known.size() > kMostNamed;
  if (is_long) known.resize(kMostNamed);
  throw Error(ErrorKind::usage, fmt::format("--branch: no run of tests of {} is known", one_line(branch)),
              nearest.empty() ? one_line(fmt::format("there are some of {}{}", fmt::join(known, ", "),
                                                     is_long ? " and others" : ""))
                              : fmt::format("did you mean {}?", one_line(nearest)));
}

TestRuns::TestRuns(const Context& context, Timestamp since) : context_(context) {
  Parameters parameters = context.parameters();
  for (const auto rows =
           context.database.query("SELECT configuration_id, name FROM ci_configuration WHERE project_id = :project",
                                  {{"project", context.project_id}});
       rows->next();)
    configurations_.emplace(rows->integer(0), rows->string(1));
  const std::string first = context.argument("tier-1"), second = context.argument("tier-2");
  const std::optional<Pattern> is_first = first.empty() ? std::nullopt : std::optional<Pattern>(Pattern(first)),
                               is_second = second.empty() ? std::nullopt : std::optional<Pattern>(Pattern(second));
  for (const auto& [id, name] : configurations_)
    tiers_[id] = is_first && is_first->found_in(name) ? 1 : is_second && is_second->found_in(name) ? 2 : 3;
  parameters.emplace_back("since", since);
  for (const auto rows = context.database.query(
           "SELECT run_number, configuration_id, at, run_key, sha, branch, item_id, tests, failed, incomplete FROM "
           "test_run WHERE project_id = :project AND at <= :as_of AND at >= :since ORDER BY at, run_number",
           parameters);
       rows->next();) {
    TestRun run;
    run.number = rows->integer(0), run.configuration = rows->integer(1), run.at = rows->integer(2);
    run.key = rows->string(3), run.sha = rows->string(4), run.branch = rows->string(5);
    run.item = rows->optional_integer(6);
    run.tests = rows->integer(7), run.failed = rows->integer(8);
    run.incomplete = rows->string(9);
    by_number_.emplace(run.number, runs_.size());
    by_configuration_[run.configuration].push_back(runs_.size());
    if (!run.sha.empty()) by_commit_[run.sha].push_back(runs_.size());
    runs_.push_back(std::move(run));
  }
  for (const auto rows = context.database.query(
           "SELECT f.run_number, f.test_id, f.attempts, f.message_id FROM test_run r JOIN test_failure f ON "
           "f.project_id = r.project_id AND f.run_number = r.run_number WHERE r.project_id = :project AND r.at <= "
           ":as_of AND r.at >= :since ORDER BY r.at, r.run_number, f.test_id",
           parameters);
       rows->next();) {
    const auto run = by_number_.find(rows->integer(0));
    if (run == by_number_.end()) continue;
    TestRun& each = runs_[run->second];
    if (each.failure_count == 0) each.first_failure = failures_.size();
    ++each.failure_count;
    failures_.push_back({rows->integer(1), {attempts_of_text(rows->text(2)), rows->integer(3)}});
    const auto& attempts = failures_.back().state.attempts;
    each.troubled += std::any_of(attempts.begin(), attempts.end(), ci::is_failure) ? 1 : 0;
  }
  choose_main_branch();
}

void TestRuns::choose_main_branch() {
  main_branch_ = context_.argument("branch");
  if (main_branch_.empty()) {
    std::map<std::string, std::int64_t> counts;
    for (const auto& run : runs_)
      if (!run.item && !run.branch.empty()) ++counts[run.branch];
    for (const auto& [branch, count] : counts)
      if (main_branch_.empty() || count > counts[main_branch_]) main_branch_ = branch;
  }
  for (auto& run : runs_) run.on_main = !run.item && (run.branch.empty() || run.branch == main_branch_);
}

const StoredFailure* TestRuns::failure(const TestRun& run, std::int64_t test_id) const {
  const auto list = failures(run);
  const auto found = std::lower_bound(list.begin(), list.end(), test_id,
                                      [](const StoredFailure& each, std::int64_t id) { return each.test_id < id; });
  return found != list.end() && found->test_id == test_id ? &*found : nullptr;
}

const std::string& TestRuns::configuration_name(std::int64_t configuration) const {
  const auto found = configurations_.find(configuration);
  return found == configurations_.end() ? kNothing : found->second;
}

std::pair<std::string, std::string> TestRuns::suite_and_name(std::int64_t test_id) const {
  const auto rows =
      context_.database.query("SELECT suite, name FROM ci_test WHERE project_id = :project AND test_id = :test",
                              {{"project", context_.project_id}, {"test", test_id}});
  if (!rows->next()) return {};
  return {rows->string(0), rows->string(1)};
}

std::string TestRuns::test_name(std::int64_t test_id) const {
  const auto [suite, name] = suite_and_name(test_id);
  return suite.empty() ? name : fmt::format("{}: {}", suite, name);
}

std::string TestRuns::message(std::int64_t message_id) const {
  if (message_id == 0) return {};
  return context_.database
      .text("SELECT masked FROM test_message WHERE project_id = :project AND message_id = :message",
            {{"project", context_.project_id}, {"message", message_id}})
      .value_or("");
}

const std::vector<std::size_t>& TestRuns::runs_of(std::int64_t configuration) const {
  static const std::vector<std::size_t> none;
  const auto found = by_configuration_.find(configuration);
  return found == by_configuration_.end() ? none : found->second;
}

const std::vector<std::size_t>& TestRuns::runs_of_commit(const std::string& sha) const {
  static const std::vector<std::size_t> none;
  const auto found = by_commit_.find(sha);
  return found == by_commit_.end() ? none : found->second;
}

int TestRuns::tier(std::int64_t configuration) const {
  const auto found = tiers_.find(configuration);
  return found == tiers_.end() ? 3 : found->second;
}

std::map<std::int64_t, std::vector<TestPoint>> TestRuns::histories(const std::vector<std::int64_t>& tests,
                                                                   std::int64_t configuration) const {
  std::map<std::int64_t, std::vector<TestPoint>> result;
  std::map<std::int64_t, std::set<std::int64_t>> by_group;
  for (const auto test : tests) by_group[test / kGroup].insert(test);
  for (const auto& [group, wanted] : by_group) {
    const int only = wanted.size() == 1 ? static_cast<int>(*wanted.begin() % kGroup) : -1;
    for (const auto rows = context_.database.query(
             "SELECT tile FROM result_tile WHERE project_id = :project AND configuration_id = :configuration AND "
             "test_group = :group ORDER BY first_run",
             {{"project", context_.project_id}, {"configuration", configuration}, {"group", group}});
         rows->next();) {
      const Value packed = rows->value(0);
      read_tile(std::get<Blob>(packed).bytes, only,
                [&, group = group, &wanted = wanted](std::int64_t number, std::uint8_t test, const TestState& state,
                                                     std::uint8_t duration) {
                  const std::int64_t id = group * kGroup + test;
                  if (only < 0 && !wanted.contains(id)) return;
                  // Runs of later, and those that were replaced, are not among
                  // these.
                  const auto run = by_number_.find(number);
                  if (run != by_number_.end()) result[id].push_back({run->second, state, unpack_duration(duration)});
                });
    }
  }
  for (auto& [test, points] : result)
    std::stable_sort(points.begin(), points.end(),
                     [](const TestPoint& a, const TestPoint& b) { return a.run < b.run; });
  return result;
}

std::vector<TestPoint> TestRuns::history(std::int64_t test_id, std::int64_t configuration) const {
  auto found = histories({test_id}, configuration);
  return found.empty() ? std::vector<TestPoint>{} : std::move(found.begin()->second);
}

std::vector<std::pair<std::int64_t, double>> TestRuns::seconds_of_run(const TestRun& run) const {
  std::vector<std::pair<std::int64_t, double>> result;
  for (const auto rows = context_.database.query(
           "SELECT test_group, tile FROM result_tile WHERE project_id = :project AND configuration_id = :configuration "
           "AND first_run <= :run AND last_run >= :run ORDER BY test_group, first_run",
           {{"project", context_.project_id}, {"configuration", run.configuration}, {"run", run.number}});
       rows->next();) {
    const std::int64_t group = rows->integer(0);
    const Value packed = rows->value(1);
    read_tile(std::get<Blob>(packed).bytes, -1,
              [&](std::int64_t number, std::uint8_t test, const TestState&, std::uint8_t duration) {
                const auto seconds = unpack_duration(duration);
                if (number == run.number && seconds) result.emplace_back(group * kGroup + test, *seconds);
              });
  }
  return result;
}

std::map<std::int64_t, std::vector<std::int64_t>> TestRuns::failing_tests() const {
  std::map<std::int64_t, std::set<std::int64_t>> found;
  for (const auto& run : runs_)
    for (const auto& failure : failures(run)) found[failure.test_id].insert(run.configuration);
  std::map<std::int64_t, std::vector<std::int64_t>> result;
  for (const auto& [test, configurations] : found) result[test].assign(configurations.begin(), configurations.end());
  return result;
}

std::vector<std::int64_t> find_tests(const Context& context, const std::string& text, std::size_t most) {
  std::vector<std::pair<int, std::int64_t>> found;
  for (const auto rows = context.database.query("SELECT test_id, suite, name FROM ci_test WHERE project_id = :project",
                                                {{"project", context.project_id}});
       rows->next();) {
    const std::string_view suite = rows->text(1), name = rows->text(2);
    const std::string whole = suite.empty() ? std::string(name) : fmt::format("{}: {}", suite, name);
    const int rank = whole == text                           ? 0
                     : name == text                          ? 1
                     : whole.ends_with(text)                 ? 2
                     : suite == text                         ? 3
                     : whole.find(text) != std::string::npos ? 4
                                                             : -1;
    if (rank >= 0) found.emplace_back(rank, rows->integer(0));
  }
  std::sort(found.begin(), found.end());
  // An exact name means that test, whatever else contains it.
  if (!found.empty() && found.front().first <= 1)
    std::erase_if(found, [&](const auto& each) { return each.first > found.front().first; });
  std::vector<std::int64_t> result;
  for (const auto& [rank, id] : found)
    if (result.size() < most) result.push_back(id);
  return result;
}

}  // namespace resident

// `resident ci`: what is red on the main branch, and how each configuration stands.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <map>
#include <model/tests/red_now.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostNamed = 3;
constexpr Timestamp kHistory = 400 * kDay;
constexpr std::int64_t kShownDays = 30;

std::string short_sha(const std::string& sha) {
  return sha.substr(0, 10);
}

template <class Name>
std::string some(const std::vector<std::int64_t>& ids, const Name& name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(ids.size(), kMostNamed); ++i) names.push_back(name(ids[i]));
  return fmt::format("{}{}", fmt::join(names, ", "),
                     ids.size() > kMostNamed ? fmt::format(" and {} more", ids.size() - kMostNamed) : "");
}

std::string suspected(const TestRuns& runs, const RedEvent& event) {
  if (event.is_flaky) return "none: it is flaky";
  const TestRun& first = runs.runs()[event.first_failure];
  if (event.commit_count > 0) {
    std::vector<std::string> shas;
    for (const auto& sha : event.commits) shas.push_back(short_sha(sha));
    return fmt::format("{}: {}{}{}", plural(event.commit_count, "commit"), fmt::join(shas, ", "),
                       event.commit_count > static_cast<std::int64_t>(shas.size()) ? " and older" : "",
                       event.authors.empty() ? "" : fmt::format(" ({})", fmt::join(event.authors, ", ")));
  }
  if (event.last_pass && !runs.runs()[*event.last_pass].sha.empty() && !first.sha.empty())
    return fmt::format("after {}, up to {}", short_sha(runs.runs()[*event.last_pass].sha), short_sha(first.sha));
  return event.last_pass ? "between its last pass and its first failure" : "not known: no pass is stored";
}

Result events_result(const Context& context, const TestRuns& runs, const RedNow& red) {
  Result result = context.result("ci", "Red now",
                                 fmt::format("What is red on {}, since when, and by what?",
                                             runs.main_branch().empty() ? "the main branch" : runs.main_branch()));
  result.columns = {{"tier", "Tier", ColumnType::integer},
                    {"tests", "Tests", ColumnType::integer},
                    {"test", "Test"},
                    {"configurations", "On"},
                    {"since", "Since", ColumnType::time},
                    {"last_pass", "Last pass", ColumnType::time},
                    {"kind", "Kind"},
                    {"suspected", "Suspected"},
                    {"experts", "Who knows it"},
                    {"message", "Message"},
                    {"history", "History"},
                    {"interval_low",
                     "Began at the earliest",
                     ColumnType::time,
                     {},
                     "99 %, by the change of its rate of failure",
                     {},
                     true},
                    {"interval_high", "Began at the latest", ColumnType::time, {}, {}, {}, true},
                    {"first_failure", "First failing run", ColumnType::text, {}, {}, {}, true}};
  std::int64_t for_good = 0, flaky = 0;
  for (const auto& event : red.events) {
    const auto at = [&](const std::optional<std::size_t>& run) { return run ? Cell(runs.runs()[*run].at) : Cell(); };
    for_good += event.is_flaky ? 0 : 1, flaky += event.is_flaky ? 1 : 0;
    result.rows.push_back({static_cast<std::int64_t>(event.tier), static_cast<std::int64_t>(event.tests.size()),
                           some(event.tests, [&](auto id) { return runs.test_name(id); }),
                           some(event.configurations, [&](auto id) { return runs.configuration_name(id); }),
                           runs.runs()[event.first_failure].at, at(event.last_pass),
                           std::string(event.is_flaky      ? "flaky"
                                       : event.is_for_good ? "for good"
                                                           : "new: not known yet"),
                           suspected(runs, event), fmt::format("{}", fmt::join(event.experts, ", ")),
                           one_line(runs.message(event.message_id)), event.words, at(event.start_low),
                           at(event.start_high), runs.runs()[event.first_failure].key});
  }
  std::int64_t red_builders = 0, incomplete = 0, silent = 0, green = 0;
  for (const auto& builder : red.builders)
    ++(builder.state == "red"          ? red_builders
       : builder.state == "incomplete" ? incomplete
       : builder.state == "silent"     ? silent
                                       : green);
  if (red.builders.empty())
    result.claim = "No run of tests on the main branch is known of the last 30 days.";
  else
    result.claim = fmt::format("{} red on {}, {} of them flaky; {}: {} green, {} red, {} incomplete, {} silent.",
                               for_good + flaky == 1 ? "1 thing is" : fmt::format("{} things are", for_good + flaky),
                               runs.main_branch().empty() ? "the main branch" : runs.main_branch(), flaky,
                               plural(static_cast<long long>(red.builders.size()), "configuration"), green,
                               red_builders, incomplete, silent);
  for (const int tier : {1, 2}) {
    const std::string name = fmt::format("tier-{}", tier), pattern = context.argument(name);
    const bool is_met = std::any_of(runs.configurations().begin(), runs.configurations().end(),
                                    [&](const auto& each) { return runs.tier(each.first) == tier; });
    if (!pattern.empty() && !is_met)
      result.notes.push_back(
          fmt::format("No configuration is in --{} {}: their names are below.", name, one_line(pattern)));
  }
  result.sample_size = static_cast<std::int64_t>(runs.runs().size());
  result.definition =
      "A test is red where its newest result on the main branch is a failure that no retry mended. Tests that began to "
      "fail at one commit are one event. Order: tier (--tier-1, --tier-2: patterns over configurations), what fails "
      "for good before what is new and what is flaky, then by how often the configuration is green, then by how many "
      "it is on.";
  result.method =
      "First tries of each test on each configuration, cut where the rate of failure changes (Beta-Binomial segments, "
      "after LUCI Analysis); suspected are the commits of the default branch after the last pass, up to the first "
      "failure.";
  result.uncertainty =
      "With 99 % the run where it began lies from interval_low to interval_high (--json, --format csv); where these "
      "are "
      "empty, there were too few runs to say.";
  result.evidence.push_back({"Runs of the main branch",
                             "SELECT r.run_key, c.name, r.at, r.sha, r.tests, r.failed, r.incomplete FROM test_run r "
                             "JOIN ci_configuration c ON c.project_id = r.project_id AND c.configuration_id = "
                             "r.configuration_id WHERE r.item_id IS NULL ORDER BY r.at DESC LIMIT 50"});
  return result;
}

Result builders_result(const Context& context, const TestRuns& runs, const RedNow& red) {
  Result result = context.result("ci_builders", "Configurations", "How does each configuration stand?");
  result.columns = {{"configuration", "Configuration"},
                    {"tier", "Tier", ColumnType::integer},
                    {"state", "State"},
                    {"newest", "Newest run", ColumnType::time},
                    {"failed", "Failed", ColumnType::integer},
                    {"tests", "Tests", ColumnType::integer},
                    {"red_since", "Red since", ColumnType::time},
                    {"usually_green", "Usually green", ColumnType::share},
                    {"runs", "Of runs", ColumnType::integer},
                    {"why", "Why"}};
  for (const auto& builder : red.builders) {
    const TestRun& newest = runs.runs()[builder.newest];
    result.rows.push_back(
        {runs.configuration_name(builder.configuration), static_cast<std::int64_t>(builder.tier), builder.state,
         newest.at, newest.failed, newest.tests, builder.red_since ? Cell(runs.runs()[*builder.red_since].at) : Cell(),
         builder.usual_runs ? Cell(builder.usually_green) : Cell(), builder.usual_runs, one_line(builder.why)});
  }
  result.claim = fmt::format("{} ran tests of the main branch in 30 days.",
                             plural(static_cast<long long>(red.builders.size()), "configuration"));
  result.definition =
      "Red: a test failed in its newest run, and no retry mended it. Incomplete: nothing failed, but a report is "
      "missing, was cut off, does not add up, or a tenth of the usual tests is missing. Silent: no run for five times "
      "the usual time, and three days at least.";
  result.sample_size = static_cast<std::int64_t>(runs.runs().size());
  return result;
}

// Of each configuration and day: how many tests failed at most in a run of the main branch.
Result timeline_result(const Context& context, const TestRuns& runs) {
  Result result = context.result("ci_days", "Configurations by day", "When was each configuration red?");
  result.columns = {{"day", "Day", ColumnType::date},
                    {"configuration", "Configuration"},
                    {"failed", "Failed", ColumnType::integer, "tests", "at most in one run of that day"},
                    {"runs", "Runs", ColumnType::integer},
                    {"incomplete", "Incomplete", ColumnType::integer}};
  result.chart = {Chart::Kind::step, "day", {"failed"}, "configuration", {}, {}, "failed tests"};
  struct Day {
    std::int64_t failed = 0, runs = 0, incomplete = 0;
  };
  std::map<std::pair<Timestamp, std::int64_t>, Day> days;
  for (const auto& run : runs.runs()) {
    if (!run.on_main || run.at < context.as_of - kShownDays * kDay) continue;
    Day& day = days[{run.at / kDay * kDay, run.configuration}];
    day.failed = std::max(day.failed, run.failed);
    ++day.runs;
    day.incomplete += run.incomplete.empty() ? 0 : 1;
  }
  std::int64_t red = 0;
  for (const auto& [key, day] : days) {
    result.rows.push_back({key.first, runs.configuration_name(key.second), day.failed, day.runs, day.incomplete});
    red += day.failed > 0 ? 1 : 0;
  }
  result.claim =
      days.empty() ? fmt::format("No configuration ran tests of the main branch in {} days.", kShownDays)
                   : fmt::format("In {} days, a test failed on {} of {} days on which a configuration ran.", kShownDays,
                                 with_thousands(red), with_thousands(static_cast<long long>(days.size())));
  result.definition =
      "The most failed tests in any run of the main branch on that day; retries that passed do not count.";
  result.sample_size = static_cast<std::int64_t>(days.size());
  return result;
}

std::vector<Result> analyse_ci(const Context& context) {
  refuse_unknown_branch(context);
  const TestRuns runs(context, context.as_of - kHistory);
  const RedNow red = red_now(runs);
  return {events_result(context, runs, red), builders_result(context, runs, red), timeline_result(context, runs)};
}

}  // namespace

extern const Analysis ci_analysis;
const Analysis ci_analysis{"ci",
                           "CI: what is red now",
                           "What is red on the main branch, since when, and by what?",
                           {{"branch", "NAME", "the main branch; without it, the one with the most runs"},
                            {"tier-1", "PATTERN", "configurations that a release waits for"},
                            {"tier-2", "PATTERN", "those that come after them"}},
                           analyse_ci,
                           {},
                           {{"build", 10}}};

}  // namespace resident

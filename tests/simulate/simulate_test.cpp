#include "simulate/simulate.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "simulate/calendar.hpp"
#include "simulate/json_text.hpp"
#include "simulate/people.hpp"

namespace resident {
namespace {

using Json = nlohmann::json;
namespace files = std::filesystem;

struct CommandResult {
  std::string output;
  int status;
};

CommandResult run(const std::string& command) {
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::string output;
  std::array<char, 4096> bytes;
  while (const std::size_t count = fread(bytes.data(), 1, bytes.size(), pipe)) output.append(bytes.data(), count);
  const int status = pclose(pipe);
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return {output, status};
}

std::string content(const files::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

files::path temporary(const std::string& name) {
  const files::path directory = files::temp_directory_path() / ("resident-simulate-" + std::to_string(getpid())) / name;
  files::remove_all(directory);
  return directory;
}

class Simulated : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = temporary("main");
    summary_ = simulate({directory_});
    std::ifstream in(directory_ / "project.jsonl");
    for (std::string line; std::getline(in, line);) {
      const Json record = Json::parse(line);  // every line is JSON, or this throws
      records_[record.at("record")].push_back(record);
    }
    truth_ = Json::parse(content(directory_ / "truth.json"));
  }
  static void TearDownTestSuite() {
    files::remove_all(directory_.parent_path());
    records_.clear();
  }
  static std::string git(const std::string& arguments) {
    const CommandResult result = run("git --git-dir='" + (directory_ / "repository.git").string() + "' " + arguments);
    EXPECT_EQ(result.status, 0) << arguments << ": " << result.output;
    return result.output;
  }
  static std::vector<Json> items() {
    std::vector<Json> all = records_["issue"];
    all.insert(all.end(), records_["pull"].begin(), records_["pull"].end());
    return all;
  }
  static double share_open(const std::string& record) {
    const auto& list = records_[record];
    const auto open = std::count_if(list.begin(), list.end(), [](const Json& item) { return item["state"] == "open"; });
    return static_cast<double>(open) / static_cast<double>(list.size());
  }

  static inline files::path directory_;
  static inline SimulationSummary summary_;
  static inline std::map<std::string, std::vector<Json>> records_;
  static inline Json truth_;
};

std::vector<std::string> bytes_of(const files::path& directory, const SimulationOptions& options) {
  SimulationOptions mine = options;
  mine.directory = directory;
  simulate(mine);
  std::vector<std::string> prints = {fingerprint(content(directory / "project.jsonl")),
                                     fingerprint(content(directory / "truth.json"))};
  if (options.repository)
    prints.push_back(run("git --git-dir='" + (directory / "repository.git").string() + "' for-each-ref").output);
  files::remove_all(directory);
  return prints;
}

TEST(Simulate, SameOptionsGiveTheSameBytes) {
  SimulationOptions options;
  options.issues = 150;
  options.years = 2;
  const auto first = bytes_of(temporary("first"), options);
  EXPECT_EQ(first, bytes_of(temporary("second"), options));
  options.seed = 2;
  const auto other = bytes_of(temporary("other"), options);
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_NE(first[i], other[i]) << i;
}

TEST(Simulate, UserConfigurationOfGitDoesNotMatter) {
  SimulationOptions options;
  options.issues = 60;
  options.years = 1;
  const auto first = bytes_of(temporary("plain"), options);
  setenv("GIT_AUTHOR_NAME", "Somebody", 1);
  setenv("GIT_CONFIG_COUNT", "1", 1);
  setenv("GIT_CONFIG_KEY_0", "init.defaultObjectFormat", 1);
  setenv("GIT_CONFIG_VALUE_0", "nonsense", 1);
  setenv("TZ", "Asia/Tokyo", 1);
  SimulationOptions mine = options;
  mine.directory = temporary("configured");
  simulate(mine);
  for (const char* name : {"GIT_AUTHOR_NAME", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0", "TZ"})
    unsetenv(name);
  EXPECT_EQ(first[0], fingerprint(content(mine.directory / "project.jsonl")));
  EXPECT_EQ(first[2], run("git --git-dir='" + (mine.directory / "repository.git").string() + "' for-each-ref").output);
}

TEST(Simulate, WithoutRepositoryNoGitIsRun) {
  SimulationOptions options;
  options.directory = temporary("records");
  options.issues = 100;
  options.repository = false;
  const SimulationSummary summary = simulate(options);
  EXPECT_EQ(summary.issues, 100);
  EXPECT_FALSE(files::exists(options.directory / "repository.git"));
  EXPECT_TRUE(files::exists(options.directory / "truth.json"));
}

TEST(Simulate, RefusesWhatMakesNoSense) {
  SimulationOptions options;
  options.directory = temporary("refused");
  options.issues = 0;
  EXPECT_THROW(simulate(options), Error);
  options.issues = 20;
  options.years = 0;
  EXPECT_THROW(simulate(options), Error);
  options.years = 0.5;
  options.repository = false;
  simulate(options);
  EXPECT_THROW(simulate(options), Error) << "the directory is taken";
}

TEST_F(Simulated, FirstLineNamesTheProject) {
  ASSERT_EQ(records_["project"].size(), 1U);
  std::ifstream in(directory_ / "project.jsonl");
  std::string line;
  std::getline(in, line);
  const Json project = Json::parse(line);
  EXPECT_EQ(project["record"], "project");
  EXPECT_EQ(project["simulated"], true);
  EXPECT_EQ(project["data_until"], "2026-10-01T00:00:00Z");
}

TEST_F(Simulated, RecordsHaveTheKeysOfTheFormat) {
  const std::map<std::string, std::vector<std::string>> required = {
      {"issue", {"number", "title", "author", "created_at"}},
      {"pull", {"number", "title", "author", "created_at", "head_sha", "base_ref"}},
      {"label", {"name"}},
      {"milestone", {"title"}},
      {"ci_run", {"id", "name", "status", "sha"}},
      {"benchmark", {"name", "sha", "value", "unit", "at"}}};
  for (const auto& [record, keys] : required) {
    EXPECT_FALSE(records_[record].empty()) << record;
    for (const Json& each : records_[record])
      for (const std::string& key : keys) ASSERT_TRUE(each.contains(key)) << record << " lacks " << key;
  }
  EXPECT_EQ(static_cast<std::int64_t>(records_["issue"].size()), summary_.issues);
  EXPECT_EQ(static_cast<std::int64_t>(records_["pull"].size()), summary_.pulls);
  EXPECT_EQ(static_cast<std::int64_t>(records_["ci_run"].size()), summary_.ci_runs);
  EXPECT_EQ(static_cast<std::int64_t>(records_["benchmark"].size()), summary_.benchmarks);
  std::set<std::int64_t> numbers;
  for (const Json& item : items()) {
    EXPECT_TRUE(numbers.insert(item["number"].get<std::int64_t>()).second);
    // Deleted accounts are authors and actors, but nobody is asked any more.
    for (const char* key : {"assignees", "requested_reviewers"})
      for (const Json& person : item.value(key, Json::array()))
        EXPECT_TRUE(person.is_object()) << key << " of " << item["number"];
  }
  EXPECT_EQ(*numbers.rbegin(), static_cast<std::int64_t>(numbers.size())) << "numbers have gaps";
}

TEST_F(Simulated, TimelinesAreInOrderAndTellTheState) {
  for (const Json& item : items()) {
    std::string before = item["created_at"];
    bool open = true;
    std::set<std::string> labels;
    for (const Json& event : item["timeline"]) {
      const std::string at = event["at"], kind = event["event"];
      ASSERT_LE(before, at) << item["number"];
      ASSERT_LT(at, "2026-10-01T00:00:00Z");
      before = at;
      if (kind == "closed") open = false;
      if (kind == "reopened") open = true;
      if (kind == "labeled") labels.insert(event["label"].get<std::string>());
      if (kind == "unlabeled") labels.erase(event["label"].get<std::string>());
      if (kind == "committed" || kind == "head_ref_force_pushed" || kind == "merged") {
        ASSERT_EQ(event["sha"].get<std::string>().size(), 40U);
      }
    }
    EXPECT_EQ(open, item["state"] == "open") << item["number"];
    EXPECT_EQ(labels, item["labels"].get<std::set<std::string>>()) << item["number"];
  }
}

TEST_F(Simulated, StateAtTheEndIsOfInterest) {
  EXPECT_GT(share_open("pull"), 0.02);
  EXPECT_LT(share_open("pull"), 0.06);
  EXPECT_GT(share_open("issue"), 0.09);
  EXPECT_LT(share_open("issue"), 0.21);
  int drafts = 0, unanswered = 0, untriaged = 0;
  for (const Json& pull : records_["pull"]) {
    if (pull["state"] != "open") continue;
    drafts += pull["draft"].get<bool>() ? 1 : 0;
    const auto answered = [](const Json& event) {
      return event["event"] == "reviewed" || event["event"] == "commented";
    };
    const bool first = pull["author_association"] == "FIRST_TIME_CONTRIBUTOR";
    unanswered += first && std::none_of(pull["timeline"].begin(), pull["timeline"].end(), answered) ? 1 : 0;
  }
  for (const Json& issue : records_["issue"]) {
    const auto typed = [](const Json& label) { return label.get<std::string>().starts_with("type-"); };
    untriaged +=
        issue["state"] == "open" && std::none_of(issue["labels"].begin(), issue["labels"].end(), typed) ? 1 : 0;
  }
  EXPECT_GT(drafts, 0);
  EXPECT_GT(unanswered, 0);
  EXPECT_GT(untriaged, 0);
  EXPECT_FALSE(truth_["breakages"].back().contains("fixed_by")) << "main is broken at the end";
}

TEST_F(Simulated, ActivityHasAHeavyTail) {
  std::map<std::string, int> counts;
  int items_of_humans = 0, deleted = 0;
  const auto bots = truth_["bots"].get<std::set<std::string>>();
  for (const Json& item : items()) {
    if (item["author"].is_null()) {
      ++deleted;
      continue;
    }
    const std::string login = item["author"]["login"];
    if (bots.contains(login)) continue;
    ++counts[login];
    ++items_of_humans;
  }
  EXPECT_GT(deleted, 0);
  EXPECT_EQ(bots.size(), 3U);
  std::vector<int> sorted;
  for (const auto& entry : counts) sorted.push_back(entry.second);
  std::sort(sorted.rbegin(), sorted.rend());
  int top = 0;
  for (std::size_t i = 0; i < sorted.size() / 10; ++i) top += sorted[i];
  EXPECT_GT(top, items_of_humans / 2);
  EXPECT_GT(std::count(sorted.begin(), sorted.end(), 1), std::ssize(sorted) / 2) << "most newcomers contribute once";
}

TEST_F(Simulated, RepositoryIsSound) {
  EXPECT_EQ(git("fsck --strict --no-dangling --no-progress"), "");
  EXPECT_EQ(std::stoll(git("for-each-ref --format='%(refname)' refs/pull | wc -l")), summary_.pulls);
  EXPECT_EQ(git("cat-file -t v1.1"), "tag");
  EXPECT_FALSE(git("rev-parse --verify refs/heads/1.1").empty());
  EXPECT_NE(git("show main:.mailmap").find("@example."), std::string::npos);
  EXPECT_NE(git("log --format=%B 1.1 -5").find("(cherry picked from commit "), std::string::npos);
  EXPECT_GT(std::stoll(git("log --oneline --follow --diff-filter=R --format=%h main -- . | wc -l")), 0);
  const std::string emails =
      git("log --all --format='%ae%n%ce' | sort -u | grep -v '@example\\.\\(org\\|com\\)$' | grep -v "
          "'@users\\.noreply\\.github\\.com$'");
  EXPECT_EQ(emails, "noreply@github.com");
}

TEST_F(Simulated, RecordsAgreeWithTheRepository) {
  std::map<std::string, std::string> heads;
  std::istringstream lines(git("for-each-ref --format='%(refname) %(objectname)' refs/pull"));
  for (std::string name, id; lines >> name >> id;) heads[name] = id;
  std::set<std::string> on_main;
  std::istringstream ids(git("rev-list main"));
  for (std::string id; ids >> id;) on_main.insert(id);
  for (const Json& pull : records_["pull"]) {
    EXPECT_EQ(heads["refs/pull/" + std::to_string(pull["number"].get<int>()) + "/head"], pull["head_sha"]);
    if (pull.contains("merged_at") && pull["base_ref"] == "main") {
      EXPECT_TRUE(on_main.contains(pull["merge_sha"])) << pull["number"];
    }
  }
  for (const Json& change : truth_["benchmark_changes"]) EXPECT_TRUE(on_main.contains(change["sha"]));
  for (const Json& breakage : truth_["breakages"]) EXPECT_TRUE(on_main.contains(breakage["broken_by"]));
  for (const Json& benchmark : records_["benchmark"]) ASSERT_TRUE(on_main.contains(benchmark["sha"]));
}

TEST_F(Simulated, FlakyTestsFailAtTheirRate) {
  ASSERT_FALSE(truth_["flaky_tests"].empty());
  for (const Json& flaky : truth_["flaky_tests"]) {
    int failed = 0, runs = 0;
    for (const Json& run : records_["ci_run"]) {
      if (!run.contains("tests") || run["started_at"] < flaky["from"] || run["started_at"] >= flaky["until"]) continue;
      for (const Json& test : run["tests"]) {
        if (test["name"] != flaky["name"]) continue;
        ++runs;
        failed += test["outcome"] == "failed" ? 1 : 0;
      }
    }
    const double rate = flaky["rate"], expected = rate * runs;
    EXPECT_GT(runs, 100);
    // Pull requests and main may break the same test in earnest: a few failures more.
    EXPECT_NEAR(failed, expected, 4 * std::sqrt(expected) + 0.02 * runs) << flaky["name"];
  }
}

TEST_F(Simulated, BenchmarksChangeByTheirFactor) {
  const std::string machine_changed = truth_["machine_changed_at"];
  int checked = 0;
  for (const Json& change : truth_["benchmark_changes"]) {
    std::vector<double> before, after;
    for (const Json& each : records_["benchmark"]) {
      if (each["name"] != change["benchmark"]) continue;
      (each["at"] < change["at"] ? before : after).push_back(each["value"]);
    }
    if (before.size() < 20 || after.size() < 20) continue;
    before.erase(before.begin(), before.end() - 20);
    after.resize(20);
    const auto median = [](std::vector<double>& values) {
      std::nth_element(values.begin(), values.begin() + 10, values.end());
      return values[10];
    };
    // The twenty days on either side must not hold another change.
    const auto near = [&](const std::string& at) {
      return std::abs(*parse_time(at) - *parse_time(change["at"].get<std::string>())) < 60 * kDay;
    };
    const auto disturbed = std::count_if(
        truth_["benchmark_changes"].begin(), truth_["benchmark_changes"].end(),
        [&](const Json& other) { return other["benchmark"] == change["benchmark"] && near(other["at"]); });
    if (disturbed > 1 || near(machine_changed)) continue;
    ++checked;
    EXPECT_NEAR(median(after) / median(before), change["factor"].get<double>(), 0.04) << change["benchmark"];
  }
  EXPECT_GT(checked, 3);
}

TEST_F(Simulated, DuplicatesPointToOlderIssues) {
  std::map<std::int64_t, Json> issues;
  for (const Json& issue : records_["issue"]) issues[issue["number"]] = issue;
  ASSERT_GT(truth_["duplicates"].size(), 20U);
  for (const Json& pair : truth_["duplicates"]) {
    ASSERT_TRUE(issues.contains(pair["issue"]) && issues.contains(pair["original"]));
    EXPECT_LT(pair["original"].get<int>(), pair["issue"].get<int>());
  }
}

TEST_F(Simulated, TheResidentMakesADifference) {
  const Json& effects = truth_["resident"]["effects"];
  for (const char* key :
       {"pulls_answered_within_7_days", "issues_answered_within_7_days", "pulls_merged_within_30_days"})
    EXPECT_GT(effects[key]["with_resident"].get<double>(), effects[key]["without_resident"].get<double>()) << key;
}

TEST_F(Simulated, IdentitiesAreOfOnePersonEach) {
  std::set<std::string> emails, logins;
  for (const Json& person : truth_["identities"]) {
    EXPECT_TRUE(logins.insert(person["login"]).second) << person["login"];
    for (const Json& email : person["emails"]) EXPECT_TRUE(emails.insert(email).second) << email;
  }
  EXPECT_GT(truth_["same_name"].size(), 0U);
}

TEST(SimulationCalendar, WaitsFollowTheHazardRatio) {
  const Timestamp end = *parse_time("2026-01-01");
  const simulation::Calendar calendar(end - 5 * 365 * kDay, end);
  simulation::Random random(7);
  // The time-changed waits of a Weibull hazard are exponential; the ratio of rates
  // before and after the start estimates the ratio of hazards.
  const auto rate = [&](Timestamp from) {
    double events = 0, exposure = 0;
    for (int i = 0; i < 20000; ++i) {
      const Timestamp begin = from + static_cast<Timestamp>(random.uniform() * 140) * kDay;
      const auto at = calendar.wait(begin, 2, 1, 1.8, random);
      const double age = std::min(60.0, static_cast<double>(at.value_or(end) - begin) / kDay);
      events += age < 60 ? 1 : 0;
      exposure += std::pow(age, simulation::Calendar::kWaitShape);
    }
    return events / exposure;
  };
  // The same season a year apart.
  const Timestamp after = calendar.resident_start() + 30 * kDay;
  EXPECT_NEAR(rate(after) / rate(after - 2 * 365 * kDay), 1.8, 0.08);
}

TEST(SimulationPeople, SharedNamesNeverShareAddresses) {
  const Timestamp end = *parse_time("2026-01-01");
  const simulation::Calendar calendar(end - 2 * 365 * kDay, end);
  simulation::People people(5, calendar, 1000);
  for (int i = 0; i < 20000; ++i) people.author(calendar.start() + i * kHour / 2, i % 2 == 0);
  std::set<std::string> seen;
  for (simulation::PersonId person = 0; person < people.count(); ++person) {
    const simulation::Identity who = people.identity(person);
    EXPECT_TRUE(seen.insert("login " + who.login).second) << who.login;
    for (const std::string& email : who.emails) EXPECT_TRUE(seen.insert(email).second) << email;
  }
}

TEST(SimulationJson, EscapesAndSeparates) {
  simulation::JsonText text;
  text.begin_object();
  text.add("a", "quote \" back \\ line \n bell \x07 é");
  text.begin_array("b");
  text.add("", 1);
  text.add("", true);
  text.add_null("");
  text.end_array();
  text.add("c", 0.5);
  text.end_object();
  const Json parsed = Json::parse(text.text());
  EXPECT_EQ(parsed["a"], "quote \" back \\ line \n bell \x07 é");
  EXPECT_EQ(parsed["b"], Json::parse("[1,true,null]"));
  EXPECT_EQ(parsed["c"], 0.5);
}

// With builders: all tests of each run, and the cause of each failure of a pull request.
TEST(SimulatedBuilders, TellWhatCausedEachFailure) {
  SimulationOptions options;
  options.directory = temporary("builders");
  options.issues = 60, options.years = 1, options.repository = false, options.builders = 2;
  simulate(options);
  std::map<std::string, Json> runs;
  std::istringstream lines(content(options.directory / "project.jsonl"));
  std::set<std::string> builders;
  std::size_t tests = 0;
  for (std::string line; std::getline(lines, line);) {
    Json record = Json::parse(line);
    if (record["record"] != "ci_run" || !record.contains("tests")) continue;
    builders.insert(record["name"].get<std::string>());
    if (tests == 0) tests = record["tests"].size();
    EXPECT_EQ(record["tests"].size(), tests) << "all tests, in each run";
    runs.emplace(std::to_string(record["id"].get<std::int64_t>()), std::move(record));
  }
  EXPECT_EQ(builders.size(), 2U);
  EXPECT_GT(tests, 100U);
  std::map<std::string, std::map<std::string, Json>> told;
  std::set<std::string> causes;
  std::istringstream truth(content(options.directory / "ci-truth.jsonl"));
  for (std::string line; std::getline(truth, line);) {
    const Json failure = Json::parse(line);
    causes.insert(failure["cause"].get<std::string>());
    told[failure["run"].get<std::string>()][failure["test"].get<std::string>()] = failure;
  }
  EXPECT_TRUE(causes.contains("flaky") && causes.contains("own")) << causes.size();
  for (const auto& [key, run] : runs) {
    if (!run.contains("pull")) {
      EXPECT_FALSE(told.contains(key)) << "only pull requests' failures have a cause that anybody asks for";
      continue;
    }
    std::size_t failed = 0;
    for (const Json& test : run["tests"]) {
      const bool has_failed = test.contains("attempts") || test["outcome"] == "failed";
      if (!has_failed) continue;
      ++failed;
      ASSERT_TRUE(told[key].contains(test["name"].get<std::string>())) << key << " " << test;
      EXPECT_FALSE(test["message"].get<std::string>().empty());
    }
    EXPECT_EQ(failed, told[key].size()) << key;
  }
  const std::string first = content(options.directory / "project.jsonl");
  options.directory = temporary("builders-again");
  simulate(options);
  EXPECT_EQ(content(options.directory / "project.jsonl"), first);
}

}  // namespace
}  // namespace resident

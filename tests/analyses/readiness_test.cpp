#include <gtest/gtest.h>

#include <analyses/review/effort.hpp>
#include <analyses/review/readiness.hpp>
#include <analyses/review/similar.hpp>
#include <base/error.hpp>
#include <store/codeowner_book.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

using test::at;
using test::History;

class Readiness : public testing::Test {
 protected:
  Readiness() {
    auto issue = test::item(false, 1, "ann", "2023-01-01T00:00:00Z");
    auto tried = test::item(true, 2, "bob", "2023-01-05T00:00:00Z");
    tried.title = "Fix overflow of the parser buffer";
    tried.files = {{"src/parser.c", 10, 2}, {"src/buffer.c", 3, 0}};
    tried.state = "closed";
    tried.closed_at = at("2023-01-20");
    test::event(tried, "closed", at("2023-01-20"));
    pull_ = test::item(true, 3, "cat", "2023-02-01T00:00:00Z");
    pull_.title = "Fix the parser's buffer overflow";
    pull_.body = "Fixes #1";
    pull_.head_sha = std::string(40, 'b');
    pull_.additions = 500;
    pull_.deletions = 2;
    pull_.files = {{"src/parser.c", 490, 2}, {"src/buffer.c", 5, 0}, {"include/api.h", 5, 0}};
    history_.items = {issue, tried};
  }

  std::map<std::string, ReadinessCheck> checks(const ProjectConfig& config = Config().project("p"),
                                               const char* as_of = "2023-02-10T00:00:00Z") {
    History history = history_;
    history.items.push_back(pull_);
    const std::int64_t id = test::write(*database_, "p", history);
    if (!runs_.empty()) {
      Writer writer(*database_, id, ensure_source(*database_, id, "test", "ci"));
      for (const auto& run : runs_) writer.ci_run(run);
      writer.checkpoint("done");
    }
    if (!owners_.empty()) {
      Writer writer(*database_, id, ensure_source(*database_, id, "test", "owners"));
      keep_codeowner_rules(writer, read_codeowners(owners_, CodeownersForm::gitlab), CodeownersForm::gitlab);
      writer.checkpoint("done");
    }
    Context context = open_context(*database_, Config(), "p", at(as_of), test::kForever);
    context.config = config;
    const ReviewQueue queue = review_queue(context);
    std::map<std::string, ReadinessCheck> result;
    for (auto& each : readiness_checks(context, queue, find_open_pull(context, queue, 3))) result[each.question] = each;
    return result;
  }

  void run(const std::string& key, const std::string& sha, const std::string& conclusion, const char* time,
           bool is_pull) {
    CiRunRecord record;
    record.key = key;
    record.name = name_;
    record.sha = sha;
    record.status = "completed";
    record.conclusion = conclusion;
    record.started_at = record.finished_at = at(time);
    if (is_pull) {
      record.item_id = 7;
    } else {
      record.branch = "main";
    }
    runs_.push_back(record);
  }

  std::unique_ptr<Database> database_ = Database::open(":memory:");
  History history_;
  ItemRecord pull_;
  std::vector<CiRunRecord> runs_;
  std::string name_ = "linux", owners_;
};

TEST_F(Readiness, SaysWhatIsMissingAndWhatIsNotKnown) {
  auto list = checks();
  EXPECT_EQ(list["Tests"].state, CheckState::todo);
  EXPECT_EQ(list["Size"].state, CheckState::todo);
  EXPECT_EQ(list["Public interface"].state, CheckState::todo);
  EXPECT_EQ(list["Documents"].state, CheckState::todo);
  EXPECT_EQ(list["CI"].state, CheckState::unknown);
  EXPECT_EQ(list["Merges cleanly"].state, CheckState::unknown);
  EXPECT_EQ(list["Linked issue"].answer, "refers to #1");
  EXPECT_EQ(list["Earlier attempts"].state, CheckState::todo);
  EXPECT_NE(list["Earlier attempts"].answer.find("#2"), std::string::npos);
  EXPECT_EQ(list["Changelog"].state, CheckState::ok);  // the project keeps none
}

TEST_F(Readiness, CodeOwnersAreThoseOfEachSection) {
  EXPECT_FALSE(checks().contains("Code owners"));
  owners_ = "[Parser][2] @ann @bob\nsrc/parser.c\n^[Style] @cat\n*.c\n[Interface]\ninclude/ @org/api\n";
  EXPECT_EQ(checks()["Code owners"].answer,
            "wants Interface: 1 approval of @org/api; Parser: 2 approvals of @ann, @bob");
  owners_ = "[Parser] @ann @bob\nsrc/parser.c\n";
  EXPECT_EQ(checks()["Code owners"].answer, "wants Parser: 1 approval of @ann, @bob");
  test::review(pull_, "ann", at("2023-02-03T00:00:00Z"));
  pull_.reviews.back().state = "approved";
  EXPECT_EQ(checks()["Code owners"].state, CheckState::ok);
}

TEST_F(Readiness, WhatItBringsIsSeen) {
  pull_.additions = 20;
  pull_.files = {
      {"src/parser.c", 5, 2}, {"tests/parser_test.c", 10, 0}, {"docs/parser.md", 2, 0}, {"CHANGELOG.md", 1, 0}};
  auto list = checks();
  for (const char* question : {"Tests", "Size", "Public interface", "Documents", "Changelog"})
    EXPECT_EQ(list[question].state, CheckState::ok) << question;
}

TEST_F(Readiness, AProjectThatKeepsAChangelogWantsAnEntry) {
  history_.items[1].files.push_back({"CHANGES.md", 1, 0});
  EXPECT_EQ(checks()["Changelog"].state, CheckState::todo);
  pull_.labels = {"skip changelog"};
  EXPECT_EQ(checks()["Changelog"].state, CheckState::ok);
}

// Of one commit the last run that came to a result counts: a rerun that was skipped or cancelled takes nothing back.
TEST_F(Readiness, ASkippedRerunTakesNoFailureBack) {
  run("1", std::string(40, 'b'), "failure", "2023-02-02T00:00:00Z", true);
  run("2", std::string(40, 'b'), "skipped", "2023-02-03T00:00:00Z", true);
  EXPECT_EQ(checks()["CI"].answer.substr(0, 5), "fails");
}

TEST_F(Readiness, ACancelledRerunTakesNoSuccessBack) {
  run("1", std::string(40, 'b'), "success", "2023-02-02T00:00:00Z", true);
  run("2", std::string(40, 'b'), "cancelled", "2023-02-03T00:00:00Z", true);
  EXPECT_EQ(checks()["CI"].answer, "passes");
}

TEST_F(Readiness, WhatFailedOnAnotherCommitIsOver) {
  run("1", std::string(40, 'c'), "failure", "2023-02-02T00:00:00Z", true);
  run("2", std::string(40, 'b'), "skipped", "2023-02-03T00:00:00Z", true);
  EXPECT_EQ(checks()["CI"].answer, "passes");
}

TEST_F(Readiness, WhatWasOnlyCancelledDoesNotPass) {
  run("1", std::string(40, 'b'), "cancelled", "2023-02-03T00:00:00Z", true);
  EXPECT_EQ(checks()["CI"].state, CheckState::unknown);
  EXPECT_EQ(checks()["CI"].answer, "was cancelled before it came to a result");
}

// On GitHub workflows of who is new wait for a maintainer; checks of apps that want something done say the same word.
TEST_F(Readiness, AWorkflowThatWaitsToBeLetRunHasNotFailed) {
  run("1", std::string(40, 'b'), "action_required", "2023-02-03T00:00:00Z", true);
  EXPECT_EQ(checks()["CI"].answer.substr(0, 5), "fails");
  runs_.back().kind = "workflow_run";
  EXPECT_EQ(checks()["CI"].answer, "waits for a maintainer to let it run");
}

TEST_F(Readiness, FlakyChecksAreKnownByTheirPast) {
  run("1", std::string(40, 'a'), "failure", "2023-01-10T00:00:00Z", false);
  run("2", std::string(40, 'a'), "success", "2023-01-10T02:00:00Z", false);
  run("3", std::string(40, 'b'), "failure", "2023-02-02T00:00:00Z", true);
  const auto list = checks();
  EXPECT_EQ(list.at("CI").state, CheckState::todo);
  EXPECT_NE(list.at("CI").answer.find("known flaky"), std::string::npos) << list.at("CI").answer;
}

TEST_F(Readiness, ACheckWithACommaInItsNameIsOneCheck) {
  name_ = "tests (ubuntu, 3.12)";
  run("1", std::string(40, 'a'), "failure", "2023-01-10T00:00:00Z", false);
  run("2", std::string(40, 'a'), "success", "2023-01-10T02:00:00Z", false);
  run("3", std::string(40, 'b'), "failed", "2023-02-02T00:00:00Z", true);  // as GitLab says it
  EXPECT_EQ(checks().at("CI").answer,
            "fails: tests (ubuntu, 3.12) (known flaky: failed and passed on the same commit 1 time in 90 days); run it "
            "again");
}

// A status that nobody brings to an end: GitHub calls a check run stale after 14 days.
TEST_F(Readiness, WhatNeverEndsIsNotRunning) {
  run("1", pull_.head_sha, "", "2023-02-02T00:00:00Z", true);
  runs_.back().status = "queued";
  runs_.back().finished_at.reset();
  EXPECT_NE(checks(Config().project("p"), "2023-02-10T00:00:00Z").at("CI").answer.find("running"), std::string::npos);
  EXPECT_EQ(checks(Config().project("p"), "2023-02-20T00:00:00Z").at("CI").answer.find("running"), std::string::npos);
}

// The title is a state, too: past moments have the one of then.
TEST_F(Readiness, TitlesAreThoseOfTheMoment) {
  pull_.title = "The lexer";
  test::event(pull_, "renamed", at("2023-02-05"));
  pull_.events.back().detail = "WIP: the lexer → The lexer";
  const auto turn_on = [&](const char* day) {
    checks(Config().project("p"), day);
    const Context context = open_context(*database_, Config(), "p", at(day), test::kForever);
    const ReviewQueue queue = review_queue(context);
    const ReviewEntry& entry = find_open_pull(context, queue, 3);
    return std::pair(entry.item.title, entry.turn.turn);
  };
  EXPECT_EQ(turn_on("2023-02-03"), std::pair(std::string("WIP: the lexer"), Turn::author));
  EXPECT_EQ(turn_on("2023-02-10"), std::pair(std::string("The lexer"), Turn::reviewer));
}

TEST_F(Readiness, FailingOnTheBranchTooIsSaidAndTheFutureIsNot) {
  run("1", std::string(40, 'a'), "failure", "2023-01-10T00:00:00Z", false);
  run("2", std::string(40, 'b'), "failure", "2023-02-02T00:00:00Z", true);
  run("3", std::string(40, 'b'), "success", "2023-02-20T00:00:00Z", true);  // after the moment
  const std::string answer = checks().at("CI").answer;
  EXPECT_NE(answer.find("fails on main too"), std::string::npos) << answer;
  EXPECT_EQ(answer.find("flaky"), std::string::npos) << answer;
}

// Two pull requests from one branch: the forge tells of their checks once.
TEST_F(Readiness, ChecksOfTheSameHeadCountForEachPullRequest) {
  run("1", pull_.head_sha, "failure", "2023-02-02T00:00:00Z", true);
  run("2", pull_.head_sha, "success", "2023-02-02T00:00:00Z", true);
  runs_[1].name = "CLA";
  for (auto& run : runs_) run.item_id = 5;
  auto list = checks();
  EXPECT_EQ(list["CI"].state, CheckState::todo);
  EXPECT_NE(list["CI"].answer.find("linux"), std::string::npos) << list["CI"].answer;
  EXPECT_EQ(list["Licence agreement"].state, CheckState::ok);
  // Of another head they say nothing.
  pull_.head_sha = std::string(40, 'd');
  database_ = Database::open(":memory:");
  EXPECT_EQ(checks()["CI"].state, CheckState::unknown);
}

TEST_F(Readiness, ClosedOnesAreExplained) {
  checks();
  const Context context = open_context(*database_, Config(), "p", at("2023-02-10"), test::kForever);
  const ReviewQueue queue = review_queue(context);
  for (const std::int64_t number : {2, 99}) {
    try {
      find_open_pull(context, queue, number);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.exit_code(), 2);
      EXPECT_FALSE(error.hint().empty());
    }
  }
}

// Ten minutes between a person's acts on two items: ten minutes on the second.
TEST_F(Readiness, EffortIsTheTimeBetweenActs) {
  for (int i = 0; i < 60; ++i) {
    const Timestamp day = at("2023-03-01") + i * kDay;
    auto one = test::item(true, 100 + 2 * i, "ann", format_time(day)),
         two = test::item(true, 101 + 2 * i, "ann", format_time(day));
    two.additions = 5, two.deletions = 0;
    test::review(one, "bob", day + kHour);
    test::review(two, "bob", day + kHour + 10 * kMinute);
    test::comment(two, "cat", day + 9 * kHour);  // alone: says nothing
    history_.items.push_back(one);
    history_.items.push_back(two);
  }
  test::write(*database_, "e", history_);
  const Context context = open_context(*database_, Config(), "e", at("2023-07-01"), test::kForever);
  const People people = load_people(context);
  const ReviewEffort effort(context, people);
  EXPECT_EQ(effort.observations(), 60);
  EXPECT_NEAR(effort.of(5).minutes, 10, 1);
  EXPECT_EQ(effort.backtest().n, 10);
  EXPECT_NEAR(effort.backtest().within_two, 1, 1e-9);
}

}  // namespace
}  // namespace resident

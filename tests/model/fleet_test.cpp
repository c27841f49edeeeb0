// Fleet: what is said of several projects at once, counted by hand, on both engines.
#include <gtest/gtest.h>

#include <base/error.hpp>
#include <framework/analysis.hpp>
#include <model/fleet.hpp>
#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {

extern const Analysis fleet_analysis;

namespace {

using namespace test;

constexpr Timestamp kNow = 1'700'000'000;  // 2023-11-14

class Fleet : public OnEachEngine {
 protected:
  Fleet() : OnEachEngine("fleet_test") {}

  void SetUp() override {
    OnEachEngine::SetUp();
    if (IsSkipped()) return;
    const auto ago = [](int days) { return format_time(kNow - days * kDay); };
    History busy;
    auto old = item(false, 1, "ann", ago(400));
    event(old, "closed", kNow - 10 * kDay);
    auto newcomer = item(true, 2, "new", ago(20));  // only a bot answered
    comment(newcomer, "dependabot[bot]", kNow - 19 * kDay);
    comment(newcomer, "ann", kNow - 19 * kDay);
    newcomer.comments.back().body = "/retest";  // a command to a machine answers nobody
    comment(newcomer, "new", kNow - 18 * kDay);
    auto answered = item(true, 3, "other", ago(30));
    comment(answered, "ann", kNow - 29 * kDay);
    auto merged = item(true, 4, "ann", ago(50));
    event(merged, "merged", kNow - 40 * kDay);
    event(merged, "closed", kNow - 40 * kDay);
    auto second = item(false, 5, "ann", ago(5));  // not their first
    busy.items = {old, newcomer, answered, merged, second};
    write(*database_, "busy", until(busy, kForever));
    History left;
    auto was_merged = item(true, 1, "bob", ago(900));
    event(was_merged, "merged", kNow - 800 * kDay);
    event(was_merged, "closed", kNow - 800 * kDay);
    left.items = {was_merged};
    write(*database_, "left", until(left, kForever));
    History code;
    code.commits = {commit(0, "Cy", "cy@example.org", kNow - 30 * kDay)};
    write(*database_, "code", code);
    database_->execute("UPDATE source SET data_until = :now", {{"now", kNow - 60}});
  }

  std::map<std::string, FleetProject> load(std::optional<Timestamp> asked = {}) {
    std::map<std::string, FleetProject> found;
    for (auto& project : load_fleet(*database_, project_names(*database_), asked, kNow)) found[project.name] = project;
    return found;
  }
};

TEST_P(Fleet, CountsByHand) {
  auto fleet = load();
  ASSERT_EQ(fleet.size(), 3u);
  const FleetProject& busy = fleet["busy"];
  EXPECT_EQ(busy.moment, kNow);
  EXPECT_EQ(busy.open_pulls, 2);
  EXPECT_EQ(busy.open_issues, 1);
  EXPECT_EQ(busy.newcomers, 2);
  EXPECT_EQ(busy.unanswered, 1);
  EXPECT_NEAR(busy.longest_days, 20, 1e-6);
  EXPECT_EQ(busy.opened, 4);
  EXPECT_EQ(busy.closed, 2);
  EXPECT_EQ(busy.keepers, 1);
  EXPECT_FALSE(busy.is_expert_gone());
  EXPECT_TRUE(fleet["left"].is_expert_gone());
  EXPECT_EQ(fleet["left"].last_kept, kNow - 800 * kDay);
  const FleetProject& code = fleet["code"];
  EXPECT_FALSE(code.has_items);
  EXPECT_TRUE(code.by_commits);
  EXPECT_EQ(code.keepers, 1);
}

TEST_P(Fleet, TellsOfThePastAsItWas) {
  const auto fleet = load(kNow - 45 * kDay);
  const FleetProject& busy = fleet.at("busy");
  EXPECT_EQ(busy.open_pulls, 1);   // merged later
  EXPECT_EQ(busy.open_issues, 1);  // closed later
  EXPECT_EQ(busy.newcomers, 0);
  EXPECT_EQ(fleet.at("left").keepers, 0);
}

TEST_P(Fleet, PutsWhoIsWorseOffFirstAndLeavesOutWhatIsNotKnown) {
  Config config = Config::parse("[groups]\npair = [\"busy\", \"code\"]\n", "test");
  Context context = open_store_context(*database_, config, "", std::nullopt, kNow);
  const auto results = fleet_analysis.run(context);
  ASSERT_EQ(results.size(), 1u);
  const Result& result = results.front();
  ASSERT_EQ(result.rows.size(), 3u);
  const auto cell = [&](std::size_t row, const char* column) { return result.rows[row][result.column(column)]; };
  EXPECT_EQ(cell(2, "project"), Cell(std::string("code")));  // the only one that others are worse off than
  EXPECT_EQ(cell(2, "front"), Cell(std::int64_t{2}));
  EXPECT_EQ(cell(2, "open_pulls"), Cell());  // not 0
  EXPECT_EQ(cell(2, "growth"), Cell());
  context.arguments["group"] = "pair";
  EXPECT_EQ(fleet_analysis.run(context).front().rows.size(), 2u);
  context.arguments["group"] = "pear";
  EXPECT_THROW(fleet_analysis.run(context), Error);
  context.arguments.clear();
  context.project = "busy, left";
  EXPECT_EQ(fleet_analysis.run(context).front().rows.size(), 2u);
  context.project = "busty";
  EXPECT_THROW(fleet_analysis.run(context), Error);
}

// A clone goes on where the tracker's data have ended: nobody can be said to have stopped merging.
TEST_P(Fleet, TellsATrackerAsOfWhereItsDataEnd) {
  const Timestamp end = kNow - 500 * kDay;
  database_->execute("UPDATE source SET data_until = :end WHERE project_id = 2", {{"end", end}});
  const std::int64_t clone = ensure_source(*database_, 2, "git", "/clone");
  database_->execute("UPDATE source SET data_until = :now WHERE project_id = 2 AND source_id = :clone",
                     {{"now", kNow}, {"clone", clone}});
  for (const auto& asked : {std::optional<Timestamp>(), std::optional<Timestamp>(kNow)}) {
    const auto fleet = load(asked);
    EXPECT_EQ(fleet.at("left").moment, end);
    EXPECT_EQ(fleet.at("left").data_until, end);
    EXPECT_FALSE(fleet.at("left").is_expert_gone());
  }
  EXPECT_EQ(load(end - kDay).at("left").data_until, end - kDay) << "not later than the moment";
}

TEST_P(Fleet, SeesRedChecks) {
  const auto run = [&](const char* key, const char* name, const char* conclusion, Timestamp at) {
    database_->insert({"ci_run",
                       {"project_id", "run_key", "source_id", "name", "status", "conclusion", "finished_at"},
                       {"project_id", "run_key"}},
                      {{std::int64_t{1}, std::string(key), std::int64_t{1}, std::string(name), std::string("completed"),
                        std::string(conclusion), at}});
  };
  run("1", "build", "success", kNow - 2 * kDay);
  run("2", "build", "failure", kNow - 1 * kDay);
  run("3", "lint", "failure", kNow - 2 * kDay);
  run("4", "lint", "success", kNow - 1 * kDay);
  run("5", "old", "failure", kNow - 20 * kDay);
  const FleetProject busy = load()["busy"];
  EXPECT_EQ(busy.checks, 2);
  EXPECT_EQ(busy.red_names, std::vector<std::string>{"build"});
}

INSTANTIATE_TEST_SUITE_P(Engines, Fleet, kEngines, engine_name);

}  // namespace

}  // namespace resident

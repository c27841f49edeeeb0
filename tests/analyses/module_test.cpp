// The dossier of a module and the ranking by need over a small history whose figures are counted by hand.
#include <gtest/gtest.h>

#include <base/error.hpp>
#include <framework/analysis.hpp>
#include <map>
#include <model/module_facts/module_facts.hpp>
#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {

extern const Analysis module_analysis, need_analysis;

namespace {

using namespace test;

constexpr std::string_view kAsOf = "2024-01-01";

class Modules : public OnEachEngine {
 protected:
  Modules() : OnEachEngine("module_test") {}

  void SetUp() override {
    OnEachEngine::SetUp();
    if (IsSkipped()) return;
    // Two modules: net (ann, then nobody) and disk (bob).
    add_commit(0, "ann", "2022-06-01", {"net/a.c"});
    add_commit(1, "ann", "2023-03-01", {"net/a.c", "disk/b.c"});  // half of each
    add_commit(2, "bob", "2023-06-01", {"disk/b.c"}, "Revert \"nothing that is known\"");
    add_commit(3, "bob", "2023-11-01", {"disk/b.c", "news.txt"});
    auto bug = item(false, 1, "cat", "2023-05-01");
    bug.title = "a.c reads beyond the end";
    event(bug, "closed", at("2023-06-01"));
    auto labelled = item(false, 2, "cat", "2023-07-01");
    labelled.title = "it is slow";
    EventRecord label;
    label.kind = "labeled", label.label = "area: disk", label.actor = account("ann"),
    label.occurred_at = at("2023-09-01");
    labelled.events.push_back(label);
    auto nowhere = item(false, 3, "cat", "2023-07-02");
    nowhere.title = "question";
    auto pull = item(true, 4, "bob", "2023-10-01");
    pull.files = {{"net/a.c", 3, 1}};
    EventRecord request;
    request.kind = "review_requested", request.subject = account("ann"), request.actor = account("bob");
    request.occurred_at = at("2023-10-02");
    pull.events.push_back(request);
    review(pull, "ann", at("2023-10-05"));
    history_.items = {bug, labelled, nowhere, pull};
    project_ = write(*database_, "small", until(history_, kForever));
    database_->execute("UPDATE path SET in_head = 1");
    database_->execute("UPDATE source SET data_until = :at", {{"at", at(kAsOf)}});
  }

  void add_commit(int number, const std::string& who, std::string_view when, const std::vector<std::string>& paths,
                  const std::string& subject = "work") {
    CommitRecord record = commit(number, who, who + "@users.noreply.github.com", at(when));
    record.subject = subject;
    for (const auto& path : paths) record.changes.push_back({path, 'M', "", 10, 1});
    history_.commits.push_back(record);
  }

  Context context(const std::string& module = {}, std::string_view as_of = kAsOf) {
    Context made = open_context(*database_, Config(), "small", at(as_of), kForever);
    if (!module.empty()) made.arguments["module"] = module;
    return made;
  }

  std::map<std::string, ModuleFigure> figures(const std::string& module, std::string_view as_of = kAsOf) {
    const Context made = context({}, as_of);
    const ModuleBook book = kept_module_book(made, load_people(made));
    std::map<std::string, ModuleFigure> found;
    if (const auto* of = book.facts.find(module))
      for (const auto& figure : of->figures) found[figure.key] = figure;
    return found;
  }

  History history_;
  std::int64_t project_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Engines, Modules, kEngines, engine_name);

TEST_P(Modules, FiguresAreCountedByHand) {
  auto net = figures("net"), disk = figures("disk");
  ASSERT_FALSE(net.empty());
  EXPECT_EQ(net["issues_opened"].value, 1);   // its text names a.c
  EXPECT_EQ(disk["issues_opened"].value, 1);  // its label names disk
  EXPECT_EQ(net["pulls_opened"].value, 1);
  EXPECT_EQ(disk["pulls_opened"].value, 0);  // known to be none
  EXPECT_EQ(net["open_issues"].value, 0);
  EXPECT_EQ(disk["open_issues"].value, 1);
  EXPECT_EQ(net["open_pulls"].value, 1);
  EXPECT_EQ(net["open_pulls"].before, 0);
  EXPECT_EQ(net["answered_requests"].value, 1);
  EXPECT_EQ(net["answered_requests"].n, 1);
  EXPECT_EQ(disk["reverts"].n, 3);
  EXPECT_NEAR(disk["reverts"].value.value_or(0), 1.0 / 3, 1e-12);
  ASSERT_TRUE(disk["reverts"].low && disk["reverts"].high);
  EXPECT_LT(*disk["reverts"].low, 1.0 / 3);
  EXPECT_GT(*disk["reverts"].high, 1.0 / 3);
  EXPECT_EQ(disk["new_people"].value, 2);
  EXPECT_EQ(net["new_people"].value, 0);
}

TEST_P(Modules, WhatTheStoreDoesNotKnowIsLackingAndNever0) {
  auto net = figures("net");
  for (const char* key : {"questions", "users", "orphaned_lines", "red_tests", "speed_events", "proposals",
                          "ci_trouble", "backports", "hotspots"}) {
    EXPECT_FALSE(net[key].value.has_value()) << key;
    EXPECT_NE(net[key].lacking, "") << key;
  }
  const auto results = module_analysis.run(context("net"));
  ASSERT_EQ(results.size(), 4u);
  const Result& table = results[1];
  for (const auto& row : table.rows) {
    const auto* answer = std::get_if<std::string>(&row[table.column("answer")]);
    const bool is_known = !std::holds_alternative<std::monostate>(row[table.column("value")]);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->starts_with("not known: "), !is_known) << *answer;
    EXPECT_NE(row[table.column("definition")], Cell(std::string()));
  }
}

TEST_P(Modules, HoursGoToModulesInEqualParts) {
  const Context made = context();
  const ModuleWork work = kept_module_work(made, load_people(made));
  const auto* net = work.find("net");
  const auto* disk = work.find("disk");
  ASSERT_TRUE(net && disk);
  const auto last_year = [](const std::vector<double>& hours) { return hours[0] + hours[1] + hours[2] + hours[3]; };
  // Each act alone is a session of half an hour. net: half a commit, issue 1 and its closing, the pull request, the
  // request for a review and the review; disk: half of two commits and a whole one, issue 2 and its label.
  EXPECT_NEAR(last_year(net->hours), 0.5 * (0.5 + 1 + 1 + 1 + 1 + 1), 1e-9);
  EXPECT_NEAR(last_year(disk->hours), 0.5 * (0.5 + 1 + 0.5 + 1 + 1), 1e-9);
  // Known to be of disk only since its label: it came in when that did.
  EXPECT_EQ(disk->arrivals[1], 1);
  EXPECT_EQ(disk->arrivals[2], 0);
}

// As of a moment, the whole history says what a store says that was never told the rest.
TEST_P(Modules, NothingLaterIsKnown) {
  const std::string moment = "2023-08-01";
  const auto of_whole = figures("disk", moment);
  History past = until(history_, at(moment));
  const std::int64_t other = write(*database_, "past", past);
  database_->execute("UPDATE path SET in_head = 1 WHERE project_id = :project", {{"project", other}});
  const Context made = open_context(*database_, Config(), "past", at(moment), kForever);
  const ModuleBook book = kept_module_book(made, load_people(made));
  const auto* of_past = book.facts.find("disk");
  ASSERT_TRUE(of_past);
  for (const auto& figure : of_past->figures) {
    const auto& same = of_whole.at(figure.key);
    EXPECT_EQ(same.value, figure.value) << figure.key;
    EXPECT_EQ(same.before, figure.before) << figure.key;
    EXPECT_EQ(same.n, figure.n) << figure.key;
  }
  EXPECT_EQ(of_whole.at("issues_opened").value, 0);  // its label came later
}

TEST_P(Modules, WhatIsKeptIsWhatIsMade) {
  const Context made = context();
  const People people = load_people(made);
  const ModuleBook first = kept_module_book(made, people);
  const std::string bytes = pack_module_facts(first.facts);
  EXPECT_EQ(pack_module_facts(unpack_module_facts(bytes)), bytes);
  EXPECT_THROW(unpack_module_facts(bytes.substr(0, bytes.size() - 3)), Error);
  EXPECT_EQ(database_->integer("SELECT count(DISTINCT name) FROM learnt WHERE name LIKE 'module_%'"), 2);
  EXPECT_EQ(pack_module_facts(kept_module_book(made, people).facts), bytes);
  // Broken: made anew.
  database_->execute("DELETE FROM learnt WHERE name = 'module_facts'");
  EXPECT_EQ(pack_module_facts(kept_module_book(made, people).facts), bytes);
}

TEST_P(Modules, NamesAreNeeded) {
  EXPECT_THROW(module_analysis.run(context()), Error);
  EXPECT_THROW(module_analysis.run(context("nett")), Error);
  EXPECT_EQ(module_analysis.run(context("net/")).front().title, "Module net");
}

TEST_P(Modules, SaysThatThePastIsTooShort) {
  const auto results = need_analysis.run(context());
  ASSERT_EQ(results.size(), 3u);
  const Result& need = results.front();
  for (const auto& row : need.rows) EXPECT_EQ(row[need.column("need")], Cell());
  EXPECT_NE(module_analysis.run(context("net")).front().claim.find("cannot be"), std::string::npos);
  Context users = context();
  users.arguments["importance"] = "users";
  EXPECT_THROW(need_analysis.run(users), Error);  // no corpus was counted
}

TEST(ModulePlaces, ReadsPartsInLabels) {
  EXPECT_EQ(ModulePlaces::part_in_label("area: net"), "net");
  EXPECT_EQ(ModulePlaces::part_in_label("topic-Asyncio"), "asyncio");
  EXPECT_EQ(ModulePlaces::part_in_label("component/foo bar"), "foo bar");
  EXPECT_EQ(ModulePlaces::part_in_label("good first issue"), "");
  EXPECT_EQ(ModulePlaces::part_in_label("library"), "");
}

}  // namespace

}  // namespace resident

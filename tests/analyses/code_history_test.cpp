// Coupling, hotspots, reverts, backports and merges over a small history whose
// figures are counted by hand.
#include <gtest/gtest.h>
#include <unistd.h>

#include <base/error.hpp>
#include <cstdlib>
#include <framework/analysis.hpp>
#include <map>
#include <random>
#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {

extern const Analysis coupling_analysis, hotspots_analysis, reverts_analysis, backports_analysis, merges_analysis,
    modules_analysis;

namespace {

using namespace test;

using Row = std::map<std::string, std::string>;
using Changes = std::vector<FileChangeRecord>;

std::vector<Row> rows(const Result& result) {
  std::vector<Row> all;
  for (const auto& cells : result.rows) {
    EXPECT_EQ(cells.size(), result.columns.size()) << result.name;
    Row row;
    for (std::size_t i = 0; i < cells.size(); ++i)
      row[result.columns[i].name] = raw_cell(cells[i], result.columns[i].type);
    all.push_back(std::move(row));
  }
  return all;
}

// All that a reader sees of it, for comparing.
std::string text(const std::vector<Result>& results) {
  std::string all;
  for (const auto& result : results) {
    all += result.name + "\n" + result.claim + "\n" + result.uncertainty + "\n";
    for (const auto& row : rows(result))
      for (const auto& [name, value] : row) all += name + "=" + value + "|";
  }
  return all;
}

class CodeHistory : public OnEachEngine {
 protected:
  CodeHistory() : OnEachEngine("code_history_test") {}

  // A commit on the default branch, on the day of that number; its parent is the one before.
  CommitRecord& add(const std::string& subject, const std::string& author = "ann", Changes changes = {}) {
    const auto number = static_cast<std::int64_t>(commits_.size());
    CommitRecord record = commit(0, author, author + "@users.noreply.github.com", at("2020-01-01") + number * kDay);
    record.sha = sha(number);
    record.parents = {number ? sha(number - 1) : "none"};
    record.subject = subject;
    record.changes = std::move(changes);
    commits_.push_back(std::move(record));
    return commits_.back();
  }
  static std::string sha(std::int64_t number) { return fingerprint(std::to_string(number)) + "00000000"; }

  Context store(std::map<std::string, std::string> arguments = {}, std::string_view as_of = "2030-01-01",
                const std::string& project = "small") {
    History history;
    history.commits = commits_;
    history.items = items_;
    history.tags = references_;
    if (!written_) project_ = write(*database_, project, history);
    written_ = true;
    Context context = open_context(*database_, Config(), project, at(as_of), kForever);
    context.arguments = std::move(arguments);
    return context;
  }

  void complexity(const std::string& path, std::int64_t lines, std::int64_t total, std::int64_t deepest) {
    database_->execute(
        "INSERT INTO head_file (project_id, path_id, bytes, lines, code_lines, indentation_total, indentation_max) "
        "SELECT project_id, path_id, 1, :lines, :lines, :total, :deepest FROM path WHERE path = :path",
        {{"lines", lines}, {"total", total}, {"deepest", deepest}, {"path", path}});
  }

  std::vector<CommitRecord> commits_;
  std::vector<ItemRecord> items_;
  std::vector<ReferenceRecord> references_;
  std::int64_t project_ = 0;
  bool written_ = false;
};

INSTANTIATE_TEST_SUITE_P(Engines, CodeHistory, kEngines, engine_name);

FileChangeRecord change(const std::string& path, char status = 'M', const std::string& old_path = {}) {
  return {path, status, old_path, 1, 1};
}

TEST_P(CodeHistory, CouplingIsCountedAsCodeMaatDoes) {
  for (int i = 0; i < 6; ++i) add("both", "ann", {change("src/a.c"), change("src/b.h")});
  for (int i = 0; i < 2; ++i) add("a alone", "ann", {change("src/a.c")});
  for (int i = 0; i < 5; ++i) add("c and d", "ann", {change("lib/c.c"), change("src/d.c")});
  for (int i = 0; i < 4; ++i) add("too few", "ann", {change("x"), change("y")});
  Changes many;
  for (int i = 0; i < 31; ++i) many.push_back(change("many/" + std::to_string(i)));
  many.push_back(change("src/a.c"));
  add("too many", "ann", many);
  auto found = rows(coupling_analysis.run(store())[0]);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0]["first"], "lib/c.c");  // 5 of 5, before 6 of 8
  EXPECT_EQ(found[0]["degree"], "1");
  EXPECT_EQ(found[0]["across"], "yes");
  EXPECT_EQ(found[1]["first"], "src/a.c");
  EXPECT_EQ(found[1]["second"], "src/b.h");
  EXPECT_EQ(found[1]["support"], "6");
  EXPECT_EQ(found[1]["first_revisions"], "8");  // not the one that touches too many
  EXPECT_EQ(found[1]["second_revisions"], "6");
  EXPECT_NEAR(std::stod(found[1]["degree"]), 6 / 7.0, 1e-9);
  EXPECT_NEAR(std::stod(found[1]["confidence"]), 6 / 8.0, 1e-9);
  EXPECT_EQ(found[1]["confidence_back"], "1");
  EXPECT_NEAR(std::stod(found[1]["lift"]), 6 * 17 / (8.0 * 6.0), 1e-9);
  EXPECT_EQ(rows(coupling_analysis.run(store({{"minimum-degree", "90"}}))[0]).size(), 1u);
  EXPECT_EQ(rows(coupling_analysis.run(store({{"minimum-support", "4"}, {"minimum-revisions", "4"}}))[0]).size(), 3u);
  EXPECT_EQ(rows(coupling_analysis.run(store({{"minimum-support", "4"}}))[0]).size(), 2u);
  EXPECT_EQ(rows(coupling_analysis.run(store({{"since", "2020-01-03"}}))[0]).size(), 1u);
  EXPECT_EQ(rows(coupling_analysis.run(store({{"limit", "1"}}))[0]).size(), 1u);
  EXPECT_EQ(rows(coupling_analysis.run(store({}, "2020-01-04"))[0]).size(), 0u);
  // The folder src: 6 + 2 + 5 commits, of which 5 touch lib/c.c.
  found = rows(coupling_analysis.run(store({{"of", "src/"}}))[0]);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["second"], "lib/c.c");
  EXPECT_EQ(found[0]["first_revisions"], "13");
  EXPECT_NEAR(std::stod(found[0]["confidence"]), 5 / 13.0, 1e-9);
  found = rows(coupling_analysis.run(store({{"modules", "yes"}}))[0]);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["first"], "lib");
  EXPECT_EQ(found[0]["second"], "src");
  EXPECT_THROW(coupling_analysis.run(store({{"of", "nowhere"}})), Error);
  EXPECT_THROW(coupling_analysis.run(store({{"minimum-degree", "101"}})), Error);
}

TEST_P(CodeHistory, RenamesJoinTheHistoryOfAFile) {
  for (int i = 0; i < 3; ++i) add("old name", "ann", {change("old.c"), change("b.c")});
  add("rename", "ann", {change("new.c", 'R', "old.c"), change("b.c")});
  for (int i = 0; i < 2; ++i) add("new name", "ann", {change("new.c"), change("b.c")});
  add("another file of the old name", "ann", {change("old.c", 'A')});
  for (int i = 0; i < 6; ++i) add("gone", "ann", {change("b.c"), change("gone.c", i < 5 ? 'M' : 'D')});
  const auto found = rows(coupling_analysis.run(store())[0]);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].at("first"), "b.c");
  EXPECT_EQ(found[0].at("second"), "new.c");
  EXPECT_EQ(found[0].at("support"), "6");
  EXPECT_EQ(found[0].at("second_revisions"), "6");
  // A place may be named by a former path, too.
  EXPECT_EQ(rows(coupling_analysis.run(store({{"of", "old.c"}}))[0]).size(), 1u);
}

TEST_P(CodeHistory, HotspotsAreComplexAndChangeOften) {
  for (int i = 0; i < 6; ++i) add("hot", i % 2 ? "ann" : "bob", {change("src/hot.c"), change("notes.rst")});
  for (int i = 0; i < 8; ++i) add("simple", "dependabot[bot]", {change("src/simple.c")});
  add("rare", "ann", {change("src/rare.c"), change("src/new.c", 'A')});
  add("gone", "ann", {change("src/gone.c", 'D')});
  Context context = store({{"since", "2020-01-02"}}, "2020-06-01");
  complexity("src/hot.c", 100, 200, 7);
  complexity("src/simple.c", 10, 1, 1);
  complexity("src/rare.c", 1000, 3000, 9);
  complexity("notes.rst", 50, 20, 2);
  auto results = hotspots_analysis.run(context);
  auto found = rows(results[0]);
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0]["path"], "src/hot.c");
  EXPECT_EQ(found[0]["commits"], "5");
  EXPECT_EQ(found[0]["authors"], "2");
  EXPECT_EQ(found[0]["indentation_mean"], "2");
  EXPECT_EQ(found[0]["indentation_max"], "7");
  EXPECT_EQ(found[0]["score"], "0.25");  // in the middle of three by both
  // Ranks 1/6 and 5/6: of equal score what changes more goes first.
  EXPECT_EQ(found[1]["path"], "src/simple.c");
  EXPECT_EQ(found[1]["authors"], "0");
  EXPECT_EQ(found[2]["path"], "src/rare.c");
  EXPECT_EQ(found[3]["path"], "src/new.c");  // not measured
  EXPECT_EQ(found[3]["score"], "");
  EXPECT_EQ(results[0].claim,
            "src/hot.c is the first hotspot of 3 files: 5 commits by 2 authors since 2020-01-02, and 100 lines.");
  // The busiest without a figure: the others' first is not the first.
  database_->execute(
      "UPDATE head_file SET indentation_total = NULL WHERE project_id = 1 AND path_id = (SELECT path_id FROM path "
      "WHERE "
      "project_id = 1 AND path = 'src/simple.c')");
  EXPECT_TRUE(hotspots_analysis.run(context)[0].claim.starts_with(
      "src/simple.c, with 8 commits, and 1 more are without a figure of complexity. Of the others, src/hot.c is the "
      "first hotspot of 2 files"));
  context.arguments["all"] = "yes";
  EXPECT_EQ(rows(hotspots_analysis.run(context)[0]).size(), 5u);
  // What changed later had another shape then.
  found = rows(hotspots_analysis.run(store({}, "2020-01-05"))[0]);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["path"], "src/hot.c");
  EXPECT_EQ(found[0]["lines"], "");
}

TEST_P(CodeHistory, ModulesOfThePastAreThoseOfItsTree) {
  add("one", "ann", {change("src/a.c", 'A')});
  add("two", "ann", {change("lib/b.c", 'A')});
  add("three", "ann", {change("lib/b.c", 'D'), change("src/c.c", 'A'), change("src/d.c", 'A')});
  std::map<std::string, std::string> files;
  for (auto& row : rows(modules_analysis.run(store({}, "2020-01-02T12:00:00Z"))[0]))
    files[row["module"]] = row["files"];
  EXPECT_EQ(files, (std::map<std::string, std::string>{{"lib", "1"}, {"src", "1"}}));
  const auto before = modules_analysis.run(store({}, "2019-12-31"))[0];
  EXPECT_FALSE(before.data_until);
  EXPECT_EQ(before.claim, "No code is known of that moment: the clone's history begins on 2020-01-01.");
}

TEST_P(CodeHistory, RevertsAreLinkedToWhatTheyRevert) {
  add("Add a", "ann");
  add("Revert \"Add a\" (#7)", "bob").marks = {{"reverts", sha(0).substr(0, 10), {}}};
  add("bpo-1: Add b (GH-3)", "ann");
  add("Work");
  add("Revert \"bpo-1: Add b (GH-3)\" (GH-4)", "bob");
  add("Reapply \"bpo-1: Add b (GH-3)\" (GH-5)", "bob");
  add("bpo-2: Revert something");
  add("Squashed").marks = {{"reverts", std::string(40, 'f'), {}}};
  const auto results = reverts_analysis.run(store());
  auto list = rows(results[0]);
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0]["original"], sha(4));
  EXPECT_EQ(list[0]["kind"], "revert of a revert");
  EXPECT_EQ(list[1]["original"], sha(2));
  EXPECT_EQ(list[1]["how"], "title");
  EXPECT_EQ(list[1]["after"], std::to_string(2 * kDay));
  EXPECT_EQ(list[1]["author"], "ann");
  EXPECT_EQ(list[1]["reverter"], "bob");
  EXPECT_EQ(list[2]["original"], sha(0));
  EXPECT_EQ(list[2]["how"], "sha");
  const auto shares = rows(results[1]);
  ASSERT_EQ(shares.size(), 1u);
  EXPECT_EQ(shares[0].at("commits"), "8");
  EXPECT_EQ(shares[0].at("reverted"), "3");
  const auto unmatched = rows(results[2]);
  ASSERT_EQ(unmatched.size(), 1u);
  EXPECT_EQ(unmatched[0].at("subject"), "bpo-2: Revert something");
  EXPECT_EQ(
      results[0].claim,
      "4 reverts on the default branch, 1 of them of reverts; 3 linked to what they take back. The median time until "
      "then is 24 h. Of 8 commits of 2020, 37.5 % were taken back (95 % interval 13.7 to 69.4 %).");
  // Before the second revert, nothing of it is known.
  EXPECT_EQ(rows(reverts_analysis.run(store({}, "2020-01-04"))[0]).size(), 1u);
  EXPECT_EQ(rows(reverts_analysis.run(store({{"since", "2020-01-04"}}))[0]).size(), 2u);
  EXPECT_THROW(reverts_analysis.run(store({{"by", "week"}})), Error);
}

TEST_P(CodeHistory, BackportsAreLinkedToTheirOriginals) {
  add("gh-1: Fix a (#11)");
  add("Fix b (#12)");
  add("Fix c (#13)");
  const auto branch = [&](const std::string& subject, const std::string& parent) -> CommitRecord& {
    CommitRecord& record = add(subject);
    record.on_default = false;
    record.parents = {parent};
    return record;
  };
  branch("gh-1: Fix a (GH-11)", sha(0)).marks = {{"cherry-picked-from", sha(0), {}}};
  branch("[3.9] Fix b (GH-12) (GH-22)", sha(3));
  branch("Only here", sha(4));
  branch("[3.9] Never there (GH-23)", sha(5));
  branch("Fix c", "none").marks = {{"cherry-picked-from", std::string(40, 'f'), {}}};
  references_ = {{"refs/heads/3.8", sha(3), at("2020-01-04")}, {"refs/heads/3.9", sha(6), at("2020-01-07")}};
  const auto results = backports_analysis.run(store());
  auto branches = rows(results[0]);
  ASSERT_EQ(branches.size(), 3u);
  EXPECT_EQ(branches[0]["branch"], "(unknown)");
  EXPECT_EQ(branches[0]["by_title"], "1");  // its trailer leads nowhere
  EXPECT_EQ(branches[1]["branch"], "3.8");
  EXPECT_EQ(branches[1]["by_trailer"], "1");
  EXPECT_EQ(branches[1]["median_lag"], std::to_string(3 * kDay));
  EXPECT_EQ(branches[2]["branch"], "3.9");
  EXPECT_EQ(branches[2]["backports"], "2");
  EXPECT_EQ(branches[2]["linked"], "1");
  EXPECT_EQ(branches[2]["own_commits"], "3");
  EXPECT_NE(results[0].notes.at(0).find("stands 2 times in the history of this time, 0 of them on the default branch. "
                                        "What it names: a commit of the default branch 1 time, another that is known 0 "
                                        "times, none that is known 1 time"),
            std::string::npos)
      << results[0].notes.at(0);
  auto list = rows(results[1]);
  ASSERT_EQ(list.size(), 4u);
  EXPECT_EQ(list[1]["subject"], "[3.9] Never there (GH-23)");
  EXPECT_EQ(list[1]["original"], "");
  EXPECT_EQ(list[2]["original"], sha(1));
  EXPECT_EQ(rows(backports_analysis.run(store({}, "2020-01-04T12:00:00Z"))[1]).size(), 1u);
}

TEST_P(CodeHistory, MergersAreKnownWhereGitOrTheForgeKnows) {
  const auto person = [](const std::string& name, const std::string& email) {
    PersonRecord record;
    record.provider = "git";
    record.name = name;
    record.email = email;
    return record;
  };
  const PersonRecord forge = person("GitHub", "noreply@github.com"),
                     bob = person("bob", "bob@users.noreply.github.com"),
                     bors = person("bors[bot]", "bors@example.org");
  add("own");
  add("for ann").committer = bob;
  add("squashed, unknown (#5)").committer = forge;
  add("squashed (#4)").committer = forge;
  CommitRecord& merge = add("Merge pull request #6 from x");
  merge.parents.push_back(sha(9));
  merge.committer = forge;
  CommitRecord& automatic = add("Auto merge of #8 - x:y, r=bob");
  automatic.parents.push_back(sha(9));
  automatic.author = automatic.committer = bors;
  auto pull = item(true, 4, "ann", "2020-01-01T00:00:00Z");
  event(pull, "merged", at("2020-01-04"));
  event(pull, "closed", at("2020-01-04"));
  pull.merged_at = at("2020-01-04");
  pull.merged_by = account("bob");
  pull.merge_sha = sha(3);
  pull.events[0].actor = account("bob");
  items_ = {pull};
  const std::map<std::string, std::string> arguments{{"since", "2020-01-01"}};
  const auto results = merges_analysis.run(store(arguments));
  std::map<std::string, Row> people, kinds;
  for (const auto& row : rows(results[0])) people[row.at("person")] = row;
  for (const auto& row : rows(results[1])) kinds[row.at("kind")] = row;
  EXPECT_EQ(people["bob"]["merged"], "3");
  EXPECT_EQ(people["bob"]["applied"], "1");
  EXPECT_EQ(people["bob"]["told_by_forge"], "1");
  EXPECT_EQ(people["bob"]["merge_commits"], "1");  // through bors
  EXPECT_EQ(people["ann"]["merged"], "1");
  EXPECT_EQ(people["ann"]["own"], "1");
  EXPECT_EQ(kinds["squashed or rebased by the forge"]["commits"], "2");
  EXPECT_EQ(kinds["squashed or rebased by the forge"]["known_by_git"], "0");
  EXPECT_EQ(kinds["squashed or rebased by the forge"]["known_by_forge"], "1");
  EXPECT_EQ(kinds["committed or merged by a bot"]["commits"], "1");
  EXPECT_EQ(results[0].claim,
            "Of 6 changes that came to the default branch since 2020-01-01, it is known for 5 (83 %) who committed or "
            "merged them. The forge committed 1 more, and git does not know for whom.");
  EXPECT_EQ(rows(merges_analysis.run(store(arguments, "2020-01-01"))[0]).size(), 1u);
}

TEST_P(CodeHistory, NothingOfTheFutureIsSaid) {
  std::mt19937_64 random(7);
  const std::string files[] = {"src/a.c", "src/b.c", "lib/c.c", "lib/d.py"}, people[] = {"ann", "bob", "cat"};
  std::int64_t last = -1;  // on the default branch
  for (int i = 0; i < 60; ++i) {
    Changes changes;
    for (const auto& file : files)
      if (random() % 2) changes.push_back(change(file));
    CommitRecord& record =
        add(random() % 4 || i == 0 ? "Title " + std::to_string(i) : "Revert \"" + commits_[random() % i].subject + "\"",
            people[random() % 3], changes);
    record.parents = {last < 0 ? "none" : sha(last)};
    if (random() % 4 || i == 0) {
      last = i;
      continue;
    }
    record.on_default = false;
    record.marks = {{"cherry-picked-from", sha(static_cast<std::int64_t>(random() % i)), {}}};
  }
  store({}, "2030-01-01", "whole");
  for (const std::string day : {"2020-01-09", "2020-02-01", "2020-02-20"}) {
    History full;
    full.commits = commits_;
    write(*database_, "until " + day, until(full, at(day)));
    for (const auto* analysis :
         {&coupling_analysis, &hotspots_analysis, &reverts_analysis, &backports_analysis, &merges_analysis})
      EXPECT_EQ(text(analysis->run(open_context(*database_, Config(), "whole", at(day), kForever))),
                text(analysis->run(open_context(*database_, Config(), "until " + day, at(day), kForever))))
          << analysis->name << " as of " << day;
  }
}

TEST_P(CodeHistory, AnEmptyProjectHasNothingToSay) {
  store();
  for (const auto* analysis :
       {&coupling_analysis, &hotspots_analysis, &reverts_analysis, &backports_analysis, &merges_analysis})
    for (const auto& result : analysis->run(store())) {
      EXPECT_FALSE(result.claim.empty()) << result.name;
      EXPECT_FALSE(result.definition.empty()) << result.name;
    }
}

}  // namespace

}  // namespace resident

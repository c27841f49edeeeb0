#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <analyses/flow/metrics.hpp>
#include <base/error.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <store/moves.hpp>
#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {

extern const Analysis measures_analysis, cycles_analysis;

namespace {

using namespace test;

using Row = std::map<std::string, std::string>;

// A row as text, by column; the row whose first cells are as given.
Row row(const Result& result, const std::vector<std::string>& first) {
  for (const auto& cells : result.rows) {
    Row found;
    bool same = true;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string text = raw_cell(cells[i], result.columns[i].type);
      found[result.columns[i].name] = text;
      if (i < first.size()) same = same && text == first[i];
    }
    if (same) return found;
  }
  ADD_FAILURE() << result.name << " has no row " << (first.empty() ? "" : first[0]);
  return {};
}

const Result& named(const std::vector<Result>& results, const std::string& name) {
  for (const auto& each : results)
    if (each.name == name) return each;
  throw Error("no result " + name);
}

class Metrics : public OnEachEngine {
 protected:
  Metrics() : OnEachEngine("metrics_test") { unsetenv("RESIDENT_METRICS"); }

  Context context(const std::string& project, std::string_view as_of) {
    return open_context(*database_, Config(), project, at(as_of), kForever);
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, Metrics, kEngines, engine_name);

TEST_P(Metrics, FlowEqualsWhatIsCountedByHand) {
  write(*database_, "small", small_history());
  const auto results = measures_analysis.run(context("small", "2023-04-01"));
  const Result& open = named(results, "open_items");
  ASSERT_EQ(open.rows.size(), 3u);
  EXPECT_EQ(row(open, {"2023-01-01"}), (Row{{"month", "2023-01-01"}, {"open_issues", "2"}, {"open_pulls", "0"}}));
  EXPECT_EQ(row(open, {"2023-02-01"}), (Row{{"month", "2023-02-01"}, {"open_issues", "2"}, {"open_pulls", "0"}}));
  EXPECT_EQ(row(open, {"2023-03-01"}), (Row{{"month", "2023-03-01"}, {"open_issues", "2"}, {"open_pulls", "1"}}));
  EXPECT_EQ(open.claim, "2 issues and 1 pull request are open; at the end of the month before there were 2 and 0.");

  const Result& year = named(results, "flow_per_year");
  EXPECT_EQ(row(year, {"2023"}), (Row{{"year", "2023"},
                                      {"issues_opened", "3"},
                                      {"issues_closed", "1"},
                                      {"pulls_opened", "3"},
                                      {"pulls_closed", "2"},
                                      {"pulls_merged", "1"}}));
  const Result& week = named(results, "flow_per_week");
  EXPECT_EQ(week.rows.size(), 104u);
  EXPECT_EQ(row(week, {"2023-02-20"})["pulls_merged"], "1");
  EXPECT_EQ(row(week, {"2023-03-27"})["is_whole"], "0");
  Row ratio = row(named(results, "closure_ratio"), {"2023-03-01"});
  EXPECT_EQ(ratio["issue_ratio_month"], "");
  EXPECT_EQ(ratio["issues_opened_3"], "3");
  EXPECT_EQ(ratio["issues_closed_3"], "1");
  EXPECT_NEAR(std::stod(ratio["pull_ratio"]), 2.0 / 3, 1e-12);
}

// One issue dated year 1 among others makes no series of two thousand years, and is not lost from what is open.
TEST_P(Metrics, OneWrongDateMakesNoSeriesOfCenturies) {
  History history = small_history();
  for (int number = 100; number < 112; ++number)
    history.items.push_back(item(false, number, "ann", "2023-02-10T00:00:00Z"));
  history.items.push_back(item(false, 200, "ann", "0001-01-01T00:00:00Z"));
  write(*database_, "wrong", history);
  const auto results = measures_analysis.run(context("wrong", "2023-04-01"));
  const Result& open = named(results, "open_items");
  ASSERT_EQ(open.rows.size(), 3u);
  EXPECT_EQ(row(open, {"2023-01-01"})["open_issues"], "3");
  EXPECT_EQ(row(open, {"2023-03-01"})["open_issues"], "15");
  ASSERT_EQ(open.notes.size(), 1u);
  EXPECT_EQ(open.notes.front(),
            "The series begins where 99.9 % of the data do: 1 issue, pull request or commit is from before 2023-01-01 "
            "(the earliest is dated 0001-01-01).");
  for (const Result& result : results) EXPECT_LE(result.rows.size(), 110u) << result.name;
  // A project of few items that rested for long is shown whole.
  History few;
  few.items.push_back(item(false, 1, "ann", "2010-01-10T00:00:00Z"));
  few.items.push_back(item(false, 2, "ann", "2023-01-10T00:00:00Z"));
  write(*database_, "few", few);
  EXPECT_EQ(named(measures_analysis.run(context("few", "2023-04-01")), "open_items").rows.size(), 159u);
}

TEST_P(Metrics, TheFutureIsNotKnown) {
  write(*database_, "small", small_history());
  const Timestamp now = at("2023-05-01");
  EXPECT_THROW(open_context(*database_, Config(), "small", at("9999-12-31"), now), Error);
  EXPECT_THROW(open_context(*database_, Config(), "small", at("2023-06-01"), now), Error);
  EXPECT_NO_THROW(open_context(*database_, Config(), "small", at("2023-05-01"), now));
  EXPECT_NO_THROW(open_context(*database_, Config(), "small", at("2023-05-02"), now));  // today, somewhere
}

TEST_P(Metrics, DurationsEqualWhatIsCountedByHand) {
  write(*database_, "small", small_history());
  const auto results = measures_analysis.run(context("small", "2023-04-01"));
  const auto check = [&](const std::string& name, const std::vector<std::string>& key, const std::string& n,
                         const std::string& happened, const std::string& median, const std::string& plain) {
    Row found = row(named(results, name), key);
    EXPECT_EQ(found["n"], n) << name;
    EXPECT_EQ(found["happened"], happened) << name;
    EXPECT_EQ(found["median"], median) << name;
    EXPECT_EQ(found["median_happened"], plain) << name;
  };
  // Issues: 5 h, 10 h, one not in 60 days. Pull requests: 1 h, 5 d, one closed unanswered after 5 d.
  check("time_to_first_response", {"issues"}, "3", "2", "36000", "27000");
  check("time_to_first_response", {"pull requests"}, "3", "2", "432000", "217800");
  check("time_to_first_response_by_quarter", {"2023-01-01", "issues"}, "3", "2", "36000", "27000");
  check("time_to_merge", {"closed unmerged censored"}, "3", "1", "864000", "864000");
  check("time_to_merge", {"closed unmerged left out"}, "2", "1", "864000", "864000");
  check("time_to_close", {"issues"}, "3", "1", "", "4320000");
  check("time_to_close", {"pull requests"}, "3", "2", "864000", "648000");
  const Result& curve = named(results, "time_to_first_response_curve");
  EXPECT_EQ(row(curve, {"issues", "18000"})["at_risk"], "3");
  EXPECT_NEAR(std::stod(row(curve, {"issues", "36000"})["share"]), 2.0 / 3, 1e-12);
  EXPECT_EQ(named(results, "time_to_merge").sample_size, 3);
  EXPECT_EQ(named(results, "time_to_close").claim,
            "Half of the pull requests are closed within 10 d; of the 3 issues, fewer than half have been closed.");
}

TEST_P(Metrics, PeopleEqualWhatIsCountedByHand) {
  write(*database_, "small", small_history());
  const auto results = measures_analysis.run(context("small", "2023-04-01"));
  const auto people = [&](const std::string& month) {
    Row found = row(named(results, "contributors"), {month});
    return found["contributors"] + " " + found["committers"] + " " + found["issue_openers"] + " " +
           found["pull_openers"] + " " + found["commenters"] + " " + found["reviewers"];
  };
  EXPECT_EQ(people("2023-01-01"), "2 1 2 0 2 0");
  EXPECT_EQ(people("2023-02-01"), "3 0 0 1 2 1");
  EXPECT_EQ(people("2023-03-01"), "4 2 0 2 0 1");
  const auto fresh = [&](const std::string& month) {
    Row found = row(named(results, "new_contributors"), {month});
    return found["new_contributors"] + " " + found["first_commit"] + " " + found["first_merged_pull"];
  };
  EXPECT_EQ(fresh("2023-01-01"), "2 1 0");
  EXPECT_EQ(fresh("2023-02-01"), "1 0 1");
  EXPECT_EQ(fresh("2023-03-01"), "1 1 0");
  Row commits = row(named(results, "absence_factor"), {"commits"});
  EXPECT_EQ(commits["people_for_half"] + " " + commits["people"] + " " + commits["contributions"], "1 2 3");
  Row said = row(named(results, "absence_factor"), {"reviews and comments"});
  EXPECT_EQ(said["people_for_half"] + " " + said["people"] + " " + said["contributions"], "1 3 6");
  Row year = row(named(results, "absence_factor_per_year"), {"2023"});
  EXPECT_EQ(year["commit_people_for_half"] + " " + year["committers"] + " " + year["commits"] + " " + year["said"],
            "1 2 3 6");
  Row week = row(named(results, "reviews_per_week"), {"2023-02-06"});
  EXPECT_EQ(week["reviews"] + " " + week["review_comments"] + " " + week["reviewers"] + " " + week["top_share"],
            "1 1 1 1");
}

TEST_P(Metrics, CyclesCompareTheSameTime) {
  write(*database_, "small", small_history());
  const auto results = cycles_analysis.run(context("small", "2023-04-01"));
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].claim,
            "3 commits in the 22 days since v1.1, 200 % more than in the same time of the cycle before (1).");
  Row before = row(results[0], {"v1.0 to v1.1"}), now = row(results[0], {"since v1.1"});
  EXPECT_EQ(before["commits"] + " " + before["commits_same_time"] + " " + before["contributors"], "1 1 1");
  EXPECT_EQ(now["commits"] + " " + now["contributors"] + " " + now["new_contributors"] + " " + now["by_bots"],
            "3 2 1 1");
  EXPECT_NE(results[0].uncertainty.find("95 % interval"), std::string::npos);
  Context configured = context("small", "2023-04-01");
  configured.config.releases = {{"3.0", at("2023-03-16")}, {"2.0", at("2023-02-01")}, {"4.0", at("2023-05-01")}};
  // What was committed at the very moment of a release is in it.
  EXPECT_EQ(row(cycles_analysis.run(configured)[0], {"since 3.0"})["commits"], "1");
  configured.config.releases.clear();
  configured.config.release_tags = "^none$";
  EXPECT_EQ(cycles_analysis.run(configured)[0].claim, "No release is known, so there are no cycles to compare.");
}

// A lightweight tag has the time of the commit it stands on, which is in that release; what was written before a
// release and merged behind it is in the next one by ancestry, though not by date.
TEST_P(Metrics, CyclesTellByDateAndByAncestry) {
  History history;
  const char* times[] = {"2024-01-01", "2024-01-05", "2024-01-06", "2024-01-10", "2024-01-25", "2024-01-26"};
  const std::vector<std::vector<int>> parents = {{}, {0}, {1}, {0}, {3, 2}, {4}};  // 1 and 2: a branch
  for (int i = 0; i < 6; ++i) {
    auto each = commit(i, i < 3 ? "Ann" : "Bob", i < 3 ? "ann@example.org" : "bob@example.org", at(times[i]));
    each.parents.clear();
    for (const int parent : parents[static_cast<std::size_t>(i)])
      each.parents.push_back(history.commits[static_cast<std::size_t>(parent)].sha);
    history.commits.push_back(each);
  }
  history.tags = {{"refs/tags/v1.0", history.commits[3].sha, at("2024-01-10")},
                  {"refs/tags/v1.1", history.commits[4].sha, at("2024-01-25")}};
  write(*database_, "branch", history);
  const Result cycles = cycles_analysis.run(context("branch", "2024-02-01"))[0];
  const auto figures = [&](const std::string& name) {
    Row found = row(cycles, {name});
    return found["commits"] + " " + found["in_release"] + " " + found["people_in_release"];
  };
  EXPECT_EQ(figures("to v1.0"), "4 2 2");
  EXPECT_EQ(figures("v1.0 to v1.1"), "0 2 1");  // the merge itself is none
  EXPECT_EQ(figures("since v1.1"), "1 1 1");
}

// Imported items: answered, closed and merged before they were opened.
TEST_P(Metrics, TimesThatRunBackwardsAreLeftOutAndSaidSo) {
  History history = small_history();
  auto moved = item(false, 20, "ann", "2023-01-20T00:00:00Z");
  comment(moved, "bob", at("2023-01-02"));
  event(moved, "closed", at("2023-01-05"));
  auto imported = item(true, 21, "ann", "2023-01-20T00:00:00Z");
  review(imported, "bob", at("2023-01-03"));
  event(imported, "merged", at("2023-01-08"));
  event(imported, "closed", at("2023-01-08"));
  History more;
  more.items = {moved, imported};
  more = until(more, kForever);
  history.items.insert(history.items.end(), more.items.begin(), more.items.end());
  write(*database_, "backwards", history);
  write(*database_, "forwards", small_history());
  const auto with = measures_analysis.run(context("backwards", "2023-04-01")),
             without = measures_analysis.run(context("forwards", "2023-04-01"));
  for (const char* name : {"time_to_first_response", "time_to_close", "time_to_merge",
                           "time_to_first_response_by_quarter", "time_to_close_curve"}) {
    EXPECT_EQ(named(with, name).rows, named(without, name).rows) << name;
    ASSERT_FALSE(named(with, name).notes.empty()) << name;
    EXPECT_NE(named(with, name).notes.back().find("left out"), std::string::npos) << name;
    EXPECT_TRUE(named(without, name).notes.empty()) << name;
  }
}

bool has_figure(const Result& result) {
  for (const auto& cells : result.rows)
    for (std::size_t i = 1; i < cells.size(); ++i)
      if (const std::string text = raw_cell(cells[i], result.columns[i].type);
          !result.columns[i].hidden && result.columns[i].type != ColumnType::date &&
          result.columns[i].type != ColumnType::text && !text.empty() && std::stod(text) != 0)
        return true;
  return false;
}

// A sentence that denies what the figures show: none, for any metric, whatever is missing from the data.
TEST_P(Metrics, NoClaimDeniesTheData) {
  const std::vector<std::pair<std::string, std::function<void(History&)>>> missing = {
      {"nothing", [](History&) {}},
      {"commits", [](History& all) { all.commits.clear(); }},
      {"commits of the last year",
       [](History& all) {
         std::erase_if(all.commits, [](const auto& each) { return each.committed_at > at("2021-06-01"); });
       }},
      {"commits of the first year",
       [](History& all) {
         std::erase_if(all.commits, [](const auto& each) { return each.committed_at < at("2021-06-01"); });
       }},
      {"items", [](History& all) { all.items.clear(); }},
      {"issues", [](History& all) { std::erase_if(all.items, [](const auto& each) { return !each.is_pull; }); }},
      {"pull requests", [](History& all) { std::erase_if(all.items, [](const auto& each) { return each.is_pull; }); }},
      {"comments",
       [](History& all) {
         for (auto& each : all.items) each.comments.clear();
       }},
      {"reviews",
       [](History& all) {
         for (auto& each : all.items) each.reviews.clear();
       }},
      {"talk",
       [](History& all) {
         for (auto& each : all.items) each.comments.clear(), each.reviews.clear();
       }},
      {"talk of the last year",
       [](History& all) {
         for (auto& each : all.items) {
           std::erase_if(each.comments, [](const auto& one) { return one.created_at > at("2021-06-01"); });
           std::erase_if(each.reviews, [](const auto& one) { return one.submitted_at > at("2021-06-01"); });
         }
       }},
      {"timelines",
       [](History& all) {
         for (auto& each : all.items) each.events.clear();
       }},
      {"authors",
       [](History& all) {
         for (auto& each : all.items) each.author = {};
       }},
      {"all but one issue", [](History& all) {
         all.commits.clear();
         all.items.resize(1);
         all.items[0].comments.clear();
         all.items[0].reviews.clear();
       }}};
  for (const auto& [what, take] : missing) {
    History history = random_history(5);
    take(history);
    write(*database_, "without " + what, history);
    for (const char* as_of : {"2020-03-01", "2021-03-01", "2022-04-01", "2024-01-01"})
      for (const auto& metric : metrics()) {
        const auto results = run_metric(metric, context("without " + what, as_of));
        EXPECT_FALSE(results[0].claim.empty());
        if (!has_figure(results[0])) continue;
        EXPECT_NE(results[0].claim, metric.none) << metric.name << " without " << what << " as of " << as_of;
        EXPECT_FALSE(results[0].claim.starts_with("There is nothing") || results[0].claim.starts_with("What is known"))
            << metric.name << " without " << what << " as of " << as_of << ": " << results[0].claim;
      }
  }
}

// Figures as of T from the whole history equal those from a store that only knows what happened until T.
TEST_P(Metrics, NothingLaterThanAsOfCounts) {
  const char* moments[] = {"2020-03-01", "2020-09-17T11:22:33Z", "2021-04-01", "2022-01-01", "2022-12-31T23:59:59Z"};
  for (const bool small : {true, false}) {
    const History full = small ? small_history() : random_history(11);
    const std::string name = small ? "small" : "random";
    write(*database_, name, full);
    for (const std::string moment : moments) {
      const std::string as_of = small ? "2023" + moment.substr(4) : moment;
      write(*database_, name + as_of, until(full, at(as_of)));
      for (const auto* analysis : {&measures_analysis, &cycles_analysis}) {
        const auto later = analysis->run(context(name, as_of)), then = analysis->run(context(name + as_of, as_of));
        ASSERT_EQ(later.size(), then.size());
        for (std::size_t i = 0; i < later.size(); ++i) {
          EXPECT_EQ(later[i].rows, then[i].rows) << later[i].name << " as of " << as_of;
          EXPECT_EQ(later[i].claim, then[i].claim);
          EXPECT_EQ(later[i].uncertainty, then[i].uncertainty);
        }
      }
    }
  }
}

void expect_same(const std::vector<Result>& one, const std::vector<Result>& other, const std::string& where) {
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].rows, other[i].rows) << one[i].name << where;
    EXPECT_EQ(one[i].claim, other[i].claim) << one[i].name << where;
    EXPECT_EQ(one[i].notes, other[i].notes) << one[i].name << where;
    EXPECT_EQ(one[i].sample_size, other[i].sample_size) << one[i].name << where;
    EXPECT_EQ(one[i].evidence[0].sql, other[i].evidence[0].sql) << one[i].name << where;
  }
}

// What is read from summaries equals what is counted from events, as of any moment, for every metric.
TEST_P(Metrics, SummariesSayWhatEventsSay) {
  const char* moments[] = {"2020-03-01", "2020-09-17T11:22:33Z", "2021-01-01",           "2021-04-01",
                           "2022-01-01", "2022-02-28T06:00:00Z", "2022-12-31T23:59:59Z", "2030-01-01"};
  for (const int seed : {11, 12, 0}) {
    const std::string name = "project " + std::to_string(seed);
    History history = seed == 0 ? small_history() : random_history(static_cast<unsigned>(seed));
    // One date that is wrong, among enough.
    if (seed == 12) history.items.push_back(item(false, 9999, "ann", "1970-01-05T00:00:00Z"));
    write(*database_, name, history);
    for (const std::string moment : moments) {
      const std::string as_of = seed == 0 ? "2023" + moment.substr(4) : moment;
      database_->execute("DELETE FROM summary_state");
      const auto counted = measures_analysis.run(context(name, as_of));
      ASSERT_FALSE(are_summaries_kept(context(name, as_of)));  // so few are not worth it
      keep_summaries(context(name, as_of), 0);
      ASSERT_TRUE(are_summaries_kept(context(name, as_of)));
      expect_same(measures_analysis.run(context(name, as_of)), counted, " of " + name + " as of " + as_of);
    }
  }
  // A metric that reads summaries does read them.
  database_->execute("UPDATE summary_count SET n = n + 1 WHERE series = 'issue opened'");
  EXPECT_NE(
      row(named(measures_analysis.run(context("project 0", "2023-04-01")), "flow_per_year"), {"2023"})["issues_opened"],
      "3");
}

// Whatever they are counted from changes: they are whole no more, and brought up to date they say what events say.
TEST_P(Metrics, SummariesEndWithWhatTheyAreCountedFrom) {
  History history = random_history(11);
  const std::int64_t project = write(*database_, "kept", history);
  const auto here = [&] { return context("kept", "2022-06-15T12:00:00Z"); };
  const auto expect_gone = [&](const std::string& after) {
    EXPECT_FALSE(are_summaries_kept(here())) << after;
    const auto counted = measures_analysis.run(here());
    keep_summaries(here(), 0);
    ASSERT_TRUE(are_summaries_kept(here())) << after;
    expect_same(measures_analysis.run(here()), counted, " after " + after);
  };
  expect_gone("the first import");
  const std::int64_t source = ensure_source(*database_, project, "test", "kept");
  const auto change = [&](const std::string& what, const std::function<void(Writer&)>& with) {
    {
      Writer writer(*database_, project, source);
      with(writer);
      writer.mark(what, "1");
      writer.checkpoint("done");
    }
    if (are_people_due(*database_, project)) {
      keep_summaries(here(), 0);
      EXPECT_FALSE(are_summaries_kept(here())) << "who is who is still to be said, after " << what;
      resolve_identities(*database_, project);
    }
    expect_gone(what);
  };
  ItemRecord changed = history.items.front();
  comment(changed, "cat", at("2022-05-01"));
  change("an item", [&](Writer& writer) { writer.item(changed); });
  change("a commit", [&](Writer& writer) { writer.commit(commit(25, "Zoe", "zoe@example.org", at("2022-05-02"))); });
  change("reaching less", [&](Writer& writer) { writer.reachable({}, {}); });
  change("a deletion at the forge", [&](Writer& writer) {
    writer.tombstone({history.items.front().item_id(), "deleted", "", at("2022-05-03")});
  });
  resolve_identities(*database_, project, BotRules{{"cat"}, {}});
  expect_gone("another bot");
  // A sync that brings nothing leaves them.
  {
    Writer writer(*database_, project, source);
    writer.references({});
    writer.checkpoint("done");
  }
  EXPECT_TRUE(are_summaries_kept(here()));
}

// All that is kept of a project, as text.
std::map<std::string, std::string> kept_rows(Database& database, std::int64_t project) {
  std::map<std::string, std::string> tables;
  for (const std::string table : {"item_summary", "person_month", "reviewer_week", "summary_count"})
    for (const auto rows = database.query("SELECT * FROM " + table + " WHERE project_id = :project ORDER BY 1, 2, 3, 4",
                                          {{"project", project}});
         rows->next();) {
      std::string& text = tables[table];
      for (std::size_t i = 0; i < rows->column_count(); ++i) text += rows->is_null(i) ? "- " : rows->string(i) + " ";
      text += "\n";
    }
  return tables;
}

// A row that no query makes: counting all anew takes it away, and bringing the rest up to date does not.
bool takes_mark_away(Database& database, std::int64_t project, const std::function<void()>& doing) {
  const Parameters parameters{{"project", project}};
  database.execute(
      "INSERT INTO summary_count (project_id, series, at, n) SELECT CAST(:project AS INTEGER), 'mark', 0, 1 WHERE "
      "NOT EXISTS (SELECT 1 FROM summary_count WHERE project_id = :project AND series = 'mark')",
      parameters);
  doing();
  const bool is_gone =
      !database.integer("SELECT 1 FROM summary_count WHERE project_id = :project AND series = 'mark'", parameters);
  database.execute("DELETE FROM summary_count WHERE project_id = :project AND series = 'mark'", parameters);
  return is_gone;
}

// Brought up to date by random changes, they are row for row what counting all anew makes of the same store.
TEST_P(Metrics, SummariesBroughtUpToDateEqualThoseCountedAnew) {
  std::mt19937_64 random(GetParam() == "sqlite" ? 77 : 78);
  const auto below = [&](std::int64_t limit) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(limit));
  };
  const Timestamp start = at("2020-01-01");
  const auto sometime = [&] { return start + below(1000 * kDay); };
  History history = random_history(21);
  const std::int64_t project = write(*database_, "moving", history);
  const std::int64_t source = ensure_source(*database_, project, "test", "moving");
  const auto here = [&] { return context("moving", "2022-06-15T12:00:00Z"); };
  keep_summaries(here(), 0);
  std::int64_t newcomers = 0, commits = 0, first_lives = 0;
  const auto somebody = [&]() -> std::string {
    if (below(6) == 0) return "new" + std::to_string(newcomers++);
    const std::string people[] = {"ann", "bob", "cat", "dan", "dependabot[bot]", ""};
    return people[below(6)];
  };
  const auto change_item = [&](ItemRecord& record) {
    const Timestamp when = std::max(record.created_at, sometime());
    switch (below(9)) {
      case 0:
        return event(record, "closed", when);
      case 1:
        return event(record, "reopened", when);
      case 2:
        return comment(record, somebody(), when, record.is_pull && below(2) == 1 ? "inline" : "conversation");
      case 3:
        if (record.is_pull) return review(record, "bob", when);
        return comment(record, somebody(), sometime());
      case 4:
        if (!record.comments.empty()) record.comments.pop_back();
        return;
      case 5:
        if (!record.reviews.empty()) record.reviews.pop_back();
        return;
      case 6:
        record.author = below(2) == 1 ? account("cat") : PersonRecord{};
        return;
      case 7:
        if (record.is_pull) event(record, "merged", when), event(record, "closed", when);
        return;
      default:
        record.created_at = std::max(start, record.created_at - below(100) * kDay);
    }
  };
  for (int round = 0; round < 40; ++round) {
    {
      Writer writer(*database_, project, source);
      for (std::int64_t n = 1 + below(6); n > 0; --n) {
        if (below(4) == 0) {
          auto fresh = item(below(2) == 1, 200 + round * 10 + n, somebody(), format_time(sometime()));
          history.items.push_back(fresh);
        }
        auto& record = history.items[static_cast<std::size_t>(below(static_cast<std::int64_t>(history.items.size())))];
        change_item(record);
        History one;
        one.items = {record};
        writer.item(until(one, kForever).items.front());
      }
      if (below(3) == 0) {
        auto record = commit(0, somebody() + "x", "someone@example.org", sometime());
        record.sha = fingerprint("more" + std::to_string(commits++));
        record.on_default = below(4) > 0;
        writer.commit(record);
      }
      if (below(8) == 0) writer.tombstone({history.items.back().item_id(), "deleted", "", sometime()});
      if (below(10) == 0) writer.reachable({fingerprint("more0"), fingerprint("3")}, {});
      writer.mark("round", std::to_string(round));
      writer.checkpoint("done");
    }
    resolve_identities(*database_, project);
    if (below(5) == 0) {
      const auto& second = history.items[static_cast<std::size_t>(below(120))];
      const auto& first = history.items[static_cast<std::size_t>(below(120))];
      if (second.number != first.number && second.is_pull == first.is_pull)
        decide_move(*database_, project, second.item_id(), {"old.example.org", first.number, first.is_pull},
                    below(4) > 0, sometime(), {LinkRule{"never found (\\d+)", "old.example.org", "moving"}});
    }
    const bool anew = takes_mark_away(*database_, project, [&] { keep_summaries(here(), 0); });
    EXPECT_FALSE(anew) << "round " << round;
    ASSERT_TRUE(are_summaries_kept(here())) << "round " << round;
    const auto updated = kept_rows(*database_, project);
    first_lives += *database_->integer("SELECT count(*) FROM item_summary WHERE is_first_life = 1");
    database_->execute("DELETE FROM summary_state");
    keep_summaries(here(), 0);
    const auto counted = kept_rows(*database_, project);
    for (const auto& [table, rows] : counted) ASSERT_EQ(updated.at(table), rows) << table << " in round " << round;
  }
  EXPECT_GT(first_lives, 0);
  EXPECT_GT(newcomers, 0);
  // Who is who: a merge of two people, and another bot, count all anew.
  const auto expect_anew = [&](const std::string& what) {
    EXPECT_FALSE(are_summaries_kept(here())) << what;
    EXPECT_TRUE(takes_mark_away(*database_, project, [&] { keep_summaries(here(), 0); })) << what;
    ASSERT_TRUE(are_summaries_kept(here())) << what;
  };
  merge_people(*database_, project, find_person(*database_, project, "@ann"), find_person(*database_, project, "@bob"),
               kForever, BotRules{});
  expect_anew("people merged");
  resolve_identities(*database_, project, BotRules{{"cat"}, {}});
  expect_anew("another bot");
}

TEST_P(Metrics, AnEmptyProjectHasClaimsToo) {
  write(*database_, "empty", {});
  for (const auto& result : measures_analysis.run(context("empty", "2023-04-01"))) {
    EXPECT_FALSE(result.claim.empty());
    EXPECT_FALSE(result.definition.empty());
    EXPECT_FALSE(result.method.empty());
  }
  EXPECT_EQ(cycles_analysis.run(context("empty", "2023-04-01")).size(), 1u);
}

TEST_P(Metrics, EvidenceIsAQueryThatRunsAsItStands) {
  write(*database_, "small", small_history());
  for (const auto& metric : metrics()) {
    const Context here = context("small", "2023-04-01");
    const auto results = run_metric(metric, here);
    ASSERT_FALSE(results[0].evidence.empty());
    const auto rows = database_->query_untrusted(results[0].evidence[0].sql);
    std::size_t count = 0;
    while (rows->next()) ++count;
    if (metric.kind == MetricKind::table) {
      EXPECT_EQ(count, results[0].rows.size()) << metric.name;
    }
  }
}

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("resident-metrics-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path_ / name) << text; }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

// With a part of one's own, the summaries are of something else than what is asked for.
TEST_P(Metrics, AnOwnPartIsCountedFromEvents) {
  write(*database_, "small", small_history());
  keep_summaries(context("small", "2023-04-01"), 0);
  const Folder folder;
  folder.write(
      "human.sql",
      "-- name: human\n-- kind: part\n\nSELECT 0 AS identity_id, 0 AS person_id, 'nobody' AS name WHERE 1 = 0\n");
  Context here = context("small", "2023-04-01");
  EXPECT_FALSE(named(measures_analysis.run(here), "contributors").rows.empty());
  here.arguments = {{"folder", folder.path()}};
  EXPECT_TRUE(named(measures_analysis.run(here), "contributors").rows.empty());
}

TEST_P(Metrics, OneFileMakesANewMetric) {
  write(*database_, "small", small_history());
  const Folder folder;
  folder.write("own.sql", kOwn);
  Context here = context("small", "2023-04-01");
  EXPECT_THROW(find_metric(metrics_for(here), "own"), Error);
  here.arguments = {{"folder", folder.path()}};
  EXPECT_EQ(measures_analysis.run(here).front().name, "own");  // by its order
  here.arguments = {{"metric", "own"}};
  setenv("RESIDENT_METRICS", folder.path().c_str(), 1);
  const auto results = measures_analysis.run(here);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].claim, "6 items, issue first.");
  EXPECT_EQ(results[0].definition, "Items in all.");
  EXPECT_EQ(results[0].rows, (std::vector<std::vector<Cell>>{{std::string("issue"), std::int64_t{3}},
                                                             {std::string("pull"), std::int64_t{3}}}));
  here.arguments = {{"page", "own"}};
  EXPECT_EQ(measures_analysis.run(here).size(), 1u);
  // One of the same name takes the place of a built-in one.
  std::string other = kOwn;
  other.replace(other.find("own"), 3, "open_items");
  folder.write("open_items.sql", other);
  here.arguments = {{"metric", "open_items"}};
  EXPECT_EQ(measures_analysis.run(here)[0].title, "Own");
  // What the query gives is not what the front matter names.
  std::string wrong = kOwn;
  wrong.replace(wrong.find("AS items"), 8, "AS things");
  folder.write("own.sql", wrong);
  here.arguments = {{"metric", "own"}};
  try {
    measures_analysis.run(here);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("own.sql: the query gives other columns"), std::string::npos)
        << error.what();
  }
  unsetenv("RESIDENT_METRICS");
  here.arguments = {{"metric", "open_item"}};
  try {
    measures_analysis.run(here);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.hint(), "did you mean open_items? `resident measures --list` has all");
  }
  here.arguments = {{"folder", "/nowhere"}};
  EXPECT_THROW(measures_analysis.run(here), Error);
}

}  // namespace
}  // namespace resident

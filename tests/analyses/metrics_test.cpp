#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <analyses/metrics.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <store/identities.hpp>
#include <store/writer.hpp>

namespace resident {

extern const Analysis measures_analysis, cycles_analysis;

namespace {

Timestamp at(std::string_view text) {
  return *parse_time(text);
}

PersonRecord account(const std::string& login) {
  PersonRecord person;
  person.login = login;
  return person;
}

// What happened, from which a store as of any moment can be made.
struct History {
  std::vector<ItemRecord> items;
  std::vector<CommitRecord> commits;
  std::vector<ReferenceRecord> tags;
};

ItemRecord item(bool is_pull, std::int64_t number, const std::string& author, std::string_view created) {
  ItemRecord record;
  record.is_pull = is_pull;
  record.number = number;
  record.title = "title";
  if (!author.empty()) record.author = account(author);
  record.created_at = at(created);
  return record;
}

void event(ItemRecord& record, const std::string& kind, Timestamp time) {
  EventRecord each;
  each.kind = kind;
  each.actor = account("ann");
  each.occurred_at = time;
  record.events.push_back(each);
}

void comment(ItemRecord& record, const std::string& author, Timestamp time, const std::string& kind = "conversation") {
  CommentRecord each;
  each.key = "c" + std::to_string(record.comments.size());
  each.kind = kind;
  if (!author.empty()) each.author = account(author);
  each.created_at = time;
  record.comments.push_back(each);
}

void review(ItemRecord& record, const std::string& author, Timestamp time) {
  ReviewRecord each;
  each.key = "r" + std::to_string(record.reviews.size());
  each.author = account(author);
  each.submitted_at = time;
  record.reviews.push_back(each);
}

CommitRecord commit(int number, const std::string& name, const std::string& email, Timestamp time) {
  CommitRecord record;
  record.sha = std::string(39, 'a') + static_cast<char>('a' + number);
  record.parents = {"p"};
  record.author.provider = "git";
  record.author.name = name;
  record.author.email = email;
  record.committer = record.author;
  record.authored_at = record.committed_at = time;
  record.on_default = record.in_history = true;
  record.subject = "subject";
  return record;
}

// The history that was known until that moment, with the state the items had then.
History until(const History& full, Timestamp moment) {
  History past;
  for (ItemRecord record : full.items) {
    if (record.created_at >= moment) continue;
    std::erase_if(record.events, [&](const EventRecord& each) { return each.occurred_at > moment; });
    std::erase_if(record.comments, [&](const CommentRecord& each) { return each.created_at > moment; });
    std::erase_if(record.reviews, [&](const ReviewRecord& each) { return each.submitted_at > moment; });
    record.state = "open";
    record.closed_at = record.merged_at = std::nullopt;
    for (const auto& each : record.events) {
      const bool closes = each.kind == "closed";
      if (each.kind == "merged") record.merged_at = each.occurred_at;
      if (!closes && each.kind != "reopened") continue;
      record.state = closes ? "closed" : "open";
      record.closed_at = closes ? each.occurred_at : std::nullopt;
    }
    past.items.push_back(std::move(record));
  }
  for (const auto& each : full.commits)
    if (each.committed_at <= moment) past.commits.push_back(each);
  for (const auto& each : full.tags)
    if (each.at <= moment) past.tags.push_back(each);
  return past;
}

constexpr Timestamp kForever = 4102444800;  // 2100

std::int64_t write(Database& database, const std::string& project, const History& history) {
  const std::int64_t id = ensure_project(database, project);
  {
    Writer writer(database, id, ensure_source(database, id, "test", project));
    for (const auto& each : history.items) writer.item(each);
    for (const auto& each : history.commits) writer.commit(each);
    writer.references(history.tags);
    writer.checkpoint("done");
  }
  resolve_identities(database, id);
  return id;
}

// Three months of a small project; the figures in the tests below are counted by hand.
History small_history() {
  History history;
  auto one = item(false, 1, "ann", "2023-01-10T00:00:00Z");
  comment(one, "ann", at("2023-01-10T01:00:00Z"));
  comment(one, "dependabot[bot]", at("2023-01-10T02:00:00Z"));
  comment(one, "bob", at("2023-01-10T10:00:00Z"));
  event(one, "closed", at("2023-02-05"));
  event(one, "reopened", at("2023-02-10"));
  event(one, "closed", at("2023-03-01"));  // at the very end of February
  auto two = item(false, 2, "bob", "2023-01-31T23:59:59Z");
  event(two, "closed", at("2023-04-05"));
  comment(two, "ann", at("2023-04-04"));
  auto three = item(false, 3, "", "2023-02-01T00:00:00Z");  // at the very start of February
  comment(three, "", at("2023-02-01T01:00:00Z"));
  comment(three, "cat", at("2023-02-01T05:00:00Z"));
  auto four = item(true, 4, "ann", "2023-02-10T00:00:00Z");
  comment(four, "bob", at("2023-02-10T01:00:00Z"), "inline");
  review(four, "bob", at("2023-02-10T02:00:00Z"));
  event(four, "merged", at("2023-02-20"));
  event(four, "closed", at("2023-02-20"));
  auto five = item(true, 5, "cat", "2023-03-05T00:00:00Z");
  event(five, "closed", at("2023-03-10"));
  auto six = item(true, 6, "bob", "2023-03-20T00:00:00Z");
  review(six, "cat", at("2023-03-25"));
  auto seven = item(false, 7, "ann", "2023-04-02T00:00:00Z");
  history.items = {one, two, three, four, five, six, seven};
  auto merge = commit(1, "bob", "bob@users.noreply.github.com", at("2023-02-20"));
  merge.parents = {"p", "q"};
  auto side = commit(2, "cat", "cat@users.noreply.github.com", at("2023-02-21"));
  side.on_default = false;
  history.commits = {commit(0, "Ann", "ann@users.noreply.github.com", at("2023-01-15")),
                     merge,
                     side,
                     commit(3, "Dan", "dan@dan.org", at("2023-03-15")),
                     commit(4, "Ann", "ann@users.noreply.github.com", at("2023-03-16")),
                     commit(5, "dependabot[bot]", "robot@robots.org", at("2023-03-17")),
                     commit(6, "Eve", "eve@eve.org", at("2023-04-03"))};
  history.tags = {{"refs/tags/v1.0", "x", at("2023-01-14")},
                  {"refs/tags/v1.1", "x", at("2023-03-10")},
                  {"refs/tags/v1.1.1", "x", at("2023-03-12")},
                  {"refs/tags/v2.0", "x", at("2023-04-10")}};
  history = until(history, kForever);
  return history;
}

// Items, talk and commits at random, so that nothing that is forgotten below is missed.
History random_history(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t limit) { return static_cast<std::int64_t>(random() % limit); };
  const std::string people[] = {"ann", "bob", "cat", "dan", "eve", "dependabot[bot]", ""};
  const Timestamp start = at("2020-01-01"), span = 900 * kDay;
  History history;
  for (int number = 1; number <= 120; ++number) {
    auto record = item(below(2) == 1, number, people[below(7)], format_time(start + below(span)));
    Timestamp time = record.created_at;
    const bool merges = record.is_pull && below(2) == 1;
    for (std::int64_t changes = below(4), i = 0; i < changes; ++i) {
      time += 1 + below(60 * kDay);
      if (i + 1 == changes && merges && i % 2 == 0) event(record, "merged", time);
      event(record, i % 2 == 0 ? "closed" : "reopened", time);
    }
    for (std::int64_t i = below(5); i > 0; --i)
      comment(record, people[below(7)], record.created_at + below(90 * kDay),
              record.is_pull && below(2) ? "inline" : "conversation");
    for (std::int64_t i = record.is_pull ? below(4) : 0; i > 0; --i)
      review(record, people[below(5)], record.created_at + below(90 * kDay));
    history.items.push_back(std::move(record));
  }
  for (int number = 0; number < 80; ++number) {
    const std::string& name = people[below(5)];
    auto record = commit(0, name, name + "@users.noreply.github.com", start + below(span));
    record.sha = fingerprint(std::to_string(number));
    history.commits.push_back(record);
  }
  for (int number = 0; number < 5; ++number)
    history.tags.push_back({"refs/tags/v1." + std::to_string(number), "x", start + number * 170 * kDay});
  return until(history, kForever);
}

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

class Metrics : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    unsetenv("RESIDENT_METRICS");
    if (GetParam() == "sqlite") {
      database_ = Database::open(":memory:");
      return;
    }
    const char* url = std::getenv("RESIDENT_TEST_POSTGRES");
    if (!url) GTEST_SKIP() << "RESIDENT_TEST_POSTGRES is not set";
    url_ = url;
    open_postgres(url_, Access::write)
        ->execute_script("DROP SCHEMA IF EXISTS metrics_test CASCADE; CREATE SCHEMA metrics_test");
    database_ = Database::open(url_ + (url_.find('?') == std::string::npos ? "?" : "&") +
                               "options=-csearch_path%3Dmetrics_test");
  }
  void TearDown() override {
    database_.reset();
    if (!url_.empty()) open_postgres(url_, Access::write)->execute_script("DROP SCHEMA IF EXISTS metrics_test CASCADE");
  }

  Context context(const std::string& project, std::string_view as_of) {
    return open_context(*database_, Config(), project, at(as_of), kForever);
  }

  std::unique_ptr<Database> database_;
  std::string url_;
};

INSTANTIATE_TEST_SUITE_P(Engines, Metrics, testing::Values("sqlite", "postgresql"),
                         [](const auto& engine) { return engine.param; });

TEST_P(Metrics, FlowEqualsWhatIsCountedByHand) {
  write(*database_, "small", small_history());
  const auto results = measures_analysis.run(context("small", "2023-04-01"));
  const Result& open = named(results, "open_items");
  ASSERT_EQ(open.rows.size(), 3u);
  EXPECT_EQ(row(open, {"2023-01-01"}), (Row{{"month", "2023-01-01"}, {"open_issues", "2"}, {"open_pulls", "0"}}));
  EXPECT_EQ(row(open, {"2023-02-01"}), (Row{{"month", "2023-02-01"}, {"open_issues", "2"}, {"open_pulls", "0"}}));
  EXPECT_EQ(row(open, {"2023-03-01"}), (Row{{"month", "2023-03-01"}, {"open_issues", "2"}, {"open_pulls", "1"}}));
  EXPECT_EQ(open.claim, "2 issues and 1 pull request are open; at the end of the month before it was 2 and 0.");

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
            "Half of the pull requests are closed within 10 d; of the issues, fewer than half have been closed.");
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
  EXPECT_EQ(row(cycles_analysis.run(configured)[0], {"since 3.0"})["commits"], "2");
  configured.config.releases.clear();
  configured.config.release_tags = "^none$";
  EXPECT_EQ(cycles_analysis.run(configured)[0].claim, "No release is known, so there are no cycles to compare.");
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

const std::string kOwn =
    "-- name: own\n-- title: Own\n-- question: How many?\n-- definition: Items\n--     in all.\n-- page: own\n-- "
    "order: 5\n"
    "-- claim: {sum:items|item|items}, {first:kind} first.\n-- claim: None.\n-- chart: bar\n-- x: kind\n-- y: items\n"
    "-- column: kind | Kind | text\n-- column: items | Items | integer | items\n-- uses: item_then\n\n"
    "-- A remark.\nSELECT kind, count(*) AS items FROM item_then GROUP BY kind ORDER BY kind;\n";

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
    EXPECT_EQ(error.hint(), "did you mean open_items?");
  }
  here.arguments = {{"folder", "/nowhere"}};
  EXPECT_THROW(measures_analysis.run(here), Error);
}

TEST(MetricFile, ErrorsNameFileAndLine) {
  const auto message = [](std::string from, const std::string& to) {
    std::string text = kOwn;
    if (!from.empty()) text.replace(text.find(from), from.size(), to);
    try {
      parse_metric(text, "folder/own.sql");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message("", ""), "no error");
  EXPECT_EQ(message("-- title: Own", "-- titel: Own"), "folder/own.sql:2: there is no key titel");
  EXPECT_EQ(message("-- title: Own\n", ""), "folder/own.sql:1: there is no title");
  EXPECT_EQ(message("-- title: Own", "-- Own"), "folder/own.sql:2: expected `-- key: value`, found: -- Own");
  EXPECT_EQ(message("-- title: Own", "-- title:"), "folder/own.sql:2: title has no value");
  EXPECT_EQ(message("-- order: 5", "-- order: five"), "folder/own.sql:7: order is not a whole number: five");
  EXPECT_EQ(message("-- chart: bar", "-- chart: pie"), "folder/own.sql:10: there is no chart pie");
  EXPECT_EQ(message("| integer |", "| count |"), "folder/own.sql:14: there is no column type count");
  EXPECT_EQ(message("-- x: kind", "-- x: kinds"), "folder/own.sql:1: x names no column: kinds");
  EXPECT_EQ(message("-- order: 5", "-- title: Two"), "folder/own.sql:7: title is there twice");
  EXPECT_EQ(message("name: own", "name: other"), "folder/own.sql:1: the name is other, but the file is own.sql");
  EXPECT_EQ(message("SELECT kind, count(*) AS items FROM item_then GROUP BY kind ORDER BY kind;", ""),
            "folder/own.sql:1: there is no query below the front matter");
  EXPECT_EQ(message("-- page: own", "-- kind: survival\n-- page: own"),
            "folder/own.sql:1: kind survival takes one column, the group");
}

TEST(MetricFile, PartsComeBeforeTheQuery) {
  std::vector<Metric> list{
      parse_metric("-- name: a\n-- kind: part\n\nSELECT 1 AS x\n", "a.sql"),
      parse_metric("-- name: b\n-- kind: part\n-- materialized: yes\n-- uses: a\n\nSELECT x FROM a\n", "b.sql"),
      parse_metric(kOwn, "own.sql")};
  list[2].uses = {"b", "a"};
  list[2].sql = "WITH c AS (SELECT 2) SELECT * FROM b";
  compose_metrics(list);
  EXPECT_EQ(list[2].sql,
            "WITH RECURSIVE a AS (\nSELECT 1 AS x\n),\nb AS MATERIALIZED (\nSELECT x FROM a\n),\n"
            "c AS (SELECT 2) SELECT * FROM b");
  list[2].uses = {"aa"};
  EXPECT_THROW(compose_metrics(list), Error);
  list[0].uses = {"b"};
  list[2].uses = {"a"};
  EXPECT_THROW(compose_metrics(list), Error);
}

TEST(MetricFile, EveryBuiltInMetricSaysWhatItIs) {
  ASSERT_GT(metrics().size(), 10u);
  for (const auto& metric : metrics()) {
    EXPECT_NE(metric.definition.find("CHAOSS"), std::string::npos) << metric.name;
    EXPECT_TRUE(metric.source.starts_with("https://chaoss.community/")) << metric.name;
    EXPECT_NE(metric.sql.find(":project"), std::string::npos) << metric.name;
    EXPECT_NE(metric.sql.find(":as_of"), std::string::npos) << metric.name;
  }
}

}  // namespace
}  // namespace resident

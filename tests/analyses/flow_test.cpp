// `flow` and `plan backlog` over made-up threads whose days are known; on both engines.
#include <gtest/gtest.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <base/error.hpp>
#include <model/queues/turn_times.hpp>
#include <model/releases.hpp>
#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {

extern const Analysis flow_analysis, backlog_analysis;

namespace {

using namespace test;

const Timestamp kBegin = at("2022-01-03");

Timestamp day(double days) {
  return kBegin + static_cast<Timestamp>(days * kDay);
}

void verdict(ItemRecord& record, const std::string& who, const std::string& state, Timestamp time) {
  review(record, who, time);
  record.reviews.back().state = state;
}

void end(ItemRecord& record, Timestamp time, bool is_merged) {
  if (is_merged) {
    event(record, "merged", time);
    record.merged_at = time;
  }
  event(record, "closed", time);
  record.closed_at = time;
  record.state = "closed";
}

class FlowOf : public OnEachEngine {
 protected:
  FlowOf() : OnEachEngine("flow_test") {}
  Context context(Timestamp as_of, std::map<std::string, std::string> arguments = {}) {
    Context made = open_context(*database_, Config(), "flow", as_of, kForever);
    made.config.review.approval_by_comment = "yes";
    made.arguments = std::move(arguments);
    return made;
  }
  std::map<std::int64_t, TurnTimes> times(Timestamp as_of, Timestamp limit = 1000 * kDay) {
    const Context now = context(as_of);
    const People people = load_people(now);
    const auto items = load_flow_items(now, people);
    const auto of_all = load_turn_times(now, people, items, limit);
    std::map<std::int64_t, TurnTimes> found;
    for (std::size_t i = 0; i < items.size(); ++i) found[items[i].number] = of_all[i];
    return found;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, FlowOf, kEngines, engine_name);

// Days of reviewers, author and CI are known of each thread.
History threads() {
  History history;
  auto one = item(true, 1, "ann", format_time(day(0)));
  comment(one, "bob", day(2));              // reviewer 2
  comment(one, "helper[bot]", day(3));      // says nothing
  event(one, "committed", day(5));          // author 3
  verdict(one, "bob", "approved", day(8));  // reviewer 3, of which CI 1
  end(one, day(10), true);                  // who merges 2
  auto two = item(true, 2, "eve", format_time(day(0)));
  event(two, "ready_for_review", day(3));            // a draft: author 3
  verdict(two, "bob", "changes_requested", day(4));  // reviewer 1
  comment(two, "eve", day(5));                       // answers no request for changes
  event(two, "head_ref_force_pushed", day(6));       // author 2
  comment(two, "bob", day(7));
  two.comments.back().body = "ACK 0123abc";  // reviewer 1; approved in words
  end(two, day(9), false);                   // who merges 2
  auto three = item(true, 3, "ann", format_time(day(0)));
  event(three, "convert_to_draft", day(1));            // reviewer 1
  event(three, "ready_for_review", day(2));            // author 1
  verdict(three, "bob", "changes_requested", day(3));  // reviewer 1
  verdict(three, "cat", "approved", day(4));           // bob's request stands
  event(three, "review_requested", day(6));            // author 3
  end(three, day(7), false);                           // reviewer 1
  event(three, "reopened", day(17));                   // closed: nobody's
  three.state = "open";
  three.closed_at.reset();
  history.items = {one, two, three, item(true, 4, "ann", format_time(day(0))),
                   item(false, 5, "ann", format_time(day(0)))};
  return history;
}

TEST_P(FlowOf, TimeIsSplitByWhoseTurnItWas) {
  const std::int64_t project = write(*database_, "flow", threads());
  const auto run = [&](const char* key, std::int64_t item, double from, double until, const char* conclusion) {
    database_->execute(
        "INSERT INTO ci_run (project_id, run_key, source_id, name, item_id, status, conclusion, started_at, "
        "finished_at) VALUES (:project, :key, 1, 'build', :item, 'completed', :conclusion, :from, :until)",
        {{"project", project},
         {"key", key},
         {"item", item},
         {"conclusion", conclusion},
         {"from", day(from)},
         {"until", day(until)}});
  };
  run("a", 3, 5, 5.5, "success");
  run("b", 3, 5.25, 6, "success");
  run("c", 3, 3.5, 4.5, "success");  // while it is the author's turn
  run("d", 9, 1, 2, "failure");
  const auto split = times(day(20));
  ASSERT_EQ(split.size(), 5u);
  const auto is = [&](std::int64_t number, double reviewer, double author, double ci, int returns) {
    const TurnTimes& each = split.at(number);
    EXPECT_EQ(each.reviewer, static_cast<Timestamp>(reviewer * kDay)) << number;
    EXPECT_EQ(each.author, static_cast<Timestamp>(author * kDay)) << number;
    EXPECT_EQ(each.ci, static_cast<Timestamp>(ci * kDay)) << number;
    EXPECT_EQ(each.returns, returns) << number;
  };
  is(1, 6, 3, 1, 1);
  is(2, 4, 5, 0, 1);
  is(3, 6, 4, 0, 2);
  is(4, 1, 18, 1, 1);  // CI failed after a day of running
  is(5, 0, 0, 0, 0);   // an issue is nobody's turn
  EXPECT_TRUE(split.at(1).has_checks);
  EXPECT_FALSE(split.at(2).has_checks);
  EXPECT_TRUE(split.at(4).is_authors);
  const auto first = times(day(20), 4 * kDay);
  EXPECT_EQ(first.at(1).reviewer + first.at(1).author, 4 * kDay);
  // Nothing later reaches it.
  const auto then = times(day(4.5));
  EXPECT_EQ(then.at(1).author, static_cast<Timestamp>(2.5 * kDay));
  EXPECT_EQ(then.at(2).author, static_cast<Timestamp>(3.5 * kDay));
}

// Pull requests, one a day, each answered after a day and merged after five.
History many(int count) {
  History history;
  for (int k = 0; k < count; ++k) {
    auto pull = item(true, k + 1, k % 3 == 0 ? "new" + std::to_string(k) : "ann", format_time(day(k)));
    pull.labels = {k % 4 == 0 ? "deps" : "bug"};
    comment(pull, "bob", day(k + 1));
    event(pull, "committed", day(k + 3));
    verdict(pull, "bob", k % 10 == 0 ? "changes_requested" : "approved", day(k + 4));
    if (k % 5 != 0) end(pull, day(k + 5), true);
    history.items.push_back(std::move(pull));
  }
  return history;
}

TEST_P(FlowOf, TellsWhoseTurnAndByWhichPhase) {
  History history = many(400);
  for (const int when : {-10, 80, 170, 260}) {
    ReferenceRecord tag;
    tag.name = "refs/tags/v1." + std::to_string(when + 10);
    tag.sha = std::string(40, 'b');
    tag.at = day(when);
    history.tags.push_back(tag);
  }
  write(*database_, "flow", history);
  const auto results = flow_analysis.run(context(day(400)));
  ASSERT_EQ(results.size(), 5u);
  EXPECT_EQ(results[1].name, "flow_turns");
  EXPECT_TRUE(results[1].claim.starts_with("Of the ")) << results[1].claim;
  EXPECT_NE(results[1].coverage.find("No check"), std::string::npos);
  for (const auto& row : results[1].rows) ASSERT_EQ(row.size(), results[1].columns.size());
  const auto phases = flow_analysis.run(context(day(400), {{"by", "phase"}}));
  std::set<std::string> groups;
  for (const auto& row : phases[0].rows) groups.insert(std::get<std::string>(row[2]));
  EXPECT_EQ(groups,
            (std::set<std::string>{"all", "1: after a release", "2: middle of the cycle", "3: before a release"}));
  EXPECT_EQ(flow_analysis.run(context(day(30)))[1].rows.size(), 0u);
  EXPECT_TRUE(flow_analysis.run(context(day(30)))[1].claim.starts_with("Too few to tell whose turn"));
}

// Of an even number the median lies between the two in the middle, here as in the measures.
TEST_P(FlowOf, TheMedianOfTwoIsBetweenThem) {
  History history;
  for (const int number : {1, 2}) {
    history.items.push_back(item(true, number, "ann", format_time(day(10 * number))));
    history.items.push_back(item(false, 10 + number, "ann", format_time(day(10 * number))));
  }
  write(*database_, "flow", history);
  const auto turns = find_analysis("review").run(context(day(40), {{"summary", "yes"}}));
  ASSERT_EQ(turns[0].name, "review_turns");
  EXPECT_EQ(turns[0].rows[1][0], Cell("reviewer"));
  EXPECT_EQ(turns[0].rows[1][2], Cell(25 * kDay));
  for (const char* kind : {"pull", "issue"}) {
    const auto plan =
        backlog_analysis.run(context(day(40), {{"target", "1"}, {"by", format_date(day(60))}, {"kind", kind}}));
    const auto places =
        std::find_if(plan.begin(), plan.end(), [](const Result& each) { return each.name == "backlog_places"; });
    ASSERT_NE(places, plan.end());
    EXPECT_EQ(places->rows[0][3], Cell(static_cast<double>(25 * kDay))) << kind;
  }
  try {
    backlog_analysis.run(context(day(40), {{"target", "few"}, {"by", format_date(day(60))}}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.hint(), "") << "it must be given: nothing is taken without it";
  }
}

TEST(Releases, ThirdsOfACycle) {
  const std::vector<Release> releases{{"1.0", 0, ""}, {"1.1", 90, ""}, {"1.2", 120, ""}};
  EXPECT_EQ(third_of_cycle(releases, -1), 0);
  EXPECT_EQ(third_of_cycle(releases, 0), 1);
  EXPECT_EQ(third_of_cycle(releases, 30), 2);
  EXPECT_EQ(third_of_cycle(releases, 89), 3);
  EXPECT_EQ(third_of_cycle(releases, 90), 1);
  EXPECT_EQ(third_of_cycle(releases, 120), 0);  // the cycle goes on
  EXPECT_EQ(third_of_cycle({}, 5), 0);
}

TEST_P(FlowOf, ThePlanHasItsWaysAndIsHeldAgainstWhatCame) {
  write(*database_, "flow", many(400));
  const auto run = [&](std::map<std::string, std::string> more) {
    std::map<std::string, std::string> arguments{{"target", "40"}, {"by", format_date(day(480))}};
    arguments.merge(more);
    return backlog_analysis.run(context(day(400), arguments));
  };
  const auto results = run({});
  ASSERT_EQ(results.size(), 5u);
  const auto way = [&](std::string_view begin) {
    for (const auto& row : results[0].rows)
      if (std::get<std::string>(row[0]).starts_with(begin)) return row;
    throw std::runtime_error("no way " + std::string(begin));
  };
  const double as_it_goes = std::get<double>(way("as it goes")[1]);
  EXPECT_LT(std::get<double>(way("a half-time resident")[1]), as_it_goes);
  EXPECT_LT(std::get<double>(way("automation of what is labelled bug")[1]), as_it_goes);
  const auto floor = way("a half-time resident");
  EXPECT_LT(std::get<double>(floor[2]), std::get<double>(floor[3]));  // never as sure as a single figure
  EXPECT_TRUE(results[1].claim.starts_with("The plan begins on")) << results[1].claim;
  EXPECT_EQ(results[1].rows.size(), 12u);
  // 80 were never merged; of those that were touched last more than 90 days before, bob asked for changes in half.
  std::int64_t theirs = 0, ours = 0;
  for (const auto& row : results[2].rows) {
    theirs += std::get<std::int64_t>(row[1]);
    ours += std::get<std::int64_t>(row[2]);
  }
  EXPECT_EQ(theirs + ours, 62);
  EXPECT_EQ(theirs, 31);
  const auto held = run({{"since", format_date(day(350))}, {"automate", "deps"}});
  EXPECT_NE(held[1].claim.find("after the plan of " + format_date(day(350))), std::string::npos) << held[1].claim;
  std::size_t known = 0;
  for (const auto& row : held[1].rows) known += std::holds_alternative<std::int64_t>(row[5]);
  EXPECT_EQ(known, 7u);
  EXPECT_EQ(std::get<std::int64_t>(held[1].rows[0][6]), 7);  // one a day came
  EXPECT_THROW(run({{"automate", "depz"}}), Error);
  EXPECT_THROW(run({{"since", format_date(day(401))}}), Error);
}

}  // namespace
}  // namespace resident

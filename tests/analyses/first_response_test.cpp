// What `first-response` says of made-up newcomers, on both engines: who they were when they came decides, and not what
// became of them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <framework/analysis.hpp>
#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {

extern const Analysis first_response_analysis;

namespace {

using namespace test;

constexpr int kNewcomers = 120;
const Timestamp kFrom = at("2022-01-03");

// Every second newcomer is answered on the day; of these every second comes back after 20 days, of the others every
// fourth. Who is answered and comes back merges pull requests a year later. A founder committed long before.
History newcomers_history() {
  History history;
  std::int64_t number = 0;
  for (int i = 0; i < kNewcomers; ++i) {
    const std::string name = fmt::format("new{}", i);
    const Timestamp created = kFrom + i * 3 * kDay + (i % 7) * kHour;
    auto first = item(i % 3 == 0, ++number, name, format_time(created));
    const bool is_answered = i % 2 == 0;
    if (is_answered) comment(first, "bob", created + kHour);
    history.items.push_back(first);
    if (!(is_answered ? i % 4 == 0 : i % 8 == 1)) continue;
    history.items.push_back(item(false, ++number, name, format_time(created + 20 * kDay)));
    if (!is_answered) continue;
    auto merged = item(true, ++number, "bob", format_time(created + 400 * kDay));
    event(merged, "merged", created + 401 * kDay);
    merged.events.back().actor = account(name);
    merged.state = "closed";
    merged.merged_at = merged.closed_at = created + 401 * kDay;
    history.items.push_back(merged);
  }
  auto own = item(false, ++number, "founder", format_time(kFrom + 5 * kDay));
  own.author.email = "founder@example.org";
  history.items.push_back(own);
  history.commits.push_back(commit(1, "founder", "founder@example.org", kFrom - 400 * kDay));
  return history;
}

class FirstResponse : public OnEachEngine {
 protected:
  FirstResponse() : OnEachEngine("first_response_test") {}
};

INSTANTIATE_TEST_SUITE_P(Engines, FirstResponse, kEngines, engine_name);

TEST_P(FirstResponse, WhatBecameOfNewcomersDecidesNothing) {
  write(*database_, "busy", newcomers_history());
  const Context context = open_context(*database_, Config(), "busy", kFrom + 1000 * kDay, kForever);
  const Result result = first_response_analysis.run(context).front();
  ASSERT_FALSE(result.rows.empty()) << result.claim;
  const auto& plain = result.rows.front();
  EXPECT_EQ(result.sample_size, kNewcomers + 1) << "bob among them; the founder is none";
  EXPECT_NEAR(std::get<double>(plain[result.column("answered")]), 0.5, 0.02);
  EXPECT_NEAR(std::get<double>(plain[result.column("others")]), 0.25, 0.02);
}

}  // namespace
}  // namespace resident

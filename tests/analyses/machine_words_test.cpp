// Comments and reviews that are only commands to machines ("/retest") answer nobody: in the measures, with and without
// what is kept, in flow, and among contributors.
#include <gtest/gtest.h>

#include <analyses/flow/metrics.hpp>
#include <model/flow_items.hpp>
#include <store/machine_words.hpp>
#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {

extern const Analysis measures_analysis;

namespace {

using namespace test;

void says(ItemRecord& record, const std::string& author, std::string_view time, const std::string& body) {
  comment(record, author, at(time));
  record.comments.back().body = body;
}

History history() {
  History made;
  auto first = item(true, 1, "ann", "2023-01-01T00:00:00Z");
  says(first, "bob", "2023-01-01T01:00:00Z", "/retest");
  says(first, "bob", "2023-01-01T02:00:00Z", "@dependabot rebase");
  says(first, "bob", "2023-01-01T03:00:00Z", "bors r+\n");
  says(first, "bob", "2023-01-03T00:00:00Z", "What is this for?\n/retest");
  made.items.push_back(first);
  auto second = item(true, 2, "ann", "2023-01-01T00:00:00Z");
  review(second, "bob", at("2023-01-01T01:00:00Z"));
  second.reviews.back().state = "commented";
  second.reviews.back().body = "/ok-to-test";
  review(second, "bob", at("2023-01-05T00:00:00Z"));
  second.reviews.back().state = "approved";
  second.reviews.back().body = "/lgtm";
  made.items.push_back(second);
  auto third = item(false, 3, "ann", "2023-01-01T00:00:00Z");
  says(third, "bob", "2023-01-01T01:00:00Z", "/remove-lifecycle stale");
  made.items.push_back(third);
  return made;
}

std::string cell(const std::vector<Result>& results, const std::string& name, const std::vector<std::string>& first,
                 const std::string& column) {
  for (const Result& result : results)
    for (const auto& row : result.rows) {
      if (result.name != name) continue;
      bool is_it = true;
      for (std::size_t i = 0; i < first.size(); ++i)
        is_it = is_it && raw_cell(row[i], result.columns[i].type) == first[i];
      for (std::size_t i = 0; is_it && i < result.columns.size(); ++i)
        if (result.columns[i].name == column) return raw_cell(row[i], result.columns[i].type);
    }
  return "no such row";
}

class MachineWords : public OnEachEngine {
 protected:
  MachineWords() : OnEachEngine("machine_words_test") { unsetenv("RESIDENT_METRICS"); }

  Context context() { return open_context(*database_, Config(), "p", at("2023-02-01"), kForever); }

  std::string answers() {
    const auto results = measures_analysis.run(context());
    const auto figure = [&](const char* kind, const char* column) {
      return cell(results, "time_to_first_response", {kind}, column);
    };
    return figure("pull requests", "happened") + " " + figure("pull requests", "median_happened") + " " +
           figure("issues", "happened");
  }

  std::string marked() {
    std::string result;
    for (const std::string table : {"comment", "review"})
      for (const auto rows =
               database_->query("SELECT item_id, is_command FROM " + table + " ORDER BY item_id, " + table + "_key");
           rows->next();)
        result += rows->integer(1) == 1 ? "1" : "0";
    return result;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, MachineWords, kEngines, engine_name);

// 2 d and 4 d; an approval counts, whatever its words are.
TEST_P(MachineWords, AreNoFirstResponse) {
  write(*database_, "p", history());
  EXPECT_EQ(answers(), "2 259200 0");
  keep_summaries(context(), 0);
  ASSERT_TRUE(are_summaries_kept(context()));
  EXPECT_EQ(answers(), "2 259200 0");
  std::string flow;
  for (const FlowItem& item : load_flow_items(context(), load_people(context())))
    flow += std::to_string(item.number) + " " + (item.responded ? format_time(*item.responded) : "-") + " " +
            (item.reviewed ? format_time(*item.reviewed) : "-") + "\n";
  EXPECT_EQ(flow, "1 2023-01-03T00:00:00Z -\n2 2023-01-05T00:00:00Z 2023-01-05T00:00:00Z\n3 - -\n");
}

TEST_P(MachineWords, OfAnOlderStoreAreMarkedTheSame) {
  write(*database_, "p", history());
  const std::string now = marked();
  EXPECT_EQ(now, "1110110");
  for (const char* table : {"comment", "review"})
    database_->execute(std::string("UPDATE ") + table + " SET is_command = 0");
  mark_machine_words(*database_);
  EXPECT_EQ(marked(), now);
}

}  // namespace
}  // namespace resident

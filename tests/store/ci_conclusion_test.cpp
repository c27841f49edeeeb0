#include <gtest/gtest.h>

#include <store/ci_conclusion.hpp>
#include <store/writer.hpp>

namespace resident {
namespace {

TEST(CiConclusion, KnowsTheWordsOfTheForges) {
  for (const char* word : {"failure", "FAILURE", "failed", "error", "timed_out", "startup_failure", "action_required"})
    EXPECT_TRUE(is_failure(word)) << word;
  for (const char* word : {"", "success", "neutral", "cancelled", "canceled", "skipped", "stale", "warning", "manual",
                           "pending", "running", "something new"})
    EXPECT_FALSE(is_failure(word)) << word;
  EXPECT_EQ(ci_conclusion_name(ci_conclusion("canceled")), "cancelled");
  EXPECT_EQ(ci_conclusion_name(ci_conclusion("failed")), "failure");
  EXPECT_EQ(ci_conclusion("pending"), CiConclusion::none);
}

TEST(CiConclusion, IsStoredInOneWord) {
  auto database = Database::open(":memory:");
  const auto project = ensure_project(*database, "p");
  Writer writer(*database, project, ensure_source(*database, project, "test", "x"));
  for (const char* word : {"failed", "canceled", "Success", "unheard-of", "pending"}) {
    CiRunRecord run;
    run.key = run.name = word;
    run.status = "completed";
    run.conclusion = word;
    writer.ci_run(run);
  }
  writer.checkpoint("done");
  std::string stored;
  for (const auto rows = database->query("SELECT COALESCE(conclusion, '-') FROM ci_run ORDER BY run_key");
       rows->next();)
    stored += rows->string(0) + " ";
  EXPECT_EQ(stored, "success cancelled failure - unheard-of ");
}

}  // namespace
}  // namespace resident

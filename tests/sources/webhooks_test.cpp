#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <base/error.hpp>
#include <filesystem>
#include <sources/github/webhooks.hpp>
#include <store/writer.hpp>

namespace resident::github {
namespace {

// The example of GitHub's documentation, "Validating webhook deliveries".
TEST(Webhooks, TheSignatureIsGitHubs) {
  EXPECT_EQ(signature_of("It's a Secret to Everybody", "Hello, World!"),
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
  EXPECT_TRUE(is_signed("s", "body", signature_of("s", "body")));
  EXPECT_FALSE(is_signed("s", "body ", signature_of("s", "body")));
  EXPECT_FALSE(is_signed("t", "body", signature_of("s", "body")));
  EXPECT_FALSE(is_signed("", "body", signature_of("", "body")));
  EXPECT_FALSE(is_signed("s", "body", ""));
  EXPECT_FALSE(is_signed("s", "body", "sha256="));
}

using Numbers = std::vector<std::int64_t>;

TEST(Webhooks, WhatADeliverySpeaksOf) {
  EXPECT_EQ(read_delivery("a-1", "issues", R"({"action":"opened","issue":{"number":7}})").numbers, Numbers{7});
  EXPECT_EQ(
      read_delivery("a-1", "pull_request", R"({"action":"closed","number":9,"pull_request":{"number":9}})").numbers,
      Numbers{9});
  EXPECT_EQ(read_delivery("a-1", "check_run", R"({"check_run":{"pull_requests":[{"number":3}]}})").numbers, Numbers{3});
  EXPECT_EQ(
      read_delivery("a-1", "check_run", R"({"check_run":{"pull_requests":[{"number":3},{"number":5},{"number":3}]}})")
          .numbers,
      (Numbers{3, 5}));
  EXPECT_THROW(read_delivery("a-1", "check_suite", R"({"check_suite":{"pull_requests":[{"number":3},{"number":0}]}})"),
               Error);
  EXPECT_FALSE(read_delivery("a-1", "star", R"({"action":"created"})").ignored.empty());
  EXPECT_FALSE(read_delivery("a-1", "push", R"({"ref":"refs/heads/main"})").ignored.empty());
  EXPECT_THROW(read_delivery("", "issues", "{}"), Error);
  EXPECT_THROW(read_delivery("a'; DROP", "issues", "{}"), Error);
  EXPECT_THROW(read_delivery("a-1", "issues", "{"), Error);
  EXPECT_THROW(read_delivery("a-1", "issues", "[]"), Error);
  EXPECT_THROW(read_delivery("a-1", "issues", "payload=%7B%7D"), Error);
  for (const char* number : {"0", "-1", "2147483648", "9223372036854775807"})
    EXPECT_THROW(read_delivery("a-1", "issues", fmt::format(R"({{"issue":{{"number":{}}}}})", number)), Error);
}

TEST(Webhooks, ACheckOfSeveralPullRequestsHasEachRead) {
  const auto database = Database::open(":memory:");
  const auto project = ensure_project(*database, "p");
  const auto check = read_delivery("d1", "check_run", R"({"check_run":{"pull_requests":[{"number":3},{"number":5}]}})");
  EXPECT_EQ(keep_deliveries(*database, project, {check}, 100), 1);
  EXPECT_EQ(waiting_items(*database, project, 10), (Numbers{3, 5}));
  begin_reading(*database, project, {3});
  settle_deliveries(*database, project, {3});
  EXPECT_EQ(waiting_items(*database, project, 10), Numbers{5});
  EXPECT_EQ(keep_deliveries(*database, project, {check}, 200), 0);  // a replay
  EXPECT_EQ(waiting_items(*database, project, 10), Numbers{5});
}

TEST(Webhooks, OfManyAtOnceEachIsKeptOnce) {
  const auto database = Database::open(":memory:");
  const auto project = ensure_project(*database, "p");
  std::vector<Delivery> deliveries;
  for (int i = 0; i < 900; ++i) {
    const std::string body =
        fmt::format(R"({{"check_run":{{"pull_requests":[{{"number":{}}},{{"number":9}}]}}}})", i + 10);
    deliveries.push_back(read_delivery(fmt::format("d{}", i % 450), "check_run", body));
  }
  EXPECT_EQ(keep_deliveries(*database, project, deliveries, 100), 450);
  EXPECT_EQ(database->integer("SELECT count(*) FROM webhook_delivery"), 900) << "two items each, of the first";
  EXPECT_EQ(database->integer("SELECT max(number) FROM webhook_delivery"), 459);
  EXPECT_EQ(keep_deliveries(*database, project, deliveries, 100), 0);
}

TEST(Webhooks, EachIsKeptOnceAndSettledOnce) {
  const std::string file = testing::TempDir() + "webhooks-" + std::to_string(getpid()) + ".db";
  std::filesystem::remove(file);
  const auto database = Database::open(file);
  const auto project = ensure_project(*database, "p");
  const auto one = read_delivery("d1", "issues", R"({"issue":{"number":7}})");
  const auto two = read_delivery("d2", "issues", R"({"issue":{"number":7}})");
  const auto other = read_delivery("d3", "issues", R"({"issue":{"number":8}})");
  EXPECT_EQ(keep_deliveries(*database, project, {one, two}, 100), 2);
  EXPECT_EQ(keep_deliveries(*database, project, {one, other}, 200), 1);  // a replay
  EXPECT_EQ(waiting_items(*database, project, 10), (std::vector<std::int64_t>{7, 8}));
  begin_reading(*database, project, {7, 8});
  const auto late = read_delivery("d4", "issues", R"({"issue":{"number":8}})");
  EXPECT_EQ(keep_deliveries(*database, project, {late}, 200), 1);
  EXPECT_EQ(waiting_items(*database, project, 10), (std::vector<std::int64_t>{7, 8}));  // a reading that was cut off
  settle_deliveries(*database, project, {7, 8});
  EXPECT_EQ(waiting_items(*database, project, 10), std::vector<std::int64_t>{8});  // came while it was read
  EXPECT_EQ(keep_deliveries(*database, project, {one}, 300), 0);
  EXPECT_EQ(waiting_items(*database, project, 10), std::vector<std::int64_t>{8});
  // What is done with is forgotten after a while; what waits is not.
  EXPECT_EQ(forget_deliveries(*database, project, 150, 10), 1 + 1);
  EXPECT_EQ(forget_deliveries(*database, project, 1000, 1), 1);
  EXPECT_EQ(forget_deliveries(*database, project, 1000, 10), 0);
  EXPECT_EQ(waiting_items(*database, project, 10), std::vector<std::int64_t>{8});
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace resident::github

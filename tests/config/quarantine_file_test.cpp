#include <gtest/gtest.h>

#include <base/error.hpp>
#include <config/quarantine_file.hpp>

namespace resident {
namespace {

QuarantineEntry entry() {
  return {"tests.test_io", "test_seek[\"a\\b\" \x01]",     {"linux x86-64", "mac"},   "ada",
          "#12",           "failed 13 of 412 first tries", *parse_time("2026-11-30"), *parse_time("2026-12-30")};
}

TEST(QuarantineFile, ReadsWhatItWrote) {
  QuarantineEntry other = entry();
  other.suite.clear(), other.issue.clear(), other.test = "plain";
  // Control characters are no text: they come back as what clean_text makes of them.
  QuarantineEntry first = entry();
  first.test = "test_seek[\"a\\b\"]";
  const auto read = read_quarantine(quarantine_text({first, other}), "q.toml");
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].suite, first.suite);
  EXPECT_EQ(read[0].test, first.test);
  EXPECT_EQ(read[0].configurations, first.configurations);
  EXPECT_EQ(read[0].owner, "ada");
  EXPECT_EQ(read[0].issue, "#12");
  EXPECT_EQ(read[0].reason, first.reason);
  EXPECT_EQ(read[0].since, first.since);
  EXPECT_EQ(read[0].review_by, first.review_by);
  EXPECT_EQ(read[1].name(), "plain");
  EXPECT_TRUE(read_quarantine("", "q.toml").empty());
  EXPECT_EQ(read_quarantine(quarantine_text({entry()}), "q.toml").size(), 1U);
}

TEST(QuarantineFile, HoldsOnItsLastDay) {
  const QuarantineEntry one = entry();
  EXPECT_FALSE(one.is_over(*parse_time("2026-12-30T23:59:59Z")));
  EXPECT_TRUE(one.is_over(*parse_time("2026-12-31")));
}

std::string refused(const std::string& text) {
  try {
    read_quarantine(text, "q.toml");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(QuarantineFile, SaysWhereAndWhat) {
  const std::string good =
      "[[quarantine]]\ntest = \"t\"\nowner = \"ada\"\nsince = 2026-11-30\nreview-by = 2026-12-30\nconfigurations = "
      "[\"linux\"]\n";
  EXPECT_EQ(refused(good), "");
  EXPECT_TRUE(refused("[[quarantine]\n").starts_with("q.toml: line 1: ")) << refused("[[quarantine]\n");
  EXPECT_EQ(refused("tests = 1\n"), "q.toml: there is no tests");
  EXPECT_EQ(refused(good + "ownr = \"eve\"\n"), "q.toml: line 1: there is no ownr");
  EXPECT_EQ(refused("\n[[quarantine]]\nowner = \"ada\"\n"), "q.toml: line 2: test must be a text of at most 500 bytes");
  EXPECT_NE(refused("[[quarantine]]\ntest = \"t\"\nowner = \"ada\"\nsince = 2026-11-30\nreview-by = 2026-11-01\n"
                    "configurations = [\"linux\"]\n")
                .find("review-by is before since"),
            std::string::npos);
  EXPECT_NE(refused("[[quarantine]]\ntest = \"t\"\nowner = \"ada\"\nsince = 2026-11-30\nreview-by = 2026-12-30\n"
                    "configurations = []\n")
                .find("configurations must be a list"),
            std::string::npos);
}

}  // namespace
}  // namespace resident

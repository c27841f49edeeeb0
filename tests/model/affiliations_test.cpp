#include <gtest/gtest.h>

#include <base/error.hpp>
#include <model/affiliations.hpp>

namespace resident {
namespace {

Timestamp day(std::string_view text) {
  return *parse_time(text);
}

TEST(Affiliations, AreThoseOfTheTime) {
  const Affiliations known(
      "# who is where\n"
      "ann@example.org   First Ltd < 2020-01-01   # moved on\n"
      "Ann@Example.org\tSecond plc\n"
      "example.org       (None)\n"
      "mail.example.org  Mailers\n"
      "@third.example    Third\r\n",
      "map");
  EXPECT_EQ(known.size(), 5u);
  EXPECT_EQ(known.employer("ann@example.org", day("2019-12-31")), "First Ltd");
  EXPECT_EQ(known.employer("ANN@example.org", day("2020-01-01")), "Second plc");
  EXPECT_EQ(known.employer("bob@example.org", day("2020-01-01")), "(None)");
  EXPECT_EQ(known.employer("bob@a.mail.example.org", day("2020-01-01")), "Mailers");  // the longest ending
  EXPECT_EQ(known.employer("bob@third.example", day("2020-01-01")), "Third");
  EXPECT_EQ(known.employer("bob@notthird.example", day("2020-01-01")), std::nullopt);
  EXPECT_EQ(known.employer("nobody", day("2020-01-01")), std::nullopt);
  EXPECT_TRUE(is_volunteering("(None)"));
  EXPECT_TRUE(is_volunteering("Hobbyists"));
  EXPECT_FALSE(is_volunteering("First Ltd"));
}

TEST(Affiliations, NameTheLineThatCannotBeRead) {
  for (const char* text :
       {"ann@example.org First\nalone\n", "\nann@example.org First < soon\n", "x.org A\nword Employer\n"}) {
    try {
      const Affiliations known(text, "map");
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("map, line 2"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace resident

// Which form claims which file: a reader that takes another tool's log for its own tells lies with a straight face.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sources/ci/formats/format.hpp>
#include <string>

namespace resident::ci {
namespace {

std::string_view head_of(std::string_view bytes) {
  std::string_view head = bytes.substr(0, kSniffed);
  while (!head.empty() && (head.front() == ' ' || head.front() == '\n' || head.front() == '\r' || head.front() == '\t'))
    head.remove_prefix(1);
  return head;
}

std::set<std::string> claims(std::string_view bytes) {
  std::set<std::string> names;
  for (const Format* each : formats())
    if (each->matches(head_of(bytes))) names.emplace(each->name);
  return names;
}

// Forms that hold another's words: the particular one is asked first.
const std::map<std::string, std::set<std::string>>& holds() {
  static const std::map<std::string, std::set<std::string>> pairs{
      {"dejagnu", {"automake-console"}},
      {"ginkgo-log", {"go-test"}},
      {"gocheck", {"automake-console", "go-test"}},
      {"gotestsum", {"go-test"}},
      {"plunit", {"automake-console"}},
      {"jest-log", {"mocha-log"}},
      {"lit-log", {"automake-console"}},
      {"poku", {"mocha-log"}},
      {"tap-spec", {"mocha-log"}},
      {"cucumber-messages", {"rspec-json"}},
      {"mochawesome", {"mocha-json"}},
      {"meson-testlog", {"googletest-log"}},
      {"junit", {"tap"}},  // TAP::Formatter::JUnit keeps it in system-out
  };
  return pairs;
}

TEST(Claims, EveryRecordedReportIsOneToolsAndNoOthers) {
  std::size_t files = 0;
  const std::filesystem::path root = std::filesystem::path(RESIDENT_SOURCE_DIR) / "tests/results/reports";
  for (const auto& each : std::filesystem::recursive_directory_iterator(root)) {
    if (!each.is_regular_file() || each.path().filename() == "expected.tsv") continue;
    std::ifstream file(each.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    std::set<std::string> names = claims(bytes);
    if (names.empty()) continue;  // XML behind what was printed before it: found by its own rule
    const std::string first = read_report(bytes, each.path().filename().string()).format;
    names.erase(first);
    if (const auto known = holds().find(first); known != holds().end())
      for (const auto& other : known->second) names.erase(other);
    EXPECT_TRUE(names.empty()) << each.path() << " is read as " << first << ", and " << *names.begin()
                               << " claims it, too";
    ++files;
  }
  EXPECT_GT(files, 150U);
}

TEST(Claims, TextThatIsNoReportIsNobodys) {
  for (const std::string_view text : {
           "tests\ntesting\ntest_data\nREADME.md\n",     // a listing
           "test_one\ntest_two\n",                       // names of tests
           "TEST(Group, Name)\n{\n  CHECK(true);\n}\n",  // source of a test
           "TEST(Group, Name) {\n  EXPECT_TRUE(true);\n}\n",
           "A note.\n1..3\nThe numbers above are a range.\nok 1 is what TAP writes.\nAnd so\non, and so\nforth.\n",
           "We write \"TAP version 14\" first.\nThen ok.\n",
           "  ✔ done\n  ✔ pushed\n",  // a tool's ticks
           "    ✔ one\n",
           "==== Release 1.2 FAILED\nsee the log\n",
           "running the tests\ntest one is slow\n",
           "xfer                 PASS through\n",        // words in autopkgtest's column
           "test: this is a key\nerror: and another\n",  // YAML
           "PASS: one line alone\n",
           "  adds: OK\n",
           "::error file=a.c,line=3::no test is named\n",
           "Started\n",
           "Ran 3 tests.\ntestA\n",
           "Ran 12 tests.\n",
       })
    EXPECT_TRUE(claims(text).empty()) << text << "is claimed by " << *claims(text).begin();
}

TEST(Claims, ShunitIsKnownByItsOwnWordsBehindATest) {
  EXPECT_TRUE(claims("testAdds\nASSERT:no expected:<1> but was:<2>\n").contains("shunit2"));
  EXPECT_TRUE(claims("testAdds\ntestMore\n\nRan 2 tests.\n\nOK\n").contains("shunit2"));
}

TEST(Claims, TapBehindOtherLinesIsMostOfWhatFollows) {
  EXPECT_EQ(read_report("starting\n1..2\nok 1 - a\nnoise\nnot ok 2 - b\n").results.size(), 2U);
  EXPECT_THROW(read_report("starting\n1..2\nok 1 - a\nnow\nfor\nsomething\nelse\n"), std::exception);
}

}  // namespace
}  // namespace resident::ci

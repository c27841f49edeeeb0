// What a text says in its totals, and whether what was read agrees with one of them: the last resort has no other way
// of knowing that it understood a form that nobody told it of.
#include <algorithm>
#include <sources/ci/formats/any_log.hpp>
#include <sources/ci/formats/text_lines.hpp>

namespace resident::ci {

using enum Outcome;

bool has_totals_of_tests(std::string_view text) {
  static const Pattern counted(
      R"(\b[0-9]+(?:/[0-9]+)? +(?:of +[0-9]+ +)?(?:(?:unit |doc)?tests?|specs?|specifications?|examples?|scenarios?|checks?|test cases?|assertions?|honored|passed|passing|failed|failing|failures?|succeeded|pass|fail|skipped)\b)",
      Pattern::Letters::any_case);
  static const Pattern summed(
      R"(\b(?:total|tests(?: run)?|passed|pass|failed|fail|failures|success|skipped|files|success/total|ran multiple sessions)\s*(?:[:=›|│]|:? )\s*(?:[0-9]|$)|\bassertions +│ +[0-9]+)",
      Pattern::Letters::any_case);
  return counted.found_in(text) || summed.found_in(text);
}

void Totals::note(std::string_view line) {
  // Not "test 1 failed with exit code 2".
  static const std::string kBehind =
      R"((?:\s*$|\s*[^\sa-z0-9]|\s+[0-9]|\s+(?:in|of|out|tests?|specs?|examples?|assertions?|steps?|scenarios?|(?:is|are|was|were) detected)\b))";
  static const Pattern passes(
      R"((?i)\b([0-9]+) (?:[a-z]+ )?(?:passed|passing|passes|pass|succeeded|success(?:es)?)\b)" + kBehind),
      fails(R"((?i)\b([0-9]+) (?:[a-z]+ )?(?:failed|failing|failures?|fails?|broken)\b)" + kBehind),
      passes_behind(R"((?i)\b(?:pass(?:ed|es)?|success(?:es)?|succeeded) *[:=] *([0-9]+))"),
      fails_behind(R"((?i)\b(?:fail(?:ed|ures?|s)?) *[:=] *([0-9]+))");
  const auto gather = [&](const Pattern& pattern, std::vector<double>& into) {
    std::string_view groups[2];
    constexpr std::size_t kMost = 1000;
    for (std::size_t at = 0; into.size() < kMost && pattern.search(line, at, Pattern::Anchor::none, groups);) {
      into.push_back(leading_number(groups[1]).value_or(0));
      at = static_cast<std::size_t>(groups[1].data() + groups[1].size() - line.data());
    }
  };
  static const Pattern tests(R"((?i)\b([0-9]+) (?:tests?|specs?|examples?|scenarios?|test cases?)\b)"),
      tests_behind(R"((?i)\b(?:tests?(?: run)?|total|specs|ran) *[:=]? *([0-9]+))");
  gather(tests, all);
  gather(tests_behind, all);
  gather(passes, passed);
  gather(fails, failed);
  gather(passes_behind, passed);
  gather(fails_behind, failed);
}

void Totals::check(const TestReport& report, ReportBuilder& builder) const {
  const auto count = [&](auto is) {
    return static_cast<double>(std::count_if(report.results.begin(), report.results.end(),
                                             [&](const TestResult& each) { return is(each.outcome); }));
  };
  const auto has_count = [](const std::vector<double>& told, double shown) {
    return told.empty() || std::find(told.begin(), told.end(), shown) != told.end();
  };
  const double wrong = count([](Outcome each) { return is_failure(each); }),
               checks = count([](Outcome each) { return each == fail; });
  const double well = count([](Outcome each) { return each == pass || each == flaky; });
  // Some count among them what passed against expectation, or failed as expected.
  const double unexpected = count([](Outcome each) { return each == xpass; }),
               expected = count([](Outcome each) { return each == xfail; });
  // Where neither is counted, nothing says that all of it was understood; a count of all of them might.
  const bool is_counted = !failed.empty() || !passed.empty() ||
                          std::find(all.begin(), all.end(), static_cast<double>(report.results.size())) != all.end();
  if (!is_counted) {
    builder.cannot_tell({pass, fail, error, skip, timeout, crash, flaky, xfail, xpass, missing});
    return;
  }
  if (has_count(failed, wrong) || has_count(failed, checks) || has_count(failed, wrong + unexpected) ||
      has_count(failed, wrong + expected)) {
    if (well > 0 && !has_count(passed, well)) builder.cannot_tell({pass, skip});
    return;
  }
  builder.cannot_tell({pass, fail, error, skip, timeout, crash, flaky, xfail, xpass, missing});
  builder.incomplete("its totals count other failures than are shown");
}

}  // namespace resident::ci

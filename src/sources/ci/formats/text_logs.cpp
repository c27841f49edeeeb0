// What runners print for people, where a log is all there is: unittest -v, GoogleTest, ctest, XCTest. A run
// that was killed has begun tests without an end, and no totals: both are told.
#include <algorithm>
#include <array>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <unordered_map>
#include <unordered_set>

namespace resident::ci {

namespace {

using enum Outcome;

// "(12 ms)", "(0.012 seconds)" at the end of a line, in seconds.
std::optional<double> duration_at_end(std::string_view line) {
  const std::size_t open = line.rfind('(');
  if (open == std::string_view::npos) return std::nullopt;
  // GoogleTest prints whole milliseconds by the program's locale: "(4,656 ms)", "(4.656 ms)", with blanks of UTF-8.
  static const Pattern grouped(R"(\([1-9][0-9]{0,2}([,.'\x{A0}\x{2019}\x{202F}][0-9]{3})+ ms.*)");
  if (grouped.matches(line.substr(open))) {
    double milliseconds = 0;
    for (const char c : line.substr(open, line.rfind(" ms") - open))
      if (c >= '0' && c <= '9') milliseconds = milliseconds * 10 + (c - '0');
    return milliseconds / 1000;
  }
  const auto value = leading_number(line.substr(open + 1));
  if (!value) return std::nullopt;
  return has(line.substr(open), " ms") ? *value / 1000 : *value;
}

// ---- unittest -v

// "test_a (package.Module.Class)" or, from Python 3.11 on, "test_a (package.Module.Class.test_a)".
std::optional<std::pair<std::string, std::string>> unittest_name(std::string_view text) {
  const std::size_t open = text.find(" (");
  if (open == std::string_view::npos || open == 0) return std::nullopt;
  const std::size_t close = text.find(')', open);
  const std::string_view name = text.substr(0, open);
  if (close == std::string_view::npos || name.find(' ') != std::string_view::npos) return std::nullopt;
  std::string_view suite = text.substr(open + 2, close - open - 2);
  if (suite.empty() || suite.find(' ') != std::string_view::npos || suite.find('.') == std::string_view::npos)
    return std::nullopt;
  if (suite.ends_with(name) && suite.size() > name.size() && suite[suite.size() - name.size() - 1] == '.')
    suite.remove_suffix(name.size() + 1);
  std::string whole(name);
  // A subtest's parameters stand behind: "test_a (mod.Class) (i=1)", "[message]".
  const std::string_view rest = trim(text.substr(close + 1));
  if (rest.starts_with('(') || rest.starts_with('[')) whole.append(" ").append(rest);
  return std::pair(std::string(suite), whole);
}

// nose's tests may be functions: "module.test_a", "module.test_a(2, 'x')" where a generator made it.
std::optional<std::pair<std::string, std::string>> nose_name(std::string_view text) {
  static const Pattern function(R"(((?:\w+\.)+)(\w+(?:\(.*\))?))");
  std::string path, name;
  if (auto named = unittest_name(text)) return named;
  if (!function.matches(text, &path, &name)) return std::nullopt;
  return std::pair(path.substr(0, path.size() - 1), name);
}

std::optional<Outcome> unittest_word(std::string_view words) {
  if (words == "ok") return pass;
  if (words == "FAIL") return fail;
  if (words == "ERROR") return error;
  if (words == "expected failure") return xfail;
  if (words == "unexpected success") return xpass;
  if (words.starts_with("skipped")) return skip;
  if (words == "SKIP" || words.starts_with("SKIP: ")) return skip;  // nose
  return std::nullopt;
}

// Without -v only what went wrong has a name, below a rule: "FAIL: test_a (module.Class.test_a)".
bool is_unittest_of_dots(std::string_view head) {
  static const Pattern heading(R"(={20,}\n(?:FAIL|ERROR): [^\n]*\([\w.]+\)[^\n]*\n-{20,}\n)");
  return heading.found_in(head);
}

bool matches_unittest(std::string_view head) {
  if (is_unittest_of_dots(head)) return true;
  for (std::size_t at = head.find(" ... "); at != std::string_view::npos; at = head.find(" ... ", at + 1)) {
    const std::size_t begin = head.rfind('\n', at) == std::string_view::npos ? 0 : head.rfind('\n', at) + 1;
    if (unittest_name(head.substr(begin, at - begin))) return true;
    // With a first line of documentation the name stands on the line above.
    if (begin < 2) continue;
    const std::size_t above =
        head.rfind('\n', begin - 2) == std::string_view::npos ? 0 : head.rfind('\n', begin - 2) + 1;
    if (unittest_name(head.substr(above, begin - 1 - above))) return true;
  }
  return false;
}

void read_unittest(const Input& input, TestReport& report) {
  report.tool = "unittest";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, missing, timeout, crash});
  std::optional<std::pair<std::string, std::string>> begun, above;
  bool has_totals = false, in_details = false, is_verbose = false;
  std::string why;
  std::pair<std::string, std::string> of;
  std::unordered_map<std::string, std::size_t> index;
  const auto take = [&](const std::pair<std::string, std::string>& test, Outcome outcome, std::string_view message) {
    index.emplace(test.first + '\x1f' + test.second, report.results.size());
    builder.add(test.first, test.second, outcome, {}, message);
  };
  const auto explain = [&] {
    if (of.second.empty()) return;
    const auto found = index.find(of.first + '\x1f' + of.second);
    if (found != index.end()) {
      if (report.results[found->second].message.empty())
        report.results[found->second].message = why.substr(0, kLongestMessage);
    }
    of = {};
    why.clear();
  };
  each_line(input.bytes, [&](std::string_view line) {
    if (line.starts_with("======") || line.starts_with("------")) {
      if (line.starts_with("======")) explain();
      in_details = true;
      return;
    }
    if (line.starts_with("Ran ") && has(line, " test")) {
      explain();
      has_totals = true;
      return;
    }
    if (constexpr std::string_view kPassed = "UNEXPECTED SUCCESS: "; line.starts_with(kPassed)) {
      explain();
      const auto named = unittest_name(line.substr(kPassed.size()));
      if (named && !index.contains(named->first + '\x1f' + named->second)) take(*named, xpass, {});
      return;
    }
    if (in_details) {
      const std::size_t colon = line.find(": ");
      if (line.starts_with("FAIL: ") || line.starts_with("ERROR: ")) {
        explain();
        const std::string_view rest = line.substr(colon + 2);
        const bool is_fixture = rest.starts_with("setUp") || rest.starts_with("tearDown");
        const auto named = is_fixture ? std::nullopt : unittest_name(rest);
        of = named.value_or(std::pair<std::string, std::string>("", std::string(rest)));
        // A class's or a module's set-up has no line of its own before, nor has a subtest.
        if (!index.contains(of.first + '\x1f' + of.second)) take(of, line.starts_with("FAIL") ? fail : error, {});
      } else if (why.size() < kLongestMessage) {
        why.append(line).push_back('\n');
      }
      return;
    }
    const std::size_t dots = line.rfind(" ... ");
    if (dots != std::string_view::npos || line.ends_with(" ...")) {
      const std::size_t at = dots != std::string_view::npos ? dots : line.size() - 4;
      auto test = nose_name(trim(line.substr(0, at)));
      if (!test) test = above;
      // A subtest's line stands below its test's, which has no word of its own where one of them failed.
      if (test && begun && line.starts_with("  ") && test->second.starts_with(begun->second + " ")) {
        take(*begun, fail, {});
        begun.reset();
      }
      if (test) {
        is_verbose = true;
        const std::string_view words = dots == std::string_view::npos ? std::string_view() : trim(line.substr(at + 5));
        if (const auto outcome = unittest_word(words)) {
          take(*test, *outcome, *outcome == skip ? words : std::string_view());
          begun.reset();
        } else {
          begun = test;  // it prints before it ends, perhaps on this line
          for (const std::string_view word : {"ok", "FAIL", "ERROR"})
            if (begun && words.size() > word.size() && words.ends_with(word)) {
              take(*begun, *unittest_word(word), {});
              begun.reset();
            }
        }
        above.reset();
        return;
      }
    }
    if (begun) {
      // What it printed may stand before the word on the same line.
      for (const std::string_view word : {"ok", "FAIL", "ERROR"})
        if (line.ends_with(word) && begun) {
          take(*begun, *unittest_word(word), {});
          begun.reset();
        }
      if (begun)
        if (const auto outcome = unittest_word(line)) {
          take(*begun, *outcome, {});
          begun.reset();
        }
    }
    above = unittest_name(line);
  });
  explain();
  if (begun)
    builder.add(begun->first, begun->second, has_totals ? error : crash, {}, "begun, and the log has no end of it");
  if (!is_verbose) builder.cannot_tell({pass, skip, xfail, xpass});
  // nose knows no expected failures: they are passes, and those that do not come failures.
  if (has(input.bytes, "TestResult has no addExpectedFailure method") || has(input.bytes, "/nose/")) {
    report.tool = "nose";
    builder.cannot_tell({xfail, xpass});
  }
  if (!has_totals) builder.incomplete("there are no totals (\"Ran … tests\"): the run was killed");
  number_repeated_names(report);
}

// ---- GoogleTest's console

bool matches_gtest(std::string_view head) {
  return has(head, "[==========] Running ") || has(head, "[ RUN      ] ");
}

void read_gtest(const Input& input, TestReport& report) {
  report.tool = has(input.bytes.substr(0, kSniffed), "Running tests from scanned files") ? "busted" : "googletest";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, timeout});
  std::string begun, text;
  bool has_totals = false, is_repeated = false;
  std::unordered_map<std::string, std::size_t> index;  // of the tests, where rounds repeat them
  const auto split = [](std::string_view full) {
    // busted's: "a_spec.lua @ 2: Calc adds"
    static const Pattern place(R"((\S+) @ [0-9]+: (.*))");
    if (std::string file, name; place.matches(full, &file, &name)) return std::pair(file, name);
    const std::size_t dot = full.find('.');
    return dot == std::string_view::npos
               ? std::pair(std::string(), std::string(full))
               : std::pair(std::string(full.substr(0, dot)), std::string(full.substr(dot + 1)));
  };
  // The end of the test that was begun.
  const auto end = [&](Outcome outcome, std::optional<double> seconds) {
    const std::string_view message = outcome == pass ? std::string_view() : std::string_view(text);
    const auto [known, is_new] = index.emplace(begun, report.results.size());
    if (is_new || !is_repeated) {
      builder.add(split(begun).first, split(begun).second, outcome, seconds, message);
    } else {
      // One more round of --gtest_repeat. The program fails where any round did, so no later pass makes it good.
      TestResult& result = report.results[known->second];
      const Outcome before = result.outcome;
      builder.again(result, outcome, seconds, message);
      result.outcome = is_failure(outcome) || !is_failure(before) ? outcome : before;
    }
    begun.clear();
  };
  const auto take = [&](std::string_view rest, Outcome outcome) {
    std::string_view full = trim(rest);
    const auto seconds = duration_at_end(full);
    if (const std::size_t open = full.rfind(" ("); open != std::string_view::npos) full = full.substr(0, open);
    full = full.substr(0, full.find(", where "));
    if (full != begun) return;  // the list at the end says it again
    const bool threw = has(text, "C++ exception with description") || has(text, "unknown file: Failure");
    end(outcome == fail && threw ? error : outcome, seconds);
  };
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    const std::string_view line = plain;
    constexpr std::size_t kMark = 12;
    const std::size_t at = line.find("[ ");
    const std::string_view mark = at == std::string_view::npos ? std::string_view() : line.substr(at, kMark);
    if (line.starts_with("[==========]") && has(line, " ran.")) has_totals = true;
    if (line.starts_with("Repeating all tests (iteration ")) is_repeated = true, has_totals = false;
    if (mark == "[ RUN      ]") {
      if (!begun.empty()) end(crash, {});
      begun = std::string(trim(line.substr(at + kMark)));
      text.clear();
    } else if (line.find("[       OK ]") != std::string_view::npos) {
      take(line.substr(line.find("[       OK ]") + kMark), pass);
    } else if (mark == "[  FAILED  ]") {
      take(line.substr(at + kMark), fail);
    } else if (mark == "[  SKIPPED ]" || mark == "[ SKIPPED  ]") {
      take(line.substr(at + kMark), skip);
    } else if (mark == "[  ERROR   ]") {
      take(line.substr(at + kMark), error);
    } else if (!begun.empty() && text.size() < kLongestMessage) {
      text.append(line).push_back('\n');
    }
  });
  if (!begun.empty()) end(crash, {});
  if (!has_totals) builder.incomplete("there are no totals: the program died or was killed");
  number_repeated_names(report);
}

// ---- ctest's console

bool matches_ctest_log(std::string_view head) {
  return has(head, "Test project /") || (has(head, " Test  #") && has(head, "/"));
}

Outcome ctest_word(std::string_view words) {
  if (words.starts_with("Passed")) return pass;
  if (has(words, "***Timeout")) return timeout;
  if (has(words, "***Skipped") || has(words, "(Disabled)")) return skip;
  if (has(words, "***Not Run")) return error;
  if (has(words, "***Exception") || has(words, "aborted***")) return crash;
  return fail;
}

void read_ctest_log(const Input& input, TestReport& report) {
  report.tool = "ctest";
  ReportBuilder builder(report);
  builder.cannot_tell({xfail, xpass, missing});
  std::size_t planned = 0;
  bool has_totals = false;
  std::string name_before;
  each_line(input.bytes, [&](std::string_view raw) {
    std::string_view line = trim(raw);
    if (has(line, " tests passed, ") && has(line, " out of ")) has_totals = true;
    // "1/10 Test  #1: name .........   Passed    0.01 sec"; what --repeat runs again stands without "1/10".
    const std::size_t number = line.find("Test ");
    const std::size_t colon = line.find(": ", number == std::string_view::npos ? 0 : number);
    if (number == std::string_view::npos || colon == std::string_view::npos || number > 24 ||
        (number > 0 && !has(line.substr(0, number), "/")) || !has(line.substr(number, colon - number), "#"))
      return;
    if (const auto total = leading_number(line.substr(line.find('/') + 1)); number > 0 && total)
      planned = static_cast<std::size_t>(*total);
    const std::string_view rest = line.substr(colon + 2);
    const std::size_t dots = rest.find(" ..") == std::string_view::npos ? rest.find("***") : rest.find(" ..");
    if (dots == std::string_view::npos) return;
    const std::string name(trim(rest.substr(0, dots)));
    std::string_view words = rest.substr(dots);
    words = words.substr(std::min(words.find_first_not_of(" ."), words.size()));
    const std::size_t sec = words.rfind(" sec");
    std::optional<double> seconds;
    if (sec != std::string_view::npos) {
      const std::string_view before = trim(words.substr(0, sec));
      seconds = leading_number(before.substr(before.rfind(' ') == std::string_view::npos ? 0 : before.rfind(' ') + 1));
    }
    if (name == name_before && !report.results.empty()) {
      builder.attempt("", name, ctest_word(words), seconds);
    } else {
      builder.add("", name, ctest_word(words), seconds);
    }
    name_before = name;
  });
  if (planned > report.results.size())
    builder.incomplete("of " + std::to_string(planned) + " tests " + std::to_string(report.results.size()) +
                       " have a result");
  if (!has_totals) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

// ---- XCTest, `swift test`

bool matches_xctest(std::string_view head) {
  return has(head, "Test Suite '") && has(head, "' started");
}

void read_xctest(const Input& input, TestReport& report) {
  report.tool = "xctest";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, missing, timeout, error, xfail});
  std::pair<std::string, std::string> begun;
  std::string text;
  bool has_totals = false;
  // "-[Module.Class test]", or "Class.test" outside of Apple's systems.
  const auto split = [](std::string_view full) {
    if (full.starts_with("-[") && full.ends_with(']')) {
      full = full.substr(2, full.size() - 3);
      const std::size_t blank = full.find(' ');
      if (blank != std::string_view::npos)
        return std::pair(std::string(full.substr(0, blank)), std::string(full.substr(blank + 1)));
    }
    const std::size_t dot = full.rfind('.');
    return dot == std::string_view::npos
               ? std::pair(std::string(), std::string(full))
               : std::pair(std::string(full.substr(0, dot)), std::string(full.substr(dot + 1)));
  };
  each_line(input.bytes, [&](std::string_view line) {
    if (has(line, "Executed ") && has(line, " failure")) has_totals = true;
    constexpr std::string_view kCase = "Test Case '";
    const std::size_t at = line.find(kCase),
                      end = at == std::string_view::npos ? at : line.find("' ", at + kCase.size());
    if (end == std::string_view::npos) {
      if (!begun.second.empty() && text.size() < kLongestMessage) text.append(line).push_back('\n');
      return;
    }
    const auto test = split(line.substr(at + kCase.size(), end - at - kCase.size()));
    const std::string_view word = line.substr(end + 2);
    if (word.starts_with("started")) {
      if (!begun.second.empty()) builder.add(begun.first, begun.second, crash, {}, text);
      begun = test;
      text.clear();
      return;
    }
    const Outcome outcome = word.starts_with("passed") ? pass : word.starts_with("skipped") ? skip : fail;
    builder.add(test.first, test.second, outcome, duration_at_end(word), outcome == pass ? std::string_view() : text);
    begun = {};
    text.clear();
  });
  if (!begun.second.empty()) builder.add(begun.first, begun.second, crash, {}, text);
  if (!has_totals) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

}  // namespace

extern const Format unittest_log_format, gtest_log_format, ctest_log_format, xctest_log_format;
const Format unittest_log_format{"unittest-log", matches_unittest, read_unittest};
const Format gtest_log_format{"googletest-log", matches_gtest, read_gtest};
const Format ctest_log_format{"ctest-log", matches_ctest_log, read_ctest_log};
const Format xctest_log_format{"xctest-log", matches_xctest, read_xctest};

}  // namespace resident::ci

// What the test libraries of Elixir, Scheme, Python's Twisted, Lua and OCaml print for people: ExUnit, SRFI 64's log,
// trial, LuaUnit, Alcotest.
#include <algorithm>
#include <base/pattern.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <unordered_map>

namespace resident::ci {

namespace {

using enum Outcome;

// ---- ExUnit: with --trace "  * test name (0.5ms) [L#4]"; a failure is told below, "  1) test name (Module)"

const Pattern& exunit_failure() {
  static const Pattern pattern(R"(\s+[0-9]+\) ((?:test|property|doctest) .*) \(([A-Z][\w.]*)\))");
  return pattern;
}
const Pattern& exunit_result() {
  static const Pattern pattern(R"(\s+\* (.*\S) \(([0-9.]+ms|skipped|excluded)\)(?: \[L#[0-9]+\])?)");
  return pattern;
}
const Pattern& exunit_invalid() {
  static const Pattern pattern(R"(\s+[0-9]+\) ([A-Z][\w.]*): failure on setup_all callback.*)");
  return pattern;
}

bool matches_exunit(std::string_view head) {
  static const Pattern begun(R"(\s+\* (?:test|property|doctest) .* \[L#[0-9]+\].*)");
  return has_line_of(head, begun) || has_line_of(head, exunit_failure()) || has_line_of(head, exunit_invalid());
}

class ExUnit {
 public:
  explicit ExUnit(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view raw) {
    static const Pattern module(R"(([A-Z][\w.]*)(?: \[.*\])?)"), begun(R"(\s+\* (.*\S) \[L#[0-9]+\])");
    static const Pattern totals(R"([0-9]+ (?:tests?|doctests?|propert(?:y|ies))\b.*, [0-9]+ failures?.*)");
    const std::string plain = without_colours(raw);
    std::string_view line = plain;
    if (totals.matches(line)) has_totals_ = true;
    std::string name, of, word;
    if (exunit_failure().matches(line, &name, &of)) {
      end_failure();
      failed_ = {of, name};
      return;
    }
    if (exunit_invalid().matches(line, &of)) {
      end_failure();
      failed_ = {of, ""};
      return;
    }
    // A terminal's line is written over: "  * test name [L#4]", then the same with its time.
    const std::size_t last = line.rfind("  * ");
    if (last != std::string_view::npos && exunit_result().matches(line.substr(last), &name, &word)) {
      end_failure();
      begun_.clear();
      is_traced_ = true;
      const auto milliseconds = leading_number(word);
      const bool ran = word.ends_with("ms");
      add(module_, name, ran ? pass : skip, ran && milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt);
    } else if (begun.matches(line, &name)) {
      end_failure();
      is_traced_ = true;
      begun_ = name;
    } else if (!line.empty() && line[0] >= 'A' && line[0] <= 'Z' && module.matches(line, &of)) {
      end_failure();
      module_ = of;
    } else if (!failed_.first.empty() && text_.size() < kLongestMessage) {
      if (!trim(line).empty()) text_.append(trim(line)) += '\n';
    }
  }

  void finish() {
    end_failure();
    if (!begun_.empty()) builder_.add(module_, begun_, crash, {}, "begun, and the log has no end of it");
    if (!is_traced_) builder_.cannot_tell({pass, skip});
    if (!has_totals_) builder_.incomplete("there are no totals: the run was killed");
    std::erase_if(report_.results, [](const TestResult& each) { return each.outcome == missing; });
    number_repeated_names(report_);
  }

 private:
  TestResult& add(const std::string& suite, const std::string& name, Outcome outcome, std::optional<double> seconds) {
    index_[suite + '\x1f' + name] = report_.results.size();
    return builder_.add(suite, name, outcome, seconds);
  }

  Outcome outcome() const {
    if (has(text_, "** (ExUnit.TimeoutError)")) return timeout;
    if (has(text_, "** (EXIT from")) return crash;
    return has(text_, "** (") && !has(text_, "** (ExUnit.AssertionError)") ? error : fail;
  }

  // What stands below a failure's heading has ended.
  void end_failure() {
    const auto [suite, name] = failed_;
    if (suite.empty()) return;
    if (name.empty()) {
      // Its tests stand there as if they had run in no time; a green line says so in neither of them.
      for (auto& result : report_.results)
        if (result.suite == suite && result.outcome == pass) result.outcome = missing;
      builder_.add("", suite, error, {}, text_);
    } else {
      const auto found = index_.find(suite + '\x1f' + name);
      TestResult& result = found == index_.end() ? add(suite, name, fail, {}) : report_.results[found->second];
      result.outcome = outcome();
      result.attempts = {result.outcome};
      if (result.message.empty()) result.message = text_.substr(0, kLongestMessage);
    }
    failed_ = {};
    text_.clear();
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::string module_, begun_, text_;
  std::pair<std::string, std::string> failed_;
  std::unordered_map<std::string, std::size_t> index_;
  bool has_totals_ = false, is_traced_ = false;
};

void read_exunit(const Input& input, TestReport& report) {
  report.tool = "exunit";
  ReportBuilder(report).cannot_tell({missing, flaky, xfail, xpass});
  ExUnit reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

// ---- SRFI 64's log (Guile, Chicken, Gauche …): "Test begin:", properties, "Test end:", "  result-kind: pass"

bool matches_srfi64(std::string_view head) {
  return (has(head, "Group begin: ") || has(head, "%%%% Starting test ")) && has(head, "\nTest begin:");
}

void read_srfi64(const Input& input, TestReport& report) {
  report.tool = "srfi-64";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, timeout});
  std::vector<std::string> groups;
  std::string name, place, kind, why;
  bool is_open = false;
  const auto path = [&] {
    std::string all;
    for (const auto& each : groups) all += (all.empty() ? "" : " > ") + each;
    return all;
  };
  const auto end = [&] {
    if (!is_open) return;
    is_open = false;
    const Outcome outcome = kind == "pass"    ? pass
                            : kind == "fail"  ? (has(why, "actual-error:") ? error : fail)
                            : kind == "skip"  ? skip
                            : kind == "xfail" ? xfail
                            : kind == "xpass" ? xpass
                                              : crash;
    if (outcome == crash) builder.incomplete("a test was begun and has no end: the run was killed");
    builder.add(path(), name.empty() ? "(line " + place + ")" : name, outcome, {},
                outcome == pass ? std::string_view() : why);
    name.clear(), place.clear(), kind.clear(), why.clear();
  };
  constexpr std::size_t kDeepest = 64;
  each_line(input.bytes, [&](std::string_view line) {
    const std::size_t colon = line.find(": ");
    const std::string_view value = colon == std::string_view::npos ? std::string_view() : trim(line.substr(colon + 2));
    if (line.starts_with("Group begin: ")) {
      end();
      if (groups.size() < kDeepest) groups.emplace_back(value);
    } else if (line.starts_with("Group end: ")) {
      end();
      if (!groups.empty()) groups.pop_back();
    } else if (line.starts_with("Test begin:")) {
      end();
      is_open = true;
    } else if (is_open && line.starts_with("  test-name: ")) {
      std::string_view quoted = value;
      if (quoted.size() > 1 && quoted.front() == '"' && quoted.back() == '"')
        quoted = quoted.substr(1, quoted.size() - 2);
      for (std::size_t at = 0; at < quoted.size(); ++at) {
        if (quoted[at] == '\\' && at + 1 < quoted.size()) ++at;
        name += quoted[at];
      }
    } else if (is_open && line.starts_with("  source-line: ")) {
      place = value;
    } else if (is_open && line.starts_with("  result-kind: ")) {
      kind = value;
    } else if (is_open && (line.starts_with("  actual-") || line.starts_with("  expected-"))) {
      if (why.size() < kLongestMessage) why.append(trim(line)) += '\n';
    }
  });
  end();
  if (!groups.empty()) builder.incomplete("the group " + groups.front() + " has no end: the run was killed");
  number_repeated_names(report);
}

// ---- trial: module, class and "    test_a ...      [OK]", one in the other; "module.Class.test_a ... [OK]" with
// --reporter=bwverbose and =timing

const Pattern& trial_result() {
  static const Pattern pattern(
      R"((.*?)\[(OK|FAIL|FAILURE|ERROR|SKIPPED|TODO|SUCCESS!\?!)\](?: \(([0-9.]+) secs\))?\s*)");
  return pattern;
}

bool matches_trial(std::string_view head) {
  static const Pattern line(
      R"( *[\w.]+ \.\.\. .*\[(?:OK|FAIL|FAILURE|ERROR|SKIPPED|TODO|SUCCESS!\?!)\](?: \([0-9.]+ secs\))?\s*)");
  return has_line_of(head, line);
}

std::optional<Outcome> trial_word(std::string_view word) {
  if (word == "OK") return pass;
  if (word == "FAIL" || word == "FAILURE") return fail;
  if (word == "ERROR") return error;
  if (word == "SKIPPED") return skip;
  if (word == "TODO") return xfail;
  return word == "SUCCESS!?!" ? std::optional(xpass) : std::nullopt;
}

void read_trial(const Input& input, TestReport& report) {
  static const Pattern begin(R"(( *)(\S+) \.\.\.(.*))"), totals(R"(Ran [0-9]+ tests in .*)");
  static const Pattern heading(R"(( *)([\w.]+)\s*)"), time(R"(\(([0-9.]+) secs\))");
  report.tool = "trial";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, crash});
  std::vector<std::pair<std::size_t, std::string>> outer;  // by indent
  std::unordered_map<std::string, std::size_t> failed;     // by name: the place among the results
  std::string suite, begun, text;
  bool in_details = false, has_totals = false;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    const std::string_view line = plain;
    if (totals.matches(line)) has_totals = true;
    if (line.starts_with("=====")) {
      for (std::size_t i = 0; !in_details && i < report.results.size(); ++i)
        if (const auto& result = report.results[i]; result.outcome != pass)
          failed.emplace(result.suite + "." + result.name, i);
      in_details = true;
      text.clear();
      return;
    }
    if (in_details) {
      // What went wrong, then the tests that it went wrong in.
      if (const auto found = failed.find(std::string(line)); found != failed.end()) {
        auto& result = report.results[found->second];
        if (result.message.empty()) result.message = text.substr(0, kLongestMessage);
        if (result.outcome == error && has(text, "defer.TimeoutError"))
          result.outcome = timeout, result.attempts = {timeout};
        return;
      }
      if (text.size() < kLongestMessage) text.append(line) += '\n';
      return;
    }
    std::string blanks, name, before, word, seconds, rest(line);
    if (begin.matches(line, &blanks, &name, &rest)) {
      suite.clear();
      for (const auto& [indent, each] : outer)
        if (indent < blanks.size()) suite.append(suite.empty() ? "" : ".").append(each);
      begun = name;
      // Without the tree the whole name stands on the line.
      if (const std::size_t dot = name.rfind('.'); blanks.empty() && dot != std::string::npos) {
        suite = name.substr(0, dot);
        begun = name.substr(dot + 1);
      }
    } else if (time.matches(line, &seconds) && !report.results.empty()) {
      report.results.back().seconds = leading_number(seconds);
      return;
    }
    if (!begun.empty() && trial_result().matches(rest, &before, &word, &seconds)) {
      builder.add(suite, begun, *trial_word(word), leading_number(seconds));
      begun.clear();
    } else if (begun.empty() && heading.matches(line, &blanks, &name)) {
      while (!outer.empty() && outer.back().first >= blanks.size()) outer.pop_back();
      outer.emplace_back(blanks.size(), name);
    }
  });
  if (!begun.empty()) builder.add(suite, begun, crash, {}, "begun, and the log ends before it did");
  if (!has_totals) builder.incomplete("there are no totals (\"Ran … tests\"): the run was killed");
  number_repeated_names(report);
}

// ---- LuaUnit: with -v "    TestClass.test ... Ok"; what went wrong again below, "1) TestClass.test"

const Pattern& luaunit_line() {
  static const Pattern pattern(R"( {4}(\S+) \.\.\. ?(Ok|FAIL|ERROR|SKIP)?(.*))");
  return pattern;
}

bool matches_luaunit(std::string_view head) {
  static const Pattern totals(R"(\nRan [0-9]+ tests? in [0-9.]+ seconds, [0-9]+ success)");
  return totals.found_in(head) || (head.starts_with("Started on ") && has_line_of(head, luaunit_line()));
}

void read_luaunit(const Input& input, TestReport& report) {
  static const Pattern listed(R"([0-9]+\) (\S+))"), totals(R"(Ran [0-9]+ tests? in .*)");
  report.tool = "luaunit";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, timeout, xfail, xpass});
  std::string begun;
  bool is_verbose = false, has_totals = false;
  std::optional<Outcome> section;
  std::size_t explained = 0;  // the result that is told of, + 1
  std::unordered_map<std::string, std::size_t> index;
  const auto add = [&](const std::string& full, Outcome outcome) {
    const std::size_t dot = full.find('.');
    index[full] = report.results.size();
    builder.add(dot == std::string::npos ? "" : full.substr(0, dot),
                dot == std::string::npos ? full : full.substr(dot + 1), outcome);
  };
  each_line(input.bytes, [&](std::string_view line) {
    std::string name, word, rest;
    if (totals.matches(line)) has_totals = true;
    if (line == "Tests with errors:") section = error;
    if (line == "Failed tests:") section = fail;
    if (section && listed.matches(line, &name)) {
      const auto found = index.find(name);
      if (found == index.end()) add(name, *section);
      explained = index[name] + 1;
    } else if (section) {
      if (explained > 0 && report.results[explained - 1].message.empty())
        report.results[explained - 1].message = std::string(line.substr(0, kLongestMessage));
    } else if (luaunit_line().matches(line, &name, &word, &rest)) {
      is_verbose = true;
      begun = name;
    } else if (line == "Ok" || line == "FAIL" || line == "ERROR" || line == "SKIP") {
      word = line;  // it printed something before
    }
    if (!word.empty() && !begun.empty()) {
      add(begun, word == "Ok" ? pass : word == "FAIL" ? fail : word == "SKIP" ? skip : error);
      begun.clear();
    }
  });
  if (!begun.empty()) builder.add("", begun, crash, {}, "begun, and the log ends before it did");
  if (!is_verbose) builder.cannot_tell({pass, skip});
  if (!has_totals) builder.incomplete("there are no totals (\"Ran … tests\"): the run was killed");
  number_repeated_names(report);
}

// ---- Alcotest: "  [OK]          suite                0   name."

const Pattern& alcotest_line() {
  static const Pattern pattern(R"([> ] \[(OK|FAIL|SKIP)\] +(\S.*?) +([0-9]+)   (.*\S)\s*)");
  return pattern;
}

bool matches_alcotest(std::string_view head) {
  return has(head, "\nThis run has ID `") || has(head, "\nThis run has ID \"") ||
         has_line_of(without_colours(head), alcotest_line());
}

void read_alcotest(const Input& input, TestReport& report) {
  static const Pattern failed(R"([0-9]+ failures?! in .*)"), succeeded(R"(Test Successful in .*)");
  static const Pattern box(R"(.*\[FAIL\] +(\S.*?) +([0-9]+)   (.*?)\.? *│?)");
  report.tool = "alcotest";
  ReportBuilder builder(report);
  // Of several failures one is explained, and only there an exception is told from a check.
  builder.cannot_tell({missing, error, flaky, timeout, xfail, xpass});
  bool has_totals = false;
  std::size_t of = 0;  // the result that is explained, + 1
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    std::string word, suite, number, name;
    has_totals = has_totals || failed.matches(plain) || succeeded.matches(plain);
    if (alcotest_line().matches(plain, &word, &suite, &number, &name)) {
      if (name.ends_with('.') && !name.ends_with("...")) name.pop_back();
      builder.add(suite, name, word == "OK" ? pass : word == "SKIP" ? skip : fail);
    } else if (plain.starts_with("│") && box.matches(plain, &suite, &number, &name)) {
      of = 0;
      for (std::size_t at = 0; at < report.results.size(); ++at)
        if (report.results[at].suite == suite && report.results[at].name == name) of = at + 1;
    } else if (of > 0) {
      TestResult& result = report.results[of - 1];
      const std::string_view line = trim(plain);
      if (line.starts_with("[exception]") && result.outcome == fail) result.outcome = error, result.attempts = {error};
      if (!line.empty() && !line.starts_with("└") && result.message.size() + line.size() < kLongestMessage)
        result.message.append(line) += '\n';
      if (line.starts_with("Logs saved to ") || has_totals) of = 0;
    }
  });
  if (!has_totals) builder.incomplete("there are no totals at the end: the run was killed");
  number_repeated_names(report);
}

}  // namespace

extern const Format exunit_format, srfi64_format, trial_format, luaunit_format, alcotest_format;
const Format exunit_format{"exunit", matches_exunit, read_exunit};
const Format srfi64_format{"srfi-64", matches_srfi64, read_srfi64};
const Format trial_format{"trial", matches_trial, read_trial};
const Format luaunit_format{"luaunit", matches_luaunit, read_luaunit};
const Format alcotest_format{"alcotest", matches_alcotest, read_alcotest};

}  // namespace resident::ci

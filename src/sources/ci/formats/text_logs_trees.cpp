// What runners print for people as a tree of suites with a mark at each test: RSpec's and Hspec's documentation form,
// Buttercup, Tasty. Suites and tests look alike in some: what has lines further in below it is a suite.
#include <algorithm>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <sources/ci/formats/text_tree.hpp>
#include <unordered_map>

namespace resident::ci {

namespace {

using enum Outcome;

// ---- RSpec's documentation form and Hspec: "  differs (FAILED - 1)", "  differs FAILED [1]"

const Pattern& spec_totals() {
  static const Pattern pattern(R"([0-9]+ examples?, [0-9]+ failures?(?:, [0-9]+ pending)?.*)");
  return pattern;
}
const Pattern& spec_mark() {
  static const Pattern pattern(
      R"(( *)(\S.*?) (?:\((FAILED) - ([0-9]+)\)|\((PENDING): (?:.*)\)|(FAILED) \[([0-9]+)\]))");
  return pattern;
}

bool matches_spec(std::string_view head) {
  const std::string plain = without_colours(head);
  return has_line_of(plain, spec_mark()) ||
         (has_line_of(plain, spec_totals()) && has(plain, "\nFinished in ") && has(plain, "\n  "));
}

// What stands below "  2) Calc throws": thrown, if an exception is named.
Outcome spec_outcome(std::string_view text) {
  static const Pattern thrown(R"((?m)^ *(?:[A-Z]\w*::)*[A-Z]\w*(?:Error|Exception|Failure)?:$)");
  if (has(text, "Expected pending ") && has(text, " to fail. No error was raised")) return xpass;
  if (has(text, "uncaught exception: ")) return error;
  return thrown.found_in(text) && !has(text, "ExpectationNotMetError") ? error : fail;
}

class Spec {
 public:
  explicit Spec(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view raw) {
    static const Pattern numbered(R"( +([0-9]+)\) (.*))");
    const std::string plain = without_colours(raw);
    const std::string_view line = plain;
    if (line == "Failures:" || line.starts_with("Finished in ") || line.starts_with("Pending:")) {
      if (!in_details_) tree();
      in_details_ = true;
      kind_ = line;
    } else if (spec_totals().matches(line)) {
      has_totals_ = true;
    } else if (!in_details_) {
      if (!trim(line).empty() && lines_.size() < kMostLines) lines_.emplace_back(line);
    } else if (std::string number, title; numbered.matches(line, &number, &title)) {
      explain();
      const bool failed = kind_.starts_with("Failures");
      of_ = failed ? "F" + number : "P" + title;
      // Dots name no test: all that is known are those told of here.
      if (!is_tree_ && !by_number_.contains(of_)) {
        by_number_[of_] = report_.results.size();
        builder_.add("", title, failed ? fail : skip);
      }
    } else if (line.starts_with("Randomized with seed") || line.starts_with("Failed examples:")) {
      explain();
    } else if (!of_.empty() && text_.size() < 2 * kLongestMessage) {
      text_.append(line) += '\n';
    }
  }

  void finish() {
    if (!in_details_) tree();
    explain();
    if (!is_tree_) builder_.cannot_tell({pass, skip});
    if (!has_totals_) builder_.incomplete("there are no totals at the end: the run was killed");
    number_repeated_names(report_);
  }

 private:
  // A line is a test unless the next one stands further in, and is no remark.
  void tree() {
    TextTree tree;
    std::string pending;
    for (std::size_t at = 0; at < lines_.size(); ++at) {
      const std::string& line = lines_[at];
      const std::size_t indent = indent_of(line);
      const bool is_last = at + 1 == lines_.size();
      const bool has_remark = !is_last && trim(lines_[at + 1]).starts_with("# PENDING: ");
      std::string blanks, name, first, number, is_pending, second, other;
      if (trim(line).starts_with("# PENDING: ")) continue;
      if (spec_mark().matches(line, &blanks, &name, &first, &number, &is_pending, &second, &other)) {
        const bool failed = is_pending.empty();
        if (failed) by_number_["F" + (number.empty() ? other : number)] = report_.results.size();
        TestResult& result = builder_.add(tree.path(indent), name, failed ? fail : skip);
        if (!failed) by_number_["P" + title(result)] = report_.results.size() - 1;
      } else if (has_remark) {
        builder_.add(tree.path(indent), std::string(trim(line)), skip, {}, trim(lines_[at + 1]));
      } else if (!is_last && indent_of(lines_[at + 1]) > indent) {
        tree.open(indent, trim(line));
      } else if (indent > 0) {
        builder_.add(tree.path(indent), std::string(trim(line)), pass);
      }
    }
    is_tree_ = !report_.results.empty();
  }

  static std::string title(const TestResult& result) {
    std::string title = result.suite + " " + result.name;
    for (std::size_t at = title.find(" > "); at != std::string::npos; at = title.find(" > ")) title.replace(at, 3, " ");
    return title;
  }

  void explain() {
    const auto found = by_number_.find(std::exchange(of_, {}));
    const std::string text = std::exchange(text_, {});
    if (found == by_number_.end()) return;
    TestResult& result = report_.results[found->second];
    if (result.outcome == fail) result.outcome = spec_outcome(text);
    // What is pending and was run, and failed as it should, tells of its failure.
    if (result.outcome == skip && has(text, "Failure/Error:")) result.outcome = xfail;
    result.attempts = {result.outcome};
    if (result.message.empty()) result.message = std::string(trim(text.substr(0, kLongestMessage)));
  }

  static constexpr std::size_t kMostLines = 2000000;
  TestReport& report_;
  ReportBuilder builder_;
  std::vector<std::string> lines_;
  std::unordered_map<std::string, std::size_t> by_number_;
  std::string of_, text_, kind_;
  bool in_details_ = false, has_totals_ = false, is_tree_ = false;
};

void read_spec(const Input& input, TestReport& report) {
  report.tool = has(input.bytes, "To rerun use: --match") || !has(input.bytes, "files took ") ? "hspec" : "rspec";
  ReportBuilder(report).cannot_tell({missing, flaky, timeout, crash});
  if (report.tool == "hspec") ReportBuilder(report).cannot_tell({xfail, xpass});
  Spec reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
  if (report.tool == "rspec")
    each_unloaded_spec(input.bytes, [&](const std::string& file) {
      // What it raised stands between, and looks like a suite with a test in it.
      std::erase_if(report.results, [&](const TestResult& each) { return each.suite.ends_with("Error:"); });
      ReportBuilder(report).add("", file, error, {}, "An error occurred while loading it.");
      if (report.incomplete.empty())
        report.incomplete.emplace_back("errors outside of examples: not all files were loaded");
    });
}

// ---- Buttercup (Emacs): the name, and in colours once more with a mark and its time behind it

const Pattern& buttercup_line() {
  static const Pattern pattern(R"(( *)(\S.*?) ?\(([0-9.]+)(ms|s)\))");
  return pattern;
}

bool matches_buttercup(std::string_view head) {
  static const Pattern begin(R"(Running [0-9]+ (?:out of [0-9]+ )?specs\.)");
  return has_line_of(head, begin);
}

void read_buttercup(const Input& input, TestReport& report) {
  static const Pattern totals(R"(Ran [0-9]+ (?:out of [0-9]+ )?specs, .*)");
  report.tool = "buttercup";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, timeout, crash, xfail, xpass});
  TextTree tree;
  std::string title, text;
  bool has_totals = false, in_details = false;
  const auto explain = [&] {
    for (auto& result : report.results)
      if (result.outcome == fail || result.outcome == error) {
        std::string whole = result.suite + " " + result.name;
        for (std::size_t at = whole.find(" > "); at != std::string::npos; at = whole.find(" > "))
          whole.replace(at, 3, " ");
        if (whole == title && !text.empty()) result.message = text.substr(0, kLongestMessage);
      }
    text.clear();
    title.clear();
  };
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    const std::string_view line = plain;
    if (totals.matches(line)) has_totals = true;
    if (line.starts_with("==========")) {
      explain();
      in_details = true;
    } else if (in_details) {
      if (title.empty()) {
        title = std::string(line);
      } else if (text.size() < kLongestMessage) {
        text.append(line) += '\n';
      }
    } else if (std::string blanks, rest, time, unit; buttercup_line().matches(line, &blanks, &rest, &time, &unit)) {
      const std::size_t colour = raw.find('\x1b');
      std::string name(trim(colour == std::string_view::npos ? std::string_view(rest) : raw.substr(0, colour)));
      if (name.empty()) name = rest;
      std::string_view mark = rest;
      // Its name stands there twice where it was written over.
      if (mark.size() > 2 * name.size()) mark = mark.substr(2 * name.size());
      const bool is_skipped = has(mark, "  PENDING") || has(mark, "!! CANCELLED !!");
      const Outcome outcome = is_skipped                  ? skip
                              : has(mark, "  FAILED")     ? error
                              : has(raw, "\x1b[31m")      ? fail
                              : has(mark, "  Expected `") ? fail
                                                          : pass;
      for (const std::string_view each : {"  PENDING", "  FAILED", "  !! CANCELLED !!", "  Expected `"})
        if (const std::size_t at = name.find(each); at != std::string::npos) name.resize(at);
      builder.add(tree.path(blanks.size()), name, outcome, leading_number(time).value_or(0) / (unit == "ms" ? 1000 : 1),
                  outcome == pass ? std::string_view() : trim(mark));
    } else if (!trim(line).empty()) {
      tree.open(indent_of(line), trim(line));
    }
  });
  explain();
  if (!has_totals) builder.incomplete("there are no totals at the end: the run was killed");
  number_repeated_names(report);
}

// ---- Tasty (Haskell): "    adds: OK (0.05s)"

const Pattern& tasty_line() {
  static const Pattern pattern(
      R"(( +)(\S.*?): +(OK|FAIL|TIMEOUT|SKIP|IGNORED|FAIL \(expected(?:: .*)?\)|PASS \(unexpected(?:: .*)?\))(?: \(([0-9.]+)s\))?)");
  return pattern;
}
const Pattern& tasty_totals() {
  static const Pattern pattern(R"(All [0-9]+ tests passed.*|[0-9]+ out of [0-9]+ tests failed.*)");
  return pattern;
}

bool matches_tasty(std::string_view head) {
  const std::string plain = without_colours(head);
  std::size_t found = 0;
  each_line(plain, [&](std::string_view line) { found += tasty_line().matches(line) ? 1 : 0; });
  return found > 0 && (has_line_of(plain, tasty_totals()) || has(plain, "Use -p '/"));
}

void read_tasty(const Input& input, TestReport& report) {
  report.tool = "tasty";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, crash});
  TextTree tree;
  std::size_t deepest = 0;
  bool has_totals = false;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    const std::string_view line = plain;
    std::string blanks, name, word, time;
    if (tasty_totals().matches(line)) {
      has_totals = true;
    } else if (tasty_line().matches(line, &blanks, &name, &word, &time)) {
      const Outcome outcome = word == "OK"                    ? pass
                              : word == "TIMEOUT"             ? timeout
                              : word.starts_with("FAIL (exp") ? xfail
                              : word.starts_with("PASS (")    ? xpass
                              : word == "FAIL"                ? fail
                                                              : skip;
      deepest = blanks.size();
      builder.add(tree.path(deepest), name, outcome, leading_number(time));
    } else if (!report.results.empty() && indent_of(line) > deepest && !trim(line).empty()) {
      TestResult& last = report.results.back();
      if (last.outcome == pass) return;
      const std::string_view said = trim(line);
      // A check of HUnit has a place; anything else that was thrown is named so.
      if (last.outcome == fail && last.message.empty() && said.starts_with("Exception: "))
        last.outcome = error, last.attempts = {error};
      if (last.message.size() + said.size() < kLongestMessage) last.message.append(said) += '\n';
    } else if (!trim(line).empty()) {
      tree.open(indent_of(line), trim(line));
      deepest = kLongestMessage;
    }
  });
  if (!has_totals) builder.incomplete("there are no totals at the end: the run was killed");
  number_repeated_names(report);
}

// ---- PHPUnit --testdox: " ✘ Differs" below the class, what went wrong behind "│"

const Pattern& testdox_line() {
  static const Pattern pattern(R"( (✔|✘|↩|∅|☢|⚠) (\S.*?)(?: \[([0-9.]+) ms\])?\s*)");
  return pattern;
}

bool matches_testdox(std::string_view head) {
  const std::string plain = without_colours(head);
  return plain.starts_with("PHPUnit ") && has_line_of(plain, testdox_line());
}

void read_testdox(const Input& input, TestReport& report) {
  static const Pattern totals(R"(OK \([0-9]+ tests?.*|Tests: [0-9]+, Assertions: .*)");
  report.tool = "phpunit";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, timeout, crash, xfail, xpass});
  std::string suite, text;
  bool has_totals = false;
  const auto explain = [&] {
    if (report.results.empty() || report.results.back().outcome != fail) return;
    TestResult& last = report.results.back();
    last.outcome = has(text, "Failed asserting") || has(text, "AssertionFailed") ? fail : error;
    last.attempts = {last.outcome};
    last.message = std::string(trim(text.substr(0, kLongestMessage)));
  };
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    std::string mark, name, time;
    if (totals.matches(plain)) {
      has_totals = true;
    } else if (testdox_line().matches(plain, &mark, &name, &time)) {
      explain();
      text.clear();
      const auto milliseconds = leading_number(time);
      // What checks nothing, or is deprecated, has passed all the same.
      const Outcome outcome = mark == "✘" ? fail : mark == "↩" || mark == "∅" ? skip : pass;
      builder.add(suite, name, outcome, milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt);
    } else if (constexpr std::string_view kBar = "   │"; plain.starts_with(kBar)) {
      if (text.size() < kLongestMessage) text.append(trim(std::string_view(plain).substr(kBar.size()))) += '\n';
    } else if (!plain.empty() && plain[0] != ' ' && !plain.starts_with("PHPUnit ")) {
      suite = plain.substr(0, plain.find(" ("));
    }
  });
  explain();
  if (!has_totals) builder.incomplete("there are no totals at the end: the run was killed");
  number_repeated_names(report);
}

}  // namespace

extern const Format testdox_format;
const Format testdox_format{"testdox", matches_testdox, read_testdox};
extern const Format spec_log_format, buttercup_format, tasty_format;
const Format spec_log_format{"spec-log", matches_spec, read_spec};
const Format buttercup_format{"buttercup", matches_buttercup, read_buttercup};
const Format tasty_format{"tasty", matches_tasty, read_tasty};

}  // namespace resident::ci

// Consoles of small runners: EUnit (Erlang), Bacon (Ruby), tinytest (R), RackUnit (Racket), mysql-test-run, and
// PHPUnit's testdox text.
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <sources/ci/formats/text_tree.hpp>

namespace resident::ci {

namespace {

using enum Outcome;

// ---- EUnit, verbose: "  stack_tests: pushes_test...[0.034 s] ok"; below one that failed why

bool matches_eunit(std::string_view head) {
  static const Pattern rule("=+ EUnit =+");
  return has_line_of(without_colours(head), rule) && has(head, "\nmodule '");
}

class Eunit {
 public:
  explicit Eunit(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view raw) {
    static const Pattern test(
        R"(\s*([a-z][\w@]*):(?:[0-9]+:)? (\S.*?)\.\.\.(?:\[([0-9.]+) s\] )?(ok|\*failed\*|\*timed out\*|\*skipped\*.*|\*did not run\*.*)?)");
    static const Pattern context(R"(\s*\*\*\* (.*(?:failed|timed out).*) \*\*\*)");
    const std::string plain = without_colours(raw);
    std::string module, name, time, word;
    if (test.matches(plain, &module, &name, &time, &word)) {
      end();
      begun_ = {module, title(name)};
      seconds_ = leading_number(time);
      outcome_ = crash;  // begun, and nothing says more
      if (word == "ok") outcome_ = pass;
      if (word == "*failed*") outcome_ = fail;
      if (word == "*timed out*") outcome_ = timeout;
      if (word.starts_with("*skipped") || word.starts_with("*did not")) outcome_ = skip;
    } else if (context.matches(plain, &word)) {
      end();
      builder_.add(module_, "(" + word + ")", error);
    } else if (plain.starts_with("module '")) {
      end();
      module_ = plain.substr(8, plain.find('\'', 8) - 8);
    } else if (plain.find("  Failed: ") == 0 || plain.find(" tests passed.") != std::string::npos ||
               plain.find("  Test passed.") == 0) {
      end();
      has_totals_ = true;
    } else if (has(plain, "One or more tests were cancelled")) {
      builder_.incomplete("tests were cancelled, and nothing says which");
    } else if (!begun_.second.empty() && text_.size() < kLongestMessage) {
      text_.append(plain) += '\n';
    }
  }

  void finish() {
    end();
    builder_.cannot_tell({missing, flaky, xfail, xpass});
    if (!has_totals_) builder_.incomplete("there are no totals: the run was killed");
    number_repeated_names(report_);
  }

 private:
  // "-slow_test_/0-fun-0- (with one)": the generator and the title, as the JUnit form has it.
  static std::string title(std::string_view name) {
    const std::size_t slash = name.find('/'), open = name.find('(');
    if (!name.starts_with('-') || slash == std::string_view::npos) return std::string(name);
    std::string of = open == std::string_view::npos ? "fun without title" : std::string(name.substr(open + 1));
    if (of.ends_with(')')) of.pop_back();
    return std::string(name.substr(1, slash - 1)) + " > " + of;
  }
  void end() {
    if (begun_.second.empty()) return;
    static const Pattern check(R"((?m)^(?:\*\*|::)error:\{?(?:assert|\{assert))");
    if (outcome_ == fail && !check.found_in(text_)) outcome_ = error;
    builder_.add(begun_.first, begun_.second, outcome_, seconds_, text_);
    begun_ = {};
    text_.clear();
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::pair<std::string, std::string> begun_;
  std::optional<double> seconds_;
  Outcome outcome_ = pass;
  std::string module_, text_;
  bool has_totals_ = false;
};

void read_eunit(const Input& input, TestReport& report) {
  report.tool = "eunit";
  Eunit reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

// ---- Bacon: "  - pushes one", "  - differs [FAILED]", "  - throws [ERROR: NoMethodError]" below the context

const Pattern& bacon_test() {
  static const Pattern pattern(R"(( *)- (\S.*?)(?: \[(FAILED|MISSING|ERROR: [\w:]+)\])?)");
  return pattern;
}

bool matches_bacon(std::string_view head) {
  static const Pattern marked(R"( *- \S.* \[(?:MISSING|ERROR: [A-Z][\w:]*)\])");
  static const Pattern totals(R"([0-9]+ specifications \([0-9]+ requirements\), [0-9]+ failures, [0-9]+ errors)");
  return (has_line_of(head, marked) || has_line_of(head, totals)) && has_line_of(head, bacon_test());
}

void read_bacon(const Input& input, TestReport& report) {
  report.tool = "bacon";
  ReportBuilder builder(report);
  builder.cannot_tell({skip, missing, flaky, timeout, crash, xfail, xpass});
  TextTree tree;
  bool has_ended = false, has_totals = false;
  each_line(input.bytes, [&](std::string_view line) {
    std::string blanks, name, word;
    has_totals = has_totals || has(line, " specifications (");
    if (has_ended || trim(line).empty()) return;
    if (bacon_test().matches(line, &blanks, &name, &word)) {
      builder.add(tree.path(blanks.size()), name, word.empty() ? pass : word.starts_with("ERROR: ") ? error : fail);
    } else if (line.starts_with("Bacon::Error: ") || has(line, "Error: ") || has_totals) {
      has_ended = true;
    } else {
      tree.open(indent_of(line), trim(line));
    }
  });
  if (!has_totals) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

// ---- tinytest: a line a file, written anew at each check: "test_a.R......    5 tests 2 fails 6ms"

const Pattern& tinytest_line() {
  static const Pattern pattern(
      R"((\S+\.[rR])\.{2,}\s+([0-9]+) tests\s*(?:(OK)|([0-9]+) fails)?\s*(?:([0-9.]+)(ms|s))?\s*(?:\[Exited at #[0-9]+(?:: (.*))?\])?(.*))");
  return pattern;
}

bool matches_tinytest(std::string_view head) {
  std::string plain = without_colours(head.substr(0, 2000));
  std::replace(plain.begin(), plain.end(), '\r', '\n');
  return has_line_of(plain, tinytest_line());
}

void read_tinytest(const Input& input, TestReport& report) {
  report.tool = "tinytest";
  ReportBuilder builder(report);
  // Checks have no names: a file is the test.
  builder.cannot_tell({missing, flaky, timeout, xfail, xpass, crash});
  std::string plain = without_colours(input.bytes);
  std::replace(plain.begin(), plain.end(), '\r', '\n');
  bool is_halted = false;
  each_line(plain, [&](std::string_view line) {
    is_halted = is_halted || line.starts_with("Execution halted");
    std::string file, count, fine, fails, time, unit, why, rest;
    if (!tinytest_line().matches(line, &file, &count, &fine, &fails, &time, &unit, &why, &rest)) return;
    const bool left = has(line, "[Exited at #");
    Outcome outcome = !fails.empty() && fails != "0" ? fail : left && count == "0" ? skip : pass;
    if (rest.starts_with("Error in ")) outcome = error;
    auto seconds = leading_number(time);
    if (seconds && unit == "ms") *seconds /= 1000;
    if (!report.results.empty() && report.results.back().name == file) report.results.pop_back();
    builder.add("", file, outcome, seconds, outcome == error ? rest : why);
  });
  if (is_halted) builder.incomplete("R halted: the files behind the last one were not run");
  number_repeated_names(report);
}

// ---- RackUnit: between rules the name of what was not well, "FAILURE" or "ERROR", and why

bool matches_rackunit(std::string_view head) {
  static const Pattern block(R"((?m)^-{20}\n\S.*\n(?:FAILURE|ERROR)$)");
  return block.found_in(head);
}

// "inner > outer > name": the innermost suite comes first.
std::pair<std::string, std::string> rackunit_name(std::string_view text) {
  constexpr std::string_view kBetween = " > ";
  std::string suite;
  for (std::size_t at = text.find(kBetween); at != std::string_view::npos; at = text.find(kBetween)) {
    suite = std::string(text.substr(0, at)) + (suite.empty() ? "" : " > ") + suite;
    text.remove_prefix(at + kBetween.size());
  }
  return {std::move(suite), std::string(text)};
}

void read_rackunit(const Input& input, TestReport& report) {
  report.tool = "rackunit";
  ReportBuilder builder(report);
  builder.cannot_tell({pass, skip, missing, flaky, timeout, crash, xfail, xpass});
  static const Pattern totals(R"([0-9]+/([0-9]+) test failures|[0-9]+ success\(es\) .*)");
  bool has_totals = false, is_new = false;
  std::string name;
  each_line(input.bytes, [&](std::string_view line) {
    has_totals = has_totals || totals.matches(line);
    if (line == "--------------------") {
      is_new = true;
      name.clear();
    } else if (is_new) {
      name = std::string(line);
      is_new = false;
    } else if (!name.empty() && (line == "FAILURE" || line == "ERROR")) {
      const auto [suite, of] = rackunit_name(name);
      builder.add(suite, of, line == "ERROR" ? error : fail);
      name.clear();
    } else if (!report.results.empty() && report.results.back().message.size() < kLongestMessage &&
               !trim(line).empty() && !has_totals) {
      append_message(report.results.back().message, line), report.results.back().message += '\n';
    }
  });
  if (!has_totals) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

// ---- mysql-test-run: "main.alias        [ pass ]     12", why below or behind it

const Pattern& mtr_line() {
  static const Pattern pattern(
      R"((\S+\.\S+)(?: '([^']*)')? +(?:w[0-9]+ )?\[ ((?:retry-)?(?:pass|fail)|exp-fail|skipped|disabled) \] *(.*))");
  return pattern;
}

bool matches_mtr(std::string_view head) {
  static const Pattern heading("TEST +(?:WORKER +)?RESULT +TIME \\(ms\\).*");
  return has_line_of(head, heading);
}

void read_mtr(const Input& input, TestReport& report) {
  report.tool = "mysql-test-run";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, error, crash, timeout, xpass});  // one word for whatever went wrong
  bool has_totals = false, is_open = false;
  each_line(input.bytes, [&](std::string_view line) {
    has_totals = has_totals || line.starts_with("Completed: ");
    std::string full, combination, word, rest;
    if (mtr_line().matches(line, &full, &combination, &word, &rest)) {
      const std::size_t dot = full.find('.');
      std::string name = full.substr(dot + 1);
      if (!combination.empty()) name += " '" + combination + "'";
      const bool is_skip = word == "skipped" || word == "disabled";
      const Outcome outcome = word.ends_with("pass") ? pass : word == "exp-fail" ? xfail : is_skip ? skip : fail;
      const auto milliseconds = is_skip ? std::nullopt : leading_number(rest);
      const auto seconds = milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt;
      TestResult& result = word.starts_with("retry-") ? builder.attempt(full.substr(0, dot), name, outcome, seconds)
                                                      : builder.add(full.substr(0, dot), name, outcome, seconds);
      if (is_skip) result.message = rest;
      is_open = outcome == fail;
    } else if (line.starts_with("-----") || line.starts_with(" - saving")) {
      is_open = false;
    } else if (is_open && !trim(line).empty() && report.results.back().message.size() < kLongestMessage) {
      append_message(report.results.back().message, line), report.results.back().message += '\n';
    }
  });
  if (!has_totals) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

// ---- poku: "◌ name" begins a suite or a test, "● name › 0.2ms" ends it; its colour alone tells how

bool matches_poku(std::string_view head) {
  static const Pattern ended(R"( *● \S.* › [0-9.]+ms)"), file(R"(› \S+ › [0-9.]+ms)");
  const std::string plain = without_colours(head);
  return has_line_of(plain, file) && (has_line_of(plain, ended) || has(plain, "test file(s)"));
}

void read_poku(const Input& input, TestReport& report) {
  report.tool = "poku";
  ReportBuilder builder(report);
  builder.cannot_tell({skip, missing, flaky, timeout, xfail, xpass, crash, error});
  static const Pattern ended(R"(( *)● (\S.*) › ([0-9.]+)ms)"), file(R"(› (\S+) › ([0-9.]+)ms)"),
      begun(R"(( *)◌ (\S.*))");
  TextTree tree;
  std::string of, inner;  // the file; and what was begun last
  std::size_t shown = 0;
  bool is_red = false, has_ended = false;
  const auto end_file = [&] {
    if (!of.empty() && is_red && shown == 0) builder.add("", of, error, {}, "the file failed, and no test of it did");
    shown = 0;
  };
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    const bool red = has(raw, "\x1b[91m") || has(raw, "\x1b[31m");
    std::string blanks, name, time;
    if (has_ended) return;
    if (has(plain, "test file(s) failed") || plain.starts_with("──────────")) {
      end_file();
      has_ended = true;  // what failed is told once more
    } else if (file.matches(plain, &name, &time)) {
      end_file();
      of = name;
      is_red = red;
      tree.clear();
      tree.open(0, name);
    } else if (begun.matches(plain, &blanks, &name)) {
      tree.open(blanks.size(), name);
      inner = name;
    } else if (ended.matches(plain, &blanks, &name, &time) && name == inner) {
      const auto milliseconds = leading_number(time);
      builder.add(tree.path(blanks.size()), name, red ? fail : pass,
                  milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt);
      shown += red ? 1 : 0;
      inner.clear();
    }
  });
  end_file();
  if (!has(input.bytes, "\x1b[")) {
    builder.cannot_tell({pass, fail});
    builder.incomplete("its colours are lost, which alone tell how a test ended");
  }
  number_repeated_names(report);
}

// ---- PHPUnit --testdox-text: " [x] Adds" below the class; all that was no pass is " [ ]"

const Pattern& testdox_box() {
  static const Pattern pattern(R"( \[([x ])\] (\S.*))");
  return pattern;
}

bool matches_testdox_text(std::string_view head) {
  const std::size_t end = head.find('\n');
  if (end == std::string_view::npos || end == 0 || head.front() == ' ') return false;
  const std::string_view rest = head.substr(end + 1);
  return testdox_box().matches(rest.substr(0, rest.find('\n')));
}

void read_testdox_text(const Input& input, TestReport& report) {
  report.tool = "phpunit";
  ReportBuilder builder(report);
  // What is risky has no cross, and fails no run.
  builder.cannot_tell({pass, fail, error, skip, missing, flaky, timeout, crash, xfail, xpass});
  std::string suite;
  each_line(input.bytes, [&](std::string_view line) {
    std::string box, name;
    if (testdox_box().matches(line, &box, &name)) {
      builder.add(suite, name, box == "x" ? pass : fail);
    } else if (!trim(line).empty()) {
      suite = std::string(trim(line));
    }
  });
  number_repeated_names(report);
}

}  // namespace

extern const Format rackunit_format, mtr_format, testdox_text_format, poku_format;
const Format poku_format{"poku", matches_poku, read_poku};
const Format rackunit_format{"rackunit", matches_rackunit, read_rackunit};
const Format mtr_format{"mysql-test-run", matches_mtr, read_mtr};
const Format testdox_text_format{"testdox-text", matches_testdox_text, read_testdox_text};
extern const Format eunit_log_format, bacon_format, tinytest_format;
const Format eunit_log_format{"eunit-log", matches_eunit, read_eunit};
const Format bacon_format{"bacon", matches_bacon, read_bacon};
const Format tinytest_format{"tinytest", matches_tinytest, read_tinytest};

}  // namespace resident::ci

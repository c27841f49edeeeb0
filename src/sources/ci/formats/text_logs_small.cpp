// Consoles of small runners that name each test: EUnit (Erlang), Bacon (Ruby), tinytest (R).
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
      builder.add(tree.path(blanks.size()), name,
                  word.empty()                    ? pass
                  : word.starts_with("ERROR: ") ? error
                                                : fail);
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

}  // namespace

extern const Format eunit_log_format, bacon_format, tinytest_format;
const Format eunit_log_format{"eunit-log", matches_eunit, read_eunit};
const Format bacon_format{"bacon", matches_bacon, read_bacon};
const Format tinytest_format{"tinytest", matches_tinytest, read_tinytest};

}  // namespace resident::ci

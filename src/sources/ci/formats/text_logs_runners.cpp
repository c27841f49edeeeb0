// What zope.testrunner (Python), yath (Perl's Test2::Harness) and test-unit (Ruby) print for people.
#include <algorithm>
#include <map>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <sources/ci/formats/text_tree.hpp>
#include <unordered_map>

namespace resident::ci {

namespace {

using enum Outcome;

// ---- zope.testrunner: with -vv " test_a (module.Class.test_a) (0.001 s)" below "Running LAYER tests:"

bool matches_zope(std::string_view head) {
  static const Pattern layer(R"(Running \S+ tests:)");
  static const Pattern next(R"(  (?:Set up \S+ |Tear down \S+ |Running:|Ran [0-9]+ tests? with ).*)");
  return has_line_of(head, layer) && has_line_of(head, next);
}

class Zope {
 public:
  explicit Zope(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view line) {
    static const Pattern test(R"( (\S+) \(([\w.]+)\)(.*))"), seconds(R"(.*\(([0-9.]+) s\)\s*)");
    static const Pattern trouble(R"((Failure|Error) in test (\S+) \(([\w.]+)\)(.*))");
    static const Pattern totals(R"((?:  Ran|Total:) [0-9]+ tests?(?: with|,) .*)");
    static const Pattern broken_layer(R"(  Set up (\S+) Traceback .*)"), module(R"(Module: (\S+))");
    std::string name, suite, rest, kind, time;
    if (trouble.matches(line, &kind, &name, &suite, &rest)) {
      explain();
      of_ = index_of(name + rest, suite);
      report_.results[of_ - 1].outcome = kind == "Error" ? error : fail;
    } else if (totals.matches(line)) {
      explain();
      has_totals_ = true;
    } else if (broken_layer.matches(line, &name)) {
      builder_.add("", name + ".setUp", error, {}, "the layer's set-up threw");
    } else if (module.matches(line, &name)) {
      builder_.add("", name, error, {}, "the module could not be imported");
    } else if (line == "Tests with errors:" || line == "Tests with failures:") {
      explain();
      list_ = line == "Tests with errors:" ? error : fail;
    } else if (list_) {
      listed(line);
    } else if (test.matches(line, &name, &suite, &rest)) {
      explain();
      is_verbose_ = true;
      const std::size_t at = index_of(name, suite) - 1;
      begun_ = rest.empty() || !rest.ends_with(")") ? at + 1 : 0;
      if (rest.starts_with(" (skipped")) {
        report_.results[at].outcome = skip;
        report_.results[at].message = std::string(trim(rest));
      } else if (seconds.matches(rest, &time)) {
        report_.results[at].seconds = leading_number(time);
      }
    } else if (of_ > 0) {
      if (text_.size() < kLongestMessage) text_.append(line) += '\n';
    } else if (begun_ > 0 && seconds.matches(line, &time)) {
      report_.results[begun_ - 1].seconds = leading_number(time);  // behind what it printed
      begun_ = 0;
    }
  }

  void finish() {
    explain();
    for (auto& result : report_.results) result.attempts = {result.outcome};
    if (!is_verbose_) builder_.cannot_tell({pass, skip});
    if (!has_totals_) builder_.incomplete("there are no totals (\"Ran … tests\"): the run was killed");
    number_repeated_names(report_);
  }

 private:
  // Where that test's result is, from 1; it is made if need be. Python 3.11 has the test's name behind its class's.
  std::size_t index_of(const std::string& name, std::string suite) {
    if (suite.ends_with("." + name)) suite.resize(suite.size() - name.size() - 1);
    const auto [found, is_new] = index_.emplace(suite + '\x1f' + name, report_.results.size() + 1);
    if (is_new) builder_.add(suite, name, pass);
    return found->second;
  }

  // The lists at the end have what has no mark above: tests of which a part failed.
  void listed(std::string_view line) {
    static const Pattern test(R"( {3}(\S+) \(([\w.]+)\)(.*))");
    std::string name, suite, part;
    if (!test.matches(line, &name, &suite, &part)) {
      if (trim(line).empty()) list_.reset();
      return;
    }
    TestResult& result = report_.results[index_of(name, suite) - 1];
    if (result.outcome != pass) return;
    result.outcome = *list_;
    result.message = std::string(trim(part));
  }

  void explain() {
    if (of_ > 0) {
      TestResult& result = report_.results[of_ - 1];
      if (has(text_, "runner.UnexpectedSuccess")) result.outcome = xpass;
      result.message = text_.substr(0, kLongestMessage);
    }
    of_ = 0;
    text_.clear();
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::unordered_map<std::string, std::size_t> index_;
  std::size_t of_ = 0, begun_ = 0;
  std::string text_;
  std::optional<Outcome> list_;
  bool is_verbose_ = false, has_totals_ = false;
};

void read_zope(const Input& input, TestReport& report) {
  report.tool = "zope.testrunner";
  ReportBuilder(report).cannot_tell({missing, flaky, crash, timeout, xfail});
  Zope reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

// ---- yath: "( PASSED )  job  4    t/good.t"; with -v each check, "[  FAIL  ]  job  1  + b differs"

const Pattern& yath_line() {
  static const Pattern pattern(R"([(\[<{][! ]*([A-Z][A-Z ]*?)[! ]*[)\]>}]  job +([0-9]+)(?:  ([+| ]) ?|\s*)(.*?)\s*)");
  return pattern;
}

bool matches_yath(std::string_view head) {
  return has_line_of(without_colours(head), yath_line());
}

class Yath {
 public:
  explicit Yath(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view raw) {
    const std::string plain = without_colours(raw);
    std::string word, job, sign, rest;
    if (has(plain, "Yath Result Summary")) has_totals_ = true;
    if (!yath_line().matches(plain, &word, &job, &sign, &rest)) return;
    Job& of = jobs_[job];
    if (word == "PASS" || word == "FAIL") {
      is_verbose_ = is_verbose_ || word == "PASS";
      // Deeper ones are a subtest's own; its name has a wave before it.
      if (sign != "+" || rest.starts_with("  ")) return;
      const bool is_open = has(plain.substr(0, 4), "!");
      if (rest.starts_with('~')) rest.erase(0, 1);
      of.checks.push_back({std::string(trim(rest)), word == "PASS" ? pass : fail, is_open});
    } else if ((word == "TODO" || word == "SKIP") && !of.checks.empty()) {
      Check& last = of.checks.back();
      if (last.is_open) last.outcome = word == "SKIP" ? skip : xfail;  // a to-do has that mark, passed or not
    } else if (word == "TIMEOUT") {
      of.is_late = true;
    } else if (word == "PASSED") {
      end(of, rest, pass);
    } else if (word == "SKIPPED") {
      const std::size_t dash = rest.find("  -  ");
      end(of, rest.substr(0, dash), skip);
      if (dash != std::string::npos) report_.results.back().message = rest.substr(dash + 5);
    } else if (word == "FAILED" || word == "TO RETRY") {
      end(of, rest, of.is_late ? timeout : fail);
    } else if (word == "REASON") {
      reason(of, rest);
    }
  }

  void finish() {
    builder_.cannot_tell({xfail, xpass});
    if (!is_verbose_) builder_.cannot_tell({skip});
    if (!has_totals_) builder_.incomplete("there is no result summary: the run was killed");
    number_repeated_names(report_);
  }

 private:
  struct Check {
    std::string name;
    Outcome outcome;
    bool is_open;  // what follows tells whether it was skipped, or a to-do
  };
  struct Job {
    std::vector<Check> checks;
    std::size_t result = 0;  // the file's, from 1
    bool is_late = false;
  };

  void end(Job& job, std::string_view file, Outcome outcome) {
    TestResult& result = builder_.attempt("", std::string(trim(file)), outcome);
    job.result = static_cast<std::size_t>(&result - report_.results.data()) + 1;
    for (const auto& [name, each, is_open] : std::exchange(job.checks, {}))
      builder_.attempt(std::string(trim(file)), name.empty() ? "(unnamed)" : name, each);
    job.is_late = false;
  }

  // Below a file's failure.
  void reason(const Job& job, std::string_view text) {
    if (job.result == 0) return;
    TestResult& result = report_.results[job.result - 1];
    Outcome& last = result.attempts.back();
    if (result.message.size() < kLongestMessage)
      append_message(result.message.append(result.message.empty() ? "" : "\n"), text);
    if (last == fail && has(text, "(Signal: ")) last = crash;
    if (last == fail && has(text, "no assertions were made")) last = error;
    // What it checked held, and it never came to its end.
    if (last == fail && text == "No plan was declared" && !has(result.message, "Assertion failures")) last = crash;
    result.outcome = outcome_of(result.attempts);
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::map<std::string, Job> jobs_;
  bool is_verbose_ = false, has_totals_ = false;
};

void read_yath(const Input& input, TestReport& report) {
  report.tool = "yath";
  ReportBuilder(report).cannot_tell({missing});
  Yath reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

// ---- test-unit: with -v "  test_adds:	.: (0.0001)" below its class; the explanation stands between the two

bool matches_test_unit(std::string_view head) {
  const std::string plain = without_colours(head.substr(0, 400));
  return plain.starts_with("Loaded suite ") && has(plain, "\nStarted");
}

class TestUnit {
 public:
  explicit TestUnit(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view raw) {
    static const Pattern begun(R"(( +)(\S.*?):\t+(.*))"), group(R"(( *)(\S.*): )");
    static const Pattern ended(R"((.*?)([.FEOPN]?): \(([0-9.e-]+)\))"),
        totals(R"([0-9]+ tests, [0-9]+ assertions, .*)");
    static const Pattern heading(R"((Failure|Error|Pending): (.*?)\(([A-Z][\w:]*)\)(?:: (.*))?)");
    static const Pattern class_trouble(R"(Error: ([A-Z][\w:]*): (.*))");
    static const Pattern reasoned(R"((Omission|Notification): (.*?) \[(.*?)\(([A-Z][\w:]*)\)\])");
    const std::string plain = without_colours(raw);
    const std::string_view line = plain;
    std::string blanks, name, rest, kind, suite, why, before, mark, time;
    if (totals.matches(line)) has_totals_ = true;
    if (begun.matches(line, &blanks, &name, &rest)) {
      is_verbose_ = true;
      begun_ = {tree_.path(blanks.size()), name};
      outcome_ = pass;
      text_.clear();
      if (ended.matches(rest, &before, &mark, &time)) end(leading_number(time));
    } else if (heading.matches(line, &kind, &name, &suite, &why)) {
      trouble(kind, name, suite, why);
    } else if (reasoned.matches(line, &kind, &why, &name, &suite)) {
      if (kind == "Omission") trouble(kind, name, suite, why);
    } else if (!begun_.second.empty() && ended.matches(line, &before, &mark, &time)) {
      end(leading_number(time));
    } else if (line.starts_with("=====") || line.starts_with("-----")) {
      in_details_ = is_verbose_ ? !in_details_ : line.starts_with("=====");
    } else if (class_trouble.matches(line, &suite, &why) && in_details_) {
      builder_.add("", suite, error, {}, why);  // its startup or shutdown
    } else if (group.matches(line, &blanks, &name) && !in_details_) {
      is_verbose_ = true;
      tree_.open(blanks.size(), name);
    } else if (text_.size() < kLongestMessage && !trim(line).empty()) {
      text_.append(line) += '\n';
      if (!is_verbose_ && in_details_ && !report_.results.empty()) report_.results.back().message = text_;
    }
  }

  void finish() {
    if (!begun_.second.empty())
      builder_.add(begun_.first, begun_.second, crash, {}, "begun, and the log has no end of it");
    if (!is_verbose_) builder_.cannot_tell({pass});
    if (!has_totals_) builder_.incomplete("there are no totals at the end: the run was killed");
    number_repeated_names(report_);
  }

 private:
  void trouble(std::string_view kind, const std::string& name, const std::string& suite, std::string_view why) {
    const Outcome found = kind == "Failure" ? fail : kind == "Error" ? error : skip;
    text_.assign(why).append(why.empty() ? "" : "\n");
    if (is_verbose_ && !begun_.second.empty()) {
      outcome_ = found;
    } else {
      builder_.add(suite, name, found, {}, why);
    }
  }

  void end(std::optional<double> seconds) {
    std::string suite = begun_.first;
    for (std::size_t at = suite.find(" > "); at != std::string::npos; at = suite.find(" > "))
      suite.replace(at, 3, "::");
    builder_.add(suite, begun_.second, outcome_, seconds, outcome_ == pass ? std::string_view() : text_);
    begun_ = {};
    text_.clear();
  }

  TestReport& report_;
  ReportBuilder builder_;
  TextTree tree_;
  std::pair<std::string, std::string> begun_;
  Outcome outcome_ = pass;
  std::string text_;
  bool is_verbose_ = false, has_totals_ = false, in_details_ = false;
};

void read_test_unit(const Input& input, TestReport& report) {
  report.tool = "test-unit";
  ReportBuilder(report).cannot_tell({missing, flaky, crash, timeout, xfail, xpass});
  TestUnit reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

}  // namespace

extern const Format zope_format, yath_format, test_unit_format;
const Format zope_format{"zope.testrunner", matches_zope, read_zope};
const Format yath_format{"yath", matches_yath, read_yath};
const Format test_unit_format{"test-unit", matches_test_unit, read_test_unit};

}  // namespace resident::ci

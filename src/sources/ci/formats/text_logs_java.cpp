// Java's text reports: Ant's plain and brief formatters (junit, junitlauncher), and jtreg's (OpenJDK's harness): its
// console, its summary, and the result file that it keeps of each test.
#include <algorithm>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>

namespace resident::ci {

namespace {

using enum Outcome;

// What Java says of a test that was not well: a check's words, a time limit, or an exception's class at the begin of
// a line of the stack trace.
Outcome java_failure(std::string_view text) {
  static const Pattern late("imed out after |TimeoutException|TestTimedOut|timed out \\(timeout set to");
  static const Pattern check("Assert|ComparisonFailure|MultipleFailures");
  static const Pattern thrown(R"((?m)^(?:[\w$]+\.)+[A-Z][\w$]*(?:Exception|Error)\b)");
  if (late.found_in(text)) return timeout;
  if (check.found_in(text)) return fail;
  return thrown.found_in(text) ? error : fail;
}

// ---- Ant: "Testcase: testAdds took 0.003 sec" and below it "	FAILED" (junit), or "Testcase: CalcTest" and below it
// "Test: adds() took 3 milli sec(s) FAILED: why" (junitlauncher, which leaves out what passed)

bool matches_ant_plain(std::string_view head) {
  static const Pattern totals(R"(Tests run: [0-9]+, Failures: [0-9]+, (?:Errors|Skipped): [0-9]+.*Time elapsed: .*)");
  static const Pattern begun(R"(Testsuite: \S+|Testcase: \S+)");
  static const Pattern launched(R"(Test: \S.* took [0-9]+ milli sec\(s\) (?:FAILED|SKIPPED|ABORTED)\b.*)");
  return has_line_of(head.substr(0, head.find('\n')), begun) &&
         (has_line_of(head, totals) || has_line_of(head, launched));
}

class AntPlain {
 public:
  explicit AntPlain(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view line) {
    static const Pattern suite(R"(Testsuite: (\S+))"), launched(R"(Testcase: ([\w.$]+))");
    static const Pattern test(R"(Testcase: (\S.*?)(?:\((\S+)\))?(?: took ([0-9.,]+) sec)?(?::\s*(.*))?)");
    static const Pattern of_launcher(
        R"(Test: (\S.*?)(?:\(.*?\))?(\[[0-9]+\])? took ([0-9]+) milli sec\(s\) (\w+)(?:: (.*))?)");
    static const Pattern totals(R"(Tests run: ([0-9]+), Failures: ([0-9]+), (?:Errors: ([0-9]+), )?.*)");
    std::string name, of, time, word, why, count, failures, errors;
    if (suite.matches(line, &suite_)) {
      end();
    } else if (of_launcher.matches(line, &name, &of, &time, &word, &why)) {
      end();
      const auto milliseconds = leading_number(time);
      begin(name + of, milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt);
      outcome_ = word == "FAILED" ? fail : skip;
      text_ = why + "\n";
      is_launcher_ = true;
    } else if (totals.matches(line, &count, &failures, &errors)) {
      told_ += leading_number(count).value_or(0);
      failed_ += leading_number(failures).value_or(0) + leading_number(errors).value_or(0);
    } else if (launched.matches(line, &name) && (suite_.empty() || is_launcher_)) {
      end();
      suite_ = name;
      is_launcher_ = true;
    } else if (test.matches(line, &name, &of, &time, &word)) {
      end();
      begin(name, leading_number(time));
      status(word);
    } else if (!begun_.empty()) {
      if (!status(trim(line)) && text_.size() < kLongestMessage) text_.append(trim(line)) += '\n';
    }
  }

  void finish() {
    end();
    builder_.cannot_tell({missing, flaky, crash, xfail, xpass});
    const auto shown =
        static_cast<double>(std::count_if(report_.results.begin(), report_.results.end(),
                                          [](const TestResult& each) { return is_failure(each.outcome); }));
    // A class whose set-up threw is counted, and of some formatters nothing else.
    if (failed_ > shown) {
      builder_.cannot_tell({error, fail, timeout});
      builder_.incomplete("the totals count more failures than are shown");
    }
    if (static_cast<double>(report_.results.size()) < told_) builder_.cannot_tell({pass, skip});
    number_repeated_names(report_);
  }

 private:
  void begin(const std::string& name, std::optional<double> seconds) {
    begun_ = name;
    seconds_ = seconds;
    outcome_ = pass;
    text_.clear();
  }
  bool status(std::string_view word) {
    if (word.starts_with("FAILED")) return set(fail);
    if (word.starts_with("Caused an ERROR")) return set(error);
    if (word.starts_with("SKIPPED")) return set(skip);
    return false;
  }
  bool set(Outcome outcome) {
    outcome_ = outcome;
    return true;
  }
  void end() {
    if (begun_.empty()) return;
    if (is_failure(outcome_)) {
      const Outcome told = java_failure(text_);
      outcome_ = told == fail ? outcome_ : told;
    }
    builder_.add(suite_, begun_, outcome_, seconds_, text_);
    begun_.clear();
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::string suite_, begun_, text_;
  std::optional<double> seconds_;
  Outcome outcome_ = pass;
  double told_ = 0, failed_ = 0;
  bool is_launcher_ = false;
};

void read_ant_plain(const Input& input, TestReport& report) {
  report.tool = "ant";
  AntPlain reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

// ---- jtreg

// "Error. Test ignored: no printer": one word, and what it means is said behind it.
Outcome jtreg_outcome(std::string_view status) {
  if (status.starts_with("Passed")) return pass;
  if (status.starts_with("Not run")) return missing;
  if (has(status, "Test ignored")) return skip;
  if (has(status, " timed out (timeout set to")) return timeout;
  if (has(status, "Unexpected exit from test") || has(status, "unexpected exit code")) return crash;
  if (has(status, "SkippedException") || has(status, "Skipped:")) return skip;
  if (status.starts_with("Error") || has(status, "Compilation failed")) return error;
  // A check throws whatever its author likes.
  return fail;
}

bool matches_jtreg(std::string_view head) {
  static const Pattern status(R"(\S+\.(?:java|sh|jasm)(?:#\S+)? +(?:Passed|Failed|Error|Not run)\. .*)");
  static const Pattern summary(R"((?:Passed|FAILED|Error): +\S+\.(?:java|sh|jasm)(?:#\S+)?)");
  return head.starts_with("#Test Results (version ") ||
         (has_line_of(head, summary) && (has(head, "Test results: ") || has(head, "JTwork") || has(head, "  main: ") ||
                                         has(head, "Results written to "))) ||
         status.matches(head.substr(0, head.find('\n')));
}

// The file of one test: properties as Java writes them.
void read_jtr(std::string_view bytes, ReportBuilder& builder) {
  std::string test, status;
  std::optional<double> seconds;
  each_line(bytes, [&](std::string_view line) {
    if (line.starts_with("test=")) test = std::string(line.substr(5));
    if (line.starts_with("execStatus=")) status = std::string(line.substr(11));
    if (line.starts_with("elapsed="))
      if (const auto milliseconds = leading_number(line.substr(8))) seconds = *milliseconds / 1000;
  });
  if (test.empty() || status.empty()) {
    builder.incomplete("the file has no status: the test was being run");
    return;
  }
  std::erase(status, '\\');
  builder.add("", test, jtreg_outcome(status), seconds, status);
}

void read_jtreg(const Input& input, TestReport& report) {
  report.tool = "jtreg";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, xfail, xpass});
  if (input.bytes.starts_with("#Test Results (version ")) {
    read_jtr(input.bytes, builder);
    return;
  }
  static const Pattern status(R"((\S+\.(?:java|sh|jasm)(?:#\S+)?) +((?:Passed|Failed|Error|Not run)\. .*))");
  static const Pattern summary(R"((Passed|FAILED|Error): +(\S+\.(?:java|sh|jasm)(?:#\S+)?))");
  static const Pattern time(R"( +(?:build|compile|main|clean|shell|testng|junit|driver): ([0-9.]+) seconds)");
  bool is_console = false, has_totals = false;
  each_line(input.bytes, [&](std::string_view line) {
    std::string name, word, number;
    if (line.starts_with("Test results: ")) has_totals = true;
    if (status.matches(line, &name, &word)) {
      builder.add("", name, jtreg_outcome(word), {}, word);
    } else if (summary.matches(line, &word, &name)) {
      is_console = true;
      builder.add("", name, word == "Passed" ? pass : word == "FAILED" ? fail : error);
    } else if (is_console && time.matches(line, &number)) {
      auto& seconds = report.results.back().seconds;
      seconds = seconds.value_or(0) + leading_number(number).value_or(0);
    }
  });
  if (is_console) builder.cannot_tell({timeout, crash, skip, error, missing});  // all of these are one of its two words
  if (is_console && !has_totals) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

}  // namespace

extern const Format ant_plain_format, jtreg_format;
const Format ant_plain_format{"ant-plain", matches_ant_plain, read_ant_plain};
const Format jtreg_format{"jtreg", matches_jtreg, read_jtreg};

}  // namespace resident::ci

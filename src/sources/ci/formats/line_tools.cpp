// Runners that print one line for each test, told apart by how such a line is written: each is a row of a table (a
// pattern, its words, how its totals look), read by the same code. Debian's autopkgtest, pg_regress, kyua, stestr,
// minitest's verbose mode, Go's gocheck.
#include <algorithm>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <unordered_set>

namespace resident::ci {

extern const Format go_text_format;

namespace {

using enum Outcome;

struct Word {
  std::string_view text;
  Outcome outcome;
};

struct Line {
  std::string suite, name, word, why, time;
};

struct LineTool {
  std::string_view tool;
  Pattern result;           // of a whole line
  std::string_view groups;  // what its groups are, in order: s suite, n name, w word, y why, t time
  std::vector<Word> words;
  double unit;     // seconds in one of its time
  Pattern totals;  // of a whole line
  std::vector<Outcome> cannot_tell;
  // What the words and the text below tell of the outcome. May be null.
  Outcome (*refine)(Outcome outcome, const Line& line, std::string_view text) = nullptr;
  // Whether a line that looks like one is none. May be null.
  bool (*is_other)(std::string_view line, const Line& parts) = nullptr;
  bool repeats = false;  // its lines stand again in the summary
};

std::optional<Line> line_of(const LineTool& tool, std::string_view text) {
  Line line;
  std::string parts[5];
  if (!tool.result.matches(text, &parts[0], &parts[1], &parts[2], &parts[3], &parts[4])) return std::nullopt;
  for (std::size_t at = 0; at < tool.groups.size(); ++at) {
    std::string& part = parts[at];
    switch (tool.groups[at]) {
      case 's':
        line.suite = std::move(part);
        break;
      case 'n':
        line.name = std::move(part);
        break;
      case 'w':
        line.word = std::move(part);
        break;
      case 'y':
        line.why = std::move(part);
        break;
      default:
        line.time = std::move(part);
    }
  }
  if (tool.is_other != nullptr && tool.is_other(text, line)) return std::nullopt;
  return line;
}

Outcome outcome_of_line(const LineTool& tool, std::string_view word) {
  for (const auto& [text, outcome] : tool.words)
    if (word == text) return outcome;
  return error;
}

bool has_result(const LineTool& tool, std::string_view head) {
  bool found = false;
  each_line(head, [&](std::string_view line) { found = found || line_of(tool, without_colours(line)).has_value(); });
  return found;
}

class LineReader {
 public:
  LineReader(const LineTool& tool, TestReport& report) : tool_(tool), report_(report), builder_(report) {}

  void line(std::string_view raw) {
    const std::string plain = without_colours(raw);
    if (auto found = line_of(tool_, plain)) {
      end();
      line_ = std::move(found);
    } else if (tool_.totals.matches(plain)) {
      end();
      has_totals_ = true;
    } else if (line_ && text_.size() < 2 * kLongestMessage) {
      text_.append(plain) += '\n';
    }
  }

  void finish() {
    end();
    for (const auto each : tool_.cannot_tell) builder_.cannot_tell({each});
    if (!has_totals_) builder_.incomplete("there are no totals at the end: the run was killed");
    number_repeated_names(report_);
  }

 private:
  void end() {
    if (!line_) return;
    const Line line = std::move(*line_);
    line_.reset();
    const std::string text = std::exchange(text_, {});
    if (tool_.repeats && !seen_.insert(line.suite + '\x1f' + line.name).second) return;
    Outcome outcome = outcome_of_line(tool_, line.word);
    if (tool_.refine != nullptr) outcome = tool_.refine(outcome, line, text);
    const auto time = leading_number(line.time);
    const std::string_view said = line.why.empty() ? std::string_view(text) : std::string_view(line.why);
    builder_.add(line.suite, line.name, outcome, time ? std::optional(*time * tool_.unit) : std::nullopt,
                 outcome == pass ? std::string_view() : trim(said));
  }

  const LineTool& tool_;
  TestReport& report_;
  ReportBuilder builder_;
  std::optional<Line> line_;
  std::string text_;
  std::unordered_set<std::string> seen_;
  bool has_totals_ = false;
};

template <const LineTool& (*tool)()>
bool matches(std::string_view head) {
  return has_result(tool(), head);
}

template <const LineTool& (*tool)()>
void read(const Input& input, TestReport& report) {
  report.tool = tool().tool;
  LineReader reader(tool(), report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

// ---- pg_regress up to PostgreSQL 15, its isolation tester too; from 16 on it writes TAP

const LineTool& pg_regress() {
  static const LineTool tool{
      "pg_regress",
      Pattern(
          R"((?:test| {4}) (\S+) +\.\.\. (ok|FAILED|failed \(ignored\)|skipped)(?: (\([^()]*\)))? {4,}([0-9]+) ms()\s*)"),
      "nwyt",
      {{"ok", pass}, {"FAILED", fail}, {"failed (ignored)", xfail}, {"skipped", skip}},
      .001,
      Pattern(R"( (?:All [0-9]+ tests passed|[0-9]+ of [0-9]+ tests failed).*)"),
      {missing, flaky, timeout, xpass, error},
      [](Outcome outcome, const Line& line, std::string_view) {
        return outcome == fail && has(line.why, "terminated by ") ? crash : outcome;
      }};
  return tool;
}

// ---- kyua

const LineTool& kyua() {
  static const LineTool tool{
      "kyua",
      Pattern(R"((\S+?):(\S+)  ->  (passed|failed|broken|skipped|expected_failure)(?:: (.*?))?  \[([0-9.]+)s\]\s*)"),
      "snwyt",
      {{"passed", pass}, {"failed", fail}, {"broken", error}, {"skipped", skip}, {"expected_failure", xfail}},
      1,
      Pattern(R"([0-9]+/[0-9]+ passed \([0-9]+ failed\)|Test cases: [0-9]+ total.*)"),
      {missing, flaky, xpass},
      [](Outcome outcome, const Line& line, std::string_view) {
        if (outcome == error && has(line.why, "timed out")) return timeout;
        return outcome == error && has(line.why, "received signal ") ? crash : outcome;
      },
      nullptr,
      true};
  return tool;
}

// Its report, unlike its console, says nothing of what passed.
void read_kyua(const Input& input, TestReport& report) {
  read<kyua>(input, report);
  if (has(input.bytes, "===> ")) ReportBuilder(report).cannot_tell({pass});
}

// ---- stestr and what else prints OpenStack's trace: "{0} module.Class.test [0.01s] ... ok"

const LineTool& stestr() {
  static const LineTool tool{
      "stestr",
      Pattern(
          R"(\{[0-9]+\} (?:([\w.]+)\.)?((?:setUp|tearDown)(?:Class|Module) \(\S+\)|\S+)(?: \[([0-9.]+)s\])? \.\.\. (ok|FAILED|SKIPPED|inprogress)(?:: (.*))?)"),
      "sntwy",
      {{"ok", pass}, {"FAILED", fail}, {"SKIPPED", skip}, {"inprogress", crash}},
      1,
      Pattern(R"( - (?:Passed|Failed): [0-9]+|=+)"),
      {missing, flaky, xfail, xpass, timeout},
      [](Outcome outcome, const Line&, std::string_view text) {
        // There is no word for errors: what was thrown stands at the end of the traceback.
        if (outcome == fail && has(text, "TimeoutException")) return timeout;
        // Nothing was thrown where a test passed that should have failed.
        if (outcome == fail && !has(text, "Traceback")) return xpass;
        const bool is_check = has(text, "AssertionError") || has(text, "MismatchError") || has(text, "FailTest");
        return outcome == fail && !is_check ? error : outcome;
      }};
  return tool;
}

// ---- minitest -v: "CalcTest#test_adds = 0.00 s = ."

const LineTool& minitest() {
  static const LineTool tool{"minitest",
                             Pattern(R"((\S.*?)#(\S.*) = ([0-9.]+) s = ([.FES])())"),
                             "sntw",
                             {{".", pass}, {"F", fail}, {"E", error}, {"S", skip}},
                             1,
                             Pattern(R"([0-9]+ runs, [0-9]+ assertions, .*)"),
                             {missing, flaky, timeout, crash, xfail, xpass}};
  return tool;
}

// ---- gocheck -check.v: "PASS: a_test.go:6: S.TestPasses	0.000s"

const LineTool& gocheck() {
  static const LineTool tool{
      "gocheck",
      Pattern(
          R"((PASS|FAIL|SKIP|MISS|PANIC|FAIL EXPECTED): \S+\.go:[0-9]+: ([^\s.]+)\.([^\s.]+)(?: (\(.*\)))?(?:\t([0-9.]+)s)?\s*)"),
      "wsnyt",
      {{"PASS", pass}, {"FAIL", fail}, {"SKIP", skip}, {"MISS", missing}, {"PANIC", error}, {"FAIL EXPECTED", xfail}},
      1,
      Pattern(R"((?:OK|OOPS): [0-9]+ passed.*)"),
      {flaky, timeout, crash},
      [](Outcome outcome, const Line& line, std::string_view text) {
        const bool is_fixture = line.name.starts_with("SetUp") || line.name.starts_with("TearDown");
        if (outcome == fail && is_fixture) return error;
        return outcome == fail && has(text, "Test succeeded, but was expected to fail") ? xpass : outcome;
      }};
  return tool;
}

// With -v, go test's own lines stand around it: one test function is the door to all suites.
void read_gocheck(const Input& input, TestReport& report) {
  if (has(input.bytes, "=== RUN ")) go_text_format.read(input, report);
  read<gocheck>(input, report);
}

// ---- autopkgtest: its summary, or its log, which holds each line of the summary twice

const LineTool& autopkgtest() {
  static const LineTool tool{
      "autopkgtest",
      Pattern(R"((\S+) +(PASS|FAIL|SKIP|FLAKY)(?: (.*?))?()())"),
      "nwy",
      // What is marked flaky may fail: the run is none the worse for it.
      {{"PASS", pass}, {"FAIL", fail}, {"SKIP", skip}, {"FLAKY", xfail}},
      1,
      Pattern(R"(blame: .*|autopkgtest \[.*\]: @+ summary)"),
      {missing, flaky, xpass},
      [](Outcome outcome, const Line& line, std::string_view) {
        constexpr std::string_view kStatus = "non-zero exit status ";
        if (outcome != fail) return outcome;
        if (line.why.starts_with("timed out")) return timeout;
        if (line.why.starts_with("badpkg")) return error;
        // A shell's status from 128 on is a signal.
        const bool has_status = line.why.starts_with(kStatus);
        const double status = has_status ? leading_number(line.why.substr(kStatus.size())).value_or(0) : 0;
        return status > 128 && status < 192 ? crash : fail;
      },
      // The word stands in column 21, or behind a longer name and one blank; nothing stands behind a pass.
      [](std::string_view line, const Line& parts) {
        constexpr std::size_t kColumn = 20;
        const std::size_t column = std::max(parts.name.size(), kColumn) + 1;
        return !line.substr(std::min(column, line.size())).starts_with(parts.word) ||
               (parts.word == "PASS" && !parts.why.empty());
      },
      true};
  return tool;
}

bool is_log(std::string_view head) {
  return head.starts_with("autopkgtest [") || has(head, "\nautopkgtest [");
}

// In a summary there is nothing else but who is to blame, and why.
bool matches_autopkgtest(std::string_view head) {
  if (is_log(head)) return true;
  bool is_blamed = false, is_other = false, has_any = false;
  if (head.size() >= kSniffed) head = head.substr(0, head.rfind('\n'));
  each_line(head, [&](std::string_view line) {
    is_blamed = is_blamed || line.starts_with("blame: ");
    const bool is_result = line_of(autopkgtest(), line).has_value();
    has_any = has_any || is_result;
    is_other = is_other || (!is_result && !is_blamed && !trim(line).empty());
  });
  return has_any && !is_other;
}

void read_autopkgtest(const Input& input, TestReport& report) {
  static const Pattern begun(R"(autopkgtest \[.*\]: test (\S+): preparing testbed)");
  static const Pattern gave_up(R"((?:erroneous package|testbed failure|quitting): .*)");
  read<autopkgtest>(input, report);
  report.incomplete.clear();
  ReportBuilder builder(report);
  std::string last, why;
  bool has_summary = false;
  each_line(input.bytes, [&](std::string_view line) {
    begun.matches(line, &last);
    has_summary = has_summary || (line.starts_with("autopkgtest [") && line.ends_with(" summary"));
    if (gave_up.matches(line) && why.empty()) why = line;
  });
  if (!why.empty()) builder.incomplete("autopkgtest gave up: " + why);
  const bool is_told = std::any_of(report.results.begin(), report.results.end(),
                                   [&](const TestResult& each) { return each.name == last; });
  if (!last.empty() && !is_told && !has_summary)
    builder.add("", last, crash, {}, "begun, and the log has no end of it");
  if (is_log(input.bytes.substr(0, kSniffed)) && !has_summary)
    builder.incomplete("there is no summary at the end: the run was killed");
}

}  // namespace

extern const Format pg_regress_format, kyua_log_format, stestr_format, minitest_log_format, gocheck_format,
    autopkgtest_format;
const Format pg_regress_format{"pg_regress", matches<pg_regress>, read<pg_regress>};
const Format kyua_log_format{"kyua-log", matches<kyua>, read_kyua};
const Format stestr_format{"stestr", matches<stestr>, read<stestr>};
const Format minitest_log_format{"minitest-log", matches<minitest>, read<minitest>};
const Format gocheck_format{"gocheck", matches<gocheck>, read_gocheck};
const Format autopkgtest_format{"autopkgtest", matches_autopkgtest, read_autopkgtest};

}  // namespace resident::ci

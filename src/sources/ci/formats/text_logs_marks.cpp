// What JavaScript's runners print for people, with a tick or a cross before each test: mocha's spec reporter, jest,
// vitest, node --test, Playwright's list. What a test failed of stands below all of them.
#include <algorithm>
#include <array>
#include <map>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <sources/ci/formats/text_tree.hpp>
#include <unordered_map>

namespace resident::ci {

namespace {

using enum Outcome;

// A bare "Error: " is any check written by hand.
Outcome failure_outcome(std::string_view text) {
  // What is quoted of the source holds any words: "   > 5 |   expect(…)".
  static const Pattern source(R"((?m)^ *>? *[0-9]+ ?[|│])");
  std::string_view quoted[1];
  if (source.search(text, 0, Pattern::Anchor::none, quoted))
    text = text.substr(0, static_cast<std::size_t>(quoted[0].data() - text.data()));
  static const Pattern thrown(R"((?m)^\W*(?:Caused by: )?[A-Z]\w+(?:Error|Exception)\b)");
  constexpr std::array<std::string_view, 3> kPassed{"Expect test to fail", "Failing test passed even though",
                                                    "Expected to fail, but passed"};
  constexpr std::array<std::string_view, 6> kLate{"imed out in ",     "Exceeded timeout of ",  "Timeout of ",
                                                  "Test timeout of ", "test timed out after ", "imed out after "};
  const auto says = [&](std::string_view words) { return has(text, words); };
  if (std::any_of(kPassed.begin(), kPassed.end(), says)) return xpass;
  if (std::any_of(kLate.begin(), kLate.end(), says)) return timeout;
  if (has(text, "AssertionError") || has(text, "ERR_ASSERTION") || has(text, "expect(")) return fail;
  static const Pattern engine(R"([Cc]annot read propert(?:y|ies) |\w is not a function|\w is not defined)");
  if (engine.found_in(text)) return error;
  return thrown.found_in(text) ? error : fail;
}

std::optional<double> seconds_in(std::string_view time, std::string_view unit) {
  auto number = leading_number(time);
  if (number) *number *= unit == "ms" ? 1e-3 : unit == "m" ? 60 : 1;
  return number;
}

// The results by a title that stands again at their explanation.
class Explained {
 public:
  explicit Explained(TestReport& report) : report_(report) {}

  void name(const std::string& title, std::size_t index) { index_[title] = index; }
  bool knows(const std::string& title) const { return index_.contains(title); }
  bool is_open() const { return !of_.empty(); }
  void begin(std::string title) {
    end();
    of_ = std::move(title);
  }
  void line(std::string_view line) {
    if (!of_.empty() && text_.size() < 2 * kLongestMessage) text_.append(line) += '\n';
  }
  void end() {
    const auto found = index_.find(std::exchange(of_, {}));
    const std::string text = std::exchange(text_, {});
    if (found == index_.end()) return;
    TestResult& result = report_.results[found->second];
    if (result.message.empty()) result.message = std::string(trim(text.substr(0, kLongestMessage)));
    if (result.outcome != fail) return;
    result.outcome = failure_outcome(text);
    std::replace(result.attempts.begin(), result.attempts.end(), fail, result.outcome);
  }

 private:
  TestReport& report_;
  std::unordered_map<std::string, std::size_t> index_;
  std::string of_, text_;
};

// "a > b › c" as a suite and the last part.
std::pair<std::string, std::string> split_at_last(std::string_view whole, std::string_view between) {
  const std::size_t at = whole.rfind(between);
  if (at == std::string_view::npos) return {"", std::string(whole)};
  std::string suite;
  for (std::string_view rest = whole.substr(0, at); !rest.empty();) {
    const std::size_t end = rest.find(between);
    suite.append(suite.empty() ? "" : " > ").append(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + between.size());
  }
  return {suite, std::string(whole.substr(at + between.size()))};
}

// ---- mocha: "    ✔ adds (61ms)", "    1) differs", "    - is pending"

const Pattern& mocha_line() {
  static const Pattern pattern(R"(( {2,})(?:(?:✔|✓|√) (\S.*?)(?: \(([0-9.]+)(ms|s|m)\))?|([0-9]+)\) (\S.*)|- (\S.*)))");
  return pattern;
}
const Pattern& mocha_passing() {
  static const Pattern pattern(R"( +[0-9]+ passing \([0-9.]+(?:ms|s|m|h)\))");
  return pattern;
}

// Its totals; or, in a log whose beginning has none yet, several ticks below a suite behind an empty line.
bool matches_mocha(std::string_view head) {
  // Its failures are numbers: a cross is another runner's (Karma's, Jasmine's reporters).
  static const Pattern cross(R"( {2,}(?:✗|✖) \S.*)");
  static const Pattern tick(R"( {4,}(?:✔|✓) \S.*)"), suite(R"((?:^|\n\n) {2}\S)");
  constexpr std::size_t kFew = 3;
  const std::string plain = without_colours(head);
  std::size_t ticks = 0;
  bool has_totals = false;
  each_line(plain, [&](std::string_view line) {
    ticks += tick.matches(line) ? 1 : 0;
    has_totals = has_totals || mocha_passing().matches(line);
  });
  return has_totals || (ticks >= kFew && suite.found_in(plain) && !has_line_of(plain, cross));
}

class Mocha {
 public:
  explicit Mocha(TestReport& report) : report_(report), builder_(report), explained_(report) {}

  void line(std::string_view raw) {
    const std::string plain = without_colours(raw);
    // The list reporter writes the title first, and the result over it: "    Calc adds: \r  ✔ Calc adds: 0ms".
    const std::size_t over = plain.rfind('\r');
    if (mocha_passing().matches(plain)) {
      has_totals_ = true;
    } else if (has_totals_) {
      explanation(plain);
    } else {
      test(std::string_view(plain).substr(over == std::string::npos ? 0 : over + 1), over != std::string::npos);
    }
  }

  void finish() {
    explained_.end();
    // Its other reporters name what failed alone.
    if (!has_names_) builder_.cannot_tell({pass, skip});
    if (!has_totals_) builder_.incomplete("there are no totals (\"… passing\"): the run was killed");
    number_repeated_names(report_);
  }

 private:
  void test(std::string_view line, bool is_listed) {
    static const Pattern listed(R"( +(?:✔|✓|√) (\S.*): ([0-9]+)ms)");
    std::string blanks, name, time, unit, number, failed, pending;
    if (is_listed && listed.matches(line, &name, &time)) {
      add("", name, pass, seconds_in(time, "ms"));
    } else if (!mocha_line().matches(line, &blanks, &name, &time, &unit, &number, &failed, &pending)) {
      if (indent_of(line) >= 2 && !trim(line).empty()) tree_.open(indent_of(line), trim(line));
    } else if (!number.empty()) {
      explained_.name(number, report_.results.size());
      add(tree_.path(blanks.size()), failed, fail, {});
    } else {
      add(tree_.path(blanks.size()), name.empty() ? pending : name, name.empty() ? skip : pass, seconds_in(time, unit));
    }
  }

  // "  1) Calc", its title on lines of its own up to a colon, and what went wrong.
  void explanation(std::string_view line) {
    static const Pattern heading(R"( {2}([0-9]+)\) (\S.*?)(:?))");
    std::string number, title, colon;
    if (heading.matches(line, &number, &title, &colon)) {
      explained_.begin(number);
      number_ = explained_.knows(number) ? "" : number;
      title_ = title;
      if (!colon.empty()) end_of_title();
    } else if (!number_.empty() && !trim(line).empty()) {
      title_.append(" > ").append(trim(line));
      if (!title_.ends_with(':')) return;
      title_.pop_back();
      end_of_title();
    } else {
      explained_.line(line);
    }
  }

  void end_of_title() {
    if (std::exchange(number_, {}).empty()) return;
    explained_.end();
    const auto [suite, name] = split_at_last(title_, " > ");
    explained_.name(title_, report_.results.size());
    builder_.add(suite, mocha_hook_name(name).value_or(name), mocha_hook_name(name) ? error : fail);
    explained_.begin(title_);
  }

  void add(const std::string& suite, const std::string& name, Outcome outcome, std::optional<double> seconds) {
    has_names_ = true;
    // Where the suites' names stand before it, a hook does not begin the title.
    const std::size_t quote = std::min(name.find("\"before "), name.find("\"after "));
    const auto hook = quote == std::string::npos ? std::nullopt : mocha_hook_name(std::string_view(name).substr(quote));
    builder_.add(suite, hook ? name.substr(0, quote) + *hook : name, hook ? error : outcome, seconds);
  }

  TestReport& report_;
  ReportBuilder builder_;
  Explained explained_;
  TextTree tree_;
  std::string number_, title_;
  bool has_totals_ = false, has_names_ = false;
};

void read_mocha(const Input& input, TestReport& report) {
  report.tool = "mocha";
  ReportBuilder(report).cannot_tell({missing, flaky, crash, xfail, xpass});
  Mocha reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

// ---- jest: "PASS a.test.js", with --verbose "    ✓ adds (1 ms)" below it

const Pattern& jest_file() {
  static const Pattern pattern(
      R"( ?(PASS|FAIL)  ?(?: ?\S+ )?\s*(\S+\.[cm]?[jt]sx?)(?: \(([0-9.]+) (ms|s)\))?(?: \(.*heap size\))?\s*)");
  return pattern;
}

bool matches_jest_log(std::string_view head) {
  return has_line_of(without_colours(head), jest_file());
}

void read_jest_log(const Input& input, TestReport& report) {
  static const Pattern test(R"(( {2,})(✓|✕|○|✎|√|×) (?:(?:skipped|todo) )?(\S.*?)(?: \(([0-9.]+) (ms|s)\))?)");
  static const Pattern explanation(R"(  ● (\S.*))");
  report.tool = "jest";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, crash, xfail, error});  // a hook's frames are left out
  Explained explained(report);
  TextTree tree;
  std::string file;
  bool has_totals = false, is_verbose = false;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string line = without_colours(raw);
    std::string blanks, mark, name, time, unit;
    if (line.starts_with("Test Suites: ")) {
      explained.end();
      has_totals = true;
    } else if (line.starts_with("Summary of all failing tests")) {
      explained.end();
      file = "-";  // all of it stands above
    } else if (file == "-" || has_totals) {
      return;
    } else if (jest_file().matches(line, &mark, &file)) {
      explained.end();
      file = file.substr(file.find_last_of("/\\") + 1);
      tree.clear();
      tree.open(0, file);
    } else if (test.matches(line, &blanks, &mark, &name, &time, &unit) && !explained.is_open()) {
      is_verbose = true;
      const std::string suite = tree.path(blanks.size());
      const bool passed = mark == "✓" || mark == "√", failed = mark == "✕" || mark == "×";
      explained.name(suite + " > " + name, report.results.size());
      builder.add(suite, name, passed ? pass : failed ? fail : skip, seconds_in(time, unit));
    } else if (explanation.matches(line, &name)) {
      const auto [suite, last] = split_at_last(name, " › ");
      const std::string whole = file + (suite.empty() ? "" : " > " + suite), title = whole + " > " + last;
      explained.end();
      if (last == "Test suite failed to run") {
        explained.name(title, report.results.size());
        builder.add("", file, error);
      } else if (!explained.knows(title)) {
        explained.name(title, report.results.size());
        builder.add(whole, last, fail);
      }
      explained.begin(title);
    } else if (explained.is_open()) {
      explained.line(line);
    } else if (indent_of(line) >= 2 && !trim(line).empty()) {
      tree.open(indent_of(line), trim(line));
    }
  });
  explained.end();
  if (!is_verbose) builder.cannot_tell({pass, skip});
  if (!has_totals) builder.incomplete("there are no totals (\"Test Suites: …\"): the run was killed");
  number_repeated_names(report);
}

// ---- vitest: " ✓ a.test.js > Calc > adds 6ms", or below " ❯ a.test.js (11 tests | 4 failed) 470ms" without the file:
// "   ✓ Calc > adds 6ms" (3), "     ✓ adds 6ms" (4: the suites are left out; 5: "   ❯ Calc (11)" above)

bool matches_vitest_log(std::string_view head) {
  static const Pattern begin(R"( *(?:RUN|DEV) +v[0-9]+\.[0-9]+\.[0-9]+.*)");
  return has_line_of(without_colours(head), begin);
}

class Vitest {
 public:
  explicit Vitest(TestReport& report) : report_(report), builder_(report), explained_(report) {}

  void line(std::string_view raw) {
    static const Pattern heading(R"( FAIL  (?:\|\S+\| )?(\S.*?)(?: \[ \S+ \])?)");
    static const Pattern file(R"( (?:✓|❯|×|↓) (?:\|\S+\| |\[?\S+\]? )?(\S+\.\S+) +\([0-9]+ tests?.*)");
    static const Pattern group(R"(( {3,})(?:✓|❯|×|↓) (\S.*?) \([0-9]+\)(?: [0-9.]+m?s)?\s*)");
    const std::string plain = without_colours(raw);
    const std::string_view line = plain;
    std::string blanks, whole;
    if (trim(line).starts_with("Test Files  ")) {
      has_totals_ = true;
    } else if (heading.matches(line, &whole)) {
      explain(whole);
    } else if (line.starts_with("⎯")) {
      explained_.end();
      are_suites_ = are_suites_ || has(line, " Failed Suites ");
      if (has(line, " Failed Tests ")) are_suites_ = false;
    } else if (explained_.is_open()) {
      explained_.line(line);
    } else if (file.matches(line, &file_)) {
      has_folded_ = has_folded_ || has(line, "✓");
      tree_.clear();
    } else if (!file_.empty() && group.matches(line, &blanks, &whole)) {
      tree_.open(blanks.size(), whole);
    } else {
      test(line);
    }
  }

  void finish() {
    explained_.end();
    if (!is_verbose_ || has_folded_) builder_.cannot_tell({pass, skip});
    if (!has_totals_) builder_.incomplete("there are no totals (\"Test Files …\"): the run was killed");
    number_repeated_names(report_);
  }

 private:
  void test(std::string_view line) {
    static const Pattern pattern(
        R"(( +)(✓|×|↓|□) (\S.*?)(?:  ?([0-9.]+)(ms|s))?(?: \((?:(retry)|repeat) x([0-9]+)\))?(?: \[.*\])?\s*)");
    std::string blanks, mark, whole, time, unit, retry, tries;
    if (!pattern.matches(line, &blanks, &mark, &whole, &time, &unit, &retry, &tries)) return;
    is_verbose_ = true;
    auto [suite, name] = split_at_last(whole, " > ");
    if (blanks.size() > 1 && !file_.empty()) {
      const std::string above = tree_.path(blanks.size());
      suite = file_ + (above.empty() ? "" : " > " + above) + (suite.empty() ? "" : " > " + suite);
      if (suite == file_ && mark == "×") bare_.emplace(suite + " > " + name, report_.results.size());
    }
    explained_.name(suite + " > " + name, report_.results.size());
    TestResult& result = builder_.add(suite, name,
                                      mark == "✓"   ? pass
                                      : mark == "×" ? fail
                                                    : skip,
                                      seconds_in(time, unit));
    if (retry.empty()) return;
    const auto count = static_cast<std::size_t>(std::min(leading_number(tries).value_or(0), 100.0));
    result.attempts.insert(result.attempts.begin(), count, fail);
    result.outcome = outcome_of(result.attempts);
  }

  void explain(const std::string& whole) {
    const auto [suite, name] = split_at_last(whole, " > ");
    const std::string title = suite.empty() ? name : suite + " > " + name;
    explained_.end();
    if (!explained_.knows(title)) {
      // Only here its suites are told; where no test above is meant, a suite's hook broke, or a file could not be
      // loaded.
      const auto bare = bare_.find(suite.substr(0, suite.find(" > ")) + " > " + name);
      const bool is_test = bare != bare_.end() && !are_suites_;
      explained_.name(title, is_test ? bare->second : report_.results.size());
      if (is_test) {
        report_.results[bare->second].suite = suite;
        bare_.erase(bare);
      } else {
        builder_.add(suite, name, are_suites_ ? error : fail);
      }
    }
    explained_.begin(title);
  }

  TestReport& report_;
  ReportBuilder builder_;
  Explained explained_;
  TextTree tree_;
  std::unordered_multimap<std::string, std::size_t> bare_;  // tests whose suites are left out
  std::string file_;
  bool has_totals_ = false, is_verbose_ = false, has_folded_ = false, are_suites_ = false;
};

void read_vitest_log(const Input& input, TestReport& report) {
  report.tool = "vitest";
  ReportBuilder(report).cannot_tell({missing, flaky, crash, xfail});
  Vitest reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

// ---- node --test: "  ✔ adds (21.7ms)" below "▶ Calc"

const Pattern& node_line() {
  static const Pattern pattern(R"(( *)(✔|✖|﹣|⚠) (\S.*?)(?: \(([0-9.]+)ms\))?(?: # (.*))?)");
  return pattern;
}

bool matches_node(std::string_view head) {
  static const Pattern timed(R"( *(?:✔|✖|﹣) \S.* \([0-9]+\.[0-9]+ms\)(?: # .*)?)");
  return has_line_of(without_colours(head), timed);
}

void read_node(const Input& input, TestReport& report) {
  static const Pattern group(R"(( *)▶ (\S.*))"), signs(R"([.X]+)");
  report.tool = "node-test";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, crash, error});
  TextTree tree;
  std::string text;
  const bool is_list = has_line_of(without_colours(input.bytes.substr(0, kSniffed)), signs);
  bool has_totals = is_list && has(input.bytes, "\nFailed tests:"), failed = false;
  if (is_list) builder.cannot_tell({pass, skip, xfail, xpass, timeout});
  const auto explain = [&] {
    if (std::exchange(failed, false)) {
      TestResult& result = report.results.back();
      if (has(text, "test did not finish before its parent and was cancelled")) {
        report.results.pop_back();  // it never ran
      } else {
        result.outcome = failure_outcome(text);
        result.attempts = {result.outcome};
        result.message = std::string(trim(text.substr(0, kLongestMessage)));
      }
    }
    text.clear();
  };
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string line = without_colours(raw);
    std::string blanks, mark, name, time, why;
    if (line.starts_with("ℹ tests ")) {
      explain();
      has_totals = true;
    } else if (has_totals && !is_list) {
      return;  // what failed, again
    } else if (group.matches(line, &blanks, &name)) {
      explain();
      tree.open(blanks.size(), name);
    } else if (node_line().matches(line, &blanks, &mark, &name, &time, &why)) {
      explain();
      const bool is_todo = !why.empty() && mark != "﹣";
      const auto milliseconds = leading_number(time);
      Outcome outcome = mark == "✔" ? pass : mark == "﹣" ? skip : fail;
      if (is_todo) outcome = mark == "✔" ? xpass : xfail;
      builder.add(tree.path(blanks.size()), name, outcome,
                  milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt, why);
      failed = outcome == fail;
    } else if (failed && text.size() < 2 * kLongestMessage) {
      text.append(line) += '\n';
    }
  });
  explain();
  if (!has_totals) builder.incomplete("there are no totals (\"ℹ tests …\"): the run was killed");
  number_repeated_names(report);
}

// ---- Playwright's list: "  ✘  3 [project] › a.spec.js:5:3 › Calc › differs (retry #1) (25ms)". The marks tell how a
// test ended, not whether it should have: that stands in the lists at the end alone.

const Pattern& playwright_line() {
  static const Pattern pattern(
      R"( +(✓|✘|ok|x|-) +[0-9]+ (\S.* › .*?)(?: \(retry #([0-9]+)\))?(?: \(([0-9.]+)(ms|s|m)\))?)");
  return pattern;
}

bool matches_playwright(std::string_view head) {
  static const Pattern begin(R"(Running [0-9]+ tests? using [0-9]+ workers?.*)");
  return has_line_of(without_colours(head), begin);
}

class PlaywrightList {
 public:
  explicit PlaywrightList(TestReport& report) : report_(report), builder_(report), explained_(report) {}

  void line(std::string_view raw) {
    static const Pattern list(R"(  [0-9]+ (failed|flaky|skipped|did not run|interrupted|passed)\b.*)");
    static const Pattern heading(R"( +[0-9]+\) (\S.* › .*?)(?: ─+)?\s*)"), listed(R"( {4}(\S.* › .*?)(?: ─+)?\s*)");
    const std::string plain = without_colours(raw);
    std::string mark, title, retry, time, unit, word;
    if (list.matches(plain, &word)) {
      explained_.end();
      list_ = word;
      has_totals_ = has_totals_ || word == "passed" || word == "failed";
    } else if (!list_.empty() && listed.matches(plain, &title)) {
      lists_[std::string(trim(title))] = list_;
    } else if (playwright_line().matches(plain, &mark, &title, &retry, &time, &unit)) {
      result(mark, title, seconds_in(time, unit));
    } else if (heading.matches(plain, &title)) {
      const std::string whole(trim(title));
      if (!index_.contains(whole)) result("x", whole, {});  // reporters that name no others
      explained_.begin(whole);
    } else {
      explained_.line(plain);
    }
  }

  void finish() {
    explained_.end();
    for (const auto& [title, index] : index_) {
      TestResult& result = report_.results[index];
      const auto found = lists_.find(title);
      const std::string_view list = found == lists_.end() ? std::string_view() : std::string_view(found->second);
      const bool passed = result.attempts.back() == pass;
      if (list == "flaky") result.outcome = flaky, result.attempts = {fail, pass};
      if (list == "failed" && passed) set(result, xpass);
      if (list.empty() && has_totals_ && is_failure(result.outcome) && !passed) set(result, xfail);
    }
    if (!has_totals_) builder_.incomplete("there are no totals at the end: the run was killed");
    number_repeated_names(report_);
  }

 private:
  void result(std::string_view mark, const std::string& title, std::optional<double> seconds) {
    const Outcome outcome = mark == "-" ? skip : mark == "✓" || mark == "ok" ? pass : fail;
    if (const auto known = index_.find(title); known != index_.end()) {
      builder_.again(report_.results[known->second], outcome, seconds);
      return;
    }
    // "[chromium] › a.spec.js:5:3 › Calc › differs": the place of a test is not its name.
    static const Pattern place(R"( › ([^›]*?):[0-9]+:[0-9]+ › |^([^›]*?):[0-9]+:[0-9]+ › )");
    std::string whole = title;
    place.replace_first(whole, whole.starts_with('[') ? R"( › \1 › )" : R"(\2 › )");
    auto [suite, name] = split_at_last(whole, " › ");
    index_.emplace(title, report_.results.size());
    explained_.name(title, report_.results.size());
    builder_.add(suite, name, outcome, seconds);
  }

  static void set(TestResult& result, Outcome outcome) {
    result.outcome = outcome;
    std::fill(result.attempts.begin(), result.attempts.end(), outcome);
  }

  TestReport& report_;
  ReportBuilder builder_;
  Explained explained_;
  std::map<std::string, std::size_t> index_;
  std::map<std::string, std::string> lists_;
  std::string list_;
  bool has_totals_ = false;
};

void read_playwright(const Input& input, TestReport& report) {
  report.tool = "playwright";
  ReportBuilder(report).cannot_tell({missing, crash});
  PlaywrightList reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
  // Its other reporters name what failed alone.
  if (!has_line_of(input.bytes, playwright_line())) ReportBuilder(report).cannot_tell({pass, skip, xfail});
}

// ---- GitHub's annotations, as vitest's and Playwright's reporters write them: "::error
// file=…,title=…,line=5::message"

const Pattern& annotation() {
  static const Pattern pattern(
      R"(::error (?:.*,)?title=([^:]*?)(?:,(?:line|endLine|col|endColumn|column)=[^:]*)?::(.*))");
  return pattern;
}

bool matches_annotations(std::string_view head) {
  return has_line_of(head, annotation());
}

// "%0A" and the like, as its workflow commands want them.
std::string unescaped(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kEscapes{
      {{"%0A", '\n'}, {"%0D", '\r'}, {"%25", '%'}, {"%3A", ':'}, {"%2C", ','}}};
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto found = std::find_if(kEscapes.begin(), kEscapes.end(),
                                    [&](const auto& each) { return text.substr(at).starts_with(each.first); });
    result += found == kEscapes.end() ? text[at] : found->second;
    if (found != kEscapes.end()) at += found->first.size() - 1;
  }
  return result;
}

void read_annotations(const Input& input, TestReport& report) {
  report.tool = "github";
  ReportBuilder builder(report);
  builder.cannot_tell({pass, skip, missing, flaky, crash, xfail, xpass, error});
  each_line(input.bytes, [&](std::string_view line) {
    std::string title, said;
    if (!annotation().matches(line, &title, &said)) return;
    title.resize(std::min(title.find(",file="), title.size()));  // @reporters/github has the place behind it
    title = unescaped(title);
    const std::string message = unescaped(said);
    const auto [suite, name] = split_at_last(title, has(title, " › ") ? " › " : " > ");
    builder.add(suite, name, failure_outcome(message), {}, message);
  });
  builder.incomplete("annotations tell of failures alone");
  number_repeated_names(report);
}

}  // namespace

extern const Format mocha_log_format, jest_log_format, vitest_log_format, node_log_format, playwright_log_format,
    annotations_format;
const Format annotations_format{"github-annotations", matches_annotations, read_annotations};
const Format mocha_log_format{"mocha-log", matches_mocha, read_mocha};
const Format jest_log_format{"jest-log", matches_jest_log, read_jest_log};
const Format vitest_log_format{"vitest-log", matches_vitest_log, read_vitest_log};
const Format node_log_format{"node-log", matches_node, read_node};
const Format playwright_log_format{"playwright-log", matches_playwright, read_playwright};

}  // namespace resident::ci

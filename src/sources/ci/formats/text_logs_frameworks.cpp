// Consoles of Boost.Test (human readable log and report), Qt Test (its text form), lit and Ginkgo.
#include <algorithm>
#include <array>
#include <map>
#include <sources/ci/formats/any_log.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/ginkgo_text.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <sources/ci/formats/text_tree.hpp>

namespace resident::ci {

namespace {

using enum Outcome;

std::pair<std::string, std::string> split_at_last(std::string_view path, std::string_view between) {
  const std::size_t at = path.rfind(between);
  if (at == std::string_view::npos) return {"", std::string(path)};
  return {std::string(path.substr(0, at)), std::string(path.substr(at + between.size()))};
}

// ---- Boost.Test: `t.cpp(7): error: in "calc/differs": check …`; with --log_level=test_suite also where each begins

bool matches_boost_log(std::string_view head) {
  static const Pattern running(R"((?m)^Running [0-9]+ test cases?\.\.\.$)");
  static const Pattern ended(
      R"((?m)^\*\*\* (?:No errors detected|[0-9]+ failures? (?:is|are) detected)|^Entering test module ")");
  const std::string plain = without_colours(head);
  return running.found_in(plain) || ended.found_in(plain);
}

class BoostLog {
 public:
  explicit BoostLog(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view raw) {
    const std::string plain = without_colours(raw);
    static const Pattern entering(R"x((?:.*: )?Entering test (suite|case) "(.*)")x");
    static const Pattern leaving(
        R"x((?:.*: )?Leaving test (suite|case) "(.*?)"(?:; testing time: ([0-9]+)(us|ms|mks))?)x");
    static const Pattern skipped(R"x((?:.*: )?Test case "(.*?)" is skipped because .*)x");
    static const Pattern trouble(R"x(.*?: (fatal error|error): in "(.*?)": (.*))x");
    static const Pattern verdict(
        R"x( *Test case "(.*)" (has passed|has failed|was skipped|was aborted|has timed out).*)x");
    static const Pattern expected(
        R"x(\*\*\* .*\([0-9]+ failures? (?:is|are) expected\).*| *[0-9]+ expected failures?)x");
    std::string kind, name, time, unit, said;
    if (entering.matches(plain, &kind, &name)) {
      has_suites_ = true;
      if (kind == "suite") return void(suites_.push_back(name));
      test(path_of(name));
    } else if (leaving.matches(plain, &kind, &name, &time, &unit)) {
      if (kind == "suite" && !suites_.empty()) return suites_.pop_back();
      if (kind == "suite") return;
      auto& result = report_.results[test(path_of(name))];
      result.seconds = leading_number(time);
      if (result.seconds) *result.seconds *= unit == "ms" ? 1e-3 : 1e-6;
    } else if (skipped.matches(plain, &name)) {
      put(test(name), skip);
    } else if (trouble.matches(plain, &kind, &name, &said)) {
      set(test(name), kind == "error" ? fail : fatal(said), said);
    } else if (verdict.matches(plain, &name, &kind)) {
      has_verdicts_ = true;
      const std::size_t of = test(name);
      // What failed as it was expected to has passed.
      if (kind == "has passed" && report_.results[of].outcome == fail) put(of, xfail);
      if (kind == "was skipped") put(of, skip);
      if (kind == "has failed") set(of, fail, "");
      if (kind == "has timed out") put(of, timeout);
      if (kind == "was aborted") set(of, error, "");
    }
    if (expected.matches(plain)) has_expected_ = true;
    if (plain == "Test is aborted") has_aborted_ = true;
    if (plain.starts_with("*** ") || has_verdicts_) has_totals_ = true;
  }

  void finish() {
    // What needs a test that failed is left out without a word.
    builder_.cannot_tell({missing, flaky, xpass, skip});
    if (has_expected_ && !has_verdicts_) builder_.cannot_tell({xfail});
    if (!has_suites_ && !has_verdicts_) builder_.cannot_tell({pass});
    if (has_aborted_) builder_.incomplete("a test was aborted: what stands behind it did not run");
    if (!has_totals_) builder_.incomplete("there are no totals: the run was killed");
    number_repeated_names(report_);
  }

 private:
  std::string path_of(const std::string& name) const {
    std::string path;
    for (const auto& suite : suites_) path += suite + "/";
    return path + name;
  }
  std::size_t test(const std::string& path) {
    const auto [found, is_new] = at_.try_emplace(path, report_.results.size());
    if (is_new) {
      const auto [suite, name] = split_at_last(path, "/");
      builder_.add(suite, name, pass);
    }
    return found->second;
  }
  void put(std::size_t at, Outcome outcome) {
    report_.results[at].outcome = outcome;
    report_.results[at].attempts = {outcome};
  }
  void set(std::size_t at, Outcome outcome, std::string_view said) {
    TestResult& result = report_.results[at];
    if (result.outcome == pass || (result.outcome == fail && outcome != fail && !said.empty())) put(at, outcome);
    if (result.message.empty()) result.message = std::string(said);
  }
  static Outcome fatal(std::string_view said) {
    if (has(said, "signal: ") || has(said, "memory access violation")) return crash;
    if (has(said, "timeout") || has(said, "timed out")) return timeout;
    // "critical check 1 == 2 has failed" is a check that ends the test.
    return said.starts_with("critical check ") || has(said, " has failed") ? fail : error;
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::vector<std::string> suites_;
  std::map<std::string, std::size_t> at_;
  bool has_suites_ = false, has_verdicts_ = false, has_expected_ = false, has_aborted_ = false, has_totals_ = false;
};

void read_boost_log(const Input& input, TestReport& report) {
  report.tool = "boost-test";
  BoostLog reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

// ---- Qt Test: "PASS   : Calc::adds()", "FAIL!  : Calc::rows(two words) Compared values are not the same"

bool matches_qt_text(std::string_view head) {
  static const Pattern line(R"((?m)^(?:PASS  |FAIL! |SKIP  |XFAIL |XPASS |BPASS |BFAIL ) : \w[\w:]*::\w+\(.*?\))");
  return line.found_in(head) && (has(head, "********* Start testing of ") || has(head, "Totals: ") ||
                                 head.starts_with("Testing ") || has(head, "QDEBUG : "));
}

class QtText {
 public:
  explicit QtText(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view line) {
    static const Pattern event(
        R"((PASS  |FAIL! |SKIP  |XFAIL |XPASS |BPASS |BFAIL |BXFAIL|BXPASS|QFATAL|QWARN |QDEBUG|QINFO |RESULT) : (\w[\w:]*)::(\w+)\((.*?)\):?(?: (.*))?)");
    static const Pattern totals(R"(Totals: ([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped.*)");
    std::string word, suite, name, tag, said, passed, failed, skipped;
    if (line.starts_with("********* Start testing of ") || line.starts_with("Testing ")) ++begun_;
    if (totals.matches(line, &passed, &failed, &skipped)) {
      ++ended_;
      told_ += leading_number(passed).value_or(0);
      is_open_ = false;
    } else if (event.matches(line, &word, &suite, &name, &tag, &said)) {
      take(trim(word), suite, tag.empty() ? name : name + "(" + tag + ")", said);
    } else if (is_open_ && report_.results.back().message.size() < kLongestMessage) {
      append_message(report_.results.back().message += '\n', line);
    }
  }

  void finish() {
    builder_.cannot_tell({missing, flaky, error});
    const auto passes = std::count_if(report_.results.begin(), report_.results.end(), [](const TestResult& each) {
      return each.outcome == pass || each.outcome == xfail;
    });
    // -silent leaves out what passed.
    if (static_cast<double>(passes) < told_) builder_.cannot_tell({pass, skip, xfail});
    if (ended_ < begun_ || ended_ == 0) builder_.incomplete("there are no totals: the run was killed");
    number_repeated_names(report_);
  }

 private:
  void take(std::string_view word, const std::string& suite, const std::string& name, std::string_view said) {
    is_open_ = false;
    if (word == "QWARN" || word == "QDEBUG" || word == "QINFO" || word == "RESULT") return;
    Outcome outcome = word == "PASS" || word == "BPASS"     ? pass
                      : word == "SKIP"                      ? skip
                      : word == "XFAIL" || word == "BXFAIL" ? xfail
                      : word == "XPASS" || word == "BXPASS" ? xpass
                                                            : fail;
    if (word == "QFATAL") outcome = has(said, "timed out") ? timeout : crash;
    if (has(said, "Test function timed out")) outcome = timeout;
    if (has(said, "Received signal ") || has(said, "Caught unhandled exception")) outcome = crash;
    is_open_ = outcome != pass;
    if (!report_.results.empty() && report_.results.back().suite == suite && report_.results.back().name == name) {
      // An expected failure is followed by a pass of the same row, a fatal message by a failure.
      TestResult& last = report_.results.back();
      if (last.outcome == pass || (last.outcome == xfail && outcome != pass)) {
        last.outcome = outcome;
        last.attempts = {outcome};
        last.message = std::string(said);
      }
      return;
    }
    builder_.add(suite, name, outcome, {}, said);
  }

  TestReport& report_;
  ReportBuilder builder_;
  double told_ = 0;
  int begun_ = 0, ended_ = 0;
  bool is_open_ = false;
};

void read_qt_text(const Input& input, TestReport& report) {
  report.tool = "qttest";
  QtText reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

// ---- lit: "PASS: demo :: deep/in.t (1 of 9)", below it what the test printed; lists of what went wrong at the end

const Pattern& lit_line() {
  static const Pattern pattern(
      R"(([A-Z]+): (\S.*?) :: (\S.*) \(([0-9]+) of ([0-9]+)(?:, [0-9]+ of [0-9]+ attempts)?\))");
  return pattern;
}
const Pattern& lit_section() {
  static const Pattern pattern(
      R"((Failed|Unresolved|Timed Out|Unexpectedly Passed|Expectedly Failed|Unsupported|Passed|Passed With Retry|Skipped|Excluded) Tests \([0-9]+\):)");
  return pattern;
}

bool matches_lit_log(std::string_view head) {
  static const Pattern begun(R"((?m)^-- Testing: [0-9]+(?: of [0-9]+)? tests?, [0-9]+ (?:workers|threads))");
  return begun.found_in(head) || has_line_of(head, lit_line()) ||
         (has_line_of(head, lit_section()) && has(head, "\n  ") && has(head, " :: "));
}

std::optional<Outcome> lit_outcome(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, Outcome>, 22> kWords{{{"PASS", pass},
                                                                         {"FAIL", fail},
                                                                         {"XFAIL", xfail},
                                                                         {"XPASS", xpass},
                                                                         {"UNRESOLVED", error},
                                                                         {"UNSUPPORTED", skip},
                                                                         {"SKIPPED", skip},
                                                                         {"EXCLUDED", skip},
                                                                         {"FLAKYPASS", flaky},
                                                                         {"TIMEOUT", timeout},
                                                                         {"REGRESSED", fail},
                                                                         {"IMPROVED", pass},
                                                                         {"Failed", fail},
                                                                         {"Unresolved", error},
                                                                         {"Timed Out", timeout},
                                                                         {"Unexpectedly Passed", xpass},
                                                                         {"Expectedly Failed", xfail},
                                                                         {"Unsupported", skip},
                                                                         {"Passed", pass},
                                                                         {"Passed With Retry", flaky},
                                                                         {"Skipped", skip},
                                                                         {"Excluded", skip}}};
  for (const auto& [each, outcome] : kWords)
    if (each == word) return outcome;
  return std::nullopt;
}

void read_lit_log(const Input& input, TestReport& report) {
  report.tool = "lit";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, crash});
  static const Pattern listed(R"(  (\S.*?) :: (\S.*?)(?: \(([0-9]+)/[0-9]+\))?)"), banner(R"(\*{10,} TEST '(.*)' .*)");
  std::map<std::string, bool> is_known;
  Outcome section = missing;  // none
  double told = 0;
  bool has_totals = false, is_open = false;
  const auto add = [&](const std::string& suite, const std::string& name, Outcome outcome) {
    if (!is_known.emplace(suite + " :: " + name, true).second) return;
    auto& result = builder.add(suite, name, outcome);
    if (outcome == flaky) result.attempts = {fail, pass};
  };
  each_line(input.bytes, [&](std::string_view line) {
    std::string word, suite, name, number, of;
    if (lit_line().matches(line, &word, &suite, &name, &number, &of)) {
      if (const auto outcome = lit_outcome(word)) add(suite, name, *outcome);
      told = std::max(told, leading_number(of).value_or(0));
    } else if (banner.matches(line)) {
      is_open = !report.results.empty();
    } else if (line.starts_with("********************")) {
      is_open = false;
    } else if (lit_section().matches(line, &word)) {
      section = lit_outcome(word).value_or(missing);
      has_totals = true;
    } else if (section != missing && listed.matches(line, &suite, &name)) {
      add(suite, name, section);
    } else if (line.starts_with("Testing Time:")) {
      has_totals = true;
      section = missing;
    } else if (is_open && report.results.back().message.size() < kLongestMessage) {
      append_message(report.results.back().message, line), report.results.back().message += '\n';
    } else if (trim(line).empty()) {
      section = missing;
    }
  });
  // -q and -s leave out what went well.
  if (told == 0 || static_cast<double>(report.results.size()) < told)
    builder.cannot_tell({pass, skip, xfail, xpass, flaky});
  if (!has_totals) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

// ---- Ginkgo, 1 and 2: blocks between rules, and at the end the list of what went wrong

bool matches_ginkgo_log(std::string_view head) {
  return says_ginkgo(without_colours(head)) && !has(head, "=== RUN   ");
}

class GinkgoLog {
 public:
  explicit GinkgoLog(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view raw) {
    const std::string plain = without_colours(raw);
    static const Pattern rule("-{20,}"), place(R"(\s*\S+\.go:[0-9]+(?: @ .*)?|\s*/\S+:[0-9]+)");
    static const Pattern listed(
        R"( *\[(Fail|FAIL|Panic!|PANICKED!|Timeout\.\.\.|TIMEDOUT|INTERRUPTED)\] (.*?)\s*\[(It|BeforeEach|AfterEach|JustBeforeEach|JustAfterEach|BeforeSuite|AfterSuite|BeforeAll|AfterAll|DeferCleanup \(\w+\)|TableEntry)\] ?(.*?) *)");
    static const Pattern totals(
        R"((?:FAIL!|SUCCESS!).* -- ([0-9]+) Passed \| ([0-9]+) Failed \|(?: ([0-9]+) Flaked \|)? ([0-9]+) Pending \| ([0-9]+) Skipped.*)");
    static const Pattern mark(
        R"((•|S|P|↺)(!|\.\.\.)? ?(?:(Failure|Panic|Timeout|\[[A-Z ]+\]) ?)?(?:\[([0-9.]+) seconds\])?.*)");
    std::string kind, text, node, name, sign, word, time, wrong, flaked, pending, skipped, passed;
    if (totals.matches(plain, &passed, &wrong, &flaked, &pending, &skipped)) {
      has_totals_ = true;
      told_passed_ += leading_number(passed).value_or(0);
      told_failed_ += leading_number(wrong).value_or(0);
    } else if (listed.matches(plain, &kind, &text, &node, &name)) {
      failed(kind, text, node, name);
    } else if (plain.starts_with("Summarizing ")) {
      is_summary_ = true;
      block_.clear();
    } else if (rule.matches(plain)) {
      block_.clear();
      awaits_ = false;
    } else if (place.matches(plain)) {
      if (awaits_ && !block_.empty()) end_skipped();
    } else if (!is_summary_ && mark.matches(plain, &sign, &kind, &word, &time) && is_mark(plain)) {
      marked(sign, word, time);
    } else if (!trim(plain).empty()) {
      block_.push_back(plain);
    }
  }

  void finish() {
    builder_.cannot_tell({missing, xfail, xpass, flaky, crash});
    const auto passes = std::count_if(report_.results.begin(), report_.results.end(),
                                      [](const TestResult& each) { return each.outcome == pass; });
    const auto failures = std::count_if(report_.results.begin(), report_.results.end(),
                                        [](const TestResult& each) { return is_failure(each.outcome); });
    if (static_cast<double>(passes) < told_passed_) builder_.cannot_tell({pass, skip});
    if (static_cast<double>(failures) < told_failed_) {
      builder_.cannot_tell({fail, error, timeout});
      builder_.incomplete("the totals count more failures than are shown");
    }
    if (!has_totals_) builder_.incomplete("there are no totals: the run was killed");
  }

 private:
  static bool is_mark(std::string_view plain) {
    static const Pattern alone(R"((?:•|•[!.]+|S|P|↺) ?(?:Failure|Panic|Timeout|\[[A-Z -]+\]|\[[0-9.]+ seconds\]).*|•)");
    return alone.matches(plain);
  }
  // The containers' names and the test's own, without "[It]".
  std::string title() const {
    std::string text;
    for (const auto& line : block_) {
      std::string_view part = trim(line);
      if (part.ends_with(" [It]")) part.remove_suffix(5);
      text.append(text.empty() ? "" : " ").append(part);
    }
    return text;
  }
  void marked(std::string_view sign, std::string_view word, std::string_view time) {
    const auto seconds = leading_number(time);
    const std::string name = title();
    const bool is_pass = sign == "•" && word.empty();
    if (word == "[PENDING]" || sign == "P" || sign == "S") {
      // Its name stands above (2) or below (1).
      if (!name.empty()) builder_.add("", name, skip, seconds);
      awaits_ = name.empty();
    } else if (is_pass && !name.empty()) {
      builder_.add("", name, pass, seconds);
    }
    block_.clear();
  }
  void end_skipped() {
    // Below "P [PENDING]" come the containers, each with its place; the deepest line is the test.
    static const Pattern own(R"(\s+\S.*)");
    if (!own.matches(block_.back())) return;
    builder_.add("", title(), skip);
    awaits_ = false;
    block_.clear();
  }
  void failed(std::string_view kind, std::string_view text, std::string_view node, std::string_view name) {
    const bool is_test = node == "It" || node == "TableEntry";
    Outcome outcome = kind == "Fail" || kind == "FAIL" ? (is_test || node.ends_with("Each") ? fail : error)
                      : kind.starts_with("Panic") || kind.starts_with("PANIC") ? error
                      : kind == "INTERRUPTED"                                  ? crash
                                                                               : timeout;
    std::string full(text);
    if (!name.empty()) full.append(full.empty() ? "" : " ").append(name);
    if (full.empty()) full = "[" + std::string(node) + "]";
    for (const auto& each : report_.results)
      if (each.name == full && is_failure(each.outcome)) return;  // told once more
    builder_.add("", full, outcome);
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::vector<std::string> block_;
  double told_passed_ = 0, told_failed_ = 0;
  bool has_totals_ = false, is_summary_ = false, awaits_ = false;
};

void read_ginkgo_log(const Input& input, TestReport& report) {
  report.tool = "ginkgo";
  read_ginkgo_text(input.bytes, report);
  number_repeated_names(report);
}

}  // namespace

bool says_ginkgo(std::string_view text) {
  static const Pattern suite(R"((?m)^Running Suite: \S.*\n={3,}\n)");
  return suite.found_in(text);
}

void read_ginkgo_text(std::string_view bytes, TestReport& report) {
  GinkgoLog reader(report);
  each_line(bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

extern const Format boost_log_format, qt_text_format, lit_log_format, ginkgo_log_format;
const Format boost_log_format{"boost-log", matches_boost_log, read_boost_log};
const Format qt_text_format{"qttest-text", matches_qt_text, read_qt_text};
const Format lit_log_format{"lit-log", matches_lit_log, read_lit_log};
const Format ginkgo_log_format{"ginkgo-log", matches_ginkgo_log, read_ginkgo_log};

}  // namespace resident::ci

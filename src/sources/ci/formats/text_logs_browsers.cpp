// Consoles of Bun, Karma (progress, dots), newman's CLI, tap-spec, busted's terminals and ospec.
#include <algorithm>
#include <array>
#include <map>
#include <sources/ci/formats/any_log.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <sources/ci/formats/text_tree.hpp>

namespace resident::ci {

namespace {

using enum Outcome;

// ---- Bun: "(pass) calc > adds [0.04ms]", why above it; with --dots only what is no pass has a line

const Pattern& bun_line() {
  static const Pattern pattern(
      R"(\((pass|fail|skip|todo)\) (\S.*?)(?: \(attempt ([0-9]+)\))?(?: \[([0-9.,]+)(ms|s|µs|us|ns)\])?|([✓✗»✎]) (\S.*?)(?: \(attempt ([0-9]+)\))? \[([0-9.,]+)(ms|s)\])");
  return pattern;
}

bool matches_bun(std::string_view head) {
  return has(head, "bun test v") && has(without_colours(head), "bun test v");
}

class Bun {
 public:
  explicit Bun(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view raw) {
    const std::string plain = without_colours(raw);
    static const Pattern file(R"((\S+\.[cm]?[jt]sx?):)");
    static const Pattern count(R"( *([0-9]+) (pass|fail|skip|todo|errors?))");
    static const Pattern dots(R"([.]+)");
    std::string name, word, number;
    if (take(plain)) return;
    if (file.matches(plain, &name)) {
      orphan();
      file_ = name;
    } else if (plain.starts_with("  ^ ")) {
      remark(plain);
    } else if (count.matches(plain, &number, &word)) {
      // What failed is told once more above the totals.
      told_[word.substr(0, 4)] = leading_number(number).value_or(0);
    } else if (plain.starts_with("Ran ") && has(plain, " test")) {
      has_totals_ = true;
    } else if (plain.starts_with("Bailed out after")) {
      builder_.incomplete("it was left at a failure: what stands behind did not run");
    } else if (dots.matches(plain)) {
      has_dots_ = true;
      text_.clear();
    } else if (text_.size() < 4 * kLongestMessage) {
      static const Pattern source(R"( *[0-9]+ \| .*| *\^)");
      if (!source.matches(plain)) text_.append(plain) += '\n';
    }
  }

  void finish() {
    orphan();
    builder_.cannot_tell({missing, xfail, crash});
    const auto passes = std::count_if(report_.results.begin(), report_.results.end(), [](const TestResult& each) {
      return each.outcome == pass || each.outcome == flaky;
    });
    if (has_dots_ || told_["pass"] > static_cast<double>(passes)) builder_.cannot_tell({pass, skip, flaky});
    if (!has_totals_) builder_.incomplete("there are no totals: the run was killed");
    number_repeated_names(report_);
  }

 private:
  bool take(const std::string& plain) {
    std::string word, name, tries, time, unit, sign, marked, tries_marked, time_marked, unit_marked;
    if (!bun_line().matches(plain, &word, &name, &tries, &time, &unit, &sign, &marked, &tries_marked, &time_marked,
                            &unit_marked))
      return false;
    if (word.empty()) {
      word = sign == "✓" ? "pass" : sign == "✗" ? "fail" : "skip";
      name = marked, tries = tries_marked, time = time_marked, unit = unit_marked;
    }
    if (has_totals_) return true;
    std::erase(time, ',');
    auto seconds = leading_number(time);
    if (seconds) *seconds *= unit == "s" ? 1 : unit == "ms" ? 1e-3 : unit == "ns" ? 1e-9 : 1e-6;
    const Outcome outcome = word == "pass" ? (tries.empty() ? pass : flaky) : word == "fail" ? why() : skip;
    // Behind the files what failed is listed once more.
    const std::string suite = file_.empty() ? "" : file_;
    const std::size_t last = name.rfind(" > ");
    std::string of = last == std::string::npos ? suite : suite + (suite.empty() ? "" : " > ") + name.substr(0, last);
    std::string own = last == std::string::npos ? name : name.substr(last + 3);
    const bool is_hook = own == "(unnamed)";
    auto& result = builder_.add(std::move(of), std::move(own), is_hook ? error : outcome, seconds, trim(text_));
    if (outcome == flaky) result.attempts = {fail, pass};
    text_.clear();
    return true;
  }
  void remark(std::string_view plain) {
    if (report_.results.empty()) return;
    TestResult& result = report_.results.back();
    if (has(plain, "timed out after")) result.outcome = timeout;
    if (has(plain, "marked as failing but it passed") || has(plain, "marked as todo but passes"))
      result.outcome = xpass;
    result.attempts = {result.outcome};
    if (result.message.empty()) result.message = std::string(trim(plain.substr(4)));
  }
  // What the text above says: "error: expect(received).toBe(expected)" is a check, "TypeError: no such thing" is none.
  Outcome why() const {
    static const Pattern check(R"((?m)^(?:error: expect\(|AssertionError|error: assert))");
    static const Pattern thrown(R"((?m)^(?:error: |[A-Z]\w*(?:Error|Exception): ))");
    if (check.found_in(text_)) return fail;
    return thrown.found_in(text_) ? error : fail;
  }
  // An error between files is of a file that could not be loaded.
  void orphan() {
    static const Pattern unhandled(R"((?m)^# Unhandled error between tests)");
    if (!file_.empty() && unhandled.found_in(text_)) builder_.add("", file_, error, {}, trim(text_));
    text_.clear();
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::string file_, text_;
  std::map<std::string, double> told_;
  bool has_totals_ = false, has_dots_ = false;
};

void read_bun(const Input& input, TestReport& report) {
  report.tool = "bun";
  Bun reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

// ---- Karma: "Chrome 120.0.0.0 (Linux x86_64) Calc differs FAILED", why below it, and counts that are written over

bool matches_karma(std::string_view head) {
  if (has(head, "##teamcity[")) return false;
  static const Pattern counted(R"((?m)^\S.* [0-9][0-9.]* \(.*\): Executed [0-9]+ of [0-9]+)");
  static const Pattern failed(R"((?m)^\S.*? [0-9][0-9.]* \([^()]*\) \S.* FAILED$)");
  const std::string plain = without_colours(head);
  static const Pattern tree(R"((?m)^ +(?:✓|✔|✗|✖) \S)");  // another reporter's, which tells more
  if (tree.found_in(plain)) return false;
  return counted.found_in(plain) || (has(plain, "[karma-server]") && failed.found_in(plain));
}

void read_karma(const Input& input, TestReport& report) {
  report.tool = "karma";
  ReportBuilder builder(report);
  static const Pattern failed(R"((\S.*? [0-9][0-9.]* \([^()]*\)) (\S.*) FAILED)");
  static const Pattern broken(R"((\S.*? [0-9][0-9.]* \([^()]*\)) ERROR)");
  static const Pattern count(
      R"((\S.*? [0-9][0-9.]* \([^()]*\)): Executed ([0-9]+) of ([0-9]+) *(DISCONNECTED)?(?:\(([0-9]+) FAILED\))? *(?:\(skipped ([0-9]+)\))?.*)");
  struct Browser {
    double run = 0, of = 0, failed = 0, skipped = 0;
    std::size_t shown = 0;
  };
  std::map<std::string, Browser> browsers;
  bool is_open = false;
  std::string text;
  const auto explain = [&] {
    if (std::exchange(is_open, false) && report.results.back().outcome == fail) {
      report.results.back().message = std::string(trim(text));
      report.results.back().outcome = told_failure(text);
      // Jasmine and Mocha say "Error: …" of what was thrown; checks say "Expected …" or are an AssertionError.
      if (report.results.back().outcome == fail && trim(text).starts_with("Error: ") && !has(text, "xpected"))
        report.results.back().outcome = error;
      report.results.back().attempts = {report.results.back().outcome};
    }
    text.clear();
  };
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    std::string browser, name, run, of, lost, wrong, skipped;
    if (count.matches(plain, &browser, &run, &of, &lost, &wrong, &skipped)) {
      explain();
      Browser& each = browsers[browser];
      each.run = leading_number(run).value_or(0), each.of = leading_number(of).value_or(0);
      each.failed = leading_number(wrong).value_or(0), each.skipped = leading_number(skipped).value_or(0);
      if (!lost.empty()) builder.incomplete(browser + " was lost");
    } else if (failed.matches(plain, &browser, &name)) {
      explain();
      builder.add(browser, name, fail);
      ++browsers[browser].shown;
      is_open = true;
    } else if (broken.matches(plain, &browser)) {
      explain();
      builder.add(browser, "(outside of specs)", error);
      is_open = true;
    } else if (is_open && !plain.empty() && (plain.front() == '\t' || plain.front() == ' ')) {
      if (text.size() < kLongestMessage) text.append(trim(plain)) += '\n';
    } else {
      explain();
    }
  });
  explain();
  builder.cannot_tell({pass, skip, missing, flaky, xfail, xpass, crash});
  for (const auto& [name, each] : browsers) {
    if (static_cast<double>(each.shown) < each.failed) {
      builder.cannot_tell({fail, error, timeout});
      builder.incomplete(name + " counts more failures than are named");
    }
    if (each.run + each.skipped < each.of) builder.incomplete(name + " did not run all of its tests");
  }
  if (browsers.empty()) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

// ---- newman: "→ request" or, in a folder, "↳ request"; "  ✓  name", "  1. name", "  -  [skipped] name"

bool matches_newman_cli(std::string_view head) {
  const std::string plain = without_colours(head);
  static const Pattern request(R"((?m)^[→↳] \S.*\n(?:  (?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b|.*\n){1,3})");
  return plain.starts_with("newman\n") && request.found_in(plain);
}

void read_newman_cli(const Input& input, TestReport& report) {
  report.tool = "newman";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, timeout, xfail, xpass, crash});
  static const Pattern folder(R"(❏ (\S.*))"), request(R"([→↳] (\S.*))");
  static const Pattern test(R"(  (✓|[0-9]+\.|-) +(\[skipped\] )?(\S.*?) *)");
  static const Pattern script(R"(  0*([0-9]+)⠄ (\w+) in (test|pre-?request)-script)");
  static const Pattern reason(R"( *0*([0-9]+)\. +(\w+(?: \w+)?) {2,}.*)");
  static const Pattern iteration(R"(Iteration [0-9]+/[0-9]+)");
  std::string in_folder, of;
  std::map<std::string, std::size_t> by_number;
  bool has_totals = false;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    std::string mark, skipped, name, number, kind;
    has_totals = has_totals || plain.starts_with("┌──");
    const std::string suite = in_folder.empty() ? of : in_folder + " > " + of;
    if (reason.matches(plain, &number, &kind) && has_totals) {
      const auto found = by_number.find(number);
      if (found == by_number.end() || kind == "AssertionError") return;
      report.results[found->second].outcome = error;
      report.results[found->second].attempts = {error};
    } else if (has_totals) {
      return;
    } else if (folder.matches(plain, &name)) {
      in_folder = name;
    } else if (iteration.matches(plain)) {
      in_folder.clear();
    } else if (request.matches(plain, &name)) {
      if (plain.starts_with("→")) in_folder.clear();
      of = name;
    } else if (script.matches(plain, &number, &kind, &name)) {
      by_number[number] = report.results.size();
      builder.add(suite, name + "-script", error, {}, kind);
    } else if (test.matches(plain, &mark, &skipped, &name)) {
      const Outcome outcome = !skipped.empty() ? skip : mark == "✓" ? pass : fail;
      if (outcome == fail)
        by_number[mark.substr(mark.find_first_not_of('0'), mark.find('.') - mark.find_first_not_of('0'))] =
            report.results.size();
      builder.add(suite, name, outcome);
    }
  });
  if (!has_totals) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

// ---- tap-spec: a test's name two in, its assertions four in; totals below

bool matches_tap_spec(std::string_view head) {
  static const Pattern assertion(R"((?m)^  \S.*\n\n+    [✔✖] \S)");
  // tap-difflet counts at the margin.
  static const Pattern difflet(R"((?ms)^  \S[^\n]*\n    [✓⨯] \S.*^[0-9]+ (?:failing|passing))");
  const std::string plain = without_colours(head);
  return (assertion.found_in(plain) && !has(plain, "passing (")) || difflet.found_in(plain);
}

void read_tap_spec(const Input& input, TestReport& report) {
  ReportBuilder builder(report);
  // What was skipped or is to be done is a name alone, as is a test that only has others inside.
  builder.cannot_tell({skip, missing, flaky, timeout, xfail, xpass, crash, error});
  static const Pattern name(R"(  (\S.*?))"), assertion(R"(    ([✔✖✓⨯]) (\S.*?))"),
      counted(R"(([0-9]+) (failing|passing)(?: .*)?)");
  static const Pattern totals(R"(  (total|passing|failing|duration): +([0-9]+).*)");
  static const Pattern behind(R"(  Failed Tests: .*)");
  std::string title, word, number, sign, said;
  std::map<std::string, double> told;
  double good = 0, bad = 0;
  bool is_open = false, has_ended = false, is_blank = true;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    if (totals.matches(plain, &word, &number)) {
      told[word] = leading_number(number).value_or(0);
      has_ended = true;
    } else if (counted.matches(plain, &number, &word)) {
      told[word] = leading_number(number).value_or(0);
      has_ended = true;
    } else if (has_ended || behind.matches(plain)) {
      has_ended = true;
    } else if (assertion.matches(plain, &sign, &said)) {
      const bool is_good = sign == "✔" || sign == "✓";
      (is_good ? good : bad) += 1;
      if (title.empty()) return;
      if (!std::exchange(is_open, true)) builder.add("", title, pass);
      TestResult& result = report.results.back();
      if (is_good || result.outcome == fail) return;
      result.outcome = fail;
      result.attempts = {fail};
      result.message = said;
    } else if (is_blank && name.matches(plain, &said)) {
      title = said;
      is_open = false;
    }
    is_blank = trim(plain).empty();
  });
  if (told.empty()) builder.incomplete("there are no totals: the run was killed");
  if (told["failing"] > bad || told["passing"] > good) {
    builder.cannot_tell({pass, fail});
    builder.incomplete("its totals count more assertions than are shown");
  }
  number_repeated_names(report);
}

// ---- busted's terminals: "Failure -> spec/a_spec.lua @ 3", below it the whole name, then why

const Pattern& busted_heading() {
  static const Pattern pattern(R"((Failure|Error|Pending) (?:->|→) (\S.*?)(?: @ [0-9]+)?)");
  return pattern;
}

bool matches_busted(std::string_view head) {
  static const Pattern totals(
      R"((?m)^[0-9]+ success(?:es)? / [0-9]+ failures? / [0-9]+ errors? / [0-9]+ pending : [0-9.]+ seconds)");
  return totals.found_in(without_colours(head));
}

void read_busted(const Input& input, TestReport& report) {
  report.tool = "busted";
  ReportBuilder builder(report);
  builder.cannot_tell({pass, missing, flaky, timeout, xfail, xpass, crash});
  std::string kind, file, of;
  bool is_next = false;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    if (busted_heading().matches(plain, &kind, &file)) {
      is_next = true;
      of = kind;
    } else if (is_next) {
      is_next = false;
      builder.add("", plain, of == "Failure" ? fail : of == "Error" ? error : skip);
    } else if (!of.empty() && !report.results.empty() && report.results.back().message.size() < kLongestMessage) {
      append_message(report.results.back().message, plain), report.results.back().message += '\n';
    }
  });
  number_repeated_names(report);
}

// ---- ospec: "calc > differs:", below it why; only what went wrong is named

bool matches_ospec(std::string_view head) {
  static const Pattern totals(R"((?m)^(?:[0-9]+ out of [0-9]+ assertions? failed|All [0-9]+ assertions? passed)\b)");
  return totals.found_in(without_colours(head));
}

void read_ospec(const Input& input, TestReport& report) {
  report.tool = "ospec";
  ReportBuilder builder(report);
  builder.cannot_tell({pass, skip, missing, flaky, timeout, xfail, xpass, crash});
  static const Pattern heading(R"((\S.* > )?(\S.*):)");
  static const Pattern totals(
      R"((?:([0-9]+) out of [0-9]+|All [0-9]+) assertions? .*?(?:Bailed out ([0-9]+) times?.*)?)");
  bool is_blank = true;
  std::string suite, name, failed, left;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    if (is_blank && heading.matches(plain, &suite, &name)) {
      if (suite.ends_with(" > ")) suite.resize(suite.size() - 3);
      builder.attempt(suite, name, fail);
      report.results.back().attempts.resize(1);
    } else if (totals.matches(plain, &failed, &left)) {
      if (!left.empty()) builder.incomplete("it bailed out: what stands behind did not run");
    } else if (!report.results.empty() && report.results.back().message.size() < kLongestMessage) {
      append_message(report.results.back().message, plain), report.results.back().message += '\n';
    }
    is_blank = trim(plain).empty();
  });
  static const Pattern check(R"((?m)^\s+should )");
  for (auto& result : report.results) {
    if (!check.found_in(result.message)) result.outcome = error, result.attempts = {error};
    if (says_timeout(result.message)) result.outcome = timeout, result.attempts = {timeout};
  }
  number_repeated_names(report);
}

}  // namespace

extern const Format bun_log_format, karma_log_format, newman_cli_format, tap_spec_format, busted_log_format,
    ospec_format;
const Format bun_log_format{"bun-log", matches_bun, read_bun};
const Format karma_log_format{"karma-log", matches_karma, read_karma};
const Format newman_cli_format{"newman-log", matches_newman_cli, read_newman_cli};
const Format tap_spec_format{"tap-spec", matches_tap_spec, read_tap_spec};
const Format busted_log_format{"busted-log", matches_busted, read_busted};
const Format ospec_format{"ospec", matches_ospec, read_ospec};

}  // namespace resident::ci

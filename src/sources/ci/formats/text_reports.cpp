// Reports that are text: DejaGnu .sum, Automake .trs and test-suite.log, cargo test (text and unstable JSON), tcltest,
// ERT.
#include <algorithm>
#include <cctype>
#include <map>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>

namespace resident::ci {

namespace {

using enum Outcome;

// ---- DejaGnu

std::optional<Outcome> dejagnu_outcome(std::string_view word) {
  if (word == "PASS") return pass;
  if (word == "FAIL") return fail;
  if (word == "XFAIL" || word == "KFAIL") return xfail;
  if (word == "XPASS" || word == "KPASS") return xpass;
  if (word == "UNRESOLVED" || word == "PATH" || word == "DUPLICATE") return error;
  if (word == "UNTESTED" || word == "UNSUPPORTED") return skip;
  return std::nullopt;
}

bool matches_dejagnu(std::string_view head) {
  return head.starts_with("Test run by ") || head.starts_with("Test Run By ") ||
         has(head, "\nNative configuration is ") || has(head, "\nSchedule of variations:");
}

void read_dejagnu(const Input& input, TestReport& report) {
  report.tool = "dejagnu";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, timeout, crash});
  std::string file;
  bool has_summary = false;
  std::size_t shown = 0;
  double told = 0;
  each_line(input.bytes, [&](std::string_view line) {
    if (has(line, " Summary ===")) has_summary = true;
    // "# of expected passes		3"
    if (const std::size_t tab = line.rfind('\t'); has_summary && line.starts_with("# of ") && tab != line.npos)
      told += leading_number(line.substr(tab + 1)).value_or(0);
    if (line.starts_with("Running ") && line.ends_with(" ...")) {
      std::string_view path = line.substr(8, line.size() - 12);
      // The folder (tool.subfolder) and the file: what the suite is called wherever it was built.
      const std::size_t slash = path.rfind('/');
      const std::size_t before = slash == std::string_view::npos || slash == 0 ? slash : path.rfind('/', slash - 1);
      file = std::string(before == std::string_view::npos ? path : path.substr(before + 1));
      return;
    }
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos || has_summary) return;
    const auto outcome = dejagnu_outcome(line.substr(0, colon));
    if (!outcome) return;
    ++shown;
    std::string_view name = line.substr(colon + 2);
    if (name.starts_with("testcase '") && has(name, "aborted due to Tcl error")) {
      builder.add("", file, error, {}, name);
      return;
    }
    if (const std::size_t bug = name.rfind(" (PRMS"); bug != std::string_view::npos && name.ends_with(')'))
      name = name.substr(0, bug);
    // A name that is used again for the same check (PASS, FAIL, PASS) is one more try of it.
    builder.add(file, std::string(name), *outcome);
  });
  builder.compare_totals("the summary", told, shown);
  if (!has_summary) builder.incomplete("there is no summary: the run was cut off");
  // DejaGnu itself asks for unique names; where one stands more than once, the worst is what a reader must see.
  std::map<std::string, std::size_t> first;
  for (std::size_t at = 0; at < report.results.size();) {
    const std::string key = report.results[at].suite + '\x1f' + report.results[at].name;
    const auto [found, is_new] = first.emplace(key, at);
    if (is_new) {
      ++at;
      continue;
    }
    TestResult& kept = report.results[found->second];
    kept.attempts.push_back(report.results[at].outcome);
    if (is_failure(report.results[at].outcome)) kept.outcome = report.results[at].outcome;
    report.results.erase(report.results.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

// ---- Automake

bool matches_trs(std::string_view head) {
  return head.starts_with(":test-result:") || head.starts_with(":global-test-result:");
}

std::optional<Outcome> automake_outcome(std::string_view word) {
  if (word == "ERROR") return error;
  if (word == "SKIP") return skip;
  return dejagnu_outcome(word);
}

void read_trs(const Input& input, TestReport& report) {
  report.tool = "automake";
  ReportBuilder builder(report);
  builder.cannot_tell({crash, timeout, flaky, missing});
  std::string name(input.file_name);
  if (name.ends_with(".trs")) name.resize(name.size() - 4);
  std::vector<Outcome> parts;
  std::vector<std::string> names;  // Catch2's reporter of that form has them
  std::optional<Outcome> global;
  each_line(input.bytes, [&](std::string_view line) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) return;
    const std::string_view value = trim(line.substr(colon + 2));
    const auto outcome = automake_outcome(value.substr(0, value.find(' ')));
    if (line.starts_with(":global-test-result:")) global = outcome;
    if (!line.starts_with(":test-result:") || !outcome) return;
    parts.push_back(*outcome);
    names.emplace_back(trim(value.substr(std::min(value.find(' '), value.size()))));
  });
  if (!global && parts.empty()) {
    builder.incomplete("it has no result");
    return;
  }
  if (!global && !names.front().empty()) {
    report.tool = "catch2";
    builder.cannot_tell({error});
    for (std::size_t at = 0; at < parts.size(); ++at) builder.add("", names[at], parts[at]);
    number_repeated_names(report);
    return;
  }
  // A test of one part has that part's own word, which may say more than the word for all (XPASS is a FAIL there).
  builder.add("", name, parts.size() == 1 || !global ? parts.front() : *global);
  // A test of several (TAP): in order, without names.
  if (parts.size() > 1)
    for (std::size_t at = 0; at < parts.size(); ++at) builder.add(name, std::to_string(at + 1), parts[at]);
}

bool matches_suite_log(std::string_view head) {
  return has(head, "\n# TOTAL: ") && has(head, "\n# XPASS: ") && has(head, "test-suite.log");
}

void read_suite_log(const Input& input, TestReport& report) {
  report.tool = "automake";
  ReportBuilder builder(report);
  builder.cannot_tell({pass, timeout, flaky, missing});
  std::string_view before;
  std::string name, text;
  Outcome outcome = pass;
  const auto finish = [&] {
    if (name.empty()) return;
    if (const std::size_t at = text.rfind("(exit status: "); at != std::string::npos) {
      const double code = leading_number(std::string_view(text).substr(at + 14)).value_or(0);
      if (outcome == fail && code > 128 && code < 192) outcome = crash;
    }
    builder.add("", name, outcome, {}, text);
    name.clear();
    text.clear();
  };
  each_line(input.bytes, [&](std::string_view line) {
    const bool is_rule = line.size() > 2 && line.find_first_not_of('=') == std::string_view::npos;
    const std::size_t colon = before.find(": ");
    if (is_rule && colon != std::string_view::npos && line.size() == before.size()) {
      if (const auto found = automake_outcome(before.substr(0, colon))) {
        // The heading itself was taken for the former's text.
        if (text.size() > before.size()) text.resize(text.size() - before.size() - 1);
        finish();
        name = std::string(before.substr(colon + 2));
        outcome = *found;
        before = {};
        return;
      }
    }
    if (!name.empty() && text.size() < 4 * kLongestMessage) text.append(line).push_back('\n');
    before = line;
  });
  finish();
}

// ---- cargo test (libtest)

bool matches_libtest(std::string_view head) {
  static const Pattern begin(R"(running [0-9]+ tests?)");
  return has_line_of(head, begin) && (has(head, "\ntest ") || has(head, "test result: ") || has(head, " --- FAILED"));
}

// A line of a result: "test NAME ... ok"; what the test printed may stand before "ok" or on lines of its own.
struct LibtestLine {
  std::string_view name;
  std::optional<Outcome> outcome;
  std::string_view why;
};
std::optional<LibtestLine> libtest_line(std::string_view line) {
  if (!line.starts_with("test ")) return std::nullopt;
  line.remove_prefix(5);
  const std::size_t dots = line.find(" ... ");
  if (dots == std::string_view::npos) return std::nullopt;
  LibtestLine found;
  found.name = trim(line.substr(0, dots));
  for (const std::string_view suffix : {" - should panic", " - compile fail", " - compile"})
    if (found.name.ends_with(suffix)) found.name.remove_suffix(suffix.size());
  const std::string_view result = trim(line.substr(dots + 5));
  if (result == "ok" || result.starts_with("ok <") || result.starts_with("bench:")) found.outcome = pass;
  if (result == "FAILED" || result.starts_with("FAILED ")) found.outcome = fail;
  if (result == "ignored" || result.starts_with("ignored,")) {
    found.outcome = skip;
    if (result.size() > 9) found.why = trim(result.substr(8));
  }
  if (!found.outcome) {
    // What the test printed stands between.
    if (result.ends_with("ok")) found.outcome = pass;
    if (result.ends_with("FAILED")) found.outcome = fail;
  }
  return found;
}

// The crate is not named in what libtest prints, but a backtrace names the test whole: "4: crate::module::test".
std::string crate_in(std::string_view text, const std::string& test) {
  for (std::size_t at = text.find("::" + test); at != std::string_view::npos; at = text.find("::" + test, at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && (std::isalnum(static_cast<unsigned char>(text[begin - 1])) != 0 || text[begin - 1] == '_'))
      --begin;
    const std::size_t end = at + 2 + test.size();
    const bool is_frame = begin >= 2 && text.substr(begin - 2, 2) == ": " &&
                          (end == text.size() || text[end] == '\n' || text[end] == ':');
    if (is_frame && begin < at) return std::string(text.substr(begin, at - begin));
  }
  return {};
}

void read_libtest(const Input& input, TestReport& report) {
  report.tool = "cargo-test";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, timeout, crash});
  std::string suite, pending;
  std::size_t announced = 0, seen = 0;
  std::map<std::string, std::string> output;  // of failures, by name
  std::string of;
  // The crate of all tests since `group`, where a failure's backtrace tells it.
  std::size_t group = 0;
  const auto close = [&] {
    for (const auto& [name, text] : output)
      if (const std::string crate = crate_in(text, name); !crate.empty() && suite.empty())
        for (std::size_t at = group; at < report.results.size(); ++at)
          if (report.results[at].suite.empty()) report.results[at].suite = crate;
    group = report.results.size();
    if (announced > seen)
      builder.incomplete((suite.empty() ? "a test program" : suite) + ": " + std::to_string(announced) +
                         " tests were begun, " + std::to_string(seen) + " have a result");
    announced = seen = 0;
    pending.clear();
  };
  each_line(input.bytes, [&](std::string_view line) {
    const std::string_view plain = trim(line);
    if (plain.starts_with("Running ") && has(plain, "(")) suite = std::string(plain.substr(8, plain.find(" (") - 8));
    if (plain.starts_with("Doc-tests ")) suite = "doc";
    if (line.starts_with("running ") && (line.ends_with(" tests") || line.ends_with(" test"))) {
      close();
      announced = static_cast<std::size_t>(leading_number(line.substr(8)).value_or(0));
      return;
    }
    if (line.starts_with("test result: ")) {
      close();
      return;
    }
    if (line.starts_with("---- ") && line.ends_with(" stdout ----")) {
      of = std::string(line.substr(5, line.size() - 5 - 12));
      return;
    }
    if (!of.empty()) {
      if (line == "failures:") {
        of.clear();
      } else if (output[of].size() < kLongestMessage) {
        output[of].append(line).push_back('\n');
      }
    }
    if (const auto found = libtest_line(line)) {
      if (!found->outcome) {
        pending = std::string(found->name);
        return;
      }
      if (seen >= announced) return;  // no such test: something printed it
      ++seen;
      pending.clear();
      const bool is_doc = has(found->name, " - ") && has(found->name, "(line ");
      builder.add(is_doc ? "doc" : suite, std::string(found->name), *found->outcome, {}, found->why);
      return;
    }
    // Terse (-q): a sign for each test, and a line for each that failed.
    static const Pattern signs(R"(([.i]+)(?: [0-9]+/[0-9]+)?)"), terse(R"((\S.*) --- FAILED)");
    if (std::string said; seen < announced && signs.matches(line, &said)) {
      seen += said.size();
      builder.cannot_tell({pass, skip});
    } else if (seen < announced && terse.matches(line, &said)) {
      ++seen;
      builder.add(suite, said, fail);
    }
    if (!pending.empty() && (line == "ok" || line == "FAILED")) {
      ++seen;
      builder.add(suite, pending, line == "ok" ? pass : fail);
      pending.clear();
    }
  });
  close();
  for (auto& result : report.results)
    if (result.outcome == fail && output.contains(result.name))
      result.message = output[result.name].substr(0, kLongestMessage);
  number_repeated_names(report);
}

bool matches_libtest_json(std::string_view head) {
  return has(head, "{ \"type\": \"suite\", \"event\": \"started\"") ||
         has(head, "{\"type\":\"suite\",\"event\":\"started\"");
}

void read_libtest_json(const Input& input, TestReport& report) {
  report.tool = "cargo-test";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, crash});
  std::size_t begun = 0, ended = 0;
  double told = 0;
  std::string crate;
  const std::size_t broken = each_json_line(input.bytes, [&](const simdjson::dom::element& event) {
    const std::string_view what = text_of(event, "event"), type = text_of(event, "type");
    if (type == "bench") builder.add("", std::string(text_of(event, "name")), pass);
    if (type == "suite" && what != "started")
      for (const std::string_view kind : {"passed", "failed", "ignored"}) told += number_of(event, kind).value_or(0);
    if (type != "test") return;
    std::string name(text_of(event, "name"));
    for (const std::string_view suffix : {" - should panic", " - compile fail", " - compile"})
      if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
    if (what == "started") {
      ++begun;
      return;
    }
    Outcome outcome = pass;
    if (what == "failed") outcome = fail;
    if (what == "ignored") outcome = skip;
    if (what == "timeout") return;  // only slow: a result follows
    ++ended;
    const std::string_view message = text_of(event, "message");
    if (crate.empty()) crate = crate_in(text_of(event, "stdout"), name);
    // nextest's form names the test program: "crate::program$module::test".
    std::string program;
    if (const std::size_t dollar = name.find('$'); dollar != std::string::npos) {
      program = name.substr(0, dollar);
      name = name.substr(dollar + 1);
    }
    builder.add(program, name, outcome, number_of(event, "exec_time"),
                message.empty() ? text_of(event, "stdout") : message);
  });
  for (auto& result : report.results)
    if (result.suite.empty()) result.suite = crate;
  // Without the crate no test can be told from one of that name in another.
  const bool is_told = std::all_of(report.results.begin(), report.results.end(),
                                   [](const TestResult& each) { return !each.suite.empty(); });
  if (!is_told) builder.cannot_tell({pass, fail, skip, error});
  if (broken > 0) builder.incomplete(std::to_string(broken) + " lines are cut off");
  builder.compare_totals("the run", told, ended);
  if (begun > ended) builder.incomplete(std::to_string(begun - ended) + " tests were begun and have no result");
  number_repeated_names(report);
}

// ---- tcltest

bool matches_tcltest(std::string_view head) {
  static const Pattern passed(R"(\+\+\+\+ \S+ (?:PASSED|SKIPPED: .*))"), failed(R"(==== \S+ .*FAILED)");
  return has_line_of(head, passed) || (has_line_of(head, failed) && (has(head, "\n---- ") || has(head, "\tTotal\t")));
}

void read_tcltest(const Input& input, TestReport& report) {
  report.tool = "tcltest";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, crash, timeout, flaky});
  std::string failing, text;
  bool has_totals = false;
  each_line(input.bytes, [&](std::string_view line) {
    if (line.starts_with("++++ ") && line.ends_with(" PASSED")) {
      builder.add("", std::string(line.substr(5, line.size() - 12)), pass);
      return;
    }
    if (const std::size_t at = line.find(" SKIPPED:"); line.starts_with("++++ ") && at != std::string_view::npos) {
      builder.add("", std::string(line.substr(5, at - 5)), skip, {}, trim(line.substr(at + 9)));
      return;
    }
    if (line.starts_with("==== ") && line.ends_with(" FAILED")) {
      const std::string_view rest = line.substr(5, line.size() - 12);
      const std::string name(rest.substr(0, rest.find(' ')));
      if (failing == name) {
        const bool threw =
            has(text, "Test generated error") || has(text, "Test setup failed") || has(text, "Test cleanup failed");
        builder.add("", name, threw ? error : fail, {}, text);
        failing.clear();
      } else {
        failing = name;
        text.clear();
      }
      return;
    }
    if (has(line, "\tTotal\t") && has(line, "\tPassed\t")) has_totals = true;
    if (!failing.empty() && text.size() < kLongestMessage) text.append(line).push_back('\n');
  });
  if (!has_totals) builder.incomplete("there are no totals: the run was cut off");
  number_repeated_names(report);
}

// ---- ERT (Emacs)

bool matches_ert(std::string_view head) {
  return head.starts_with("Running ") && has(head.substr(0, 200), " tests (") && has(head.substr(0, 200), "selector");
}

void read_ert(const Input& input, TestReport& report) {
  report.tool = "ert";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, crash, timeout, flaky});
  std::string condition, of;
  bool in_condition = false, has_totals = false;
  each_line(input.bytes, [&](std::string_view line) {
    const std::string_view plain = trim(line);
    if (line.starts_with("Test ") && line.ends_with(" condition:")) {
      of = std::string(line.substr(5, line.size() - 16));
      condition.clear();
      in_condition = true;
      return;
    }
    if (plain.starts_with("Ran ") && has(plain, " results as expected")) has_totals = true;
    // "   FAILED  1/6  name (0.000096 sec)": small letters are what was expected, capitals what was not.
    const std::size_t blank = plain.find(' ');
    const std::string_view word = plain.substr(0, blank);
    const std::string_view rest = blank == std::string_view::npos ? std::string_view() : trim(plain.substr(blank));
    const std::size_t second = rest.find(' ');
    if (second != std::string_view::npos && has(rest.substr(0, second), "/") && leading_number(rest)) {
      std::optional<Outcome> outcome;
      if (word == "passed") outcome = pass;
      if (word == "PASSED") outcome = xpass;
      if (word == "failed") outcome = xfail;
      if (word == "FAILED") outcome = fail;
      if (word == "skipped" || word == "SKIPPED") outcome = skip;
      if (word == "QUIT" || word == "ABORTED") outcome = crash;
      if (outcome) {
        std::string_view name = trim(rest.substr(second));
        std::optional<double> seconds;
        if (const std::size_t open = name.rfind(" ("); open != std::string_view::npos) {
          seconds = leading_number(name.substr(open + 2));
          name = name.substr(0, open);
        }
        if (*outcome == fail && of == name && !has(condition, "ert-test-failed")) outcome = error;
        builder.add("", std::string(name), *outcome, seconds,
                    of == name && *outcome != pass ? std::string_view(condition) : std::string_view());
        in_condition = false;
        return;
      }
    }
    if (in_condition && condition.size() < kLongestMessage) condition.append(line).push_back('\n');
  });
  if (!has_totals) builder.incomplete("there are no totals: the run was cut off");
  number_repeated_names(report);
}

}  // namespace

extern const Format dejagnu_format, trs_format, suite_log_format, libtest_format, libtest_json_format, tcltest_format,
    ert_format;
const Format dejagnu_format{"dejagnu", matches_dejagnu, read_dejagnu};
const Format trs_format{"automake-trs", matches_trs, read_trs};
const Format suite_log_format{"automake-log", matches_suite_log, read_suite_log};
const Format libtest_format{"libtest", matches_libtest, read_libtest};
const Format libtest_json_format{"libtest-json", matches_libtest_json, read_libtest_json};
const Format tcltest_format{"tcltest", matches_tcltest, read_tcltest};
const Format ert_format{"ert", matches_ert, read_ert};

}  // namespace resident::ci

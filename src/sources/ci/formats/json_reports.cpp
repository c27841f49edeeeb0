// Reports that are one JSON document, or one a line: GoogleTest, Meson's testlog, LLVM lit, mocha, jest and vitest,
// tox.
#include <sources/ci/formats/json_document.hpp>

namespace resident::ci {

namespace {

using enum Outcome;
using simdjson::dom::element;

// ---- GoogleTest

bool matches_googletest(std::string_view head) {
  return head.starts_with('{') && has(head, "\"testsuites\"") && has(head, "\"disabled\"");
}

void read_googletest(const Input& input, TestReport& report) {
  report.tool = "googletest";
  ReportBuilder builder(report);
  // Each round of --gtest_repeat writes over what the former left.
  builder.cannot_tell({error, missing, skip, crash, flaky, fail});
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  std::size_t shown = 0;
  each_of(document, "testsuites", [&](const element& suite) {
    each_of(suite, "testsuite", [&](const element& test) {
      ++shown;
      const std::string_view result = text_of(test, "result");
      Outcome outcome = pass;
      std::string message;
      each_of(test, "failures", [&](const element& failure) {
        if (message.empty()) message = text_of(failure, "failure");
        outcome = fail;
      });
      if (outcome == fail) {
        if (has(message, "C++ exception with description") || has(message, "Unknown C++ exception")) outcome = error;
      } else if (text_of(test, "status") == "NOTRUN" || result == "SKIPPED" || result == "SUPPRESSED") {
        outcome = skip;
      }
      std::string_view class_name = text_of(test, "classname");
      if (class_name.empty()) class_name = text_of(suite, "name");
      builder.add(std::string(class_name), std::string(text_of(test, "name")), outcome,
                  leading_number(text_of(test, "time")), message);
    });
  });
  builder.compare_totals("the run", number_of(document, "tests").value_or(0), shown);
  number_repeated_names(report);
}

// ---- Meson: testlog.json, an object a line

bool matches_meson(std::string_view head) {
  return head.starts_with("{\"name\":") && has(head, "\"returncode\":") && has(head, "\"result\":");
}

void read_meson(const Input& input, TestReport& report) {
  report.tool = "meson";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, missing});
  const std::size_t broken = each_json_line(input.bytes, [&](const element& test) {
    const std::string_view result = text_of(test, "result");
    const auto code = number_of(test, "returncode").value_or(0);
    Outcome outcome = error;
    if (result == "OK") outcome = pass;
    if (result == "FAIL") outcome = code < 0 || code > 128 ? crash : fail;
    if (result == "SKIP" || result == "IGNORED") outcome = skip;
    if (result == "EXPECTEDFAIL") outcome = xfail;
    if (result == "UNEXPECTEDPASS") outcome = xpass;
    if (result == "TIMEOUT") outcome = timeout;
    if (result == "INTERRUPT") outcome = missing;
    const std::string_view out = text_of(test, "stdout"), err = text_of(test, "stderr");
    // A TAP test whose program says that it failed, too, is an ERROR to Meson; a point that is not ok is what failed.
    if (result == "ERROR" && code == 1 && has(out, "not ok ") && !has(out, "# TODO")) outcome = fail;
    builder.add("", std::string(text_of(test, "name")), outcome, number_of(test, "duration"),
                outcome == pass ? std::string_view()
                : err.empty()   ? out
                                : err);
    // Tests inside, by their own protocol.
    if (const Format* tap = &find_format("tap"); tap->matches(out) && (has(out, "ok ") || has(out, "1.."))) {
      TestReport inner;
      tap->read({out, {}}, inner);
      std::size_t number = 0;
      for (const auto& each : inner.results) {
        ++number;
        const bool unnamed = each.name.starts_with("(unnamed");
        if (each.name == "Bail out!" || each.name == "(all)") continue;
        builder.add(std::string(text_of(test, "name")), std::to_string(number) + (unnamed ? "" : " - " + each.name),
                    each.outcome, each.seconds, each.message);
      }
    }
  });
  if (broken > 0) builder.incomplete("a line is cut off");
  number_repeated_names(report);
}

// ---- lit

bool matches_lit(std::string_view head) {
  return head.starts_with('{') && has(head, "\"__version__\"") && has(head, "\"tests\"");
}

void read_lit(const Input& input, TestReport& report) {
  report.tool = "lit";
  ReportBuilder builder(report);
  builder.cannot_tell({missing});
  simdjson::dom::parser parser;
  each_of(document_of(parser, input.bytes), "tests", [&](const element& test) {
    const std::string_view code = text_of(test, "code"), output = text_of(test, "output");
    Outcome outcome = error;
    if (code == "PASS") outcome = pass;
    if (code == "FAIL") outcome = has(output, "Exit Code: -") ? crash : fail;
    if (code == "XFAIL") outcome = xfail;
    if (code == "XPASS") outcome = xpass;
    if (code == "FLAKYPASS") outcome = flaky;
    if (code == "TIMEOUT") outcome = timeout;
    if (code == "UNSUPPORTED" || code == "SKIPPED" || code == "EXCLUDED") outcome = skip;
    auto& result = builder.add("", std::string(text_of(test, "name")), outcome, number_of(test, "elapsed"), output);
    if (outcome == flaky) result.attempts = {fail, pass};
  });
  number_repeated_names(report);
}

// ---- mocha's reporter "json"

bool matches_mocha(std::string_view head) {
  const std::size_t stats = head.find("\"stats\":");
  return stats != std::string_view::npos && has(head.substr(stats, 400), "\"passes\":") &&
         has(head.substr(stats, 400), "\"pending\":");
}

std::pair<std::string, std::string> mocha_name(const element& test) {
  const std::string title(text_of(test, "title"));
  std::string suite(text_of(test, "fullTitle"));
  if (suite.ends_with(title)) suite.resize(suite.size() - title.size());
  return {std::string(trim(suite)), title};
}

// Reporters that have no list of all tests (mocha-bamboo-reporter), where the error is a text: how many there are.
std::size_t mocha_lists(const element& document, ReportBuilder& builder) {
  std::size_t shown = 0;
  const auto list = [&](std::string_view key, Outcome outcome) {
    each_of(document, key, [&](const element& test) {
      const auto [suite, name] = mocha_name(test);
      if (mocha_hook_name(name)) return;
      ++shown;
      const std::string_view message = text_of(test, "error");
      const auto milliseconds = number_of(test, "duration");
      Outcome own = outcome;
      if (outcome == fail && says_timeout(message)) own = timeout;
      if (outcome == fail && names_exception(message) && !has(message.substr(0, 40), "Assert")) own = error;
      builder.add(suite, name, own, milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt, message);
    });
  };
  list("passes", pass);
  list("failures", fail);
  list("skipped", skip);
  list("pending", skip);
  builder.cannot_tell({flaky});
  return shown;
}

void read_mocha(const Input& input, TestReport& report) {
  report.tool = "mocha";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, crash});
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  std::vector<std::string> pending;
  each_of(document, "pending", [&](const element& test) { pending.emplace_back(text_of(test, "fullTitle")); });
  const auto outcome_of_error = [](const element& test) {
    element err;
    if (test["err"].get(err) != simdjson::SUCCESS || text_of(err, "message").empty()) return pass;
    const std::string_view code = text_of(err, "code"), stack = text_of(err, "stack"), name = text_of(err, "name");
    if (code == "ERR_MOCHA_TIMEOUT" || has(text_of(err, "message"), "Timeout of ")) return timeout;
    if (code == "ERR_ASSERTION" || has(name, "Assertion") || stack.starts_with("AssertionError") ||
        stack.starts_with("Error: "))
      return fail;
    return error;
  };
  std::size_t shown = 0;
  if (element all; document["tests"].get(all) != simdjson::SUCCESS) shown = mocha_lists(document, builder);
  each_of(document, "tests", [&](const element& test) {
    ++shown;
    const auto [suite, name] = mocha_name(test);
    Outcome outcome = outcome_of_error(test);
    const std::string full(text_of(test, "fullTitle"));
    for (const auto& each : pending)
      if (each == full && outcome == pass) outcome = skip;
    const auto milliseconds = number_of(test, "duration");
    element err;
    const bool has_error = test["err"].get(err) == simdjson::SUCCESS;
    auto& result = builder.add(suite, name, outcome, milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt,
                               has_error ? text_of(err, "message") : std::string_view());
    if (const auto retries = number_of(test, "currentRetry"); retries && *retries > 0 && *retries < 1000) {
      result.attempts.insert(result.attempts.begin(), static_cast<std::size_t>(*retries), fail);
      if (outcome == pass) result.outcome = flaky;
    }
  });
  if (element stats; document["stats"].get(stats) == simdjson::SUCCESS)
    builder.compare_totals("the run", number_of(stats, "tests").value_or(0), shown);
  // Hooks that threw stand among the failures alone.
  each_of(document, "failures", [&](const element& test) {
    const auto [suite, name] = mocha_name(test);
    const auto of = mocha_hook_name(name);
    if (!of) return;
    element err;
    const bool has_error = test["err"].get(err) == simdjson::SUCCESS;
    builder.add(suite, *of, error, {}, has_error ? text_of(err, "message") : text_of(test, "error"));
  });
  number_repeated_names(report);
}

// ---- jest --json, vitest --reporter=json

bool matches_jest(std::string_view head) {
  return head.starts_with('{') && has(head, "\"numTotalTests\"") && has(head, "\"numFailedTests\"");
}

Outcome jest_outcome(std::string_view status, std::string_view first) {
  if (status == "passed") return pass;
  if (status == "skipped" || status == "pending" || status == "todo" || status == "disabled") return skip;
  if (has(first, "Expect test to fail") || has(first, "Failing test passed even though")) return xpass;
  // Where vitest 3 shows the place of a test that was late, it leaves out the words.
  if (has(first, "imed out in ") || has(first, "Exceeded timeout of ") || first.starts_with("Error: STACK_TRACE_ERROR"))
    return timeout;
  // A hook that threw is told by the runner's own frame alone.
  if (has(first, "at _callCircusHook ")) return error;
  if (first.starts_with("AssertionError") || first.starts_with("Error: ") || has(first, "expect(")) return fail;
  return first.empty() ? fail : error;
}

// A test of a file: its result, and whether the run was red by it.
bool take_jest_test(const element& test, std::string suite, ReportBuilder& builder) {
  each_of(test, "ancestorTitles", [&](const element& title) {
    std::string_view text;
    if (title.get(text) == simdjson::SUCCESS) suite.append(" > ").append(text);
  });
  std::vector<std::string_view> messages;
  each_of(test, "failureMessages", [&](const element& message) {
    std::string_view text;
    if (message.get(text) == simdjson::SUCCESS) messages.push_back(text);
  });
  const std::string_view status = text_of(test, "status");
  const Outcome outcome = jest_outcome(status, messages.empty() ? std::string_view() : messages.front());
  // A test that never began has no duration, where one that skipped itself has: its suite's hook may have broken.
  const auto milliseconds = number_of(test, "duration");
  auto& result = builder.add(std::move(suite), std::string(text_of(test, "title")), outcome,
                             milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt,
                             messages.empty() ? std::string_view() : messages.front());
  if (outcome == pass && !messages.empty()) {
    result.attempts.assign(messages.size(), fail);
    result.attempts.push_back(pass);
    result.outcome = flaky;
  } else if (const auto invocations = number_of(test, "invocations");
             invocations && *invocations > 1 && *invocations < 1000) {
    result.attempts.assign(static_cast<std::size_t>(*invocations) - 1, fail);
    result.attempts.push_back(outcome);
    if (outcome == pass) result.outcome = flaky;
  }
  return is_failure(outcome) || outcome == xpass;
}

// What broke outside of a file's tests (a hook, an import) fails the file alone: jest says so in its message, vitest
// in no word but the status.
bool has_broken_outside(std::string_view message) {
  constexpr std::string_view kMark = "  ● Test suite failed to run\n";
  return message.starts_with(kMark) || has(message, "\n" + std::string(kMark));
}

void read_jest(const Input& input, TestReport& report) {
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  ReportBuilder builder(report);
  element ignored;
  report.tool = document["numRuntimeErrorTestSuites"].get(ignored) == simdjson::SUCCESS ? "jest" : "vitest";
  builder.cannot_tell({xfail, missing, crash});
  if (report.tool == "jest") builder.cannot_tell({flaky});
  if (report.tool == "vitest") builder.cannot_tell({error});  // rejections that nobody handled are not in it
  std::size_t red = 0, shown = 0;
  each_of(document, "testResults", [&](const element& file) {
    // A reporter or testResultsProcessor that writes down what jest gave it has other names for the same.
    std::string_view path = text_of(file, "name");
    const bool is_raw = path.empty();
    if (is_raw) path = text_of(file, "testFilePath");
    if (const std::size_t slash = path.rfind('/'); slash != std::string_view::npos) path = path.substr(slash + 1);
    std::size_t failed = 0;
    each_of(file, is_raw ? "testResults" : "assertionResults", [&](const element& test) {
      ++shown;
      failed += take_jest_test(test, std::string(path), builder) ? 1 : 0;
    });
    std::string_view message = text_of(file, is_raw ? "failureMessage" : "message");
    if ((is_raw ? !message.empty() : text_of(file, "status") == "failed") &&
        (failed == 0 || has_broken_outside(message))) {
      ++failed;
      if (message.empty()) message = "the file failed, and no test of it did: a hook threw, or it could not be loaded";
      builder.add("", std::string(path), error, {}, message);
    }
    red += failed;
  });
  builder.compare_totals("the run", number_of(document, "numTotalTests").value_or(0), shown);
  bool succeeded = true, was_interrupted = false;
  if (document["success"].get(succeeded) == simdjson::SUCCESS && !succeeded && red == 0)
    builder.incomplete("the run failed, and no test shown did");
  if (document["wasInterrupted"].get(was_interrupted) == simdjson::SUCCESS && was_interrupted)
    builder.incomplete("the run was interrupted");
  number_repeated_names(report);
}

// ---- tox --result-json

bool matches_tox(std::string_view head) {
  return head.starts_with('{') && has(head, "\"toxversion\"");
}

void read_tox(const Input& input, TestReport& report) {
  report.tool = "tox";
  ReportBuilder builder(report);
  builder.cannot_tell({skip, timeout, missing});
  simdjson::dom::parser parser;
  simdjson::dom::object environments;
  if (document_of(parser, input.bytes)["testenvs"].get(environments) != simdjson::SUCCESS) return;
  for (const auto& [name, environment] : environments) {
    Outcome outcome = pass;
    std::string_view output;
    for (const auto* step : {"setup", "test"})
      each_of(environment, step, [&](const element& command) {
        const double code = number_of(command, "retcode").value_or(0);
        if (code == 0 || outcome != pass) return;
        outcome = code < 0 ? crash : std::string_view(step) == "setup" ? error : fail;
        output = text_of(command, "output");
      });
    builder.add("", std::string(name), outcome, {}, output);
  }
}

}  // namespace

extern const Format googletest_json_format, meson_format, lit_format, mocha_json_format, jest_json_format, tox_format;
const Format googletest_json_format{"googletest-json", matches_googletest, read_googletest};
const Format meson_format{"meson-testlog", matches_meson, read_meson};
const Format lit_format{"lit-json", matches_lit, read_lit};
const Format mocha_json_format{"mocha-json", matches_mocha, read_mocha};
const Format jest_json_format{"jest-json", matches_jest, read_jest};
const Format tox_format{"tox-json", matches_tox, read_tox};

}  // namespace resident::ci

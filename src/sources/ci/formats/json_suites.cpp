// JSON reports with suites in them: Playwright, mochawesome, RSpec, Cucumber's and behave's JSON, pytest-json-report,
// `dart test --reporter json` (Flutter, too).
#include <algorithm>
#include <map>
#include <sources/ci/formats/json_document.hpp>
#include <unordered_map>
#include <utility>

namespace resident::ci {

namespace {

using enum Outcome;
using simdjson::dom::element;

constexpr int kDeepest = 64;  // of nested suites

bool is_true(const element& object, std::string_view key) {
  bool value = false;
  return object[key].get(value) == simdjson::SUCCESS && value;
}
std::optional<double> milliseconds_of(const element& object, std::string_view key) {
  const auto value = number_of(object, key);
  return value ? std::optional(*value / 1000) : std::nullopt;
}
element part_of(const element& object, std::string_view key, const element& otherwise) {
  element part;
  return object[key].get(part) == simdjson::SUCCESS ? part : otherwise;
}

// ---- Playwright

bool matches_playwright(std::string_view head) {
  return head.starts_with('{') && has(head.substr(0, 200), "\"config\"") &&
         (has(head, "\"rootDir\"") || has(head, "\"projects\""));
}

Outcome playwright_outcome(const element& result, bool is_expected_to_fail) {
  const std::string_view status = text_of(result, "status");
  std::string_view message;
  element found;
  if (result["error"].get(found) == simdjson::SUCCESS) message = text_of(found, "message");
  if (status == "passed") return is_expected_to_fail ? xpass : pass;
  if (status == "timedOut") return timeout;
  if (status == "skipped") return skip;
  if (status == "interrupted") return missing;
  if (has(message, "worker process exited unexpectedly")) return crash;
  return is_expected_to_fail ? xfail : fail;
}

void playwright_test(const element& test, const std::string& file, const std::string& name, TestReport& report) {
  ReportBuilder builder(report);
  const std::string_view project = text_of(test, "projectName"), expected = text_of(test, "expectedStatus");
  const std::string suite = (project.empty() ? "" : "[" + std::string(project) + "] ") + file;
  std::vector<Outcome> attempts;
  double seconds = 0;
  std::string message;
  each_of(test, "results", [&](const element& result) {
    attempts.push_back(playwright_outcome(result, expected == "failed"));
    seconds += milliseconds_of(result, "duration").value_or(0);
    element found;
    if (message.empty() && result["error"].get(found) == simdjson::SUCCESS) message = text_of(found, "message");
  });
  std::erase(attempts, missing);
  bool is_marked = expected == "skipped";
  each_of(test, "annotations", [&](const element& each) {
    const std::string_view type = text_of(each, "type");
    is_marked = is_marked || type == "skip" || type == "fixme";
  });
  // Skipped without a mark of its own: what it depends on broke before it.
  if (attempts.empty() || (attempts.back() == skip && !is_marked)) return;
  auto& result = builder.add(suite, name, attempts.back(), seconds, message);
  result.outcome = outcome_of(attempts);
  result.attempts = std::move(attempts);
}

// How many tests it shows, those that never began as well.
std::size_t playwright_suite(const element& suite, const std::string& outer, const std::string& file,
                             TestReport& report, int depth) {
  std::size_t shown = 0;
  if (depth > kDeepest) return shown;
  each_of(suite, "specs", [&](const element& spec) {
    const std::string name = outer + std::string(text_of(spec, "title"));
    each_of(spec, "tests", [&](const element& test) {
      ++shown;
      playwright_test(test, file, name, report);
    });
  });
  each_of(suite, "suites", [&](const element& inner) {
    shown += playwright_suite(inner, outer + std::string(text_of(inner, "title")) + " > ", file, report, depth + 1);
  });
  return shown;
}

void read_playwright(const Input& input, TestReport& report) {
  report.tool = "playwright";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, error});
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  std::size_t shown = 0;
  each_of(document, "suites", [&](const element& suite) {
    std::string_view file = text_of(suite, "file");
    shown += playwright_suite(suite, "", std::string(file.empty() ? text_of(suite, "title") : file), report, 0);
  });
  const element stats = part_of(document, "stats", document);
  double told = 0;
  for (const std::string_view kind : {"expected", "unexpected", "flaky", "skipped"})
    told += number_of(stats, kind).value_or(0);
  builder.compare_totals("the run", told, shown);
  each_of(document, "errors",
          [&](const element& each) { builder.add("", "(outside of tests)", error, {}, text_of(each, "message")); });
  number_repeated_names(report);
}

// ---- mochawesome

bool matches_mochawesome(std::string_view head) {
  return head.starts_with('{') && has(head, "\"testsRegistered\"") && has(head, "\"passes\"");
}

void mochawesome_suite(const element& suite, const std::string& outer, ReportBuilder& builder, int depth) {
  if (depth > kDeepest) return;
  const std::string title(text_of(suite, "title")), path = outer + (outer.empty() || title.empty() ? "" : " ") + title;
  const auto outcome_of_test = [](const element& test, std::string_view message) {
    const std::string_view state = text_of(test, "state");
    if (is_true(test, "pass") || state == "passed") return pass;
    if (is_true(test, "pending") || state == "pending") return skip;
    if (is_true(test, "skipped") || (state.empty() && !is_true(test, "fail"))) return missing;
    if (has(message, "Timeout of ")) return timeout;
    return has(message, "AssertionError") || message.starts_with("Error: ") || has(message, "expected ") ? fail : error;
  };
  each_of(suite, "tests", [&](const element& test) {
    const element trouble = part_of(test, "err", test);
    const std::string_view said = text_of(trouble, "message");
    const Outcome outcome = outcome_of_test(test, said);
    if (outcome != missing)
      builder.add(path, std::string(text_of(test, "title")), outcome, milliseconds_of(test, "duration"), said);
  });
  for (const std::string_view hooks : {"beforeHooks", "afterHooks"})
    each_of(suite, hooks, [&](const element& hook) {
      if (!is_true(hook, "fail") && text_of(hook, "state") != "failed") return;
      builder.add(path, mocha_hook_name(text_of(hook, "title")).value_or(std::string(text_of(hook, "title"))), error,
                  milliseconds_of(hook, "duration"), text_of(part_of(hook, "err", hook), "message"));
    });
  each_of(suite, "suites", [&](const element& inner) { mochawesome_suite(inner, path, builder, depth + 1); });
}

void read_mochawesome(const Input& input, TestReport& report) {
  report.tool = "mocha";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, missing, crash, xfail, xpass});
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  each_of(document, "results", [&](const element& suite) { mochawesome_suite(suite, "", builder, 0); });
  const element stats = part_of(document, "stats", document);
  double told = 0;
  for (const std::string_view kind : {"passes", "failures", "pending"}) told += number_of(stats, kind).value_or(0);
  builder.compare_totals("the run", told, report.results.size());
  number_repeated_names(report);
}

// ---- RSpec

bool matches_rspec(std::string_view head) {
  return head.starts_with('{') && has(head, "\"examples\":") &&
         (has(head, "\"version\":") || has(head, "\"full_description\""));
}

void read_rspec(const Input& input, TestReport& report) {
  report.tool = "rspec";
  ReportBuilder builder(report);
  builder.cannot_tell({xfail, flaky, missing, timeout, crash});
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  each_of(document, "examples", [&](const element& example) {
    const std::string_view status = text_of(example, "status");
    // As its JUnit form calls the class: "./spec/calc_spec.rb" is spec.calc_spec.
    std::string suite(text_of(example, "file_path"));
    if (suite.starts_with("./")) suite.erase(0, 2);
    if (suite.ends_with(".rb")) suite.resize(suite.size() - 3);
    std::replace(suite.begin(), suite.end(), '/', '.');
    const element exception = part_of(example, "exception", example);
    const std::string_view type = text_of(exception, "class");
    std::string_view message = text_of(exception, "message");
    Outcome outcome = status == "passed" ? pass : status == "pending" ? skip : fail;
    if (outcome == fail && !has(type, "RSpec::Expectations") && !has(type, "Assertion") &&
        !has(type, "MultipleExpectationsNotMet") && !type.empty())
      outcome = error;
    if (has(type, "PendingExampleFixedError")) outcome = xpass;
    if (outcome == skip) message = text_of(example, "pending_message");
    builder.add(suite, std::string(text_of(example, "full_description")), outcome, number_of(example, "run_time"),
                message);
  });
  const element summary = part_of(document, "summary", document);
  builder.compare_totals("the run", number_of(summary, "example_count").value_or(0), report.results.size());
  simdjson::dom::array messages;
  if (document["messages"].get(messages) == simdjson::SUCCESS)
    for (const element each : messages)
      if (std::string_view text; each.get(text) == simdjson::SUCCESS)
        each_unloaded_spec(text, [&](const std::string& file) { builder.add("", file, error, {}, text); });
  if (const auto outside = number_of(summary, "errors_outside_of_examples_count"); outside && *outside > 0)
    builder.incomplete("errors outside of examples: some files may not have been loaded");
  number_repeated_names(report);
}

// ---- Cucumber's JSON, behave's JSON: a list of features

bool matches_cucumber_json(std::string_view head) {
  return head.starts_with('[') && has(head, "\"keyword\"") && has(head, "\"elements\"");
}

struct Steps {
  Outcome outcome = pass;
  double seconds = 0;
  std::string message;
  bool has_any = false;

  // Of a scenario; the hooks around it and around its steps are its own.
  void take_all(const element& scenario) {
    const auto take_hooks = [&](const element& of) {
      for (const std::string_view hooks : {"before", "after"})
        each_of(of, hooks, [&](const element& hook) { take(hook, true); });
    };
    take_hooks(scenario);
    each_of(scenario, "steps", [&](const element& step) {
      take(step, is_true(step, "hidden"));
      take_hooks(step);
    });
  }

  void take(const element& step, bool is_hook) {
    element result;
    if (step["result"].get(result) != simdjson::SUCCESS) return;
    has_any = true;
    // Cucumber counts nanoseconds, in whole numbers; behave seconds.
    std::int64_t nanoseconds = 0;
    if (result["duration"].get(nanoseconds) == simdjson::SUCCESS) {
      seconds += static_cast<double>(nanoseconds) / 1e9;
    } else {
      seconds += number_of(result, "duration").value_or(0);
    }
    const std::string_view status = text_of(result, "status");
    std::string said(text_of(result, "error_message"));
    each_of(result, "error_message", [&](const element& line) {
      std::string_view text;
      if (line.get(text) == simdjson::SUCCESS) said.append(text).push_back('\n');
    });
    Outcome found = pass;
    // pytest-bdd: the whole traceback, which ends with "file.py:8: ValueError".
    static const Pattern raised(R"((?s).*\.py:[0-9]+: (\w+(?:Error|Exception))\s*)");
    std::string kind;
    const bool threw = names_exception(said) || (raised.matches(said, &kind) && kind != "AssertionError");
    if (status == "failed") found = is_hook ? error : has(said, "timed out") ? timeout : threw ? error : fail;
    if (status == "error" || status == "undefined" || status == "ambiguous") found = error;
    if (status == "pending" || status == "skipped" || status == "untested") found = skip;
    const auto weight = [](Outcome each) { return each == pass ? 0 : each == skip ? 1 : each == fail ? 2 : 3; };
    if (weight(found) <= weight(outcome)) return;
    outcome = found;
    message = std::move(said);
  }
};

void read_cucumber_json(const Input& input, TestReport& report) {
  report.tool = has(input.bytes.substr(0, kSniffed), "\"uri\"") ? "cucumber" : "behave";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, xfail, xpass, missing, crash});
  if (has(input.bytes.substr(0, kSniffed), "\"id\": \"test_")) {
    report.tool = "pytest-bdd";  // leaves out what was skipped, and what has a step without a definition
    builder.cannot_tell({skip, error});
  }
  simdjson::dom::parser parser;
  simdjson::dom::array features;
  if (document_of(parser, input.bytes).get(features) != simdjson::SUCCESS) return;
  for (const element& feature : features) {
    Steps background;
    each_of(feature, "elements", [&](const element& scenario) {
      // A background stands before its scenario as an element of its own, and is as much a part of it as its steps.
      const bool is_background = text_of(scenario, "type") == "background";
      Steps steps = is_background ? Steps() : std::exchange(background, {});
      steps.take_all(scenario);
      if (is_background) {
        background = steps;
        return;
      }
      const std::string_view status = text_of(scenario, "status");
      Outcome outcome = steps.outcome;
      if (status == "skipped" || status == "untested") outcome = skip;
      if (status == "passed") outcome = pass;
      if ((status == "failed" || status == "error" || status == "hook_error") && !is_failure(outcome))
        outcome = status == "failed" ? fail : error;
      if (outcome == pass && !steps.has_any && status.empty()) outcome = skip;
      builder.add(std::string(text_of(feature, "name")), std::string(text_of(scenario, "name")), outcome, steps.seconds,
                  steps.message);
    });
  }
  number_repeated_names(report);
}

// ---- pytest-json-report

bool matches_pytest_json(std::string_view head) {
  return head.starts_with('{') && has(head, "\"exitcode\"") && has(head, "\"collectors\"");
}

void read_pytest_json(const Input& input, TestReport& report) {
  report.tool = "pytest";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, crash});
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  std::size_t shown = 0;
  each_of(document, "tests", [&](const element& test) {
    ++shown;
    const auto [suite, name] = pytest_name(text_of(test, "nodeid"));
    const std::string_view said = text_of(test, "outcome");
    double seconds = 0;
    std::string message;
    for (const std::string_view phase : {"setup", "call", "teardown"}) {
      element part, crash_part;
      if (test[phase].get(part) != simdjson::SUCCESS) continue;
      seconds += number_of(part, "duration").value_or(0);
      if (message.empty() && part["crash"].get(crash_part) == simdjson::SUCCESS)
        message = text_of(crash_part, "message");
    }
    Outcome outcome = pass;
    if (said == "failed")
      outcome = has(message, "[XPASS(strict)]") ? xpass : message.starts_with("Failed: Timeout >") ? timeout : fail;
    if (said == "error") outcome = error;
    if (said == "skipped") outcome = skip;
    if (said == "xfailed") outcome = xfail;
    if (said == "xpassed") outcome = xpass;
    if (said == "rerun") outcome = fail;
    builder.attempt(suite, name, outcome, seconds, message);
  });
  each_of(document, "collectors", [&](const element& each) {
    if (text_of(each, "outcome") != "failed") return;
    builder.add("", std::string(text_of(each, "nodeid")), error, {}, text_of(each, "longrepr"));
  });
  builder.compare_totals("the run", number_of(part_of(document, "summary", document), "total").value_or(0), shown);
  number_repeated_names(report);
}

// ---- dart test --reporter json, flutter test --machine

bool matches_dart(std::string_view head) {
  return head.starts_with('{') && has(head.substr(0, 400), "\"protocolVersion\"") &&
         has(head.substr(0, 400), "\"runnerVersion\"");
}

struct DartTest {
  std::string suite, name, message;
  double begun = 0;
  bool has_failure = false, is_done = false;
};

void read_dart(const Input& input, TestReport& report) {
  report.tool = "dart";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, xfail, xpass, missing});
  std::map<std::int64_t, std::string> paths;
  std::map<std::int64_t, DartTest> tests;
  bool is_finished = false;
  const auto id_of = [](const element& object, std::string_view key) {
    std::int64_t id = -1;
    return object[key].get(id) == simdjson::SUCCESS ? id : std::int64_t{-1};
  };
  const std::size_t broken = each_json_line(input.bytes, [&](const element& event) {
    const std::string_view type = text_of(event, "type");
    element part;
    if (type == "suite" && event["suite"].get(part) == simdjson::SUCCESS)
      paths[id_of(part, "id")] = text_of(part, "path");
    if (type == "testStart" && event["test"].get(part) == simdjson::SUCCESS) {
      DartTest& test = tests[id_of(part, "id")];
      test.suite = paths[id_of(part, "suiteID")];
      test.name = text_of(part, "name");
      test.begun = number_of(event, "time").value_or(0);
    }
    if (type == "error") {
      DartTest& test = tests[id_of(event, "testID")];
      if (test.message.empty()) test.message = text_of(event, "error");
      test.has_failure = test.has_failure || is_true(event, "isFailure");
    }
    if (type == "testDone") {
      DartTest& test = tests[id_of(event, "testID")];
      test.is_done = true;
      const std::string_view result = text_of(event, "result");
      // Hidden: what loads a file. Where it broke, it stands for the file.
      if (is_true(event, "hidden") && result == "success") return;
      Outcome outcome = is_true(event, "skipped") ? skip
                        : result == "success"     ? pass
                        : result == "failure"     ? fail
                                                  : error;
      if (outcome == error && (has(test.message, "TimeoutException after") || has(test.message, "Test timed out")))
        outcome = timeout;
      const bool is_file = test.name.starts_with("loading ");
      builder.add(is_file ? "" : test.suite, is_file ? test.name.substr(8) : test.name, outcome,
                  (number_of(event, "time").value_or(test.begun) - test.begun) / 1000, test.message);
    }
    if (type == "done") is_finished = true;
  });
  for (const auto& [id, test] : tests)
    if (!test.is_done && !test.name.empty() && !test.name.starts_with("loading "))
      builder.add(test.suite, test.name, crash, {}, "begun, and the run ended before it did");
  if (!is_finished) builder.incomplete("the run did not say that it had ended");
  if (broken > 0) builder.incomplete(std::to_string(broken) + " lines are cut off");
  number_repeated_names(report);
}

}  // namespace

extern const Format playwright_json_format, mochawesome_format, rspec_json_format, cucumber_json_format,
    pytest_json_format, dart_format;
const Format playwright_json_format{"playwright-json", matches_playwright, read_playwright};
const Format mochawesome_format{"mochawesome", matches_mochawesome, read_mochawesome};
const Format rspec_json_format{"rspec-json", matches_rspec, read_rspec};
const Format cucumber_json_format{"cucumber-json", matches_cucumber_json, read_cucumber_json};
const Format pytest_json_format{"pytest-json", matches_pytest_json, read_pytest_json};
const Format dart_format{"dart-json", matches_dart, read_dart};

}  // namespace resident::ci

// JSON that tells of one test, or of tests as they end: Allure's results, mocha's json-stream, Ginkgo's report, Bazel's
// build events, Xcode's results (xcresulttool).
#include <algorithm>
#include <sources/ci/formats/json_document.hpp>

namespace resident::ci {

namespace {

using enum Outcome;
using simdjson::dom::element;

// ---- Allure: a file a test (…-result.json); "broken" is whatever was thrown that is no failed check

bool matches_allure(std::string_view head) {
  // What was skipped has no history in some frameworks' reporters.
  return head.starts_with('{') && has(head, "\"uuid\"") && has(head, "\"status\"") && has(head, "\"stage\"") &&
         (has(head, "\"historyId\"") || (has(head, "\"labels\"") && has(head, "\"fullName\"")));
}

// Of its labels, outermost first; else what stands before its name in the full one.
std::string allure_suite(const element& test, std::string_view name) {
  std::string suite;
  for (const std::string_view level : {"parentSuite", "suite", "subSuite"})
    each_of(test, "labels", [&](const element& label) {
      if (text_of(label, "name") == level) suite.append(suite.empty() ? "" : " > ").append(text_of(label, "value"));
    });
  if (!suite.empty()) return suite;
  std::string_view full = text_of(test, "fullName");
  if (full.ends_with(name)) full.remove_suffix(name.size());
  while (!full.empty() && (full.back() == '.' || full.back() == '#' || full.back() == ':' || full.back() == ' '))
    full.remove_suffix(1);
  return std::string(full);
}

void read_allure(const Input& input, TestReport& report) {
  simdjson::dom::parser parser;
  const element test = document_of(parser, input.bytes);
  report.tool = "allure";
  ReportBuilder builder(report);
  // Each try has a file of its own.
  builder.cannot_tell({flaky, xfail, xpass, missing, crash});
  element details;
  const bool has_details = test["statusDetails"].get(details) == simdjson::SUCCESS;
  const std::string_view message = has_details ? text_of(details, "message") : std::string_view();
  const std::string_view status = text_of(test, "status"), name = text_of(test, "name");
  Outcome outcome = crash;  // "unknown": begun, and it has no end
  if (status == "passed") outcome = pass;
  if (status == "failed") outcome = fail;
  if (status == "broken") outcome = error;
  if (status == "skipped") outcome = message.starts_with("XFAIL") || message.starts_with("xfail") ? xfail : skip;
  if (is_failure(outcome) && outcome != crash && (says_timeout(message) || has(message, "TimeoutError")))
    outcome = timeout;
  // Frameworks that never say "broken": what was thrown is named, or nothing says that it was a check.
  if (outcome == fail && has(message, "worker process exited unexpectedly")) outcome = crash;
  if (outcome == fail && has(message.substr(0, 200), "xpected to fail, but ")) outcome = xpass;
  if (outcome == fail && names_exception(message)) outcome = error;
  if (outcome == fail && !has(message, "ssert") && !has(message, "xpect")) builder.cannot_tell({error});
  const auto start = number_of(test, "start"), stop = number_of(test, "stop");
  // Other parameters are another test, whose name may say nothing of them; what is excluded belongs to no identity.
  std::string parameters;
  each_of(test, "parameters", [&](const element& parameter) {
    const std::string_view value = text_of(parameter, "value");
    bool is_excluded = false;
    if (parameter["excluded"].get(is_excluded) == simdjson::SUCCESS && is_excluded) return;
    if (!value.empty() && !has(name, value)) parameters.append(parameters.empty() ? "" : ", ").append(value);
  });
  builder.add(allure_suite(test, name),
              parameters.empty() ? std::string(name) : std::string(name) + "[" + parameters + "]", outcome,
              start && stop ? std::optional((*stop - *start) / 1000) : std::nullopt,
              outcome == pass ? std::string_view() : message);
  if (outcome == crash && status != "failed") builder.incomplete("this test was begun and has no end");
}

// ---- mocha --reporter json-stream: ["pass",{…}], a line a test

bool matches_json_stream(std::string_view head) {
  return head.starts_with("[\"start\",{\"total\":");
}

void read_json_stream(const Input& input, TestReport& report) {
  report.tool = "mocha";
  ReportBuilder builder(report);
  builder.cannot_tell({skip, missing, crash});
  bool has_end = false;
  simdjson::dom::parser parser;
  each_line(input.bytes, [&](std::string_view line) {
    element document;
    std::string_view kind;
    if (!line.starts_with('[') || parser.parse(simdjson::padded_string(line)).get(document) != simdjson::SUCCESS ||
        document.at(0).get(kind) != simdjson::SUCCESS)
      return;
    element test;
    has_end = has_end || kind == "end";
    if ((kind != "pass" && kind != "fail") || document.at(1).get(test) != simdjson::SUCCESS) return;
    const std::string_view title = text_of(test, "title"), message = text_of(test, "err");
    std::string_view suite = text_of(test, "fullTitle");
    if (suite.ends_with(title)) suite.remove_suffix(title.size());
    const std::string_view stack = text_of(test, "stack");
    const bool is_check = stack.starts_with("AssertionError") || stack.starts_with("Error: ") || stack.empty();
    const auto hook = mocha_hook_name(title);
    const Outcome outcome = kind == "pass" ? pass : says_timeout(message) ? timeout : hook || !is_check ? error : fail;
    const auto milliseconds = number_of(test, "duration");
    TestResult& result = builder.add(std::string(trim(suite)), hook.value_or(std::string(title)), outcome,
                                     milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt, message);
    const auto tries = static_cast<std::size_t>(std::clamp(number_of(test, "currentRetry").value_or(0), 0.0, 100.0));
    result.attempts.insert(result.attempts.begin(), tries, fail);
    if (tries > 0) result.outcome = outcome_of(result.attempts);
  });
  if (!has_end) builder.incomplete("there is no \"end\": the run was killed");
  number_repeated_names(report);
}

// ---- Ginkgo 2 (--json-report)

bool matches_ginkgo(std::string_view head) {
  return head.starts_with('[') && has(head, "\"SuitePath\"") && has(head, "\"SuiteDescription\"");
}

Outcome ginkgo_outcome(std::string_view state) {
  if (state == "passed") return pass;
  if (state == "skipped" || state == "pending") return skip;
  if (state == "panicked") return error;
  if (state == "timedout") return timeout;
  return state == "interrupted" || state == "aborted" ? crash : fail;
}

void read_ginkgo(const Input& input, TestReport& report) {
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  report.tool = "ginkgo";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, xfail, xpass});
  simdjson::dom::array suites;
  if (document.get(suites) != simdjson::SUCCESS) return;
  for (const element& each : suites) {
    const std::string_view suite = text_of(each, "SuiteDescription");
    each_of(each, "SpecReports", [&](const element& spec) {
      const std::string_view kind = text_of(spec, "LeafNodeType"), state = text_of(spec, "State");
      const Outcome outcome = ginkgo_outcome(state);
      std::string path(suite), name(text_of(spec, "LeafNodeText"));
      each_of(spec, "ContainerHierarchyTexts", [&](const element& text) {
        std::string_view container;
        if (text.get(container) == simdjson::SUCCESS) path.append(path.empty() ? "" : " > ").append(container);
      });
      // What runs around a suite is no test; what broke there is told.
      if (kind != "It" && outcome == pass) return;
      if (name.empty()) name = "[" + std::string(kind) + "]";
      element failure;
      std::string_view message;
      if (spec["Failure"].get(failure) == simdjson::SUCCESS)
        message = text_of(failure, "ForwardedPanic").empty() ? text_of(failure, "Message")
                                                             : text_of(failure, "ForwardedPanic");
      const auto nanoseconds = number_of(spec, "RunTime");
      TestResult& result =
          builder.add(path, name, outcome, nanoseconds ? std::optional(*nanoseconds / 1e9) : std::nullopt, message);
      const double tries = std::clamp(number_of(spec, "NumAttempts").value_or(1), 1.0, 100.0);
      if (tries < 2 || outcome == skip) return;
      result.attempts.insert(result.attempts.begin(), static_cast<std::size_t>(tries) - 1, fail);
      result.outcome = outcome_of(result.attempts);
    });
  }
  number_repeated_names(report);
}

// ---- Bazel's build events (--build_event_json_file): a line an event

bool matches_bazel(std::string_view head) {
  return head.starts_with("{\"id\":{\"started\":{}") ||
         (head.starts_with("{\"id\":{") && has(head, "\"testResult\":{"));
}

Outcome bazel_outcome(std::string_view status) {
  if (status == "PASSED") return pass;
  if (status == "FLAKY") return flaky;
  if (status == "TIMEOUT") return timeout;
  if (status == "NO_STATUS" || status == "INCOMPLETE") return missing;
  return status == "FAILED" ? fail : error;  // FAILED_TO_BUILD, REMOTE_FAILURE, TOOL_HALTED_BEFORE_TESTING
}

void read_bazel(const Input& input, TestReport& report) {
  report.tool = "bazel";
  ReportBuilder builder(report);
  builder.cannot_tell({xfail, xpass, skip, crash});
  bool has_end = false;
  const std::size_t broken = each_json_line(input.bytes, [&](const element& event) {
    element id, test, result;
    bool is_last = false;
    has_end = has_end || (event["lastMessage"].get(is_last) == simdjson::SUCCESS && is_last);
    if (event["id"].get(id) != simdjson::SUCCESS || id["testResult"].get(test) != simdjson::SUCCESS ||
        event["testResult"].get(result) != simdjson::SUCCESS)
      return;
    std::string name;
    const double shard = number_of(test, "shard").value_or(0), run = number_of(test, "run").value_or(0);
    if (shard > 0) name += "shard " + std::to_string(static_cast<int>(shard));
    if (run > 1) name += (name.empty() ? "run " : ", run ") + std::to_string(static_cast<int>(run));
    // "0.5s", or milliseconds as a text, by older ones.
    std::optional<double> seconds = leading_number(text_of(result, "testAttemptDuration"));
    if (!seconds)
      if (const auto milliseconds = leading_number(text_of(result, "testAttemptDurationMillis")))
        seconds = *milliseconds / 1000;
    const std::string label(text_of(test, "label"));
    builder.attempt(name.empty() ? "" : label, name.empty() ? label : name, bazel_outcome(text_of(result, "status")),
                    seconds, text_of(result, "statusDetails"));
  });
  if (broken > 0) builder.incomplete(std::to_string(broken) + " lines are cut off");
  if (!has_end) builder.incomplete("the last event is missing: the run was killed");
  number_repeated_names(report);
}

// ---- xcrun xcresulttool get test-results tests: nodes in nodes

bool matches_xcresult(std::string_view head) {
  return head.starts_with('{') && has(head, "\"testNodes\"") && has(head, "\"nodeType\"");
}

Outcome xcresult_outcome(std::string_view result) {
  if (result == "Passed") return pass;
  if (result == "Skipped") return skip;
  if (result == "Expected Failure") return xfail;
  return result == "Failed" ? fail : missing;
}

void xcresult_node(const element& node, const std::string& suite, int depth, ReportBuilder& builder) {
  constexpr int kDeepest = 64;
  if (depth > kDeepest) return;
  const std::string_view type = text_of(node, "nodeType"), name = text_of(node, "name");
  if (type != "Test Case") {
    const bool is_suite = type == "Test Suite" || type.ends_with(" bundle");
    const std::string path = is_suite ? suite + (suite.empty() ? "" : " > ") + std::string(name) : suite;
    each_of(node, "children", [&](const element& child) { xcresult_node(child, path, depth + 1, builder); });
    return;
  }
  Outcome outcome = xcresult_outcome(text_of(node, "result"));
  std::string message;
  std::vector<Outcome> attempts;
  each_of(node, "children", [&](const element& child) {
    const std::string_view kind = text_of(child, "nodeType");
    if (kind == "Repetition") attempts.push_back(xcresult_outcome(text_of(child, "result")));
    if (kind == "Failure Message" && message.empty()) message = text_of(child, "name");
  });
  if (outcome == fail && has(message, "xceeded execution time allowance")) outcome = timeout;
  if (outcome == fail && has(message, "Crash: ")) outcome = crash;
  if (outcome == fail && has(message, "Expected failure but none recorded")) outcome = xpass;
  std::optional<double> seconds = number_of(node, "durationInSeconds");
  if (!seconds && text_of(node, "duration").ends_with('s')) seconds = leading_number(text_of(node, "duration"));
  TestResult& result = builder.add(suite, std::string(name), outcome, seconds, message);
  if (attempts.size() < 2) return;
  result.attempts = std::move(attempts);
  result.outcome = outcome_of(result.attempts);
}

void read_xcresult(const Input& input, TestReport& report) {
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  report.tool = "xcode";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, error});
  each_of(document, "testNodes", [&](const element& node) { xcresult_node(node, "", 0, builder); });
  number_repeated_names(report);
}

}  // namespace

extern const Format allure_format, json_stream_format, ginkgo_format, bazel_format, xcresult_format;
const Format allure_format{"allure", matches_allure, read_allure};
const Format json_stream_format{"mocha-json-stream", matches_json_stream, read_json_stream};
const Format ginkgo_format{"ginkgo-json", matches_ginkgo, read_ginkgo};
const Format bazel_format{"bazel-events", matches_bazel, read_bazel};
const Format xcresult_format{"xcresult", matches_xcresult, read_xcresult};

}  // namespace resident::ci

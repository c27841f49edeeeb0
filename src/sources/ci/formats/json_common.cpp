// JSON reports of many tools' reporters, the Common Test Report Format, and those of Criterion and lab.
#include <algorithm>
#include <sources/ci/formats/json_document.hpp>

namespace resident::ci {

namespace {

using enum Outcome;
using simdjson::dom::element;

// ---- CTRF, ctrf.io: what a reporter made for it leaves of any runner's tests

bool matches_ctrf(std::string_view head) {
  return head.starts_with('{') && has(head, "\"results\"") && has(head, "\"tool\"") && has(head, "\"summary\"") &&
         (has(head, "CTRF") || has(head, "\"other\""));
}

// The runner's own word stands beside one of the five that the format has.
Outcome ctrf_outcome(std::string_view status, std::string_view own, std::string_view message) {
  // Playwright's: failed, as it was expected to.
  if (status == "passed") return own == "failed" || own == "timedOut" ? xfail : pass;
  if (status == "skipped" || status == "pending") return skip;
  if (own == "todo" || own == "pending" || own == "disabled" || own == "skipped") return skip;
  if (own == "timedOut" || own == "timeout" || says_timeout(message)) return timeout;
  if (own == "interrupted") return missing;
  if (own == "crashed" || has(message, "worker process exited unexpectedly")) return crash;
  if (has(message, "Failing test passed even though") || has(message, "Expected to fail, but passed") ||
      has(message, "Expect test to fail"))
    return xpass;
  if (status == "other" || own == "broken" || own == "error") return error;
  const std::string_view word = message.substr(0, message.find(':'));
  const bool threw = word.size() < message.size() && word != "Error" && !has(word, "Assert") && !has(word, " ") &&
                     (word.ends_with("Error") || word.ends_with("Exception"));
  return threw ? error : fail;
}

// "suite" is a text, or from 1.0 on a list of names.
std::string ctrf_suite(const element& test) {
  std::string suite(text_of(test, "suite"));
  simdjson::dom::array names;
  if (test["suite"].get(names) == simdjson::SUCCESS)
    for (const element& each : names) {
      std::string_view name;
      if (each.get(name) == simdjson::SUCCESS) suite.append(suite.empty() ? "" : " > ").append(name);
    }
  if (!suite.empty()) return suite;
  const std::string_view path = text_of(test, "filePath");
  return std::string(
      path.substr(path.find_last_of("/\\") == std::string_view::npos ? 0 : path.find_last_of("/\\") + 1));
}

// Playwright's test.fail(): its reporter takes one that passed for a pass, and for a flaky one where it ran again.
bool should_have_failed(const element& test) {
  element extra;
  bool found = false;
  if (test["extra"].get(extra) == simdjson::SUCCESS)
    each_of(extra, "annotations", [&](const element& each) { found = found || text_of(each, "type") == "fail"; });
  return found;
}

void ctrf_test(const element& test, ReportBuilder& builder) {
  constexpr double kMostTries = 100;
  const std::string_view message = text_of(test, "message"), trace = text_of(test, "trace");
  Outcome last = ctrf_outcome(text_of(test, "status"), text_of(test, "rawStatus"), message);
  if (last == missing) return;
  // The class of what was thrown stands in the stack trace, where the message has it not.
  if (last == fail && names_exception(trace) && !has(trace.substr(0, 200), "AssertionError")) last = error;
  if (last == pass && should_have_failed(test)) last = xpass;
  const auto milliseconds = number_of(test, "duration");
  TestResult& result = builder.add(ctrf_suite(test), std::string(text_of(test, "name")), last,
                                   milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt,
                                   last == pass ? std::string_view() : message);
  if (last == xpass) return;
  // Tries before the last one; where only their number is told, they had failed.
  std::vector<Outcome> attempts;
  each_of(test, "retryAttempts", [&](const element& each) {
    attempts.push_back(ctrf_outcome(text_of(each, "status"), text_of(each, "rawStatus"), text_of(each, "message")));
  });
  const auto tries = static_cast<std::size_t>(std::clamp(number_of(test, "retries").value_or(0), 0.0, kMostTries));
  bool is_flaky = false;
  is_flaky = test["flaky"].get(is_flaky) == simdjson::SUCCESS && is_flaky;
  // What went wrong beside a pass was an earlier try's (vitest's reporter, whose `retries` are those allowed).
  const bool is_told_by_message = last == pass && !message.empty() && !trace.empty();
  is_flaky = is_flaky || is_told_by_message;
  if (is_told_by_message && attempts.empty()) attempts = {fail, pass};
  if (attempts.empty() && (is_flaky || last != pass)) attempts.assign(std::max<std::size_t>(tries, is_flaky), fail);
  if (!is_told_by_message && attempts.size() <= tries) attempts.push_back(last);
  if (attempts.size() < 2) return;
  result.outcome = outcome_of(attempts);
  result.attempts = std::move(attempts);
}

void read_ctrf(const Input& input, TestReport& report) {
  ReportBuilder builder(report);
  builder.cannot_tell({xfail, missing, error, crash});
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  element results, tool, summary;
  if (document["results"].get(results) != simdjson::SUCCESS)
    throw Error(ErrorKind::failed, "this report has no \"results\"", "was it made by a CTRF reporter?");
  if (results["tool"].get(tool) == simdjson::SUCCESS) report.tool = std::string(text_of(tool, "name").substr(0, 100));
  std::size_t shown = 0, failed = 0, suites = 0;
  const bool is_vitest = report.tool == "vitest";
  each_of(results, "tests", [&](const element& test) {
    ++shown;
    failed += text_of(test, "status") == "failed" || should_have_failed(test);
    // vitest's reporter takes a suite inside of a suite for one test, and says nothing of those in it.
    suites += is_vitest && text_of(test, "status") == "failed" && text_of(test, "message").empty();
    ctrf_test(test, builder);
  });
  if (suites > 0) {
    builder.cannot_tell({pass, fail, skip, flaky, timeout});
    builder.incomplete("what failed without a word is a suite inside of a suite: its tests are not shown");
  }
  if (results["summary"].get(summary) == simdjson::SUCCESS) {
    builder.compare_totals("the summary", number_of(summary, "tests").value_or(0), shown);
    if (const auto told = number_of(summary, "failed"); told && *told > static_cast<double>(failed))
      builder.incomplete("the summary counts more failures than are shown");
  }
  number_repeated_names(report);
}

// ---- Criterion

bool matches_criterion(std::string_view head) {
  return head.starts_with('{') && has(head, "\"id\": \"Criterion v") && has(head, "\"test_suites\"");
}

void read_criterion(const Input& input, TestReport& report) {
  report.tool = "criterion";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, error, xfail, xpass, flaky});
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  each_of(document, "test_suites", [&](const element& suite) {
    each_of(suite, "tests", [&](const element& test) {
      std::string message;
      each_of(test, "messages", [&](const element& each) {
        std::string_view line;
        if (each.get(line) == simdjson::SUCCESS && message.size() < kLongestMessage) message.append(line) += '\n';
      });
      const std::string_view status = text_of(test, "status");
      Outcome outcome = status == "PASSED" ? pass : status == "SKIPPED" ? skip : status == "FAILED" ? fail : error;
      if (status == "ERRORED" && message.starts_with("The test timed out")) outcome = timeout;
      if (status == "ERRORED" && message.starts_with("The test crashed")) outcome = crash;
      builder.add(std::string(text_of(suite, "name")), std::string(text_of(test, "name")), outcome, {}, message);
    });
  });
  number_repeated_names(report);
}

// ---- lab (hapi)

bool matches_lab(std::string_view head) {
  return head.starts_with('{') && has(head.substr(0, 40), "\"tests\": {") && has(head, "\"title\":") &&
         has(head, "\"duration\":");
}

void read_lab(const Input& input, TestReport& report) {
  report.tool = "lab";
  ReportBuilder builder(report);
  builder.cannot_tell({skip, flaky, error, missing, crash, xfail, xpass});
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  simdjson::dom::object suites;
  if (document["tests"].get(suites) != simdjson::SUCCESS) return;
  for (const auto& [suite, tests] : suites) {
    simdjson::dom::array list;
    if (tests.get(list) != simdjson::SUCCESS) continue;
    for (const element& test : list) {
      // A text is what went wrong, false is nothing; a test around which a hook broke has neither.
      const std::string_view wrong = text_of(test, "err");
      bool is_fine = true;
      const bool is_told = test["err"].get(is_fine) == simdjson::SUCCESS;
      const Outcome outcome = !wrong.empty()        ? (says_timeout(wrong) ? timeout : fail)
                              : is_told && !is_fine ? pass
                                                    : error;
      const auto milliseconds = number_of(test, "duration");
      builder.attempt(std::string(suite), std::string(text_of(test, "title")), outcome,
                      milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt, wrong);
    }
  }
  each_of(document, "errors",
          [&](const element& each) { builder.add("", "(around tests)", error, {}, text_of(each, "message")); });
  number_repeated_names(report);
}

// ---- newman (Postman): its JSON begins with the whole collection, the run stands behind it

bool matches_newman(std::string_view head) {
  return head.starts_with('{') && has(head.substr(0, 200), "\"collection\"") && has(head, "\"item\"");
}

void read_newman(const Input& input, TestReport& report) {
  report.tool = "newman";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, missing, timeout, crash, xfail, xpass});
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  element run;
  if (document["run"].get(run) != simdjson::SUCCESS)
    throw Error(ErrorKind::failed, "this collection of requests holds no run", "was it written by newman's reporter?");
  each_of(run, "executions", [&](const element& execution) {
    element item, error_of;
    std::string request;
    if (execution["item"].get(item) == simdjson::SUCCESS) request = text_of(item, "name");
    each_of(execution, "assertions", [&](const element& assertion) {
      bool is_skipped = false;
      is_skipped = assertion["skipped"].get(is_skipped) == simdjson::SUCCESS && is_skipped;
      const bool failed = assertion["error"].get(error_of) == simdjson::SUCCESS && error_of.is_object();
      const std::string_view kind = failed ? text_of(error_of, "name") : std::string_view();
      const bool is_check = kind.empty() || has(kind, "Assert") || kind == "Error";
      // The same assertion once more is that of another iteration.
      builder.add(request, std::string(text_of(assertion, "assertion")),
                  is_skipped ? skip
                  : !failed  ? pass
                  : is_check ? fail
                             : error,
                  {}, failed ? text_of(error_of, "message") : std::string_view());
    });
    for (const char* scripts : {"testScript", "prerequestScript"})
      each_of(execution, scripts, [&](const element& script) {
        if (script["error"].get(error_of) == simdjson::SUCCESS)
          builder.add(request, std::string("(") + scripts + ")", error, {}, text_of(error_of, "message"));
      });
    if (execution["requestError"].get(error_of) == simdjson::SUCCESS && error_of.is_object())
      builder.add(request, "(request)", error, {}, text_of(error_of, "code"));
  });
  number_repeated_names(report);
}

}  // namespace

extern const Format newman_json_format;
const Format newman_json_format{"newman-json", matches_newman, read_newman};
extern const Format ctrf_format, criterion_json_format, lab_json_format;
const Format ctrf_format{"ctrf", matches_ctrf, read_ctrf};
const Format criterion_json_format{"criterion-json", matches_criterion, read_criterion};
const Format lab_json_format{"lab-json", matches_lab, read_lab};

}  // namespace resident::ci

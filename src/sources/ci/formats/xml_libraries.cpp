// XML of test libraries with a form of their own: UnitTest++, FPCUnit, CUnit; and Sonar's generic test data, which
// reporters of many runners write.
#include <algorithm>
#include <sources/ci/formats/text_lines.hpp>
#include <sources/ci/formats/xml_document.hpp>

namespace resident::ci {

namespace {

using enum Outcome;

// ---- UnitTest++

bool matches_unittestpp(std::string_view head) {
  return head.starts_with('<') && has(head.substr(0, 400), "<unittest-results");
}

void read_unittestpp(const Input& input, TestReport& report) {
  report.tool = "unittest++";
  ReportBuilder builder(report);
  builder.cannot_tell({skip, missing, flaky, xfail, xpass});
  pugi::xml_document document;
  const auto root = load_document(document, input, "unittest-results", report);
  std::size_t shown = 0;
  for (const auto& test : root.children("test")) {
    ++shown;
    Outcome outcome = pass;
    const std::string_view message = attribute(test.child("failure"), "message");
    for (const auto& failure : test.children("failure")) {
      // "file(12) : what": something thrown, a signal, a time limit, or a check.
      std::string_view said = attribute(failure, "message");
      said = said.substr(std::min(said.size(), said.find(") : ") == said.npos ? 0 : said.find(") : ") + 4));
      if (said.starts_with("Unhandled exception: test crashed"))
        outcome = crash;
      else if (said.starts_with("Unhandled exception") && outcome != crash)
        outcome = error;
      else if (said.starts_with("Time constraint failed") && outcome == pass)
        outcome = timeout;
      else if (outcome == pass || outcome == timeout)
        outcome = fail;
    }
    builder.add(std::string(attribute(test, "suite")), std::string(attribute(test, "name")), outcome,
                leading_number(attribute(test, "time")), message);
  }
  builder.compare_totals("the report", root.attribute("tests").as_double(), shown);
  number_repeated_names(report);
}

// ---- FPCUnit (Free Pascal, Lazarus)

bool matches_fpcunit(std::string_view head) {
  return head.starts_with('<') && has(head, "<TestResults") && has(head, "<TestListing");
}

// "00:01:02.345"
std::optional<double> clock_time(std::string_view text) {
  double seconds = 0;
  for (int part = 0; part < 3; ++part) {
    const auto number = leading_number(text);
    if (!number) return std::nullopt;
    seconds = seconds * 60 + *number;
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return part == 2 ? std::optional(seconds) : std::nullopt;
    text = text.substr(colon + 1);
  }
  return std::nullopt;
}

void fpcunit_suite(pugi::xml_node suite, const std::string& outer, ReportBuilder& builder, int depth) {
  constexpr int kDeepest = 64;
  if (depth > kDeepest) return;
  const std::string name(attribute(suite, "Name"));
  const std::string path = outer + (outer.empty() || name.empty() ? "" : ".") + name;
  for (const auto& part : suite.children()) {
    const std::string_view kind = part.name();
    if (kind == "TestSuite") fpcunit_suite(part, path, builder, depth + 1);
    if (kind != "Test") continue;
    const std::string_view result = attribute(part, "Result");
    const Outcome outcome = result == "OK" ? pass : result == "Failed" ? fail : result == "Ignored" ? skip : error;
    builder.add(path, std::string(attribute(part, "Name")), outcome, clock_time(attribute(part, "ElapsedTime")),
                part.child_value("ExceptionMessage"));
  }
}

void read_fpcunit(const Input& input, TestReport& report) {
  report.tool = "fpcunit";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, crash, timeout, xfail, xpass});
  pugi::xml_document document;
  const auto root = load_document(document, input, "TestResults", report);
  for (const auto& suite : root.child("TestListing").children("TestSuite")) fpcunit_suite(suite, "", builder, 0);
  if (!root.child("NumberOfRunTests")) builder.incomplete("there are no totals: the run was cut off");
  number_repeated_names(report);
}

// ---- CUnit, CU_automated_run_tests(): names stand there unescaped, so it is read line by line

bool matches_cunit(std::string_view head) {
  return head.starts_with('<') && has(head.substr(0, 1000), "<CUNIT_TEST_RUN_REPORT>");
}

std::optional<std::string> cunit_value(std::string_view line, std::string_view tag) {
  const std::string open = "<" + std::string(tag) + ">", close = "</" + std::string(tag) + ">";
  const std::size_t from = line.find(open), to = line.rfind(close);
  if (from == std::string_view::npos || to == std::string_view::npos || to < from) return std::nullopt;
  return std::string(trim(line.substr(from + open.size(), to - from - open.size())));
}

void read_cunit(const Input& input, TestReport& report) {
  report.tool = "cunit";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, skip, flaky, crash, timeout, error, xfail, xpass});
  std::string suite, test;
  bool has_failed = false, is_whole = false;
  each_line(input.bytes, [&](std::string_view line) {
    if (const auto name = cunit_value(line, "SUITE_NAME")) suite = *name;
    if (const auto reason = cunit_value(line, "FAILURE_REASON")) builder.add("", suite, error, {}, *reason);
    if (has(line, "<CUNIT_RUN_TEST_SUCCESS>")) has_failed = false;
    if (has(line, "<CUNIT_RUN_TEST_FAILURE>")) has_failed = true;
    if (const auto name = cunit_value(line, "TEST_NAME")) {
      // Each check that did not hold is a record of its own.
      const bool is_same = has_failed && !report.results.empty() && report.results.back().suite == suite &&
                           report.results.back().name == *name && report.results.back().outcome == fail;
      if (!is_same) builder.add(suite, *name, has_failed ? fail : pass);
    }
    if (const auto condition = cunit_value(line, "CONDITION");
        condition && !report.results.empty() && report.results.back().message.empty())
      report.results.back().message = condition->substr(0, kLongestMessage);
    is_whole = is_whole || has(line, "</CUNIT_TEST_RUN_REPORT>");
  });
  if (!is_whole) builder.incomplete("the file ends before its last element does: did the program die?");
  number_repeated_names(report);
}

// ---- Sonar's generic test data: <testExecutions>, and <unitTest> as it was called before

bool matches_sonar(std::string_view head) {
  return head.starts_with('<') && (has(head, "<testExecutions") || has(head, "<unitTest version"));
}

void read_sonar(const Input& input, TestReport& report) {
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, xfail, xpass, missing, crash});
  pugi::xml_document document;
  const bool is_old = has(input.bytes.substr(0, kSniffed), "<unitTest version");
  const auto root = load_document(document, input, is_old ? "unitTest" : "testExecutions", report);
  bool has_skips = false, has_errors = false;
  for (const auto& file : root.children("file")) {
    const std::string path(attribute(file, "path"));
    bool has_tests = false;
    for (const auto& test : file.children("testCase")) {
      has_tests = true;
      Outcome outcome = pass;
      pugi::xml_node trouble;
      for (const auto& each : test.children()) {
        const std::string_view kind = each.name();
        if (kind == "skipped") outcome = skip;
        if (kind == "failure") outcome = fail;
        if (kind == "error") outcome = error;
        trouble = each;
      }
      has_skips = has_skips || outcome == skip;
      has_errors = has_errors || outcome == error;
      const std::string_view message = attribute(trouble, "message");
      if (outcome == fail && has(message, "Failing test passed even though")) outcome = xpass;
      if (is_failure(outcome) && (has(message, "xceeded timeout of ") || has(message, "imed out") ||
                                  has(message, "Timeout of ") || has(message, "imeout exceeded")))
        outcome = timeout;
      const auto milliseconds = leading_number(attribute(test, "duration"));
      builder.add(path, std::string(attribute(test, "name")), outcome,
                  milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt,
                  message.empty() ? trouble.child_value() : message);
    }
    if (!has_tests) builder.incomplete(path + " has no test: could it not be loaded?");
  }
  // Reporters leave out what they have no use for.
  if (!has_skips) builder.cannot_tell({skip});
  if (!has_errors) builder.cannot_tell({error});
  number_repeated_names(report);
}

// ---- Ruby's test-unit, --runner=xml: a stream of events; a result is told, or <test-result> as it went well

bool matches_test_unit_xml(std::string_view head) {
  return head.starts_with("<stream>") && has(head, "<ready-test-suite>");
}

Outcome test_unit_outcome(std::string_view status) {
  if (status == "success" || status == "notification") return pass;
  if (status == "failure") return fail;
  return status == "pending" || status == "omission" ? skip : error;
}

void read_test_unit_xml(const Input& input, TestReport& report) {
  report.tool = "test-unit";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, missing, crash, timeout, xfail, xpass});
  pugi::xml_document document;
  const auto stream = load_document(document, input, "stream", report);
  bool has_end = false;
  for (const auto& event : stream.children()) {
    if (std::string_view(event.name()) == "complete-test-suite") has_end = true;
    if (std::string_view(event.name()) != "test-result") continue;
    const auto result = event.child("result");
    const auto test = result.child("test");
    const std::string_view status = result.child_value("status");
    if (status == "notification") continue;
    const auto seconds = leading_number(event.child("test").child_value("elapsed"));
    builder.add(result.child("test-case").child_value("name"), test.child_value("name"), test_unit_outcome(status),
                seconds, result.child_value("detail"));
  }
  if (!has_end) builder.incomplete("the stream has no end: the run was killed");
  number_repeated_names(report);
}

// ---- PHPUnit --testdox-xml: a number for how it ended

bool matches_testdox_xml(std::string_view head) {
  return head.starts_with('<') && has(head, "<tests>") && has(head, "prettifiedMethodName=");
}

void read_testdox_xml(const Input& input, TestReport& report) {
  report.tool = "phpunit";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, missing, crash, timeout, xfail, xpass});
  pugi::xml_document document;
  for (const auto& test : load_document(document, input, "tests", report).children("test")) {
    const int status = test.attribute("status").as_int(-1);
    // 0 passed, 1 skipped, 2 incomplete, 3 failed, 4 threw, 5 risky, 6 a warning; -1 never begun: its class broke.
    const Outcome outcome = status == 0 || status == 5 || status == 6 ? pass
                            : status == 1 || status == 2              ? skip
                            : status == 3                             ? fail
                                                                      : error;
    builder.add(std::string(attribute(test, "className")), std::string(attribute(test, "methodName")), outcome,
                leading_number(attribute(test, "time")), attribute(test, "exceptionMessage"));
  }
  number_repeated_names(report);
}

}  // namespace

extern const Format testdox_xml_format;
const Format testdox_xml_format{"testdox-xml", matches_testdox_xml, read_testdox_xml};
extern const Format test_unit_xml_format;
const Format test_unit_xml_format{"test-unit-xml", matches_test_unit_xml, read_test_unit_xml};
extern const Format unittestpp_format, fpcunit_format, cunit_format, sonar_format;
const Format unittestpp_format{"unittest++", matches_unittestpp, read_unittestpp};
const Format fpcunit_format{"fpcunit", matches_fpcunit, read_fpcunit};
const Format cunit_format{"cunit", matches_cunit, read_cunit};
const Format sonar_format{"sonar", matches_sonar, read_sonar};

}  // namespace resident::ci

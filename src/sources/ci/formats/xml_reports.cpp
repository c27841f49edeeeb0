// XML reports with a form of their own: CTest's Test.xml, libcheck, Qt Test, CppUnit, Catch2's own, doctest's own.
#include <algorithm>
#include <sources/ci/formats/text_lines.hpp>
#include <sources/ci/formats/xml_document.hpp>

namespace resident::ci {

namespace {

using enum Outcome;

// ---- CTest: Testing/*/Test.xml

bool matches_ctest(std::string_view head) {
  return head.starts_with('<') && has(head, "<Site") && has(head, "Generator=\"ctest");
}

void read_ctest(const Input& input, TestReport& report) {
  report.tool = "ctest";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, missing});
  pugi::xml_document document;
  const auto testing = load_document(document, input, "Site", report).child("Testing");
  for (const auto& test : testing.children("Test")) {
    std::string_view exit_code, exit_value, status, time, reason, pass_reason;
    for (const auto& measurement : test.child("Results").children("NamedMeasurement")) {
      const std::string_view name = attribute(measurement, "name"), value = measurement.child_value("Value");
      if (name == "Exit Code") exit_code = value;
      if (name == "Exit Value") exit_value = value;
      if (name == "Completion Status") status = value;
      if (name == "Execution Time") time = value;
      if (name == "Fail Reason") reason = value;
      if (name == "Pass Reason") pass_reason = value;
    }
    const std::string_view said = attribute(test, "Status");
    const std::string_view output = test.child("Results").child("Measurement").child_value("Value");
    Outcome outcome = fail;
    if (said == "passed") {
      // WILL_FAIL turns both around; where an expression decides (PASS_REGULAR_EXPRESSION), the exit value says
      // nothing.
      outcome = !exit_value.empty() && exit_value != "0" && pass_reason.empty() ? xfail : pass;
    } else if (said == "notrun") {
      outcome = status == "Disabled" || status.starts_with("SKIP_") ? skip : error;
    } else if (exit_code == "Timeout") {
      outcome = timeout;
    } else if (exit_code == "SEGFAULT" || exit_code == "ILLEGAL" || exit_code == "INTERRUPT" ||
               exit_code == "NUMERICAL" || exit_code == "OTHER_FAULT" || exit_code == "Subprocess aborted" ||
               exit_code == "Bus error" || exit_code == "Subprocess killed" || exit_code.starts_with("SIG")) {
      outcome = crash;
    } else if (exit_code == "NOT_RUN" || status == "Fixture dependency failed" ||
               status == "Unable to find executable") {
      outcome = error;
    } else if (exit_value == "0") {
      // Failed with exit value 0: WILL_FAIL and it did not, unless a regular expression was not met (which says so).
      outcome = has(reason, "egular expression") ? fail : xpass;
    }
    builder.add("", test.child_value("Name"), outcome, leading_number(time),
                outcome == pass ? std::string_view() : output);
  }
  // The list of what is to run stands before any result.
  const auto listed = testing.child("TestList").children("Test"), shown = testing.children("Test");
  builder.compare_totals("the run", static_cast<double>(std::distance(listed.begin(), listed.end())),
                         static_cast<std::size_t>(std::distance(shown.begin(), shown.end())));
  if (!testing.child("EndTestTime")) builder.incomplete("the run did not say that it had ended");
  number_repeated_names(report);
}

// ---- libcheck

bool matches_check(std::string_view head) {
  return head.starts_with('<') && has(head, "http://check.sourceforge.net");
}

void read_check(const Input& input, TestReport& report) {
  report.tool = "check";
  ReportBuilder builder(report);
  builder.cannot_tell({skip, missing});
  pugi::xml_document document;
  for (const auto& suite : load_document(document, input, "testsuites", report).children("suite"))
    for (const auto& test : suite.children("test")) {
      const std::string_view result = attribute(test, "result"), message = test.child_value("message");
      Outcome outcome = result == "success" ? pass : result == "failure" ? fail : error;
      if (has(message, "Received signal ")) outcome = crash;
      if (has(message, "Test timeout expired")) outcome = timeout;
      if (outcome == fail && has(message, "fixture")) outcome = error;
      const std::string name = std::string(test.child_value("id")) + ":" + test.child_value("iteration");
      builder.add(test.child_value("description"), name, outcome, leading_number(test.child_value("duration")),
                  outcome == pass ? std::string_view() : message);
    }
  number_repeated_names(report);
}

// ---- Qt Test: -o FILE,xml

bool matches_qttest(std::string_view head) {
  return head.starts_with('<') && has(head, "<QtVersion>") &&
         (has(head, "<TestCase name=") || head.starts_with("<Environment>"));
}

void read_qttest(const Input& input, TestReport& report) {
  report.tool = "qttest";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, crash, timeout});
  pugi::xml_document document;
  // -lightxml is the same without the element around it.
  std::string whole;
  const std::string_view text = input.bytes.substr(std::min(input.bytes.find('<'), input.bytes.size()));
  if (text.starts_with("<Environment>")) whole = "<TestCase>" + std::string(text) + "</TestCase>";
  const Input wrapped{whole.empty() ? input.bytes : std::string_view(whole), input.file_name};
  const auto root = load_document(document, wrapped, "TestCase", report);
  for (const auto& function : root.children("TestFunction")) {
    const std::string name(attribute(function, "name"));
    std::vector<std::pair<std::string, Outcome>> rows;  // by data tag, in order
    std::vector<std::string> messages;
    const auto set = [&](const std::string& tag, Outcome outcome, bool is_last_word, std::string message) {
      // An expected failure is followed by a pass of the same row.
      if (!rows.empty() && rows.back().first == tag && (rows.back().second == xfail && outcome == pass)) return;
      if (!rows.empty() && rows.back().first == tag && !is_last_word && rows.back().second != pass) return;
      rows.emplace_back(tag, outcome);
      messages.push_back(std::move(message));
    };
    for (const auto& part : function.children()) {
      const std::string_view kind = part.name(), type = attribute(part, "type");
      const std::string tag = part.child_value("DataTag");
      if (kind == "Incident") {
        const Outcome outcome = type == "pass" || type == "bpass"     ? pass
                                : type == "xfail" || type == "bxfail" ? xfail
                                : type == "xpass" || type == "bxpass" ? xpass
                                : type == "skip"                      ? skip
                                                                      : fail;
        set(tag, outcome, true, part.child_value("Description"));
      } else if (kind == "Message" && type == "skip") {
        set(tag, skip, true, part.child_value("Description"));
      }
    }
    const double duration = function.child("Duration").attribute("msecs").as_double(-1);
    const std::optional<double> seconds = duration >= 0 ? std::optional(duration / 1000) : std::nullopt;
    for (std::size_t at = 0; at < rows.size(); ++at)
      builder.add(std::string(attribute(root, "name")),
                  rows[at].first.empty() ? name : name + "(" + rows[at].first + ")", rows[at].second,
                  rows.size() == 1 ? seconds : std::nullopt, messages[at]);
  }
  number_repeated_names(report);
}

// ---- CppUnit

bool matches_cppunit(std::string_view head) {
  return head.starts_with('<') && has(head, "<TestRun>") &&
         (has(head, "<FailedTests") || has(head, "<SuccessfulTests"));
}

void read_cppunit(const Input& input, TestReport& report) {
  report.tool = "cppunit";
  ReportBuilder builder(report);
  builder.cannot_tell({skip, crash, timeout, missing, xfail});
  pugi::xml_document document;
  const auto root = load_document(document, input, "TestRun", report);
  const auto split = [](std::string_view name) {
    const std::size_t at = name.rfind("::");
    return at == std::string_view::npos ? std::pair(std::string(), std::string(name))
                                        : std::pair(std::string(name.substr(0, at)), std::string(name.substr(at + 2)));
  };
  for (const auto& test : root.child("FailedTests").children("FailedTest")) {
    const auto [suite, name] = split(test.child_value("Name"));
    builder.add(suite, name, std::string_view(test.child_value("FailureType")) == "Error" ? error : fail, {},
                test.child_value("Message"));
  }
  for (const auto& test : root.child("SuccessfulTests").children("Test")) {
    const auto [suite, name] = split(test.child_value("Name"));
    builder.add(suite, name, pass);
  }
  builder.compare_totals("the run", leading_number(root.child("Statistics").child_value("Tests")).value_or(0),
                         report.results.size());
  number_repeated_names(report);
}

// ---- Catch2's own XML

bool matches_catch(std::string_view head) {
  return head.starts_with('<') && (has(head, "<Catch ") || has(head, "<Catch2TestRun"));
}

// What went wrong first, whole sections deep: the expression, the exception, the signal.
pugi::xml_node catch_trouble(pugi::xml_node node, int depth) {
  constexpr int kDeepest = 32;
  for (const auto& part : node.children()) {
    const std::string_view kind = part.name();
    if (kind == "Exception" || kind == "FatalErrorCondition" || kind == "Failure") return part;
    if (kind != "Expression" && (kind != "Section" || depth >= kDeepest)) continue;
    if (const auto inner = catch_trouble(part, depth + 1)) return inner;
    if (kind == "Expression" && std::string_view(attribute(part, "success")) == "false") return part;
  }
  return {};
}

void catch_cases(pugi::xml_node parent, ReportBuilder& builder) {
  for (const auto& test : parent.children("TestCase")) {
    const auto overall = test.child("OverallResult");
    const std::string_view tags = attribute(test, "tags");
    const bool should_fail = has(tags, "[!shouldfail]"), may_fail = should_fail || has(tags, "[!mayfail]");
    const bool succeeded = overall.attribute("success").as_bool();
    const auto trouble = catch_trouble(test, 0);
    const std::string_view kind = trouble.name();
    std::string message(trim(kind == "Expression" ? trouble.child_value("Expanded") : trouble.child_value()));
    Outcome outcome = succeeded ? pass : kind == "Exception" ? error : fail;
    // Whatever failed in a test that counts as passed was expected to.
    if (succeeded && trouble) outcome = xfail;
    if (!succeeded && should_fail && !trouble) outcome = xpass, message = "it should have failed, and passed";
    if (!succeeded && !may_fail && !trouble && message.empty()) message = "it has no assertion, or an unknown failure";
    for (const auto& benchmark : test.children("BenchmarkResults"))
      if (const auto broken = benchmark.child("failed")) outcome = error, message = attribute(broken, "message");
    if (kind == "FatalErrorCondition") outcome = crash;
    if (overall.attribute("skips").as_int() > 0 && outcome == pass) outcome = skip;
    if (!overall) outcome = crash;  // the run ended inside it
    const auto seconds = overall.attribute("durationInSeconds");
    builder.add("", std::string(attribute(test, "name")), outcome,
                seconds ? std::optional(seconds.as_double()) : std::nullopt,
                outcome == pass ? std::string_view() : message);
  }
}

void read_catch(const Input& input, TestReport& report) {
  report.tool = "catch2";
  ReportBuilder builder(report);
  builder.cannot_tell({missing});
  pugi::xml_document document;
  load_document(document, input, has(input.bytes.substr(0, kSniffed), "<Catch2TestRun") ? "Catch2TestRun" : "Catch",
                report);
  for (const auto& root : document.children()) {
    catch_cases(root, builder);
    for (const auto& group : root.children("Group")) catch_cases(group, builder);
    double told = 0;
    for (const char* kind : {"successes", "failures", "expectedFailures", "skips"})
      told += root.child("OverallResultsCases").attribute(kind).as_double();
    builder.compare_totals("the run", told, report.results.size());
  }
  number_repeated_names(report);
}

// ---- doctest --reporters=xml

bool matches_doctest(std::string_view head) {
  return head.starts_with('<') && has(head, "<doctest binary=");
}

// What a test case says of itself: how long it may take, and whether it is to fail; what of it held; whether all in
// all it is a success.
void doctest_case(pugi::xml_node test, const std::string& suite, ReportBuilder& builder) {
  const auto overall = test.child("OverallResultsAsserts");
  const auto trouble = catch_trouble(test, 0);
  const auto is_set = [&](const char* name) { return test.attribute(name).as_bool(); };
  const std::string_view limit = attribute(test, "timeout");
  const int failures = overall.attribute("failures").as_int();
  // Before 2.4.7 there is no word for all.
  const auto word = overall.attribute("test_case_success");
  const bool succeeded = word ? word.as_bool() : failures == 0 && !test.child("Exception");
  const bool has_failed = failures > 0 || test.child("Exception");
  const bool is_marked = is_set("should_fail") || test.attribute("expected_failures");
  std::string message(trim(trouble.child_value(trouble.child("Expanded") ? "Expanded" : "")));
  if (message.empty()) message = trim(trouble.child_value());
  Outcome outcome = succeeded ? (has_failed ? xfail : pass) : test.child("Exception") ? error : fail;
  if (!succeeded && !has_failed) {
    outcome = is_marked ? xpass : limit.empty() ? fail : timeout;
    message = is_marked ? "it should have failed, and did not" : "it took longer than its limit, " + std::string(limit);
  }
  for (const auto& exception : test.children("Exception"))
    if (exception.attribute("crash").as_bool()) outcome = crash;
  if (is_set("skipped")) outcome = skip;
  if (!overall && outcome != skip) outcome = crash;  // the run ended inside it
  builder.add(suite, std::string(attribute(test, "name")), outcome, leading_number(attribute(overall, "duration")),
              outcome == pass ? std::string_view() : message);
}

void read_doctest(const Input& input, TestReport& report) {
  report.tool = "doctest";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky});
  pugi::xml_document document;
  const auto root = load_document(document, input, "doctest", report);
  for (const auto& suite : root.children("TestSuite"))
    for (const auto& test : suite.children("TestCase"))
      doctest_case(test, std::string(attribute(suite, "name")), builder);
  const auto totals = root.child("OverallResultsTestCases");
  builder.compare_totals("the run",
                         totals.attribute("successes").as_double() + totals.attribute("failures").as_double(),
                         report.results.size());
  if (!totals) builder.incomplete("there are no totals: the program died or was killed");
  number_repeated_names(report);
}

}  // namespace

extern const Format ctest_format, check_format, qttest_format, cppunit_format, catch_format, doctest_format;
const Format doctest_format{"doctest-xml", matches_doctest, read_doctest};
const Format ctest_format{"ctest", matches_ctest, read_ctest};
const Format check_format{"check-xml", matches_check, read_check};
const Format qttest_format{"qttest-xml", matches_qttest, read_qttest};
const Format cppunit_format{"cppunit", matches_cppunit, read_cppunit};
const Format catch_format{"catch2-xml", matches_catch, read_catch};

}  // namespace resident::ci

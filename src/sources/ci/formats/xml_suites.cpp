// XML reports of .NET's, Java's and Python's runners: TRX (VSTest, MSTest), NUnit 2 and 3, xUnit.net v2, TestNG, Robot
// Framework's output.xml, Boost.Test's own log.
#include <algorithm>
#include <map>
#include <sources/ci/formats/text_lines.hpp>
#include <sources/ci/formats/xml_document.hpp>

namespace resident::ci {

namespace {

using enum Outcome;

constexpr int kDeepest = 64;  // of nested suites
constexpr std::size_t kLongestSaid = 300;

bool begins_with_tag(std::string_view head, std::string_view tag) {
  return head.starts_with('<') && has(head, tag);
}

// "00:00:01.0470000" in seconds.
std::optional<double> clock_seconds(std::string_view text) {
  double seconds = 0;
  for (int part = 0; part < 3; ++part) {
    const auto value = leading_number(text);
    if (!value) return std::nullopt;
    seconds = seconds * 60 + *value;
    const std::size_t colon = text.find(':');
    if (part < 2 && colon == std::string_view::npos) return std::nullopt;
    text = part < 2 ? text.substr(colon + 1) : std::string_view();
  }
  return seconds;
}

// .NET has one word for what threw and what did not hold: the message begins with the exception's name where it is none
// of a check.
bool is_thrown(std::string_view message) {
  const std::string_view first = trim(message).substr(0, trim(message).find_first_of(" :\n"));
  if (has(first, "Assert") || has(first, "Xunit.Sdk") || has(first, "Expectation")) return false;
  return first.ends_with("Exception") || has(message.substr(0, 200), "threw exception") ||
         has(message.substr(0, 200), "Exception : ");
}

Outcome failure_of(std::string_view message) {
  if (has(message, "exceeded execution timeout") || has(message, "exceeded Timeout value") ||
      has(message, "Test execution timed out") || has(message, "exceeded the timeout") || says_timeout(message))
    return timeout;
  if (has(message, "Failing test passed even though")) return xpass;  // jest's, in a form of .NET's
  if (has(message, "test host process crashed") || has(message, "Test host process crashed")) return crash;
  return is_thrown(message) || names_exception(message) ? error : fail;
}

// The last part of "Namespace.Class.Test(1, "a.b")" and what stands before it.
std::pair<std::string, std::string> split_name(std::string_view full) {
  const std::size_t dot = full.substr(0, full.find_first_of("(<\"")).rfind('.');
  if (dot == std::string_view::npos) return {"", std::string(full)};
  return {std::string(full.substr(0, dot)), std::string(full.substr(dot + 1))};
}

// ---- TRX

bool matches_trx(std::string_view head) {
  return begins_with_tag(head, "<TestRun") && has(head, "microsoft.com/schemas/VisualStudio/TeamTest");
}

Outcome trx_outcome(std::string_view word, std::string_view message) {
  if (word.empty() || word == "Passed" || word == "PassedButRunAborted" || word == "Completed") return pass;
  if (word == "NotExecuted" || word == "Inconclusive" || word == "NotRunnable" || word == "Pending") return skip;
  if (word == "Timeout") return timeout;
  if (word == "Aborted" || word == "Disconnected") return crash;
  if (word == "Failed") return failure_of(message);
  return word == "Warning" ? pass : error;
}

void read_trx(const Input& input, TestReport& report) {
  report.tool = "vstest";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, xfail, xpass, missing});
  pugi::xml_document document;
  const auto run = load_document(document, input, "TestRun", report);
  std::map<std::string_view, std::string_view> class_of;  // by test id
  bool has_adapter = false;                               // VSTest's own
  for (const auto& test : run.child("TestDefinitions").children("UnitTest")) {
    const auto method = test.child("TestMethod");
    const std::string_view of = attribute(method, "className");
    has_adapter = has_adapter || method.attribute("adapterTypeName");
    class_of[attribute(test, "id")] = of == "none" ? std::string_view() : of;
  }
  if (!class_of.empty() && !has_adapter) {
    report.tool.clear();  // another runner's reporter
    builder.cannot_tell({error, crash, timeout});
  }
  std::size_t shown = 0;
  const auto each = [&](auto&& self, pugi::xml_node list, int depth) -> void {
    for (const auto& result : list.children()) {
      if (!std::string_view(result.name()).ends_with("Result")) continue;
      // VSTest's total counts a data-driven test and each of its rows; mstest.exe's the test alone.
      ++shown;
      if (const auto inner = result.child("InnerResults"); inner && depth < kDeepest) {
        self(self, inner, depth + 1);
        continue;
      }
      const auto info = result.child("Output").child("ErrorInfo");
      std::string_view message = info.child_value("Message");
      Outcome outcome = trx_outcome(attribute(result, "outcome"), message);
      // Reporters of JavaScript's runners name there what was thrown.
      if (outcome == fail && names_exception(info.child_value("StackTrace"))) outcome = error;
      if (message.empty()) message = result.child("Output").child_value("StdOut");
      std::string_view of = class_of[attribute(result, "testId")];
      of = of.substr(0, of.find(','));  // "Class, Assembly, Version=…" in older ones
      std::string_view name = attribute(result, "testName");
      // Most adapters give the full name here, some the method's alone.
      if (!of.empty() && name.starts_with(of) && name.size() > of.size() && name[of.size()] == '.')
        name.remove_prefix(of.size() + 1);
      builder.add(std::string(of), std::string(name), outcome, clock_seconds(attribute(result, "duration")),
                  outcome == pass ? std::string_view() : message);
    }
  };
  each(each, run.child("Results"), 0);
  const auto summary = run.child("ResultSummary");
  builder.compare_totals("the run", summary.child("Counters").attribute("total").as_double(), shown);
  const std::string_view ended = attribute(summary, "outcome");
  if (!summary || ended == "Aborted" || ended == "Error" || ended == "InProgress")
    builder.incomplete(summary ? "the run ended as " + std::string(ended) : "there is no summary: the run was cut off");
  const bool is_red = std::any_of(report.results.begin(), report.results.end(),
                                  [](const TestResult& one) { return is_failure(one.outcome); });
  if (ended == "Failed" && !is_red) {
    // Adapters write each failure there, too; alone it is what broke the run.
    std::string_view said;
    for (const auto& info : summary.child("RunInfos").children("RunInfo"))
      if (said.empty() && attribute(info, "outcome") == "Error") said = trim(info.child_value("Text"));
    builder.incomplete("the run failed, and no test shown did" +
                       (said.empty() ? std::string() : ": " + one_line(clean_text(said.substr(0, kLongestSaid)))));
  }
  number_repeated_names(report);
}

// ---- NUnit 3 (test-run) and 2 (test-results)

bool matches_nunit(std::string_view head) {
  return begins_with_tag(head, "<test-run") || begins_with_tag(head, "<test-results");
}

Outcome nunit_outcome(pugi::xml_node test, std::string_view message) {
  const std::string_view result = attribute(test, "result"), label = attribute(test, "label");
  // jasmine-reporters has no word for it, but whether it was begun and how it went.
  if (result.empty() && attribute(test, "executed") == "false") return skip;
  if (result.empty() && attribute(test, "success") == "true") return pass;
  if (has(message, "Not run because a beforeAll function failed")) return missing;
  if (result == "Passed" || result == "Success" || result == "Warning") return pass;
  if (result == "Skipped" || result == "Ignored" || result == "Inconclusive" || result == "NotRunnable")
    return label == "Invalid" ? error : skip;
  if (label == "Cancelled" || result == "Cancelled") return missing;
  const Outcome by_message = has(message, "did not complete within ") ? timeout : failure_of(message);
  if (by_message != fail && by_message != error) return by_message;
  // Of an expected exception that did not come the message holds its name; of a broken set-up the test is told.
  if (has(message, " was expected")) return fail;
  if (has(message, "SetUp failed in ") || by_message != fail) return error;
  return label == "Error" || label == "Invalid" || result == "Error" ? error : fail;
}

void nunit_cases(pugi::xml_node node, ReportBuilder& builder, int depth) {
  if (depth > kDeepest) return;
  for (const auto& child : node.children()) {
    const std::string_view kind = child.name();
    if (kind != "test-case") {
      // A suite's own failure beside its tests': its set-up or tear-down.
      const std::string_view site = attribute(child, "site");
      if (kind == "test-suite" && (site == "SetUp" || site == "TearDown") && attribute(child, "result") == "Failed")
        builder.add("", std::string(attribute(child, "fullname")), error, {},
                    child.child("failure").child_value("message"));
      // An assembly that could not be loaded, a fixture that could not be made: it has no test that says so.
      const auto is_case = [](pugi::xml_node one) { return std::string_view(one.name()) == "test-case"; };
      const auto is_suite = [](pugi::xml_node one) { return std::string_view(one.name()) == "test-suite"; };
      if (kind == "test-suite" && attribute(child, "label") == "Invalid" && !child.find_node(is_case) &&
          !child.find_child(is_suite))
        builder.add("", std::string(attribute(child, "fullname")), error, {},
                    child.child("reason").child_value("message"));
      nunit_cases(child, builder, depth + 1);
      continue;
    }
    std::string_view message = child.child("failure").child_value("message");
    if (message.empty()) message = child.child("reason").child_value("message");
    const Outcome outcome = nunit_outcome(child, message);
    if (outcome == missing) continue;
    std::string suite(attribute(child, "classname")), name(attribute(child, "name"));
    if (suite.empty() && !child.attribute("result")) {
      for (auto above = child.parent(); above; above = above.parent())
        if (std::string_view(above.name()) == "test-suite")
          suite = std::string(attribute(above, "name")) + (suite.empty() ? "" : " > ") + suite;
      suite.resize(std::min(suite.size(), kLongestName));
    } else if (suite.empty()) {
      std::tie(suite, name) = split_name(name);
    }
    const std::string_view seconds =
        child.attribute("duration") ? attribute(child, "duration") : attribute(child, "time");
    builder.add(suite, name, outcome, leading_number(seconds), outcome == pass ? std::string_view() : message);
  }
}

void read_nunit(const Input& input, TestReport& report) {
  report.tool = "nunit";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, xfail, xpass, missing, crash});
  pugi::xml_document document;
  const bool is_third = has(input.bytes.substr(0, kSniffed), "<test-run");
  const auto run = load_document(document, input, is_third ? "test-run" : "test-results", report);
  nunit_cases(run, builder, 0);
  // jest-nunit-reporter: what is to be done is a failure without a word, what is skipped is counted alone.
  if (attribute(run.child("environment"), "nunit-version") == "na") {
    report.tool = "jest";
    builder.cannot_tell({skip, error});
  }
  // jasmine-reporters: what broke around specs is absent.
  if (attribute(run, "name") == "Jasmine Results") {
    report.tool = "jasmine";
    builder.cannot_tell({error});
  } else {
    builder.compare_totals("the run", run.attribute(is_third ? "testcasecount" : "total").as_double(),
                           report.results.size());
  }
  number_repeated_names(report);
}

// ---- xUnit.net v2

bool matches_xunit(std::string_view head) {
  return begins_with_tag(head, "<assemblies") || begins_with_tag(head, "<assembly ");
}

void read_xunit(const Input& input, TestReport& report) {
  report.tool = "xunit";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, xfail, xpass, missing, crash});
  pugi::xml_document document;
  const bool is_list = has(input.bytes.substr(0, kSniffed), "<assemblies");
  auto root = load_document(document, input, is_list ? "assemblies" : "assembly", report);
  const auto assembly = [&](pugi::xml_node node) {
    std::size_t shown = 0, errors = 0;
    // mocha-xunit-reporter leaves out what is pending.
    if (!node.attribute("test-framework") && !node.attribute("environment")) builder.cannot_tell({skip});
    if (attribute(node, "name") == "Mocha Tests") report.tool = "mocha";
    for (const auto& problem : node.child("errors").children("error")) {
      ++errors;
      std::string_view name = attribute(problem, "name");
      if (name.empty()) name = attribute(problem, "type");
      builder.add("", std::string(name), error, {}, problem.child("failure").child_value("message"));
    }
    for (const auto& collection : node.children("collection"))
      for (const auto& test : collection.children("test")) {
        ++shown;
        const std::string_view result = attribute(test, "result");
        const auto failure = test.child("failure");
        const std::string_view message = failure.child_value("message"), type = attribute(failure, "exception-type");
        Outcome outcome = result == "Pass" ? pass : result == "Skip" || result == "NotRun" ? skip : failure_of(message);
        if (outcome == fail && !type.empty() && !has(type, "Xunit.Sdk") && !has(type, "Assert")) outcome = error;
        std::string suite(attribute(test, "type")), name(attribute(test, "name"));
        // Other runners' reporters in this form have no class: the collection is the suite.
        const bool has_class = !suite.empty();
        if (!has_class) suite = attribute(collection, "name");
        if (name.starts_with(suite + (has_class ? "." : " "))) name = name.substr(suite.size() + 1);
        builder.add(suite, name, outcome, leading_number(attribute(test, "time")),
                    outcome == skip ? std::string_view(test.child_value("reason")) : message);
      }
    builder.compare_totals("an assembly", node.attribute("total").as_double(), shown);
    if (const auto told = node.attribute("errors").as_ullong(); told > errors)
      builder.incomplete("an assembly counts " + plural(static_cast<std::int64_t>(told), "error") +
                         " outside of tests, and shows " + std::to_string(errors));
  };
  if (!is_list) assembly(root);
  for (const auto& each : root.children("assembly")) assembly(each);
  number_repeated_names(report);
}

// ---- TestNG: testng-results.xml

bool matches_testng(std::string_view head) {
  return begins_with_tag(head, "<testng-results");
}

// Whether one more of that name and those parameters follows in the class.
bool stands_again(pugi::xml_node method) {
  const auto parameters = [](pugi::xml_node of) {
    std::string all;
    for (const auto& each : of.child("params").children("param")) all.append(each.child_value("value")) += '\n';
    return all;
  };
  for (auto next = method.next_sibling(method.name()); next; next = next.next_sibling(method.name()))
    if (attribute(next, "name") == attribute(method, "name") && parameters(next) == parameters(method)) return true;
  return false;
}

void read_testng(const Input& input, TestReport& report) {
  report.tool = "testng";
  ReportBuilder builder(report);
  builder.cannot_tell({xfail, xpass, missing, crash});
  pugi::xml_document document;
  const auto root = load_document(document, input, "testng-results", report);
  std::size_t shown = 0;
  for (const auto& suite : root.children("suite"))
    for (const auto& test : suite.children("test"))
      for (const auto& of : test.children("class"))
        for (const auto& method : of.children("test-method")) {
          const bool is_configuration = method.attribute("is-config").as_bool();
          const std::string_view status = attribute(method, "status");
          shown += is_configuration ? 0 : 1;
          if (is_configuration && status != "FAIL") continue;
          const auto exception = method.child("exception");
          const std::string_view message = exception.child_value("message"), type = attribute(exception, "class");
          const bool timed_out = has(type, "ThreadTimeoutException");
          Outcome outcome = status == "PASS" ? pass : status == "SKIP" ? skip : fail;
          if (outcome == fail && (is_configuration || (!has(type, "Assert") && !has(type, "Comparison"))))
            outcome = error;
          if (outcome == error && timed_out) outcome = timeout;
          if (outcome == error && has(message, "should have thrown an exception of type")) outcome = fail;
          std::string name(attribute(method, "name"));
          std::string parameters;
          for (const auto& parameter : method.child("params").children("param"))
            parameters.append(parameters.empty() ? "" : ", ").append(trim(parameter.child_value("value")));
          if (!parameters.empty()) name += "[" + parameters + "]";
          const auto milliseconds = leading_number(attribute(method, "duration-ms"));
          const auto seconds = milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt;
          // A retry analyser's earlier tries stand as skipped ones that hold an exception, before the last one; so do a
          // test that skips itself, and what depends on one that failed, alone.
          const bool may_be_try = outcome == skip && exception && !is_configuration && !has(type, "SkipException") &&
                                  !has(message, " depends on ");
          if (method.attribute("retried").as_bool() || (may_be_try && stands_again(method))) {
            builder.attempt(std::string(attribute(of, "name")), name, fail, seconds, message);
          } else if (!report.results.empty() && report.results.back().name == name &&
                     report.results.back().suite == attribute(of, "name") &&
                     is_failure(report.results.back().outcome)) {
            builder.attempt(std::string(attribute(of, "name")), name, outcome, seconds, message);
          } else {
            builder.add(std::string(attribute(of, "name")), name, outcome, seconds, message);
          }
        }
  // Its "total" counts what was ignored, too, which is not shown.
  double told = 0;
  for (const char* kind : {"passed", "failed", "skipped"}) told += root.attribute(kind).as_double();
  builder.compare_totals("the run", told, shown);
  number_repeated_names(report);
}

// ---- Robot Framework

bool matches_robot(std::string_view head) {
  return begins_with_tag(head, "<robot ");
}

void robot_suite(pugi::xml_node node, const std::string& outer, ReportBuilder& builder, int depth) {
  if (depth > kDeepest) return;
  const std::string path = (outer.empty() ? "" : outer + ".") + std::string(attribute(node, "name"));
  for (const auto& child : node.children()) {
    const std::string_view kind = child.name();
    if (kind == "suite") robot_suite(child, path, builder, depth + 1);
    if (kind != "test") continue;
    const auto status = child.child("status");
    const std::string_view said = attribute(status, "status");
    std::string_view message = status.child_value();
    Outcome outcome = said == "PASS" ? pass : said == "SKIP" || said == "NOT RUN" ? skip : fail;
    if (outcome == fail) {
      if (has(message, "timeout ") && has(message, " exceeded.")) {
        outcome = timeout;
      } else if (has(message, "No keyword with name") || has(message.substr(0, 200), "etup failed:") ||
                 message.starts_with("Variable '") || message.starts_with("Parent suite setup failed")) {
        outcome = error;
      }
    }
    builder.add(path, std::string(attribute(child, "name")), outcome, leading_number(attribute(status, "elapsed")),
                outcome == pass ? std::string_view() : message);
  }
}

void read_robot(const Input& input, TestReport& report) {
  report.tool = "robot";
  ReportBuilder builder(report);
  builder.cannot_tell({error, flaky, xfail, xpass, missing, crash});
  pugi::xml_document document;
  const auto robot = load_document(document, input, "robot", report);
  for (const auto& suite : robot.children("suite")) robot_suite(suite, "", builder, 0);
  double told = 0;
  for (const auto& stat : robot.child("statistics").child("total").children("stat"))
    if (std::string_view(stat.child_value()) == "All Tests")
      for (const char* kind : {"pass", "fail", "skip"}) told += stat.attribute(kind).as_double();
  builder.compare_totals("the run", told, report.results.size());
  if (!robot.child("statistics")) builder.incomplete("there are no statistics: the run was killed");
  number_repeated_names(report);
}

// ---- Boost.Test: --log_format=XML

bool matches_boost(std::string_view head) {
  return begins_with_tag(head, "<TestLog>");
}

void boost_suite(pugi::xml_node node, const std::string& outer, ReportBuilder& builder, int depth) {
  if (depth > kDeepest) return;
  for (const auto& child : node.children()) {
    const std::string_view kind = child.name();
    const std::string name(attribute(child, "name"));
    if (kind == "TestSuite") {
      boost_suite(child, outer.empty() ? name : outer + "/" + name, builder, depth + 1);
      continue;
    }
    if (kind != "TestCase") continue;
    Outcome outcome = attribute(child, "skipped") == "yes" ? skip : pass;
    std::string_view message = outcome == skip ? attribute(child, "reason") : std::string_view();
    const auto take = [&](const char* part, Outcome is) {
      const auto found = child.child(part);
      if (!found || (outcome != pass && outcome != fail)) return;
      outcome = is;
      message = found.child_value();
    };
    take("Error", fail);
    take("FatalError", fail);
    take("Exception", error);
    if (outcome == error && (has(message, "fatal error: in") || has(message, "memory access violation") ||
                             has(message, "signal: ") || has(message, "SIG")))
      outcome = crash;
    if (outcome != pass && has(message, "imed out")) outcome = timeout;
    const auto microseconds = leading_number(child.child_value("TestingTime"));
    builder.add(outer, name, outcome, microseconds ? std::optional(*microseconds / 1e6) : std::nullopt, message);
  }
}

void read_boost(const Input& input, TestReport& report) {
  report.tool = "boost-test";
  ReportBuilder builder(report);
  builder.cannot_tell({xfail, xpass, flaky, missing, skip});
  pugi::xml_document document;
  boost_suite(load_document(document, input, "TestLog", report), "", builder, 0);
  number_repeated_names(report);
}

}  // namespace

extern const Format trx_format, nunit_format, xunit_format, testng_format, robot_format, boost_format;
const Format trx_format{"trx", matches_trx, read_trx};
const Format nunit_format{"nunit", matches_nunit, read_nunit};
const Format xunit_format{"xunit.net", matches_xunit, read_xunit};
const Format testng_format{"testng", matches_testng, read_testng};
const Format robot_format{"robot", matches_robot, read_robot};
const Format boost_format{"boost-xml", matches_boost, read_boost};

}  // namespace resident::ci

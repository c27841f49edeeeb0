// The dialects of JavaScript's test runners: jest, vitest, bun, mocha, Playwright, node --test, cucumber-js. Most write
// an exception as a failure, and none has a mark for a test that passed at a later try.
#include <algorithm>
#include <sources/ci/formats/junit_case.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <unordered_map>

namespace resident::ci::junit {

namespace {

using enum Outcome;
using Told = std::optional<Outcome>;

// What is thrown by hand ("throw new Error") is how many write a check; a TypeError or a ReferenceError is none.
Told javascript_error(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  const Trouble& first = test.troubles.front();
  const std::string_view said = first.message.empty() ? first.text : first.message;
  if (first.type == "Error" || said.starts_with("Error: ") || said.starts_with("Uncaught Error: ") ||
      contains(first.text, "\nError: "))
    return fail;
  return std::nullopt;
}
Told jest(const Case& test) {
  if (test.says("Failing test passed even though it was supposed to fail")) return xpass;
  if (test.class_name == "Test suite failed to run" || contains(test.name, "Test execution failure")) return error;
  if (is_timeout(test)) return timeout;
  // A hook that threw is told by the runner's own frame alone.
  if (test.says("at _callCircusHook ")) return error;
  return javascript_error(test);
}
// By default no attribute names the file; a stack trace in the same suite does: "(…/main.test.js:17:61)".
std::string_view jest_file(const Case& test) {
  if (!test.file.empty()) return test.file;
  const std::string_view text = test.troubles.empty() ? std::string_view() : test.troubles.front().text;
  for (const std::string_view mark : {".test.", ".spec."}) {
    constexpr std::size_t kLongest = 200;
    const std::size_t at = text.find(mark), colon = at == std::string_view::npos ? at : text.find(':', at);
    const std::size_t begin = at == std::string_view::npos ? at : text.find_last_of("/( ", at);
    if (colon == std::string_view::npos || begin == std::string_view::npos || colon - begin > kLongest) continue;
    return text.substr(begin + 1, colon - begin - 1);
  }
  return {};
}
void jest_place(const Case& test, Place& place) {
  place.file = jest_file(test);
  place.is_file = test.class_name == "Test suite failed to run";
}
// What one test of a suite tells is true of all: a suite is a file.
void jest_finish(TestReport& report, std::vector<Place>& places) {
  std::unordered_map<std::uint32_t, std::string> files;
  for (const auto& place : places)
    if (!place.file.empty() && !place.is_file) files.emplace(place.suite, place.file);
  for (std::size_t at = 0; at < report.results.size() && at < places.size(); ++at) {
    const auto found = files.find(places[at].suite);
    if (places[at].is_file || found == files.end()) continue;
    std::string& suite = report.results[at].suite;
    suite = found->second + (suite.empty() ? "" : " > ") + suite;
  }
}
void jest_name(const Case& test, Named& named) {
  // By default class and name are both "suite name test name"; a blank in front where there is no suite.
  const auto trimmed = [](std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    return std::string(text);
  };
  named.name = trimmed(test.name);
  named.suite = test.class_name == test.name ? std::string() : trimmed(test.class_name);
  if (test.class_name == "Test suite failed to run") {
    named = {"", std::string(test.name), true};
  } else if (contains(test.name, "Test execution failure")) {
    named.name = "Test execution failure";
  }
}

Told vitest(const Case& test) {
  if (test.says("Expect test to fail")) return xpass;
  if (!test.troubles.empty() && test.class_name == test.name) return error;  // the file could not be loaded
  return std::nullopt;
}
// A suite whose hook broke stands as a test case with the suite's name; its tests that did not run stand as skipped.
void vitest_finish(TestReport& report, std::vector<Place>& /*places*/) {
  std::vector<std::pair<std::string, std::string>> broken;  // file, and the begin of its tests' names
  for (auto& suite : report.results) {
    if (!is_failure(suite.outcome)) continue;
    const std::string prefix = suite.name + " > ";
    const bool has_tests = std::any_of(report.results.begin(), report.results.end(), [&](const TestResult& each) {
      return each.suite == suite.suite && each.name.starts_with(prefix);
    });
    if (!has_tests) continue;
    suite.outcome = error;
    suite.attempts = {error};
    broken.emplace_back(suite.suite, prefix);
  }
  std::erase_if(report.results, [&](const TestResult& each) {
    return each.outcome == skip && std::any_of(broken.begin(), broken.end(), [&](const auto& of) {
             return each.suite == of.first && each.name.starts_with(of.second);
           });
  });
}
void vitest_name(const Case& test, Named& named) {
  if (test.class_name == test.name) named.suite.clear();
}

Told mocha(const Case& test) {
  for (const std::string_view title : {test.name, test.class_name})
    if (title.starts_with("\"before ") || title.starts_with("\"after ")) return error;
  if (test.troubles.empty()) return std::nullopt;
  if (is_timeout(test)) return timeout;
  // Without a class an engine's words alone tell what was thrown (mocha-jenkins-reporter).
  const Trouble& first = test.troubles.front();
  if (first.type.empty() && first.text.find("Error: ") == std::string_view::npos)
    return is_exception(first) ? error : fail;
  return javascript_error(test);
}
void mocha_name(const Case& test, Named& named) {
  if (auto of = mocha_hook_name(test.name)) named.name = std::move(*of);
}

// mocha-junit-reporter (Cypress, too): the name is suite and title in one, the class the title alone.
void mocha_junit_name(const Case& test, Named& named) {
  // mocha-jenkins-reporter has the suite for class, as nearly all others.
  if (test.class_name == test.suite && !test.name.ends_with(test.class_name)) return mocha_name(test, named);
  named.suite =
      std::string(test.name.ends_with(test.class_name) ? test.name.substr(0, test.name.size() - test.class_name.size())
                                                       : test.suite);
  while (named.suite.ends_with(' ')) named.suite.pop_back();
  if (named.suite.empty() && test.suite != "Root Suite") named.suite = std::string(test.suite);
  named.name = std::string(test.class_name.empty() ? test.name : test.class_name);
  Case of_title = test;
  of_title.name = named.name;
  mocha_name(of_title, named);
}

Told bun(const Case& test) {
  if (test.says(".failing() did not throw")) return xpass;
  if (test.name == "(unnamed)") return error;  // a hook of the suite
  return javascript_error(test);
}
// Class names stand inside out: "inner > outer". The nested suites have them in order.
void bun_name(const Case& test, Named& named) {
  named.suite = std::string(test.suite);
}

Told playwright(const Case& test) {
  if (test.has_property("fail")) {
    if (test.troubles.empty()) return xfail;
    return test.says("Expected to fail, but passed") ? xpass : fail;
  }
  // Skipped without a mark of its own: what it depends on broke before it.
  if (test.is_skipped && !test.has_property("skip") && !test.has_property("fixme")) return missing;
  // The text quotes the source, which may hold any word: only what is said in the message counts. An error element
  // stands for what broke outside of the test's checks.
  if (contains(test.first_message(), "worker process exited unexpectedly")) return crash;
  if (contains(test.first_message(), "Test timeout of ")) return timeout;
  if (!test.troubles.empty()) return test.has_failure() ? fail : error;
  return std::nullopt;
}
void playwright_name(const Case& test, Named& named) {
  // The project (browser) stands in the suite's hostname alone.
  const std::string_view project = test.suite_tag.attribute("hostname");
  named.suite = (project.empty() ? "" : "[" + std::string(project) + "] ") + std::string(test.class_name);
  std::string name;
  for (std::size_t at = 0; at < test.name.size();) {
    constexpr std::string_view kArrow = " › ";
    if (test.name.substr(at).starts_with(kArrow)) {
      name += " > ";
      at += kArrow.size();
    } else {
      name += test.name[at++];
    }
  }
  named.name = name;
}

// node --test writes the file as one more test case where its process died; a child cancelled with its parent never
// ran.
Told node_test(const Case& test) {
  if (test.says("cancelledByParent")) return missing;
  if (test.is_skipped && test.skip_type == "todo") return test.troubles.empty() ? xpass : xfail;
  if (test.says("testTimeoutFailure")) return timeout;
  if (test.troubles.empty()) return std::nullopt;
  if (test.says("hookFailed")) return error;
  const auto text = test.troubles.front().text;
  const auto exit_code = text.find("exitCode: ");
  if (exit_code != std::string_view::npos) {
    // 1: an uncaught error after the tests; anything else, or a signal: the process died in the middle.
    const bool by_signal = contains(text, "signal: 'SIG");
    return !by_signal && text.substr(exit_code + 10).starts_with("1,") ? error : crash;
  }
  if (test.says("expectedFailure")) return xpass;
  const bool thrown_by_hand = contains(text, "cause: Error: ") || contains(text, "cause: 'Error: ");
  return contains(text, "ERR_ASSERTION") || thrown_by_hand ? fail : error;
}
void node_test_name(const Case& test, Named& named) {
  named.suite = std::string(test.suite);
}
// "at TestContext.<anonymous> (file:///project/a/main.test.mjs:5:30)": the first place that is none of Node's own.
std::string_view file_in_trace(std::string_view text) {
  for (std::size_t at = text.find("    at "); at != std::string_view::npos; at = text.find("    at ", at + 1)) {
    const std::string_view line = text.substr(at, text.find('\n', at) - at);
    const std::size_t slash = line.rfind('/'), colon = line.find(':', slash == std::string_view::npos ? 0 : slash);
    if (slash == std::string_view::npos || colon == std::string_view::npos || contains(line, "(node:") ||
        contains(line, "at node:") || contains(line, " node:") || contains(line, "node_modules"))
      continue;
    return line.substr(slash + 1, colon - slash - 1);
  }
  return {};
}
void node_test_place(const Case& test, Place& place) {
  if (!test.file.empty()) {
    place.file = last_part(test.file);
    place.is_file = place.file == test.name;
  } else if (!test.troubles.empty()) {
    const std::string_view text = test.troubles.front().text;
    place.is_file = contains(text, "exitCode: ") && contains(test.name, ".");
    if (!place.is_file) place.file = file_in_trace(text);
  }
}
// Files come one after the other: what stands between two tests of one file is of that file, too; and so is all of a
// suite.
void node_test_finish(TestReport& report, std::vector<Place>& places) {
  std::unordered_map<std::uint32_t, std::string> of_suite;
  std::unordered_map<std::string, std::size_t> last;
  for (std::size_t at = 0; at < places.size(); ++at)
    if (!places[at].file.empty()) last[places[at].file] = at;
  std::string file;
  for (std::size_t at = 0; at < places.size(); ++at) {
    if (!places[at].file.empty()) file = places[at].file;
    if (file.empty() || places[at].is_file) continue;
    if (at <= last[file]) {
      places[at].file = file;
    } else {
      file.clear();
    }
  }
  for (const auto& place : places)
    if (!place.file.empty() && place.suite > 0) of_suite.emplace(place.suite, place.file);
  // Its reporter makes &quot; of a quote, and escapes that once more.
  for (auto& result : report.results)
    for (std::string* text : {&result.suite, &result.name})
      for (std::size_t at = text->find("&quot;"); at != std::string::npos; at = text->find("&quot;", at + 1))
        text->replace(at, 6, "\"");
  for (std::size_t at = 0; at < report.results.size() && at < places.size(); ++at) {
    if (places[at].is_file) continue;
    const auto found = of_suite.find(places[at].suite);
    const std::string& of = places[at].file.empty() && found != of_suite.end() ? found->second : places[at].file;
    std::string& suite = report.results[at].suite;
    if (!of.empty()) suite = of + (suite.empty() ? "" : " > ") + suite;
  }
}
// A test with tests inside, or a describe(), stands as a suite alone; in TAP it is a point of its own.
void node_test_suite(const SuiteEnd& suite, TestReport& report) {
  if (suite.tag.name() != "testsuite" || suite.path.empty() || suite.first == report.results.size()) return;
  Outcome worst = pass;
  for (std::size_t at = suite.first; at < report.results.size(); ++at)
    if (is_failure(report.results[at].outcome)) worst = fail;
  const std::size_t arrow = suite.path.rfind(" > ");
  ReportBuilder(report).add(arrow == std::string::npos ? "" : suite.path.substr(0, arrow),
                            arrow == std::string::npos ? suite.path : suite.path.substr(arrow + 3), worst,
                            seconds_of(suite.tag.attribute("time")));
}

// cucumber-junit turns Cucumber's JSON into a suite a scenario, "feature;scenario", and a test case a step. Backgrounds
// and hooks it never looks at, and the steps that were left out since one of them broke are skips.
bool is_cucumber_junit(const File& file) {
  bool is_of_feature = false;
  file.properties.each_child([&](const Element& each) {
    is_of_feature = is_of_feature || (each.attribute("name") == "URI" && each.attribute("value").ends_with(".feature"));
  });
  const std::string_view suite = file.suite_name();
  return is_of_feature || (file.suite_attributes == "name tests failures skipped" && contains(suite, ";") &&
                           file.first_case.attribute("classname") == suite);
}

// What jasmine-reporters writes of a spec; what broke around specs (afterAll, an unhandled rejection) is nowhere.
Told jasmine(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  if (test.says("Async function did not complete within")) return timeout;
  const bool threw = std::all_of(test.troubles.begin(), test.troubles.end(), is_exception) &&
                     !test.first_message().starts_with("Error: ");
  return threw ? error : fail;
}

Told cucumber(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  const auto out = test.output();
  const auto step = [&](std::string_view word) {
    // "Given a step.......undefined": the state stands at the end of a step's line, behind dots.
    for (std::size_t at = out.find(word); at != std::string_view::npos; at = out.find(word, at + 1))
      if (at > 0 && out[at - 1] == '.' && (at + word.size() == out.size() || out[at + word.size()] == '\n'))
        return true;
    return false;
  };
  if (step("undefined") || step("ambiguous")) return error;
  if (step("pending")) return skip;
  // A hook that threw: no step failed, they were all left out.
  if (!step("failed") && step("skipped")) return error;
  const Trouble& first = test.troubles.front();
  if (first.type != "Error" && is_exception(first) && !is_timeout(test)) return error;
  return std::nullopt;
}

// Karma's own JUnit reporter: what broke around specs stands among the output alone, as text.
Told karma(const Case& test) {
  if (test.says("Not run because a beforeAll function failed")) return missing;
  return jasmine(test);
}

void karma_suite(const SuiteEnd& suite, TestReport& report) {
  // A spec whose afterAll threw is absent, whatever it came to.
  constexpr std::string_view kThrown = "An error was thrown in ";
  const std::size_t at = suite.output.find(kThrown);
  if (at == std::string_view::npos) return;
  ReportBuilder builder(report);
  builder.add("", "(around specs)", error, {}, suite.output.substr(at));
  builder.cannot_tell({pass});
}

// lab: a test around which a hook broke fails without a word, once more for an after().
Told lab(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  const Trouble& first = test.troubles.front();
  if (first.type.empty() && first.message.empty()) return error;
  return is_timeout(test) ? timeout : is_exception(first) && first.type != "Error" ? error : fail;
}
void lab_name(const Case& test, Named& named) {
  (void)test;
  named.is_same_test = true;
}

// newman (Postman): a request is a suite, and what one assertion came to in all iterations one test case. What a
// script threw, and a request without an answer, is text beside them.
Told newman(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  for (const std::string_view thrown : {"Stacktrace: TypeError", "Stacktrace: ReferenceError", "Stacktrace: Error"})
    if (test.says(thrown)) return error;
  return fail;
}
void newman_name(const Case& test, Named& named) {
  named.suite = std::string(test.suite);
}
void newman_suite(const SuiteEnd& suite, TestReport& report) {
  const std::string_view said = suite.error_output;
  if (suite.tag.attribute("errors") == "0" || said.empty()) return;
  const std::size_t at = std::min(said.find("Error: "), said.find("testScriptError: "));
  ReportBuilder(report).add("", suite.path, error, {}, said.substr(at == std::string_view::npos ? 0 : at));
}

}  // namespace

std::vector<Dialect> javascript_dialects() {
  return {
      {"playwright",
       [](const File& file) { return file.root.has("id") && file.root_name().empty() && file.root.has("name"); },
       playwright,
       playwright_name,
       {flaky, missing, error}},
      {"jest",
       [](const File& file) {
         return file.root_name() == "jest tests" ||
                contains(file.first_case.attribute("classname"), "Test suite failed to run");
       },
       jest,
       jest_name,
       {flaky, xfail, missing, skip, error},
       true,
       jest_finish,
       jest_place},
      {"vitest",
       [](const File& file) { return file.root_name() == "vitest tests"; },
       vitest,
       vitest_name,
       {flaky, xfail, missing},
       true,
       vitest_finish},
      {"bun",
       [](const File& file) { return file.root_name() == "bun test"; },
       bun,
       bun_name,
       {flaky, xfail, missing, error},  // what threw "Error: …" by hand, or in a hook
       true},
      {"mocha",
       [](const File& file) { return file.suite_name() == "Mocha Tests"; },
       mocha,
       mocha_name,
       {flaky, missing, crash},
       true},
      {"mocha",
       [](const File& file) { return file.root_name() == "Mocha Tests"; },
       mocha,
       mocha_junit_name,
       {flaky, missing, xfail, xpass, crash},
       true},
      {"deno",
       [](const File& file) { return file.root_name() == "deno test"; },
       [](const Case& test) {
         return test.says(" step failed") || test.says(" steps failed") ? fail : javascript_error(test);
       },
       bun_name,
       {flaky, missing, xfail, xpass, crash, timeout},
       true},
      {"node-test",
       [](const File& file) {
         return file.first_case.has("failure") ||
                (file.first_case.attribute("classname") == "test" && !file.root.has("tests")) ||
                contains(file.first_trouble.attribute("type"), "testCodeFailure");
       },
       node_test,
       node_test_name,
       {missing, crash, error, pass, xfail, fail},
       false,
       node_test_finish,
       node_test_place,
       node_test_suite},
      {"cucumber-junit",
       is_cucumber_junit,
       nullptr,
       nullptr,
       {error, fail, skip, flaky, xfail, xpass, missing, timeout, crash}},
      {"jasmine",
       [](const File& file) {
         return file.suite_attributes == "name timestamp hostname time errors tests skipped disabled failures";
       },
       jasmine,
       nullptr,
       {error, flaky, missing, crash}},
      {"karma",
       [](const File& file) { return file.has_property("browser.fullName"); },
       karma,
       nullptr,
       {error, flaky, missing, crash, xfail, xpass},
       false,
       nullptr,
       nullptr,
       karma_suite},
      {"lab",
       [](const File& file) { return file.suite_attributes == "name tests skipped errors time"; },
       lab,
       lab_name,
       {flaky, missing, crash, xfail, xpass}},
      // Each iteration counts once more in its totals.
      {"newman",
       [](const File& file) { return file.suite_attributes == "name id timestamp tests failures errors time"; },
       newman,
       newman_name,
       {skip, error, flaky, missing, timeout, crash, xfail, xpass},
       false,
       nullptr,
       nullptr,
       newman_suite,
       nullptr,
       Dialect::Totals::of_all_rounds},
      {"cucumber-js",
       [](const File& file) {
         return contains(file.suite_name(), "Cucumber") || contains(file.suite_name(), "cucumber");
       },
       cucumber,
       nullptr,
       {flaky}},
  };
}

}  // namespace resident::ci::junit

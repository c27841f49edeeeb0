// The dialects that are near the first ones, Ant's and Surefire's, and the rule for whoever is not known: Java, Go,
// Rust, Bazel, runners that write JUnit for others.
#include <algorithm>
#include <sources/ci/formats/junit_case.hpp>

namespace resident::ci::junit {

namespace {

using enum Outcome;
using Told = std::optional<Outcome>;

// ---- Java

// A class whose set-up or tear-down threw stands as a test case of JUnit's own suite class.
void ant_name(const Case& test, Named& named) {
  if (test.class_name == "junit.framework.TestSuite" || test.class_name == "junit.framework.JUnit4TestAdapterCache" ||
      test.name == "initializationError" || test.name == "null")
    named = {std::string(test.suite),
             std::string(test.class_name == "junit.framework.TestSuite" ? test.name : test.suite), false};
  if (named.suite == named.name) named.suite.clear();
}
Told ant(const Case& test) {
  // junitlauncher: an assumption that did not hold.
  if (test.troubles.empty() && test.node.child("aborted")) return skip;
  if (test.troubles.empty()) return std::nullopt;
  if (test.says("TestTimedOutException") || test.says("test timed out after")) return timeout;
  // It writes each exception as a failure: the type tells.
  if (test.has_failure() && !is_timeout(test) &&
      std::none_of(test.troubles.begin(), test.troubles.end(), is_assertion) && is_exception(test.troubles.front()))
    return error;
  return std::nullopt;
}
void junit_platform_name(const Case& test, Named& named) {
  ant_name(test, named);
  if (named.name.ends_with("()")) named.name.resize(named.name.size() - 2);
}
Told surefire(const Case& test) {
  if (test.says("The forked VM terminated")) return crash;
  return std::nullopt;
}

// Gradle writes whatever a test threw as a failure; what its retry plugin ran again stands again.
Told gradle(const Case& test) {
  if (test.troubles.empty() || !test.has_failure()) return std::nullopt;
  const bool threw = std::none_of(test.troubles.begin(), test.troubles.end(), is_assertion) &&
                     std::any_of(test.troubles.begin(), test.troubles.end(), is_exception);
  return threw && !is_timeout(test) ? Told(error) : std::nullopt;
}
void gradle_name(const Case& test, Named& named) {
  ant_name(test, named);
  if (named.name.ends_with("()")) named.name.resize(named.name.size() - 2);
  named.is_retry = true;
}

// ---- Go: gotestsum, go-junit-report

Told go(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  if (test.says("panic: test timed out after")) return timeout;
  if (test.says("SIGSEGV")) return crash;
  if (test.says("panic: ") || test.says("fatal error: ") || test.says("[build failed]") ||
      test.says("[setup failed]") || test.says("Build error") || test.says("Runtime error"))
    return error;
  return std::nullopt;
}

// ---- Go: Ginkgo 1's reporter, in which each try of a flaky test stands again, and Ginkgo 2's

Told ginkgo(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  const std::string_view type = test.troubles.front().type;
  if (type == "Timeout" || type == "timedout") return timeout;
  if (type == "Panic" || type == "panicked") return error;
  return type == "interrupted" || type == "aborted" ? crash : fail;
}
void ginkgo_name(const Case& test, Named& named) {
  constexpr std::string_view kIt = "[It] ";
  if (named.name.starts_with(kIt)) named.name.erase(0, kIt.size());
  named.is_retry = !test.node.has("status");
}

// ---- Rust: cargo-nextest

Told nextest(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  const std::string_view type = test.troubles.front().type;
  if (contains(type, "abort") || contains(type, "signal")) return crash;
  if (contains(type, "timeout")) return timeout;
  if (contains(type, "execution failure")) return error;
  return fail;
}
void nextest_name(const Case& test, Named& named) {
  named.suite = std::string(test.suite);
}

// ---- Bazel, for tests that write no XML of their own: the target is the test, an exit status all that is known.

Told bazel(const Case& test) {
  if (!test.has_error()) return std::nullopt;
  constexpr std::string_view kCode = "exited with error code ";
  const std::string_view said = test.first_message();
  if (!said.starts_with(kCode)) return std::nullopt;
  // From 128 on a signal; 142 is the alarm's, by which a test that takes too long is stopped.
  const double code = seconds_of(said.substr(kCode.size())).value_or(1);
  return code == 142 ? timeout : code > 128 ? crash : fail;
}

// ---- Python's nose2

Told nose2(const Case& test) {
  if (test.is_skipped && contains(test.skip_message, "passes unexpectedly")) return xpass;
  if (test.is_skipped && contains(test.skip_message, "expected test failure")) return xfail;
  return std::nullopt;
}

// ---- whoever is not known

Told anybody(const Case& test) {
  if (test.troubles.empty() || test.has_error() || is_timeout(test) || is_crash(test)) return std::nullopt;
  const bool threw = std::none_of(test.troubles.begin(), test.troubles.end(), is_assertion) &&
                     std::all_of(test.troubles.begin(), test.troubles.end(), is_exception);
  return threw ? Told(error) : std::nullopt;
}

bool has_suite_attributes(const File& file, std::string_view names) {
  return file.suite_attributes == names;
}

}  // namespace

std::vector<Dialect> common_dialects() {
  return {
      {"surefire",
       [](const File& file) {
         return contains(file.first_suite.attribute("xsi:noNamespaceSchemaLocation"), "surefire");
       },
       surefire,
       ant_name,
       {missing}},
      // Its own console, and whoever uses its listener: a class whose @AfterAll threw takes its last test along.
      {"junit-platform",
       [](const File& file) {
         return file.suite_name().starts_with("JUnit ") &&
                contains(file.first_case.child_text("system-out"), "unique-id: [engine:");
       },
       ant,
       junit_platform_name,
       {missing, pass, flaky, xfail, xpass, crash}},
      {"ant",
       [](const File& file) {
         return file.has_property("java.version") || file.has_property("java.vm.name") ||
                file.has_property("java.specification.version");
       },
       ant,
       ant_name,
       {missing, pass}},
      {"gradle",
       [](const File& file) {
         return has_suite_attributes(file, "name tests skipped failures errors timestamp hostname time");
       },
       gradle,
       gradle_name,
       {missing, xfail, xpass, crash}},
      {"go",
       [](const File& file) { return file.has_property("go.version"); },
       go,
       nullptr,
       {flaky, missing, xfail, xpass}},
      {"ginkgo",
       [](const File& file) {
         return file.has_property("SuiteSucceeded") ||
                (has_suite_attributes(file, "name tests failures errors time") && file.root.name() == "testsuite" &&
                 !file.suite_name().empty() && file.first_case.attribute("classname") == file.suite_name());
       },
       ginkgo,
       ginkgo_name,
       {flaky, missing, xfail, xpass, crash}},
      {"nextest",
       [](const File& file) { return file.root_name() == "nextest-run"; },
       nextest,
       nextest_name,
       {missing, xfail, xpass, error}},
      {"bazel",
       [](const File& file) {
         return file.first_case.has("duration") && file.first_case.attribute("name") == file.suite_name();
       },
       bazel,
       nullptr,
       {flaky, missing, xfail, xpass, skip, error}},
      {"nose2",
       [](const File& file) { return file.suite_name() == "nose2-junit"; },
       nose2,
       nullptr,
       {flaky, missing, timeout, crash}},
      // nose knows no expected failures, and calls them passes.
      {"nose",
       [](const File& file) { return file.suite_name() == "nosetests"; },
       nullptr,
       nullptr,
       {flaky, missing, timeout, crash, xfail, xpass}},
      {"unittest-xml-reporting",
       [](const File& file) {
         const std::string_view name = file.suite_name();
         const std::size_t dash = name.rfind('-');
         return dash != std::string_view::npos && name.size() - dash == 15 && name.substr(dash + 1).starts_with("20") &&
                file.first_case.has("file");
       },
       nullptr,
       nullptr,
       {flaky, missing, timeout, crash}},
      {"", [](const File&) { return true; }, anybody, nullptr, {flaky, xfail, xpass, missing, timeout, crash}},
  };
}

}  // namespace resident::ci::junit

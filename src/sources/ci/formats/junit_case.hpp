// A <testcase> of JUnit-like XML as it stands in the file, and what tools write differently: the dialects. JUnit XML
// has no standard; Ant's and Maven Surefire's are the oldest, and each tool has marks of its own for what they have
// none for.
#pragma once

#include <optional>
#include <sources/ci/formats/report.hpp>
#include <sources/ci/formats/xml_in_place.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident::ci::junit {

using xml::Element;

// What is true of the file as a whole, for telling the tool.
struct File {
  Element root;           // testsuites, or the single testsuite; its tag alone
  Element first_suite;    // its tag alone
  Element properties;     // of the first suite, where they stand before its tests
  Element first_case;     // whole
  Element first_trouble;  // the first failure or error anywhere, whole
  // Names of the attributes of first_suite in their order, joined by ' '.
  std::string suite_attributes;

  bool has_property(std::string_view name) const;
  std::string_view root_name() const { return root.attribute("name"); }
  std::string_view suite_name() const { return first_suite.attribute("name"); }
};

// A failure or error below a test case.
struct Trouble {
  bool is_error = false;
  std::string_view type, message, text;
};

struct Case {
  Element node;
  Element suite_tag;  // of the suite that it stands in; nothing where there is none
  std::string_view suite, class_name, name, file;
  std::vector<Trouble> troubles;
  bool is_skipped = false;
  std::string_view skip_type, skip_message;
  std::string_view status, result;  // attributes
  std::optional<double> seconds;

  bool has_failure() const;
  bool has_error() const;
  bool has_property(std::string_view name) const;
  // Does the words stand in a type, a message or a text of what went wrong?
  bool says(std::string_view words) const;
  std::string_view output() const;  // of system-out
  std::string_view first_message() const;
};

struct Named {
  std::string suite, name;
  bool is_same_test = false;  // one more part of the test of that name before it, not another test
  bool is_retry = false;      // where the same name has failed before, one more try of it
  bool keeps_first = false;   // of such parts: what went wrong first is the outcome, not what is worst
};

// Which of the results of a report stand in which suite, and what tells their file: beside report.results.
struct Place {
  std::string file;         // "" where nothing tells
  std::uint32_t suite = 0;  // the outermost, counted from 1
  bool is_file = false;     // stands for a file, not for a test in one
};

// A suite that has been read to its end.
struct SuiteEnd {
  Element tag;
  std::string path;                       // with the outer ones
  std::size_t first = 0;                  // of its results
  std::string_view output, error_output;  // its own system-out and system-err
};

struct Dialect {
  std::string_view tool;
  bool (*is)(const File& file);
  // Where the rule that serves all is wrong; nothing where it is right. May be null.
  std::optional<Outcome> (*outcome)(const Case& test);
  // Where "classname", "name" are not suite and name. May be null.
  void (*name)(const Case& test, Named& named);
  std::vector<Outcome> cannot_tell;
  // Tools that write each exception as <failure>: those that are no failed check are errors.
  bool exceptions_are_failures = false;
  // What only all results together tell; places only where `place` is set. May be null.
  void (*finish)(TestReport& report, std::vector<Place>& places) = nullptr;
  // What tells the file of a test. May be null.
  void (*place)(const Case& test, Place& place) = nullptr;
  // At the end of each suite. May be null.
  void (*end_of_suite)(const SuiteEnd& suite, TestReport& report) = nullptr;
  // Its totals count checks, not tests: of those only what failed can be held against what is shown. Called for a test
  // case whose failures the totals leave out, it says so. Null: totals count tests.
  bool (*is_left_out_of_totals)(const Case& test) = nullptr;
  // What its totals of failures are.
  enum class Totals {
    of_each,              // failures, and errors beside them
    of_errors_once_more,  // failures hold the errors, too
    of_all_rounds         // each round counts, and one test case stands for all of them
  } totals = Totals::of_each;
};

// The tools whose files are known apart, most particular first; the last serves all others.
const std::vector<Dialect>& dialects();
const Dialect& dialect_of(const File& file);
// Their parts, in the order in which they are asked.
std::vector<Dialect> javascript_dialects();
std::vector<Dialect> native_dialects();  // C, C++, build systems
std::vector<Dialect> other_dialects();
std::vector<Dialect> common_dialects();  // Java's, Go's, Rust's, and the one for all others

// The rule that serves all: what went wrong, told by elements first, then by the words that process managers and test
// runners use for a death and for a time limit.
Outcome outcome_by_elements(const Case& test);
// Does it look like a check that did not hold (assertion, expectation), rather than something thrown?
bool is_assertion(const Trouble& trouble);
// Is it named as something thrown that is no assertion: "TypeError", "java.lang.IllegalStateException"?
bool is_exception(const Trouble& trouble);
bool is_timeout(const Case& test);
bool is_crash(const Case& test);
// "1.5", "1,5" (some locales), "1,234.5"; nothing for anything else, and below nought.
std::optional<double> seconds_of(std::string_view text);

inline bool contains(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}
inline std::string_view last_part(std::string_view path) {
  return path.substr(path.find_last_of("/\\") == std::string_view::npos ? 0 : path.find_last_of("/\\") + 1);
}

}  // namespace resident::ci::junit

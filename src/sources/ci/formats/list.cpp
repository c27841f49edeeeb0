// The list of formats; a new one is a line here, most particular first.
#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/ci/formats/any_json.hpp>
#include <sources/ci/formats/any_log.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/prefixes.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <sources/decode/decode.hpp>

namespace resident::ci {

extern const Format junit_format, tap_format, go_json_format, go_text_format, googletest_json_format, meson_format,
    lit_format, mocha_json_format, jest_json_format, tox_format, cucumber_format, ctest_format, check_format,
    qttest_format, cppunit_format, catch_format, dejagnu_format, trs_format, suite_log_format, libtest_format,
    libtest_json_format, tcltest_format, ert_format, subunit_format, regrtest_format, doctest_format;
extern const Format trx_format, nunit_format, xunit_format, testng_format, robot_format, boost_format;
extern const Format playwright_json_format, mochawesome_format, rspec_json_format, cucumber_json_format,
    pytest_json_format, dart_format;
extern const Format pytest_log_format, unittest_log_format, gtest_log_format, ctest_log_format, xctest_log_format;
extern const Format tap_inside_format;
extern const Format ctrf_format, criterion_json_format, lab_json_format;
extern const Format unittestpp_format, fpcunit_format, cunit_format, sonar_format;
extern const Format autotest_format, cpputest_log_format, criterion_log_format, cunit_log_format, shunit_format;
extern const Format exunit_format, srfi64_format, trial_format, luaunit_format, alcotest_format;
extern const Format pg_regress_format, kyua_log_format, stestr_format, minitest_log_format, gocheck_format,
    autopkgtest_format, subunit_text_format;
extern const Format testdox_format, spec_log_format, buttercup_format, tasty_format, zope_format, yath_format,
    test_unit_format;
extern const Format mocha_log_format, jest_log_format, vitest_log_format, node_log_format, playwright_log_format,
    annotations_format;
extern const Format allure_format, json_stream_format, ginkgo_format, bazel_format, xcresult_format;
extern const Format python_doctest_format, xdoctest_format, testthat_log_format, gotestsum_format, plunit_format,
    fiveam_format, steps_format, catch2_log_format, newman_json_format;
extern const Format ant_plain_format, jtreg_format, yath_log_format, monocart_format, httpyac_format,
    test_unit_xml_format, testdox_xml_format, testdox_text_format, eunit_log_format, bacon_format, tinytest_format,
    rackunit_format, mtr_format, poku_format;
extern const Format junit5_log_format, bun_log_format, karma_log_format, newman_cli_format, tap_spec_format,
    busted_log_format, ospec_format, boost_log_format, qt_text_format, lit_log_format, ginkgo_log_format;
extern const Format nightwatch_json_format, doctest_console_format, cucumber_ruby_format, subunit_csv_format;
extern const Format prove_format, meson_log_format, automake_log_format, nextest_format, teamcity_format;

const std::vector<const Format*>& formats() {
  static const std::vector<const Format*> list{
      &subunit_format,
      // XML
      &ctest_format, &check_format, &qttest_format, &cppunit_format, &catch_format, &doctest_format, &trx_format,
      &nunit_format, &xunit_format, &testng_format, &robot_format, &boost_format, &unittestpp_format, &fpcunit_format,
      &cunit_format, &sonar_format, &test_unit_xml_format, &testdox_xml_format, &junit_format,
      // JSON
      &go_json_format, &cucumber_format, &dart_format, &meson_format, &googletest_json_format, &lit_format,
      &jest_json_format, &tox_format, &mochawesome_format, &mocha_json_format, &libtest_json_format,
      &playwright_json_format, &rspec_json_format, &pytest_json_format, &cucumber_json_format, &ctrf_format,
      &criterion_json_format, &lab_json_format, &allure_format, &json_stream_format, &ginkgo_format, &bazel_format,
      &xcresult_format, &newman_json_format, &yath_log_format, &monocart_format, &httpyac_format,
      &nightwatch_json_format,
      // text
      &doctest_console_format, &subunit_csv_format, &cucumber_ruby_format, &junit5_log_format, &bun_log_format,
      &karma_log_format, &newman_cli_format, &busted_log_format, &ospec_format, &boost_log_format, &qt_text_format,
      &lit_log_format, &tap_spec_format, &ant_plain_format, &jtreg_format, &eunit_log_format, &bacon_format,
      &tinytest_format, &rackunit_format, &mtr_format, &testdox_text_format, &poku_format, &python_doctest_format,
      &xdoctest_format, &testthat_log_format, &gotestsum_format, &plunit_format, &fiveam_format, &catch2_log_format,
      &steps_format, &testdox_format, &subunit_text_format, &autopkgtest_format, &test_unit_format, &vitest_log_format,
      &playwright_log_format, &yath_format, &buttercup_format, &gocheck_format, &stestr_format, &minitest_log_format,
      &kyua_log_format, &pg_regress_format, &zope_format, &pytest_log_format, &trs_format, &suite_log_format,
      &dejagnu_format, &tcltest_format, &ert_format, &regrtest_format, &tap_format, &teamcity_format,
      &ginkgo_log_format, &go_text_format, &libtest_format, &nextest_format, &gtest_log_format, &ctest_log_format,
      &xctest_log_format, &unittest_log_format, &prove_format, &meson_log_format, &automake_log_format,
      &autotest_format, &criterion_log_format, &cunit_log_format, &cpputest_log_format, &exunit_format, &srfi64_format,
      &trial_format, &luaunit_format, &alcotest_format, &tasty_format, &spec_log_format, &jest_log_format,
      &node_log_format, &mocha_log_format, &shunit_format, &tap_inside_format, &annotations_format};
  return list;
}

const Format& find_format(std::string_view name) {
  const auto& list = formats();
  const auto found = std::find_if(list.begin(), list.end(), [&](const Format* each) { return each->name == name; });
  if (found == list.end())
    throw Error(ErrorKind::usage, "there is no form of test results called " + std::string(name), "");
  return **found;
}

namespace {

// Nothing where none is known in it.
const Format* format_of(std::string_view head) {
  const auto& list = formats();
  const auto found = std::find_if(list.begin(), list.end(), [&](const Format* each) { return each->matches(head); });
  return found == list.end() ? nullptr : *found;
}

// Documentation and sources show such lines of runs that never were.
bool is_maybe_a_log(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return true;
  const std::string_view kind = file_name.substr(dot + 1);
  constexpr std::array<std::string_view, 12> kLogs{"txt", "log",    "out",    "err",  "json", "jsonl",
                                                   "tap", "ndjson", "stdout", "test", "raw",  "report"};
  return std::find(kLogs.begin(), kLogs.end(), kind) != kLogs.end();
}

// What no reader knows, told by what nearly all runners have in common.
bool read_by_last_resort(std::string_view bytes, TestReport& report) {
  report.format = "any-json";
  if (read_any_json(bytes.substr(std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size())), report)) return true;
  report = {};
  report.format = "any-log";
  // Tools that name what failed at the end alone.
  for (const Format* late : {&testthat_log_format, &gotestsum_format})
    if (late->matches(bytes)) {
      report.format = late->name;
      late->read({bytes, {}}, report);
      return true;
    }
  return read_any_log(bytes, report);
}

}  // namespace

namespace {

// "Error: no database" is how JavaScript names what broke, and how many write a check by hand.
void doubt_errors(TestReport& report) {
  // A file whose process ended takes the results of its tests along.
  static const Pattern file(R"((?:.*/)?[\w.-]+\.[cm]?[jt]sx?)");
  if (report.tool == "node-test" &&
      std::any_of(report.results.begin(), report.results.end(),
                  [](const TestResult& each) { return is_failure(each.outcome) && file.matches(each.name); }))
    ReportBuilder(report).cannot_tell({Outcome::pass, Outcome::fail, Outcome::error, Outcome::skip, Outcome::timeout});
  // tap-mocha-reporter: assertions stand where mocha has tests, and nothing says whose.
  if (report.format == "mocha-log") {
    std::size_t red = 0, bare = 0;
    for (const auto& each : report.results)
      if (is_failure(each.outcome)) ++red, bare += each.message.starts_with("Error: " + each.name) ? 1 : 0;
    if (red > 0 && red == bare) {
      ReportBuilder(report).cannot_tell(
          {Outcome::pass, Outcome::fail, Outcome::error, Outcome::skip, Outcome::timeout});
      ReportBuilder(report).incomplete("these are assertions without their tests");
    }
  }
  const bool is_doubtful = std::any_of(report.results.begin(), report.results.end(), [](const TestResult& each) {
    return each.outcome == Outcome::fail && (each.message.starts_with("Error: ") || has(each.message, "\nError: ")) &&
           !has(each.message, "expect") && !has(each.message, "Assert");
  });
  if (is_doubtful) ReportBuilder(report).cannot_tell({Outcome::error});
}

// Times before names before times: no log has more, and each is read from a copy.
constexpr int kMostPrefixes = 3;
TestReport read_within(std::string_view bytes, std::string_view file_name, int prefixes);

// A log of several programs, each line with the name of one; nothing where none of them is known.
std::optional<TestReport> read_speakers(std::string_view bytes, std::string_view file_name, int prefixes) {
  std::optional<TestReport> all;
  for (const auto& [speaker, text] : by_speaker(bytes)) {
    TestReport one;
    try {
      one = read_within(text, file_name, prefixes);
    } catch (const Error&) {
      continue;  // a server, a build
    }
    for (auto& result : one.results) result.suite = speaker + (result.suite.empty() ? "" : " > ") + result.suite;
    for (auto& why : one.incomplete) why = speaker + ": " + why;
    if (!all) {
      all = std::move(one);
      continue;
    }
    if (all->tool != one.tool) all->tool.clear();
    all->results.insert(all->results.end(), one.results.begin(), one.results.end());
    all->incomplete.insert(all->incomplete.end(), one.incomplete.begin(), one.incomplete.end());
    for (const Outcome each : one.cannot_tell) ReportBuilder(*all).cannot_tell({each});
  }
  return all;
}

TestReport read_within(std::string_view bytes, std::string_view file_name, int prefixes) {
  // A byte order mark; what PowerShell sends to a file is UTF-16.
  std::string storage;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const bool is_little = bytes.starts_with("\xFF\xFE"), is_big = bytes.starts_with("\xFE\xFF");
  if (is_little || is_big) {
    storage = mail::to_utf8(bytes.substr(2), is_little ? "utf-16le" : "utf-16be");
    bytes = storage;
  }
  if (prefixes < kMostPrefixes)
    if (const auto plain = without_times(bytes)) return read_within(*plain, file_name, prefixes + 1);
  std::string_view head = bytes.substr(0, kSniffed);
  while (!head.empty() && (head.front() == ' ' || head.front() == '\n' || head.front() == '\r' || head.front() == '\t'))
    head.remove_prefix(1);
  const Format* format = format_of(head);
  if (format == nullptr) {
    // XML behind lines that the program printed before it.
    for (const std::string_view begin : {"\n<?xml ", "\n<testsuite"})
      if (const std::size_t at = head.find(begin); format == nullptr && at != std::string_view::npos) {
        const std::string_view rest = std::string_view(head.data() + at + 1, bytes.data() + bytes.size());
        format = format_of(rest.substr(0, kSniffed));
        if (format != nullptr) bytes = rest;
      }
  }
  if (format != nullptr) {
    TestReport report;
    report.format = format->name;
    format->read({bytes, file_name}, report);
    doubt_errors(report);
    // Nothing that ran looks like all being well.
    if (report.results.empty() && report.incomplete.empty()) report.incomplete.emplace_back("it has no test");
    return report;
  }
  if (prefixes < kMostPrefixes)
    if (auto report = read_speakers(bytes, file_name, prefixes + 1)) return *report;
  if (TestReport report; is_maybe_a_log(file_name) && read_by_last_resort(bytes, report)) {
    doubt_errors(report);
    return report;
  }
  throw Error(ErrorKind::failed, "no form of test results is known in this file",
              "docs/guide/test-results.md lists the forms that are read");
}

}  // namespace

TestReport read_report(std::string_view bytes, std::string_view file_name) {
  return read_within(bytes, file_name, 0);
}

}  // namespace resident::ci

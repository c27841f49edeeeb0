// The last resort for logs that no reader knows: lines that say of a test how it ended, in one of the few ways in which
// nearly all runners do, or a list of numbered failures; either only beside totals of tests. Asked when no form is
// known, since it knows no tool.
#pragma once

#include <sources/ci/formats/format.hpp>

namespace resident::ci {

// What a line says of a test, without the lines around it.
struct StatusLine {
  enum class Shape {
    mark,        // "  ✓ adds (3ms)"
    dots,        // "adds ... ok"
    colon,       // "adds: passed"
    word_first,  // "PASS adds (0.01s)", "[PASS] adds"
    word_last,   // "  adds        PASS (0.01s)"
    bracket,     // "- adds [FAILED]"
  } shape = Shape::mark;
  std::size_t indent = 0;
  Outcome outcome = Outcome::pass;
  std::string name, remark;
  std::optional<double> seconds;
};
inline constexpr std::size_t kShapes = 6;

// line: without colours. Nothing where it is none.
std::optional<StatusLine> status_line(std::string_view line);
// "ok", "PASSED", "skipped", "expected failure": the words of many runners, in any case.
std::optional<Outcome> status_word(std::string_view word);
// What the text below a failure tells: a check, something thrown, a time limit.
Outcome told_failure(std::string_view text);
// Whether the text counts tests: "3 passed, 1 failed", "Tests: 4".
bool has_totals_of_tests(std::string_view text);

// False, and nothing in the report, where the text is no log of tests.
bool read_any_log(std::string_view bytes, TestReport& report);
// What failed alone, where it is listed with numbers: "1) Calc differs", and below it why.
bool read_numbered_failures(std::string_view bytes, TestReport& report);

// What a text or document says that passed and failed, in all places where it says so: of some one is of files, or of
// checks.
struct Totals {
  std::vector<double> passed, failed, all;
  void note(std::string_view line);
  // Where no count is that of what was read, the report is incomplete, and nothing is known of any test for certain.
  void check(const TestReport& report, ReportBuilder& builder) const;
};

}  // namespace resident::ci

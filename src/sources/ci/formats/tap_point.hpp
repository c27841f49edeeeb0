// A line of TAP that is a result: "not ok 3 - name # TODO reason".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace resident::ci::tap {

struct Point {
  bool ok = false;
  bool opens = false;            // a subtest, whose lines stand behind it up to "}"
  std::string_view name, whole;  // whole: with what may be a directive
  std::optional<std::size_t> number = std::nullopt;
  enum class Directive { none, skip, todo, xfail, timeout, exit, thrown } directive = Directive::none;
  std::string_view reason;
  std::optional<double> seconds;
};

// "ok", "not ok", with or without number and " - "; a '#' that no backslash protects begins the directive. Nothing for
// any other line.
std::optional<Point> point_of(std::string_view line);
// Criterion's "suite::name  (0.15s)", "suite::name timed out (0.21s)": takes the time off the name.
std::optional<double> time_behind(std::string_view& name);
// "1..12"
bool is_plan(std::string_view line);
// Of "ok" alone many texts begin; a number follows, or a dash.
bool is_plain_point(std::string_view line);
// Catch2's: each assertion stands below a comment with its test's name.
bool asserts_below_comments(std::string_view head);
// Without backslashes before '#' and themselves.
std::string unescaped(std::string_view name);

bool starts_with_word(std::string_view text, std::string_view word);  // in any case
std::string_view trimmed(std::string_view text);
inline bool contains(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

}  // namespace resident::ci::tap

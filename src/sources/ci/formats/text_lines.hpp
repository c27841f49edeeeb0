// Small helps for forms that are lines of text or JSON.
#pragma once

#include <algorithm>
#include <array>
#include <base/pattern.hpp>
#include <optional>
#include <sources/decode/text_lines.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace resident::ci {

// Whether any line is what the pattern says.
inline bool has_line_of(std::string_view text, const Pattern& pattern) {
  bool found = false;
  each_line(text, [&](std::string_view line) { found = found || pattern.matches(line); });
  return found;
}

// "tests/test_a.py::TestX::test_y[1]" as pytest's JUnit form has it: class "tests.test_a.TestX", name "test_y[1]".
inline std::pair<std::string, std::string> pytest_name(std::string_view node) {
  const std::size_t bracket = node.find('['), last = node.rfind("::", bracket);
  if (last == std::string_view::npos) return {"", std::string(node)};
  std::string suite(node.substr(0, last));
  if (const std::size_t end = suite.find(".py"); end != std::string::npos) {
    std::string path = suite.substr(0, end);
    for (char& c : path)
      if (c == '/' || c == '\\') c = '.';
    suite = path + suite.substr(end + 3);
  }
  for (std::size_t at = suite.find("::"); at != std::string::npos; at = suite.find("::")) suite.replace(at, 2, ".");
  return {std::move(suite), std::string(node.substr(last + 2))};
}

// Does the first line name something thrown that is no failed check: "TypeError: boom", or as Ruby has it "boom
// (ArgumentError)"? A bare Error or RuntimeError is how many write a check by hand.
inline bool names_exception(std::string_view said) {
  std::string_view line = said.substr(0, said.find('\n'));
  const auto is_one = [](std::string_view name) {
    if (const std::size_t dot = name.find_last_of(".:"); dot != std::string_view::npos) name.remove_prefix(dot + 1);
    const bool is_check = has(name, "Assert") || has(name, "Expectation") || has(name, "Comparison");
    return (name.ends_with("Error") || name.ends_with("Exception")) && !is_check && name != "Error" &&
           name != "RuntimeError" && !has(name, " ");
  };
  const std::size_t colon = line.find(": "), open = line.rfind(" (");
  if (colon != std::string_view::npos && is_one(line.substr(0, colon))) return true;
  return line.ends_with(')') && open != std::string_view::npos && is_one(line.substr(open + 2, line.size() - open - 3));
}

// mocha's hooks stand among tests, as `"before each" hook for "title"` or `"after all" hook: name in "suite"`. A
// "before each" is the trouble of the test that it stood before, the others are their suite's. What the title's result
// is to be called; nothing where it is no hook's.
inline std::optional<std::string> mocha_hook_name(std::string_view title) {
  for (const std::string_view kind :
       {"\"before each\" hook", "\"before all\" hook", "\"after each\" hook", "\"after all\" hook"}) {
    if (!title.starts_with(kind)) continue;
    constexpr std::string_view kFor = " for \"";
    const std::size_t at = title.find(kFor);
    if (at == std::string_view::npos || !title.starts_with("\"before each")) return std::string(kind);
    title.remove_prefix(at + kFor.size());
    if (title.ends_with('"')) title.remove_suffix(1);
    return std::string(title);
  }
  return std::nullopt;
}

// The files that RSpec could not load: "An error occurred while loading ./spec/b_spec.rb."
template <class Each>
void each_unloaded_spec(std::string_view text, const Each& each) {
  static const Pattern unloaded(R"((?m)^An error occurred while loading (?:\./)?(\S+?)\.\r?$)");
  for (std::string file; unloaded.find_next(text, &file);) each(file);
}

// Whether a message is what runners say of a test that took too long.
inline bool says_timeout(std::string_view message) {
  constexpr std::array<std::string_view, 6> kWords{"Exceeded timeout of ", "Test timeout of ", "Timeout of ",
                                                   "imed out in ",         "imed out after ",  "imed out ("};
  return std::any_of(kWords.begin(), kWords.end(), [&](auto word) { return has(message, word); });
}

}  // namespace resident::ci

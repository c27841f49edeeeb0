// Small helps for forms that are lines of text or JSON.
#pragma once

#include <sources/decode/text_lines.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace resident::ci {

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

}  // namespace resident::ci

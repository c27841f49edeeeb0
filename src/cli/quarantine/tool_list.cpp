#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cctype>
#include <cli/quarantine/tool_list.hpp>
#include <model/tests/test_files.hpp>

namespace resident {

namespace {

// With a backslash before each of `special`.
std::string escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

// For a shell, and for Python's shlex.
std::string shell_quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

// pytest's node id of what its JUnit calls "tests.test_io.TestRead" and "test_seek": the file is one that the history
// has; without one, classes are the words from the first capital on.
std::string pytest_node(const Context& context, const std::string& suite, const std::string& name) {
  if (suite.empty() || name.find(".py::") != std::string::npos) return name;
  if (suite.find('/') != std::string::npos) return suite + "::" + name;
  const auto words = split(suite, '.');
  std::size_t classes = words.size();
  for (std::size_t i = 0; i < words.size() && classes == words.size(); ++i)
    if (!words[i].empty() && std::isupper(static_cast<unsigned char>(words[i].front()))) classes = i;
  for (std::size_t end = words.size(); end > 0; --end) {
    std::string file;
    for (std::size_t i = 0; i < end; ++i) file += (i ? "/" : "") + std::string(words[i]);
    if (context.database.integer("SELECT path_id FROM path WHERE project_id = :project AND path = :path",
                                 {{"project", context.project_id}, {"path", file + ".py"}})) {
      classes = end;
      break;
    }
  }
  std::string node;
  for (std::size_t i = 0; i < words.size(); ++i)
    node += (i == 0 ? "" : i < classes ? "/" : "::") + std::string(words[i]) + (i + 1 == classes ? ".py" : "");
  return node + "::" + name;
}

ToolList for_pytest(const Context& context, const std::vector<NamedTest>& tests) {
  ToolList list;
  std::vector<std::string> others;  // node ids of all known tests
  for (const auto rows =
           context.database.query("SELECT suite, name FROM ci_test WHERE project_id = :project ORDER BY test_id",
                                  {{"project", context.project_id}});
       rows->next();)
    // Of other suites none begins so; what is before a bracket decides.
    if (const std::string suite = rows->string(0), name = rows->string(1);
        std::any_of(tests.begin(), tests.end(), [&](const auto& each) {
          return each.first == suite && each.second != name && name.starts_with(each.second);
        }))
      others.push_back(suite + "::" + name);
  for (const auto& [suite, name] : tests) {
    const std::string whole = suite + "::" + name;
    const auto other =
        std::find_if(others.begin(), others.end(), [&](const auto& each) { return each.starts_with(whole); });
    if (other == others.end())
      list.text += shell_quoted("--deselect=" + pytest_node(context, suite, name)) + "\n";
    else
      list.left_out.push_back(fmt::format("{}: pytest would leave out {} with it", name,
                                          other->substr(suite.size() + std::string_view("::").size())));
  }
  return list;
}

// Alternatives within one expression; matches nothing where there is none.
std::string any_of(const std::vector<std::string>& patterns) {
  std::string all;
  for (const auto& each : patterns) all += (all.empty() ? "" : "|") + each;
  return patterns.empty() ? "^$" : all;
}

std::string for_ctest(const std::vector<NamedTest>& tests) {
  std::vector<std::string> patterns;
  for (const auto& [suite, name] : tests) patterns.push_back("^" + escaped(name, "\\^$.|?*+()[]") + "$");
  return any_of(patterns) + "\n";
}

// Each level of a subtest has its own expression, between slashes.
std::string for_go(const std::vector<NamedTest>& tests) {
  std::vector<std::string> patterns;
  for (const auto& [suite, name] : tests) {
    std::string pattern;
    for (const auto part : split(name, '/'))
      pattern += (pattern.empty() ? "^" : "/^") + escaped(part, "\\^$.|?*+()[]{}") + "$";
    patterns.push_back(std::move(pattern));
  }
  std::sort(patterns.begin(), patterns.end());
  patterns.erase(std::unique(patterns.begin(), patterns.end()), patterns.end());
  return any_of(patterns) + "\n";
}

std::string for_regrtest(const std::vector<NamedTest>& tests) {
  std::string text;
  for (const auto& [suite, name] : tests) {
    // A pattern of fnmatch.
    std::string pattern;
    for (const char c : suite.empty() ? name : suite + "." + name)
      pattern += c == '[' || c == '*' || c == '?' ? fmt::format("[{}]", c) : std::string(1, c);
    text += pattern + "\n";
  }
  return text;
}

}  // namespace

const std::vector<std::string>& listing_tools() {
  static const std::vector<std::string> tools{"pytest", "ctest", "go", "regrtest"};
  return tools;
}

ToolList tool_list(const Context& context, const std::string& tool, const std::vector<NamedTest>& tests) {
  if (tool == "pytest") return for_pytest(context, tests);
  if (tool == "ctest") return {for_ctest(tests), {}};
  if (tool == "go") return {for_go(tests), {}};
  if (tool == "regrtest") return {for_regrtest(tests), {}};
  throw Error(ErrorKind::usage, fmt::format("there is no list for {}", one_line(tool)),
              "there is one for pytest, ctest, go and regrtest");
}

}  // namespace resident

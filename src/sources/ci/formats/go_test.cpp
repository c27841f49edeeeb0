// `go test -json` (cmd/test2json) and `go test -v`. Whoever prints "--- FAIL: Name" makes an event for a test that
// there is not; whoever prints without a newline hides their own result. So a test counts that was begun, and its own
// closing line is looked for in what it printed.
#include <algorithm>
#include <map>
#include <set>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <unordered_map>
#include <vector>

namespace resident::ci {

namespace {

using enum Outcome;

struct Running {
  std::string package, name;
  Outcome outcome = missing;
  bool is_known = false;
  std::optional<double> seconds;
  std::string output;
};

struct Closing {
  Outcome outcome;
  std::string_view name;
  std::optional<double> seconds;
};

// "--- PASS: Name (0.03s)", anywhere in the line; `of`: where only this name is meant.
std::optional<Closing> closing_of(std::string_view line, std::string_view of = {}) {
  for (const auto& [mark, outcome] :
       {std::pair<std::string_view, Outcome>{"--- PASS: ", pass}, {"--- FAIL: ", fail}, {"--- SKIP: ", skip}}) {
    for (std::size_t at = line.find(mark); at != std::string_view::npos; at = line.find(mark, at + 1)) {
      const std::string_view rest = line.substr(at + mark.size());
      const std::size_t open = rest.rfind(" (");
      if (open == std::string_view::npos || !trim(rest).ends_with("s)")) continue;
      const std::string_view name = rest.substr(0, open);
      if (!of.empty() && name != of) continue;
      return Closing{outcome, name, leading_number(rest.substr(open + 2))};
    }
  }
  return std::nullopt;
}

class Gatherer {
 public:
  explicit Gatherer(TestReport& report) : builder_(report) {}

  // A test that is begun again has been run again (-count): its former run is done with.
  void begin(const std::string& package, const std::string& name) {
    const std::string key = package + '\x1f' + name;
    open_[key] = tests_.size();
    tests_.push_back({package, name, missing, false, {}, {}});
  }
  Running* find(const std::string& package, const std::string& name) {
    const auto found = open_.find(package + '\x1f' + name);
    return found == open_.end() ? nullptr : &tests_[found->second];
  }
  void close(Running& test, Outcome outcome, std::optional<double> seconds) {
    test.outcome = outcome;
    test.is_known = true;
    if (seconds) test.seconds = seconds;
  }
  // Of the tests since the last package's end.
  void name_package(const std::string& package) {
    for (; named_ < tests_.size(); ++named_) tests_[named_].package = package;
  }
  void finish(bool package_failed) {
    for (auto& test : tests_) {
      if (!test.is_known) {
        std::optional<Closing> own;
        each_line(test.output, [&](std::string_view line) {
          if (const auto found = closing_of(line, test.name)) own = found;
        });
        if (own) close(test, own->outcome, own->seconds);
      }
      Outcome outcome = test.outcome;
      const std::string_view text = test.output;
      if (has(text, "panic: test timed out after")) {
        outcome = timeout;
      } else if ((outcome == fail || outcome == missing) && (has(text, "panic: ") || has(text, "fatal error: "))) {
        outcome = has(text, "SIGSEGV") || outcome == missing ? crash : error;
      } else if (outcome == missing && package_failed) {
        outcome = crash;  // begun, and the process ended before it did
      }
      if (outcome == missing) continue;
      builder_.add(test.package, test.name, outcome, test.seconds,
                   outcome == pass ? std::string_view() : message(text));
    }
  }

 private:
  // What the test said, without the runner's own lines.
  static std::string message(std::string_view output) {
    std::string result;
    each_line(output, [&](std::string_view line) {
      if (line.starts_with("=== ") || trim(line).starts_with("--- ") || result.size() > kLongestMessage) return;
      result.append(line).push_back('\n');
    });
    return result;
  }
  ReportBuilder builder_;
  std::vector<Running> tests_;
  std::size_t named_ = 0;
  std::unordered_map<std::string, std::size_t> open_;
};

bool matches_json(std::string_view head) {
  return head.starts_with("{\"Time\":") || (head.starts_with('{') && has(head.substr(0, 400), "\"Action\":\"") &&
                                            has(head.substr(0, 400), "\"Package\":"));
}

void read_json(const Input& input, TestReport& report) {
  report.tool = "go";
  Gatherer gatherer(report);
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, missing});
  bool failed = false;
  std::map<std::string, bool> is_ended;  // by package
  std::set<std::string> red;             // packages that failed
  const std::size_t broken = each_json_line(input.bytes, [&](const simdjson::dom::element& event) {
    const std::string_view action = text_of(event, "Action");
    const std::string package(text_of(event, "Package")), name(text_of(event, "Test"));
    const auto seconds = number_of(event, "Elapsed");
    if (!action.starts_with("build-")) is_ended.emplace(package, false);
    if (name.empty()) {
      if (action == "fail" || action == "pass" || action == "skip") is_ended[package] = true;
      if (action == "fail") failed = true, red.insert(package);
      if (action == "build-fail" || (action == "fail" && !text_of(event, "FailedBuild").empty()))
        builder.add("", package.empty() ? std::string(text_of(event, "ImportPath")) : package, error, {},
                    "the build failed");
      return;
    }
    if (action == "run") {
      gatherer.begin(package, name);
      return;
    }
    Running* test = gatherer.find(package, name);
    if (test == nullptr) return;  // printed by another test: there is no such test
    if (action == "output") {
      constexpr std::size_t kMostOutput = 64 << 10;
      if (test->output.size() < kMostOutput) test->output += text_of(event, "Output");
      return;
    }
    if (action == "pass") gatherer.close(*test, pass, seconds);
    if (action == "fail") gatherer.close(*test, fail, seconds);
    if (action == "skip") gatherer.close(*test, skip, seconds);
  });
  gatherer.finish(failed);
  // TestMain, or what ran after the tests.
  for (const auto& result : report.results)
    if (is_failure(result.outcome)) red.erase(result.suite.empty() ? result.name : result.suite);
  for (const auto& package : red) builder.add("", package, error, {}, "the package failed, and no test of it did");
  const auto open = std::count_if(is_ended.begin(), is_ended.end(), [](const auto& each) { return !each.second; });
  if (open > 0)
    builder.incomplete(open == 1 ? "a package was begun and has no end: the run was killed"
                                 : std::to_string(open) + " packages were begun and have no end: the run was killed");
  if (broken > 0) builder.incomplete(std::to_string(broken) + " lines begin like events and are none");
  number_repeated_names(report);
}

bool matches_text(std::string_view head) {
  return head.starts_with("=== RUN   ") || has(head, "\n=== RUN   ");
}

void read_text(const Input& input, TestReport& report) {
  report.tool = "go";
  Gatherer gatherer(report);
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, missing});
  std::string current;
  bool failed = false;
  std::vector<std::string> begun;
  each_line(input.bytes, [&](std::string_view line) {
    for (const std::string_view mark : {"=== RUN   ", "=== CONT  ", "=== NAME  "}) {
      if (!line.starts_with(mark)) continue;
      current = std::string(trim(line.substr(mark.size())));
      if (mark == "=== RUN   ") gatherer.begin("", current);
      return;
    }
    if (line.starts_with("FAIL")) failed = true;
    if (const auto closing = closing_of(line)) {
      if (Running* test = gatherer.find("", std::string(closing->name))) {
        // A line at the margin that names a test which is going on is its end; subtests' are indented below it.
        gatherer.close(*test, closing->outcome, closing->seconds);
        return;
      }
    }
    if (Running* test = gatherer.find("", current); test != nullptr && test->output.size() < (64U << 10U)) {
      test->output.append(line).push_back('\n');
      if (has(line, "panic: ")) failed = true;
    }
    if (line.starts_with("ok  \t") || line.starts_with("FAIL\t")) {
      const std::string_view rest = line.substr(line.find('\t') + 1);
      gatherer.name_package(std::string(rest.substr(0, rest.find_first_of("\t "))));
    }
  });
  gatherer.finish(failed);
  number_repeated_names(report);
}

}  // namespace

extern const Format go_json_format, go_text_format;
const Format go_json_format{"go-test-json", matches_json, read_json};
const Format go_text_format{"go-test", matches_text, read_text};

}  // namespace resident::ci

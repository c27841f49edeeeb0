// `go test -json` (cmd/test2json) and `go test -v`. Whoever prints "--- FAIL: Name" makes an event for a test that
// there is not; whoever prints without a newline hides their own result. So a test counts that was begun, and its own
// closing line is looked for in what it printed.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/ginkgo_text.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <unordered_map>
#include <utility>
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

constexpr std::size_t kMostOutput = 64U << 10U;  // of a test or a package, that is kept

// "panic: " at the margin with the stack behind it: the runtime's, not a word of the program.
std::size_t panic_in(std::string_view output) {
  std::size_t at = output.starts_with("panic: ") ? 0 : output.find("\npanic: ");
  if (at == std::string_view::npos) return at;
  at += output[at] == '\n' ? 1 : 0;
  const bool has_stack = output.find("\ngoroutine ", at) != std::string_view::npos &&
                         output.find(" [running", at) != std::string_view::npos;
  return has_stack ? at : std::string_view::npos;
}

struct Package {
  bool is_ended = false, has_failed = false;
  bool is_told = false;  // as one whose build failed
  std::string output;    // of no test
};

class Gatherer {
 public:
  explicit Gatherer(TestReport& report) : report_(report), builder_(report) {}

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
  // Tests that have no package's end behind them.
  bool has_open_end() const { return named_ < tests_.size(); }
  // By name: "" where the tests' package is not named.
  void finish(const std::map<std::string, Package>& packages) {
    for (auto& test : tests_) {
      const auto package = packages.find(test.package);
      const bool package_failed = package != packages.end() && package->second.has_failed;
      const bool is_green = package != packages.end() && package->second.is_ended && !package_failed;
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
      } else if (outcome == pass && !is_green && panic_in(text) != std::string_view::npos) {
        outcome = has(text, "SIGSEGV") ? crash : error;  // Go 1.14 says that a test passed which panicked
      } else if (outcome == missing && package_failed) {
        outcome = crash;  // begun, and the process ended before it did
      }
      if (outcome == missing) continue;
      builder_.add(test.package, test.name, outcome, test.seconds,
                   outcome == pass ? std::string_view() : message(text));
      // A whole suite of Ginkgo is one test to go.
      if (says_ginkgo(without_colours(text))) read_ginkgo_text(text, report_);
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
  TestReport& report_;
  ReportBuilder builder_;
  std::vector<Running> tests_;
  std::size_t named_ = 0;
  std::unordered_map<std::string, std::size_t> open_;
};

// Before Go 1.24, what could not be built stands between the events as text, and before the first of them.
bool matches_json(std::string_view head) {
  while (head.starts_with("FAIL\t") && has(head, "\n")) head.remove_prefix(head.find('\n') + 1);
  return head.starts_with("{\"Time\":") || (head.starts_with('{') && has(head.substr(0, 400), "\"Action\":\"") &&
                                            has(head.substr(0, 400), "\"Package\":"));
}

// "FAIL\tpackage [build failed]"; "" where it is none.
std::string_view build_failure(std::string_view line) {
  if (has(line, "[build failed]")) return "the build failed";
  return has(line, "[setup failed]") ? "the set-up failed" : std::string_view();
}

// What a package's failure is, where no test of it failed: a panic in init() or TestMain, an exit code after the tests.
void add_packages(const std::map<std::string, Package>& packages, TestReport& report) {
  ReportBuilder builder(report);
  std::set<std::string> red;
  for (const auto& [name, package] : packages)
    if (package.has_failed && !package.is_told) red.insert(name);
  for (const auto& result : report.results)
    if (is_failure(result.outcome)) red.erase(result.suite.empty() ? result.name : result.suite);
  for (const auto& name : red) {
    const std::string_view output = packages.at(name).output;
    const std::size_t panic = panic_in(output);
    const std::string_view said = panic == std::string_view::npos ? std::string_view() : output.substr(panic);
    Outcome outcome = has(said, "SIGSEGV") ? crash : error;
    if (said.starts_with("panic: test timed out after")) outcome = timeout;
    builder.add("", name.empty() ? "go test" : name, outcome, {},
                said.empty() ? "the package failed, and no test of it did" : said);
  }
}

void read_json(const Input& input, TestReport& report) {
  report.tool = "go";
  Gatherer gatherer(report);
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, missing});
  std::map<std::string, Package> packages;
  std::vector<std::string> broken_builds;  // import paths
  std::set<std::string> told_builds;       // by the packages that needed them
  const std::size_t broken = each_json_line(input.bytes, [&](const simdjson::dom::element& event) {
    const std::string_view action = text_of(event, "Action");
    if (action == "build-fail") broken_builds.emplace_back(text_of(event, "ImportPath"));
    // What a program printed among them has no such action; go vet's and the build's events are of no package.
    constexpr std::array<std::string_view, 9> kActions{"start", "run",  "pause",  "cont", "pass",
                                                       "bench", "fail", "output", "skip"};
    if (std::find(kActions.begin(), kActions.end(), action) == kActions.end()) return;
    const std::string name(text_of(event, "Test"));
    const auto seconds = number_of(event, "Elapsed");
    const auto of = packages.try_emplace(std::string(text_of(event, "Package"))).first;
    Package& package = of->second;
    if (name.empty()) {
      if (action == "output" && package.output.size() < kMostOutput) package.output += text_of(event, "Output");
      if (action == "fail" || action == "pass" || action == "skip") package.is_ended = true;
      if (action != "fail") return;
      package.has_failed = true;
      // Since Go 1.24, the same failure as that of "build-fail".
      if (const std::string_view build = text_of(event, "FailedBuild"); !build.empty()) {
        told_builds.emplace(build);
        if (!std::exchange(package.is_told, true)) builder.add("", of->first, error, {}, "the build failed");
      }
      return;
    }
    if (action == "run") {
      gatherer.begin(of->first, name);
      return;
    }
    Running* test = gatherer.find(of->first, name);
    if (test == nullptr) return;  // printed by another test: there is no such test
    if (action == "output") {
      if (test->output.size() < kMostOutput) test->output += text_of(event, "Output");
      return;
    }
    if (action == "pass") gatherer.close(*test, pass, seconds);
    if (action == "fail") gatherer.close(*test, fail, seconds);
    if (action == "skip") gatherer.close(*test, skip, seconds);
  });
  constexpr std::string_view kFail = "FAIL\t";
  for (std::size_t at = input.bytes.find(kFail); at != std::string_view::npos; at = input.bytes.find(kFail, at + 1)) {
    if (at > 0 && input.bytes[at - 1] != '\n') continue;
    std::string_view line = input.bytes.substr(at + kFail.size(), kLongestName);
    line = line.substr(0, line.find('\n'));
    const std::string name(line.substr(0, line.find_first_of("\t ")));
    if (build_failure(line).empty()) continue;
    if (!std::exchange(packages[name].is_told, true)) builder.add("", name, error, {}, build_failure(line));
    packages[name].is_ended = true;
  }
  for (const auto& build : broken_builds)
    // "p [p.test]": the package, as its tests need it.
    if (told_builds.insert(build).second)
      builder.add("", build.substr(0, build.find(" [")), error, {}, "the build failed");
  gatherer.finish(packages);
  add_packages(packages, report);
  const auto open =
      std::count_if(packages.begin(), packages.end(), [](const auto& each) { return !each.second.is_ended; });
  if (open > 0)
    builder.incomplete(open == 1 ? "a package was begun and has no end: the run was killed"
                                 : std::to_string(open) + " packages were begun and have no end: the run was killed");
  if (broken > 0) builder.incomplete(std::to_string(broken) + " lines begin like events and are none");
  number_repeated_names(report);
}

bool is_verbose(std::string_view text) {
  return text.starts_with("=== RUN   ") || has(text, "\n=== RUN   ");
}

// Without -v only what failed has a line, and what it said stands below it.
bool matches_text(std::string_view head) {
  static const Pattern failed(R"((?m)^--- (?:FAIL|SKIP): \S+ \([0-9.]+s\)\r?$)");
  static const Pattern package(R"((?m)^(?:ok  |FAIL|\?   )\t\S+|^exit status [0-9]+$|^panic: |^FAIL\r?$)");
  static const Pattern unbuilt(R"((?m)^FAIL\t\S+ \[(?:build|setup) failed\]\r?$)");
  return is_verbose(head) || unbuilt.found_in(head) || (failed.found_in(head) && package.found_in(head));
}

void read_text(const Input& input, TestReport& report) {
  report.tool = "go";
  Gatherer gatherer(report);
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, missing});
  const bool is_plain = !is_verbose(input.bytes);
  if (is_plain) builder.cannot_tell({pass, skip});
  std::string current;
  std::map<std::string, Package> packages;
  Package open;            // that is not named yet
  bool has_ended = false;  // what was begun last
  each_line(input.bytes, [&](std::string_view line) {
    for (const std::string_view mark : {"=== RUN   ", "=== CONT  ", "=== NAME  "}) {
      if (!line.starts_with(mark)) continue;
      current = std::string(trim(line.substr(mark.size())));
      if (mark == "=== RUN   ") gatherer.begin("", current), has_ended = false;
      return;
    }
    if (line == "FAIL" || line == "PASS") {
      open.has_failed = open.has_failed || line == "FAIL", has_ended = true;
      current.clear();
    }
    if (const auto closing = closing_of(line)) {
      if (Running* test = gatherer.find("", std::string(closing->name))) {
        // A line at the margin that names a test which is going on is its end; subtests' are indented below it.
        gatherer.close(*test, closing->outcome, closing->seconds);
        return;
      }
      if (is_plain && trim(line).starts_with("--- ")) {
        current = std::string(closing->name);
        gatherer.begin("", current);
        gatherer.close(*gatherer.find("", current), closing->outcome, closing->seconds);
        return;
      }
    }
    if (line.starts_with("ok  \t") || line.starts_with("FAIL\t")) {
      const std::string_view rest = line.substr(line.find('\t') + 1);
      const std::string name(rest.substr(0, rest.find_first_of("\t ")));
      gatherer.name_package(name);
      Package& package = packages[name];
      package.is_ended = has_ended = true;
      package.has_failed = package.has_failed || line.starts_with("FAIL");
      package.output += open.output;
      if (!build_failure(rest).empty() && !std::exchange(package.is_told, true))
        builder.add("", name, error, {}, build_failure(rest));
      open = {};
      current.clear();
      return;
    }
    if (Running* test = gatherer.find("", current); test != nullptr && test->output.size() < kMostOutput)
      test->output.append(line).push_back('\n');
    if (open.output.size() < kMostOutput) open.output.append(line).push_back('\n');
  });
  // A test binary that was run by itself names no package.
  if (gatherer.has_open_end()) {
    open.has_failed = open.has_failed || panic_in(open.output) != std::string_view::npos;
    open.is_ended = has_ended || open.has_failed;
    if (!open.is_ended) builder.incomplete("tests were begun behind the last package's end: the run was killed");
    packages.emplace("", std::move(open));
  }
  gatherer.finish(packages);
  add_packages(packages, report);
  number_repeated_names(report);
}

}  // namespace

extern const Format go_json_format, go_text_format;
const Format go_json_format{"go-test-json", matches_json, read_json};
const Format go_text_format{"go-test", matches_text, read_text};

}  // namespace resident::ci

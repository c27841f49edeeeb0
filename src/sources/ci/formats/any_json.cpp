#include <simdjson.h>

#include <algorithm>
#include <array>
#include <sources/ci/formats/any_json.hpp>
#include <sources/ci/formats/any_log.hpp>
#include <sources/ci/formats/text_lines.hpp>

namespace resident::ci {

namespace {

using enum Outcome;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr int kDeepest = 40;

std::string_view first_text(const element& value, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (const std::string_view text = text_of(value, key); !text.empty()) return text;
  return {};
}

// A title may be an object of several: the one that people see.
std::string name_of(const element& value) {
  for (const std::string_view key : {"fullTitle", "fullName", "full_name", "title", "name", "description", "test",
                                     "testName", "test_name", "assertion", "lhsExpr"}) {
    std::string_view text = text_of(value, key);
    element inner;
    if (text.empty() && value[key].get(inner) == simdjson::SUCCESS)
      text = first_text(inner, {"expanded", "full", "name", "title"});
    if (text.empty()) continue;
    std::string name(text);
    if (key == "lhsExpr") name.append(" ").append(text_of(value, "rhsExpr"));
    return name;
  }
  return {};
}

std::string suite_in(const element& value) {
  return std::string(first_text(value, {"suite", "suiteName", "className", "classname", "class", "module", "fixture",
                                        "group", "context", "parentSuite", "file", "filename", "relativePath"}));
}

std::string message_of(const element& value) {
  for (const std::string_view key :
       {"exception", "error", "err", "message", "failureMessage", "failure", "errors", "reason", "skipReason"}) {
    element inner;
    if (value[key].get(inner) != simdjson::SUCCESS) continue;
    simdjson::dom::array list;
    if (inner.get(list) == simdjson::SUCCESS && list.size() > 0) inner = list.at(0).value();
    std::string_view text;
    if (inner.get(text) == simdjson::SUCCESS && !text.empty()) return std::string(text);
    if (!inner.is_object()) continue;
    element nested = inner;
    if (element deeper; inner["error"].get(deeper) == simdjson::SUCCESS && deeper.is_object()) nested = deeper;
    std::string whole(first_text(nested, {"name", "type"}));
    const std::string_view said = first_text(nested, {"message", "stack", "test"});
    if (!whole.empty() && !said.empty()) whole += ": ";
    whole += said;
    if (!whole.empty()) return whole;
  }
  return {};
}

std::optional<double> seconds_in_json(const element& value) {
  for (const std::string_view key : {"duration_ms", "durationMs", "time_ms", "runDuration", "elapsed_ms"})
    if (const auto number = number_of(value, key)) return *number / 1000;
  for (const std::string_view key : {"seconds", "elapsed", "duration_s", "time_s"})
    if (const auto number = number_of(value, key)) return number;
  return std::nullopt;  // "duration" and "time" are either
}

bool flag(const element& value, std::string_view key) {
  bool is = false;
  return value[key].get(is) == simdjson::SUCCESS && is;
}

// How it ended, by a word, a yes or no, or by there being an error.
std::optional<Outcome> ended(const element& value) {
  for (const std::string_view key : {"outcome", "status", "result", "state", "verdict"})
    if (const std::string_view word = text_of(value, key); !word.empty())
      if (const auto outcome = status_word(word))
        // vows' check that did not hold.
        return word == "broken" && text_of(value, "exception").starts_with("expected ") ? fail : *outcome;
  for (const std::string_view key : {"skipped", "isSkipped", "pending", "isTodo", "todo", "skip"})
    if (flag(value, key)) return skip;
  // node-tap's: why, where there is a reason.
  const auto passed = [&] { return flag(value, "ok") || flag(value, "passed") || flag(value, "pass"); };
  if (!text_of(value, "skip").empty()) return skip;
  if (!text_of(value, "todo").empty()) return passed() ? skip : xfail;
  for (const std::string_view key : {"passed", "pass", "success", "ok"})
    if (bool is = false; value[key].get(is) == simdjson::SUCCESS) return is ? pass : fail;
  return std::nullopt;
}

class Walk {
 public:
  explicit Walk(TestReport& report) : report_(report), builder_(report) {}

  // Whether there is a test in it. `word`: how all in it ended, where a list's name says so ("failures").
  bool any(const element& value, const std::string& path, std::optional<Outcome> word, int depth) {
    if (depth > kDeepest) return false;
    if (simdjson::dom::array list; value.get(list) == simdjson::SUCCESS) {
      bool found = false;
      for (const element each : list) found = any(each, path, word, depth + 1) || found;
      return found;
    }
    object members;
    if (value.get(members) != simdjson::SUCCESS) return false;
    const std::string name = name_of(value);
    // What says how it ended and holds others that do is a suite.
    const std::string inner = name.empty() ? own_path(value, path) : path.empty() ? name : path + " > " + name;
    bool found = false;
    for (const auto& [key, member] : members) {
      if (!member.is_object() && !member.is_array()) continue;
      if (key == "error" || key == "err" || key == "errors" || key == "stats" || key == "summary") continue;
      found = any(member, inner, list_word(key), depth + 1) || found;
    }
    if (found || name.empty()) return found;
    auto outcome = ended(value);
    if (!outcome) outcome = word;
    if (!outcome && value["errors"].is_array() && value["duration"].is_number()) outcome = by_errors(value);
    if (!outcome) return false;
    add(value, name, path, *outcome);
    return true;
  }

  bool finish(std::string_view bytes) {
    if (report_.results.size() < 2) {
      report_.results.clear();
      return false;
    }
    builder_.cannot_tell({missing, crash});
    // Two words that all such documents have for how many failed.
    static const Pattern told(R"x("(?:numFailedTests|failures|failed|failedCount|fail)" ?: ?([0-9]+))x");
    Totals totals;
    std::string_view groups[2];
    for (std::size_t at = 0; told.search(bytes, at, Pattern::Anchor::none, groups);) {
      totals.failed.push_back(leading_number(groups[1]).value_or(0));
      at = static_cast<std::size_t>(groups[1].data() + groups[1].size() - bytes.data());
    }
    totals.check(report_, builder_);
    for (const Outcome each : {flaky, timeout, xfail, xpass, error, skip, pass})
      if (std::none_of(report_.results.begin(), report_.results.end(),
                       [&](const TestResult& result) { return result.outcome == each; }))
        builder_.cannot_tell({each});
    number_repeated_names(report_);
    return true;
  }

 private:
  static std::string own_path(const element& value, const std::string& path) {
    element test;
    std::string own;
    if (value["test"].get(test) == simdjson::SUCCESS && test.is_object())
      own = first_text(test, {"filename", "name", "path"});
    return own.empty() ? path : path.empty() ? own : path + " > " + own;
  }
  static std::optional<Outcome> list_word(std::string_view key) {
    if (key == "passes" || key == "passed") return pass;
    if (key == "failures" || key == "failed" || key == "fails") return fail;
    if (key == "pending" || key == "skipped" || key == "skips" || key == "todo") return skip;
    return std::nullopt;
  }

  static Outcome by_errors(const element& value) {
    simdjson::dom::array errors;
    const bool failed = value["errors"].get(errors) == simdjson::SUCCESS && errors.size() > 0;
    if (flag(value, "isFailing")) return failed ? xfail : xpass;
    if (!failed && number_of(value, "retryAttempt").value_or(0) > 1) return flaky;
    if (!failed) return pass;
    const std::string_view phase = text_of(errors.at(0), "phase");
    return phase.empty() || phase == "test" ? fail : error;
  }

  void add(const element& value, const std::string& name, const std::string& path, Outcome outcome) {
    const std::string message = message_of(value);
    if (outcome == fail) outcome = told_failure(message);
    std::string suite = path;
    if (const std::string own = suite_in(value); !own.empty() && path.empty()) suite = own;
    // mocha's fullTitle holds the suites.
    TestResult& result = builder_.add(suite, name, outcome, seconds_in_json(value), outcome == pass ? "" : message);
    if (outcome == flaky) result.attempts = {fail, pass};
    const double tries = number_of(value, "currentRetry").value_or(0);
    if (tries > 0 && outcome == pass) result.attempts = {fail, pass}, result.outcome = flaky;
  }

  TestReport& report_;
  ReportBuilder builder_;
};

}  // namespace

bool read_any_json(std::string_view bytes, TestReport& report) {
  constexpr std::size_t kMost = std::size_t{256} << 20U;
  if (bytes.size() > kMost || bytes.empty() || (bytes.front() != '{' && bytes.front() != '[')) return false;
  simdjson::dom::parser parser;
  Walk walk(report);
  element document;
  if (parser.parse(simdjson::padded_string(bytes)).get(document) == simdjson::SUCCESS) {
    walk.any(document, "", {}, 0);
    return walk.finish(bytes);
  }
  // One document a line.
  bool is_broken = false;
  std::string group;
  each_line(bytes, [&](std::string_view line) {
    if (is_broken || trim(line).empty()) return;
    if (parser.parse(simdjson::padded_string(line)).get(document) != simdjson::SUCCESS) {
      is_broken = true;
      return;
    }
    const std::string_view event = text_of(document, "event");
    if (event == "group:start" || event == "suite:start")
      group = event == "suite:start" ? "" : text_of(document, "title");
    if (event == "group:end") group.clear();
    walk.any(document, group, {}, 0);
  });
  if (!walk.finish(bytes)) return false;
  if (is_broken) ReportBuilder(report).incomplete("a line is no JSON: the run was killed while it wrote");
  return true;
}

}  // namespace resident::ci

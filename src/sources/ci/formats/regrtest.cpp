// The log of CPython's regrtest (python -m test): a line a module in order, details of what failed, a summary. A run
// that was killed has neither summary nor a result for what was going on: those modules are named.
#include <algorithm>
#include <map>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <vector>

namespace resident::ci {

namespace {

using enum Outcome;

// "0:00:05 load avg: 1.06 [ 6/31/1] test_x failed (15 errors)" → what stands behind the bracket.
std::optional<std::string_view> module_part(std::string_view line) {
  if (line.size() < 8 || line[1] != ':' || !(line[0] >= '0' && line[0] <= '9')) return std::nullopt;
  const std::size_t open = line.find('['), close = line.find("] ", open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos || open > 40) return std::nullopt;
  if (line.substr(open, close - open).find('/') == std::string_view::npos) return std::nullopt;
  return trim(line.substr(close + 2));
}

// "(1 min 2 sec)", "(12.3 sec)", "(350 ms)"; nothing for other words in brackets.
std::optional<double> duration_of(std::string_view text) {
  const std::size_t open = text.rfind('(');
  if (open == std::string_view::npos || !text.ends_with(')')) return std::nullopt;
  std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  double seconds = 0;
  bool any = false;
  while (!inside.empty()) {
    const auto value = leading_number(inside);
    if (!value) break;
    inside = inside.substr(inside.find_first_not_of("0123456789.") == std::string_view::npos
                               ? inside.size()
                               : inside.find_first_not_of("0123456789."));
    inside = trim(inside);
    const std::string_view unit = inside.substr(0, inside.find(' '));
    if (unit == "ms") {
      seconds += *value / 1000;
    } else if (unit == "sec") {
      seconds += *value;
    } else if (unit == "min") {
      seconds += 60 * *value;
    } else if (unit == "hour" || unit == "hours") {
      seconds += 3600 * *value;
    } else {
      return std::nullopt;
    }
    any = true;
    inside = trim(inside.substr(unit.size()));
  }
  return any ? std::optional(seconds) : std::nullopt;
}

Outcome outcome_of_words(std::string_view words) {
  if (words.starts_with("passed") || words.empty()) return pass;
  if (words.starts_with("skipped") || words.starts_with("run no test")) return skip;
  if (words.starts_with("crashed") || has(words, "worker non-zero exit code") || has(words, "worker bug")) return crash;
  if (words.starts_with("timed out") || has(words, "(timeout)")) return timeout;
  if (words.starts_with("failed (uncaught exception)") || has(words, "worker error") || has(words, "import error"))
    return error;
  if (words.starts_with("interrupted")) return missing;
  return fail;
}

struct Module {
  std::string name, message;
  std::vector<Outcome> outcomes;
  std::optional<double> seconds;
  bool has_result = false;
};

class Reader {
 public:
  explicit Reader(TestReport& report) : builder_(report) {}

  void line(std::string_view line) {
    if (line.starts_with("== Tests result:") || line.starts_with("Tests result:")) is_finished_ = true;
    if (has(line, "Re-running ") || has(line, "re-running ")) in_rerun_ = true;
    if (const std::size_t at = line.find(" running: ");
        at != std::string_view::npos && line.size() > 8 && line[1] == ':') {
      running_ = std::string(line.substr(at + 10));
      return;
    }
    if (const auto part = module_part(line)) {
      // Behind the result stand those that are going on: " -- running: test_a (30.0 sec)".
      std::string_view words = *part;
      if (const std::size_t dashes = words.find(" -- running"); dashes != std::string_view::npos) {
        running_ = std::string(
            words.substr(words.find(": ", dashes) == std::string_view::npos ? dashes : words.find(": ", dashes) + 2));
        words = words.substr(0, dashes);
      } else {
        running_.clear();
      }
      const std::size_t blank = words.find(' ');
      const std::string_view name = words.substr(0, blank);
      std::string_view result = blank == std::string_view::npos ? std::string_view() : trim(words.substr(blank));
      if (!looks_like_module(name)) return;
      // One after the other: the line stands when it begins, and the next one means that it passed.
      if (result.empty()) {
        close_sequential();
        current_ = std::string(name);
        return;
      }
      set(name, result);
      return;
    }
    // Without --parallel the result stands on a line of its own: "test test_x failed", "test_x skipped -- reason".
    if (line.starts_with("test ") && !current_.empty()) {
      const std::string_view rest = line.substr(5);
      const std::size_t blank = rest.find(' ');
      if (blank != std::string_view::npos && rest.substr(0, blank) == current_) {
        set(current_, trim(rest.substr(blank)));
        current_.clear();
        return;
      }
    }
    if (!current_.empty() && line.starts_with(current_ + " skipped")) {
      set(current_, "skipped");
      current_.clear();
      return;
    }
    // unittest's own lines: the test inside that failed, or the one that was going on.
    if ((line.starts_with("FAIL: ") || line.starts_with("ERROR: ")) && !in_rerun_) {
      const std::size_t open = line.find(" (");
      inner_.emplace_back(std::string(trim(line.substr(line.find(' ') + 1, open == std::string_view::npos
                                                                               ? std::string_view::npos
                                                                               : open - line.find(' ') - 1))),
                          open == std::string_view::npos
                              ? std::string()
                              : std::string(line.substr(open + 2, line.rfind(')') - open - 2)),
                          line.starts_with("FAIL") ? fail : error);
    }
    if (const std::size_t at = line.find(" ... "); at != std::string_view::npos && line.starts_with("test"))
      last_begun_ = line.substr(0, at);
  }

  void finish() {
    if (is_finished_) close_sequential();
    for (auto& module : modules_) {
      for (const auto outcome : module.outcomes)
        if (outcome != missing) builder_.attempt("", module.name, outcome, module.seconds, module.message);
    }
    for (const auto& [name, where, outcome] : inner_)
      if (where != name) builder_.attempt(where, name, outcome);
    if (!is_finished_) {
      builder_.incomplete("there is no summary: the run was killed");
      hung();
    }
  }

 private:
  static bool looks_like_module(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    });
  }
  void set(std::string_view name, std::string_view result) {
    auto found = std::find_if(modules_.begin(), modules_.end(), [&](const Module& each) { return each.name == name; });
    if (found == modules_.end()) {
      modules_.push_back({std::string(name), {}, {}, {}, false});
      found = modules_.end() - 1;
    }
    found->outcomes.push_back(outcome_of_words(result));
    found->has_result = true;
    if (const auto seconds = duration_of(result)) found->seconds = seconds;
    if (found->outcomes.back() != pass) found->message = std::string(result);
  }
  void close_sequential() {
    if (!current_.empty()) set(current_, "passed");
    current_.clear();
  }
  // What was going on when the log ends.
  void hung() {
    std::vector<std::string> names;
    if (!current_.empty()) names.push_back(current_);
    std::string_view list = running_;
    while (!list.empty()) {
      const std::string_view one = trim(list.substr(0, list.find(", ")));
      const std::string_view name = one.substr(0, one.find(' '));
      if (looks_like_module(name)) names.emplace_back(name);
      list = list.find(", ") == std::string_view::npos ? std::string_view() : list.substr(list.find(", ") + 2);
    }
    for (const auto& name : names) {
      builder_.add("", name, timeout, {},
                   last_begun_.empty() ? "was going on when the run was killed"
                                       : "was going on when the run was killed: " + last_begun_);
    }
  }

  ReportBuilder builder_;
  std::vector<Module> modules_;
  std::vector<std::tuple<std::string, std::string, Outcome>> inner_;
  std::string current_, running_, last_begun_;
  bool is_finished_ = false, in_rerun_ = false;
};

bool matches(std::string_view head) {
  static const Pattern own(
      R"(\S* ?(?:load avg: [0-9.]+ )?(?:mem: \S+ )?\[ *[0-9]+(?:/[0-9]+)*\] test_.*|Using random seed:? [0-9]+.*)");
  return (has(head, "load avg: ") || has(head, "Run tests ")) && has_line_of(without_colours(head), own);
}

void read(const Input& input, TestReport& report) {
  report.tool = "regrtest";
  ReportBuilder(report).cannot_tell({xfail, xpass});
  Reader reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

}  // namespace

extern const Format regrtest_format;
const Format regrtest_format{"regrtest-log", matches, read};

}  // namespace resident::ci

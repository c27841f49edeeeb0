// pytest's console, with -v or without, of workers (pytest-xdist), of a run that was killed.
#include <algorithm>
#include <array>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <unordered_map>
#include <unordered_set>

namespace resident::ci {

namespace {

using enum Outcome;

// ---- pytest

// With -q: ".F.s                                 [100%]".
bool is_progress_line(std::string_view line) {
  const std::size_t end = line.find_first_not_of(".FEsxXRu,-"), open = line.rfind(" [");
  return end != std::string_view::npos && end > 0 && line[end] == ' ' && open != std::string_view::npos &&
         line.ends_with("%]") && line.find_first_not_of(' ', end) == open + 1;
}

bool matches_pytest(std::string_view head) {
  static const Pattern begin(R"(=+ test session starts =+.*)");
  return has_line_of(without_colours(head), begin) || is_progress_line(trim(head.substr(0, head.find('\n'))));
}

// "2 failed, 2 passed in 0.06s": the last line, in a rule of "=" unless -q is given.
bool is_totals(std::string_view line) {
  if (!has(line, " in ")) return false;
  constexpr std::array<std::string_view, 8> kWords{" passed",  " failed",     " error", " skipped",
                                                   " xfailed", " deselected", " rerun", "no tests ran"};
  return std::any_of(kWords.begin(), kWords.end(), [&](auto word) { return has(line, word); });
}

std::optional<Outcome> pytest_word(std::string_view word) {
  if (word == "PASSED") return pass;
  if (word == "FAILED" || word == "RERUN" || word == "SUBFAIL" || word == "SUBFAILED") return fail;
  if (word == "ERROR") return error;
  if (word == "SKIPPED") return skip;
  if (word == "XFAIL") return xfail;
  if (word == "XPASS") return xpass;
  return std::nullopt;
}

class Pytest {
 public:
  explicit Pytest(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view raw) {
    const std::string plain = without_colours(raw);
    const std::string_view line = trim(plain);
    if (line.starts_with("====")) {
      has_reruns_ = has_reruns_ || (has(line, " rerun") && is_totals(line));
      in_summary_ = has(line, " short test summary info ");
      in_failures_ = in_failures_ || has(line, " FAILURES ") || has(line, " ERRORS ");
      has_totals_ = has_totals_ || is_totals(line);
      return;
    }
    if (!line.empty() && line[0] >= '0' && line[0] <= '9' && line.ends_with('s') && is_totals(line)) has_totals_ = true;
    // With much to count there is room for a single sign on either side.
    if (line.starts_with("=") && line.ends_with("=") && is_totals(line)) has_totals_ = true;
    has_reruns_ = has_reruns_ || (has(line, " rerun") && is_totals(line));
    if (line.starts_with("Fatal Python error: ")) death_ = std::string(line);
    if (!in_summary_ && is_told_between(line)) return;
    if (in_summary_) {
      summary(line);
    } else if (line.starts_with("____") && line.ends_with("____") && line.find_first_not_of('_') != line.npos) {
      heading_ = std::string(line.substr(line.find_first_not_of('_')));
      heading_.resize(heading_.find_last_not_of('_') + 1);
      heading_ = std::string(trim(heading_));
    } else if (!heading_.empty()) {
      detail(line);
    } else {
      progress(line);
    }
  }

  void finish() {
    if (!begun_.empty() && (!has_totals_ || !death_.empty())) {
      const auto [suite, name] = pytest_name(begun_);
      builder_.add(suite, name, crash, {}, death_.empty() ? "begun, and the log ends before it did" : death_);
    }
    for (auto& result : report_.results) {
      const std::string full = result.suite + "." + result.name;
      for (const auto& [heading, outcome] : told_)
        if (full.ends_with("." + heading) && result.outcome == fail) {
          result.outcome = outcome;
          result.attempts.back() = outcome;
          if (outcome == xpass && result.message.empty()) result.message = "[XPASS(strict)]";
        }
    }
    if (!has_totals_) builder_.incomplete("there are no totals: the run was killed");
    if (!is_verbose_) builder_.cannot_tell({pass, skip, xfail, xpass});
    // --tb=line and --tb=no leave out what says that a strict expectation was not met.
    const auto is_bare = [](const TestResult& each) { return each.outcome == fail && each.message.empty(); };
    if (std::any_of(report_.results.begin(), report_.results.end(), is_bare)) builder_.cannot_tell({xpass});
    const auto is_flaky = [](const TestResult& each) { return each.attempts.size() > 1; };
    if (has_reruns_ && std::none_of(report_.results.begin(), report_.results.end(), is_flaky))
      builder_.cannot_tell({flaky});
    number_repeated_names(report_);
  }

 private:
  // "tests/test_a.py::test_b PASSED [ 50%]", or with workers "[gw0] [ 50%] PASSED tests/test_a.py::test_b".
  void progress(std::string_view line) {
    if (line.starts_with("[gw")) {
      const std::size_t end = line.find("] ", line.find("%"));
      if (end == std::string_view::npos) return;
      const std::string_view rest = trim(line.substr(end + 1));
      const std::size_t blank = rest.find(' ');
      if (blank == std::string_view::npos) return;
      // What a worker says that dies, or begins, stands behind whatever was being written.
      std::string_view node = trim(rest.substr(blank));
      const std::size_t bracket = node.find('['), space = node.find(' ');
      if (const std::size_t last = bracket < space ? node.find("] ", bracket) : space; last != std::string_view::npos)
        node = node.substr(0, bracket < space ? last + 1 : last);
      if (const auto outcome = pytest_word(rest.substr(0, blank))) take(node, *outcome);
      if (rest.starts_with("RERUN ")) reruns_.insert(std::string(node));
      return;
    }
    const std::size_t colons = line.find("::");
    if (colons == std::string_view::npos || line.substr(0, colons).find(' ') != std::string_view::npos) return;
    for (const std::string_view word :
         {"PASSED", "FAILED", "ERROR", "SKIPPED", "XFAIL", "XPASS", "RERUN", "SUBFAIL", "SUBFAILED"}) {
      const std::size_t at = line.find(" " + std::string(word));
      if (at == std::string_view::npos) continue;
      const std::string_view after = line.substr(at + 1 + word.size());
      if (!after.empty() && after[0] != ' ' && after[0] != '[') continue;
      const std::string_view node = trim(line.substr(0, at));
      take(node, *pytest_word(word));
      if (word == "RERUN") reruns_.insert(std::string(node));
      return;
    }
    begun_ = std::string(line.substr(0, line.find(' ')));
  }
  // pytest-bdd tells a scenario's steps below the test, and its word alone behind them. pytest-instafail has each
  // failure right below the test that it is of.
  bool is_told_between(std::string_view line) {
    if (!begun_.empty() && heading_.empty())
      if (const auto outcome = pytest_word(line)) {
        take(std::string(begun_), *outcome);
        return true;
      }
    const std::size_t colons = line.find(".py::"), percent = line.rfind("%]");
    if (heading_.empty() || in_failures_ || colons == std::string_view::npos || percent == std::string_view::npos)
      return false;
    heading_.clear();
    progress(line);
    return true;
  }
  // In the section of a failure, "____ TestK.test_a ____": what only its text says.
  void detail(std::string_view line) {
    std::optional<Outcome> told;
    if (line.starts_with("[XPASS(strict)]")) told = xpass;
    if (line.starts_with("E") && has(line, "Failed: Timeout >")) told = timeout;
    if (!told) return;
    told_[heading_] = *told;
  }
  void take(std::string_view node, Outcome outcome) {
    is_verbose_ = true;
    begun_.clear();
    const auto [suite, name] = pytest_name(node);
    const std::string key(node);
    const auto found = index_.find(key);
    if (found != index_.end()) {
      TestResult& result = report_.results[found->second];
      // A tear-down that broke is one more word on the same try; after RERUN it is one more try.
      if (reruns_.contains(key)) {
        result.attempts.push_back(outcome);
        result.outcome = outcome_of(result.attempts);
      } else if (outcome == error || (outcome == fail && result.outcome == pass)) {
        result.outcome = outcome;  // a part of it failed
        result.attempts = {outcome};
      }
      return;
    }
    index_[key] = report_.results.size();
    builder_.add(suite, name, outcome);
  }
  // Parameters may hold blanks and dashes: "test_a.py::test_b[one - two] - assert 1 == 2". The reason of an unexpected
  // pass stands behind a blank alone.
  static std::pair<std::string_view, std::string_view> node_and_reason(std::string_view text, Outcome outcome) {
    std::size_t end = text.find(" - ");
    std::size_t skipped = 3;
    const std::size_t bracket = text.find('['), blank = text.find(' ');
    if (bracket != std::string_view::npos && bracket > 0 && bracket < blank) {
      end = text.find("] - ", bracket);
      if (end != std::string_view::npos) ++end;
      if (end == std::string_view::npos && text.ends_with(']')) return {text, {}};
    } else if (outcome == xpass && blank != std::string_view::npos && blank != end) {
      end = blank, skipped = 1;
    }
    if (end == std::string_view::npos) return {text, {}};
    return {trim(text.substr(0, end)), text.substr(end + skipped)};
  }
  // -rA names a test once for each of its reports: a pass whose tear-down broke, a try that was run again.
  static void told_again(TestResult& result, Outcome outcome, bool is_rerun) {
    if (is_rerun && result.outcome != error) {
      result.attempts.insert(result.attempts.begin(), fail);
      result.outcome = outcome_of(result.attempts);
    } else if (outcome == error && result.outcome == pass) {
      result.outcome = error;
      result.attempts = {error};
    }
  }
  // "FAILED tests/test_a.py::test_b - AssertionError: …": why; without -v all that there is.
  void summary(std::string_view line) {
    const std::size_t blank = line.find(' ');
    const auto outcome = blank == std::string_view::npos ? std::nullopt : pytest_word(line.substr(0, blank));
    if (!outcome) return;
    auto [node, why] = node_and_reason(trim(line.substr(blank)), *outcome);
    if (node.starts_with('[') || (!has(node, "::") && *outcome != error)) return;  // "SKIPPED [1] file:line: reason"
    const auto found = index_.find(std::string(node));
    if (found == index_.end()) {
      const bool was_verbose = is_verbose_;
      take(node, *outcome);
      is_verbose_ = was_verbose;
      if (line.starts_with("RERUN ")) reruns_.insert(std::string(node));
    } else if (!is_verbose_) {
      told_again(report_.results[found->second], *outcome, line.starts_with("RERUN "));
    }
    TestResult& result = report_.results[index_.at(std::string(node))];
    if (result.message.empty()) result.message = std::string(why.substr(0, kLongestMessage));
    if (result.outcome == fail && (why.starts_with("Failed: Timeout >") || why.starts_with("Timeout >"))) {
      result.outcome = timeout;
      result.attempts.back() = timeout;
    }
    if (result.outcome == fail && why.starts_with("[XPASS(strict)]")) {
      result.outcome = xpass;
      result.attempts.back() = xpass;
    }
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::unordered_map<std::string, std::size_t> index_;
  std::unordered_set<std::string> reruns_;  // run again: what follows is one more try
  std::unordered_map<std::string, Outcome> told_;
  std::string begun_, death_, heading_;
  bool in_summary_ = false, has_totals_ = false, is_verbose_ = false, in_failures_ = false;
  bool has_reruns_ = false;
};

void read_pytest(const Input& input, TestReport& report) {
  report.tool = "pytest";
  ReportBuilder(report).cannot_tell({missing, timeout, crash});
  Pytest reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

}  // namespace

extern const Format pytest_log_format;
const Format pytest_log_format{"pytest-log", matches_pytest, read_pytest};

}  // namespace resident::ci

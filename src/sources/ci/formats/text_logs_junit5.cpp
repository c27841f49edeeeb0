// The console of the JUnit Platform (launcher of JUnit 5 and 6), in its four details: tree (the default), verbose, flat
// and summary. A container is marked ✔ though tests inside of it failed, so only what has nothing inside is a test.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sources/ci/formats/any_log.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>

namespace resident::ci {

namespace {

using enum Outcome;

// "=> java.lang.IllegalStateException: boom", "Exception: org.opentest4j.AssertionFailedError: …"
Outcome thrown_outcome(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  if (has(line, "TestAbortedException") || has(line, "AssumptionViolatedException")) return skip;
  if (has(line, "TimeoutException") || has(line, "TestTimedOut") || has(line, " timed out after ") ||
      has(line, "execution exceeded timeout of"))
    return timeout;
  if (has(line, "Assert") || has(line, "ComparisonFailure") || has(line, "MultipleFailures")) return fail;
  static const Pattern thrown(R"((?:[a-z]\w*\.)+[A-Z][\w$]*)");
  return thrown.found_in(line) ? error : fail;
}

struct Node {
  std::size_t depth = 0;
  std::string name, text;
  std::string path;  // names from the engine on, joined by ':' as the list of failures has them
  std::string suite;
  std::optional<Outcome> outcome;
  std::optional<double> seconds;
  bool has_inside = false;
};

std::optional<Outcome> sign_of(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, Outcome>, 12> kSigns{{{"✔", pass},
                                                                         {"[OK]", pass},
                                                                         {"SUCCESSFUL", pass},
                                                                         {"✘", fail},
                                                                         {"[X]", fail},
                                                                         {"FAILED", fail},
                                                                         {"↷", skip},
                                                                         {"[S]", skip},
                                                                         {"SKIPPED", skip},
                                                                         {"■", skip},
                                                                         {"[A]", skip},
                                                                         {"ABORTED", skip}}};
  for (const auto& [sign, outcome] : kSigns)
    if (text.starts_with(sign)) return outcome;
  return std::nullopt;
}

// How far in, and what stands behind the lines of the tree; nothing where it is no line of one.
std::optional<std::pair<std::size_t, std::string>> branch(std::string_view line) {
  static const Pattern drawn(R"(((?:│  |\|  |   )*)(?:├─|└─|\+--|'--) (\S.*))");
  std::string before, rest;
  if (!drawn.matches(line, &before, &rest)) return std::nullopt;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < before.size(); ++depth) at += before.compare(at, 3, "│") == 0 ? 5 : 3;
  return std::pair{depth, rest};
}

class Junit5 {
 public:
  explicit Junit5(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view raw) {
    const std::string plain = without_colours(raw);
    static const Pattern totals(R"(\[ +([0-9]+) (tests|containers) (found|failed|successful) +\])");
    std::string count, kind, word;
    if (totals.matches(plain, &count, &kind, &word)) {
      has_totals_ = true;
      if (kind == "tests") told_[word] = leading_number(count).value_or(0);
    } else if (plain.starts_with("Failures (")) {
      in_failures_ = true;
    } else if (in_failures_) {
      failure(plain);
    } else if (const auto found = branch(plain)) {
      tree_line(found->first, found->second);
    } else if (!flat_line(plain)) {
      detail(plain);
    }
  }

  void finish() {
    builder_.cannot_tell({missing, flaky, crash, xfail, xpass});
    for (const auto& id : ids_) order_.push_back(by_id_.at(id));
    for (auto& node : nodes_) order_.push_back(node);
    const bool is_summary = order_.empty();
    for (auto& node : order_) add(node);
    if (is_summary) {
      for (const auto& [path, text] : failures_) add_failure(path, text);
      builder_.cannot_tell({pass, skip});
    }
    const auto shown = std::count_if(report_.results.begin(), report_.results.end(),
                                     [](const TestResult& each) { return is_failure(each.outcome); });
    if (static_cast<double>(shown) < told_["failed"]) {
      builder_.cannot_tell({fail, error, timeout});
      builder_.incomplete("the totals count more failures than are shown");
    }
    if (!has_totals_) builder_.incomplete("there are no totals: the run was killed");
    number_repeated_names(report_);
  }

 private:
  void tree_line(std::size_t depth, std::string text) {
    static const Pattern finished(R"((\S.*) finished after [0-9]+ m?s\.?)");
    if (std::string of; finished.matches(text, &of)) {
      // Of a container: what it caught is why it failed.
      for (const std::size_t at : open_)
        if (Node& node = nodes_[at]; node.depth == depth && node.name == of && !node.outcome)
          node.outcome = node.text.empty() ? pass : fail;
      return;
    }
    Node node;
    node.depth = depth;
    // The first sign that stands behind the name.
    static const Pattern signed_line(R"((\S.*?)(?: ([0-9.]+) (ms|s))? (✔|✘|↷|■|\[OK\]|\[X\]|\[S\]|\[A\])(?: (.*))?)");
    std::string time, unit, sign;
    if (signed_line.matches(text, &node.name, &time, &unit, &sign, &node.text)) {
      node.outcome = sign_of(sign);
      node.seconds = leading_number(time);
      if (node.seconds && unit == "ms") *node.seconds /= 1000;
    } else {
      node.name = std::move(text);
    }
    while (!open_.empty() && nodes_[open_.back()].depth >= depth) open_.pop_back();
    if (!open_.empty()) {
      Node& above = nodes_[open_.back()];
      above.has_inside = true;
      node.path = above.path + ":";
      if (above.depth > 0) node.suite = (above.suite.empty() ? "" : above.suite + " > ") + above.name;
    }
    node.path += node.name;
    open_.push_back(nodes_.size());
    nodes_.push_back(std::move(node));
  }

  // Of the details "verbose": what stands below a name.
  void detail(std::string_view plain) {
    if (nodes_.empty()) return;
    static const Pattern about(R"((?:│  |\|  |   |│|\|)* *(status|duration|caught|reason): (.*))");
    std::string key, value;
    if (!about.matches(plain, &key, &value)) return;
    Node& node = nodes_.back();
    if (key == "status") node.outcome = sign_of(value);
    if (key == "caught" || key == "reason") node.text = value;
    if (key == "duration") {
      node.seconds = leading_number(value);
      if (node.seconds && value.ends_with(" ms")) *node.seconds /= 1000;
    }
  }

  // Of the details "flat": "Started:", "Finished:", "Skipped:" with the identity of what it is.
  bool flat_line(const std::string& plain) {
    static const Pattern event(R"((Started|Finished|Skipped|Registered|Test case): +(\S.*) \((\[engine:.*\])\))");
    static const Pattern why(R"( +=> (?:Exception|Reason): (.*))");
    std::string kind, name, id, text;
    if (why.matches(plain, &text) && !last_id_.empty()) {
      Node& node = by_id_[last_id_];
      node.text = text;
      if (node.outcome == pass) node.outcome = fail;
      return true;
    }
    if (!event.matches(plain, &kind, &name, &id)) return false;
    last_id_ = id;
    const auto [found, is_new] = by_id_.try_emplace(id);
    Node& node = found->second;
    if (is_new) {
      ids_.push_back(id);
      node.name = name;
      const std::size_t slash = id.rfind("]/[");
      if (slash != std::string::npos) {
        Node& above = by_id_[id.substr(0, slash + 1)];
        above.has_inside = true;
        node.depth = above.depth + 1;
        if (above.depth > 0) node.suite = (above.suite.empty() ? "" : above.suite + " > ") + above.name;
      }
    }
    if (kind == "Finished") node.outcome = pass;
    if (kind == "Skipped") node.outcome = skip;
    return true;
  }

  void failure(const std::string& plain) {
    static const Pattern title(R"(  (\S.*))"), thrown(R"(    => (.*))");
    std::string text;
    if (title.matches(plain, &text)) {
      failures_.emplace_back(text, "");
    } else if (!failures_.empty() && thrown.matches(plain, &text)) {
      failures_.back().second = text;
    } else if (!failures_.empty() && !failures_.back().second.empty() &&
               failures_.back().second.size() < kLongestMessage) {
      failures_.back().second += "\n" + plain;
    }
  }

  void add(const Node& node) {
    if (node.depth == 0) return;  // the engine
    if (node.has_inside && node.outcome.value_or(pass) == pass) return;
    if (!node.outcome) {
      // An engine without tests.
      if (!node.has_inside && !node.suite.empty())
        builder_.add(node.suite, node.name, crash, {}, "it was begun and has no end");
      return;
    }
    std::string text = node.text;
    for (const auto& [path, told] : failures_)
      if (path == node.path && !told.empty()) text = told;
    Outcome outcome = *node.outcome;
    if (outcome == fail) outcome = thrown_outcome(text);
    builder_.add(node.suite, node.name, outcome, node.seconds, text);
  }

  void add_failure(std::string_view path, std::string_view text) {
    // "JUnit Jupiter:CalcTest:differs()": the engine comes first.
    if (const std::size_t engine = path.find(':'); engine != std::string_view::npos) path.remove_prefix(engine + 1);
    const std::size_t last = path.substr(0, path.find('(')).rfind(':');
    const std::string suite(last == std::string_view::npos ? std::string_view() : path.substr(0, last));
    builder_.add(suite, std::string(last == std::string_view::npos ? path : path.substr(last + 1)),
                 thrown_outcome(text), {}, text);
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::vector<Node> nodes_, order_;
  std::vector<std::size_t> open_;
  std::map<std::string, Node> by_id_;
  std::vector<std::string> ids_;
  std::string last_id_;
  std::vector<std::pair<std::string, std::string>> failures_;
  std::map<std::string, double> told_;
  bool in_failures_ = false, has_totals_ = false;
};

bool matches_junit5(std::string_view head) {
  static const Pattern flat(R"((?m)^(?:Started|Registered): +\S.* \(\[engine:[\w-]+\]\)$)");
  static const Pattern totals(R"((?m)^\[ +[0-9]+ containers found +\]$)");
  static const Pattern tree(R"((?m)^(?:├─|└─|\+--|'--) JUnit (?:Jupiter|Vintage|Platform Suite)\b)");
  static const Pattern failures(R"((?m)^Failures \([0-9]+\):\n  \S.*\n    (?:Method|Class|File)Source \[)");
  const std::string plain = without_colours(head);
  return flat.found_in(plain) || totals.found_in(plain) || tree.found_in(plain) || failures.found_in(plain);
}

void read_junit5(const Input& input, TestReport& report) {
  report.tool = "junit-platform";
  Junit5 reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

}  // namespace

extern const Format junit5_log_format;
const Format junit5_log_format{"junit-platform-log", matches_junit5, read_junit5};

}  // namespace resident::ci

// Cucumber Messages (ndjson): gherkin documents, pickles, test cases, attempts. What happened to a scenario is the
// worst of its steps; each attempt is kept.
#include <map>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <unordered_map>
#include <unordered_set>

namespace resident::ci {

namespace {

using enum Outcome;
using simdjson::dom::element;

struct Attempt {
  std::string test_case;
  double begun = 0, ended = 0;
  Outcome outcome = pass;
  bool is_done = false;
  std::string message;
};

double time_of(const element& object) {
  element stamp;
  if (object["timestamp"].get(stamp) != simdjson::SUCCESS) return 0;
  return number_of(stamp, "seconds").value_or(0) + number_of(stamp, "nanos").value_or(0) / 1e9;
}

int weight(Outcome outcome) {
  return outcome == error ? 3 : outcome == fail ? 2 : outcome == skip ? 1 : 0;
}

class Reader {
 public:
  explicit Reader(TestReport& report) : report_(report), builder_(report) {}

  void take(const element& message) {
    element part;
    if (message["gherkinDocument"].get(part) == simdjson::SUCCESS) document(part);
    if (message["pickle"].get(part) == simdjson::SUCCESS) pickle(part);
    if (message["hook"].get(part) == simdjson::SUCCESS) hooks_.insert(std::string(text_of(part, "id")));
    if (message["testCase"].get(part) == simdjson::SUCCESS) test_case(part);
    if (message["testCaseStarted"].get(part) == simdjson::SUCCESS) {
      Attempt attempt;
      attempt.test_case = text_of(part, "testCaseId");
      attempt.begun = time_of(part);
      order_.emplace_back(text_of(part, "id"));
      attempts_[order_.back()] = std::move(attempt);
    }
    if (message["testStepFinished"].get(part) == simdjson::SUCCESS) step(part);
    if (message["testCaseFinished"].get(part) == simdjson::SUCCESS) {
      Attempt& attempt = attempts_[std::string(text_of(part, "testCaseStartedId"))];
      attempt.ended = time_of(part);
      attempt.is_done = true;
    }
    if (message["testRunFinished"].get(part) == simdjson::SUCCESS) is_finished_ = true;
  }

  void finish() {
    std::map<std::string, std::size_t> result_of;  // by test case
    for (const auto& id : order_) {
      const Attempt& attempt = attempts_[id];
      const auto& [suite, name] = names_[pickle_of_[attempt.test_case]];
      const Outcome outcome = attempt.is_done ? attempt.outcome : crash;
      const std::optional<double> seconds =
          attempt.is_done ? std::optional(attempt.ended - attempt.begun) : std::nullopt;
      if (const auto found = result_of.find(attempt.test_case); found != result_of.end()) {
        TestResult& result = report_.results[found->second];
        result.attempts.push_back(outcome);
        result.outcome = outcome_of(result.attempts);
        if (seconds) result.seconds = result.seconds.value_or(0) + *seconds;
        continue;
      }
      builder_.add(suite, name, outcome, seconds, attempt.message);
      result_of[attempt.test_case] = report_.results.size() - 1;
    }
    if (!is_finished_) builder_.incomplete("the run did not say that it had finished");
    number_repeated_names(report_);
  }

 private:
  void document(const element& part) {
    element feature;
    if (part["feature"].get(feature) != simdjson::SUCCESS) return;
    features_[std::string(text_of(part, "uri"))] = text_of(feature, "name");
    lines_of(feature, "", 0);
  }
  // Rules, and the lines of outlines' examples, by the id of their node.
  void lines_of(const element& node, const std::string& rule, int depth) {
    constexpr int kDeepest = 8;
    simdjson::dom::array children;
    if (depth > kDeepest || node["children"].get(children) != simdjson::SUCCESS) return;
    for (const element& child : children) {
      element part;
      if (child["rule"].get(part) == simdjson::SUCCESS) lines_of(part, std::string(text_of(part, "name")), depth + 1);
      if (child["scenario"].get(part) != simdjson::SUCCESS) continue;
      if (!rule.empty()) rules_[std::string(text_of(part, "id"))] = rule;
      simdjson::dom::array examples;
      if (part["examples"].get(examples) != simdjson::SUCCESS) continue;
      std::size_t block = 0;
      for (const element& example : examples) {
        ++block;
        simdjson::dom::array rows;
        if (example["tableBody"].get(rows) != simdjson::SUCCESS) continue;
        std::size_t row = 0;
        for (const element& each : rows)
          rows_[std::string(text_of(each, "id"))] = "#" + std::to_string(block) + "." + std::to_string(++row);
      }
    }
  }
  void pickle(const element& part) {
    std::string suite = features_[std::string(text_of(part, "uri"))], name(text_of(part, "name")), row;
    simdjson::dom::array nodes;
    if (part["astNodeIds"].get(nodes) == simdjson::SUCCESS)
      for (const element& node : nodes) {
        std::string_view id;
        if (node.get(id) != simdjson::SUCCESS) continue;
        if (const auto rule = rules_.find(std::string(id)); rule != rules_.end()) suite += " > " + rule->second;
        if (const auto found = rows_.find(std::string(id)); found != rows_.end()) row = found->second;
      }
    // A name without a value of its row is the same for all of them.
    const std::string key = suite + '\x1f' + name;
    if (!row.empty()) outlines_[key].push_back({std::string(text_of(part, "id")), row});
    names_[std::string(text_of(part, "id"))] = {suite, name};
    if (auto& all = outlines_[key]; all.size() > 1)
      for (const auto& [id, of] : all) names_[id].second = name + " " + of;
  }
  void test_case(const element& part) {
    pickle_of_[std::string(text_of(part, "id"))] = text_of(part, "pickleId");
    simdjson::dom::array steps;
    if (part["testSteps"].get(steps) != simdjson::SUCCESS) return;
    for (const element& each : steps)
      if (!text_of(each, "hookId").empty()) hook_steps_.insert(std::string(text_of(each, "id")));
  }
  void step(const element& part) {
    Attempt& attempt = attempts_[std::string(text_of(part, "testCaseStartedId"))];
    element result;
    if (part["testStepResult"].get(result) != simdjson::SUCCESS) return;
    const std::string_view status = text_of(result, "status");
    const bool is_hook = hook_steps_.contains(std::string(text_of(part, "testStepId")));
    Outcome outcome = pass;
    if (status == "FAILED") outcome = is_hook ? error : fail;
    if (status == "UNDEFINED" || status == "AMBIGUOUS" || status == "UNKNOWN") outcome = error;
    if (status == "SKIPPED" || status == "PENDING") outcome = skip;
    const std::string_view message = text_of(result, "message");
    if (outcome == fail && has(message, "timed out")) outcome = timeout;
    if (outcome == fail && names_exception(message)) outcome = error;
    if (weight(outcome) > weight(attempt.outcome) || outcome == timeout) {
      attempt.outcome = outcome;
      attempt.message = message;
    }
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::unordered_map<std::string, std::string> features_, rules_, rows_, pickle_of_;
  std::unordered_map<std::string, std::pair<std::string, std::string>> names_;
  std::unordered_map<std::string, std::vector<std::pair<std::string, std::string>>> outlines_;
  std::unordered_set<std::string> hooks_, hook_steps_;
  std::unordered_map<std::string, Attempt> attempts_;
  std::vector<std::string> order_;
  bool is_finished_ = false;
};

bool matches(std::string_view head) {
  const std::string_view first = head.substr(0, head.find('\n'));
  return (first.starts_with("{\"meta\":") && has(first, "protocolVersion")) || first.starts_with("{\"source\":{") ||
         first.starts_with("{\"gherkinDocument\"");
}

void read(const Input& input, TestReport& report) {
  report.tool = "cucumber";
  Reader reader(report);
  const std::size_t broken = each_json_line(input.bytes, [&](const element& message) { reader.take(message); });
  if (broken > 0) report.incomplete.push_back("a line is cut off");
  reader.finish();
}

}  // namespace

extern const Format cucumber_format;
const Format cucumber_format{"cucumber-messages", matches, read};

}  // namespace resident::ci

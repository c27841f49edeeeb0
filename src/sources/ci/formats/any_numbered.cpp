// The last resort's other way: a list of what failed, numbered, whatever stands above it.
#include <algorithm>
#include <sources/ci/formats/any_log.hpp>
#include <sources/ci/formats/text_lines.hpp>

namespace resident::ci {

namespace {

using enum Outcome;

constexpr std::size_t kLongestLine = 4096;

class NumberedFailures {
 public:
  explicit NumberedFailures(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view raw) {
    static const Pattern heading(R"(\s*([0-9]+)\) (\S.*?)\s*)");
    static const Pattern section(R"((?i)\W*(pending|skipped|failures|errors|failed)\b.{0,30}:?)");
    const std::string plain = without_colours(raw.substr(0, kLongestLine));
    std::string number, title, word;
    static const Pattern kind_alone(R"(\s*(?:[0-9]+\) )?(Failure|Error|Skipped):)");
    static const Pattern placed(R"(\s*(\S.*?)(?: \[\S+:[0-9]+\])?:?\s*)");
    static const Pattern count(R"((?i)# fail +([0-9]+)|.*?\b([0-9]+) (?:failed|failures?|failing)\b.*)");
    if (std::string one, two; count.matches(plain, &one, &two))
      told_ = std::max(told_, leading_number(one.empty() ? two : one).value_or(0));
    static const Pattern behind(R"((?i).*\bfailures? ?[:=] *([0-9]+).*|.*\bfailed ?[:=] *([0-9]+).*)"),
        broken(R"((?i).*\b([0-9]+) errors?\b.*|.*\berrors? ?[:=] *([0-9]+).*)");
    if (std::string one, two; count.matches(plain, &one, &two) || behind.matches(plain, &one, &two))
      counts_.push_back(leading_number(one.empty() ? two : one).value_or(0));
    if (std::string one, two; broken.matches(plain, &one, &two))
      errors_.push_back(leading_number(one.empty() ? two : one).value_or(0));
    if (kind_alone.matches(plain, &word)) {  // minitest's: the name stands below
      explain();
      awaited_ = word;
    } else if (!awaited_.empty() && placed.matches(plain, &title)) {
      add(title);
      const std::string kind = std::exchange(awaited_, {});
      if (kind == "Skipped") set_last(skip);
      if (kind == "Error") set_last(error);
    } else if (heading.matches(plain, &number, &title)) {
      explain();
      add(title);
    } else if (section.matches(plain, &word)) {
      explain();
      const std::string small = to_lower(word);
      outcome_ = small == "pending" || small == "skipped" ? skip : fail;
    } else if (is_open_ && text_.size() < 2 * kLongestMessage) {
      text_.append(plain) += '\n';
    }
  }

  bool finish() {
    explain();
    if (report_.results.empty()) return false;
    builder_.cannot_tell({pass, skip, missing, flaky, crash, timeout, error, xfail, xpass});
    const auto shown =
        static_cast<double>(std::count_if(report_.results.begin(), report_.results.end(),
                                          [](const TestResult& each) { return is_failure(each.outcome); }));
    // Named and not counted is as doubtful as counted and not named. Some count errors apart.
    const bool is_counted = std::any_of(counts_.begin(), counts_.end(), [&](double failures) {
      return failures == shown ||
             std::any_of(errors_.begin(), errors_.end(), [&](double errors) { return failures + errors == shown; });
    });
    if (!is_counted && !is_cucumber_) {
      builder_.cannot_tell({fail});
      if (told_ > 0) builder_.incomplete("it counts other failures than it names");
    } else if (told_ > shown) {
      builder_.cannot_tell({fail});
      builder_.incomplete("it counts more failures than it names");
    }
    number_repeated_names(report_);
    return true;
  }

 private:
  // "adds(demo.CalcTest)" of JUnit; "Test Failure : Demo.Calc.Adds" of NUnit; "Scenario: adds # a.feature:3".
  void add(std::string title) {
    static const Pattern of_class(R"(([\w$]+(?:\[.*\])?)\(([\w.$]+)\))");
    static const Pattern kind(R"((?:\w+ (Failure|Error)|Scenario(?: Outline)?|Failure|Error|Skipped) ?: (\S.*))");
    std::string suite, name = title, word, rest;
    Outcome outcome = outcome_;
    if (kind.matches(title, &word, &rest)) {
      if (word == "Error") outcome = error;
      if (title.starts_with("Scenario")) is_cucumber_ = true;
      if (title.starts_with("Error")) outcome = error;
      if (title.starts_with("Parent ")) outcome = error;
      name = rest;
    }
    if (const std::size_t place = name.find(" # "); place != std::string::npos) name.resize(place);
    // Cucumber's: a try that was followed by another is a warning, so the last one was well.
    static const Pattern tried(R"((\S.*) \(attempt [0-9]+(, retried)?\))");
    if (std::string of, again; tried.matches(name, &of, &again)) {
      if (!again.empty()) outcome = flaky;
      name = of;
    }
    if (std::string method, in; of_class.matches(name, &method, &in)) suite = in, name = method;
    is_open_ = true;
    builder_.add(suite, name, outcome);
    if (outcome == flaky) report_.results.back().attempts = {fail, pass};
  }

  void set_last(Outcome outcome) {
    report_.results.back().outcome = outcome;
    report_.results.back().attempts = {outcome};
  }

  void explain() {
    const std::string text = std::exchange(text_, {});
    if (!std::exchange(is_open_, false) || text.empty()) return;
    TestResult& result = report_.results.back();
    result.message = std::string(trim(text.substr(0, kLongestMessage)));
    if (result.outcome != fail) return;
    static const Pattern pending(R"((?m)^ +(?:Pending|Skipped)$)");
    result.outcome = has(text, "Undefined. Implement with") ? error
                     : pending.found_in(text)               ? skip
                                                            : told_failure(text);
    result.attempts = {result.outcome};
  }

  TestReport& report_;
  ReportBuilder builder_;
  Outcome outcome_ = fail;
  std::string text_, awaited_;
  double told_ = 0;  // failures by the totals
  std::vector<double> counts_, errors_;
  bool is_open_ = false;
  bool is_cucumber_ = false;  // counts what is undefined by itself
};

}  // namespace

bool read_numbered_failures(std::string_view bytes, TestReport& report) {
  NumberedFailures failures(report);
  each_line(bytes, [&](std::string_view line) { failures.line(line); });
  return failures.finish();
}

}  // namespace resident::ci

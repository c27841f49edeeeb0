#include <algorithm>
#include <array>
#include <base/pattern.hpp>
#include <charconv>
#include <sources/ci/formats/junit_case.hpp>

namespace resident::ci::junit {

namespace {

// Beyond this a text holds output of the program, not what the runner says.
constexpr std::size_t kLooked = 4096;

bool says_any(const Case& test, const Pattern& pattern) {
  const auto says = [&](std::string_view text) { return !text.empty() && pattern.found_in(text.substr(0, kLooked)); };
  return std::any_of(test.troubles.begin(), test.troubles.end(),
                     [&](const Trouble& each) { return says(each.type) || says(each.message) || says(each.text); });
}

// "12.345", as nearly all say it: a whole number and a power of ten, both exact, and their quotient rounded once
// (W. Clinger, "How to Read Floating Point Numbers Accurately", 1990). Nothing for other forms.
std::optional<double> short_decimal(std::string_view text) {
  constexpr std::size_t kMostDigits = 15;
  constexpr std::array<double, 16> kPowers{1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                           1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  std::uint64_t digits = 0;
  std::size_t count = 0, point = text.size();
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c >= '0' && c <= '9') {
      digits = digits * 10 + static_cast<std::uint64_t>(c - '0');
      if (++count > kMostDigits) return std::nullopt;
    } else if (c == '.' && point == text.size() && count > 0) {
      point = at;
    } else {
      return std::nullopt;
    }
  }
  if (count == 0) return std::nullopt;
  return static_cast<double>(digits) / kPowers.at(point == text.size() ? 0 : text.size() - 1 - point);
}

constexpr std::string_view kTimeLimit =
    "TestTimedOutException|TimeoutError|Timeout >|imed out after |imed out in |imed out \\(|function did not complete "
    "within |test timed out|Exceeded timeout of |Test timeout of |Timeout of |Reached timeout of |execution timeout"
    "|Test timeout expired|testTimeoutFailure|deadline exceeded|timetrap_timeout|test timeout"
    "|test did not finish before|<<timeout>>|<timeout>";
constexpr std::string_view kDeath =
    "SIG(?:SEGV|ABRT|KILL|BUS|FPE|ILL)|Segmentation fault|segmentation violation|core dumped|crashed while running"
    "|VM exited abnormally|The forked VM terminated|Exit Code: -(?:11|6)|died by signal"
    "|worker process exited unexpectedly|test abort|he test crashed|rocess crashed|Fatal Python error"
    "|exit code -(?:4|6|7|8|9|11)\\b";
const Pattern& time_limit() {
  static const Pattern pattern{std::string(kTimeLimit)};
  return pattern;
}
const Pattern& death() {
  static const Pattern pattern{std::string(kDeath)};
  return pattern;
}
// Asked first: a failure's text is long, and most hold neither.
const Pattern& time_limit_or_death() {
  static const Pattern pattern{std::string(kTimeLimit) + "|" + std::string(kDeath)};
  return pattern;
}
constexpr std::array<std::string_view, 10> kAssertion{"Assert",   "assert",      "ComparisonFailure", "Expectation",
                                                      "expected", "Expected",    "expect(",           "ERR_ASSERTION",
                                                      "should ",  "Check failed"};

bool same_letters(std::string_view text, std::string_view small) {
  return text.size() == small.size() && std::equal(text.begin(), text.end(), small.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a) == b;
         });
}

// What runners say where a test passed that should have failed, in the type or at the beginning of the message.
constexpr std::array<std::string_view, 12> kUnexpectedPass{
    "UnexpectedSuccess",   "nexpected success",           "XPASS",
    "nexpectedly passed",  "passes unexpectedly",         "Expected to fail, but passed",
    "TodoTestSucceeded",   "Test unexpected passed",      "Failing test passed even though",
    "PendingExampleFixed", "expected to fail but passed", "Expect test to fail"};
constexpr std::array<std::string_view, 6> kExpectedFailure{
    "pytest.xfail", "XFAIL", "xfail", "expected failure", "expectedFailure", "expected test failure"};
constexpr std::size_t kSaid = 200;  // bytes of a message in which such words are looked for

template <std::size_t count>
bool says_one_of(const std::array<std::string_view, count>& words, std::string_view type, std::string_view message) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view each) {
    return contains(type, each) || contains(message.substr(0, kSaid), each);
  });
}

bool has_property_in(Element properties, std::string_view wanted) {
  bool found = false;
  properties.each_child([&](const Element& each) { found = found || each.attribute("name") == wanted; });
  return found;
}

}  // namespace

bool File::has_property(std::string_view name) const {
  return has_property_in(properties, name);
}

bool Case::has_failure() const {
  return std::any_of(troubles.begin(), troubles.end(), [](const Trouble& each) { return !each.is_error; });
}

bool Case::has_error() const {
  return std::any_of(troubles.begin(), troubles.end(), [](const Trouble& each) { return each.is_error; });
}

bool Case::has_property(std::string_view wanted) const {
  return has_property_in(node.child("properties"), wanted);
}

bool Case::says(std::string_view words) const {
  return std::any_of(troubles.begin(), troubles.end(), [&](const Trouble& each) {
    return contains(each.type, words) || contains(each.message.substr(0, kLooked), words) ||
           contains(each.text.substr(0, kLooked), words);
  });
}

std::string_view Case::output() const {
  return node.child_text("system-out");
}

std::string_view Case::first_message() const {
  for (const auto& each : troubles) {
    if (!each.message.empty()) return each.message;
    if (!each.text.empty()) return each.text;
  }
  return {};
}

bool is_assertion(const Trouble& trouble) {
  const auto looks = [](std::string_view text) {
    return std::any_of(kAssertion.begin(), kAssertion.end(),
                       [&](std::string_view word) { return contains(text, word); });
  };
  if (looks(trouble.type) || looks(trouble.message)) return true;
  return trouble.type.empty() && looks(trouble.text.substr(0, kLooked));
}

bool is_exception(const Trouble& trouble) {
  // The name of a class at the beginning of what is said, or of the last line of a traceback.
  if (same_letters(trouble.type, "exception")) return true;
  // What JavaScript's engines say, where the class is left out: "Cannot read properties of null (reading 'x')".
  static const Pattern engine(
      R"([Cc]annot read propert(?:y|ies) .*|[\w$.]+ is not (?:a function|defined|a constructor|iterable)\b.*)");
  const std::string_view line = trouble.message.substr(0, std::min(trouble.message.find('\n'), kLooked));
  if ((trouble.type.empty() || trouble.type == "failure") && engine.matches(line)) return true;
  const auto named = [](std::string_view text) {
    const std::size_t end = text.find_first_of(": \n(");
    const std::string_view word = text.substr(0, end);
    if (contains(word, "Assert") || contains(word, "Expect") || contains(word, "Comparison")) return false;
    return word.ends_with("Error") || word.ends_with("Exception") || word.ends_with("Throwable");
  };
  return named(trouble.type) || named(trouble.message) || (trouble.message.empty() && named(trouble.text));
}

std::optional<double> seconds_of(std::string_view text) {
  if (const auto plain = short_decimal(text)) return plain;
  const auto number = [](std::string_view plain) -> std::optional<double> {
    double value = 0;
    const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
    if (error != std::errc{} || end == plain.data() || !(value >= 0)) return std::nullopt;
    return value;
  };
  const std::size_t comma = text.rfind(',');
  if (comma == std::string_view::npos) return number(text);
  const bool comma_is_point = text.rfind('.') == std::string_view::npos;
  std::string plain;
  for (const char c : text) {
    if (c != ',') {
      plain += c;
    } else if (comma_is_point) {
      plain += '.';
    }
  }
  return number(plain);
}

bool is_timeout(const Case& test) {
  return says_any(test, time_limit());
}

bool is_crash(const Case& test) {
  return says_any(test, death());
}

Outcome outcome_by_elements(const Case& test) {
  if (!test.troubles.empty()) {
    const bool passed_unexpectedly = std::any_of(test.troubles.begin(), test.troubles.end(), [](const Trouble& each) {
      return says_one_of(kUnexpectedPass, each.type, each.message);
    });
    if (passed_unexpectedly) return Outcome::xpass;
    // A time limit is often kept by killing: it is asked for first.
    if (says_any(test, time_limit_or_death())) return is_timeout(test) ? Outcome::timeout : Outcome::crash;
    if (test.has_failure() || test.says("should have thrown an exception of type")) return Outcome::fail;
    return Outcome::error;
  }
  if (test.is_skipped) {
    if (says_one_of(kUnexpectedPass, test.skip_type, test.skip_message)) return Outcome::xpass;
    // The words of a reason are anybody's; at its beginning they are the runner's.
    const bool failed_as_expected = says_one_of(kExpectedFailure, test.skip_type, test.skip_message.substr(0, 24));
    return failed_as_expected ? Outcome::xfail : Outcome::skip;
  }
  if (test.status == "notrun" || test.status == "disabled" || test.status == "skipped" || test.result == "suppressed")
    return Outcome::skip;
  if (test.status.empty() && test.result.empty()) return Outcome::pass;
  const auto is = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
      return same_letters(test.status, word) || same_letters(test.result, word);
    });
  };
  if (is({"skipped", "pending", "notrun", "ignored", "notexecuted"})) return Outcome::skip;
  if (is({"fail", "failed", "failure"})) return Outcome::fail;
  if (is({"error", "errored", "broken"})) return Outcome::error;
  if (is({"timeout", "timedout"})) return Outcome::timeout;
  if (is({"crash", "crashed"})) return Outcome::crash;
  return Outcome::pass;
}

}  // namespace resident::ci::junit

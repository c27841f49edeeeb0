// subunit v1: lines, "test: NAME", then "success: NAME" or another word, with details in brackets behind it. libcheck's
// CK_SUBUNIT, subunit's Perl and shell libraries and Samba's suites write it; `subunit-2to1` makes it of v2.
#include <algorithm>
#include <array>
#include <charconv>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>

namespace resident::ci {

namespace {

using enum Outcome;

struct Word {
  std::string_view text;
  Outcome outcome;
};
constexpr std::array<Word, 9> kWords{{{"success", pass},
                                      {"successful", pass},
                                      {"failure", fail},
                                      {"error", error},
                                      {"skip", skip},
                                      {"xfail", xfail},
                                      {"uxsuccess", xpass},
                                      {"testsuite-failure", fail},
                                      {"testsuite-error", error}}};

// "word: rest"; nothing where there is no such word.
std::optional<Word> word_of(std::string_view line, std::string_view& rest) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos) return std::nullopt;
  rest = line.substr(colon + 2);
  for (const auto& each : kWords)
    if (each.text == line.substr(0, colon)) return each;
  return std::nullopt;
}

std::string_view begun_in(std::string_view line) {
  for (const std::string_view word : {"test: ", "testing: "})
    if (line.starts_with(word)) return line.substr(word.size());
  return {};
}

bool has_details(std::string_view rest) {
  return rest.ends_with(" [") || rest.ends_with(" [ multipart");
}

// A test that was begun, and a result of that very name: both words alone stand in many texts.
bool matches(std::string_view head) {
  std::string_view begun;
  bool found = false;
  each_line(head, [&](std::string_view line) {
    std::string_view rest;
    if (const std::string_view name = begun_in(line); !name.empty()) {
      begun = name;
    } else if (!begun.empty() && word_of(line, rest)) {
      for (const std::string_view end : {" [ multipart", " ["})
        if (rest.ends_with(end)) rest.remove_suffix(end.size());
      found = found || rest == begun;
    }
  });
  return found;
}

// "2026-11-30 17:50:34.772348Z": seconds since some midnight, enough to take one from the next.
std::optional<double> moment_of(std::string_view text) {
  static const Pattern pattern(R"(\d{4}-\d\d-(\d\d) (\d\d):(\d\d):([0-9.]+)Z)");
  int day = 0, hour = 0, minute = 0;
  std::string second;
  if (!pattern.matches(text, &day, &hour, &minute, &second)) return std::nullopt;
  return day * 86400.0 + hour * 3600.0 + minute * 60.0 + leading_number(second).value_or(0);
}

class Reader {
 public:
  Reader(std::string_view bytes, TestReport& report) : bytes_(bytes), report_(report), builder_(report) {}

  void read() {
    report_.tool = "subunit";
    while (at_ < bytes_.size()) line(next());
    end_of_open();
    builder_.cannot_tell({flaky, missing, timeout, crash});
    number_repeated_names(report_);
  }

 private:
  std::string_view next() {
    const std::size_t end = std::min(bytes_.find('\n', at_), bytes_.size());
    std::string_view line = bytes_.substr(at_, end - at_);
    at_ = std::min(end + 1, bytes_.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  void line(std::string_view line) {
    constexpr std::string_view kTime = "time: ";
    if (line.starts_with(kTime)) {
      now_ = moment_of(line.substr(kTime.size()));
      return;
    }
    if (const std::string_view name = begun_in(line); !name.empty()) {
      end_of_open();
      open_ = name;
      begun_ = now_;
      return;
    }
    std::string_view rest;
    const auto word = word_of(line, rest);
    if (!word) return;
    std::string text;
    if (has_details(rest)) {
      const bool has_parts = rest.ends_with("multipart");
      rest = rest.substr(0, rest.rfind(" ["));
      text = has_parts ? parts() : lines();
    }
    end(rest, *word, text);
  }

  // Up to "]" on a line of its own.
  std::string lines() {
    std::string text;
    while (at_ < bytes_.size()) {
      const std::string_view line = next();
      if (line == "]") return text;
      if (text.size() < kLongestMessage) text.append(line) += '\n';
    }
    builder_.incomplete("it is cut off within a test's details");
    return text;
  }

  // Parts of a message as MIME has them: a type, a name, and its bytes in chunks, each behind its length.
  std::string parts() {
    std::string text;
    while (at_ < bytes_.size()) {
      if (next() == "]") return text;  // else the type
      next();                          // the name
      while (at_ < bytes_.size()) {
        std::size_t length = 0;
        const std::string_view number = next();
        const auto [stop, trouble] = std::from_chars(number.data(), number.data() + number.size(), length, 16);
        if (trouble != std::errc{} || stop == number.data() || length == 0) break;
        length = std::min(length, bytes_.size() - at_);
        if (text.size() < 4 * kLongestMessage) text.append(bytes_.substr(at_, length));
        at_ += length;
      }
    }
    builder_.incomplete("it is cut off within a test's details");
    return text;
  }

  static Outcome outcome(Outcome told, std::string_view text) {
    if (told == error && (has(text, "Test timeout expired") || has(text, "TimeoutException"))) return timeout;
    if (told == error && (has(text, ") Received signal ") || has(text, ") Early exit"))) return crash;
    // What was made of v2 knows no errors: what was thrown stands at the end of the traceback.
    const bool is_check = has(text, "AssertionError") || has(text, "MismatchError") || has(text, "FailTest");
    return told == fail && has(text, "Traceback (most recent call last)") && !is_check ? error : told;
  }

  void end(std::string_view name, const Word& word, std::string_view text) {
    const bool is_open = open_ == name;
    const auto seconds = is_open && begun_ && now_ ? std::optional(*now_ - *begun_) : std::nullopt;
    const Outcome found = outcome(word.outcome, text);
    // "package.module.Class.test", libcheck's "core:adds"; anything with a blank is a name.
    const bool is_plain = name.find(' ') == std::string_view::npos;
    std::size_t split = is_plain ? name.rfind('.', name.find('(')) : std::string_view::npos;
    if (is_plain && split == std::string_view::npos) split = name.find(':');
    const std::string suite(split == std::string_view::npos ? std::string_view() : name.substr(0, split));
    builder_.attempt(suite, std::string(split == std::string_view::npos ? name : name.substr(split + 1)), found,
                     seconds, found == pass ? std::string_view() : text);
    if (is_open) open_ = {};
  }

  // A test that is begun while another has no end: its process was lost.
  void end_of_open() {
    if (open_.empty()) return;
    const std::string_view name = std::exchange(open_, {});
    builder_.add("", std::string(name), crash, {}, "begun, and it has no end");
    builder_.incomplete(std::string(name) + " was begun and has no end");
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  TestReport& report_;
  ReportBuilder builder_;
  std::string_view open_;
  std::optional<double> now_, begun_;
};

void read(const Input& input, TestReport& report) {
  Reader(input.bytes, report).read();
}

}  // namespace

extern const Format subunit_text_format;
const Format subunit_text_format{"subunit-v1", matches, read};

}  // namespace resident::ci

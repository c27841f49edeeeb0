#include <algorithm>
#include <array>
#include <map>
#include <sources/ci/formats/any_log.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <sources/ci/formats/text_tree.hpp>
#include <unordered_map>

namespace resident::ci {

namespace {

using enum Outcome;
using Shape = StatusLine::Shape;

constexpr std::size_t kLongestLine = 4096;

// "3ms", "0.02 sec", "in 4s", "12 µs": seconds.
std::optional<double> time_of(std::string_view number, std::string_view unit) {
  const auto value = leading_number(number);
  if (!value) return std::nullopt;
  if (unit.starts_with("ms") || unit.starts_with("mill")) return *value / 1e3;
  if (unit.starts_with("µs") || unit.starts_with("us")) return *value / 1e6;
  if (unit.starts_with("ns")) return *value / 1e9;
  if (unit.starts_with("m")) return *value * 60;
  return value;
}

// Takes a time off the end: "(3ms)", "[0.02 sec]", "› 3.1ms", "(0.00s)".
std::optional<double> take_time(std::string& text) {
  static const Pattern behind(
      R"((.*?)\s*(?:[(\[]|› | in )(?:in )?([0-9]+(?:\.[0-9]+)?) ?(ms|s|secs?|seconds?|m|mins?|µs|us|ns|milliseconds)[)\]]?)");
  std::string rest, number, unit;
  if (!behind.matches(text, &rest, &number, &unit)) return std::nullopt;
  text = rest;
  return time_of(number, unit);
}

// The word that a line ends with, and what runners put behind one: "(expected)", "in 0.1s", "!!", ", no printer".
std::optional<Outcome> word_with_remark(std::string_view text, std::string& remark, std::optional<double>& seconds) {
  static const Pattern worded(
      R"(([A-Za-z]+(?:[ -][A-Za-z]+)?)(?:\s*(?:[!.]+|\((.*)\)|\[(.*)\]|[:,-] ?(.*)|in ([0-9.]+) ?(ms|s)\w*))*\s*)");
  std::string word, one, two, three, time, unit;
  if (!worded.matches(text, &word, &one, &two, &three, &time, &unit)) return std::nullopt;
  auto outcome = status_word(word);
  if (!outcome && word.find(' ') != std::string::npos)
    outcome = status_word(std::string_view(word).substr(0, word.find(' ')));
  if (!outcome) {
    // "not available, skipped".
    if (!three.empty() && word == "not available") outcome = status_word(three);
    if (!outcome) return std::nullopt;
  }
  remark = !one.empty() ? one : !two.empty() ? two : three;
  if (*outcome == fail && remark.starts_with("expected")) outcome = xfail;
  if (*outcome == pass && remark.starts_with("unexpected")) outcome = xpass;
  if (seconds = take_time(remark); !seconds) seconds = time_of(time, unit);
  return outcome;
}

// ---- the shapes

struct Mark {
  std::string_view sign;
  Outcome outcome;
};
constexpr std::array<Mark, 30> kMarks{
    {{"⨯", fail},  {"✓", pass}, {"✔", pass}, {"√", pass},  {"✅", pass}, {"☑", pass}, {"🟢", pass}, {"✗", fail},
     {"✘", fail},  {"✖", fail}, {"×", fail}, {"✕", fail},  {"❌", fail}, {"☒", fail}, {"🔴", fail},    {"○", skip},
     {"◌", skip},  {"◯", skip}, {"↓", skip}, {"⊘", skip},  {"∅", skip}, {"⏭", skip}, {"🚧", skip},    {"𐄂", fail},
     {"﹣", skip}, {"ℹ", skip}, {"●", skip}, {"◼", xfail}, {"-", skip}, {"*", skip}}};

// "✘ [fail]: differs", "- [skip] is off": the word in brackets tells more than the mark.
void bracketed_mark(StatusLine& line) {
  static const Pattern words(R"(\[([a-z ]+)\]:? (\S.*))");
  std::string word, name;
  if (!words.matches(line.name, &word, &name)) return;
  const auto outcome = status_word(word);
  if (!outcome) return;
  line.outcome = *outcome;
  line.name = name;
  // AVA's remarks stand behind the name.
  for (const auto& [remark, told] : {std::pair<std::string_view, Outcome>{" Error thrown in test", error},
                                     {" Test timeout exceeded", timeout},
                                     {" Test was expected to fail, but succeeded", xpass}})
    if (const std::size_t at = line.name.find(remark); at != std::string::npos && at > 0) {
      line.name.resize(at);
      line.outcome = told;
    }
}

std::optional<StatusLine> marked(std::string_view line) {
  StatusLine found;
  found.indent = indent_of(line);
  std::string_view rest = line.substr(std::min(found.indent, line.size()));
  const auto mark =
      std::find_if(kMarks.begin(), kMarks.end(), [&](const Mark& each) { return rest.starts_with(each.sign); });
  static const Pattern numbered(R"([0-9]+[.)] (\S.*))");
  if (mark != kMarks.end()) {
    rest.remove_prefix(mark->sign.size());
    if (rest.starts_with("\xEF\xB8\x8F")) rest.remove_prefix(3);  // the sign as a picture
    if (!rest.starts_with(' ')) return std::nullopt;
    found.outcome = mark->outcome;
    found.name = std::string(trim(rest));
  } else if (numbered.matches(rest, &found.name)) {
    found.outcome = fail;
    found.name = std::string(trim(found.name));
  } else {
    return std::nullopt;
  }
  if (found.name.empty() || found.name.find_first_not_of("0123456789 |,.:/()") == std::string::npos)
    return std::nullopt;
  static const Pattern kind(R"(\w+(?:Error|Exception)|─+)");  // of what was thrown, above its message
  if (kind.matches(found.name)) return std::nullopt;
  if (has(found.name, " honored ∙ ")) return std::nullopt;  // vows' totals
  static const Pattern counts(R"((?:tests|pass|fail|passing|failing|skipped|todo):? +[0-9]+)");
  if (counts.matches(found.name)) return std::nullopt;
  found.seconds = take_time(found.name);
  bracketed_mark(found);
  static const Pattern behind(R"((\S.*?) \((skipped|pending|todo|ignored|FAILED|failed)(?:: (.*))?\))");
  static const Pattern again(R"(\(x[0-9]+\) (\S.*))");
  std::string name, word, why;
  if (behind.matches(found.name, &name, &word, &why)) {
    found.outcome = status_word(word).value_or(found.outcome);
    found.name = name;
    found.remark = why;
  }
  if (again.matches(found.name, &name)) {
    found.name = name;
    if (found.outcome == pass) found.outcome = flaky;
  }
  return found;
}

std::optional<StatusLine> with_word(std::string_view line) {
  static const Pattern dots(R"(( *)(?:[*-] )?(\S.*?):? ?(?:\([0-9]+ checks?\) )?\.{2,} *(?:\*\*)?(\S.*?)(?:\*\*)?)");
  static const Pattern colon(R"(( *)(?:[\w.-]+ > )?(?:[*-] )?(\S.*?) ?: +(?:\*\*)?(\S.*?)(?:\*\*)?)");
  static const Pattern first(R"(( *)(?:[:*]?[a-z-]*:? ?)?\[? {0,2}([A-Z][A-Z-]+) {0,2}\]?:? +(\S.*))");
  static const Pattern last(R"(( *)(\S.*?) {2,}([A-Z]{2,}(?: \([0-9.]+ ?m?s\))?))");
  static const Pattern bracket(R"(( *)(?:[*-] )?(\S.*?) \[([A-Z][A-Za-z]*(?:: .*)?)\])");
  StatusLine found;
  std::string blanks, name, word;
  const auto told = [&](Shape shape, const std::string& text) {
    const auto outcome = word_with_remark(text, found.remark, found.seconds);
    if (!outcome) return false;
    found.shape = shape;
    found.indent = blanks.size();
    found.outcome = *outcome;
    found.name = name;
    return true;
  };
  if (bracket.matches(line, &blanks, &name, &word) && told(Shape::bracket, word)) return found;
  if (last.matches(line, &blanks, &name, &word) && told(Shape::word_last, word)) return found;
  if (dots.matches(line, &blanks, &name, &word) && told(Shape::dots, word)) return found;
  static const Pattern figures(R"([0-9]+(?: ?[|,(].*)?)");  // "FAIL 5 | WARN 1", "PASS 12"
  if (first.matches(line, &blanks, &word, &name) && !figures.matches(name) && status_word(word) &&
      told(Shape::word_first, word)) {
    if (!found.seconds) found.seconds = take_time(found.name);
    return found;
  }
  if (colon.matches(line, &blanks, &name, &word) && told(Shape::colon, word)) return found;
  return std::nullopt;
}

// Letters and figures alone, so that "Calc > adds", "Calc adds" and "  1) Calc adds:" are one.
std::string letters_of(std::string_view text) {
  std::string result;
  for (const char c : text)
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
        (static_cast<unsigned char>(c) >= 0x80))
      result += c;
  return result;
}

}  // namespace

std::optional<Outcome> status_word(std::string_view word) {
  static const std::unordered_map<std::string_view, Outcome> kWords{{"ok", pass},
                                                                    {"pass", pass},
                                                                    {"passed", pass},
                                                                    {"passing", pass},
                                                                    {"success", pass},
                                                                    {"successful", pass},
                                                                    {"succeeded", pass},
                                                                    {"successfully", pass},
                                                                    {"fail", fail},
                                                                    {"failed", fail},
                                                                    {"failure", fail},
                                                                    {"failing", fail},
                                                                    {"fails", fail},
                                                                    {"honored", pass},
                                                                    {"not ok", fail},
                                                                    {"nok", fail},
                                                                    {"ko", fail},
                                                                    {"error", error},
                                                                    {"errored", error},
                                                                    {"broken", error},
                                                                    {"aborted", error},
                                                                    {"exception", error},
                                                                    {"undefined", error},
                                                                    {"invalid", error},
                                                                    {"missing", error},
                                                                    {"skip", skip},
                                                                    {"skipped", skip},
                                                                    {"ignored", skip},
                                                                    {"ignore", skip},
                                                                    {"pending", skip},
                                                                    {"todo", skip},
                                                                    {"disabled", skip},
                                                                    {"deactivated", skip},
                                                                    {"not run", skip},
                                                                    {"notrun", skip},
                                                                    {"not available", skip},
                                                                    {"inconclusive", skip},
                                                                    {"blocked", skip},
                                                                    {"xfail", xfail},
                                                                    {"expected fail", xfail},
                                                                    {"expected failure", xfail},
                                                                    {"known failure", xfail},
                                                                    {"xpass", xpass},
                                                                    {"upass", xpass},
                                                                    {"unexpected pass", xpass},
                                                                    {"unexpected success", xpass},
                                                                    {"timeout", timeout},
                                                                    {"timed out", timeout},
                                                                    {"timedout", timeout},
                                                                    {"crash", crash},
                                                                    {"crashed", crash},
                                                                    {"killed", crash}};
  const std::string small = to_lower(word);
  const auto found = kWords.find(small);
  return found == kWords.end() ? std::nullopt : std::optional(found->second);
}

Outcome told_failure(std::string_view text) {
  static const Pattern late(
      "imed out (?:in|after) |function timed out, ensure|Exceeded timeout of |[Tt]imeout of |Test "
      "timeout|TestTimedOut|did not complete within "
      "|exceeded Timeout value|timed out$");
  static const Pattern thrown(
      R"((?m)^\W*(?:\w+(?: \w+)? ?: )?(?:[Cc]aused by: |error: |Uncaught )?(?:[\w$]+(?:\.|::))*[A-Z]\w*(?:Error|Exception|Failure)\b)");
  static const Pattern engine(
      "annot read propert|is not a function|is not defined|unexpected exception|Unexpected Error|Exception raised:"
      "|raised exception|segmentation violation");
  if (late.found_in(text)) return timeout;
  if (has(text, "should have thrown an exception")) return fail;
  if (has(text, "Assert") || has(text, "ERR_ASSERTION") || has(text, "ExpectationNotMet") || has(text, "Assertion "))
    return fail;
  if (engine.found_in(text)) return error;
  std::string_view groups[1];
  if (!thrown.search(text, 0, Pattern::Anchor::none, groups)) return fail;
  const std::string_view name = groups[0];
  // "Error: ", "RuntimeError: " are how many write a check by hand.
  if (name.ends_with(" Error") || name == "Error" || name.ends_with("ComparisonFailure")) return fail;
  if (name == "Failure") return fail;
  return error;
}

std::optional<StatusLine> status_line(std::string_view line) {
  if (line.size() > kLongestLine) return std::nullopt;
  if (auto found = marked(line)) return found;
  return with_word(line);
}

namespace {

class AnyLog {
 public:
  explicit AnyLog(TestReport& report) : report_(report), builder_(report) {}

  // Which of the ways this log has: what most of its lines have, a mark before a word.
  bool choose(std::string_view text) {
    is_codecept_ = has(text.substr(0, kSniffed), "CodeceptJS v");
    std::array<std::size_t, kShapes> counts{};
    std::size_t marks = 0;
    static const Pattern scenario(R"((?m)^ *[0-9]+\) Scenario)");
    if (scenario.found_in(text)) return false;
    each_line(text, [&](std::string_view raw) {
      const auto found = status_line(plain_of(raw));
      if (!found) return;
      ++counts[static_cast<std::size_t>(found->shape)];
      const char sign = found->shape == Shape::mark ? first_sign(plain_of(raw)) : ' ';
      if (found->shape == Shape::mark && sign != '-' && sign != '*' && !(sign >= '0' && sign <= '9')) ++marks;
    });
    counts[0] = marks == 0 ? 0 : counts[0];
    const auto best = std::max_element(counts.begin(), counts.end());
    shape_ = static_cast<Shape>(best - counts.begin());
    if (marks > 1 && counts[0] * 2 >= *best) shape_ = Shape::mark;
    return counts[static_cast<std::size_t>(shape_)] > 1;
  }

  void line(std::string_view raw) {
    const std::string plain = plain_of(raw);
    const std::string_view line = plain;
    auto found = status_line(line);
    if (found && found->shape != shape_) found.reset();
    // A dash is a test that was left out only among tests with marks: as deep as one; further in below one that failed
    // it is a word of why.
    const bool is_dash = first_sign(line) == '-' || first_sign(line) == '*';
    if (found && shape_ == Shape::mark && is_dash && open_ != kNone &&
        (found->indent > indent_ || !depths_.contains(found->indent)) && is_open_to_text())
      found.reset();
    static const Pattern banner(R"(\*\s+\w+\s+\*)");
    if (found && (has_ended_ || banner.matches(line))) found.reset();
    // "S later" of CodeceptJS.
    if (!found && is_codecept_ && trim(line).starts_with("S ") && depths_.contains(indent_of(line))) {
      found = StatusLine{};
      found->indent = indent_of(line);
      found->outcome = skip;
      found->name = std::string(trim(trim(line).substr(2)));
    }
    // "✖ FAILED in 10ms" below the steps of a test: its name stands above them.
    if (found && found->shape == Shape::mark && status_word(found->name))
      if (const auto above = first_at_.find(found->indent); above != first_at_.end()) found->name = above->second;
    if (found) {
      first_at_.clear();
      take(*found);
    } else if (line.empty() || trim(line).empty()) {
      ++blanks_;
    } else {
      other(line);
      blanks_ = 0;
    }
  }

  bool finish() {
    explain();
    if (report_.results.size() < 2) {
      report_.results.clear();
      return false;
    }
    const auto has_one = [&](std::initializer_list<Outcome> outcomes) {
      return std::any_of(report_.results.begin(), report_.results.end(), [&](const TestResult& each) {
        return std::find(outcomes.begin(), outcomes.end(), each.outcome) != outcomes.end();
      });
    };
    totals_.check(report_, builder_);
    // What no line of it says of any test, such a log may have no mark for.
    builder_.cannot_tell({missing});
    for (const Outcome each : {flaky, crash, timeout, xfail, xpass, error, skip, pass})
      if (std::find(told_.begin(), told_.end(), each) == told_.end()) builder_.cannot_tell({each});
    if (has_one({pass}) && has_totals_of_more_) builder_.cannot_tell({pass});
    number_repeated_names(report_);
    return true;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // What stands over an earlier text on a terminal is what is seen.
  static std::string plain_of(std::string_view raw) {
    // To the first column: what follows is written over the line.
    std::string whole(raw.substr(0, kLongestLine));
    for (const std::string_view code : {"\x1b[1G", "\x1b[G", "\x1b[0G"})
      for (std::size_t at = whole.find(code); at != std::string::npos; at = whole.find(code, at))
        whole.replace(at, code.size(), "\r");
    std::string plain = without_colours(whole);
    if (const std::size_t over = plain.rfind('\r'); over != std::string::npos) plain.erase(0, over + 1);
    return plain;
  }
  static char first_sign(std::string_view line) {
    const std::size_t at = indent_of(line);
    return at < line.size() ? line[at] : ' ';
  }

  void take(const StatusLine& found) {
    explain();
    blanks_ = 0;
    depths_.emplace(found.indent, true);
    indent_ = found.indent;
    told_.push_back(found.outcome);
    std::string suite = shape_ == Shape::word_first && found.indent == 0 ? "" : tree_.path(found.indent);
    if (!section_.empty()) suite = suite.empty() ? section_ : section_ + " > " + suite;
    open_ = report_.results.size();
    builder_.add(suite, found.name, found.outcome, found.seconds, found.remark);
    if (found.outcome == flaky) report_.results.back().attempts = {fail, pass};
    by_letters_.emplace(letters_of(suite + found.name), open_);
    by_letters_.emplace(letters_of(found.name), open_);
  }

  // A suite, a part of what is told of the test above, or the name of one that failed once more.
  void other(std::string_view line) {
    const std::size_t depth = indent_of(line);
    first_at_.erase(first_at_.upper_bound(depth), first_at_.end());
    first_at_.emplace(depth, std::string(trim(line)));
    static const Pattern numbered(R"(\s*(?:[0-9]+[.):]|FAIL:?|❯|●|✖|Error:|Failure:)?\s*(\S.*?)(?: => .*)?:?\s*)");
    static const Pattern section(
        R"((?i)\W*(?:failures|failed tests?|errors|summary|failing|pending)\b[^a-z0-9]{0,80})");
    std::string title;
    if (numbered.matches(line, &title)) {
      const auto found = by_letters_.find(letters_of(title));
      if (found != by_letters_.end() && (report_.results.size() > 1 || blanks_ > 0)) {
        explain();
        open_ = found->second;
        is_told_again_ = true;
        return;
      }
    }
    if (section.matches(line)) {
      explain();
      has_ended_ = has_ended_ || (report_.results.size() > 1 && shape_ == Shape::mark);
      return;
    }
    const std::size_t indent = indent_of(line);
    // CodeceptJS's "Stack --" and httpyac's "=== name ===" are suites, wherever they stand.
    static const Pattern suite(R"((\S.*) --|=== (\S.*) ===)");
    if (std::string one, two; suite.matches(line, &one, &two)) {
      explain();
      first_at_.clear();
      tree_.clear();
      section_ = one.empty() ? two : one;
      return;
    }
    // "steps ...": its parts stand below, and its word behind them.
    if (shape_ == Shape::dots && line.ends_with(" ...")) {
      explain();
      return tree_.open(indent, trim(line.substr(0, line.size() - 4)));
    }
    const bool is_tabbed = indent < line.size() && line[indent] == '\t';
    const bool is_deeper =
        open_ != kNone && (is_told_again_ || is_tabbed || (blanks_ == 0 && deeper_than_open(indent)));
    if (is_deeper && is_open_to_text()) {
      if (text_.size() < 2 * kLongestMessage) text_.append(line) += '\n';
      return;
    }
    if (has_totals_of_tests(line)) {
      totals_.note(line);
      if (blanks_ > 0) return;
    }
    static const Pattern file(R"(\[([\w./-]+)\])");  // Nightwatch
    if (std::string name; file.matches(line, &name)) {
      explain();
      tree_.clear();
      section_ = name;
      return;
    }
    static const Pattern dots("[•✓✔✗✘✖·]");
    if (!dots.found_in(line)) tree_.open(indent, trim(line));
  }

  bool deeper_than_open(std::size_t indent) const {
    return shape_ != Shape::mark || depths_.empty() || indent > depths_.begin()->first || indent == 0;
  }
  bool is_open_to_text() const { return report_.results[open_].outcome != pass; }

  void explain() {
    const std::size_t of = std::exchange(open_, kNone);
    const std::string text = std::exchange(text_, {});
    is_told_again_ = false;
    if (of == kNone || text.empty()) return;
    TestResult& result = report_.results[of];
    if (result.message.empty()) result.message = std::string(trim(text.substr(0, kLongestMessage)));
    if (result.outcome == xfail && has(text, "must finish with an error")) return;
    if (result.outcome != fail) return;
    result.outcome = has(text, "must finish with an error") ? xpass : told_failure(text);
    result.attempts = {result.outcome};
  }

  TestReport& report_;
  ReportBuilder builder_;
  Shape shape_ = Shape::mark;
  TextTree tree_;
  Totals totals_;
  std::map<std::size_t, bool> depths_;
  std::map<std::size_t, std::string> first_at_;  // since the last test: the first line so far in
  std::unordered_map<std::string, std::size_t> by_letters_;
  std::string text_, section_;
  std::size_t open_ = kNone, blanks_ = 1;
  std::size_t indent_ = 0;
  std::vector<Outcome> told_;  // by its line, without what is said below
  bool is_told_again_ = false, has_ended_ = false, has_totals_of_more_ = false, is_codecept_ = false;
};

// What goes up some lines on a terminal and comes down again writes lines of its own. "" where nothing moves.
std::string without_moves(std::string_view text) {
  static const Pattern move(R"(\x1b\[[0-9]*[ABEF])");
  std::string moved;
  if (!move.found_in(text.substr(0, kSniffed))) return moved;
  std::string_view groups[1];
  std::size_t at = 0;
  while (move.search(text, at, Pattern::Anchor::none, groups)) {
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    moved.append(text.substr(at, begin - at)) += '\n';
    at = begin + groups[0].size();
  }
  return moved.append(text.substr(at));
}

}  // namespace

bool read_any_log(std::string_view bytes, TestReport& report) {
  constexpr std::size_t kMost = std::size_t{64} << 20U, kEnds = 16384;
  if (bytes.size() > kMost || bytes.substr(0, kSniffed).find('\0') != std::string_view::npos) return false;
  const std::string_view end = bytes.size() > kEnds ? bytes.substr(bytes.size() - kEnds) : bytes;
  if (!has_totals_of_tests(without_colours(end)) && !has_totals_of_tests(without_colours(bytes.substr(0, kEnds))))
    return false;
  const std::string moved = without_moves(bytes);
  if (!moved.empty()) bytes = moved;
  AnyLog reader(report);
  if (reader.choose(bytes)) {
    each_line(bytes, [&](std::string_view line) { reader.line(line); });
    if (reader.finish()) return true;
  }
  report.cannot_tell.clear();
  return read_numbered_failures(bytes, report);
}

}  // namespace resident::ci

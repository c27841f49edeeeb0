// JUnit XML in all its dialects, in one pass over the file (xml_in_place.hpp): a test case at a time, whatever the
// file's size. Nested suites count once: only test cases are read, totals are compared with them.
#include <xxhash.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/large_pages.hpp>
#include <base/pattern.hpp>
#include <charconv>
#include <memory>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/junit_case.hpp>

namespace resident::ci {

namespace {

using namespace junit;
using xml::Scanner;
using xml::Tree;

// Surefire writes whole thousands of seconds as "1,096" and never a decimal comma; others write "0,160". The file as a
// whole tells which it does; it is asked at the first number with a comma and no point.
class Commas {
 public:
  explicit Commas(std::string_view bytes) : bytes_(bytes) {}

  std::optional<double> seconds(std::string_view text) {
    if (text.find(',') == std::string_view::npos || text.find('.') != std::string_view::npos || !are_thousands())
      return seconds_of(text);
    std::string plain(text);
    std::erase(plain, ',');
    return seconds_of(plain);
  }

 private:
  bool are_thousands() {
    if (!known_) known_ = look();
    return *known_;
  }
  // A point somewhere, and no comma that cannot be the thousands'.
  bool look() const {
    constexpr std::string_view kTime = " time=\"";
    static const Pattern thousands("[1-9][0-9]{0,2}(,[0-9]{3})+(\\.[0-9]+)?");
    bool has_point = false;
    for (std::size_t at = bytes_.find(kTime); at != std::string_view::npos; at = bytes_.find(kTime, at + 1)) {
      std::string_view value = bytes_.substr(at + kTime.size(), kLongestNumber);
      value = value.substr(0, value.find('"'));
      if (value.find(',') != std::string_view::npos && !thousands.matches(value)) return false;
      has_point = has_point || value.find('.') != std::string_view::npos;
    }
    return has_point;
  }
  static constexpr std::size_t kLongestNumber = 40;

  std::string_view bytes_;
  std::optional<bool> known_;
};

void read_case(const Element& node, Case& test, Commas& commas) {
  test.node = node;
  test.class_name = test.name = test.file = test.status = test.result = test.skip_type = test.skip_message = {};
  test.troubles.clear();
  test.is_skipped = false;
  test.seconds.reset();
  node.each_attribute([&](std::string_view key, std::string_view value) {
    if (key == "name") {
      test.name = value;
    } else if (key == "classname") {
      test.class_name = value;
    } else if (key == "file") {
      test.file = value;
    } else if (key == "time") {
      test.seconds = commas.seconds(value);
    } else if (key == "status") {
      test.status = value;
    } else if (key == "result") {
      test.result = value;
    }
  });
  node.each_child([&](const Element& child) {
    const std::string_view kind = child.name();
    if (kind == "failure" || kind == "error") {
      test.troubles.push_back({kind == "error", child.attribute("type"), child.attribute("message"), child.text()});
    } else if (kind == "skipped" || kind == "skip" || kind == "disabled") {
      test.is_skipped = true;
      test.skip_type = child.attribute("type");
      test.skip_message = child.attribute("message");
      if (test.skip_message.empty()) test.skip_message = child.text();
    }
  });
}

// The tries that Maven Surefire and others keep beside the last one.
bool add_reruns(const Case& test, ReportBuilder& builder, const Named& named, Outcome last, Commas& commas) {
  std::vector<std::pair<Outcome, Element>> tries;
  bool flaky = false;
  test.node.each_child([&](const Element& child) {
    const std::string_view kind = child.name();
    if (kind == "rerunFailure" || kind == "flakyFailure") tries.emplace_back(Outcome::fail, child);
    if (kind == "rerunError" || kind == "flakyError") tries.emplace_back(Outcome::error, child);
    flaky = flaky || kind.starts_with("flaky");
  });
  if (tries.empty()) return false;
  // rerun…: the first try failed as the test case says, these are the later ones; flaky…: these came first, then it
  // passed.
  if (!flaky) builder.attempt(named.suite, named.name, last, test.seconds, test.first_message());
  for (const auto& [outcome, child] : tries)
    builder.attempt(named.suite, named.name, outcome, commas.seconds(child.attribute("time")),
                    child.attribute("message"));
  if (flaky) builder.attempt(named.suite, named.name, Outcome::pass, test.seconds);
  return true;
}

bool is_suite(std::string_view name) {
  return name == "testsuite" || name == "testsuites";
}
bool is_trouble(std::string_view name) {
  return name == "failure" || name == "error";
}

// What a test case tells of failures and errors, tries that failed before counted.
std::size_t troubles_in(const Element& test_case) {
  std::size_t count = 0;
  test_case.each_child([&](const Element& child) {
    const std::string_view kind = child.name();
    count += is_trouble(kind) || kind.starts_with("rerun") || kind.starts_with("flaky");
  });
  return count;
}

// Tries beside the one that the test case is: Surefire counts each of them as a test of its suite.
std::size_t more_tries_in(const Element& test_case) {
  std::size_t count = 0;
  test_case.each_child(
      [&](const Element& child) { count += child.name().starts_with("rerun") || child.name().starts_with("flaky"); });
  return count;
}

struct OpenSuite {
  Tree tree;
  std::string_view kind;
  std::string name, path, output, error_output;
  std::size_t first_result = 0, cases = 0, suites = 0, troubles = 0;
  std::size_t all_tries = 0;
  std::size_t all_cases = 0, all_troubles = 0;  // with those of the suites in it; each failure and error that is told
};

class Reader {
 public:
  Reader(std::string_view bytes, TestReport& report, const Dialect& dialect)
      : scanner_(bytes), commas_(bytes), report_(report), builder_(report), dialect_(dialect) {}

  void read() {
    for (;;) {
      const auto token = scanner_.next();
      if (token == Scanner::Token::end) break;
      if (token == Scanner::Token::open) open();
      if (token == Scanner::Token::close) close(scanner_.name());
    }
    finish();
  }

 private:
  static constexpr std::size_t kDeepest = 64;

  void open() {
    const std::string_view name = scanner_.name();
    if (left_out_ > 0) {
      if (!scanner_.is_empty()) ++left_out_;
      return;
    }
    if (name == "testcase") {
      const bool is_whole = tree_.read(scanner_);
      if (depth_ > 0) ++suites_[depth_ - 1]->cases, ++suites_[depth_ - 1]->all_cases;
      test_case(tree_.root(), is_whole);
    } else if (is_trouble(name)) {
      tree_.read(scanner_);
      suite_trouble(tree_.root());
    } else if (name == "system-out" || name == "system-err") {
      tree_.read(scanner_);
      if (depth_ > 0 && dialect_.end_of_suite)
        (name == "system-out" ? suites_[depth_ - 1]->output : suites_[depth_ - 1]->error_output) = tree_.root().text();
    } else if (name == "properties") {
      tree_.read(scanner_);
    } else {
      begin_suite();
    }
  }

  // A suite, or an element that only holds some.
  void begin_suite() {
    const bool is_one = is_suite(scanner_.name());
    if (depth_ >= kDeepest) {
      if (!is_deep_ && is_one) builder_.incomplete("suites nested more than 64 deep are left out");
      is_deep_ = is_deep_ || is_one;
      if (!scanner_.is_empty()) ++left_out_;
      return;
    }
    if (depth_ > 0 && is_one) ++suites_[depth_ - 1]->suites;
    if (suites_.size() <= depth_) suites_.push_back(std::make_unique<OpenSuite>());
    OpenSuite& suite = *suites_[depth_];
    suite.tree.read_tag(scanner_);
    suite.kind = suite.tree.root().name();
    const Element tag = suite.tree.root();
    // <testsuites> has a name of the whole run at most: no part of any test's.
    suite.name =
        suite.kind == "testsuites" && depth_ == 0 ? std::string_view() : tag.attribute("name").substr(0, kLongestName);
    const std::string& outer = depth_ == 0 ? none_ : suites_[depth_ - 1]->path;
    suite.path = outer.empty() || suite.name.empty() ? outer + suite.name : outer + " > " + suite.name;
    suite.path.resize(std::min(suite.path.size(), kLongestName));
    suite.output.clear();
    suite.error_output.clear();
    suite.first_result = report_.results.size();
    suite.cases = suite.suites = suite.troubles = suite.all_cases = suite.all_troubles = suite.all_tries = 0;
    if (depth_ == 0 || suites_[depth_ - 1]->name.empty()) ++number_;
    ++depth_;
    reserve(tag);
    if (suite.kind == "testsuite") note_moment(tag);
    if (scanner_.is_empty()) end_suite();
  }

  // What an aggregate (Ant's TESTS-TestSuites.xml) repeats of each report; of the name, Ant keeps what is behind the
  // last point.
  void note_moment(const Element& tag) {
    const std::string_view moment = tag.attribute("timestamp");
    is_dated_ = is_dated_ && !moment.empty();
    if (!is_dated_) return;
    const std::string_view name = tag.attribute("name");
    std::uint64_t hash = 0;
    for (const std::string_view part : {moment, name.substr(name.rfind('.') + 1), tag.attribute("hostname"),
                                        tag.attribute("tests"), tag.attribute("time")})
      hash = XXH3_64bits_withSeed(part.data(), part.size(), hash);
    report_.suites.push_back(hash);
  }

  // Room for as many as the suite says it has, and as many as may stand in so many bytes.
  void reserve(const Element& tag) {
    constexpr std::size_t kShortest = 24, kMost = 1U << 20U;
    std::size_t count = 0;
    const std::string_view told = tag.attribute("tests");
    std::from_chars(told.data(), told.data() + told.size(), count);
    count = std::min({count, scanner_.left() / kShortest, kMost});
    const std::size_t needed = report_.results.size() + count;
    if (needed <= report_.results.capacity()) return;
    report_.results.reserve(std::max(needed, report_.results.capacity() * 2));
    prefer_large_pages(report_.results.data(), report_.results.capacity() * sizeof(TestResult));
  }

  void close(std::string_view name) {
    if (left_out_ > 0) {
      --left_out_;
      return;
    }
    std::size_t at = depth_;
    while (at > 0 && suites_[at - 1]->kind != name) --at;
    if (at == 0) return;  // never opened
    while (depth_ >= at && depth_ > 0) end_suite();
  }

  void end_suite() {
    OpenSuite& suite = *suites_[depth_ - 1];
    if (is_suite(suite.kind)) {
      reconcile(suite);
      if (dialect_.end_of_suite) {
        dialect_.end_of_suite({suite.tree.root(), suite.path, suite.first_result, suite.output, suite.error_output},
                              report_);
        note_places({});
      }
    }
    --depth_;
    if (depth_ == 0) return;
    suites_[depth_ - 1]->all_cases += suite.all_cases;
    suites_[depth_ - 1]->all_tries += suite.all_tries;
    suites_[depth_ - 1]->all_troubles += suite.all_troubles;
  }

  // With those that stand inside of it (clojure.test: a test that calls others).
  void test_case(const Element& node, bool is_whole) {
    one_test_case(node, is_whole);
    node.each_child([&](const Element& child) {
      if (child.name() == "testcase") test_case(child, is_whole);
    });
  }

  void one_test_case(const Element& node, bool is_whole) {
    const OpenSuite* suite = depth_ > 0 ? suites_[depth_ - 1].get() : nullptr;
    test_.suite = suite == nullptr ? std::string_view() : std::string_view(suite->path);
    test_.suite_tag = suite == nullptr ? Element() : suites_[depth_ - 1]->tree.root();
    read_case(node, test_, commas_);
    const bool counts = dialect_.is_left_out_of_totals == nullptr || !dialect_.is_left_out_of_totals(test_);
    if (depth_ > 0 && counts) suites_[depth_ - 1]->all_troubles += troubles_in(node);
    if (depth_ > 0) suites_[depth_ - 1]->all_tries += more_tries_in(node);
    Named named{std::string(!test_.class_name.empty() ? test_.class_name : test_.suite), std::string(test_.name), false,
                false, false};
    if (dialect_.name) dialect_.name(test_, named);
    const Outcome outcome = outcome_of_case();
    // Half a test case says nothing good.
    if (outcome == Outcome::missing || (!is_whole && !is_failure(outcome))) return;
    const std::size_t before = report_.results.size();
    const bool is_done = add_reruns(test_, builder_, named, outcome, commas_) ||
                         (named.is_same_test && same_test(named, outcome)) || (named.is_retry && retry(named, outcome));
    if (!is_done) {
      builder_.add(std::move(named.suite), std::move(named.name), outcome, test_.seconds,
                   outcome == Outcome::pass ? std::string_view() : message());
    }
    if (dialect_.place && report_.results.size() > before) {
      Place place;
      dialect_.place(test_, place);
      note_places(place);
    }
  }

  void note_places(Place place) {
    if (!dialect_.place) return;
    place.suite = number_;
    places_.resize(report_.results.size(), place);
  }

  Outcome outcome_of_case() const {
    Outcome outcome = outcome_by_elements(test_);
    if (dialect_.exceptions_are_failures && outcome == Outcome::fail &&
        std::none_of(test_.troubles.begin(), test_.troubles.end(), is_assertion))
      outcome = Outcome::error;
    if (dialect_.outcome)
      if (const auto told = dialect_.outcome(test_)) outcome = *told;
    return outcome;
  }

  std::string_view message() const {
    const auto first = test_.first_message();
    return first.empty() ? test_.skip_message : first;
  }

  // Directly below a suite: its set-up, its tear-down, or a file that could not be loaded.
  void suite_trouble(const Element& node) {
    const std::string_view message = node.attribute("message"), type = node.attribute("type"), text = node.text();
    const bool died =
        type == "ProgramDied" || contains(message, "Bail out") || contains(message, "Dubious, test returned");
    if (depth_ > 0) ++suites_[depth_ - 1]->troubles, ++suites_[depth_ - 1]->all_troubles;
    const std::string& path = depth_ > 0 ? suites_[depth_ - 1]->path : none_;
    builder_.add("", path.empty() ? std::string(text.substr(0, text.find_first_of(": \n"))) : path,
                 died ? Outcome::crash : Outcome::error, {}, message.empty() ? text : message);
    note_places({});
  }

  // One more try, where the last one of that name failed and stands near.
  bool retry(const Named& named, Outcome outcome) {
    constexpr std::size_t kNear = 64;
    std::size_t looked = 0;
    for (auto each = report_.results.rbegin(); each != report_.results.rend() && looked < kNear; ++each, ++looked) {
      if (each->name != named.name || each->suite != named.suite) continue;
      if (!is_failure(each->attempts.back())) return false;
      builder_.attempt(named.suite, named.name, outcome, test_.seconds, message());
      return true;
    }
    return false;
  }

  // Parts of one test: the worst of them is its outcome. False where it is the first part.
  bool same_test(const Named& named, Outcome outcome) {
    if (report_.results.empty()) return false;
    TestResult& last = report_.results.back();
    if (last.name != named.name || last.suite != named.suite) return false;
    if (weight(outcome) > weight(last.outcome) && !(named.keeps_first && is_failure(last.outcome))) {
      last.outcome = outcome;
      last.message = message().substr(0, kLongestMessage);
    }
    last.attempts = {last.outcome};
    if (test_.seconds) last.seconds = last.seconds.value_or(0) + *test_.seconds;
    return true;
  }

  static int weight(Outcome outcome) {
    switch (outcome) {
      case Outcome::crash:
        return 6;
      case Outcome::timeout:
        return 5;
      case Outcome::error:
        return 4;
      case Outcome::fail:
        return 3;
      case Outcome::xpass:
        return 2;
      case Outcome::skip:
      case Outcome::xfail:
        return 1;
      default:
        return 0;
    }
  }

  // A suite that counts tests or failures and shows fewer has lost some.
  void reconcile(OpenSuite& suite) {
    const Element tag = suite.tree.root();
    const auto number = [&](std::string_view name) {
      std::size_t value = 0;
      const std::string_view text = tag.attribute(name);
      std::from_chars(text.data(), text.data() + text.size(), value);
      return value;
    };
    const std::size_t count = number("tests"), failures = number("failures"), errors = number("errors");
    const bool is_once_more = dialect_.totals == Dialect::Totals::of_errors_once_more;
    const std::size_t failed = is_once_more ? std::max(failures, errors) : failures + errors;
    const bool is_leaf = suite.suites == 0 && suite.kind == "testsuite";
    if (is_leaf && tag.has("tests") && suite.cases == 0 && count == 0 && errors > 0 && suite.troubles == 0) {
      builder_.add("", suite.path, Outcome::error, {}, "the suite counts an error and has no test");
      note_places({});
      ++suite.all_troubles;
    }
    if (dialect_.totals == Dialect::Totals::of_all_rounds) return;
    const std::string name = suite.name.empty() ? (is_leaf ? "a suite" : "the report") : suite.name;
    if (count > suite.all_cases + suite.all_tries && dialect_.tool != "pytest" &&
        dialect_.is_left_out_of_totals == nullptr)
      builder_.incomplete(name + ": says it has " + std::to_string(count) + " tests, and shows " +
                          std::to_string(suite.all_cases));
    else if (failed > suite.all_troubles)
      builder_.incomplete(name + ": says " + std::to_string(failed) + " failed, and shows " +
                          std::to_string(suite.all_troubles));
  }

  void finish() {
    if (scanner_.is_cut_off() || depth_ > 0 || left_out_ > 0)
      builder_.incomplete("the file ends before its last element does: was the run killed while it wrote?");
    while (depth_ > 0) end_suite();
    if (scanner_.broken() > 0)
      builder_.incomplete(std::to_string(scanner_.broken()) +
                          " places are no XML and were stepped over, the first at byte " +
                          std::to_string(scanner_.first_broken()));
    if (dialect_.finish) dialect_.finish(report_, places_);
    number_repeated_names(report_);
    if (!is_dated_) report_.suites.clear();
  }

  Scanner scanner_;
  Commas commas_;
  TestReport& report_;
  ReportBuilder builder_;
  const Dialect& dialect_;
  std::vector<std::unique_ptr<OpenSuite>> suites_;  // the first depth_ of them are open
  std::size_t depth_ = 0, left_out_ = 0;
  std::uint32_t number_ = 0;
  bool is_deep_ = false, is_dated_ = true;
  Tree tree_;
  Case test_;
  std::vector<Place> places_;
  const std::string none_;
};

bool matches(std::string_view head) {
  if (!head.starts_with('<')) return false;
  if (contains(head, "xmlns=\"http://check.sourceforge.net")) return false;
  return contains(head, "<testsuite") || contains(head, "<testcase");
}

// How far into a file the marks of a tool are looked for.
constexpr std::size_t kFar = 4U << 20U;

// What tells the tool: the first of each kind of element.
struct Facts {
  Tree root, suite, properties, first_case, trouble;
  File file;

  explicit Facts(std::string_view bytes) {
    Scanner scanner(bytes);
    for (auto token = scanner.next(); token != Scanner::Token::end; token = scanner.next()) {
      if (token != Scanner::Token::open) continue;
      const std::string_view name = scanner.name();
      if (!file.root) {
        root.read_tag(scanner);
        file.root = root.root();
      }
      if (name == "testsuite" && !file.first_suite) {
        suite.read_tag(scanner);
        file.first_suite = suite.root();
      } else if (name == "properties" && !file.properties) {
        properties.read(scanner);
        file.properties = properties.root();
      } else if (name == "testcase") {
        first_case.read(scanner);
        file.first_case = first_case.root();
        break;
      }
    }
    for (const auto& attribute : file.first_suite.attributes()) {
      if (!file.suite_attributes.empty()) file.suite_attributes += ' ';
      file.suite_attributes += attribute.name;
    }
    find_trouble(bytes);
  }

 private:
  void find_trouble(std::string_view bytes) {
    bytes = bytes.substr(0, kFar);
    std::size_t first = bytes.size();
    for (const std::string_view tag : {"<failure", "<error"}) {
      // "<failures>" is another element.
      for (std::size_t at = bytes.find(tag); at < first; at = bytes.find(tag, at + 1)) {
        const char after = at + tag.size() < bytes.size() ? bytes[at + tag.size()] : 's';
        if (after != ' ' && after != '>' && after != '/' && after != '\n' && after != '\r' && after != '\t') continue;
        first = at;
        break;
      }
    }
    if (first == bytes.size()) return;
    Scanner scanner(bytes.substr(first));
    if (scanner.next() != Scanner::Token::open) return;
    trouble.read(scanner);
    file.first_trouble = trouble.root();
  }
};

void read(const Input& input, TestReport& report) {
  std::string storage;
  const std::string_view bytes = xml::in_utf8(input.bytes, storage);
  const Facts facts(bytes);
  if (!facts.file.root)
    throw Error(ErrorKind::failed, "this XML cannot be read: it has no element", "was the run killed while it wrote?");
  const Dialect& dialect = dialect_of(facts.file);
  report.tool = dialect.tool;
  report.cannot_tell = dialect.cannot_tell;
  // A tool that is not known may have no use for an element that it never wrote.
  if (dialect.tool.empty())
    for (const auto& [tag, outcome] : {std::pair<std::string_view, Outcome>{"<error", Outcome::error},
                                       {"<failure", Outcome::fail},
                                       {"<skipped", Outcome::skip}})
      if (!contains(bytes.substr(0, kFar), tag)) report.cannot_tell.push_back(outcome);
  Reader(bytes, report, dialect).read();
  // Where a failure has no word, nothing tells a check from what was thrown.
  if (dialect.tool.empty() && std::any_of(report.results.begin(), report.results.end(), [](const auto& one) {
        return one.outcome == Outcome::fail && one.message.empty();
      }))
    ReportBuilder(report).cannot_tell({Outcome::error});
  // Some count what was skipped, and show none of it.
  if (seconds_of(facts.file.root.attribute("skipped")).value_or(0) > 0 && !contains(bytes, "<skipped") &&
      std::none_of(report.results.begin(), report.results.end(),
                   [](const auto& one) { return one.outcome == Outcome::skip; }))
    ReportBuilder(report).cannot_tell({Outcome::skip});
}

}  // namespace

extern const Format junit_format;
const Format junit_format{"junit", matches, read};

}  // namespace resident::ci

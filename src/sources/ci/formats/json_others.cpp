// JSON of harnesses whose words mean something else than they say: yath's event log, monocart's report of Playwright's
// tests, httpyac's.
#include <algorithm>
#include <sources/ci/formats/any_log.hpp>
#include <sources/ci/formats/json_document.hpp>
#include <unordered_map>

namespace resident::ci {

namespace {

using enum Outcome;
using simdjson::dom::element;

// ---- yath (Test2::Harness) --log: an event a line, its facets by name

bool matches_yath_log(std::string_view head) {
  return head.starts_with('{') && has(head, "\"facet_data\"") && has(head, "\"job_id\"");
}

class YathLog {
 public:
  explicit YathLog(TestReport& report) : report_(report), builder_(report) {}

  void event(const element& line) {
    element facets, facet;
    if (line["facet_data"].get(facets) != simdjson::SUCCESS) return;
    const std::string job(text_of(line, "job_id"));
    if (facets["harness_final"].get(facet) == simdjson::SUCCESS) has_end_ = true;
    if (job.empty()) return;
    Job& of = jobs_[job];
    for (const char* kind : {"harness_job_start", "harness_job", "harness_job_end"})
      if (of.file.empty() && facets[kind].get(facet) == simdjson::SUCCESS) of.file = text_of(facet, "rel_file");
    if (facets["plan"].get(facet) == simdjson::SUCCESS) plan(of, facet);
    if (facets["assert"].get(facet) == simdjson::SUCCESS) assertion(of, facets, facet, 0);
    if (facets["harness_job_exit"].get(facet) == simdjson::SUCCESS) of.exit = text_of(facet, "code");
    if (facets["harness_job_exit"].get(facet) == simdjson::SUCCESS) of.signal = text_of(facet, "signal");
    if (facets["harness_job_end"].get(facet) == simdjson::SUCCESS) end(of, facet);
  }

  void finish() {
    for (const auto& [job, of] : jobs_)
      if (!of.has_ended && !of.file.empty())
        builder_.add("", of.file, crash, {}, "begun, and the log has no end of it");
    if (!has_end_) builder_.incomplete("there is no final event: the run was killed");
    number_repeated_names(report_);
  }

 private:
  static constexpr int kDeepest = 64;
  struct Job {
    std::string file, exit, signal, skipped;
    std::string open;  // subtests, outermost first
    bool has_ended = false, is_skipped = false, has_failed = false;
  };

  void plan(Job& of, const element& plan) {
    if (number_of(plan, "skip").value_or(0) <= 0 || !of.open.empty()) return;
    of.is_skipped = true;
    of.skipped = text_of(plan, "details");
  }

  void assertion(Job& of, const element& facets, const element& check, int depth) {
    if (depth > kDeepest) return;
    const std::string name(text_of(check, "details"));
    bool is_todo = false, is_skip = false;
    std::string why;
    each_of(facets, "amnesty", [&](const element& each) {
      const std::string_view tag = text_of(each, "tag");
      is_todo = is_todo || tag == "TODO";
      is_skip = is_skip || tag == "skip" || tag == "SKIP";
      why = text_of(each, "details");
    });
    const bool passed = number_of(check, "pass").value_or(0) > 0;
    of.has_failed = of.has_failed || (!passed && !is_todo && !is_skip);
    // Of a subtest its own assertions stand in the event, and may have come as events before it.
    element trace;
    if (facets["trace"].get(trace) == simdjson::SUCCESS && number_of(trace, "nested").value_or(0) > 0) {
      if (depth == 0) return;
    }
    if (element parent; facets["parent"].get(parent) == simdjson::SUCCESS) {
      const std::string outer = std::exchange(of.open, of.open.empty() ? name : of.open + " > " + name);
      std::size_t before = report_.results.size();
      each_of(parent, "children", [&](const element& child) {
        if (element inner; child["assert"].get(inner) == simdjson::SUCCESS) assertion(of, child, inner, depth + 1);
      });
      of.open = outer;
      if (report_.results.size() > before) return;
    }
    builder_.add(of.open.empty() ? of.file : of.file + " > " + of.open, name,
                 is_skip   ? skip
                 : is_todo ? (passed ? xpass : xfail)
                 : passed  ? pass
                           : fail,
                 {}, why);
  }

  void end(Job& of, const element& ended) {
    of.has_ended = true;
    if (of.is_skipped) {
      builder_.add("", of.file, skip, {}, of.skipped);
    } else if (!of.signal.empty() && of.signal != "0") {
      builder_.add("", of.file, crash, {}, "signal " + of.signal);
    } else if (!of.exit.empty() && of.exit != "0" && (number_of(ended, "fail").value_or(0) > 0 || !of.has_failed)) {
      // What failed is told by its assertions: beside those, the exit status is their number.
      if (!of.has_failed) builder_.add("", of.file, error, {}, "exit status " + of.exit);
    }
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::unordered_map<std::string, Job> jobs_;
  bool has_end_ = false;
};

void read_yath_log(const Input& input, TestReport& report) {
  report.tool = "yath";
  ReportBuilder(report).cannot_tell({missing, timeout, flaky});
  YathLog reader(report);
  simdjson::dom::parser parser;
  bool is_broken = false;
  each_line(input.bytes, [&](std::string_view line) {
    element event;
    if (trim(line).empty() || line == "null") return;
    if (parser.parse(simdjson::padded_string(line)).get(event) == simdjson::SUCCESS)
      reader.event(event);
    else
      is_broken = true;
  });
  reader.finish();
  if (is_broken) ReportBuilder(report).incomplete("a line is no JSON: the run was killed while it wrote");
}

// ---- monocart-reporter: Playwright's tests as rows of a tree; below a test stand its steps

bool matches_monocart(std::string_view head) {
  return head.starts_with('{') && has(head, "\"dateH\"") && has(head, "\"timezoneOffset\"") &&
         has(head, "\"outputFile\"");
}

std::string first_error(const element& row, int depth) {
  std::string found;
  each_of(row, "errors", [&](const element& each) {
    if (std::string_view text; found.empty() && each.get(text) == simdjson::SUCCESS) found = text;
  });
  if (found.empty() && depth < 16)
    each_of(row, "subs", [&](const element& each) {
      if (found.empty()) found = first_error(each, depth + 1);
    });
  return found;
}

// What broke in a hook stands below a step of that name.
bool is_broken_by_hook(const element& row) {
  bool found = false;
  each_of(row, "subs", [&](const element& step) {
    const std::string_view title = text_of(step, "title");
    if (title == "Before Hooks" || title == "After Hooks") found = found || !first_error(step, 0).empty();
  });
  return found;
}

Outcome monocart_outcome(const element& row, std::string_view message) {
  const std::string_view outcome = text_of(row, "outcome"), expected = text_of(row, "expectedStatus"),
                         status = text_of(row, "status");
  if (status == "skipped") return expected == "skipped" ? skip : missing;
  if (status == "interrupted") return missing;
  if (outcome == "flaky") return flaky;
  if (expected == "failed") return status == "passed" ? xpass : xfail;
  if (status == "passed") return pass;
  if (status == "timedOut") return timeout;
  if (has(message, "worker process exited unexpectedly")) return crash;
  return is_broken_by_hook(row) || (names_exception(message)) ? error : fail;
}

void monocart_rows(const element& row, const std::string& path, ReportBuilder& builder, int depth) {
  constexpr int kDeepest = 64;
  if (depth > kDeepest) return;
  const std::string title(text_of(row, "title"));
  if (text_of(row, "type") == "case") {
    const std::string message = without_colours(first_error(row, 0));
    const Outcome outcome = monocart_outcome(row, message);
    if (outcome == missing) return;
    const auto milliseconds = number_of(row, "duration");
    TestResult& result =
        builder.add(path, title, outcome, milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt, message);
    if (outcome == flaky) result.attempts = {fail, pass};
    return;
  }
  // The project and the file are no part of a name.
  const bool is_describe = text_of(row, "suiteType") == "describe" || text_of(row, "suiteType") == "suite" ||
                           text_of(row, "suiteType") == "file";
  const std::string inner = !is_describe ? path : path.empty() ? title : path + " > " + title;
  each_of(row, "subs", [&](const element& each) { monocart_rows(each, inner, builder, depth + 1); });
}

void read_monocart(const Input& input, TestReport& report) {
  report.tool = "playwright";
  ReportBuilder builder(report);
  builder.cannot_tell({missing});
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  each_of(document, "rows", [&](const element& row) { monocart_rows(row, "", builder, 0); });
  number_repeated_names(report);
}

// ---- httpyac --json: what is checked of each request

bool matches_httpyac(std::string_view head) {
  return head.starts_with('{') && has(head, "\"requests\"") && has(head, "\"testResults\"") &&
         has(head, "\"fileName\"");
}

void read_httpyac(const Input& input, TestReport& report) {
  report.tool = "httpyac";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, xfail, xpass, missing, timeout, crash});
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  each_of(document, "requests", [&](const element& request) {
    std::string_view name = text_of(request, "title");
    if (name.empty()) name = text_of(request, "name");
    const auto milliseconds = number_of(request, "duration");
    std::size_t shown = 0;
    each_of(request, "testResults", [&](const element& check) {
      ++shown;
      const std::string_view status = text_of(check, "status");
      element wrong;
      const std::string_view message =
          check["error"].get(wrong) == simdjson::SUCCESS ? text_of(wrong, "displayMessage") : std::string_view();
      Outcome outcome = status == "SUCCESS" ? pass : status == "SKIPPED" ? skip : status == "FAILED" ? fail : error;
      if (outcome == error && has(message, "TimeoutError")) outcome = timeout;
      builder.add(std::string(name), std::string(text_of(check, "message")), outcome, {}, message);
    });
    bool is_disabled = false;
    is_disabled = request["disabled"].get(is_disabled) == simdjson::SUCCESS && is_disabled;
    if (shown == 0)
      builder.add("", std::string(name), is_disabled ? skip : pass,
                  milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt);
  });
  number_repeated_names(report);
}

// ---- Nightwatch: a file a module, its tests by their names below "completed"

bool matches_nightwatch(std::string_view head) {
  return head.starts_with('{') && has(head, "\"reportPrefix\"") && has(head, "\"assertionsCount\"");
}

void read_nightwatch(const Input& input, TestReport& report) {
  report.tool = "nightwatch";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, xfail, xpass, crash});
  simdjson::dom::parser parser;
  const auto root = document_of(parser, input.bytes);
  simdjson::dom::element of;
  if (root["report"].get(of) != simdjson::SUCCESS) return builder.incomplete("it has no report");
  std::string suite(text_of(root, "name"));
  if (suite.empty()) suite = text_of(root, "reportKey");
  simdjson::dom::object completed;
  if (of["completed"].get(completed) == simdjson::SUCCESS)
    for (const auto& [name, test] : completed) {
      const std::string_view status = text_of(test, "status"), stack = text_of(test, "stackTrace");
      Outcome outcome = status == "pass" ? pass : status == "skip" ? skip : fail;
      if (outcome == fail && has(stack, "TimeoutError")) outcome = timeout;
      if (outcome == fail) outcome = told_failure(stack);
      auto seconds = number_of(test, "timeMs");
      if (seconds) *seconds /= 1000;
      builder.add(suite, std::string(name), outcome, seconds, outcome == pass ? std::string_view() : stack);
    }
  for (const char* list : {"skipped", "skippedAtRuntime"}) {
    simdjson::dom::array names;
    if (of[list].get(names) != simdjson::SUCCESS) continue;
    for (const auto& each : names)
      if (std::string_view name; each.get(name) == simdjson::SUCCESS &&
                                 std::none_of(report.results.begin(), report.results.end(),
                                              [&](const TestResult& known) { return known.name == name; }))
        builder.add(suite, std::string(name), skip);
  }
  number_repeated_names(report);
}

}  // namespace

extern const Format yath_log_format, monocart_format, httpyac_format;
const Format yath_log_format{"yath-log", matches_yath_log, read_yath_log};
const Format monocart_format{"monocart", matches_monocart, read_monocart};
const Format httpyac_format{"httpyac", matches_httpyac, read_httpyac};

extern const Format nightwatch_json_format;
const Format nightwatch_json_format{"nightwatch-json", matches_nightwatch, read_nightwatch};

}  // namespace resident::ci

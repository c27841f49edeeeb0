#include <fmt/format.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <analyses/report/period.hpp>
#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/shell.hpp>
#include <base/text.hpp>
#include <cli/brief/brief.hpp>
#include <map>

namespace resident::brief {

namespace {

// Which analysis answers, and which of its Results says it.
struct Source {
  std::string_view chapter, analysis, result;
  std::string_view argument, value;  // that the analysis is asked with; "": none
  std::string_view command;          // as it is typed
  bool is_drawn = false;
};

constexpr std::string_view kImpact = "Did it help";  // only where the settings name the day

// In the order in which they stand in the brief.
constexpr Source kSources[] = {
    {"What came and went", "measures", "open_items", "metric", "open_items", "measures --metric open_items", true},
    {"What came and went", "measures", "closure_ratio", "metric", "closure_ratio", "measures --metric closure_ratio"},
    {"What came and went", "forecast", "forecast_pull", "kind", "pull", "forecast --kind pull", true},
    {"What came and went", "forecast", "forecast_issue", "kind", "issue", "forecast --kind issue"},
    {"How long people wait", "measures", "time_to_first_response_by_quarter", "metric",
     "time_to_first_response_by_quarter", "measures --metric time_to_first_response_by_quarter", true},
    {"How long people wait", "contributors", "first_response", "", "", "contributors"},
    {"How long people wait", "flow", "flow_outcomes", "", "", "flow", true},
    {"How long people wait", "flow", "flow_factors", "", "", "flow"},
    {"Who does the work", "measures", "contributors", "metric", "contributors", "measures --metric contributors"},
    {"Who does the work", "measures", "absence_factor", "metric", "absence_factor", "measures --metric absence_factor"},
    {"Who does the work", "contributors", "newcomers", "", "", "contributors"},
    {"Who does the work", "contributors", "unanswered_people", "", "", "contributors"},
    {"Who does the work", "contributors", "almost_core", "", "", "contributors"},
    {"Who does the work", "funnel", "funnel", "", "", "funnel"},
    {"Who does the work", "effort", "effort", "", "", "effort", true},
    {"Where the code needs help", "modules", "modules", "", "", "modules"},
    {"Where the code needs help", "need", "need", "", "", "need"},
    {"Where the code needs help", "knowledge", "knowledge_at_risk", "", "", "knowledge"},
    {"Where the code needs help", "truck-factor", "truck_factor", "", "", "truck-factor"},
    {"Where the code needs help", "reverts", "reverts", "", "", "reverts"},
    {"Tests, CI and speed", "ci", "ci", "", "", "ci"},
    {"Tests, CI and speed", "speed", "speed", "", "", "speed"},
    {"Tests, CI and speed", "releases", "releases", "", "", "releases"},
    {kImpact, "impact", "impact", "", "", "impact"},
    {"The release under way", "cycles", "cycles", "", "", "measures --metric cycles"},
};

constexpr int kMonthsOfQuarter = 3;

// The Results of analyses as of one moment; each is run once.
class Answers {
 public:
  explicit Answers(Context context) : context_(std::move(context)) {}

  // Throws Error where it cannot be answered; null where there is no such Result.
  const Result* find(const Source& source) {
    const auto key = std::pair(std::string(source.analysis), std::string(source.value));
    auto found = known_.find(key);
    if (found == known_.end()) found = known_.emplace(key, run(source)).first;
    if (!found->second.trouble.empty()) throw Error(found->second.trouble, "");
    for (const Result& result : found->second.results)
      if (result.name == source.result) return &result;
    return nullptr;
  }

 private:
  struct Known {
    std::vector<Result> results;
    std::string trouble;
  };

  Known run(const Source& source) {
    context_.arguments.clear();
    if (!source.argument.empty()) context_.arguments[std::string(source.argument)] = source.value;
    try {
      return {find_analysis(source.analysis).run(context_), ""};
    } catch (const Error& error) {
      return {{}, error.what()};
    }
  }

  Context context_;
  std::map<std::pair<std::string, std::string>, Known> known_;
};

// Whether it rests on anything: a sentence over nothing at all is left out of a brief.
bool has_data(const Result& result) {
  return !result.rows.empty() && result.sample_size.value_or(1) > 0 && !result.claim.empty();
}

// The command gives the rest.
std::string first_sentence(const std::string& text) {
  constexpr std::size_t kLongest = 160;
  const std::string line = one_line(text);
  const std::string first = line.substr(0, std::min(line.find(". "), line.find("; ")));
  return fit_width(first.ends_with('.') ? first.substr(0, first.size() - 1) : first, kLongest);
}

std::string basis_of(const Result& result) {
  std::string basis;
  if (result.sample_size) basis = fmt::format("n = {}", with_thousands(*result.sample_size));
  for (const std::string* text : {&result.uncertainty, &result.coverage})
    if (!text->empty()) basis += (basis.empty() ? "" : "; ") + first_sentence(*text);
  return basis;
}

}  // namespace

Timestamp Quarter::begin() const {
  return days_from_civil({year, (number - 1) * kMonthsOfQuarter + 1, 1}) * kDay;
}

Timestamp Quarter::end() const {
  return add_months(begin(), kMonthsOfQuarter);
}

Quarter Quarter::before() const {
  return number > 1 ? Quarter{year, number - 1} : Quarter{year - 1, 4};
}

std::string Quarter::name() const {
  return fmt::format("{}Q{}", year, number);
}

std::string Quarter::in_words() const {
  return quarter_in_words(year, number);
}

Quarter parse_quarter(const std::string& text) {
  const CivilDate begin = date_of(parse_report_quarter(text).begin);
  return {begin.year, (begin.month - 1) / kMonthsOfQuarter + 1};
}

Quarter last_ended(Timestamp moment) {
  const CivilDate date = date_of(moment);
  return Quarter{date.year, (date.month - 1) / kMonthsOfQuarter + 1}.before();
}

Comparison compare(const Context& at_end, const Context& at_begin, const std::string& rest) {
  Comparison made;
  Answers now(at_end), then(at_begin);
  Progress progress("answering", std::size(kSources));
  for (const Source& source : kSources) {
    if (source.chapter == kImpact && at_end.config.site.impact_start.empty()) continue;
    const std::string title(find_analysis(source.analysis).title);
    try {
      const Result* result = now.find(source);
      if (!result || !has_data(*result)) {
        made.unknown.push_back({result ? result->title : title, result ? result->claim : "there is no data for it"});
      } else {
        Sentence sentence{std::string(source.chapter),
                          result->question,
                          result->claim,
                          "",
                          basis_of(*result),
                          fmt::format("resident {} {}", source.command, rest),
                          *result};
        if (!source.is_drawn) sentence.result.chart = {};
        try {
          if (const Result* before = then.find(source); before && has_data(*before)) sentence.before = before->claim;
        } catch (const Error&) {
          // Too little was known then.
        }
        made.sentences.push_back(std::move(sentence));
      }
    } catch (const Error& error) {
      made.unknown.push_back({title, error.what()});
    }
    progress.advance();
  }
  progress.finish();
  return made;
}

Brief make_brief(const Context& at_end, const Context& at_begin, const Quarter& quarter) {
  Comparison made = compare(
      at_end, at_begin, fmt::format("--as-of {} --project {}", format_date(quarter.end()), shell_word(at_end.project)));
  return {at_end.project, quarter, at_end.simulated, std::move(made.sentences), std::move(made.unknown)};
}

namespace {

std::string text(const std::string& words) {
  return escape_markdown(one_line(words));
}

std::string body_of(const Brief& brief) {
  std::string out = fmt::format(
      "As of {}. Under each sentence: what the same question was answered a quarter before, what it rests on, and the "
      "command that gives it again, with its definition.\n",
      format_date(brief.quarter.end()));
  std::string chapter;
  for (const Sentence& each : brief.sentences) {
    if (each.chapter != chapter) out += fmt::format("\n## {}\n\n", each.chapter);
    chapter = each.chapter;
    out += fmt::format("- {}\n", text(each.claim));
    if (each.before == each.claim)
      out += "  - *The same a quarter before.*\n";
    else if (!each.before.empty())
      out += fmt::format("  - *Before: {}*\n", text(each.before));
    out += fmt::format("  - {}{}`{}`\n", text(each.basis), each.basis.empty() ? "" : "; ", each.command);
  }
  if (!brief.unknown.empty()) {
    out += "\n## Without figures\n\n";
    for (const Unknown& each : brief.unknown) out += fmt::format("- {}: {}\n", text(each.question), text(each.reason));
  }
  return out;
}

}  // namespace

std::string as_markdown(const Brief& brief) {
  std::string out = fmt::format("# {}: {}\n\n", text(brief.project), brief.quarter.in_words());
  if (brief.simulated) out += "**Simulated data: these figures come from a simulation, not from a project.**\n\n";
  return out + body_of(brief);
}

Page as_page(const Brief& brief) {
  Page page{"brief", fmt::format("{}: {}", brief.project, brief.quarter.in_words())};
  page.markdown = body_of(brief);
  for (const Sentence& each : brief.sentences)
    if (each.result.chart.kind != Chart::Kind::none) page.results.push_back(each.result);
  return page;
}

Result as_result(const Brief& brief, const Context& at_end) {
  Result result = at_end.result("brief", fmt::format("Brief of {}", brief.quarter.name()),
                                "What does somebody who decides have to know of the quarter?");
  result.columns = {{"chapter", "Chapter"},
                    {"claim", "What is so"},
                    {"before", "A quarter before"},
                    {"basis", "Rests on"},
                    {"command", "Given again by", ColumnType::text, "", "", "", false, true}};
  std::int64_t changed = 0;
  for (const Sentence& each : brief.sentences) {
    changed += each.before != each.claim;
    result.rows.push_back({each.chapter, each.claim, each.before, each.basis, each.command});
  }
  result.claim = fmt::format("{} of {}; {} other than a quarter before, {} without figures.",
                             plural(static_cast<long long>(brief.sentences.size()), "sentence"), brief.quarter.name(),
                             changed == 1 ? "1 is" : fmt::format("{} are", changed), brief.unknown.size());
  for (const Unknown& each : brief.unknown) result.notes.push_back(fmt::format("{}: {}", each.question, each.reason));
  result.definition =
      "Each sentence is the claim of an analysis as of the quarter's end (UTC), and of the same analysis as of its "
      "begin; nothing later is seen.";
  result.method = "the analyses that `command` names (guide: brief)";
  return result;
}

}  // namespace resident::brief

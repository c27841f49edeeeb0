// resident triage show N: one open issue, ready to decide.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/triage/facts.hpp>
#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/accuracy.hpp>
#include <framework/arguments.hpp>

namespace resident {

namespace {

// A figure of the backtest, as people call what it is about.
std::string_view subject_of(std::string_view metric) {
  if (metric == "missing_precision") return "what is missing";
  if (metric == "fixed_precision") return "what has fixed it";
  if (metric == "worked_before_precision") return "that it worked before";
  if (metric == "module_top_1") return "its module";
  return metric == "newcomer_precision" ? std::string_view("what suits newcomers") : metric;
}

// What the backtests said of labels, duplicates and these facts.
std::string how_right(const Context& context, const std::vector<std::string_view>& figures) {
  std::string text = fmt::format("on this project's own past: labels: {}; duplicates: {}",
                                 known_figure_text(context, "labels", "precision_when_suggested"),
                                 known_figure_text(context, "duplicates", "recall_at_5"));
  std::vector<std::string_view> unknown;
  for (const auto metric : figures) {
    const auto figure = known_figure(context, "facts", metric);
    if (!figure) {
      unknown.push_back(subject_of(metric));
      continue;
    }
    text += "; " + figure_in_words(*figure);
    if (figure->baseline) text += fmt::format(", the simple way {:.0f} %", 100 * *figure->baseline);
  }
  if (unknown.empty()) return text;
  // Shares of what is said are there whenever it was run on anything.
  const bool was_run =
      known_figure(context, "facts", "missing_share_said") || known_figure(context, "facts", "newcomer_share_said");
  text += fmt::format("; {}: {}", fmt::join(unknown, ", "),
                      was_run ? std::string("too few cases here to say")
                              : std::string("not measured here yet: `resident accuracy facts` does"));
  return text;
}

}  // namespace

Result facts_result(const Context& context, const TriageEntry& entry, const People& people, const TriageFacts& facts) {
  Result result = context.result("triage_facts", fmt::format("#{} {}", entry.item.number, one_line(entry.item.title)),
                                 "What is known of it, and what could be done?");
  result.columns = {
      {"what", "What", ColumnType::text},
      {"answer", "Answer", ColumnType::text},
      {"probability", "Likely", ColumnType::share, "", "calibrated on this project's past, where it is given"},
      {"why", "Why", ColumnType::text}};
  const auto add = [&](std::string what, std::string answer, Cell probability, std::string why) {
    result.rows.push_back({std::move(what), std::move(answer), std::move(probability), std::move(why)});
  };
  const auto rounded = [](double value) { return Cell(std::round(value * 1000) / 1000); };
  add("state", triage_state_name(entry.state), {}, reasons_with_points(entry.reasons));
  add("reporter", people.name(entry.item.author), {},
      entry.item.first_contribution ? "first contribution"
      : entry.item.nothing_merged   ? "nothing merged yet"
                                    : "");
  for (const auto& each : facts.labels) add("label", each.label, rounded(each.probability), each.why);
  for (const auto& each : facts.duplicates)
    add("probable duplicate", fmt::format("#{} {}", each.number, one_line(each.title)), rounded(each.probability),
        each.why(true));
  for (const auto& each : facts.similar)
    add("like it", fmt::format("#{} {}", each.number, one_line(each.title)), rounded(each.probability),
        each.why(false));
  for (const auto& each : facts.missing) add("missing", each, {}, "by its text");
  for (const auto& each : facts.pulls)
    add("open pull request", each.what, {},
        (each.closes ? "says that it closes this, since " : "speaks of it, since ") + format_date(each.at));
  for (const auto& each : facts.mentions)
    add(each.closes ? "already fixed?" : "mentioned", one_line(each.what), {},
        each.closes       ? "says that it closes this, on " + format_date(each.at)
        : each.taken_back ? "on " + format_date(each.at) + ", and was reverted since"
                          : "on " + format_date(each.at));
  if (!facts.worked_before.empty()) add("worked before", facts.worked_before, {}, "in its own words");
  if (!facts.module.empty())
    add("module", facts.module, {},
        facts.module_why + (facts.experts.empty()
                                ? "; nobody who knows it is active"
                                : fmt::format("; it is known to {}", fmt::join(facts.experts, ", "))));
  for (const auto& each : facts.signals) add("signal", each, {}, "");
  if (!facts.newcomer.empty()) add("for a newcomer?", "perhaps", {}, facts.newcomer);
  std::int64_t number = 0;
  for (const auto& each : facts.proposals)
    add(fmt::format("proposal {}", ++number), fmt::format("{}: {}", each.kind, one_line(each.content)), {},
        each.reason);
  result.claim =
      facts.proposals.empty()
          ? fmt::format("#{} is {}; nothing is proposed.", entry.item.number, triage_state_name(entry.state))
          : fmt::format(
                "#{} is {}; {}.", entry.item.number, triage_state_name(entry.state),
                plural(static_cast<long long>(facts.proposals.size()), "thing could", "things could") + " be done");
  std::vector<std::string_view> figures;  // of what is said above
  if (!facts.missing.empty()) figures.push_back("missing_precision");
  if (std::any_of(facts.mentions.begin(), facts.mentions.end(), [](const auto& each) { return each.closes; }))
    figures.push_back("fixed_precision");
  if (!facts.worked_before.empty()) figures.push_back("worked_before_precision");
  if (!facts.module.empty()) figures.push_back("module_top_1");
  if (!facts.newcomer.empty()) figures.push_back("newcomer_precision");
  result.uncertainty = how_right(context, figures);
  result.definition = fmt::format(
      "Labels and duplicates are suggested from {} % on (triage.suggest_from). Missing: asked only of reports of "
      "failures. "
      "Already fixed: a commit on the default branch, or a pull request merged to it, later than the issue, that says "
      "so "
      "in words that the forge closes issues by, and was not reverted.",
      context.config.triage.suggest_from);
  result.method = "each fact by its own rule or learnt model; `resident accuracy facts` replays them (guide: triage)";
  return result;
}

namespace {

std::vector<Result> analyse_show(const Context& context) {
  const std::int64_t number = item_argument(context, "triage show");
  TriageAdvisor advisor(context);
  const TriageEntry& entry = advisor.find(number);
  return {facts_result(context, entry, advisor.queue().people, advisor.facts(entry))};
}

std::vector<Result> run_all(const Context& context) {
  TriageAdvisor advisor(context);
  Result result = context.result("triage_proposals", "Triage proposals", "What could be done about the open issues?");
  result.columns = {{"number", "Issue", ColumnType::item, "", "", "url"},
                    {"title", "Title", ColumnType::text},
                    {"kind", "Action", ColumnType::text},
                    {"content", "What", ColumnType::text, "", "", "", false, true},
                    {"why", "Why", ColumnType::text},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  std::int64_t issues = 0;
  Progress progress("looking at issues", advisor.queue().entries.size());
  for (const auto& entry : advisor.queue().entries) {
    progress.advance();
    const auto facts = advisor.facts(entry);
    issues += !facts.proposals.empty();
    for (const auto& each : facts.proposals)
      result.rows.push_back(
          {entry.item.number, entry.item.title, each.kind, each.content, each.reason, entry.item.url});
  }
  const auto total = static_cast<std::int64_t>(advisor.queue().entries.size());
  result.claim = fmt::format("{} for {} of {}.", plural(static_cast<long long>(result.rows.size()), "proposal"), issues,
                             plural(total, "open issue"));
  result.sample_size = total;
  result.uncertainty = how_right(context, {"missing_precision", "fixed_precision"});
  result.definition =
      "As `resident triage show N` proposes, for every open issue, in the order of the queue. Nothing is planned by "
      "it.";
  result.method = "each fact by its own rule or learnt model; `resident accuracy facts` replays them (guide: triage)";
  return {result};
}

}  // namespace

extern const Analysis triage_proposals_analysis;
const Analysis triage_proposals_analysis{
    "triage_proposals", "Triage proposals", "What could be done about the open issues?", {}, run_all};

extern const Analysis triage_facts_analysis;
const Analysis triage_facts_analysis{"triage_facts",
                                     "One open issue, ready to decide",
                                     "What is known of it, and what could be done?",
                                     {{"number", "N", "the issue's number"}},
                                     analyse_show};

}  // namespace resident

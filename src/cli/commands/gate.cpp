// resident gate results FILES… --against BRANCH: in anybody's CI, is a failure new? It knows the store it is given, and
// nothing else: no network, no token.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/benchmarks/benchmarks.hpp>
#include <cli/command.hpp>
#include <cli/commands/add_results.hpp>
#include <cli/declare_source.hpp>
#include <cli/options.hpp>
#include <fstream>
#include <learn/verdicts/ledger.hpp>
#include <map>
#include <model/tests/quarantine.hpp>
#include <model/tests/red_now.hpp>
#include <nlohmann/json.hpp>
#include <sources/files/files.hpp>
#include <store/result_book.hpp>

namespace resident {

namespace {

using verdicts::Blame;
using verdicts::Judge;
using verdicts::Ledger;

constexpr int kNewFailure = 3;  // exit code
constexpr std::size_t kMostShown = 50;

struct GatedFailure {
  std::string test, configuration, whose, why, message, outcome;
  double probability = 0;
  bool excused = false, quarantined = false;
};

struct Gate {
  std::vector<GatedFailure> failures;
  std::vector<std::string> incomplete;
  Ledger ledger;
  std::vector<ci::HiddenOutcomes> hidden;
  std::array<std::int64_t, ci::kOutcomes> counts{};  // of results, by outcome
  std::int64_t results = 0, base_runs = 0;
  std::vector<QuarantineEntry> quarantine;  // of the file that was given
  std::int64_t overdue = 0;                 // entries whose date is over
  bool passes() const {
    return incomplete.empty() &&
           std::all_of(failures.begin(), failures.end(), [](const auto& each) { return each.excused; });
  }
};

// Whether the newest run of the main branch on that configuration has the same failure: a fact, and no prediction. An
// unexpected pass is known where it was one there.
bool base_fails(const TestRuns& runs, std::int64_t configuration, std::int64_t test, ci::Outcome outcome) {
  const auto& list = runs.runs_of(configuration);
  for (auto run = list.rbegin(); run != list.rend(); ++run) {
    const TestRun& each = runs.runs()[*run];
    if (!each.on_main) continue;
    const StoredFailure* failure = runs.failure(each, test);
    if (!failure) return false;
    return outcome == ci::Outcome::xpass ? failure->state.outcome() == outcome
                                         : ci::is_failure(failure->state.outcome());
  }
  return false;
}

GatedFailure gate_failure(const TestRuns& runs, const Judge& judge, const Ledger& ledger, std::size_t run,
                          const StoredFailure& failure, Timestamp now) {
  const std::int64_t configuration = runs.runs()[run].configuration;
  const ci::Outcome outcome = failure.state.outcome();
  GatedFailure each;
  each.test = runs.test_name(failure.test_id), each.configuration = runs.configuration_name(configuration);
  each.outcome = ci::outcome_name(outcome);
  each.message = one_line(runs.message(failure.state.message_id));
  const auto verdict = judge.judge(failure.test_id, run, now);
  each.whose = blame_name(verdict.blame), each.why = verdict.why, each.probability = verdict.probability;
  if (base_fails(runs, configuration, failure.test_id, outcome)) {
    each.whose = blame_name(Blame::base), each.excused = true;
    each.why = "the newest run of the main branch fails it too";
    each.probability = std::max(each.probability, verdict.weights[1]);
  } else {
    each.excused = ledger.allows() &&
                   (verdict.blame == Blame::flaky || verdict.blame == Blame::machine || verdict.blame == Blame::base);
  }
  if (outcome == ci::Outcome::xpass && each.message.empty()) each.message = "expected to fail, and passed";
  return each;
}

// What the quarantine says of one failure. It excuses none that is surely the change's own.
void look_into_quarantine(const Gate& gate, const std::vector<QuarantinedTest>& reviewed, std::int64_t test,
                          std::int64_t configuration, Blame blame, GatedFailure& each) {
  for (const auto& one : reviewed) {
    if (one.test != test || one.configuration != configuration || each.excused) continue;
    const QuarantineEntry& entry = gate.quarantine[one.entry];
    const std::string until = format_date(entry.review_by);
    if (one.is_over) {
      each.why = fmt::format("its quarantine was to be reviewed by {} ({}); {}", until, entry.owner, each.why);
    } else if (one.state == QuarantineState::for_good) {
      each.why = fmt::format("in quarantine, but it fails for good on the main branch; {}", each.why);
    } else if (blame == Blame::own) {
      each.why = fmt::format("in quarantine, but this failure is its own; {}", each.why);
    } else {
      each.excused = each.quarantined = true;
      each.why = fmt::format("in quarantine until {} ({}{}{}); {}", until, entry.owner, entry.issue.empty() ? "" : ", ",
                             entry.issue, each.why);
    }
  }
}

// Tests whose tries, wherever they stand in the run, end as a failure: counted without the store.
std::size_t failed_in(const TestRunRecord& run) {
  std::map<std::pair<std::string_view, std::string_view>, std::vector<ci::Outcome>> troubled;
  for (const auto& result : run.results)
    if (ci::is_failure(result.outcome)) troubled[{result.suite, result.name}];
  if (troubled.empty()) return 0;
  for (const auto& result : run.results)
    if (const auto found = troubled.find({result.suite, result.name}); found != troubled.end())
      found->second.push_back(result.outcome);
  return static_cast<std::size_t>(std::count_if(
      troubled.begin(), troubled.end(), [](const auto& each) { return ci::is_failure(ci::outcome_of(each.second)); }));
}

// The runs are put into the store for the length of the question, and taken out again.
Gate judge_runs(Invocation& invocation, Database& database, const ci::ReadRuns& read, const Arguments& arguments,
                bool keep, std::vector<QuarantineEntry> quarantine) {
  // An empty store knows no base: every failure is new.
  if (project_names(database).empty() && !invocation.project.empty()) declare_project(database, invocation.project);
  Context context = invocation.context(database);
  Timestamp now = std::max(context.as_of, invocation.clock.now());
  const std::int64_t source = keep ? ensure_source(database, context.project_id, "results", "reports") : 0;
  Writer writer(database, context.project_id, source);
  ResultBook book(writer);
  std::vector<std::string> keys;
  Gate gate;
  Timestamp first = now;
  std::size_t red = 0, judged_red = 0;
  gate.hidden = read.hidden;
  gate.quarantine = std::move(quarantine);
  for (auto run : read.runs) {
    if (run.at == 0) run.at = now;
    now = std::max(now, run.at), first = std::min(first, run.at);
    red += failed_in(run);
    if (!run.item_id) run.item_id = -1;  // of no known pull request, and not of the main branch
    if (!run.incomplete.empty()) gate.incomplete.push_back(fmt::format("{}: {}", run.configuration, run.incomplete));
    gate.results += static_cast<std::int64_t>(run.results.size());
    for (const auto& result : run.results) ++gate.counts[static_cast<std::size_t>(result.outcome)];
    keys.push_back(run.key);
    book.add(run);
  }
  book.flush(writer);
  if (keep) writer.checkpoint("stream");
  context.as_of = now;
  context.arguments = arguments;
  const TestRuns runs(context, first - 400 * kDay);
  Judge judge(runs);
  judge.calibrate_on(judge.judged(verdicts::kMostJudged));
  gate.ledger = ledger_of(verdicts::told_then(judge, now));
  const auto quarantined = review_quarantine(runs, gate.quarantine);
  gate.overdue = std::count_if(gate.quarantine.begin(), gate.quarantine.end(),
                               [&](const auto& entry) { return entry.is_over(now); });
  std::map<std::int64_t, std::vector<std::int64_t>>
      usual;  // tests of the main branch's complete runs, by configuration
  for (const TestRun& run : runs.runs())
    if (run.on_main && run.incomplete.empty()) usual[run.configuration].push_back(run.tests);
  for (std::size_t i = 0; i < runs.runs().size(); ++i) {
    const TestRun& run = runs.runs()[i];
    gate.base_runs += run.on_main ? 1 : 0;
    if (std::find(keys.begin(), keys.end(), run.key) == keys.end()) continue;
    if (const std::string why = fewer_than_usual(usual[run.configuration], run.tests); !why.empty())
      gate.incomplete.push_back(fmt::format("{}: {}", runs.configuration_name(run.configuration), why));
    for (const auto& failure : runs.failures(run)) {
      const ci::Outcome outcome = failure.state.outcome();
      const bool is_red = ci::is_failure(outcome) || (outcome == ci::Outcome::xpass &&
                                                      read.red_passes.contains(runs.suite_and_name(failure.test_id)));
      if (!is_red) continue;
      judged_red += ci::is_failure(outcome) ? 1 : 0;
      GatedFailure each = gate_failure(runs, judge, gate.ledger, i, failure, now);
      look_into_quarantine(gate, quarantined, failure.test_id, run.configuration,
                           judge.judge(failure.test_id, i, now).blame, each);
      gate.failures.push_back(std::move(each));
    }
  }
  // Whatever hid them.
  if (judged_red < red)
    gate.incomplete.push_back(
        fmt::format("{} of {} could not be judged", red - judged_red, plural(static_cast<long long>(red), "failure")));
  std::stable_sort(gate.failures.begin(), gate.failures.end(),
                   [](const auto& a, const auto& b) { return a.excused < b.excused; });
  return gate;
}

// A table cell of Markdown.
std::string cell(const std::string& text) {
  std::string result;
  for (const char c : one_line(clean_text(text, 300))) {
    if (c == '|' || c == '\\' || c == '`' || c == '*' || c == '_' || c == '[' || c == ']' || c == '<' || c == '>' ||
        c == '#')
      result += '\\';
    result += c;
  }
  return result;
}

std::string_view words_of(ci::Outcome outcome) {
  switch (outcome) {
    case ci::Outcome::pass:
      return "passes";
    case ci::Outcome::fail:
      return "failures";
    case ci::Outcome::error:
      return "errors";
    case ci::Outcome::skip:
      return "skips";
    case ci::Outcome::xfail:
      return "expected failures";
    case ci::Outcome::xpass:
      return "unexpected passes";
    case ci::Outcome::crash:
      return "crashes";
    case ci::Outcome::timeout:
      return "time limits";
    case ci::Outcome::flaky:
      return "passes at a later try";
    case ci::Outcome::missing:
      return "tests that never ran";
  }
  return "";
}

// "All of 7 results passed."; where not all did, how many, and what became of the others.
std::string counted(const Gate& gate) {
  const auto count = [&](ci::Outcome outcome) { return gate.counts[static_cast<std::size_t>(outcome)]; };
  const std::int64_t passed = count(ci::Outcome::pass);
  if (passed == gate.results && passed > 0) return fmt::format("All of {} passed.", plural(gate.results, "result"));
  std::string text =
      fmt::format("{} of {} passed", passed == 0 ? "None" : std::to_string(passed), plural(gate.results, "result"));
  constexpr std::array<std::pair<ci::Outcome, std::string_view>, 5> kOthers{
      {{ci::Outcome::skip, "skipped"},
       {ci::Outcome::xfail, "failed as expected"},
       {ci::Outcome::xpass, "passed unexpectedly"},
       {ci::Outcome::flaky, "passed at a later try"},
       {ci::Outcome::missing, "never ran"}}};
  for (const auto& [outcome, words] : kOthers)
    if (count(outcome) > 0) text += fmt::format(", {} {}", count(outcome), words);
  return text + ".";
}

std::string hidden_words(const ci::HiddenOutcomes& hidden) {
  std::string outcomes;
  for (const ci::Outcome each : hidden.outcomes)
    outcomes += (outcomes.empty() ? "" : ", ") + std::string(words_of(each));
  const std::string whose = hidden.tool.empty() ? "an unknown tool's " : hidden.tool + "'s ";
  return fmt::format("What {}{} hides, or does not always show: {}.", whose, hidden.format, outcomes);
}

std::int64_t hidden_by_quarantine(const Gate& gate) {
  return std::count_if(gate.failures.begin(), gate.failures.end(), [](const auto& each) { return each.quarantined; });
}

std::string markdown_of(const Gate& gate, const std::string& branch, bool shadow) {
  const auto fresh =
      std::count_if(gate.failures.begin(), gate.failures.end(), [](const auto& each) { return !each.excused; });
  std::string text = "## Results of tests\n\n";
  if (gate.failures.empty())
    text += counted(gate) + "\n";
  else
    text += fmt::format("{} of {}: {} new, {} known. {}\n",
                        plural(static_cast<long long>(gate.failures.size()), "failure"), plural(gate.results, "result"),
                        fresh, static_cast<std::int64_t>(gate.failures.size()) - fresh, counted(gate));
  for (const auto& why : gate.incomplete) text += fmt::format("\nIncomplete, so not green: {}\n", cell(why));
  if (!gate.failures.empty()) {
    text += "\n| | Test | On | Whose | Probability | Why |\n|---|---|---|---|---|---|\n";
    for (std::size_t i = 0; i < std::min(gate.failures.size(), kMostShown); ++i) {
      const auto& each = gate.failures[i];
      text += fmt::format("| {} | {} | {} | {} | {:.0f} % | {}{} |\n",
                          each.quarantined ? "quarantined"
                          : each.excused   ? "known"
                                           : "**new**",
                          cell(each.test), cell(each.configuration), cell(each.whose), 100 * each.probability,
                          cell(each.why), each.message.empty() ? "" : ": " + cell(each.message));
    }
    if (gate.failures.size() > kMostShown) text += fmt::format("\nand {} more\n", gate.failures.size() - kMostShown);
  }
  if (!gate.quarantine.empty())
    text += fmt::format("\nQuarantine: {}, {} overdue; here it hides {}.\n",
                        plural(static_cast<long long>(gate.quarantine.size()), "test"), gate.overdue,
                        plural(hidden_by_quarantine(gate), "failure"));
  for (const auto& hidden : gate.hidden) text += "\n" + cell(hidden_words(hidden)) + "\n";
  if (gate.base_runs == 0 && !branch.empty())
    text +=
        fmt::format("\nNo run of {} is known: is the branch called so, and was the store given along?\n", cell(branch));
  text += fmt::format("\nAgainst {} in {}. Ledger: {}. {}{}\n", branch.empty() ? "the main branch" : cell(branch),
                      plural(gate.base_runs, "run"), gate.ledger.words(),
                      gate.ledger.allows() ? "Flaky failures and the machine's are excused."
                                           : fmt::format("Only what the base fails too is excused: the rest needs {} "
                                                         "judged, {} of them excused, and at most {:.0f} % of these "
                                                         "wrongly so.",
                                                         verdicts::kFewestJudged, verdicts::kFewestExcused,
                                                         100 * verdicts::kMostWronglyExcused),
                      shadow ? " In its shadow: nothing is held up." : "");
  return text;
}

std::string json_of(const Gate& gate, bool shadow) {
  nlohmann::ordered_json json{
      {"passes", gate.passes()}, {"shadow", shadow}, {"results", gate.results}, {"base_runs", gate.base_runs}};
  json["ledger"] = {{"judged", gate.ledger.judged},
                    {"own", gate.ledger.own},
                    {"wrongly_excused", gate.ledger.wrongly_excused},
                    {"allows", gate.ledger.allows()}};
  json["incomplete"] = gate.incomplete;
  json["quarantine"] = {
      {"tests", gate.quarantine.size()}, {"overdue", gate.overdue}, {"hides", hidden_by_quarantine(gate)}};
  json["outcomes"] = nlohmann::ordered_json::object();
  for (std::size_t at = 0; at < gate.counts.size(); ++at)
    if (gate.counts[at] > 0) json["outcomes"][std::string(ci::outcome_name(ci::Outcome(at)))] = gate.counts[at];
  json["hidden"] = nlohmann::ordered_json::array();
  for (const auto& hidden : gate.hidden) {
    std::vector<std::string> outcomes;
    for (const ci::Outcome each : hidden.outcomes) outcomes.emplace_back(ci::outcome_name(each));
    json["hidden"].push_back({{"tool", hidden.tool}, {"format", hidden.format}, {"cannot_tell", outcomes}});
  }
  json["failures"] = nlohmann::ordered_json::array();
  for (const auto& each : gate.failures)
    json["failures"].push_back({{"test", each.test},
                                {"configuration", each.configuration},
                                {"outcome", each.outcome},
                                {"new", !each.excused},
                                {"quarantined", each.quarantined},
                                {"whose", each.whose},
                                {"probability", each.probability},
                                {"why", each.why},
                                {"message", each.message}});
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::function<int()> declare_gate(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  auto kind = std::make_shared<std::string>(), against = std::make_shared<std::string>(),
       summary = std::make_shared<std::string>();
  auto places = std::make_shared<std::vector<std::string>>();
  auto quarantine = std::make_shared<std::string>();
  auto shadow = std::make_shared<bool>(false), keep = std::make_shared<bool>(false);
  takes_one_of(app.add_option("kind", *kind, "results: reports of tests; bench: BEFORE AFTER, as resident bench gate")
                   ->required()
                   ->type_name("KIND"),
               {"results", "bench"});
  auto bench = std::make_shared<BenchOptions>();
  takes_number(app.add_option("--size", bench->size, "bench: the difference that matters, in per cent (5)")
                   ->type_name("PERCENT"),
               0.01, 1000);
  app.add_flag("--partial", bench->is_partial, "bench: the second run leaves some benchmarks out on purpose");
  app.add_option("places", *places, "Files, folders, archives, or - for what is piped in")
      ->required()
      ->type_name("PLACE");
  app.add_option("--against", *against, "The branch whose runs are known; without it, the one with the most")
      ->type_name("BRANCH");
  app.add_option("--summary", *summary, "Add the Markdown to this file, as $GITHUB_STEP_SUMMARY")->type_name("FILE");
  app.add_option("--quarantine", *quarantine,
                 "The repository's list of flaky tests that do not gate (resident quarantine)")
      ->type_name("FILE");
  app.add_flag("--shadow", *shadow, "Say what it would do, and hold nothing up");
  app.add_flag("--keep", *keep, "Keep these results in the store, so that the ledger learns what became of them");
  app.add_flag("--json{all}", invocation.json, "As JSON");
  const auto run = add_result_run_options(app);
  return [&invocation, kind, against, summary, places, shadow, keep, run, bench, quarantine] {
    if (*kind == "bench") {
      bench->places = *places;
      const int code = bench_compare(invocation, *bench, true);
      return *shadow && code == kNewFailure ? 0 : code;
    }
    std::vector<QuarantineEntry> entries;
    if (!quarantine->empty()) entries = read_quarantine(read_whole_file(*quarantine), one_line(*quarantine));
    const ci::ReadRuns read = ci::read_runs(run->wanted(*places));
    const auto database = invocation.open(Access::write);
    Arguments arguments;
    if (!against->empty()) arguments["branch"] = *against;
    Gate gate = judge_runs(invocation, *database, read, arguments, *keep, std::move(entries));
    const std::string markdown = markdown_of(gate, *against, *shadow);
    if (!summary->empty()) {
      std::ofstream file(*summary, std::ios::app);
      file << markdown;
      file.flush();
      if (!file)
        throw Error(ErrorKind::failed, fmt::format("{} cannot be written", one_line(*summary)), "check the path");
    }
    invocation.out << (invocation.wants_json() ? json_of(gate, *shadow) + "\n" : markdown);
    return gate.passes() || *shadow ? 0 : kNewFailure;
  };
}

}  // namespace

extern const Command gate_command;
const Command gate_command{"gate",
                           "In anybody's CI: is a failure new, or a benchmark surely worse? Exit 3 where one is",
                           "Knows only the store it is given (a file that the CI caches): no network, no token, the "
                           "same for a fork as for a member. What the newest "
                           "run of the branch fails too is known. What is flaky or the machine's is excused once its "
                           "ledger allows (200 failures judged backwards, at "
                           "most 1 % wrongly excused). Incomplete reports never pass.\nExample: resident gate results "
                           "build/junit.xml --against main --db "
                           "ci.db --builder linux --summary $GITHUB_STEP_SUMMARY",
                           declare_gate};

}  // namespace resident

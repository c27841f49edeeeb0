// `resident ci card`: how right the verdicts were, and whether ranges of suspected commits held the one that a repair
// named later, month by month.
#include <fmt/format.h>

#include <array>
#include <base/text.hpp>
#include <learn/verdicts/ledger.hpp>
#include <learn/verdicts/pull_failures.hpp>
#include <map>
#include <model/tests/culprits.hpp>
#include <stats/intervals.hpp>

namespace resident {

namespace {

using verdicts::Blame;

struct Month {
  std::int64_t failures = 0;  // of pull requests, whatever became known of them
  std::int64_t judged = 0, decided = 0, right = 0;
  std::array<std::int64_t, 4> said{}, said_right{};  // by Blame
  std::int64_t excused = 0, wrongly_excused = 0;
};

std::map<Timestamp, Month> months_of(const TestRuns& runs) {
  std::map<Timestamp, Month> months;
  for (const auto& run : runs.runs()) {
    if (!run.item) continue;
    std::int64_t& failures = months[start_of_month(run.at)].failures;
    for (const auto& failure : runs.failures(run))
      failures += ci::is_failure(failure.state.outcome()) || failure.state.outcome() == ci::Outcome::flaky ? 1 : 0;
  }
  const verdicts::Judge judge(runs);
  for (const auto& each : verdicts::told_then(judge, runs.context().as_of)) {
    Month& month = months[start_of_month(runs.runs()[each.failure.run].at)];
    ++month.judged;
    if (!each.is_decided()) continue;
    const auto blame = static_cast<std::size_t>(each.failure.verdict.likeliest);
    const bool is_right = each.failure.is_right();
    ++month.decided, ++month.said.at(blame);
    month.right += is_right, month.said_right.at(blame) += is_right;
    month.excused += each.is_excused();
    month.wrongly_excused += each.is_excused() && each.failure.truth == Blame::own;
  }
  std::erase_if(months, [](const auto& month) { return month.second.failures == 0; });
  return months;
}

struct CulpritMonth {
  std::int64_t mended = 0, ranged = 0, suspected = 0, named = 0, confirmed = 0;
};

Result culprits_result(const Context& context, const TestRuns& runs) {
  Result result = context.result("ci_culprits", "Culprits confirmed",
                                 "Was the commit that broke the main branch among those that were suspected?");
  result.columns = {{"month", "Month", ColumnType::date, "", "in which it was first seen to fail"},
                    {"mended", "Breaks mended", ColumnType::integer},
                    {"ranged", "With a range", ColumnType::integer, "", "whose commits are stored"},
                    {"suspected", "Commits suspected", ColumnType::number, "", "on average"},
                    {"named", "Culprit named", ColumnType::integer, "", "by the change that mended it"},
                    {"confirmed", "In the range", ColumnType::integer}};
  std::map<Timestamp, CulpritMonth> months;
  CulpritMonth all;
  for (const auto& each : mended_breaks(runs)) {
    const bool has_range = !each.suspected.empty(), is_named = has_range && !each.named.empty();
    for (CulpritMonth* month : {&all, &months[start_of_month(runs.runs()[each.first_failure].at)]}) {
      ++month->mended;
      month->ranged += has_range, month->suspected += static_cast<std::int64_t>(each.suspected.size());
      month->named += is_named, month->confirmed += is_named && each.is_confirmed();
    }
  }
  for (const auto& [at, month] : months)
    result.rows.push_back(
        {at, month.mended, month.ranged,
         month.ranged ? Cell(static_cast<double>(month.suspected) / static_cast<double>(month.ranged)) : Cell(),
         month.named, month.confirmed});
  const std::string mended = plural(all.mended, "break");
  const std::string_view were = all.mended == 1 ? "was" : "were";
  result.claim =
      all.mended == 0 ? "No break of the main branch was seen to be mended."
      : all.named == 0
          ? fmt::format("Of {} of the main branch that {} mended, none named the commit that broke it.", mended, were)
          : fmt::format(
                "Of {} of the main branch that {} mended, {} named the commit that broke it; it was suspected in {} of "
                "them.",
                mended, were, all.named, all.confirmed);
  result.definition =
      "A break: a test that passed at least 5 times in a row, failed at least 3 times in a row and passed again, in "
      "complete runs of the main branch on one configuration; those between the same commits are one. Suspected: the "
      "commits of the default branch after the last pass, up to the first failure. Named: by a commit after the last "
      "failure, up to the pass: that it reverts it, \"Fixes:\" it, or that something is broken since its pull request.";
  result.sample_size = all.named;
  if (all.named > 0) {
    const auto interval = stats::wilson_interval(all.confirmed, all.named);
    result.uncertainty = fmt::format("The share of ranges that held it: {:.0f} % ({:.0f} to {:.0f} %, 95 %, Wilson).",
                                     100.0 * static_cast<double>(all.confirmed) / static_cast<double>(all.named),
                                     100 * interval->low, 100 * interval->high);
  }
  return result;
}

std::vector<Result> analyse_report_card(const Context& context) {
  const TestRuns runs(context, context.as_of - verdicts::kHistory);
  Result result = context.result("ci_card", "Report card of the verdicts",
                                 "What was said of failures, and how much of it came out so, month by month?");
  result.columns = {{"month", "Month", ColumnType::date},
                    {"failures", "Failures of changes", ColumnType::integer},
                    {"judged", "Cause came out", ColumnType::integer},
                    {"decided", "Decided", ColumnType::integer, "", "with 90 % or more, when the run ended"},
                    {"right", "Right", ColumnType::integer},
                    {"said_flaky", "Said flaky", ColumnType::integer},
                    {"flaky_right", "Shown so", ColumnType::integer},
                    {"said_own", "Said its own", ColumnType::integer},
                    {"own_right", "Shown so", ColumnType::integer},
                    {"said_base", "Said the base's", ColumnType::integer},
                    {"base_right", "Shown so", ColumnType::integer},
                    {"said_machine", "Said the machine's", ColumnType::integer},
                    {"machine_right", "Shown so", ColumnType::integer},
                    {"excused", "Excused", ColumnType::integer},
                    {"wrongly_excused", "Wrongly", ColumnType::integer, "", "it was the change's own"}};
  Month all;
  for (const auto& each : months_of(runs)) {
    const Timestamp at = each.first;
    const Month& month = each.second;
    const auto said = [&](Blame blame) { return month.said.at(static_cast<std::size_t>(blame)); };
    const auto shown = [&](Blame blame) { return month.said_right.at(static_cast<std::size_t>(blame)); };
    result.rows.push_back({at, month.failures, month.judged, month.decided, month.right, said(Blame::flaky),
                           shown(Blame::flaky), said(Blame::own), shown(Blame::own), said(Blame::base),
                           shown(Blame::base), said(Blame::machine), shown(Blame::machine), month.excused,
                           month.wrongly_excused});
    all.judged += month.judged, all.decided += month.decided, all.right += month.right;
    all.excused += month.excused, all.wrongly_excused += month.wrongly_excused;
  }
  result.claim = all.judged == 0
                     ? "No failure of a pull request has a cause that came out."
                     : fmt::format(
                           "Of {} whose cause came out, {} were decided when their run ended, {} of them right; "
                           "{} excused, {} of them wrongly.",
                           plural(all.judged, "failure"), all.decided, all.right, all.excused, all.wrongly_excused);
  result.definition =
      "Verdicts as they would have been given when the run ended, calibrated on earlier failures alone, against what "
      "came out later (`resident accuracy verdicts` says how). Excused: decided, and not its own. By the month in "
      "which "
      "the run ended, in 400 days; of the newest month less has come out yet.";
  result.sample_size = all.judged;
  return {result, culprits_result(context, runs)};
}

}  // namespace

extern const Analysis ci_card_analysis;
const Analysis ci_card_analysis{"ci_card",
                                "Report card of the verdicts",
                                "What was said of failures, and how much of it came out so, month by month?",
                                {},
                                analyse_report_card};

}  // namespace resident

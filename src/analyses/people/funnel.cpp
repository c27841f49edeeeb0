// resident funnel: what became of those who came, by the quarter in which they came, as far as it can be seen yet.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/people/share_cells.hpp>
#include <array>
#include <base/text.hpp>
#include <map>
#include <model/careers.hpp>
#include <stats/intervals.hpp>
#include <stats/survival.hpp>

namespace resident {

namespace {

constexpr double kQuarterDays = 365.2425 / 4;
constexpr int kHorizons[] = {1, 2, 4};
constexpr int kLater[] = {1, 2, 3, 4, 6, 8, 12, 16, 20};
constexpr std::size_t kFewCame = 5;  // fewer: their shares say nothing
enum Stage { kCameAgain, kRegular, kCore, kStages };
constexpr std::string_view kStageNames[] = {"came again", "regular", "core"};
constexpr std::string_view kStageColumns[] = {"again", "regular", "core"};

struct Cohort {
  int month = 0;  // the last of the quarter
  std::vector<const Career*> people;
};

// Of those who came, by quarter: what can be called their coming.
std::vector<Cohort> cohorts_of(const Careers& careers) {
  std::map<int, Cohort> cohorts;
  for (const Career& career : careers.all()) {
    const int month = month_of(career.first), end = month + 2 - month % 3;
    cohorts[end].people.push_back(&career);
  }
  std::vector<Cohort> result;
  for (auto& [end, cohort] : cohorts) {
    cohort.month = end;
    if (end <= careers.last_month() && careers.are_newcomers(start_of(end - 2))) result.push_back(std::move(cohort));
  }
  return result;
}

struct Reached {
  Cell share, low, high;
  bool is_censored = false;
};

class Funnel {
 public:
  Funnel(const Context& context, const Careers& careers)
      : seen_(context.as_of), core_seen_(start_of(careers.last_month() + 1)) {}

  stats::Observation observe(const Career& career, Stage stage) const {
    const std::optional<Timestamp> at = stage == kCameAgain ? career.came_again
                                        : stage == kRegular ? career.became_regular
                                                            : career.became_core;
    // Who is core is looked at when a month has ended.
    const Timestamp until = stage == kCore ? std::max(core_seen_, career.first) : seen_;
    return {static_cast<double>((at ? *at : until) - career.first) / static_cast<double>(kDay), at.has_value()};
  }

  // The share who reached the stage within so many quarters of their own coming.
  Reached reached(const std::vector<const Career*>& people, Stage stage, int quarters) const {
    const double horizon = quarters * kQuarterDays;
    std::vector<stats::Observation> observations;
    std::int64_t happened = 0, followed = 0;
    for (const Career* career : people) {
      stats::Observation each = observe(*career, stage);
      if (each.time > horizon) each = {horizon, false};
      happened += each.happened;
      followed += each.happened || each.time >= horizon;
      observations.push_back(each);
    }
    Reached result;
    const auto n = static_cast<std::int64_t>(people.size());
    if (n == 0) return result;
    result.is_censored = followed < n;
    if (!result.is_censored) {
      result.share = static_cast<double>(happened) / static_cast<double>(n);
      set_interval(result, stats::wilson_interval(happened, n));
      return result;
    }
    const stats::SurvivalCurve curve = stats::kaplan_meier(std::move(observations));
    const std::int64_t to_the_end = curve.at_risk(horizon);
    if (to_the_end == 0) return result;  // nobody was followed so long
    result.share = 1 - curve.survival_at(horizon);
    if (curve.points.empty())
      set_interval(result, stats::wilson_interval(0, to_the_end));
    else if (const auto& last = curve.points.back(); last.low && last.high)
      set_interval(result, stats::Interval{1 - *last.high, 1 - *last.low});
    return result;
  }

 private:
  static void set_interval(Reached& reached, const std::optional<stats::Interval>& interval) {
    if (interval) reached.low = interval->low, reached.high = interval->high;
  }
  Timestamp seen_, core_seen_;
};

constexpr std::string_view kMethod =
    "first passages, counted from each person's own first act; where some were not followed so long, Kaplan–Meier with "
    "right censoring and log-log intervals, else plain shares with intervals by E. B. Wilson (1927)";

std::string funnel_definition(const Careers& careers) {
  return fmt::format(
      "Who came: the first act of any kind. Came again: an act more than {} days after it (before: drive-by). Regular: "
      "an act in the {}th of twelve months. Core: at the end of a month, by the onion's definition (`resident "
      "layers`). Quarters are of {:.1f} days.",
      careers.rule().drive_by_days, careers.rule().regular_months, kQuarterDays);
}

std::string left_out_note(const Careers& careers) {
  return fmt::format(
      "Records: {}. Who was first seen in the year after one of these begins may have been here before, and is left "
      "out.",
      careers.starts_text());
}

double percent(const Cell& cell) {
  const auto* value = std::get_if<double>(&cell);
  return value ? 100 * *value : 0;
}

Result overall(const Context& context, const Careers& careers, const Funnel& funnel,
               const std::vector<Cohort>& cohorts) {
  Result result =
      context.result("funnel", "The newcomers' funnel", "Of those who come, how many come again, and stay?");
  result.columns = {{"stage", "Stage", ColumnType::text},
                    {"within", "Within", ColumnType::integer, "quarters", "of their own first act"},
                    {"share", "Reached it", ColumnType::share},
                    {"low", "Low", ColumnType::share, "", "95 %"},
                    {"high", "High", ColumnType::share, "", "95 %"},
                    {"came", "Of", ColumnType::integer, "people"}};
  std::vector<const Career*> people;
  for (const Cohort& cohort : cohorts) people.insert(people.end(), cohort.people.begin(), cohort.people.end());
  result.sample_size = static_cast<std::int64_t>(people.size());
  result.definition = funnel_definition(careers);
  result.method = kMethod;
  if (!careers.empty()) result.notes.push_back(left_out_note(careers));
  if (people.size() < kFewCame) {
    result.claim = careers.empty()
                       ? "No acts of people are known."
                       : fmt::format("{} known to have come newly in whole quarters: too few for shares.",
                                     people.size() == 1 ? "1 person is" : fmt::format("{} people are", people.size()));
    return result;
  }
  for (int stage = kCameAgain; stage < kStages; ++stage)
    for (const int quarters : kHorizons) {
      Reached each = funnel.reached(people, static_cast<Stage>(stage), quarters);
      result.rows.push_back({std::string(kStageNames[stage]), std::int64_t{quarters}, each.share, each.low, each.high,
                             *result.sample_size});
    }
  const auto said = [&](std::size_t row) {
    const auto& cells = result.rows[row];
    if (std::holds_alternative<std::monostate>(cells[2])) return std::string("not known yet");
    return fmt::format("{:.1f} % ({:.1f} to {:.1f} %)", percent(cells[2]), percent(cells[3]), percent(cells[4]));
  };
  result.claim =
      fmt::format("Of {} who came since {}, within a year {} came again, {} became regular, {} core.",
                  with_thousands(*result.sample_size), quarter_name(cohorts.front().month), said(2), said(5), said(8));
  return result;
}

Result by_cohort(const Context& context, const Careers& careers, const Funnel& funnel,
                 const std::vector<Cohort>& cohorts) {
  Result result = context.result("funnel_cohorts", "The funnel, by when they came",
                                 "Do newcomers stay more or less often than before?");
  result.columns = {{"cohort", "Came in", ColumnType::date, "", "the quarter's first day"},
                    {"came", "Came", ColumnType::integer, "people"}};
  for (int stage = kCameAgain; stage < kStages; ++stage)
    for (const int quarters : kHorizons) {
      const std::string key = fmt::format("{}_{}", kStageColumns[stage], quarters);
      const std::string of = fmt::format("within {} of their first act", plural(quarters, "quarter"));
      result.columns.push_back({key,
                                fmt::format("{} in {}",
                                            stage == kCameAgain ? "Again"
                                            : stage == kRegular ? "Regular"
                                                                : "Core",
                                            quarters),
                                ColumnType::share, "", of});
      result.columns.push_back({key + "_low", "Low", ColumnType::share, "", "95 %", "", true});
      result.columns.push_back({key + "_high", "High", ColumnType::share, "", "95 %", "", true});
    }
  result.columns.push_back({"followed", "Followed", ColumnType::text, "", "for a year, so far"});
  result.definition = funnel_definition(careers);
  result.method = kMethod;
  std::int64_t partly = 0;
  for (const Cohort& cohort : cohorts) {
    std::vector<Cell> row{start_of(cohort.month - 2), static_cast<std::int64_t>(cohort.people.size())};
    bool is_censored = false, is_unknown = false;
    for (int stage = kCameAgain; stage < kStages; ++stage)
      for (const int quarters : kHorizons) {
        Reached each = cohort.people.size() < kFewCame
                           ? Reached()
                           : funnel.reached(cohort.people, static_cast<Stage>(stage), quarters);
        is_censored = is_censored || each.is_censored;
        is_unknown = is_unknown || (each.is_censored && std::holds_alternative<std::monostate>(each.share));
        row.insert(row.end(), {each.share, each.low, each.high});
      }
    row.emplace_back(std::string(cohort.people.size() < kFewCame ? "too few came for shares"
                                 : is_unknown                    ? "not yet for all columns"
                                 : is_censored                   ? "in part"
                                                                 : "wholly"));
    partly += is_censored;
    result.sample_size = result.sample_size.value_or(0) + static_cast<std::int64_t>(cohort.people.size());
    result.rows.push_back(std::move(row));
  }
  if (cohorts.empty()) {
    result.claim = "No quarter's newcomers are known yet.";
    return result;
  }
  result.chart = {Chart::Kind::line,         "cohort", {"again_4"}, "", "again_4_low", "again_4_high",
                  "came again within a year"};
  result.claim = fmt::format(
      "{}; of the last {} not all were followed for a year: their shares allow for that, and stand empty where nobody "
      "was followed so long.",
      plural(static_cast<long long>(cohorts.size()), "quarter of newcomers", "quarters of newcomers"), partly);
  result.uncertainty = fmt::format(
      "95 % intervals are in --json and --format csv; a quarter in which fewer than {} came has no shares.", kFewCame);
  result.notes.push_back(left_out_note(careers));
  return result;
}

struct Kept {
  std::int64_t active = 0, n = 0;
  void add(bool is_active) { active += is_active, ++n; }
};

bool active_in_quarter(const Career& career, int end) {
  const auto found = std::lower_bound(career.months.begin(), career.months.end(),
                                      std::pair<int, std::int64_t>(end - 2, std::numeric_limits<std::int64_t>::min()));
  return found != career.months.end() && found->first <= end;
}

// Active so many quarters after the one they came in; only quarters that have ended.
Kept kept_after(const std::vector<Cohort>& cohorts, const Careers& careers, int quarters, bool only_who_came_again) {
  Kept kept;
  for (const Cohort& cohort : cohorts) {
    const int end = cohort.month + 3 * quarters;
    if (end > careers.last_month()) continue;
    for (const Career* career : cohort.people)
      if (!only_who_came_again || (career->came_again && *career->came_again < start_of(cohort.month + 1 + 12)))
        kept.add(active_in_quarter(*career, end));
  }
  return kept;
}

Result retention(const Context& context, const Careers& careers, const std::vector<Cohort>& cohorts) {
  Result result = context.result("retention", "Retention", "How many of those who came are still active later?");
  result.columns = {
      {"later", "Quarters later", ColumnType::integer, "quarters"},
      {"share", "Active", ColumnType::share, "", "did anything in that quarter"},
      {"low", "Low", ColumnType::share, "", "95 %"},
      {"high", "High", ColumnType::share, "", "95 %"},
      {"people", "Of", ColumnType::integer, "people", "whose quarter so much later has ended"},
      {"returners", "Of those who came again", ColumnType::share, "", "within the four quarters after theirs"},
      {"returners_low", "Low", ColumnType::share, "", "95 %"},
      {"returners_high", "High", ColumnType::share, "", "95 %"},
      {"returners_people", "Of", ColumnType::integer, "people"}};
  for (const int quarters : kLater) {
    const Kept all = kept_after(cohorts, careers, quarters, false);
    if (all.n < static_cast<std::int64_t>(kFewCame)) continue;
    // Who came again is known after a year.
    const Kept returners = quarters < 5 ? Kept() : kept_after(cohorts, careers, quarters, true);
    std::vector<Cell> row{std::int64_t{quarters}};
    for (const Kept& each : {all, returners}) {
      add_share(row, each.active, each.n);
      row.emplace_back();
      if (each.n > 0) row.back() = each.n;
    }
    result.rows.push_back(std::move(row));
  }
  result.definition =
      "Of those who came in a quarter, the share with any act in the quarter so many later; all cohorts that can be "
      "observed so long, together. Came again: an act that ends the time of a drive-by, before the fourth quarter "
      "after theirs ends; of them it is said from the fifth quarter on.";
  result.method = "acts by quarter; shares with intervals by E. B. Wilson (1927)";
  if (result.rows.empty()) {
    result.claim = "Nobody's quarter after the one they came in has ended, or too few came: no retention can be said.";
    return result;
  }
  result.chart = {Chart::Kind::line, "later", {"share"}, "", "low", "high", "share active"};
  const auto said = [&](const std::vector<Cell>& row) {
    return fmt::format("{:.1f} % ({:.1f} to {:.1f} %, n = {}) in the {}{} quarter after", percent(row[1]),
                       percent(row[2]), percent(row[3]), with_thousands(std::get<std::int64_t>(row[4])),
                       std::get<std::int64_t>(row[0]),
                       std::get<std::int64_t>(row[0]) == 1   ? "st"
                       : std::get<std::int64_t>(row[0]) == 2 ? "nd"
                       : std::get<std::int64_t>(row[0]) == 3 ? "rd"
                                                             : "th");
  };
  result.claim = fmt::format("Of those who came, {} were active", said(result.rows.front()));
  for (const auto& row : result.rows)
    if (std::get<std::int64_t>(row[0]) == 4) result.claim += fmt::format(", {}", said(row));
  result.claim += ".";
  result.sample_size = std::get<std::int64_t>(result.rows.front()[4]);
  result.notes.push_back(left_out_note(careers));
  return result;
}

std::vector<Result> analyse_funnel(const Context& context) {
  const People people = load_people(context);
  const auto shared = shared_careers(context, people, layer_rule(context));
  const Careers& careers = *shared;
  const Funnel funnel(context, careers);
  const std::vector<Cohort> cohorts = cohorts_of(careers);
  return {overall(context, careers, funnel, cohorts), by_cohort(context, careers, funnel, cohorts),
          retention(context, careers, cohorts)};
}

}  // namespace

extern const Analysis funnel_analysis;
const Analysis funnel_analysis{
    "funnel",
    "The newcomers' funnel",
    "Of those who come, how many come again, and stay?",
    {{"regular-months", "N", "months of the last twelve with an act that make a regular (4)"},
     {"core-share", "PERCENT", "of the work that the core does together (80)"}},
    &analyse_funnel,
    {groups::kProject, "What becomes of newcomers, by the quarter they came in; and retention",
     "Quarters that were not followed long enough are estimated by Kaplan and Meier, or left empty.\n"
     "Example: resident funnel --as-of 2024-01-01"},
    {{"people", 14}}};

}  // namespace resident

#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/impact.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <framework/arguments.hpp>
#include <model/flow_items.hpp>
#include <store/identities.hpp>

namespace resident {

namespace {

constexpr const char* kDefinition =
    "Effect: the mean of the outcome over the window after the start, against what the steps before (and the controls' "
    "own change) foresaw, less the usual error of such foresight; as a share of what was foreseen where the series is "
    "never below 0. p: at how many of the moments, the start among them, the outcome moved at least as far from "
    "what was foreseen as at the start.";
constexpr const char* kMethod =
    "Placebos in time: the same question at moments before, whose windows do not overlap, 20 at least (after Abadie, "
    "Diamond and Hainmueller 2010, and Chernozhukov, Wüthrich and Zhu 2021). The way to foresee (mean, slope, last "
    "season's change; with or without controls by ridge regression, each moment by the others) is the one that "
    "scatters "
    "least over all moments, start and pseudo-starts alike. The interval holds every effect that these ranks do not "
    "rule out at 5 %. No randomness.";

struct Outcome {
  const char* name;
  const char* what;
  // Gives (time, who did it) of each; :project, :as_of.
  const char* sql;
};

constexpr Outcome kOutcomes[] = {
    {"merged", "pull requests merged",
     "SELECT merged_at, merged_by FROM item WHERE project_id = :project AND kind = 'pull' AND merged_at <= :as_of"},
    {"closed", "issues closed",
     "SELECT v.closed_at, v.closed_by FROM item_interval v JOIN item i ON i.project_id = v.project_id AND i.item_id = "
     "v.item_id WHERE v.project_id = :project AND i.kind = 'issue' AND v.closed_at <= :as_of"},
    {"reviews", "reviews",
     "SELECT submitted_at, author_id FROM review WHERE project_id = :project AND submitted_at <= :as_of"},
    {"comments", "comments",
     "SELECT created_at, author_id FROM comment WHERE project_id = :project AND created_at <= :as_of"},
    {"commits", "commits",
     "SELECT committed_at, author_id FROM git_commit WHERE project_id = :project AND on_default = 1 AND parent_count < "
     "2 "
     "AND committed_at <= :as_of"},
    {"opened", "pull requests opened",
     "SELECT created_at, author_id FROM item WHERE project_id = :project AND kind = 'pull' AND created_at <= :as_of"},
    {"newcomers", "first pull requests of newcomers",
     "SELECT min(created_at), author_id FROM item WHERE project_id = :project AND kind = 'pull' AND created_at <= "
     ":as_of "
     "GROUP BY author_id"},
};

const Outcome& find_outcome(const std::string& name) {
  for (const auto& outcome : kOutcomes)
    if (name == outcome.name) return outcome;
  return kOutcomes[0];
}

struct Act {
  Timestamp at;
  std::int64_t identity;
};

std::vector<Act> acts(const Context& context, const Outcome& outcome, std::int64_t project) {
  std::vector<Act> list;
  Parameters parameters{{"project", project}, {"as_of", context.as_of}};
  const auto rows = context.database.query(outcome.sql, parameters);
  while (rows->next())
    if (!rows->is_null(0)) list.push_back({rows->integer(0), rows->integer(1)});
  return list;
}

// Whole weeks counted from the start backwards and forwards, so that none holds days of both sides.
class Weeks {
 public:
  Weeks(Timestamp first, Timestamp start, Timestamp end) {
    before_ = start > first ? (start - first) / kWeek : 0;
    begin_ = start - before_ * kWeek;
    count_ = static_cast<std::size_t>(before_ + (end > start ? (end - start) / kWeek : 0));
  }
  std::vector<double> count(const std::vector<Act>& list, const std::function<bool(std::int64_t)>& counts) const {
    std::vector<double> weeks(count_, 0);
    for (const auto& act : list)
      if (act.at >= begin_ && counts(act.identity))
        if (const auto week = static_cast<std::size_t>((act.at - begin_) / kWeek); week < count_) weeks[week] += 1;
    return weeks;
  }
  std::size_t start() const { return static_cast<std::size_t>(before_); }
  std::vector<Timestamp> begins() const {
    std::vector<Timestamp> result;
    for (std::size_t i = 0; i < count_; ++i) result.push_back(begin_ + static_cast<Timestamp>(i) * kWeek);
    return result;
  }

 private:
  Timestamp begin_ = 0, before_ = 0;
  std::size_t count_ = 0;
};

std::vector<std::pair<std::int64_t, std::string>> other_projects(const Context& context) {
  std::vector<std::pair<std::int64_t, std::string>> list;
  const auto rows = context.database.query(
      "SELECT project_id, name FROM project WHERE project_id <> :project ORDER BY project_id LIMIT 10",
      {{"project", context.project_id}});
  while (rows->next()) list.emplace_back(rows->integer(0), rows->string(1));
  return list;
}

std::string percent(double share) {
  return fmt::format("{:+.0f} %", 100 * share);
}

std::string effect_text(const stats::PlaceboAnswer& answer, double effect) {
  return answer.is_relative ? percent(effect) : fmt::format("{:+.3g}", effect);
}

}  // namespace

std::string impact_conclusion(const stats::PlaceboAnswer& answer, const ImpactSeries& series) {
  if (!answer.is_answered) return fmt::format("Nothing can be concluded: {}.", answer.missing);
  const auto window = plural(static_cast<long long>(answer.window), series.unit);
  const auto starts = plural(static_cast<long long>(answer.placebos.size()), "pseudo-start");
  if (answer.p <= 0.05)
    return fmt::format(
        "An effect is shown: over the first {} the outcome was {} against what was to be expected ({} to {}), further "
        "off "
        "than at {:.0f} of the {} before it.{}",
        window, effect_text(answer, answer.effect), effect_text(answer, answer.low), effect_text(answer, answer.high),
        static_cast<double>(answer.placebos.size() + 1) * (1 - answer.p), starts,
        answer.pre_trend_p <= 0.05 ? " It had begun to move before the start, so the start may not be the cause." : "");
  const std::string seen = answer.smallest_seen > 0 ? fmt::format("an increase under {:.0f} % could not have been seen",
                                                                  100 * answer.smallest_seen)
                                                    : "no increase, however large, would have been told from chance";
  return fmt::format(
      "No effect is shown: over the first {} the outcome was {} against what was to be expected ({} to {}; p {:.2f}, "
      "{}); "
      "{}.",
      window, effect_text(answer, answer.effect), effect_text(answer, answer.low), effect_text(answer, answer.high),
      answer.p, starts, seen);
}

Impact impact_of(const Context& context) {
  const auto start = time_argument(context, "start");
  if (!start) throw Error(ErrorKind::usage, "--start is needed: the day on which it began", "as in --start 2023-01-09");
  const Timestamp end = std::min(time_argument(context, "end").value_or(context.as_of), context.as_of);
  std::vector<std::string> names;
  for (const auto& outcome : kOutcomes) names.emplace_back(outcome.name);
  const Outcome& outcome = find_outcome(one_of_argument(context, "outcome", names));
  const std::int64_t person = context.argument("person").empty() ? 0 : person_argument(context, "person", "");
  const People people = load_people(context);
  const auto list = acts(context, outcome, context.project_id);
  Impact impact;
  impact.outcome = outcome.what;
  impact.series.unit = "week";
  Timestamp first = end;
  for (const auto& act : list) first = std::min(first, act.at);
  const Weeks weeks(first, *start, end);
  const auto is_human = [&](std::int64_t identity) { return !people.bots.contains(people.person(identity)); };
  auto& question = impact.series.question;
  question.outcome = weeks.count(list, is_human);
  question.start = weeks.start();
  question.seasons = {52};
  question.window = static_cast<std::size_t>(number_argument(context, "window", 0, 0, 520));
  impact.series.at = weeks.begins();
  for (const auto& [project, name] : other_projects(context)) {
    auto control = weeks.count(acts(context, outcome, project), [](std::int64_t) { return true; });
    if (std::count_if(control.begin(), control.end(), [](double each) { return each > 0; }) * 2 <
        static_cast<std::ptrdiff_t>(control.size()))
      continue;  // silent most of the time: it tells nothing
    question.controls.push_back(std::move(control));
    impact.series.controls.push_back(name);
  }
  impact.answer = stats::placebo_test(question);
  if (person != 0) {
    auto others = question;
    others.outcome = weeks.count(
        list, [&](std::int64_t identity) { return is_human(identity) && people.person(identity) != person; });
    impact.without_person = stats::placebo_test(others);
  }
  return impact;
}

std::vector<Result> impact_results(const Impact& impact, const Result& shared) {
  const auto& answer = impact.answer;
  Result result = shared;
  result.name = "impact";
  result.title = "Did it help: " + impact.outcome;
  result.question = "Did the outcome change with the start, more than it changes by itself?";
  result.definition = kDefinition;
  result.method = kMethod;
  result.claim = impact_conclusion(answer, impact.series);
  result.columns = {{"start", "Start", ColumnType::date},
                    {"effect", "Effect", answer.is_relative ? ColumnType::share : ColumnType::number},
                    {"low", "Low", answer.is_relative ? ColumnType::share : ColumnType::number, "", "95 %"},
                    {"high", "High", answer.is_relative ? ColumnType::share : ColumnType::number, "", "95 %"},
                    {"what", "What", ColumnType::text}};
  result.chart = {Chart::Kind::dot, "start", {"effect"}, "what", "low", "high", "effect"};
  const auto date = [&](std::size_t step) {
    return step < impact.series.at.size() ? Cell(impact.series.at[step]) : Cell();
  };
  const auto add = [&](const stats::PlaceboAnswer& each, const std::string& what) {
    if (each.is_answered)
      result.rows.push_back({date(impact.series.question.start), each.effect, each.low, each.high, what});
  };
  add(answer, "the start");
  if (impact.without_person) add(*impact.without_person, "the start, without the person's own acts");
  for (std::size_t k = 0; k < answer.without_control.size(); ++k)
    result.rows.push_back({date(impact.series.question.start), answer.without_control[k], Cell(), Cell(),
                           "the start, without the control " + impact.series.controls[k]});
  if (answer.is_answered)
    for (const auto& placebo : answer.placebos)
      result.rows.push_back({date(placebo.start), placebo.effect, Cell(), Cell(), std::string("pseudo-start")});
  result.sample_size = static_cast<std::int64_t>(answer.placebos.size());
  result.uncertainty = "95 % interval by the ranks of the pseudo-starts.";
  result.notes = impact.series.notes;
  if (answer.is_answered) {
    std::string power = "Power, at the pseudo-starts: ";
    for (const auto& each : answer.power)
      power += fmt::format("{}an increase by {:.0f} % would have been seen at {:.0f} %",
                           &each == answer.power.data() ? "" : ", ", 100 * each.effect, 100 * each.share);
    result.notes.push_back(power + ".");
    result.notes.push_back(fmt::format("Foreseen by {}. A window right before the start: p {:.2f}.", answer.foreseen_by,
                                       answer.pre_trend_p));
  }
  if (impact.without_person)
    result.notes.push_back("Without the person's own acts: " +
                           impact_conclusion(*impact.without_person, impact.series));
  result.notes.push_back(
      "What can't be concluded: that it was the start and nothing else of those weeks; whatever began at the same time "
      "is in the effect.");
  result.notes.push_back(
      "For a better answer next year: name other projects or modules that the work does not touch as controls (add "
      "them "
      "to the store), and note the weeks in which the person was away.");
  return {std::move(result)};
}

namespace {

std::vector<Result> run(const Context& context) {
  return impact_results(impact_of(context), context.result("impact", "", ""));
}

}  // namespace

extern const Analysis impact_analysis;
const Analysis impact_analysis{
    "impact",
    "Did it help",
    "Did having a resident, or anything else that began on a day, change an outcome?",
    {{"start", "DATE", "the day on which it began"},
     {"end", "DATE", "the day on which it ended; until the moment without it"},
     {"person", "LOGIN", "whose own acts are told apart"},
     {"outcome", "merged|closed|reviews|comments|commits|opened|newcomers",
      "what is counted a week; merged without it"},
     {"window", "N", "weeks after the start that are judged; as many as 20 pseudo-starts leave room for without it"}},
    &run};

}  // namespace resident

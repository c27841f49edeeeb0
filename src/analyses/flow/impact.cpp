#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/impact.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <model/flow_items.hpp>
#include <model/open_items.hpp>

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
    "season's change; with or without controls and a wave of the year by ridge regression, each moment by the others) "
    "is the one that "
    "scatters "
    "least over all moments, start and pseudo-starts alike. The interval holds every effect that these ranks do not "
    "rule out at 5 %. No randomness.";

constexpr std::size_t kMostProjects = 30;

struct OtherProject {
  std::int64_t id;
  std::string name;
};

// What is made up is no control for what is not.
std::vector<OtherProject> other_projects(const Context& context) {
  std::vector<OtherProject> list;
  const auto rows = context.database.query(
      "SELECT project_id, name, simulated FROM project WHERE project_id <> :project ORDER BY project_id",
      {{"project", context.project_id}});
  while (rows->next())
    if ((rows->integer(2) == 1) == context.simulated && list.size() < kMostProjects)
      list.push_back({rows->integer(0), rows->string(1)});
  return list;
}

std::string percent(double share) {
  return std::isinf(share) ? "no bound" : fmt::format("{:+.0f} %", 100 * share);
}

std::string effect_text(const stats::PlaceboAnswer& answer, double effect) {
  return answer.is_relative ? percent(effect) : fmt::format("{:+.3g}", effect);
}

// "24 % below what was to be expected (95 % interval -96 % to +138 %)".
std::string against_expected(const stats::PlaceboAnswer& answer) {
  const char* const side = answer.effect < 0 ? "below" : "above";
  return fmt::format("{} {} what was to be expected (95 % interval: {} to {})",
                     answer.is_relative ? fmt::format("{:.0f} %", 100 * std::fabs(answer.effect))
                                        : fmt::format("{:.3g}", std::fabs(answer.effect)),
                     side, effect_text(answer, answer.low), effect_text(answer, answer.high));
}

}  // namespace

std::string impact_conclusion(const stats::PlaceboAnswer& answer, const ImpactSeries& series) {
  if (!answer.is_answered) return fmt::format("Nothing can be concluded: {}.", answer.missing);
  const auto window = plural(static_cast<long long>(answer.window), series.unit);
  const auto starts = plural(static_cast<long long>(answer.placebos.size()), "pseudo-start");
  if (answer.p <= 0.05)
    return fmt::format(
        "An effect is shown: over the first {} the outcome was {}, further off than at {:.0f} of the {} before it.{}",
        window, against_expected(answer), static_cast<double>(answer.placebos.size() + 1) * (1 - answer.p), starts,
        answer.pre_trend_p <= 0.05 ? " It had begun to move before the start, so the start may not be the cause." : "");
  const std::string seen = answer.smallest_seen > 0 ? fmt::format("an increase under {:.0f} % could not have been seen",
                                                                  100 * answer.smallest_seen)
                                                    : "no increase, however large, would have been told from chance";
  return fmt::format("No effect is shown: over the first {} the outcome was {}; p {:.2f} by {}; {}.", window,
                     against_expected(answer), answer.p, starts, seen);
}

namespace {

// Other projects with figures throughout; what leaves one out is noted.
void add_controls(const Context& context, const ImpactWeeks& weeks, const std::string& outcome, Timestamp end,
                  ImpactSeries& series) {
  for (const auto& project : other_projects(context)) {
    Context other = context;
    other.project_id = project.id;
    other.project = project.name;
    std::string trouble;
    try {
      const People people = load_people(other);
      const Outcome loaded = load_outcome(other, people, outcome);
      auto control = weeks.series(loaded, [](const OutcomeMark&) { return true; });
      if (loaded.until < end)
        trouble = "its data end on " + format_date(loaded.until);
      else if (!control || std::count_if(control->begin(), control->end(), [](double each) { return each > 0; }) * 2 <
                               static_cast<std::ptrdiff_t>(control->size()))
        trouble = "it was silent most of the time";
      else
        series.question.controls.push_back(std::move(*control));
    } catch (const Error& error) {
      trouble = error.what();
    }
    if (trouble.empty())
      series.controls.push_back(project.name);
    else
      series.notes.push_back(fmt::format("{} is no control: {}.", one_line(project.name), trouble));
  }
}

void check_outcome(const Context& context, const People& people, const ImpactWeeks& weeks, Timestamp end,
                   const std::string& name, Impact& impact) {
  const std::string untouched = untouched_outcome(name);
  if (untouched.empty()) return;
  ImpactDesign design{"check", "an outcome that should not move"};
  const Outcome outcome = load_outcome(context, people, untouched);
  const auto series = weeks.series(outcome, [](const OutcomeMark&) { return true; });
  stats::PlaceboQuestion question;
  question.outcome = *series;
  question.start = weeks.start();
  question.seasons = {52};
  question.window = impact.answer.window;
  const auto answer = outcome.until + kWeek <= end ? stats::PlaceboAnswer{} : stats::placebo_test(question);
  if (answer.is_answered) {
    design.effect = answer.effect;
    design.low = answer.low;
    design.high = answer.high;
    design.p = answer.p;
    design.placebos = static_cast<std::int64_t>(answer.placebos.size());
    impact.is_check_moved = answer.p <= 0.05;
    design.says = fmt::format(
        "{}, which a resident should not change soon: {}.", outcome.what,
        impact.is_check_moved ? "they moved, too, so something else was at work" : "they did not stand out");
  } else {
    design.says = fmt::format("Not possible with {}: {}.", outcome.what,
                              answer.missing.empty() ? "their data end before" : answer.missing);
  }
  impact.designs.push_back(std::move(design));
}

// As given, or else as the settings name it.
std::optional<Timestamp> start_of(const Context& context) {
  if (!context.argument("start").empty() || context.config.site.impact_start.empty())
    return time_argument(context, "start");
  Context own = context;
  own.arguments["start"] = context.config.site.impact_start;
  return time_argument(own, "start");
}

const char* const kNoPerson = "Not possible: --person says whose acts are meant.";

}  // namespace

void complete_impact(Impact& impact) {
  const auto& answer = impact.answer;
  ImpactDesign headline{"placebos in time (the headline)", "what was before, at moments at which nothing began"};
  if (answer.is_answered) {
    headline.effect = answer.effect;
    headline.low = answer.low;
    headline.high = answer.high;
    headline.p = answer.p;
  }
  headline.placebos = static_cast<std::int64_t>(answer.placebos.size());
  headline.says = answer.is_answered ? fmt::format("Over the first {}.",
                                                   plural(static_cast<long long>(answer.window), impact.series.unit))
                                     : "Nothing can be concluded: " + answer.missing + ".";
  std::vector<ImpactDesign> designs{std::move(headline)};
  impact.course = impact_course(impact.series, answer);
  if (impact.course)
    designs.push_back(design_of(*impact.course));
  else
    designs.push_back(
        {"structural model, all the time since",
         "what level, season and controls foresaw",
         {},
         {},
         {},
         {},
         0,
         fmt::format("Not possible: it needs 26 {}s before the start, with figures that vary, and one since.",
                     impact.series.unit)});
  designs.push_back(
      synthetic_design(impact.series, impact.series.controls, impact.series.question.controls, "the controls"));
  designs.insert(designs.end(), impact.designs.begin(), impact.designs.end());
  impact.designs = std::move(designs);
  impact.cannot = {
      "That it was the start and nothing else of those weeks: whatever began at the same time is in the effect.",
      "What would have become of the project later on: nothing is said beyond the time since the start.",
      "Whether it was worth its cost: what is counted is not all that a resident does."};
  if (answer.is_answered && answer.pre_trend_p <= 0.05)
    impact.cannot.push_back("That the start came first: the outcome had begun to move in the weeks before it.");
  if (answer.is_answered && answer.p > 0.05)
    impact.cannot.push_back(answer.smallest_seen > 0
                                ? fmt::format("That there is no effect: one under {:.0f} % could not have been seen.",
                                              100 * answer.smallest_seen)
                                : "That there is no effect: none, however large, could have been seen.");
  if (answer.is_answered && impact.series.question.outcome.size() > impact.series.question.start + answer.window)
    impact.cannot.push_back(fmt::format(
        "How it went after the first {}, as surely: longer windows leave no room for 20 moments of comparison.",
        plural(static_cast<long long>(answer.window), impact.series.unit)));
  if (impact.is_check_moved)
    impact.cannot.push_back("That the start moved it: an outcome that should not have moved did, too.");
  if (answer.is_answered && answer.p > 0.05 && answer.smallest_seen > 0.25)
    impact.record.push_back(
        "Record an outcome of which there is more, too (answers, reviews, comments): at so few a week only large "
        "effects "
        "can be seen.");
  const std::size_t controls = impact.series.controls.size();
  if (controls < 19)
    impact.record.push_back(fmt::format(
        "Keep other projects (or modules) that the work does not touch up to date in the store: {} now, four give a "
        "mixture, 19 a p of 5 % by it.",
        controls == 0 ? "none is a control"
                      : plural(static_cast<long long>(controls), "is a control", "are controls")));
  impact.record.insert(
      impact.record.end(),
      {"Draw by lot, and write down, which modules (or which half of a queue) are taken up first: that alone would "
       "show "
       "causes rather than coincidences.",
       "Write down the weeks away, and what else began: releases, sprints, new rules, people who came or went.",
       "Name the outcome, the day and the window before looking, so that nobody can choose afterwards."});
}

Impact impact_of(const Context& context) {
  const auto start = start_of(context);
  if (!start) throw Error(ErrorKind::usage, "--start is needed: the day on which it began", "as in --start 2023-01-09");
  const auto asked_end = time_argument(context, "end");
  if (asked_end && *asked_end <= *start)
    throw Error(ErrorKind::usage, "--end is not after --start", "the end is that of the time to be judged");
  const People people = load_people(context);
  const std::string name = context.argument("outcome", "merged");
  const Outcome outcome = load_outcome(context, people, name);
  const Timestamp end = std::min({asked_end.value_or(context.as_of), context.as_of, outcome.until});
  ImpactPerson person;
  person.person = person_argument(context, "person", context.config.me);
  if (person.person != 0) person.name = people.name(person.person);
  Impact impact;
  impact.outcome = outcome.what;
  impact.series.unit = "week";
  if (!outcome.is_mean) {
    std::vector<Timestamp> moments;
    for (const auto& mark : outcome.marks) moments.push_back(mark.at);
    if (auto note = gap_note(std::move(moments), outcome.what); !note.empty())
      impact.series.notes.push_back(std::move(note));
  }
  std::vector<Timestamp> marked;
  for (const auto& mark : outcome.marks) marked.push_back(mark.at);
  const Timestamp first = marked.empty() ? end : std::min(end, beginning_of(std::move(marked)));
  if (const auto early = std::count_if(outcome.marks.begin(), outcome.marks.end(),
                                       [&](const OutcomeMark& mark) { return mark.at < first; });
      early > 0)
    impact.series.notes.push_back(fmt::format("{} from before {} left out: nothing followed for a year.",
                                              plural(static_cast<long long>(early), "mark", "marks"),
                                              format_date(first)));
  const ImpactWeeks weeks(first, *start, end);
  auto& question = impact.series.question;
  const auto series = weeks.series(outcome, [](const OutcomeMark&) { return true; });
  if (series) question.outcome = *series;
  question.start = series ? weeks.start() : 0;
  question.seasons = {52};
  question.window = static_cast<std::size_t>(context.whole_number("window", 0, 0, 520));
  impact.series.at = weeks.begins();
  if (series) add_controls(context, weeks, name, end, impact.series);
  if (series && outcome.is_counted_seldom)
    impact.series.notes.push_back(fmt::format("Counted {}; a week without a count has that of the week before.",
                                              plural(static_cast<long long>(outcome.marks.size()), "time")));
  impact.answer = stats::placebo_test(question);
  if (!series && !outcome.marks.empty() && weeks.start() < weeks.count())
    impact.answer.missing =
        outcome.is_counted_seldom
            ? "it was counted in fewer than a sixth of the weeks; about one count a month is needed, for two years and "
              "more before the start"
            : "in more than a quarter of the weeks there is nothing of which the outcome would be a mean";
  if (series && person.person != 0) {
    auto others = question;
    const Outcome by_others = outcome.name == "answered" ? others_answering(context, people, person.person) : outcome;
    if (const auto left =
            weeks.series(by_others, [&](const OutcomeMark& mark) { return mark.person != person.person; })) {
      others.outcome = *left;
      impact.without_person = stats::placebo_test(others);
    }
    const bool has_items =
        std::any_of(outcome.marks.begin(), outcome.marks.end(), [](const OutcomeMark& mark) { return mark.item != 0; });
    impact.designs.push_back(has_items ? module_design(context, people, person, outcome, *start, end)
                                       : ImpactDesign{"difference in differences, by module",
                                                      "modules not worked on",
                                                      {},
                                                      {},
                                                      {},
                                                      {},
                                                      0,
                                                      "Not possible: this outcome is of no module."});
    // Where there are too few other projects.
    if (has_items && !outcome.is_mean && impact.series.controls.size() < 4) {
      impact.designs.push_back(synthetic_modules(context, people, person, outcome, weeks, impact.series));
      impact.designs.back().name = "synthetic control, by module";
    }
    impact.designs.push_back(dose_design(context, people, person, by_others, weeks));
    if (impact.answer.is_answered)
      impact.unlocked = impact_unlocked(context, people, person, weeks, *start, end, impact.answer.window);
  } else if (series) {
    for (const char* design : {"difference in differences, by module", "dose"})
      impact.designs.push_back({design, "where and when the person did less", {}, {}, {}, {}, 0, kNoPerson});
  }
  if (series) check_outcome(context, people, weeks, end, name, impact);
  complete_impact(impact);
  return impact;
}

namespace {

Result part(const Result& shared, std::string name, std::string title, std::string question) {
  Result result = shared;
  result.name = std::move(name);
  result.title = std::move(title);
  result.question = std::move(question);
  return result;
}

Cell cell(const std::optional<double>& value) {
  return value ? Cell(*value) : Cell();
}

}  // namespace

std::vector<CoursePoint> course_points(const Impact& impact) {
  constexpr std::size_t kBefore = 52;
  std::vector<CoursePoint> points;
  if (!impact.course) return points;
  const auto& course = *impact.course;
  const auto& outcome = impact.series.question.outcome;
  // Blocks end at the start, and begin there again.
  const std::size_t blocks = std::min(kBefore, course.start) / course.block;
  for (std::size_t t = course.start - blocks * course.block; t < outcome.size(); t += course.block) {
    const std::size_t end = std::min(t + course.block, outcome.size());
    double was = 0;
    for (std::size_t i = t; i < end; ++i) was += outcome[i] / static_cast<double>(end - t);
    CoursePoint point{impact.series.at[t], was};
    if (t >= course.start) {
      const std::size_t k = (t - course.start) / course.block;
      if (k >= course.expected.size()) break;
      point.expected = course.expected[k];
      point.low = course.low[k];
      point.high = course.high[k];
    }
    points.push_back(point);
  }
  return points;
}

namespace {

// The picture: what was, and what was to be expected with its band.
Result course_result(const Impact& impact, const Result& shared) {
  const auto& course = *impact.course;
  Result result = part(shared, "impact_course", "What was, and what was to be expected",
                       "How did the outcome go on, against what it would have done?");
  result.columns = {{"at", impact.series.unit == "step" ? "Step" : "From", ColumnType::date, "",
                     impact.course->block == 1 ? "its begin" : "begin of four, whose means these are"},
                    {"expected", "Expected", ColumnType::number, impact.outcome},
                    {"low", "Low", ColumnType::number, "", "95 %, the model's own"},
                    {"high", "High", ColumnType::number, "", "95 %, the model's own"},
                    {"was", "Was", ColumnType::number, impact.outcome}};
  result.chart = {Chart::Kind::line, "at", {"expected", "was"}, "", "low", "high", impact.outcome};
  for (const auto& point : course_points(impact))
    result.rows.push_back({Cell(point.at), cell(point.expected), cell(point.low), cell(point.high), point.was});
  const auto shown = [&](double value) { return course.is_relative ? percent(value) : fmt::format("{:+.3g}", value); };
  result.claim = fmt::format(
      "Since the start the outcome was {} {} what a model of its level, season and controls foresaw ({} to {} by that "
      "model){}.",
      course.is_relative ? fmt::format("{:.0f} %", 100 * std::fabs(course.effect))
                         : fmt::format("{:.3g}", std::fabs(course.effect)),
      course.effect < 0 ? "below" : "above", shown(course.effect_low), shown(course.effect_high),
      course.moments > 0
          ? fmt::format("; at {} of {} moments at which nothing began such an interval left out 0, so the "
                        "headline counts, not this picture",
                        course.claims, course.moments)
          : "; nothing says how far that may be trusted");
  result.definition =
      "Expected: the mean of 1,000 draws of what the series would have done; the start is where it begins. Over more "
      "than 30 steps, "
      "means of four are shown.";
  result.method =
      "Bayesian structural time series (Brodersen et al. 2015, as R's CausalImpact, but with a level that may move as "
      "the "
      "data say): level, two waves of a year where two years are known, controls by spike and slab; Gibbs sampling, "
      "seed 1.";
  result.uncertainty = "95 % bands of what is shown, by the model alone.";
  result.sample_size = static_cast<std::int64_t>(course.start);
  return result;
}

Result designs_result(const Impact& impact, const Result& shared) {
  Result result = part(shared, "impact_designs", "The same by other designs", "Do other ways to answer agree?");
  const auto type = impact.answer.is_relative ? ColumnType::share : ColumnType::number;
  result.columns = {{"design", "Design", ColumnType::text},
                    {"against", "Held against", ColumnType::text},
                    {"effect", "Effect", type},
                    {"low", "Low", type, "", "95 %"},
                    {"high", "High", type, "", "95 %"},
                    {"p", "p", ColumnType::number},
                    {"placebos", "Placebos", ColumnType::integer, "", "moments, units or shifts it is ranked among"},
                    {"says", "What it says, or what it would need", ColumnType::text}};
  std::size_t possible = 0, up = 0, down = 0;
  for (const auto& design : impact.designs) {
    result.rows.push_back({design.name, design.against, cell(design.effect), cell(design.low), cell(design.high),
                           cell(design.p), design.placebos > 0 ? Cell(design.placebos) : Cell(), design.says});
    possible += design.effect.has_value() || design.p.has_value();
    if (!design.p || *design.p > 0.05 || !design.effect || design.name == "check") continue;
    (*design.effect > 0 ? up : down) += 1;
  }
  const auto many = [](std::size_t count) { return count == 0 ? std::string("none") : std::to_string(count); };
  result.claim =
      possible == 0
          ? fmt::format("The data permit none of {} designs; the table says what each would need.",
                        impact.designs.size())
          : fmt::format(
                "Of {} designs the data permit {}; by their own p of 5 % {} shows an increase and {} a decrease.",
                impact.designs.size(), possible, many(up), many(down));
  result.method =
      "Synthetic control: Abadie, Diamond and Hainmueller 2010. Difference in differences: two-way fixed effects, "
      "errors by "
      "module, p by permutation (Conley and Taber 2011). Dose: shifts in a ring (Lotwick and Silverman 1982). One of "
      "them is "
      "the headline, named beforehand; with so many looks one or two of twenty show something where nothing is.";
  return result;
}

Result unlocked_result(const Impact& impact, const Result& shared) {
  Result result = part(shared, "impact_unlocked", "What others did", "What came of it beyond the person's own acts?");
  result.columns = {{"what", "What", ColumnType::text},
                    {"n", "n", ColumnType::integer, "", "since the start"},
                    {"expected", "Expected", ColumnType::number, "", "or: of those whom others answered first"},
                    {"observed", "Was", ColumnType::number},
                    {"change", "Change", ColumnType::share},
                    {"low", "Low", ColumnType::share, "", "95 %"},
                    {"high", "High", ColumnType::share, "", "95 %"},
                    {"p", "p", ColumnType::number},
                    {"says", "Basis", ColumnType::text}};
  std::string moved;
  for (const auto& row : impact.unlocked) {
    result.rows.push_back({row.what, row.n, cell(row.expected), cell(row.observed), cell(row.change), cell(row.low),
                           cell(row.high), cell(row.p), row.says});
    if (row.low && row.high && (*row.low > 0 || *row.high < 0))
      moved += fmt::format("{}{} ({})", moved.empty() ? "" : "; ", row.what, percent(*row.change));
  }
  result.claim =
      moved.empty() ? "Nothing of what others did stands out from chance." : fmt::format("Beyond chance: {}.", moved);
  result.definition =
      "Others: everybody but the person. First answers a day: of issues and pull requests within a week of their "
      "opening, by "
      "somebody else than their author and no bot, divided by the days waited until the first answer; where the person "
      "answered first the wait ends without one. Came back: opened a pull request, not their first item, within 90 "
      "days of the first answer.";
  return result;
}

Result limits_result(const Impact& impact, const Result& shared) {
  Result result = part(shared, "impact_limits", "What can't be concluded, and what to record from now on",
                       "What stays open, and how would next year's answer be better?");
  result.columns = {{"kind", "What", ColumnType::text}, {"text", "In words", ColumnType::text}};
  for (const auto& text : impact.cannot) result.rows.push_back({std::string("can't be concluded"), text});
  for (const auto& text : impact.record) result.rows.push_back({std::string("record from now on"), text});
  result.claim = impact.cannot.front();
  return result;
}

}  // namespace

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
    std::string power = "Power: ";
    for (const auto& each : answer.power)
      power += &each == answer.power.data()
                   ? fmt::format("an increase by {:.0f} % would have been seen at {:.0f} % of the pseudo-starts",
                                 100 * each.effect, 100 * each.share)
                   : fmt::format(", one by {:.0f} % at {:.0f} %", 100 * each.effect, 100 * each.share);
    result.notes.push_back(power + ".");
    result.notes.push_back(fmt::format(
        "Foreseen by {}. The same asked of the {} right before the start: p {:.2f} (small where it had begun to move).",
        answer.foreseen_by, plural(static_cast<long long>(answer.window), impact.series.unit), answer.pre_trend_p));
  }
  if (impact.without_person)
    result.notes.push_back("Without the person's own acts: " +
                           impact_conclusion(*impact.without_person, impact.series));
  std::vector<Result> results{std::move(result)};
  if (impact.course) results.push_back(course_result(impact, shared));
  results.push_back(designs_result(impact, shared));
  if (!impact.unlocked.empty()) results.push_back(unlocked_result(impact, shared));
  results.push_back(limits_result(impact, shared));
  return results;
}

namespace {

std::vector<Result> analyse_impact(const Context& context) {
  if (!start_of(context)) {
    Result result = context.result("impact", "Did it help", "Did the outcome change with the start?");
    result.claim =
        "No day is named yet: say when it began (Start above, --start, or site.impact_start of the settings), and "
        "whose "
        "acts are meant.";
    result.definition = kDefinition;
    return {std::move(result)};
  }
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
     {"outcome", "OUTCOME",
      "what is judged by the week: merged (without it), closed, reviews, comments, commits, opened, issues, newcomers, "
      "answered, measure:NAME.COLUMN, benchmark:NAME, adoption:MODULE or downloads:MODULE"},
     {"window", "N", "weeks after the start that are judged; as many as 20 pseudo-starts leave room for without it"}},
    &analyse_impact,
    {},
    {{"impact", 1}}};

}  // namespace resident

// resident fading: of those who carried the work, how many are quieter than they use to be, and what became of those of
// whom that was so before. Counts alone, unless names are asked for: they are people, and they read it.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/people/share_cells.hpp>
#include <base/text.hpp>
#include <framework/arguments.hpp>
#include <model/rhythm.hpp>
#include <stats/intervals.hpp>

namespace resident {

namespace {

constexpr int kMonthsBack = 24;
constexpr std::int64_t kLeastGroup = 5;  // figures of fewer are figures about persons
constexpr Timestamp kYear = 365 * kDay;
constexpr std::size_t kRhythms = 4;

struct Seen {
  const Career* career = nullptr;
  Layer layer = Layer::away;  // the innermost of the two years
  Silence silence;
};

// Who was core or regular at the end of any month of the two years before.
std::vector<Seen> carriers(const Careers& careers, Timestamp moment) {
  const int until = month_of(moment) - 1, from = until - kMonthsBack;
  std::vector<Seen> result;
  for (const Career& career : careers.all()) {
    Layer layer = Layer::away;
    for (const auto& [month, each] : career.carried)
      if (month > from && month <= until) layer = std::max(layer, each);
    if (layer != Layer::away) result.push_back({&career, layer, silence_of(career, moment)});
  }
  return result;
}

struct Counts {
  std::int64_t people = 0, by_rhythm[kRhythms] = {};
  void add(const Silence& silence) { ++people, ++by_rhythm[static_cast<std::size_t>(silence.rhythm)]; }
  std::int64_t of(Rhythm rhythm) const { return by_rhythm[static_cast<std::size_t>(rhythm)]; }
  void add(const Counts& other) {
    people += other.people;
    for (std::size_t i = 0; i < kRhythms; ++i) by_rhythm[i] += other.by_rhythm[i];
  }
};

constexpr std::string_view kDefinition =
    "Who carried the work: core or regular (`resident layers`) at the end of any month of the last two years. In their "
    "rhythm: the silence since their last act is not unusual for them. Quieter than usual: it has lasted 30 days or "
    "more, and in the two years before their last act a silence so long was rarer than one day in twenty (their own "
    "gaps alone; D. R. Cox, Renewal Theory, 1962, section 5.2). Away: no act for a year. Not said: fewer than 10 "
    "active days. Holidays, an illness, a new child, work elsewhere in the project that leaves no act: the figures "
    "cannot tell them apart, and none is a fault.";

Result now(const Context& context, const std::vector<Seen>& seen) {
  Result result = context.result("fading", "Who has grown quiet",
                                 "Of those who carried the work, how many are quieter than usual?");
  result.columns = {{"layer", "Were", ColumnType::text},
                    {"people", "People", ColumnType::integer, "people"},
                    {"usual", "In their rhythm", ColumnType::integer, "people"},
                    {"quieter", "Quieter than usual", ColumnType::integer, "people"},
                    {"away", "Away for a year", ColumnType::integer, "people"},
                    {"unknown", "Not said", ColumnType::integer, "people", "too few active days for a rhythm"},
                    {"quieter_share", "Quieter", ColumnType::share, "", "of those who are in their rhythm or quieter"},
                    {"low", "Low", ColumnType::share, "", "95 %"},
                    {"high", "High", ColumnType::share, "", "95 %"}};
  result.definition = kDefinition;
  result.method = "each person's last act against their own gaps; bots are left out";
  Counts core, regular, all;
  for (const Seen& each : seen) (each.layer == Layer::core ? core : regular).add(each.silence);
  all.add(core);
  all.add(regular);
  result.sample_size = all.people;
  if (all.people < kLeastGroup) {
    result.claim = all.people == 0
                       ? "Nobody is known to have carried the work for several months of the last two years."
                       : "Fewer than five people carried the work of the last two years: a figure about so few would "
                         "be one about persons, and is not shown here.";
    return result;
  }
  const auto add_row = [&](const std::string& name, const Counts& counts) {
    std::vector<Cell> row{name,
                          counts.people,
                          counts.of(Rhythm::usual),
                          counts.of(Rhythm::quieter),
                          counts.of(Rhythm::away),
                          counts.of(Rhythm::unknown)};
    add_share(row, counts.of(Rhythm::quieter), counts.of(Rhythm::quieter) + counts.of(Rhythm::usual));
    result.rows.push_back(std::move(row));
  };
  const bool apart = core.people >= kLeastGroup && regular.people >= kLeastGroup;
  if (apart) {
    add_row("core", core);
    add_row("regular", regular);
  } else {
    add_row("core or regular", all);
    result.notes.push_back("The layers are shown together: one of them has fewer than five people.");
  }
  const std::int64_t quieter = all.of(Rhythm::quieter), here = quieter + all.of(Rhythm::usual);
  result.claim = fmt::format(
      "Of {} who carried the work of the last two years {} in their rhythm, {} quieter than usual and {} away for a "
      "year{}.",
      plural(all.people, "person", "people"),
      all.of(Rhythm::usual) == 1 ? "1 is" : fmt::format("{} are", all.of(Rhythm::usual)), quieter, all.of(Rhythm::away),
      all.of(Rhythm::unknown) == 0 ? std::string()
                                   : fmt::format("; of {} too little is known to say", all.of(Rhythm::unknown)));
  result.uncertainty = fmt::format(
      "By its definition about one in twenty of those who go on as ever looks quieter on any day: some {:.0f} of {}. "
      "What became of those of earlier years is in the next table.",
      kBrokenBelow * static_cast<double>(here), here);
  return result;
}

// A year ago, two years ago …: who did nothing in the year after.
Result before(const Context& context, const Careers& careers) {
  Result result =
      context.result("fading_before", "What became of them", "How often did those who had grown quiet come back?");
  result.columns = {{"then", "Then", ColumnType::text},
                    {"people", "People", ColumnType::integer, "", "each counted once for every year looked at"},
                    {"not_back", "Nothing in the year after", ColumnType::integer},
                    {"share", "Share", ColumnType::share},
                    {"low", "Low", ColumnType::share, "", "95 %"},
                    {"high", "High", ColumnType::share, "", "95 %"}};
  Counts then, gone;
  std::int64_t years = 0;
  for (Timestamp moment = context.as_of - kYear; !careers.empty() && month_of(moment) - 12 >= careers.first_month();
       moment -= kYear, ++years)
    for (const Seen& each : carriers(careers, moment)) {
      const auto next =
          std::upper_bound(each.career->days.begin(), each.career->days.end(), start_of_day(moment) / kDay);
      then.add(each.silence);
      if (next == each.career->days.end() || *next > start_of_day(moment + kYear) / kDay) gone.add(each.silence);
    }
  result.definition = kDefinition;
  result.method =
      "the same question a year ago, two years ago and so on, with nothing later in sight; then the year after";
  result.sample_size = then.people;
  if (then.people < kLeastGroup) {
    result.claim = "Too few people in too few years to say what became of those who had grown quiet.";
    return result;
  }
  for (const auto& [rhythm, name] :
       {std::pair{Rhythm::usual, "in their rhythm"}, std::pair{Rhythm::quieter, "quieter than usual"},
        std::pair{Rhythm::away, "away for a year"}, std::pair{Rhythm::unknown, "not said"}}) {
    std::vector<Cell> row{std::string(name), then.of(rhythm), gone.of(rhythm)};
    add_share(row, gone.of(rhythm), then.of(rhythm));
    result.rows.push_back(std::move(row));
  }
  const auto said = [&](Rhythm rhythm) {
    const auto interval = stats::wilson_interval(gone.of(rhythm), then.of(rhythm));
    if (!interval) return std::string("nobody was so");
    return fmt::format("{:.0f} % ({:.0f} to {:.0f} %, n = {})",
                       100.0 * static_cast<double>(gone.of(rhythm)) / static_cast<double>(then.of(rhythm)),
                       100 * interval->low, 100 * interval->high, with_thousands(then.of(rhythm)));
  };
  result.claim = fmt::format(
      "Looked at on this day of {}: of those who were quieter than usual, {} did nothing in the year after; of those "
      "in their rhythm, {}.",
      plural(years, "earlier year"), said(Rhythm::quieter), said(Rhythm::usual));
  result.uncertainty = "95 % intervals by E. B. Wilson (1927); the same people come again in several years.";
  return result;
}

// By name, for whoever asks.
Result names(const Context& context, const People& people, std::vector<Seen> seen) {
  Result result = context.result("fading_people", "By name", "Whom could one ask how they are?");
  result.columns = {
      {"person", "Person", ColumnType::text},
      {"layer", "Were", ColumnType::text},
      {"last", "Last here", ColumnType::date},
      {"silence", "Days since", ColumnType::integer, "days"},
      {"share", "As long before", ColumnType::share, "", "of their own days, a silence had lasted so long"}};
  result.set_roles({{"person", ColumnRole::person}});
  std::erase_if(seen, [](const Seen& each) { return each.silence.rhythm != Rhythm::quieter; });
  std::stable_sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) {
    return a.layer != b.layer ? a.layer > b.layer : a.silence.days < b.silence.days;
  });
  for (const Seen& each : seen)
    result.rows.push_back({people.name(each.career->person), std::string(name_of(each.layer)),
                           start_of_day(context.as_of) - each.silence.days * kDay, each.silence.days,
                           each.silence.share});
  result.claim = seen.empty()
                     ? "Everybody who is here is in their rhythm."
                     : fmt::format("{} quieter than usual; a word from somebody who knows them may be welcome.",
                                   seen.size() == 1 ? "1 person is" : fmt::format("{} people are", seen.size()));
  result.sample_size = static_cast<std::int64_t>(seen.size());
  result.definition = kDefinition;
  result.method = "as above, by name because --people asks for it; pages never show this table";
  return result;
}

std::vector<Result> analyse_fading(const Context& context) {
  const People people = load_people(context);
  const auto shared = shared_careers(context, people, layer_rule(context));
  const Careers& careers = *shared;
  const std::vector<Seen> seen = carriers(careers, context.as_of);
  std::vector<Result> results{now(context, seen), before(context, careers)};
  if (flag_argument(context, "people")) results.push_back(names(context, people, seen));
  return results;
}

}  // namespace

extern const Analysis fading_analysis;
const Analysis fading_analysis{
    "fading",
    "Who has grown quiet",
    "Of those who carried the work, how many are quieter than usual?",
    {{"people", "", "by name, too: for whoever has the store; no page shows it"},
     {"regular-months", "N", "months of the last twelve with an act that make a regular (4)"},
     {"core-share", "PERCENT", "of the work that the core does together (80)"}},
    &analyse_fading,
    {groups::kProject, "Of those who carried the work, how many are quieter than usual for them",
     "Each person's silence against their own gaps, and what became of those of earlier years. Counts alone, unless "
     "--people asks for names.\nExample: resident fading --as-of 2024-01-01"},
    {{"people", 16}}};

}  // namespace resident

// resident layers: the onion, quarter by quarter, and who moved between its layers in a year.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/people/share_cells.hpp>
#include <base/text.hpp>
#include <model/careers.hpp>
#include <stats/intervals.hpp>

namespace resident {

namespace {

constexpr Layer kShown[] = {Layer::core, Layer::regular, Layer::occasional, Layer::drive_by};
constexpr std::string_view kTooShort =
    "The records don't hold a whole quarter yet: layers are said from the first quarter that has ended.";

struct Quarter {
  int month = 0;
  std::int64_t people[kLayers] = {};
  std::int64_t work = 0, work_of_core = 0;
  std::int64_t in(Layer layer) const { return people[static_cast<std::size_t>(layer)]; }
  std::int64_t all() const {
    std::int64_t sum = 0;
    for (const std::int64_t count : people) sum += count;
    return sum;
  }
};

std::vector<Quarter> quarters_of(const Careers& careers, const LayerRule& rule) {
  std::vector<Quarter> quarters;
  careers.replay(
      [&](int month, const std::vector<LayerStanding>& standings) {
        if (!ends_quarter(month)) return;
        Quarter quarter;
        quarter.month = month;
        for (const LayerStanding& each : standings) {
          ++quarter.people[static_cast<std::size_t>(each.layer)];
          quarter.work += each.work;
          if (each.layer == Layer::core) quarter.work_of_core += each.work;
        }
        quarters.push_back(quarter);
      },
      rule);
  return quarters;
}

std::string sizes(const Quarter& quarter) {
  return fmt::format("{} core, {} regular, {} occasional, {} drive-by", with_thousands(quarter.in(Layer::core)),
                     with_thousands(quarter.in(Layer::regular)), with_thousands(quarter.in(Layer::occasional)),
                     with_thousands(quarter.in(Layer::drive_by)));
}

// How much the figures hang on where the lines are drawn.
std::string sensitivity(const Careers& careers) {
  const LayerRule& rule = careers.rule();
  std::vector<std::string> parts;
  const std::pair<double, int> others[] = {{rule.core_share - 0.1, rule.regular_months},
                                           {std::min(0.95, rule.core_share + 0.1), rule.regular_months},
                                           {rule.core_share, rule.regular_months - 1},
                                           {rule.core_share, rule.regular_months + 2}};
  for (const auto& [share, months] : others) {
    if (months < 2 || months > 12) continue;
    const std::vector<Quarter> quarters = quarters_of(careers, {share, months, rule.drive_by_days});
    if (quarters.empty()) continue;
    parts.push_back(fmt::format("{:.0f} % and {} months: {} core, {} regular", 100 * share, months,
                                quarters.back().in(Layer::core), quarters.back().in(Layer::regular)));
  }
  return fmt::format("Counts are exact by the definition; what hangs on the lines drawn, for the last quarter: {}.",
                     fmt::join(parts, "; "));
}

Result onion(const Context& context, const Careers& careers) {
  Result result =
      context.result("layers", "Layers of the onion", "How many carry the project, and how many stand around them?");
  result.columns = {{"quarter", "Quarter", ColumnType::date, "", "its first day"},
                    {"core", "Core", ColumnType::integer, "people"},
                    {"regular", "Regular", ColumnType::integer, "people"},
                    {"occasional", "Occasional", ColumnType::integer, "people"},
                    {"drive_by", "Drive-by", ColumnType::integer, "people"},
                    {"active", "All", ColumnType::integer, "people", "who did anything in the twelve months"},
                    {"core_share", "Core's share", ColumnType::share, "", "of the work of the twelve months"}};
  result.definition =
      careers.rule_text() +
      " The onion: K. Crowston and J. Howison, First Monday 10 (2005); the share: A. Mockus et al., TOSEM 11 (2002).";
  result.method = "people's acts by month, the last twelve months at each quarter's end; bots are left out";
  const std::vector<Quarter> quarters = quarters_of(careers, careers.rule());
  for (const Quarter& quarter : quarters) {
    std::optional<double> share;
    if (quarter.work > 0) share = static_cast<double>(quarter.work_of_core) / static_cast<double>(quarter.work);
    result.rows.push_back({start_of(quarter.month - 2), quarter.in(Layer::core), quarter.in(Layer::regular),
                           quarter.in(Layer::occasional), quarter.in(Layer::drive_by), quarter.all(), cell_of(share)});
  }
  if (quarters.empty()) {
    result.claim = careers.empty() ? "No acts of people are known." : std::string(kTooShort);
    return result;
  }
  result.chart = {Chart::Kind::line, "quarter", {"core", "regular", "occasional", "drive_by"}, "", "", "", "people"};
  const Quarter& last = quarters.back();
  result.claim = fmt::format("At the end of {}: {}", quarter_name(last.month), sizes(last));
  if (quarters.size() > 4) result.claim += fmt::format("; a year before: {}", sizes(quarters[quarters.size() - 5]));
  result.claim += ".";
  result.sample_size = last.all();
  result.uncertainty = sensitivity(careers);
  result.notes.push_back("The first year of the records is no whole window: its layers are too thin.");
  result.notes.push_back(
      "A layer says how often somebody was here and how much of the counted work was theirs, not what they are worth: "
      "answers to users, translations, talks and much else leave no act that is counted as work.");
  return result;
}

Result moves_result(const Context& context, const Careers& careers) {
  Result result = context.result("layer_moves", "From year to year", "Who stays, who comes closer, who goes?");
  result.columns = {{"layer", "Was", ColumnType::text},
                    {"people", "People", ColumnType::integer, "", "each counted once for every year they were there"},
                    {"core", "Core", ColumnType::share, "", "a year later"},
                    {"regular", "Regular", ColumnType::share, "", "a year later"},
                    {"occasional", "Occasional", ColumnType::share, "", "a year later"},
                    {"away", "Away", ColumnType::share, "", "did nothing in the year after"},
                    {"away_low", "Low", ColumnType::share, "", "of the away, 95 %"},
                    {"away_high", "High", ColumnType::share, "", "of the away, 95 %"}};
  const LayerMoves moves = yearly_moves(careers);
  result.definition = careers.rule_text();
  result.method = "the layers at the last month's end and from whole year to whole year before it";
  if (moves.years == 0) {
    result.claim = "Who moves between layers can be said from two whole years of records on.";
    return result;
  }
  for (const Layer then : kShown) {
    const std::int64_t n = moves.of(then);
    std::vector<Cell> row{std::string(name_of(then)), n};
    for (const Layer later : {Layer::core, Layer::regular, Layer::occasional}) {
      std::optional<double> share;
      if (n > 0)
        share = static_cast<double>(moves.counts[static_cast<std::size_t>(then)][static_cast<std::size_t>(later)]) /
                static_cast<double>(n);
      row.push_back(cell_of(share));
    }
    add_share(row, moves.gone(then), n);
    result.rows.push_back(std::move(row));
  }
  const std::int64_t core = moves.of(Layer::core), gone = moves.gone(Layer::core);
  if (const auto interval = stats::wilson_interval(gone, core))
    result.claim = fmt::format(
        "Over {}, of those who were core {:.1f} % ({:.1f} to {:.1f} %, n = {}) did nothing in the year after.",
        plural(moves.years, "pair of years", "pairs of years"),
        100 * static_cast<double>(gone) / static_cast<double>(core), 100 * interval->low, 100 * interval->high,
        with_thousands(core));
  else
    result.claim = fmt::format("Nobody was core at the start of any of {}.", plural(moves.years, "whole year"));
  result.sample_size = 0;
  for (const Layer then : kShown) *result.sample_size += moves.of(then);
  result.uncertainty =
      "95 % intervals by E. B. Wilson (1927); the same people come again in several years, so they are a little too "
      "narrow.";
  return result;
}

std::vector<Result> analyse_layers(const Context& context) {
  const auto shared = shared_careers(context, load_people(context), layer_rule(context));
  const Careers& careers = *shared;
  return {onion(context, careers), moves_result(context, careers)};
}

}  // namespace

extern const Analysis layers_analysis;
const Analysis layers_analysis{
    "layers",
    "Layers of the onion",
    "How many carry the project, and how many stand around them?",
    {{"regular-months", "N", "months of the last twelve with an act that make a regular (4)"},
     {"core-share", "PERCENT", "of the work that the core does together (80)"}},
    &analyse_layers,
    {groups::kProject, "The onion: core, regular, occasional and drive-by, quarter by quarter",
     "From the acts in the store; more than a year of them says more.\nExample: resident layers --core-share 90"},
    {{"people", 12}}};

}  // namespace resident

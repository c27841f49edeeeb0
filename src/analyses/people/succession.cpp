// resident succession: for each module, who else would be there if those who know it stopped.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/people/share_cells.hpp>
#include <base/text.hpp>
#include <framework/arguments.hpp>
#include <framework/next_command.hpp>
#include <model/careers.hpp>
#include <model/experts.hpp>
#include <model/file_touches.hpp>
#include <stats/intervals.hpp>

namespace resident {

namespace {

constexpr double kKnowsEnough = 0.1;  // of the best active expert's points
constexpr Timestamp kNew = 730 * kDay;
constexpr std::int64_t kLeastForRate = 5;
constexpr std::size_t kMost = 50;

// How often those of a layer did nothing in the year after.
struct Leaving {
  std::optional<double> rate[kLayers];
  std::optional<stats::Interval> interval[kLayers];
  bool is_known = true;
};

Leaving leaving_rates(const LayerMoves& moves) {
  Leaving leaving;
  for (std::size_t i = 1; i < kLayers; ++i) {
    const auto layer = static_cast<Layer>(i);
    std::int64_t n = moves.of(layer), gone = moves.gone(layer);
    if (n < kLeastForRate) {  // of all who are somewhere
      n = gone = 0;
      for (std::size_t j = 1; j < kLayers; ++j)
        n += moves.of(static_cast<Layer>(j)), gone += moves.gone(static_cast<Layer>(j));
    }
    leaving.is_known = leaving.is_known && n >= kLeastForRate;
    if (n == 0) continue;
    // Not 0 where nobody was seen to leave: that is no certainty.
    leaving.rate[i] = (static_cast<double>(gone) + 0.5) / (static_cast<double>(n) + 1);
    leaving.interval[i] = stats::wilson_interval(gone, n);
  }
  return leaving;
}

struct Line {
  std::string module;
  std::vector<const Expert*> here;  // living, who know enough of it, best first
  double first_share = 0;           // of the active experts' points
  std::int64_t newer = 0, recent_changes = 0;
  std::optional<double> risk, low, high;
};

class Reader {
 public:
  explicit Reader(const Context& context) : context_(context), people_(load_people(context)) {}

  Result result() {
    const LayerRule rule = layer_rule(context_);
    ModuleMap map(context_);
    if (branch_went_on(context_)) map.set_tree(standing_files(context_, people_, map));
    const Presence presence(context_, people_);
    const auto knowledge = knowledge_by_module(context_, people_, map, presence);
    if (!knowledge.empty()) read_careers(rule);
    const auto files = map.files();
    std::vector<Line> lines;
    for (const auto& [module, known] : knowledge)
      if (const auto found = files.find(module); found != files.end() && found->second > 0)  // else gone from the tree
        lines.push_back(line_of(module, known));
    std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
      const double one = a.risk.value_or(0), other = b.risk.value_or(0);
      if (one != other) return one > other;
      if (a.here.size() != b.here.size()) return a.here.size() < b.here.size();
      return a.recent_changes > b.recent_changes;
    });
    return shown(lines);
  }

 private:
  void read_careers(const LayerRule& rule) {
    const auto shared = shared_careers(context_, people_, rule);
    const Careers& careers = *shared;
    leaving_ = leaving_rates(yearly_moves(careers));
    careers.replay([&](int month, const std::vector<LayerStanding>& standings) {
      if (month != careers.last_month()) return;
      for (const LayerStanding& each : standings) layer_[careers.all()[each.career].person] = each.layer;
    });
    for (const Career& career : careers.all()) first_[career.person] = career.first;
  }

  Line line_of(const std::string& module, const ModuleKnowledge& known) const {
    Line line;
    line.module = module;
    line.recent_changes = known.recent_changes;
    double best = 0, points = 0;
    for (const Expert& expert : known.experts)
      if (expert.living) best = std::max(best, expert.score), points += expert.score;
    for (const Expert& expert : known.experts)
      if (expert.living && expert.score > 0 && expert.score >= kKnowsEnough * best) line.here.push_back(&expert);
    if (points > 0) line.first_share = best / points;
    double risk = 1, low = 1, high = 1;
    bool is_known = leaving_.is_known;
    for (const Expert* expert : line.here) {
      const auto found = first_.find(expert->person);
      line.newer += found != first_.end() && found->second > context_.as_of - kNew;
      const auto layer = layer_.find(expert->person);
      const auto i = static_cast<std::size_t>(layer == layer_.end() ? Layer::occasional : layer->second);
      is_known = is_known && leaving_.rate[i] && leaving_.interval[i];
      if (!is_known) continue;  // newer people are counted all the same
      risk *= *leaving_.rate[i];
      low *= leaving_.interval[i]->low;
      high *= leaving_.interval[i]->high;
    }
    if (line.here.empty() || is_known) line.risk = risk, line.low = low, line.high = high;
    return line;
  }

  static std::string state(const Line& line) {
    switch (line.here.size()) {
      case 0:
        return "nobody is left";
      case 1:
        return "one person";
      case 2:
        return "one, and a next";
      default:
        return "several";
    }
  }

  Result shown(const std::vector<Line>& lines) const {
    Result result =
        context_.result("succession", "Who could succeed", "If those who know a module stopped, who else is there?");
    const bool by_name = flag_argument(context_, "people");
    result.columns = {{"module", "Module"},
                      {"state", "Who is there"},
                      {"here", "Know it", ColumnType::integer, "people",
                       "active experts with a tenth of the best one's points or more"},
                      {"newer", "Newer", ColumnType::integer, "people", "of these, first seen in the last two years"},
                      {"first_share", "The first's part", ColumnType::share, "", "of the active experts' points"},
                      {"recent_changes", "Changes, 1 year", ColumnType::integer, "commits"},
                      {"risk", "None left in a year", ColumnType::share, "",
                       "chance that none of them does anything in the year to come"},
                      {"low", "Low", ColumnType::share, "", "95 %"},
                      {"high", "High", ColumnType::share, "", "95 %"}};
    if (by_name) result.columns.push_back({"people", "People"});
    result.set_roles({{"module", ColumnRole::module}});
    if (by_name) result.set_roles({{"people", ColumnRole::person}});
    std::int64_t none = 0, one = 0;
    for (const Line& line : lines) {
      none += line.here.empty();
      one += line.here.size() == 1;
      if (result.rows.size() == kMost) continue;
      const auto first = line.here.empty() ? std::nullopt : std::optional(line.first_share);
      std::vector<Cell> row{line.module,        state(line),       static_cast<std::int64_t>(line.here.size()),
                            line.newer,         cell_of(first),    line.recent_changes,
                            cell_of(line.risk), cell_of(line.low), cell_of(line.high)};
      if (by_name) {
        std::string names;
        for (std::size_t i = 0; i < std::min<std::size_t>(3, line.here.size()); ++i)
          names += (i == 0 ? "" : ", ") + people_.name(line.here[i]->person);
        row.emplace_back(names);
      }
      result.rows.push_back(std::move(row));
    }
    result.sample_size = static_cast<std::int64_t>(lines.size());
    result.claim = lines.empty()           ? why_no_code(context_)
                   : none == 0 && one == 0 ? fmt::format("Each of {} is known by two active people or more.",
                                                         plural(static_cast<long long>(lines.size()), "module"))
                                           : fmt::format(
                                                 "Of {} {} nobody left who knows the code, and {} with one "
                                                 "person alone.",
                                                 plural(static_cast<long long>(lines.size()), "module"),
                                                 none == 1 ? "1 has" : fmt::format("{} have", none),
                                                 one == 1 ? "1 rests" : fmt::format("{} rest", one));
    if (lines.size() > kMost)
      result.notes.push_back(fmt::format("The {} with the highest chance are shown, of {}.", kMost, lines.size()));
    if (!leaving_.is_known && !lines.empty())
      result.notes.push_back("Chances need two whole years of records in which five people or more were seen.");
    result.definition = std::string(kExpertDefinition) +
                        " Chance that none is left: the product over them of how often people of their layer "
                        "(`resident layers`) did nothing in the year after, (k + 1/2) of (n + 1) since "
                        "that nobody was seen to leave is no certainty; where fewer than five were seen in a layer, of "
                        "all people's. Modules are those of the newest tree.";
    result.method = "the experts of every module, each with the yearly rate of leaving of their layer";
    result.uncertainty =
        "The interval is of the yearly rates alone (Wilson, 95 %, all at their lower or upper ends). People are taken "
        "to leave independently of one another; an employer who turns away takes several at once.";
    return result;
  }

  const Context& context_;
  People people_;
  Leaving leaving_;
  std::unordered_map<std::int64_t, Layer> layer_;
  std::unordered_map<std::int64_t, Timestamp> first_;
};

std::vector<Result> analyse_succession(const Context& context) {
  return {Reader(context).result()};
}

}  // namespace

extern const Analysis succession_analysis;
const Analysis succession_analysis{
    "succession",
    "Who could succeed",
    "If those who know a module stopped, who else is there?",
    {{"people", "", "by name, too: for whoever has the store; no page shows it"},
     {"regular-months", "N", "months of the last twelve with an act that make a regular (4)"},
     {"core-share", "PERCENT", "of the work that the core does together (80)"}},
    &analyse_succession,
    {groups::kCode, "For each module, who else is there if those who know it stopped",
     "Needs a clone (`resident add git`). Names only with --people.\nExample: resident succession"},
    {{"people", 18}}};

}  // namespace resident

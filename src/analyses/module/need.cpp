// `need`: which modules need help most, as a Pareto front of need and importance, with what would change it and how
// right the probability has been.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/module/need_shown.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/accuracy.hpp>
#include <framework/arguments.hpp>

namespace resident {

namespace {

struct Variant {
  std::string what;
  std::map<std::string, int> layers;
};

class Ranking {
 public:
  explicit Ranking(const Context& context)
      : context_(context), people_(load_people(context)), work_(kept_module_work(context, people_)) {
    model_ = learn_module_need(work_, half_life_argument(context));
    for (const Importance each : kImportances) importance_[each] = importance_of(context, work_, each);
    chosen_ = Importance::churn;
    const std::string name = context.choice("importance", {"churn", "dependents", "users"});
    for (const Importance each : kImportances)
      if (name == name_of(each)) chosen_ = each;
    if (importance_[chosen_].empty() && chosen_ == Importance::users)
      throw Error(ErrorKind::usage, "who uses the modules is not known",
                  "`resident interest PATH… --project NAME --keep` counts them in a corpus");
    layers_ = need_layers(model_, importance_[chosen_]);
    vary();
  }

  std::vector<Result> make() { return {ranking(), sensitivity(), calibration()}; }

 private:
  void vary() {
    for (const Importance each : kImportances)
      if (each != chosen_ && !importance_[each].empty())
        variants_.push_back({fmt::format("importance by {}", name_of(each)), need_layers(model_, importance_[each])});
    for (const double factor : {0.5, 2.0}) {
      NeedModel other = learn_module_need(work_, factor * model_.half_life_days, false);
      other.backtest = model_.backtest;  // ranked by the same kind of figure
      variants_.push_back({fmt::format("half-life {:.0f} days", factor * model_.half_life_days),
                           need_layers(other, importance_[chosen_])});
    }
  }

  // Of the variants in which the module is judged, in how many it is on the front.
  std::string stays(const std::string& module) const {
    int on = 0, of = 0;
    for (const auto& variant : variants_)
      if (const auto found = variant.layers.find(module); found != variant.layers.end()) ++of, on += found->second == 1;
    return of == 0 ? "" : fmt::format("{} of {}", on, of);
  }

  Cell importance_cell(Importance importance, const std::string& module) const {
    const auto& known = importance_.at(importance);
    const auto found = known.find(module);
    return found == known.end() ? Cell() : Cell(static_cast<std::int64_t>(std::llround(found->second)));
  }

  // Front by front; within one, what is needed more first. Modules that cannot be judged come last.
  std::vector<const ModuleNeed*> in_order() const {
    std::vector<const ModuleNeed*> order;
    for (const auto& need : model_.modules) order.push_back(&need);
    const auto layer = [&](const ModuleNeed& need) {
      const auto found = layers_.find(need.module);
      return found == layers_.end() ? 1'000'000 : found->second;
    };
    std::stable_sort(order.begin(), order.end(), [&](const ModuleNeed* a, const ModuleNeed* b) {
      if (layer(*a) != layer(*b)) return layer(*a) < layer(*b);
      const double one = ranked_need(model_, *a), other = ranked_need(model_, *b);
      return one != other ? one > other : a->module < b->module;
    });
    return order;
  }

  Result ranking() {
    Result result = context_.result("need", "Need", "Which modules need help most, and matter most?");
    result.columns = {
        {"front", "Front", ColumnType::integer, "", "1: no other module has both more need and importance"},
        {"module", "Module"},
        {"need", "Need", ColumnType::number, "", "probability of fewer hours than needed in 12 months"},
        {"low", "from", ColumnType::number, "", "95 %", "", true},
        {"high", "to", ColumnType::number, "", "95 %", "", true},
        {"needed", "Hours needed", ColumnType::number, "hours", "in 12 months"},
        {"needed_low", "from", ColumnType::number, "hours", "80 %", "", true},
        {"needed_high", "to", ColumnType::number, "hours", "80 %", "", true},
        {"supplied", "Hours supplied", ColumnType::number, "hours", "in 12 months"},
        {"supplied_low", "from", ColumnType::number, "hours", "80 %", "", true},
        {"supplied_high", "to", ColumnType::number, "hours", "80 %", "", true},
        {"short_last_year", "Short last year", ColumnType::share, "",
         "hours of what came in the last year that were not worked"},
        {"churn", "Changes", ColumnType::integer, "commits", "in the last year"},
        {"dependents", "Dependents", ColumnType::integer, "modules", "that change with it"},
        {"users", "Users", ColumnType::integer, "projects", "of the corpus counted last"},
        {"stays", "Stays", ColumnType::text, "", "on the front in so many of the variants"},
        {"why", "Why"},
        {"title", "Module", ColumnType::text, "", "", "", true}};
    result.set_roles({{"module", ColumnRole::module}, {"why", ColumnRole::reason}});
    std::vector<std::string> front;
    std::int64_t judged = 0;
    for (const ModuleNeed* need : in_order()) {
      const auto layer = layers_.find(need->module);
      judged += layer != layers_.end();
      if (layer != layers_.end() && layer->second == 1) front.push_back(need->module);
      const bool is_said = need->is_said(), has_hours = need->needed.value > 0 || need->supplied.value > 0;
      const auto hours = [&](double value) { return has_hours ? Cell(std::round(value)) : Cell(); };
      const auto said = [&](double value) { return is_said ? Cell(std::round(1000 * value) / 1000) : Cell(); };
      const auto* module = work_.find(need->module);
      result.rows.push_back(
          {layer == layers_.end() ? Cell() : Cell(static_cast<std::int64_t>(layer->second)), need->module,
           said(need->probability), said(need->low), said(need->high), hours(need->needed.value),
           hours(need->needed.low), hours(need->needed.high), hours(need->supplied.value), hours(need->supplied.low),
           hours(need->supplied.high),
           need->needed_last_year > 0 ? Cell(1 - need->hours_last_year / need->needed_last_year) : Cell(),
           importance_cell(Importance::churn, need->module), importance_cell(Importance::dependents, need->module),
           importance_cell(Importance::users, need->module), stays(need->module),
           is_said ? reasons_of(*need, *module) : need->why_not, need->module});
    }
    const std::size_t shown = std::min<std::size_t>(front.size(), 5);
    result.claim =
        front.empty()
            ? "No module can be judged: too little of their past is known."
            : fmt::format("{} of {} {} on the front of need and {}: {}{}. {}", front.size(), plural(judged, "module"),
                          front.size() == 1 ? "is" : "are", name_of(chosen_),
                          fmt::join(front.begin(), front.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                          shown < front.size() ? fmt::format(" and {} more", front.size() - shown) : std::string(),
                          backtest_text(model_));
    if (!front.empty()) result.chart = {Chart::Kind::dot, std::string(name_of(chosen_)), {"need"}, "", "", "", "need"};
    if (!model_.is_trusted() && !front.empty()) {
      result.chart.y = {"short_last_year"};
      result.chart.y_label = "short last year";
    }
    result.sample_size = judged;
    result.definition = need_definition(work_) +
                        " Front: modules for which no other has as much need and importance and more of one (Pareto); "
                        "the next front is that of the others. Importance: commits in the last year (churn), modules "
                        "that change with it in a fifth of their own commits (dependents), projects that use it "
                        "(users); none is added to another.";
    result.method = need_method(model_);
    result.uncertainty = model_.why_not.empty()
                             ? "Need: 95 % intervals from drawing modules again; hours: 80 % from past errors. Ways of "
                               "counting hours differ by a factor of three and more, for needed and supplied alike."
                             : model_.why_not;
    result.coverage += fmt::format("{}{}", result.coverage.empty() ? "" : "; ", coverage());
    result.notes.push_back(fmt::format("As of the beginning of {} (UTC).", format_date(work_.moment)));
    result.evidence.push_back(
        {"changes of the last year by path",
         fmt::format("SELECT p.path, count(*) AS changes FROM git_commit c JOIN file_change f USING "
                     "(project_id, commit_id) JOIN path p USING (project_id, path_id) WHERE "
                     "c.project_id = {} AND c.on_default = 1 AND c.parent_count < 2 AND "
                     "c.committed_at > {} AND c.committed_at <= {} GROUP BY p.path ORDER BY "
                     "changes DESC",
                     context_.project_id, work_.moment - 365 * kDay, work_.moment),
         {}});
    return result;
  }

  std::string coverage() const {
    const auto percent = [](double part, double whole) { return whole > 0 ? 100 * part / whole : 0.0; };
    std::string text = fmt::format("{:.0f} % of the last year's hours are known to be of some module",
                                   percent(work_.hours_placed, work_.hours_all));
    if (work_.has_items)
      text += fmt::format(", and {:.0f} % of its {}",
                          percent(static_cast<double>(work_.items_placed), static_cast<double>(work_.items_all)),
                          plural(work_.items_all, "item"));
    return text;
  }

  Result sensitivity() {
    Result result = context_.result("need_sensitivity", "What would change the front",
                                    "Which modules are on the front if importance or half-life are changed?");
    result.columns = {{"variant", "Variant"},
                      {"front", "On the front", ColumnType::integer, "modules"},
                      {"joins", "Come in"},
                      {"leaves", "Go out"}};
    const auto members = [](const std::map<std::string, int>& layers) {
      std::vector<std::string> names;
      for (const auto& [name, layer] : layers)
        if (layer == 1) names.push_back(name);
      return names;
    };
    const auto base = members(layers_);
    const auto without = [](const std::vector<std::string>& of, const std::vector<std::string>& others) {
      std::vector<std::string> left;
      std::set_difference(of.begin(), of.end(), others.begin(), others.end(), std::back_inserter(left));
      return fmt::format("{}", fmt::join(left, ", "));
    };
    std::int64_t changed = 0;
    for (const auto& variant : variants_) {
      const auto front = members(variant.layers);
      changed += front != base;
      result.rows.push_back(
          {variant.what, static_cast<std::int64_t>(front.size()), without(front, base), without(base, front)});
    }
    result.sample_size = static_cast<std::int64_t>(variants_.size());
    result.claim = base.empty()   ? "There is no front to change."
                   : changed == 0 ? "The front is the same in all variants."
                                  : fmt::format("The front changes in {} of {}.", changed,
                                                plural(static_cast<long long>(variants_.size()), "variant"));
    result.definition = fmt::format(
        "The front of need and {} (half-life {:.0f} days) against the same with another importance, or with half and "
        "twice the half-life, by which what was long ago counts less.",
        name_of(chosen_), model_.half_life_days);
    result.method = "each variant computed anew from the same hours and items";
    return result;
  }

  Result calibration() {
    Result result = context_.result("need_backtest", "How right the need was",
                                    "Of the past, how often did what was called so probable happen?");
    result.columns = {{"said", "Said", ColumnType::text, "", "probabilities from, to"},
                      {"mean", "Mean said", ColumnType::share},
                      {"happened", "Happened", ColumnType::share},
                      {"cases", "Cases", ColumnType::integer, "module years"}};
    constexpr int kBins = 5;
    struct Bin {
      double said = 0;
      std::int64_t happened = 0, n = 0;
    };
    std::vector<Bin> bins(kBins);
    for (const auto& one : model_.backtest.cases) {
      Bin& bin = bins[static_cast<std::size_t>(std::clamp(static_cast<int>(one.probability * kBins), 0, kBins - 1))];
      bin.said += one.probability, bin.happened += one.fell_short, ++bin.n;
    }
    for (int i = 0; i < kBins; ++i) {
      const Bin& bin = bins[static_cast<std::size_t>(i)];
      if (bin.n == 0) continue;
      result.rows.push_back(
          {fmt::format("{:.1f}–{:.1f}", static_cast<double>(i) / kBins, static_cast<double>(i + 1) / kBins),
           bin.said / static_cast<double>(bin.n), static_cast<double>(bin.happened) / static_cast<double>(bin.n),
           bin.n});
    }
    const NeedBacktest& backtest = model_.backtest;
    result.claim = backtest_text(model_);
    if (!backtest.cases.empty() && backtest.named.n > 0 && backtest.others.n > 0)
      result.claim += fmt::format(
          " Of the fifth named at each moment {:.0f} % lost their experts or had a growing backlog within the year, of "
          "the others {:.0f} % (difference {:+.0f} points, {:+.0f} to {:+.0f}).",
          100 * backtest.named.share(), 100 * backtest.others.share(), 100 * backtest.named_more.value,
          100 * backtest.named_more.low, 100 * backtest.named_more.high);
    result.sample_size = static_cast<std::int64_t>(backtest.cases.size());
    if (!backtest.cases.empty())
      result.uncertainty = fmt::format(
          "Brier score minus the base rate's: {:+.3f} ({:+.3f} to {:+.3f}, 95 %, modules drawn again); expected "
          "calibration error {:.3f}.",
          backtest.difference.value, backtest.difference.low, backtest.difference.high, backtest.calibration_error);
    result.definition =
        "Moments half a year apart, each looked from with what was known then; happened: fewer hours were worked in "
        "the year after than what came needed. Base rate: the share of module years before that fell short. Lost their "
        "experts: nobody with a tenth of the module's hours in the year before worked there in the second half of the "
        "year after; a growing backlog: a tenth more open, and one item at least. Brier 1950.";
    result.method =
        "as for now, learnt at each moment from years that were over; modules are cut, and people joined, as "
        "they are today";
    return result;
  }

  const Context& context_;
  People people_;
  ModuleWork work_;
  NeedModel model_;
  std::map<Importance, ImportanceOf> importance_;
  Importance chosen_ = Importance::churn;
  std::map<std::string, int> layers_;
  std::vector<Variant> variants_;
};

std::vector<Result> analyse_need(const Context& context) {
  return Ranking(context).make();
}

AccuracyReport replay(const Context& context) {
  const People people = load_people(context);
  const ModuleWork work = kept_module_work(context, people);
  const NeedModel model = learn_module_need(work, half_life_argument(context));
  const NeedBacktest& backtest = model.backtest;
  AccuracyReport report;
  report.task = "need";
  report.definition = need_definition(work) +
                      " Replayed at moments half a year apart, each with what was known then; the truth is whether "
                      "fewer hours were worked in the year after than what came needed. Baseline: the share of module "
                      "years before that fell short.";
  report.intervals = "95 % intervals: modules drawn again with all moments of each (400 draws, fixed seed)";
  if (!model.why_not.empty()) report.notes.push_back(model.why_not);
  for (const auto& one : backtest.cases) {
    AccuracyCase each;
    each.item = one.module;
    each.as_of = one.at;
    each.truth = {one.fell_short ? "short" : "enough"};
    each.ranked = {"short"};
    each.scores = {one.probability};
    each.baseline = {one.base > 0.5 ? "short" : "enough"};
    report.cases.push_back(std::move(each));
  }
  if (backtest.cases.empty()) return report;
  const auto n = static_cast<std::int64_t>(backtest.cases.size());
  report.figures.push_back(
      {"brier", backtest.brier.value, backtest.brier.low, backtest.brier.high, backtest.base.value, n, {}});
  report.figures.push_back({"brier_minus_baseline",
                            backtest.difference.value,
                            backtest.difference.low,
                            backtest.difference.high,
                            0.0,
                            n,
                            {}});
  report.figures.push_back({"expected_calibration_error",
                            backtest.calibration_error,
                            backtest.calibration_error,
                            backtest.calibration_error,
                            {},
                            n,
                            {}});
  if (backtest.named.n > 0 && backtest.others.n > 0)
    report.figures.push_back({"named_in_trouble_more",
                              backtest.named_more.value,
                              backtest.named_more.low,
                              backtest.named_more.high,
                              0.0,
                              backtest.named.n + backtest.others.n,
                              {}});
  report.notes.push_back(
      "named_in_trouble_more: of the fifth with the most need at each moment the share that lost its experts or had a "
      "growing backlog in the year after, less that of the others.");
  return report;
}

}  // namespace

extern const Analysis need_analysis;
const Analysis need_analysis{
    "need",
    "Need",
    "Which modules need help most, and matter most?",
    {{"importance", "churn|dependents|users",
      "what is held against need: commits (churn), modules that change with it, "
      "projects that use it"},
     {"half-life", "DAYS", "in which what was long ago counts half; knowledge_half_life_days without it"}},
    analyse_need,
    {groups::kCode, "Modules that need help most: a front of need and importance, with its backtest",
     "Hours that will be needed against hours that will be there, within 12 months.\nExample: resident need "
     "--importance dependents"},
    {{"modules", 15}}};

extern const AccuracyTask need_accuracy;
const AccuracyTask need_accuracy{"need", "Did the modules that were said to need help get too little of it?", replay};

}  // namespace resident

// `flow`: how long things take, for whom, and what becomes of them: survival with
// censoring, competing ends side by side, and what may still be hoped for after so long.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/flow_turns.hpp>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <model/open_items.hpp>
#include <stats/aalen_johansen.hpp>
#include <stats/cox.hpp>
#include <stats/gray_test.hpp>
#include <stats/intervals.hpp>
#include <stats/log_rank.hpp>
#include <stats/restricted_mean.hpp>
#include <stats/survival.hpp>

namespace resident {

namespace {

constexpr std::size_t kFewest = 10;  // of a group, or no figure is given
constexpr double kLimit = 180;       // days, of the restricted mean
constexpr double kDaySeconds = static_cast<double>(kDay);

// What is waited for. Closing ends the waiting for an answer or a review: it is censored there.
enum class Wait { response, review, end };
constexpr std::pair<Wait, const char*> kWaits[] = {
    {Wait::response, "first response"}, {Wait::review, "first review"}, {Wait::end, "merged or closed"}};

std::optional<stats::Observation> observe(const FlowItem& item, Wait wait, Timestamp as_of) {
  const auto at = wait == Wait::response ? item.responded : wait == Wait::review ? item.reviewed : item.closed;
  const bool happened = at.has_value();
  const Timestamp end = at.value_or(item.closed.value_or(as_of));
  if (end < item.created) return std::nullopt;
  return stats::Observation{static_cast<double>(end - item.created) / kDaySeconds, happened};
}

// 1 merged, 2 closed without, 0 open. Times in days.
std::optional<stats::CauseObservation> outcome(const FlowItem& item, Timestamp as_of) {
  const Timestamp end = item.merged ? *item.merged : item.closed.value_or(as_of);
  if (end < item.created) return std::nullopt;
  return stats::CauseObservation{static_cast<double>(end - item.created) / kDaySeconds, item.merged   ? 1
                                                                                        : item.closed ? 2
                                                                                                      : 0};
}

Cell seconds(const std::optional<double>& days) {
  return days ? Cell(*days * kDaySeconds) : Cell();
}

class Flow {
 public:
  explicit Flow(const Context& context)
      : context_(context),
        people_(load_people(context)),
        shared_items_(shared_flow_items(context, people_, FlowGroups::detail(context))),
        items_(*shared_items_),
        groups_(context, items_) {}

  std::vector<Result> results() {
    return {waits(), flow_turns(context_, people_, items_, groups_), outcomes(), hope(), factors()};
  }

 private:
  Result start(const char* name, const char* title, const char* question) const {
    Result result = context_.result(name, title, question);
    result.definition = groups_.definition();
    return result;
  }

  // The observations of one group, "all" for everybody.
  template <class Each>
  void each_of(const std::string& group, const Each& each) const {
    for (const auto& item : items_)
      if (groups_.has(item, group)) each(item);
  }

  Result waits() const {
    Result result = start("flow", "How long people wait", "How long until an answer, a review, an end?");
    result.columns = {{"kind", "Kind", ColumnType::text},
                      {"wait", "Until", ColumnType::text},
                      {"group", "Group", ColumnType::text},
                      {"n", "Items", ColumnType::integer},
                      {"happened", "Had it", ColumnType::integer},
                      {"median", "Median", ColumnType::duration, "", "by then it had come to half of all"},
                      {"low", "Low", ColumnType::duration, "", "95 %"},
                      {"high", "High", ColumnType::duration, "", "95 %; none: beyond what is observed"},
                      {"mean", "Mean to 180 d", ColumnType::duration, "", "restricted mean: waiting within 180 days"},
                      {"p", "p", ColumnType::number, "", "log-rank test: do the groups of this kind and wait differ?"}};
    result.method =
        "Kaplan–Meier with right censoring; log–log intervals (Brookmeyer and Crowley); restricted mean to 180 days; "
        "log-rank test of the groups. Items that overlap (labels) are tested as if they did not. An item closed before "
        "its answer or review is censored at its closing.";
    result.definition +=
        " First response and first review: by somebody else than the author and no bot. Comments, and reviews that "
        "decide nothing, that are only commands to machines (\"/retest\", \"@dependabot rebase\", \"bors r+\") are "
        "neither: waits are longer than where they count, and who was merged on a command alone never had one.";
    result.uncertainty = "95 % intervals beside each median.";
    for (const bool is_pull : {false, true})
      for (const auto& [wait, title] : kWaits)
        if (is_pull || wait != Wait::review) add_waits(result, is_pull, wait, title);
    result.sample_size = static_cast<std::int64_t>(items_.size());
    result.claim = "Too few items to say how long they wait.";
    for (const auto& row : result.rows) {
      if (std::get<std::string>(row[0]) != "pull" || std::get<std::string>(row[1]) != "first response" ||
          std::get<std::string>(row[2]) != "all")
        continue;
      const auto count = std::get<std::int64_t>(row[3]), answered = std::get<std::int64_t>(row[4]);
      if (const auto* median = std::get_if<double>(&row[5]))
        result.claim =
            fmt::format("Half of all pull requests have their first response within {}.", format_duration(*median));
      else
        result.claim =
            fmt::format("{} of {} had a first response, too few to say how long half of them wait.",
                        answered == 0 ? std::string("None") : std::to_string(answered), plural(count, "pull request"));
    }
    if (const auto spam = static_cast<long long>(spam_items(context_).size()); spam > 0)
      result.notes.push_back(
          fmt::format("Without {}; the measures of CHAOSS (time to first response, to close) count {}, and so may give "
                      "other medians.",
                      plural(spam, "item of spam", "items of spam"), spam == 1 ? "it" : "them"));
    std::vector<Timestamp> moments;
    for (const auto& item : items_) moments.push_back(item.created);
    if (auto note = gap_note(std::move(moments), "issue or pull request was opened"); !note.empty())
      result.notes.push_back(std::move(note));
    return result;
  }

  void add_waits(Result& result, bool is_pull, Wait wait, const char* title) const {
    std::vector<stats::Observation> together;
    std::vector<int> group_of;
    std::size_t first_row = result.rows.size();
    for (const auto& group : groups_.with_all()) {
      std::vector<stats::Observation> list;
      each_of(group, [&](const FlowItem& item) {
        if (item.is_pull != is_pull) return;
        if (const auto observation = observe(item, wait, context_.as_of)) list.push_back(*observation);
      });
      if (list.size() < kFewest) continue;
      if (group != "all") {
        const int number = group_of.empty() ? 0 : group_of.back() + 1;
        for (const auto& each : list) {
          together.push_back(each);
          group_of.push_back(number);
        }
      }
      const auto curve = stats::kaplan_meier(list);
      const auto median = stats::median_time(curve);
      const auto mean = stats::restricted_mean(curve, kLimit);
      result.rows.push_back({std::string(is_pull ? "pull" : "issue"), std::string(title), group, curve.n,
                             curve.happened, seconds(median.value), seconds(median.low), seconds(median.high),
                             seconds(mean.value), Cell()});
    }
    const auto test = stats::log_rank(together, group_of);
    for (; first_row < result.rows.size(); ++first_row)
      if (test.degrees_of_freedom > 0 && std::get<std::string>(result.rows[first_row][2]) != "all")
        result.rows[first_row].back() = test.p;
  }

  std::vector<stats::CauseObservation> pull_outcomes(const std::string& group) const {
    std::vector<stats::CauseObservation> list;
    each_of(group, [&](const FlowItem& item) {
      if (!item.is_pull) return;
      if (const auto each = outcome(item, context_.as_of)) list.push_back(*each);
    });
    return list;
  }

  Result outcomes() const {
    Result result = start("flow_outcomes", "What becomes of pull requests",
                          "How many are merged, and how many closed without, by when?");
    result.columns = {{"group", "Group", ColumnType::text},
                      {"days", "Days", ColumnType::integer},
                      {"n", "Pull requests", ColumnType::integer},
                      {"merged", "Merged", ColumnType::share, "", "by so many days after the opening"},
                      {"low", "Low", ColumnType::share, "", "95 %"},
                      {"high", "High", ColumnType::share, "", "95 %"},
                      {"closed", "Closed unmerged", ColumnType::share},
                      {"closed_low", "Low", ColumnType::share, "", "95 %"},
                      {"closed_high", "High", ColumnType::share, "", "95 %"},
                      {"open", "Still open", ColumnType::share}};
    result.chart = {Chart::Kind::line, "days", {"merged"}, "group", "low", "high", "merged"};
    result.method =
        "Aalen–Johansen: merged and closed unmerged rule each other out, so the shares sum to one with those still "
        "open. "
        "Standard errors by the infinitesimal jackknife, intervals log–log. Gray's test of the groups.";
    std::vector<stats::CauseObservation> together;
    std::vector<int> group_of;
    for (const auto& group : groups_.with_all()) {
      const auto list = pull_outcomes(group);
      if (list.size() < kFewest) continue;
      if (group != "all") {
        const int number = group_of.empty() ? 0 : group_of.back() + 1;
        for (const auto& each : list) {
          together.push_back(each);
          group_of.push_back(number);
        }
      }
      const auto incidence = stats::aalen_johansen(list, 2);
      for (const int days : {1, 7, 14, 30, 60, 90, 180, 365}) {
        const auto* point = incidence.point_at(days);
        // Beyond the last that is observed nothing is known, unless nobody is left.
        if (point == nullptr || (incidence.points.back().time < days && incidence.points.back().event_free > 0))
          continue;
        const auto merged = stats::share_interval(point->share[0], point->error[0], stats::IntervalScale::log_log);
        const auto closed = stats::share_interval(point->share[1], point->error[1], stats::IntervalScale::log_log);
        const auto cell = [](const std::optional<double>& value) { return value ? Cell(*value) : Cell(); };
        result.rows.push_back({group, std::int64_t{days}, incidence.n, point->share[0], cell(merged.low),
                               cell(merged.high), point->share[1], cell(closed.low), cell(closed.high),
                               point->event_free});
        if (group == "all" && days == 30)
          result.claim = fmt::format(
              "Within 30 days {:.0f} % of pull requests are merged and {:.0f} % closed unmerged; {:.0f} % are still "
              "open.",
              100 * point->share[0], 100 * point->share[1], 100 * point->event_free);
      }
    }
    if (const auto test = stats::gray_test(together, group_of, 1); test.degrees_of_freedom > 0)
      result.notes.push_back(fmt::format("Do the groups differ in being merged? Gray's test: p {}.",
                                         test.p < 0.001 ? "< 0.001" : fmt::format("= {:.2g}", test.p)));
    if (result.claim.empty()) result.claim = "Too few pull requests to say what becomes of them.";
    result.sample_size = static_cast<std::int64_t>(pull_outcomes("all").size());
    result.uncertainty = "95 % intervals, pointwise.";
    return result;
  }

  Result hope() const {
    Result result = start("flow_hope", "After so long a wait",
                          "What may a pull request that has waited so long expect in 30 more days?");
    result.columns = {{"waited", "Waited", ColumnType::integer, "days"},
                      {"n", "Pull requests", ColumnType::integer, "", "that were still open after so long"},
                      {"merged", "Merged in 30 d", ColumnType::share},
                      {"low", "Low", ColumnType::share, "", "95 %"},
                      {"high", "High", ColumnType::share, "", "95 %"},
                      {"closed", "Closed in 30 d", ColumnType::share},
                      {"open", "Still open", ColumnType::share}};
    result.chart = {Chart::Kind::line, "waited", {"merged"}, "", "low", "high", "merged within 30 more days"};
    result.method = "Aalen–Johansen of those that were open after so long, counted from then (landmark).";
    const auto all = pull_outcomes("all");
    for (const int waited : {0, 7, 14, 30, 60, 90, 180, 365}) {
      std::vector<stats::CauseObservation> left;
      for (const auto& each : all)
        if (each.time > waited) left.push_back({each.time - waited, each.cause});
      const auto incidence = stats::aalen_johansen(left, 2);
      if (left.size() < kFewest || incidence.points.back().time < 30) continue;
      const auto* point = incidence.point_at(30);
      const double merged = point == nullptr ? 0 : point->share[0], closed = point == nullptr ? 0 : point->share[1];
      const auto bounds =
          stats::share_interval(merged, point == nullptr ? 0 : point->error[0], stats::IntervalScale::log_log);
      result.rows.push_back({std::int64_t{waited}, incidence.n, merged, bounds.low ? Cell(*bounds.low) : Cell(),
                             bounds.high ? Cell(*bounds.high) : Cell(), closed, 1 - merged - closed});
      if (waited == 30)
        result.claim = fmt::format(
            "Of pull requests that have waited 30 days, {:.0f} %{} are merged within 30 more.", 100 * merged,
            bounds.low ? fmt::format(" ({:.0f} to {:.0f} %)", 100 * *bounds.low, 100 * *bounds.high) : "");
    }
    if (result.claim.empty()) result.claim = "Too few pull requests have waited 30 days to say what they may expect.";
    result.sample_size = static_cast<std::int64_t>(all.size());
    result.uncertainty = "95 % intervals; log–log.";
    return result;
  }

  Result factors() const {
    Result result = start("flow_factors", "What goes with being merged sooner",
                          "Are newcomers' and large pull requests merged later?");
    result.columns = {
        {"factor", "Factor", ColumnType::text},
        {"ratio", "Rate of merging", ColumnType::number, "", "hazard ratio: above 1 is sooner"},
        {"low", "Low", ColumnType::number, "", "95 %, robust by author"},
        {"high", "High", ColumnType::number, "", "95 %"},
        {"p", "p", ColumnType::number},
        {"steady_p", "Steady, p", ColumnType::number, "", "proportionality: small where the ratio changes with time"}};
    result.method =
        "Cox regression of being merged (closing without is censored: the rate among those still open), ties by Efron, "
        "errors "
        "robust by author (Lin and Wei 1989), proportionality by the score test of Grambsch and Therneau. An "
        "association, not "
        "a cause.";
    stats::HazardData data;
    std::vector<std::array<double, 3>> rows;
    for (const auto& item : items_) {
      const auto end = outcome(item, context_.as_of);
      if (!item.is_pull || !item.size || !end || item.author == 0) continue;
      data.time.push_back(end->time);
      data.status.push_back(end->cause == 1);
      data.cluster.push_back(item.author);
      rows.push_back({item.author_kind == AuthorKind::newcomer ? 1.0 : 0.0,
                      item.author_kind == AuthorKind::core ? 1.0 : 0.0,
                      std::log2(1 + static_cast<double>(*item.size)) / std::log2(10.0)});
    }
    result.sample_size = static_cast<std::int64_t>(rows.size());
    result.claim = "Too few pull requests with a known size and author to tell.";
    if (rows.size() < 50) return result;
    constexpr const char* kNames[] = {"newcomer, against regular", "core, against regular", "ten times the lines"};
    std::vector<std::size_t> kept;
    for (std::size_t j = 0; j < 3; ++j)
      if (std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row[j] != rows[0][j]; }))
        kept.push_back(j);
    if (kept.empty()) return result;
    data.covariates.resize(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(kept.size()));
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t j = 0; j < kept.size(); ++j)
        data.covariates(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = rows[i][kept[j]];
    try {
      const auto fit = stats::cox(data);
      std::string claim;
      for (std::size_t j = 0; j < kept.size(); ++j) {
        const auto index = static_cast<Eigen::Index>(j);
        const double coefficient = fit.coefficients[index], error = std::sqrt(fit.robust_variance(index, index));
        const double p =
            2 * boost::math::cdf(boost::math::complement(boost::math::normal(), std::fabs(coefficient / error)));
        result.rows.push_back({std::string(kNames[kept[j]]), std::exp(coefficient),
                               std::exp(coefficient - 1.96 * error), std::exp(coefficient + 1.96 * error), p,
                               stats::chi_squared_tail(fit.proportionality->chi_squared[j], 1)});
        if (kept[j] == 0)
          claim = fmt::format(
              "Newcomers' pull requests are merged at {:.2f} times the rate of regulars' of the same size ({:.2f} to "
              "{:.2f}).",
              std::exp(coefficient), std::exp(coefficient - 1.96 * error), std::exp(coefficient + 1.96 * error));
      }
      result.claim = claim.empty() ? "What goes with being merged sooner stands in the table." : claim;
    } catch (const Error& error) {
      result.claim = fmt::format("Nothing can be told: {}.", error.what());
    }
    result.uncertainty = "95 % intervals, robust by author.";
    return result;
  }

  const Context& context_;
  People people_;
  std::shared_ptr<const std::vector<FlowItem>> shared_items_;
  const std::vector<FlowItem>& items_;
  FlowGroups groups_;
};

std::vector<Result> analyse_flow(const Context& context) {
  return Flow(context).results();
}

}  // namespace

extern const Analysis flow_analysis;
const Analysis flow_analysis{
    "flow",
    "Flow",
    "How long do people wait, for whom is it longer, and what becomes of their pull requests?",
    {{"by", "author|size|module|label|season|phase", "what is told apart; author without it"}},
    &analyse_flow,
    {groups::kProject, "How long people wait, for whom it is longer, and what becomes of pull requests",
     "Survival with censoring; merged and closed unmerged side by side; what may still be hoped for after "
     "so long a wait.\nExample: resident flow --by size"},
    {{"flow", 5}}};

}  // namespace resident

// `plan backlog`: what must happen for so few to be open on a day, by whom it could be done, and what
// other ways would bring; side by side, each with what it rests on.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <learn/backlog.hpp>
#include <map>
#include <model/flow_items.hpp>
#include <model/queues/triage.hpp>
#include <stats/quantile.hpp>

namespace resident {

namespace {

constexpr Timestamp kLately = 26 * kWeek, kPast = 104 * kWeek, kQuarter = 13 * kWeek;
constexpr Timestamp kStale = 90 * kDay;
// Django's fellows, full time, a week: reviewed and merged, and triaged (Django Fellowship reports).
constexpr double kFellowMerges = 12, kFellowTriage = 15;

constexpr const char* kDefinition =
    "Needed a week: what comes (mean of the last 26 weeks) and the distance to the target over the weeks left. Acts: "
    "reviews of others' pull requests, or issues closed. Together: the 13 weeks of the last two years in which those "
    "who "
    "are here did most; spare is what that is above the last 26 weeks. What an act ends: those that ended a week, "
    "lately, "
    "by the acts. Least open: what comes a week times the weeks within which half of those of the last two "
    "years "
    "ended (Little's law): no way is taken to do better. A half-time resident: half of what Django's fellows, who work "
    "full time, report a week (12 reviewed and merged, 15 triaged).";

struct Capacity {
  std::int64_t person = 0;
  double lately = 0, best = 0;  // a week
  double spare() const { return std::max(0.0, best - lately); }
};

class BacklogPlan {
 public:
  explicit BacklogPlan(const Context& context)
      : context_(context), people_(load_people(context)), items_(load_flow_items(context, people_)) {
    is_pull_ = context.choice("kind", {"pull", "issue"}) == "pull";
    what_ = is_pull_ ? "pull requests" : "issues";
    const auto by = time_argument(context, "by");
    if (context.argument("target").empty() || !by)
      throw Error(ErrorKind::usage, "--target and --by are needed: how many may be open, and on which day",
                  "as in --target 50 --by 2024-06-30");
    target_ = number_argument(context, "target", 0, 0, 10'000'000);
    weeks_ = static_cast<double>(*by - context.as_of) / kWeek;
    if (weeks_ < 1 || weeks_ > 104)
      throw Error(ErrorKind::usage, "--by is a day from one week to two years ahead",
                  "the moment is " + format_date(context.as_of));
    by_ = *by;
    std::vector<OpenTime> times;
    for (const auto& item : items_) {
      if (item.is_pull != is_pull_) continue;
      for (const auto& stretch : item.stretches) times.push_back({stretch.opened, stretch.closed});
      open_ += !item.closed;
    }
    forecast_ = forecast_backlog(times, context.as_of, static_cast<int>(std::ceil(weeks_)));
    needed_ = std::max(0.0, forecast_.arrivals + (static_cast<double>(open_) - static_cast<double>(target_)) / weeks_);
    find_capacities();
    find_least_open();
    find_stale();
  }

  std::vector<Result> results() const { return {scenarios(), helpers(), places()}; }

 private:
  Result start(const char* name, const char* title, const char* question) const {
    Result result = context_.result(name, title, question);
    result.definition = kDefinition;
    result.uncertainty = "Of the first way: the forecast's 80 % band. The others move that band by what they add.";
    return result;
  }

  void find_capacities() {
    const char* const sql =
        is_pull_
            ? "SELECT r.author_id, r.submitted_at FROM review r JOIN item i ON i.project_id = r.project_id AND "
              "i.item_id = "
              "r.item_id WHERE r.project_id = :project AND r.submitted_at <= :as_of AND r.submitted_at > :since AND "
              "(i.author_id IS NULL OR i.author_id <> r.author_id)"
            : "SELECT v.closed_by, v.closed_at FROM item_interval v JOIN item i ON i.project_id = v.project_id AND "
              "i.item_id = "
              "v.item_id WHERE v.project_id = :project AND i.kind = 'issue' AND v.closed_at <= :as_of AND v.closed_at "
              "> :since";
    Parameters parameters = context_.parameters();
    parameters.emplace_back("since", context_.as_of - kPast);
    std::map<std::int64_t, std::vector<Timestamp>> acts;
    const auto rows = context_.database.query(sql, parameters);
    while (rows->next()) {
      const std::int64_t person = people_.person(rows->optional_integer(0));
      if (person != 0 && !people_.bots.contains(person)) acts[person].push_back(rows->integer(1));
    }
    std::map<Timestamp, std::int64_t> together;  // by the quarter's end
    double lately_all = 0;
    for (const auto& [person, times] : acts) {
      Capacity capacity{person};
      std::map<Timestamp, std::int64_t> quarters;
      for (Timestamp end = context_.as_of; end > context_.as_of - kPast; end -= kQuarter) {
        const auto count =
            std::count_if(times.begin(), times.end(), [&](Timestamp at) { return at <= end && at > end - kQuarter; });
        quarters[end] = count;
        capacity.best = std::max(capacity.best, static_cast<double>(count) * kWeek / kQuarter);
      }
      const auto lately =
          std::count_if(times.begin(), times.end(), [&](Timestamp at) { return at > context_.as_of - kLately; });
      capacity.lately = static_cast<double>(lately) * kWeek / kLately;
      // Who has done nothing of late may be gone; nobody is counted on who is.
      if (lately == 0) continue;
      capacities_.push_back(capacity);
      lately_all += capacity.lately;
      for (const auto& [end, count] : quarters) together[end] += count;
    }
    std::sort(capacities_.begin(), capacities_.end(), [](const Capacity& a, const Capacity& b) {
      return a.spare() != b.spare() ? a.spare() > b.spare() : a.person < b.person;
    });
    for (const auto& [end, count] : together)
      if (const double more = static_cast<double>(count) * kWeek / kQuarter - lately_all; more > spare_)
        spare_ = more, best_quarter_ = end;
    if (lately_all > 0) ends_ = std::min(1.0, forecast_.departures / lately_all);
  }

  void find_least_open() {
    std::vector<double> weeks;
    for (const auto& item : items_)
      if (item.is_pull == is_pull_ && item.closed && *item.closed > context_.as_of - kPast)
        weeks.push_back(static_cast<double>(*item.closed - item.created) / kWeek);
    least_open_ = forecast_.arrivals * stats::quantile(weeks, 0.5).value_or(0);
  }

  // Old ones that wait for their author, and those that wait for somebody of the project.
  void find_stale() {
    const Timestamp before = context_.as_of - kStale;
    if (is_pull_) {
      for (const auto& entry : review_queue(context_).entries)
        if (entry.turn.since < before) ++(entry.turn.turn == Turn::author ? stale_theirs_ : stale_ours_);
    } else {
      for (const auto& entry : triage_queue(context_).entries)
        if (entry.since < before) ++(entry.state == TriageState::waiting_for_reporter ? stale_theirs_ : stale_ours_);
    }
  }

  Result scenarios() const {
    Result result = start("backlog", "The backlog, and what would change it",
                          "What must happen for the backlog to shrink to the target?");
    result.columns = {{"way", "Way", ColumnType::text},
                      {"open", "Open on the day", ColumnType::number, what_},
                      {"low", "Low", ColumnType::number, what_, "80 %"},
                      {"high", "High", ColumnType::number, what_, "80 %"},
                      {"meets", "Meets the target", ColumnType::text},
                      {"rests_on", "Rests on", ColumnType::text}};
    if (!forecast_.missing.empty()) {
      result.claim = "Nothing can be foreseen yet: " + forecast_.missing + ".";
      return result;
    }
    const auto& last = forecast_.weeks.back();
    const auto add = [&](const std::string& way, double fewer, const std::string& rests_on) {
      const double least = fewer > 0 ? least_open_ : 0, goal = static_cast<double>(target_);
      const auto after = [&](double value) { return std::max(std::min(least, value), value - fewer); };
      const double open = after(last.mean), low = after(last.low80), high = after(last.high80);
      result.rows.push_back({way, open, low, high,
                             std::string(high <= goal ? "yes"
                                         : low > goal ? "no"
                                                      : "perhaps"),
                             rests_on});
    };
    add("as it goes", 0, fmt::format("the forecast by {}", forecast_.way));
    if (spare_ > 0)
      add("those who are here, as in their best quarter together", ends_ * spare_ * weeks_,
          fmt::format("{:.1f} more acts a week by {}, as in the 13 weeks to {}; an act ended {:.2f} of them, lately",
                      spare_, plural(static_cast<long long>(capacities_.size()), "person", "people"),
                      format_date(best_quarter_), ends_));
    const double resident = (is_pull_ ? kFellowMerges : kFellowTriage * ends_) / 2;
    add("a half-time resident more", resident * weeks_,
        fmt::format("{:.1f} more ended a week: half of what Django's fellows report", resident));
    add("closing those that their author left for 90 days", static_cast<double>(stale_theirs_),
        fmt::format("{} that wait for their author; nobody is owed an answer there", stale_theirs_));
    result.notes.push_back(fmt::format(
        "Closing by age alone is not proposed: {} older than 90 days wait for an answer of the project, and would be "
        "closed on people who were never answered.",
        plural(static_cast<long long>(stale_ours_), is_pull_ ? "pull request" : "issue", what_)));
    result.notes.push_back(
        "Hold it against what came: the same command with --as-of on an earlier day says what it expected then.");
    result.claim = fmt::format("{} {} are open; for {} on {}, {:.1f} must end a week, {}, while {:.1f} come.", open_,
                               what_, target_, format_date(by_), needed_,
                               needed_ > forecast_.departures
                                   ? fmt::format("{:.1f} more than of late", needed_ - forecast_.departures)
                                   : "no more than end of late",
                               forecast_.arrivals);
    result.sample_size = open_;
    return result;
  }

  Result helpers() const {
    Result result = start("backlog_helpers", "By whom it could be done", "Who did more in a past quarter than now?");
    result.columns = {
        {"person", "Person", ColumnType::text},
        {"lately", "A week, lately", ColumnType::number, is_pull_ ? "reviews" : "issues closed"},
        {"best", "Best quarter", ColumnType::number, "a week"},
        {"spare", "Spare", ColumnType::number, "a week"},
        {"share", "Asked of them", ColumnType::number, "a week", "what is needed more, by what each could spare"}};
    const double short_of = std::max(0.0, needed_ - forecast_.departures), more = ends_ > 0 ? short_of / ends_ : 0;
    double all = 0;
    for (const auto& each : capacities_) all += each.spare();
    for (const auto& each : capacities_) {
      if (result.rows.size() == 15) break;
      if (each.spare() <= 0) continue;
      result.rows.push_back({people_.name(each.person), each.lately, each.best, each.spare(),
                             all > 0 ? std::min(each.spare(), more * each.spare() / all) : 0.0});
    }
    result.sample_size = static_cast<std::int64_t>(capacities_.size());
    if (capacities_.empty())
      result.claim = "Nobody who is here did such acts in the last 26 weeks.";
    else if (short_of <= 0)
      result.claim = fmt::format("Nobody has to do more than of late: {:.1f} a week must end, {:.1f} do.", needed_,
                                 forecast_.departures);
    else
      result.claim = fmt::format(
          "{:.1f} more acts a week are needed; in their best quarter together, those who are here did "
          "{:.1f} more than of late: {}.",
          more, spare_, spare_ >= more ? "it can be done" : "it is not enough");
    return result;
  }

  Result places() const {
    Result result =
        start("backlog_places", "Where to begin", "Where do the open ones lie, and how long have they waited?");
    result.columns = {{"place", is_pull_ ? "Module" : "Label", ColumnType::text},
                      {"open", "Open", ColumnType::integer, what_},
                      {"unanswered", "Never answered", ColumnType::integer},
                      {"median_age", "Median age", ColumnType::duration}};
    std::map<std::string, std::vector<const FlowItem*>> by_place;
    for (const auto& item : items_) {
      if (item.is_pull != is_pull_ || item.closed) continue;
      if (is_pull_)
        by_place[item.module.empty() ? "(unknown)" : item.module].push_back(&item);
      else if (item.labels.empty())
        by_place["(no label)"].push_back(&item);
      else
        for (const auto& label : item.labels) by_place[label].push_back(&item);
    }
    std::vector<std::pair<std::size_t, std::string>> order;
    for (const auto& [place, list] : by_place) order.emplace_back(list.size(), place);
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    for (const auto& [count, place] : order) {
      if (result.rows.size() == 20) break;
      std::vector<double> ages;
      std::int64_t unanswered = 0;
      for (const auto* item : by_place[place]) {
        ages.push_back(static_cast<double>(context_.as_of - item->created));
        unanswered += !item->responded;
      }
      std::nth_element(ages.begin(), ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 2), ages.end());
      result.rows.push_back({place, static_cast<std::int64_t>(count), unanswered, ages[ages.size() / 2]});
    }
    result.sample_size = open_;
    result.claim = order.empty()
                       ? fmt::format("No {} are open.", what_)
                       : fmt::format("Most lie in {}: {} of {}.", order.front().second, order.front().first, open_);
    return result;
  }

  const Context& context_;
  People people_;
  std::vector<FlowItem> items_;
  bool is_pull_ = true;
  std::string what_;
  std::int64_t target_ = 0, open_ = 0, stale_theirs_ = 0, stale_ours_ = 0;
  Timestamp by_ = 0;
  double weeks_ = 0, needed_ = 0, spare_ = 0, least_open_ = 0;
  double ends_ = 0;  // how many an act ends
  Timestamp best_quarter_ = 0;
  BacklogForecast forecast_;
  std::vector<Capacity> capacities_;
};

std::vector<Result> run(const Context& context) {
  return BacklogPlan(context).results();
}

}  // namespace

extern const Analysis backlog_analysis;
const Analysis backlog_analysis{"backlog",
                                "Plan for the backlog",
                                "What must happen for so few to be open on a day, and by whom could it be done?",
                                {{"target", "N", "how many may be open"},
                                 {"by", "DATE", "on which day"},
                                 {"kind", "pull|issue", "pull requests (without it) or issues"}},
                                &run};

}  // namespace resident

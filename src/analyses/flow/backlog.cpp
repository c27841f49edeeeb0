// `plan backlog`: what must happen for so few to be open on a day, by whom it could be done, and what
// other ways would bring; side by side, each with what it rests on.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/impact.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <learn/backlog.hpp>
#include <map>
#include <model/flow_items.hpp>
#include <model/queues/review.hpp>
#include <model/queues/triage.hpp>
#include <stats/aalen_johansen.hpp>
#include <stats/intervals.hpp>
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
    "who are here did most; spare is what that is above the last 26 weeks. What an act ends: those that ended a week, "
    "lately, by the acts. Least open: what comes a week times the weeks within which half of those of the last two "
    "years ended (Little's law), with the spread of Poisson's law (of a queue in which all are served at once): no way "
    "is taken to do better. A half-time resident: half of what Django's fellows, who work full time, report a week (12 "
    "reviewed and merged, 15 triaged); and, where site.impact_start names a day, what `resident impact` measured "
    "since, "
    "with its interval. Automation of a label: none of its open ones is left, none that comes stays, and the acts that "
    "went to it lately are free for others.";

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
    target_ = context.whole_number("target", -1, 0, 10'000'000);
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
    find_automated();
    if (const auto since = time_argument(context, "since")) {
      if (*since > context.as_of || *since < context.as_of - 104 * kWeek)
        throw Error(ErrorKind::usage, "--since is a day before the moment, two years at most",
                    "the day on which the plan was made");
      made_ = *since;
      forecast_then_ = forecast_backlog(times, made_, std::max(1, static_cast<int>((by_ - made_ + kWeek - 1) / kWeek)));
    } else {
      made_ = context.as_of;
      forecast_then_ = forecast_;
    }
  }

  std::vector<Result> results() const { return {scenarios(), weeks(), stale(), helpers(), places()}; }

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
            ? "SELECT r.author_id, r.submitted_at, r.item_id FROM review r JOIN item i ON i.project_id = r.project_id "
              "AND "
              "i.item_id = "
              "r.item_id WHERE r.project_id = :project AND r.submitted_at <= :as_of AND r.submitted_at > :since AND "
              "(i.author_id IS NULL OR i.author_id <> r.author_id)"
            : "SELECT v.closed_by, v.closed_at, v.item_id FROM item_interval v JOIN item i ON i.project_id = "
              "v.project_id AND "
              "i.item_id = "
              "v.item_id WHERE v.project_id = :project AND i.kind = 'issue' AND v.closed_at <= :as_of AND v.closed_at "
              "> :since";
    Parameters parameters = context_.parameters();
    parameters.emplace_back("since", context_.as_of - kPast);
    std::map<std::int64_t, std::vector<Timestamp>> acts;
    const auto rows = context_.database.query(sql, parameters);
    while (rows->next()) {
      const std::int64_t person = people_.person(rows->optional_integer(0));
      if (person == 0 || people_.bots.contains(person)) continue;
      acts[person].push_back(rows->integer(1));
      if (rows->integer(1) > context_.as_of - kLately) acts_on_[rows->integer(2)] += 1.0 * kWeek / kLately;
    }
    std::map<Timestamp, std::int64_t> together;  // by the quarter's end
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
      lately_all_ += capacity.lately;
      for (const auto& [end, count] : quarters) together[end] += count;
    }
    std::sort(capacities_.begin(), capacities_.end(), [](const Capacity& a, const Capacity& b) {
      return a.spare() != b.spare() ? a.spare() > b.spare() : a.person < b.person;
    });
    for (const auto& [end, count] : together)
      if (const double more = static_cast<double>(count) * kWeek / kQuarter - lately_all_; more > spare_)
        spare_ = more, best_quarter_ = end;
    if (lately_all_ > 0) ends_ = std::min(1.0, forecast_.departures / lately_all_);
  }

  void find_least_open() {
    std::vector<double> weeks;
    for (const auto& item : items_)
      if (item.is_pull == is_pull_ && item.closed && *item.closed > context_.as_of - kPast)
        weeks.push_back(static_cast<double>(*item.closed - item.created) / kWeek);
    least_open_ = forecast_.arrivals * stats::quantile(weeks, 0.5).value_or(0);
  }

  // Old ones that wait for their author, and those that wait for somebody of the project; by who opened them.
  void find_stale() {
    const Timestamp before = context_.as_of - kStale;
    std::unordered_map<std::int64_t, AuthorKind> kinds;
    for (const auto& item : items_) kinds.emplace(item.id, item.author_kind);
    const auto add = [&](const OpenItem& item, bool is_theirs) {
      const auto kind = kinds.find(item.id);
      if (kind == kinds.end()) return;
      auto& counts = stale_[kind->second];
      ++(is_theirs ? counts.first : counts.second);
      ++(is_theirs ? stale_theirs_ : stale_ours_);
    };
    if (is_pull_) {
      for (const auto& entry : review_queue(context_).entries)
        if (entry.turn.since < before) add(entry.item, entry.turn.turn == Turn::author);
    } else {
      for (const auto& entry : triage_queue(context_).entries)
        if (entry.since < before) add(entry.item, entry.state == TriageState::waiting_for_reporter);
    }
  }

  // What a label takes: the one that was asked for, or that of which most came lately.
  void find_automated() {
    automated_ = context_.argument("automate");
    std::map<std::string, std::int64_t> came;
    for (const auto& item : items_)
      if (item.is_pull == is_pull_)
        for (const auto& label : item.labels) came[label] += item.created > context_.as_of - kLately;
    if (!automated_.empty() && !came.contains(automated_)) {
      std::vector<std::string> names;
      for (const auto& [label, count] : came) names.push_back(label);
      const std::string nearest = near_miss(automated_, names);
      throw Error(ErrorKind::usage,
                  fmt::format("--automate: none of the {} is labelled {}", what_, one_line(automated_)),
                  nearest.empty() ? "as `resident triage` names labels" : fmt::format("did you mean {}?", nearest));
    }
    if (automated_.empty())
      for (const auto& [label, count] : came)
        if (count > (automated_.empty() ? 0 : came.at(automated_))) automated_ = label;
    if (automated_.empty()) return;
    for (const auto& item : items_) {
      if (item.is_pull != is_pull_ ||
          std::find(item.labels.begin(), item.labels.end(), automated_) == item.labels.end())
        continue;
      automated_open_ += !item.closed;
      automated_came_ += item.created > context_.as_of - kLately;
      if (const auto acts = acts_on_.find(item.id); acts != acts_on_.end()) automated_acts_ += acts->second;
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
    // fewer: what the way takes off, and the same at the upper and the lower end of the band.
    const auto add = [&](const std::string& way, double fewer, double low_fewer, double high_fewer,
                         const std::string& rests_on) {
      const boost::math::poisson least(std::max(least_open_, 0.01));
      const auto after = [&](double value, double less, double floor) {
        return less > 0 ? std::max(std::min(floor, value), value - less) : value - less;
      };
      const double open = after(last.mean, fewer, least_open_),
                   low = after(last.low80, high_fewer, boost::math::quantile(least, 0.1)),
                   high = after(last.high80, low_fewer, boost::math::quantile(least, 0.9));
      const double goal = static_cast<double>(target_);
      result.rows.push_back({way, std::round(open * 10) / 10, std::round(low * 10) / 10, std::round(high * 10) / 10,
                             std::string(high <= goal ? "yes"
                                         : low > goal ? "no"
                                                      : "perhaps"),
                             rests_on});
    };
    const auto add_surely = [&](const std::string& way, double fewer, const std::string& rests_on) {
      add(way, fewer, fewer, fewer, rests_on);
    };
    add_surely("as it goes", 0, fmt::format("the forecast by {}", forecast_.way));
    if (spare_ > 0)
      add_surely(
          "those who are here, as in their best quarter together", ends_ * spare_ * weeks_,
          fmt::format("{:.1f} more acts a week by {}, as in the 13 weeks to {}; an act ended {:.2f} of them, lately",
                      spare_, plural(static_cast<long long>(capacities_.size()), "person", "people"),
                      format_date(best_quarter_), ends_));
    const double resident = (is_pull_ ? kFellowMerges : kFellowTriage * ends_) / 2;
    add_surely(
        "a half-time resident more, as Django's fellows report", resident * weeks_,
        is_pull_ ? fmt::format("{:.1f} more ended a week: half of {:.0f} reviewed and merged", resident, kFellowMerges)
                 : fmt::format("{:.1f} more ended a week: half of {:.0f} triaged, of which {:.2f} each ended", resident,
                               kFellowTriage, ends_));
    add_measured(result, add);
    if (!automated_.empty() && open_ > 0) {
      const double share = static_cast<double>(automated_open_) / static_cast<double>(open_);
      const double freed = ends_ * automated_acts_ * weeks_;
      add_surely(
          fmt::format("automation of what is labelled {}", one_line(automated_)), last.mean * share + freed,
          fmt::format("{} of the open ones and {:.1f} of those that come a week; {:.1f} acts a week would be free",
                      automated_open_, static_cast<double>(automated_came_) * kWeek / kLately, automated_acts_));
    }
    add_surely("closing those that their author left for 90 days", static_cast<double>(stale_theirs_),
               fmt::format("{} that wait for their author; a table below says whom it would hurt", stale_theirs_));
    result.notes.push_back(fmt::format(
        "Closing by age alone is not proposed: {} older than 90 days wait for an answer of the project, and would be "
        "closed on people who were never answered.",
        plural(static_cast<long long>(stale_ours_), is_pull_ ? "pull request" : "issue", what_)));
    result.claim = fmt::format(
        "{} {} are open; for {} on {}, {:.1f} must end a week, {}, while {:.1f} come.", open_, what_, target_,
        format_date(by_), needed_,
        round_tenth(needed_) == round_tenth(forecast_.departures) ? std::string("as many as of late")
        : needed_ > forecast_.departures ? fmt::format("{:.1f} more than of late", needed_ - forecast_.departures)
                                         : fmt::format("fewer than the {:.1f} of late", forecast_.departures),
        forecast_.arrivals);
    result.sample_size = open_;
    return result;
  }

  // What `impact` says of the resident who began on the day that the settings name.
  template <class Add>
  void add_measured(Result& result, const Add& add) const {
    if (context_.config.site.impact_start.empty()) {
      result.notes.push_back(
          "What a resident does here is not measured: site.impact_start of the settings names no day.");
      return;
    }
    Context own = context_;
    own.arguments = {{"start", context_.config.site.impact_start}, {"outcome", is_pull_ ? "merged" : "closed"}};
    const Impact impact = impact_of(own);
    const auto& answer = impact.answer;
    if (!answer.is_answered) {
      result.notes.push_back("What the resident did here is not measured: " + answer.missing + ".");
      return;
    }
    const double a_week = answer.observed - answer.expected, low = answer.expected * answer.low,
                 high = answer.expected * answer.high;
    add("another such resident as the one since " + context_.config.site.impact_start, a_week * weeks_, low * weeks_,
        high * weeks_,
        fmt::format("{:+.1f} a week ({:+.1f} to {:+.1f}), as `resident impact` measured over {}{}", a_week, low, high,
                    plural(static_cast<long long>(answer.window), "week"),
                    answer.p <= 0.05 ? "" : ": within chance, so nothing is promised"));
  }

  // The straight way to the target from the day on which the plan was made, beside what was foreseen then and what
  // came.
  Result weeks() const {
    Result result =
        start("backlog_weeks", "Week by week: the plan, and what came", "Is the backlog where the plan wants it?");
    result.columns = {{"week", "Week", ColumnType::date, "", "its end"},
                      {"plan", "Plan", ColumnType::number, what_, "a straight line to the target"},
                      {"foreseen", "Foreseen", ColumnType::number, what_, "on the day of the plan, as it goes"},
                      {"low", "Low", ColumnType::number, what_, "80 %"},
                      {"high", "High", ColumnType::number, what_, "80 %"},
                      {"was", "Was", ColumnType::integer, what_},
                      {"came", "Came", ColumnType::integer, what_},
                      {"ended", "Ended", ColumnType::integer, what_},
                      {"behind", "Over the plan", ColumnType::number, what_}};
    result.chart = {Chart::Kind::line, "week", {"foreseen", "plan", "was"}, "", "low", "high", "open " + what_};
    if (!forecast_then_.missing.empty()) {
      result.claim = "There is no plan for that day: " + forecast_then_.missing + ".";
      return result;
    }
    const double begin = forecast_then_.history.back().second, goal = static_cast<double>(target_);
    std::optional<double> over;
    std::size_t past = 0;
    for (const auto& week : forecast_then_.weeks) {
      const double gone = static_cast<double>(week.end - made_) / static_cast<double>(by_ - made_);
      const double plan = begin + (goal - begin) * std::min(1.0, gone);
      std::vector<Cell> row{week.end, round_tenth(plan), round_tenth(week.mean), round_tenth(week.low80),
                            round_tenth(week.high80)};
      if (week.end <= context_.as_of) {
        const auto [was, came, ended] = counted(week.end);
        over = static_cast<double>(was) - plan;
        ++past;
        for (const std::int64_t each : {was, came, ended}) row.emplace_back(each);
        row.emplace_back(round_tenth(*over));
      } else {
        row.resize(result.columns.size());
      }
      result.rows.push_back(std::move(row));
    }
    result.sample_size = static_cast<std::int64_t>(past);
    result.claim =
        !over
            ? fmt::format(
                  "The plan begins on {}: from {:.0f} open to {} on {}. Later, the same command with --since {} holds "
                  "each week against it.",
                  format_date(made_), begin, target_, format_date(by_), format_date(made_))
            : fmt::format("{} after the plan of {}, {:.0f} {} {} are open than it wanted.",
                          plural(static_cast<long long>(past), "week"), format_date(made_), std::fabs(*over),
                          *over >= 0 ? "more" : "fewer", what_);
    return result;
  }

  static double round_tenth(double value) { return std::round(value * 10) / 10; }

  struct Counted {
    std::int64_t was = 0, came = 0, ended = 0;
  };
  // Open at the end of a week, and what came and ended in it.
  Counted counted(Timestamp end) const {
    Counted sum;
    for (const auto& item : items_) {
      if (item.is_pull != is_pull_) continue;
      for (const auto& stretch : item.stretches) {
        if (stretch.opened > end) continue;
        const bool is_gone = stretch.closed && *stretch.closed <= end;
        sum.was += !is_gone;
        sum.came += stretch.opened > end - kWeek;
        sum.ended += is_gone && *stretch.closed > end - kWeek;
      }
    }
    return sum;
  }

  // Whom closing by age would hurt: how many of whose, and how often such ones still came to something.
  Result stale() const {
    Result result = start("backlog_stale", "Closing what is old, and whom that would hurt",
                          "Whose would be closed, and what became of such ones in the past?");
    result.columns = {
        {"author", "Opened by", ColumnType::text},
        {"theirs", "Wait for their author", ColumnType::integer, what_, "for 90 days"},
        {"ours", "Wait for the project", ColumnType::integer, what_, "for 90 days; never to be closed by age"},
        {"n", "Such ones before", ColumnType::integer, what_, "that were open after 90 days, of the last three years"},
        {"later", is_pull_ ? "Merged later" : "Closed later", ColumnType::share, "", "within a year more"},
        {"low", "Low", ColumnType::share, "", "95 %"},
        {"high", "High", ColumnType::share, "", "95 %"}};
    result.method = is_pull_
                        ? "Aalen–Johansen of those that were open after 90 days, counted from then, as of `flow`."
                        : "Aalen–Johansen (closings alone) of those that were open after 90 days, counted from then.";
    result.uncertainty = "95 % intervals, log–log.";
    for (const AuthorKind kind : {AuthorKind::newcomer, AuthorKind::regular, AuthorKind::core}) {
      const auto counts = stale_.find(kind);
      std::vector<Cell> row{std::string(author_kind_name(kind)),
                            counts == stale_.end() ? std::int64_t{0} : counts->second.first,
                            counts == stale_.end() ? std::int64_t{0} : counts->second.second};
      std::vector<stats::CauseObservation> left;
      for (const auto& item : items_) {
        if (item.is_pull != is_pull_ || item.author_kind != kind || item.created < context_.as_of - 3 * kPast / 2)
          continue;
        const double days = static_cast<double>(item.closed.value_or(context_.as_of) - item.created) / kDay - 90;
        if (days > 0) left.push_back({days, !item.closed ? 0 : item.merged || !is_pull_ ? 1 : 2});
      }
      row.emplace_back(static_cast<std::int64_t>(left.size()));
      const auto incidence = stats::aalen_johansen(left, 2);
      const auto* point = left.size() < 10 ? nullptr : incidence.point_at(365);
      if (point != nullptr) {
        const auto bounds = stats::share_interval(point->share[0], point->error[0], stats::IntervalScale::log_log);
        row.emplace_back(point->share[0]);
        row.push_back(bounds.low ? Cell(*bounds.low) : Cell());
        row.push_back(bounds.high ? Cell(*bounds.high) : Cell());
      }
      row.resize(result.columns.size());
      result.rows.push_back(std::move(row));
    }
    result.sample_size = stale_theirs_ + stale_ours_;
    const auto newcomers = stale_.find(AuthorKind::newcomer);
    result.claim = fmt::format(
        "{} have waited for 90 days: {} for their authors, {} for the project ({} of "
        "these by newcomers).",
        plural(static_cast<long long>(stale_theirs_ + stale_ours_), is_pull_ ? "pull request" : "issue", what_),
        stale_theirs_, stale_ours_, newcomers == stale_.end() ? 0 : newcomers->second.second);
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
      result.rows.push_back({place, static_cast<std::int64_t>(count), unanswered, stats::median(std::move(ages))});
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
  double ends_ = 0, lately_all_ = 0;                                   // how many an act ends; acts a week, lately
  std::map<AuthorKind, std::pair<std::int64_t, std::int64_t>> stale_;  // waiting for their author, for the project
  std::unordered_map<std::int64_t, double> acts_on_;                   // a week, lately, by item
  std::string automated_;                                              // a label
  std::int64_t automated_open_ = 0, automated_came_ = 0;
  double automated_acts_ = 0;
  Timestamp made_ = 0;  // when the plan was made
  BacklogForecast forecast_then_;
  Timestamp best_quarter_ = 0;
  BacklogForecast forecast_;
  std::vector<Capacity> capacities_;
};

std::vector<Result> analyse_backlog(const Context& context) {
  return BacklogPlan(context).results();
}

}  // namespace

extern const Analysis backlog_analysis;
const Analysis backlog_analysis{
    "backlog",
    "Plan for the backlog",
    "What must happen for so few to be open on a day, and by whom could it be done?",
    {{"target", "N", "how many may be open"},
     {"by", "DATE", "on which day"},
     {"kind", "pull|issue", "pull requests (without it) or issues"},
     {"automate", "LABEL", "what would end by itself; the label that comes most without it"},
     {"since", "DATE", "when the plan was made: each week since is held against it"}},
    &analyse_backlog};

}  // namespace resident

// resident review next: what to take in the minutes there are.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/review/session.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <model/known_items.hpp>

namespace resident {

const char* session_part_name(SessionPart part) {
  switch (part) {
    case SessionPart::urgent:
      return "urgent";
    case SessionPart::newcomer:
      return "newcomer";
    case SessionPart::oldest:
      return "oldest";
    case SessionPart::quick:
      return "quick win";
    case SessionPart::own:
      return "yours";
    case SessionPart::rank:
      break;
  }
  return "by rank";
}

namespace {

constexpr double kUrgentShare = 0.5;
constexpr std::int64_t kQuickLines = 50;
// What has waited longer than this waits for a decision more than for a review; it is not "oldest waiting".
constexpr Timestamp kForgotten = 730 * kDay;

}  // namespace

std::vector<SessionChoice> plan_session(const std::vector<SessionCandidate>& candidates, double minutes,
                                        const SessionRules& rules, Timestamp as_of) {
  struct Lane {
    SessionPart part;
    double share, spent = 0;
    std::vector<std::size_t> order = {};
  };
  std::vector<Lane> lanes{{SessionPart::newcomer, rules.newcomers / 100.0},
                          {SessionPart::oldest, rules.oldest / 100.0},
                          {SessionPart::quick, rules.quick_wins / 100.0},
                          {SessionPart::own, rules.own_modules / 100.0},
                          {SessionPart::rank, 0}};
  lanes.back().share =
      std::max(0.0, 1 - (rules.newcomers + rules.oldest + rules.quick_wins + rules.own_modules) / 100.0);
  std::vector<std::size_t> urgent;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const SessionCandidate& each = candidates[i];
    if (each.is_urgent) urgent.push_back(i);
    if (each.due) lanes[0].order.push_back(i);
    if (as_of - each.waiting_since < kForgotten) lanes[1].order.push_back(i);
    if (each.is_quick) lanes[2].order.push_back(i);
    if (each.is_own) lanes[3].order.push_back(i);
    lanes[4].order.push_back(i);
  }
  const auto by = [&](std::vector<std::size_t>& order, const auto& key) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return key(candidates[a]) < key(candidates[b]); });
  };
  by(lanes[0].order, [](const SessionCandidate& each) { return static_cast<double>(*each.due); });
  by(lanes[1].order, [](const SessionCandidate& each) { return static_cast<double>(each.waiting_since); });
  for (auto* order : {&lanes[2].order, &lanes[3].order, &lanes[4].order, &urgent})
    by(*order, [](const SessionCandidate& each) { return -each.score; });

  std::vector<SessionChoice> chosen;
  std::vector<bool> taken(candidates.size(), false);
  double left = minutes;
  const auto take = [&](std::size_t candidate, SessionPart part) {
    taken[candidate] = true;
    left -= candidates[candidate].minutes;
    chosen.push_back({candidate, part});
  };
  for (const std::size_t each : urgent)
    if (candidates[each].minutes <= left && minutes - left + candidates[each].minutes <= kUrgentShare * minutes)
      take(each, SessionPart::urgent);
  for (;;) {
    // The lane furthest behind its share that has something that fits.
    Lane* best = nullptr;
    std::size_t candidate = 0;
    const double spent = minutes - left;
    double behind = 0;
    for (Lane& lane : lanes) {
      const auto next = std::find_if(lane.order.begin(), lane.order.end(), [&](std::size_t each) {
        return !taken[each] && candidates[each].minutes <= left;
      });
      if (next == lane.order.end()) continue;
      const double by_how_much = lane.share * (spent + candidates[*next].minutes) - lane.spent;
      if (!best || by_how_much > behind) best = &lane, candidate = *next, behind = by_how_much;
    }
    if (!best) break;
    best->spent += candidates[candidate].minutes;
    take(candidate, best->part);
  }
  return chosen;
}

namespace {

class Planner {
 public:
  Planner(const Context& context, const SessionMeans& means)
      : context_(context),
        queue_(means.queue),
        effort_(means.effort),
        suggester_(means.suggester),
        map_(means.modules),
        left_out_(means.left_out),
        minutes_(context.whole_number("minutes", std::max(1, context.config.session.minutes), 1, 100'000)),
        module_(context.argument("module")) {
    me_ = person_argument(context, "me", context.config.me);
    if (context.argument("mine") == "yes" && me_ == 0)
      throw Error(ErrorKind::usage,
                  context.config.me.empty() ? "--mine: who you are is not configured"
                                            : "--mine: nobody is called " + one_line(context.config.me),
                  "set me = \"LOGIN\" in [project.NAME], or give --me LOGIN");
  }

  Session run() {
    load_modules();
    std::vector<SessionCandidate> candidates;
    for (std::size_t i = 0; i < queue_.entries.size(); ++i)
      if (auto candidate = candidate_of(i)) candidates.push_back(*candidate);
    const auto choices =
        plan_session(candidates, static_cast<double>(minutes_), context_.config.session, context_.as_of);
    std::vector<std::int64_t> items;
    for (const auto& each : choices) items.push_back(queue_.entries[candidates[each.candidate].entry].item.id);
    auto suggestions = suggester_.suggest_spread(items, 2);
    Session session;
    session.result = result_of(candidates, choices, suggestions);
    for (std::size_t i = 0; i < choices.size(); ++i) {
      const SessionCandidate& candidate = candidates[choices[i].candidate];
      std::erase_if(suggestions[i], [&](const auto& each) { return each.person == me_; });
      session.takes.push_back({candidate.entry, choices[i].part,
                               effort_.of(lines_of(queue_.entries[candidate.entry].item)),
                               why(candidate, choices[i].part), std::move(suggestions[i])});
    }
    return session;
  }

 private:
  void load_modules() {
    std::set<std::string> all;
    for (const auto rows = context_.database.query(
             "SELECT item_id, path_id FROM item_file WHERE project_id = :project AND item_id IN (SELECT v.item_id FROM "
             "item_interval v WHERE v.project_id = :project AND v.opened_at <= :as_of AND (v.closed_at IS NULL OR "
             "v.closed_at "
             "> :as_of))",
             context_.parameters());
         rows->next();) {
      const std::string& module = map_.module_of(rows->integer(1));
      if (!module.empty()) modules_[rows->integer(0)].insert(module);
    }
    if (module_.empty()) return;
    std::vector<std::string> names;
    for (const auto& [name, files] : map_.files()) names.push_back(name);
    for (const auto& [item, modules] : modules_) names.insert(names.end(), modules.begin(), modules.end());
    if (std::find(names.begin(), names.end(), module_) != names.end()) return;
    const std::string nearest = near_miss(module_, names);
    throw Error(ErrorKind::usage, fmt::format("--module: there is no module {}", one_line(module_)),
                nearest.empty() ? "`resident modules` lists them" : fmt::format("did you mean {}?", nearest));
  }

  static std::optional<std::int64_t> lines_of(const OpenItem& item) {
    if (!item.additions && !item.deletions) return std::nullopt;
    return item.additions.value_or(0) + item.deletions.value_or(0);
  }

  std::optional<SessionCandidate> candidate_of(std::size_t index) {
    const ReviewEntry& entry = queue_.entries[index];
    const OpenItem& item = entry.item;
    const bool on_us = entry.turn.turn == Turn::reviewer || entry.turn.turn == Turn::committer;
    if (!on_us || item.author == me_ || left_out_.contains(item.id)) return std::nullopt;
    if (!module_.empty() && !modules_[item.id].contains(module_)) return std::nullopt;
    SessionCandidate candidate;
    candidate.entry = index;
    candidate.minutes = effort_.of(lines_of(item)).minutes;
    candidate.waiting_since = entry.turn.since;
    candidate.score = entry.score;
    candidate.is_urgent = has_label(item, context_.config.triage.urgent_labels);
    const auto lines = lines_of(item);
    candidate.is_quick = entry.turn.turn == Turn::committer || (!item.is_draft && lines && *lines <= kQuickLines);
    if (item.is_newcomers() && !entry.turn.answered && !item.is_draft)
      candidate.due = item.created_at + context_.config.triage.first_response_days * kDay;
    if (me_) {
      const bool is_waited_for = entry.turn.people.contains(me_) || item.requested_reviewers.contains(me_);
      bool is_suggested = false;
      for (const auto& each : suggester_.suggest(item.id, 3)) is_suggested = is_suggested || each.person == me_;
      candidate.is_own = is_waited_for || is_suggested;
      if (context_.argument("mine") == "yes" && !candidate.is_own) return std::nullopt;
    }
    return candidate;
  }

  std::string why(const SessionCandidate& candidate, SessionPart part) const {
    const ReviewEntry& entry = queue_.entries[candidate.entry];
    const std::string waits = fmt::format("{}, for {}", entry.turn.why, waiting_text(entry.turn.since, context_.as_of));
    switch (part) {
      case SessionPart::urgent: {
        std::string label;
        has_label(entry.item, context_.config.triage.urgent_labels, &label);
        return fmt::format("labelled “{}”; {}", label, waits);
      }
      case SessionPart::newcomer:
        return *candidate.due >= context_.as_of
                   ? fmt::format("{}; an answer is promised by {}", entry.item.newness(), format_date(*candidate.due))
                   : fmt::format("{}; the promised answer is {} overdue", entry.item.newness(),
                                 waiting_text(*candidate.due, context_.as_of));
      case SessionPart::oldest:
        return "waits longest, of those under two years: " + waits;
      case SessionPart::quick:
        return (entry.turn.turn == Turn::committer ? "ready to merge: " : "small: ") + waits;
      case SessionPart::own:
        return (entry.turn.people.contains(me_) ? "waits for you: " : "in what you know: ") + waits;
      case SessionPart::rank:
        break;
    }
    return waits;
  }

  Result result_of(const std::vector<SessionCandidate>& candidates, const std::vector<SessionChoice>& choices,
                   const std::vector<std::vector<reviewers::Suggestion>>& suggestions) {
    Result result =
        context_.result("review_session", "Review session", "Which pull requests fill the time best and fairest?");
    result.columns = {
        {"order", "#", ColumnType::integer},
        {"number", "PR", ColumnType::item, "", "", "url"},
        {"title", "Title", ColumnType::text},
        {"part", "Part", ColumnType::text, "", "the share that it was taken for"},
        {"minutes", "Minutes", ColumnType::integer, "minutes", "of one sitting: the middle for changes of this size"},
        {"minutes_low", "From", ColumnType::integer, "minutes", "a quarter took less", "", true},
        {"minutes_high", "Up to", ColumnType::integer, "minutes", "a quarter took more"},
        {"why", "Why", ColumnType::text},
        {"turn", "Turn", ColumnType::text, "", "", "", true},
        {"others", "Or ask", ColumnType::text, "", "likely reviewers, the load spread"},
        {"url", "Address", ColumnType::url, "", "", "", true}};
    result.layout = Layout::queue;
    result.set_roles({{"part", ColumnRole::verb},
                      {"title", ColumnRole::title},
                      {"why", ColumnRole::reason},
                      {"others", ColumnRole::person}});
    const std::string more = candidates.size() == choices.size()
                                 ? "; nothing else waits"
                                 : fmt::format("; {} more wait", candidates.size() - choices.size());
    double sum = 0;
    std::map<SessionPart, std::int64_t> parts;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      const SessionCandidate& candidate = candidates[choices[i].candidate];
      const ReviewEntry& entry = queue_.entries[candidate.entry];
      const Effort effort = effort_.of(lines_of(entry.item));
      sum += candidate.minutes;
      ++parts[choices[i].part];
      std::vector<std::string> others;
      for (const auto& each : suggestions[i])
        if (each.person != me_) others.push_back(each.name);
      result.rows.push_back({static_cast<std::int64_t>(i + 1), entry.item.number, entry.item.title,
                             std::string(session_part_name(choices[i].part)), whole(effort.minutes), whole(effort.low),
                             whole(effort.high), why(candidate, choices[i].part),
                             std::string(turn_name(entry.turn.turn)), fmt::format("{}", fmt::join(others, ", ")),
                             entry.item.url});
    }
    std::vector<std::string> mix;
    for (const auto& [part, count] : parts)
      mix.push_back(fmt::format("{} {}{}", count, session_part_name(part),
                                count > 1 && (part == SessionPart::newcomer || part == SessionPart::quick) ? "s" : ""));
    result.claim = choices.empty()
                       ? (!knows_items(context_, "pull") ? "No pull request is known, so none can wait."
                          : candidates.empty()           ? "No pull request waits for a reviewer or committer here."
                                               : fmt::format("Nothing fits into {}.", plural(minutes_, "minute")))
                       : fmt::format("{} in about {} of {} minutes ({}){}.",
                                     plural(static_cast<long long>(choices.size()), "pull request"), whole(sum),
                                     minutes_, fmt::join(mix, ", "), more);
    const auto backtest = effort_.backtest();
    result.sample_size = static_cast<std::int64_t>(candidates.size());
    result.uncertainty =
        backtest.n == 0
            ? fmt::format("minutes: {} seen, so they rest mostly on built-in figures",
                          plural(effort_.observations(), "stretch", "stretches"))
            : fmt::format(
                  "minutes: replayed over {} past stretches, {:.0f} % were within a factor of two of "
                  "the guess ({:.0f} % if the middle of all were guessed)",
                  with_thousands(backtest.n), 100 * backtest.within_two, 100 * backtest.constant_within_two);
    const SessionRules& rules = context_.config.session;
    result.definition = fmt::format(
        "Open pull requests that wait for a reviewer or for a merge. Urgent labels first, for up to half of the time; "
        "then the "
        "share furthest behind is served: newcomers without an answer {} % (earliest promise first), waiting longest "
        "{} % (under "
        "two years), quick wins {} % (to {} lines, or ready to merge), yours {} % (waiting for you, or you are among "
        "the three most "
        "likely reviewers), the rest by rank. Minutes: from one person's act on another item to their last in a row on "
        "this one, "
        "no gap above an hour, by size of the change.",
        rules.newcomers, rules.oldest, rules.quick_wins, kQuickLines, rules.own_modules);
    result.method = "shares in [project.NAME.session]; minutes learnt from past reviews (guide: review)";
    if (me_ == 0)
      result.notes.emplace_back(
          "Who you are is not configured, so nothing is taken as yours: set me = \"LOGIN\", or --me LOGIN.");
    result.notes.push_back(
        "Likely reviewers, on this project's own past: " + known_figure_text(context_, "reviewers", "top_3") + ".");
    return result;
  }

  static std::int64_t whole(double value) { return std::max<std::int64_t>(1, std::llround(value)); }

  const Context& context_;
  const ReviewQueue& queue_;
  const ReviewEffort& effort_;
  const reviewers::Suggester& suggester_;
  ModuleMap& map_;
  const std::set<std::int64_t>& left_out_;
  std::int64_t minutes_;
  std::string module_;
  std::int64_t me_ = 0;
  std::map<std::int64_t, std::set<std::string>> modules_;  // by item
};

std::vector<Result> analyse_session(const Context& context) {
  reviewers::SuggesterBeside suggester(context);
  const ReviewQueue queue = review_queue(context);
  const ReviewEffort effort(context, queue.people);
  ModuleMap modules(context);
  return {make_session(context, {queue, effort, suggester.get(), modules}).result};
}

}  // namespace

Session make_session(const Context& context, const SessionMeans& means) {
  return Planner(context, means).run();
}

extern const Analysis session_analysis;
const Analysis session_analysis{"review_session",
                                "Review session",
                                "Which pull requests fill the time best and fairest?",
                                {{"minutes", "N", "how long you have; session.minutes without it"},
                                 {"mine", "", "only what waits for you or you are likely to review"},
                                 {"me", "LOGIN", "who you are; `me` of the configuration without it"},
                                 {"module", "NAME", "only what touches this module"}},
                                analyse_session};

}  // namespace resident

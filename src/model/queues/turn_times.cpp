#include <algorithm>
#include <model/queues/approval_words.hpp>
#include <model/queues/review_habits.hpp>
#include <model/queues/turn_times.hpp>
#include <set>
#include <store/ci_conclusion.hpp>
#include <store/event_details.hpp>
#include <text/speech.hpp>

namespace resident {

namespace {

enum class Doing { push, ready, draft, request, reopened, comment, remark, objection, approval, failure };

struct Step {
  std::size_t place = 0;
  Timestamp at = 0;
  Doing doing = Doing::comment;
  std::int64_t person = 0;
};

struct Running {
  std::size_t place = 0;
  Timestamp from = 0, until = 0;
};

class Reader {
 public:
  Reader(const Context& context, const People& people, const std::vector<FlowItem>& items)
      : context_(context), people_(people) {
    Timestamp since = context.as_of;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!items[i].is_pull) continue;
      place_.emplace(items[i].id, i);
      since = std::min(since, items[i].created);
    }
    parameters_ = context.parameters();
    parameters_.emplace_back("since", since);
  }

  void read() {
    events();
    reviews();
    const bool by_comment = approves_by_comment(context_);
    comments(by_comment);
    checks();
    std::stable_sort(steps.begin(), steps.end(),
                     [](const Step& a, const Step& b) { return a.place != b.place ? a.place < b.place : a.at < b.at; });
    std::stable_sort(running.begin(), running.end(), [](const Running& a, const Running& b) {
      return a.place != b.place ? a.place < b.place : a.from < b.from;
    });
  }

  std::vector<Step> steps;
  std::vector<Running> running;

 private:
  void add(std::int64_t item, Timestamp at, Doing doing, std::int64_t person) {
    if (const auto found = place_.find(item); found != place_.end())
      steps.push_back({found->second, at, doing, person});
  }

  // Somebody who is known and no bot; 0 else.
  std::int64_t human(const std::optional<std::int64_t>& identity) const {
    const std::int64_t person = people_.person(identity);
    return people_.bots.contains(person) ? 0 : person;
  }

  void events() {
    const auto rows = context_.database.query(
        "SELECT item_id, kind, occurred_at FROM event WHERE project_id = :project AND occurred_at <= :as_of AND "
        "occurred_at >= :since AND kind "
        "IN ('committed', 'head_ref_force_pushed', 'ready_for_review', 'convert_to_draft', 'review_requested', "
        "'reopened') AND NOT (kind = 'committed' AND coalesce(detail, '') = '" +
            std::string(kBaseMerged) + "')",
        parameters_);
    while (rows->next()) {
      const std::string_view kind = rows->text(1);
      add(rows->integer(0), rows->integer(2),
          kind == "ready_for_review"   ? Doing::ready
          : kind == "convert_to_draft" ? Doing::draft
          : kind == "review_requested" ? Doing::request
          : kind == "reopened"         ? Doing::reopened
                                       : Doing::push,
          0);
    }
  }

  void reviews() {
    const auto rows = context_.database.query(
        "SELECT item_id, author_id, submitted_at, state FROM review WHERE project_id = :project AND submitted_at <= "
        ":as_of AND submitted_at >= :since",
        parameters_);
    while (rows->next()) {
      const std::int64_t person = human(rows->optional_integer(1));
      if (person == 0) continue;
      const std::string_view state = rows->text(3);
      add(rows->integer(0), rows->integer(2),
          state == "approved"            ? Doing::approval
          : state == "changes_requested" ? Doing::objection
                                         : Doing::remark,
          person);
    }
  }

  void comments(bool by_comment) {
    std::set<std::tuple<std::int64_t, std::int64_t, Timestamp>> approving;
    if (by_comment) {
      const ApprovalWords approval(context_.config.review);
      const auto rows = context_.database.query(
          "SELECT item_id, author_id, created_at, body FROM comment WHERE project_id = :project AND created_at <= "
          ":as_of AND created_at >= :since AND " +
              approval.condition("body"),
          parameters_);
      while (rows->next())
        if (approval.approve(own_words(rows->text(3))))
          approving.emplace(rows->integer(0), people_.person(rows->optional_integer(1)), rows->integer(2));
    }
    const auto rows = context_.database.query(
        "SELECT item_id, author_id, created_at FROM comment WHERE project_id = :project AND created_at <= :as_of AND "
        "created_at >= :since",
        parameters_);
    while (rows->next()) {
      const std::int64_t person = human(rows->optional_integer(1)), item = rows->integer(0), at = rows->integer(2);
      if (person != 0)
        add(item, at, by_comment && approving.contains({item, person, at}) ? Doing::approval : Doing::comment, person);
    }
  }

  void checks() {
    const auto rows = context_.database.query(
        "SELECT item_id, started_at, finished_at, conclusion, status FROM ci_run WHERE project_id = :project AND "
        "item_id IS NOT NULL AND started_at <= :as_of AND started_at >= :since",
        parameters_);
    while (rows->next()) {
      const auto found = place_.find(rows->integer(0));
      if (found == place_.end()) continue;
      const auto finished = rows->optional_integer(2);
      const bool is_done = finished && *finished <= context_.as_of;
      // One that never ended is not waited for longer than a day.
      const Timestamp until = is_done ? *finished : std::min(context_.as_of, rows->integer(1) + kDay);
      running.push_back({found->second, rows->integer(1), until});
      if (is_done && is_failure(rows->text(3))) add(rows->integer(0), *finished, Doing::failure, 0);
    }
  }

  const Context& context_;
  const People& people_;
  Parameters parameters_;
  std::unordered_map<std::int64_t, std::size_t> place_;
};

// One pull request, from its opening on.
class Replay {
 public:
  Replay(const FlowItem& item, Timestamp end, const Running* begin, const Running* behind)
      : item_(item), end_(end), begin_(begin), behind_(behind) {
    times_.has_checks = begin != behind;
  }

  void begin_as_draft() { is_draft_ = true; }

  void take(const Step& step) {
    if (step.at < item_.created) return;
    pass(step.at);
    const bool was_authors = is_authors();
    turn(step);
    times_.returns += !was_authors && is_authors();
  }

  TurnTimes finish() {
    pass(end_);
    times_.is_authors = is_authors();
    return times_;
  }

 private:
  bool is_authors() const { return is_draft_ || turn_is_authors_; }

  void turn(const Step& step) {
    const bool by_author = step.person != 0 && step.person == item_.author;
    switch (step.doing) {
      case Doing::push:
        last_push_ = step.at;
        objections_.clear();
        turn_is_authors_ = false;
        break;
      case Doing::ready:
        is_draft_ = turn_is_authors_ = false;
        break;
      case Doing::draft:
        is_draft_ = true;
        break;
      case Doing::request:
        objections_.clear();
        turn_is_authors_ = false;
        break;
      case Doing::reopened:
        turn_is_authors_ = false;
        break;
      case Doing::failure:
        if (step.at >= last_push_) turn_is_authors_ = true;
        break;
      case Doing::approval:
        if (by_author) break;
        objections_.erase(step.person);
        turn_is_authors_ = !objections_.empty();
        break;
      case Doing::objection:
        if (by_author) break;
        objections_.insert(step.person);
        turn_is_authors_ = true;
        break;
      case Doing::comment:
      case Doing::remark:
        turn_is_authors_ = !by_author || !objections_.empty();
        break;
    }
  }

  // The time until then belongs to whose turn it is now.
  void pass(Timestamp until) {
    until = std::min(until, end_);
    if (until <= now_) return;
    for (const auto& stretch : item_.stretches) {
      const Timestamp from = std::max(now_, stretch.opened), to = std::min(until, stretch.closed.value_or(until));
      if (to > from) hold(from, to);
    }
    now_ = until;
  }

  void hold(Timestamp from, Timestamp to) {
    if (is_authors()) {
      times_.author += to - from;
      return;
    }
    Timestamp checked = 0, behind = from;  // those that overlap count once
    for (const Running* each = begin_; each != behind_ && each->from < to; ++each) {
      const Timestamp begin = std::max(behind, each->from), end = std::min(to, each->until);
      if (end <= begin) continue;
      checked += end - begin;
      behind = end;
    }
    times_.ci += checked;
    times_.reviewer += to - from - checked;
  }

  const FlowItem& item_;
  Timestamp end_, now_ = item_.created, last_push_ = 0;
  const Running *begin_, *behind_;
  bool is_draft_ = false, turn_is_authors_ = false;
  std::set<std::int64_t> objections_;
  TurnTimes times_;
};

}  // namespace

std::vector<TurnTimes> load_turn_times(const Context& context, const People& people, const std::vector<FlowItem>& items,
                                       Timestamp limit) {
  Reader reader(context, people, items);
  reader.read();
  std::vector<TurnTimes> times(items.size());
  auto step = reader.steps.cbegin();
  const Running* running = reader.running.data();
  const Running* const behind = running + reader.running.size();
  for (std::size_t place = 0; place < items.size(); ++place) {
    const FlowItem& item = items[place];
    if (!item.is_pull) continue;
    const Running* const begin = running;
    while (running != behind && running->place == place) ++running;
    Replay replay(item, std::min(item.closed.value_or(context.as_of), item.created + limit), begin, running);
    const auto first = step;
    while (step != reader.steps.cend() && step->place == place) ++step;
    // What became ready, before it was made a draft, had begun as one; of what was never either, its state tells.
    const auto told = std::find_if(
        first, step, [](const Step& each) { return each.doing == Doing::ready || each.doing == Doing::draft; });
    if (told == step ? item.is_draft : told->doing == Doing::ready) replay.begin_as_draft();
    for (auto each = first; each != step; ++each) replay.take(*each);
    times[place] = replay.finish();
  }
  return times;
}

}  // namespace resident

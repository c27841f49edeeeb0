#include <algorithm>
#include <cmath>

#include "simulate/plan.hpp"
#include "simulate/vocabulary.hpp"

namespace resident::simulation {

namespace {

// How reviewers decide and authors stay, by the author's standing.
struct Tendency {
  double approve, change, reject;  // the rest only comments
  double gives_up;                 // when asked for changes
};

const Tendency& tendency(Standing standing) {
  static constexpr Tendency kNewcomer{0.30, 0.37, 0.15, 0.19}, kCasual{0.40, 0.33, 0.10, 0.12},
      kRegular{0.52, 0.27, 0.05, 0.06}, kCore{0.64, 0.17, 0.02, 0.03};
  switch (standing) {
    case Standing::newcomer:
      return kNewcomer;
    case Standing::casual:
      return kCasual;
    case Standing::regular:
      return kRegular;
    default:
      return kCore;
  }
}

class PullPlan {
 public:
  PullPlan(const PlanContext& context, Pull& pull, const SourceTree& tree, std::size_t tests)
      : context_(context),
        calendar_(context.calendar),
        people_(context.people),
        pull_(pull),
        tree_(tree),
        tests_(tests),
        random_(context.seed, Purpose::pull_plan, static_cast<std::uint64_t>(pull.number)),
        now_(pull.created),
        milestone_(pull.milestone) {
    pull_.milestone = -1;
  }

  void make() {
    label_by_bot();
    if (!broken_at_first() || !draft_at_first()) return;
    request_reviews();
    const bool core = pull_.standing >= Standing::core;
    if (core && random_.chance(0.08)) {  // some do not wait
      if (until(later(0.8, 0.8))) merge(pull_.author);
      return;
    }
    for (int round = 0; round < 12; ++round)
      if (!review(round)) return;
  }

 private:
  std::int32_t label(const std::string& name) { return context_.labels.id(name); }
  Timestamp later(double median_days, double sigma) {
    return now_ + 60 + static_cast<Timestamp>(random_.lognormal(median_days, sigma) * kDay);
  }
  bool until(Timestamp at) {
    now_ = std::max(now_ + 1, at);
    return now_ < calendar_.end();
  }
  void close(PersonId actor) {
    pull_.add(now_, EventKind::closed, actor);
    pull_.closed = now_;
  }

  void label_by_bot() {
    static constexpr const char* kTypes[] = {"type-bug", "type-feature", "type-documentation", "type-refactoring",
                                             "type-tests"};
    pull_.add(now_ + random_.between(8, 60), EventKind::labeled, kLabelBot,
              label("module-" + std::string(modules()[pull_.topic.module].name)));
    if (random_.chance(0.85))
      pull_.add(now_ + 61, EventKind::labeled, kLabelBot, label(kTypes[static_cast<std::size_t>(pull_.type)]));
    if (random_.chance(0.02)) {
      pull_.add(now_ + random_.between(600, 9000), EventKind::renamed, pull_.author);
    }
  }

  void push(bool forced, std::size_t edits) {
    pull_.pushes.push_back({now_, forced, make_edits(tree_, pull_.topic, pull_.type, edits, random_), -1, {}});
    const auto kind = forced ? EventKind::force_pushed : EventKind::committed;
    pull_.add(now_, kind, pull_.author, static_cast<std::int32_t>(pull_.pushes.size() - 1));
  }

  // The first push may break a test; authors mostly notice. False: they never do.
  bool broken_at_first() {
    for (std::size_t i = 0; i < pull_.pushes.size(); ++i)
      pull_.add(pull_.pushes[i].at, EventKind::committed, pull_.author, static_cast<std::int32_t>(i));
    if (tests_ == 0 || !random_.chance(pull_.standing >= Standing::core ? 0.08 : 0.17)) return true;
    const auto test = static_cast<std::int16_t>(random_.below(tests_));
    for (Push& each : pull_.pushes) each.broken_test = test;
    if (random_.chance(pull_.first_time ? 0.2 : 0.05)) {
      broken_ = true;
      return true;
    }
    if (!until(later(0.15, 1.2))) return false;
    push(random_.chance(0.3), 1);
    return true;
  }

  bool draft_at_first() {
    if (!random_.chance(pull_.large ? 0.16 : 0.05)) return true;
    pull_.draft = true;
    if (random_.chance(0.1)) {  // forgotten; some tidy up much later
      if (random_.chance(0.6) && until(later(120, 0.8))) {
        pull_.say(now_ - 1, pull_.author, Comment::withdraw, random_);
        close(pull_.author);
      }
      return false;
    }
    if (!until(later(2.5, 1.1))) return false;
    if (random_.chance(0.6)) push(false, 2);
    if (!until(now_ + 300)) return false;
    pull_.add(now_, EventKind::ready_for_review, pull_.author);
    pull_.draft = false;
    return true;
  }

  void request_reviews() {
    if (!random_.chance(0.45)) return;
    const int count = random_.chance(0.3) ? 2 : 1;
    PersonId before = kNobody;
    for (int i = 0; i < count; ++i) {
      const PersonId who = people_.reviewer(pull_.topic.module, now_, pull_.author, true, random_);
      if (who != before)
        pull_.add(now_ + 65 + i, EventKind::review_requested,
                  random_.chance(0.7) ? pull_.author : people_.any_core(now_, kNobody, random_),
                  static_cast<std::int32_t>(who));
      before = who;
    }
  }

  PersonId reviewer(double hazard_ratio) {
    const PersonId resident = people_.resident(now_);
    if (context_.with_resident && resident != kNobody && resident != pull_.author &&
        random_.chance(context_.residency.share(hazard_ratio)))
      return resident;
    if (last_reviewer_ != kNobody && (!core_needed_ || people_.may_merge(last_reviewer_)) && random_.chance(0.6))
      return last_reviewer_;
    return people_.reviewer(pull_.topic.module, now_, pull_.author, core_needed_, random_);
  }

  // While they wait, authors ask, give up, or somebody tidies up. False: closed.
  bool wait_for_review(std::optional<Timestamp> response) {
    const Timestamp horizon = response.value_or(calendar_.end());
    Timestamp asked = now_;
    while (asked + 30 * kDay < horizon && random_.chance(0.45)) {
      asked += 30 * kDay + static_cast<Timestamp>(random_.exponential() * 20 * kDay);
      if (asked < horizon) pull_.say(asked, pull_.author, Comment::ping, random_);
    }
    const Timestamp gives_up = now_ + static_cast<Timestamp>(random_.exponential() * 500 * kDay);
    const Timestamp tidied = now_ + static_cast<Timestamp>((90 + random_.exponential() * 400) * kDay);
    const Timestamp ends = std::min(gives_up, tidied);
    if (ends >= horizon) return true;
    now_ = ends;
    if (gives_up < tidied) {
      pull_.say(now_ - 1, pull_.author, Comment::withdraw, random_);
      close(pull_.author);
    } else {
      const PersonId core = people_.any_core(now_, pull_.author, random_);
      pull_.say(now_ - 1, core, Comment::close_pull, random_);
      close(core);
    }
    return false;
  }

  // One wait for a reviewer and what comes of it; false when the plan is complete.
  bool review(int round) {
    const double factor = pull_response_factor(pull_) * (broken_ ? 0.5 : 1);
    const auto response = calendar_.wait(now_, round == 0 ? kPullResponseDays : kReviewAgainDays,
                                         round == 0 ? pull_response_factor(pull_) : std::sqrt(factor),
                                         context_.ratio(context_.residency.pull_response), random_);
    if (!wait_for_review(response) || !response) return false;
    now_ = *response;
    if (!pull_.first_response) pull_.first_response = now_;
    const PersonId who = reviewer(context_.residency.pull_response);
    last_reviewer_ = who;
    if (round == 0 && random_.chance(0.12)) {  // a word, but no review yet
      pull_.say(now_, who, broken_ ? Comment::ci_failure : Comment::welcome, random_);
      return true;
    }
    if (round > 0 && random_.chance(pull_.type == PullType::feature ? 0.05 : 0.015)) return stall(who);
    const Tendency& tends = tendency(pull_.standing);
    const double draw = random_.uniform(), rising = std::min(0.3, 0.12 * round);  // later rounds go better
    if (draw < tends.approve + rising && !broken_) return approve(who);
    if (draw < tends.approve + rising + tends.change || broken_) return request_changes(who);
    if (draw > 1 - tends.reject && round < 3) {
      pull_.say(now_, who, Comment::close_pull, random_);
      if (people_.may_merge(who) && until(now_ + random_.between(5, 300))) {
        close(who);
        return false;
      }
      return true;
    }
    remark(who);
    return true;
  }

  // Opinions differ, and nobody decides.
  bool stall(PersonId who) {
    remark(who);
    const PersonId other = people_.reviewer(pull_.topic.module, now_, pull_.author, true, random_);
    if (until(later(2, 1))) pull_.say(now_, other, Comment::discuss, random_);
    if (!random_.chance(0.5) || !until(later(250, 0.7))) return false;
    pull_.say(now_ - 1, other, Comment::close_pull, random_);
    close(other);
    return false;
  }

  void add_review(PersonId who, EventKind kind, Comment comment, int inline_comments) {
    pull_.events.push_back({now_, kind, comment, static_cast<std::uint8_t>(inline_comments), who, 0, random_.next()});
  }

  bool approve(PersonId who) {
    add_review(who, EventKind::approved, Comment::review_approve, random_.chance(0.15) ? 1 : 0);
    if (!people_.may_merge(who)) return core_needed_ = true;  // somebody of the core team must look as well
    double factor = 1;
    if (pull_.type == PullType::feature && calendar_.frozen(now_)) factor = 0.15;
    const auto merged = calendar_.wait(now_, kMergeDays, factor, context_.ratio(context_.residency.merge), random_);
    if (random_.chance(0.015)) return remark(who), true;  // second thoughts
    if (!merged) return false;
    now_ = *merged;
    if (!tested()) return false;
    const PersonId resident = people_.resident(now_);
    PersonId merger = random_.chance(0.65)               ? who
                      : pull_.standing >= Standing::core ? pull_.author
                                                         : people_.any_core(now_, pull_.author, random_);
    if (context_.with_resident && resident != kNobody && resident != pull_.author &&
        random_.chance(context_.residency.share(context_.residency.merge)))
      merger = resident;
    merge(merger);
    return false;
  }

  // Nothing is merged while its last push is being tested.
  bool tested() { return until(std::max(now_, pull_.pushes.back().at + 45 * kMinute)); }

  void merge(PersonId who) {
    pull_.merged = pull_.closed = now_;
    pull_.merged_by = who;
    if (random_.chance(pull_.large ? 0.4 : 0.08)) {
      pull_.milestone = milestone_;
      pull_.add(now_ - 1, EventKind::milestoned, who, milestone_);
    }
    pull_.add(now_, EventKind::merged, who);
    pull_.add(now_ + 1, EventKind::closed, who);
    if (random_.chance(pull_.first_time ? 0.5 : 0.1))
      pull_.say(now_ + random_.between(600, 90000), pull_.author, Comment::thanks, random_);
  }

  bool request_changes(PersonId who) {
    add_review(who, EventKind::changes_requested, broken_ ? Comment::ci_failure : Comment::review_change,
               static_cast<int>(random_.below(5)));
    const Tendency& tends = tendency(pull_.standing);
    if (random_.chance(tends.gives_up)) {  // silence; somebody closes it, mostly
      if (random_.chance(0.55) && until(later(90, 0.7))) {
        const PersonId core = people_.any_core(now_, pull_.author, random_);
        pull_.say(now_ - 1, core, Comment::close_pull, random_);
        close(core);
      }
      return false;
    }
    if (!until(later(1.3, 1.4))) return false;
    broken_ = false;
    push(random_.chance(0.22), 1 + random_.below(3));
    if (random_.chance(0.75)) {
      now_ += random_.between(60, 1200);
      pull_.say(now_, pull_.author, Comment::addressed, random_);
    }
    return true;
  }

  void remark(PersonId who) {
    add_review(who, EventKind::reviewed, random_.chance(0.5) ? Comment::question : Comment::review_note,
               static_cast<int>(1 + random_.below(3)));
    if (random_.chance(0.75) && until(later(0.8, 1.3))) {
      if (random_.chance(0.45))
        push(random_.chance(0.15), 1);
      else
        pull_.say(now_, pull_.author, Comment::explain, random_);
    }
  }

  const PlanContext& context_;
  const Calendar& calendar_;
  const People& people_;
  Pull& pull_;
  const SourceTree& tree_;
  std::size_t tests_;
  Random random_;
  Timestamp now_;
  std::int32_t milestone_;  // that of the next release
  PersonId last_reviewer_ = kNobody;
  bool broken_ = false, core_needed_ = false;
};

}  // namespace

double pull_response_factor(const Pull& pull) {
  double factor = pull.standing == Standing::newcomer ? kNewcomerFactor
                  : pull.standing >= Standing::core   ? kCoreFactor
                                                      : kRegularFactor;
  if (pull.large) factor *= kLargeFactor;
  if (pull.type == PullType::feature) factor *= kFeatureFactor;
  if (modules()[pull.topic.module].neglected) factor *= kNeglectedFactor;
  return factor;
}

void plan_pull(const PlanContext& context, Pull& pull, const SourceTree& tree, std::size_t tests) {
  PullPlan(context, pull, tree, tests).make();
}

std::vector<Edit> make_edits(const SourceTree& tree, const Topic& topic, PullType type, std::size_t count,
                             Random& random) {
  std::vector<Edit> edits;
  const std::uint32_t main = tree.main_file(topic);
  const auto files = static_cast<std::uint32_t>(kFilesPerModule);
  for (std::size_t i = 0; i < count; ++i) {
    Edit edit{main, EditKind::modify, random.next()};
    const double where = random.uniform(), how = random.uniform();
    if (type == PullType::test || (i > 0 && where < 0.28))
      edit.file = tree.test_file(topic);
    else if (type == PullType::documentation || (i > 0 && where < 0.36))
      edit.file = tree.docs_file(topic.module);
    else if (i > 1 && where < 0.5)
      edit.file = main - topic.noun % files + topic.other % files;
    if (how < (type == PullType::feature ? 0.45 : 0.22))
      edit.kind = EditKind::insert;
    else if (how > 0.93 && i > 0)
      edit.kind = EditKind::remove;
    if (i == 0 && type == PullType::refactoring && random.chance(0.08)) edit.kind = EditKind::rename;
    if (i == 1 && type == PullType::feature && random.chance(0.12)) edit.kind = EditKind::create;
    edits.push_back(edit);
  }
  return edits;
}

}  // namespace resident::simulation

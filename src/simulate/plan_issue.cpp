#include <algorithm>

#include "simulate/plan.hpp"
#include "simulate/vocabulary.hpp"

namespace resident::simulation {

namespace {

class IssuePlan {
 public:
  IssuePlan(const PlanContext& context, Issue& issue)
      : context_(context),
        calendar_(context.calendar),
        people_(context.people),
        issue_(issue),
        random_(context.seed, Purpose::issue_plan, static_cast<std::uint64_t>(issue.number)),
        milestone_(issue.milestone) {
    issue_.milestone = -1;
  }

  void make(std::int64_t original, bool noticed) {
    label_by_form();
    const double ratio = context_.ratio(context_.residency.issue_response);
    const auto response =
        calendar_.wait(issue_.created, kIssueResponseDays, issue_response_factor(issue_), ratio, random_);
    bystanders(response.value_or(calendar_.end()));
    if (!response) return;
    issue_.first_response = now_ = *response;
    responder_ = people_.resident(now_);
    if (!context_.with_resident || responder_ == kNobody || responder_ == issue_.author ||
        !random_.chance(context_.residency.share(ratio)))
      responder_ = people_.reviewer(issue_.topic.module, now_, issue_.author, false, random_);
    triage();
    if (original != 0 && noticed) return duplicate(original);
    switch (issue_.type) {
      case IssueType::question:
        return question();
      case IssueType::feature:
        return feature();
      default:
        return defect();
    }
  }

 private:
  std::int32_t label(const std::string& name) { return context_.labels.id(name); }
  Timestamp later(double median_days, double sigma) {
    return now_ + 60 + static_cast<Timestamp>(random_.lognormal(median_days, sigma) * kDay);
  }
  // Moves on; false when the data end before.
  bool until(Timestamp at) {
    now_ = std::max(now_ + 1, at);
    return now_ < calendar_.end();
  }
  void close(PersonId actor, bool completed) {
    issue_.add(now_, EventKind::closed, actor);
    issue_.closed = now_;
    issue_.completed = completed;
  }

  void want() {
    issue_.wanted = true;
    issue_.wanted_since = now_;
  }

  void label_by_form() {
    // Those who file with the form name the module; some name the wrong one.
    if (!random_.chance(0.55)) return;
    const std::size_t module = random_.chance(0.93) ? issue_.topic.module : random_.below(modules().size());
    issue_.add(issue_.created + random_.between(5, 40), EventKind::labeled, kLabelBot,
               label("module-" + std::string(modules()[module].name)));
    form_was_right_ = module == issue_.topic.module;
    form_used_ = true;
  }

  void bystanders(Timestamp response) {
    const int count = random_.poisson(issue_.type == IssueType::bug ? 0.25 : 0.4);
    Timestamp at = std::min(response + kHour, calendar_.end());
    for (int i = 0; i < count; ++i) {
      at += static_cast<Timestamp>(random_.lognormal(20, 1.5) * kDay);
      if (at >= calendar_.end()) return;
      const PersonId who = people_.bystander(at, random_);
      if (who != issue_.author)
        issue_.say(at, who, issue_.type == IssueType::feature ? Comment::discuss : Comment::me_too, random_);
    }
  }

  void triage() {
    static constexpr const char* kTypes[] = {"type-bug", "type-feature", "type-question", "type-documentation"};
    if (random_.chance(0.93)) {
      const std::size_t symptom = issue_.topic.symptom;
      const bool crash = issue_.type == IssueType::bug && symptom == 1;
      issue_.add(now_ + 20, EventKind::labeled, responder_,
                 label(crash ? "type-crash" : kTypes[static_cast<std::size_t>(issue_.type)]));
      if (issue_.type == IssueType::bug && symptom == 5)
        issue_.add(now_ + 22, EventKind::labeled, responder_, label("performance"));
    }
    const auto module_label = [&](std::size_t module) {
      return label("module-" + std::string(modules()[module].name));
    };
    if (form_used_ && !form_was_right_) {
      for (const Event& event : std::vector<Event>(issue_.events))
        if (event.kind == EventKind::labeled && event.actor == kLabelBot)
          issue_.add(now_ + 25, EventKind::unlabeled, responder_, event.reference);
    }
    if (!(form_used_ && form_was_right_) && random_.chance(0.9))
      issue_.add(now_ + 26, EventKind::labeled, responder_, module_label(issue_.topic.module));
    if (random_.chance(0.08))
      issue_.add(now_ + 28, EventKind::assigned, responder_, static_cast<std::int32_t>(responder_));
    if (random_.chance(0.12)) {
      issue_.milestone = milestone_;
      issue_.add(now_ + 29, EventKind::milestoned, responder_, milestone_);
    }
    if (random_.chance(0.05)) issue_.add(now_ + 30, EventKind::labeled, responder_, label("good first issue"));
  }

  void duplicate(std::int64_t original) {
    issue_.say(now_, responder_, Comment::duplicate, random_, static_cast<std::int32_t>(original));
    now_ += 35;
    issue_.add(now_, EventKind::labeled, responder_, label("duplicate"));
    close(responder_, false);
  }

  void question() {
    issue_.say(now_, responder_, random_.chance(0.85) ? Comment::answer : Comment::wrong_place, random_);
    const bool thanked = random_.chance(0.5);
    if (thanked && until(later(0.6, 1.2))) issue_.say(now_, issue_.author, Comment::thanks, random_);
    if (!until(thanked ? later(0.2, 1) : later(12, 1.2))) return;
    if (random_.chance(0.93))
      close(thanked && random_.chance(0.4) ? issue_.author : people_.any_core(now_, kNobody, random_), true);
  }

  void feature() {
    issue_.say(now_, responder_, Comment::discuss, random_);
    const int rounds = random_.poisson(2.5);
    for (int i = 0; i < rounds; ++i) {
      if (!until(later(3, 1.6))) return;
      issue_.say(now_, random_.chance(0.35) ? issue_.author : people_.bystander(now_, random_), Comment::discuss,
                 random_);
    }
    if (random_.chance(0.5)) {
      want();
      return;
    }
    if (random_.chance(0.3)) return;  // never decided
    if (!until(later(45, 1.4))) return;
    const PersonId core = people_.reviewer(issue_.topic.module, now_, issue_.author, true, random_);
    issue_.say(now_ - 1, core, Comment::decline, random_);
    if (random_.chance(0.5)) issue_.add(now_, EventKind::labeled, core, label("wontfix"));
    close(core, false);
  }

  void defect() {
    const double draw = random_.uniform();
    if (draw < 0.27 && !ask_information()) return;
    if (draw > 0.88) {
      issue_.say(now_, responder_, random_.chance(0.3) ? Comment::wrong_place : Comment::decline, random_);
      if (until(later(0.02, 1)) && random_.chance(0.95)) close(responder_, false);
      return;
    }
    issue_.say(now_, responder_, Comment::confirm, random_);
    if (random_.chance(0.95)) want();  // the rest is too hard for anybody
  }

  // Back and forth; false when it ends here.
  bool ask_information() {
    issue_.say(now_, responder_, Comment::ask_information, random_);
    issue_.add(now_ + 31, EventKind::labeled, responder_, label("needs info"));
    now_ += 32;
    const Timestamp asked = now_;
    if (random_.chance(0.62)) {
      if (!until(later(1.2, 1.4))) return false;
      issue_.say(now_, issue_.author, Comment::give_information, random_);
      if (!until(later(1.5, 1.3))) return false;
      issue_.add(now_, EventKind::unlabeled, responder_, label("needs info"));
      return true;
    }
    if (random_.chance(0.08) || !until(asked + 30 * kDay + static_cast<Timestamp>(random_.lognormal(25, 0.8) * kDay)))
      return false;
    const PersonId core = people_.any_core(now_, issue_.author, random_);
    issue_.say(now_ - 1, core, Comment::close_stale, random_);
    close(core, false);
    return false;
  }

  const PlanContext& context_;
  const Calendar& calendar_;
  const People& people_;
  Issue& issue_;
  Random random_;
  std::int32_t milestone_;  // that of the next release
  Timestamp now_ = 0;
  PersonId responder_ = kNobody;
  bool form_used_ = false, form_was_right_ = false;
};

}  // namespace

double issue_response_factor(const Issue& issue) {
  double factor = issue.standing == Standing::newcomer ? kNewcomerFactor
                  : issue.standing >= Standing::core   ? kCoreFactor
                                                       : kRegularFactor;
  if (issue.type == IssueType::feature) factor *= kFeatureFactor;
  if (issue.type == IssueType::question) factor *= kQuestionFactor;
  if (modules()[issue.topic.module].neglected) factor *= kNeglectedFactor;
  return factor;
}

void plan_issue(const PlanContext& context, Issue& issue, std::int64_t original, bool noticed) {
  IssuePlan(context, issue).make(original, noticed);
}

}  // namespace resident::simulation

#include "simulate/plan.hpp"

namespace resident::simulation {

namespace {

void end_by_merge(Pull& pull, Timestamp at, PersonId reviewer, PersonId merger, bool approved, Random& random) {
  if (approved) {
    pull.events.push_back({at - 30, EventKind::approved, Comment::review_approve, 0, reviewer, 0, random.next()});
    pull.first_response = at - 30;
  }
  pull.merged = pull.closed = at;
  pull.merged_by = merger;
  pull.add(at, EventKind::merged, merger);
  pull.add(at + 1, EventKind::closed, merger);
}

void end_by_closing(Pull& pull, Timestamp at, PersonId who, Comment comment, Random& random) {
  pull.say(at - 1, who, comment, random);
  pull.add(at, EventKind::closed, who);
  pull.closed = at;
}

}  // namespace

Residency residency_of(std::optional<double> effect) {
  if (!effect) return {};
  const double ratio = 1 + *effect;
  return {ratio, ratio, ratio, 0.2};
}

void plan_backport(const PlanContext& context, Pull& pull) {
  Random random(context.seed, Purpose::pull_plan, static_cast<std::uint64_t>(pull.number));
  pull.add(pull.created, EventKind::committed, kBackportBot, 0);
  const double ratio = context.ratio(context.residency.merge);
  const auto at = context.calendar.wait(pull.created + kHour, 0.25, 1, ratio, random);
  if (!at) return;
  const PersonId resident = context.people.resident(*at);
  PersonId core = context.people.reviewer(pull.topic.module, *at, kNobody, true, random);
  if (context.with_resident && resident != kNobody && random.chance(context.residency.share(ratio))) core = resident;
  if (random.chance(0.04)) return end_by_closing(pull, *at, core, Comment::close_pull, random);
  const bool approved = random.chance(0.6);
  end_by_merge(pull, *at, core, approved && random.chance(0.7) ? kBackportBot : core, approved, random);
}

void plan_dependency(const PlanContext& context, Pull& pull) {
  Random random(context.seed, Purpose::pull_plan, static_cast<std::uint64_t>(pull.number));
  pull.add(pull.created, EventKind::committed, kDependencyBot, 0);
  pull.add(pull.created + 2, EventKind::labeled, kDependencyBot, context.labels.id("dependencies"));
  const auto at = context.calendar.wait(pull.created + kHour, 2, 1, context.ratio(context.residency.merge), random);
  const Timestamp superseded = pull.created + static_cast<Timestamp>(random.uniform(14, 70) * kDay);
  if (at && *at < superseded) {
    const PersonId core = context.people.any_core(*at, kNobody, random);
    return end_by_merge(pull, *at, core, core, random.chance(0.5), random);
  }
  if (superseded < context.calendar.end())
    end_by_closing(pull, superseded, kDependencyBot, Comment::superseded, random);
}

}  // namespace resident::simulation

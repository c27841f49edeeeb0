// How issues and pull requests begin: by whom, about what, and with which plan.
#include <algorithm>

#include "simulate/simulation.hpp"
#include "simulate/vocabulary.hpp"

namespace resident::simulation {

void Simulation::begin(Item& item, PersonId author, Timestamp at) {
  Person& person = people_[author];
  item.number = ++last_number_;
  item.seed = mix(mix(options_.seed, 41), static_cast<std::uint64_t>(item.number));
  item.author = author;
  item.created = at;
  item.standing = person.standing;
  item.first_time = person.items == 0 && person.standing == Standing::newcomer;
  item.contributed = person.merged > 0 || person.standing >= Standing::regular;
  item.milestone = milestones_.id(calendar_.next_version(at));
  if (item.first_time)
    ++truth_.newcomers;
  else if (person.standing == Standing::casual && person.items == 1)
    ++truth_.newcomers_returned;
  ++person.items;
}

void Simulation::count_load(const Item& item) {
  for (const Event& event : item.events)
    if (event.actor != item.author && event.at < options_.end &&
        (event.kind == EventKind::approved || event.kind == EventKind::changes_requested ||
         event.kind == EventKind::reviewed))
      people_.add_load(event.actor, event.at);
}

void Simulation::open_issue(Timestamp at) {
  auto issue = std::make_unique<Issue>();
  begin(*issue, people_.author(at, true), at);
  Random random(options_.seed, Purpose::topic, static_cast<std::uint64_t>(issue->number));
  std::int64_t original = 0;
  bool noticed = false;
  if (recent_.size() > 20 && random.chance(0.07)) {
    const Known& known =
        recent_[recent_.size() - 1 - std::min(random.below(recent_.size()), random.below(recent_.size()))];
    original = known.number;
    issue->topic = known.topic;
    issue->type = known.type;
    issue->topic.platform = static_cast<std::uint8_t>(random.below(platforms().size()));
    noticed = random.chance(0.75);
    truth_.duplicates.push_back({issue->number, original, noticed});
  } else {
    const std::uint8_t module = people_.module_for(issue->author, true, random);
    issue->topic = make_topic(module, minor(at), random);
    const double draw = random.uniform();
    issue->type = draw < 0.58   ? IssueType::bug
                  : draw < 0.78 ? IssueType::feature
                  : draw < 0.9  ? IssueType::question
                                : IssueType::documentation;
    if (modules()[module].kind == ModuleKind::docs && issue->type == IssueType::bug)
      issue->type = IssueType::documentation;
    recent_.push_back({issue->number, issue->type, issue->topic});
    if (recent_.size() > 400) recent_.erase(recent_.begin(), recent_.begin() + 200);
  }
  PlanContext context{calendar_, people_, labels_, options_.seed, residency_of(options_.resident_effect), true};
  if (at >= calendar_.resident_start() && at < options_.end - 7 * kDay) {
    Issue other = *issue;
    context.with_resident = false;
    plan_issue(context, other, original, noticed);
    context.with_resident = true;
    plan_issue(context, *issue, original, noticed);
    const auto soon = [&](const Issue& each) { return each.first_response && *each.first_response - at <= 7 * kDay; };
    truth_.issues_answered.count(soon(*issue), soon(other));
  } else {
    plan_issue(context, *issue, original, noticed);
  }
  people_.decide_return(issue->author, at, true, false);
  if (!issue->wanted) return writer_.issue(*issue);
  const std::int64_t number = issue->number;
  issues_.emplace(number, std::move(issue));
  want(number, at);
}

void Simulation::want(std::int64_t number, Timestamp at) {
  wanted_.push_back(number);
  Issue& issue = *issues_.at(number);
  issue.fixing_pull = 0;
  Random random(mix(issue.seed, static_cast<std::uint64_t>(at)));
  const double days = random.lognormal(issue.type == IssueType::feature ? 400 : 300, 1.1);
  schedule(std::max(at, issue.wanted_since) + static_cast<Timestamp>((2 + days) * kDay), Kind::give_up, number);
}

// An issue that the author would like to see solved; 0: none.
std::int64_t Simulation::wanted_issue(PersonId author, Timestamp now, Random& random) {
  if (wanted_gone_ > 50 + wanted_.size() / 2) {
    std::erase_if(wanted_, [&](std::int64_t number) { return !issues_.contains(number); });
    wanted_gone_ = 0;
  }
  const std::size_t window = std::min<std::size_t>(wanted_.size(), 40 + wanted_.size() / 3);
  std::size_t best = wanted_.size();
  int best_score = -1;
  for (int i = 0; i < 5 && window > 0; ++i) {
    const std::size_t place = wanted_.size() - 1 - random.below(window);
    const auto found = issues_.find(wanted_[place]);
    if (found == issues_.end()) continue;
    const Issue& issue = *found->second;
    int score = issue.author == author ? 3 : issue.type == IssueType::feature ? 0 : 1;
    for (int s = 0; s < people_[author].speciality_count; ++s)
      score += people_[author].specialities[s] == issue.topic.module ? 2 : 0;
    if (score <= best_score || issue.wanted_since >= now) continue;
    best = place;
    best_score = score;
  }
  if (best == wanted_.size()) return 0;
  const std::int64_t number = wanted_[best];
  wanted_[best] = 0;  // removed when many are
  ++wanted_gone_;
  return number;
}

void Simulation::shape(Pull& pull, Random& random) {
  const double draw = random.uniform();
  if (pull.fixes != 0) {
    const Issue& issue = *issues_.at(pull.fixes);
    pull.topic = issue.topic;
    pull.type = issue.type == IssueType::feature         ? PullType::feature
                : issue.type == IssueType::documentation ? PullType::documentation
                                                         : PullType::fix;
  } else {
    pull.topic = make_topic(people_.module_for(pull.author, false, random), minor(pull.created), random);
    using enum PullType;
    if (pull.standing <= Standing::casual)
      pull.type = draw < 0.35 ? documentation : draw < 0.75 ? fix : draw < 0.8 ? test : feature;
    else
      pull.type = draw < 0.33   ? fix
                  : draw < 0.55 ? feature
                  : draw < 0.75 ? refactoring
                  : draw < 0.89 ? test
                                : documentation;
    if (modules()[pull.topic.module].kind == ModuleKind::docs) pull.type = documentation;
  }
  const double size = random.uniform() - (pull.type == PullType::feature         ? 0.15
                                          : pull.type == PullType::documentation ? -0.3
                                                                                 : 0);
  pull.large = size < 0.1;
  const auto count = static_cast<std::size_t>(pull.large    ? random.between(9, 20)
                                              : size < 0.38 ? random.between(4, 8)
                                                            : random.between(1, 3));
  const std::size_t pushes = pull.large ? 2 + random.below(2) : random.chance(0.2) ? 2 : 1;
  for (std::size_t i = 0; i < pushes; ++i)
    pull.pushes.push_back(
        {pull.created,
         false,
         make_edits(history_.tree(), pull.topic, pull.type, std::max<std::size_t>(1, count / pushes), random),
         -1,
         {}});
  pull.merge_commit = random.chance(0.07);
  if (random.chance(0.05)) {
    const PersonId other = people_.bystander(pull.created, random);
    if (other != pull.author && !people_[other].deleted) pull.co_author = other;
  }
}

void Simulation::open_pull(Timestamp at) {
  auto pull = std::make_unique<Pull>();
  begin(*pull, people_.author(at, false), at);
  Random random(options_.seed, Purpose::topic, static_cast<std::uint64_t>(pull->number));
  PlanContext context{calendar_, people_, labels_, options_.seed, residency_of(options_.resident_effect), true};
  if (pull->author == kDependencyBot) {
    pull->type = PullType::dependency;
    pull->milestone = -1;
    pull->topic = make_topic(people_.module_for(pull->author, false, random), 0, random);
    pull->pushes.push_back(
        {at, false, make_edits(history_.tree(), pull->topic, PullType::refactoring, 1, random), -1, {}});
    plan_dependency(context, *pull);
    return start(std::move(pull));
  }
  if (random.chance(0.5)) pull->fixes = wanted_issue(pull->author, at, random);
  shape(*pull, random);
  if (pull->fixes != 0) {
    Issue& issue = *issues_.at(pull->fixes);
    issue.fixing_pull = pull->number;
    issue.add(at + 3, EventKind::cross_referenced, pull->author, static_cast<std::int32_t>(pull->number));
  }
  if (at >= calendar_.resident_start() && at < options_.end - 30 * kDay) {
    Pull other = *pull;
    context.with_resident = false;
    plan_pull(context, other, history_.tree(), ci_.tests());
    context.with_resident = true;
    plan_pull(context, *pull, history_.tree(), ci_.tests());
    const auto soon = [&](const Pull& each) { return each.first_response && *each.first_response - at <= 7 * kDay; };
    const auto merged = [&](const Pull& each) { return each.merged && *each.merged - at <= 30 * kDay; };
    truth_.pulls_answered.count(soon(*pull), soon(other));
    truth_.pulls_merged.count(merged(*pull), merged(other));
  } else {
    plan_pull(context, *pull, history_.tree(), ci_.tests());
  }
  const bool soon = pull->first_response && *pull->first_response - at <= kSoon;
  people_.decide_return(pull->author, at, false, soon);
  start(std::move(pull));
}

void Simulation::open_backport(const Operation& operation) {
  const Backport backport = std::move(backports_.extract(operation.number).mapped());
  if (!history_.has_branch(backport.base)) return;
  auto pull = std::make_unique<Pull>();
  begin(*pull, kBackportBot, operation.at);
  pull->type = PullType::backport;
  pull->milestone = -1;
  pull->topic = backport.topic;
  pull->base = backport.base;
  pull->original = backport.original;
  pull->original_id = backport.id;
  pull->original_title = backport.title;
  pull->co_author = backport.author;
  pull->pushes.push_back({operation.at, false, backport.edits, -1, {}});
  plan_backport({calendar_, people_, labels_, options_.seed, residency_of(options_.resident_effect), true}, *pull);
  start(std::move(pull));
}

}  // namespace resident::simulation

#include "simulate/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/progress.hpp"
#include "simulate/vocabulary.hpp"

namespace resident::simulation {

namespace {

constexpr double kPullsPerIssue = 1.38;
constexpr double kMaterialPulls = 20000;   // all of them up to here
constexpr Timestamp kLastDays = 8 * kDay;  // a breakage from here on stays

double material_share(const SimulationOptions& options) {
  const double pulls = kPullsPerIssue * static_cast<double>(options.issues);
  if (!options.repository || pulls <= kMaterialPulls) return 1;
  return std::pow(pulls / kMaterialPulls, 0.2 - 1);
}

}  // namespace

Simulation::Simulation(const SimulationOptions& options)
    : options_(options),
      calendar_(options.end - static_cast<Timestamp>(options.years * kMeanYear), options.end, options.resident_start),
      people_(options.seed, calendar_, options.issues),
      repository_(options.directory / "repository.git", options.repository, options.seed),
      history_(options.seed, people_, repository_),
      writer_(options.directory / "project.jsonl", people_, labels_, milestones_, options.end),
      ci_(options.seed, calendar_, options.issues, writer_, options.builders, options.directory / "ci-truth.jsonl"),
      benchmarks_(options.seed, calendar_),
      random_(options.seed, Purpose::authors),
      material_share_(material_share(options)),
      // Large projects test before they merge: 25 breakages a year at most.
      breakage_rate_(std::min(0.02, 25 * options.years / static_cast<double>(options.issues) / material_share_)),
      next_day_(calendar_.start()) {}

SimulationSummary Simulation::run() {
  writer_.project(options_.seed);
  history_.import_source(calendar_.start());
  for (std::size_t i = 0; i < calendar_.releases().size(); ++i) {
    const Timestamp at = calendar_.releases()[i].at;
    schedule(at, Kind::release, static_cast<std::int64_t>(i));
    for (int point = 0; point < 4; ++point)
      schedule(at + (60 + 80 * point) * kDay, Kind::point_release, static_cast<std::int64_t>(i));
  }
  Random arrivals(options_.seed, Purpose::arrivals);
  const std::vector<Timestamp> issues = calendar_.arrivals(arrivals, options_.issues, true);
  const auto pulls_wanted = static_cast<std::int64_t>(kPullsPerIssue * static_cast<double>(options_.issues));
  const std::vector<Timestamp> pulls = calendar_.arrivals(arrivals, pulls_wanted, false);
  Progress progress("simulating", issues.size() + pulls.size());
  for (std::size_t i = 0, p = 0; i < issues.size() || p < pulls.size(); progress.advance()) {
    const bool issue = p == pulls.size() || (i < issues.size() && issues[i] <= pulls[p]);
    const Timestamp at = issue ? issues[i++] : pulls[p++];
    advance(at);
    issue ? open_issue(at) : open_pull(at);
  }
  advance(options_.end - 1);
  write_rest();
  progress.finish();
  repository_.finish();
  writer_.finish();
  ci_.finish();
  SimulationSummary summary = writer_.counts();
  summary.commits = repository_.commits();
  summary.people = static_cast<std::int64_t>(people_.count());
  write_truth(options_.directory / "truth.json", options_, summary, calendar_, people_, history_, ci_, benchmarks_,
              truth_);
  return summary;
}

void Simulation::schedule(Timestamp at, Kind kind, std::int64_t number) {
  if (at < options_.end) queue_.push({at, ++operations_, kind, number});
}

void Simulation::advance(Timestamp until) {
  for (;;) {
    const bool operation = !queue_.empty() && queue_.top().at <= until && queue_.top().at < next_day_;
    if (!operation && next_day_ > until) return;
    if (operation) {
      const Operation next = queue_.top();
      queue_.pop();
      execute(next);
    } else {
      day(next_day_);
      next_day_ += kDay;
    }
  }
}

void Simulation::execute(const Operation& operation) {
  switch (operation.kind) {
    case Kind::push:
      return push(*pulls_.at(operation.number));
    case Kind::finish:
      return finish(operation.number);
    case Kind::backport:
      return open_backport(operation);
    case Kind::give_up:
      return give_up(operation);
    case Kind::repair:
      return repair(operation);
    default:
      return release(operation);
  }
}

void Simulation::repair(const Operation& operation) {
  Breakage& breakage = ci_.breakages()[static_cast<std::size_t>(operation.number)];
  const std::string& test = ci_.name(breakage.test);
  const PersonId core = people_.any_core(operation.at, kNobody, random_);
  const std::string path = test.substr(0, test.find(':'));
  const bool revert = random_.chance(0.4);
  const std::string message =
      revert ? fmt::format("Revert a part of #{}\n\nThis reverts commit {} as far as {} is concerned.\n", breakage.pull,
                           breakage.broken_by, path)
             : fmt::format("Fix {}, broken since #{}\n", path, breakage.pull);
  breakage.fixed_by = history_.repair(message, core, operation.at, path, random_.next());
  breakage.until = operation.at;
  if (revert) truth_.reverts.emplace_back(breakage.fixed_by, breakage.broken_by);
  ci_.run(breakage.fixed_by, 0, "main", operation.at, -1, operation.at);
}

void Simulation::release(const Operation& operation) {
  const auto& releases = calendar_.releases();
  const auto index = static_cast<std::size_t>(operation.number);
  const PersonId manager = people_.core().front();
  if (operation.kind == Kind::point_release)
    return history_.point_release(releases[index].version, manager, operation.at);
  if (index >= 2) history_.retire(releases[index - 2].version);
  history_.release(releases[index].version, manager, operation.at);
}

// The routine of a day, at its first second.
void Simulation::day(Timestamp midnight) {
  people_.tick(midnight);
  if (midnight > calendar_.start()) benchmarks_.measure(writer_, history_.main_id(), midnight - 10 * kMinute);
}

int Simulation::minor(Timestamp at) const {
  return std::stoi(calendar_.released(at).version.substr(2));
}

// Makes the pushes of the opening and schedules the rest.
void Simulation::start(std::unique_ptr<Pull> owned) {
  Pull& pull = *owned;
  const std::int64_t number = pull.number;
  if (pull.type != PullType::backport)
    pull.material =
        Random(options_.seed, Purpose::material, static_cast<std::uint64_t>(number)).chance(material_share_);
  if (pull.material) ++truth_.material_pulls;
  pulls_.emplace(number, std::move(owned));
  count_load(pull);
  for (const Push& each : std::vector<Push>(pull.pushes)) {
    if (each.at <= pull.created)
      push(pull);
    else if (!pull.closed || each.at < *pull.closed)
      schedule(each.at, Kind::push, number);
  }
  if (pull.closed) schedule(*pull.closed, Kind::finish, number);
}

void Simulation::push(Pull& pull) {
  history_.push(pull);
  const Push& push = pull.pushes[pull.pushed - 1];
  // Tests of first contributions wait until somebody has looked at them.
  std::optional<Timestamp> start = push.at;
  if (pull.first_time && (!pull.first_response || *pull.first_response > push.at)) start = pull.first_response;
  const bool newest = pull.pushed == pull.pushes.size() || pull.pushes[pull.pushed].at > push.at;
  if (newest)
    ci_.run(push.id, pull.number,
            pull.type == PullType::backport ? fmt::format("backport-{}-{}", pull.original, pull.base)
                                            : fmt::format("pull-{}", pull.number),
            push.at, push.broken_test, start);
}

void Simulation::finish(std::int64_t number) {
  const auto owned = std::move(pulls_.extract(number).mapped());
  Pull& pull = *owned;
  if (pull.merged)
    merged(pull);
  else if (pull.fixes != 0 && issues_.contains(pull.fixes))
    want(pull.fixes, *pull.closed);
  writer_.pull(pull);
}

void Simulation::merged(Pull& pull) {
  const Timestamp at = *pull.merged;
  history_.merge(pull);
  const bool ours = pull.type != PullType::backport;
  if (ours && breaks_main(pull)) {
    const bool last = at > options_.end - kLastDays;
    broken_for_good_ = broken_for_good_ || last;
    ci_.breakages().push_back({random_.below(ci_.tests()), pull.merge_id, pull.number, at, {}, {}});
    const Timestamp repaired =
        last ? options_.end : at + 2 * kHour + static_cast<Timestamp>(random_.lognormal(0.7, 0.9) * kDay);
    schedule(repaired, Kind::repair, static_cast<std::int64_t>(ci_.breakages().size()) - 1);
  }
  ci_.run(pull.merge_id, 0, pull.base, at, -1, at);
  if (!ours) return;
  people_.note_merge(pull.author, at);
  if (pull.fixes != 0) close_issue(pull.fixes, pull);
  if (!pull.material || pull.type == PullType::dependency) return;
  // What touches no code changes no speed.
  if (pull.type != PullType::documentation && pull.type != PullType::test)
    benchmarks_.commit(pull.merge_id, pull.number, at);
  open_backport_later(pull);
}

// Some merges break a test that nobody saw before; one stays broken to the end.
bool Simulation::breaks_main(const Pull& pull) {
  if (!pull.material || pull.type == PullType::dependency || broken_for_good_) return false;
  const Timestamp left = options_.end - *pull.merged;
  return (left < kLastDays && left > 3 * kHour) || random_.chance(breakage_rate_);
}

void Simulation::open_backport_later(Pull& pull) {
  const Timestamp at = *pull.merged;
  const Release& release = calendar_.released(at);
  if (pull.type != PullType::fix || !history_.has_branch(release.version) || !random_.chance(0.42)) return;
  const std::int32_t label = labels_.id("needs backport to " + release.version);
  pull.add(at - 1, EventKind::labeled, pull.merged_by, label);
  pull.say(at + 40, kBackportBot, Comment::backport_started, random_);
  Backport backport{pull.number, release.version, pull.merge_id, title_of(pull), pull.topic, pull.author, {}};
  for (const Push& push : pull.pushes)
    for (const Edit& edit : push.edits)
      if (edit.kind != EditKind::rename && edit.kind != EditKind::create) backport.edits.push_back(edit);
  const Timestamp opened = at + random_.between(90, 900);
  pull.add(opened, EventKind::unlabeled, kBackportBot, label);
  backports_.emplace(++last_backport_, std::move(backport));
  schedule(opened, Kind::backport, last_backport_);
}

void Simulation::close_issue(std::int64_t number, const Pull& pull) {
  const auto found = issues_.find(number);
  if (found == issues_.end()) return;
  Issue& issue = *found->second;
  const Timestamp at = *pull.merged + 2;
  issue.closing_commit = pull.merge_id;
  issue.closed = at;
  issue.add(at, EventKind::closed, pull.merged_by, static_cast<std::int32_t>(pull.number));
  Random random(options_.seed, Purpose::closing, static_cast<std::uint64_t>(number));
  if (random.chance(0.2)) issue.say(at + random.between(kHour, 4 * kDay), issue.author, Comment::thanks, random);
  if (random.chance(0.035)) {  // not quite fixed
    const Timestamp again = at + kHour + static_cast<Timestamp>(random.lognormal(5, 1) * kDay);
    const Timestamp closed = again + kHour + static_cast<Timestamp>(random.lognormal(20, 1.2) * kDay);
    if (again < options_.end) {
      issue.say(again - 1, issue.author, Comment::reopen, random);
      issue.add(again, EventKind::reopened, people_.may_merge(issue.author) ? issue.author : pull.merged_by);
      issue.closed.reset();
      if (closed < options_.end) {
        const PersonId core = people_.any_core(again, kNobody, random);
        issue.say(closed - 1, core, Comment::fixed, random);
        issue.add(closed, EventKind::closed, core);
        issue.closed = closed;
      }
    }
  }
  writer_.issue(issue);
  issues_.erase(found);
}

// Nobody took it up: somebody closes it, mostly.
void Simulation::give_up(const Operation& operation) {
  const auto found = issues_.find(operation.number);
  if (found == issues_.end() || found->second->fixing_pull != 0) return;
  Issue& issue = *found->second;
  Random random(options_.seed, Purpose::closing, static_cast<std::uint64_t>(operation.number));
  if (!random.chance(0.5)) return;
  const PersonId core = people_.any_core(operation.at, kNobody, random);
  issue.completed = random.chance(0.3);
  issue.say(operation.at - 1, core,
            issue.completed      ? Comment::fixed
            : random.chance(0.5) ? Comment::decline
                                 : Comment::close_stale,
            random);
  issue.add(operation.at, EventKind::closed, core);
  issue.closed = operation.at;
  writer_.issue(issue);
  issues_.erase(found);
  ++wanted_gone_;
}

void Simulation::write_rest() {
  std::vector<std::int64_t> numbers;
  for (const auto& entry : issues_) numbers.push_back(entry.first);
  for (const auto& entry : pulls_) numbers.push_back(entry.first);
  std::sort(numbers.begin(), numbers.end());
  for (std::int64_t number : numbers) {
    if (const auto issue = issues_.find(number); issue != issues_.end())
      writer_.issue(*issue->second);
    else
      writer_.pull(*pulls_.at(number));
  }
  for (const std::string& label : labels_.all()) writer_.label(label);
  for (const std::string& milestone : milestones_.all()) {
    const auto& releases = calendar_.releases();
    const auto release =
        std::find_if(releases.begin(), releases.end(), [&](const Release& each) { return each.version == milestone; });
    const Timestamp due = release != releases.end() ? release->at : releases.back().at + 365 * kDay;
    writer_.milestone(milestone, release == releases.end(), due);
  }
}

}  // namespace resident::simulation

#include "simulate/people.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "simulate/vocabulary.hpp"

namespace resident::simulation {

namespace {

constexpr double kSpecialityWeights[] = {1.0, 0.45, 0.25};

std::uint8_t popular_module(Random& random, bool issue) {
  static const double total = [] {
    double sum = 0;
    for (const Module& module : modules()) sum += module.popularity;
    return sum;
  }();
  // People new to a project like to begin with its documentation.
  if (!issue && random.chance(0.08)) return 14;
  double left = random.uniform() * total;
  for (std::size_t i = 0; i < modules().size(); ++i)
    if ((left -= modules()[i].popularity) < 0) return static_cast<std::uint8_t>(i);
  return 0;
}

std::size_t scaled(std::int64_t issues) {  // the size of the core team at the start
  return static_cast<std::size_t>(8 + 0.33 * std::sqrt(static_cast<double>(issues)));
}

}  // namespace

People::People(std::uint64_t seed, const Calendar& calendar, std::int64_t issues)
    : seed_(seed), calendar_(calendar), random_(seed, Purpose::people) {
  names_taken_.resize(given_names().size() * family_names().size());
  experts_.resize(modules().size());
  for (int bot = 0; bot < 3; ++bot) add(Standing::bot, calendar.start(), 1);
  const std::size_t core = scaled(issues);
  for (std::size_t i = 0; i < core; ++i) {
    // Zipf: the first does as much as the next few together.
    const PersonId person =
        add(Standing::core, calendar.start(), static_cast<float>(1.0 / std::pow(static_cast<double>(i + 1), 0.8)));
    specialise(people_[person], static_cast<std::uint8_t>(i % modules().size()));
    if (i > 0 && random_.chance(0.25))  // leaves some day
      people_[person].left =
          calendar.start() +
          static_cast<Timestamp>(random_.uniform(0.2, 1.0) * static_cast<double>(calendar.end() - calendar.start()));
    core_.push_back(person);
  }
  for (std::size_t i = 0; i < 2 * core; ++i) {
    const PersonId person = add(Standing::regular, calendar.start(), static_cast<float>(random_.lognormal(0.5, 0.9)));
    specialise(people_[person], popular_module(random_, true));
    if (random_.chance(0.4))
      people_[person].left =
          calendar.start() + static_cast<Timestamp>(random_.exponential() * 3 * 365 * kDay) + 30 * kDay;
    regulars_.push_back(person);
  }
  resident_ = add(Standing::resident, calendar.resident_start(), 0);
  people_[resident_].deleted = false;
  specialise(people_[resident_], 0);
  for (PersonId person = 0; person < people_.size(); ++person)
    if (people_[person].standing >= Standing::core) people_[person].deleted = false;
  rebuild(calendar.start());
}

PersonId People::add(Standing standing, Timestamp time, float weight) {
  static constexpr std::int8_t kZones[] = {-8, -7, -5, -5, -3, 0, 0, 1, 1, 1, 2, 2, 3, 5, 8, 8, 9, 10};
  Person person;
  person.standing = standing;
  person.weight = weight;
  person.joined = time;
  person.zone = random_.pick(kZones);
  person.given = static_cast<std::uint16_t>(random_.below(given_names().size()));
  person.family = static_cast<std::uint16_t>(random_.below(family_names().size()));
  person.deleted = standing != Standing::bot && random_.chance(0.02);
  if (standing != Standing::bot) {
    const std::size_t name = person.given * family_names().size() + person.family;
    person.numbered = names_taken_[name];
    names_taken_[name] = true;
  }
  people_.push_back(person);
  loads_.emplace_back();
  return static_cast<PersonId>(people_.size() - 1);
}

void People::specialise(Person& person, std::uint8_t first) {
  const bool core = person.standing >= Standing::core;
  const std::size_t wanted = (core ? 2 : 1) + random_.below(2);
  person.speciality_count = 0;
  for (std::uint8_t next = first; person.speciality_count < wanted; next = popular_module(random_, true)) {
    if (core && modules()[next].neglected) continue;
    const auto end = person.specialities + person.speciality_count;
    if (std::find(person.specialities, end, next) == end) person.specialities[person.speciality_count++] = next;
  }
}

Identity People::identity(PersonId id) const {
  const Person& person = people_[id];
  Identity result;
  Random random(seed_, Purpose::identity, id);
  result.account = 1000 + 13 * static_cast<std::int64_t>(id) + static_cast<std::int64_t>(random.below(13));
  if (person.standing == Standing::bot) {
    static constexpr const char* kLogins[] = {"courier-bot", "freshen[bot]", "label-clerk[bot]"};
    result.login = result.name = kLogins[id];
    result.names = {result.name};
    result.emails = {fmt::format("{}+{}@users.noreply.github.com", result.account, result.login)};
    return result;
  }
  const Name& given = given_names()[person.given];
  const Name& family = family_names()[person.family];
  const std::string number = person.numbered ? std::to_string(id) : "";
  result.name = fmt::format("{} {}", given.shown, family.shown);
  switch (random.below(5)) {
    case 0:
      result.login = fmt::format("{}{}{}", given.ascii, family.ascii, number);
      break;
    case 1:
      result.login = fmt::format("{}-{}{}", given.ascii, family.ascii, number);
      break;
    case 2:
      result.login = fmt::format("{}-{}{}", family.ascii, given.ascii, number);
      break;
    case 3:
      result.login = fmt::format("{}{}{}", family.ascii, given.ascii, number);
      break;
    default:
      result.login = fmt::format("{}{}-dev{}", given.ascii, family.ascii, number);
  }
  result.names = {result.name};
  if (random.chance(0.12)) result.names.push_back(fmt::format("{} {}", given.ascii, family.ascii));
  if (random.chance(0.08)) result.names.push_back(result.login);
  const char* domain = random.chance(0.6) ? "example.org" : "example.com";
  result.emails = {fmt::format("{}.{}{}@{}", given.ascii, family.ascii, number, domain)};
  if (random.chance(0.3)) result.emails.push_back(fmt::format("{}@example.com", result.login));
  if (random.chance(0.1))
    result.emails.push_back(fmt::format("work.{}.{}{}@example.com", family.ascii, given.ascii, number));
  result.private_email = random.chance(0.35);
  if (random.chance(0.03))  // from before the account was renamed
    result.emails.push_back(fmt::format("{}+{}-old{}@users.noreply.github.com", result.account, family.ascii, number));
  if (result.private_email)
    result.emails.push_back(fmt::format("{}+{}@users.noreply.github.com", result.account, result.login));
  return result;
}

std::string People::signature(PersonId id, Timestamp time, bool web) const {
  const Identity who = identity(id);
  const std::size_t own = who.emails.size() - (who.private_email ? 1 : 0);
  // Addresses change with jobs and machines: one a half-year, mostly the proper one.
  Random random(mix(mix(seed_, id), static_cast<std::uint64_t>(time / (180 * kDay))));
  std::string email = who.emails[own > 1 && random.chance(0.45) ? 1 + random.below(own - 1) : 0];
  const std::string name =
      who.names[who.names.size() > 1 && random.chance(0.4) ? 1 + random.below(who.names.size() - 1) : 0];
  if (web && who.private_email) email = who.emails.back();
  const int zone = web ? 0 : people_[id].zone;
  return fmt::format("{} <{}> {} {}{:02}00", name, email, time, zone < 0 ? '-' : '+', std::abs(zone));
}

void People::rebuild(Timestamp time) {
  const auto gone = [&](PersonId person) { return people_[person].left != 0 && people_[person].left <= time; };
  const auto sum = [&](std::vector<PersonId>& pool, std::vector<double>& sums) {
    std::erase_if(pool, gone);
    sums.clear();
    double total = 0;
    for (PersonId person : pool) sums.push_back(total += people_[person].weight);
  };
  sum(core_, core_sums_);
  sum(regulars_, regular_sums_);
  for (auto& experts : experts_) experts.clear();
  const std::size_t most_regulars = 40;
  for (const auto* pool : {&core_, &regulars_})
    for (PersonId person : *pool)
      for (int i = 0; i < people_[person].speciality_count; ++i) {
        auto& experts = experts_[people_[person].specialities[i]];
        if (pool == &core_ || experts.size() < most_regulars) experts.push_back(person);
      }
  next_rebuild_ = time + 30 * kDay;
}

void People::tick(Timestamp day) {
  if (day >= next_rebuild_) rebuild(day);
}

PersonId People::weighted(const std::vector<PersonId>& pool, const std::vector<double>& sums, Random& random) const {
  if (pool.empty()) return kNobody;
  const auto found = std::upper_bound(sums.begin(), sums.end(), random.uniform() * sums.back());
  return pool[static_cast<std::size_t>(std::min<std::ptrdiff_t>(found - sums.begin(), std::ssize(sums) - 1))];
}

PersonId People::author(Timestamp time, bool issue) {
  const bool take = random_.chance(0.9);
  if (take && !returns_.empty() && returns_.top().at <= time) {
    const PersonId person = returns_.top().person;
    returns_.pop();
    if (people_[person].standing == Standing::newcomer) people_[person].standing = Standing::casual;
    return person;
  }
  const double draw = random_.uniform();
  // Issues come from many users; code from few.
  const double core = issue ? 0.24 : 0.46, regular = issue ? 0.5 : 0.78, bot = issue ? 0 : 0.04;
  PersonId person = kNobody;
  if (draw < core)
    person = weighted(core_, core_sums_, random_);
  else if (draw < regular)
    person = weighted(regulars_, regular_sums_, random_);
  else if (draw < regular + bot)
    return kDependencyBot;
  if (people_[resident_].joined <= time && !issue && person != kNobody && random_.chance(0.06)) return resident_;
  return person != kNobody ? person : add(Standing::newcomer, time, 1);
}

void People::decide_return(PersonId id, Timestamp time, bool issue, bool answered_soon) {
  Person& person = people_[id];
  if (person.standing != Standing::newcomer && person.standing != Standing::casual) return;
  const double probability = person.standing == Standing::casual ? kReturnAgain
                             : issue                             ? kReturnAfterIssue
                             : answered_soon                     ? kReturnAfterSoonAnswer
                                                                 : kReturnAfterLateAnswer;
  if (random_.chance(probability))
    returns_.push(
        {time + static_cast<Timestamp>(random_.lognormal(person.standing == Standing::casual ? 25 : 35, 1.1) * kDay),
         id});
}

void People::note_merge(PersonId id, Timestamp time) {
  Person& person = people_[id];
  ++person.merged;
  if (person.standing == Standing::casual && person.merged >= 3 && random_.chance(kBecomeRegular)) {
    person.standing = Standing::regular;
    person.joined = time;
    person.weight = static_cast<float>(random_.lognormal(0.7, 0.8));
    specialise(person, popular_module(random_, false));
    if (random_.chance(0.5)) person.left = time + static_cast<Timestamp>((0.3 + random_.exponential()) * 700 * kDay);
    regulars_.push_back(id);
    rebuild(time);
  } else if (person.standing == Standing::regular && !person.deleted && person.merged >= 25 &&
             person.merged % 10 == 0 && (person.left == 0 || person.left > time + 200 * kDay) &&
             random_.chance(kRegularBecomesCore)) {
    person.standing = Standing::core;
    specialise(person, person.specialities[0]);
    person.joined = time;
    person.weight = static_cast<float>(random_.uniform(0.15, 0.5));
    std::erase(regulars_, id);
    core_.push_back(id);
    rebuild(time);
  }
}

std::uint8_t People::module_for(PersonId id, bool issue, Random& random) const {
  const Person& person = people_[id];
  if (id == kDependencyBot) return static_cast<std::uint8_t>(modules().size() - 1);
  if (person.speciality_count == 0 || person.standing == Standing::resident || random.chance(0.25))
    return popular_module(random, issue);
  double total = 0;
  for (int i = 0; i < person.speciality_count; ++i) total += kSpecialityWeights[i];
  double left = random.uniform() * total;
  for (int i = 0; i < person.speciality_count; ++i)
    if ((left -= kSpecialityWeights[i]) < 0) return person.specialities[i];
  return person.specialities[0];
}

double People::expertise(PersonId id, std::uint8_t module) const {
  const Person& person = people_[id];
  for (int rank = 0; rank < person.speciality_count; ++rank)
    if (person.specialities[rank] == module) return kSpecialityWeights[rank] * static_cast<double>(person.weight);
  return 0;
}

double People::load(PersonId person, Timestamp time) const {
  const Load& load = loads_[person];
  return load.value * std::exp(-static_cast<double>(time - load.at) / (14 * kDay));
}

void People::add_load(PersonId person, Timestamp time) {
  Load& load = loads_[person];
  if (time < load.at) {
    load.value += 1;
    return;
  }
  load.value = static_cast<float>(this->load(person, time)) + 1;
  load.at = time;
}

PersonId People::reviewer(std::uint8_t module, Timestamp time, PersonId except, bool core, Random& random) const {
  const std::vector<PersonId>& experts = experts_[module];
  if (experts.empty() || random.chance(0.15)) return any_core(time, except, random);
  thread_local std::vector<double> sums;
  sums.clear();
  double total = 0;
  for (PersonId id : experts) {
    const Person& person = people_[id];
    double weight = 0;
    if (id != except && (person.left == 0 || person.left > time) && (!core || person.standing >= Standing::core)) {
      int rank = 0;
      while (person.specialities[rank] != module) ++rank;
      weight = kSpecialityWeights[rank] * std::sqrt(person.weight) / (1 + 0.25 * load(id, time));
      if (person.standing == Standing::regular) weight *= 0.2;
    }
    sums.push_back(total += weight);
  }
  if (total <= 0) return any_core(time, except, random);
  const auto found = std::upper_bound(sums.begin(), sums.end(), random.uniform() * total);
  return experts[static_cast<std::size_t>(std::min<std::ptrdiff_t>(found - sums.begin(), std::ssize(sums) - 1))];
}

PersonId People::any_core(Timestamp time, PersonId except, Random& random) const {
  PersonId person = weighted(core_, core_sums_, random);
  for (int tries = 0; tries < 20; ++tries) {
    if (person != except && (people_[person].left == 0 || people_[person].left > time)) return person;
    person = weighted(core_, core_sums_, random);
  }
  return person != except ? person : core_.front() != except ? core_.front() : core_.back();
}

PersonId People::bystander(Timestamp time, Random& random) const {
  if (random.chance(0.5) && !regulars_.empty()) return weighted(regulars_, regular_sums_, random);
  if (random.chance(0.6)) {  // anybody who was seen lately
    const std::size_t recent = std::min<std::size_t>(200, people_.size() - 3);
    const auto id = static_cast<PersonId>(people_.size() - 1 - random.below(recent));
    if (id != resident_ && people_[id].joined <= time && people_[id].standing != Standing::bot) return id;
  }
  return any_core(time, kNobody, random);
}

}  // namespace resident::simulation

// Who takes part: newcomers, casual and regular contributors, the core team, the
// resident and three bots. A person's names and addresses are not stored but
// derived from the seed and the person's number, so a million people are cheap.
//
// Two people may share a name but never a login or an address.
#pragma once

#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "simulate/calendar.hpp"
#include "simulate/random.hpp"

namespace resident::simulation {

using PersonId = std::uint32_t;
inline constexpr PersonId kNobody = 0xffffffff, kBackportBot = 0, kDependencyBot = 1, kLabelBot = 2;
// Stands for GitHub itself as the committer of what is merged on the web.
inline constexpr const char* kForgeIdentity = "GitHub <noreply@github.com>";

enum class Standing : std::uint8_t { bot, newcomer, casual, regular, core, resident };

struct Person {
  Standing standing = Standing::newcomer;
  bool deleted = false;   // the account, by the time of the export
  bool numbered = false;  // another person has the same name
  std::int8_t zone = 0;   // hours east of UTC
  float weight = 1;       // activity
  std::uint16_t given = 0, family = 0;
  std::uint8_t speciality_count = 0;
  std::uint8_t specialities[3] = {0, 0, 0};  // modules, the strongest first
  std::uint32_t items = 0, merged = 0;
  Timestamp joined = 0, left = 0;  // as core or regular; left 0: still there
};

struct Identity {
  std::string login;
  std::int64_t account = 0;
  std::string name;
  std::vector<std::string> names;   // as seen in commits; the first is proper
  std::vector<std::string> emails;  // the first is proper; the last may be the noreply address
  bool private_email = false;       // commits made on the web carry the noreply address
};

class People {
 public:
  People(std::uint64_t seed, const Calendar& calendar, std::int64_t issues);

  std::size_t count() const { return people_.size(); }
  Person& operator[](PersonId person) { return people_[person]; }
  const Person& operator[](PersonId person) const { return people_[person]; }
  Identity identity(PersonId person) const;
  // "Name <address> seconds zone", as git wants it; web: made by a button on the forge.
  std::string signature(PersonId person, Timestamp time, bool web) const;
  std::string login(PersonId person) const { return identity(person).login; }

  // Who opens the next item; may be somebody new. Calls must be in order of time.
  PersonId author(Timestamp time, bool issue);
  // A newcomer's contribution was answered (or not): decides whether they return.
  void decide_return(PersonId person, Timestamp time, bool issue, bool answered_soon);
  // After a merge, people may rise.
  void note_merge(PersonId person, Timestamp time);

  // A module the person works on.
  std::uint8_t module_for(PersonId person, bool issue, Random& random) const;
  // Somebody fit to review or triage in the module who is none of the two; regulars
  // only where core is not needed.
  PersonId reviewer(std::uint8_t module, Timestamp time, PersonId except, bool core, Random& random) const;
  PersonId any_core(Timestamp time, PersonId except, Random& random) const;
  PersonId bystander(Timestamp time, Random& random) const;
  PersonId resident(Timestamp time) const { return time >= calendar_.resident_start() ? resident_ : kNobody; }
  PersonId resident_id() const { return resident_; }
  // Those who know a module, core first; brought up to date about once a month.
  const std::vector<PersonId>& experts(std::uint8_t module) const { return experts_[module]; }
  // Activity times the share of it in the module; 0 for others.
  double expertise(PersonId person, std::uint8_t module) const;
  const std::vector<PersonId>& core() const { return core_; }
  bool may_merge(PersonId person) const { return people_[person].standing >= Standing::core; }
  // Reviews weigh on those who did many lately.
  void add_load(PersonId person, Timestamp time);
  // Once a day: people leave, weights are summed anew once a month.
  void tick(Timestamp day);

 private:
  PersonId add(Standing standing, Timestamp time, float weight);
  void specialise(Person& person, std::uint8_t first);
  void rebuild(Timestamp time);
  PersonId weighted(const std::vector<PersonId>& pool, const std::vector<double>& sums, Random& random) const;

  struct Return {
    Timestamp at;
    PersonId person;
    bool operator>(const Return& other) const { return at != other.at ? at > other.at : person > other.person; }
  };
  struct Load {
    float value = 0;
    Timestamp at = 0;
  };
  double load(PersonId person, Timestamp time) const;

  std::uint64_t seed_;
  const Calendar& calendar_;
  Random random_;
  std::vector<Person> people_;
  std::vector<bool> names_taken_;
  std::vector<PersonId> core_, regulars_;
  std::vector<double> core_sums_, regular_sums_;
  std::vector<std::vector<PersonId>> experts_;  // per module, core and regulars
  std::vector<Load> loads_;                     // by person, for those who review
  std::priority_queue<Return, std::vector<Return>, std::greater<>> returns_;
  PersonId resident_ = kNobody;
  Timestamp next_rebuild_ = 0;
};

// What decides whether newcomers come back; written to truth.json.
inline constexpr double kReturnAfterSoonAnswer = 0.42, kReturnAfterLateAnswer = 0.22, kReturnAfterIssue = 0.15,
                        kReturnAgain = 0.62, kBecomeRegular = 0.12, kRegularBecomesCore = 0.15;
inline constexpr Timestamp kSoon = 7 * kDay;

}  // namespace resident::simulation

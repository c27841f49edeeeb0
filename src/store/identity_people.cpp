// From identities and links to people: who they are called, and whether they are bots.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <config/bots.hpp>
#include <store/identity_graph.hpp>
#include <store/summaries.hpp>

namespace resident {

namespace {

// Changes with every change of the rules: people are then computed anew.
constexpr int kRules = 2;
// Reviews with a decision that make a person of an account with a bot's name.
constexpr std::int64_t kDecisions = 2;

struct Verdict {
  bool is_bot = false;
  std::string reason;   // why a bot
  std::string decided;  // what decided, in words
};

std::string called(const Identity& identity) {
  return identity.login.empty() ? fmt::format("the name “{}”", identity.real_name) : "@" + identity.login;
}

// An account says more than a name in git: whoever has one that is no bot's is a person.
Verdict by_accounts(const std::vector<const Identity*>& accounts) {
  std::int64_t decisions = 0;
  for (const Identity* account : accounts) {
    if (account->bot_reason.empty())
      return {false,
              {},
              fmt::format("@{} {}", account->login,
                          account->account_type.empty()
                              ? std::string("has no bot's name")
                              : fmt::format("is a {} to the forge, and has no bot's name", account->account_type))};
    if (account->bot_reason == "the name") decisions += account->decisions;
  }
  if (decisions >= kDecisions)
    return {false, {}, fmt::format("{} with a decision, though the name is like a bot's", plural(decisions, "review"))};
  const Identity& first = *accounts.front();
  return {true, first.bot_reason, fmt::format("{}: {}", called(first), first.bot_reason)};
}

// Names alone: a whole name of a person decides, else what most commits bear.
Verdict by_names(const std::vector<const Identity*>& names) {
  std::int64_t persons = 0, bots = 0;
  const Identity* bot = nullptr;
  for (const Identity* each : names) {
    const std::int64_t weight = std::max<std::int64_t>(1, each->commits);
    if (each->bot_reason.empty()) {
      if (is_full_name(each->real_name)) return {false, {}, called(*each) + " is a person's"};
      persons += weight;
    } else {
      bots += weight;
      if (!bot || each->commits > bot->commits) bot = each;
    }
  }
  if (!bot) return {false, {}, "nothing speaks for a bot"};
  if (persons >= bots)
    return {false, {}, fmt::format("most commits bear no bot's name ({} of {})", persons, persons + bots)};
  return {true, bot->bot_reason,
          bot->login.empty() && bot->bot_reason == "the name" ? called(*bot) + " is a bot's"
                                                              : fmt::format("{}: {}", called(*bot), bot->bot_reason)};
}

Verdict judge(const std::vector<const Identity*>& identities, const std::string& shown, const BotRules& rules) {
  std::vector<const Identity*> accounts, names;
  for (const Identity* each : identities) {
    if (rules.is_excepted(each->login, each->name) || rules.is_excepted({}, each->real_name))
      return {false, {}, fmt::format("{} is in not_bots", called(*each))};
    (each->login.empty() ? names : accounts).push_back(each);
  }
  // What is configured of a login, or of the name that the person goes by, is said of the person.
  for (const Identity* each : identities)
    if (rules.is_configured(each->login, {}) || (each->real_name == shown && rules.is_configured({}, shown)))
      return {true, "configured", fmt::format("{} is in bots", called(*each))};
  return accounts.empty() ? by_names(names) : by_accounts(accounts);
}

}  // namespace

std::string people_settings(const BotRules& bots) {
  std::string all = std::to_string(kRules);
  for (const auto& name : bots.bots) all += "\nbot " + to_lower(name);
  for (const auto& name : bots.not_bots) all += "\nperson " + to_lower(name);
  return fingerprint(all);
}

void IdentityGraph::compute_people() {
  const std::vector<std::size_t> root = roots(active_links());
  std::map<std::size_t, std::vector<const Identity*>> people;
  std::unordered_map<std::int64_t, std::int64_t> person_of;
  std::unordered_map<std::int64_t, bool> is_bot;
  std::vector<std::vector<Value>> membership, rows;
  for (std::size_t i = 0; i < identities_.size(); ++i) {
    people[root[i]].push_back(&identities_[i]);
    person_of[identities_[i].id] = identities_[root[i]].id;
    membership.push_back({project_, identities_[i].id, identities_[root[i]].id});
  }
  for (const auto& [index, identities] : people) {
    const Identity* account = nullptr;
    std::map<std::string, std::int64_t> commits;  // by the name that the mailmap gives
    for (const Identity* each : identities) {
      if (!each->login.empty() && (!account || (!account->account_id && each->account_id))) account = each;
      if (!each->real_name.empty()) commits[each->real_name] += each->commits;
    }
    // The name that most commits bear; a bot's only where there is no other.
    const std::string* named = nullptr;
    for (const Identity* each : identities) {
      if (each->real_name.empty()) continue;
      const auto weight = [&](const std::string& name) {
        return std::pair(!is_bot_name(name, own_words_), commits.at(name));
      };
      if (!named || weight(each->real_name) > weight(*named)) named = &each->real_name;
    }
    const std::string name = account ? account->login : named ? *named : "someone";
    const Verdict verdict = judge(identities, named ? *named : name, bots_);
    const std::int64_t person = identities_[index].id;
    is_bot[person] = verdict.is_bot;
    rows.push_back({project_, person, name, account ? Value(account->login) : Value(),
                    static_cast<std::int64_t>(verdict.is_bot), verdict.is_bot ? Value(verdict.reason) : Value(),
                    verdict.decided});
  }
  const std::int64_t number = revision(person_of, is_bot);
  // Who comes new did nothing yet that was counted.
  if (are_others(person_of, is_bot)) forget_summaries(database_, project_);
  database_.execute("DELETE FROM person_identity WHERE project_id = :project", parameters_);
  database_.execute("DELETE FROM person WHERE project_id = :project", parameters_);
  database_.insert(
      {"person_identity", {"project_id", "identity_id", "person_id"}, {"project_id", "identity_id"}, OnConflict::fail},
      membership);
  database_.insert({"person",
                    {"project_id", "person_id", "name", "login", "is_bot", "bot_reason", "decided"},
                    {"project_id", "person_id"},
                    OnConflict::fail},
                   rows);
  database_.insert({"people_state", {"project_id", "settings", "revision"}, {"project_id"}},
                   {{project_, people_settings(bots_), number}});
}

// Whether an identity that was known before belongs to a person of another number, or is a bot's now, or none any more.
bool IdentityGraph::are_others(const std::unordered_map<std::int64_t, std::int64_t>& now,
                               const std::unordered_map<std::int64_t, bool>& bots) {
  const auto rows = database_.query(
      "SELECT pi.identity_id, pi.person_id, p.is_bot FROM person_identity pi JOIN person p ON p.project_id = "
      "pi.project_id AND p.person_id = pi.person_id WHERE pi.project_id = :project",
      parameters_);
  while (rows->next()) {
    const auto found = now.find(rows->integer(0));
    if (found == now.end() || found->second != rows->integer(1) || bots.at(found->second) != (rows->integer(2) == 1))
      return true;
  }
  return false;
}

// One more where of the identities that were known before some are other people than they were, or a person is a bot
// now, or none any more. Who comes new changes nothing of that.
std::int64_t IdentityGraph::revision(const std::unordered_map<std::int64_t, std::int64_t>& now,
                                     const std::unordered_map<std::int64_t, bool>& bots) {
  const std::int64_t before =
      database_.integer("SELECT revision FROM people_state WHERE project_id = :project", parameters_).value_or(0);
  bool has_changed = before == 0;
  std::unordered_map<std::int64_t, std::int64_t> now_of, then_of;
  const auto rows = database_.query(
      "SELECT pi.identity_id, pi.person_id, p.is_bot FROM person_identity pi JOIN person p ON p.project_id = "
      "pi.project_id AND p.person_id = pi.person_id WHERE pi.project_id = :project ORDER BY pi.identity_id",
      parameters_);
  while (!has_changed && rows->next()) {
    const auto found = now.find(rows->integer(0));
    if (found == now.end()) {
      has_changed = true;
      break;
    }
    const std::int64_t then = rows->integer(1);
    has_changed = now_of.emplace(then, found->second).first->second != found->second ||
                  then_of.emplace(found->second, then).first->second != then ||
                  bots.at(found->second) != (rows->integer(2) == 1);
  }
  return before + has_changed;
}

}  // namespace resident

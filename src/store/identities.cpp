#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <map>
#include <numeric>
#include <set>
#include <store/identities.hpp>
#include <unordered_map>
#include <unordered_set>

namespace resident {

namespace {

struct Identity {
  std::int64_t id;
  std::string key, provider, login, name, account_type, email;
  std::optional<std::int64_t> account_id;
  std::int64_t commits = 0;
};

struct Link {
  std::int64_t id, a, b;
  std::string action, evidence, detail, made_by;
};

// Addresses that many people's tools put in: no evidence of anything.
bool is_shared_email(const std::string& email) {
  static const RE2 pattern(
      R"(^(?:root|user|admin|me|you|test|nobody|noreply|no-reply|git|github|none|unknown|devnull)@|@(?:localhost|local|example\.com|localhost\.localdomain|\(none\))$|\.(?:local|localdomain|lan|internal|\(none\))$)");
  const std::size_t at = email.find('@');
  return at == std::string::npos || email.find('.', at) == std::string::npos || RE2::PartialMatch(email, pattern);
}

class Resolver {
 public:
  Resolver(Database& database, std::int64_t project_id)
      : database_(database), project_(project_id), parameters_{{"project", project_id}} {
    std::unordered_map<std::int64_t, std::int64_t> commits;
    for (const auto rows = database.query("SELECT author_id, count(*) FROM git_commit WHERE project_id = :project "
                                          "AND author_id IS NOT NULL GROUP BY author_id",
                                          parameters_);
         rows->next();)
      commits[rows->integer(0)] = rows->integer(1);
    const auto rows = database.query(
        "SELECT i.identity_id, i.identity_key, i.provider, i.account_id, i.login, i.name, i.account_type, e.email "
        "FROM identity i LEFT JOIN identity_email e ON e.project_id = i.project_id AND e.identity_id = i.identity_id "
        "WHERE i.project_id = :project ORDER BY i.identity_id",
        parameters_);
    while (rows->next()) {
      Identity identity{rows->integer(0), rows->string(1), rows->string(2),         rows->string(4),
                        rows->string(5),  rows->string(6), to_lower(rows->text(7)), rows->optional_integer(3)};
      if (const auto found = commits.find(identity.id); found != commits.end()) identity.commits = found->second;
      by_id_[identity.id] = identities_.size();
      identities_.push_back(std::move(identity));
    }
    for (const auto links = database.query(
             "SELECT link_id, identity_a, identity_b, action, evidence, detail, made_by FROM identity_link "
             "WHERE project_id = :project ORDER BY link_id",
             parameters_);
         links->next();) {
      links_.push_back({links->integer(0), links->integer(1), links->integer(2), links->string(3), links->string(4),
                        links->string(5), links->string(6)});
      if (links_.back().action == "merge") known_.emplace(links_.back().a, links_.back().b, links_.back().evidence);
    }
  }

  void find_links() {
    by_email();
    by_noreply_and_login();
    by_pull_author();
    if (added_.empty()) return;
    database_.insert(
        {"identity_link",
         {"project_id", "link_id", "action", "identity_a", "identity_b", "evidence", "detail", "made_by", "made_at"},
         {"project_id", "link_id"},
         OnConflict::fail},
        added_);
  }

  void compute_people(const BotRules& bots) {
    std::vector<std::size_t> parent(identities_.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t index) {
      while (parent[index] != index) index = parent[index] = parent[parent[index]];
      return index;
    };
    for (const Link* link : active_links()) {
      const std::size_t a = root(by_id_.at(link->a)), b = root(by_id_.at(link->b));
      parent[std::max(a, b)] = std::min(a, b);
    }
    struct Person {
      const Identity* account = nullptr;
      const Identity* named = nullptr;
      std::string bot_reason;
    };
    std::map<std::size_t, Person> people;
    std::vector<std::vector<Value>> membership, rows;
    for (std::size_t i = 0; i < identities_.size(); ++i) {
      const Identity& identity = identities_[i];
      Person& person = people[root(i)];
      membership.push_back({project_, identity.id, identities_[root(i)].id});
      if (!identity.login.empty() && (!person.account || (!person.account->account_id && identity.account_id)))
        person.account = &identity;
      if (!identity.name.empty() && (!person.named || identity.commits > person.named->commits))
        person.named = &identity;
      if (person.bot_reason.empty())
        person.bot_reason = bots.reason(identity.login, identity.name, identity.account_type);
      const bool excepted = std::any_of(bots.not_bots.begin(), bots.not_bots.end(), [&](const auto& each) {
        return to_lower(each) == to_lower(identity.login) || each == identity.name;
      });
      if (excepted) person.bot_reason = "-";
    }
    for (const auto& [index, person] : people) {
      const Identity& first = identities_[index];
      const std::string name = person.account ? person.account->login : person.named ? person.named->name : "someone";
      const bool is_bot = !person.bot_reason.empty() && person.bot_reason != "-";
      rows.push_back({project_, first.id, name, person.account ? Value(person.account->login) : Value(),
                      static_cast<std::int64_t>(is_bot), is_bot ? Value(person.bot_reason) : Value()});
    }
    database_.execute("DELETE FROM person_identity WHERE project_id = :project", parameters_);
    database_.execute("DELETE FROM person WHERE project_id = :project", parameters_);
    database_.insert({"person_identity",
                      {"project_id", "identity_id", "person_id"},
                      {"project_id", "identity_id"},
                      OnConflict::fail},
                     membership);
    database_.insert({"person",
                      {"project_id", "person_id", "name", "login", "is_bot", "bot_reason"},
                      {"project_id", "person_id"},
                      OnConflict::fail},
                     rows);
  }

 private:
  // In the ledger's order: a split cuts all earlier links of the identity, and those
  // that rules make later; a retraction takes one link back.
  std::vector<const Link*> active_links() const {
    std::map<std::int64_t, const Link*> active;
    std::unordered_map<std::int64_t, std::vector<std::int64_t>> touching;
    std::unordered_set<std::int64_t> pinned;
    for (const Link& link : links_) {
      if (link.action == "merge") {
        if (link.made_by == "rule" && (pinned.contains(link.a) || pinned.contains(link.b))) continue;
        if (!by_id_.contains(link.a) || !by_id_.contains(link.b)) continue;
        active[link.id] = &link;
        touching[link.a].push_back(link.id);
        touching[link.b].push_back(link.id);
      } else if (link.action == "split") {
        pinned.insert(link.a);
        for (const std::int64_t id : touching[link.a]) active.erase(id);
      } else if (link.action == "retract") {
        active.erase(std::strtoll(link.detail.c_str(), nullptr, 10));
      }
    }
    std::vector<const Link*> result;
    for (const auto& [id, link] : active) result.push_back(link);
    return result;
  }

  void link(std::int64_t first, std::int64_t second, const std::string& evidence, const std::string& detail) {
    const auto [a, b] = std::minmax(first, second);
    if (a == b || !known_.emplace(a, b, evidence).second) return;
    const std::int64_t id = links_.empty() ? 1 : links_.back().id + 1;
    links_.push_back({id, a, b, "merge", evidence, detail, "rule"});
    added_.push_back({project_, id, std::string("merge"), a, b, evidence, text_or_null(detail), std::string("rule"),
                      std::int64_t{0}});
  }

  void by_email() {
    std::map<std::string, std::vector<const Identity*>> same;
    for (const Identity& identity : identities_)
      if (!identity.email.empty() && !is_shared_email(identity.email)) same[identity.email].push_back(&identity);
    for (const auto& [email, list] : same) {
      std::set<std::string> names;
      for (const auto* identity : list) names.insert(to_lower(identity->name));
      // One address under many names is a shared mailbox or a tool's.
      if (names.size() > 8) continue;
      for (const auto* identity : list) link(list.front()->id, identity->id, "same-email", {});
    }
  }

  void by_noreply_and_login() {
    std::unordered_map<std::int64_t, const Identity*> by_account;
    std::unordered_map<std::string, const Identity*> by_login;
    for (const Identity& identity : identities_) {
      if (identity.account_id) by_account[*identity.account_id] = &identity;
      if (!identity.login.empty()) {
        const Identity*& slot = by_login[identity.provider + "/" + to_lower(identity.login)];
        if (!slot || (!slot->account_id && identity.account_id)) slot = &identity;
      }
    }
    static const RE2 noreply(R"((?:(\d+)\+)?([^@+]+)@users\.noreply\.([a-z]+)\.[a-z.]+)");
    for (const Identity& identity : identities_) {
      if (!identity.login.empty() && !identity.account_id) {
        const Identity* same = by_login[identity.provider + "/" + to_lower(identity.login)];
        if (same) link(same->id, identity.id, "login", identity.login);
      }
      std::string account, login, forge;
      if (identity.email.empty() || !RE2::FullMatch(identity.email, noreply, &account, &login, &forge)) continue;
      const auto by_number =
          account.empty() ? by_account.end() : by_account.find(std::strtoll(account.c_str(), nullptr, 10));
      if (by_number != by_account.end()) {
        link(by_number->second->id, identity.id, "noreply", "account " + account);
      } else if (const auto found = by_login.find(forge + "/" + login); account.empty() && found != by_login.end()) {
        link(found->second->id, identity.id, "noreply", login);
      }
    }
  }

  // A pull request all of whose commits bear one e-mail speaks for that e-mail being
  // its author's. Two such (or one, where neither the e-mail nor the account is seen
  // elsewhere) and nine in ten of the e-mail's on one account are taken as evidence.
  void by_pull_author() {
    std::unordered_map<std::int64_t, std::set<std::string>> emails_of_item;
    std::unordered_map<std::int64_t, std::int64_t> author_of_item, identity_of_item;
    const auto rows = database_.query(
        "SELECT DISTINCT e.item_id, i.author_id, e.actor_id FROM event e JOIN item i ON i.project_id = e.project_id "
        "AND i.item_id = e.item_id "
        "WHERE e.project_id = :project AND e.kind = 'committed' AND e.actor_id IS NOT NULL AND i.author_id IS NOT NULL "
        "ORDER BY e.item_id, e.actor_id",
        parameters_);
    while (rows->next()) {
      const auto found = by_id_.find(rows->integer(2));
      if (found == by_id_.end() || identities_[found->second].provider != "git") continue;
      const Identity& identity = identities_[found->second];
      emails_of_item[rows->integer(0)].insert(identity.email.empty() ? identity.name : identity.email);
      author_of_item[rows->integer(0)] = rows->integer(1);
      identity_of_item[rows->integer(0)] = identity.id;
    }
    std::map<std::string, std::map<std::int64_t, std::int64_t>> accounts_of_email;
    std::map<std::string, std::int64_t> identity_of_email;
    std::map<std::int64_t, std::map<std::string, std::int64_t>> emails_of_account;
    for (const auto& [item, emails] : emails_of_item) {
      if (emails.size() != 1 || is_shared_email(*emails.begin())) continue;
      ++accounts_of_email[*emails.begin()][author_of_item[item]];
      ++emails_of_account[author_of_item[item]][*emails.begin()];
      auto& slot = identity_of_email[*emails.begin()];
      slot = slot ? std::min(slot, identity_of_item[item]) : identity_of_item[item];
    }
    for (const auto& [email, accounts] : accounts_of_email) {
      std::int64_t total = 0, most = 0, account = 0;
      for (const auto& [id, count] : accounts) {
        total += count;
        if (count > most) most = count, account = id;
      }
      if (most * 10 < total * 9) continue;
      if (most < 2 && emails_of_account[account].size() > 1) continue;
      link(account, identity_of_email[email], "pull-author",
           fmt::format("all commits of {} of {} such pull requests", most, total));
    }
  }

  Database& database_;
  std::int64_t project_;
  Parameters parameters_;
  std::vector<Identity> identities_;
  std::unordered_map<std::int64_t, std::size_t> by_id_;
  std::vector<Link> links_;
  std::set<std::tuple<std::int64_t, std::int64_t, std::string>> known_;
  std::vector<std::vector<Value>> added_;
};

// The people of a project are computed anew from all its identities: of two processes that do so,
// the second must see what the first left. Writing the project's row makes it wait, in either store.
void take_turns(Database& database, std::int64_t project_id) {
  database.execute("UPDATE project SET name = name WHERE project_id = :project", {{"project", project_id}});
}

void append(Database& database, std::int64_t project_id, const std::string& action, std::int64_t a, std::int64_t b,
            const std::string& detail, Timestamp now, const BotRules& bots) {
  Transaction transaction(database);
  take_turns(database, project_id);
  database.execute(
      "INSERT INTO identity_link (project_id, link_id, action, identity_a, identity_b, evidence, detail, made_by, "
      "made_at) "
      "SELECT :project, COALESCE(max(link_id), 0) + 1, :action, :a, :b, 'manual', :detail, 'user', :now "
      "FROM identity_link WHERE project_id = :project",
      {{"project", project_id},
       {"action", action},
       {"a", a},
       {"b", b},
       {"detail", text_or_null(detail)},
       {"now", now}});
  Resolver(database, project_id).compute_people(bots);
  transaction.commit();
}

}  // namespace

void resolve_identities(Database& database, std::int64_t project_id, const BotRules& bots) {
  Transaction transaction(database);
  take_turns(database, project_id);
  Resolver resolver(database, project_id);
  resolver.find_links();
  resolver.compute_people(bots);
  transaction.commit();
}

void merge_people(Database& database, std::int64_t project_id, std::int64_t person_a, std::int64_t person_b,
                  Timestamp now, const BotRules& bots) {
  if (person_a == person_b)
    throw Error(ErrorKind::usage, "these are one person already", "`resident people why` tells how");
  append(database, project_id, "merge", std::min(person_a, person_b), std::max(person_a, person_b), {}, now, bots);
}

void split_identity(Database& database, std::int64_t project_id, std::int64_t identity_id, Timestamp now,
                    const BotRules& bots) {
  append(database, project_id, "split", identity_id, identity_id, {}, now, bots);
}

void retract_link(Database& database, std::int64_t project_id, std::int64_t link_id, Timestamp now,
                  const BotRules& bots) {
  const Parameters parameters{{"project", project_id}, {"link", link_id}};
  if (!database.integer("SELECT link_id FROM identity_link WHERE project_id = :project AND link_id = :link",
                        parameters))
    throw Error(ErrorKind::usage, fmt::format("there is no link {}", link_id),
                "`resident people why NAME` lists a person's links");
  append(database, project_id, "retract", 0, 0, std::to_string(link_id), now, bots);
}

std::int64_t find_person(Database& database, std::int64_t project_id, const std::string& text) {
  for (const std::string_view prefix : {"person:", "identity:"}) {
    if (!text.starts_with(prefix)) continue;
    const std::int64_t id = std::strtoll(text.c_str() + prefix.size(), nullptr, 10);
    if (const auto person =
            database.integer("SELECT person_id FROM person_identity WHERE project_id = :project AND identity_id = :id",
                             {{"project", project_id}, {"id", id}}))
      return *person;
    throw Error(ErrorKind::usage, fmt::format("there is no {}", one_line(text)));
  }
  std::string wanted = to_lower(text);
  if (wanted.starts_with("@")) wanted.erase(0, 1);
  std::set<std::int64_t> found;
  const auto collect = [&](std::string_view sql) {
    for (const auto rows = database.query(sql, {{"project", project_id}, {"text", wanted}}); rows->next();)
      found.insert(rows->integer(0));
  };
  constexpr std::string_view from =
      "FROM identity i JOIN person_identity p ON p.project_id = i.project_id AND p.identity_id = i.identity_id "
      "WHERE i.project_id = :project AND lower(";
  collect(fmt::format("SELECT p.person_id {}i.login) = :text", from));
  if (found.empty()) collect(fmt::format("SELECT p.person_id {}i.name) = :text", from));
  if (found.size() == 1) return *found.begin();
  if (found.size() > 1) {
    std::string choices;
    for (const auto id : found) choices += fmt::format("{}person:{}", choices.empty() ? "" : ", ", id);
    throw Error(ErrorKind::usage, fmt::format("{} people are called {}", found.size(), one_line(text)),
                "say which: " + choices);
  }
  std::vector<std::string> names;
  for (const auto rows =
           database.query("SELECT name FROM person WHERE project_id = :project", {{"project", project_id}});
       rows->next();)
    names.push_back(rows->string(0));
  const std::string nearest = near_miss(text, names);
  throw Error(
      ErrorKind::usage, fmt::format("there is nobody called {}", one_line(text)),
      nearest.empty() ? "`resident people` lists everybody" : fmt::format("did you mean {}?", one_line(nearest)));
}

}  // namespace resident

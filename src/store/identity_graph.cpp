// Loading, and the rules that link identities.
#include <fmt/format.h>

#include <algorithm>
#include <base/mailmap.hpp>
#include <base/text.hpp>
#include <config/bots.hpp>
#include <cstdlib>
#include <numeric>
#include <store/identity_graph.hpp>
#include <store/noreply.hpp>
#include <unordered_set>

namespace resident {

namespace {

// Under so many names one address is a shared mailbox or a tool's.
constexpr std::size_t kMostNames = 8;
// So many whole names without a word in common: several people's.
constexpr std::size_t kMostPeople = 3, kMostPeopleOfRole = 1;

std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  return to_lower(url.substr(0, url.find(':')));
}

// Words of two letters or more, in lower case.
std::set<std::string> name_words(std::string_view name) {
  std::set<std::string> words;
  std::string word;
  for (const char c : to_lower(name) + " ") {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || (byte & 0x80)) {
      word += c;
    } else {
      if (word.size() >= 2) words.insert(word);
      word.clear();
    }
  }
  return words;
}

// How many people write under this address, by whole names that share no word.
std::size_t people_behind(const std::vector<const Identity*>& list) {
  std::vector<std::set<std::string>> people;
  for (const Identity* identity : list) {
    if (!identity->bot_reason.empty() || !is_full_name(identity->real_name)) continue;
    const auto words = name_words(identity->real_name);
    const auto same = std::find_if(people.begin(), people.end(), [&](const auto& other) {
      return std::any_of(words.begin(), words.end(), [&](const auto& word) { return other.contains(word); });
    });
    if (same == people.end()) {
      people.push_back(words);
    } else {
      same->insert(words.begin(), words.end());
    }
  }
  return people.size();
}

// As their documents and public histories have it (2026): Claude Code, Cursor, OpenHands, aider, Amp.
bool is_address_of_assistant(std::string_view email) {
  for (const std::string_view each : {"noreply@anthropic.com", "cursoragent@cursor.com", "openhands@all-hands.dev",
                                      "noreply@aider.chat", "aider@aider.chat", "amp@ampcode.com"})
    if (email == each) return true;
  return false;
}

}  // namespace

IdentityGraph::IdentityGraph(Database& database, std::int64_t project_id, const BotRules& bots)
    : database_(database), project_(project_id), bots_(bots), parameters_{{"project", project_id}} {
  load_project();
  load_identities();
  load_mailmaps();
  load_links();
  count_work();
}

void IdentityGraph::load_project() {
  const auto rows = database_.query("SELECT name, url FROM project WHERE project_id = :project", parameters_);
  if (!rows->next()) return;
  const std::string url = to_lower(rows->text(1));
  if (database_
          .integer("SELECT count(*) FROM source WHERE project_id = :project AND kind IN ('github', 'github-metadata')",
                   parameters_)
          .value_or(0) > 0)
    url_host_ = host_of(url);
  // "pytorchbot" is pytorch's: names of four letters and more.
  constexpr std::size_t kLeast = 4;
  std::vector<std::string> words{to_lower(rows->text(0))};
  const auto parts = split(url, '/');
  for (std::size_t i = parts.size() > 3 ? 3 : parts.size(); i < parts.size(); ++i) words.emplace_back(parts[i]);
  for (auto& word : words)
    if (word.size() >= kLeast) own_words_.push_back(std::move(word));
}

void IdentityGraph::load_identities() {
  const auto rows = database_.query(
      "SELECT i.identity_id, i.identity_key, i.provider, i.account_id, i.login, i.name, i.account_type, e.email "
      "FROM identity i LEFT JOIN identity_email e ON e.project_id = i.project_id AND e.identity_id = i.identity_id "
      "WHERE i.project_id = :project ORDER BY i.identity_id",
      parameters_);
  while (rows->next()) {
    Identity identity;
    identity.id = rows->integer(0);
    identity.key = rows->string(1);
    identity.provider = rows->string(2);
    identity.account_id = rows->optional_integer(3);
    identity.login = rows->string(4);
    identity.name = rows->string(5);
    identity.account_type = rows->string(6);
    identity.email = to_lower(rows->text(7));
    identity.real_name = identity.name;
    identity.address = identity.email;
    by_id_[identity.id] = identities_.size();
    identities_.push_back(std::move(identity));
  }
}

// Of several clones' mailmaps that speak of somebody, the first clone's counts.
void IdentityGraph::load_mailmaps() {
  std::map<std::int64_t, Mailmap> mailmaps;
  for (const auto rows = database_.query(
           "SELECT source_id, name, email, real_name, real_email FROM mailmap_entry WHERE project_id = :project ORDER "
           "BY source_id, position",
           parameters_);
       rows->next();)
    mailmaps[rows->integer(0)].add({rows->string(1), rows->string(2), rows->string(3), rows->string(4)});
  for (Identity& identity : identities_) {
    // Commits without an address are spoken of, too: "Ada <ada@example.org> ada <>".
    if ((identity.email.empty() && identity.provider != "git") || !identity.login.empty()) continue;
    for (const auto& [source, mailmap] : mailmaps) {
      const auto found = mailmap.find(identity.name, identity.email);
      if (!found.is_mapped) continue;
      identity.is_mapped = true;
      identity.is_told_apart = found.by_name;
      identity.real_name = found.name;
      identity.address = to_lower(found.email);
      break;
    }
  }
  for (Identity& identity : identities_) {
    identity.bot_reason = bots_.reason(identity.login, identity.real_name, identity.account_type, own_words_);
    if (!identity.bot_reason.empty() || bots_.is_excepted(identity.login, identity.real_name)) continue;
    // "41898282+github-actions[bot]@users.noreply.github.com", whatever name a workflow sets.
    if (identity.email.find("[bot]@") != std::string::npos) identity.bot_reason = "the forge's address of a bot";
    // As whom a forge commits for those who press its buttons.
    if (identity.email == "noreply@github.com") identity.bot_reason = "the forge's own address";
    // Assistants write commits under an address of their own, by names that people have as well ("Claude").
    if (is_address_of_assistant(identity.email)) identity.bot_reason = "the address of a program that writes code";
  }
}

void IdentityGraph::load_links() {
  for (const auto rows = database_.query(
           "SELECT link_id, identity_a, identity_b, action, evidence, detail, made_by FROM identity_link "
           "WHERE project_id = :project ORDER BY link_id",
           parameters_);
       rows->next();)
    links_.push_back({rows->integer(0), rows->integer(1), rows->integer(2), rows->string(3), rows->string(4),
                      rows->string(5), rows->string(6)});
}

void IdentityGraph::count_work() {
  const auto count = [&](std::string_view sql, std::int64_t Identity::*what) {
    for (const auto rows = database_.query(sql, parameters_); rows->next();)
      if (const auto found = by_id_.find(rows->integer(0)); found != by_id_.end())
        identities_[found->second].*what = rows->integer(1);
  };
  count(
      "SELECT author_id, count(*) FROM git_commit WHERE project_id = :project AND author_id IS NOT NULL GROUP BY "
      "author_id",
      &Identity::commits);
  count(
      "SELECT author_id, count(*) FROM review WHERE project_id = :project AND author_id IS NOT NULL AND state IN "
      "('approved', 'changes_requested', 'dismissed') GROUP BY author_id",
      &Identity::decisions);
}

const Identity* IdentityGraph::find(std::int64_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &identities_[found->second];
}

// "github" alone is github.com, or the host of the project's address where GitHub itself told it: an Enterprise
// Server's. What a file says of accounts without a host (JSON Lines) is github.com's.
std::pair<std::string, std::string> IdentityGraph::forge_of(const std::string& provider) const {
  const std::size_t colon = provider.find(':');
  if (colon != std::string::npos) return {provider.substr(0, colon), to_lower(provider.substr(colon + 1))};
  if (provider == "github") return {provider, url_host_.empty() ? "github.com" : url_host_};
  return {provider, {}};
}

void IdentityGraph::say(std::int64_t first, std::int64_t second, const std::string& evidence,
                        const std::string& detail) {
  const auto [a, b] = std::minmax(first, second);
  if (a != b) said_.emplace(Key{a, b, evidence}, detail);
}

// One address is one person, as the mailmap reads it, unless its names say that several share it.
void IdentityGraph::by_address() {
  std::map<std::string, std::vector<const Identity*>> same;
  std::map<std::string, std::set<std::string>> told_apart;  // names that a mailmap gives to others at one address
  for (const Identity& identity : identities_)
    if (identity.is_told_apart)
      told_apart[identity.email + "\n" + identity.address].insert(to_lower(identity.real_name));
  std::set<std::string> by_name;
  for (const auto& [addresses, names] : told_apart)
    if (names.size() > 1) by_name.insert(addresses.substr(addresses.find('\n') + 1));
  for (const Identity& identity : identities_) {
    if (identity.address.empty()) continue;
    const bool has_name =
        by_name.contains(identity.address) || (identity.is_mapped && is_nobodys_address(identity.address));
    std::string key = has_name ? identity.address + "\n" + to_lower(identity.real_name) : identity.address;
    // A forge's number is the same account whatever it was called.
    if (const auto noreply = parse_noreply(identity.address, {}); noreply && noreply->account && !has_name)
      key = fmt::format("{}@{}", *noreply->account, noreply_host(identity.address));
    same[key].push_back(&identity);
  }
  for (const auto& [address, list] : same) link_address(address, list);
}

void IdentityGraph::link_address(const std::string& address, const std::vector<const Identity*>& list) {
  const bool by_mailmap_alone = address.find('\n') != std::string::npos;
  std::set<std::string> names;
  for (const auto* identity : list) names.insert(to_lower(identity->real_name));
  const std::string& shown = list.front()->address;
  const std::size_t people = list.size() > 1 ? people_behind(list) : 0;
  const bool is_shared = is_nobodys_address(shown) || names.size() > kMostNames ||
                         people > (is_role_address(shown) ? kMostPeopleOfRole : kMostPeople);
  const Identity* first = nullptr;
  for (const auto* identity : list) {
    if (is_shared && !identity->is_mapped && !by_mailmap_alone) continue;
    // At an address of nobody's, only what the mailmap says of this very name.
    if (!first) {
      first = identity;
      continue;
    }
    const bool is_mailmaps = identity->is_mapped || first->is_mapped;
    say(first->id, identity->id, is_mailmaps ? "mailmap" : "same-email", {});
  }
}

// Accounts: by the forge's own no-reply addresses, and logins that an archive names without a number.
void IdentityGraph::by_account() {
  std::map<std::pair<std::string, std::int64_t>, const Identity*> by_number;
  std::map<std::string, const Identity*> by_login;
  std::map<std::string, std::string> kind_of_host;
  // Of an account that something else tells apart, the login is others', too.
  const auto is_told_by_key = [](const Identity& identity) { return identity.key.starts_with("account:"); };
  for (const Identity& identity : identities_) {
    if (identity.login.empty() || is_told_by_key(identity)) continue;
    const auto [kind, host] = forge_of(identity.provider);
    kind_of_host[host] = kind;
    if (identity.account_id) by_number[{host, *identity.account_id}] = &identity;
    const Identity*& slot = by_login[host + "/" + to_lower(identity.login)];
    if (!slot || (!slot->account_id && identity.account_id)) slot = &identity;
  }
  for (const Identity& identity : identities_) {
    if (is_told_by_key(identity)) continue;
    if (!identity.login.empty()) {
      const Identity* same = by_login[forge_of(identity.provider).second + "/" + to_lower(identity.login)];
      if (!identity.account_id && same) say(same->id, identity.id, "login", identity.login);
      continue;
    }
    std::set<std::string> addresses{identity.email, identity.address};
    for (const std::string& address : addresses) {
      const auto kind = kind_of_host.find(noreply_host(address));
      if (kind == kind_of_host.end()) continue;
      const auto noreply = parse_noreply(address, kind->second);
      if (!noreply) continue;
      const Identity* account = nullptr;
      if (noreply->account)
        if (const auto found = by_number.find({noreply->host, *noreply->account}); found != by_number.end())
          account = found->second;
      const auto found = by_login.find(noreply->host + "/" + noreply->login);
      // By the login where the address has no number, or the account's is not known.
      if (!account && found != by_login.end() && (!noreply->account || !found->second->account_id))
        account = found->second;
      if (account)
        say(account->id, identity.id, "noreply",
            noreply->account && account->account_id ? fmt::format("account {}", *noreply->account) : noreply->login);
    }
  }
}

// A pull request all of whose commits bear one e-mail speaks for that e-mail being
// its author's. Two such (or one, where neither the e-mail nor the account is seen
// elsewhere) and nine in ten of the e-mail's on one account are taken as evidence.
// Bots bring others' commits, and people bring bots': those say nothing.
void IdentityGraph::by_pull_author() {
  std::unordered_map<std::int64_t, std::set<std::string>> emails_of_item;
  std::unordered_map<std::int64_t, std::int64_t> author_of_item, identity_of_item;
  const auto rows = database_.query(
      "SELECT DISTINCT e.item_id, i.author_id, e.actor_id FROM event e JOIN item i ON i.project_id = e.project_id "
      "AND i.item_id = e.item_id "
      "WHERE e.project_id = :project AND e.kind = 'committed' AND e.actor_id IS NOT NULL AND i.author_id IS NOT NULL "
      "ORDER BY e.item_id, e.actor_id",
      parameters_);
  while (rows->next()) {
    const Identity* identity = find(rows->integer(2));
    const Identity* author = find(rows->integer(1));
    if (!identity || !author || identity->provider != "git" || !author->bot_reason.empty()) continue;
    emails_of_item[rows->integer(0)].insert(identity->address.empty() ? identity->name : identity->address);
    author_of_item[rows->integer(0)] = author->id;
    if (identity->bot_reason.empty() || !identity_of_item.contains(rows->integer(0)))
      identity_of_item[rows->integer(0)] = identity->bot_reason.empty() ? identity->id : 0;
  }
  std::map<std::string, std::map<std::int64_t, std::int64_t>> accounts_of_email;
  std::map<std::string, std::int64_t> identity_of_email;
  std::map<std::int64_t, std::map<std::string, std::int64_t>> emails_of_account;
  for (const auto& [item, emails] : emails_of_item) {
    if (emails.size() != 1 || is_nobodys_address(*emails.begin()) || identity_of_item[item] == 0) continue;
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
    say(account, identity_of_email[email], "pull-author",
        fmt::format("all commits of {} of {} such pull requests", most, total));
  }
}

// A store that an older program made has no mailmap lines until the clone is read again; until then its links stand.
bool IdentityGraph::keeps_old_mailmap_links() const {
  return database_
             .integer(
                 "SELECT count(*) FROM source s WHERE s.project_id = :project AND s.kind = 'git' AND NOT EXISTS "
                 "(SELECT "
                 "1 FROM source_record r WHERE r.project_id = s.project_id AND r.source_id = s.source_id AND r.record "
                 "= '.mailmap')",
                 parameters_)
             .value_or(0) > 0;
}

void IdentityGraph::follow_rules() {
  said_.clear();
  by_address();
  by_account();
  by_pull_author();
  std::map<Key, std::int64_t> standing;  // links by rules
  std::unordered_map<std::int64_t, Key> key_of;
  std::set<Key> refused;  // a user took it back
  for (const IdentityLink& link : links_) {
    if (link.action == "merge" && link.made_by == "rule") {
      const Key key{link.a, link.b, link.evidence};
      standing[key] = link.id;
      key_of[link.id] = key;
    } else if (link.action == "retract") {
      const auto found = key_of.find(std::strtoll(link.detail.c_str(), nullptr, 10));
      if (found == key_of.end()) continue;
      standing.erase(found->second);
      if (link.made_by != "rule") refused.insert(found->second);
    }
  }
  std::vector<std::vector<Value>> added;
  std::int64_t next = links_.empty() ? 1 : links_.back().id + 1;
  const auto append = [&](const char* action, std::int64_t a, std::int64_t b, const std::string& evidence,
                          const std::string& detail) {
    links_.push_back({next, a, b, action, evidence, detail, "rule"});
    added.push_back({project_, next++, std::string(action), a, b, evidence, text_or_null(detail), std::string("rule"),
                     std::int64_t{0}});
  };
  const bool keeps_mailmaps = keeps_old_mailmap_links();
  for (const auto& [key, id] : standing) {
    const auto& [a, b, evidence] = key;
    if (said_.contains(key) || (keeps_mailmaps && evidence == "mailmap")) continue;
    append("retract", a, b, evidence, std::to_string(id));
  }
  for (const auto& [key, detail] : said_)
    if (!standing.contains(key) && !refused.contains(key))
      append("merge", std::get<0>(key), std::get<1>(key), std::get<2>(key), detail);
  if (added.empty()) return;
  database_.insert(
      {"identity_link",
       {"project_id", "link_id", "action", "identity_a", "identity_b", "evidence", "detail", "made_by", "made_at"},
       {"project_id", "link_id"},
       OnConflict::fail},
      added);
}

// In the ledger's order: a split cuts all earlier links of the identity, and those
// that rules make later; a retraction takes one link back.
std::vector<const IdentityLink*> IdentityGraph::active_links(const std::set<std::string>& hidden) const {
  std::map<std::int64_t, const IdentityLink*> active;
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> touching;
  std::unordered_set<std::int64_t> pinned;
  for (const IdentityLink& link : links_) {
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
  std::vector<const IdentityLink*> result;
  for (const auto& [id, link] : active)
    if (!hidden.contains(link->evidence)) result.push_back(link);
  return result;
}

std::vector<std::pair<std::int64_t, std::int64_t>> IdentityGraph::parted() const {
  std::vector<std::pair<std::int64_t, std::int64_t>> result;
  std::unordered_map<std::int64_t, std::pair<std::int64_t, std::int64_t>> ends;
  for (const IdentityLink& link : links_) {
    if (link.action == "merge") {
      ends[link.id] = {link.a, link.b};
    } else if (link.action == "split") {
      for (const auto& [id, both] : ends)
        if (both.first == link.a || both.second == link.a) result.push_back(both);
    } else if (link.made_by != "rule") {
      if (const auto found = ends.find(std::strtoll(link.detail.c_str(), nullptr, 10)); found != ends.end())
        result.push_back(found->second);
    }
  }
  return result;
}

std::vector<std::size_t> IdentityGraph::roots(const std::vector<const IdentityLink*>& links) const {
  std::vector<std::size_t> parent(identities_.size());
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto root = [&](std::size_t index) {
    while (parent[index] != index) index = parent[index] = parent[parent[index]];
    return index;
  };
  for (const IdentityLink* link : links) {
    const std::size_t a = root(by_id_.at(link->a)), b = root(by_id_.at(link->b));
    parent[std::max(a, b)] = std::min(a, b);
  }
  for (std::size_t i = 0; i < parent.size(); ++i) parent[i] = root(i);
  return parent;
}

}  // namespace resident

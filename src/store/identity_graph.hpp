// What people are computed from, loaded once: identities with what they did, the ledger,
// and the clones' mailmaps. For store/ itself and for who proposes likely pairs.
#pragma once

#include <config/config.hpp>
#include <map>
#include <optional>
#include <set>
#include <store/database.hpp>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace resident {

struct Identity {
  std::int64_t id = 0;
  std::string key, provider, login, name, account_type;
  std::string email;  // as seen, in lower case
  std::optional<std::int64_t> account_id;
  std::int64_t commits = 0;     // as author
  std::int64_t decisions = 0;   // reviews that approve or ask for changes
  std::string real_name;        // by a mailmap, or as seen
  std::string address;          // the same, in lower case
  bool is_mapped = false;       // a mailmap speaks of it
  bool is_told_apart = false;   // by a line for its name: others at the address are others
  std::string bot_reason = {};  // by itself alone; "" nothing
};

struct IdentityLink {
  std::int64_t id, a, b;
  std::string action, evidence, detail, made_by;
};

class IdentityGraph {
 public:
  IdentityGraph(Database& database, std::int64_t project_id, const BotRules& bots);

  const std::vector<Identity>& identities() const { return identities_; }
  const Identity* find(std::int64_t id) const;
  // Brings the rules' links in the ledger to what the data says now: what is new is added, what it says no more is
  // retracted by a new entry. What a user merged, split or retracted stays so.
  void follow_rules();
  // Links that count, in the ledger's order; without those whose evidence is among `hidden`.
  std::vector<const IdentityLink*> active_links(const std::set<std::string>& hidden = {}) const;
  // The root (its place in identities()) of each identity's person by these links.
  std::vector<std::size_t> roots(const std::vector<const IdentityLink*>& links) const;
  void compute_people();
  // Identities that a user said are two people: by a split, or by taking a link back.
  std::vector<std::pair<std::int64_t, std::int64_t>> parted() const;
  // The forge of accounts whose provider is this: {"github", "github.com"}.
  std::pair<std::string, std::string> forge_of(const std::string& provider) const;
  const std::vector<std::string>& own_words() const { return own_words_; }

 private:
  using Key = std::tuple<std::int64_t, std::int64_t, std::string>;  // both identities and the evidence

  void load_project();
  void load_identities();
  void load_mailmaps();
  void load_links();
  void count_work();
  void say(std::int64_t first, std::int64_t second, const std::string& evidence, const std::string& detail);
  void by_address();
  void link_address(const std::string& address, const std::vector<const Identity*>& list);
  void by_account();
  void by_pull_author();
  bool keeps_old_mailmap_links() const;
  bool are_others(const std::unordered_map<std::int64_t, std::int64_t>& now,
                  const std::unordered_map<std::int64_t, bool>& bots);
  std::int64_t revision(const std::unordered_map<std::int64_t, std::int64_t>& now,
                        const std::unordered_map<std::int64_t, bool>& bots);

  Database& database_;
  std::int64_t project_;
  const BotRules& bots_;
  Parameters parameters_;
  std::string url_host_;  // where GitHub itself told the project's address
  std::vector<std::string> own_words_;
  std::vector<Identity> identities_;
  std::unordered_map<std::int64_t, std::size_t> by_id_;
  std::vector<IdentityLink> links_;
  std::map<Key, std::string> said_;  // by the rules now, with the detail
};

// A short name of the settings and rules that people are computed by.
std::string people_settings(const BotRules& bots);

}  // namespace resident

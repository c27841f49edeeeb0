// What speaks for and against two units (groups of identities) being one person. Apart
// from who asks, so that the backtest weighs exactly as the proposals do.
#pragma once

#include <learn/pairs/pairs.hpp>
#include <map>
#include <set>
#include <store/identity_graph.hpp>

namespace resident {

struct PairUnit {
  std::vector<const Identity*> identities;
  std::set<std::string> full_names, handles;  // letters and digits alone, in lower case; handles: one word, logins too
  std::set<std::string> words;                // of all names
  std::set<std::string> locals, domains;      // of addresses that say something
  std::set<std::pair<std::string, std::int64_t>> accounts;  // host and number
  bool has_account = false;
  std::map<std::string, std::string> shown;  // a name as it is written, by its letters
};

// hides: as if git's own evidence were not there: the logins in no-reply addresses, and who opened whose commits.
class PairScorer {
 public:
  PairScorer(const Context& context, const IdentityGraph& graph, const std::vector<std::size_t>& unit_of_identity,
             bool hides);

  struct Score {
    double probability = 0;
    std::vector<std::string> evidence;
  };
  // Pairs of units that have something in common, each once, the smaller first.
  std::set<std::pair<std::size_t, std::size_t>> candidates() const;
  Score score(std::size_t a, std::size_t b) const;
  const std::map<std::size_t, PairUnit>& units() const { return units_; }

 private:
  struct Seen {
    std::int64_t together = 0, alone = 0;  // of the git side's acts
  };
  struct Weight {
    double value = 0;
    std::string why;
  };
  using Both = std::pair<std::size_t, std::size_t>;

  void make_units(const std::vector<std::size_t>& unit_of_identity);
  void count_words();
  void load_merges();
  void load_openers();
  void load_reviewers();
  void load_talks();
  std::size_t unit_of(const std::optional<std::int64_t>& identity) const;
  void see(std::map<Both, Seen>& into, const std::map<std::size_t, std::map<std::size_t, std::int64_t>>& counts);
  Weight names(const PairUnit& a, const PairUnit& b) const;
  std::vector<Weight> handles(const PairUnit& a, const PairUnit& b) const;
  std::vector<Weight> seen(const Both& both) const;
  double against(std::size_t a, std::size_t b) const;
  std::int64_t bearers(const std::string& word) const;

  const Context& context_;
  const IdentityGraph& graph_;
  bool hides_;
  std::map<std::size_t, PairUnit> units_;
  std::unordered_map<std::int64_t, std::size_t> unit_of_;  // by identity
  std::map<std::string, std::int64_t> words_;              // units whose names have it
  std::map<Both, Seen> merges_, openers_, reviewers_;
  std::set<Both> talks_;
};

}  // namespace resident

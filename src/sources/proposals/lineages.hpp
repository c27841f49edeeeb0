// Which entries of many file versions are one proposal. A lineage is a number; entries of one proposal share it, and
// two may turn out to be one (a file that had no number yet, and the folder it became): they are joined then. Promises:
// lineages are handed out in the order of the history, so they are the same on every machine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <sources/proposals/format.hpp>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident {

using Lineage = std::uint32_t;

struct ProposalRow {
  Lineage lineage = 0;
  std::shared_ptr<const ProposalEntry> entry;
};
using ProposalRows = std::vector<ProposalRow>;

class Lineages {
 public:
  // known: where it is known by other signs already, the key is its from now on.
  Lineage of_key(const std::string& key, std::optional<Lineage> known = std::nullopt);
  // The key is nobody's any more, if it was that lineage's.
  void release(const std::string& key, Lineage lineage);
  Lineage fresh();
  Lineage find(Lineage lineage) const;
  // The second becomes one with the first.
  void join(Lineage to, Lineage from);

  // Rows of a version of a table, each with the lineage of the row of `known` that has its link and name, its link, or
  // its name, in this order of trust; else with a fresh one.
  ProposalRows match(const std::vector<std::shared_ptr<const ProposalEntry>>& entries, const ProposalRows& known);

 private:
  mutable std::vector<Lineage> parents_;
  std::unordered_map<std::string, Lineage> keys_;
};

}  // namespace resident

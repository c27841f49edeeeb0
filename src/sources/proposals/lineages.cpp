#include <array>
#include <base/text.hpp>
#include <sources/proposals/lineages.hpp>
#include <unordered_set>

namespace resident {

Lineage Lineages::fresh() {
  parents_.push_back(static_cast<Lineage>(parents_.size()));
  return parents_.back();
}

Lineage Lineages::of_key(const std::string& key, std::optional<Lineage> known) {
  if (known) {
    keys_[key] = *known;
    return find(*known);
  }
  const auto found = keys_.find(key);
  if (found != keys_.end()) return find(found->second);
  const Lineage lineage = fresh();
  keys_.emplace(key, lineage);
  return lineage;
}

void Lineages::release(const std::string& key, Lineage lineage) {
  const auto found = keys_.find(key);
  if (found != keys_.end() && find(found->second) == find(lineage)) keys_.erase(found);
}

Lineage Lineages::find(Lineage lineage) const {
  while (parents_[lineage] != lineage) {
    parents_[lineage] = parents_[parents_[lineage]];
    lineage = parents_[lineage];
  }
  return lineage;
}

void Lineages::join(Lineage to, Lineage from) {
  to = find(to);
  from = find(from);
  if (to == from) return;
  parents_[from] = to;
}

namespace {

// What rows are known again by, most trusted first. Empty: by this, none.
std::string print_of(const ProposalEntry& entry, int way) {
  const std::string link = to_lower(entry.link), name = to_lower(entry.name);
  if (way == 0) return link.empty() || name.empty() ? std::string{} : link + "\n" + name;
  if (way == 1) return link;
  return name;
}

constexpr int kWays = 3;

}  // namespace

ProposalRows Lineages::match(const std::vector<std::shared_ptr<const ProposalEntry>>& entries,
                             const ProposalRows& known) {
  std::array<std::unordered_map<std::string, Lineage>, kWays> by;
  for (const auto& row : known)
    for (int way = 0; way < kWays; ++way)
      if (std::string print = print_of(*row.entry, way); !print.empty())
        by[static_cast<std::size_t>(way)].emplace(std::move(print), find(row.lineage));
  constexpr Lineage kNone = 0xFFFFFFFF;
  std::vector<Lineage> found(entries.size(), kNone);
  std::unordered_set<Lineage> taken;
  for (int way = 0; way < kWays; ++way) {
    const auto& prints = by[static_cast<std::size_t>(way)];
    std::vector<Lineage> now;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (found[i] != kNone) continue;
      const auto place = prints.find(print_of(*entries[i], way));
      if (place == prints.end() || (way > 0 && taken.contains(place->second))) continue;
      found[i] = place->second;
      now.push_back(place->second);
    }
    // Two rows of one link in the same version are one proposal only where the name says so, too.
    taken.insert(now.begin(), now.end());
  }
  ProposalRows rows;
  for (std::size_t i = 0; i < entries.size(); ++i) rows.push_back({found[i] == kNone ? fresh() : found[i], entries[i]});
  return rows;
}

}  // namespace resident

// Likely pairs: people in the store who may be one, where no evidence allows to join them.
// Each with a probability and what speaks for it; nothing is joined but by a user's word,
// and what a user refused is not asked again.
//
// A probability is a sum of weights (log-odds): what is alike in names, logins and
// addresses, weighed by how rare it is in this project; whom the forge and git name
// beside each other (who merged, who opened, who reviewed); and what speaks against it
// (two accounts at one forge, whole names without a common word, talking with each
// other). How right it is, is replayed on the people who are known (`resident accuracy
// pairs`): they are taken apart, and must be found again.
#pragma once

#include <cstdint>
#include <framework/analysis.hpp>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident {

struct LikelyPair {
  std::int64_t a = 0, b = 0;  // persons; a < b
  std::string name_a, name_b;
  double probability = 0;
  std::vector<std::string> evidence;  // strongest first; no addresses
};

// Best first; of several that would join the same people those that suffice. Left out: bots, what was refused, and
// what was postponed until later than `now`.
std::vector<LikelyPair> likely_pairs(const Context& context, double least, Timestamp now);

inline constexpr double kLikelyPair = 0.9;    // proposed as likely
inline constexpr double kPossiblePair = 0.5;  // shown at all

// What a user said of two people; keeps it by their identities.
void refuse_pair(Database& database, std::int64_t project_id, std::int64_t a, std::int64_t b, Timestamp now);
void postpone_pair(Database& database, std::int64_t project_id, std::int64_t a, std::int64_t b, Timestamp until,
                   Timestamp now);

Result pairs_result(const Context& context, const std::vector<LikelyPair>& pairs);

}  // namespace resident

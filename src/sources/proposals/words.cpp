#include <algorithm>
#include <array>
#include <base/text.hpp>
#include <cctype>
#include <map>
#include <sources/proposals/words.hpp>

namespace resident {

namespace {

// A word that so few proposals ever had is no state of the project's own: it was a slip.
constexpr std::int64_t kRare = 2;
// So many at once, and all there were, is a renaming.
constexpr std::int64_t kMass = 3;

std::string fold(std::string_view text) {
  std::string folded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool is_point = c == '.' && i > 0 && std::isdigit(static_cast<unsigned char>(text[i - 1]));
    if (c >= 0x80 || c == '|' || c == '/' || c == '<' || c == '>' || is_point || std::isdigit(c))
      folded += static_cast<char>(c);
    else if (std::isalpha(c))
      folded += static_cast<char>(std::tolower(c));
  }
  return folded;
}

bool is_plain_word(std::string_view word) {
  return word.size() >= 5 && std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isalpha(c); });
}

// "Implemented", "Implemented in 4.1": the same, and where, by what or since when.
bool tells_only_more(std::string_view from, std::string_view to) {
  const std::string a = to_lower(trim(from)), b = to_lower(trim(to));
  const std::string &shorter = a.size() < b.size() ? a : b, &longer = a.size() < b.size() ? b : a;
  if (shorter.size() < 4 || !longer.starts_with(shorter + " ")) return false;
  const std::string more = longer.substr(shorter.size() + 1);
  constexpr std::array kLeads{"in ", "by ", "with ", "since ", "on ", "from ", "as of ", "("};
  return std::any_of(kLeads.begin(), kLeads.end(), [&](const char* lead) { return more.starts_with(lead); });
}

}  // namespace

bool is_same_word(std::string_view from, std::string_view to) {
  return fold(from) == fold(to);
}

bool is_form_of(std::string_view from, std::string_view to) {
  if (!is_plain_word(from) || !is_plain_word(to)) return false;
  const std::string a = fold(from), b = fold(to);
  // "Withdrawal", "Withdrawn": the same but for an ending.
  constexpr std::size_t kLongestEnding = 3;
  const auto common = static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  if (common >= 5 && std::max(a.size(), b.size()) - common <= kLongestEnding) return true;
  // "Rejecetd": a slip in the middle.
  return a.front() == b.front() && !near_miss(a, {b}).empty() &&
         std::max(a.size(), b.size()) - std::min(a.size(), b.size()) <= 1;
}

void tell_words_from_decisions(std::vector<Proposal>& proposals, const std::vector<WordUse>& uses) {
  std::map<std::string, std::int64_t> ever;
  std::map<std::string, std::map<std::pair<std::string, std::string>, std::int64_t>> together;
  for (const Proposal& proposal : proposals) {
    for (const StatusChange& change : proposal.changes) {
      ++ever[change.to];
      if (change.kind != StatusKind::first) ++together[change.commit][{change.from, change.to}];
    }
  }
  std::map<std::pair<std::string, std::string>, std::int64_t> before;
  for (const WordUse& use : uses) before[{use.commit, use.word}] = use.before;
  for (Proposal& proposal : proposals) {
    for (StatusChange& change : proposal.changes) {
      if (change.kind == StatusKind::first) continue;
      const std::int64_t count = together[change.commit][{change.from, change.to}];
      const auto had_from = before.find({change.commit, change.from}), had_to = before.find({change.commit, change.to});
      const bool renames_all = count >= kMass && had_from != before.end() && had_from->second == count &&
                               had_to != before.end() && had_to->second == 0;
      const bool mends = is_form_of(change.from, change.to) && std::min(ever[change.from], ever[change.to]) <= kRare;
      if (is_same_word(change.from, change.to) || tells_only_more(change.from, change.to) || mends || renames_all)
        change.kind = StatusKind::word;
    }
  }
}

}  // namespace resident

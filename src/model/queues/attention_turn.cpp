#include <fmt/format.h>

#include <algorithm>
#include <model/queues/attention_turn.hpp>

namespace resident {

bool is_in_attention(const OpenItem& item, const OwnTurn& own) {
  const auto& set = item.attention.people;
  if (own.turn == Turn::author) return set.contains(item.author);
  if (own.turn != Turn::reviewer && own.turn != Turn::committer) return false;
  if (!own.people.empty())
    return std::ranges::any_of(own.people, [&](std::int64_t person) { return set.contains(person); });
  return std::ranges::any_of(set, [&](const auto& each) { return each.first != item.author; });
}

std::string attention_text(const OpenItem& item, const People& people) {
  std::string text;
  for (const auto& [person, entry] : item.attention.people) text += (text.empty() ? "" : ", ") + people.name(person);
  return text;
}

void wait_for_parent(const OpenItem& item, TurnDecision& decision) {
  if (!item.built_on || decision.turn == Turn::author || decision.turn == Turn::nobody) return;
  const BuiltOn& parent = *item.built_on;
  const bool is_ready = decision.turn == Turn::committer;
  const auto set = [&](Turn turn, std::string why) {
    decision.turn = turn;
    decision.why = std::move(why);
    decision.people.clear();
    decision.teams.clear();
  };
  if (parent.is_abandoned)
    set(Turn::author, fmt::format("to be rebased: built on #{}, which was abandoned", parent.number));
  else if (parent.is_outdated && is_ready)
    set(Turn::author, fmt::format("to be rebased: built on an older patch set of #{}", parent.number));
  else if (parent.is_outdated)
    decision.why += fmt::format("; built on an older patch set of #{}", parent.number);
  else if (is_ready && !parent.is_submittable)
    set(Turn::nobody, fmt::format("waits for #{}, which it is built on", parent.number));
  else
    decision.why += fmt::format("; built on #{}{}", parent.number, is_ready ? ", which is submitted with it" : "");
}

void follow_attention(const OpenItem& item, const People& people, TurnDecision& decision) {
  const auto& set = item.attention.people;
  if (!item.attention.is_known || set.empty()) return;
  const auto last = std::ranges::max_element(set, [&](const auto& a, const auto& b) {
    // Of the same second the author: the set is theirs to keep.
    return std::pair(a.second.since, a.first == item.author) < std::pair(b.second.since, b.first == item.author);
  });
  OwnTurn own{decision.turn, decision.since, decision.why, decision.people};
  const bool is_authors = last->first == item.author;
  decision.people.clear();
  decision.teams.clear();
  for (const auto& [person, entry] : set)
    if ((person == item.author) == is_authors) decision.people.insert(person);
  const bool may_merge = own.turn == Turn::committer && own.people.contains(last->first);
  decision.turn = may_merge ? Turn::committer : is_authors ? Turn::author : Turn::reviewer;
  decision.since = last->second.since;
  decision.why = fmt::format("in the attention set: {}{}", attention_text(item, people),
                             last->second.reason.empty() ? "" : fmt::format(" (“{}”)", last->second.reason));
  if (!is_in_attention(item, own))
    decision.why += fmt::format("; by what was written it is {}: {}",
                                own.turn == Turn::nobody ? std::string("nobody's turn")
                                                         : fmt::format("the turn of the {}", turn_name(own.turn)),
                                own.why);
  if (is_authors) decision.people.clear();
  decision.own = std::move(own);
}

}  // namespace resident

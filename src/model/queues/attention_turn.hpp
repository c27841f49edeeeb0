// Whose turn it is where the forge says so itself: Gerrit's attention set stands in place of our own judgement, which
// stays beside it and is held against it. Our own knows what a change is built on.
#pragma once

#include <model/queues/turn.hpp>

namespace resident {

// Nothing changes where the set is not known as of the moment, or nobody is in it. Where both the author and others
// are, it is the turn of who came in last.
void follow_attention(const OpenItem& item, const People& people, TurnDecision& decision);

// What could be submitted waits for the change that it is built on, unless both can be; it has to be rebased where it
// is built on an older patch set. On an abandoned change nothing can be built. A review goes on: only told.
void wait_for_parent(const OpenItem& item, TurnDecision& decision);

// Whether the set has whom our own judgement waits for: the author; of reviewers or of those who merge somebody whom it
// names, or anybody but the author where it names nobody. CI and nobody are never in a set.
bool is_in_attention(const OpenItem& item, const OwnTurn& own);

// "bea, author": who is in the set.
std::string attention_text(const OpenItem& item, const People& people);

}  // namespace resident

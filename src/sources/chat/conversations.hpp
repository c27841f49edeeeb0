// Which messages of a channel belong together. Where the chat says so, as it says: topics, threads, replies. For all
// others rules decide, after the cues that Elsner & Charniak ("Disentangling Chat", Computational Linguistics 36(3),
// 2010) and Kummerfeld et al. ("A Large-Scale Corpus for Conversation Disentanglement", ACL 2019) found to tell most:
// who is addressed, who wrote just before, how much time lies between, and whether it asks. In this order:
//   1. a message that names somebody who wrote within the hour goes to that person's newest message;
//   2. else to the newest of the author's own within 5 minutes, and of what was said to them within 10;
//   3. else, if it asks nothing and the channel had one conversation alone in the last 30 minutes, to that one;
//   4. else it begins a conversation.
// Each message is judged by what came before it, so that a log that grows changes nothing of what it said before.
// docs/accuracy.md says how often that is right, on which judged data.
#pragma once

#include <cstddef>
#include <sources/chat/message.hpp>
#include <vector>

namespace resident::chat {

inline constexpr Timestamp kAddressedWithin = kHour, kOwnWithin = 5 * kMinute, kSaidToWithin = 10 * kMinute,
                           kQuietWithin = 30 * kMinute;

struct Conversation {
  std::vector<std::size_t> messages;  // in order of time
  std::vector<std::size_t> answers;   // for each, its place in `messages` of the one that it goes to; itself: to none
};

// The channel's messages must be in order of time. In order of the conversations' first messages.
std::vector<Conversation> find_conversations(const Channel& channel);

}  // namespace resident::chat

// The conversations of a chat as threads. Messages that one person wrote into a conversation without a break (five
// minutes) are one post: chats are written in short lines. A conversation in which nothing was said for 30 days is
// over. Only what is new or different is written.
#pragma once

#include <sources/chat/message.hpp>
#include <sources/files/stored_parts.hpp>
#include <sources/source.hpp>
#include <string>
#include <unordered_set>

namespace resident::chat {

inline constexpr Timestamp kOverAfter = 30 * kDay;

// Of one channel, whose messages are in order of time.
std::vector<ThreadRecord> threads_of(const Chat& chat, const std::string& channel_key);

class ChatWriter {
 public:
  explicit ChatWriter(Writer& writer) : writer_(writer) {}
  // Takes the chat's channels apart; they are empty afterwards.
  void write(Chat&& chat);
  // One channel of it, whose messages are in order of time.
  void write_channel(const Chat& chat, const std::string& key);
  // Some of the files cannot be read: nothing that is stored goes, and a thread is written anew only where it has all
  // the posts that are stored of it, and more.
  void keep_what_is_stored();
  // A thread that stands as it was, though it was not read again.
  void keep(const std::string& thread_key) { current_.insert(thread_key); }
  // Threads of this source that were neither written nor kept go, unless what is stored is kept.
  void drop_others();
  // What was left out, in a sentence.
  std::string coverage() const;

 private:
  Writer& writer_;
  std::unordered_set<std::string> current_;
  std::optional<StoredParts> stored_;
  std::size_t since_checkpoint_ = 0;
  long long private_channels_ = 0, private_messages_ = 0, direct_messages_ = 0, notices_ = 0, bot_messages_ = 0,
            unreadable_ = 0, unknown_channels_ = 0;
};

}  // namespace resident::chat

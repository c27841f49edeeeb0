// What chats have in common: channels with messages in order of time, by people whom the chat knows by a key. Readers
// of single chats (formats.hpp, irc.hpp, zulip.hpp) fill these; conversations.hpp finds which messages belong together.
#pragma once

#include <map>
#include <optional>
#include <store/records.hpp>
#include <string>
#include <vector>

namespace resident::chat {

struct Message {
  std::string id;      // the chat's, or made of what the line says; unique in its channel
  std::string author;  // key of a person; "": nobody known
  Timestamp at = 0;
  std::optional<Timestamp> edited_at = std::nullopt;
  std::string text;
  std::string topic = {};                  // as the chat names it; then no rule is asked
  std::string thread = {};                 // of an explicit thread: the id of the message that it hangs on
  std::string reply_to = {};               // the id of the message that it answers, as the chat says
  std::vector<std::string> mentions = {};  // keys of people, where the chat marks them
};

struct Channel {
  std::string name;                  // without "#"
  std::string url = {};              // "" where none is known
  bool is_one_conversation = false;  // a thread with a channel of its own (Discord)
  std::string title = {};            // of that
  bool has_nicks = false;            // people are named by writing their key into the text (IRC)
  std::vector<Message> messages = {};
};

// What one export or log holds.
struct Chat {
  std::string provider;                        // of the accounts: "slack:T012", "irc"
  std::string key;                             // what the keys of its threads begin with
  std::map<std::string, PersonRecord> people;  // by key
  std::map<std::string, Channel> channels;     // by key
  std::map<std::string, Timestamp> resolved;   // topics that are done with, by their first message's id: since when
  // Left out, and counted.
  long long private_channels = 0, private_messages = 0, direct_messages = 0, notices = 0, bot_messages = 0,
            unreadable = 0;
  long long unknown_channels = 0;  // of the private ones: the export does not say whether they are
};

}  // namespace resident::chat

// Zulip's people and messages, as an export has them and as its API answers. A topic is a thread; resolved topics are
// those whose name begins with "✔ " (https://zulip.com/help/resolve-a-topic): they end with the chat's own last notice
// in them, which is written in the language of whoever resolved it and so is not read, or else with the last message.
#pragma once

#include <set>
#include <sources/chat/message.hpp>
#include <sources/json/json_reader.hpp>
#include <string>

namespace resident::chat {

inline constexpr std::string_view kResolvedMark = "✔ ";
// Message::topic of the topic without a name ("general chat"), since none at all would mean that no topics are known.
inline constexpr std::string_view kNoTopic = " ";

// What the keys of an organization's threads begin with: of zulipchat.com by its name there, so that an export and the
// live organization are the same.
std::string zulip_key(const std::string& host_or_name);
// An account, of an export's zerver_userprofile or the API's members.
PersonRecord zulip_person(const json::Object& object, const std::string& provider);
std::string zulip_text(const std::string& content);
// Fills in when the topics of a channel were resolved; its messages in order of time. notices: by the name of a
// topic, in lower case, the time of the chat's own last word in it.
void note_resolved(Channel& channel, const std::map<std::string, Timestamp>& notices, Chat& chat);

}  // namespace resident::chat

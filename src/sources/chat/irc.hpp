// Logs of IRC, as programs write them: irssi, WeeChat, ZNC and energymech, HexChat, The Lounge, and the forms that
// sites publish (irclogs.ubuntu.com). What a line is, its own form tells; the day comes from the line, from lines that
// tell of one ("--- Day changed", "**** BEGIN LOGGING AT"), or from the file's name, and a clock that goes back by more
// than an hour has passed midnight. Lines that name month and day alone (HexChat) are of the next such day. Joins,
// parts, modes and other notices are counted; actions are messages.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <sources/chat/message.hpp>
#include <string>
#include <string_view>

namespace resident::chat {

struct LogName {
  std::string channel;           // without "#", lower case
  bool has_sign = false;         // the path names it as a channel
  bool is_status = false;        // of a server or the program itself
  std::optional<Timestamp> day;  // the first second of it
};
// "libera/#rust/2024-01-31.log", "#rust_20240131.log", "irc.libera.#rust.weechatlog", "2024/01/31/#rust.txt".
LogName log_name(const std::string& path);

// From wall clock, as seconds since 1970 in UTC would be, to UTC.
using ToUtc = std::function<Timestamp(Timestamp)>;
// zone: IANA's name, or "+02:00"; "": UTC. Throws Error{usage} where there is none of that name.
ToUtc zone_of(const std::string& zone);

struct IrcLog {
  std::vector<Message> messages;
  long long notices = 0;
  std::string problem;  // why it could not be read to its end, or at all
};

// Whether the first lines are of a log.
bool looks_like_irc(std::string_view text);
IrcLog read_irc(std::string_view text, const LogName& name, const ToUtc& to_utc);

}  // namespace resident::chat

// Exports of single chats: files in, a Chat out, no requests. Each reader takes files in any order and says by take()
// whether one is its own; finish() gives what they hold together. Whatever the bytes, a file is read or an Error says
// what is wrong with it.
//   Slack: users.json, channels.json (groups.json, mpims.json, dms.json), CHANNEL/YYYY-MM-DD.json
//     https://slack.com/help/articles/220556107
//   Discord: the JSON of DiscordChatExporter, a file a channel or thread, perhaps in parts
//   Matrix: the JSON of Element's "Export chat", or a list of events as the Client-Server API gives them
//     https://spec.matrix.org/latest/client-server-api/
//   Zulip: an organization's export, realm.json and messages-NNNNNN.json
//     https://zulip.com/help/export-your-organization
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <sources/chat/message.hpp>
#include <sources/json/json_reader.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resident::chat {

struct ReaderSettings {
  std::set<std::string> private_channels;  // by name: read though they are private
};

// A record of a file that cannot be read, by its place in it; the others are.
struct BadRecord {
  std::string where, reason;  // "message 12"
};

class ExportReader {
 public:
  virtual ~ExportReader() = default;
  // path: within the export, with forward slashes. False where the file is of another kind.
  virtual bool take(const std::string& path, json::Element root) = 0;
  virtual Chat finish() = 0;
  virtual bool is_empty() const = 0;

  // Of the file that was taken last.
  std::vector<BadRecord> bad_records() { return std::exchange(bad_, {}); }

 protected:
  // what: "message", as an error calls it.
  void each_record(const json::Array& list, std::string_view what,
                   const std::function<void(const json::Object&)>& take);

 private:
  std::vector<BadRecord> bad_;
};

std::unique_ptr<ExportReader> slack_reader(ReaderSettings settings);
std::unique_ptr<ExportReader> discord_reader(ReaderSettings settings);
std::unique_ptr<ExportReader> matrix_reader(ReaderSettings settings);
std::unique_ptr<ExportReader> zulip_reader(ReaderSettings settings);

// "a/b/2024-01-01.json" → {"b", "2024-01-01.json"}.
std::pair<std::string, std::string> folder_and_file(const std::string& path);
// Whole seconds of a number that may have a fraction; throws Error where it is no time between 1970 and 9999. what: it
// is called in the export ("message.ts").
Timestamp whole_seconds(double seconds, std::string_view what);
// The same of a text, "1704103200.000200".
Timestamp seconds_of(const std::string& text, std::string_view what);
// Messages of one id once, the one that was edited last.
void once_each(std::vector<Message>& messages);

}  // namespace resident::chat

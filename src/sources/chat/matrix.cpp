#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/chat/formats.hpp>

namespace resident::chat {

namespace {

using json::Object;

constexpr std::int64_t kMillisecond = 1000;

// The quoted message before a reply, which clients wrote until version 1.13 of the specification.
std::string without_quote(const std::string& body) {
  if (!body.starts_with("> <@") && !body.starts_with("> * <@")) return body;
  std::string_view rest = body;
  while (rest.starts_with(">")) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  while (rest.starts_with("\n")) rest.remove_prefix(1);
  return std::string(rest);
}

struct Edit {
  std::string text;
  Timestamp at = 0;
};

class MatrixReader : public ExportReader {
 public:
  explicit MatrixReader(ReaderSettings settings) : settings_(std::move(settings)) {
    chat_.key = chat_.provider = "matrix";
  }

  bool take(const std::string& path, json::Element root) override {
    std::optional<json::Array> events;
    std::string name;
    if (root.is_object()) {
      const Object object(root, "export");
      if (object.has("guild")) return false;
      for (const std::string_view key : {"messages", "chunk", "events"})
        if (object.element(key) && object.element(key)->is_array() && !events) events = object.array(key);
      name = object.has("room_name") && object.element("room_name")->is_string() ? object.text("room_name") : "";
    } else if (json::Array list; !root.get(list)) {
      events = list;
    }
    if (!events || !holds_events(*events)) return false;
    any_ = true;
    const std::string file = folder_and_file(path).second;
    each_record(*events, "event", [&](const Object& object) { take_event(object, name, file); });
    return true;
  }

  Chat finish() override {
    for (auto& entry : rooms_) {
      const std::string& key = entry.first;
      Room& room = entry.second;
      Channel& channel = room.channel;
      if (channel.name.empty()) channel.name = key;
      once_each(channel.messages);
      for (auto& [name, text] : room.names) channel.name = text;
      if (room.is_direct) {
        chat_.direct_messages += static_cast<long long>(channel.messages.size());
        continue;
      }
      // Parts of a room's history come without its rules.
      if (room.is_private.value_or(true) && !settings_.private_channels.contains(channel.name)) {
        ++chat_.private_channels;
        chat_.unknown_channels += !room.is_private;
        chat_.private_messages += static_cast<long long>(channel.messages.size());
        continue;
      }
      std::erase_if(channel.messages, [&](const Message& message) {
        const bool is_gone = room.redacted.contains(message.id);
        chat_.notices += is_gone;
        return is_gone;
      });
      for (Message& message : channel.messages)
        if (const auto edit = room.edits.find({message.id, message.author}); edit != room.edits.end()) {
          message.text = edit->second.text;
          message.edited_at = edit->second.at;
        }
      chat_.channels[key] = std::move(channel);
    }
    for (const auto& [key, name] : names_)
      if (const auto found = chat_.people.find(key); found != chat_.people.end()) found->second.name = name;
    return std::move(chat_);
  }

  bool is_empty() const override { return !any_; }

 private:
  struct Room {
    Channel channel;
    std::optional<bool> is_private;  // nothing: the export does not say
    bool is_direct = false;
    std::map<std::string, std::string> names;
    std::map<std::pair<std::string, std::string>, Edit> edits;  // by message and sender
    std::set<std::string> redacted;
  };

  static bool holds_events(const json::Array& list) {
    for (const json::Element each : list) {
      if (!each.is_object()) return false;
      const Object object(each, "event");
      return object.has("event_id") && object.has("origin_server_ts") && object.has("sender");
    }
    return false;
  }

  void take_event(const Object& event, const std::string& room_name, const std::string& file) {
    std::string key = event.text("room_id");
    if (key.empty()) key = room_name.empty() ? file : room_name;
    Room& room = rooms_[key];
    if (room.channel.name.empty()) room.channel.name = room_name;
    if (key.starts_with('!')) room.channel.url = fmt::format("https://matrix.to/#/{}/{{message}}", escape_url(key));
    const std::string type = event.text("type"), sender = event.text("sender");
    const auto content = event.object("content");
    if (!content) return;
    if (event.has("state_key")) {
      if (type == "m.room.join_rules") room.is_private = content->text("join_rule") != "public";
      if (type == "m.room.name" && !content->text("name").empty()) room.names["name"] = content->text("name");
      if (type == "m.room.member" && content->boolean("is_direct")) room.is_direct = true;
      if (type == "m.room.member" && !content->text("displayname").empty())
        names_[event.text("state_key")] = content->text("displayname");
      ++chat_.notices;
      return;
    }
    if (type == "m.room.redaction") {
      for (const std::string& gone : {event.text("redacts"), content->text("redacts")})
        if (!gone.empty()) room.redacted.insert(gone);
      return;
    }
    if (type == "m.room.encrypted") ++chat_.unreadable;
    if (type == "m.room.message") take_message(event, *content, sender, room);
  }

  void take_message(const Object& event, const Object& content, const std::string& sender, Room& room) {
    const std::string kind = content.text("msgtype");
    const auto unsigned_part = event.object("unsigned");
    if (kind.empty() || (unsigned_part && unsigned_part->has("redacted_because"))) {
      ++chat_.notices;  // taken back
      return;
    }
    if (kind == "m.notice") {  // what bots write, so that they do not answer one another
      ++chat_.bot_messages;
      return;
    }
    const Timestamp at = event.required_integer("origin_server_ts") / kMillisecond;
    Message message;
    message.id = event.required_text("event_id");
    message.at = whole_seconds(static_cast<double>(at), "event.origin_server_ts");
    message.author = sender;
    message.text = content.text("body");
    if (const auto relation = content.object("m.relates_to")) {
      const std::string how = relation->text("rel_type"), whom = relation->text("event_id");
      if (how == "m.replace") {
        const auto fresh = content.object("m.new_content");
        Edit& edit = room.edits[{whom, sender}];
        if (fresh && edit.at <= at) edit = {fresh->text("body"), at};
        return;
      }
      if (how == "m.thread") message.thread = whom;
      if (const auto reply = relation->object("m.in_reply_to"); reply && !relation->boolean("is_falling_back")) {
        message.reply_to = reply->text("event_id");
        message.text = without_quote(message.text);
      }
    }
    if (kind == "m.image" || kind == "m.file" || kind == "m.video" || kind == "m.audio")
      message.text = fmt::format("[file: {}]", message.text);
    if (const auto mentions = content.object("m.mentions"))
      if (const auto people = mentions->array("user_ids"))
        for (const json::Element each : *people) message.mentions.push_back(json::text_of(each, "user_id"));
    PersonRecord& person = chat_.people[sender];
    person.provider = "matrix";
    person.login = sender;
    room.channel.messages.push_back(std::move(message));
  }

  ReaderSettings settings_;
  Chat chat_;
  std::map<std::string, Room> rooms_;
  std::map<std::string, std::string> names_;  // shown last
  bool any_ = false;
};

}  // namespace

std::unique_ptr<ExportReader> matrix_reader(ReaderSettings settings) {
  return std::make_unique<MatrixReader>(std::move(settings));
}

}  // namespace resident::chat

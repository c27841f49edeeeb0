#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/chat/formats.hpp>
#include <sources/chat/zulip.hpp>

namespace resident::chat {

namespace {

using json::Object;

constexpr std::int64_t kStream = 2;  // zerver_recipient.type: 1 one person, 2 a channel, 3 a group

class ZulipReader : public ExportReader {
 public:
  explicit ZulipReader(ReaderSettings settings) : settings_(std::move(settings)) {}

  bool take(const std::string&, json::Element root) override {
    if (!root.is_object()) return false;
    const Object file(root, "export");
    if (const auto messages = file.array("zerver_message")) {
      any_ = true;
      each_record(*messages, "message", [&](const Object& object) { take_message(object); });
      return true;
    }
    if (!file.has("zerver_stream") || !file.has("zerver_recipient")) return false;
    any_ = has_realm_ = true;
    take_realm(file);
    return true;
  }

  Chat finish() override {
    if (!has_realm_)
      throw Error("the export has no realm.json, which says whose the messages are",
                  "give the whole of the export, as its .tar.gz");
    for (auto& [recipient, messages] : messages_) {
      once_each(messages);
      const auto stream = stream_of_.find(recipient);
      if (stream == stream_of_.end()) {
        chat_.direct_messages += static_cast<long long>(messages.size());
        continue;
      }
      const Stream& about = streams_[stream->second];
      if (about.is_private && !settings_.private_channels.contains(about.name)) {
        ++chat_.private_channels;
        chat_.private_messages += static_cast<long long>(messages.size());
        continue;
      }
      Channel& channel = chat_.channels[std::to_string(stream->second)];
      channel.name = about.name;
      std::map<std::string, Timestamp> notices;
      for (Message& message : messages) {
        if (system_.contains(message.author)) {
          ++chat_.notices;
          Timestamp& last = notices[to_lower(message.topic)];
          last = std::max(last, message.at);
          continue;
        }
        channel.messages.push_back(std::move(message));
      }
      std::stable_sort(channel.messages.begin(), channel.messages.end(),
                       [](const Message& a, const Message& b) { return a.at < b.at; });
      note_resolved(channel, notices, chat_);
    }
    return std::move(chat_);
  }

  bool is_empty() const override { return !any_; }

 private:
  struct Stream {
    std::string name;
    bool is_private;
  };

  void take_realm(const Object& file) {
    std::string name;
    if (const auto realms = file.array("zerver_realm"))
      for (const json::Element each : *realms) name = Object(each, "realm").text("string_id");
    chat_.provider = chat_.key = zulip_key(name);
    for (const std::string_view table : {"zerver_userprofile", "zerver_userprofile_mirrordummy"})
      if (const auto people = file.array(table))
        each_record(*people, "user", [&](const Object& object) {
          chat_.people[std::to_string(object.required_integer("id"))] = zulip_person(object, chat_.provider);
        });
    if (const auto bots = file.array("zerver_userprofile_crossrealm"))
      for (const json::Element each : *bots)
        system_.insert(std::to_string(Object(each, "user").required_integer("id")));
    const auto streams = file.array("zerver_stream"), recipients = file.array("zerver_recipient");
    for (const json::Element each : *streams) {
      const Object object(each, "stream");
      streams_[object.required_integer("id")] = {object.text("name"), object.boolean("invite_only")};
    }
    for (const json::Element each : *recipients) {
      const Object object(each, "recipient");
      if (object.integer("type") == kStream)
        stream_of_[object.required_integer("id")] = object.required_integer("type_id");
    }
  }

  void take_message(const Object& object) {
    Message message;
    message.id = std::to_string(object.required_integer("id"));
    const auto at = object.number("date_sent");
    if (!at) throw Error("message.date_sent: expected a time, found nothing");
    message.at = whole_seconds(*at, "message.date_sent");
    if (const auto edited = object.number("last_edit_time"))
      message.edited_at = whole_seconds(*edited, "message.last_edit_time");
    message.author = std::to_string(object.required_integer("sender"));
    message.topic = object.text("subject");
    if (message.topic.empty()) message.topic = kNoTopic;
    message.text = zulip_text(object.text("content"));
    messages_[object.required_integer("recipient")].push_back(std::move(message));
  }

  ReaderSettings settings_;
  Chat chat_;
  std::map<std::int64_t, Stream> streams_;
  std::map<std::int64_t, std::int64_t> stream_of_;  // by recipient
  std::map<std::int64_t, std::vector<Message>> messages_;
  std::set<std::string> system_;
  bool any_ = false, has_realm_ = false;
};

}  // namespace

std::string zulip_key(const std::string& host_or_name) {
  constexpr std::string_view kCloud = ".zulipchat.com";
  std::string name = to_lower(host_or_name);
  if (name.ends_with(kCloud)) name.resize(name.size() - kCloud.size());
  return name.empty() ? "zulip" : "zulip:" + name;
}

PersonRecord zulip_person(const json::Object& object, const std::string& provider) {
  PersonRecord person;
  person.provider = provider;
  person.account_id = object.has("user_id") ? object.integer("user_id") : object.integer("id");
  person.name = object.text("full_name");
  // Where addresses are hidden, "email" is one that nobody has: user12@….
  static const Pattern made_up(R"(^user\d+@)");
  person.email = object.text("delivery_email");
  if (person.email.empty() && !made_up.found_in(object.text("email"))) person.email = object.text("email");
  if (object.boolean("is_bot")) person.account_type = "Bot";
  return person;
}

std::string zulip_text(const std::string& content) {
  // @**Name|12** and the silent @_**Name|12** name people, #**channel>topic** a topic.
  static const Pattern mark(R"((@_?|#)\*\*([^*\n|]{1,200})(?:\|\d+)?\*\*)");
  std::string result;
  std::string_view rest = content, sign, name;
  for (std::string_view before = rest; mark.find_next(rest, &sign, &name); before = rest) {
    result += before.substr(0, static_cast<std::size_t>(sign.data() - before.data()));
    result += sign.front();
    result += name;
  }
  return result + std::string(rest);
}

void note_resolved(Channel& channel, const std::map<std::string, Timestamp>& notices, Chat& chat) {
  std::map<std::string, std::pair<std::string, Timestamp>> topics;  // the first message, the last one's time
  for (const Message& message : channel.messages) {
    if (!message.topic.starts_with(kResolvedMark)) continue;
    const auto [found, is_new] = topics.emplace(to_lower(message.topic), std::pair{message.id, message.at});
    found->second.second = std::max(found->second.second, message.at);
  }
  for (const auto& [topic, about] : topics) {
    const auto notice = notices.find(topic);
    chat.resolved[about.first] = notice == notices.end() ? about.second : notice->second;
  }
}

std::unique_ptr<ExportReader> zulip_reader(ReaderSettings settings) {
  return std::make_unique<ZulipReader>(std::move(settings));
}

}  // namespace resident::chat

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/chat/formats.hpp>

namespace resident::chat {

namespace {

using json::Object;

// Subtypes that people write (https://api.slack.com/events/message); all others are the chat's own notices.
bool is_human(std::string_view subtype) {
  constexpr std::array<std::string_view, 6> kHuman{"",           "thread_broadcast", "reply_broadcast",
                                                   "me_message", "file_share",       "file_comment"};
  for (const std::string_view each : kHuman)
    if (each == subtype) return true;
  return false;
}

bool looks_like_day(std::string_view file) {
  static const Pattern pattern(R"(^\d{4}-\d{2}-\d{2}(?:[^/]*)\.json$)");
  return pattern.found_in(file);
}

class SlackReader : public ExportReader {
 public:
  explicit SlackReader(ReaderSettings settings) : settings_(std::move(settings)) {}

  bool take(const std::string& path, json::Element root) override {
    json::Array list;
    if (root.get(list)) return false;
    const auto [folder, file] = folder_and_file(path);
    if (file == "users.json" || file == "org_users.json") return take_users(list);
    if (file == "channels.json") return take_channels(list, kPublic);
    if (file == "groups.json") return take_channels(list, kPrivate);
    if (file == "mpims.json" || file == "dms.json") return take_channels(list, kDirect);
    if (!looks_like_day(file) || folder.empty()) return false;
    std::vector<Message>& messages = folders_[folder];
    const auto is_message = [](json::Element each) { return each.is_object() && Object(each, "message").has("ts"); };
    if (list.size() > 0 && std::none_of(list.begin(), list.end(), is_message)) return false;
    each_record(list, "message", [&](const Object& object) { take_message(object, messages); });
    return true;
  }

  Chat finish() override {
    Chat chat;
    chat.provider = chat.key = team_.empty() ? "slack" : "slack:" + team_;
    for (const auto* people : {&people_, &left_})
      for (const auto& [key, person] : *people) chat.people.emplace(key, person).first->second.provider = chat.provider;
    chat.notices = notices_;
    chat.bot_messages = bots_;
    for (auto& [folder, messages] : folders_) {
      const auto known = channels_.find(folder);
      const Kind kind = known == channels_.end() ? kPrivate : known->second.kind;
      once_each(messages);
      if (kind == kDirect) {
        chat.direct_messages += static_cast<long long>(messages.size());
        continue;
      }
      if (kind == kPrivate && !settings_.private_channels.contains(folder)) {
        ++chat.private_channels;
        chat.unknown_channels += known == channels_.end();
        chat.private_messages += static_cast<long long>(messages.size());
        continue;
      }
      Channel& channel = chat.channels[known == channels_.end() ? folder : known->second.id];
      channel.name = folder;
      for (Message& message : messages) {
        message.text = readable(message.text, message.mentions);
        channel.messages.push_back(std::move(message));
      }
    }
    return chat;
  }

  bool is_empty() const override { return folders_.empty() && people_.empty(); }

 private:
  enum Kind { kPublic, kPrivate, kDirect };
  struct Known {
    std::string id;
    Kind kind;
  };

  bool take_users(const json::Array& list) {
    each_record(list, "user", [&](const Object& object) {
      PersonRecord person;
      const std::string id = object.required_text("id");
      person.login = object.text("name").empty() ? id : object.text("name");
      person.account_key = id;  // names are not unique any more
      person.name = object.text("real_name");
      if (const auto profile = object.object("profile")) {
        if (person.name.empty()) person.name = profile->text("real_name");
        if (!profile->text("display_name").empty()) shown_[id] = profile->text("display_name");
        person.email = profile->text("email");
      }
      if (object.boolean("is_bot") || id == "USLACKBOT") person.account_type = "Bot";
      if (team_.empty()) team_ = object.text("team_id");
      people_[id] = std::move(person);
    });
    return true;
  }

  // Folders are named after channels; those of conversations between two after their id.
  bool take_channels(const json::Array& list, Kind kind) {
    each_record(list, "channel", [&](const Object& object) {
      const std::string id = object.required_text("id"), name = object.text("name");
      names_[id] = name;
      channels_[name.empty() ? id : name] = {id, kind};
    });
    return true;
  }

  void take_message(const Object& object, std::vector<Message>& messages) {
    const std::string subtype = object.text("subtype");
    const bool is_bot = subtype == "bot_message" || object.has("bot_id");
    if (is_bot) {
      ++bots_;
      return;
    }
    if (!is_human(subtype) || object.boolean("hidden")) {
      ++notices_;
      return;
    }
    Message message;
    message.id = object.required_text("ts");
    message.at = seconds_of(message.id, "message.ts");
    message.author = object.text("user");
    message.text = object.text("text");
    const std::string thread = object.text("thread_ts");
    if (!thread.empty() && thread != message.id) message.thread = thread;
    if (const auto edited = object.object("edited"))
      message.edited_at = seconds_of(edited->text("ts"), "message.edited.ts");
    // Their addresses hold keys to them, and are not kept.
    if (const auto files = object.array("files"))
      for (const json::Element each : *files)
        message.text +=
            fmt::format("{}[file: {}]", message.text.empty() ? "" : "\n", Object(each, "file").text("name"));
    // Who left the workspace stands in the message alone.
    if (const auto profile = object.object("user_profile"); profile && !people_.contains(message.author)) {
      PersonRecord& person = left_[message.author];
      person.login = profile->text("name").empty() ? message.author : profile->text("name");
      person.name = profile->text("real_name");
      person.account_key = message.author;
    }
    messages.push_back(std::move(message));
  }

  std::string name_of(const std::string& id) const {
    if (const auto found = shown_.find(id); found != shown_.end()) return found->second;
    if (const auto found = people_.find(id); found != people_.end()) return found->second.login;
    if (const auto found = left_.find(id); found != left_.end()) return found->second.login;
    return id;
  }

  // Slack's marks as people see them.
  std::string readable(const std::string& text, std::vector<std::string>& mentions) const {
    static const Pattern mark(R"(<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>)");
    std::string result;
    std::string_view rest = text;
    std::string_view kind, what, label;
    for (std::string_view before = rest; mark.find_next(rest, &kind, &what, &label); before = rest) {
      const std::size_t length = static_cast<std::size_t>(kind.data() - before.data()) - 1;
      result += before.substr(0, length);
      const std::string target(what);
      if (kind == "@") {
        mentions.push_back(target);
        result += "@" + name_of(target);
      } else if (kind == "#") {
        const auto found = names_.find(target);
        result += "#" + (!label.empty() ? std::string(label) : found != names_.end() ? found->second : target);
      } else if (kind == "!") {
        result += label.empty() ? "@" + target.substr(0, target.find('^')) : std::string(label);
      } else {
        result += label.empty() || label == what ? target : fmt::format("{} ({})", label, target);
      }
    }
    result += rest;
    for (const auto& [entity, sign] : {std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"}, std::pair{"&amp;", "&"}})
      for (std::size_t at = 0; (at = result.find(entity, at)) != std::string::npos; ++at)
        result.replace(at, std::string_view(entity).size(), sign);
    return result;
  }

  ReaderSettings settings_;
  std::string team_;
  std::map<std::string, PersonRecord> people_, left_;
  std::map<std::string, std::string> shown_, names_;
  std::map<std::string, Known> channels_;  // by folder
  std::map<std::string, std::vector<Message>> folders_;
  long long notices_ = 0, bots_ = 0;
};

}  // namespace

std::unique_ptr<ExportReader> slack_reader(ReaderSettings settings) {
  return std::make_unique<SlackReader>(std::move(settings));
}

}  // namespace resident::chat

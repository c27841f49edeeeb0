#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <sources/chat/formats.hpp>

namespace resident::chat {

namespace {

using json::Object;

class DiscordReader : public ExportReader {
 public:
  explicit DiscordReader(ReaderSettings settings) : settings_(std::move(settings)) {
    chat_.key = chat_.provider = "discord";
  }

  bool take(const std::string&, json::Element root) override {
    if (!root.is_object()) return false;
    const Object file(root, "export");
    if (!file.has("guild") || !file.has("channel") || !file.array("messages")) return false;
    any_ = true;
    const Object guild = *file.object("guild"), about = *file.object("channel");
    const std::string key = about.required_text("id"), type = about.text("type");
    const auto messages = *file.array("messages");
    const std::string name = about.text("name");
    if (type.starts_with("Direct")) {
      chat_.direct_messages += static_cast<long long>(messages.size());
      return true;
    }
    if (type.find("Private") != std::string::npos && !settings_.private_channels.contains(name)) {
      if (hidden_.insert(key).second) ++chat_.private_channels;
      chat_.private_messages += static_cast<long long>(messages.size());
      return true;
    }
    Channel& channel = chat_.channels[key];
    channel.name = name;
    channel.url =
        fmt::format("https://discord.com/channels/{}/{}/{{message}}", escape_url(guild.text("id")), escape_url(key));
    if (type.find("Thread") != std::string::npos) {
      channel.is_one_conversation = true;
      channel.title = name;
      if (!about.text("category").empty()) channel.name = about.text("category");
    }
    each_record(messages, "message", [&](const Object& object) { take_message(object, channel); });
    return true;
  }

  Chat finish() override {
    for (auto& [key, channel] : chat_.channels) once_each(channel.messages);
    put_beginnings_into_threads();
    return std::move(chat_);
  }

  bool is_empty() const override { return !any_; }

 private:
  // A thread that began at a message has that message's id, and the message stands in the channel above it.
  void put_beginnings_into_threads() {
    for (auto& [key, channel] : chat_.channels) {
      if (channel.is_one_conversation) continue;
      std::vector<Message> kept;
      for (Message& message : channel.messages) {
        const auto thread = chat_.channels.find(message.id);
        if (thread == chat_.channels.end() || !thread->second.is_one_conversation) {
          kept.push_back(std::move(message));
          continue;
        }
        auto& messages = thread->second.messages;
        messages.insert(messages.begin(), std::move(message));
      }
      channel.messages = std::move(kept);
    }
  }

  std::string take_person(const Object& author) {
    const std::string id = author.required_text("id");
    PersonRecord& person = chat_.people[id];
    person.provider = "discord";
    person.login = author.text("name").empty() ? id : author.text("name");
    // Names were not unique before 2023: they came with four digits.
    if (const std::string digits = author.text("discriminator");
        !digits.empty() && digits.find_first_not_of('0') != std::string::npos)
      person.login += "#" + digits;
    person.name = author.text("nickname");
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (problem == std::errc() && end == id.data() + id.size()) person.account_id = number;
    if (author.boolean("isBot")) person.account_type = "Bot";
    return id;
  }

  void take_message(const Object& object, Channel& channel) {
    const std::string type = object.text("type");
    if (type != "Default" && type != "Reply") {
      ++chat_.notices;
      return;
    }
    Message message;
    message.id = object.required_text("id");
    message.at = object.required_time("timestamp");
    message.edited_at = object.time("timestampEdited");
    if (const auto author = object.object("author")) message.author = take_person(*author);
    message.text = object.text("content");
    if (const auto files = object.array("attachments"))
      for (const json::Element each : *files)
        message.text +=
            fmt::format("{}[file: {}]", message.text.empty() ? "" : "\n", Object(each, "file").text("fileName"));
    if (message.text.empty()) {  // a sticker, or what was forwarded from elsewhere
      ++chat_.notices;
      return;
    }
    if (const auto reference = object.object("reference"); reference && type == "Reply")
      message.reply_to = reference->text("messageId");
    if (const auto mentions = object.array("mentions"))
      for (const json::Element each : *mentions) message.mentions.push_back(take_person(Object(each, "mention")));
    channel.messages.push_back(std::move(message));
  }

  ReaderSettings settings_;
  Chat chat_;
  std::set<std::string> hidden_;
  bool any_ = false;
};

}  // namespace

std::unique_ptr<ExportReader> discord_reader(ReaderSettings settings) {
  return std::make_unique<DiscordReader>(std::move(settings));
}

}  // namespace resident::chat

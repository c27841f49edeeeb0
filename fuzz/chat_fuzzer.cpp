// Exports of chats and logs of IRC: the first byte says which the rest is.
#include <algorithm>
#include <sources/chat/chat_archive.hpp>
#include <sources/chat/formats.hpp>
#include <sources/chat/irc.hpp>

#include "fuzz.hpp"

namespace {

using namespace resident;

void require(bool is_so) {
  if (!is_so) __builtin_trap();
}

// What a Writer relies on: each message stands in one thread at most, posts in order of time.
void look_at(chat::Chat chat) {
  for (auto& [key, channel] : chat.channels) {
    std::stable_sort(channel.messages.begin(), channel.messages.end(),
                     [](const chat::Message& a, const chat::Message& b) { return a.at < b.at; });
    std::size_t posts = 0;
    for (const ThreadRecord& thread : chat::threads_of(chat, key)) {
      require(!thread.posts.empty() && !thread.title.empty());
      for (std::size_t i = 1; i < thread.posts.size(); ++i)
        require(thread.posts[i - 1].created_at <= thread.posts[i].created_at);
      posts += thread.posts.size();
    }
    require(posts <= channel.messages.size());
  }
}

void exported(std::unique_ptr<chat::ExportReader> reader, const std::string& path, std::string_view text) {
  // Files stand one after the other, apart by a line of dashes.
  constexpr std::string_view kBetween = "\n----\n";
  json::Parser parser;
  while (!text.empty()) {
    const std::size_t end = text.find(kBetween);
    reader->take(path, json::parse(parser, text.substr(0, end)));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + kBetween.size());
  }
  if (!reader->is_empty()) look_at(reader->finish());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz(data, size, [](std::string_view text) {
    if (text.empty()) return;
    const char kind = text.front();
    text.remove_prefix(1);
    switch (kind) {
      case 's':
        return exported(chat::slack_reader({}), "general/2024-01-01.json", text);
      case 'u':
        return exported(chat::slack_reader({}), "users.json", text);
      case 'd':
        return exported(chat::discord_reader({}), "general.json", text);
      case 'm':
        return exported(chat::matrix_reader({}), "room.json", text);
      case 'z':
        return exported(chat::zulip_reader({}), "messages-000001.json", text);
      default: {
        const auto name = chat::log_name("#demo_20240101.log");
        chat::looks_like_irc(text);
        chat::Chat chat;
        chat.key = chat.provider = "irc";
        chat::Channel& channel = chat.channels["demo"];
        channel.has_nicks = true;
        channel.messages = chat::read_irc(text, name, chat::zone_of("")).messages;
        chat::once_each(channel.messages);
        look_at(std::move(chat));
      }
    }
  });
}

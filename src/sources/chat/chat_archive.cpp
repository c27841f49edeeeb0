#include <fmt/format.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/chat/chat_archive.hpp>
#include <sources/chat/conversations.hpp>
#include <sources/chat/zulip.hpp>
#include <store/read/stored_threads.hpp>

namespace resident::chat {

namespace {

constexpr std::size_t kThreadsACheckpoint = 2000;
constexpr std::size_t kTitle = 120;  // bytes
constexpr int kForm = 2;             // of what is written; another one writes all again

PersonRecord person_of(const Chat& chat, const std::string& key) {
  const auto found = chat.people.find(key);
  if (found != chat.people.end()) return found->second;
  PersonRecord record;
  if (key.empty()) return record;
  record.provider = chat.provider;
  record.login = key;
  return record;
}

bool is_bot(const Chat& chat, const std::string& key) {
  const auto found = chat.people.find(key);
  return found != chat.people.end() && found->second.account_type == "Bot";
}

bool is_greeting(std::string_view line) {
  static const Pattern pattern(
      R"((?i)^\W*(?:hi|hello|hey|hallo|moin|hola|salut|greetings|yo|good (?:morning|afternoon|evening|day)|howdy)\b(?:[,!. ]*(?:all|everyone|everybody|folks|guys|there|again|\w+))?[\s\W]*$)");
  return pattern.found_in(line);
}

// The first line that says something.
std::string title_of(std::string_view text) {
  std::string_view best;
  for (const std::string_view part : split(text, '\n')) {
    const std::string_view line = trim(part);
    if (line.empty() || line.starts_with("```")) continue;
    if (best.empty()) best = line;
    if (is_greeting(line)) continue;
    best = line;
    break;
  }
  if (best.empty()) return "(no text)";
  std::string title = one_line(clean_text(best, kTitle));
  return title;
}

std::string without_mark(const std::string& topic) {
  std::string_view rest = topic;
  while (rest.starts_with(kResolvedMark)) rest.remove_prefix(kResolvedMark.size());
  return trim(rest).empty() ? "(no topic)" : std::string(rest);
}

class ThreadMaker {
 public:
  ThreadMaker(const Chat& chat, const std::string& key) : chat_(chat), key_(key), channel_(chat.channels.at(key)) {}

  // Nothing where nobody but bots wrote.
  std::optional<ThreadRecord> make(const Conversation& conversation) const {
    const Message& first = channel_.messages[conversation.messages.front()];
    ThreadRecord thread;
    thread.kind = "chat";
    thread.channel = "#" + channel_.name;
    add_posts(conversation, thread);
    if (thread.posts.empty()) return std::nullopt;
    // By what is first, whoever wrote it: a topic that is renamed stays what it is.
    thread.key = fmt::format("{}/{}/{}", chat_.key, key_, first.id);
    thread.author = thread.posts.front().author;
    thread.created_at = thread.posts.front().created_at;
    thread.title = !first.topic.empty()      ? without_mark(first.topic)
                   : !channel_.title.empty() ? channel_.title
                                             : title_of(thread.posts.front().body);
    thread.url = url_of(first, thread.posts.front().key);
    const auto resolved = chat_.resolved.find(first.id);
    thread.closed_at = resolved != chat_.resolved.end() ? resolved->second
                                                        : thread.updated_at.value_or(thread.created_at) + kOverAfter;
    return thread;
  }

 private:
  void add_posts(const Conversation& conversation, ThreadRecord& thread) const {
    constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    std::vector<std::size_t> post_of(conversation.messages.size(), kNone);
    std::string last_author;
    Timestamp last_at = 0;
    for (std::size_t i = 0; i < conversation.messages.size(); ++i) {
      const Message& message = channel_.messages[conversation.messages[i]];
      const std::size_t answered = post_of[conversation.answers[i]];
      if (is_bot(chat_, message.author)) {
        last_author.clear();
        continue;
      }
      const bool goes_on = !thread.posts.empty() && !message.author.empty() && message.author == last_author &&
                           message.at - last_at <= kOwnWithin;
      if (goes_on) {
        PostRecord& post = thread.posts.back();
        post.body += "\n" + message.text;
        if (message.edited_at) post.updated_at = std::max(post.updated_at.value_or(0), *message.edited_at);
      } else {
        PostRecord post;
        post.key = message.id;
        post.author = person_of(chat_, message.author);
        post.created_at = message.at;
        post.updated_at = message.edited_at;
        post.body = message.text;
        if (answered != kNone) post.reply_to = thread.posts[answered].key;
        thread.posts.push_back(std::move(post));
      }
      post_of[i] = thread.posts.size() - 1;
      last_author = message.author;
      last_at = message.at;
      thread.updated_at = std::max(thread.updated_at.value_or(0), message.at);
    }
  }

  // "{message}" and "{topic}" in the channel's address stand for those.
  std::string url_of(const Message& first, const std::string& message) const {
    std::string url = channel_.url;
    const auto put = [&](std::string_view name, const std::string& value) {
      if (const std::size_t at = url.find(name); at != std::string::npos) url.replace(at, name.size(), value);
    };
    std::string topic = escape_url(trim(first.topic));
    for (std::size_t at = 0; (at = topic.find_first_of("./", at)) != std::string::npos; at += 3)
      topic.replace(at, 1, topic[at] == '.' ? "%2E" : "%2F");
    std::replace(topic.begin(), topic.end(), '%', '.');  // as Zulip writes the part behind "#"
    put("{topic}", topic);
    put("{message}", escape_url(message));
    return url;
  }

  const Chat& chat_;
  const std::string& key_;
  const Channel& channel_;
};

}  // namespace

std::vector<ThreadRecord> threads_of(const Chat& chat, const std::string& channel_key) {
  const ThreadMaker maker(chat, channel_key);
  std::vector<ThreadRecord> threads;
  for (const Conversation& conversation : find_conversations(chat.channels.at(channel_key)))
    if (auto thread = maker.make(conversation)) threads.push_back(std::move(*thread));
  return threads;
}

void ChatWriter::write_channel(const Chat& chat, const std::string& key) {
  for (const Message& message : chat.channels.at(key).messages) bot_messages_ += is_bot(chat, message.author);
  for (ThreadRecord& thread : threads_of(chat, key)) {
    current_.insert(thread.key);
    std::string all = fmt::format("{}\n{}\n{}\n{}\n{}", kForm, thread.title, thread.channel, thread.url,
                                  thread.closed_at.value_or(0));
    for (const auto& post : thread.posts)
      all += fmt::format("\n{} {} {} {} {} {} {} {}", post.key, post.created_at, post.updated_at.value_or(0),
                         post.reply_to, post.author.login, post.author.name, post.author.email, post.body);
    const std::string name = "thread/" + thread.key, print = fingerprint(all);
    if (writer_.seen(name, print) || (stored_ && stored_->stands(thread))) continue;
    writer_.mark(name, print);
    writer_.thread(thread);
    if (++since_checkpoint_ % kThreadsACheckpoint == 0) writer_.checkpoint("");
  }
}

void ChatWriter::write(Chat&& chat) {
  for (auto& [key, channel] : chat.channels) {
    std::stable_sort(channel.messages.begin(), channel.messages.end(),
                     [](const Message& a, const Message& b) { return a.at < b.at; });
    write_channel(chat, key);
    channel.messages = {};
  }
  private_channels_ += chat.private_channels;
  private_messages_ += chat.private_messages;
  direct_messages_ += chat.direct_messages;
  notices_ += chat.notices;
  bot_messages_ += chat.bot_messages;
  unreadable_ += chat.unreadable;
  unknown_channels_ += chat.unknown_channels;
}

void ChatWriter::keep_what_is_stored() {
  if (stored_) return;
  writer_.flush();
  stored_ = stored_posts(writer_);
}

void ChatWriter::drop_others() {
  if (!stored_) drop_threads_but(current_, writer_);
}

std::string ChatWriter::coverage() const {
  std::string text;
  const auto add = [&](long long count, const std::string& what) {
    if (count) text += (text.empty() ? "" : "; ") + what;
  };
  add(private_channels_, fmt::format("{} with {} left out", plural(private_channels_, "private channel"),
                                     plural(private_messages_, "message")));
  add(unknown_channels_,
      fmt::format(
          "of {} the export does not say who may read (`chat.private_channels` names what is read all the same)",
          unknown_channels_ == private_channels_ ? "these" : plural(unknown_channels_, "private channel")));
  add(direct_messages_, fmt::format("{} between few left out", plural(direct_messages_, "direct message")));
  add(bot_messages_, fmt::format("{} by bots left out", plural(bot_messages_, "message")));
  add(notices_, fmt::format("{} of the chat's own left out", plural(notices_, "notice")));
  add(unreadable_, fmt::format("{} encrypted", plural(unreadable_, "message is", "messages are")));
  return text;
}

}  // namespace resident::chat

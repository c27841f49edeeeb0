#include <algorithm>
#include <array>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <deque>
#include <sources/chat/conversations.hpp>
#include <unordered_map>
#include <unordered_set>

namespace resident::chat {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr std::size_t kLookedAt = 2000;  // bytes of a message that are searched for nicks
constexpr std::size_t kShortestNick = 3;

// Nicks that are words of every day are no mention where they stand in the middle of a sentence.
bool is_common_word(std::string_view word) {
  constexpr std::array<std::string_view, 46> kWords{
      "all",  "and",  "any",  "are",    "but",  "can",     "for",  "get", "good",   "guys", "have", "help",
      "here", "hey",  "how",  "just",   "like", "linux",   "new",  "not", "now",    "one",  "out",  "root",
      "same", "see",  "test", "thanks", "that", "the",     "this", "try", "ubuntu", "use",  "user", "was",
      "what", "when", "who",  "why",    "will", "windows", "with", "yes", "you",    "your"};
  return std::binary_search(kWords.begin(), kWords.end(), word);
}

bool asks(std::string_view text) {
  static const Pattern pattern(R"re([?？]\s*(?:$|\s))re");
  return pattern.found_in(text);
}

class Finder {
 public:
  explicit Finder(const Channel& channel) : channel_(channel), messages_(channel.messages) {}

  std::vector<Conversation> run() {
    parents_.assign(messages_.size(), kNone);
    conversation_.assign(messages_.size(), kNone);
    for (std::size_t i = 0; i < messages_.size(); ++i) ids_.emplace(messages_[i].id, i);
    for (const Message& message : messages_)
      if (!message.thread.empty()) roots_.insert(message.thread);
    for (std::size_t i = 0; i < messages_.size(); ++i) place(i);
    return gather();
  }

 private:
  void place(std::size_t i) {
    const Message& message = messages_[i];
    std::string group;
    if (channel_.is_one_conversation) group = "all";
    // Equal whatever the case, as people see topics.
    if (!message.topic.empty()) group = "topic\n" + to_lower(message.topic);
    if (!message.thread.empty()) group = "thread\n" + message.thread;
    const auto answered = message.reply_to.empty() ? ids_.end() : ids_.find(message.reply_to);
    if (answered != ids_.end() && answered->second < i) parents_[i] = answered->second;
    if (group.empty() && roots_.contains(message.id)) group = "thread\n" + message.id;
    if (!group.empty()) {
      const auto [found, is_new] = groups_.emplace(group, count_);
      if (is_new) ++count_;
      conversation_[i] = found->second;
      if (parents_[i] != kNone && conversation_[parents_[i]] != conversation_[i]) parents_[i] = kNone;
      return;
    }
    if (parents_[i] == kNone) parents_[i] = by_rules(i);
    conversation_[i] = parents_[i] == kNone ? count_++ : conversation_[parents_[i]];
    // What stands in a thread or topic is no candidate: it is not of the channel's stream.
    note(i);
  }

  std::size_t by_rules(std::size_t i) {
    const Message& message = messages_[i];
    named_ = addressee(message);
    if (!named_.empty()) return newest_of_.at(named_);
    std::size_t best = kNone;
    if (const auto own = newest_of_.find(message.author);
        own != newest_of_.end() && message.at - messages_[own->second].at <= kOwnWithin)
      best = own->second;
    if (const auto said = said_to_.find(message.author);
        said != said_to_.end() && message.at - messages_[said->second].at <= kSaidToWithin)
      best = best == kNone ? said->second : std::max(best, said->second);
    if (best != kNone) return best;
    while (!recent_.empty() && message.at - messages_[recent_.front()].at > kQuietWithin) {
      const auto found = alive_.find(conversation_[recent_.front()]);
      if (--found->second == 0) alive_.erase(found);
      recent_.pop_front();
    }
    return alive_.size() == 1 && !asks(message.text) ? recent_.back() : kNone;
  }

  // Key of the person whom it names and who wrote lately; "" for nobody.
  std::string addressee(const Message& message) const {
    const auto is_meant = [&](const std::string& key) {
      const auto found = newest_of_.find(key);
      return key != message.author && found != newest_of_.end() &&
             message.at - messages_[found->second].at <= kAddressedWithin;
    };
    for (const std::string& each : message.mentions)
      if (is_meant(each)) return each;
    if (!channel_.has_nicks) return {};
    // Nicks as RFC 2812 spells them.
    static const Pattern first(R"re(^@?([\w\[\]\\`^{}|-]{2,30})\s*[:,>])re"), word(R"re([\w\[\]\\`^{}|-]{3,30})re");
    const std::string text = to_lower(std::string_view(message.text).substr(0, kLookedAt));
    std::string nick;
    if (first.found_in(text, &nick) && is_meant(nick)) return nick;
    for (std::string_view rest = text; word.find_next(rest, &nick);)
      if (nick.size() >= kShortestNick && is_meant(nick) && !is_common_word(nick)) return nick;
    return {};
  }

  void note(std::size_t i) {
    const Message& message = messages_[i];
    newest_of_[message.author] = i;
    recent_.push_back(i);
    ++alive_[conversation_[i]];
    if (!named_.empty()) {
      said_to_[named_] = i;
    } else if (parents_[i] != kNone && messages_[parents_[i]].author != message.author) {
      said_to_[messages_[parents_[i]].author] = i;
    }
    named_.clear();
  }

  std::vector<Conversation> gather() const {
    std::vector<Conversation> result(count_);
    std::vector<std::size_t> place(messages_.size());
    for (std::size_t i = 0; i < messages_.size(); ++i) {
      Conversation& conversation = result[conversation_[i]];
      place[i] = conversation.messages.size();
      conversation.messages.push_back(i);
      conversation.answers.push_back(parents_[i] == kNone ? place[i] : place[parents_[i]]);
    }
    return result;
  }

  const Channel& channel_;
  const std::vector<Message>& messages_;
  std::vector<std::size_t> parents_, conversation_;
  std::unordered_map<std::string, std::size_t> ids_, newest_of_, said_to_, groups_;
  std::unordered_set<std::string> roots_;
  std::deque<std::size_t> recent_;
  std::unordered_map<std::size_t, std::size_t> alive_;  // conversations with messages in recent_, and how many
  std::string named_;
  std::size_t count_ = 0;
};

}  // namespace

std::vector<Conversation> find_conversations(const Channel& channel) {
  return Finder(channel).run();
}

}  // namespace resident::chat

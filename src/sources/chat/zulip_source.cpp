// `resident add zulip:https://HOST`: public channels of a Zulip organization, live. Requests: one for the channels, one
// for the people, one a channel for its topics; for a topic with something new 1 more for every 1000 messages; a
// channel that is read for the first time, or of which more than 20 topics changed, is read whole, 1000 messages a
// request. Once a week every channel is read whole, because a message may be edited or deleted without a trace in the
// list of topics. A short pause stands between requests. https://zulip.com/api/get-messages
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sources/chat/chat_archive.hpp>
#include <sources/chat/formats.hpp>
#include <sources/chat/zulip.hpp>
#include <sources/forge/api.hpp>
#include <store/read/stored_project.hpp>

namespace resident {

namespace {

using chat::Channel;
using chat::Message;
using json::Object;

constexpr live::ApiShape kShape{"zulip", "/api/v1", "Authorization", "Basic ", true, "RESIDENT_ZULIP_KEY"};
constexpr int kMessagesARequest = 1000;  // as Zulip recommends; its most is 5000
constexpr std::size_t kMostTopicsByThemselves = 20;
constexpr int kMostPages = 100'000;
constexpr double kPause = 0.35;  // seconds: Zulip allows 200 requests a minute

struct Stream {
  std::int64_t id;
  std::string name;
};

class Zulip : public Source {
 public:
  explicit Zulip(const std::string& location)
      : place_(live::parse_place(location)), key_(chat::zulip_key(place_.host)) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    live::Api api(place_, kShape, options_);
    if (!api.has_token())
      throw Error(ErrorKind::authentication, fmt::format("{} answers nobody without a key", one_line(place_.host)),
                  "put EMAIL:KEY of an account or bot into RESIDENT_ZULIP_KEY, or token_file: docs/guide/channels.md");
    now_ = options_.clock ? options_.clock->now() : SystemClock().now();
    if (options_.config) rules_ = options_.config->project(project_name(writer)).chat;
    read_people(api, writer);
    const std::vector<Stream> streams = read_streams(api, writer);
    const auto full = writer.stream_cursor("channels/full");
    const Timestamp full_at = (full ? parse_time(*full) : std::nullopt).value_or(0);
    const bool is_whole = now_ - full_at >= kWeek;
    chat::ChatWriter out(writer);
    Progress progress("channels", static_cast<long long>(streams.size()));
    for (const Stream& stream : streams) {
      progress.advance();
      read_stream(api, writer, out, stream, is_whole);
      writer.checkpoint("");
    }
    // What a list does not show in full is not gone.
    if (is_whole_) out.drop_others();
    if (is_whole) writer.set_stream("channels/full", format_time(now_), "current");
    coverage_ = out.coverage();
    if (private_)
      coverage_ += fmt::format("{}{} left out", coverage_.empty() ? "" : "; ", plural(private_, "private channel"));
    return {};
  }

  std::string coverage() const override { return coverage_; }

 private:
  static json::Array list_of(const live::Page& page, std::string_view name) {
    const auto list = Object(page.root(), "answer").array(name);
    if (!list) throw http::ServerTrouble(fmt::format("Zulip answered without {}", name), 200);
    return *list;
  }

  live::Page ask(live::Api& api, const std::string& path) const {
    api.pause(kPause);
    auto page = api.get(path);
    if (!page) throw Error(fmt::format("there is no Zulip at {}", one_line(place_.location())), "check the address");
    return std::move(*page);
  }

  // One entry of a list that cannot be read is set aside under its place, and the others are read. False: it was.
  template <class Take>
  static bool whole_entry(Writer& writer, const std::string& place, const Take& take) {
    try {
      take();
      writer.readmit(place);
      return true;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::failed) throw;
      writer.quarantine(place, error.what());
      return false;
    }
  }

  void read_people(live::Api& api, Writer& writer) {
    const live::Page page = ask(api, "/users?client_gravatar=true");
    std::size_t position = 0;
    for (const json::Element each : list_of(page, "members"))
      whole_entry(writer, fmt::format("members/{}", position++), [&] {
        const Object object(each, "member");
        people_[std::to_string(object.required_integer("user_id"))] = chat::zulip_person(object, key_);
      });
  }

  std::vector<Stream> read_streams(live::Api& api, Writer& writer) {
    const live::Page page = ask(api, "/streams?include_public=true&include_subscribed=true");
    std::vector<Stream> streams;
    std::size_t position = 0;
    for (const json::Element each : list_of(page, "streams")) {
      const std::string place = fmt::format("streams/{}", position++);
      if (!whole_entry(writer, place, [&] { take_stream(Object(each, "stream"), streams); })) is_whole_ = false;
    }
    std::sort(streams.begin(), streams.end(), [](const Stream& a, const Stream& b) { return a.id < b.id; });
    return streams;
  }

  void take_stream(const Object& object, std::vector<Stream>& streams) {
    Stream stream{object.required_integer("stream_id"), object.text("name")};
    const auto& wanted = rules_.private_channels;
    if (object.boolean("invite_only") && std::find(wanted.begin(), wanted.end(), stream.name) == wanted.end())
      ++private_;
    else
      streams.push_back(std::move(stream));
  }

  // Which topic was read, up to which message, and as which thread, stands in notes "topic/STREAM/NAME".
  static std::string note_of(const Stream& stream, const std::string& topic) {
    return fmt::format("topic/{}/{}", stream.id, to_lower(topic));
  }

  void read_stream(live::Api& api, Writer& writer, chat::ChatWriter& out, const Stream& stream, bool reads_all) {
    const live::Page page = ask(api, fmt::format("/users/me/{}/topics?allow_empty_topic_name=true", stream.id));
    std::map<std::string, std::int64_t> listed;
    std::vector<std::string> changed;
    std::set<std::string> notes;
    std::size_t position = 0;
    for (const json::Element each : list_of(page, "topics")) {
      const auto take = [&] {
        const Object object(each, "topic");
        const std::string name = object.text("name");
        const std::int64_t last = object.required_integer("max_id");
        listed[name] = last;
        notes.insert(note_of(stream, name));
        const auto known = writer.remembered(note_of(stream, name));
        const std::string newest = std::to_string(last) + " ";
        if (known && known->starts_with(newest)) {
          if (const std::string thread = known->substr(newest.size()); !thread.empty()) out.keep(thread);
        } else {
          changed.push_back(name);
        }
      };
      if (!whole_entry(writer, fmt::format("channel/{}/topics/{}", stream.id, position++), take)) is_whole_ = false;
    }
    const std::string stream_note = fmt::format("channel/{}", stream.id);
    const auto read_at = writer.remembered(stream_note);
    if (reads_all || !read_at || changed.size() > kMostTopicsByThemselves) {
      read_topics(api, writer, out, stream, nullptr, listed);
      writer.remember(stream_note, format_time(now_));
    } else {
      for (const std::string& topic : changed) read_topics(api, writer, out, stream, &topic, listed);
    }
    const std::string begin = fmt::format("topic/{}/", stream.id);
    for (const std::string& old : writer.remembered_with(begin))
      if (!notes.contains(begin + old)) writer.forget(begin + old);
  }

  // All of a channel, or one topic of it.
  void read_topics(live::Api& api, Writer& writer, chat::ChatWriter& out, const Stream& stream,
                   const std::string* topic, const std::map<std::string, std::int64_t>& listed) {
    chat::Chat chat;
    chat.provider = chat.key = key_;
    chat.people = people_;
    const std::string key = std::to_string(stream.id);
    Channel& channel = chat.channels[key];
    channel.name = stream.name;
    channel.url = fmt::format("{}/#narrow/channel/{}-x/topic/{{topic}}/with/{{message}}", place_.origin, stream.id);
    std::map<std::string, Timestamp> notices;
    nlohmann::json narrow = nlohmann::json::array();
    narrow.push_back({{"operator", "stream"}, {"operand", stream.id}});
    if (topic) narrow.push_back({{"operator", "topic"}, {"operand", *topic}});
    const std::string question = fmt::format(
        "/messages?num_before=0&num_after={}&apply_markdown=false&client_gravatar=true"
        "&allow_empty_topic_name=true&narrow={}",
        kMessagesARequest, escape_url(narrow.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
    std::string anchor = "oldest";
    std::set<std::int64_t> seen;
    for (int number = 0; number < kMostPages; ++number) {
      const live::Page page = ask(api, fmt::format("{}&anchor={}", question, anchor));
      const std::size_t before = seen.size();
      for (const json::Element each : list_of(page, "messages")) take(each, channel, notices, seen, writer);
      if (Object(page.root(), "answer").boolean("found_newest") || seen.size() == before) break;
      anchor = std::to_string(*seen.rbegin());
    }
    std::stable_sort(channel.messages.begin(), channel.messages.end(),
                     [](const Message& a, const Message& b) { return a.at < b.at; });
    chat::note_resolved(channel, notices, chat);
    out.write_channel(chat, key);
    std::map<std::string, std::string> threads;  // of topics, in lower case
    for (const Message& message : channel.messages)
      threads.emplace(to_lower(message.topic == chat::kNoTopic ? std::string_view() : std::string_view(message.topic)),
                      fmt::format("{}/{}/{}", key_, key, message.id));
    for (const auto& [name, newest] : listed) {
      if (topic && name != *topic) continue;
      const auto thread = threads.find(to_lower(name));
      writer.remember(note_of(stream, name),
                      fmt::format("{} {}", newest, thread == threads.end() ? std::string() : thread->second));
    }
  }

  void take(const json::Element& element, Channel& channel, std::map<std::string, Timestamp>& notices,
            std::set<std::int64_t>& seen, Writer& writer) const {
    // Which one it is that has no number, the one before it tells.
    std::string place = fmt::format("message/after {}", seen.empty() ? 0 : *seen.rbegin());
    try {
      const Object object(element, "message");
      const std::int64_t id = object.required_integer("id");
      if (!seen.insert(id).second) return;
      place = fmt::format("message/{}", id);
      Message message;
      message.id = std::to_string(id);
      message.at = object.required_time("timestamp");
      message.edited_at = object.time("last_edit_timestamp");
      message.topic = object.text("subject");
      if (message.topic.empty()) message.topic = chat::kNoTopic;
      const std::int64_t sender = object.required_integer("sender_id");
      message.author = std::to_string(sender);
      // The chat's own bots are of no organization.
      if (object.text("sender_realm_str") == "zulipinternal" ||
          object.text("sender_email").ends_with("-bot@zulip.com")) {
        Timestamp& last = notices[to_lower(message.topic)];
        last = std::max(last, message.at);
        return;
      }
      message.text = chat::zulip_text(object.text("content"));
      channel.messages.push_back(std::move(message));
      writer.readmit(place);
    } catch (const Error& error) {
      writer.quarantine(place, error.what());
    }
  }

  live::Place place_;
  std::string key_, coverage_;
  SyncOptions options_;
  ChatRules rules_;
  std::map<std::string, PersonRecord> people_;
  long long private_ = 0;
  bool is_whole_ = true;  // every entry of the lists could be read
  Timestamp now_ = 0;
};

std::string normal_location(const std::string& text) {
  const live::Place place = live::parse_place(text);
  return place.origin;  // what stands behind it names a channel or message
}

std::string project_name(const std::string& location) {
  return live::parse_place(location).host;
}

}  // namespace

extern const SourceKind zulip_source;
const SourceKind zulip_source{
    "zulip",
    "https://HOST",
    "public channels of a Zulip organization, live",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<Zulip>(location); },
    normal_location,
    project_name};

}  // namespace resident

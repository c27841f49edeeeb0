// `resident add discourse:https://HOST[/c/CATEGORY]`: topics of a forum or of one
// category as threads, newest first. Requests: a page of 30 topics; for each that
// was bumped since, 1, and 1 more for every 100 posts beyond the first 20. Once a
// week the whole list is gone through, because an answer may be accepted, or a topic
// closed or deleted, without a bump. A short pause stands between requests.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <set>
#include <sources/discourse/discourse_objects.hpp>
#include <sources/forge/api.hpp>
#include <store/read/stored_items.hpp>
#include <store/read/stored_threads.hpp>

namespace resident {

namespace {

using json::Object;

constexpr live::ApiShape kShape{"discourse", "", "Api-Key", ""};
constexpr Timestamp kOverlap = kHour, kFullListEvery = kWeek;
constexpr std::size_t kPostsARequest = 100, kTopicsACheckpoint = 20;
constexpr int kMostPages = 50'000;
constexpr double kPause = 0.35;  // seconds: below the 200 requests a minute that forums allow a visitor

class Discourse : public Source {
 public:
  explicit Discourse(const std::string& location)
      : place_(live::parse_place(location)), provider_("discourse:" + place_.host) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    live::Api api(place_, kShape, options_);
    now_ = options_.clock ? options_.clock->now() : SystemClock().now();
    const auto site = api.get("/site.json");
    if (site) categories_ = discourse::categories(Object(site->root(), "site"));
    retry_what_was_set_aside(api, writer);
    const auto cursor = writer.stream_cursor("topics");
    const auto full = writer.stream_cursor("topics/full");
    const auto full_at = full ? parse_time(*full) : std::nullopt;
    const bool whole = !cursor || !full_at || now_ - *full_at >= kFullListEvery;
    std::optional<Timestamp> since;
    if (!whole) since = parse_time(*cursor);
    if (since) *since -= kOverlap;
    if (options_.since && (!since || *since < *options_.since)) since = options_.since;
    list(api, writer, since);
    if (newest_ || cursor) writer.set_stream("topics", newest_ ? format_time(*newest_) : *cursor, "current");
    if (whole && !options_.since) {
      writer.set_stream("topics/full", format_time(now_), "current");
      look_for_gone_topics(api, writer);
    }
    return {};
  }

  std::string coverage() const override {
    if (left_out_ == 0) return {};
    return fmt::format("{} in categories that not everybody may read left out",
                       plural(static_cast<long long>(left_out_), "topic"));
  }

 private:
  std::string list_address(int page) const {
    const std::string path =
        place_.path.empty() ? "/latest.json" : fmt::format("/{}/l/latest.json", escape_url(place_.path));
    return fmt::format("{}?order=activity&no_definitions=true&page={}", path, page);
  }

  void list(live::Api& api, Writer& writer, std::optional<Timestamp> since) {
    Progress progress("topics", 0);
    for (int number = 0; number < kMostPages; ++number) {
      const auto page = api.get(list_address(number));
      if (!page) {
        if (number > 0) throw http::ServerTrouble(fmt::format("page {} of the topics is not there", number + 1), 404);
        throw Error(fmt::format("there is no forum at {}", one_line(place_.location())), "check the address");
      }
      const auto topics = Object(page->root(), "page").object("topic_list");
      const auto entries = topics ? topics->array("topics") : std::nullopt;
      if (!entries) throw http::ServerTrouble("the forum answered what is no list of topics", 200);
      if (entries->size() == 0) return;
      std::size_t fresh = 0;
      for (const json::Element element : *entries) {
        progress.advance();
        const std::optional<Timestamp> bumped = listed(api, writer, element);
        // Pinned topics stand before all others, whatever their age.
        const Object entry(element, "topic");
        if (!since || !bumped || *bumped >= *since ||
            (number == 0 && (entry.boolean("pinned") || entry.boolean("pinned_globally"))))
          ++fresh;
      }
      if (fresh == 0 || topics->text("more_topics_url").empty()) return;
      api.pause(kPause);
    }
  }

  // One entry of a list; when it was bumped.
  std::optional<Timestamp> listed(live::Api& api, Writer& writer, const json::Element& element) {
    std::string name = "topic/?";
    std::optional<Timestamp> bumped;
    try {
      const Object entry(element, "topic");
      const std::int64_t id = entry.required_integer("id");
      name = fmt::format("topic/{}", id);
      bumped = entry.time("bumped_at");
      if (bumped && (!newest_ || *bumped > *newest_)) newest_ = bumped;
      if (!seen_.insert(id).second) return bumped;  // pages shift while one reads
      if (is_left_out(entry)) return bumped;
      const std::string print = discourse::list_fingerprint(entry);
      if (writer.seen(name, print)) return bumped;
      if (!read(api, writer, id)) return bumped;
      writer.mark(name, print);
      troubles_ = 0;
      if (++since_checkpoint_ >= kTopicsACheckpoint) {
        writer.checkpoint("");
        since_checkpoint_ = 0;
      }
    } catch (const Error& error) {
      set_aside(writer, name, error);
    }
    return bumped;
  }

  // Of a category that its members alone may read; a place that names the category has it read.
  bool is_left_out(const Object& entry) {
    const auto found = categories_.find(entry.integer("category_id").value_or(0));
    if (!place_.path.empty() || found == categories_.end() || !found->second.is_restricted) return false;
    ++left_out_;
    return true;
  }

  // Only from a handler: what is not of this topic alone goes on.
  void set_aside(Writer& writer, const std::string& name, const Error& error) {
    constexpr int troubles_in_a_row = 5;  // topics that the forum cannot answer for; then it is the forum
    if (!live::is_of_one_record(error)) throw;
    if (dynamic_cast<const http::ServerTrouble*>(&error) && ++troubles_ >= troubles_in_a_row) throw;
    writer.quarantine(name, error.what());
  }

  // Reads one topic with all its posts; false where it is not there.
  bool read(live::Api& api, Writer& writer, std::int64_t id) {
    api.pause(kPause);
    const auto page = api.get(fmt::format("/t/{}.json?include_raw=1", id));
    if (!page) return false;
    const Object topic(page->root(), "topic");
    ThreadRecord thread = discourse::topic(topic, provider_, place_.origin, categories_);
    std::map<std::int64_t, std::string> numbers;
    discourse::posts(topic, provider_, thread, numbers);
    std::set<std::string> have;
    for (const auto& post : thread.posts) have.insert(post.key);
    std::string wanted;
    std::size_t count = 0;
    const auto ask = [&] {
      if (count == 0) return;
      api.pause(kPause);
      const auto more = api.get(fmt::format("/t/{}/posts.json?include_raw=1{}", id, wanted));
      if (!more) throw http::ServerTrouble(fmt::format("{} posts of topic {} are not there", count, id), 404);
      discourse::posts(Object(more->root(), "posts"), provider_, thread, numbers);
      wanted.clear();
      count = 0;
    };
    const std::vector<std::int64_t> all = discourse::post_ids(topic);
    // The first page holds the first 20, also those that are left out of the thread.
    const auto first = topic.object("post_stream");
    if (const auto given = first ? first->array("posts") : std::nullopt)
      for (const json::Element element : *given)
        have.insert(std::to_string(Object(element, "post").required_integer("id")));
    for (const std::int64_t post : all) {
      if (have.contains(std::to_string(post))) continue;
      wanted += fmt::format("&post_ids[]={}", post);
      if (++count == kPostsARequest) ask();
    }
    ask();
    discourse::finish(topic, numbers, thread);
    writer.thread(thread);
    return true;
  }

  void retry_what_was_set_aside(live::Api& api, Writer& writer) {
    for (const std::int64_t id : numbers_set_aside(writer, "topic/")) {
      const std::string name = fmt::format("topic/{}", id);
      try {
        // Without a fingerprint: the list will have it read once more if it shows it.
        if (read(api, writer, id)) writer.mark(name, "");
      } catch (const Error& error) {
        set_aside(writer, name, error);
      }
    }
  }

  // Topics that the whole list no longer shows and the forum denies: they are closed, and stay.
  void look_for_gone_topics(live::Api& api, Writer& writer) {
    writer.checkpoint("");
    for (const std::int64_t id : open_threads(writer)) {
      if (seen_.contains(id)) continue;
      api.pause(kPause);
      bool is_private = false;
      if (api.get_if_allowed(fmt::format("/t/{}.json", id), list_address(0), is_private)) continue;
      close_thread(writer, id, now_);
    }
  }

  live::Place place_;
  std::string provider_;
  SyncOptions options_;
  std::map<std::int64_t, discourse::Category> categories_;
  std::set<std::int64_t> seen_;
  std::optional<Timestamp> newest_;
  std::size_t since_checkpoint_ = 0, left_out_ = 0;
  int troubles_ = 0;
  Timestamp now_ = 0;
};

std::string normal_location(const std::string& text) {
  const live::Place place = live::parse_place(text);
  if (!place.path.empty() && !place.path.starts_with("c/"))
    throw Error(ErrorKind::usage,
                fmt::format("{} is neither a forum nor a category of one", one_line(text.substr(0, 200))),
                "write it like discourse:https://HOST or discourse:https://HOST/c/NAME/NUMBER");
  return place.location();
}

std::string project_name(const std::string& location) {
  return live::parse_place(location).host;
}

}  // namespace

extern const SourceKind discourse_source;
const SourceKind discourse_source{
    "discourse",
    "https://HOST[/c/CATEGORY]",
    "topics of a Discourse forum, or of one category, live",
    [](const std::string& location) -> std::unique_ptr<Source> { return std::make_unique<Discourse>(location); },
    normal_location,
    project_name};

}  // namespace resident

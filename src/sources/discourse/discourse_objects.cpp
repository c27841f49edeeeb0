#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/decode/decode.hpp>
#include <sources/discourse/discourse_objects.hpp>
#include <sources/forge/api.hpp>

namespace resident::discourse {

namespace {

using json::Object;

constexpr std::int64_t kRegularPost = 1, kModeratorPost = 2;

PersonRecord author_of(const Object& post, const std::string& provider) {
  PersonRecord record;
  record.provider = provider;
  record.login = post.text("username");
  record.account_id = post.integer("user_id");
  record.name = post.text("name");
  if (post.boolean("user_deleted") || record.login.empty()) return {};
  // "system" and "discobot" have numbers below 0.
  if (record.account_id && *record.account_id < 0) record.account_type = "Bot";
  return record;
}

}  // namespace

std::map<std::int64_t, Category> categories(const Object& site) {
  std::map<std::int64_t, Category> result;
  std::map<std::int64_t, std::int64_t> parents;
  const auto list = site.array("categories");
  if (!list) return result;
  for (const json::Element element : *list) {
    const Object object(element, "category");
    const std::int64_t id = object.required_integer("id");
    Category category{object.text("name"), false, object.boolean("read_restricted")};
    if (const auto custom = object.object("custom_fields"))
      if (const auto value = custom->element("enable_accepted_answers")) {
        const std::string text = live::minified(*value);
        category.takes_answers = text == "true" || text == "\"true\"";
      }
    result[id] = std::move(category);
    if (const auto parent = object.integer("parent_category_id")) parents[id] = *parent;
  }
  const auto plain = result;
  for (const auto& [id, parent] : parents)
    if (const auto found = plain.find(parent); found != plain.end())
      result[id].name = found->second.name + " / " + plain.at(id).name;
  return result;
}

std::string list_fingerprint(const Object& topic) {
  std::string all;
  for (const std::string_view key : {"title", "bumped_at", "last_posted_at", "posts_count", "highest_post_number",
                                     "closed", "archived", "visible", "category_id", "tags", "has_accepted_answer"}) {
    const auto value = topic.element(key);
    all += fmt::format("{}\n", value ? live::minified(*value) : "");
  }
  return fingerprint(all);
}

ThreadRecord topic(const Object& object, const std::string& provider, const std::string& origin,
                   const std::map<std::int64_t, Category>& categories) {
  ThreadRecord thread;
  const std::int64_t id = object.required_integer("id");
  thread.kind = "topic";
  thread.key = fmt::format("{}/{}", provider, id);
  thread.number = id;
  thread.title = object.text("title");
  thread.created_at = object.required_time("created_at");
  thread.updated_at = object.has("last_posted_at") ? object.time("last_posted_at") : object.time("bumped_at");
  thread.url =
      fmt::format("{}/t/{}/{}", origin, object.text("slug").empty() ? "-" : escape_url(object.text("slug")), id);
  thread.channel = "forum";
  if (const auto found = categories.find(object.integer("category_id").value_or(0)); found != categories.end()) {
    thread.channel = found->second.name;
    if (found->second.takes_answers) thread.is_question = true;
  }
  // The forum does not say when it was closed in all versions: not before its last post.
  if (object.boolean("closed") || object.boolean("archived"))
    thread.closed_at = std::max(thread.updated_at.value_or(thread.created_at), object.time("bumped_at").value_or(0));
  if (const auto tags = object.array("tags"))
    for (const json::Element element : *tags)
      thread.tags.push_back(element.is_object() ? Object(element, "tag").text("name") : json::text_of(element, "tag"));
  return thread;
}

std::vector<std::int64_t> post_ids(const Object& topic) {
  std::vector<std::int64_t> result;
  const auto stream = topic.object("post_stream");
  const auto ids = stream ? stream->array("stream") : std::nullopt;
  if (!ids) return result;
  for (const json::Element element : *ids) {
    std::int64_t id;
    if (!element.get(id)) result.push_back(id);
  }
  return result;
}

void posts(const Object& holder, const std::string& provider, ThreadRecord& thread,
           std::map<std::int64_t, std::string>& numbers) {
  const auto stream = holder.object("post_stream");
  const auto list = stream ? stream->array("posts") : std::nullopt;
  if (!list) return;
  for (const json::Element element : *list) {
    const Object object(element, "post");
    const std::int64_t type = object.integer("post_type").value_or(kRegularPost);
    if (type != kRegularPost && type != kModeratorPost) continue;
    PostRecord post;
    post.key = std::to_string(object.required_integer("id"));
    const std::int64_t number = object.required_integer("post_number");
    if (numbers.contains(number)) continue;
    post.author = author_of(object, provider);
    post.created_at = object.required_time("created_at");
    post.updated_at = object.time("updated_at");
    post.body = object.has("raw") ? object.text("raw") : mail::html_to_text(object.text("cooked"));
    // Kept as a number until all posts are there.
    if (const auto answered = object.integer("reply_to_post_number")) post.reply_to = std::to_string(*answered);
    numbers[number] = post.key;
    if (object.boolean("accepted_answer")) thread.answer_key = post.key;
    thread.posts.push_back(std::move(post));
  }
}

void finish(const Object& topic, const std::map<std::int64_t, std::string>& numbers, ThreadRecord& thread) {
  if (thread.posts.empty()) throw Error("the topic has no posts that can be read");
  std::map<std::string, std::int64_t> order;
  for (const auto& [number, key] : numbers) order[key] = number;
  std::sort(thread.posts.begin(), thread.posts.end(),
            [&](const PostRecord& a, const PostRecord& b) { return order[a.key] < order[b.key]; });
  for (auto& post : thread.posts) {
    const auto found =
        post.reply_to.empty() ? numbers.end() : numbers.find(std::strtoll(post.reply_to.c_str(), nullptr, 10));
    post.reply_to = found == numbers.end() ? std::string() : found->second;
  }
  thread.author = thread.posts.front().author;
  if (const auto accepted = topic.object("accepted_answer")) {
    if (const auto found = numbers.find(accepted->integer("post_number").value_or(0)); found != numbers.end())
      thread.answer_key = found->second;
    thread.answered_at = accepted->time("accepted_at");
  }
  if (thread.answer_key.empty()) return;
  thread.is_question = true;
  // Older forums do not say when: not before the answer was written.
  if (!thread.answered_at)
    for (const auto& post : thread.posts)
      if (post.key == thread.answer_key) thread.answered_at = post.created_at;
}

}  // namespace resident::discourse

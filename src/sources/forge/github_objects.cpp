#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/forge/base_merge.hpp>
#include <sources/forge/github_objects.hpp>
#include <sources/forge/item_parts.hpp>

namespace resident::github {

namespace {

using json::Object;

}  // namespace

std::string reference_text(const std::string& repository, std::int64_t number, const ItemRecord& item) {
  const bool is_own =
      repository.empty() || to_lower(item.url).find("/" + to_lower(repository) + "/") != std::string::npos;
  return fmt::format("{}#{}", is_own ? "" : repository, number);
}

std::optional<std::int64_t> reaction_count(const std::optional<std::int64_t>& count) {
  return count == 0 ? std::nullopt : count;
}

std::optional<bool> is_official_association(const std::string& association) {
  const std::string word = to_lower(association);
  if (word.empty()) return std::nullopt;
  return word == "owner" || word == "member" || word == "collaborator";
}

void dismiss_review(const std::string& review_key, const std::string& was, EventRecord& event, ItemRecord& item) {
  event.detail = to_lower(was);
  for (ReviewRecord& review : item.reviews) {
    if (review_key.empty() || review.key != review_key) continue;
    event.subject = review.author;
    review.dismissed_at = event.occurred_at;
    if (review.state == "dismissed" && !event.detail.empty()) review.state = event.detail;
  }
}

std::string closing_reason(const std::string& reason) {
  const std::string text = to_lower(reason);
  return text == "completed" ? std::string() : text;
}

namespace {

PersonRecord signature(const Object& parent, std::string_view key) {
  const auto object = parent.object(key);
  if (!object) return {};
  PersonRecord record;
  record.provider = "git";
  record.name = object->text("name");
  record.email = object->text("email");
  return record;
}

std::string id_text(const Object& object, std::string_view key) {
  const auto id = object.integer(key);
  return id ? std::to_string(*id) : std::string();
}

std::string reference_source(const Object& event, const ItemRecord& item) {
  const auto source = event.object("source");
  const auto issue = source ? source->object("issue") : std::nullopt;
  if (!issue) return {};
  const auto repository = issue->object("repository");
  std::string name = repository ? repository->text("full_name") : std::string();
  // Backups leave the repository out; its address says it.
  constexpr std::string_view kRepositories = "/repos/";
  const std::string url = issue->text("repository_url");
  if (const std::size_t at = url.find(kRepositories); name.empty() && at != std::string::npos)
    name = url.substr(at + kRepositories.size());
  return reference_text(name, issue->required_integer("number"), item);
}

void review(const Object& event, EventRecord& record, ItemRecord& item) {
  ReviewRecord review;
  review.key = id_text(event, "id");
  review.author = person(event, "user");
  review.state = to_lower(event.text("state"));
  if (review.state.empty()) review.state = "commented";
  review.submitted_at = event.time("submitted_at");
  review.body = event.text("body");
  review.sha = event.text("commit_id");
  review.is_official = is_official_association(event.text("author_association"));
  if (review.key.empty()) review.key = fmt::format("review/{}", item.reviews.size());
  record.actor = review.author;
  record.occurred_at = review.submitted_at;
  item.reviews.push_back(std::move(review));
}

void comment(const Object& event, EventRecord& record, ItemRecord& item) {
  CommentRecord comment;
  comment.key = id_text(event, "id");
  if (comment.key.empty()) comment.key = fmt::format("comment/{}", item.comments.size());
  comment.author = event.has("user") ? person(event, "user") : person(event, "actor");
  comment.created_at = event.required_time("created_at");
  comment.updated_at = event.time("updated_at");
  comment.body = event.text("body");
  record.actor = comment.author;
  item.comments.push_back(std::move(comment));
}

void timeline_event(const Object& event, ItemRecord& item) {
  const std::string id = event.text("node_id");
  if (!id.empty() && !item.entry_ids.insert(id).second) return;
  EventRecord record;
  record.kind = event.required_text("event");
  // Comments, reviews and commits have numbers that every interface tells; other events are known by what they say.
  const bool has_number = record.kind == "commented" || record.kind == "reviewed";
  if (has_number) record.key = id_text(event, "id");
  record.actor = person(event, "actor");
  record.occurred_at = event.time("created_at");
  record.sha = event.text("commit_id");
  if (record.kind == "reviewed") {
    // A review that is not handed in yet is shown to its author alone.
    if (to_lower(event.text("state")) == "pending") return;
    review(event, record, item);
  } else if (record.kind == "commented") {
    comment(event, record, item);
  } else if (record.kind == "committed") {
    record.sha = event.text("sha");
    record.key = "commit/" + record.sha;
    record.actor = signature(event, "author");
    if (const auto committer = event.object("committer")) record.occurred_at = committer->time("date");
    const std::string message = event.text("message");
    record.detail = json::detail_of_commit(std::string_view(message).substr(0, message.find('\n')), item.base_ref);
  } else if (record.kind == "renamed") {
    if (const auto rename = event.object("rename"))
      record.detail = fmt::format("{} → {}", rename->text("from"), rename->text("to"));
  } else if (record.kind == "cross-referenced") {
    record.detail = reference_source(event, item);
  } else if (record.kind == "closed") {
    record.detail = closing_reason(event.text("state_reason"));
  } else if (record.kind == "review_dismissed") {
    if (const auto dismissed = event.object("dismissed_review")) {
      record.sha = dismissed->text("dismissal_commit_id");
      dismiss_review(id_text(*dismissed, "review_id"), dismissed->text("state"), record, item);
    }
  } else if (record.kind == "locked") {
    record.detail = event.text("lock_reason");  // off-topic, too heated, resolved, spam
  } else if (const auto team = event.object("requested_team")) {
    record.detail = team->text("slug").empty() ? team->text("name") : team->text("slug");
  }
  if (const auto label = event.object("label")) record.label = label->text("name");
  if (const auto milestone = event.object("milestone")) record.detail = milestone->text("title");
  for (const std::string_view key : {"requested_reviewer", "assignee"})
    if (event.has(key)) record.subject = person(event, key);
  item.events.push_back(std::move(record));
}

void inline_comment(const Object& object, ItemRecord& item) {
  CommentRecord comment;
  comment.kind = "inline";
  comment.key = std::to_string(object.required_integer("id"));
  comment.author = person(object, "user");
  comment.created_at = object.required_time("created_at");
  comment.updated_at = object.time("updated_at");
  comment.body = object.text("body");
  comment.review_key = id_text(object, "pull_request_review_id");
  comment.reply_to = id_text(object, "in_reply_to_id");
  comment.path = object.text("path");
  comment.line = object.has("line") ? object.integer("line") : object.integer("original_line");
  comment.sha = object.text("original_commit_id");
  item.comments.push_back(std::move(comment));
}

ItemRecord item_of(const Object& object, bool is_pull, const Problem& problem) {
  ItemRecord item;
  item.is_pull = is_pull;
  item.number = json::item_number(object);
  item.title = object.text("title");
  item.body = object.text("body");
  item.author = person(object, "user");
  item.author_association = object.text("author_association");
  item.state = to_lower(object.required_text("state"));
  if (item.state != "open" && item.state != "closed")
    throw Error(fmt::format("the state is neither open nor closed: {}", one_line(item.state)));
  item.state_reason = object.text("state_reason");
  item.created_at = object.required_time("created_at");
  item.updated_at = object.time("updated_at");
  item.closed_at = object.time("closed_at");
  item.is_locked = object.boolean("locked");
  item.url = object.text("html_url");
  if (const auto reactions = object.object("reactions"))
    item.reaction_count = reaction_count(reactions->integer("total_count"));
  if (const auto milestone = object.object("milestone")) item.milestone = milestone->text("title");
  const auto each = [&](std::string_view key, const auto& read) { json::each_object(object, key, problem, read); };
  each("labels", [&](const Object& label) { item.labels.push_back(label.required_text("name")); });
  const auto account = [](const Object& user) {
    PersonRecord record;
    record.login = user.required_text("login");
    record.account_id = user.integer("id");
    record.account_type = user.text("type");
    return record;
  };
  each("assignees", [&](const Object& user) { item.assignees.push_back(account(user)); });
  if (!is_pull) return item;
  each("requested_reviewers", [&](const Object& user) { item.requested_reviewers.push_back(account(user)); });
  each("requested_teams", [&](const Object& team) {
    item.requested_teams.push_back(team.text("slug").empty() ? team.required_text("name") : team.text("slug"));
  });
  item.merged_at = object.time("merged_at");
  item.merged_by = person(object, "merged_by");
  if (object.has("maintainer_can_modify")) item.maintainer_can_modify = object.boolean("maintainer_can_modify") ? 1 : 0;
  item.is_draft = object.boolean("draft");
  // Of an open pull request it is a trial merge, which comes and goes.
  if (item.merged_at) item.merge_sha = object.text("merge_commit_sha");
  item.additions = object.integer("additions");
  item.deletions = object.integer("deletions");
  item.changed_files = object.integer("changed_files");
  item.commit_count = object.integer("commits");
  // Archives write 0 in all of them where the forge did not say.
  if (item.additions == 0 && item.deletions == 0 && item.changed_files == 0)
    item.additions = item.deletions = item.changed_files = item.commit_count = std::nullopt;
  if (const auto head = object.object("head")) item.head_sha = head->text("sha");
  if (const auto base = object.object("base")) item.base_ref = base->text("ref");
  return item;
}

}  // namespace

PersonRecord person(const json::Object& parent, std::string_view key) {
  const auto object = parent.object(key);
  if (!object) return {};
  PersonRecord record;
  record.login = object->text("login");
  // The stand-in for deleted accounts is nobody in particular (docs/adr/0004).
  if (record.login == "ghost") return {};
  record.account_id = object->integer("id");
  record.account_type = object->text("type");
  return record;
}

void add_timeline_event(const json::Object& event, ItemRecord& item) {
  timeline_event(event, item);
}

ItemRecord item_object(const json::Object& object, bool is_pull, const Problem& problem) {
  return item_of(object, is_pull, problem);
}

CommentRecord inline_comment_object(const json::Object& object) {
  ItemRecord item;
  inline_comment(object, item);
  return std::move(item.comments.front());
}

ItemRecord metadata_file(json::Element root, const Problem& problem) {
  const Object file(root, "file");
  const std::string type = file.required_text("type");
  const bool is_pull = type == "pull";
  if (!is_pull && type != "issue")
    throw Error(fmt::format("type is neither issue nor pull: {}", one_line(type.substr(0, 100))));
  const auto object = file.object(is_pull ? "pull" : "issue");
  if (!object) throw Error(fmt::format("there is no {} in it", is_pull ? "pull" : "issue"));
  ItemRecord item = item_of(*object, is_pull, problem);
  json::each_object(file, "events", problem, [&](const Object& event) { timeline_event(event, item); });
  json::each_object(file, "comments", problem, [&](const Object& comment) { inline_comment(comment, item); });
  return item;
}

}  // namespace resident::github

#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <set>
#include <sources/forge/base_merge.hpp>
#include <sources/github/graphql_objects.hpp>

namespace resident::github {

namespace {

using json::Object;

std::string lower(const Object& object, std::string_view key) {
  return to_lower(object.text(key));
}

// BigInt comes as text, Int as a number.
// The numbers of some things have outgrown the Int that GraphQL has for them: then their node's id.
std::string id_of(const Object& object, std::string_view key) {
  const auto element = object.element(key);
  if (!element) return object.text("id");
  if (element->is_string()) return object.text(key);
  const auto number = object.integer(key);
  return number ? std::to_string(*number) : std::string();
}

template <class Read>
void each_node(const Object& parent, std::string_view key, const Problem& problem, const Read& read) {
  const auto connection = parent.object(key);
  const auto nodes = connection ? connection->array("nodes") : std::nullopt;
  if (!nodes) return;
  std::size_t position = 0;
  for (const json::Element element : *nodes) {
    const std::string place = fmt::format("{}/{}", key, position++);
    if (element.is_null()) continue;
    try {
      read(Object(element, place));
    } catch (const Error& error) {
      if (problem) problem(place, error.what());
    }
  }
}

PersonRecord person_node(const Object& node) {
  PersonRecord record;
  record.login = node.text("login");
  if (record.login.empty() || record.login == "ghost") return {};
  record.account_type = node.text("__typename");
  if (record.account_type == "Bot" && !record.login.ends_with("[bot]")) record.login += "[bot]";
  record.account_id = node.integer("databaseId");
  return record;
}

std::string oid(const Object& node, std::string_view key) {
  const auto commit = node.object(key);
  return commit ? commit->text("oid") : std::string();
}

void commit_entry(const Object& node, EventRecord& record, std::string_view base) {
  const auto commit = node.object("made");
  if (!commit) throw Error("a commit that is not told");
  record.sha = commit->required_text("oid");
  record.key = "commit/" + record.sha;
  if (const auto author = commit->object("author")) {
    record.actor.provider = "git";
    record.actor.name = author->text("name");
    record.actor.email = author->text("email");
  }
  if (const auto committer = commit->object("committer")) record.occurred_at = committer->time("date");
  record.detail = json::detail_of_commit(commit->text("messageHeadline"), base);
}

void comment_entry(const Object& node, EventRecord& record, ItemRecord& item) {
  CommentRecord comment;
  comment.key = id_of(node, "fullDatabaseId");
  if (comment.key.empty()) comment.key = fmt::format("comment/{}", item.comments.size());
  comment.author = graphql_person(node, "author");
  comment.created_at = node.required_time("createdAt");
  comment.updated_at = node.time("updatedAt");
  comment.body = node.text("body");
  record.key = comment.key;
  record.actor = comment.author;
  item.comments.push_back(std::move(comment));
}

void review_entry(const Object& node, EventRecord& record, ItemRecord& item) {
  ReviewRecord review;
  review.key = id_of(node, "fullDatabaseId");
  if (review.key.empty()) review.key = fmt::format("review/{}", item.reviews.size());
  review.author = graphql_person(node, "author");
  review.state = lower(node, "state");
  if (review.state.empty()) review.state = "commented";
  review.submitted_at = node.time("submittedAt");
  review.body = node.text("body");
  review.sha = oid(node, "commit");
  review.is_official = is_official_association(node.text("authorAssociation"));
  record.key = review.key;
  record.actor = review.author;
  record.occurred_at = review.submitted_at;
  item.reviews.push_back(std::move(review));
}

void entry(const Object& node, ItemRecord& item) {
  const std::string id = node.text("id");
  if (!id.empty() && !item.entry_ids.insert(id).second) return;
  EventRecord record;
  const std::string type = node.required_text("__typename");
  if (type == "PullRequestRevisionMarker") return;  // where the asking account stopped reading; REST has none
  record.kind = event_kind(type);
  record.actor = graphql_person(node, "actor");
  record.occurred_at = node.time("createdAt");
  record.sha = oid(node, "commit");
  if (type == "PullRequestCommit") {
    commit_entry(node, record, item.base_ref);
  } else if (type == "IssueComment") {
    comment_entry(node, record, item);
  } else if (type == "PullRequestReview") {
    // A review that is not handed in yet is shown to its author alone.
    if (node.text("state") == "PENDING") return;
    review_entry(node, record, item);
  } else if (type == "RenamedTitleEvent") {
    record.detail = fmt::format("{} → {}", node.text("previousTitle"), node.text("currentTitle"));
  } else if (type == "CrossReferencedEvent") {
    if (const auto source = node.object("source")) {
      const auto repository = source->object("repository");
      record.detail = reference_text(repository ? repository->text("nameWithOwner") : std::string(),
                                     source->integer("number").value_or(0), item);
    }
  } else if (type == "ClosedEvent") {
    record.detail = closing_reason(node.text("stateReason"));
    record.sha = oid(node, "closer");
  } else if (type == "LockedEvent") {
    // REST says "too heated" and "off-topic" where GraphQL has TOO_HEATED and OFF_TOPIC.
    record.detail = lower(node, "lockReason");
    for (char& letter : record.detail)
      if (letter == '_') letter = record.detail.starts_with("off") ? '-' : ' ';
  } else if (type == "ReviewDismissedEvent") {
    if (const auto commit = node.object("pullRequestCommit")) record.sha = oid(*commit, "made");
    const auto review = node.object("review");
    dismiss_review(review ? id_of(*review, "fullDatabaseId") : std::string(), node.text("previousReviewState"), record,
                   item);
  } else if (const auto reviewer = node.object("requestedReviewer")) {
    record.detail = reviewer->text("slug");  // of a team
  }
  if (record.sha.empty()) record.sha = oid(node, "afterCommit");
  if (const auto label = node.object("label")) record.label = label->text("name");
  if (const std::string milestone = node.text("milestoneTitle"); !milestone.empty()) record.detail = milestone;
  for (const std::string_view key : {"requestedReviewer", "assignee"})
    if (node.has(key)) record.subject = graphql_person(node, key);
  item.events.push_back(std::move(record));
}

void pull_fields(const Object& node, ItemRecord& item) {
  item.state = node.required_text("pullState") == "OPEN" ? "open" : "closed";
  item.merged_at = node.time("mergedAt");
  item.merged_by = graphql_person(node, "mergedBy");
  item.maintainer_can_modify = node.boolean("maintainerCanModify") ? 1 : 0;
  item.is_draft = node.boolean("isDraft");
  if (item.merged_at) item.merge_sha = oid(node, "mergeCommit");
  item.head_sha = node.text("headRefOid");
  item.base_ref = node.text("baseRefName");
  item.additions = node.integer("additions");
  item.deletions = node.integer("deletions");
  item.changed_files = node.integer("changedFiles");
  if (const auto commits = node.object("commits")) item.commit_count = commits->integer("totalCount");
  // A pull request without any file is one whose figures the forge has lost.
  if (item.additions == 0 && item.deletions == 0 && item.changed_files == 0)
    item.additions = item.deletions = item.changed_files = item.commit_count = std::nullopt;
}

}  // namespace

std::string event_kind(const std::string& type_name) {
  static const std::pair<std::string_view, std::string_view> own[] = {
      {"IssueComment", "commented"},
      {"PullRequestReview", "reviewed"},
      {"PullRequestCommit", "committed"},
      {"PullRequestReviewThread", "line-commented"},
      {"PullRequestCommitCommentThread", "commit-commented"},
      {"CrossReferencedEvent", "cross-referenced"},
      {"RenamedTitleEvent", "renamed"},
  };
  for (const auto& [type, kind] : own)
    if (type_name == type) return std::string(kind);
  std::string_view rest = type_name;
  constexpr std::string_view kEnding = "Event";
  if (rest.ends_with(kEnding)) rest.remove_suffix(kEnding.size());
  std::string kind;
  for (const char letter : rest) {
    const bool is_upper = letter >= 'A' && letter <= 'Z';
    if (is_upper && !kind.empty()) kind += '_';
    kind += is_upper ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return kind;
}

PersonRecord graphql_person(const Object& parent, std::string_view key) {
  const auto node = parent.object(key);
  return node ? person_node(*node) : PersonRecord();
}

ItemRecord graphql_item(const Object& node, const Problem& problem) {
  ItemRecord item;
  item.is_pull = node.required_text("__typename") == "PullRequest";
  item.number = node.required_integer("number");
  if (item.number < 1) throw Error(fmt::format("the number {} cannot be", item.number));
  item.title = node.text("title");
  item.body = node.text("body");
  item.author = graphql_person(node, "author");
  item.author_association = node.text("authorAssociation");
  item.created_at = node.required_time("createdAt");
  item.updated_at = node.time("updatedAt");
  item.closed_at = node.time("closedAt");
  item.is_locked = node.boolean("locked");
  item.url = node.text("url");
  if (const auto milestone = node.object("milestone")) item.milestone = milestone->text("title");
  if (const auto reactions = node.object("reactions"))
    item.reaction_count = reaction_count(reactions->integer("totalCount"));
  if (item.is_pull) {
    pull_fields(node, item);
  } else {
    item.state = lower(node, "state");
    item.state_reason = lower(node, "stateReason");
  }
  if (item.state != "open" && item.state != "closed") throw Error(fmt::format("no state: {}", one_line(item.state)));
  each_node(node, "labels", problem, [&](const Object& label) { item.labels.push_back(label.required_text("name")); });
  each_node(node, "assignees", problem, [&](const Object& user) {
    if (auto record = person_node(user); record.known()) item.assignees.push_back(std::move(record));
  });
  each_node(node, "reviewRequests", problem, [&](const Object& request) {
    if (auto record = graphql_person(request, "requestedReviewer"); record.known())
      item.requested_reviewers.push_back(std::move(record));
    if (const auto reviewer = request.object("requestedReviewer"); reviewer && !reviewer->text("slug").empty())
      item.requested_teams.push_back(reviewer->text("slug"));
  });
  if (const auto timeline = node.object("timelineItems")) add_graphql_entries(*timeline, item, problem);
  item.keeps_inline_comments = true;
  return item;
}

void add_graphql_entries(const Object& timeline, ItemRecord& item, const Problem& problem) {
  const auto nodes = timeline.array("nodes");
  if (!nodes) return;
  for (const json::Element element : *nodes) {
    const std::string place = fmt::format("timeline/{}", item.events.size());
    if (element.is_null()) {
      problem(place, "the forge gave an empty entry");
      continue;
    }
    try {
      entry(Object(element, place), item);
    } catch (const Error& error) {
      problem(place, error.what());
    }
  }
}

ReleaseRecord graphql_release(const Object& node) {
  ReleaseRecord release;
  release.tag = node.required_text("tagName");
  release.key = id_of(node, "databaseId");
  if (release.key.empty()) release.key = release.tag;
  release.name = node.text("name");
  release.body = node.text("description");
  release.url = node.text("url");
  release.author = graphql_person(node, "author");
  release.is_draft = node.boolean("isDraft");
  release.is_prerelease = node.boolean("isPrerelease");
  release.created_at = node.time("createdAt");
  release.published_at = node.time("publishedAt");
  return release;
}

namespace {

PostRecord remark(const Object& node, const std::string& reply_to) {
  PostRecord post;
  post.key = id_of(node, "databaseId");
  post.author = graphql_person(node, "author");
  post.created_at = node.required_time("createdAt");
  post.updated_at = node.time("updatedAt");
  post.body = node.text("body");
  post.reply_to = reply_to;
  return post;
}

// A page may be given twice: a post counts once. Returns its key.
std::string add_post(ThreadRecord& thread, PostRecord post) {
  const std::string key = post.key;
  const bool is_there =
      std::any_of(thread.posts.begin(), thread.posts.end(), [&](const PostRecord& each) { return each.key == key; });
  if (!is_there) thread.posts.push_back(std::move(post));
  return key;
}

}  // namespace

void add_graphql_remarks(const Object& comments, ThreadRecord& thread) {
  const auto nodes = comments.array("nodes");
  if (!nodes) return;
  for (const json::Element element : *nodes) {
    if (element.is_null()) continue;
    const Object node(element, "comment");
    const std::string parent = add_post(thread, remark(node, {}));
    const auto replies = node.object("replies");
    const auto list = replies ? replies->array("nodes") : std::nullopt;
    if (!list) continue;
    for (const json::Element reply : *list)
      if (!reply.is_null()) add_post(thread, remark(Object(reply, "reply"), parent));
  }
}

ThreadRecord graphql_discussion(const Object& node) {
  ThreadRecord thread;
  thread.kind = "discussion";
  thread.number = node.required_integer("number");
  thread.key = fmt::format("discussion:{}", *thread.number);
  thread.title = node.text("title");
  thread.url = node.text("url");
  thread.author = graphql_person(node, "author");
  thread.created_at = node.required_time("createdAt");
  thread.updated_at = node.time("updatedAt");
  thread.closed_at = node.time("closedAt");
  thread.answered_at = node.time("answerChosenAt");
  if (const auto answer = node.object("answer")) thread.answer_key = id_of(*answer, "databaseId");
  if (const auto category = node.object("category")) {
    thread.channel = category->text("name");
    thread.is_question = category->boolean("isAnswerable");
  }
  if (thread.channel.empty()) thread.channel = "discussions";
  std::set<std::string> tags;
  if (const auto labels = node.object("labels"))
    if (const auto nodes = labels->array("nodes"))
      for (const json::Element label : *nodes)
        if (!label.is_null()) tags.insert(Object(label, "label").text("name"));
  thread.tags.assign(tags.begin(), tags.end());
  PostRecord first;
  first.key = "0";
  first.author = thread.author;
  first.created_at = thread.created_at;
  first.body = node.text("body");
  thread.posts.push_back(std::move(first));
  if (const auto comments = node.object("comments")) add_graphql_remarks(*comments, thread);
  return thread;
}

std::vector<CiRunRecord> graphql_checks(const Object& rollup, const std::string& sha, std::int64_t item_id) {
  std::vector<CiRunRecord> runs;
  const auto contexts = rollup.object("contexts");
  const auto nodes = contexts ? contexts->array("nodes") : std::nullopt;
  if (!nodes) return runs;
  for (const json::Element element : *nodes) {
    if (element.is_null()) continue;
    const Object node(element, "check");
    CiRunRecord run;
    run.sha = sha;
    run.item_id = item_id;
    if (node.text("__typename") == "CheckRun") {
      run.kind = "check_run";
      run.key = "check/" + id_of(node, "databaseId");
      run.name = node.text("name");
      run.status = lower(node, "status");
      run.conclusion = lower(node, "conclusion");
      run.started_at = node.time("startedAt");
      run.finished_at = node.time("completedAt");
      run.url = node.text("detailsUrl");
    } else {
      const std::string state = lower(node, "state");
      run.kind = "status";
      run.name = node.text("context");
      run.key = fmt::format("status/{}/{}", sha, run.name);
      run.status = state == "pending" || state == "expected" ? "in_progress" : "completed";
      if (run.status == "completed") run.conclusion = state == "success" ? "success" : "failure";
      run.started_at = node.time("createdAt");
      if (run.status == "completed") run.finished_at = run.started_at;
      run.url = node.text("targetUrl");
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace resident::github

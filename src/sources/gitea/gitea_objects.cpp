#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/forge/item_parts.hpp>
#include <sources/gitea/gitea_objects.hpp>

namespace resident::gitea {

namespace {

using json::Object;

const std::string kReviewOf = "review/";
constexpr std::string_view kDependence = "add_dependency";

std::string id_text(const Object& object, std::string_view key = "id") {
  const auto id = object.integer(key);
  return id ? std::to_string(*id) : std::string();
}

std::string text_in(const Object& object, std::string_view outer, std::string_view inner) {
  const auto found = object.object(outer);
  return found ? found->text(inner) : std::string();
}

template <class Take>
void each(const json::Array& list, std::string_view name, const Problem& problem, const Take& take) {
  std::size_t position = 0;
  for (const json::Element element : list) {
    const std::string place = fmt::format("{}/{}", name, position++);
    try {
      take(Object(element, place));
    } catch (const Error& error) {
      problem(place, error.what());
    }
  }
}

// Of what was migrated, or merged by hand, some releases say that it was merged, and not when.
std::optional<Timestamp> merged_at(const Object& object, const ItemRecord& item) {
  const auto told = object.time("merged_at");
  if (told || !object.boolean("merged")) return told;
  return item.closed_at ? item.closed_at : item.updated_at;
}

// "pull_push" keeps what was pushed as JSON in its text.
void push(const Object& object, const EventRecord& shape, ItemRecord& item) {
  json::Parser parser;
  const Object pushed(json::parse(parser, object.text("body")), "body");
  if (pushed.boolean("is_force_push")) {
    EventRecord event = shape;
    event.kind = "head_ref_force_pushed";
    item.events.push_back(event);
    return;
  }
  const auto commits = pushed.array("commit_ids");
  if (!commits) return;
  for (const json::Element commit : *commits) {
    EventRecord event = shape;
    event.kind = "committed";
    event.sha = json::text_of(commit, "commit_ids");
    event.key = "commit/" + event.sha;
    item.events.push_back(event);
  }
}

}  // namespace

PersonRecord person(const Object& parent, std::string_view key, const std::string& provider) {
  const auto object = parent.object(key);
  if (!object) return {};
  PersonRecord record;
  record.provider = provider;
  record.login = object->text("login");
  record.account_id = object->integer("id");
  // Stand-ins for deleted accounts and for nobody have numbers below 1 (docs/adr/0004); -2 is the forge's own robot.
  if (record.account_id == -2)
    record.account_type = "Bot";
  else if (record.account_id && *record.account_id < 1)
    return {};
  if (to_lower(record.login) == "ghost") return {};
  record.name = object->text("full_name");
  return record;
}

ItemRecord item(const Object& object, bool is_pull, const std::string& provider, const Problem& problem) {
  ItemRecord item;
  item.is_pull = is_pull;
  item.number = json::item_number(object);
  item.title = object.text("title");
  item.body = object.text("body");
  item.author = person(object, "user", provider);
  // An item that was migrated from elsewhere names its first author so.
  if (const std::string original = object.text("original_author"); !original.empty()) {
    item.author = {};
    item.author.provider = provider + "/migrated";
    item.author.login = original;
  }
  item.state = to_lower(object.required_text("state"));
  if (item.state != "open" && item.state != "closed")
    throw Error(fmt::format("the state is neither open nor closed: {}", one_line(item.state.substr(0, 60))));
  item.created_at = object.required_time("created_at");
  item.updated_at = object.time("updated_at");
  item.closed_at = object.time("closed_at");
  item.is_locked = object.boolean("is_locked");
  item.url = object.text("html_url");
  item.milestone = text_in(object, "milestone", "title");
  if (const auto labels = object.array("labels"))
    each(*labels, "labels", problem, [&](const Object& label) { item.labels.push_back(label.required_text("name")); });
  if (const auto assignees = object.array("assignees")) {
    std::size_t position = 0;
    for (const json::Element element : *assignees) {
      try {
        const Object account(element, "assignee");
        PersonRecord record;
        record.provider = provider;
        record.login = account.required_text("login");
        record.account_id = account.integer("id");
        item.assignees.push_back(std::move(record));
      } catch (const Error& error) {
        problem(fmt::format("assignees/{}", position), error.what());
      }
      ++position;
    }
  }
  if (const auto pull = object.object("pull_request"); is_pull && pull) {
    item.merged_at = merged_at(*pull, item);
    item.is_draft = pull->boolean("draft");
  }
  return item;
}

void pull_details(const Object& object, const std::string& provider, ItemRecord& item) {
  item.is_draft = object.boolean("draft") || item.is_draft;
  item.merged_at = merged_at(object, item);
  item.merged_by = person(object, "merged_by", provider);
  item.merge_sha = object.text("merge_commit_sha");
  item.additions = object.integer("additions");
  item.deletions = object.integer("deletions");
  item.changed_files = object.integer("changed_files");
  item.head_sha = text_in(object, "head", "sha");
  item.base_ref = text_in(object, "base", "ref");
  if (object.has("allow_maintainer_edit")) item.maintainer_can_modify = object.boolean("allow_maintainer_edit") ? 1 : 0;
  if (const auto reviewers = object.array("requested_reviewers"))
    for (const json::Element element : *reviewers) {
      if (element.is_null()) continue;
      const Object account(element, "requested_reviewer");
      PersonRecord record;
      record.provider = provider;
      record.login = account.text("login");
      record.account_id = account.integer("id");
      if (!record.login.empty()) item.requested_reviewers.push_back(std::move(record));
    }
}

void timeline_entry(const Object& object, const std::string& provider, ItemRecord& item) {
  const std::string type = object.required_text("type");
  EventRecord event;
  event.key = id_text(object);
  event.actor = person(object, "user", provider);
  event.occurred_at = object.time("created_at");
  if (type == "comment") {
    CommentRecord comment;
    comment.key = event.key;
    comment.author = event.actor;
    comment.created_at = object.required_time("created_at");
    comment.updated_at = object.time("updated_at");
    comment.body = object.text("body");
    item.comments.push_back(std::move(comment));
    event.kind = "commented";
  } else if (type == "close") {
    event.kind = "closed";
  } else if (type == "reopen") {
    event.kind = "reopened";
  } else if (type == "merge_pull") {
    event.kind = "merged";
    event.sha = item.merge_sha;
  } else if (type == "label") {
    // "1" where it was put on.
    event.kind = object.text("body") == "1" ? "labeled" : "unlabeled";
    event.label = text_in(object, "label", "name");
  } else if (type == "milestone") {
    const std::string now = text_in(object, "milestone", "title");
    event.kind = now.empty() ? "demilestoned" : "milestoned";
    event.detail = now.empty() ? text_in(object, "old_milestone", "title") : now;
  } else if (type == "assignees") {
    event.kind = object.boolean("removed_assignee") ? "unassigned" : "assigned";
    event.subject = person(object, "assignee", provider);
  } else if (type == "review_request") {
    event.kind = object.boolean("removed_assignee") ? "review_request_removed" : "review_requested";
    event.subject = person(object, "assignee", provider);
    if (!event.subject.known()) event.detail = text_in(object, "assignee_team", "name");
  } else if (type == "change_title") {
    const std::string before = object.text("old_title"), after = object.text("new_title");
    event.kind = "renamed";
    event.detail = fmt::format("{} → {}", before, after);
    // Work in progress is said in the title.
    const auto is_draft = [](const std::string& title) {
      const std::string lower = to_lower(title);
      return lower.starts_with("wip:") || lower.starts_with("[wip]") || lower.starts_with("draft:");
    };
    if (item.is_pull && is_draft(before) != is_draft(after)) {
      EventRecord draft = event;
      draft.kind = is_draft(after) ? "convert_to_draft" : "ready_for_review";
      draft.key += "/draft";
      draft.detail.clear();
      item.events.push_back(draft);
    }
  } else if (type == "lock" || type == "unlock") {
    event.kind = type == "lock" ? "locked" : "unlocked";
  } else if (type == "pull_push") {
    return push(object, event, item);
  } else if (type == "commit_ref") {
    event.kind = "referenced";
    event.sha = object.text("ref_commit_sha");
  } else if (type == "issue_ref" || type == "pull_ref" || type == "comment_ref") {
    event.kind = "cross-referenced";
    if (const auto issue = object.object("ref_issue"))
      event.detail =
          fmt::format("{}#{}", text_in(*issue, "repository", "full_name"), issue->integer("number").value_or(0));
  } else if (type == "change_target_branch") {
    event.kind = "base_ref_changed";
    event.detail = fmt::format("{} → {}", object.text("old_ref"), object.text("new_ref"));
  } else if (type == "pull_scheduled_merge" || type == "pull_cancel_scheduled_merge") {
    event.kind = type == "pull_scheduled_merge" ? "auto_merge_enabled" : "auto_merge_disabled";
  } else if (type == "delete_branch") {
    event.kind = "head_ref_deleted";
  } else if (type == "dismiss_review") {
    event.kind = "review_dismissed";
    event.detail = kReviewOf + id_text(object, "review_id");  // until finish_reviews() knows what it was
  } else if (type == kDependence || type == "remove_dependency") {
    event.kind = type;
    if (const auto issue = object.object("dependent_issue"))
      event.detail = fmt::format("#{}", issue->integer("number").value_or(0));
  } else if (type == "pin" || type == "unpin") {
    event.kind = type == "pin" ? "pinned" : "unpinned";
  } else if (type == "review") {
    // The review itself is read apart; this entry was made when it was sent.
    if (object.integer("review_id").value_or(0) < 1) return;
    event.kind = "reviewed";
    event.key = kReviewOf + id_text(object, "review_id");
  } else if (type == "code") {
    return;  // read with its review
  } else {
    event.kind = type;
    event.detail = one_line(clean_text(object.text("body"), 200));
  }
  item.events.push_back(std::move(event));
}

std::optional<std::int64_t> review(const Object& object, const std::string& provider, ItemRecord& item) {
  const std::string state = object.text("state");
  if (state == "PENDING") return std::nullopt;  // not sent yet
  if (state == "REQUEST_REVIEW") {              // asked for
    if (const std::string team = text_in(object, "team", "name"); !team.empty()) item.requested_teams.push_back(team);
    return std::nullopt;
  }
  ReviewRecord review;
  review.key = std::to_string(object.required_integer("id"));
  review.author = person(object, "user", provider);
  review.state = state == "APPROVED" ? "approved" : state == "REQUEST_CHANGES" ? "changes_requested" : "commented";
  review.submitted_at = object.time("submitted_at");  // when it was begun: finish_reviews() knows when it was sent
  if (object.boolean("dismissed"))
    review.dismissed_at = object.has("updated_at") ? object.time("updated_at") : review.submitted_at;
  if (review.state != "commented" && object.has("official")) review.is_official = object.boolean("official");
  review.body = object.text("body");
  review.sha = object.text("commit_id");
  item.reviews.push_back(std::move(review));
  return object.integer("comments_count").value_or(0) > 0 ? object.integer("id") : std::nullopt;
}

namespace {

bool same_account(const PersonRecord& a, const PersonRecord& b) {
  if (!a.known() || !b.known()) return false;
  return a.account_id && b.account_id ? a.account_id == b.account_id : to_lower(a.login) == to_lower(b.login);
}

// When it was sent is told by the timeline alone; a timeline without such an entry gets one.
void date_review(ReviewRecord& review, ItemRecord& item) {
  for (const EventRecord& event : item.events)
    if (event.kind == "reviewed" && event.key == kReviewOf + review.key && event.occurred_at) {
      review.submitted_at = event.occurred_at;
      return;
    }
  EventRecord event;
  event.kind = "reviewed";
  event.key = kReviewOf + review.key;
  event.actor = review.author;
  event.occurred_at = review.submitted_at;
  item.events.push_back(std::move(event));
}

// The forge takes an older decision of a reviewer back, silently, when the same reviewer decides anew, and clears its
// "official": the newest has it.
void overtake(const ReviewRecord& newer, ReviewRecord& older) {
  if (older.state == "commented" || newer.state == "commented" || !same_account(newer.author, older.author)) return;
  if (newer.submitted_at.value_or(0) < older.submitted_at.value_or(0)) return;
  if (older.dismissed_at) older.dismissed_at = std::min(older.dismissed_at, newer.submitted_at);
  if (newer.is_official.value_or(false)) older.is_official = true;
}

}  // namespace

void finish_reviews(ItemRecord& item) {
  for (ReviewRecord& review : item.reviews) date_review(review, item);
  for (std::size_t newer = 0; newer < item.reviews.size(); ++newer)
    for (std::size_t older = 0; older < newer; ++older) overtake(item.reviews[newer], item.reviews[older]);
  for (EventRecord& event : item.events) {
    if (event.kind != "review_dismissed") continue;
    for (ReviewRecord& review : item.reviews) {
      if (event.detail != kReviewOf + review.key) continue;
      event.subject = review.author;
      event.detail = review.state;
      // It may be counted again later, by hand: then the review says so.
      if (review.dismissed_at) review.dismissed_at = event.occurred_at;
      break;
    }
    if (event.detail.starts_with(kReviewOf)) event.detail.clear();
  }
  std::stable_sort(item.events.begin(), item.events.end(), [](const EventRecord& a, const EventRecord& b) {
    return a.occurred_at.value_or(0) < b.occurred_at.value_or(0);
  });
}

void name_dependencies(const std::vector<std::int64_t>& open, ItemRecord& item) {
  for (EventRecord& event : item.events)
    for (const std::int64_t number : open)
      if (event.kind == kDependence && event.detail == fmt::format("#{}", number)) event.kind = "blocked_by_added";
}

void date_closing(ItemRecord& item) {
  if (item.state != "closed" || item.closed_at) return;
  for (const EventRecord& event : item.events)
    if ((event.kind == "closed" || event.kind == "merged") && event.occurred_at) item.closed_at = event.occurred_at;
  if (!item.closed_at) item.closed_at = item.merged_at ? item.merged_at : item.updated_at;
}

void review_comment(const Object& object, const std::string& provider, ItemRecord& item) {
  CommentRecord comment;
  comment.kind = "inline";
  comment.key = std::to_string(object.required_integer("id"));
  comment.author = person(object, "user", provider);
  comment.created_at = object.required_time("created_at");
  comment.updated_at = object.time("updated_at");
  comment.body = object.text("body");
  comment.review_key = id_text(object, "pull_request_review_id");
  comment.path = object.text("path");
  comment.line =
      object.integer("position").value_or(0) > 0 ? object.integer("position") : object.integer("original_position");
  comment.sha =
      object.text("original_commit_id").empty() ? object.text("commit_id") : object.text("original_commit_id");
  item.comments.push_back(std::move(comment));
}

CiRunRecord status(const Object& object, const ItemRecord& item) {
  CiRunRecord run;
  run.kind = "status";
  run.key = "status/" + std::to_string(object.required_integer("id"));
  run.name = object.text("context").empty() ? "default" : object.text("context");
  run.sha = item.head_sha;
  run.item_id = item.item_id();
  const std::string state = object.text("status");
  run.status = state == "pending" ? "in_progress" : "completed";
  if (state != "pending") run.conclusion = state == "error" ? "failure" : state == "warning" ? "neutral" : state;
  run.started_at = object.time("created_at");
  if (state != "pending") run.finished_at = object.time("updated_at");
  run.url = object.text("target_url");
  return run;
}

CiRunRecord action_run(const Object& object) {
  CiRunRecord run;
  run.kind = "job";
  run.key = "action/" + std::to_string(object.required_integer("id"));
  run.name = object.text("name");
  run.sha = object.text("head_sha");
  run.branch = object.text("head_branch");
  run.trigger_event = object.text("event");
  run.attempt = std::nullopt;
  if (const auto number = object.integer("run_number")) run.parent_key = fmt::format("run/{}", *number);
  const std::string state = object.text("status");
  const bool is_done = state != "waiting" && state != "running" && state != "blocked" && state != "unknown";
  run.status = is_done ? "completed" : state == "running" ? "in_progress" : "queued";
  if (is_done) run.conclusion = state;
  run.started_at = object.time("run_started_at");
  if (is_done) run.finished_at = object.time("updated_at");
  run.url = object.text("url");
  return run;
}

ReleaseRecord release(const Object& object, const std::string& provider) {
  ReleaseRecord record;
  record.key = std::to_string(object.required_integer("id"));
  record.tag = object.text("tag_name");
  record.name = object.text("name");
  record.body = object.text("body");
  record.url = object.text("html_url");
  record.author = person(object, "author", provider);
  record.is_draft = object.boolean("draft");
  record.is_prerelease = object.boolean("prerelease");
  record.created_at = object.time("created_at");
  record.published_at = object.time("published_at");
  return record;
}

}  // namespace resident::gitea

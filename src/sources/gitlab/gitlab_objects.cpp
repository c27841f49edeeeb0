#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/forge/base_merge.hpp>
#include <sources/forge/item_parts.hpp>
#include <sources/gitlab/gitlab_notes.hpp>
#include <sources/gitlab/gitlab_objects.hpp>

namespace resident::gitlab {

namespace {

using json::Object;

std::string text_in(const Object& object, std::string_view outer, std::string_view inner) {
  const auto found = object.object(outer);
  return found ? found->text(inner) : std::string();
}

bool same_account(const PersonRecord& a, const PersonRecord& b) {
  if (!a.known() || !b.known()) return false;
  if (a.account_id && b.account_id) return a.account_id == b.account_id;
  return !a.login.empty() && to_lower(a.login) == to_lower(b.login);
}

EventRecord event_of(const Object& object, const std::string& provider, std::string_view prefix) {
  EventRecord event;
  event.key = fmt::format("{}/{}", prefix, object.required_integer("id"));
  event.actor = person(object, "user", provider);
  event.occurred_at = object.time("created_at");
  return event;
}

// The newest decision of that kind that stands, from then on taken back; by whom does not matter.
void take_back(ItemRecord& item, const std::string& state, const PersonRecord& author, EventRecord& event) {
  event.kind = "review_dismissed";
  event.subject = author;
  event.detail = state;
  for (auto each = item.reviews.rbegin(); each != item.reviews.rend(); ++each)
    if (each->state == state && !each->dismissed_at && same_account(each->author, author)) {
      each->dismissed_at = event.occurred_at;
      return;
    }
}

bool is_of_reviews(const std::string& kind) {
  return kind == "approved" || kind == "unapproved" || kind == "changes_requested" || kind == "review_dismissed" ||
         kind == "reviews_bypassed";
}

// Approvals are notes: each is a review, until it is taken back.
void review_note(const EventRecord& said, EventRecord event, ItemRecord& item) {
  if (said.kind == "unapproved") {
    take_back(item, "approved", event.actor, event);
  } else if (said.kind == "review_dismissed") {
    take_back(item, "approved", said.subject, event);
  } else if (said.kind == "reviews_bypassed") {
    // Whoever may merge sets all requests for changes aside.
    event.kind = said.kind;
    for (ReviewRecord& each : item.reviews)
      if (each.state == "changes_requested" && !each.dismissed_at) each.dismissed_at = event.occurred_at;
  } else {
    event.kind = "reviewed";
    ReviewRecord review;
    review.key = event.key;
    review.author = event.actor;
    review.state = said.kind;
    review.submitted_at = event.occurred_at;
    item.reviews.push_back(std::move(review));
  }
  item.events.push_back(std::move(event));
}

}  // namespace

PersonRecord account(const Object& object, const std::string& provider) {
  PersonRecord record;
  record.provider = provider;
  record.login = object.text("username");
  // The stand-in for deleted accounts is nobody in particular (docs/adr/0004).
  if (record.login == "ghost" || (record.login.starts_with("ghost") && object.text("name") == "Ghost User")) return {};
  record.account_id = object.integer("id");
  record.name = object.text("name");
  if (object.boolean("bot")) record.account_type = "Bot";
  return record;
}

PersonRecord person(const Object& parent, std::string_view key, const std::string& provider) {
  const auto object = parent.object(key);
  return object ? account(*object, provider) : PersonRecord{};
}

std::vector<PersonRecord> people(const Object& object, std::string_view key, const std::string& provider) {
  std::vector<PersonRecord> result;
  const auto list = object.array(key);
  if (!list) return result;
  for (const json::Element element : *list)
    if (!element.is_null())
      if (auto record = account(Object(element, std::string(key)), provider); record.known())
        result.push_back(std::move(record));
  return result;
}

ItemRecord item(const Object& object, bool is_pull, const std::string& provider, const Problem& problem) {
  ItemRecord item;
  item.is_pull = is_pull;
  item.number = json::item_number(object, "iid");
  item.title = object.text("title");
  item.body = object.text("description");
  item.author = person(object, "author", provider);
  const std::string state = object.required_text("state");
  if (state != "opened" && state != "closed" && state != "merged" && state != "locked")
    throw Error(fmt::format("the state is none that is known: {}", one_line(state.substr(0, 60))));
  // For members alone: pages and the public site would show it to others.
  if (object.boolean("confidential")) throw Error("it is confidential, and left out");
  item.state = state == "opened" || state == "locked" ? "open" : "closed";
  item.created_at = object.required_time("created_at");
  item.updated_at = object.time("updated_at");
  item.closed_at = object.time("closed_at");
  item.is_locked = object.boolean("discussion_locked");
  item.url = object.text("web_url");
  item.milestone = text_in(object, "milestone", "title");
  item.reaction_count = object.integer("upvotes");
  item.assignees = people(object, "assignees", provider);
  if (const auto labels = object.array("labels")) {
    std::size_t position = 0;
    for (const json::Element element : *labels) {
      const std::string place = fmt::format("labels/{}", position++);
      try {
        // With with_labels_details they are objects.
        item.labels.push_back(element.is_object() ? Object(element, place).required_text("name")
                                                  : json::text_of(element, place));
      } catch (const Error& error) {
        problem(place, error.what());
      }
    }
  }
  if (!is_pull) return item;
  item.is_draft = object.boolean("draft") || object.boolean("work_in_progress");
  item.merged_at = object.time("merged_at");
  item.merged_by =
      object.has("merge_user") ? person(object, "merge_user", provider) : person(object, "merged_by", provider);
  // Of imported projects nobody tells when; where an event does, finish() takes that.
  if (state == "merged" && !item.merged_at)
    item.merged_at = item.closed_at ? item.closed_at : item.updated_at ? item.updated_at : item.created_at;
  if (item.merged_at && !item.closed_at) item.closed_at = item.merged_at;
  item.head_sha = object.text("sha");
  item.base_ref = object.text("target_branch");
  for (const std::string_view key : {"merge_commit_sha", "squash_commit_sha"})
    if (item.merge_sha.empty()) item.merge_sha = object.text(key);
  if (item.merge_sha.empty() && item.merged_at) item.merge_sha = item.head_sha;  // fast-forward
  return item;
}

void note(const Object& object, const std::string& provider, const std::string& first, ItemRecord& item) {
  const PersonRecord author = person(object, "author", provider);
  const std::int64_t id = object.required_integer("id");
  const Timestamp created_at = object.required_time("created_at");
  // For members alone ("confidential" before 15.3).
  if (object.boolean("internal") || object.boolean("confidential")) return;
  if (object.boolean("system")) {
    const std::string text = object.text("body");
    // The moment of a push: the commits it names are dated below, in finish().
    if (text.starts_with("added ") && text.find("commit") != std::string::npos) {
      EventRecord pushed;
      pushed.key = fmt::format("note/{}", id);
      pushed.kind = "pushed";
      pushed.actor = author;
      pushed.occurred_at = created_at;
      pushed.detail = clean_text(text, 2000);
      item.events.push_back(std::move(pushed));
      return;
    }
    int part = 0;
    for (EventRecord& event : events_of_note(text, author)) {
      event.key = part++ == 0 ? fmt::format("note/{}", id) : fmt::format("note/{}/{}", id, part);
      event.actor = author;
      event.occurred_at = created_at;
      if (is_of_reviews(event.kind)) {
        const EventRecord said = event;
        event.subject = {};
        event.detail.clear();
        review_note(said, std::move(event), item);
        continue;
      }
      item.events.push_back(std::move(event));
    }
    return;
  }
  CommentRecord comment;
  comment.key = std::to_string(id);
  comment.author = author;
  comment.created_at = created_at;
  comment.updated_at = object.time("updated_at");
  comment.body = object.text("body");
  if (!first.empty() && first != comment.key) comment.reply_to = first;
  if (const auto position = object.object("position")) {
    comment.kind = "inline";
    comment.path = position->text("new_path").empty() ? position->text("old_path") : position->text("new_path");
    comment.line = position->has("new_line") ? position->integer("new_line") : position->integer("old_line");
    comment.sha = position->text("head_sha");
  } else {
    EventRecord event;
    event.key = fmt::format("note/{}", id);
    event.kind = "commented";
    event.actor = author;
    event.occurred_at = created_at;
    item.events.push_back(std::move(event));
  }
  item.comments.push_back(std::move(comment));
}

void label_event(const Object& object, const std::string& provider, ItemRecord& item) {
  EventRecord event = event_of(object, provider, "label");
  const std::string action = object.text("action");
  if (action != "add" && action != "remove")
    throw Error(fmt::format("no such action: {}", one_line(action.substr(0, 40))));
  event.kind = action == "add" ? "labeled" : "unlabeled";
  event.label = text_in(object, "label", "name");
  if (event.label.empty()) return;  // the label is gone, and its name with it
  item.events.push_back(std::move(event));
}

void state_event(const Object& object, const std::string& provider, ItemRecord& item) {
  EventRecord event = event_of(object, provider, "state");
  event.kind = object.required_text("state");
  if (event.kind == "merged") {
    event.sha = item.merge_sha;
    EventRecord closed = event;
    closed.kind = "closed";
    closed.key += "/closed";
    item.events.push_back(std::move(event));
    item.events.push_back(std::move(closed));
    return;
  }
  item.events.push_back(std::move(event));
}

void milestone_event(const Object& object, const std::string& provider, ItemRecord& item) {
  EventRecord event = event_of(object, provider, "milestone");
  event.kind = object.text("action") == "remove" ? "demilestoned" : "milestoned";
  event.detail = text_in(object, "milestone", "title");
  item.events.push_back(std::move(event));
}

void commit(const Object& object, ItemRecord& item) {
  EventRecord event;
  event.kind = "committed";
  event.sha = object.required_text("id");
  event.key = "commit/" + event.sha;
  event.actor.provider = "git";
  event.actor.name = object.text("author_name");
  event.actor.email = object.text("author_email");
  event.occurred_at = object.has("committed_date") ? object.time("committed_date") : object.time("created_at");
  event.detail = json::detail_of_commit(object.text("title"), item.base_ref);
  item.events.push_back(std::move(event));
}

void approvals(const Object& object, const std::string& provider, ItemRecord& item) {
  const auto list = object.array("approved_by");
  if (!list) return;
  std::vector<PersonRecord> standing;
  for (const json::Element element : *list) {
    const Object approval(element, "approved_by");
    const PersonRecord author = person(approval, "user", provider);
    if (!author.known()) continue;
    standing.push_back(author);
    const bool told = std::any_of(item.reviews.begin(), item.reviews.end(), [&](const ReviewRecord& review) {
      return review.state == "approved" && !review.dismissed_at && same_account(review.author, author);
    });
    if (told) continue;
    ReviewRecord review;
    review.key = fmt::format("approval/{}", author.account_id.value_or(0));
    review.author = author;
    review.state = "approved";
    review.submitted_at = approval.has("approved_at") ? approval.time("approved_at") : item.updated_at;
    item.reviews.push_back(std::move(review));
  }
  // Before GitLab 16.6 a push that reset approvals left no note: what stands no more went with the next push.
  for (ReviewRecord& review : item.reviews) {
    const bool stands = std::any_of(standing.begin(), standing.end(),
                                    [&](const PersonRecord& each) { return same_account(each, review.author); });
    if (review.state != "approved" || review.dismissed_at || stands || !review.author.known()) continue;
    review.dismissed_at = item.updated_at;
    for (const EventRecord& event : item.events)
      if (event.kind == "pushed" && event.occurred_at && event.occurred_at > review.submitted_at)
        review.dismissed_at = std::min(review.dismissed_at, event.occurred_at);
  }
}

namespace {

bool is_of_state(const EventRecord& event) {
  return event.key.starts_with("state/");
}

// Closings and reopenings that a note tells as well as an event, which says it better.
void drop_told_twice(ItemRecord& item) {
  constexpr Timestamp kTogether = 10;
  std::vector<EventRecord> states;
  std::copy_if(item.events.begin(), item.events.end(), std::back_inserter(states), is_of_state);
  std::erase_if(item.events, [&](const EventRecord& event) {
    if (event.kind != "closed" && event.kind != "reopened") return false;
    return !is_of_state(event) && std::any_of(states.begin(), states.end(), [&](const EventRecord& state) {
      const Timestamp apart = state.occurred_at.value_or(0) - event.occurred_at.value_or(0);
      return state.kind == event.kind && apart <= kTogether && apart >= -kTogether;
    });
  });
}

// The event tells when it was merged, where the request itself does not.
void date_merge(ItemRecord& item) {
  for (const EventRecord& event : item.events) {
    if (event.kind != "merged" || !event.occurred_at || !item.merged_at || *item.merged_at <= *event.occurred_at)
      continue;
    if (item.closed_at == item.merged_at) item.closed_at = event.occurred_at;
    item.merged_at = event.occurred_at;
  }
}

}  // namespace

void finish(ItemRecord& item, const std::vector<PersonRecord>& reviewers) {
  drop_told_twice(item);
  date_merge(item);
  for (const auto& push : item.events) {
    if (push.kind != "pushed") continue;
    for (auto& event : item.events)
      if (event.kind == "committed" && event.sha.size() >= 8 &&
          push.detail.find(event.sha.substr(0, 8)) != std::string::npos)
        event.occurred_at = push.occurred_at;
  }
  for (auto& event : item.events)
    if (event.kind == "pushed")
      event.detail = std::string(trim(std::string_view(event.detail).substr(0, event.detail.find('\n'))));
  const auto has = [&](std::string_view kind) {
    return std::any_of(item.events.begin(), item.events.end(),
                       [&](const EventRecord& each) { return each.kind == kind; });
  };
  const auto conclude = [&](const std::string& kind, Timestamp at) {
    EventRecord event;
    event.kind = kind;
    event.occurred_at = at;
    event.actor = item.merged_at ? item.merged_by : PersonRecord{};
    event.is_derived = true;
    item.events.push_back(std::move(event));
  };
  if (item.merged_at && !has("merged")) conclude("merged", *item.merged_at);
  if (item.closed_at && item.state == "closed" && !has("closed")) conclude("closed", *item.closed_at);
  std::stable_sort(item.events.begin(), item.events.end(), [](const EventRecord& a, const EventRecord& b) {
    return a.occurred_at.value_or(0) < b.occurred_at.value_or(0);
  });
  for (const PersonRecord& reviewer : reviewers) {
    const auto spoke = [&](const auto& entries) {
      return std::any_of(entries.begin(), entries.end(),
                         [&](const auto& each) { return same_account(each.author, reviewer); });
    };
    if (!spoke(item.reviews) && !spoke(item.comments)) item.requested_reviewers.push_back(reviewer);
  }
}

CiRunRecord pipeline(const Object& object) {
  CiRunRecord run;
  run.kind = "workflow_run";
  run.key = fmt::format("pipeline/{}", object.required_integer("id"));
  run.name = object.text("name").empty() ? "pipeline" : object.text("name");
  run.sha = object.text("sha");
  run.branch = object.text("ref");
  run.trigger_event = object.text("source");
  run.url = object.text("web_url");
  const std::string state = object.text("status");
  const bool is_done = state == "success" || state == "failed" || state == "canceled" || state == "skipped";
  run.status = is_done ? "completed" : state == "running" ? "in_progress" : "queued";
  if (is_done) run.conclusion = state == "failed" ? "failure" : state == "canceled" ? "cancelled" : state;
  run.started_at = object.has("started_at") ? object.time("started_at") : object.time("created_at");
  if (is_done) run.finished_at = object.has("finished_at") ? object.time("finished_at") : object.time("updated_at");
  return run;
}

CiRunRecord job(const Object& object, const std::string& pipeline_key) {
  CiRunRecord run = pipeline(object);
  run.kind = "job";
  run.key = fmt::format("job/{}", object.required_integer("id"));
  run.parent_key = pipeline_key;
  run.trigger_event.clear();
  run.sha = text_in(object, "commit", "id");
  // A job that may fail says nothing of the change.
  if (object.boolean("allow_failure") && run.conclusion == "failure") run.conclusion = "neutral";
  return run;
}

namespace {

// What GitLab made of <failure>, <error> or <skipped>: a text, or an object where the element had attributes.
std::string said(const Object& test_case) {
  constexpr std::size_t kLongest = 2000;
  const auto element = test_case.element("system_output");
  std::string_view text;
  if (element && element->get(text) == simdjson::SUCCESS) return std::string(text.substr(0, kLongest));
  if (const auto object = element && element->is_object() ? test_case.object("system_output") : std::nullopt)
    for (const char* key : {"message", "__content__", "type"})
      if (object->has(key)) return object->text(key).substr(0, kLongest);
  return {};
}

ci::TestResult test_case(const Object& object) {
  ci::TestResult result;
  result.suite = object.text("classname");
  result.name = object.required_text("name");
  const std::string status = object.required_text("status");
  if (status == "success")
    result.outcome = ci::Outcome::pass;
  else if (status == "failed")
    result.outcome = ci::Outcome::fail;
  else if (status == "error")
    result.outcome = ci::Outcome::error;
  else if (status == "skipped")
    result.outcome = ci::Outcome::skip;
  else
    throw Error(fmt::format("test case: there is no status {}", one_line(status.substr(0, 60))));
  result.attempts = {result.outcome};
  if (const auto seconds = object.number("execution_time"); seconds && *seconds >= 0) result.seconds = seconds;
  if (result.outcome != ci::Outcome::pass) result.message = said(object);
  return result;
}

}  // namespace

std::vector<TestRunRecord> test_report(const Object& object, const CiRunRecord& pipeline) {
  std::vector<TestRunRecord> runs;
  const auto suites = object.array("test_suites");
  if (!suites) return runs;
  for (const json::Element each : *suites) {
    const Object suite(each, "test suite");
    TestRunRecord run;
    run.configuration = suite.text("name").empty() ? "tests" : suite.text("name");
    run.key = fmt::format("{}/tests/{}", pipeline.key, run.configuration);
    run.sha = pipeline.sha, run.branch = pipeline.branch, run.item_id = pipeline.item_id;
    run.at = pipeline.finished_at ? *pipeline.finished_at : pipeline.started_at.value_or(0);
    if (suite.has("suite_error")) run.incomplete = suite.text("suite_error");
    if (const auto cases = suite.array("test_cases"))
      for (const json::Element one : *cases) run.results.push_back(test_case(Object(one, "test case")));
    // A suite stands here for a job that left a report.
    const auto told = static_cast<std::size_t>(std::max<std::int64_t>(0, suite.integer("total_count").value_or(0)));
    if (run.incomplete.empty() && run.results.empty())
      run.incomplete = "it has no test";
    else if (run.incomplete.empty() && told > run.results.size())
      run.incomplete = fmt::format("it says it has {} tests, and shows {}", told, run.results.size());
    runs.push_back(std::move(run));
  }
  return runs;
}

ReleaseRecord release(const Object& object, const std::string& provider) {
  ReleaseRecord record;
  record.tag = object.required_text("tag_name");
  record.key = record.tag;
  record.name = object.text("name");
  record.body = object.text("description");
  record.url = text_in(object, "_links", "self");
  record.author = person(object, "author", provider);
  record.is_prerelease = object.boolean("upcoming_release");
  record.created_at = object.time("created_at");
  record.published_at = object.time("released_at");
  return record;
}

}  // namespace resident::gitlab

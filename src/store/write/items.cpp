// What a Writer makes of an issue or a pull request: its row, its comments and reviews, its timeline, and the stretches
// of time in which it was open.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <base/url.hpp>
#include <map>
#include <store/machine_words.hpp>
#include <store/summaries.hpp>
#include <store/write/tables.hpp>
#include <store/writer.hpp>
#include <tuple>

namespace resident {

void Writer::item(const ItemRecord& record) {
  const std::int64_t id = record.item_id();
  if (failure_) throw *failure_;
  told_at_ = record.updated_at.value_or(record.created_at);
  if (items_pending_.contains(id)) flush();
  const auto* known = items_.find(id);
  compare_people(record, known != nullptr);
  if (known) {
    const std::string_view kind = record.keeps_inline_comments ? "item but inline" : "item";
    if (*known != source_id_) {
      take_over(record);
      deletions_.push_back(fmt::format("{}\n{} {}", kind, id, *known));
    }
    deletions_.push_back(fmt::format("{}\n{} {}", kind, id, source_id_));
  }
  items_.set(id, source_id_);
  items_pending_.insert(id);
  // Numbers are given in this order, whatever the compiler's for arguments.
  const Value author = identity_value(record.author), merger = identity_value(record.merged_by);
  add(table("item"), project_id_, id, source_id_, std::string(record.is_pull ? "pull" : "issue"), record.number,
      text(record.title, 1000), text_or_null(text(record.body)), author,
      text_or_null(text(record.author_association, 60)), record.state, text_or_null(text(record.state_reason, 60)),
      record.created_at, value_of(record.updated_at), value_of(record.closed_at), value_of(record.merged_at), merger,
      integer(record.is_draft), integer(record.is_locked), text_or_null(text(record.milestone, 300)),
      text_or_null(text(record.head_sha, 64)), text_or_null(text(record.base_ref, 300)),
      text_or_null(text(record.merge_sha, 64)), value_of(record.additions), value_of(record.deletions),
      value_of(record.changed_files), value_of(record.commit_count), text_or_null(clean_url(text(record.url, 1000))),
      value_of(record.reaction_count), value_of(record.maintainer_can_modify));
  for (const auto& name : record.labels) add(table("item_label"), project_id_, id, text(name, 300));
  for (const auto& person : record.assignees)
    if (const auto assignee = identity(person)) add(table("assignee"), project_id_, id, *assignee);
  for (const auto& person : record.requested_reviewers)
    if (const auto reviewer = identity(person)) add(table("review_request"), project_id_, id, *reviewer);
  for (const auto& team : record.requested_teams)
    if (!team.empty()) add(table("team_request"), project_id_, id, text(team, 300));
  write_events(record);
  write_comments(record);
  for (const auto& review : record.reviews) {
    const std::string body = text(review.body);
    add(table("review"), project_id_, id, text(review.key, 200), source_id_, identity_value(review.author),
        review.state, value_of(review.submitted_at), text_or_null(body), text_or_null(text(review.sha, 64)),
        value_of(review.dismissed_at), review.is_official ? integer(*review.is_official) : Value(),
        integer(is_review_to_machines(review.state, body)));
  }
  if (!record.merge_sha.empty() && record.merged_at) item_commit({id, record.merge_sha, "merge"});
  if (!record.files.empty()) item_files(id, record.files);
  write_intervals(record);
  if (pending_ > 50000) flush();
}

// What an item says of who is who (identity_graph.hpp): which commits its author brought, and who decided in its
// reviews how often. Of many items it is not asked: looking at all identities anew costs less.
void Writer::compare_people(const ItemRecord& record, bool is_known) {
  constexpr std::size_t kMostCompared = 100;
  if (touches_people_) return;
  if (++compared_items_ > kMostCompared) {
    touches_people_ = true;
    return;
  }
  const auto decides = [](std::string_view state) {
    return state == "approved" || state == "changes_requested" || state == "dismissed";
  };
  // New ones are numbered where the rows are made; they are news in any case.
  const auto known_identity = [this](const PersonRecord& person) -> std::int64_t {
    const auto found = stored_identity(person);
    if (!found) touches_people_ = true;
    return found.value_or(0);
  };
  std::int64_t author = known_identity(record.author), author_before = 0;
  std::set<std::int64_t> committers, committers_before;
  std::map<std::int64_t, std::int64_t> decisions, decisions_before;
  for (const auto& event : record.events)
    if (event.kind == "committed")
      if (const std::int64_t actor = known_identity(event.actor)) committers.insert(actor);
  for (const auto& review : record.reviews)
    if (decides(review.state))
      if (const std::int64_t reviewer = known_identity(review.author)) ++decisions[reviewer];
  if (touches_people_) return;
  if (is_known) {
    const Parameters item{{"project", project_id_}, {"item", record.item_id()}};
    author_before =
        database_.integer("SELECT author_id FROM item WHERE project_id = :project AND item_id = :item", item)
            .value_or(0);
    for (const auto rows = database_.query("SELECT DISTINCT actor_id FROM event WHERE project_id = :project AND "
                                           "item_id = :item AND kind = 'committed' AND actor_id IS NOT NULL",
                                           item);
         rows->next();)
      committers_before.insert(rows->integer(0));
    for (const auto rows = database_.query("SELECT author_id, state FROM review WHERE project_id = :project AND "
                                           "item_id = :item AND author_id IS NOT NULL",
                                           item);
         rows->next();)
      if (decides(rows->text(1))) ++decisions_before[rows->integer(0)];
  }
  if (committers.empty() && committers_before.empty()) author = author_before = 0;  // it says nothing then
  touches_people_ = touches_people_ || std::tie(author, committers, decisions) !=
                                           std::tie(author_before, committers_before, decisions_before);
}

void Writer::add_comment(std::int64_t item_id, const CommentRecord& comment) {
  const std::string body = text(comment.body);
  add(table("comment"), project_id_, item_id, text(comment.key, 200), source_id_, comment.kind,
      identity_value(comment.author), comment.created_at, value_of(comment.updated_at), text_or_null(body),
      text_or_null(text(comment.review_key, 200)), text_or_null(text(comment.reply_to, 200)),
      text_or_null(text(comment.path, 4096)), value_of(comment.line), text_or_null(text(comment.sha, 64)),
      integer(is_comment_to_machines(body)));
}

// A comment on a line is written while its review is still a draft that its author alone sees; it was said when the
// review was sent. A review that the timeline leaves out (of answers only) was sent with its last comment at the
// earliest.
void Writer::write_comments(const ItemRecord& record) {
  std::unordered_map<std::string, Timestamp> sent;
  for (const auto& review : record.reviews)
    if (review.submitted_at) sent[review.key] = std::max(sent[review.key], *review.submitted_at);
  for (const auto& comment : record.comments)
    if (comment.kind == "inline" && !comment.review_key.empty())
      sent[comment.review_key] = std::max(sent[comment.review_key], comment.created_at);
  for (CommentRecord comment : record.comments) {
    if (comment.kind == "inline" && !comment.review_key.empty())
      comment.created_at = std::max(comment.created_at, sent[comment.review_key]);
    add_comment(record.item_id(), comment);
  }
  if (record.keeps_inline_comments && !record.reviews.empty()) drafted_.insert(record.item_id());
}

bool Writer::inline_comment(std::int64_t item_id, const CommentRecord& record) {
  if (!items_.contains(item_id)) return false;
  if (!record.review_key.empty()) drafted_.insert(item_id);
  add_comment(item_id, record);
  data_until(record.updated_at.value_or(record.created_at));
  if (pending_ > 50000) flush();
  return true;
}

void Writer::remove_inline_comments(const std::vector<std::pair<std::int64_t, std::string>>& items_and_keys) {
  flush();
  std::set<std::int64_t> items;
  for (const auto& [item, key] : items_and_keys) items.insert(item);
  touch_items(database_, project_id_, items);
  for (const auto& [item, key] : items_and_keys)
    database_.execute(
        "DELETE FROM comment WHERE project_id = :project AND item_id = :item AND comment_key = :key AND "
        "source_id = :source AND kind = 'inline'",
        {{"project", project_id_}, {"item", item}, {"key", key}, {"source", source_id_}});
}

void Writer::write_events(const ItemRecord& record) {
  std::unordered_map<std::string, int> uses;
  std::int64_t position = 0;
  for (const auto& event : record.events) {
    // A forge's interfaces number most events differently or not at all; what an event says is the same in all of them.
    std::string key = event.key;
    if (key.empty()) {
      key = fmt::format("{}/{}", event.kind, event.occurred_at.value_or(0));
      for (const std::string* part : {&event.actor.login, &event.label, &event.subject.login, &event.sha})
        if (!part->empty()) key += "/" + *part;
    }
    key = text(key, 200);
    if (const int use = ++uses[key]; use > 1) key += fmt::format("/{}", use);
    const Value actor = identity_value(event.actor), subject = identity_value(event.subject);
    add(table("event"), project_id_, record.item_id(), key, position++, source_id_, text(event.kind, 100), actor,
        value_of(event.occurred_at), text_or_null(text(event.label, 300)), subject, text_or_null(text(event.sha, 64)),
        text_or_null(text(event.detail, 2000)), integer(event.is_derived));
    if (event.kind == "committed" && !event.sha.empty()) item_commit({record.item_id(), event.sha, "head"});
    if (event.occurred_at) data_until(*event.occurred_at);
  }
}

// Replays closings and reopenings. Where the item's state and its last event
// disagree (lost events, old imports by the forge), the state wins.
void Writer::write_intervals(const ItemRecord& record) {
  struct Change {
    Timestamp at;
    bool opens;
    Value by;
  };
  std::vector<Change> changes;
  for (const auto& event : record.events) {
    if (!event.occurred_at) continue;
    if (event.kind == "closed" || event.kind == "merged")
      changes.push_back({*event.occurred_at, false, identity_value(event.actor)});
    if (event.kind == "reopened") changes.push_back({*event.occurred_at, true, {}});
  }
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.at < b.at; });
  struct Interval {
    Timestamp opened_at;
    std::optional<Timestamp> closed_at;
    Value closed_by;
  };
  std::vector<Interval> intervals{{record.created_at, std::nullopt, {}}};
  for (const auto& change : changes) {
    Interval& last = intervals.back();
    if (!change.opens && !last.closed_at) {
      last.closed_at = std::max(change.at, last.opened_at);
      last.closed_by = change.by;
    } else if (change.opens && last.closed_at) {
      if (last.opened_at == change.at) {
        last.closed_at.reset();
      } else {
        intervals.push_back({change.at, std::nullopt, {}});
      }
    }
  }
  Interval& last = intervals.back();
  if (record.state == "closed" && !last.closed_at) {
    last.closed_at = std::max(record.closed_at.value_or(record.updated_at.value_or(last.opened_at)), last.opened_at);
  } else if (record.state == "open" && last.closed_at) {
    last.closed_at.reset();
  }
  for (const auto& interval : intervals) {
    add(table("item_interval"), project_id_, record.item_id(), interval.opened_at, value_of(interval.closed_at),
        interval.closed_by);
  }
  data_until(record.updated_at.value_or(record.created_at));
}

// The same for comments that came apart from their item, as the rows stand now.
void Writer::date_drafted_comments() {
  for (const std::int64_t item : drafted_)
    database_.execute(
        "UPDATE comment SET created_at = COALESCE((SELECT max(s.sent_at) FROM (SELECT submitted_at AS sent_at FROM "
        "review WHERE project_id = :project AND item_id = :item AND review_key = comment.review_key UNION ALL SELECT "
        "c.created_at FROM comment c WHERE c.project_id = :project AND c.item_id = :item AND c.kind = 'inline' AND "
        "c.review_key = comment.review_key) s), created_at) WHERE project_id = "
        ":project AND item_id = :item AND kind = 'inline' AND review_key IS NOT NULL",
        {{"project", project_id_}, {"item", item}});
  drafted_.clear();
}

}  // namespace resident

#include <fmt/format.h>

#include <algorithm>
#include <base/compression.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <base/token.hpp>
#include <store/writer.hpp>
#include <store/writer_tables.hpp>
#include <tuple>

namespace resident {

namespace {

using Columns = std::vector<std::string_view>;

// Every table a source writes: its columns in the order of the rows below, and
// how many of them, from the left, are its key.
struct TableShape {
  std::string_view name;
  std::size_t key_size;
  Columns columns;
  OnConflict on_conflict = OnConflict::replace;
};

const std::vector<TableShape>& shapes() {
  static const std::vector<TableShape> list{
      {"source_record", 3, {"project_id", "source_id", "record", "fingerprint", "payload"}},
      {"quarantine", 4, {"project_id", "source_id", "record", "reason"}},
      {"identity",
       2,
       {"project_id", "identity_id", "identity_key", "provider", "account_id", "login", "name", "account_type"}},
      {"identity_email", 2, {"project_id", "identity_id", "email"}},
      {"identity_link",
       2,
       {"project_id", "link_id", "action", "identity_a", "identity_b", "evidence", "detail", "made_by", "made_at"}},
      {"item",
       2,
       {"project_id",
        "item_id",
        "source_id",
        "kind",
        "number",
        "title",
        "body",
        "author_id",
        "author_association",
        "state",
        "state_reason",
        "created_at",
        "updated_at",
        "closed_at",
        "merged_at",
        "merged_by",
        "is_draft",
        "is_locked",
        "milestone",
        "head_sha",
        "base_ref",
        "merge_sha",
        "additions",
        "deletions",
        "changed_files",
        "commit_count",
        "url",
        "reaction_count",
        "maintainer_can_modify"}},
      {"item_interval", 3, {"project_id", "item_id", "opened_at", "closed_at", "closed_by"}},
      {"event",
       3,
       {"project_id", "item_id", "event_key", "position", "source_id", "kind", "actor_id", "occurred_at", "label",
        "subject_id", "sha", "detail", "is_derived"}},
      {"comment",
       3,
       {"project_id", "item_id", "comment_key", "source_id", "kind", "author_id", "created_at", "updated_at", "body",
        "review_key", "reply_to", "path", "line", "sha"}},
      {"review",
       3,
       {"project_id", "item_id", "review_key", "source_id", "author_id", "state", "submitted_at", "body", "sha"}},
      {"review_request", 3, {"project_id", "item_id", "reviewer_id"}},
      {"assignee", 3, {"project_id", "item_id", "assignee_id"}},
      {"label", 2, {"project_id", "name", "color", "description"}},
      {"item_label", 3, {"project_id", "item_id", "name"}},
      {"milestone", 2, {"project_id", "title", "state", "due_at"}},
      {"git_commit",
       2,
       {"project_id", "commit_id", "sha", "source_id", "author_id", "committer_id", "authored_at", "authored_zone",
        "committed_at", "committed_zone", "parent_count", "on_default", "in_history", "subject", "body"}},
      {"commit_parent", 3, {"project_id", "commit_id", "position", "parent_sha"}},
      {"trailer", 3, {"project_id", "commit_id", "position", "token", "value", "identity_id"}},
      {"path", 2, {"project_id", "path_id", "path", "in_head"}},
      {"file_change",
       3,
       {"project_id", "commit_id", "path_id", "status", "old_path_id", "additions", "deletions", "old_mode", "mode",
        "similarity", "is_binary"}},
      {"head_file",
       2,
       {"project_id", "path_id", "blob", "bytes", "lines", "code_lines", "indentation_total", "indentation_max"}},
      {"doc_file", 3, {"project_id", "source_id", "path_id", "blob", "bytes", "state", "sha", "changed_at", "body"}},
      {"line_owner", 3, {"project_id", "path_id", "commit_id", "author_id", "born_at", "lines"}},
      {"line_death", 5, {"project_id", "path_id", "author_id", "born_month", "died_month", "lines"}},
      {"line_state", 2, {"project_id", "path_id", "runs"}},
      {"git_ref", 3, {"project_id", "source_id", "name", "sha", "tagged_at"}},
      {"item_commit", 4, {"project_id", "item_id", "sha", "relation", "source_id"}, OnConflict::ignore},
      {"item_file", 3, {"project_id", "item_id", "path_id", "source_id", "additions", "deletions"}},
      {"ci_run",
       2,
       {"project_id", "run_key", "source_id", "name", "sha", "item_id", "branch", "status", "conclusion", "started_at",
        "finished_at", "kind", "parent_key", "attempt", "trigger_event", "url"}},
      {"thread",
       2,
       {"project_id", "thread_key", "source_id", "kind", "channel", "number", "title", "author_id", "created_at",
        "updated_at", "closed_at", "answered_at", "answer_key", "is_question", "tags", "url"}},
      {"post",
       3,
       {"project_id", "thread_key", "post_key", "source_id", "position", "author_id", "created_at", "updated_at",
        "body", "reply_to"}},
      {"forge_release",
       2,
       {"project_id", "release_key", "source_id", "tag", "name", "body", "author_id", "is_draft", "is_prerelease",
        "created_at", "published_at", "url"}},
      {"item_tombstone", 2, {"project_id", "item_id", "source_id", "reason", "target", "noticed_at"}},
      {"codeowner", 3, {"project_id", "source_id", "line", "pattern", "owners"}},
      {"test_result", 3, {"project_id", "run_key", "test", "source_id", "outcome", "seconds"}},
      {"benchmark_result",
       4,
       {"project_id", "benchmark", "sha", "machine", "source_id", "measured_at", "value", "unit"}},
  };
  return list;
}

// What an item's source said before, and a new import of it replaces.
constexpr std::string_view kItemTables[] = {"event", "comment", "review", "item_file", "item_commit"};
constexpr std::string_view kItemTablesWithoutSource[] = {"item_interval", "review_request", "assignee", "item_label"};

Value integer(bool value) {
  return static_cast<std::int64_t>(value ? 1 : 0);
}

std::string identity_key(const PersonRecord& person) {
  if (person.provider == "git") return "git:" + fingerprint(to_lower(person.email) + "\n" + person.name);
  if (person.account_id) return fmt::format("{}:{}", person.provider, *person.account_id);
  if (!person.login.empty()) return fmt::format("login:{}:{}", person.provider, to_lower(person.login));
  return "git:" + fingerprint(to_lower(person.email) + "\n" + person.name);
}

}  // namespace

Writer::Writer(Database& database, std::int64_t project_id, std::int64_t source_id)
    : database_(database), project_id_(project_id), source_id_(source_id) {
  for (const TableShape& shape : shapes()) {
    tables_.push_back(std::make_unique<Table>(
        Table{{shape.name, shape.columns,
               Columns(shape.columns.begin(), shape.columns.begin() + static_cast<std::ptrdiff_t>(shape.key_size)),
               shape.on_conflict}}));
  }
  const Parameters project{{"project", project_id}}, source{{"project", project_id}, {"source", source_id}};
  const auto load = [&](std::string_view sql, const Parameters& parameters, const auto& each) {
    for (const auto rows = database_.query(sql, parameters); rows->next();) each(*rows);
  };
  load("SELECT cursor, data_until FROM source WHERE project_id = :project AND source_id = :source", source,
       [&](Rows& row) {
         if (!row.is_null(0)) cursor_ = row.string(0);
         data_until_ = row.optional_integer(1);
       });
  load("SELECT record, fingerprint FROM source_record WHERE project_id = :project AND source_id = :source", source,
       [&](Rows& row) { records_.emplace(row.string(0), row.string(1)); });
  load("SELECT record FROM quarantine WHERE project_id = :project AND source_id = :source", source,
       [&](Rows& row) { quarantined_records_.insert(row.string(0)); });
  load("SELECT identity_key, identity_id FROM identity WHERE project_id = :project", project,
       [&](Rows& row) { identities_.emplace(row.string(0), row.integer(1)); });
  load("SELECT path, path_id FROM path WHERE project_id = :project", project,
       [&](Rows& row) { paths_.emplace(row.string(0), row.integer(1)); });
  load("SELECT sha, commit_id FROM git_commit WHERE project_id = :project", project,
       [&](Rows& row) { commits_.emplace(row.string(0), row.integer(1)); });
  load("SELECT item_id FROM item WHERE project_id = :project", project,
       [&](Rows& row) { items_.insert(row.integer(0)); });
  load("SELECT identity_a, identity_b, evidence FROM identity_link WHERE project_id = :project", project,
       [&](Rows& row) { links_.emplace(row.integer(0), row.integer(1), row.string(2)); });
  next_identity_ = static_cast<std::int64_t>(identities_.size()) + 1;
  next_path_ = static_cast<std::int64_t>(paths_.size()) + 1;
  next_commit_ = static_cast<std::int64_t>(commits_.size()) + 1;
  stored_identities_ = next_identity_ - 1, stored_paths_ = next_path_ - 1, stored_commits_ = next_commit_ - 1;
  known_commits_ = stored_commits_;
  next_link_ =
      database_.integer("SELECT max(link_id) FROM identity_link WHERE project_id = :project", project).value_or(0) + 1;
}

Writer::~Writer() {
  if (in_transaction_) database_.rollback();
}

std::string Writer::text(std::string_view raw, std::size_t max_bytes) {
  return clean_text(raw, max_bytes);
}

Writer::Table& Writer::table(std::string_view name) {
  for (auto& each : tables_)
    if (each->target.table == name) return *each;
  throw Error(fmt::format("no table {}", name));
}

bool Writer::seen(const std::string& record, const std::string& record_fingerprint) const {
  const auto found = records_.find(text_key(record));
  return found != records_.end() && found->second == record_fingerprint;
}

void Writer::mark(const std::string& record, const std::string& record_fingerprint, std::string_view payload) {
  const std::string key = text_key(record);
  records_[key] = record_fingerprint;
  ++changed_;
  if (quarantined_records_.erase(key)) deletions_.push_back("quarantine\n" + key);
  add(table("source_record"), project_id_, source_id_, key, record_fingerprint,
      payload.empty() ? Value() : Value(Blob{compress(payload)}));
}

void Writer::readmit(const std::string& record) {
  const std::string key = text_key(record);
  if (quarantined_records_.erase(key)) deletions_.push_back("quarantine\n" + key);
}

void Writer::quarantine(const std::string& record, const std::string& reason) {
  ++quarantined_;
  add(table("quarantine"), project_id_, source_id_, redact(text_key(record)), redact(text(reason, 1000)));
}

std::optional<std::int64_t> Writer::identity(const PersonRecord& person) {
  if (!person.known()) return std::nullopt;
  // A history names the same few thousand people again and again.
  const bool is_signature = person.provider == "git";
  std::string spelling;
  if (is_signature) {
    spelling = person.email + '\n' + person.name;
    if (const auto found = signatures_.find(spelling); found != signatures_.end()) return found->second;
  }
  const std::string key = identity_key(person);
  const auto id_of_key = find_or_add_identity(key, person);
  if (is_signature) signatures_.emplace(std::move(spelling), id_of_key);
  return id_of_key;
}

std::int64_t Writer::find_or_add_identity(const std::string& key, const PersonRecord& person) {
  if (const auto found = identities_.find(key); found != identities_.end()) return found->second;
  const std::int64_t id = next_identity_++;
  identities_.emplace(key, id);
  const bool is_git = key.starts_with("git:");
  add(table("identity"), project_id_, id, key, is_git ? std::string("git") : person.provider,
      value_of(person.account_id), text_or_null(text(person.login, 300)), text_or_null(text(person.name, 300)),
      text_or_null(text(person.account_type, 60)));
  if (!person.email.empty()) add(table("identity_email"), project_id_, id, text(person.email, 300));
  return id;
}

Value Writer::identity_value(const PersonRecord& person) {
  return value_of(identity(person));
}

std::int64_t Writer::path_id(const std::string& path) {
  const std::string clean = text(path, 4096);
  const auto [found, is_new] = paths_.emplace(clean, next_path_);
  if (is_new) add(table("path"), project_id_, next_path_++, clean, std::int64_t{0});
  return found->second;
}

void Writer::project(const std::string& url, bool simulated) {
  flush();
  if (!url.empty())
    database_.execute("UPDATE project SET url = :url WHERE project_id = :project",
                      {{"url", text(url, 1000)}, {"project", project_id_}});
  if (simulated)
    database_.execute("UPDATE project SET simulated = 1 WHERE project_id = :project", {{"project", project_id_}});
}

void Writer::item(const ItemRecord& record) {
  const std::int64_t id = record.item_id();
  if (items_pending_.contains(id)) flush();
  if (items_.contains(id))
    deletions_.push_back(fmt::format("{}\n{}", record.keeps_inline_comments ? "item but inline" : "item", id));
  items_.insert(id);
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
      value_of(record.changed_files), value_of(record.commit_count), text_or_null(text(record.url, 1000)),
      value_of(record.reaction_count), value_of(record.maintainer_can_modify));
  for (const auto& name : record.labels) add(table("item_label"), project_id_, id, text(name, 300));
  for (const auto& person : record.assignees)
    if (const auto assignee = identity(person)) add(table("assignee"), project_id_, id, *assignee);
  for (const auto& person : record.requested_reviewers)
    if (const auto reviewer = identity(person)) add(table("review_request"), project_id_, id, *reviewer);
  write_events(record);
  for (const auto& comment : record.comments) add_comment(id, comment);
  for (const auto& review : record.reviews) {
    add(table("review"), project_id_, id, text(review.key, 200), source_id_, identity_value(review.author),
        review.state, value_of(review.submitted_at), text_or_null(text(review.body)),
        text_or_null(text(review.sha, 64)));
  }
  if (!record.merge_sha.empty() && record.merged_at) item_commit({id, record.merge_sha, "merge"});
  if (!record.files.empty()) item_files(id, record.files);
  write_intervals(record);
  if (pending_ > 50000) flush();
}

void Writer::add_comment(std::int64_t item_id, const CommentRecord& comment) {
  add(table("comment"), project_id_, item_id, text(comment.key, 200), source_id_, comment.kind,
      identity_value(comment.author), comment.created_at, value_of(comment.updated_at),
      text_or_null(text(comment.body)), text_or_null(text(comment.review_key, 200)),
      text_or_null(text(comment.reply_to, 200)), text_or_null(text(comment.path, 4096)), value_of(comment.line),
      text_or_null(text(comment.sha, 64)));
}

bool Writer::inline_comment(std::int64_t item_id, const CommentRecord& record) {
  if (!items_.contains(item_id)) return false;
  add_comment(item_id, record);
  data_until(record.updated_at.value_or(record.created_at));
  if (pending_ > 50000) flush();
  return true;
}

void Writer::remove_inline_comments(const std::vector<std::pair<std::int64_t, std::string>>& items_and_keys) {
  flush();
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

void Writer::label(const LabelRecord& record) {
  add(table("label"), project_id_, text(record.name, 300), text_or_null(text(record.color, 30)),
      text_or_null(text(record.description, 1000)));
}

void Writer::milestone(const MilestoneRecord& record) {
  add(table("milestone"), project_id_, text(record.title, 300), text_or_null(text(record.state, 30)),
      value_of(record.due_at));
}

void Writer::commit(const CommitRecord& record) {
  const auto [found, is_new] = commits_.emplace(record.sha, next_commit_);
  if (!is_new) return;
  const std::int64_t id = next_commit_++;
  const Value author = identity_value(record.author), committer = identity_value(record.committer);
  add(table("git_commit"), project_id_, id, record.sha, source_id_, author, committer, record.authored_at,
      record.authored_zone, record.committed_at, record.committed_zone,
      static_cast<std::int64_t>(record.parents.size()), integer(record.on_default), integer(record.in_history),
      text(blank_emails(record.subject), 2000), text_or_null(text(blank_emails(record.body), 1 << 16)));
  std::int64_t position = 0;
  for (const auto& parent : record.parents) add(table("commit_parent"), project_id_, id, position++, parent);
  position = 0;
  for (const auto& trailer : record.trailers) {
    add(table("trailer"), project_id_, id, position++, text(trailer.token, 100),
        text(blank_emails(trailer.value), 1000), identity_value(trailer.person));
  }
  for (const auto& change : record.changes) {
    const std::int64_t path = path_id(change.path);
    const Value old_path = change.old_path.empty() ? Value() : Value(path_id(change.old_path));
    add(table("file_change"), project_id_, id, path, std::string(1, change.status), old_path,
        value_of(change.additions), value_of(change.deletions), change.old_mode ? Value(change.old_mode) : Value(),
        change.mode ? Value(change.mode) : Value(), change.status == 'R' ? Value(change.similarity) : Value(),
        integer(change.is_binary));
  }
  // Visible only at a checkpoint, but not all kept in memory until then.
  if (pending_ > 20000) flush();
  data_until(record.committed_at);
  ++changed_;
}

void Writer::item_commit(const ItemCommitRecord& record) {
  add(table("item_commit"), project_id_, record.item_id, text(record.sha, 64), record.relation, source_id_);
}

void Writer::item_files(std::int64_t item_id, const std::vector<ItemFileRecord>& files) {
  for (const auto& file : files) {
    add(table("item_file"), project_id_, item_id, path_id(file.path), source_id_, value_of(file.additions),
        value_of(file.deletions));
  }
}

void Writer::replace_item_files(std::int64_t item_id, const std::vector<ItemFileRecord>& files, bool was_known) {
  if (was_known) {
    flush();
    database_.execute("DELETE FROM item_file WHERE project_id = :project AND item_id = :item AND source_id = :source",
                      {{"project", project_id_}, {"item", item_id}, {"source", source_id_}});
  }
  item_files(item_id, files);
}

std::unordered_set<std::string> Writer::known_commits() const {
  std::unordered_set<std::string> result;
  for (const auto& [sha, id] : commits_) result.insert(sha);
  return result;
}

void Writer::for_each_git_signature(const std::function<void(const PersonRecord&)>& each) {
  std::vector<PersonRecord> signatures;
  for (const auto rows = database_.query(
           "SELECT i.name, e.email FROM identity i LEFT JOIN identity_email e ON e.project_id = i.project_id "
           "AND e.identity_id = i.identity_id WHERE i.project_id = :project AND i.provider = 'git' ORDER BY "
           "i.identity_id",
           {{"project", project_id_}});
       rows->next();) {
    PersonRecord person;
    person.provider = "git";
    person.name = rows->string(0);
    person.email = rows->string(1);
    signatures.push_back(std::move(person));
  }
  for (const auto& person : signatures) each(person);
}

void Writer::references(const std::vector<ReferenceRecord>& records) {
  deletions_.push_back("git_ref\n");
  flush();
  for (const auto& record : records)
    add(table("git_ref"), project_id_, source_id_, text(record.name, 1000), record.sha, value_of(record.at));
}

void Writer::reachable(const std::unordered_set<std::string>& on_default,
                       const std::unordered_set<std::string>& in_history) {
  flush();
  struct Change {
    std::int64_t commit_id, on_default, in_history;
  };
  std::vector<Change> changes;
  const Parameters source{{"project", project_id_}, {"source", source_id_}, {"known", known_commits_}};
  for (const auto rows = database_.query("SELECT commit_id, sha, on_default, in_history FROM git_commit "
                                         "WHERE project_id = :project AND source_id = :source AND commit_id <= :known",
                                         source);
       rows->next();) {
    const std::string sha = rows->string(1);
    const bool now_default = on_default.contains(sha), now_history = in_history.contains(sha);
    if (now_default != (rows->integer(2) == 1) || now_history != (rows->integer(3) == 1))
      changes.push_back({rows->integer(0), now_default ? 1 : 0, now_history ? 1 : 0});
  }
  for (const auto& change : changes) {
    database_.execute(
        "UPDATE git_commit SET on_default = :on_default, in_history = :in_history "
        "WHERE project_id = :project AND commit_id = :commit",
        {{"on_default", change.on_default},
         {"in_history", change.in_history},
         {"project", project_id_},
         {"commit", change.commit_id}});
  }
}

std::unordered_map<std::string, HeadFileRecord> Writer::stored_head_files() {
  std::unordered_map<std::string, HeadFileRecord> result;
  for (const auto rows =
           database_.query("SELECT p.path, h.blob, h.bytes, h.lines, h.code_lines, h.indentation_total, "
                           "h.indentation_max FROM head_file h JOIN path p ON p.project_id = h.project_id "
                           "AND p.path_id = h.path_id WHERE h.project_id = :project",
                           {{"project", project_id_}});
       rows->next();)
    result.emplace(rows->string(0), HeadFileRecord{rows->string(0), rows->string(1), rows->optional_integer(2),
                                                   rows->optional_integer(3), rows->optional_integer(4),
                                                   rows->optional_integer(5), rows->optional_integer(6)});
  return result;
}

void Writer::head_files(const std::vector<HeadFileRecord>& files) {
  flush();
  const Parameters project{{"project", project_id_}};
  database_.execute("UPDATE path SET in_head = 0 WHERE project_id = :project AND in_head = 1", project);
  database_.execute("DELETE FROM head_file WHERE project_id = :project", project);
  for (const auto& file : files) {
    const std::int64_t id = path_id(file.path);
    add(table("path"), project_id_, id, text(file.path, 4096), std::int64_t{1});
    add(table("head_file"), project_id_, id, file.blob, value_of(file.bytes), value_of(file.lines),
        value_of(file.code_lines), value_of(file.indentation_total), value_of(file.indentation_max));
  }
}

void Writer::ci_run(const CiRunRecord& record) {
  add(table("ci_run"), project_id_, text(record.key, 200), source_id_, text(record.name, 300),
      text_or_null(text(record.sha, 64)), value_of(record.item_id), text_or_null(text(record.branch, 300)),
      text(record.status, 60), text_or_null(text(record.conclusion, 60)), value_of(record.started_at),
      value_of(record.finished_at), text_or_null(text(record.kind, 60)), text_or_null(text(record.parent_key, 200)),
      value_of(record.attempt), text_or_null(text(record.trigger_event, 60)), text_or_null(text(record.url, 1000)));
  for (const auto& test : record.tests) {
    add(table("test_result"), project_id_, text(record.key, 200), text(test.name, 1000), source_id_,
        text(test.outcome, 60), value_of(test.seconds));
  }
  if (record.finished_at) data_until(*record.finished_at);
  if (pending_ > 50000) flush();
}

void Writer::benchmark(const BenchmarkRecord& record) {
  add(table("benchmark_result"), project_id_, text(record.name, 300), text(record.sha, 64), text(record.machine, 300),
      source_id_, record.at, record.value, text(record.unit, 60));
  data_until(record.at);
  if (pending_ > 50000) flush();
}

void Writer::identity_link(const PersonRecord& a, const PersonRecord& b, const std::string& evidence,
                           const std::string& detail) {
  const auto first = identity(a), second = identity(b);
  if (!first || !second || *first == *second) return;
  const auto [low, high] = std::minmax(*first, *second);
  if (!links_.emplace(low, high, evidence).second) return;
  add(table("identity_link"), project_id_, next_link_++, std::string("merge"), low, high, evidence,
      text_or_null(text(detail, 300)), std::string("rule"), data_until_.value_or(0));
}

void Writer::data_until(Timestamp time) {
  if (!data_until_ || time > *data_until_) data_until_ = time;
}

// Opens the transaction at the first write, so that reading sources hold no lock.
void Writer::flush() {
  if (!in_transaction_) {
    database_.begin();
    in_transaction_ = true;
    check_alone();
  }
  for (const std::string& deletion : deletions_) {
    const std::size_t newline = deletion.find('\n');
    const std::string kind = deletion.substr(0, newline), rest = deletion.substr(newline + 1);
    if (kind == "quarantine") {
      database_.execute(
          "DELETE FROM quarantine WHERE project_id = :project AND source_id = :source AND record = :record",
          {{"project", project_id_}, {"source", source_id_}, {"record", rest}});
    } else if (kind == "git_ref" || kind == "codeowner") {
      database_.execute(fmt::format("DELETE FROM {} WHERE project_id = :project AND source_id = :source", kind),
                        {{"project", project_id_}, {"source", source_id_}});
    } else if (kind == "post") {
      database_.execute("DELETE FROM post WHERE project_id = :project AND source_id = :source AND thread_key = :thread",
                        {{"project", project_id_}, {"source", source_id_}, {"thread", rest}});
    } else {
      const Parameters parameters{{"project", project_id_}, {"item", std::stoll(rest)}, {"source", source_id_}};
      for (const auto name : kItemTables) {
        const bool keeps_inline = kind == "item but inline" && name == "comment";
        database_.execute(
            fmt::format("DELETE FROM {} WHERE project_id = :project AND item_id = :item AND source_id = :source{}",
                        name, keeps_inline ? " AND kind <> 'inline'" : ""),
            parameters);
      }
      for (const auto name : kItemTablesWithoutSource)
        database_.execute(fmt::format("DELETE FROM {} WHERE project_id = :project AND item_id = :item", name),
                          parameters);
    }
  }
  deletions_.clear();
  for (auto& each : tables_) {
    database_.insert_values(each->target, each->values);
    each->values.clear();
  }
  items_pending_.clear();
  pending_ = 0;
}

// The numbers of new identities, paths and commits were handed out from what was
// there at the start; had another sync of the project written meanwhile, they would
// be taken, and its rows overwritten. Nothing is lost by stopping: a rerun resumes.
void Writer::check_alone() {
  if (database_.engine() == "postgresql")
    database_.execute("SELECT pg_advisory_xact_lock(:project + 5723100)", {{"project", project_id_}});
  const auto rows = database_.query(
      "SELECT (SELECT COALESCE(max(identity_id), 0) FROM identity WHERE project_id = :project), "
      "(SELECT COALESCE(max(path_id), 0) FROM path WHERE project_id = :project), "
      "(SELECT COALESCE(max(commit_id), 0) FROM git_commit WHERE project_id = :project)",
      {{"project", project_id_}});
  rows->next();
  if (rows->integer(0) != stored_identities_ || rows->integer(1) != stored_paths_ ||
      rows->integer(2) != stored_commits_)
    throw Error(ErrorKind::incomplete, "another sync of the same project has written meanwhile",
                "run the same command again; it resumes");
}

void Writer::checkpoint(const std::string& cursor) {
  flush();
  database_.execute(
      "UPDATE source SET cursor = :cursor, data_until = :until WHERE project_id = :project AND source_id = :source",
      {{"cursor", cursor}, {"until", value_of(data_until_)}, {"project", project_id_}, {"source", source_id_}});
  database_.commit();
  in_transaction_ = false;
  stored_identities_ = next_identity_ - 1, stored_paths_ = next_path_ - 1, stored_commits_ = next_commit_ - 1;
  cursor_ = cursor;
}

namespace {

// What `find` gives, made by `insert` where it is not there. The number is the next
// one, so somebody else may take it at the same moment: then once more.
std::int64_t find_or_insert(Database& database, std::string_view find, std::string_view insert,
                            const Parameters& parameters) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    if (const auto id = database.integer(find, parameters)) return *id;
    Transaction transaction(database);
    database.execute(insert, parameters);
    transaction.commit();
  }
  throw Error("too many processes add projects and sources at once", "try again");
}

}  // namespace

std::int64_t ensure_project(Database& database, const std::string& name) {
  return find_or_insert(
      database, "SELECT project_id FROM project WHERE name = :name",
      "INSERT INTO project (project_id, name) SELECT COALESCE(max(project_id), 0) + 1, :name FROM project "
      "WHERE true ON CONFLICT DO NOTHING",
      {{"name", name}});
}

std::int64_t ensure_source(Database& database, std::int64_t project_id, const std::string& kind,
                           const std::string& location) {
  return find_or_insert(
      database, "SELECT source_id FROM source WHERE project_id = :project AND kind = :kind AND location = :location",
      "INSERT INTO source (project_id, source_id, kind, location) SELECT CAST(:project AS INTEGER), "
      "COALESCE(max(source_id), 0) + 1, :kind, "
      ":location FROM source WHERE project_id = :project AND NOT EXISTS (SELECT 1 FROM source WHERE project_id = "
      ":project "
      "AND kind = :kind AND location = :location) ON CONFLICT DO NOTHING",
      {{"project", project_id}, {"kind", kind}, {"location", location}});
}

}  // namespace resident

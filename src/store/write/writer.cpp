#include <fmt/format.h>

#include <algorithm>
#include <base/compression.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <base/url.hpp>
#include <net/token.hpp>
#include <store/benchmark_book.hpp>
#include <store/benchmark_units.hpp>
#include <store/ci_conclusion.hpp>
#include <store/summaries.hpp>
#include <store/write/tables.hpp>
#include <store/writer.hpp>
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
      {"quarantine", 4, {"project_id", "source_id", "record", "reason", "records", "kind"}},
      {"identity",
       2,
       {"project_id", "identity_id", "identity_key", "provider", "account_id", "login", "name", "account_type"}},
      {"identity_email", 2, {"project_id", "identity_id", "email"}},
      {"mailmap_entry", 3, {"project_id", "source_id", "position", "name", "email", "real_name", "real_email"}},
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
        "review_key", "reply_to", "path", "line", "sha", "is_command"}},
      {"review",
       3,
       {"project_id", "item_id", "review_key", "source_id", "author_id", "state", "submitted_at", "body", "sha",
        "dismissed_at", "is_official", "is_command"}},
      {"review_request", 3, {"project_id", "item_id", "reviewer_id"}},
      {"team_request", 3, {"project_id", "item_id", "team"}},
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
      {"commit_mark", 3, {"project_id", "commit_id", "position", "kind", "value", "identity_id"}},
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
      {"patch_series",
       2,
       {"project_id", "item_id", "source_id", "list", "state", "version", "versions", "parts", "present", "applied",
        "said", "how_joined", "backport_of", "tree", "last_at"}},
      {"patch_mail", 2, {"project_id", "mail_key",   "source_id",   "item_id",         "role",
                         "sent_at",    "sender_id",  "author_id",   "version",         "version_number",
                         "part",       "parts",      "is_current",  "is_partial",      "title",
                         "target",     "patch_id",   "base_commit", "upstream_commit", "is_whole",
                         "says",       "says_parts", "commit_sha",  "found_by",        "applied_at"}},
      {"patch_tag",
       3,
       {"project_id", "mail_key", "position", "source_id", "item_id", "token", "identity_id", "counts", "note"}},
      {"maintainer_line", 3, {"project_id", "source_id", "position", "section", "kind", "value", "identity_id"}},
  };
  return list;
}

// What an item's source said before, and a new import of it replaces.
constexpr std::string_view kItemTables[] = {"event", "comment", "review", "item_file", "item_commit"};
constexpr std::string_view kItemTablesWithoutSource[] = {"item_interval", "review_request", "team_request", "assignee",
                                                         "item_label"};

std::string identity_key(const PersonRecord& person) {
  if (person.provider == "git") return "git:" + fingerprint(to_lower(person.email) + "\n" + person.name);
  if (person.account_id) return fmt::format("{}:{}", person.provider, *person.account_id);
  if (!person.account_key.empty())
    return fmt::format("account:{}:{}", person.provider, fingerprint(person.account_key));
  if (!person.login.empty()) return fmt::format("login:{}:{}", person.provider, to_lower(person.login));
  return "git:" + fingerprint(to_lower(person.email) + "\n" + person.name);
}

}  // namespace

Writer::Writer(Database& database, std::int64_t project_id, std::int64_t source_id)
    : database_(database),
      project_id_(project_id),
      source_id_(source_id),
      records_(
          database, failure_,
          "SELECT record, fingerprint FROM source_record WHERE project_id = :project AND source_id = :source",
          "SELECT fingerprint FROM source_record WHERE project_id = :project AND source_id = :source AND record = :key",
          {{"project", project_id}, {"source", source_id}}),
      identities_(database, failure_, "SELECT identity_key, identity_id FROM identity WHERE project_id = :project",
                  "SELECT identity_id FROM identity WHERE project_id = :project AND identity_key = :key",
                  {{"project", project_id}}),
      paths_(database, failure_, "SELECT path, path_id FROM path WHERE project_id = :project",
             "SELECT path_id FROM path WHERE project_id = :project AND path = :key", {{"project", project_id}}),
      commits_(database, failure_, "SELECT sha, commit_id FROM git_commit WHERE project_id = :project",
               "SELECT commit_id FROM git_commit WHERE project_id = :project AND sha = :key",
               {{"project", project_id}}),
      items_(database, failure_, "SELECT item_id, source_id FROM item WHERE project_id = :project",
             "SELECT source_id FROM item WHERE project_id = :project AND item_id = :key", {{"project", project_id}}) {
  for (const TableShape& shape : shapes()) {
    tables_.push_back(std::make_unique<Table>(
        Table{{shape.name, shape.columns,
               Columns(shape.columns.begin(), shape.columns.begin() + static_cast<std::ptrdiff_t>(shape.key_size)),
               shape.on_conflict}}));
  }
  const Parameters source{{"project", project_id}, {"source", source_id}};
  const auto load = [&](std::string_view sql, const Parameters& parameters, const auto& each) {
    for (const auto rows = database_.query(sql, parameters); rows->next();) each(*rows);
  };
  load("SELECT cursor, data_until FROM source WHERE project_id = :project AND source_id = :source", source,
       [&](Rows& row) {
         if (!row.is_null(0)) cursor_ = row.string(0);
         data_until_ = row.optional_integer(1);
       });
  load("SELECT record, reason, records FROM quarantine WHERE project_id = :project AND source_id = :source", source,
       [&](Rows& row) {
         quarantined_records_.insert(row.string(0));
         auto& [listed, besides] = reasons_[row.string(1)];
         if (row.text(0) == kNotListed)
           besides += row.integer(2);
         else
           ++listed, ++listed_;
       });
  std::tie(stored_identities_, stored_paths_, stored_commits_) = highest_numbers();
  next_identity_ = stored_identities_ + 1, next_path_ = stored_paths_ + 1, next_commit_ = stored_commits_ + 1;
  known_commits_ = stored_commits_;
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
  const auto* found = records_.find(text_key(record));
  return found && *found == record_fingerprint;
}

void Writer::mark(const std::string& record, const std::string& record_fingerprint, std::string_view payload) {
  if (failure_) throw *failure_;
  const std::string key = text_key(record);
  records_.set(key, record_fingerprint);
  ++changed_;
  drop_set_aside(key);
  add(table("source_record"), project_id_, source_id_, key, record_fingerprint,
      payload.empty() ? Value() : Value(Blob{compress(payload)}));
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

std::optional<std::int64_t> Writer::stored_identity(const PersonRecord& person) const {
  if (!person.known()) return 0;
  const auto* found = identities_.find(identity_key(person));
  return found ? std::optional(*found) : std::nullopt;
}

std::int64_t Writer::find_or_add_identity(const std::string& key, const PersonRecord& person) {
  const std::int64_t* found = identities_.find(key);
  if (person.account_id && !person.login.empty()) note_login(found ? *found : next_identity_, person, found == nullptr);
  if (found) return *found;
  const std::int64_t id = next_identity_++;
  touches_people_ = true;
  identities_.set(key, id);
  const bool is_git = key.starts_with("git:");
  add(table("identity"), project_id_, id, key, is_git ? std::string("git") : person.provider,
      value_of(person.account_id), text_or_null(text(person.login, 300)), text_or_null(text(person.name, 300)),
      text_or_null(text(person.account_type, 60)));
  if (!person.email.empty()) add(table("identity_email"), project_id_, id, text(person.email, 300));
  return id;
}

void Writer::note_login(std::int64_t identity, const PersonRecord& person, bool is_new) {
  const auto [told, is_first] = told_logins_.try_emplace(identity);
  if (!is_first && told_at_ < told->second.at) return;
  std::string login = text(person.login, 300);
  if (!is_new && login != told->second.login) logins_due_.insert(identity);
  told->second = {told_at_, std::move(login)};
}

// A person renames an account, and its number stays: it is called as it was told last, whichever was read first. An app
// goes by its name with "[bot]" and without.
void Writer::write_logins() {
  for (const std::int64_t identity : logins_due_) {
    const ToldLogin& told = told_logins_.at(identity);
    const Parameters who{{"project", project_id_}, {"identity", identity}};
    const auto stored =
        database_.text("SELECT login FROM identity WHERE project_id = :project AND identity_id = :identity", who);
    if (!stored || *stored == told.login || *stored == told.login + "[bot]" || *stored + "[bot]" == told.login)
      continue;
    const auto last_seen = database_.integer(
        "SELECT max(at) FROM (SELECT max(created_at) AS at FROM item WHERE project_id = :project AND author_id = "
        ":identity UNION ALL SELECT max(created_at) FROM comment WHERE project_id = :project AND author_id = :identity "
        "UNION ALL SELECT max(submitted_at) FROM review WHERE project_id = :project AND author_id = :identity) AS acts",
        who);
    if (last_seen.value_or(told.at) > told.at) continue;  // an old export, read after newer data
    database_.execute("UPDATE identity SET login = :login WHERE project_id = :project AND identity_id = :identity",
                      {{"login", told.login}, {"project", project_id_}, {"identity", identity}});
    touches_people_ = true;
  }
  logins_due_.clear();
}

Value Writer::identity_value(const PersonRecord& person) {
  return value_of(identity(person));
}

std::int64_t Writer::path_id(const std::string& path) {
  const std::string clean = text(path, 4096);
  if (const auto* found = paths_.find(clean)) return *found;
  const std::int64_t id = next_path_++;
  paths_.set(clean, id);
  add(table("path"), project_id_, id, clean, std::int64_t{0});
  return id;
}

void Writer::project(const std::string& given, bool simulated) {
  flush();
  const std::string url = clean_url(text(given, 1000));
  touches_people_ = true;
  guarded([&] {
    if (!url.empty())
      database_.execute("UPDATE project SET url = :url WHERE project_id = :project",
                        {{"url", url}, {"project", project_id_}});
    if (simulated)
      database_.execute("UPDATE project SET simulated = 1 WHERE project_id = :project", {{"project", project_id_}});
  });
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
  if (commits_.contains(record.sha)) return;
  const std::int64_t id = next_commit_++;
  commits_.set(record.sha, id);
  const Value author = identity_value(record.author), committer = identity_value(record.committer);
  touches_people_ = true;
  add(table("git_commit"), project_id_, id, record.sha, source_id_, author, committer, record.authored_at,
      record.authored_zone, record.committed_at, record.committed_zone,
      static_cast<std::int64_t>(record.parents.size()), integer(record.on_default), integer(record.in_history),
      text(blank_emails(record.subject), 2000), text_or_null(text(blank_emails(record.body), 1 << 16)));
  std::int64_t position = 0;
  for (const auto& parent : record.parents) add(table("commit_parent"), project_id_, id, position++, parent);
  add_message(id, record);
  add_changes(id, record.changes);
  // Visible only at a checkpoint, but not all kept in memory until then.
  if (pending_ > 20000) flush();
  data_until(record.committed_at);
  ++changed_;
}

void Writer::ci_run(const CiRunRecord& record) {
  // The forges' words differ; one is stored. A word that is in no list stays as it is.
  const CiConclusion known = ci_conclusion(record.conclusion);
  const std::string conclusion =
      known == CiConclusion::unknown ? record.conclusion : std::string(ci_conclusion_name(known));
  add(table("ci_run"), project_id_, text(record.key, 200), source_id_, text(record.name, 300),
      text_or_null(text(record.sha, 64)), value_of(record.item_id), text_or_null(text(record.branch, 300)),
      text(record.status, 60), text_or_null(text(conclusion, 60)), value_of(record.started_at),
      value_of(record.finished_at), text_or_null(text(record.kind, 60)), text_or_null(text(record.parent_key, 200)),
      value_of(record.attempt), text_or_null(text(record.trigger_event, 60)),
      text_or_null(clean_url(text(record.url, 1000))));
  if (record.finished_at) data_until(*record.finished_at);
  if (pending_ > 50000) flush();
}

void Writer::benchmark(const BenchmarkRecord& record) {
  if (!in_transaction_) flush();
  guarded([&] {
    BenchmarkBook book(database_, project_id_, source_id_);
    StoredRun run;
    run.sha = text(record.sha, 64), run.machine = text(record.machine, 300), run.measured_at = record.at;
    const std::string name = text(record.name, 300), unit = text(record.unit, 60);
    run.key = fmt::format("{} {} {}", run.sha, run.machine, name);
    book.run(run);
    book.value({name, unit, "", name, benchmarks::direction_of("", unit), "", ""}, record.value, {}, std::nullopt);
    book.flush();
  });
  data_until(record.at);
}

void Writer::mailmap(const std::vector<MailmapEntry>& entries) {
  std::string all = "1";
  for (const auto& each : entries)
    all += fmt::format("\n{}\n{}\n{}\n{}", each.name, each.email, each.real_name, each.real_email);
  const std::string print = fingerprint(all);
  if (seen(".mailmap", print)) return;
  flush();
  touches_people_ = true;
  database_.execute("DELETE FROM mailmap_entry WHERE project_id = :project AND source_id = :source",
                    {{"project", project_id_}, {"source", source_id_}});
  std::int64_t position = 0;
  for (const auto& each : entries)
    add(table("mailmap_entry"), project_id_, source_id_, position++, text_or_null(text(each.name, 300)),
        text(each.email, 300), text_or_null(text(each.real_name, 300)), text_or_null(text(each.real_email, 300)));
  mark(".mailmap", print);
}

void Writer::data_until(Timestamp time) {
  if (is_ahead(time)) return;
  if (!data_until_ || time > *data_until_ || is_ahead(*data_until_)) data_until_ = time;
}

void Writer::flush() {
  guarded([&] { write_waiting(); });
}

// Opens the transaction at the first write, so that reading sources hold no lock.
void Writer::write_waiting() {
  if (!in_transaction_) {
    database_.begin();
    in_transaction_ = true;
    check_alone();
  }
  touch_what_waits();
  for (const std::string& deletion : deletions_) write_deletion(deletion);
  deletions_.clear();
  for (auto& each : tables_) {
    database_.insert_values(each->target, each->values);
    each->values.clear();
  }
  items_pending_.clear();
  date_drafted_comments();
  tell_what_is_due();
  pending_ = 0;
}

// Beside the rows that call for it, so that a sync which is killed leaves word of it.
void Writer::tell_what_is_due() {
  if (touches_people_ && changed_ > 0)
    database_.insert({"people_due", {"project_id"}, {"project_id"}, OnConflict::ignore}, {{project_id_}});
}

// Tells of the items and commits that are about to change, for what is worked out from them.
void Writer::touch_what_waits() {
  std::set<std::int64_t> items = drafted_;
  for (const std::string_view name : {"item", "item_interval", "comment", "review", "item_tombstone"}) {
    const Table& waiting = table(name);
    for (std::size_t row = 0; row < waiting.values.size(); row += waiting.target.columns.size())
      items.insert(std::get<std::int64_t>(waiting.values[row + 1]));  // behind project_id
  }
  for (const std::string& each : deletions_)
    if (each.starts_with("item")) items.insert(std::stoll(each.substr(each.find('\n') + 1)));
  touch_items(database_, project_id_, items);
  // While nothing was searched yet, all will be.
  if (!items.empty() &&
      database_.integer("SELECT 1 FROM item_move_search WHERE project_id = :project", {{"project", project_id_}})) {
    std::vector<Value> due;
    for (const std::int64_t item : items) due.insert(due.end(), {Value(project_id_), Value(item)});
    database_.insert_values({"item_move_due", {"project_id", "item_id"}, {"project_id", "item_id"}, OnConflict::ignore},
                            due);
  }
  const Table& waiting = table("git_commit");
  const auto& columns = waiting.target.columns;
  const auto place = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) - columns.begin());
  };
  std::vector<TouchedCommit> commits;
  for (std::size_t row = 0; row < waiting.values.size(); row += columns.size()) {
    const auto number = [&](std::string_view column) {
      const auto* value = std::get_if<std::int64_t>(&waiting.values[row + place(column)]);
      return value ? *value : 0;
    };
    if (number("on_default") == 1) commits.push_back({number("author_id"), number("committed_at")});
  }
  touch_commits(database_, project_id_, commits);
}

void Writer::write_deletion(const std::string& deletion) {
  const std::size_t newline = deletion.find('\n');
  const std::string kind = deletion.substr(0, newline), rest = deletion.substr(newline + 1);
  if (kind == "quarantine" || kind == "source_record") {
    database_.execute(
        fmt::format("DELETE FROM {} WHERE project_id = :project AND source_id = :source AND record = :record", kind),
        {{"project", project_id_}, {"source", source_id_}, {"record", rest}});
  } else if (kind == "git_ref" || kind == "codeowner") {
    database_.execute(fmt::format("DELETE FROM {} WHERE project_id = :project AND source_id = :source", kind),
                      {{"project", project_id_}, {"source", source_id_}});
  } else if (kind == "post") {
    database_.execute("DELETE FROM post WHERE project_id = :project AND source_id = :source AND thread_key = :thread",
                      {{"project", project_id_}, {"source", source_id_}, {"thread", rest}});
  } else {
    // "<item> <source>"
    const Parameters of_item{{"project", project_id_}, {"item", std::stoll(rest)}};
    Parameters parameters = of_item;
    parameters.emplace_back("source", std::stoll(rest.substr(rest.find(' '))));
    for (const auto name : kItemTables) {
      const bool keeps_inline = kind == "item but inline" && name == "comment";
      database_.execute(
          fmt::format("DELETE FROM {} WHERE project_id = :project AND item_id = :item AND source_id = :source{}", name,
                      keeps_inline ? " AND kind <> 'inline'" : ""),
          parameters);
    }
    for (const auto name : kItemTablesWithoutSource)
      database_.execute(fmt::format("DELETE FROM {} WHERE project_id = :project AND item_id = :item", name), of_item);
  }
}

// The numbers of new identities, paths and commits were handed out from what was
// there at the start; had another sync of the project written meanwhile, they would
// be taken, and its rows overwritten. Nothing is lost by stopping: a rerun resumes.
void Writer::check_alone() {
  if (database_.engine() == "postgresql")
    database_.execute("SELECT pg_advisory_xact_lock(:lock)", {{"lock", project_id_ + kProjectLock}});
  if (highest_numbers() != std::tuple(stored_identities_, stored_paths_, stored_commits_))
    throw Error(ErrorKind::incomplete, "another sync of the same project has written meanwhile",
                "run the same command again; it resumes");
}

// Of identities, paths and commits.
std::tuple<std::int64_t, std::int64_t, std::int64_t> Writer::highest_numbers() {
  const auto rows = database_.query(
      "SELECT (SELECT COALESCE(max(identity_id), 0) FROM identity WHERE project_id = :project), "
      "(SELECT COALESCE(max(path_id), 0) FROM path WHERE project_id = :project), "
      "(SELECT COALESCE(max(commit_id), 0) FROM git_commit WHERE project_id = :project)",
      {{"project", project_id_}});
  rows->next();
  return {rows->integer(0), rows->integer(1), rows->integer(2)};
}

void Writer::checkpoint(const std::string& cursor) {
  write_counts();
  flush();
  guarded([&] {
    write_logins();
    database_.execute(
        "UPDATE source SET cursor = :cursor, data_until = :until WHERE project_id = :project AND source_id = :source",
        {{"cursor", cursor}, {"until", value_of(data_until_)}, {"project", project_id_}, {"source", source_id_}});
    database_.commit();
  });
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

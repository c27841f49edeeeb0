#include <fmt/format.h>

#include <algorithm>
#include <analyses/queues/thread.hpp>
#include <base/text.hpp>

namespace resident {

namespace {

// Items open as of the moment; every query below is bounded by it.
constexpr std::string_view kOpen =
    "SELECT v.item_id FROM item_interval v JOIN item k ON k.project_id = v.project_id AND k.item_id = v.item_id WHERE "
    "v.project_id = :project AND v.opened_at <= :as_of AND (v.closed_at IS NULL OR v.closed_at > :as_of) AND (:kind = "
    "'' OR k.kind = :kind) AND (:number = 0 OR k.number = :number)";

class Loader {
 public:
  // parameters: those of kOpen.
  Loader(const Context& context, const People& people, Parameters parameters, std::vector<OpenItem>& items)
      : context_(context), people_(people), parameters_(std::move(parameters)), items_(items) {
    for (std::size_t i = 0; i < items.size(); ++i) index_[items[i].id] = i;
  }

  void load() {
    each("SELECT item_id, name FROM item_label WHERE project_id = :project AND item_id IN ({})",
         [](OpenItem& item, Rows& row) { item.labels.insert(row.string(1)); });
    each("SELECT item_id, reviewer_id FROM review_request WHERE project_id = :project AND item_id IN ({})",
         [&](OpenItem& item, Rows& row) { item.requested_reviewers.insert(people_.person(row.integer(1))); });
    each(
        "SELECT item_id, kind, actor_id, occurred_at, label, subject_id, sha FROM event WHERE project_id = :project "
        "AND occurred_at IS NOT NULL AND kind IN ('committed', 'head_ref_force_pushed', 'ready_for_review', "
        "'convert_to_draft', 'labeled', "
        "'unlabeled', 'review_requested', 'review_request_removed', 'reopened') AND item_id IN ({}) ORDER BY item_id, "
        "position DESC",
        [&](OpenItem& item, Rows& row) { event(item, row); });
    each(
        "SELECT item_id, kind, author_id, created_at, body FROM comment WHERE project_id = :project AND created_at <= "
        ":as_of AND item_id IN ({})",
        [&](OpenItem& item, Rows& row) {
          Entry entry = at(row.integer(3), row.text(1) == "inline" ? EntryKind::inline_comment : EntryKind::comment,
                           row.optional_integer(2));
          entry.body = row.string(4);
          item.entries.push_back(std::move(entry));
        });
    each(
        "SELECT item_id, state, author_id, submitted_at, body, sha FROM review WHERE project_id = :project AND "
        "submitted_at <= :as_of AND item_id IN ({})",
        [&](OpenItem& item, Rows& row) {
          Entry entry = at(row.integer(3), EntryKind::review, row.optional_integer(2));
          entry.state = row.string(1);
          entry.body = row.string(4);
          entry.sha = row.string(5);
          item.entries.push_back(std::move(entry));
        });
    load_ci();
    load_first_contributions();
    for (OpenItem& item : items_)
      std::stable_sort(item.entries.begin(), item.entries.end(),
                       [](const Entry& a, const Entry& b) { return a.at < b.at; });
  }

 private:
  template <class Take>
  void each(std::string_view sql, const Take& take) {
    for (const auto rows = context_.database.query(fmt::format(fmt::runtime(sql), kOpen), parameters_); rows->next();)
      if (const auto found = index_.find(rows->integer(0)); found != index_.end()) take(items_[found->second], *rows);
  }

  Entry at(Timestamp time, EntryKind kind, std::optional<std::int64_t> identity) const {
    Entry entry;
    entry.at = time;
    entry.kind = kind;
    entry.person = people_.person(identity);
    entry.is_bot = people_.bots.contains(entry.person);
    return entry;
  }

  // Rows come newest first: what happened after the moment is undone, in that order.
  void event(OpenItem& item, Rows& row) {
    const std::string_view kind = row.text(1);
    const Timestamp time = row.integer(3);
    const bool later = time > context_.as_of;
    EntryKind entry_kind = EntryKind::push;
    const std::string label = row.string(4);
    const std::int64_t subject = people_.person(row.optional_integer(5));
    if (kind == "labeled") {
      entry_kind = EntryKind::labeled;
      if (later) item.labels.erase(label);
    } else if (kind == "unlabeled") {
      entry_kind = EntryKind::unlabeled;
      if (later) item.labels.insert(label);
    } else if (kind == "ready_for_review") {
      entry_kind = EntryKind::ready;
      if (later) item.is_draft = true;
    } else if (kind == "convert_to_draft") {
      entry_kind = EntryKind::draft;
      if (later) item.is_draft = false;
    } else if (kind == "review_requested") {
      entry_kind = EntryKind::requested;
      if (later) item.requested_reviewers.erase(subject);
    } else if (kind == "review_request_removed") {
      entry_kind = EntryKind::unrequested;
      if (later && subject) item.requested_reviewers.insert(subject);
    } else if (kind == "reopened") {
      entry_kind = EntryKind::reopened;
    }
    if (later) return;
    Entry entry = at(time, entry_kind, row.optional_integer(2));
    if (entry_kind == EntryKind::push) {
      // A commit may be older than the pull request; it came with it, at the earliest.
      entry.at = std::max(entry.at, item.created_at);
      if (kind == "committed") entry.person = item.author, entry.is_bot = item.author_is_bot;
    }
    entry.label = label;
    entry.subject = subject;
    entry.sha = row.string(6);
    item.entries.push_back(std::move(entry));
  }

  // The newest run of each check on the item counts; it is of the head where the data says so. A run is stored with one
  // item: where several have the same head, it is each one's.
  void load_ci() {
    std::unordered_map<std::size_t, std::unordered_map<std::string, std::pair<std::string, Timestamp>>> newest;
    const std::string sql = fmt::format(
        "SELECT item_id, name, status, conclusion, started_at, finished_at, run_key FROM ci_run WHERE project_id = "
        ":project AND item_id IN ({0}) AND started_at <= :as_of UNION ALL SELECT i.item_id, r.name, r.status, "
        "r.conclusion, r.started_at, r.finished_at, r.run_key FROM item i JOIN ci_run r ON r.project_id = i.project_id "
        "AND r.sha = i.head_sha AND r.item_id <> i.item_id WHERE i.project_id = :project AND i.item_id IN ({0}) AND "
        "r.started_at <= :as_of ORDER BY started_at, run_key",
        kOpen);
    for (const auto rows = context_.database.query(sql, parameters_); rows->next();) {
      const auto found = index_.find(rows->integer(0));
      if (found == index_.end()) continue;
      const auto finished = rows->optional_integer(5);
      const bool is_done = rows->text(2) == "completed" && finished && *finished <= context_.as_of;
      newest[found->second][rows->string(1)] = {is_done ? rows->string(3) : "pending",
                                                finished && is_done ? *finished : rows->integer(4)};
    }
    for (const auto& [index, checks] : newest) {
      OpenItem& item = items_[index];
      item.ci = "success";
      for (const auto& [name, state] : checks) {
        const auto& [conclusion, time] = state;
        const bool failed = conclusion == "failure" || conclusion == "timed_out" || conclusion == "startup_failure" ||
                            conclusion == "action_required";
        if (failed) {
          item.ci_failed += (item.ci_failed.empty() ? "" : ", ") + name;
          item.ci = "failure";
        } else if (conclusion == "pending" && item.ci != "failure") {
          item.ci = "pending";
        }
        if (failed || conclusion == "pending" || !item.ci_at) item.ci_at = time;
      }
    }
  }

  void load_first_contributions() {
    std::unordered_map<std::int64_t, Timestamp> first;
    // Of one item, its author's alone: the indices lead there.
    std::string whose;
    if (items_.size() == 1) {
      for (const auto& [identity, person] : people_.person_of_identity)
        if (person == items_.front().author && person != 0)
          whose += fmt::format("{}{}", whose.empty() ? "" : ", ", identity);
      if (whose.empty()) return;
      whose = fmt::format(" AND author_id IN ({})", whose);
    }
    for (const std::string_view sql :
         {"SELECT author_id, min(merged_at) FROM item WHERE project_id = :project AND kind = 'pull' AND merged_at <= "
          ":as_of{} GROUP BY author_id",
          "SELECT author_id, min(committed_at) FROM git_commit WHERE project_id = :project AND on_default = 1 AND "
          "committed_at <= :as_of{} GROUP BY author_id"})
      for (const auto rows = context_.database.query(fmt::format(fmt::runtime(sql), whose), context_.parameters());
           rows->next();) {
        const auto [found, is_new] = first.emplace(people_.person(rows->optional_integer(0)), rows->integer(1));
        if (!is_new) found->second = std::min(found->second, rows->integer(1));
      }
    for (OpenItem& item : items_) {
      const auto found = first.find(item.author);
      item.first_contribution =
          item.author != 0 && !item.author_is_bot && (found == first.end() || found->second > item.created_at);
    }
  }

  const Context& context_;
  const People& people_;
  Parameters parameters_;
  std::vector<OpenItem>& items_;
  std::unordered_map<std::int64_t, std::size_t> index_;
};

}  // namespace

std::int64_t People::person(const std::optional<std::int64_t>& identity) const {
  if (!identity) return 0;
  const auto found = person_of_identity.find(*identity);
  return found == person_of_identity.end() ? 0 : found->second;
}

std::string People::name(std::int64_t person) const {
  const auto found = names.find(person);
  return found == names.end() ? "someone" : found->second;
}

People load_people(const Context& context) {
  People people;
  Database& database = context.database;
  const Parameters project{{"project", context.project_id}};
  for (const auto rows =
           database.query("SELECT identity_id, person_id FROM person_identity WHERE project_id = :project", project);
       rows->next();)
    people.person_of_identity[rows->integer(0)] = rows->integer(1);
  for (const auto rows =
           database.query("SELECT person_id, name, login, is_bot FROM person WHERE project_id = :project", project);
       rows->next();) {
    people.names[rows->integer(0)] = rows->string(1);
    if (!rows->is_null(2)) people.by_login[to_lower(rows->text(2))] = rows->integer(0);
    if (rows->integer(3) == 1) people.bots.insert(rows->integer(0));
  }
  for (const auto& login : context.config.maintainers)
    if (const auto found = people.by_login.find(to_lower(login)); found != people.by_login.end())
      people.maintainers.insert(found->second);
  people.approvers = people.maintainers;
  const bool configured = !context.config.maintainers.empty();
  Parameters parameters = context.parameters();
  parameters.emplace_back("since", context.as_of - 2 * 365 * kDay);
  // The + keeps SQLite from walking all events in order of their actors.
  for (const std::string_view sql :
       {"SELECT +actor_id, CASE WHEN max(occurred_at) > :since THEN 1 ELSE 0 END FROM event WHERE project_id = "
        ":project AND kind = 'merged' AND occurred_at <= :as_of GROUP BY +actor_id",
        "SELECT author_id, CASE WHEN max(committed_at) > :since THEN 1 ELSE 0 END FROM git_commit WHERE project_id = "
        ":project AND on_default = 1 AND parent_count > 1 AND committed_at <= :as_of GROUP BY author_id"}) {
    for (const auto rows = database.query(sql, parameters); rows->next();) {
      const std::int64_t person = people.person(rows->optional_integer(0));
      if (!person || people.bots.contains(person)) continue;
      people.approvers.insert(person);
      if (!configured && rows->integer(1) == 1) people.maintainers.insert(person);
    }
  }
  return people;
}

std::vector<OpenItem> load_open_items(const Context& context, const People& people, const std::string& kind,
                                      std::int64_t number) {
  std::vector<OpenItem> items;
  Parameters parameters = context.parameters();
  parameters.emplace_back("kind", kind);
  parameters.emplace_back("number", number);
  const auto rows = context.database.query(
      "WITH open_now AS (SELECT item_id, max(opened_at) AS opened_at FROM item_interval WHERE project_id = :project "
      "AND "
      "opened_at <= :as_of AND (closed_at IS NULL OR closed_at > :as_of) GROUP BY item_id) "
      "SELECT i.item_id, i.number, i.kind, i.title, i.body, i.url, i.milestone, i.head_sha, i.author_association, "
      "i.author_id, i.created_at, o.opened_at, i.is_draft, i.additions, i.deletions, i.changed_files, f.additions, "
      "f.deletions, f.files FROM open_now o JOIN item i ON i.project_id = :project AND i.item_id = o.item_id "
      "LEFT JOIN (SELECT item_id, sum(additions) AS additions, sum(deletions) AS deletions, count(*) AS files FROM "
      "item_file WHERE project_id = :project AND :kind <> 'issue' AND item_id IN (SELECT item_id FROM open_now) GROUP "
      "BY item_id) f ON f.item_id = i.item_id WHERE (:kind = '' OR i.kind = :kind) AND (:number = 0 OR i.number = "
      ":number) ORDER BY i.number, i.item_id",
      parameters);
  while (rows->next()) {
    OpenItem item;
    item.id = rows->integer(0);
    item.number = rows->integer(1);
    item.is_pull = rows->text(2) == "pull";
    item.title = rows->string(3);
    item.body = rows->string(4);
    item.url = rows->is_null(5) ? context.item_url(rows->text(2), item.number) : rows->string(5);
    item.milestone = rows->string(6);
    item.head_sha = rows->string(7);
    item.association = rows->string(8);
    item.author = people.person(rows->optional_integer(9));
    item.author_is_bot = people.bots.contains(item.author);
    item.created_at = rows->integer(10);
    item.opened_at = rows->integer(11);
    item.is_draft = rows->integer(12) == 1;
    item.additions = rows->is_null(13) ? rows->optional_integer(16) : rows->optional_integer(13);
    item.deletions = rows->is_null(14) ? rows->optional_integer(17) : rows->optional_integer(14);
    item.changed_files = rows->is_null(15) ? rows->optional_integer(18) : rows->optional_integer(15);
    items.push_back(std::move(item));
  }
  if (!items.empty()) Loader(context, people, parameters, items).load();
  return items;
}

std::string own_words(std::string_view body) {
  std::string result;
  bool in_code = false;
  for (std::string_view line : split(body, '\n')) {
    const std::string_view text = trim(line);
    if (text.starts_with("```") || text.starts_with("~~~")) {
      in_code = !in_code;
      continue;
    }
    if (in_code || text.starts_with(">")) continue;
    result += text;
    result += '\n';
  }
  for (std::size_t begin; (begin = result.find("<!--")) != std::string::npos;) {
    const std::size_t end = result.find("-->", begin);
    result.erase(begin, end == std::string::npos ? std::string::npos : end + 3 - begin);
  }
  return result;
}

}  // namespace resident

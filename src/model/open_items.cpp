#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <framework/veil.hpp>
#include <limits>
#include <map>
#include <model/attention_loader.hpp>
#include <model/document_owners.hpp>
#include <model/open_item_facts.hpp>
#include <model/open_items.hpp>
#include <model/review_state.hpp>
#include <store/ci_conclusion.hpp>
#include <store/event_details.hpp>
#include <store/id_lists.hpp>
#include <store/moves.hpp>
#include <tuple>

namespace resident {

namespace {

constexpr std::string_view kPending = "pending";
constexpr std::string_view kHeld = "held";  // a workflow that waits to be let run
// A check that has not ended after so long never will: nobody updates the status any more. GitHub calls check runs that
// were not touched for that long stale.
constexpr Timestamp kLongestCheck = 14 * kDay;

bool is_without_result(std::string_view conclusion) {
  return conclusion == "skipped" || conclusion == "cancelled" || conclusion == "stale";
}

class Loader {
 public:
  Loader(const Context& context, const People& people, OpenItemFacts& facts, std::vector<OpenItem>& items)
      : context_(context),
        people_(people),
        facts_(facts),
        items_(items),
        ids_(id_lists(items, [](const OpenItem& item) { return item.id; })) {
    for (std::size_t i = 0; i < items.size(); ++i) index_[items[i].id] = i;
  }

  void load() {
    each("SELECT item_id, name FROM item_label WHERE project_id = :project AND item_id IN ({})",
         [](OpenItem& item, Rows& row) { item.labels.insert(row.string(1)); });
    each("SELECT item_id, reviewer_id FROM review_request WHERE project_id = :project AND item_id IN ({})",
         [&](OpenItem& item, Rows& row) { item.requested_reviewers.insert(people_.person(row.integer(1))); });
    each("SELECT item_id, team FROM team_request WHERE project_id = :project AND item_id IN ({})",
         [](OpenItem& item, Rows& row) { item.requested_teams.insert(row.string(1)); });
    timelines_.resize(items_.size());
    each(
        "SELECT item_id, kind, actor_id, occurred_at, label, subject_id, sha, position, event_key, detail FROM event "
        "WHERE project_id = :project AND occurred_at IS NOT NULL AND kind IN ('committed', 'head_ref_force_pushed', "
        "'ready_for_review', 'convert_to_draft', 'labeled', 'unlabeled', 'review_requested', 'review_request_removed', "
        "'reopened', 'commented', 'reviewed', 'review_copied', 'auto_merge_enabled', 'auto_squash_enabled', "
        "'auto_rebase_enabled', 'auto_merge_disabled', 'added_to_merge_queue', 'removed_from_merge_queue', "
        "'blocked_by_added') AND item_id "
        "IN ({}) ORDER BY item_id, position",
        [&](OpenItem& item, Rows& row) { event(item, row); });
    for (std::size_t i = 0; i < items_.size(); ++i) take_timeline(items_[i], timelines_[i]);
    each(
        "SELECT item_id, kind, author_id, created_at, body, comment_key, review_key, reply_to, updated_at FROM comment "
        "WHERE project_id = :project AND created_at <= :as_of AND kind <> 'patch' AND item_id IN ({})",
        [&](OpenItem& item, Rows& row) {
          const bool is_inline = row.text(1) == "inline";
          Entry entry =
              at(row.integer(3), is_inline ? EntryKind::inline_comment : EntryKind::comment, row.optional_integer(2));
          entry.body = row.string(4);
          entry.position = position_of(item, row.string(is_inline ? 6 : 5));
          entry.key = row.string(5);
          entry.thread = row.is_null(7) ? entry.key : row.string(7);
          entry.edited_at = row.optional_integer(8).value_or(0);
          item.entries.push_back(std::move(entry));
        });
    each(
        "SELECT item_id, state, author_id, submitted_at, body, sha, review_key, dismissed_at, is_official FROM review "
        "WHERE project_id = :project AND submitted_at <= :as_of AND item_id IN ({})",
        [&](OpenItem& item, Rows& row) { review(item, row); });
    take_facts();
    load_ci();
    load_left();
    for (OpenItem& item : items_) {
      std::stable_sort(item.entries.begin(), item.entries.end(), [](const Entry& a, const Entry& b) {
        // What came in one second and stands nowhere in the timeline keeps one order, whatever order the store has.
        return std::tuple(a.at, a.position, a.kind, a.key.size(), std::string_view(a.key)) <
               std::tuple(b.at, b.position, b.kind, b.key.size(), std::string_view(b.key));
      });
      replay_requests(item);
    }
  }

 private:
  // An event before its time is settled.
  struct Told {
    Entry entry;
    bool is_commit_date = false;
    bool is_of_text = false;  // a comment or a review: its text is in a row of its own
  };

  // {} stands for the items' numbers.
  template <class Take>
  void each(std::string_view sql, const Take& take) {
    for (const std::string& ids : ids_)
      for (const auto rows = context_.database.query(fmt::format(fmt::runtime(sql), ids), context_.parameters());
           rows->next();)
        take(items_[index_.at(rows->integer(0))], *rows);
  }

  Entry at(Timestamp time, EntryKind kind, std::optional<std::int64_t> identity) const {
    Entry entry;
    entry.at = time;
    entry.kind = kind;
    entry.person = people_.person(identity);
    entry.is_bot = people_.bots.contains(entry.person);
    return entry;
  }

  void review(OpenItem& item, Rows& row) {
    Entry entry = at(row.integer(3), EntryKind::review, row.optional_integer(2));
    entry.state = row.string(1);
    entry.body = row.string(4);
    entry.sha = row.string(5);
    entry.key = row.string(6);
    entry.position = position_of(item, entry.key);
    if (!row.is_null(8)) entry.is_official = row.integer(8) == 1;
    if (const auto dismissed = row.optional_integer(7); dismissed && *dismissed <= context_.as_of) {
      Entry dismissal;
      dismissal.at = *dismissed;
      dismissal.kind = EntryKind::dismissed;
      dismissal.subject = entry.person;
      dismissal.key = entry.key;
      dismissal.state = entry.state;
      // After what else happened in that second: what overtook it was there first.
      dismissal.position = std::numeric_limits<std::int64_t>::max();
      item.entries.push_back(std::move(dismissal));
    }
    item.entries.push_back(std::move(entry));
  }

  // Keys of comments and reviews stand in the timeline with or without what kind they are of: "12", "comment/12".
  std::int64_t position_of(const OpenItem& item, const std::string& key) const {
    if (key.empty()) return 0;
    const auto found = positions_.find({item.id, key});
    return found == positions_.end() ? 0 : found->second;
  }

  static EntryKind kind_of(std::string_view kind) {
    static constexpr std::pair<std::string_view, EntryKind> list[] = {
        {"labeled", EntryKind::labeled},
        {"unlabeled", EntryKind::unlabeled},
        {"ready_for_review", EntryKind::ready},
        {"convert_to_draft", EntryKind::draft},
        {"review_requested", EntryKind::requested},
        {"review_request_removed", EntryKind::unrequested},
        {"reopened", EntryKind::reopened},
        {"review_copied", EntryKind::copied},
        {"auto_merge_enabled", EntryKind::merges_itself},
        {"auto_squash_enabled", EntryKind::merges_itself},
        {"auto_rebase_enabled", EntryKind::merges_itself},
        {"added_to_merge_queue", EntryKind::merges_itself},
        {"auto_merge_disabled", EntryKind::merges_not},
        {"removed_from_merge_queue", EntryKind::merges_not},
        {"blocked_by_added", EntryKind::blocked},
        {"commented", EntryKind::comment},
        {"reviewed", EntryKind::review}};
    for (const auto& [name, result] : list)
      if (name == kind) return result;
    return EntryKind::push;
  }

  void event(OpenItem& item, Rows& row) {
    const std::string_view kind = row.text(1);
    Told told{at(row.integer(3), kind_of(kind), row.optional_integer(2))};
    Entry& entry = told.entry;
    entry.label = row.string(4);
    entry.subject = people_.person(row.optional_integer(5));
    entry.sha = row.string(6);
    entry.position = row.integer(7) + 1;
    if (entry.kind == EntryKind::requested || entry.kind == EntryKind::unrequested) entry.team = row.string(9);
    if (entry.kind == EntryKind::copied) entry.key = row.string(9);
    if (kind.ends_with("_merge_queue")) entry.label = kMergeQueue;
    if (entry.kind == EntryKind::blocked) entry.label = row.string(9);
    entry.is_base_merge = entry.kind == EntryKind::push && row.text(9) == kBaseMerged;
    if (kind == "committed") {
      entry.person = item.author, entry.is_bot = item.author_is_bot;
      told.is_commit_date = true;
    }
    entry.is_exact_head = kind == "head_ref_force_pushed" && !entry.sha.empty();
    item.by_patch_sets = item.by_patch_sets || row.text(8).starts_with("patch_set/");
    told.is_of_text = entry.kind == EntryKind::comment || entry.kind == EntryKind::review;
    if (told.is_of_text) {
      const std::string key = row.string(8);
      positions_[{item.id, key}] = entry.position;
      if (const std::size_t slash = key.find('/'); slash != std::string::npos)
        positions_.emplace(std::pair{item.id, key.substr(slash + 1)}, entry.position);
    }
    timelines_[index_.at(item.id)].push_back(std::move(told));
  }

  // A commit's date is its author's clock's; where it stands in the timeline says between which events it came.
  // Timelines that are not in order of time themselves say nothing.
  static void settle_commits(const OpenItem& item, std::vector<Told>& timeline) {
    Timestamp last = item.created_at;
    for (const Told& told : timeline) {
      if (told.is_commit_date) continue;
      if (told.entry.at < last) return;
      last = told.entry.at;
    }
    Timestamp next = std::numeric_limits<Timestamp>::max();
    for (auto told = timeline.rbegin(); told != timeline.rend(); ++told) {
      if (told->is_commit_date) {
        told->entry.at = std::min(told->entry.at, next);
      } else {
        next = told->entry.at;
      }
    }
    last = item.created_at;
    for (Told& told : timeline) {
      if (told.is_commit_date)
        told.entry.at = std::max(told.entry.at, last);
      else
        last = told.entry.at;
    }
  }

  void take_timeline(OpenItem& item, std::vector<Told>& timeline) {
    settle_commits(item, timeline);
    undo_later(item, timeline);
    answer_teams(item, timeline);
    // Where the source tells no pushes, the head is known as of the item's last change alone.
    item.head_is_of_now = std::any_of(timeline.begin(), timeline.end(),
                                      [](const Told& told) { return told.entry.kind == EntryKind::push; }) ||
                          item.updated_at.value_or(0) <= context_.as_of;
    for (Told& told : timeline) {
      if (told.is_of_text) continue;
      // A commit may be older than the pull request; it came with it, at the earliest.
      if (told.entry.kind == EntryKind::push) told.entry.at = std::max(told.entry.at, item.created_at);
      if (told.entry.at <= context_.as_of) {
        item.entries.push_back(std::move(told.entry));
      } else if (told.entry.kind == EntryKind::push) {
        item.head_is_of_now = false;
      }
    }
    timeline.clear();
  }

  // Labels and draft state as they were: today's with what happened after the moment undone, newest first. Of requests,
  // only those that no event tells of: the others are replayed.
  void undo_later(OpenItem& item, const std::vector<Told>& timeline) const {
    item.asked_from_start = item.requested_reviewers;
    std::set<std::int64_t> told_of;
    for (const Told& told : timeline) {
      const Entry& entry = told.entry;
      if (entry.kind != EntryKind::requested && entry.kind != EntryKind::unrequested) continue;
      if (entry.subject == 0 || !told_of.insert(entry.subject).second) continue;
      item.asked_from_start.erase(entry.subject);
      if (entry.kind == EntryKind::unrequested) item.asked_from_start.insert(entry.subject);
    }
    item.asked_from_start.erase(0);
    for (auto told = timeline.rbegin(); told != timeline.rend(); ++told) {
      const Entry& entry = told->entry;
      if (entry.at <= context_.as_of) continue;
      if (entry.kind == EntryKind::labeled) item.labels.erase(entry.label);
      if (entry.kind == EntryKind::unlabeled) item.labels.insert(entry.label);
      if (entry.kind == EntryKind::ready) item.is_draft = true;
      if (entry.kind == EntryKind::draft) item.is_draft = false;
    }
  }

  // Who is in a team is not told. A request that is neither open now nor was taken back was answered: by the first
  // review of somebody else than the author after it.
  void answer_teams(const OpenItem& item, std::vector<Told>& timeline) const {
    for (auto told = timeline.begin(); told != timeline.end(); ++told) {
      const std::string& team = told->entry.team;
      if (told->entry.kind != EntryKind::requested || team.empty()) continue;
      bool is_open = item.requested_teams.contains(team);
      Timestamp first_review = std::numeric_limits<Timestamp>::max();
      for (auto later = told + 1; later != timeline.end() && !is_open; ++later) {
        const Entry& entry = later->entry;
        is_open = entry.kind == EntryKind::unrequested && entry.team == team;
        if (entry.kind == EntryKind::review && entry.person != item.author && !entry.is_bot)
          first_review = std::min(first_review, entry.at);
      }
      told->entry.is_answered_team = !is_open && first_review <= context_.as_of;
    }
  }

  // The set of those asked, as it was.
  static void replay_requests(OpenItem& item) {
    ReviewState state;
    state.begin(item);
    for (const Entry& entry : item.entries) {
      if (entry.kind == EntryKind::requested && entry.subject != item.author) state.requested(entry);
      if (entry.kind == EntryKind::unrequested) state.unrequested(entry);
      if (entry.kind == EntryKind::review) state.reviewed(entry.person);
    }
    item.requested_reviewers = state.asked();
    item.requested_teams = state.asked_teams();
  }

  void take_facts() {
    for (OpenItem& item : items_) {
      item.is_locked = facts_.is_locked(item.id).value_or(item.is_locked);
      if (const std::string* title = facts_.former_title(item.id)) item.title = *title;
      if (item.is_pull) item.author_merges_own = facts_.merges_own(item.author);
      if (item.author == 0 || item.author_is_bot || item.is_locked || facts_.has_merged_before(item)) continue;
      item.nothing_merged = facts_.has_item_before(item);
      item.first_contribution = !item.nothing_merged;
    }
  }

  // Who asked for changes and is gone: nobody waits for them.
  void load_left() {
    const auto each_objector = [&](const auto& take) {
      for (OpenItem& item : items_)
        for (const Entry& entry : item.entries)
          if (entry.kind == EntryKind::review && entry.state == "changes_requested" && entry.person)
            take(item, entry.person);
    };
    std::set<std::int64_t> objectors;
    each_objector([&](const OpenItem&, std::int64_t person) { objectors.insert(person); });
    facts_.presence().look_up(objectors);
    each_objector([&](OpenItem& item, std::int64_t person) {
      if (!facts_.presence().is_active(person)) item.left.insert(person);
    });
  }

  // The newest run of each check on the item counts; it is of the head where the data says so. A run is stored with one
  // item: where several have the same head, it is each one's.
  void load_ci() {
    struct Check {
      std::string conclusion, sha;
      Timestamp at = 0;
    };
    std::unordered_map<std::size_t, std::unordered_map<std::string, Check>> newest;
    each(
        "SELECT item_id, name, status, conclusion, started_at, finished_at, run_key, sha, kind FROM ci_run WHERE "
        "project_id = :project AND item_id IN ({0}) AND started_at <= :as_of UNION ALL SELECT i.item_id, r.name, "
        "r.status, "
        "r.conclusion, r.started_at, r.finished_at, r.run_key, r.sha, r.kind FROM item i JOIN ci_run r ON r.project_id "
        "= "
        "i.project_id "
        "AND r.sha = i.head_sha AND r.item_id <> i.item_id WHERE i.project_id = :project AND i.item_id IN ({0}) AND "
        "r.started_at <= :as_of ORDER BY started_at, run_key",
        [&](const OpenItem& item, Rows& row) {
          const auto finished = row.optional_integer(5);
          const bool is_done = row.text(2) == "completed" && finished && *finished <= context_.as_of;
          // A workflow that waits for somebody to let it run (of who is new, on GitHub) has not failed.
          const bool is_held = row.text(8) == "workflow_run" && row.text(3) == "action_required";
          // What was skipped or cancelled came to no result, and takes none back that the check had on the commit.
          const bool is_given_up = !is_done && row.integer(4) < context_.as_of - kLongestCheck;
          std::string conclusion = is_given_up ? "stale"
                                   : !is_done  ? std::string(kPending)
                                   : is_held   ? std::string(kHeld)
                                               : row.string(3);
          const auto [known, is_first] = newest[index_.at(item.id)].try_emplace(row.string(1));
          Check& check = known->second;
          const bool is_same_commit = !is_first && check.sha == row.text(7);
          if (is_same_commit && is_without_result(conclusion) && check.conclusion != kPending) return;
          // What began before the failure was there is no rerun of it, but another job of that name (of another
          // workflow, or of the push beside the pull request), and mends nothing.
          if (is_same_commit && is_failure(check.conclusion) && row.integer(4) < check.at && !is_failure(conclusion))
            return;
          check = {std::move(conclusion), row.string(7), finished && is_done ? *finished : row.integer(4)};
        });
    for (const auto& [index, checks] : newest) {
      OpenItem& item = items_[index];
      std::optional<Timestamp> failed_at, pending_at, done_at;
      bool is_stopped = false, is_held = false;
      for (const auto& [name, state] : checks) {
        const auto& [conclusion, sha, time] = state;
        const bool failed = is_failure(conclusion);
        if (failed) item.ci_failed.push_back(name);
        is_held = is_held || conclusion == kHeld;
        is_stopped = is_stopped || (is_without_result(conclusion) && conclusion != "skipped");
        std::optional<Timestamp>& newest_at = failed ? failed_at : conclusion == kPending ? pending_at : done_at;
        newest_at = std::max(newest_at.value_or(time), time);
      }
      item.ci = failed_at    ? "failure"
                : pending_at ? "pending"
                : is_held    ? "held"
                : is_stopped ? "cancelled"
                             : "success";
      item.ci_at = failed_at ? failed_at : pending_at ? pending_at : done_at;
      std::sort(item.ci_failed.begin(), item.ci_failed.end());
    }
  }

  const Context& context_;
  const People& people_;
  OpenItemFacts& facts_;
  std::vector<OpenItem>& items_;
  std::vector<std::string> ids_;  // id_lists
  std::unordered_map<std::int64_t, std::size_t> index_;
  std::vector<std::vector<Told>> timelines_;  // of each item, in their order
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> positions_;
};

}  // namespace

std::string OpenItem::newness() const {
  return first_contribution ? "a first contribution" : nothing_merged ? "nothing of theirs is merged yet" : "";
}

void OpenItem::forget_thread() {
  std::vector<Entry>().swap(entries);
  std::string().swap(body);
}

std::int64_t People::person(const std::optional<std::int64_t>& identity) const {
  if (!identity) return 0;
  const auto found = person_of_identity.find(*identity);
  return found == person_of_identity.end() ? 0 : found->second;
}

std::string People::name(std::int64_t person) const {
  const auto found = names.find(person);
  return found == names.end() ? "someone" : found->second;
}

bool People::are_namesakes(std::int64_t one, std::int64_t other) const {
  const auto& all = hidden_names.empty() ? names : hidden_names;
  const auto found = all.find(one), second = all.find(other);
  if (found == all.end() || second == all.end()) return found == second;
  return found->second == second->second;
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
    const bool is_bot = rows->integer(3) == 1;
    people.names[rows->integer(0)] =
        shown_name(context.people_shown, rows->integer(0), rows->string(1), rows->string(2), is_bot);
    if (context.people_shown != PeopleShown::by_name) people.hidden_names[rows->integer(0)] = rows->string(1);
    if (!rows->is_null(2)) people.by_login[to_lower(rows->text(2))] = rows->integer(0);
    if (is_bot) people.bots.insert(rows->integer(0));
  }
  for (const auto& login : context.config.maintainers)
    if (const auto found = people.by_login.find(to_lower(login)); found != people.by_login.end())
      people.maintainers.insert(found->second);
  people.approvers = people.maintainers;
  const bool configured = !context.config.maintainers.empty();
  const Timestamp since = context.as_of - 2 * 365 * kDay;
  // One row a merge: sorting them by person in the store would cost more.
  for (const std::string_view sql : {"SELECT actor_id, occurred_at FROM event WHERE project_id = :project AND kind = "
                                     "'merged' AND occurred_at <= :as_of",
                                     "SELECT author_id, committed_at FROM git_commit WHERE project_id = :project AND "
                                     "on_default = 1 AND parent_count > 1 AND committed_at <= :as_of"}) {
    for (const auto rows = database.query(sql, context.parameters()); rows->next();) {
      const std::int64_t person = people.person(rows->optional_integer(0));
      if (!person || people.bots.contains(person)) continue;
      people.approvers.insert(person);
      if (!configured && rows->integer(1) > since) people.maintainers.insert(person);
    }
  }
  return people;
}

void each_open_item(const Context& context, const People& people, const std::string& kind,
                    const std::function<void(OpenItem&&)>& take, std::int64_t number) {
  constexpr std::size_t kSlice = 200;
  std::vector<OpenItem> items;
  OpenItemFacts facts(context, people, number);
  const auto hand_over = [&] {
    if (items.empty()) return;
    Loader(context, people, facts, items).load();
    load_document_owners(context, people, items);
    load_attention(context, people, items);
    load_built_on(context, items);
    for (OpenItem& item : items) take(std::move(item));
    items.clear();
  };
  Parameters parameters = context.parameters();
  parameters.emplace_back("kind", kind);
  parameters.emplace_back("number", number);
  const auto rows = context.database.query(
      // In two halves, each of which is a stretch of an index.
      "WITH open_now AS (SELECT item_id, max(opened_at) AS opened_at FROM (SELECT item_id, opened_at FROM "
      "item_interval WHERE project_id = :project AND closed_at IS NULL AND opened_at <= :as_of UNION ALL SELECT "
      "item_id, opened_at FROM item_interval WHERE project_id = :project AND closed_at > :as_of AND opened_at <= "
      ":as_of) v GROUP BY item_id) SELECT i.item_id, i.number, i.kind, i.title, i.body, i.url, i.milestone, "
      "i.head_sha, i.author_association, i.author_id, i.created_at, o.opened_at, i.is_draft, i.additions, i.deletions, "
      "i.changed_files, f.additions, f.deletions, f.files, i.updated_at, i.is_locked FROM open_now o JOIN item i ON "
      "i.project_id = :project AND i.item_id = o.item_id LEFT JOIN (SELECT item_id, sum(additions) AS additions, "
      "sum(deletions) AS deletions, count(*) AS files FROM item_file WHERE project_id = :project AND :kind <> 'issue' "
      "AND item_id IN (SELECT item_id FROM open_now) GROUP BY item_id) f ON f.item_id = i.item_id WHERE (:kind = '' OR "
      "i.kind = :kind) AND (:number = 0 OR i.number = :number) ORDER BY i.number, i.item_id",
      parameters);
  const auto first_lives = load_first_lives(context.database, context.project_id, context.as_of);
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
    item.created_at = item.began_at = rows->integer(10);
    item.opened_at = rows->integer(11);
    if (const auto life = first_lives.find(item.id); life != first_lives.end()) {
      item.began_at = std::min(item.created_at, life->second.opened_at.value_or(item.created_at));
      item.began_as = life->second.name();
      item.answered_before = life->second.responded_at;
    }
    item.is_draft = rows->integer(12) == 1;
    item.is_locked = rows->integer(20) == 1;
    item.additions = rows->is_null(13) ? rows->optional_integer(16) : rows->optional_integer(13);
    item.deletions = rows->is_null(14) ? rows->optional_integer(17) : rows->optional_integer(14);
    item.changed_files = rows->is_null(15) ? rows->optional_integer(18) : rows->optional_integer(15);
    item.updated_at = rows->optional_integer(19);
    items.push_back(std::move(item));
    if (items.size() == kSlice) hand_over();
  }
  hand_over();
}

std::vector<OpenItem> load_open_items(const Context& context, const People& people, const std::string& kind,
                                      std::int64_t number) {
  std::vector<OpenItem> items;
  each_open_item(
      context, people, kind, [&](OpenItem&& item) { items.push_back(std::move(item)); }, number);
  return items;
}

std::unordered_set<std::int64_t> spam_items(const Context& context) {
  std::unordered_set<std::int64_t> items;
  Parameters parameters = context.parameters();
  parameters.emplace_back("soon", 7 * kDay);
  const auto rows = context.database.query(
      "SELECT DISTINCT e.item_id FROM event e JOIN item i ON i.project_id = e.project_id AND i.item_id = e.item_id "
      "WHERE e.project_id = :project AND e.kind = 'locked' AND e.occurred_at <= :as_of AND i.is_locked = 1 AND "
      "i.merged_at IS NULL AND (lower(e.detail) = 'spam' OR e.occurred_at < i.created_at + :soon) UNION SELECT "
      "i.item_id FROM item i JOIN item_label l ON l.project_id = i.project_id AND l.item_id = i.item_id WHERE "
      "i.project_id = :project AND i.created_at <= :as_of AND lower(l.name) IN ('spam', 'type: spam', 'resolution: "
      "spam') UNION SELECT i.item_id FROM item i WHERE i.project_id = :project AND i.created_at <= :as_of AND "
      "i.is_locked = 1 AND i.merged_at IS NULL AND i.closed_at IS NOT NULL AND i.closed_at < i.created_at + :soon AND "
      "NOT EXISTS (SELECT 1 FROM event e WHERE e.project_id = i.project_id AND e.item_id = i.item_id AND e.kind IN "
      "('locked', 'unlocked')) AND NOT EXISTS (SELECT 1 FROM comment c WHERE c.project_id = i.project_id AND c.item_id "
      "= i.item_id)",
      parameters);
  while (rows->next()) items.insert(rows->integer(0));
  return items;
}

std::string OpenItem::ci_failed_text() const {
  return fmt::format("{}", fmt::join(ci_failed, ", "));
}

}  // namespace resident

// The dossier of one issue or pull request: what it is, whose turn it is, and the
// whole thread in order of time, for who decides without the forge at hand.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/item/dossier.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <framework/arguments.hpp>
#include <model/benchmarks/suspicions.hpp>
#include <model/lines_changed.hpp>
#include <model/queues/owed.hpp>
#include <model/queues/review.hpp>
#include <model/queues/triage.hpp>
#include <store/moves.hpp>

namespace resident {

std::vector<DossierSubject> find_subjects(const Context& context, std::int64_t number, const std::string& kind) {
  std::vector<DossierSubject> found;
  for (const auto rows = context.database.query(
           "SELECT i.item_id, i.kind, i.title, i.url, i.created_at, i.merged_at, p.name, (SELECT count(*) FROM "
           "item_interval v WHERE v.project_id = i.project_id AND v.item_id = i.item_id AND v.opened_at <= :as_of AND "
           "(v.closed_at IS NULL OR v.closed_at > :as_of)), (SELECT max(v.closed_at) FROM item_interval v WHERE "
           "v.project_id = i.project_id AND v.item_id = i.item_id AND v.closed_at <= :as_of), i.body FROM item i LEFT "
           "JOIN person_identity n ON n.project_id = i.project_id AND n.identity_id = i.author_id LEFT JOIN person p "
           "ON p.project_id = n.project_id AND p.person_id = n.person_id WHERE i.project_id = :project AND i.number = "
           ":number AND i.created_at <= :as_of ORDER BY i.item_id",
           {{"project", context.project_id}, {"as_of", context.as_of}, {"number", number}});
       rows->next();) {
    if (!kind.empty() && rows->text(1) != kind) continue;
    DossierSubject subject;
    subject.id = rows->integer(0);
    subject.number = number;
    subject.is_pull = rows->text(1) == "pull";
    subject.title = rows->string(2);
    subject.url = rows->string(3);
    subject.author = rows->is_null(6) ? "someone" : rows->string(6);
    subject.created_at = rows->integer(4);
    subject.body = rows->string(9);
    if (rows->integer(7) == 0) subject.closed_at = rows->optional_integer(8);
    const auto merged = rows->optional_integer(5);
    if (merged && *merged <= context.as_of) subject.merged_at = merged;
    if (subject.url.empty()) subject.url = context.item_url(rows->text(1), number);
    found.push_back(std::move(subject));
  }
  return found;
}

namespace {

using Subject = DossierSubject;

constexpr std::int64_t kEntries = 100, kMostEntries = 2000;
// What happened, without what other rows tell (comments, reviews) and without notifications.
constexpr const char* kEventKinds =
    "'closed', 'reopened', 'merged', 'labeled', 'unlabeled', 'renamed', 'review_requested', 'review_request_removed', "
    "'assigned', 'unassigned', 'milestoned', 'demilestoned', 'ready_for_review', 'convert_to_draft', "
    "'head_ref_force_pushed', 'committed', 'cross-referenced', 'marked_as_duplicate', 'locked', 'unlocked', "
    "'transferred'";

class Facts {
 public:
  Facts(const Context& context, const Subject& subject, const DossierMeans& means)
      : context_(context), subject_(subject), means_(means) {}

  Result result() {
    Result result = context_.result("dossier", fmt::format("#{} {}", subject_.number, one_line(subject_.title)),
                                    "What is it, and whose turn is it?");
    result.columns = {{"what", "What", ColumnType::text}, {"answer", "Answer", ColumnType::text}};
    add("title", one_line(subject_.title));
    add("author", subject_.author);
    add("opened", format_date(subject_.created_at));
    const auto lives = load_first_lives(context_.database, context_.project_id, context_.as_of);
    if (const auto life = lives.find(subject_.id); life != lives.end())
      add("began",
          fmt::format(
              "{}as {}: {} (“{}”{})", life->second.opened_at ? "on " + format_date(*life->second.opened_at) + " " : "",
              life->second.name(), life->second.why, life->second.evidence,
              life->second.responded_at ? "; answered there on " + format_date(*life->second.responded_at) : ""));
    std::string state = "open";
    if (subject_.merged_at)
      state = "merged on " + format_date(*subject_.merged_at);
    else if (subject_.closed_at)
      state = "closed on " + format_date(*subject_.closed_at);
    add("state", state);
    if (state == "open") {
      add_open();
    } else {
      add("labels", labels_of_today());
    }
    if (subject_.is_pull)
      for (const SpeedSuspicion& each : speed_suspicions(context_, subject_.id)) add("suspected of", each.words());
    add("address", subject_.url);
    result.rows = std::move(rows_);
    result.claim = fmt::format("#{} is {} {} by {}, {}{}", subject_.number, subject_.is_pull ? "a" : "an",
                               subject_.noun(), subject_.author, state, verdict_.empty() ? "." : "; " + verdict_ + ".");
    result.sample_size = static_cast<std::int64_t>(result.rows.size());
    if (!subject_.url.empty()) result.evidence.push_back({"the " + std::string(subject_.noun()), "", subject_.url});
    result.definition =
        "Whose turn and which state: as in the review and triage queues. Labels, draft and requests are those of the "
        "moment while it is open, today's when it is closed; titles and texts are today's.";
    result.method = "the thread up to the moment, judged as the queues judge it (guide: triage)";
    if (subject_.is_pull && state == "open")
      result.notes.push_back(
          fmt::format("`resident review show {}` adds the checklist and who should review.", subject_.number));
    return result;
  }

 private:
  void add(std::string what, std::string answer) {
    if (!answer.empty()) rows_.push_back({std::move(what), std::move(answer)});
  }

  void add_turn(const TurnDecision& turn, const OpenItem& item, const People& people) {
    verdict_ = fmt::format("the turn of {} for {}: {}",
                           turn.turn == Turn::nobody ? "nobody" : std::string("the ") + turn_name(turn.turn),
                           waiting_text(turn.since, context_.as_of), turn.why);
    add("turn", turn_name(turn.turn));
    add_item(item, people);
  }

  void add_open() {
    if (subject_.is_pull && means_.reviews) {
      const auto& entries = means_.reviews->entries;
      const auto entry =
          std::find_if(entries.begin(), entries.end(), [&](const auto& each) { return each.item.id == subject_.id; });
      if (entry != entries.end()) add_turn(entry->turn, entry->item, means_.reviews->people);
      return;
    }
    if (subject_.is_pull) {
      const bool by_comment = approves_by_comment(context_);
      const People people = load_reviewing_people(context_, by_comment);
      const auto items = load_open_items(context_, people, "pull");
      const auto item = find(items);
      if (item == items.end()) return;
      const ApprovalHabits habits =
          approval_habits(context_, people, by_comment, push_dismisses_approvals(context_, by_comment).dismisses);
      const ReviewPolicy policy(settled_rules(context_, by_comment, habits), by_comment, context_.reference_rules(),
                                habits);
      const auto is_open = [&](std::int64_t number) {
        return std::any_of(items.begin(), items.end(), [&](const auto& each) { return each.number == number; });
      };
      return add_turn(policy.decide(*item, people, context_.as_of, is_open), *item, people);
    }
    TriageQueue loaded;
    if (!means_.triage) loaded = triage_queue(context_);
    const TriageQueue& queue = means_.triage ? *means_.triage : loaded;
    const auto entry = std::find_if(queue.entries.begin(), queue.entries.end(),
                                    [&](const auto& each) { return each.item.id == subject_.id; });
    if (entry == queue.entries.end()) {
      const auto items = load_open_items(context_, queue.people, "issue");
      if (const auto item = find(items); item != items.end()) add_item(*item, queue.people);
      return;
    }
    verdict_ = fmt::format("{} for {} ({})", triage_state_name(entry->state),
                           waiting_text(entry->since, context_.as_of), reasons_with_points(entry->reasons));
    add("triage", triage_state_name(entry->state));
    add_item(entry->item, queue.people);
  }

  std::vector<OpenItem>::const_iterator find(const std::vector<OpenItem>& items) const {
    return std::find_if(items.begin(), items.end(), [&](const auto& each) { return each.id == subject_.id; });
  }

  void add_item(const OpenItem& item, const People& people) {
    std::vector<std::string> reviewers;
    for (const auto person : item.requested_reviewers) reviewers.push_back(people.name(person));
    for (const auto& team : item.requested_teams) reviewers.push_back("team " + team);
    std::sort(reviewers.begin(), reviewers.end());
    add("draft", item.is_draft ? "yes" : "");
    add("first contribution", item.first_contribution ? "yes"
                              : item.nothing_merged   ? "no, but nothing of its author is merged yet"
                                                      : "");
    add("labels", fmt::format("{}", fmt::join(item.labels, ", ")));
    add("milestone", item.milestone);
    add("asked for a review", fmt::format("{}", fmt::join(reviewers, ", ")));
    if (item.additions && item.deletions)
      add("size", fmt::format("{} in {}", lines_changed(*item.additions, *item.deletions),
                              plural(item.changed_files.value_or(0), "file")));
    if (const auto owed = owed_by_author(item, people, context_.as_of))
      add("asked of the author", owed_text(*owed, people));
    add("CI", item.ci + (item.ci_failed.empty() ? "" : ": " + item.ci_failed_text()));
  }

  std::string labels_of_today() const {
    std::vector<std::string> labels;
    for (const auto rows = context_.database.query(
             "SELECT name FROM item_label WHERE project_id = :project AND item_id = :item ORDER BY name",
             {{"project", context_.project_id}, {"item", subject_.id}});
         rows->next();)
      labels.push_back(rows->string(0));
    return fmt::format("{}", fmt::join(labels, ", "));
  }

  const Context& context_;
  const Subject& subject_;
  const DossierMeans& means_;
  std::string verdict_;
  std::vector<std::vector<Cell>> rows_;
};

// In order of time; what happened in the same second as the timeline has it.
std::string thread_sql() {
  const std::string person =
      " LEFT JOIN person_identity n ON n.project_id = x.project_id AND n.identity_id = x.{} LEFT JOIN person p ON "
      "p.project_id = n.project_id AND p.person_id = n.person_id WHERE x.project_id = :project AND x.item_id = :item "
      "AND ";
  const auto by = [&](const char* column) { return fmt::format(fmt::runtime(person), column); };
  return "SELECT x.created_at AS at, p.name AS who, p.is_bot AS bot, 'opened' AS kind, x.body AS text, NULL AS path, 0 "
         "AS part, '' AS record FROM item x" +
         by("author_id") +
         "x.created_at <= :as_of UNION ALL SELECT x.created_at, p.name, p.is_bot, CASE WHEN x.kind = 'inline' THEN "
         "'comment on code' ELSE 'comment' END, x.body, x.path, 1, x.comment_key FROM comment x" +
         by("author_id") +
         "x.created_at <= :as_of UNION ALL SELECT x.submitted_at, p.name, p.is_bot, 'review: ' || x.state, x.body, "
         "NULL, 2, x.review_key FROM review x" +
         by("author_id") +
         "x.submitted_at <= :as_of UNION ALL SELECT x.occurred_at, p.name, p.is_bot, x.kind, coalesce(x.label, s.name, "
         "x.detail, x.sha), NULL, 3, x.event_key FROM event x LEFT JOIN person_identity m ON m.project_id = "
         "x.project_id AND m.identity_id = x.subject_id LEFT JOIN person s ON s.project_id = m.project_id AND "
         "s.person_id = m.person_id" +
         by("actor_id") + "x.occurred_at <= :as_of AND x.is_derived = 0 AND x.kind IN (" + kEventKinds +
         ") ORDER BY 1, 7, 8";
}

}  // namespace

Result thread_result(const Context& context, const DossierSubject& subject, std::size_t limit) {
  Result result = context.result("thread", fmt::format("The thread of #{}", subject.number), "What was said and done?");
  result.columns = {{"at", "When", ColumnType::time},
                    {"who", "Who", ColumnType::text},
                    {"kind", "What", ColumnType::text},
                    {"text", "Text", ColumnType::text},
                    {"path", "File", ColumnType::text}};
  std::int64_t words = 0;
  std::vector<std::string> voices;
  for (const auto rows = context.database.query(
           thread_sql(), {{"project", context.project_id}, {"item", subject.id}, {"as_of", context.as_of}});
       rows->next();) {
    std::string who = rows->is_null(1) ? "someone" : rows->string(1);
    const bool is_bot = rows->integer(2) == 1;
    if (rows->integer(6) <= 2 && !is_bot) {
      ++words;
      if (std::find(voices.begin(), voices.end(), who) == voices.end()) voices.push_back(who);
    }
    result.rows.push_back({rows->integer(0), is_bot && !who.ends_with("[bot]") ? who + " (bot)" : who, rows->string(3),
                           rows->string(4), rows->is_null(5) ? Cell() : Cell(rows->string(5))});
  }
  const std::size_t count = result.rows.size();
  result.sample_size = static_cast<std::int64_t>(count);
  result.claim = fmt::format("{} by {}, {} in all.", plural(words, "post"),
                             plural(static_cast<long long>(voices.size()), "person", "people"),
                             plural(static_cast<long long>(count), "entry", "entries"));
  if (count > limit) {
    // What it is about and how it stands now matter most.
    result.rows.erase(result.rows.begin() + 1, result.rows.begin() + 1 + static_cast<std::ptrdiff_t>(count - limit));
    result.notes.push_back(fmt::format("{} after the first are left out; --limit {} shows them.",
                                       plural(static_cast<long long>(count - limit), "entry", "entries"), count));
  }
  result.definition =
      "The opening text, comments, reviews and what was done to it, as of the moment. Texts are those of today: "
      "sources do not tell what was written before an edit.";
  result.method = "the thread up to the moment, judged as the queues judge it (guide: triage)";
  result.evidence.push_back(
      {"its comments", fmt::format("SELECT created_at, kind, body FROM comment WHERE project_id = {} AND item_id = {} "
                                   "AND created_at <= {} ORDER BY created_at",
                                   context.project_id, subject.id, context.as_of)});
  return result;
}

Result dossier_result(const Context& context, const DossierSubject& subject, const DossierMeans& means) {
  return Facts(context, subject, means).result();
}

namespace {

std::vector<Result> analyse_dossier(const Context& context) {
  const std::int64_t number = item_argument(context, "a dossier");
  const std::string kind = one_of_argument(context, "kind", {"issue", "pull"});
  const auto limit = static_cast<std::size_t>(context.whole_number("limit", kEntries, 1, kMostEntries));
  const auto found = find_subjects(context, number, kind);
  if (found.empty())
    throw Error(ErrorKind::usage,
                fmt::format("there is no {} #{}", kind.empty() ? "issue or pull request" : kind, number),
                "of what the store holds as of that moment");
  if (found.size() > 1)
    throw Error(ErrorKind::usage, fmt::format("there is an issue #{0} and a pull request #{0}", number),
                "say which with --kind issue or --kind pull");
  const Subject& subject = found.front();
  return {dossier_result(context, subject), thread_result(context, subject, limit), linked_result(context, subject)};
}

}  // namespace

extern const Analysis dossier_analysis;
const Analysis dossier_analysis{"dossier",
                                "Dossier",
                                "What is this issue or pull request about, what was said, and whose turn is it?",
                                {{"number", "N", "of the issue or pull request"},
                                 {"kind", "issue|pull", "which, where both have that number"},
                                 {"limit", "N", "entries of the thread: the first and the newest (100)"}},
                                analyse_dossier};

}  // namespace resident

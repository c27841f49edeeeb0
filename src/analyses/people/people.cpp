// People: who does what, who is new, and which accounts are taken for bots.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <map>
#include <model/arrivals.hpp>
#include <model/co_authors.hpp>
#include <model/open_items.hpp>
#include <model/presence.hpp>

namespace resident {

namespace {

constexpr std::ptrdiff_t kBehindCommits = 5;  // columns

struct Activity {
  std::int64_t commits = 0, pulls = 0, merged = 0, reviews = 0, comments = 0, issues = 0, merges = 0, merge_commits = 0,
               posts = 0, answers = 0, co_authored = 0;
  Timestamp first = 0, last = 0;
  std::int64_t total() const { return commits + co_authored + pulls + reviews + comments + issues + merges + posts; }
};

class Gatherer {
 public:
  explicit Gatherer(const Context& context)
      : context_(context), people_(load_people(context)), since_(context.as_of - 365 * kDay) {
    // Counts of the last year, and the first and last activity of all.
    add("git_commit", "author_id", "committed_at", "on_default = 1 AND parent_count < 2", &Activity::commits);
    add(co_authored_commits() + " AS together", "identity_id", "committed_at", "1 = 1", &Activity::co_authored);
    for (const auto& [person, each] : activity) has_co_authors = has_co_authors || each.co_authored > 0;
    // Merges are no commits here, but whoever makes one is seen.
    add("git_commit", "author_id", "committed_at", "on_default = 1 AND parent_count > 1", &Activity::merge_commits);
    add("item", "author_id", "created_at", "kind = 'pull'", &Activity::pulls);
    add("item", "author_id", "created_at", "kind = 'issue'", &Activity::issues);
    // The + keeps SQLite from walking all rows in order of their people.
    add("item", "+author_id", "merged_at", "merged_at IS NOT NULL", &Activity::merged, false);
    add("review", "author_id", "submitted_at", "1 = 1", &Activity::reviews);
    add("comment", "author_id", "created_at", "1 = 1", &Activity::comments);
    add("event", "+actor_id", "occurred_at", "kind = 'merged'", &Activity::merges);
    has_channels = context.database
                       .integer("SELECT 1 FROM thread WHERE project_id = :project AND created_at <= :as_of LIMIT 1",
                                context.parameters())
                       .has_value();
    if (has_channels) {
      add("post", "author_id", "created_at", "1 = 1", &Activity::posts);
      add_answers();
    }
    // As the person's own page says: labels, closings and other branches are acts, too.
    const auto last = last_activity(context, people_);
    for (auto& [person, each] : activity)
      if (const auto found = last.find(person); found != last.end()) each.last = std::max(each.last, found->second);
    // As the page on merges says; the forge's word alone where no code is known.
    if (const auto merged = merged_by_person(context, since_)) {
      for (auto& [person, each] : activity) each.merges = 0;
      for (const auto& [person, count] : *merged) activity[person].merges = count;
    }
  }

  std::map<std::int64_t, Activity> activity;
  bool has_channels = false;    // forums, lists, chats
  bool has_co_authors = false;  // in the last year
  const People& people() const { return people_; }

 private:
  // is_theirs: an act of their own, by which they were seen.
  void add(const std::string& table, const char* person, const char* time, const char* where,
           std::int64_t Activity::*count, bool is_theirs = true) {
    Parameters parameters = context_.parameters();
    parameters.emplace_back("since", since_);
    const auto rows =
        context_.database.query(fmt::format("SELECT {0}, count(CASE WHEN {1} > :since THEN 1 END), min({1}), max({1}) "
                                            "FROM {2} WHERE project_id = :project AND {3} AND "
                                            "{1} <= :as_of AND {0} IS NOT NULL GROUP BY {0}",
                                            person, time, table, where),
                                parameters);
    while (rows->next()) {
      Activity& each = activity[people_.person(rows->integer(0))];
      each.*count += rows->integer(1);
      if (!is_theirs) continue;
      if (each.first == 0 || rows->integer(2) < each.first) each.first = rows->integer(2);
      each.last = std::max(each.last, rows->integer(3));
    }
  }

  // What somebody wrote where somebody else had begun.
  void add_answers() {
    Parameters parameters = context_.parameters();
    parameters.emplace_back("since", since_);
    for (const auto rows = context_.database.query(
             "SELECT p.author_id, t.author_id, count(*) FROM post p JOIN thread t ON t.project_id = p.project_id AND "
             "t.thread_key = p.thread_key WHERE p.project_id = :project AND p.created_at > :since AND p.created_at <= "
             ":as_of AND p.position > 0 AND p.author_id IS NOT NULL GROUP BY p.author_id, t.author_id",
             parameters);
         rows->next();) {
      const std::int64_t person = people_.person(rows->integer(0));
      const bool is_own = !rows->is_null(1) && people_.person(rows->integer(1)) == person;  // by any of their accounts
      if (!is_own) activity[person].answers += rows->integer(2);
    }
  }

  const Context& context_;
  People people_;
  Timestamp since_;
};

// Where the accounts of one are: "github, forum.example.org".
std::string places_of(const Context& context, std::int64_t person) {
  std::string text;
  for (const auto rows = context.database.query(
           "SELECT DISTINCT i.provider FROM person_identity n JOIN identity i ON i.project_id = n.project_id AND "
           "i.identity_id = n.identity_id WHERE n.project_id = :project AND n.person_id = :person ORDER BY i.provider",
           {{"project", context.project_id}, {"person", person}});
       rows->next();) {
    const std::string_view provider = rows->text(0);
    text += (text.empty() ? "" : ", ") + one_line(std::string(provider.substr(provider.find(':') + 1)));
  }
  return text;
}

std::vector<Result> analyse_people(const Context& context) {
  const Gatherer gatherer(context);
  const People& people = gatherer.people();
  Result result = context.result("people", "People", "Who does the work, who is new, and who has gone?");
  result.columns = {
      {"person", "Person", ColumnType::text},
      {"role", "Role", ColumnType::text, "",
       "maintainer: merged in the two years before, or configured; newcomer: first seen in the last 90 days"},
      {"reviews", "Reviews", ColumnType::integer, "last year"},
      {"merges", "Merges", ColumnType::integer, "last year",
       "changes brought to the default branch for others, as in `resident merges`"},
      {"commits", "Commits", ColumnType::integer, "last year", "on the default branch, no merges"},
      {"pulls", "PRs opened", ColumnType::integer, "last year"},
      {"merged", "PRs merged", ColumnType::integer, "last year", "own pull requests that were merged"},
      {"issues", "Issues", ColumnType::integer, "last year"},
      {"comments", "Comments", ColumnType::integer, "last year", "conversation and inline"},
      {"first", "First seen", ColumnType::date},
      {"last", "Last seen", ColumnType::date, "", "their last act of any kind, also a label or a commit elsewhere"}};
  if (gatherer.has_co_authors)
    result.columns.insert(result.columns.begin() + kBehindCommits,
                          {"co_authored", "Co-authored", ColumnType::integer, "last year",
                           "such commits by others that name them as co-author"});
  if (gatherer.has_channels)
    result.columns.insert(result.columns.end() - 2, {"answers", "Answers", ColumnType::integer, "last year",
                                                     "posts in forums, lists and chats where somebody else began"});
  result.set_roles({{"person", ColumnRole::person}});
  std::vector<std::pair<std::int64_t, Activity>> list;
  std::int64_t newcomers = 0, active = 0, away = 0;
  std::vector<std::vector<Cell>> bots;
  for (const auto& [person, each] : gatherer.activity) {
    if (person == 0) continue;
    if (people.bots.contains(person)) {
      const auto reason =
          context.database.text("SELECT bot_reason FROM person WHERE project_id = :project AND person_id = :person",
                                {{"project", context.project_id}, {"person", person}});
      bots.push_back({people.name(person), reason.value_or(""), each.commits + each.pulls + each.comments + each.issues,
                      each.last});
      continue;
    }
    if (each.total() > 0) {
      ++active;
      newcomers += each.first > context.as_of - 90 * kDay;
      list.emplace_back(person, each);
    } else {
      ++away;
    }
  }
  // By work for others first, since that is what a project lives on.
  const auto weight = [](const Activity& each) {
    return 2 * (each.reviews + each.merges) + each.commits + each.co_authored + each.pulls +
           (each.comments + each.answers) / 4 + each.issues;
  };
  std::stable_sort(list.begin(), list.end(),
                   [&](const auto& a, const auto& b) { return weight(a.second) > weight(b.second); });
  std::map<std::string, std::int64_t> bearers;
  for (const auto& [person, each] : list) ++bearers[people.name(person)];
  std::int64_t several = 0;
  for (const auto& [name, count] : bearers) several += count > 1;
  if (several > 0)
    result.notes.push_back(fmt::format(
        "{} more than once: `resident people pairs` says who is probably one person, and `--ask` with it joins them.",
        several == 1 ? "1 name stands here" : fmt::format("{} names stand here", with_thousands(several))));
  if (several > 0)
    result.columns.push_back(
        {"where", "Where", ColumnType::text, "", "where the accounts are, of a name that stands more than once"});
  for (const auto& [person, each] : list) {
    const std::string name = people.name(person);
    const std::string role = people.maintainers.contains(person)      ? "maintainer"
                             : each.first > context.as_of - 90 * kDay ? "newcomer"
                                                                      : "";
    result.rows.push_back({name, role, each.reviews, each.merges, each.commits, each.pulls, each.merged, each.issues,
                           each.comments, each.first, each.last});
    if (gatherer.has_co_authors)
      result.rows.back().insert(result.rows.back().begin() + kBehindCommits, each.co_authored);
    if (gatherer.has_channels) result.rows.back().insert(result.rows.back().end() - 2, Cell(each.answers));
    if (several > 0) result.rows.back().push_back(bearers[name] > 1 ? places_of(context, person) : std::string());
  }
  result.claim = fmt::format("{} active in the last year, {} of them new in the last 90 days; {} seen before {} away.",
                             active == 1 ? "1 person was" : fmt::format("{} people were", with_thousands(active)),
                             newcomers, with_thousands(away), away == 1 ? "is" : "are");
  result.sample_size = active;
  result.definition =
      "A person is all their accounts and e-mails that the identity ledger joins (`resident people why NAME`). Counts "
      "are of the 365 days before the as-of time. "
      "Bots do not count. In order of 2 × (reviews + merges) + commits (own and co-authored) + pull requests + issues "
      "+ (comments + answers "
      "in channels)/4.";
  result.method = "acts counted by person, from the joined identities";

  Result bot_list =
      context.result("bots", "Accounts taken for bots", "Which accounts are left out of the figures, and why?");
  bot_list.columns = {{"account", "Account", ColumnType::text},
                      {"reason", "Why", ColumnType::text},
                      {"actions", "Actions", ColumnType::integer, "last year"},
                      {"last", "Last seen", ColumnType::date}};
  bot_list.rows = std::move(bots);
  bot_list.claim = bot_list.rows.empty()
                       ? "No account that acted in the last year is taken for a bot."
                       : fmt::format("{} left out of the figures, of those that acted in the last year.",
                                     bot_list.rows.size() == 1 ? "1 account is"
                                                               : fmt::format("{} accounts are", bot_list.rows.size()));
  bot_list.definition =
      "By the forge's account type, by name ([bot], -bot, …Bot), or by configuration: bots and not_bots in "
      "[project.NAME]. A name says something of the account or spelling that bears it: who has another account, or "
      "decides on reviews, is a person (`resident people why NAME` tells what decided).";
  std::vector<Result> results;  // a list in braces would copy thousands of rows
  results.push_back(std::move(result));
  results.push_back(std::move(bot_list));
  return results;
}

}  // namespace

extern const Analysis people_analysis;
const Analysis people_analysis{
    "people", "People", "Who does the work, who is new, and who has gone?", {}, analyse_people, {}, {{"people", 10}}};

}  // namespace resident

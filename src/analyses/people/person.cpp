// resident person LOGIN: one person as the store knows them: who that is, what they did, what waits for them, and what
// they know.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <framework/arguments.hpp>
#include <map>
#include <model/arrivals.hpp>
#include <model/co_authors.hpp>
#include <model/experts.hpp>
#include <model/queues/review.hpp>
#include <set>

namespace resident {

namespace {

constexpr int kMonths = 36;        // that the picture shows
constexpr std::size_t kMost = 50;  // rows of a list

// What is counted of somebody, by month.
enum Kind { kCommits, kCoAuthored, kReviews, kComments, kPulls, kIssues, kPosts, kKinds };

class PersonReader {
 public:
  PersonReader(const Context& context, std::int64_t person)
      : context_(context), people_(load_people(context)), person_(person), name_(people_.name(person)) {
    for (const auto& [identity, of] : people_.person_of_identity)
      if (of == person) identities_.push_back(identity);
    std::sort(identities_.begin(), identities_.end());
    has_code_ =
        context.database
            .integer("SELECT 1 FROM git_commit WHERE project_id = :project LIMIT 1", {{"project", context.project_id}})
            .has_value();
    count("git_commit", "author_id", "committed_at", "on_default = 1 AND parent_count < 2", kCommits);
    count(co_authored_commits() + " AS together", "identity_id", "committed_at", "1 = 1", kCoAuthored);
    count("review", "author_id", "submitted_at", "1 = 1", kReviews);
    count("comment", "author_id", "created_at", "1 = 1", kComments);
    count("item", "author_id", "created_at", "kind = 'pull'", kPulls);
    count("item", "author_id", "created_at", "kind = 'issue'", kIssues);
    count("post", "author_id", "created_at", "1 = 1", kPosts);
  }

  std::vector<Result> results() { return {facts(), activity(), waits(), modules()}; }

 private:
  using Counts = std::array<std::int64_t, kKinds>;

  // By way of the indices, one account after the other.
  void count(const std::string& table, const char* person, const char* time, const char* where, Kind kind) {
    for (const std::int64_t identity : identities_) {
      Parameters parameters = context_.parameters();
      parameters.emplace_back("identity", identity);
      const auto rows = context_.database.query(
          fmt::format("SELECT {1} FROM {0} WHERE project_id = :project AND {2} = :identity AND {1} <= :as_of AND {3}",
                      table, time, person, where),
          parameters);
      while (rows->next()) {
        const Timestamp at = rows->integer(0);
        ++months_[start_of_month(at)][kind];
        ++ever_[kind];
        if (at > context_.as_of - 365 * kDay) ++year_[kind];
        if (first_ == 0 || at < first_) first_ = at;
        last_ = std::max(last_, at);
      }
    }
  }

  std::string role() const {
    if (people_.bots.contains(person_)) return "taken for a bot";
    if (people_.maintainers.contains(person_)) return "a maintainer";
    return first_ > context_.as_of - 90 * kDay ? "new in the last 90 days" : "a contributor";
  }

  std::string said(const Counts& counts) const {
    std::string commits = has_code_ ? plural(counts[kCommits], "commit") + ", " : std::string();
    if (ever_[kCoAuthored]) commits += fmt::format("{} as co-author, ", with_thousands(counts[kCoAuthored]));
    const std::string posts =
        ever_[kPosts] ? plural(counts[kPosts], "post") + " in forums, lists and chats, " : std::string();
    return fmt::format("{}{}, {}, {}{} and {}", commits, plural(counts[kReviews], "review"),
                       plural(counts[kComments], "comment"), posts, plural(counts[kPulls], "pull request"),
                       plural(counts[kIssues], "issue"));
  }

  Result facts() {
    Result result = context_.result("person", one_line(name_), "Who is that, and what did they do?");
    result.columns = {{"what", "What"}, {"answer", "Answer"}};
    std::set<std::string> logins, names;
    for (const std::int64_t identity : identities_) {
      const auto rows = context_.database.query(
          "SELECT login, name FROM identity WHERE project_id = :project AND identity_id = :identity",
          {{"project", context_.project_id}, {"identity", identity}});
      if (!rows->next()) continue;
      if (!rows->string(0).empty()) logins.insert(rows->string(0));
      if (!rows->string(1).empty()) names.insert(rows->string(1));
    }
    // Of any kind: labels and commits elsewhere, too, which are not counted.
    const Timestamp last = std::max(last_, Presence(context_, people_).last(person_).value_or(0));
    const auto add = [&](const char* what, const std::string& answer) {
      if (!answer.empty()) result.rows.push_back({std::string(what), answer});
    };
    add("accounts", fmt::format("{}", fmt::join(logins, ", ")));
    add("names", fmt::format("{}", fmt::join(names, ", ")));
    add("role", role());
    add("first seen", first_ ? format_date(first_) : "");
    add("last seen", last ? format_date(last) : "");
    add("last year", said(year_));
    add("ever", said(ever_));
    result.claim = fmt::format("{} is {}{}; in the last year {}.", one_line(name_), role(),
                               !last ? std::string()
                               : last > present_since(context_.as_of)
                                   ? fmt::format(", last seen {} ago", waiting_text(last, context_.as_of))
                                   : fmt::format(", away since {}", format_date(last)),
                               said(year_));
    result.sample_size = ever_[kCommits] + ever_[kCoAuthored] + ever_[kReviews] + ever_[kComments] + ever_[kPulls] +
                         ever_[kIssues] + ever_[kPosts];
    result.definition =
        "A person is all accounts and e-mails that the identity ledger joins (`resident people why NAME`). Commits are "
        "those on the default branch that are no merges. Maintainer: merged in the two years before, or configured.";
    result.method = "their acts, counted by account";
    return result;
  }

  Result activity() const {
    Result result = context_.result("person_activity", "By month", "What did they do, month by month?");
    result.columns = {{"month", "Month", ColumnType::date},
                      {"commits", "Commits", ColumnType::integer},
                      {"reviews", "Reviews", ColumnType::integer},
                      {"comments", "Comments", ColumnType::integer},
                      {"pulls", "Pull requests opened", ColumnType::integer},
                      {"issues", "Issues opened", ColumnType::integer}};
    // At a month's very beginning the one before is the newest.
    const Timestamp now = start_of_month(context_.as_of - 1);
    const Timestamp from = std::max(add_months(now, 1 - kMonths), start_of_month(first_ ? first_ : context_.as_of));
    std::int64_t busy = 0;
    for (Timestamp month = from; month <= now; month = add_months(month, 1)) {
      const auto found = months_.find(month);
      const Counts counts = found == months_.end() ? Counts{} : found->second;
      busy += found != months_.end();
      result.rows.push_back(
          {month, counts[kCommits], counts[kReviews], counts[kComments], counts[kPulls], counts[kIssues]});
    }
    result.chart = {Chart::Kind::line, "month", {"commits", "reviews", "comments", "pulls", "issues"}, "", "", "",
                    "acts per month"};
    if (!has_code_) {
      result.columns[result.column("commits")].hidden = true;
      std::erase(result.chart.y, "commits");
      result.coverage = "no code is known, and so no commits";
    }
    result.claim =
        fmt::format("Active in {} of the last {}.", busy, plural(static_cast<long long>(result.rows.size()), "month"));
    result.sample_size = static_cast<std::int64_t>(result.rows.size());
    result.definition = "Acts by the month they were done in, UTC.";
    result.method = "the same counts as above, by month";
    return result;
  }

  // Their own pull requests, and those that wait for them.
  Result waits() {
    Result result =
        context_.result("person_pulls", "Open pull requests", "What of theirs is open, what waits for them?");
    result.columns = {{"turn", "Turn"},
                      {"number", "PR", ColumnType::item, "", "", "url"},
                      {"title", "Title"},
                      {"why", "Why"},
                      {"waiting", "Waiting", ColumnType::duration, "", "since the turn began"},
                      {"author", "Author"},
                      {"labels", "Labels"},
                      {"url", "Address", ColumnType::url, "", "", "", true}};
    result.layout = Layout::queue;
    result.set_roles({{"turn", ColumnRole::verb},
                      {"title", ColumnRole::title},
                      {"why", ColumnRole::reason},
                      {"author", ColumnRole::person},
                      {"labels", ColumnRole::label}});
    std::int64_t own = 0, for_them = 0;
    const ReviewQueue queue = review_queue(context_);
    for (const ReviewEntry& entry : queue.entries) {
      const bool is_own = entry.item.author == person_, is_asked = entry.turn.people.contains(person_);
      if (!is_own && !is_asked) continue;
      own += is_own;
      for_them += is_asked;
      if (result.rows.size() == kMost) continue;
      const std::string turn =
          is_asked
              ? "their turn"
              : fmt::format("waits for {}", entry.turn.turn == Turn::nobody ? "nobody" : turn_name(entry.turn.turn));
      result.rows.push_back({turn, entry.item.number, entry.item.title, entry.turn.why,
                             context_.as_of - entry.turn.since, queue.people.name(entry.item.author),
                             fmt::format("{}", fmt::join(entry.item.labels, ", ")), entry.item.url});
    }
    // What waits for them comes first.
    std::stable_sort(result.rows.begin(), result.rows.end(), [](const auto& a, const auto& b) {
      return std::get<std::string>(a[0]) == "their turn" && std::get<std::string>(b[0]) != "their turn";
    });
    result.claim = fmt::format("Of theirs {} open; {} for them.", plural(own, "pull request is", "pull requests are"),
                               plural(for_them, "waits", "wait"));
    result.sample_size = own + for_them;
    if (static_cast<std::size_t>(own + for_them) > kMost)
      result.notes.push_back(fmt::format("The first {} in the queue's order.", kMost));
    result.definition = "Whose turn, as `resident review` has it.";
    result.method = "the review queue, by author and by who is waited for";
    return result;
  }

  Result modules() const {
    Result result = context_.result("person_modules", "Modules they know", "Where would one ask them?");
    result.columns = {{"module", "Module"},
                      {"rank", "Rank", ColumnType::integer, "", "1: nobody who is still here knows it better"},
                      {"score", "Points", ColumnType::number, "", "commits and half the reviews, halved a year"},
                      {"commits", "Commits", ColumnType::integer},
                      {"reviews", "Reviews", ColumnType::integer},
                      {"last_here", "Last here", ColumnType::date}};
    result.set_roles({{"module", ColumnRole::module}});
    ModuleMap map(context_);
    const Presence presence(context_, people_);
    for (const auto& [module, known] : knowledge_by_module(context_, people_, map, presence)) {
      std::int64_t living = 0;
      for (const Expert& expert : known.experts) {
        living += expert.living;
        if (expert.person != person_) continue;
        if (expert.score >= 0.05)
          result.rows.push_back({module, expert.living ? Cell(living) : Cell(), std::round(expert.score * 100) / 100,
                                 expert.commits, expert.reviews, expert.last_here});
        break;
      }
    }
    std::stable_sort(result.rows.begin(), result.rows.end(),
                     [](const auto& a, const auto& b) { return std::get<double>(a[2]) > std::get<double>(b[2]); });
    result.claim = result.rows.empty()
                       ? "No commit or review of theirs touched a module that stands."
                       : fmt::format("They know {} best.", one_line(std::get<std::string>(result.rows.front()[0])));
    result.sample_size = static_cast<std::int64_t>(result.rows.size());
    if (result.rows.size() > kMost) result.rows.resize(kMost);
    result.definition = kExpertDefinition;
    result.method = "the experts of every module";
    return result;
  }

  const Context& context_;
  People people_;
  std::int64_t person_;
  std::string name_;
  std::vector<std::int64_t> identities_;
  std::map<Timestamp, Counts> months_;
  Counts ever_{}, year_{};
  Timestamp first_ = 0, last_ = 0;
  bool has_code_ = false;
};

std::vector<Result> analyse_person(const Context& context) {
  const std::int64_t person = person_argument(context, "person", "");
  if (person == 0)
    throw Error(ErrorKind::usage, "person needs a login or a name", "`resident people` lists who is there");
  return PersonReader(context, person).results();
}

}  // namespace

extern const Analysis person_analysis;
const Analysis person_analysis{"person",
                               "A person",
                               "Who is that, what did they do, and what waits for them?",
                               {{"person", "LOGIN", "a login or a name"}},
                               analyse_person,
                               {groups::kProject, "One person: who that is, what they did, what waits for them",
                                "For the person and for those who work with them: it reads like a page about somebody, "
                                "since it is one.\nExample: resident person ada",
                                "person"},
                               {{"person", 10, {{"person", std::string(kPageSubject)}}}}};

}  // namespace resident

// resident contributors: how people who come are met. A clock for each promised first
// answer, newcomers to welcome, thank or invite, regulars who could become core, and people
// whose pull requests nobody answered.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <learn/reviewers/suggest.hpp>
#include <limits>
#include <map>
#include <model/known_items.hpp>
#include <model/queues/review.hpp>
#include <store/id_lists.hpp>

namespace resident {

namespace {

constexpr Timestamp kYear = 365 * kDay, kNew = 90 * kDay, kLost = 730 * kDay;
// Nobody is called unanswered sooner than after the promise, and a week.
constexpr Timestamp kUnanswered = 7 * kDay;
// The commits of a first pull request may be older than it, and an issue may come before.
constexpr Timestamp kBefore = 30 * kDay;

struct Item {
  std::int64_t id = 0, number = 0, author = 0;
  bool is_pull = false;
  Timestamp created_at = 0;
  std::optional<Timestamp> closed_at, merged_at;  // not later than as_of
  std::optional<Timestamp> answered_at;
  std::int64_t answered_by = 0;
};

struct Year {
  std::set<Timestamp> months;
  std::int64_t merged = 0, reviews = 0;
  Timestamp last = 0;
};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

// Reads what the answers need, and no project's whole past: the items of the last two years, those that are open, those
// that were merged in the last year, and what was said of them and in that time.
class Gatherer {
 public:
  explicit Gatherer(const Context& context)
      : context_(context),
        people_(load_people(context)),
        promise_(std::max(1, context.config.triage.first_response_days) * kDay),
        since_(context.as_of - std::max(kLost, kYear + promise_)) {
    spam_ = spam_items(context);
    load_items();
    load_intervals();
    load_answers();
    load_year();
    for (const auto& [id, item] : items_) {
      if (!item.author) continue;
      if (item.is_pull) {
        const auto [first, is_new] = first_pull_.emplace(item.author, &item);
        if (!is_new && item.created_at < first->second->created_at) first->second = &item;
      }
      if (item.merged_at) ++merged_ever_[item.author];
    }
    find_known_before();
  }

  std::vector<Result> run() { return {clocks(), newcomers(), almost_core(), unanswered()}; }

 private:
  std::unique_ptr<Rows> query(std::string_view sql) {
    Parameters parameters = context_.parameters();
    parameters.emplace_back("since", since_);
    parameters.emplace_back("year", context_.as_of - kYear);
    parameters.emplace_back("first", first_new_);
    parameters.emplace_back("new", context_.as_of - kNew - kBefore);
    return context_.database.query(sql, parameters);
  }

  std::optional<Timestamp> so_far(const std::optional<std::int64_t>& time) const {
    return time && *time <= context_.as_of ? time : std::nullopt;
  }

  bool is_outsider(std::int64_t person) const {
    return person && !people_.bots.contains(person) && !people_.maintainers.contains(person);
  }

  void load_items() {
    const std::string columns = "SELECT i.item_id, i.number, i.kind, i.author_id, i.created_at, i.merged_at FROM ";
    const std::string is_theirs = "i.project_id = :project AND i.created_at <= :as_of";
    for (const std::string& which :
         {"item i WHERE " + is_theirs + " AND i.kind IN ('issue', 'pull') AND i.created_at > :since",
          "item i WHERE " + is_theirs + " AND i.merged_at > :year",
          "item_interval v JOIN item i ON i.project_id = v.project_id AND i.item_id = v.item_id WHERE v.project_id = "
          ":project AND v.closed_at IS NULL AND v.opened_at <= :as_of AND " +
              is_theirs,
          "item_interval v JOIN item i ON i.project_id = v.project_id AND i.item_id = v.item_id WHERE v.project_id = "
          ":project AND v.closed_at > :as_of AND v.opened_at <= :as_of AND " +
              is_theirs})
      for (const auto rows = query(columns + which); rows->next();) {
        if (spam_.contains(rows->integer(0))) continue;
        Item item;
        item.id = rows->integer(0);
        item.number = rows->integer(1);
        item.is_pull = rows->text(2) == "pull";
        item.author = people_.person(rows->optional_integer(3));
        item.created_at = rows->integer(4);
        item.merged_at = so_far(rows->optional_integer(5));
        if (item.created_at > since_) first_new_ = std::min(first_new_, item.id);
        items_.emplace(item.id, item);
      }
  }

  void load_intervals() {
    std::unordered_set<std::int64_t> opened, open;
    // Of items that were closed before, only those that were merged since are here.
    for (const std::string_view sql :
         {"SELECT item_id, closed_at FROM item_interval WHERE project_id = :project AND closed_at IS NULL AND "
          "opened_at <= :as_of",
          "SELECT item_id, closed_at FROM item_interval WHERE project_id = :project AND closed_at > :since AND "
          "opened_at <= :as_of"})
      for (const auto rows = query(sql); rows->next();) {
        const auto found = items_.find(rows->integer(0));
        if (found == items_.end()) continue;
        opened.insert(found->first);
        const auto closed_at = so_far(rows->optional_integer(1));
        if (!closed_at) open.insert(found->first);
        Item& item = found->second;
        if (closed_at) item.closed_at = std::max(item.closed_at.value_or(*closed_at), *closed_at);
      }
    for (auto& [id, item] : items_)
      if (open.contains(id)) item.closed_at.reset();
    std::erase_if(items_,
                  [&](const auto& entry) { return entry.second.created_at > since_ && !opened.contains(entry.first); });
  }

  // What is shown of an item beside what is counted; only few are shown.
  struct Words {
    std::string title, url;
  };
  Words words_of(const Item& item) const {
    const auto rows =
        context_.database.query("SELECT title, url FROM item WHERE project_id = :project AND item_id = :item",
                                {{"project", context_.project_id}, {"item", item.id}});
    if (!rows->next()) return {};
    return {rows->string(0),
            rows->is_null(1) ? context_.item_url(item.is_pull ? "pull" : "issue", item.number) : rows->string(1)};
  }

  // Of items of the last two years and of open ones all that was said, of others what was said since.
  void load_answers() {
    std::vector<std::int64_t> old;
    for (const auto& [id, item] : items_)
      if (id < first_new_ && !item.closed_at && !item.merged_at && is_outsider(item.author)) old.push_back(id);
    std::map<std::int64_t, std::set<std::int64_t>> elsewhere;  // who said something in the last year, by pull request
    auto found = items_.end();                                 // most come item by item
    const auto answer = [&](std::int64_t id, std::int64_t person, Timestamp at, bool is_command) {
      if (!person || people_.bots.contains(person)) return;
      if (found == items_.end() || found->first != id) found = items_.find(id);
      if (found == items_.end()) {
        if (id % 2 == 1 && at > context_.as_of - kYear && !spam_.contains(id)) elsewhere[id].insert(person);
        return;
      }
      Item& item = found->second;
      if (person == item.author) return;
      if (!is_command && (!item.answered_at || at < *item.answered_at))
        item.answered_at = at, item.answered_by = person;
      if (item.is_pull && at > context_.as_of - kYear) reviewed(person, id);
    };
    for (const auto& [table, time] : {std::pair("comment", "created_at"), std::pair("review", "submitted_at")}) {
      const std::string said = fmt::format(
          "SELECT item_id, author_id, {1}, is_command FROM {0} WHERE project_id = :project AND {1} <= :as_of AND ",
          table, time);
      std::vector<std::string> which{"item_id >= :first", fmt::format("item_id < :first AND {} > :since", time)};
      for (const std::string& list : id_lists(old, [](std::int64_t id) { return id; }))
        which.push_back(fmt::format("item_id IN ({}) AND {} <= :since", list, time));
      for (const std::string& each : which)
        for (const auto rows = query(said + each); rows->next();) {
          const std::int64_t person = people_.person(rows->optional_integer(1));
          answer(rows->integer(0), person, rows->integer(2), rows->integer(3) == 1);
          note(person, rows->integer(2));
        }
    }
    for (const std::string& list : id_lists(elsewhere, [](const auto& each) { return each.first; }))
      for (const auto rows = query(fmt::format("SELECT item_id, author_id FROM item WHERE project_id = :project AND "
                                               "created_at <= :as_of AND item_id IN ({})",
                                               list));
           rows->next();)
        for (const std::int64_t person : elsewhere[rows->integer(0)])
          if (person != people_.person(rows->optional_integer(1))) reviewed(person, rows->integer(0));
  }

  void reviewed(std::int64_t person, std::int64_t item) {
    if (reviewed_.emplace(person, item).second) ++year_[person].reviews;
  }

  void load_year() {
    for (const auto& [id, item] : items_) {
      note(item.author, item.created_at);
      if (item.is_pull && item.merged_at && *item.merged_at > context_.as_of - kYear) ++year_[item.author].merged;
    }
    for (const auto rows =
             query("SELECT author_id, committed_at FROM git_commit WHERE project_id = :project AND on_default = "
                   "1 AND committed_at > :since AND committed_at <= :as_of");
         rows->next();)
      note(people_.person(rows->optional_integer(0)), rows->integer(1));
  }

  // Of those whose first pull request is new, who had opened or committed something long before it.
  void find_known_before() {
    std::unordered_set<std::int64_t> candidates;
    for (const auto& [person, item] : first_pull_)
      if (is_outsider(person) && item->created_at > context_.as_of - kNew) candidates.insert(person);
    std::vector<std::int64_t> identities;
    for (const auto& [identity, person] : people_.person_of_identity)
      if (candidates.contains(person)) identities.push_back(identity);
    std::sort(identities.begin(), identities.end());
    for (const std::string& list : id_lists(identities, [](std::int64_t id) { return id; })) {
      for (const auto rows = query(fmt::format("SELECT author_id, item_id FROM item WHERE project_id = :project AND "
                                               "author_id IN ({}) AND created_at <= :new",
                                               list));
           rows->next();)
        if (!spam_.contains(rows->integer(1))) known_before_.insert(people_.person(rows->optional_integer(0)));
      for (const auto rows = query(fmt::format("SELECT DISTINCT author_id FROM git_commit WHERE project_id = :project "
                                               "AND author_id IN ({}) AND on_default = 1 AND committed_at <= :new",
                                               list));
           rows->next();)
        known_before_.insert(people_.person(rows->optional_integer(0)));
    }
  }

  void note(std::int64_t person, Timestamp at) {
    if (!person) return;
    Year& year = year_[person];
    year.last = std::max(year.last, at);
    if (at > context_.as_of - kYear) year.months.insert((context_.as_of - at) / (kYear / 12));
  }

  // The promise, item by item.
  Result clocks() {
    Result result =
        context_.result("first_response", "First answers promised", "Is everybody answered within the promised time?");
    result.columns = {{"number", "Item", ColumnType::item, "", "", "url"},
                      {"kind", "Kind", ColumnType::text},
                      {"title", "Title", ColumnType::text},
                      {"author", "By", ColumnType::text},
                      {"due", "Promised by", ColumnType::date},
                      {"left", "State", ColumnType::text, "", "time left, or how long overdue"},
                      {"waiting", "Waiting", ColumnType::duration},
                      {"url", "Address", ColumnType::url, "", "", "", true}};
    result.set_roles({{"author", ColumnRole::person}});
    std::vector<const Item*> open;
    std::int64_t kept = 0, due = 0;
    for (const auto& [id, item] : items_) {
      if (!is_outsider(item.author)) continue;
      if (!item.answered_at && !item.closed_at && !item.merged_at) open.push_back(&item);
      // Due in the last year: answered in time, or not.
      const Timestamp promised = item.created_at + promise_;
      const bool closed_before = item.closed_at && *item.closed_at < promised && !item.answered_at;
      if (promised > context_.as_of || promised <= context_.as_of - kYear || closed_before) continue;
      ++due;
      kept += item.answered_at && *item.answered_at <= promised;
    }
    std::stable_sort(open.begin(), open.end(),
                     [](const Item* a, const Item* b) { return a->created_at < b->created_at; });
    std::int64_t overdue = 0;
    // Promises that can still be kept first, then what is overdue, the newest first.
    const auto is_late = [&](const Item* item) { return item->created_at + promise_ < context_.as_of; };
    std::stable_partition(open.begin(), open.end(), [&](const Item* item) { return !is_late(item); });
    const auto late = std::find_if(open.begin(), open.end(), is_late);
    std::reverse(late, open.end());
    for (const Item* item : open) {
      const Words words = words_of(*item);
      const Timestamp promised = item->created_at + promise_;
      overdue += is_late(item);
      result.rows.push_back({item->number, std::string(item->is_pull ? "pull" : "issue"), words.title,
                             people_.name(item->author), promised,
                             is_late(item) ? waiting_text(promised, context_.as_of) + " overdue"
                                           : waiting_text(context_.as_of, promised) + " left",
                             context_.as_of - item->created_at, words.url});
    }
    const std::string record =
        due == 0 ? std::string("No promise fell due in the last year")
                 : fmt::format("In the last year {:.0f} % of {} were answered within {} days",
                               100.0 * static_cast<double>(kept) / static_cast<double>(due),
                               plural(due, "item from outside", "items from outside"), promise_ / kDay);
    result.claim = !knows_items(context_)
                       ? "No issue or pull request is known, so no answer is owed."
                       : fmt::format("{}; {} open without any answer, {} of them overdue.", record,
                                     open.size() == 1 ? "1 is" : fmt::format("{} are", open.size()), overdue);
    result.sample_size = due;
    result.definition = fmt::format(
        "First answer: the first comment or review by a human other than the author that is more than a command to a "
        "machine (\"/retest\"). Promised within {} days "
        "(triage.first_response_days) to everybody who is no maintainer. Items that were closed before the promise "
        "fell due and "
        "without an answer are left out of the share.",
        promise_ / kDay);
    result.method = "the items whose promise fell due, each looked up in its thread (guide: contributors)";
    return result;
  }

  std::string welcome(const Item& item, const std::vector<reviewers::Suggestion>& suggested) const {
    std::vector<std::string> names;
    for (const auto& each : suggested) names.push_back(each.name);
    std::string text = context_.config.contributors.welcome;
    text = replaced(text, "{author}", people_.name(item.author));
    text = replaced(text, "{project}", context_.project);
    text = replaced(text, "{days}", std::to_string(promise_ / kDay));
    text = replaced(text, "{date}", format_date(std::max(item.created_at, context_.as_of) + promise_));
    return replaced(text, "{reviewers}",
                    names.empty() ? "" : fmt::format("{} know this code well.", fmt::join(names, " and ")));
  }

  Result newcomers() {
    Result result = context_.result("newcomers", "Newcomers", "Who is new, and what would keep them?");
    result.columns = {{"person", "Person", ColumnType::text},
                      {"action", "Do", ColumnType::text, "", "welcome, thank, invite, or ask"},
                      {"number", "First PR", ColumnType::item, "", "", "url"},
                      {"title", "Title", ColumnType::text},
                      {"opened", "Opened", ColumnType::date},
                      {"why", "Why", ColumnType::text},
                      {"draft", "Draft", ColumnType::text, "", "of a welcome; nothing is sent", "", true},
                      {"url", "Address", ColumnType::url, "", "", "", true}};
    result.layout = Layout::queue;
    result.set_roles({{"person", ColumnRole::person},
                      {"action", ColumnRole::verb},
                      {"title", ColumnRole::title},
                      {"why", ColumnRole::reason}});
    std::vector<const Item*> firsts;
    for (const auto& [person, item] : first_pull_)
      if (is_outsider(person) && item->created_at > context_.as_of - kNew && !known_before_.contains(person))
        firsts.push_back(item);
    std::stable_sort(firsts.begin(), firsts.end(),
                     [](const Item* a, const Item* b) { return a->created_at > b->created_at; });
    const auto is_welcome = [&](const Item& item) {
      return merged_ever_[item.author] < 2 && !item.merged_at && !item.closed_at && !item.answered_at;
    };
    std::vector<std::int64_t> welcomes;
    for (const Item* item : firsts)
      if (is_welcome(*item)) welcomes.push_back(item->id);
    std::optional<reviewers::Suggester> suggester;
    if (!welcomes.empty()) suggester.emplace(context_, people_, welcomes);
    std::map<std::string, std::int64_t> counts;
    for (const Item* item : firsts) {
      std::string action, why, draft;
      const std::int64_t merged = merged_ever_[item->author];
      if (merged >= 2) {
        action = "invite";
        why = fmt::format("{} merged already: offer something further", plural(merged, "pull request"));
      } else if (item->merged_at) {
        action = "thank";
        why = fmt::format("merged {} ago", waiting_text(*item->merged_at, context_.as_of));
      } else if (is_welcome(*item)) {
        action = "welcome";
        why = fmt::format("nobody has answered in {}", waiting_text(item->created_at, context_.as_of));
        draft = welcome(*item, suggester->suggest(item->id, 2));
      } else if (item->closed_at) {
        action = "ask";
        why = "closed without a merge: was the reason clear, and is there something else for them?";
      } else {
        action = "follow";
        why = fmt::format("answered by {} after {}", people_.name(item->answered_by),
                          waiting_text(item->created_at, *item->answered_at));
      }
      ++counts[action];
      const Words words = words_of(*item);
      result.rows.push_back(
          {people_.name(item->author), action, item->number, words.title, item->created_at, why, draft, words.url});
    }
    result.claim = firsts.empty() ? "Nobody new sent a pull request in the last 90 days."
                                  : fmt::format(
                                        "{} sent a first pull request in the last 90 days: {} to welcome, {} to thank, "
                                        "{} to invite further{}.",
                                        plural(static_cast<long long>(firsts.size()), "person", "people"),
                                        counts["welcome"], counts["thank"], counts["invite"],
                                        counts["ask"] ? fmt::format(", {} to ask why nothing was merged", counts["ask"])
                                                      : std::string());
    result.sample_size = static_cast<std::int64_t>(firsts.size());
    result.definition =
        "New: the first pull request was opened in the 90 days before, and no issue or commit of theirs is older than "
        "120 days. Locked spam is nobody's. Welcome: nobody has answered yet (--json has a "
        "draft, from "
        "contributors.welcome). Thank: the first was merged. Invite: two or more were merged.";
    result.method = "first pull requests of each author, and what came of them (guide: contributors)";
    return result;
  }

  Result almost_core() {
    const ContributorRules& rules = context_.config.contributors;
    Result result =
        context_.result("almost_core", "Almost core", "Who does the work of a core member without being one?");
    result.columns = {
        {"person", "Person", ColumnType::text},
        {"meets", "Meets", ColumnType::text, "", "of the three criteria"},
        {"months", "Months", ColumnType::integer, "of the last twelve", "with any activity"},
        {"merged", "PRs merged", ColumnType::integer, "last year"},
        {"reviews", "Reviews", ColumnType::integer, "last year", "pull requests of others they wrote on or reviewed"},
        {"last", "Last seen", ColumnType::date},
        {"missing", "Still missing", ColumnType::text}};
    result.set_roles({{"person", ColumnRole::person}});
    std::vector<std::pair<int, std::vector<Cell>>> rows;
    std::int64_t all = 0;
    for (const auto& [person, year] : year_) {
      if (!is_outsider(person) || year.months.empty()) continue;
      const auto months = static_cast<std::int64_t>(year.months.size());
      std::vector<std::string> missing;
      const auto check = [&](std::int64_t value, int wanted, const char* one, const char* many) {
        if (value < wanted) missing.push_back(plural(wanted - value, one, many));
        return value >= wanted;
      };
      const int met = check(months, rules.core_months, "active month", "active months") +
                      check(year.merged, rules.core_merged, "merged", "merged") +
                      check(year.reviews, rules.core_reviews, "review", "reviews");
      if (met < 2) continue;
      all += met == 3;
      rows.push_back({met * 100000 + static_cast<int>(std::min<std::int64_t>(99999, year.merged + year.reviews)),
                      {people_.name(person), fmt::format("{} of 3", met), months, year.merged, year.reviews, year.last,
                       fmt::format("{}", fmt::join(missing, ", "))}});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (auto& row : rows) result.rows.push_back(std::move(row.second));
    result.claim = rows.empty()
                       ? "Nobody outside the maintainers meets two of the three criteria."
                       : fmt::format("{} all three criteria of sustained work without being a maintainer; {} two.",
                                     all == 1 ? "1 person meets" : fmt::format("{} people meet", all),
                                     static_cast<std::int64_t>(rows.size()) - all == 1
                                         ? "1 meets"
                                         : fmt::format("{} meet", static_cast<std::int64_t>(rows.size()) - all));
    result.sample_size = static_cast<std::int64_t>(rows.size());
    result.definition = fmt::format(
        "In the last year: active in at least {} of twelve months, at least {} own pull requests merged, at least {} "
        "pull requests of "
        "others reviewed or answered ([project.NAME.contributors]). A maintainer is configured, or merged in the two "
        "years before. The "
        "figures say who sustains work, not who should be asked: that is for people to judge.",
        rules.core_months, rules.core_merged, rules.core_reviews);
    result.method = "months, merges and reviews counted by person over the last year (guide: contributors)";
    return result;
  }

  Result unanswered() {
    Result result = context_.result("unanswered_people", "People who were never answered",
                                    "Whose pull requests did nobody answer?");
    result.columns = {
        {"person", "Person", ColumnType::text},
        {"pulls", "Unanswered", ColumnType::integer, "pull requests", "of the last two years"},
        {"number", "Newest", ColumnType::item, "", "", "url"},
        {"title", "Title", ColumnType::text},
        {"state", "State", ColumnType::text},
        {"opened", "Opened", ColumnType::date},
        {"came_back", "Seen since", ColumnType::text, "", "anything by them in the project, a week or more after"},
        {"url", "Address", ColumnType::url, "", "", "", true}};
    std::map<std::int64_t, std::vector<const Item*>> by_person;
    std::int64_t total = 0, lost = 0;
    for (const auto& [id, item] : items_) {
      if (!item.is_pull || !is_outsider(item.author) || item.answered_at || item.merged_at) continue;
      if (item.created_at <= context_.as_of - kLost || item.created_at > context_.as_of - kUnanswered) continue;
      by_person[item.author].push_back(&item);
      ++total;
    }
    std::vector<std::pair<Timestamp, std::vector<Cell>>> rows;
    for (auto& [person, list] : by_person) {
      const Item& newest = **std::max_element(
          list.begin(), list.end(), [](const Item* a, const Item* b) { return a->created_at < b->created_at; });
      const bool came_back = year_[person].last > newest.created_at + kUnanswered;
      lost += !came_back;
      const Words words = words_of(newest);
      rows.push_back({newest.created_at,
                      {people_.name(person), static_cast<std::int64_t>(list.size()), newest.number, words.title,
                       std::string(newest.closed_at ? "closed" : "open"), newest.created_at,
                       std::string(came_back ? "yes" : "no"), words.url}});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (auto& row : rows) result.rows.push_back(std::move(row.second));
    result.claim = rows.empty() ? "Every pull request from outside of the last two years was answered."
                                : fmt::format("{} from {} got no answer in the last two years; {} not seen since.",
                                              plural(total, "pull request"),
                                              plural(static_cast<long long>(rows.size()), "person", "people"),
                                              lost == 1 ? "1 of them was" : fmt::format("{} of them were", lost));
    result.sample_size = total;
    result.definition =
        "Pull requests by people who are no maintainers, at least a week old, open or closed without a merge, on which "
        "no human other than the author ever "
        "wrote or reviewed.";
    result.method = "each such pull request looked up in its thread (guide: contributors)";
    return result;
  }

  const Context& context_;
  People people_;
  Timestamp promise_, since_;
  std::int64_t first_new_ = std::numeric_limits<std::int64_t>::max();  // smallest id of what was opened since
  std::map<std::int64_t, Item> items_;
  std::map<std::int64_t, const Item*> first_pull_;  // by person
  std::map<std::int64_t, std::int64_t> merged_ever_;
  std::map<std::int64_t, Year> year_;
  std::unordered_set<std::int64_t> known_before_;  // persons
  std::unordered_set<std::int64_t> spam_;
  std::set<std::pair<std::int64_t, std::int64_t>> reviewed_;
};

std::vector<Result> analyse_contributors(const Context& context) {
  return Gatherer(context).run();
}

}  // namespace

extern const Analysis contributors_analysis;
const Analysis contributors_analysis{"contributors",
                                     "Contributors",
                                     "How are people who come met, and who is on the way to become core?",
                                     {},
                                     analyse_contributors};

}  // namespace resident

// `initiative`: what belongs together across modules and people: the items and commits of a query by labels,
// milestones, paths and people, with how it moves, what it waits for and by when it is to be done.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <map>
#include <model/queues/review.hpp>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace resident {

namespace {

constexpr int kQuarters = 12;
constexpr Timestamp kQuarter = 365 * kDay / 4, kLately = 90 * kDay;
constexpr std::size_t kNamed = 5;

// "a,b", or a line each, where names may hold commas.
std::vector<std::string> list_of(const std::string& text) {
  std::vector<std::string> list;
  for (const auto part : split(text, text.find('\n') == std::string::npos ? ',' : '\n'))
    if (const std::string_view word = trim(part); !word.empty()) list.emplace_back(word);
  return list;
}

std::set<std::string> lower_set(const std::vector<std::string>& words) {
  std::set<std::string> set;
  for (const auto& word : words) set.insert(to_lower(word));
  return set;
}

struct Item {
  std::int64_t id = 0, number = 0;
  bool is_pull = false;
  std::string title, milestone, url;
  std::int64_t author = 0;
  Timestamp created_at = 0;
  std::vector<std::pair<Timestamp, Timestamp>> open;  // stretches; an end of 0: still

  bool is_open_at(Timestamp moment) const {
    return std::any_of(open.begin(), open.end(), [&](const auto& stretch) {
      return stretch.first <= moment && (stretch.second == 0 || stretch.second > moment);
    });
  }
  Timestamp closed_at() const { return open.empty() ? 0 : open.back().second; }
};

struct Commit {
  Timestamp at = 0;
  std::int64_t author = 0;
};

struct Count {
  std::int64_t came = 0, closed = 0, commits = 0;
};

class Initiative {
 public:
  explicit Initiative(const Context& context)
      : context_(context),
        people_(load_people(context)),
        name_(context.argument("name", "The initiative")),
        labels_(lower_set(list_of(context.argument("labels")))),
        milestones_(lower_set(list_of(context.argument("milestones")))),
        paths_(list_of(context.argument("paths"))) {
    for (const auto& login : list_of(context.argument("people"))) {
      const auto found = people_.by_login.find(to_lower(login));
      if (found == people_.by_login.end())
        throw Error(ErrorKind::usage, fmt::format("nobody is called {}", fit_width(one_line(login), 60)),
                    "logins, as the forge has them; `resident people` lists them");
      persons_.insert(found->second);
    }
    if (labels_.empty() && milestones_.empty() && paths_.empty() && persons_.empty())
      throw Error(ErrorKind::usage, "an initiative needs labels, milestones, paths or people",
                  "for example `resident initiative --labels topic-parser`");
    for (std::string& path : paths_)
      while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    read_paths();
    read_items();
    read_stretches();
    read_commits();
    read_deadlines();
  }

  std::vector<Result> results() { return {history(), open()}; }

 private:
  template <class Each>
  void rows(const std::string& sql, const Each& each) const {
    for (const auto found = context_.database.query(sql, context_.parameters()); found->next();) each(*found);
  }

  void read_paths() {
    if (paths_.empty()) return;
    rows("SELECT path_id, path FROM path WHERE project_id = :project", [&](Rows& row) {
      const std::string_view path = row.text(1);
      for (const auto& wanted : paths_)
        if (path == wanted || (path.starts_with(wanted) && path.size() > wanted.size() && path[wanted.size()] == '/'))
          path_ids_.insert(row.integer(0));
    });
    if (path_ids_.empty())
      throw Error(ErrorKind::usage, "no file is known at any of its paths",
                  "paths are those of the clone, as src/net or src/net/socket.c");
  }

  // Items that one of the wanted labels, paths or people is on; all that is asked for has to be met.
  std::unordered_set<std::int64_t> matching(const std::string& sql, const std::function<bool(Rows&)>& is_wanted) const {
    std::unordered_set<std::int64_t> found;
    rows(sql, [&](Rows& row) {
      if (is_wanted(row)) found.insert(row.integer(0));
    });
    return found;
  }

  void read_items() {
    std::unordered_set<std::int64_t> labelled, changing, assigned;
    if (!labels_.empty())
      labelled = matching("SELECT item_id, name FROM item_label WHERE project_id = :project",
                          [&](Rows& row) { return labels_.contains(to_lower(row.text(1))); });
    if (!paths_.empty())
      changing = matching("SELECT item_id, path_id FROM item_file WHERE project_id = :project",
                          [&](Rows& row) { return path_ids_.contains(row.integer(1)); });
    if (!persons_.empty())
      assigned = matching("SELECT item_id, assignee_id FROM assignee WHERE project_id = :project",
                          [&](Rows& row) { return persons_.contains(people_.person(row.optional_integer(1))); });
    rows(
        "SELECT item_id, number, kind, title, coalesce(milestone, ''), author_id, created_at, url FROM item WHERE "
        "project_id = :project AND created_at <= :as_of ORDER BY item_id",
        [&](Rows& row) {
          const std::int64_t id = row.integer(0), author = people_.person(row.optional_integer(5));
          if (!labels_.empty() && !labelled.contains(id)) return;
          if (!milestones_.empty() && !milestones_.contains(to_lower(row.text(4)))) return;
          if (!paths_.empty() && !changing.contains(id)) return;
          if (!persons_.empty() && !persons_.contains(author) && !assigned.contains(id)) return;
          Item item{id, row.integer(1), row.text(2) == "pull", row.string(3), row.string(4), "", author, row.integer(6),
                    {}};
          item.url = row.is_null(7) ? context_.item_url(row.text(2), item.number) : row.string(7);
          place_[id] = items_.size();
          items_.push_back(std::move(item));
        });
  }

  void read_stretches() {
    rows(
        "SELECT item_id, opened_at, closed_at FROM item_interval WHERE project_id = :project AND opened_at <= :as_of "
        "ORDER BY item_id, opened_at",
        [&](Rows& row) {
          const auto found = place_.find(row.integer(0));
          if (found == place_.end()) return;
          const bool is_closed = !row.is_null(2) && row.integer(2) <= context_.as_of;
          items_[found->second].open.emplace_back(row.integer(1), is_closed ? row.integer(2) : 0);
        });
  }

  // Those of its pull requests; where paths and people alone make it, all that change them.
  void read_commits() {
    std::map<std::int64_t, Commit> commits;
    const auto add = [&](Rows& row) {
      const std::int64_t author = people_.person(row.optional_integer(3));
      if (!people_.bots.contains(author)) commits[row.integer(1)] = {row.integer(2), author};
    };
    rows(
        "SELECT l.item_id, c.commit_id, c.committed_at, c.author_id FROM item_commit l JOIN git_commit c ON "
        "c.project_id = l.project_id AND c.sha = l.sha WHERE l.project_id = :project AND l.relation IN ('head', "
        "'merge') AND c.on_default = 1 AND c.parent_count < 2 AND c.committed_at <= :as_of",
        [&](Rows& row) {
          if (place_.contains(row.integer(0))) add(row);
        });
    if (!paths_.empty() && labels_.empty() && milestones_.empty())
      rows(
          "SELECT f.path_id, c.commit_id, c.committed_at, c.author_id FROM git_commit c JOIN file_change f ON "
          "f.project_id = c.project_id AND f.commit_id = c.commit_id WHERE c.project_id = :project AND c.on_default = "
          "1 "
          "AND c.parent_count < 2 AND c.committed_at <= :as_of",
          [&](Rows& row) {
            if (!path_ids_.contains(row.integer(0))) return;
            if (persons_.empty() || persons_.contains(people_.person(row.optional_integer(3)))) add(row);
          });
    for (const auto& [id, commit] : commits) commits_.push_back(commit);
  }

  void read_deadlines() {
    std::set<std::string> named = milestones_;
    for (const Item& item : items_)
      if (!item.milestone.empty() && item.is_open_at(context_.as_of)) named.insert(to_lower(item.milestone));
    rows("SELECT title, due_at FROM milestone WHERE project_id = :project AND due_at IS NOT NULL", [&](Rows& row) {
      if (!named.contains(to_lower(row.text(0)))) return;
      if (!due_ || row.integer(1) < due_->second) due_ = {row.string(0), row.integer(1)};
    });
  }

  Count count(Timestamp after, Timestamp until) const {
    Count count;
    const auto is_within = [&](Timestamp at) { return at > after && at <= until; };
    for (const Item& item : items_) {
      count.came += is_within(item.created_at);
      count.closed += is_within(item.closed_at());
    }
    for (const Commit& commit : commits_) count.commits += is_within(commit.at);
    return count;
  }

  std::int64_t open_at(Timestamp moment) const {
    return std::count_if(items_.begin(), items_.end(), [&](const Item& item) { return item.is_open_at(moment); });
  }

  // Of what was closed and committed.
  static const char* momentum(std::int64_t now, std::int64_t before) {
    if (now == 0) return before == 0 ? "nothing was closed or committed in either" : "it has stopped";
    return 2 * now >= 3 * before   ? "it gains speed"
           : 3 * now <= 2 * before ? "it slows down"
                                   : "it goes on at its pace";
  }

  // Who did most of it in the last year, without how much.
  std::pair<std::size_t, std::string> who(Timestamp since) const {
    std::map<std::int64_t, std::int64_t> acts;
    for (const Item& item : items_)
      if (item.created_at > since && item.author && !people_.bots.contains(item.author)) ++acts[item.author];
    for (const Commit& commit : commits_)
      if (commit.at > since && commit.author) ++acts[commit.author];
    std::vector<std::pair<std::int64_t, std::int64_t>> order;
    for (const auto& [person, number] : acts) order.emplace_back(-number, person);
    std::sort(order.begin(), order.end());
    std::string names;
    for (std::size_t i = 0; i < std::min(kNamed, order.size()); ++i)
      names += (i == 0 ? "" : ", ") + people_.name(order[i].second);
    return {acts.size(), names};
  }

  std::string sentence() {
    std::int64_t issues = 0, pulls = 0;
    for (const Item& item : items_)
      if (item.is_open_at(context_.as_of)) ++(item.is_pull ? pulls : issues);
    if (items_.empty() && commits_.empty()) return fmt::format("{}: nothing belongs to it.", one_line(name_));
    const Count now = count(context_.as_of - kLately, context_.as_of),
                before = count(context_.as_of - 2 * kLately, context_.as_of - kLately);
    const auto [people, names] = who(context_.as_of - 365 * kDay);
    std::string text = fmt::format(
        "{}: {} and {} are open of {}; in the last 90 days {} closed and {} came, with {} (in the 90 days before {}, "
        "{} and {}): {}.",
        one_line(name_), plural(issues, "issue"), plural(pulls, "pull request"),
        plural(static_cast<long long>(items_.size()), "item"), now.closed, now.came, plural(now.commits, "commit"),
        before.closed, before.came, before.commits, momentum(now.closed + now.commits, before.closed + before.commits));
    if (people > 0)
      text += fmt::format(" {} worked on it in the last year{}.",
                          plural(static_cast<long long>(people), "person", "people"),
                          people <= kNamed ? ": " + names : fmt::format(", most of it {}", names));
    if (const std::string waits = waiting(); !waits.empty()) text += fmt::format(" Of the pull requests {}.", waits);
    if (due_) {
      const Timestamp left = due_->second - context_.as_of;
      text += left >= 0 ? fmt::format(" {} is due on {}, in {}.", one_line(due_->first), format_date(due_->second),
                                      format_duration(static_cast<double>(left)))
                        : fmt::format(" {} was due on {}.", one_line(due_->first), format_date(due_->second));
    }
    return text;
  }

  const std::map<std::int64_t, const ReviewEntry*>& turns() {
    if (!queue_) {
      queue_ = review_queue(context_);
      for (const ReviewEntry& entry : queue_->entries)
        if (place_.contains(entry.item.id)) turns_[entry.item.id] = &entry;
    }
    return turns_;
  }

  // "2 wait for a reviewer, 1 for its author".
  std::string waiting() {
    std::map<std::string_view, std::int64_t> counts;
    for (const auto& [id, entry] : turns()) ++counts[turn_name(entry->turn.turn)];
    std::string text;
    for (const auto& [turn, number] : counts)
      text += fmt::format("{}{} {} for {}", text.empty() ? "" : ", ", number, number == 1 ? "waits" : "wait", turn);
    return text;
  }

  Result history() {
    Result result = context_.result("initiative", one_line(name_), "How does it move, what does it wait for, by when?");
    result.columns = {{"quarter", "Quarter from", ColumnType::date, "", "a quarter of 365 days, back from the moment"},
                      {"came", "Came", ColumnType::integer, "items"},
                      {"closed", "Closed", ColumnType::integer, "items"},
                      {"open", "Open at its end", ColumnType::integer, "items"},
                      {"commits", "Commits", ColumnType::integer, "commits"}};
    for (int i = kQuarters; i-- > 0;) {
      const Timestamp end = context_.as_of - i * kQuarter;
      const Count each = count(end - kQuarter, end);
      result.rows.push_back({end - kQuarter, each.came, each.closed, open_at(end), each.commits});
    }
    result.chart = {Chart::Kind::line, "quarter", {"open", "closed", "commits"}, "", "", "", "a quarter"};
    result.claim = sentence();
    result.sample_size = static_cast<std::int64_t>(items_.size());
    result.definition =
        "Belongs to it: issues and pull requests that have one of the labels, one of the milestones, change a file at "
        "one of the paths, and are by or assigned to one of the people; each of these only where it is asked for. "
        "Commits: those of its pull requests on the default branch; where paths (and people) alone are asked for, all "
        "that change them. Moves: items closed and commits of the last 90 days against the 90 days before (it gains "
        "speed from half as many more on, slows down from a third less on). Due: the first milestone with a date that "
        "is asked for, or that an open item of it has.";
    result.method = "labels, milestones, assignees and files as they are today; openings and closings as of the moment";
    result.coverage = "issues change no files: with paths only pull requests are found";
    if (paths_.empty()) result.coverage.clear();
    return result;
  }

  Result open() {
    Result result = context_.result("initiative_open", "Open", "What is left, and what does each wait for?");
    result.columns = {{"number", "Item", ColumnType::item, "", "", "url"},
                      {"kind", "Kind"},
                      {"title", "Title"},
                      {"waits_for", "Waits for", ColumnType::text, "", "whose turn it is, of pull requests"},
                      {"why", "Why"},
                      {"age", "Open for", ColumnType::duration},
                      {"milestone", "Milestone"},
                      {"url", "Address", ColumnType::url, "", "", "", true}};
    result.set_roles({{"title", ColumnRole::title}});
    std::vector<const Item*> open;
    for (const Item& item : items_)
      if (item.is_open_at(context_.as_of)) open.push_back(&item);
    std::stable_sort(open.begin(), open.end(), [](const Item* a, const Item* b) {
      return a->is_pull != b->is_pull ? a->is_pull : a->created_at < b->created_at;
    });
    for (const Item* item : open) {
      const auto turn = turns().find(item->id);
      const bool has_turn = turn != turns().end();
      result.rows.push_back({item->number, std::string(item->is_pull ? "pull request" : "issue"), item->title,
                             std::string(has_turn ? turn_name(turn->second->turn.turn) : ""),
                             has_turn ? turn->second->turn.why : std::string(), context_.as_of - item->created_at,
                             item->milestone, item->url});
    }
    result.sample_size = static_cast<std::int64_t>(open.size());
    result.claim = open.empty()
                       ? "Nothing is open."
                       : fmt::format("{} open.", plural(static_cast<long long>(open.size()), "item is", "items are"));
    result.definition = "Pull requests first, the oldest of each first; whose turn it is, as `resident review` has it.";
    return result;
  }

  const Context& context_;
  People people_;
  std::string name_;
  std::set<std::string> labels_, milestones_;
  std::vector<std::string> paths_;
  std::unordered_set<std::int64_t> persons_, path_ids_;
  std::vector<Item> items_;
  std::unordered_map<std::int64_t, std::size_t> place_;
  std::vector<Commit> commits_;
  std::optional<std::pair<std::string, Timestamp>> due_;
  std::optional<ReviewQueue> queue_;
  std::map<std::int64_t, const ReviewEntry*> turns_;
};

std::vector<Result> analyse_initiative(const Context& context) {
  return Initiative(context).results();
}

}  // namespace

extern const Analysis initiative_analysis;
const Analysis initiative_analysis{"initiative",
                                   "Initiative",
                                   "How does an initiative move, what does it wait for, by when?",
                                   {{"name", "NAME", "what it is called"},
                                    {"labels", "LABELS", "items that have one of these, separated by commas"},
                                    {"milestones", "MILESTONES", "items of one of these milestones"},
                                    {"paths", "PATHS", "pull requests and commits that change files there"},
                                    {"people", "LOGINS", "items by or assigned to one of them"}},
                                   analyse_initiative};

}  // namespace resident

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <charconv>
#include <map>
#include <set>
#include <store/move_dates.hpp>
#include <store/moves.hpp>
#include <store/summaries.hpp>
#include <tuple>

namespace resident {

namespace {

constexpr std::string_view kForm = "2";                                // of what is searched for
constexpr std::size_t kLookedAtFirst = 12'000, kLookedAtLast = 2'000;  // bytes of a text: such lines open or close it
constexpr std::size_t kLongestLine = 600, kEvidence = 240, kFormWords = 4;
constexpr Timestamp kSlack = kDay;  // by which an import may be dated before what it imports

std::string without_www(std::string tracker) {
  for (const std::string_view begin : {"www.", "old."})
    if (tracker.starts_with(begin)) tracker.erase(0, begin.size());
  while (tracker.ends_with('/')) tracker.pop_back();
  return tracker;
}

bool says_moved(std::string_view line) {
  static const Pattern pattern(
      R"((?i)(?:\b|_)(?:migrat(?:ed|ion)|import(?:ed)?|transferred|converted|moved) (?:this \w+ )?from\b|(?:\b|_)original(?:ly)? (?:ticket|issue|bug|report|reported|filed|opened|created|posted|submitted|(?:pull|merge) request|change|review|revision|patch)\b|\bcreated by migration\b|\bbugzilla link\b|^\W*bpo\s*\|)");
  return pattern.found_in(line);
}

// A line's words before its address, without what differs from item to item.
std::string form_of(std::string_view before, const std::string& tracker) {
  static const Pattern word(R"(([\pL]{2,}))");
  std::string form;
  std::string_view rest = before, found;
  for (std::size_t words = 0; words < kFormWords && word.find_next(rest, &found); ++words)
    form += to_lower(found) + " ";
  return form + "@ " + tracker;
}

// "on 2011-04-06", "creation = <Date 2018-01-29.05:49:48.747>", "Original creation time: 2009-05-02 23:41:40".
std::optional<Timestamp> date_in(std::string_view line, std::string_view text) {
  static const Pattern creation(
      R"((?im)^\W*(?:original creation time|creation|created|reported|opened)(?: time| date| on| at)?\s*[=:|]\s*(?:<Date )?(\d{4}-\d{2}-\d{2})(?:[T. ](\d{2}:\d{2}:\d{2}))?)"),
      day(R"(\b((?:19|20)\d{2}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2}))?)");
  std::string date, time;
  const bool found = day.found_in(line, &date, &time) || creation.found_in(text, &date, &time);
  return found ? parse_time(time.empty() ? date : date + "T" + time + "Z") : std::nullopt;
}

std::string shown(std::string_view line) {
  return one_line(clean_text(blank_emails(trim(line)), kEvidence));
}

// What a text says in its first and last lines.
std::string looked_at(std::string_view text) {
  if (text.size() <= kLookedAtFirst + kLookedAtLast) return std::string(text);
  return std::string(text.substr(0, kLookedAtFirst)) + "\n" + std::string(text.substr(text.size() - kLookedAtLast));
}

std::optional<FirstLifeFound> by_rules(std::string_view title, std::string_view text,
                                       const std::vector<LinkRule>& rules) {
  for (const LinkRule& rule : rules) {
    const Pattern pattern(rule.pattern);
    for (const std::string_view part : {text, title}) {
      std::string number;
      if (!pattern.found_in(part, &number)) continue;
      std::int64_t value = 0;
      const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), value);
      if (problem != std::errc() || end != number.data() + number.size() || value <= 0) continue;
      FirstLifeFound found;
      found.first = {rule.tracker, value};
      found.found_by = "rule";
      found.project = rule.project;
      // The line around the number, for people.
      std::string_view line = part;
      for (const std::string_view each : split(part, '\n'))
        if (each.find(number) != std::string_view::npos && pattern.found_in(each)) {
          line = each;
          break;
        }
      found.evidence = shown(line.substr(0, kLongestLine));
      found.opened_at = date_in(line.substr(0, kLongestLine), text);
      static const Pattern address(R"((https?://[^\s()<>\[\]|"']+))");
      std::string_view url;
      for (std::string_view rest = line; address.find_next(rest, &url);)
        if (const auto item = tracker_item(url); item && item->number == value) {
          found.url = safe_url(url);
          break;
        }
      return found;
    }
  }
  return std::nullopt;
}

std::optional<FirstLifeFound> by_line(std::string_view text, const std::string& own, bool is_pull) {
  static const Pattern address(R"((https?://[^\s()<>\[\]|"']+))");
  for (const std::string_view each : split(text, '\n')) {
    const std::string_view line = each.substr(0, kLongestLine);
    if (line.find("://") == std::string_view::npos || !says_moved(line)) continue;
    std::string_view rest = line, url;
    while (address.find_next(rest, &url)) {
      while (!url.empty() && std::string_view(".,;:!*_").find(url.back()) != std::string_view::npos)
        url.remove_suffix(1);
      const auto item = tracker_item(url);
      if (!item || item->tracker == own || item->is_pull != is_pull) continue;
      FirstLifeFound found;
      found.first = *item;
      found.url = safe_url(url);
      found.opened_at = date_in(line, text);
      found.form = (is_pull ? "pull " : "") +
                   form_of(line.substr(0, static_cast<std::size_t>(url.data() - line.data())), item->tracker);
      found.evidence = shown(line);
      found.found_by = "line";
      return found;
    }
  }
  return std::nullopt;
}

// "(Trac #1796)", "[bpo-123]", "(Jira: LUCENE-1002)", "Bug 123 - …".
std::optional<FirstLifeFound> by_title(std::string_view title) {
  static const Pattern marked(
      R"((?i)[(\[]\s*(trac|bpo|bugzilla|bug|jira|redmine|launchpad|savannah|mantis|roundup)\b[\s:#-]*(?:([A-Z][A-Z0-9_]+)-)?#?(\d{1,9})\s*[)\]])");
  std::string name, key;
  std::int64_t number = 0;
  if (!marked.found_in(title, &name, &key, &number) || number <= 0) return std::nullopt;
  FirstLifeFound found;
  found.first = {to_lower(name) + (key.empty() ? "" : " " + key), number};
  found.form = "title @ " + found.first.tracker;
  found.evidence = shown(title);
  found.found_by = "title";
  return found;
}

std::string basis_of(const std::vector<LinkRule>& rules) {
  std::string all(kForm);
  for (const LinkRule& rule : rules) all += "\n" + rule.pattern + "\n" + rule.tracker + "\n" + rule.project;
  return fingerprint(all);
}

// "An Error (Trac #12)" and "An error" are the same title.
std::string plain_title(std::string_view title) {
  static const Pattern mark(R"([(\[][^()\[\]]*\d[^()\[\]]*[)\]])");
  std::string plain;
  std::string_view rest = title;
  for (std::string_view before = rest; mark.find_next(rest); before = rest) {
    std::string_view gone = before.substr(0, before.size() - rest.size());
    plain += gone.substr(0, gone.find_last_of("(["));
  }
  plain += rest;
  std::string result;
  for (const char c : to_lower(plain))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) result += c;
  return result;
}

class MoveFinder {
 public:
  MoveFinder(Database& database, std::int64_t project_id, const std::vector<LinkRule>& rules)
      : database_(database), project_id_(project_id), rules_(rules), project_{{"project", project_id}} {}

  void run() {
    const std::string basis = basis_of(rules_);
    const std::set<CountedMove> before = counted_moves();
    learn_trackers();
    search(!are_moves_stale(database_, project_id_, rules_));
    take_what_points_here();
    take_decisions();
    find_first_items();
    decide();
    date_moves(database_, project_id_, rules_);
    for (const std::string_view table : {"item_move_search", "item_move_due"})
      database_.execute(fmt::format("DELETE FROM {} WHERE project_id = :project", table), project_);
    database_.insert({"item_move_search", {"project_id", "basis"}, {"project_id"}}, {{project_id_, basis}});
    touch_moved(before);
  }

 private:
  // What summaries count of a move: both items, when it began, was answered and is joined.
  using Moment = std::optional<Timestamp>;
  using CountedMove = std::tuple<std::int64_t, std::int64_t, Moment, Moment, Moment, bool>;

  std::set<CountedMove> counted_moves() {
    std::set<CountedMove> moves;
    for (const auto rows = database_.query(
             "SELECT item_id, CASE WHEN first_project_id = :project THEN first_item_id END, opened_at, responded_at, "
             "joined_at, is_joined FROM item_move WHERE project_id = :project",
             project_);
         rows->next();)
      moves.emplace(rows->integer(0), rows->integer(1), rows->optional_integer(2), rows->optional_integer(3),
                    rows->optional_integer(4), rows->integer(5) == 1);
    return moves;
  }

  void touch_moved(const std::set<CountedMove>& before) {
    const std::set<CountedMove> now = counted_moves();
    std::vector<CountedMove> changed;
    std::set_symmetric_difference(before.begin(), before.end(), now.begin(), now.end(), std::back_inserter(changed));
    std::set<std::int64_t> items;
    for (const CountedMove& move : changed) items.insert({std::get<0>(move), std::get<1>(move)});
    items.erase(0);  // of no first item here
    touch_items(database_, project_id_, items);
  }

  // The trackers of the store, by the addresses of their items.
  void learn_trackers() {
    for (const auto rows = database_.query("SELECT project_id FROM project ORDER BY project_id"); rows->next();)
      all_projects_.push_back(rows->integer(0));
    for (const std::int64_t project : all_projects_)
      for (const auto rows = database_.query(
               "SELECT (SELECT i.url FROM item i WHERE i.project_id = s.project_id AND i.source_id = s.source_id AND "
               "i.kind = k.kind AND i.url IS NOT NULL LIMIT 1) FROM source s CROSS JOIN (SELECT 'issue' AS kind UNION "
               "ALL SELECT 'pull' AS kind) k WHERE s.project_id = :project ORDER BY s.source_id, k.kind",
               {{"project", project}});
           rows->next();)
        if (const auto item = tracker_item(rows->text(0))) {
          projects_of_[{item->tracker, item->is_pull}].insert(project);
          if (project == project_id_) own_[item->is_pull] = item->tracker;
        }
  }

  void search(bool only_due) {
    const std::string due =
        only_due ? " AND i.item_id IN (SELECT d.item_id FROM item_move_due d WHERE d.project_id = :project)" : "";
    std::vector<std::vector<Value>> found;
    std::vector<std::int64_t> searched;
    std::map<std::int64_t, std::string> notices;
    for (const auto rows = database_.query(
             "SELECT c.item_id, c.body FROM comment c JOIN item i ON i.project_id = c.project_id AND i.item_id = "
             "c.item_id JOIN person_identity n ON n.project_id = c.project_id AND n.identity_id = c.author_id JOIN "
             "person p ON p.project_id = n.project_id AND p.person_id = n.person_id WHERE c.project_id = :project AND "
             "p.is_bot = 1" +
                 due + " ORDER BY c.item_id, c.created_at, c.comment_key",
             project_);
         rows->next();)
      if (std::string& text = notices[rows->integer(0)]; text.size() < kLookedAtFirst)
        text += "\n" + std::string(rows->text(1).substr(0, kLookedAtLast));
    for (const auto rows =
             database_.query("SELECT i.item_id, i.title, i.url, i.body FROM item i WHERE i.project_id = :project" +
                                 due + " ORDER BY i.item_id",
                             project_);
         rows->next();) {
      const std::int64_t id = rows->integer(0);
      searched.push_back(id);
      const auto own = tracker_item(rows->text(2));
      std::string text = looked_at(rows->text(3));
      if (const auto notice = notices.find(id); notice != notices.end()) text += notice->second;
      const bool is_pull = id % 2 == 1;
      if (const auto life = find_first_life(rows->text(1), text, own ? own->tracker : own_[is_pull], rules_, is_pull))
        found.push_back(row_of(id, *life));
    }
    if (only_due) {
      for (const std::int64_t id : searched)
        database_.execute("DELETE FROM item_move WHERE project_id = :project AND item_id = :item",
                          {{"project", project_id_}, {"item", id}});
    } else {
      database_.execute("DELETE FROM item_move WHERE project_id = :project", project_);
    }
    insert(found);
  }

  std::vector<Value> row_of(std::int64_t id, const FirstLifeFound& life) {
    if (!life.project.empty()) project_by_rule_[life.first.tracker] = life.project;
    return {project_id_,
            id,
            life.first.tracker,
            life.first.number,
            text_or_null(life.url),
            Value(),
            Value(),
            value_of(life.opened_at),
            Value(),
            life.form,
            life.found_by,
            life.evidence,
            std::int64_t{0},
            std::string(),
            std::int64_t{life.first.is_pull}};
  }

  // What other trackers' items say of items of this one: "see also", and reports that were passed on. Kept anew each
  // time, since it is the other side that changes.
  void take_what_points_here() {
    database_.execute("DELETE FROM item_move WHERE project_id = :project AND found_by = 'see also'", project_);
    std::set<std::int64_t> known;
    for (const auto rows = database_.query("SELECT item_id FROM item_move WHERE project_id = :project", project_);
         rows->next();)
      known.insert(rows->integer(0));
    // By address, as the last word on it: added or removed.
    std::map<std::tuple<std::string, std::int64_t, std::int64_t>, std::vector<std::vector<Value>>> last;
    for (const std::int64_t project : all_projects_)
      for (const auto rows = database_.query(
               "SELECT e.detail, e.kind, i.url FROM event e JOIN item i ON i.project_id = e.project_id AND i.item_id = "
               "e.item_id WHERE e.project_id = :project AND e.kind IN ('relation_added', 'relation_removed') AND "
               "e.detail LIKE 'see also http%' ORDER BY e.item_id, e.occurred_at, e.position",
               {{"project", project}});
           rows->next();) {
        constexpr std::size_t kBefore = std::string_view("see also ").size();
        const auto here = tracker_item(rows->text(0).substr(kBefore)), there = tracker_item(rows->text(2));
        if (!here || !there || here->is_pull != there->is_pull || here->tracker == there->tracker) continue;
        if (own_[here->is_pull] != here->tracker) continue;
        const std::int64_t id = here->number * 2 + here->is_pull;
        auto& rows_of = last[{there->tracker, there->number, id}];
        rows_of.clear();
        if (rows->text(1) == "relation_removed" || known.contains(id)) continue;
        FirstLifeFound life;
        life.first = *there;
        life.url = safe_url(rows->text(2));
        life.found_by = "see also";
        life.form = "see also @ " + there->tracker;
        life.evidence = shown(fmt::format("{} #{} says: {}", there->tracker, there->number, rows->text(0)));
        rows_of.push_back(row_of(id, life));
      }
    std::vector<std::vector<Value>> found;
    std::set<std::int64_t> taken;
    for (auto& [pair, rows_of] : last)
      for (auto& row : rows_of) {
        const std::int64_t id = std::get<std::int64_t>(row[1]);
        const bool is_here = database_
                                 .integer("SELECT 1 FROM item WHERE project_id = :project AND item_id = :item",
                                          {{"project", project_id_}, {"item", id}})
                                 .has_value();
        if (is_here && taken.insert(id).second) found.push_back(std::move(row));
      }
    insert(found);
  }

  void insert(const std::vector<std::vector<Value>>& rows) {
    if (rows.empty()) return;
    database_.insert(
        {"item_move",
         {"project_id", "item_id", "tracker", "first_number", "first_url", "first_project_id", "first_item_id",
          "opened_at", "responded_at", "form", "found_by", "evidence", "is_joined", "why", "first_is_pull"},
         {"project_id", "item_id"}},
        rows);
  }

  void take_decisions() {
    std::map<std::int64_t, std::pair<TrackerItem, bool>> last;
    for (const auto rows = database_.query(
             "SELECT item_id, tracker, first_number, is_joined, first_is_pull FROM item_move_decision WHERE project_id "
             "= :project ORDER BY decision_id",
             project_);
         rows->next();)
      last[rows->integer(0)] = {{rows->string(1), rows->integer(2), rows->integer(4) == 1}, rows->integer(3) == 1};
    for (const auto& [item, decision] : last) {
      const auto& [first, joined] = decision;
      decisions_[item] = joined;
      const Parameters of{{"project", project_id_}, {"item", item}};
      const auto known = database_.query(
          "SELECT tracker, first_number FROM item_move WHERE project_id = :project AND item_id = :item", of);
      const bool is_same = known->next() && known->text(0) == first.tracker && known->integer(1) == first.number;
      if (is_same) continue;
      if (!joined) {
        decisions_.erase(item);  // of another first life than the one that is found now
        continue;
      }
      FirstLifeFound life;
      life.first = first;
      life.found_by = "decision";
      life.evidence = "as somebody decided";
      insert({row_of(item, life)});
    }
  }

  // Where the store has the first life: when it began, and when somebody answered.
  void find_first_items() {
    std::vector<std::pair<std::string, bool>> trackers;
    for (const auto rows = database_.query(
             "SELECT DISTINCT tracker, first_is_pull FROM item_move WHERE project_id = :project ORDER BY 1, 2",
             project_);
         rows->next();)
      trackers.emplace_back(rows->string(0), rows->integer(1) == 1);
    for (const auto& [tracker, is_pull] : trackers)
      for (const std::int64_t project : projects_with(tracker, is_pull)) take_first_life(tracker, is_pull, project);
  }

  void take_first_life(const std::string& tracker, bool is_pull, std::int64_t project) {
    // The first comment, and the first review, by somebody else than who opened it.
    constexpr std::string_view kAnswer =
        "(SELECT min(c.{1}) FROM {0} c JOIN item i ON i.project_id = c.project_id AND i.item_id = c.item_id JOIN "
        "person_identity n ON n.project_id = c.project_id AND n.identity_id = c.author_id JOIN person p ON "
        "p.project_id "
        "= n.project_id AND p.person_id = n.person_id LEFT JOIN person_identity a ON a.project_id = i.project_id AND "
        "a.identity_id = i.author_id WHERE c.project_id = :other AND c.item_id = item_move.first_number * 2 + "
        "item_move.first_is_pull AND p.is_bot = 0 AND c.is_command = 0 AND n.person_id <> COALESCE(a.person_id, 0))";
    database_.execute(
        fmt::format(
            "UPDATE item_move SET first_project_id = :other, first_item_id = first_number * 2 + first_is_pull, "
            "opened_at "
            "= (SELECT f.created_at FROM item f WHERE f.project_id = :other AND f.item_id = item_move.first_number * 2 "
            "+ "
            "item_move.first_is_pull), responded_at = least({}, {}) WHERE project_id = :project AND tracker = :tracker "
            "AND first_is_pull = :pull AND NOT (project_id = :other AND item_id = first_number * 2 + first_is_pull) "
            "AND "
            "EXISTS (SELECT 1 FROM item f WHERE f.project_id = :other AND f.item_id = item_move.first_number * 2 + "
            "item_move.first_is_pull)",
            fmt::format(kAnswer, "comment", "created_at"), fmt::format(kAnswer, "review", "submitted_at")),
        {{"project", project_id_}, {"other", project}, {"tracker", tracker}, {"pull", std::int64_t{is_pull}}});
  }

  std::vector<std::int64_t> projects_with(const std::string& tracker, bool is_pull) {
    if (const auto rule = project_by_rule_.find(tracker); rule != project_by_rule_.end()) return named(rule->second);
    for (const LinkRule& rule : rules_)
      if (rule.tracker == tracker && !rule.project.empty()) return named(rule.project);
    const auto found = projects_of_.find({tracker, is_pull});
    if (found != projects_of_.end()) return {found->second.begin(), found->second.end()};
    return {};
  }

  std::vector<std::int64_t> named(const std::string& project) {
    const auto id = database_.integer("SELECT project_id FROM project WHERE name = :name", {{"name", project}});
    return id ? std::vector<std::int64_t>{*id} : std::vector<std::int64_t>{};
  }

  void decide() {
    std::map<std::string, std::int64_t> forms;
    for (const auto rows = database_.query(
             "SELECT form, count(*) FROM item_move WHERE project_id = :project AND form <> '' GROUP BY form", project_);
         rows->next();)
      forms[rows->string(0)] = rows->integer(1);
    struct Judged {
      std::int64_t item;
      bool is_joined;
      std::string why;
    };
    std::vector<Judged> judged;
    for (const auto rows = database_.query(
             "SELECT m.item_id, m.found_by, m.form, m.opened_at, i.created_at, i.title, f.title, m.is_joined, m.why "
             "FROM item_move m JOIN "
             "item i ON i.project_id = m.project_id AND i.item_id = m.item_id LEFT JOIN item f ON f.project_id = "
             "m.first_project_id AND f.item_id = m.first_item_id WHERE m.project_id = :project",
             project_);
         rows->next();) {
      Judged one{rows->integer(0), false, {}};
      const std::string found_by = rows->string(1);
      const std::int64_t same = forms[rows->string(2)];
      if (const auto decision = decisions_.find(one.item); decision != decisions_.end()) {
        one.is_joined = decision->second;
        one.why = decision->second ? std::string(kJoinedByDecision) : "somebody took the join back";
      } else if (!rows->is_null(3) && rows->integer(3) > rows->integer(4) + kSlack) {
        one.why = "what it names began later than itself";
      } else if (found_by == "rule") {
        one.is_joined = true;
        one.why = "a link rule of the configuration";
      } else if (!rows->is_null(6) && plain_title(rows->text(5)) == plain_title(rows->text(6)) &&
                 !plain_title(rows->text(6)).empty()) {
        one.is_joined = true;
        one.why = found_by == "see also" ? "that item points here, and has the same title"
                                         : "it names the number, and that item has the same title";
      } else if (found_by == "line" && same >= kSameForm) {
        one.is_joined = true;
        one.why = fmt::format("{}{} items", kJoinedByForm, with_thousands(same));
      } else if (found_by == "line") {
        one.why =
            fmt::format("the form of the line stands in {} alone, {} would join", plural(same, "item"), kSameForm);
      } else if (found_by == "see also") {
        one.why = "that item points here, under another title";
      } else {
        one.why = "a number in a title is no more than a hint";
      }
      if (one.is_joined != (rows->integer(7) == 1) || one.why != rows->text(8)) judged.push_back(std::move(one));
    }
    for (const Judged& one : judged)
      database_.execute(
          "UPDATE item_move SET is_joined = :joined, why = :why WHERE project_id = :project AND item_id = :item",
          {{"joined", std::int64_t{one.is_joined}}, {"why", one.why}, {"project", project_id_}, {"item", one.item}});
  }

  Database& database_;
  std::int64_t project_id_;
  const std::vector<LinkRule>& rules_;
  Parameters project_;
  std::vector<std::int64_t> all_projects_;
  std::map<bool, std::string> own_;  // its tracker, by whether of pull requests
  std::map<std::pair<std::string, bool>, std::set<std::int64_t>> projects_of_;  // by tracker
  std::map<std::string, std::string> project_by_rule_;
  std::map<std::int64_t, bool> decisions_;
};

}  // namespace

std::optional<TrackerItem> tracker_item(std::string_view url) {
  struct Shape {
    Pattern pattern;
    bool has_key;
    bool is_pull = false;
  };
  static const std::array<Shape, 13> shapes{{
      {Pattern(R"((?i)^https?://([^\s?#]+)/ticket/(\d{1,9})(?:\D|$))"), false},
      {Pattern(R"((?i)^https?://([^\s?#]+?)/(?:show_bug\.cgi\?(?:[^#\s]*&)?id=|bz|PR)(\d{1,9})(?:\D|$))"), false},
      {Pattern(R"((?i)^https?://([^\s/?#]+)/issue(\d{1,9})(?:\D|$))"), false},
      {Pattern(R"((?i)^https?://([^\s?#]+?)/browse/([A-Z][A-Z0-9_]+)-(\d{1,9})(?:\D|$))"), true},
      {Pattern(R"((?i)^https?://([^\s?#]+?)/issues/detail\?(?:[^#\s]*&)?id=(\d{1,9})(?:\D|$))"), false},
      {Pattern(R"((?i)^https?://([^\s?#]+?)/(?:-/)?issues?/(\d{1,9})(?:\D|$))"), false},
      {Pattern(R"((?i)^https?://(bugs\.launchpad\.net)/(?:[^?#\s]*/)?(?:\+bug|bugs?)/(\d{1,9})(?:\D|$))"), false},
      {Pattern(
           R"((?i)^https?://(bugs\.debian\.org|debbugs\.gnu\.org)/(?:(?:cgi|cgi-bin)/bugreport\.cgi\?(?:[^#\s]*&)?bug=)?(\d{1,9})(?:\D|$))"),
       false},
      {Pattern(R"((?i)^https?://([^\s?#]+?)/(?:-/)?merge_requests/(\d{1,9})(?:\D|$))"), false, true},
      {Pattern(R"((?i)^https?://([^\s?#]+?)/(?:pulls?|pull-requests)/(\d{1,9})(?:\D|$))"), false, true},
      {Pattern(R"((?i)^https?://([^\s?#/]+(?:/[^\s?#/]+)?)/c/[^\s?#]+/\+/(\d{1,9})(?:\D|$))"), false, true},
      {Pattern(R"((?i)^https?://([^\s?#/]+)/#/c/(?:[^\s?#]+/\+/)?(\d{1,9})(?:\D|$))"), false, true},
      {Pattern(R"(^https?://([^\s?#/]+)/D(\d{1,9})(?:\D|$))"), false, true},
  }};
  const std::string bounded(url.substr(0, kLongestLine));
  for (const Shape& shape : shapes) {
    TrackerItem item;
    std::string key;
    const bool found = shape.has_key ? shape.pattern.found_in(bounded, &item.tracker, &key, &item.number)
                                     : shape.pattern.found_in(bounded, &item.tracker, &item.number);
    if (!found || item.number <= 0) continue;
    item.tracker = without_www(to_lower(item.tracker));
    item.is_pull = shape.is_pull;
    if (!key.empty()) item.tracker += " " + key;
    return item;
  }
  return std::nullopt;
}

std::optional<FirstLifeFound> find_first_life(std::string_view title, std::string_view text, const std::string& own,
                                              const std::vector<LinkRule>& rules, bool is_pull) {
  // A rule, and a number in a title, speak of an issue: of a pull request it is what that mends.
  if (is_pull) return by_line(text, own, true);
  auto found = by_rules(title, text, rules);
  if (!found) found = by_line(text, own, false);
  if (!found) found = by_title(title);
  return found;
}

void find_moves(Database& database, std::int64_t project_id, const std::vector<LinkRule>& rules) {
  Transaction transaction(database);
  MoveFinder(database, project_id, rules).run();
  transaction.commit();
}

bool are_moves_stale(Database& database, std::int64_t project_id, const std::vector<LinkRule>& rules) {
  const auto basis =
      database.text("SELECT basis FROM item_move_search WHERE project_id = :project", {{"project", project_id}});
  return basis != basis_of(rules);
}

void decide_move(Database& database, std::int64_t project_id, std::int64_t item_id, const TrackerItem& first,
                 bool is_joined, Timestamp now, const std::vector<LinkRule>& rules) {
  Transaction transaction(database);
  const std::int64_t last = database
                                .integer("SELECT max(decision_id) FROM item_move_decision WHERE project_id = :project",
                                         {{"project", project_id}})
                                .value_or(0);
  database.insert(
      {"item_move_decision",
       {"project_id", "decision_id", "item_id", "tracker", "first_number", "is_joined", "decided_at", "first_is_pull"},
       {"project_id", "decision_id"}},
      {{project_id, last + 1, item_id, first.tracker, first.number, std::int64_t{is_joined}, now,
        std::int64_t{first.is_pull}}});
  // What was found in its texts is found again.
  database.insert({"item_move_due", {"project_id", "item_id"}, {"project_id", "item_id"}, OnConflict::ignore},
                  {{project_id, item_id}});
  MoveFinder(database, project_id, rules).run();
  transaction.commit();
}

std::string FirstLife::name() const {
  return fmt::format("{} #{}", tracker, number);
}

std::unordered_map<std::int64_t, FirstLife> load_first_lives(Database& database, std::int64_t project_id,
                                                             Timestamp as_of) {
  std::unordered_map<std::int64_t, FirstLife> lives;
  for (const auto rows = database.query(
           "SELECT item_id, tracker, first_number, first_url, first_project_id, first_item_id, opened_at, "
           "CASE WHEN responded_at <= :as_of THEN responded_at END, evidence, why FROM item_move WHERE project_id = "
           ":project AND is_joined = 1 AND (joined_at IS NULL OR joined_at <= :as_of)",
           {{"project", project_id}, {"as_of", as_of}});
       rows->next();) {
    FirstLife& life = lives[rows->integer(0)];
    life.tracker = rows->string(1);
    life.number = rows->integer(2);
    life.url = rows->string(3);
    life.project_id = rows->optional_integer(4);
    life.item_id = rows->optional_integer(5);
    life.opened_at = rows->optional_integer(6);
    life.responded_at = rows->optional_integer(7);
    life.evidence = rows->string(8);
    life.why = rows->string(9);
  }
  return lives;
}

}  // namespace resident

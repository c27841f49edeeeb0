// `ownership`: who wrote the lines that stand, how few of them hold half, and how much
// of the code has outlived the presence of those who wrote it ("orphaned").
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <map>
#include <model/lines.hpp>
#include <set>
#include <unordered_set>

namespace resident {

namespace {

struct Group {
  std::int64_t lines = 0, by_bots = 0, unknown = 0, orphaned = 0;
  Timestamp oldest = 0, newest = 0;
  std::unordered_set<std::int64_t> files;
  std::unordered_map<std::int64_t, std::int64_t> people;  // lines by person; no bots
  double share(std::int64_t part) const {
    return lines == 0 ? 0 : static_cast<double>(part) / static_cast<double>(lines);
  }
};

struct Concentration {
  std::int64_t half = 0;  // the smallest number of people who wrote half
  std::optional<double> gini;
  std::int64_t first = 0, first_lines = 0;  // who wrote most
};

// Of the lines whose writers are known people.
Concentration concentration(const Group& group) {
  Concentration result;
  std::vector<std::pair<std::int64_t, std::int64_t>> order;  // -lines, person: most first
  std::int64_t total = 0;
  for (const auto& [person, lines] : group.people) order.emplace_back(-lines, person), total += lines;
  if (order.empty()) return result;
  std::sort(order.begin(), order.end());
  result.first = order.front().second;
  result.first_lines = -order.front().first;
  std::int64_t sum = 0;
  for (; 2 * sum < total; ++result.half) sum -= order[static_cast<std::size_t>(result.half)].first;
  const auto n = static_cast<double>(order.size());
  if (order.size() < 2) return result;
  double weighted = 0;  // sum of rank × lines, rank 1 being the least
  for (std::size_t i = 0; i < order.size(); ++i)
    weighted += static_cast<double>(order.size() - i) * static_cast<double>(-order[i].first);
  result.gini = 2 * weighted / (n * static_cast<double>(total)) - (n + 1) / n;
  return result;
}

using Key = std::pair<std::int64_t, std::string>;

struct Table {
  LineMoment moment;
  std::map<Key, Group> groups;
  Group all;
  std::int64_t ignored = 0;
};

void add(Group& group, const Lines& lines, const People& people, bool is_gone) {
  group.lines += lines.count;
  group.files.insert(lines.path_id);
  if (people.bots.contains(lines.person)) {
    group.by_bots += lines.count;
  } else if (lines.person == 0) {
    group.unknown += lines.count;
  } else {
    group.people[lines.person] += lines.count;
  }
  if (is_gone) group.orphaned += lines.count;
  if (!lines.has_origin) return;
  if (group.oldest == 0 || lines.born_at < group.oldest) group.oldest = lines.born_at;
  group.newest = std::max(group.newest, lines.born_at);
}

Table make_table(const Context& context, const People& people, const Presence& presence, ModuleMap& map,
                 const PathFilter& filter, const std::string& by) {
  Table table;
  table.moment = line_moment(context);
  each_lines(context, people, table.moment, false, [&](const Lines& lines) {
    if (!filter.counts(lines.path_id)) {
      table.ignored += filter.is_ignored(lines.path_id) ? lines.count : 0;
      return;
    }
    Key key;
    if (by == "person") key.first = lines.person;
    if (by == "file") key.first = lines.path_id;
    if (by == "module") key.second = map.module_of(lines.path_id);
    if (by == "year") key.first = lines.has_origin ? lines.born_month / 12 : -1;
    const bool is_gone = presence.is_gone(lines.person);
    add(table.groups[key], lines, people, is_gone);
    add(table.all, lines, people, is_gone);
  });
  return table;
}

Cell date_cell(Timestamp time) {
  return time == 0 ? Cell() : Cell(time);
}

std::vector<Column> columns_by(const std::string& by) {
  std::vector<Column> columns{{by, by == "person"   ? "Person"
                                   : by == "module" ? "Module"
                                   : by == "file"   ? "File"
                                                    : "Year written"}};
  if (by == "person")
    columns.push_back({"status", "Status", ColumnType::text, "",
                       "gone: not active in the project in the last 365 days; unknown: before the history begins"});
  columns.push_back({"lines", "Lines", ColumnType::integer, "lines", "that stand"});
  columns.push_back({"share", "Share", ColumnType::share, "", "of all lines asked for"});
  if (by != "file") columns.push_back({"files", "Files", ColumnType::integer, "files", "with such lines"});
  if (by != "person") {
    columns.push_back({"people", "Writers", ColumnType::integer, "people", "without bots"});
    columns.push_back({"half", "Own half", ColumnType::integer, "people",
                       "the smallest number of people who wrote half of the lines by people"});
    columns.push_back({"first", "Most by", ColumnType::text});
    columns.push_back({"first_share", "Their share", ColumnType::share});
    columns.push_back({"orphaned_lines", "Orphaned", ColumnType::integer, "lines",
                       "by people who were not active in the last 365 days"});
    columns.push_back({"orphaned", "Orphaned share", ColumnType::share});
    columns.push_back({"gini", "Gini", ColumnType::number, "", "of lines over their writers", "", true});
    columns.push_back({"by_bots", "By bots", ColumnType::integer, "lines", "", "", true});
    columns.push_back({"unknown", "Unknown", ColumnType::integer, "lines", "origin not known", "", true});
  }
  if (by != "year") {
    columns.push_back({"oldest", "Oldest", ColumnType::date, "", "line that stands"});
    columns.push_back({"newest", "Newest", ColumnType::date});
  }
  if (by == "person") columns.push_back({"last_active", "Last active", ColumnType::date, "", "anywhere"});
  return columns;
}

std::vector<Cell> cells(const std::string& by, const Key& key, const Group& group, const Table& table,
                        const People& people, const Presence& presence, const ModuleMap& map) {
  std::vector<Cell> row;
  const std::int64_t id = key.first;
  if (by == "person") {
    const std::string status = id == 0                    ? "unknown"
                               : people.bots.contains(id) ? "bot"
                               : presence.is_active(id)   ? "active"
                                                          : "gone";
    row = {id == 0 ? std::string("(unknown)") : people.name(id), status};
  } else {
    row = {by == "module" ? key.second : by == "file" ? map.path(id) : id < 0 ? "(unknown)" : std::to_string(id)};
  }
  row.insert(row.end(), {group.lines, table.all.share(group.lines)});
  if (by != "file") row.push_back(static_cast<std::int64_t>(group.files.size()));
  if (by != "person") {
    const Concentration found = concentration(group);
    const bool any = !group.people.empty();
    row.insert(row.end(),
               {static_cast<std::int64_t>(group.people.size()), any ? Cell(found.half) : Cell(),
                any ? Cell(people.name(found.first)) : Cell(), any ? Cell(group.share(found.first_lines)) : Cell(),
                group.orphaned, group.share(group.orphaned), found.gini ? Cell(*found.gini) : Cell(), group.by_bots,
                group.unknown});
  }
  if (by != "year") row.insert(row.end(), {date_cell(group.oldest), date_cell(group.newest)});
  if (by == "person") {
    const auto last = presence.last(id);
    row.push_back(last ? Cell(*last) : Cell());
  }
  return row;
}

// The first year from which on at least half of the lines of known origin were written.
int half_year(const Table& table) {
  std::int64_t total = 0, sum = 0;
  for (const auto& [key, group] : table.groups) total += key.first < 0 ? 0 : group.lines;
  for (auto each = table.groups.rbegin(); each != table.groups.rend(); ++each) {
    sum += each->second.lines;
    if (2 * sum >= total) return static_cast<int>(each->first.first);
  }
  return 0;
}

std::string claim(const Context& context, const Table& table, const std::string& by, const std::string& of,
                  const People& people, const Presence& presence, const ModuleMap& map) {
  const Group& all = table.all;
  const bool now = table.moment.is_newest;
  const std::string lines = fmt::format("the {} that {}", plural(all.lines, "line"),
                                        now ? "stand" + of : fmt::format("stood{} on {}", of, table.moment.text()));
  const std::string orphaned = fmt::format("{} of {} are by people who were not active in the {}",
                                           format_cell(all.share(all.orphaned), ColumnType::share), lines,
                                           now ? "last year" : "year before " + format_date(context.as_of));
  if (by == "person") {
    const Concentration found = concentration(all);
    if (found.half == 0) return fmt::format("Nobody is known to have written {}.", lines);
    return fmt::format("{} wrote half of the lines by people, and {} the largest part ({}{}). {}.",
                       plural(found.half, "person", "people"), one_line(people.name(found.first)),
                       format_cell(all.share(found.first_lines), ColumnType::share),
                       presence.is_gone(found.first) ? ", and is gone" : "", orphaned);
  }
  if (by == "year" && all.unknown < all.lines)
    return fmt::format("Half of {} were written in {} or later. {}.", lines, half_year(table), orphaned);
  const auto worst = std::max_element(table.groups.begin(), table.groups.end(), [](const auto& a, const auto& b) {
    return a.second.orphaned < b.second.orphaned;
  });
  if (worst->second.orphaned == 0 || by == "year") return orphaned + ".";
  const std::string name = by == "file" ? map.path(worst->first.first) : worst->first.second;
  return fmt::format("{}; the largest part of them is in {}: {} lines, {} of all there.", orphaned, one_line(name),
                     with_thousands(worst->second.orphaned),
                     format_cell(worst->second.share(worst->second.orphaned), ColumnType::share));
}

std::vector<Result> analyse_ownership(const Context& context) {
  const std::string by = context.choice("by", {"person", "module", "file", "year"});
  const auto top = static_cast<std::size_t>(context.whole_number("top", 50, 0, 1'000'000));
  Result result =
      context.result("ownership", "Ownership by " + by, "Who wrote the lines that stand, and are they still here?");
  result.columns = columns_by(by);
  result.definition = fmt::format(
      "{} Own half: the smallest number of people who wrote at least half of these lines, as CHAOSS's Contributor "
      "Absence Factor counts contributions (https://chaoss.community/kb/metric-contributor-absence-factor/). Gini: of "
      "lines over those who wrote any, 0 when all wrote as many. Orphaned: by people who were not active anywhere in "
      "the project in the 365 days before; lines by bots and of unknown origin are not.",
      kLineDefinition);
  if (const std::string why = why_no_lines(context); !why.empty()) {
    result.claim = why;
    return {std::move(result)};
  }
  const People people = load_people(context);
  ModuleMap map(context);
  const PathFilter filter(context, map);
  const Presence presence(context, people);
  const Table table = make_table(context, people, presence, map, filter, by);
  const Group& all = table.all;
  result.sample_size = all.lines;
  result.method = line_method(table.moment);
  result.evidence.push_back(
      {"Lines of the newest tree by file and person",
       fmt::format(
           "SELECT f.path, p.name, sum(o.lines) AS lines FROM line_owner o JOIN path f ON f.project_id = o.project_id "
           "AND f.path_id = o.path_id LEFT JOIN person_identity i ON i.project_id = o.project_id AND i.identity_id = "
           "o.author_id LEFT JOIN person p ON p.project_id = i.project_id AND p.person_id = i.person_id WHERE "
           "o.project_id = {} AND o.born_at <= {} GROUP BY f.path, p.person_id, p.name ORDER BY lines DESC",
           context.project_id, table.moment.at),
       {}});
  if (all.lines == 0) {
    result.claim = fmt::format("No line{} stood on {}.", filter.text(), table.moment.text());
    return {std::move(result)};
  }
  std::vector<std::map<Key, Group>::const_iterator> order;
  for (auto each = table.groups.begin(); each != table.groups.end(); ++each) order.push_back(each);
  if (by != "year")
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a->second.lines > b->second.lines; });
  for (const auto& each : order) {
    if (top != 0 && result.rows.size() == top) {
      result.notes.push_back(fmt::format("The first {} of {}; --top 0 shows all.", top,
                                         with_thousands(static_cast<long long>(order.size()))));
      break;
    }
    result.rows.push_back(cells(by, each->first, each->second, table, people, presence, map));
  }
  result.claim = claim(context, table, by, filter.text(), people, presence, map);
  result.chart = {Chart::Kind::bar, by, {"lines"}, "", "", "", "lines that stand"};
  if (const auto found = concentration(all); found.gini && by == "person")
    result.notes.push_back(fmt::format("Gini {:.2f} over {} who wrote lines that stand.", *found.gini,
                                       plural(static_cast<long long>(all.people.size()), "person", "people")));
  if (all.by_bots > 0)
    result.notes.push_back(fmt::format("{} by bots ({}).", plural(all.by_bots, "line is", "lines are"),
                                       format_cell(all.share(all.by_bots), ColumnType::share)));
  if (table.ignored > 0)
    result.notes.push_back(fmt::format("{} in ignored_paths, or in files that .gitattributes mark, do not count.",
                                       plural(table.ignored, "line")));
  if (all.unknown > 0)
    result.coverage += fmt::format("{}{} of unknown origin ({})", result.coverage.empty() ? "" : "; ",
                                   plural(all.unknown, "line is", "lines are"),
                                   format_cell(all.share(all.unknown), ColumnType::share));
  return {std::move(result)};
}

}  // namespace

extern const Analysis ownership_analysis;
const Analysis ownership_analysis{"ownership",
                                  "Ownership",
                                  "Who wrote the lines that stand, and are they still here?",
                                  {{"by", "WHAT", "person, module, file or year (of writing); person without it"},
                                   {"module", "MODULE", "Only this module"},
                                   {"path", "PATH", "Only this file or folder"},
                                   {"top", "N", "Rows to show; 50 without it, 0: all"}},
                                  analyse_ownership,
                                  {groups::kCode, "Who wrote the lines that stand, and are they still here",
                                   "By person, module, file or year of writing, with what is orphaned: by people who "
                                   "are gone.\nExample: resident ownership --by module"}};

}  // namespace resident

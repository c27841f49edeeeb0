// `knowledge`: how well each person still knows each file, and which files nobody who
// is here knows any more.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <framework/next_command.hpp>
#include <model/file_knowledge.hpp>
#include <store/identities.hpp>

namespace resident {

namespace {

constexpr std::size_t kNamed = 3;  // knowers that a line names
constexpr const char* kQuestion = "Who still knows this code, and what does nobody know any more?";

const std::string& status_text(const FileKnowledge& data, std::int64_t person) {
  static const std::string active = "active", gone = "gone";
  return data.presence.is_active(person) ? active : gone;
}

Cell lines_cell(const std::optional<std::int64_t>& lines) {
  return lines ? Cell(*lines) : Cell();
}

Result make_result(const FileKnowledge& data, const std::string& name, const std::string& title) {
  const Context& context = data.context;
  Result result = context.result(name, title, kQuestion);
  result.definition = fmt::format(
      "Knowledge of a file: log2(2 + lines added) for each commit of a person to it on the default branch, halved for "
      "every {} days since; shares are of all people's (own definition, after the degree of knowledge of Fritz et al., "
      "ICSE 2010). A knower has a tenth or more. Gone: not active anywhere in the project in the last 365 days. At "
      "risk: all knowers are gone. Bots do not count.",
      data.half_life);
  result.method =
      "Renames are followed; a copy begins anew. The logarithm keeps one large import from hiding all later work. "
      "Reviewing and reading are not seen.";
  if (data.lines_missing.empty()) {
    result.method += " " + line_method(line_moment(context));
  } else {
    result.coverage += (result.coverage.empty() ? "" : "; ") + data.lines_missing;
  }
  result.sample_size = data.commits;
  result.evidence.push_back(
      {"Commits by file and person",
       fmt::format("SELECT f.path, p.name, count(*) AS commits, sum(h.additions) AS added FROM git_commit c JOIN "
                   "file_change h ON h.project_id = c.project_id AND h.commit_id = c.commit_id JOIN path f ON "
                   "f.project_id = h.project_id AND f.path_id = h.path_id JOIN person_identity i ON i.project_id = "
                   "c.project_id AND i.identity_id = c.author_id JOIN person p ON p.project_id = i.project_id AND "
                   "p.person_id = i.person_id WHERE c.project_id = {} AND c.on_default = 1 AND c.committed_at <= {} "
                   "GROUP BY f.path, p.person_id, p.name ORDER BY commits DESC",
                   context.project_id, context.as_of),
       {}});
  return result;
}

// A Result's rows in order, as many as are asked for.
struct Row {
  double order;  // largest first
  std::vector<Cell> cells;
};

void add_rows(Result& result, std::vector<Row> rows, std::size_t top) {
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.order > b.order; });
  for (auto& row : rows) {
    if (top != 0 && result.rows.size() == top) {
      result.notes.push_back(fmt::format("The first {} of {}; --top 0 shows all.", top,
                                         with_thousands(static_cast<long long>(rows.size()))));
      return;
    }
    result.rows.push_back(std::move(row.cells));
  }
}

std::size_t top_of(const FileKnowledge& data) {
  return static_cast<std::size_t>(data.context.whole_number("top", 50, 0, 1'000'000));
}

struct Sums {
  std::vector<const KnownFile*> files;
  std::map<std::int64_t, Known> people;
  double points = 0;
  std::int64_t lines = 0, files_at_risk = 0, lines_at_risk = 0;

  void add(const KnownFile& file) {
    files.push_back(&file);
    points += file.points;
    lines += file.lines.value_or(0);
    files_at_risk += file.at_risk;
    if (file.at_risk) lines_at_risk += file.lines.value_or(0);
    for (const Known& each : file.people) {
      Known& known = people[each.person];
      known.person = each.person;
      known.points += each.points;
      known.commits += each.commits;
      known.last = std::max(known.last, each.last);
    }
  }
  const Known* best() const {
    const auto found = std::max_element(people.begin(), people.end(),
                                        [](const auto& a, const auto& b) { return a.second.points < b.second.points; });
    return found == people.end() ? nullptr : &found->second;
  }
};

std::string risk_text(const FileKnowledge& data, const Sums& all) {
  return fmt::format("{} of {}{} {} known only by people who are gone{}", with_thousands(all.files_at_risk),
                     plural(static_cast<long long>(all.files.size()), "file"), data.filter.text(),
                     all.files_at_risk == 1 || all.files.size() == 1 ? "is" : "are",
                     data.lines_missing.empty()
                         ? fmt::format(" ({} of {})", with_thousands(all.lines_at_risk), plural(all.lines, "line"))
                         : "");
}

std::string truck_text(std::int64_t factor) {
  if (factor == 0) return "more than half have lost all their authors";
  return fmt::format("if {} left, more than half would have lost all their authors",
                     factor == 1 ? "1 more person" : fmt::format("{} more people", factor));
}

constexpr const char* kTruckDefinition =
    " Truck factor: how many active people would have to leave for more than half of the files to have no author; an "
    "author has three quarters of what the best knows. Greedy search and threshold of G. Avelino et al., ICPC 2016, "
    "with this knowledge for authorship; who is gone has left already.";

Result modules_result(FileKnowledge& data, const Sums& all) {
  Result result = make_result(data, "knowledge", "Knowledge by module");
  result.definition += kTruckDefinition;
  result.columns = {{"module", "Module"},
                    {"files", "Files", ColumnType::integer, "files"},
                    {"lines", "Lines", ColumnType::integer, "lines", "that stand"},
                    {"first", "Known best by", ColumnType::text, "", "most of what is known of its files"},
                    {"first_share", "Their share", ColumnType::share},
                    {"status", "Status"},
                    {"truck_factor", "Truck factor", ColumnType::integer, "people"},
                    {"files_at_risk", "Files at risk", ColumnType::integer, "files"},
                    {"lines_at_risk", "Lines at risk", ColumnType::integer, "lines"}};
  result.set_roles({{"module", ColumnRole::module}, {"first", ColumnRole::person}});
  std::map<std::string, Sums> modules;
  for (const auto& [path, file] : data.files) modules[data.map.module_of(path)].add(file);
  const bool has_lines = data.lines_missing.empty();
  std::vector<Row> rows;
  for (const auto& [module, sums] : modules) {
    const Known* best = sums.best();
    rows.push_back(
        {static_cast<double>(has_lines ? sums.lines_at_risk : sums.files_at_risk),
         {module, static_cast<std::int64_t>(sums.files.size()), has_lines ? Cell(sums.lines) : Cell(),
          best ? Cell(data.people.name(best->person)) : Cell(), best ? Cell(best->points / sums.points) : Cell(),
          best ? Cell(status_text(data, best->person)) : Cell(), truck_factor(sums.files, data.presence),
          sums.files_at_risk, has_lines ? Cell(sums.lines_at_risk) : Cell()}});
  }
  add_rows(result, std::move(rows), 0);
  result.claim = fmt::format("{}; {}.", risk_text(data, all), truck_text(truck_factor(all.files, data.presence)));
  return result;
}

Result people_result(const FileKnowledge& data, const Sums& all) {
  Result result = make_result(data, "knowledge", "Knowledge" + data.filter.text());
  result.definition += kTruckDefinition;
  result.columns = {{"person", "Person"},
                    {"share", "Share", ColumnType::share, "", "of what people know of these files"},
                    {"points", "Points", ColumnType::number},
                    {"status", "Status"},
                    {"knows", "Knows", ColumnType::integer, "files", "a tenth or more of what is known of them"},
                    {"best", "Best at", ColumnType::integer, "files", "that nobody knows better"},
                    {"commits", "Commits", ColumnType::integer, "commits", "one for each file they touch"},
                    {"last", "Last here", ColumnType::date},
                    {"last_active", "Last active", ColumnType::date, "", "anywhere in the project"}};
  result.set_roles({{"person", ColumnRole::person}});
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> counts;  // knows, best
  for (const KnownFile* file : all.files) {
    for (const Known& each : file->people) counts[each.person].first += file->share(each) >= kKnowerShare;
    if (!file->people.empty()) ++counts[file->people.front().person].second;
  }
  std::vector<Row> rows;
  const Known* best = nullptr;
  for (const auto& [person, known] : all.people) {
    const auto last = data.presence.last(person);
    if (data.presence.is_active(person) && (!best || known.points > best->points)) best = &known;
    rows.push_back({known.points,
                    {data.people.name(person), known.points / all.points, std::round(known.points * 100) / 100,
                     status_text(data, person), counts[person].first, counts[person].second, known.commits, known.last,
                     last ? Cell(*last) : Cell()}});
  }
  add_rows(result, std::move(rows), top_of(data));
  result.chart = {Chart::Kind::bar, "person", {"share"}, "", "", "", "share of what is known"};
  const std::string risk = all.files.size() > 1 ? fmt::format("{}; {}", risk_text(data, all),
                                                              truck_text(truck_factor(all.files, data.presence)))
                                                : fmt::format("it is {} at risk", all.files_at_risk ? "" : "not ");
  result.claim = all.people.empty() ? fmt::format("Nobody is known to have worked on it{}.", data.filter.text())
                 : !best            ? fmt::format("None of the {} who worked on it is still active.",
                                                  plural(static_cast<long long>(all.people.size()), "person", "people"))
                                    : fmt::format("Of those still active, {} knows most of it ({}); {}.",
                                                  one_line(data.people.name(best->person)),
                                                  format_cell(best->points / all.points, ColumnType::share), risk);
  return result;
}

// Files with those who know them; only those at risk, or all that are asked for.
Result files_result(FileKnowledge& data, const Sums& all, bool only_at_risk) {
  Result result = only_at_risk ? make_result(data, "knowledge_at_risk", "Files that nobody here knows")
                               : make_result(data, "knowledge_files", "Who knows each file" + data.filter.text());
  result.columns = {{"file", "File"},
                    {"lines", "Lines", ColumnType::integer, "lines", "that stand"},
                    {"knowers", "Known by", ColumnType::text, "", "with their shares, best first"},
                    {"active_knowers", "Active", ColumnType::integer, "people", "knowers who are"},
                    {"last_change", "Last change", ColumnType::date},
                    {"at_risk", "At risk", ColumnType::text, "", "", "", only_at_risk}};
  result.set_roles({{"file", ColumnRole::file}});
  std::vector<Row> rows;
  for (const KnownFile* file : all.files) {
    if (only_at_risk && !file->at_risk) continue;
    std::string knowers;
    std::int64_t active = 0;
    for (std::size_t i = 0; i < file->people.size(); ++i) {
      const Known& each = file->people[i];
      if (file->share(each) < kKnowerShare) break;
      active += data.presence.is_active(each.person);
      if (i < kNamed)
        knowers += fmt::format("{}{} {:.0f} %{}", i == 0 ? "" : ", ", data.people.name(each.person),
                               100 * file->share(each), data.presence.is_active(each.person) ? "" : " (gone)");
    }
    rows.push_back({static_cast<double>(file->lines.value_or(0)),
                    {data.map.path(file->path_id), lines_cell(file->lines), knowers, active, file->last_change,
                     std::string(file->at_risk ? "yes" : "no")}});
  }
  const bool is_any = !rows.empty();
  add_rows(result, std::move(rows), top_of(data));
  result.claim = risk_text(data, all);
  if (only_at_risk && is_any)
    result.claim +=
        fmt::format("; the largest is {}", one_line(std::get<std::string>(result.rows.front()[result.column("file")])));
  result.claim += ".";
  return result;
}

Result person_result(FileKnowledge& data, const std::string& wanted) {
  const std::int64_t person = find_person(data.context.database, data.context.project_id, wanted);
  const std::string name = one_line(data.people.name(person));
  Result result = make_result(data, "knowledge", fmt::format("What {} knows", name));
  result.columns = {{"file", "File"},
                    {"points", "Points", ColumnType::number},
                    {"share", "Share", ColumnType::share, "", "of what people know of this file"},
                    {"rank", "Rank", ColumnType::integer, "", "1: nobody knows it better"},
                    {"active_knowers", "Others", ColumnType::integer, "people", "other knowers who are active"},
                    {"commits", "Commits", ColumnType::integer, "commits"},
                    {"last", "Last here", ColumnType::date},
                    {"lines", "Lines", ColumnType::integer, "lines", "that stand"}};
  std::vector<Row> rows;
  std::int64_t knows = 0, alone = 0;
  for (const auto& [path, file] : data.files) {
    std::int64_t others = 0, rank = 0, own_rank = 0;
    const Known* own = nullptr;
    for (const Known& each : file.people) {
      ++rank;
      if (each.person == person) own = &each, own_rank = rank;
      others += each.person != person && file.share(each) >= kKnowerShare && data.presence.is_active(each.person);
    }
    if (!own) continue;
    const bool is_knower = file.share(*own) >= kKnowerShare;
    knows += is_knower;
    alone += is_knower && others == 0;
    rows.push_back({own->points,
                    {data.map.path(path), std::round(own->points * 100) / 100, file.share(*own), own_rank, others,
                     own->commits, own->last, lines_cell(file.lines)}});
  }
  add_rows(result, std::move(rows), top_of(data));
  result.claim = knows == 0
                     ? fmt::format("{} is a knower of none of the {}{}.", name,
                                   plural(static_cast<long long>(data.files.size()), "file"), data.filter.text())
                     : fmt::format("{} knows {}{} and {}; of {} no other knower is active.", name,
                                   plural(knows, "file"), data.filter.text(),
                                   data.presence.is_active(person) ? "is active" : "is gone", with_thousands(alone));
  return result;
}

std::vector<Result> analyse_knowledge(const Context& context) {
  FileKnowledge data(context);
  const std::string person = context.argument("person");
  if (data.files.empty()) {
    Result result = make_result(data, "knowledge", "Knowledge");
    const bool is_any =
        context.database
            .integer("SELECT 1 FROM git_commit WHERE project_id = :project LIMIT 1", {{"project", context.project_id}})
            .has_value();
    result.claim = is_any ? fmt::format("No file{} stood on {}.", data.filter.text(), format_date(context.as_of))
                          : why_no_code(context);
    result.coverage = context.coverage;
    return {std::move(result)};
  }
  if (!person.empty()) return {person_result(data, person)};
  Sums all;
  for (const auto& [path, file] : data.files) all.add(file);
  const bool is_part = !context.argument("module").empty() || !context.argument("path").empty();
  if (is_part) return {people_result(data, all), files_result(data, all, false)};
  return {modules_result(data, all), files_result(data, all, true)};
}

}  // namespace

extern const Analysis knowledge_analysis;
const Analysis knowledge_analysis{
    "knowledge",
    "Knowledge",
    kQuestion,
    {{"path", "PATH", "Who knows this file or folder"},
     {"module", "MODULE", "Who knows this module"},
     {"person", "PERSON", "What this person knows best: a login or a name"},
     {"half-life", "DAYS", "In which what was known counts half; without it as configured, or 365"},
     {"top", "N", "Rows to show; 50 without it, 0: all"}},
    analyse_knowledge,
    {groups::kCode, "Who still knows each file, and which files nobody here knows",
     "Commits count less the longer ago they are. Without --path, --module or --person: all modules, and the files at "
     "risk.\nExample: resident knowledge --path src/main.c"},
    {{"modules", 40, {{"top", "15"}}}}};

}  // namespace resident

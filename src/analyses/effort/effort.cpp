// `effort`: hours of work by person, month, module or employer, in several published ways of counting side by side,
// held against hours that people declared, and what they cost.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/effort/hours.hpp>
#include <base/data_table.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <map>
#include <model/affiliations.hpp>
#include <model/modules.hpp>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace resident {

namespace {

constexpr Timestamp kYear = 365 * kDay;
constexpr double kHalfTime = 20;  // hours a week
// Where more of the commits than this say UTC+0, the zone is the machine's rather than the person's.
constexpr double kMostInUtc = 0.5;
constexpr std::string_view kNoModule = "no file known", kNoEmployer = "not said";

struct Row {
  double hours = 0;
  std::unordered_set<std::int64_t> people;
  std::int64_t last_person = -1;  // most acts come person by person
  std::int64_t sessions = 0;
  std::array<std::int64_t, std::size(kActKinds)> acts{};
};

struct Parts {
  std::vector<std::pair<std::string, double>> shares;  // what the act was about, adding up to 1
};

// Where the work went: the modules of the files that a commit changed, or that the item's pull request changes.
class ModulesOfActs {
 public:
  explicit ModulesOfActs(const Context& context) : map_(context) {
    read(context, commits_,
         "SELECT f.commit_id, f.path_id FROM file_change f JOIN git_commit c ON c.project_id = f.project_id AND "
         "c.commit_id = f.commit_id WHERE f.project_id = :project AND c.on_default = 1 AND c.parent_count < 2 AND "
         "c.committed_at <= :as_of");
    read(context, items_,
         "SELECT f.item_id, f.path_id FROM item_file f JOIN item i ON i.project_id = f.project_id AND i.item_id = "
         "f.item_id WHERE f.project_id = :project AND i.created_at <= :as_of");
  }

  const std::set<std::string>& of(const Act& act) const {
    static const std::set<std::string> none;
    if (act.kind == ActKind::post || act.kind == ActKind::merge) return none;
    const auto& known = act.kind == ActKind::commit ? commits_ : items_;
    const auto found = known.find(act.subject);
    return found == known.end() ? none : found->second;
  }

 private:
  void read(const Context& context, std::unordered_map<std::int64_t, std::set<std::string>>& into,
            std::string_view sql) {
    for (const auto rows = context.database.query(sql, context.parameters()); rows->next();)
      if (const std::string& module = map_.module_of(rows->integer(1)); !module.empty())
        into[rows->integer(0)].insert(module);
  }

  ModuleMap map_;
  std::unordered_map<std::int64_t, std::set<std::string>> commits_, items_;
};

// For whom people worked, by any of their addresses.
class Employers {
 public:
  Employers(const Context& context, const People& people, const std::string& path)
      : affiliations_(read_text_file(path), path) {
    const auto rows = context.database.query(
        "SELECT identity_id, email FROM identity_email WHERE project_id = :project ORDER BY identity_id",
        {{"project", context.project_id}});
    while (rows->next()) addresses_[people.person(rows->integer(0))].push_back(rows->string(1));
  }

  std::string of(const Act& act) const {
    const auto found = addresses_.find(act.person);
    if (found != addresses_.end())
      for (const std::string& address : found->second)
        if (auto employer = affiliations_.employer(address, act.at))
          return is_volunteering(*employer) ? "volunteers" : *employer;
    return std::string(kNoEmployer);
  }

 private:
  Affiliations affiliations_;
  std::unordered_map<std::int64_t, std::vector<std::string>> addresses_;
};

// Everything that was asked for.
struct Request {
  std::string by;
  std::optional<Timestamp> since;
  std::string declared, affiliations;
  std::optional<double> rate;
  std::size_t limit = 50;
  EffortMethod method;

  bool is_by_time() const { return by == "month" || by == "year"; }
  // Where the period begins that the moment lies in, and the one after it.
  Timestamp period_of(Timestamp at) const { return by == "year" ? start_of_year(at) : start_of_month(at); }
  Timestamp after(Timestamp period) const { return add_months(period, by == "year" ? 12 : 1); }
};

std::optional<double> rate_argument(const Context& context) {
  const std::string text = context.argument("rate");
  if (text.empty()) return std::nullopt;
  const auto rate = table_number(text);
  if (!rate || *rate < 0)
    throw Error(ErrorKind::usage, fmt::format("--rate is money for an hour, a number; not '{}'", one_line(text)), "");
  return rate;
}

Request read_request(const Context& context) {
  Request request;
  std::vector<std::string> names;
  for (const EffortMethod& method : effort_methods()) names.emplace_back(method.name);
  const std::string name = context.choice("method", names);
  for (const EffortMethod& method : effort_methods())
    if (method.name == name) request.method = method;
  request.affiliations = context.argument("affiliations");
  request.declared = context.argument("declared");
  request.by = one_of_argument(context, "by", {"person", "month", "year", "module", "kind", "employer"});
  if (request.by.empty()) request.by = request.affiliations.empty() ? "person" : "employer";
  if (request.by == "employer" && request.affiliations.empty())
    throw Error(ErrorKind::usage, "for whom people work is not known",
                "give a file: --affiliations FILE (guide: effort)");
  request.since = time_argument(context, "since");
  request.rate = rate_argument(context);
  request.limit = static_cast<std::size_t>(context.whole_number("limit", 50, 1, 1'000'000'000));
  const bool sets_rule = !context.argument("gap").empty() || !context.argument("before").empty();
  if (sets_rule && !request.method.all_acts)
    throw Error(ErrorKind::usage, fmt::format("--gap and --before are of the method 'sessions'; {} has its own", name),
                "leave --method out");
  if (request.method.all_acts) {
    request.method.rule.longest_gap = kMinute * context.whole_number("gap", 120, 1, 24 * 60);
    request.method.rule.before_first = request.method.rule.before_later =
        kMinute * context.whole_number("before", 30, 0, 24 * 60);
  }
  return request;
}

Parts parts_of(const Request& request, const TimedAct& timed, const ModulesOfActs* modules,
               const Employers* employers) {
  const Act& act = *timed.act;
  if (request.by == "person") return {{{act.person == 0 ? "" : std::to_string(act.person), 1.0}}};
  if (request.by == "kind") return {{{std::string(name_of(act.kind)), 1.0}}};
  if (request.by == "employer") return {{{employers->of(act), 1.0}}};
  const auto& found = modules->of(act);
  if (found.empty()) return {{{std::string(kNoModule), 1.0}}};
  Parts parts;
  for (const std::string& module : found) parts.shares.emplace_back(module, 1.0 / static_cast<double>(found.size()));
  return parts;
}

std::map<std::string, Row> add_up(const Context& context, const Request& request, const People& people,
                                  const std::vector<TimedAct>& acts) {
  std::optional<ModulesOfActs> modules;
  std::optional<Employers> employers;
  if (request.by == "module") modules.emplace(context);
  if (request.by == "employer") employers.emplace(context, people, request.affiliations);
  std::map<std::string, Row> rows;
  const auto add = [](Row& row, const TimedAct& timed, double share) {
    row.hours += share * timed.hours;
    if (timed.act->person != row.last_person) row.people.insert(row.last_person = timed.act->person);
    row.sessions += timed.begins_session;
    ++row.acts[static_cast<std::size_t>(timed.act->kind)];
  };
  std::unordered_map<Timestamp, Row*> periods;
  for (const TimedAct& timed : acts) {
    if (request.is_by_time()) {
      const Timestamp period = request.period_of(timed.act->at);
      Row*& row = periods[period];
      if (!row) row = &rows[format_date(period)];
      add(*row, timed, 1.0);
      continue;
    }
    for (const auto& [key, share] :
         parts_of(request, timed, modules ? &*modules : nullptr, employers ? &*employers : nullptr).shares)
      add(rows[key], timed, share);
  }
  return rows;
}

std::vector<Column> columns_of(const Request& request, const std::optional<Declared>& declared) {
  const std::string title(1, static_cast<char>(request.by[0] - 'a' + 'A'));
  std::vector<Column> columns{
      {request.by, title + request.by.substr(1), request.is_by_time() ? ColumnType::date : ColumnType::text, "",
       request.is_by_time() ? "its first day" : ""},
      {"hours", "Hours", ColumnType::number, "hours", "estimated"}};
  if (declared) {
    columns.push_back({"declared_hours", "As declared", ColumnType::number, "hours", "times what people declared"});
    if (declared->has_interval) {
      columns.push_back({"low", "Low", ColumnType::number, "hours", "95 %"});
      columns.push_back({"high", "High", ColumnType::number, "hours", "95 %"});
    }
  }
  columns.push_back({"share", "Share", ColumnType::share, "", "of all hours"});
  if (request.by != "person") columns.push_back({"people", "People", ColumnType::integer, "people"});
  columns.push_back({"sessions", "Sessions", ColumnType::integer, "sessions"});
  columns.push_back({"commits", "Commits", ColumnType::integer, "commits"});
  if (request.method.all_acts) {
    columns.push_back({"reviews", "Reviews", ColumnType::integer, "reviews"});
    columns.push_back({"comments", "Comments", ColumnType::integer, "comments", "and posts in channels"});
    columns.push_back({"other", "Other acts", ColumnType::integer, "acts", "merges, items opened, labels, closings"});
  }
  if (request.rate) columns.push_back({"cost", "Cost", ColumnType::number, "", "hours times the rate given"});
  if (request.is_by_time())
    columns.push_back({"is_whole", "Whole", ColumnType::integer, "", "1 if it had ended by the as-of time", "", true});
  return columns;
}

std::vector<Cell> cells_of(const Request& request, Cell key, const Row& row, double all,
                           const std::optional<Declared>& declared) {
  const auto acts = [&](ActKind kind) { return row.acts[static_cast<std::size_t>(kind)]; };
  std::vector<Cell> cells{std::move(key), row.hours};
  if (declared) {
    cells.emplace_back(row.hours * declared->factor);
    if (declared->has_interval) {
      cells.emplace_back(row.hours * declared->low);
      cells.emplace_back(row.hours * declared->high);
    }
  }
  cells.emplace_back(all > 0 ? row.hours / all : 0.0);
  if (request.by != "person") cells.emplace_back(static_cast<std::int64_t>(row.people.size()));
  cells.emplace_back(row.sessions);
  cells.emplace_back(acts(ActKind::commit));
  if (request.method.all_acts) {
    cells.emplace_back(acts(ActKind::review));
    cells.emplace_back(acts(ActKind::comment) + acts(ActKind::post));
    cells.emplace_back(acts(ActKind::merge) + acts(ActKind::item) + acts(ActKind::change));
  }
  if (request.rate) cells.emplace_back(std::round(row.hours * (declared ? declared->factor : 1) * *request.rate));
  return cells;
}

std::string declared_note(const Declared& declared) {
  if (declared.rows == 0) return "None of the declared hours are of people that the store knows.";
  std::string note = fmt::format(
      "{} declared {:.0f} h where {:.0f} h are estimated: {:.2f} declared for an estimated one{}. ",
      plural(declared.people, "person", "people"), declared.declared, declared.estimated, declared.factor,
      declared.has_interval ? fmt::format(" ({:.2f} to {:.2f}, 95 %, people drawn again)", declared.low, declared.high)
                            : std::string(" (fewer than 5 people: no interval)"));
  if (declared.people > 1)
    note += fmt::format("Predicted from the others, half of them are off by {:.0f} % or more.",
                        100 * declared.typical_error);
  if (!declared.unknown.empty()) note += fmt::format(" Left out as nobody's: {}.", fmt::join(declared.unknown, ", "));
  return note;
}

// Whether commits were made in office hours, where the clocks' zones are people's own.
std::string office_note(const Context& context, std::optional<Timestamp> since) {
  Parameters parameters = context.parameters();
  parameters.emplace_back("since", since.value_or(0));
  std::int64_t all = 0, in_utc = 0, in_office = 0;
  const auto rows = context.database.query(
      "SELECT authored_at, authored_zone FROM git_commit WHERE project_id = :project AND on_default = 1 AND "
      "parent_count < 2 AND authored_at >= :since AND committed_at <= :as_of",
      parameters);
  while (rows->next()) {
    ++all;
    in_utc += rows->integer(1) == 0;
    const Timestamp local = rows->integer(0) + kMinute * rows->integer(1);
    const std::int64_t hour = ((local % kDay) + kDay) % kDay / kHour;
    in_office += local - start_of_week(local) < 5 * kDay && hour >= 9 && hour < 17;
  }
  if (all == 0) return "";
  const double utc = static_cast<double>(in_utc) / static_cast<double>(all);
  if (utc > kMostInUtc)
    return fmt::format(
        "Whether the work was done in office hours is not said: {:.0f} % of the commits carry UTC+0, which is a "
        "machine's clock more often than a person's.",
        100 * utc);
  return fmt::format(
      "{:.0f} % of {} were authored from Monday to Friday, 9 to 17 h of the author's own clock ({:.0f} % of the "
      "commits carry UTC+0).",
      100 * static_cast<double>(in_office) / static_cast<double>(all), plural(all, "commit"), 100 * utc);
}

// Every period from the first with an act, those without one too.
void add_periods(Result& result, const Context& context, const Request& request, const std::map<std::string, Row>& rows,
                 double all, const std::optional<Declared>& declared) {
  if (rows.empty()) return;
  const Row none;
  for (Timestamp at = parse_time(rows.begin()->first).value_or(context.as_of); at < context.as_of;
       at = request.after(at)) {
    const auto found = rows.find(format_date(at));
    auto cells = cells_of(request, at, found == rows.end() ? none : found->second, all, declared);
    cells.emplace_back(static_cast<std::int64_t>(request.after(at) <= context.as_of));
    result.rows.push_back(std::move(cells));
  }
  result.chart = {Chart::Kind::line,        request.by, {declared ? "declared_hours" : "hours"}, "", "", "",
                  "hours per " + request.by};
  if (declared && declared->has_interval) result.chart.low = "low", result.chart.high = "high";
}

void add_largest(Result& result, const Request& request, const People& people, const std::map<std::string, Row>& rows,
                 double all, const std::optional<Declared>& declared) {
  std::vector<std::pair<std::string, const Row*>> order;
  for (const auto& [key, row] : rows) order.emplace_back(key, &row);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second->hours > b.second->hours; });
  for (const auto& [key, row] : order) {
    if (result.rows.size() == request.limit) break;
    const std::string name = request.by != "person" ? key : people.name(key.empty() ? 0 : std::stoll(key));
    result.rows.push_back(cells_of(request, name, *row, all, declared));
  }
  if (order.size() > request.limit)
    result.notes.push_back(fmt::format("{} of {} rows are shown; --limit says how many.",
                                       with_thousands(static_cast<long long>(request.limit)),
                                       with_thousands(static_cast<long long>(order.size()))));
}

Result effort_result(const Context& context, const Request& request, const People& people,
                     const std::vector<TimedAct>& acts, const std::optional<Declared>& declared) {
  Result result = context.result("effort", "Effort", "How many hours of work went into this, and whose or where?");
  const EffortSum sum = sum_of(acts);
  std::map<std::string, Row> rows = add_up(context, request, people, acts);
  result.columns = columns_of(request, declared);
  if (request.is_by_time())
    add_periods(result, context, request, rows, sum.hours, declared);
  else
    add_largest(result, request, people, rows, sum.hours, declared);
  if (acts.empty()) {
    result.claim = "No acts of people are known.";
    return result;
  }
  Timestamp first = context.as_of;
  double lately = 0;  // hours of the last year
  for (const TimedAct& timed : acts) {
    first = std::min(first, timed.act->at);
    if (timed.act->at > context.as_of - kYear) lately += timed.hours;
  }
  const Timestamp from = std::max(first, request.since.value_or(first));
  const double weeks = static_cast<double>(std::clamp(context.as_of - from, kWeek, kYear)) / static_cast<double>(kWeek);
  const double week = lately * (declared ? declared->factor : 1) / weeks;
  result.claim = fmt::format("{} by {} since {}", plural(std::llround(sum.hours), "hour"),
                             plural(sum.workers, "person", "people"), format_date(from));
  if (week > 0)
    result.claim +=
        fmt::format("; {:.0f} a week in the last {}. One more person at half time ({:.0f} h a week) would {}", week,
                    weeks > 52 ? "year" : fmt::format("{:.0f} weeks", weeks), kHalfTime,
                    kHalfTime <= week ? fmt::format("be {:.0f} % more", 100 * kHalfTime / week)
                                      : fmt::format("add {:.1f} times as much", kHalfTime / week));
  result.claim += ".";
  result.sample_size = sum.acts;
  result.definition = fmt::format(
      "Way of counting '{}': {}. Gap {} min, before a person's first session {} min, before each later one {} min.",
      request.method.name, request.method.what, request.method.rule.longest_gap / kMinute,
      request.method.rule.before_first / kMinute, request.method.rule.before_later / kMinute);
  result.method =
      "each act is given the time before it, and that time is put to the act's person, month, employer, or in equal "
      "parts "
      "to the modules of its files (of a pull request's files, for reviews, comments and labels)";
  result.uncertainty =
      declared && declared->has_interval
          ? "The interval is of the declared hours' factor alone."
          : "What sessions don't show (reading, thinking, meetings, talk elsewhere) is not in it; ways of "
            "counting differ by a factor of three and more (the next table). --declared FILE holds it "
            "against hours that people wrote down.";
  if (declared) result.notes.push_back(declared_note(*declared));
  if (const std::string note = office_note(context, request.since); !note.empty()) result.notes.push_back(note);
  result.evidence.push_back(
      {"commits by author",
       fmt::format(
           "SELECT p.display_name, count(*) AS commits FROM git_commit c JOIN person_identity i ON i.project_id = "
           "c.project_id AND i.identity_id = c.author_id JOIN person p ON p.project_id = i.project_id AND "
           "p.person_id = i.person_id WHERE c.project_id = {} AND c.on_default = 1 AND c.parent_count < 2 AND "
           "c.committed_at <= {} GROUP BY p.display_name ORDER BY commits DESC",
           context.project_id, context.as_of),
       {}});
  return result;
}

// The published ways beside ours.
Result methods_result(const Context& context, const Request& request, const WorkerActs& all_acts,
                      const WorkerActs& commits, const EffortSum& chosen) {
  Result result = context.result("effort_methods", "Ways of counting", "How much do the hours depend on who counts?");
  result.columns = {{"method", "Way of counting"},
                    {"hours", "Hours", ColumnType::integer, "hours"},
                    {"people", "People", ColumnType::integer, "people"},
                    {"acts", "Acts", ColumnType::integer, "acts"},
                    {"what", "What it counts"}};
  double least = 0, most = 0;
  for (const EffortMethod& each : effort_methods()) {
    const EffortSum sum =
        each.name == request.method.name ? chosen : sum_of(timed_acts(each.all_acts ? all_acts : commits, each));
    result.rows.push_back({std::string(each.name), static_cast<std::int64_t>(std::llround(sum.hours)), sum.workers,
                           sum.acts, std::string(each.what)});
    if (sum.hours > 0) {
      least = least == 0 ? sum.hours : std::min(least, sum.hours);
      most = std::max(most, sum.hours);
    }
  }
  result.sample_size = static_cast<std::int64_t>(result.rows.size());
  if (all_acts.acts->empty() && commits.acts->empty())
    result.claim = "No acts are known.";
  else if (commits.acts->empty())
    result.claim =
        "No commits are known, of which the other ways count: `resident add git CLONE` brings them. Hours of work on "
        "them "
        "are missing above, too.";
  else
    result.claim = fmt::format("From {} to {} hours, by the way of counting: {:.1f} times as many.",
                               with_thousands(std::llround(least)), with_thousands(std::llround(most)),
                               least > 0 ? most / least : 1.0);
  result.definition =
      "git-hours: K. Brunfeldt, 2014; gitoxide: S. Thiel, `ein tool estimate-hours`. Both count commits "
      "that are no merges, by the author's clock.";
  result.method = "the same history, each way in turn; bots are in the counts of commits, as there";
  return result;
}

std::vector<Result> analyse_effort(const Context& context) {
  const Request request = read_request(context);
  const People people = load_people(context);
  const WorkerActs all_acts = load_worker_acts(context, people, true, request.since),
                   commits = load_worker_acts(context, people, false, request.since);
  const std::vector<TimedAct> acts = timed_acts(request.method.all_acts ? all_acts : commits, request.method);
  std::optional<Declared> declared;
  if (!request.declared.empty()) declared = compare_declared(context, acts, request.declared);
  return {effort_result(context, request, people, acts, declared),
          methods_result(context, request, all_acts, commits, sum_of(acts))};
}

}  // namespace

extern const Analysis effort_analysis;
const Analysis effort_analysis{
    "effort",
    "Effort",
    "How many hours of work went into this, and whose or where?",
    {{"method", "NAME", "sessions (of all acts), git-hours, gitoxide or once-an-author"},
     {"by", "WHAT", "person, month, year, module, kind or employer"},
     {"since", "DATE", "count from then on; without it, all there is"},
     {"gap", "MINUTES", "acts nearer to one another are of one session (120)"},
     {"before", "MINUTES", "work before a session's first act (30)"},
     {"declared", "FILE", "CSV of hours that people declared: person, from, to, hours"},
     {"affiliations", "FILE", "who worked for whom: address or domain, employer, and perhaps < DATE a line"},
     {"rate", "MONEY", "what an hour costs"},
     {"limit", "N", "rows to show (50)"}},
    &analyse_effort,
    {},
    {{"people", 60, {{"by", "month"}}}}};

}  // namespace resident

#include <fmt/format.h>

#include <algorithm>
#include <analyses/effort/hours.hpp>
#include <base/csv_table.hpp>
#include <base/data_table.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <stats/quantile.hpp>
#include <stats/random.hpp>
#include <store/identities.hpp>
#include <unordered_map>

namespace resident {

namespace {

constexpr std::int64_t kTwoHours = 2 * kHour;
constexpr std::size_t kLeastPeople = 5;  // for an interval
constexpr int kDraws = 2000;

// Commits that are no merges on the default branch, whoever made them; the worker is the address in lower case, or the
// identity where a commit has none.
WorkerActs commits_by_address(const Context& context, const People& people, std::optional<Timestamp> since) {
  Parameters parameters = context.parameters();
  parameters.emplace_back("since", since.value_or(std::numeric_limits<std::int64_t>::min()));
  std::unordered_map<std::string, std::int64_t> workers;
  std::vector<std::pair<std::int64_t, Act>> found;
  const auto rows = context.database.query(
      "SELECT c.author_id, c.authored_at, c.commit_id, e.email FROM git_commit c LEFT JOIN identity_email e ON "
      "e.project_id = c.project_id AND e.identity_id = c.author_id WHERE c.project_id = :project AND c.on_default = 1 "
      "AND c.parent_count < 2 AND c.authored_at >= :since AND c.committed_at <= :as_of",
      parameters);
  while (rows->next()) {
    const std::string key = rows->is_null(3) ? std::to_string(rows->integer(0)) : to_lower(rows->string(3));
    const auto worker = workers.emplace(key, static_cast<std::int64_t>(workers.size())).first->second;
    found.push_back({worker,
                     {people.person(rows->optional_integer(0)), rows->integer(1), ActKind::commit, rows->integer(0),
                      rows->integer(2)}});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first, a.second.at, a.second.subject) < std::tie(b.first, b.second.at, b.second.subject);
  });
  std::vector<Act> acts;
  WorkerActs result;
  for (const auto& [worker, act] : found) {
    result.workers.push_back(worker);
    acts.push_back(act);
  }
  result.acts = std::make_shared<const std::vector<Act>>(std::move(acts));
  return result;
}

struct DeclaredRow {
  std::int64_t person;
  double declared, estimated;
};

double factor_of(const std::vector<DeclaredRow>& rows, std::int64_t without = 0) {
  double declared = 0, estimated = 0;
  for (const DeclaredRow& row : rows)
    if (row.person != without) declared += row.declared, estimated += row.estimated;
  return estimated > 0 ? declared / estimated : 1;
}

// People drawn again with replacement, all rows of each.
void add_interval(const std::vector<DeclaredRow>& rows, Declared& result) {
  std::map<std::int64_t, std::pair<double, double>> by_person;
  for (const DeclaredRow& row : rows) {
    by_person[row.person].first += row.declared;
    by_person[row.person].second += row.estimated;
  }
  std::vector<std::pair<double, double>> sums;
  std::vector<double> errors;
  for (const auto& [person, sum] : by_person) {
    sums.push_back(sum);
    if (by_person.size() > 1 && sum.first > 0)
      errors.push_back(std::abs(factor_of(rows, person) * sum.second - sum.first) / sum.first);
  }
  result.people = static_cast<std::int64_t>(sums.size());
  result.typical_error = stats::quantile(errors, 0.5).value_or(0);
  if (sums.size() < kLeastPeople) return;
  stats::Random random(0x5e55);
  std::vector<double> factors;
  for (int draw = 0; draw < kDraws; ++draw) {
    double declared = 0, estimated = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const auto& [one, other] = sums[random.next() % sums.size()];
      declared += one;
      estimated += other;
    }
    if (estimated > 0) factors.push_back(declared / estimated);
  }
  result.low = stats::quantile(factors, 0.025).value_or(result.factor);
  result.high = stats::quantile(factors, 0.975).value_or(result.factor);
  result.has_interval = !factors.empty();
}

Timestamp need_day(const std::string& text, const std::string& path, std::size_t row) {
  if (const auto day = parse_time(text)) return *day;
  throw Error(ErrorKind::failed, fmt::format("{}, row {}: '{}' is no date", one_line(path), row + 1, one_line(text)),
              "dates are written 2024-01-31");
}

}  // namespace

const std::vector<EffortMethod>& effort_methods() {
  static const std::vector<EffortMethod> methods{
      {"sessions",
       "all acts (commits when they were written, reviews, comments, labels, posts) of a person; a session goes on "
       "while the next act comes within the gap, and begins some time before its first act",
       {kTwoHours, kHour / 2, kHour / 2}},
      {"git-hours",
       "as git-hours counts: commits of an address; 2 h for the first commit of each session but the first of all",
       {kTwoHours, 0, kTwoHours},
       false},
      {"gitoxide",
       "as gitoxide's `ein tool estimate-hours` counts: 2 h for the first commit of each session",
       {kTwoHours, kTwoHours, kTwoHours},
       false},
      {"once-an-author",
       "2 h for each address's first commit of all, and the time between commits of a session; nothing before later "
       "sessions",
       {kTwoHours, kTwoHours, 0},
       false}};
  return methods;
}

WorkerActs load_worker_acts(const Context& context, const People& people, bool all_acts,
                            std::optional<Timestamp> since) {
  if (!all_acts) return commits_by_address(context, people, since);
  return {since ? std::make_shared<const std::vector<Act>>(load_acts(context, people, since))
                : shared_acts(context, people)};
}

std::vector<TimedAct> timed_acts(const WorkerActs& acts, const EffortMethod& method) {
  const std::vector<Act>& all = *acts.acts;
  std::vector<TimedAct> result;
  result.reserve(all.size());
  std::vector<std::int64_t> moments;
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    moments.clear();
    for (; end < all.size() && acts.worker(end) == acts.worker(begin); ++end) moments.push_back(all[end].at);
    const std::vector<double> seconds = stats::seconds_before(moments, method.rule);
    for (std::size_t i = begin; i < end; ++i) {
      const bool begins = i == begin || moments[i - begin] - moments[i - begin - 1] >= method.rule.longest_gap;
      result.push_back({&all[i], seconds[i - begin] / static_cast<double>(kHour), begins});
    }
  }
  return result;
}

EffortSum sum_of(const std::vector<TimedAct>& acts) {
  EffortSum sum;
  std::unordered_map<std::int64_t, bool> people;
  std::int64_t last = -1;  // most come person by person
  for (const TimedAct& timed : acts) {
    sum.hours += timed.hours;
    sum.sessions += timed.begins_session;
    if (timed.act->person != last) people[last = timed.act->person] = true;
  }
  sum.acts = static_cast<std::int64_t>(acts.size());
  sum.workers = static_cast<std::int64_t>(people.size());
  return sum;
}

Declared compare_declared(const Context& context, const std::vector<TimedAct>& acts, const std::string& path) {
  const CsvTable table(read_text_file(path), path);
  const std::size_t person_column = table.need_column("person"), from_column = table.need_column("from"),
                    to_column = table.need_column("to"), hours_column = table.need_column("hours");
  Declared result;
  std::vector<DeclaredRow> rows;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::string& name = table.text(i, person_column);
    const Timestamp from = need_day(table.text(i, from_column), path, i),
                    to = need_day(table.text(i, to_column), path, i) + kDay;  // the last day is meant, too
    const auto hours = table.number(i, hours_column);
    if (!hours || *hours < 0 || to <= from)
      throw Error(ErrorKind::failed,
                  fmt::format("{}, row {}: no hours, or no time to do them in", one_line(path), i + 1),
                  "the columns are person, from, to (both days are meant) and hours");
    std::int64_t person = 0;
    try {
      person = find_person(context.database, context.project_id, name);
    } catch (const Error&) {  // nobody, or more than one
      result.unknown.push_back(one_line(name));
      continue;
    }
    DeclaredRow row{person, *hours, 0};
    for (const TimedAct& timed : acts)
      if (timed.act->person == person && timed.act->at >= from && timed.act->at < to) row.estimated += timed.hours;
    result.declared += row.declared;
    result.estimated += row.estimated;
    rows.push_back(row);
  }
  result.rows = static_cast<std::int64_t>(rows.size());
  result.factor = factor_of(rows);
  result.low = result.high = result.factor;
  add_interval(rows, result);
  return result;
}

}  // namespace resident

#include <algorithm>
#include <base/parallel.hpp>
#include <base/text.hpp>
#include <cmath>
#include <map>
#include <model/benchmarks/measured_values.hpp>
#include <model/benchmarks/stored.hpp>
#include <set>
#include <store/benchmark_units.hpp>
#include <unordered_map>

namespace resident {

namespace {

constexpr std::string_view kRuns =
    "FROM benchmark_run r LEFT JOIN git_commit c ON c.project_id = r.project_id AND c.sha = r.sha "
    "WHERE r.project_id = :project AND r.measured_at <= :as_of";

// Keys whose change makes values of before and after another thing; a hostname's load is none.
bool is_of_the_machine(std::string_view key) {
  static const std::set<std::string_view> keys{"machine", "cpu",          "cores",         "os",
                                               "kernel",  "compiler",     "runtime",       "vm",
                                               "memory",  "architecture", "harness-build", "frequency-scaling"};
  return keys.contains(key);
}

std::map<std::string, std::string> pairs_of(std::string_view environment) {
  std::map<std::string, std::string> pairs;
  for (const auto line : split(environment, '\n'))
    if (const std::size_t equals = line.find('=');
        equals != std::string_view::npos && is_of_the_machine(line.substr(0, equals)))
      pairs.emplace(std::string(line.substr(0, equals)), std::string(line.substr(equals + 1)));
  return pairs;
}

// Which commit each run measured: runs of one have one number, those of none have one each.
std::vector<std::uint32_t> commit_numbers(const std::vector<MeasuredRun>& runs) {
  std::unordered_map<std::string_view, std::uint32_t> first;
  std::vector<std::uint32_t> numbers;
  for (const MeasuredRun& run : runs) {
    const auto own = static_cast<std::uint32_t>(numbers.size());
    numbers.push_back(run.sha.empty() ? own : first.try_emplace(run.sha, own).first->second);
  }
  return numbers;
}

// Takes the columns, and makes neighbours of one commit their mean.
void take_values(SeriesValues& measured, const std::vector<std::uint32_t>& commits, BenchmarkSeries& series) {
  series.values = std::move(measured.values), series.commits.which = std::move(measured.runs);
  auto& values = series.values;
  auto& which = series.commits.which;
  std::size_t count = 0;
  double same = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (count > 0 && commits[which[count - 1]] == commits[which[i]]) {
      values[count - 1] += (values[i] - values[count - 1]) / (++same + 1);
      continue;
    }
    same = 0;
    values[count] = values[i], which[count++] = which[i];
  }
  values.resize(count), which.resize(count);
}

}  // namespace

StoredBenchmarks load_benchmarks(const Context& context) {
  MeasuredValues measured = measured_values(context);
  StoredBenchmarks stored;
  stored.runs = measured.runs.size();
  const auto commits = std::make_shared<std::vector<std::string>>();
  for (const MeasuredRun& run : measured.runs) {
    stored.without_commit += run.sha.empty();
    commits->push_back(run.sha);
  }
  std::vector<SeriesValues*> of_stored;
  for (const auto rows = context.database.query(
           "SELECT series_id, name, machine, unit, better, configuration FROM benchmark_series WHERE project_id = "
           ":project ORDER BY series_id",
           {{"project", context.project_id}});
       rows->next();) {
    const auto found = std::ranges::lower_bound(measured.series, rows->integer(0), {}, &SeriesValues::series);
    if (found == measured.series.end() || found->series != rows->integer(0)) continue;
    std::string name = rows->string(1);
    for (const std::size_t column : {2, 5})
      if (!rows->text(column).empty()) name += " · " + rows->string(column);
    stored.series.push_back({std::move(name), {}, {commits, {}}, {}});
    stored.units.push_back(rows->string(3));
    stored.better.push_back(benchmarks::direction_of(rows->text(4), rows->text(3)));
    of_stored.push_back(&*found);
  }
  const auto numbers = commit_numbers(measured.runs);
  parallel_for(of_stored.size(), processor_count(), [&](unsigned, std::size_t i) {
    BenchmarkSeries& series = stored.series[i];
    take_values(*of_stored[i], numbers, series);
    series.times.reserve(series.values.size());
    for (const std::uint32_t run : series.commits.which) series.times.push_back(measured.runs[run].moment);
  });
  return stored;
}

std::vector<EnvironmentChange> environment_changes(const Context& context) {
  std::vector<EnvironmentChange> changes;
  std::map<std::string, std::map<std::string, std::string>> last;  // by machine and tool
  for (const auto rows = context.database.query("SELECT r.machine, r.tool, r.version, r.environment, r.sha, "
                                                "coalesce(c.committed_at, r.measured_at) AS moment " +
                                                    std::string(kRuns) + " ORDER BY moment, r.measured_at, r.run_key",
                                                context.parameters());
       rows->next();) {
    auto now = pairs_of(rows->text(3));
    if (!rows->text(2).empty()) now[rows->string(1)] = rows->string(2);
    const auto [found, is_first] = last.try_emplace(rows->string(0) + "\n" + rows->string(1), now);
    if (is_first) continue;
    for (const auto& [key, value] : now)
      if (const auto before = found->second.find(key); before != found->second.end() && before->second != value)
        changes.push_back({rows->integer(5), rows->string(0), rows->string(4), key, before->second, value});
    found->second = std::move(now);
  }
  return changes;
}

std::vector<SpeedEvent> speed_events(const Context& context, const StoredBenchmarks& stored,
                                     const ChangesFound& found) {
  std::map<std::pair<Timestamp, std::string>, SpeedEvent> events;
  for (const auto& change : found.changes) {
    const auto& series = stored.series[change.series];
    auto& event = events[{series.times[change.index], series.commits[change.index]}];
    event.at = series.times[change.index], event.sha = series.commits[change.index];
    event.changes.push_back(change);
    const std::string& better = stored.better[change.series];
    if (!better.empty()) ((change.change > 0) == (better == "lower") ? event.worse : event.improved) += 1;
  }
  const auto environment = environment_changes(context);
  std::vector<SpeedEvent> list;
  for (auto& [key, event] : events) {
    for (const auto& change : environment) event.machine_changed = event.machine_changed || change.at == event.at;
    list.push_back(std::move(event));
  }
  // Taken back: the next change of most of its series leads to where they were.
  for (auto& event : list) {
    std::size_t back = 0;
    for (const auto& change : event.changes)
      for (const auto& later : found.changes)
        if (later.series == change.series && later.index > change.index) {
          back += std::abs(later.after - change.before) < 0.3 * std::abs(change.after - change.before);
          break;
        }
    event.recovered = 2 * back > event.changes.size();
  }
  std::stable_sort(list.begin(), list.end(), [](const SpeedEvent& a, const SpeedEvent& b) { return a.at > b.at; });
  return list;
}

}  // namespace resident

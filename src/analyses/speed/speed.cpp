// `speed`: what became faster or slower, at which commit, and how sure; the series that changed, with their levels.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <model/benchmarks/confirmations.hpp>
#include <model/benchmarks/stored.hpp>
#include <model/module_names.hpp>
#include <set>
#include <stats/edivisive.hpp>

namespace resident {

namespace {

constexpr std::size_t kDrawn = 6;  // series with a picture

std::string subject_of(const Context& context, const std::string& sha) {
  if (sha.empty()) return {};
  return context.database
      .text("SELECT subject FROM git_commit WHERE project_id = :project AND sha = :sha",
            {{"project", context.project_id}, {"sha", sha}})
      .value_or("");
}

// The pull request that a commit came by.
std::optional<std::int64_t> pull_of(const Context& context, const std::string& sha) {
  if (sha.empty()) return std::nullopt;
  return context.database.integer(
      "SELECT i.number FROM item_commit ic JOIN item i ON i.project_id = ic.project_id AND i.item_id = ic.item_id "
      "WHERE "
      "ic.project_id = :project AND ic.sha = :sha AND i.kind = 'pull' ORDER BY CASE ic.relation WHEN 'merge' THEN 0 "
      "ELSE 1 END, "
      "i.number LIMIT 1",
      {{"project", context.project_id}, {"sha", sha}});
}

std::string verdict_of(const SpeedEvent& event) {
  if (event.worse > 0 && event.improved > 0) return "mixed";
  if (event.worse > 0) return "worse";
  return event.improved > 0 ? "better" : "different";
}

// Commits that touch documentation alone change no speed: whatever is found at one is false. Counted are those whose
// parent was measured as well, as what lies between two measured commits may be the cause too.
std::string placebo_words(const Context& context, const StoredBenchmarks& stored,
                          const std::vector<SpeedEvent>& events) {
  const Pattern documentation(context.config.search.doc_paths);
  if (stored.series.empty()) return {};
  std::map<std::string, bool> only_documentation;  // of measured commits with a measured parent
  for (const auto rows = context.database.query(
           "SELECT c.sha, p.path FROM git_commit c JOIN commit_parent k ON k.project_id = c.project_id AND k.commit_id "
           "= c.commit_id AND k.position = 0 JOIN file_change f ON f.project_id = c.project_id AND f.commit_id = "
           "c.commit_id JOIN path p ON p.project_id = f.project_id AND p.path_id = f.path_id WHERE c.project_id = "
           ":project AND c.parent_count = 1 AND c.sha IN (SELECT sha FROM benchmark_run WHERE project_id = :project "
           "AND measured_at <= :as_of) AND k.parent_sha IN (SELECT sha FROM benchmark_run WHERE project_id = :project "
           "AND measured_at <= :as_of)",
           context.parameters());
       rows->next();) {
    const auto [found, is_new] = only_documentation.try_emplace(rows->string(0), true);
    found->second = found->second && documentation.found_in(rows->text(1));
  }
  const auto count =
      std::count_if(only_documentation.begin(), only_documentation.end(), [](const auto& each) { return each.second; });
  if (count == 0) return {};
  const auto alarms = std::count_if(events.begin(), events.end(), [&](const SpeedEvent& event) {
    const auto found = only_documentation.find(event.sha);
    return found != only_documentation.end() && found->second;
  });
  return fmt::format(
      "Placebo: {} documentation alone; {} found at one of them ({:.1f} per 100). Such commits change no speed, so "
      "what is found there is false.",
      plural(count, "measured commit touches", "measured commits touch"),
      alarms == 0   ? "no event was"
      : alarms == 1 ? "1 event was"
                    : fmt::format("{} events were", alarms),
      100 * static_cast<double>(alarms) / static_cast<double>(count));
}

Result events_result(const Context& context, const StoredBenchmarks& stored, const ChangesFound& found,
                     const std::vector<SpeedEvent>& events, std::size_t limit) {
  Result result =
      context.result("speed", "Speed", "What became faster or slower, at which commit, and how sure is it?");
  result.columns = {{"at", "When", ColumnType::date},
                    {"commit", "Commit", ColumnType::text, "", "", "commit_url"},
                    {"subject", "What it did", ColumnType::text},
                    {"pull", "Pull request", ColumnType::item, "", "", "pull_url"},
                    {"verdict", "Verdict", ColumnType::text},
                    {"series", "Series", ColumnType::integer, "", "how many changed there"},
                    {"change", "Largest", ColumnType::share, "", "relative change of the series that changed most"},
                    {"low", "at least", ColumnType::share},
                    {"high", "at most", ColumnType::share},
                    {"name", "In", ColumnType::text},
                    {"note", "Note", ColumnType::text},
                    {"commit_url", "", ColumnType::url, "", "", "", true},
                    {"pull_url", "", ColumnType::url, "", "", "", true}};
  std::size_t worse = 0, open = 0, refuted = 0;
  const SpeedConfirmations confirmations(context);
  for (const auto& event : events) {
    const EventConfirmation confirmation = confirmations.of(event, stored);
    const bool is_refuted = confirmation.is_refuted;
    const bool is_worse = event.worse > event.improved;
    refuted += is_refuted;
    worse += is_worse && !is_refuted, open += is_worse && !event.recovered && !is_refuted;
    if (result.rows.size() >= limit) continue;
    const auto largest = std::max_element(event.changes.begin(), event.changes.end(), [](const auto& a, const auto& b) {
      return std::abs(std::log(std::max(1e-9, 1 + a.change))) < std::abs(std::log(std::max(1e-9, 1 + b.change)));
    });
    std::string note = event.machine_changed ? "or the machine or its tools changed there" : "";
    const auto add = [&note](const std::string& words) { note += (note.empty() ? "" : "; ") + words; };
    if (event.recovered) add("taken back since");
    if (!confirmation.words.empty()) add(confirmation.words);
    const auto pull = pull_of(context, event.sha);
    const std::string commit_url = context.url.empty() || event.sha.empty() ? "" : context.url + "/commit/" + event.sha;
    result.rows.push_back({event.at, event.sha.substr(0, 12), subject_of(context, event.sha),
                           pull ? Cell(*pull) : Cell(), verdict_of(event),
                           static_cast<std::int64_t>(event.changes.size()), largest->change, largest->low,
                           largest->high, stored.series[largest->series].name, note, commit_url,
                           pull ? context.item_url("pull", *pull) : std::string()});
  }
  result.claim = stored.series.empty() ? "No benchmark results are in the store."
                 : events.empty()
                     ? fmt::format("Nothing changed in {}.",
                                   plural(static_cast<long long>(stored.series.size()), "series", "series"))
                     : fmt::format("{} in {}, {} to the worse, {} of those not taken back{}.",
                                   plural(static_cast<long long>(events.size()), "event"),
                                   plural(static_cast<long long>(stored.series.size()), "series", "series"), worse,
                                   open, refuted > 0 ? fmt::format("; {} not seen in reruns", refuted) : "");
  if (const std::string placebo = placebo_words(context, stored, events); !placebo.empty())
    result.notes.push_back(placebo);
  result.sample_size = static_cast<std::int64_t>(stored.series.size());
  result.definition =
      "An event: lasting steps of one or more series at one commit, the first that was measured after them; what lies "
      "between it and the measured commit before may be the cause too. Intervals are 95 %.";
  result.method =
      "steps against the noise of each series, by a vote of methods, at most 5 % false over all series (guide: "
      "benchmarks)";
  result.uncertainty =
      found.changes.empty() ? "" : "each size has its interval; the commit is that of the first value after the step";
  if (stored.without_commit > 0)
    result.coverage = fmt::format("{} of {} runs name no commit", stored.without_commit, stored.runs);
  if (found.jumps > 0)
    result.notes.push_back(fmt::format("{} not told: the series go back and forth between levels.",
                                       plural(static_cast<long long>(found.jumps), "jump is", "jumps are")));
  for (const auto& [series, drift] : found.drifts)
    if (result.notes.size() < 10)
      result.notes.push_back(fmt::format("{} drifts: {:+.1f} % from its first value to its last, with no step.",
                                         stored.series[series].name, 100 * drift));
  const auto environment = environment_changes(context);
  for (auto change = environment.rbegin(); change != environment.rend() && change - environment.rbegin() < 5; ++change)
    result.notes.push_back(fmt::format("{}{}: {} changed from {} to {}.", format_date(change->at),
                                       change->machine.empty() ? "" : " on " + change->machine, change->key,
                                       change->before, change->after));
  result.evidence.push_back(
      {"All values",
       fmt::format("SELECT s.name, r.sha, r.measured_at, v.value, v.samples FROM benchmark_value v JOIN "
                   "benchmark_series s ON s.project_id = "
                   "v.project_id AND s.series_id = v.series_id JOIN benchmark_run r ON r.project_id = v.project_id AND "
                   "r.run_key = v.run_key "
                   "WHERE v.project_id = {} AND r.measured_at <= {} ORDER BY s.name, r.measured_at",
                   context.project_id, context.as_of),
       {}});
  return result;
}

struct Level {
  double mean = 0, low = 0, high = 0;
};

// The mean of values [begin, end) with its 95 % interval; of one value, itself.
Level level_of(const std::vector<double>& values, std::size_t begin, std::size_t end) {
  const double n = static_cast<double>(end - begin);
  double mean = 0, squares = 0;
  for (std::size_t i = begin; i < end; ++i) mean += values[i] / n;
  for (std::size_t i = begin; i < end; ++i) squares += (values[i] - mean) * (values[i] - mean);
  if (n < 2) return {mean, mean, mean};
  const double reach = stats::student_t_quantile(0.95, n - 1) * std::sqrt(squares / (n - 1) / n);
  return {mean, mean - reach, mean + reach};
}

// One series with the level of each stretch.
Result series_result(const Context& context, const StoredBenchmarks& stored, std::size_t number,
                     const std::vector<const BenchmarkChange*>& changes) {
  const auto& series = stored.series[number];
  Result result = context.result("speed_series_" + std::to_string(number + 1), series.name, "How did it go?");
  result.columns = {
      {"at", "When", ColumnType::time},
      {"commit", "Commit", ColumnType::text},
      {"value", "Value", ColumnType::number, stored.units[number]},
      {"level", "Level", ColumnType::number, stored.units[number], "mean of the stretch between two changes"},
      {"low", "at least", ColumnType::number, stored.units[number], "95 %, of the level", "", true},
      {"high", "at most", ColumnType::number, stored.units[number], "95 %, of the level", "", true}};
  result.chart = {Chart::Kind::line, "at", {"level", "value"}};
  result.chart.low = "low", result.chart.high = "high";
  result.chart.y_label = stored.units[number];
  std::size_t next = 0;
  std::string said;
  Level level = level_of(series.values, 0, changes.empty() ? series.values.size() : changes.front()->index);
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (next < changes.size() && changes[next]->index == i) {
      const BenchmarkChange& change = *changes[next];
      const double sign = change.change < 0 ? -1 : 1;  // "7.3 % less (6.1 to 8.5 %)"
      said +=
          fmt::format("{}{:.1f} % {} ({:.1f} to {:.1f} %) on {}", said.empty() ? "" : ", ", 100 * sign * change.change,
                      sign < 0 ? "less" : "more", 100 * (sign < 0 ? -change.high : change.low),
                      100 * (sign < 0 ? -change.low : change.high), format_date(series.times[i]));
      ++next;
      level = level_of(series.values, i, next < changes.size() ? changes[next]->index : series.values.size());
    }
    result.rows.push_back(
        {series.times[i], series.commits[i].substr(0, 12), series.values[i], level.mean, level.low, level.high});
  }
  result.uncertainty =
      "the band is the 95 % interval of each level (Student's t, neighbouring values taken as independent)";
  result.claim = said.empty() ? "No lasting change." : said + ".";
  result.sample_size = static_cast<std::int64_t>(series.values.size());
  return result;
}

// Which series and events are a module's: series whose names speak of it, events at commits that changed its files.
class OfModule {
 public:
  OfModule(const Context& context, const StoredBenchmarks& stored, std::string module)
      : context_(context), map_(context), module_(std::move(module)) {
    while (module_.size() > 1 && module_.ends_with('/')) module_.pop_back();
    if (context.argument("only") != "any") check();
    ModuleNames names;
    names.learn(map_);
    const auto called = modules_by_word();
    for (std::size_t i = 0; i < stored.series.size(); ++i) {
      const std::string& name = stored.series[i].name;
      const auto place = names.find({}, files_of(name));
      if ((place && place->module == module_) || (!place && has_its_word(name, called))) series_.insert(i);
    }
  }

  const std::set<std::size_t>& series() const { return series_; }
  const std::string& name() const { return module_; }

  bool concerns(const SpeedEvent& event) {
    return std::any_of(event.changes.begin(), event.changes.end(),
                       [&](const auto& change) { return series_.contains(change.series); }) ||
           is_touched_by(event.sha);
  }

 private:
  void check() {
    const auto files = map_.files();
    if (files.contains(module_)) return;
    std::vector<std::string> names;
    for (const auto& [each, count] : files) names.push_back(each);
    const std::string nearest = near_miss(module_, names);
    throw Error(
        ErrorKind::usage, fmt::format("there is no module {}", one_line(module_)),
        nearest.empty() ? "`resident modules` lists the modules" : fmt::format("did you mean {}?", one_line(nearest)));
  }

  // By the last part of their names, in lower case: of several called so, the one that is no folder of tests and the
  // like; "" where that leaves several.
  std::map<std::string, std::string> modules_by_word() {
    static const Pattern beside(R"((?i)(?:^|/)(?:tests?|docs?|examples?|bench(?:marks?)?)(?:/|$))");
    std::map<std::string, std::string> by_word;
    for (const bool is_beside : {false, true}) {
      std::map<std::string, std::string> found;
      for (const auto& [module, count] : map_.files()) {
        if (count == 0 || beside.found_in(module) != is_beside) continue;
        const auto [same, is_new] = found.try_emplace(to_lower(module.substr(module.rfind('/') + 1)), module);
        if (!is_new) same->second.clear();
      }
      by_word.insert(found.begin(), found.end());
    }
    return by_word;
  }

  // "json.JSON.time_dumps · ci-1" speaks of json, time and dumps: the first word that is a module's says whose it is.
  bool has_its_word(const std::string& name, const std::map<std::string, std::string>& called) const {
    std::string words = to_lower(name.substr(0, name.find(" · ")));
    for (char& c : words)
      if (std::string_view("_.:/-").find(c) != std::string_view::npos) c = ' ';
    for (const auto word : split(words, ' '))
      if (const auto found = called.find(std::string(word)); found != called.end() && !found->second.empty())
        return found->second == module_;
    return false;
  }

  // It may be of json.py or json.c.
  static std::string files_of(const std::string& name) {
    std::string files = name;
    for (const auto part : split(std::string_view(name).substr(0, name.find_first_of(" [(")), '.'))
      for (const std::string_view ending : {"py", "c", "cpp", "rs", "go", "js", "ts"})
        files += fmt::format(" {}.{}", part, ending);
    return files;
  }

  bool is_touched_by(const std::string& sha) {
    if (sha.empty()) return false;
    for (const auto rows = context_.database.query(
             "SELECT f.path_id FROM git_commit c JOIN file_change f ON f.project_id = c.project_id AND f.commit_id = "
             "c.commit_id WHERE c.project_id = :project AND c.sha = :sha",
             {{"project", context_.project_id}, {"sha", sha}});
         rows->next();)
      if (map_.knows(rows->integer(0)) && map_.module_of(rows->integer(0)) == module_) return true;
    return false;
  }

  const Context& context_;
  ModuleMap map_;
  std::string module_;
  std::set<std::size_t> series_;
};

using ChangesBySeries = std::map<std::size_t, std::vector<const BenchmarkChange*>>;

// The series of the newest events first.
std::vector<std::size_t> changed_first(const std::vector<SpeedEvent>& events) {
  std::vector<std::size_t> order;
  for (const auto& event : events)
    for (const auto& change : event.changes)
      if (std::find(order.begin(), order.end(), change.series) == order.end()) order.push_back(change.series);
  return order;
}

std::vector<Result> of_module(const Context& context, const StoredBenchmarks& stored, const ChangesFound& found,
                              std::vector<SpeedEvent> events, ChangesBySeries& by_series, std::size_t limit) {
  OfModule module(context, stored, context.argument("module"));
  std::erase_if(events, [&](const SpeedEvent& event) { return !module.concerns(event); });
  if (events.empty() && module.series().empty() && context.argument("only") == "any") return {};
  Result result = events_result(context, stored, found, events, limit);
  result.title = "Speed of " + one_line(module.name());
  result.question = "What became faster or slower here, and which benchmarks speak of it?";
  // These are of the whole project.
  std::erase_if(result.notes, [](const std::string& note) {
    return note.find(" drifts: ") != std::string::npos || note.starts_with("Placebo: ");
  });
  const auto worse =
      std::count_if(events.begin(), events.end(), [](const SpeedEvent& each) { return each.worse > each.improved; });
  result.claim = fmt::format("{} named after it; {} at commits that changed it or in these series, {} to the worse.",
                             plural(static_cast<long long>(module.series().size()), "series is", "series are"),
                             plural(static_cast<long long>(events.size()), "event"), worse);
  result.definition +=
      " A series is a module's where its name speaks of the module, or of a file that only this module has; an event "
      "where its commit changed a file of the module, or a series of the module's changed there.";
  std::vector<Result> results{std::move(result)};
  std::vector<std::size_t> order = changed_first(events);
  std::stable_partition(order.begin(), order.end(), [&](std::size_t each) { return module.series().contains(each); });
  for (const std::size_t each : module.series())
    if (std::find(order.begin(), order.end(), each) == order.end()) order.push_back(each);
  for (std::size_t i = 0; i < std::min(kDrawn, order.size()); ++i)
    results.push_back(series_result(context, stored, order[i], by_series[order[i]]));
  return results;
}

std::vector<Result> analyse_speed(const Context& context) {
  const std::string only = context.choice("only", {"all", "events", "any"});
  const auto limit = static_cast<std::size_t>(context.whole_number("limit", 50, 1, 100000));
  const StoredBenchmarks stored = load_benchmarks(context);
  if (only != "all" && stored.series.empty()) return {};  // nobody measures here
  const ChangesFound found = find_changes(stored.series, {});
  const auto events = speed_events(context, stored, found);
  ChangesBySeries by_series;
  for (const auto& change : found.changes) by_series[change.series].push_back(&change);
  if (!context.argument("module").empty()) return of_module(context, stored, found, events, by_series, limit);
  std::vector<Result> results{events_result(context, stored, found, events, limit)};
  if (only == "events") return results;
  const std::vector<std::size_t> drawn = changed_first(events);
  for (std::size_t i = 0; i < std::min(kDrawn, drawn.size()); ++i)
    results.push_back(series_result(context, stored, drawn[i], by_series[drawn[i]]));
  return results;
}

}  // namespace

extern const Analysis speed_analysis;
const Analysis speed_analysis{
    "speed",
    "Speed",
    "What became faster or slower, at which commit, and how sure is it?",
    {{"module", "NAME", "of one module: what its commits changed, and the series that its name is in"},
     {"only", "EVENTS", "events: without the series behind them; any: nothing at all where nothing is known"},
     {"limit", "N", "events to show (50)"}},
    &analyse_speed,
    {groups::kTests, "What became faster or slower, at which commit, and how sure it is",
     "Of the benchmark results in the store (`resident add benchmarks PLACE`); few alarms, each with its "
     "interval.\nExample: resident "
     "speed --as-of 2026-01-31"},
    {{"speed", 0},
     {"today", 90, {{"only", "events"}, {"limit", "5"}}},
     {"module", 60, {{"module", std::string(kPageSubject)}, {"only", "any"}}}}};

}  // namespace resident

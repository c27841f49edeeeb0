#include <fmt/format.h>

#include <base/text.hpp>
#include <store/benchmark_book.hpp>

namespace resident {

BenchmarkBook::BenchmarkBook(Database& database, std::int64_t project_id, std::int64_t source_id)
    : database_(database), project_id_(project_id), source_id_(source_id) {}

void BenchmarkBook::run(const StoredRun& run) {
  flush();
  run_ = run;
  const Parameters of_run{{"project", project_id_}, {"run", run.key}};
  database_.execute("DELETE FROM benchmark_value WHERE project_id = :project AND run_key = :run", of_run);
  is_run_open_ = true;
  said_ = run.machine;
}

void BenchmarkBook::remove(const std::string& run_key) {
  flush();
  for (const std::string_view table : {"benchmark_value", "benchmark_run"})
    database_.execute(fmt::format("DELETE FROM {} WHERE project_id = :project AND run_key = :run", table),
                      {{"project", project_id_}, {"run", run_key}});
}

std::int64_t BenchmarkBook::series_id(const StoredSeries& series) {
  const Key key{series.name, series.unit, run_.machine, series.configuration};
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  std::optional<std::int64_t> stored;
  bool has_changed = false;
  for (const auto rows = database_.query(
           "SELECT series_id, benchmark, tags FROM benchmark_series WHERE project_id = :project AND name = :name AND "
           "unit = :unit AND machine = :machine AND configuration = :configuration",
           {{"project", project_id_},
            {"name", series.name},
            {"unit", series.unit},
            {"machine", run_.machine},
            {"configuration", series.configuration}});
       rows->next();)
    stored = rows->integer(0), has_changed = rows->text(1) != series.benchmark || rows->text(2) != series.tags;
  if (has_changed)
    database_.execute(
        "UPDATE benchmark_series SET benchmark = :benchmark, tags = :tags WHERE project_id = :project AND series_id = "
        ":series",
        {{"project", project_id_}, {"series", *stored}, {"benchmark", series.benchmark}, {"tags", series.tags}});
  if (stored) return known_[key] = *stored;
  if (next_ == 0)
    next_ = 1 + database_
                    .integer("SELECT max(series_id) FROM benchmark_series WHERE project_id = :project",
                             {{"project", project_id_}})
                    .value_or(0);
  const std::int64_t id = next_++;
  known_[key] = id;
  series_.push_back({project_id_, id, series.name, series.unit, run_.machine, series.configuration, series.benchmark,
                     text_or_null(series.better), series.tool, series.tags});
  return id;
}

void BenchmarkBook::value(const StoredSeries& series, double value, const std::vector<double>& samples,
                          std::optional<double> spread) {
  std::string text;
  for (const double sample : samples) text += fmt::format("{}{}", text.empty() ? "" : " ", sample);
  const std::int64_t id = series_id(series);
  said_.append(reinterpret_cast<const char*>(&id), sizeof id);
  said_.append(reinterpret_cast<const char*>(&value), sizeof value);
  values_.push_back({project_id_, id, run_.key, value, text_or_null(text), value_of(spread)});
  if (values_.size() >= 5000) write_values();
}

void BenchmarkBook::flush() {
  if (is_run_open_)
    database_.insert({"benchmark_run",
                      {"project_id", "run_key", "source_id", "sha", "measured_at", "machine", "environment", "tool",
                       "version", "is_dirty", "digest"},
                      {"project_id", "run_key"}},
                     {{project_id_, run_.key, source_id_, text_or_null(run_.sha), run_.measured_at, run_.machine,
                       run_.environment, run_.tool, run_.version, std::int64_t{run_.is_dirty}, fingerprint(said_)}});
  is_run_open_ = false;
  write_values();
}

void BenchmarkBook::write_values() {
  if (!series_.empty())
    database_.insert(
        {"benchmark_series",
         {"project_id", "series_id", "name", "unit", "machine", "configuration", "benchmark", "better", "tool", "tags"},
         {"project_id", "series_id"}},
        series_);
  if (!values_.empty())
    database_.insert({"benchmark_value",
                      {"project_id", "series_id", "run_key", "value", "samples", "spread"},
                      {"project_id", "series_id", "run_key"}},
                     values_);
  series_.clear(), values_.clear();
}

}  // namespace resident

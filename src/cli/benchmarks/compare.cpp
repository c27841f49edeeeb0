// resident bench compare A B and bench gate A B: two runs, from files or of commits in the store.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/benchmarks/benchmarks.hpp>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <map>
#include <model/benchmarks/comparison.hpp>
#include <model/benchmarks/measured_commit.hpp>
#include <nlohmann/json.hpp>
#include <sources/benchmarks/formats/format.hpp>
#include <sources/files/files.hpp>

namespace resident {

namespace {

using Json = nlohmann::ordered_json;
using benchmarks::Better;

struct Measured {
  std::string benchmark;  // without its parameters
  std::vector<std::string> tags;
  std::vector<double> values;
  std::optional<double> value;  // the tool's own figure, where it has no values
  std::string unit, error;
  std::optional<Better> better;
};

struct Run {
  std::map<std::string, Measured> series;
  std::map<std::string, std::string> environment;
  std::string told;  // of which commit it is, where it is of another than was named
};

void take(Run& run, const benchmarks::Report& report) {
  run.environment.insert(report.environment.begin(), report.environment.end());
  for (const auto& series : report.series) {
    auto& measured = run.series[series.name];
    measured.benchmark = series.benchmark, measured.tags = series.tags;
    measured.unit = series.unit;
    measured.better = series.better;
    measured.error = series.error;
    if (series.value) measured.value = series.value;
    // Files of the same run repeated: every value counts.
    if (!series.values.empty())
      measured.values.insert(measured.values.end(), series.values.begin(), series.values.end());
    else if (series.value)
      measured.values.push_back(*series.value);
  }
}

// What the store has of a commit, a branch or a tag.
Run stored_run(const Invocation& invocation, const std::string& name) {
  const auto database = invocation.open(Access::read);
  const MeasuredCommit commit = measured_commit(invocation.context(*database), name);
  Run run;
  run.environment = commit.environment;
  for (const auto& series : commit.series) {
    auto& measured = run.series[series.name];
    measured.benchmark = series.benchmark, measured.tags = series.tags;
    measured.unit = series.unit;
    if (!series.better.empty()) measured.better = series.better == "lower" ? Better::lower : Better::higher;
    measured.values = series.values;
  }
  if (commit.steps > 0)
    run.told = fmt::format("{} ({:.12}) was not measured itself: {:.12}, {} before it, stands for it", one_line(name),
                           commit.asked, commit.sha, plural(static_cast<long long>(commit.steps), "commit"));
  return run;
}

Run read_run(const Invocation& invocation, const std::string& place) {
  if (place != "-" && !std::filesystem::exists(place)) {
    // Nobody calls a branch so; a file that is not there is more likely.
    const bool is_file = place.ends_with(".json") || place.ends_with(".csv") || place.ends_with(".txt");
    if (is_file || !has_store(invocation))
      throw Error(ErrorKind::usage, fmt::format("there is nothing at {}", one_line(place)),
                  "a file or a folder of results; or, with a store, a commit, branch or tag that was measured");
    return stored_run(invocation, place);
  }
  Run run;
  if (place != "-" && std::filesystem::is_directory(place)) {
    for_each_file(place, [&](ArchiveFile&& file) {
      if (!file.problem.empty()) return;
      try {
        take(run, benchmarks::read_report(file.content, place + "/" + file.name));
      } catch (const Error&) {
        // Something else that lies in the folder.
      }
    });
  } else {
    try {
      take(run, benchmarks::read_report(read_whole_file(place == "-" ? "/dev/stdin" : place), place));
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("{}: {}", one_line(place), error.what()), error.hint());
    }
  }
  if (run.series.empty())
    throw Error(ErrorKind::failed, fmt::format("no benchmark results in {}", one_line(place)),
                "docs/guide/benchmarks.md lists the forms");
  return run;
}

struct Compared {
  std::vector<ComparedBenchmark> lines;
  std::vector<std::string> only_in_a, only_in_b, without_values;  // names
  std::vector<std::string> broken;   // had values in the first run, and an error or none in the second
  std::vector<std::string> changed;  // of the environment
  std::vector<std::string> told;     // which commits stand for those that were named
  std::vector<GroupMean> means;      // over all first, if any
};

// Counts and sizes may be 0 ("0 allocs/op"); a time or rate of 0 is none, but what a tool wrote of something too quick
// for it, or broken.
bool may_be_nought(const Measured& measured) {
  return measured.unit != "s" && measured.better != Better::higher;
}

bool is_measure(const Measured& measured) {
  return std::ranges::all_of(measured.values, [nought = may_be_nought(measured)](double value) {
    return value > 0 || (nought && value == 0);
  });
}

// What was measured before and is now measured as something else; "" where the two can be compared, or never could.
std::string no_longer_comparable(const Measured& first, const Measured& second) {
  if (!first.error.empty() || first.values.empty() || !is_measure(first)) return {};
  if (first.unit != second.unit)
    return fmt::format("in {}, before in {}", second.unit.empty() ? "no unit" : one_line(second.unit),
                       first.unit.empty() ? "no unit" : one_line(first.unit));
  if (first.better && second.better && *first.better != *second.better) return "which way is better changed";
  if (!is_measure(second)) return may_be_nought(second) ? "values below 0" : "values that are not above 0";
  return {};
}

Compared compare(const Run& a, const Run& b, double size) {
  Compared result;
  for (const auto& [name, first] : a.series) {
    const auto found = b.series.find(name);
    if (found == b.series.end()) {
      result.only_in_a.push_back(name);
      continue;
    }
    const Measured& second = found->second;
    if (!first.values.empty() && first.error.empty() && (second.values.empty() || !second.error.empty())) {
      result.broken.push_back(second.error.empty() ? name : fmt::format("{} ({})", name, one_line(second.error)));
      continue;
    }
    if (const std::string why = no_longer_comparable(first, second); !why.empty()) {
      result.broken.push_back(fmt::format("{} ({})", name, why));
      continue;
    }
    auto comparison = first.unit == second.unit ? stats::compare_samples(first.values, second.values) : std::nullopt;
    if (!comparison && first.unit == second.unit && may_be_nought(first) && may_be_nought(second))
      comparison = stats::compare_with_nought(first.values, second.values);
    if (!comparison) {
      result.without_values.push_back(name);
      continue;
    }
    const char* better = !first.better ? "" : *first.better == Better::lower ? "lower" : "higher";
    ComparedBenchmark line{name, first.unit, better, *comparison, first.values.size(), second.values.size()};
    line.benchmark = second.benchmark;
    // A tag that either file knows.
    std::set_union(first.tags.begin(), first.tags.end(), second.tags.begin(), second.tags.end(),
                   std::back_inserter(line.tags));
    result.lines.push_back(std::move(line));
  }
  for (const auto& [name, unused] : b.series)
    if (!a.series.contains(name)) result.only_in_b.push_back(name);
  judge(result.lines, size);
  result.means = group_means(result.lines);
  for (const auto& [key, value] : a.environment)
    if (const auto other = b.environment.find(key); other != b.environment.end() && other->second != value)
      result.changed.push_back(fmt::format("{}: {} → {}", key, value, other->second));
  return result;
}

Json json_of(const Compared& compared) {
  Json json;
  json["benchmarks"] = Json::array();
  for (const auto& line : compared.lines) {
    Json low = nullptr, high = nullptr, more = nullptr;
    if (line.comparison.interval) low = line.comparison.interval->low, high = line.comparison.interval->high;
    if (line.verdict == BenchmarkVerdict::cannot_tell) more = line.more;
    json["benchmarks"].push_back({{"name", line.name},
                                  {"unit", line.unit},
                                  {"ratio", line.comparison.ratio},
                                  {"low", std::move(low)},
                                  {"high", std::move(high)},
                                  {"p", line.comparison.p},
                                  {"p_adjusted", line.adjusted},
                                  {"n", {line.before, line.after}},
                                  {"verdict", name_of(line.verdict)},
                                  {"more_runs", std::move(more)}});
  }
  json["geometric_mean"] = nullptr;
  json["groups"] = Json::array();
  for (const auto& group : compared.means) {
    Json mean{{"unit", group.unit},
              {"ratio", group.mean.ratio},
              {"low", group.mean.interval.low},
              {"high", group.mean.interval.high},
              {"n", group.count}};
    if (group.kind == GroupMean::Kind::all) {
      json["geometric_mean"] = std::move(mean);
      continue;
    }
    Json named{{"by", name_of(group.kind)}, {"name", group.name}};
    named.update(mean);
    json["groups"].push_back(std::move(named));
  }
  json["only_in_a"] = compared.only_in_a.size();
  json["only_in_b"] = compared.only_in_b.size();
  json["without_values"] = compared.without_values.size();
  json["broken"] = compared.broken;
  json["environment_changed"] = compared.changed;
  json["stands_for"] = compared.told;
  return json;
}

std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) text += (i == 0 ? "" : ", ") + one_line(names[i]);
  return names.size() > kShown ? fmt::format("{} and {} more", text, names.size() - kShown) : text;
}

Result table_of(const Compared& compared, double size) {
  Result result;
  result.name = "bench_compare";
  result.title = "Two runs compared";
  result.question = "What became faster or slower between them?";
  result.columns = {{"name", "Benchmark", ColumnType::text},
                    {"unit", "Unit", ColumnType::text},
                    {"ratio", "Ratio", ColumnType::number, "", "second run / first run"},
                    {"low", "at least", ColumnType::number},
                    {"high", "at most", ColumnType::number},
                    {"verdict", "Verdict", ColumnType::text},
                    {"n", "Values", ColumnType::text}};
  std::map<BenchmarkVerdict, std::size_t> counts;
  for (const auto& line : compared.lines) {
    ++counts[line.verdict];
    std::string verdict = name_of(line.verdict);
    if (line.verdict == BenchmarkVerdict::cannot_tell)
      verdict = fmt::format("can't tell: would need {} more", plural(static_cast<long long>(line.more), "run"));
    const auto finite = [](double value) { return std::isfinite(value) ? Cell(value) : Cell(); };
    const auto& interval = line.comparison.interval;
    if (line.comparison.with_nought && line.comparison.ratio != 1)
      verdict += line.comparison.ratio == 0 ? " (0 now)" : " (0 before)";
    result.rows.push_back({line.name, line.unit, finite(line.comparison.ratio),
                           interval ? finite(interval->low) : Cell(), interval ? finite(interval->high) : Cell(),
                           verdict, fmt::format("{} / {}", line.before, line.after)});
  }
  const auto ratio = [](double value) {
    return value < 0.01 ? fmt::format("{:.2g}", value) : fmt::format("{:.3f}", value);
  };
  std::string mean;
  if (!compared.means.empty() && compared.means.front().kind == GroupMean::Kind::all) {
    const GroupMean& all = compared.means.front();
    mean = fmt::format(" Geometric mean of those in {}: {} × [{}–{}].", all.unit.empty() ? "no unit" : all.unit,
                       ratio(all.mean.ratio), ratio(all.mean.interval.low), ratio(all.mean.interval.high));
  }
  result.claim =
      compared.lines.empty()
          ? "The two runs have no benchmark in common that has values on both sides."
          : fmt::format("{} better, {} worse, {} the same within {:g} %, {} can't be told.{}",
                        counts[BenchmarkVerdict::better], counts[BenchmarkVerdict::worse],
                        counts[BenchmarkVerdict::same], 100 * size, counts[BenchmarkVerdict::cannot_tell], mean);
  if (counts[BenchmarkVerdict::different] > 0)
    result.notes.push_back(
        fmt::format("{} differ, and which way is better is not known.", counts[BenchmarkVerdict::different]));
  const auto note = [&](const std::vector<std::string>& names, std::string_view what) {
    if (!names.empty()) result.notes.push_back(fmt::format("{} {}: {}.", names.size(), what, some_of(names)));
  };
  note(compared.broken, "broke: measured in the first run, and not, or as something else, in the second");
  note(compared.only_in_a, "only in the first run");
  note(compared.only_in_b, "only in the second run");
  note(compared.without_values,
       "with a time of 0, a 0 among other values, values below 0 or another unit, and so not compared");
  for (const auto& told : compared.told) result.notes.push_back(told + ".");
  for (const auto& change : compared.changed)
    result.notes.push_back("Between the runs there changed " + change + ": a difference may be of that.");
  result.sample_size = static_cast<std::int64_t>(compared.lines.size());
  result.definition =
      "Ratio: of geometric means, second / first, with a 95 % interval (Welch's t on logarithms). Better, worse: the "
      "ratio differs "
      "from 1 with p < 0.05 after Holm's correction for the number of benchmarks. Same: the whole interval lies within "
      "the size. Counts and sizes that are 0 on one side are compared with 0 (Welch's t), and are in no mean.";
  result.uncertainty = "The interval knows of the waver within a run alone: what differs from run to run is not in it.";
  const bool has_tags = std::any_of(compared.lines.begin(), compared.lines.end(),
                                    [](const ComparedBenchmark& line) { return !line.tags.empty(); });
  if (compared.lines.size() > 1 && !has_tags)
    result.notes.push_back("Neither run says how its benchmarks are grouped, so there is no mean by tag.");
  return result;
}

// The means by benchmark and by tag; nothing where no two come together.
std::optional<Result> means_of(const Compared& compared) {
  Result result;
  result.name = "bench_compare_groups";
  result.title = "Geometric means";
  result.question = "Which kinds of benchmarks became faster or slower?";
  result.columns = {{"by", "By", ColumnType::text, "", "benchmark: over its parameters; tag: what the tool groups by"},
                    {"name", "Name", ColumnType::text},
                    {"unit", "Unit", ColumnType::text},
                    {"ratio", "Ratio", ColumnType::number, "", "second run / first run"},
                    {"low", "at least", ColumnType::number},
                    {"high", "at most", ColumnType::number},
                    {"n", "Benchmarks", ColumnType::integer}};
  std::size_t apart = 0;
  for (const auto& group : compared.means) {
    if (group.kind == GroupMean::Kind::all) continue;
    const auto& interval = group.mean.interval;
    apart += interval.low > 1 || interval.high < 1;
    result.rows.push_back({name_of(group.kind), group.name, group.unit, group.mean.ratio, interval.low, interval.high,
                           static_cast<std::int64_t>(group.count)});
  }
  if (result.rows.empty()) return std::nullopt;
  result.sample_size = static_cast<std::int64_t>(result.rows.size());
  result.claim = fmt::format("{} of {} differ from 1 by their own interval, which knows nothing of the others.", apart,
                             plural(static_cast<long long>(result.rows.size()), "mean"));
  result.definition =
      "Geometric mean of the ratios of the group's benchmarks, in the unit that most of them have, with a 95 % "
      "interval "
      "from the errors of each (Satterthwaite's degrees of freedom). What the same runs measured (wall time and "
      "processor time) is taken to go together. Groups of one are left out: the table above has them. Tags: pyperf's "
      "tags; the group of pytest-benchmark, criterion, vitest, mitata; the class of asv and JMH; Catch2's test case; "
      "Go's package and outer benchmark; \"tags\" or \"group\" of the plain JSON form.";
  return result;
}

}  // namespace

int bench_compare(const Invocation& invocation, const BenchOptions& options, bool is_gate) {
  if (options.places.size() != 2)
    throw Error(ErrorKind::usage, fmt::format("bench {} takes two runs", is_gate ? "gate" : "compare"),
                fmt::format("resident bench {} before.json after.json", is_gate ? "gate" : "compare"));
  const double size = options.size / 100;
  const Run first = read_run(invocation, options.places[0]), second = read_run(invocation, options.places[1]);
  Compared compared = compare(first, second, size);
  if (is_gate && !options.is_partial) {
    for (const auto& name : compared.only_in_a)
      compared.broken.push_back(fmt::format("{} (not measured any more)", name));
    compared.only_in_a.clear();
  }
  for (const Run* run : {&first, &second})
    if (!run->told.empty()) compared.told.push_back(run->told);
  if (invocation.wants_json()) {
    Json json = json_of(compared);
    invocation.out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
  } else {
    std::vector<Result> tables{table_of(compared, size)};
    if (auto means = means_of(compared)) tables.push_back(std::move(*means));
    invocation.print(std::move(tables));
  }
  if (!is_gate) return 0;
  if (compared.lines.empty() && compared.broken.empty())
    throw Error(ErrorKind::failed, "nothing could be compared, so nothing is known to be as good as before",
                "the notes say why; the runs need a benchmark in common, with values above 0");
  const auto trips = std::count_if(compared.lines.begin(), compared.lines.end(),
                                   [](const ComparedBenchmark& line) { return line.trips; });
  if (trips == 0 && compared.broken.empty()) return 0;
  if (trips > 0)
    invocation.err << plural(static_cast<long long>(trips), "benchmark is", "benchmarks are")
                   << fmt::format(" surely worse by more than {:g} %\n", options.size);
  if (!compared.broken.empty())
    invocation.err << plural(static_cast<long long>(compared.broken.size()), "benchmark")
                   << " broke: " << some_of(compared.broken) << "\n";
  return 3;
}

}  // namespace resident

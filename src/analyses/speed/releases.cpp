// `releases`: each release against the one before: how many times as fast, with its interval, and what became slower.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <map>
#include <model/benchmarks/comparison.hpp>
#include <model/benchmarks/measured_commit.hpp>
#include <model/benchmarks/stored.hpp>
#include <model/releases.hpp>
#include <store/benchmark_units.hpp>

namespace resident {

namespace {

constexpr std::size_t kFarthest = 500;  // commits between a release and the measured one that stands for it
constexpr std::size_t kNamed = 3;       // benchmarks in a sentence
constexpr std::size_t kLevel = 10;      // values of a level
constexpr double kSame = 0.05;

// Times and rates are speed; bytes are size; what else is counted is compared, but is in no mean.
enum class Kind { speed, size, other };

Kind kind_of(const MeasuredSeries& series) {
  const std::string unit = benchmarks::unit_of(series.unit).name;
  if ((unit == "s" && series.better == "lower") || (unit.ends_with("/s") && series.better == "higher"))
    return Kind::speed;
  return unit == "B" && series.better == "lower" ? Kind::size : Kind::other;
}

// Where a commit has one value of a series, nothing tells how it wavers: then those of the measured commits before it
// count, too, as far back as the series kept its level.
class Levels {
 public:
  explicit Levels(const Context& context)
      : stored_(load_benchmarks(context)), changes_(find_changes(stored_.series, {}).changes) {
    for (std::size_t i = 0; i < stored_.series.size(); ++i) by_name_[{stored_.series[i].name, stored_.units[i]}] = i;
  }

  // after: a commit before it, none of whose values may count twice; "" for none.
  void add_to(MeasuredCommit& commit, const std::string& after) const {
    for (MeasuredSeries& series : commit.series) {
      const auto found = by_name_.find({series.name, series.unit});
      if (series.values.size() != 1 || found == by_name_.end()) continue;
      const BenchmarkSeries& all = stored_.series[found->second];
      const std::size_t at = all.commits.place_of(commit.sha, all.commits.size());
      if (at == all.commits.size()) continue;
      std::size_t begin = at >= kLevel ? at + 1 - kLevel : 0;
      for (const BenchmarkChange& change : changes_)
        if (change.series == found->second && change.index <= at) begin = std::max(begin, change.index);
      if (const std::size_t other = all.commits.place_of(after, at); !after.empty() && other != at)
        begin = std::max(begin, other + 1);
      for (std::size_t i = begin; i < at; ++i) series.values.push_back(all.values[i]);
    }
  }

 private:
  StoredBenchmarks stored_;
  std::vector<BenchmarkChange> changes_;
  std::map<std::pair<std::string, std::string>, std::size_t> by_name_;
};

struct Mean {
  std::size_t n = 0;
  double ratio = 1;
  std::optional<stats::Interval> interval;  // nothing where no benchmark has two values a side

  std::string words() const {
    return interval ? fmt::format("{:.2f} × [{:.2f}–{:.2f}]", ratio, interval->low, interval->high)
                    : fmt::format("{:.2f} × (one value each: no interval)", ratio);
  }
};

Mean mean_of(const std::vector<stats::Comparison>& comparisons) {
  Mean mean;
  std::vector<stats::Comparison> with_interval;
  double sum = 0;
  for (const auto& each : comparisons) {
    sum += std::log(each.ratio);
    if (each.interval) with_interval.push_back(each);
  }
  mean.n = comparisons.size();
  if (const auto found = stats::mean_ratio(with_interval)) {
    mean.n = with_interval.size(), mean.ratio = found->ratio, mean.interval = found->interval;
  } else if (mean.n > 0) {
    mean.ratio = std::exp(sum / static_cast<double>(mean.n));
  }
  return mean;
}

// A release that was measured, held against an earlier one.
struct Held {
  const Release *release, *against;
  std::size_t steps = 0, steps_against = 0;   // commits before each that stand for it
  std::vector<ComparedBenchmark> benchmarks;  // times and rates as speed: second / first, higher is better
  Mean speed, size;
  std::size_t better = 0, worse = 0, alone = 0;
  std::vector<std::string> environment;  // what changed between the two

  // Those that are surely worse, worst first.
  std::vector<const ComparedBenchmark*> worst() const {
    std::vector<const ComparedBenchmark*> list;
    for (const auto& each : benchmarks)
      if (each.verdict == BenchmarkVerdict::worse) list.push_back(&each);
    std::stable_sort(list.begin(), list.end(), [](const auto* a, const auto* b) {
      return std::abs(std::log(a->comparison.ratio)) > std::abs(std::log(b->comparison.ratio));
    });
    return list;
  }

  std::string worst_words() const {
    std::string text;
    const auto list = worst();
    for (std::size_t i = 0; i < std::min(kNamed, list.size()); ++i)
      text += fmt::format("{}{} ({:.2f} ×)", i == 0 ? "" : ", ", one_line(list[i]->name), list[i]->comparison.ratio);
    return list.size() > kNamed ? fmt::format("{} and {} more", text, list.size() - kNamed) : text;
  }

  // "3.11 against 3.10: 1.22 × [1.19–1.25] as fast over 84 benchmarks; 60 better, 2 worse: json (0.91 ×), …".
  std::string sentence() const {
    std::string text = fmt::format("{} against {}: ", one_line(release->name), one_line(against->name));
    if (benchmarks.empty()) return text + "no benchmark was measured at both on one machine.";
    if (speed.n > 0)
      text += fmt::format("{} as fast over {}; ", speed.words(), plural(static_cast<long long>(speed.n), "benchmark"));
    if (size.n > 0)
      text += fmt::format("{} as large over {}; ", size.words(), plural(static_cast<long long>(size.n), "size"));
    text += fmt::format("{} better, {} worse", better, worse);
    return worse > 0 ? fmt::format("{}: {}.", text, worst_words()) : text + ".";
  }
};

void add_pair(Held& held, const MeasuredSeries& before, const MeasuredSeries& after,
              std::map<Kind, std::vector<stats::Comparison>>& by_kind) {
  const Kind kind = kind_of(after);
  const bool is_time = kind == Kind::speed && after.better == "lower";
  const auto comparison = is_time ? stats::compare_samples(after.values, before.values)
                                  : stats::compare_samples(before.values, after.values);
  if (!comparison) return;
  by_kind[kind].push_back(*comparison);
  held.benchmarks.push_back({after.name, after.unit, kind == Kind::speed ? "higher" : after.better, *comparison,
                             before.values.size(), after.values.size()});
}

Held hold(const Release& release, const MeasuredCommit& after, const Release& against, const MeasuredCommit& before) {
  Held held{&release, &against, after.steps, before.steps, {}, {}, {}, 0, 0, 0, {}};
  std::map<std::pair<std::string, std::string>, const MeasuredSeries*> first;
  for (const auto& series : before.series) first[{series.name, series.unit}] = &series;
  std::map<Kind, std::vector<stats::Comparison>> by_kind;
  for (const auto& series : after.series)
    if (const auto found = first.find({series.name, series.unit}); found != first.end())
      add_pair(held, *found->second, series, by_kind);
    else
      ++held.alone;
  judge(held.benchmarks, kSame);
  for (const auto& each : held.benchmarks) {
    held.better += each.verdict == BenchmarkVerdict::better;
    held.worse += each.verdict == BenchmarkVerdict::worse;
  }
  held.speed = mean_of(by_kind[Kind::speed]), held.size = mean_of(by_kind[Kind::size]);
  for (const auto& [key, value] : after.environment)
    if (const auto other = before.environment.find(key); other != before.environment.end() && other->second != value)
      held.environment.push_back(fmt::format("{}: {} → {}", key, other->second, value));
  return held;
}

std::string stands_for(const Held& held) {
  if (held.benchmarks.empty()) return "no benchmark was measured at both on one machine";
  std::string text;
  for (const auto& [release, steps] :
       {std::pair(held.release, held.steps), std::pair(held.against, held.steps_against)})
    if (steps > 0)
      text += fmt::format("{}{} before {} stands for it", text.empty() ? "" : "; ",
                          plural(static_cast<long long>(steps), "commit"), one_line(release->name));
  return text;
}

void explain(Result& result) {
  result.definition =
      "How many times as fast: the geometric mean over benchmarks of before / after for times and after / before for "
      "rates, of all that were measured at both releases; sizes (bytes) are after / before. Better, worse: p < 0.05 "
      "after Holm's correction for the number of benchmarks. A release that was not measured itself is spoken for by "
      "the nearest measured commit before it along first parents, at most 500. Of series with one value a commit, "
      "those of "
      "up to nine measured commits before count, too, as far back as the series kept its level.";
  result.method = "Welch's t on logarithms for each benchmark; the mean's interval from the errors of each (95 %)";
  result.uncertainty =
      "The intervals know of the waver within the runs alone, and take the benchmarks as they are, not as a sample of "
      "all programs.";
}

Result table_of(const Context& context, const std::vector<Held>& list, std::size_t known) {
  Result result = context.result("releases", "Speed of releases", "How fast is each release, against the one before?");
  result.columns = {{"release", "Release"},
                    {"at", "Date", ColumnType::date},
                    {"against", "Against"},
                    {"speed", "As fast", ColumnType::number, "×", "above 1: faster than the release before"},
                    {"low", "at least", ColumnType::number, "×", "95 %"},
                    {"high", "at most", ColumnType::number, "×", "95 %"},
                    {"n", "Benchmarks", ColumnType::integer, "", "times and rates in the mean"},
                    {"better", "Better", ColumnType::integer},
                    {"worse", "Worse", ColumnType::integer},
                    {"worst", "Worst"},
                    {"size", "As large", ColumnType::number, "×", "memory and sizes; above 1: larger"},
                    {"size_low", "at least", ColumnType::number, "×", "95 %", "", true},
                    {"size_high", "at most", ColumnType::number, "×", "95 %", "", true},
                    {"note", "Note"}};
  const auto low = [](const Mean& mean) { return mean.interval ? Cell(mean.interval->low) : Cell(); };
  const auto high = [](const Mean& mean) { return mean.interval ? Cell(mean.interval->high) : Cell(); };
  const auto ratio = [](const Mean& mean) { return mean.n > 0 ? Cell(mean.ratio) : Cell(); };
  for (auto held = list.rbegin(); held != list.rend(); ++held)
    result.rows.push_back({held->release->name, held->release->at, held->against->name, ratio(held->speed),
                           low(held->speed), high(held->speed), static_cast<std::int64_t>(held->speed.n),
                           static_cast<std::int64_t>(held->better), static_cast<std::int64_t>(held->worse),
                           held->worst_words(), ratio(held->size), low(held->size), high(held->size),
                           stands_for(*held)});
  result.claim = !list.empty() ? list.back().sentence()
                 : known == 0  ? "No release is known, so none is held against another."
                               : "No two releases were measured.";
  if (list.empty())
    result.notes.push_back(
        "Results of a release's commit, or of one before it, come in by `resident add benchmarks PLACE --sha COMMIT`.");
  result.sample_size = list.empty() ? 0 : static_cast<std::int64_t>(list.back().benchmarks.size());
  result.coverage = fmt::format("{} of {} measured", list.empty() ? 0 : list.size() + 1,
                                plural(static_cast<long long>(known), "release was", "releases were"));
  explain(result);
  return result;
}

Result detail_of(const Context& context, const Held& held) {
  Result result =
      context.result("release_speed",
                     fmt::format("Speed of {} against {}", one_line(held.release->name), one_line(held.against->name)),
                     "What became faster or slower in this release?");
  result.columns = {{"name", "Benchmark"},
                    {"unit", "Unit"},
                    {"ratio", "Ratio", ColumnType::number, "×",
                     "of times and rates, how many times as fast; of all else, after / before"},
                    {"low", "at least", ColumnType::number, "×", "95 %"},
                    {"high", "at most", ColumnType::number, "×", "95 %"},
                    {"verdict", "Verdict"},
                    {"n", "Values", ColumnType::text, "", "before / after"}};
  std::vector<const ComparedBenchmark*> order = held.worst();
  for (const BenchmarkVerdict verdict :
       {BenchmarkVerdict::different, BenchmarkVerdict::better, BenchmarkVerdict::same, BenchmarkVerdict::cannot_tell})
    for (const auto& each : held.benchmarks)
      if (each.verdict == verdict) order.push_back(&each);
  for (const auto* each : order) {
    const auto& interval = each->comparison.interval;
    result.rows.push_back({each->name, each->unit, each->comparison.ratio, interval ? Cell(interval->low) : Cell(),
                           interval ? Cell(interval->high) : Cell(), std::string(name_of(each->verdict)),
                           fmt::format("{} / {}", each->before, each->after)});
  }
  result.claim = held.sentence();
  if (const std::string note = stands_for(held); !note.empty()) result.notes.push_back(note + ".");
  for (const auto& change : held.environment)
    result.notes.push_back("Between the two there changed " + one_line(change) + ": a difference may be of that.");
  if (held.alone > 0)
    result.notes.push_back(fmt::format("{} only at {}.",
                                       plural(static_cast<long long>(held.alone), "benchmark was", "benchmarks were"),
                                       one_line(held.release->name)));
  result.sample_size = static_cast<std::int64_t>(held.benchmarks.size());
  explain(result);
  return result;
}

const Release& named(const std::vector<Release>& releases, const std::string& name) {
  std::vector<std::string> names;
  for (const Release& each : releases) {
    if (each.name == name || each.name == "v" + name) return each;
    names.push_back(each.name);
  }
  const std::string nearest = near_miss(name, names);
  throw Error(ErrorKind::usage, fmt::format("there is no release {}", one_line(name)),
              nearest.empty() ? "releases are tags that match release_tags, or stand in the configuration"
                              : fmt::format("did you mean {}?", one_line(nearest)));
}

bool is_of_single_values(const MeasuredCommit& commit) {
  return std::any_of(commit.series.begin(), commit.series.end(),
                     [](const MeasuredSeries& series) { return series.values.size() == 1; });
}

std::vector<Result> analyse_releases(const Context& context) {
  const bool if_any = context.choice("only", {"all", "measured"}) == "measured";
  const std::string wanted = context.argument("release"), against = context.argument("against");
  if (!against.empty() && wanted.empty())
    throw Error(ErrorKind::usage, "--against needs --release", "resident releases --release 3.11 --against 3.10");
  const auto releases = releases_of(context);
  const Release* only = wanted.empty() ? nullptr : &named(releases, wanted);
  const Release* base = against.empty() ? nullptr : &named(releases, against);
  const bool any =
      context.database
          .integer("SELECT 1 FROM benchmark_run WHERE project_id = :project AND measured_at <= :as_of LIMIT 1",
                   context.parameters())
          .has_value();
  if (if_any && (!any || releases.empty())) return {};
  std::vector<Held> list;
  std::map<const Release*, std::optional<MeasuredCommit>> measured;
  const auto at = [&](const Release& release) -> const std::optional<MeasuredCommit>& {
    const auto [found, is_new] = measured.try_emplace(&release);
    if (is_new && any && !release.sha.empty()) found->second = measured_near(context, release.sha, kFarthest);
    return found->second;
  };
  const Release* before = nullptr;  // the last that was measured
  std::optional<Levels> levels;
  for (const Release& release : releases) {
    if (only && &release != only && &release > only) break;
    if (!at(release)) continue;
    const Release* other = base ? base : before;
    before = &release;
    if (!other || other == &release || (only && &release != only) || !at(*other)) continue;
    // Two names of one measured commit say nothing of each other.
    if (at(*other)->sha == at(release)->sha) continue;
    MeasuredCommit first = *at(*other), second = *at(release);
    if (!levels && is_of_single_values(second)) levels.emplace(context);
    if (levels) levels->add_to(first, ""), levels->add_to(second, first.sha);
    list.push_back(hold(release, second, *other, first));
  }
  if (!only) return {table_of(context, list, releases.size())};
  if (!list.empty()) return {detail_of(context, list.back())};
  if (if_any) return {};
  throw Error(fmt::format("nothing is known of the speed of {} against {}", one_line(only->name),
                          base ? one_line(base->name) : "a release before it"),
              "both, or a commit shortly before them, have to be measured: resident add benchmarks PLACE --sha COMMIT");
}

}  // namespace

extern const Analysis releases_analysis;
const Analysis releases_analysis{
    "releases",
    "Speed of releases",
    "How fast is each release, against the one before?",
    {{"release", "NAME", "one release, benchmark by benchmark"},
     {"against", "NAME", "with --release: held against this one; the release before it without"},
     {"only", "MEASURED", "measured: nothing at all where no release was measured"}},
    &analyse_releases,
    {groups::kTests, "How fast each release is against the one before, and what became slower",
     "Of the benchmark results in the store at each release's commit, or shortly before it.\nExample: resident "
     "releases --release 3.11 --against 3.10"},
    {{"speed", 10, {{"only", "measured"}}}}};

}  // namespace resident

#include <algorithm>
#include <base/error.hpp>
#include <base/packed.hpp>
#include <base/parallel.hpp>
#include <framework/learnt.hpp>
#include <model/benchmarks/measured_values.hpp>
#include <tuple>
#include <unordered_map>

namespace resident {

namespace {

constexpr const char *kName = "benchmark values", *kForm = "2";
constexpr std::uint32_t kNone = ~std::uint32_t{0};

struct Kept {
  struct Run {
    std::string_view key, digest;
  };
  std::string bytes;
  std::vector<Run> runs;
  std::vector<std::string_view> series;  // each packed by itself, so that several are unpacked at once
};

// Throws Error where it is broken.
Kept read_kept(const Context& context) {
  Kept kept;
  auto bytes = read_learnt(context, kName, kForm);
  if (!bytes) return kept;
  kept.bytes = std::move(*bytes);
  Unpacker unpacker(kept.bytes);
  kept.runs.resize(unpacker.count(2));
  for (auto& run : kept.runs) run.key = unpacker.text(), run.digest = unpacker.text();
  kept.series.resize(unpacker.count(1));
  for (auto& series : kept.series) series = unpacker.text();
  unpacker.finish();
  return kept;
}

SeriesValues unpacked(std::string_view bytes) {
  Unpacker unpacker(bytes);
  SeriesValues series;
  series.series = unpacker.signed_whole();
  series.runs = unpacker.numbers<std::uint32_t>();
  series.values = unpacker.numbers<double>();
  unpacker.finish();
  if (series.runs.size() != series.values.size()) throw Error("kept values without runs");
  return series;
}

void keep(const Context& context, const MeasuredValues& all) {
  Packer packer;
  std::vector<std::uint32_t> number(all.runs.size(), kNone);
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < all.runs.size(); ++i)
    if (!all.runs[i].digest.empty()) number[i] = count++;
  packer.whole(count);
  for (const MeasuredRun& run : all.runs)
    if (!run.digest.empty()) packer.text(run.key), packer.text(run.digest);
  packer.whole(all.series.size());
  std::vector<std::uint32_t> runs;
  std::vector<double> values;
  for (const SeriesValues& series : all.series) {
    runs.clear(), values.clear();
    for (std::size_t i = 0; i < series.runs.size(); ++i)
      if (number[series.runs[i]] != kNone) runs.push_back(number[series.runs[i]]), values.push_back(series.values[i]);
    Packer own;
    own.signed_whole(series.series), own.numbers(runs), own.numbers(values);
    packer.text(own.take());
  }
  keep_learnt(context, kName, kForm, 0, packer.take());
}

// In the order of their runs. Those of a run stay in theirs.
void put_in_order(SeriesValues& series) {
  if (std::is_sorted(series.runs.begin(), series.runs.end())) return;
  std::vector<std::pair<std::uint32_t, double>> both(series.runs.size());
  for (std::size_t i = 0; i < both.size(); ++i) both[i] = {series.runs[i], series.values[i]};
  std::stable_sort(both.begin(), both.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < both.size(); ++i) std::tie(series.runs[i], series.values[i]) = both[i];
}

// All of the project, those of later too.
std::vector<MeasuredRun> runs_of(const Context& context) {
  std::vector<MeasuredRun> runs;
  for (const auto rows = context.database.query(
           "SELECT r.run_key, r.sha, r.digest, coalesce(c.committed_at, r.measured_at), r.measured_at FROM "
           "benchmark_run r LEFT JOIN git_commit c ON c.project_id = r.project_id AND c.sha = r.sha WHERE "
           "r.project_id = :project",
           {{"project", context.project_id}});
       rows->next();)
    runs.push_back({rows->string(0), rows->string(1), rows->string(2), rows->integer(3), rows->integer(4)});
  std::sort(runs.begin(), runs.end(), [](const MeasuredRun& a, const MeasuredRun& b) {
    return std::tie(a.moment, a.sha, a.measured_at, a.key) < std::tie(b.moment, b.sha, b.measured_at, b.key);
  });
  return runs;
}

class Loader {
 public:
  Loader(const Context& context, std::size_t least_kept) : context_(context), least_kept_(least_kept) {
    auto all = runs_of(context);
    has_all_ = std::all_of(all.begin(), all.end(), [&](const auto& run) { return run.measured_at <= context.as_of; });
    std::erase_if(all, [&](const auto& run) { return run.measured_at > context.as_of; });
    measured_.runs = std::move(all);
    for (std::size_t i = 0; i < measured_.runs.size(); ++i)
      number_.emplace(measured_.runs[i].key, static_cast<std::uint32_t>(i));
  }

  MeasuredValues load() {
    if (measured_.runs.empty()) return std::move(measured_);
    try {
      take_kept();
    } catch (const Error&) {
      // Broken: all is read from its rows.
      measured_.series.clear(), is_known_.assign(measured_.runs.size(), false), taken_ = stale_ = 0;
    }
    read_rest();
    auto& series = measured_.series;
    std::erase_if(series, [](const SeriesValues& each) { return each.runs.empty(); });
    parallel_for(series.size(), processor_count(), [&](unsigned, std::size_t i) { put_in_order(series[i]); });
    if (!std::is_sorted(series.begin(), series.end(), by_series)) std::sort(series.begin(), series.end(), by_series);
    // Written anew once a sixteenth is missing in it or of no use any more.
    if (has_all_ && taken_ + read_ >= least_kept_ && 16 * (may_keep_ + stale_) > taken_ + read_)
      keep(context_, measured_);
    return std::move(measured_);
  }

 private:
  static bool by_series(const SeriesValues& a, const SeriesValues& b) { return a.series < b.series; }

  void take_kept() {
    is_known_.assign(measured_.runs.size(), false);
    const Kept kept = read_kept(context_);
    std::vector<std::uint32_t> now(kept.runs.size(), kNone);
    for (std::size_t i = 0; i < kept.runs.size(); ++i) {
      const auto found = number_.find(kept.runs[i].key);
      if (found == number_.end() || measured_.runs[found->second].digest != kept.runs[i].digest) continue;
      now[i] = found->second;
      is_known_[found->second] = true;
    }
    measured_.series.resize(kept.series.size());
    std::vector<std::size_t> stale(kept.series.size());
    parallel_for(kept.series.size(), processor_count(), [&](unsigned, std::size_t i) {
      measured_.series[i] = unpacked(kept.series[i]);
      stale[i] = renumber(measured_.series[i], now);
    });
    for (std::size_t i = 0; i < stale.size(); ++i) taken_ += measured_.series[i].runs.size(), stale_ += stale[i];
  }

  // Runs by their places of today. How many values are of runs that are no more, and are taken out.
  static std::size_t renumber(SeriesValues& series, const std::vector<std::uint32_t>& now) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < series.runs.size(); ++i) {
      if (series.runs[i] >= now.size()) throw Error("a kept value of no run");
      const std::uint32_t run = now[series.runs[i]];
      if (run == kNone) continue;
      series.runs[count] = run, series.values[count++] = series.values[i];
    }
    const std::size_t stale = series.runs.size() - count;
    series.runs.resize(count), series.values.resize(count);
    return stale;
  }

  void read_rest() {
    std::size_t missing = 0;
    for (const bool known : is_known_) missing += !known;
    if (missing == 0) return;
    for (std::size_t i = 0; i < measured_.series.size(); ++i) place_.emplace(measured_.series[i].series, i);
    if (8 * missing > measured_.runs.size() || missing > 2000) {
      add(context_.database.query("SELECT series_id, value, run_key FROM benchmark_value WHERE project_id = :project",
                                  {{"project", context_.project_id}}));
      return;
    }
    for (std::size_t i = 0; i < measured_.runs.size(); ++i)
      if (!is_known_[i])
        add(context_.database.query(
            "SELECT series_id, value, run_key FROM benchmark_value WHERE project_id = :project AND run_key = :run",
            {{"project", context_.project_id}, {"run", measured_.runs[i].key}}));
  }

  void add(const std::unique_ptr<Rows>& rows) {
    while (rows->next()) {
      const auto found = number_.find(rows->text(2));
      if (found == number_.end() || is_known_[found->second]) continue;
      const auto [place, is_new] = place_.try_emplace(rows->integer(0), measured_.series.size());
      if (is_new) measured_.series.push_back({rows->integer(0), {}, {}});
      auto& series = measured_.series[place->second];
      series.runs.push_back(found->second), series.values.push_back(rows->number(1));
      ++read_, may_keep_ += !measured_.runs[found->second].digest.empty();
    }
  }

  const Context& context_;
  std::size_t least_kept_;
  bool has_all_ = false;
  MeasuredValues measured_;
  std::unordered_map<std::string_view, std::uint32_t> number_;  // of a run by its key
  std::unordered_map<std::int64_t, std::size_t> place_;         // of a series
  std::vector<bool> is_known_;                                  // by what is kept
  std::size_t taken_ = 0, stale_ = 0, read_ = 0, may_keep_ = 0;
};

}  // namespace

MeasuredValues measured_values(const Context& context, std::size_t least_kept) {
  return Loader(context, least_kept).load();
}

}  // namespace resident

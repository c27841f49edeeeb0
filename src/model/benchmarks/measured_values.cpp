#include <algorithm>
#include <base/packed.hpp>
#include <framework/learnt.hpp>
#include <model/benchmarks/measured_values.hpp>
#include <tuple>
#include <unordered_map>

namespace resident {

namespace {

constexpr const char *kName = "benchmark values", *kForm = "1";
constexpr std::uint32_t kNone = ~std::uint32_t{0};

struct Kept {
  struct Run {
    std::string_view key, digest;
  };
  struct Series {
    std::int64_t id = 0;
    std::vector<std::uint32_t> runs;
    std::vector<double> values;
  };
  std::string bytes;
  std::vector<Run> runs;
  std::vector<Series> series;
};

Kept read_kept(const Context& context) {
  Kept kept;
  auto bytes = read_learnt(context, kName, kForm);
  if (!bytes) return kept;
  kept.bytes = std::move(*bytes);
  try {
    Unpacker unpacker(kept.bytes);
    kept.runs.resize(unpacker.count(2));
    for (auto& run : kept.runs) run.key = unpacker.text(), run.digest = unpacker.text();
    kept.series.resize(unpacker.count(3));
    for (auto& series : kept.series) {
      series.id = unpacker.signed_whole();
      series.runs = unpacker.numbers<std::uint32_t>();
      series.values = unpacker.numbers<double>();
      if (series.runs.size() != series.values.size()) throw Error("kept values without runs");
      for (const std::uint32_t run : series.runs)
        if (run >= kept.runs.size()) throw Error("a kept value of no run");
    }
    unpacker.finish();
  } catch (const Error&) {
    kept.runs.clear(), kept.series.clear();  // broken: all is read from its rows
  }
  return kept;
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
  packer.whole(all.values.size());
  std::vector<std::uint32_t> runs;
  std::vector<double> values;
  for (const auto& [series, list] : all.values) {
    runs.clear(), values.clear();
    for (const MeasuredValue& each : list)
      if (number[each.run] != kNone) runs.push_back(number[each.run]), values.push_back(each.value);
    packer.signed_whole(series), packer.numbers(runs), packer.numbers(values);
  }
  keep_learnt(context, kName, kForm, 0, packer.take());
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
    take_kept();
    read_rest();
    for (auto& [series, list] : measured_.values)
      if (!std::is_sorted(list.begin(), list.end(), by_run)) std::sort(list.begin(), list.end(), by_run);
    // Written anew once a sixteenth is missing in it or of no use any more.
    if (has_all_ && taken_ + read_ >= least_kept_ && 16 * (may_keep_ + stale_) > taken_ + read_)
      keep(context_, measured_);
    return std::move(measured_);
  }

 private:
  static bool by_run(const MeasuredValue& a, const MeasuredValue& b) { return a.run < b.run; }

  void take_kept() {
    const Kept kept = read_kept(context_);
    std::vector<std::uint32_t> now(kept.runs.size(), kNone);
    is_known_.assign(measured_.runs.size(), false);
    for (std::size_t i = 0; i < kept.runs.size(); ++i) {
      const auto found = number_.find(kept.runs[i].key);
      if (found == number_.end() || measured_.runs[found->second].digest != kept.runs[i].digest) continue;
      now[i] = found->second;
      is_known_[found->second] = true;
    }
    for (const auto& series : kept.series) {
      if (series.runs.empty()) continue;
      auto& list = measured_.values[series.id];
      list.reserve(series.runs.size() + 8);
      for (std::size_t i = 0; i < series.runs.size(); ++i)
        if (const std::uint32_t run = now[series.runs[i]]; run != kNone) list.push_back({run, series.values[i]});
      taken_ += list.size(), stale_ += series.runs.size() - list.size();
      if (list.empty()) measured_.values.erase(series.id);
    }
  }

  void read_rest() {
    std::size_t missing = 0;
    for (const bool known : is_known_) missing += !known;
    if (missing == 0) return;
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
      measured_.values[rows->integer(0)].push_back({found->second, rows->number(1)});
      ++read_, may_keep_ += !measured_.runs[found->second].digest.empty();
    }
  }

  const Context& context_;
  std::size_t least_kept_;
  bool has_all_ = false;
  MeasuredValues measured_;
  std::unordered_map<std::string_view, std::uint32_t> number_;  // of a run by its key
  std::vector<bool> is_known_;                                  // by what is kept
  std::size_t taken_ = 0, stale_ = 0, read_ = 0, may_keep_ = 0;
};

}  // namespace

MeasuredValues measured_values(const Context& context, std::size_t least_kept) {
  return Loader(context, least_kept).load();
}

}  // namespace resident

// `measure_next`: given minutes of machine time, which commits and benchmarks tell most.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <limits>
#include <model/benchmarks/confirmations.hpp>
#include <model/benchmarks/measured_commit.hpp>
#include <model/benchmarks/stored.hpp>
#include <numeric>
#include <set>
#include <stats/quantile.hpp>

namespace resident {

namespace {

constexpr double kFalse = 0.05;       // of what is told, as find_changes bounds it
constexpr std::size_t kRecent = 40;   // values of a series that say how it scatters
constexpr std::size_t kFewest = 8;    // of those that say something
constexpr double kFarOut = 4;         // robust deviations from which a last value is worth a second one
constexpr double kRunsToConfirm = 8;  // of each side, about what bench confirm takes for a few per cent

// Bits that a question answers whose answer is yes with probability p (C. Shannon 1948).
double bits_of(double p) {
  if (p <= 0 || p >= 1) return 0;
  return -(p * std::log2(p) + (1 - p) * std::log2(1 - p));
}

struct Candidate {
  std::string verb;  // measure, rerun, confirm
  std::string sha;
  std::vector<std::size_t> series;
  std::string why;
  double bits = 0, seconds = 0;
  double worth() const { return bits / std::max(seconds, 1e-9); }
};

class Chooser {
 public:
  explicit Chooser(const Context& context)
      : context_(context),
        stored_(load_benchmarks(context)),
        found_(find_changes(stored_.series, {})),
        events_(speed_events(context, stored_, found_)),
        confirmations_(context) {
    read_costs();
  }

  std::vector<Candidate> candidates() {
    std::vector<Candidate> list;
    for (const SpeedEvent& event : events_) {
      const EventConfirmation confirmation = confirmations_.of(event, stored_);
      if (event.recovered || event.sha.empty() || confirmation.is_refuted) continue;
      add_range(event, list);
      if (!confirmation.is_settled) add_confirmation(event, list);
    }
    add_newest(list);
    add_strays(list);
    std::stable_sort(list.begin(), list.end(),
                     [](const Candidate& a, const Candidate& b) { return a.worth() > b.worth(); });
    return list;
  }

  const StoredBenchmarks& stored() const { return stored_; }
  bool knows_costs() const { return known_costs_ > 0; }
  std::size_t known_costs() const { return known_costs_; }

 private:
  // What one run of a series takes: the samples of its newest run, where they are times; else the mean of the others.
  void read_costs() {
    costs_.assign(stored_.series.size(), 0);
    std::map<std::string, std::size_t> place;
    for (std::size_t i = 0; i < stored_.series.size(); ++i) place.emplace(stored_.series[i].name, i);
    for (const auto rows = context_.database.query(
             "SELECT s.name, s.machine, s.configuration, v.value, v.samples FROM benchmark_series s JOIN "
             "benchmark_value v ON v.project_id = s.project_id AND v.series_id = s.series_id JOIN benchmark_run r ON "
             "r.project_id = v.project_id AND r.run_key = v.run_key WHERE s.project_id = :project AND s.unit = 's' AND "
             "r.measured_at <= :as_of ORDER BY r.measured_at",
             context_.parameters());
         rows->next();) {
      std::string name = rows->string(0);
      for (const std::size_t column : {1u, 2u})
        if (!rows->text(column).empty()) name += " · " + rows->string(column);
      const auto found = place.find(name);
      if (found == place.end()) continue;
      const double samples = rows->text(4).empty() ? 1 : static_cast<double>(split(rows->text(4), ' ').size());
      costs_[found->second] = std::max(rows->number(3), 0.0) * samples;
    }
    known_costs_ =
        static_cast<std::size_t>(std::count_if(costs_.begin(), costs_.end(), [](double c) { return c > 0; }));
    const double mean =
        known_costs_ == 0 ? 60 : std::accumulate(costs_.begin(), costs_.end(), 0.0) / static_cast<double>(known_costs_);
    for (double& cost : costs_)
      if (cost <= 0) cost = mean;
  }

  double cost(const std::vector<std::size_t>& series) const {
    return std::accumulate(series.begin(), series.end(), 0.0,
                           [&](double sum, std::size_t each) { return sum + costs_[each]; });
  }

  static std::vector<std::size_t> series_of(const SpeedEvent& event) {
    std::vector<std::size_t> series;
    for (const auto& change : event.changes) series.push_back(change.series);
    return series;
  }

  // The middle of what lies in the dark before an event halves it: one bit, where the event is one.
  void add_range(const SpeedEvent& event, std::vector<Candidate>& list) const {
    const auto dark = unmeasured_before(context_, event.sha);
    if (dark.empty()) return;
    list.push_back({"measure", dark[dark.size() / 2], series_of(event),
                    fmt::format("halves the {} that may have caused the event of {}",
                                plural(static_cast<long long>(dark.size()) + 1, "commit"), format_date(event.at)),
                    1 - kFalse, cost(series_of(event))});
  }

  void add_confirmation(const SpeedEvent& event, std::vector<Candidate>& list) const {
    const auto largest = std::max_element(event.changes.begin(), event.changes.end(), [](const auto& a, const auto& b) {
      return std::abs(a.change) < std::abs(b.change);
    });
    list.push_back({"confirm",
                    event.sha,
                    {largest->series},
                    fmt::format("whether the event of {} ({:+.1f} %) is one: about {:.0f} runs of it and its parent",
                                format_date(event.at), 100 * largest->change, 2 * kRunsToConfirm),
                    bits_of(kFalse),
                    2 * kRunsToConfirm * costs_[largest->series]});
  }

  // What came since the newest measured commit of the default branch, at the rate of events so far.
  void add_newest(std::vector<Candidate>& list) const {
    // Unless a moment was asked for, that of the code: results may end days before it.
    Parameters parameters = context_.parameters();
    parameters.emplace_back("until", context_.asked ? context_.as_of : std::numeric_limits<Timestamp>::max());
    const auto head = context_.database.text(
        "SELECT sha FROM git_commit WHERE project_id = :project AND on_default = 1 AND committed_at <= :until ORDER BY "
        "committed_at DESC, commit_id DESC LIMIT 1",
        parameters);
    if (!head || stored_.series.empty()) return;
    std::set<std::string> measured;
    for (const auto& series : stored_.series)
      for (std::size_t i = 0; i < series.commits.size(); ++i) measured.insert(series.commits[i]);
    if (measured.contains(*head)) return;
    const auto dark = unmeasured_before(context_, *head);
    const double fresh = static_cast<double>(dark.size()) + 1;
    const double rate = (static_cast<double>(events_.size()) + 0.5) / (static_cast<double>(measured.size()) + 1);
    std::vector<std::size_t> all(stored_.series.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    list.push_back({"measure", *head, all,
                    fmt::format("{} not measured since, where {:.1f} of 100 measured ones had an event",
                                plural(static_cast<long long>(fresh), "commit is", "commits are"), 100 * rate),
                    bits_of(1 - std::exp(-rate * fresh)), cost(all)});
  }

  // A last value far from its level, that of the stretch since the last change: a step begins so, and so does a hiccup.
  void add_strays(std::vector<Candidate>& list) const {
    std::map<std::string, std::vector<std::size_t>> strays;
    std::vector<std::size_t> since(stored_.series.size(), 0);
    for (const auto& change : found_.changes) since[change.series] = std::max(since[change.series], change.index);
    for (std::size_t i = 0; i < stored_.series.size(); ++i) {
      const auto& series = stored_.series[i];
      const std::size_t last = series.values.size() - 1;
      const std::size_t begin = std::max(since[i], last - std::min(kRecent, last));
      if (last - begin < kFewest || series.commits.empty() || series.commits.back().empty()) continue;
      std::vector<double> before(series.values.begin() + static_cast<std::ptrdiff_t>(begin), series.values.end() - 1);
      const double middle = stats::median(before);
      for (double& value : before) value = std::abs(value - middle);
      const double deviation = 1.4826 * stats::median(before);  // of a normal distribution
      if (deviation > 0 && std::abs(series.values.back() - middle) > kFarOut * deviation)
        strays[series.commits.back()].push_back(i);
    }
    for (const auto& [sha, series] : strays)
      list.push_back(
          {"rerun", sha, series,
           fmt::format("the last value of {} lies far from its level: a second one tells a step from a hiccup",
                       plural(static_cast<long long>(series.size()), "series", "series")),
           bits_of(0.5), cost(series)});
  }

  const Context& context_;
  StoredBenchmarks stored_;
  ChangesFound found_;
  std::vector<SpeedEvent> events_;
  SpeedConfirmations confirmations_;
  std::vector<double> costs_;  // seconds, one a series
  std::size_t known_costs_ = 0;
};

std::string named(const StoredBenchmarks& stored, const std::vector<std::size_t>& series) {
  constexpr std::size_t kShown = 2;
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, series.size()); ++i)
    text += (text.empty() ? "" : ", ") + stored.series[series[i]].name;
  return series.size() > kShown ? fmt::format("{} and {} more", text, series.size() - kShown) : text;
}

std::vector<Result> analyse_next(const Context& context) {
  const double budget = 60 * static_cast<double>(context.whole_number("minutes", 60, 1, 100'000));
  Chooser chooser(context);
  Result result = context.result("measure_next", "What to measure next",
                                 "Given minutes of machine time, which commits and benchmarks tell most?");
  result.columns = {{"rank", "#", ColumnType::integer},
                    {"verb", "Do", ColumnType::text, "", "measure, rerun or confirm"},
                    {"commit", "Commit", ColumnType::text},
                    {"series", "Of", ColumnType::text},
                    {"why", "Why", ColumnType::text},
                    {"minutes", "Takes", ColumnType::duration, "", "of machine time, about"},
                    {"bits", "Tells", ColumnType::number, "bits"},
                    {"sha", "", ColumnType::text, "", "", "", true}};
  result.layout = Layout::table;
  double spent = 0, bits = 0;
  const auto candidates = chooser.candidates();
  for (const Candidate& each : candidates) {
    if (spent + each.seconds > budget) continue;
    spent += each.seconds, bits += each.bits;
    result.rows.push_back({static_cast<std::int64_t>(result.rows.size()) + 1, each.verb, each.sha.substr(0, 12),
                           named(chooser.stored(), each.series), each.why,
                           static_cast<std::int64_t>(std::ceil(each.seconds)), std::round(1000 * each.bits) / 1000,
                           each.sha});
  }
  result.claim = chooser.stored().series.empty() ? "No benchmark results are in the store."
                 : candidates.empty()  ? "Nothing is open: the newest commit is measured, and every event is settled."
                 : result.rows.empty() ? fmt::format("None of {} fits into {}.",
                                                     plural(static_cast<long long>(candidates.size()), "measurement"),
                                                     format_duration(budget))
                                       : fmt::format("{} in {} of {}: {:.1f} bits.",
                                                     plural(static_cast<long long>(result.rows.size()), "measurement"),
                                                     format_duration(spent), format_duration(budget), bits);
  result.sample_size = static_cast<std::int64_t>(candidates.size());
  result.definition =
      "Bits: what the answer is expected to tell (Shannon's entropy of the question). Measuring the middle of the "
      "commits before an event: 1, less the 5 % of events that may be false; confirming an event: whether it is one of "
      "those 5 %; the newest commit: whether anything changed, at the rate of events per measured commit; a last value "
      "more than four robust deviations from its level: whether it stays, 1. Those that tell most a second come first, "
      "as long as they fit.";
  result.method = "greedy by bits a second; what was measured or confirmed by the as-of time is known";
  result.coverage =
      !chooser.knows_costs() ? "how long the benchmarks take is not in the store: a minute each is assumed"
      : chooser.known_costs() < chooser.stored().series.size()
          ? fmt::format("{} of {} series tell how long they take, as theirs are times; the others count as their mean",
                        chooser.known_costs(), chooser.stored().series.size())
          : "";
  result.uncertainty = "times are of the last run, without what a tool does before and between its samples";
  return {result};
}

}  // namespace

extern const Analysis measure_next_analysis;
const Analysis measure_next_analysis{"measure_next",
                                     "What to measure next",
                                     "Given minutes of machine time, which commits and benchmarks tell most?",
                                     {{"minutes", "MINUTES", "machine time there is (60)"}},
                                     &analyse_next};

}  // namespace resident

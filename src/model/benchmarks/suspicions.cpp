#include <fmt/format.h>

#include <algorithm>
#include <base/packed.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/learnt.hpp>
#include <model/benchmarks/measured_commit.hpp>
#include <model/benchmarks/stored.hpp>
#include <model/benchmarks/suspicions.hpp>
#include <set>

namespace resident {

namespace {

// Beyond so many commits in the dark nobody in particular is suspected.
constexpr std::size_t kMostSuspects = 50;
// By so much more values may move an event to another commit.
constexpr Timestamp kMoves = 14 * kDay;

struct KeptEvent {
  SpeedSuspicion suspicion;
  std::vector<std::string> dark;  // unmeasured commits before it
};
using KeptEvents = std::vector<KeptEvent>;

std::string pack(const KeptEvents& events) {
  Packer packer;
  packer.whole(events.size());
  for (const auto& [event, dark] : events) {
    packer.text(event.sha), packer.signed_whole(event.at), packer.text(event.series), packer.whole(event.changed);
    for (const double number : {event.change, event.low, event.high}) packer.number(number);
    packer.whole((event.is_worse ? 1 : 0) + (event.machine_changed ? 2 : 0) + (event.recovered ? 4 : 0));
    packer.whole(dark.size());
    for (const auto& sha : dark) packer.text(sha);
  }
  return packer.take();
}

KeptEvents unpack(std::string_view bytes) {
  Unpacker unpacker(bytes);
  KeptEvents events(unpacker.count(10));
  for (auto& [event, dark] : events) {
    event.sha = unpacker.text();
    event.at = unpacker.signed_whole();
    event.series = unpacker.text();
    event.changed = unpacker.whole();
    for (double* number : {&event.change, &event.low, &event.high}) *number = unpacker.number();
    const auto flags = unpacker.whole();
    event.is_worse = (flags & 1) != 0, event.machine_changed = (flags & 2) != 0, event.recovered = (flags & 4) != 0;
    dark.resize(unpacker.count(1));
    for (auto& sha : dark) sha = unpacker.text();
    event.suspects = dark.size() + 1;
  }
  unpacker.finish();
  return events;
}

KeptEvents find_events(const Context& context) {
  const StoredBenchmarks stored = load_benchmarks(context);
  KeptEvents events;
  for (const SpeedEvent& event : speed_events(context, stored, find_changes(stored.series, {}))) {
    if (event.sha.empty()) continue;
    const auto largest = std::max_element(event.changes.begin(), event.changes.end(), [](const auto& a, const auto& b) {
      return std::abs(a.change) < std::abs(b.change);
    });
    KeptEvent kept;
    kept.suspicion = {event.sha,
                      event.at,
                      stored.series[largest->series].name,
                      event.changes.size(),
                      largest->change,
                      largest->low,
                      largest->high,
                      event.worse > event.improved,
                      event.machine_changed,
                      event.recovered,
                      1};
    kept.dark = unmeasured_before(context, event.sha);
    if (kept.dark.size() >= kMostSuspects) kept.dark.clear();
    kept.suspicion.suspects = kept.dark.size() + 1;
    events.push_back(std::move(kept));
  }
  return events;
}

// kept: what they are kept as.
KeptEvents kept_events(const Context& context, const char* kept) {
  std::string basis;
  for (const auto rows =
           context.database.query("SELECT count(*), coalesce(max(measured_at), 0), (SELECT count(*) FROM git_commit "
                                  "WHERE project_id = :project) "
                                  "FROM benchmark_run WHERE project_id = :project AND measured_at <= :as_of",
                                  context.parameters());
       rows->next();) {
    if (rows->integer(0) == 0) return {};
    // The clone may come after its results.
    basis = fmt::format("2: {} runs up to {}, {} commits", rows->integer(0), rows->integer(1), rows->integer(2));
  }
  return kept_or_made(
      context, kept, basis, unpack, [&] { return find_events(context); }, pack);
}

}  // namespace

std::string SpeedSuspicion::words() const {
  std::string text = fmt::format("{}: {:+.1f} % [{:+.1f}, {:+.1f}] in {}", format_date(at), 100 * change, 100 * low,
                                 100 * high, series);
  if (changed > 1) text += fmt::format(" and {} more", changed - 1);
  if (suspects > 1) text += fmt::format(", one of {} commits", suspects);
  if (machine_changed) text += ", or the machine changed there";
  if (recovered) text += ", taken back since";
  return text;
}

std::vector<SpeedSuspicion> speed_suspicions(const Context& context, std::int64_t item_id) {
  std::set<std::string> commits;
  for (const auto rows =
           context.database.query("SELECT sha FROM item_commit WHERE project_id = :project AND item_id = :item",
                                  {{"project", context.project_id}, {"item", item_id}});
       rows->next();)
    commits.insert(rows->string(0));
  if (commits.empty()) return {};
  const KeptEvents events = kept_events(context, "speed events");
  std::vector<SpeedSuspicion> found;
  for (const auto& [event, dark] : events)
    if (commits.contains(event.sha) ||
        std::any_of(dark.begin(), dark.end(), [&](const std::string& sha) { return commits.contains(sha); }))
      found.push_back(event);
  return found;
}

std::string SpeedPeriod::sentence() const {
  const auto worse = std::count_if(events.begin(), events.end(), [](const auto& each) { return each.is_worse; });
  return fmt::format("{}; {}.", plural(runs, "run of benchmarks", "runs of benchmarks"),
                     events.empty() ? "nothing became faster or slower"
                                    : fmt::format("{}, {} of them to the worse",
                                                  plural(static_cast<long long>(events.size()), "event"), worse));
}

SpeedPeriod speed_of_period(const Context& context, Timestamp begin, Timestamp end) {
  SpeedPeriod period;
  Context of = context;
  of.as_of = std::min(context.as_of, end - 1);
  Parameters parameters = of.parameters();
  parameters.emplace_back("begin", begin);
  period.runs = of.database
                    .integer(
                        "SELECT count(*) FROM benchmark_run WHERE project_id = :project AND measured_at >= :begin "
                        "AND measured_at <= :as_of",
                        parameters)
                    .value_or(0);
  if (period.runs == 0) return period;
  KeptEvents events = kept_events(of, "speed events of a period");
  of.as_of = begin - 1;
  const KeptEvents known = kept_events(of, "speed events before a period");
  for (auto& [event, dark] : events) {
    const bool is_new = std::none_of(known.begin(), known.end(), [&, &now = event](const KeptEvent& each) {
      const SpeedSuspicion& then = each.suspicion;
      return then.sha == now.sha || (then.series == now.series && std::abs(then.at - now.at) <= kMoves);
    });
    if (is_new) period.events.push_back(std::move(event));
  }
  return period;
}

}  // namespace resident

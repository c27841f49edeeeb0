#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <numeric>
#include <sources/benchmarks/formats/report.hpp>
#include <unordered_map>

namespace resident::benchmarks {

namespace {

// `most` with the mark that something was cut off.
std::string bounded(std::string_view text, std::size_t most) {
  constexpr std::string_view kCut = "…";
  std::string cleaned = one_line(clean_text(text, text.size() > most ? most - kCut.size() : most));
  return std::string(trim(cleaned));
}

struct Known {
  std::string_view word, base;
  double factor;
};

constexpr Known kTimes[] = {{"ns", "s", 1e-9},
                            {"nsec", "s", 1e-9},
                            {"nanoseconds", "s", 1e-9},
                            {"nanosecond", "s", 1e-9},
                            {"us", "s", 1e-6},
                            {"usec", "s", 1e-6},
                            {"µs", "s", 1e-6},
                            {"μs", "s", 1e-6},
                            {"microseconds", "s", 1e-6},
                            {"microsecond", "s", 1e-6},
                            {"ms", "s", 1e-3},
                            {"msec", "s", 1e-3},
                            {"msecs", "s", 1e-3},
                            {"milliseconds", "s", 1e-3},
                            {"millisecond", "s", 1e-3},
                            {"s", "s", 1},
                            {"sec", "s", 1},
                            {"secs", "s", 1},
                            {"second", "s", 1},
                            {"seconds", "s", 1},
                            {"m", "s", 60},
                            {"min", "s", 60},
                            {"minutes", "s", 60},
                            {"h", "s", 3600},
                            {"ps", "s", 1e-12},
                            {"picoseconds", "s", 1e-12},
                            {"usecs", "s", 1e-6}};
constexpr double kK = 1024;
constexpr Known kSizes[] = {{"b", "B", 1},
                            {"byte", "B", 1},
                            {"bytes", "B", 1},
                            {"kib", "B", kK},
                            {"mib", "B", kK* kK},
                            {"gib", "B", kK* kK* kK},
                            {"tib", "B", kK* kK* kK* kK},
                            {"kb", "B", 1e3},
                            {"mb", "B", 1e6},
                            {"gb", "B", 1e9},
                            {"tb", "B", 1e12},
                            {"bit", "bit", 1},
                            {"bits", "bit", 1},
                            {"kbit", "bit", 1e3},
                            {"mbit", "bit", 1e6},
                            {"mbits", "bit", 1e6},
                            {"gbit", "bit", 1e9},
                            {"gbits", "bit", 1e9}};
constexpr Known kCounts[] = {{"count", "count", 1}, {"integer", "count", 1}, {"", "", 1},
                             {"%", "%", 1},         {"percent", "%", 1},     {"percentage", "%", 1}};
constexpr Known kEvents[] = {
    {"ops", "1/s", 1},      {"op", "1/s", 1},         {"operations", "1/s", 1}, {"items", "1/s", 1}, {"iter", "1/s", 1},
    {"requests", "1/s", 1}, {"req", "1/s", 1},        {"elements", "1/s", 1},   {"elem", "1/s", 1},  {"1", "1/s", 1},
    {"itr", "1/s", 1},      {"iterations", "1/s", 1}, {"calls", "1/s", 1}};

template <std::size_t N>
const Known* known(const Known (&list)[N], std::string_view word) {
  const auto* const found = std::find_if(list, list + N, [&](const Known& each) { return each.word == word; });
  return found == list + N ? nullptr : found;
}

// Of what is left of the slash; nothing where the word is none we know.
std::optional<Unit> plain_unit(std::string_view word) {
  const std::string lower = to_lower(word);
  if (const Known* time = known(kTimes, lower); time != nullptr) return Unit{std::string(time->base), time->factor};
  if (const Known* size = known(kSizes, lower); size != nullptr) return Unit{std::string(size->base), size->factor};
  if (const Known* count = known(kCounts, lower); count != nullptr) return Unit{std::string(count->base), 1};
  return std::nullopt;
}

}  // namespace

Unit unit_of(std::string_view text) {
  text = trim(text);
  const std::string lower = to_lower(text);
  if (lower == "hz" || lower == "rps" || lower == "tps" || lower == "qps" || lower == "iops") return {"1/s", 1};
  if (lower == "bps") return {"bit/s", 1};
  std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    if (const auto plain = plain_unit(text)) return *plain;
    return {bounded(text, 60), 1};
  }
  const std::string above = lower.substr(0, slash), below = lower.substr(slash + 1);
  const Known* per = known(kTimes, below);
  if (per != nullptr) {
    if (const Known* size = known(kSizes, above); size != nullptr)
      return {std::string(size->base) + "/s", size->factor / per->factor};
    if (const Known* event = known(kEvents, above); event != nullptr) return {"1/s", 1 / per->factor};
    return {per->factor == 1 ? std::string(text.substr(0, slash)) + "/s" : bounded(text, 60), 1};
  }
  // "ns/op", "B/op", "s/iter": of one operation, as all figures here are.
  if (const auto plain = plain_unit(text.substr(0, slash)); plain && !above.empty()) return *plain;
  return {bounded(text, 60), 1};
}

std::optional<Better> usual_direction(const Unit& unit) {
  if (unit.name == "s" || unit.name == "B" || unit.name == "allocs/op") return Better::lower;
  if (unit.name.ends_with("/s")) return Better::higher;
  return std::nullopt;
}

Series& Builder::add(std::string name, const Unit& unit) {
  return add(std::move(name), unit, usual_direction(unit));
}

Series& Builder::add(std::string name, const Unit& unit, std::optional<Better> better) {
  Series series;
  series.benchmark = name;
  series.name = std::move(name);
  series.unit = unit.name;
  series.better = better;
  report_.series.push_back(std::move(series));
  return report_.series.back();
}

void Builder::figure(std::string name, const Unit& unit, std::optional<double> value) {
  figure(std::move(name), unit, usual_direction(unit), value);
}

void Builder::figure(std::string name, const Unit& unit, std::optional<Better> better, std::optional<double> value) {
  if (value) add(std::move(name), unit, better).value = *value * unit.factor;
}

Series& Builder::of_name(const std::string& name, const Unit& unit, std::optional<Better> better) {
  const auto [found, is_new] = by_name_.try_emplace(name, report_.series.size());
  return is_new ? add(name, unit, better) : report_.series[found->second];
}

void Builder::failed(std::string name, std::string why) {
  add(std::move(name), Unit{}, std::nullopt).error = std::move(why);
}

void Builder::environment(const std::string& key, std::string_view value) {
  const std::string clean = bounded(value, 300);
  if (!clean.empty() && report_.environment.size() < 100) report_.environment[bounded(key, 60)] = clean;
}

std::string with_parameters(std::string_view name, const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string result(name);
  for (std::size_t i = 0; i < parameters.size(); ++i)
    result += (i == 0 ? " [" : " ") + parameters[i].first + "=" + parameters[i].second;
  return parameters.empty() ? result : result + "]";
}

void finish(Report& report) {
  report.tool = bounded(report.tool, 60);
  report.version = bounded(report.version, 60);
  report.commit = bounded(report.commit, 64);
  if (report.series.size() > kMostSeries) {
    report.incomplete.push_back("more series than are read of one file");
    report.series.resize(kMostSeries);
  }
  std::unordered_map<std::string, int> seen;
  std::size_t room = kMostValues, not_numbers = 0, too_many = 0;
  for (auto& series : report.series) {
    series.name = bounded(series.name, kLongestName);
    if (series.name.empty()) series.name = "(unnamed)";
    series.benchmark = bounded(series.benchmark, kLongestName);
    series.unit = bounded(series.unit, 60);
    series.error = bounded(series.error, 500);
    series.commit = bounded(series.commit, 64);
    if (series.parameters.size() > 50) series.parameters.resize(50);
    for (auto& [key, value] : series.parameters) key = bounded(key, 100), value = bounded(value, 200);
    const auto before = series.values.size();
    std::erase_if(series.values, [](double value) { return !std::isfinite(value); });
    not_numbers += before - series.values.size();
    if (series.values.size() > room) too_many += series.values.size() - room, series.values.resize(room);
    room -= series.values.size();
    if (series.spread && !(std::isfinite(*series.spread) && *series.spread >= 0)) series.spread.reset();
    if (series.value && !std::isfinite(*series.value)) series.value.reset();
    if (!series.error.empty()) series.value.reset(), series.values.clear(), series.spread.reset();
    if (!series.value && !series.values.empty())
      series.value =
          std::accumulate(series.values.begin(), series.values.end(), 0.0) / static_cast<double>(series.values.size());
    if (series.value && !std::isfinite(*series.value)) series.value.reset(), series.values.clear();
    if (!series.value && series.error.empty()) series.error = "the file has no number here";
    if (const int count = ++seen[series.name + '\n' + series.commit]; count > 1)
      series.name += " #" + std::to_string(count);
  }
  const auto number = [](std::size_t count) { return std::to_string(count); };
  if (not_numbers > 0) report.incomplete.push_back(number(not_numbers) + " values are no numbers");
  if (too_many > 0) report.incomplete.push_back(number(too_many) + " values more than are kept of one file");
}

}  // namespace resident::benchmarks

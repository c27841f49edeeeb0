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

}  // namespace

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
    for (auto& tag : series.tags) tag = bounded(tag, 100);
    std::sort(series.tags.begin(), series.tags.end());
    series.tags.erase(std::unique(series.tags.begin(), series.tags.end()), series.tags.end());
    std::erase(series.tags, "");
    if (series.tags.size() > kMostTags) series.tags.resize(kMostTags);
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

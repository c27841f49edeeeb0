#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/proposals/schedule.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostDates = 20'000, kMostBytes = 4'000'000, kMostStage = 100;

std::optional<Timestamp> time_of(int year, int month, int day) {
  if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  const std::int64_t days = days_from_civil({year, month, day});
  const CivilDate back = civil_from_days(days);
  return back.month == month && back.day == day ? std::optional(days * kDay) : std::nullopt;
}

std::optional<Timestamp> time_of(const toml::node& node) {
  if (const auto* date = node.as_date()) return time_of(date->get().year, date->get().month, date->get().day);
  if (const auto* text = node.as_string()) return read_spelled_date(text->get());
  return std::nullopt;
}

int month_of(std::string_view word) {
  constexpr std::array kMonths{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::string small = to_lower(word);
  for (std::size_t i = 0; i < kMonths.size(); ++i)
    if (small.starts_with(kMonths[i])) return static_cast<int>(i) + 1;
  return 0;
}

// "3.15.0 beta 1" → 3.15; "v3.1.1rc1" → 3.1.
std::string series_of(std::string_view stage) {
  static const Pattern version(R"(^v?(\d{1,2}\.\d{1,3})(?:\.|[a-z]|\s|$))");
  std::string found;
  return version.found_in(stage, &found) ? found : std::string{};
}

void read_series(const std::string& series, const toml::array& entries, const std::string& path,
                 std::vector<ScheduledRelease>& dates) {
  for (const toml::node& node : entries) {
    const auto* entry = node.as_table();
    const auto* date = entry ? entry->get("date") : nullptr;
    const auto at = date ? time_of(*date) : std::nullopt;
    if (!at || dates.size() >= kMostDates) continue;
    ScheduledRelease read;
    read.series = clean_text(series, kMostStage);
    read.stage = one_line(clean_text((*entry)["stage"].value_or(std::string{}), kMostStage));
    read.at = *at;
    const std::string state = (*entry)["state"].value_or(std::string{});
    if (!state.empty()) read.is_actual = state == "actual";
    read.where = path;
    dates.push_back(std::move(read));
  }
}

}  // namespace

std::vector<ScheduledRelease> read_release_table(std::string_view text, const std::string& path, std::string& fault) {
  std::vector<ScheduledRelease> dates;
  fault.clear();
  if (text.size() > kMostBytes) {
    fault = "it is too large";
    return dates;
  }
  try {
    const toml::table root = toml::parse(text);
    if (const auto* series = root["release"].as_table())
      for (const auto& [name, entries] : *series)
        if (const auto* list = entries.as_array()) read_series(std::string(name.str()), *list, path, dates);
    // The days on which a series freezes, as its own entry says.
    if (const auto* metadata = root["metadata"].as_table())
      for (const auto& [name, node] : *metadata) {
        const auto* table = node.as_table();
        const auto* freeze = table ? table->get("feature-freeze") : nullptr;
        const auto at = freeze ? time_of(*freeze) : std::nullopt;
        if (at) dates.push_back({clean_text(name.str(), kMostStage), "feature freeze", *at, std::nullopt, path});
      }
  } catch (const toml::parse_error& error) {
    fault = clean_text(error.description(), 200);
  }
  return dates;
}

std::optional<Timestamp> read_spelled_date(std::string_view text) {
  static const Pattern weekday(R"(^\s*(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s+)?)",
                               Pattern::Letters::any_case);
  static const Pattern iso(R"(^(\d{4})-(\d{1,2})-(\d{1,2})\b)");
  static const Pattern month_first(R"(^([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b)");
  static const Pattern day_first(R"(^(\d{1,2})[- ]([A-Za-z]{3,9})[- ,]+(\d{4})\b)");
  std::string_view rest = text;
  weekday.take_front(rest);
  int year = 0, month = 0, day = 0;
  std::string word;
  if (iso.found_in(rest, &year, &month, &day)) return time_of(year, month, day);
  if (month_first.found_in(rest, &word, &day, &year)) return time_of(year, month_of(word), day);
  if (day_first.found_in(rest, &day, &word, &year)) return time_of(year, month_of(word), day);
  return std::nullopt;
}

std::vector<ScheduledRelease> read_release_bullets(std::string_view text, const std::string& path) {
  static const Pattern bullet(
      R"(^\s*[-*+] (.{1,80}?):?\s+((?:[A-Z][a-z]+day, )?(?:\d{4}-\d|[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2}[- ][A-Z][a-z]{2}).*)$)");
  std::vector<ScheduledRelease> dates;
  std::optional<bool> is_actual;
  for (auto line : split(text, '\n')) {
    const auto bare = trim(line);
    if (bare == "Actual:") is_actual = true;
    if (bare == "Expected:" || bare == "Planned:") is_actual = false;
    if (bare.starts_with("===") || bare.starts_with("---")) is_actual.reset();
    std::string stage, date;
    if (!bullet.found_in(line.substr(0, 400), &stage, &date) || dates.size() >= kMostDates) continue;
    const auto at = read_spelled_date(date);
    const std::string series = series_of(stage);
    if (!at || series.empty()) continue;
    dates.push_back({series, one_line(stage), *at, is_actual, path});
  }
  return dates;
}

const ScheduledRelease* feature_freeze(const std::vector<ScheduledRelease>& dates, std::string_view series) {
  static const Pattern first_beta(R"((?:beta ?1|[0-9]b1)$)", Pattern::Letters::any_case);
  const ScheduledRelease* found = nullptr;
  for (const ScheduledRelease& date : dates) {
    if (date.series != series) continue;
    if (first_beta.found_in(date.stage)) return &date;
    if (date.stage == "feature freeze") found = &date;
  }
  return found;
}

}  // namespace resident

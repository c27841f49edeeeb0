#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <base/csv_table.hpp>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <sources/jira/jira_objects.hpp>
#include <sources/jira/jira_table.hpp>

namespace resident::jira {

namespace {

using Json = nlohmann::json;

// Short names of months as Java writes them in the languages that Jira's sites mostly have.
std::optional<int> month_of(std::string_view name) {
  static constexpr std::array<std::array<std::string_view, 12>, 6> kNames{{
      {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"},
      {"jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"},
      {"janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc"},
      {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"},
      {"gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"},
      {"jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"},
  }};
  std::string lower = to_lower(name);
  while (lower.ends_with('.')) lower.pop_back();
  for (const auto& language : kNames)
    for (std::size_t month = 0; month < language.size(); ++month)
      if (lower == language[month]) return static_cast<int>(month) + 1;
  return std::nullopt;
}

struct Parts {
  std::string first, second, year, hour, minute, second_of_minute, half, mark;
};

// "30/Jul/18 23:33", "30/Oct/26 5:00 PM", "6/21/2025 16:14", "21.06.2025 16:14"
std::optional<Parts> parts_of(std::string_view cell) {
  static const Pattern shape(
      R"(^(\d{1,2})([/. -])([^/. \d-]{3,5}\.?|\d{1,2})[/. -](\d{4}|\d{2}),? (\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AaPp][Mm]))?$)");
  Parts parts;
  if (!shape.found_in(cell, &parts.first, &parts.mark, &parts.second, &parts.year, &parts.hour, &parts.minute,
                      &parts.second_of_minute, &parts.half))
    return std::nullopt;
  return parts;
}

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

// The columns of a table by what they are called, in English.
class Columns {
 public:
  explicit Columns(const CsvTable& table) : table_(table) {
    for (std::size_t i = 0; i < table.header().size(); ++i) places_[to_lower(table.header()[i])].push_back(i);
  }
  bool has(const std::string& name) const { return places_.contains(name); }
  std::vector<std::string> all(std::size_t row, std::initializer_list<const char*> names) const {
    std::vector<std::string> values;
    for (const char* name : names) {
      const auto found = places_.find(name);
      if (found == places_.end()) continue;
      for (const std::size_t place : found->second)
        if (const std::string_view value = trim(table_.text(row, place)); !value.empty()) values.emplace_back(value);
    }
    return values;
  }
  std::string one(std::size_t row, std::initializer_list<const char*> names) const {
    const auto values = all(row, names);
    return values.empty() ? std::string() : values.front();
  }
  template <class Take>
  void each_beginning(const std::string& words, const Take& take) const {
    for (const auto& [name, places] : places_)
      if (name.starts_with(words)) take(name, places);
  }
  const std::string& cell(std::size_t row, std::size_t place) const { return table_.text(row, place); }

 private:
  const CsvTable& table_;
  std::map<std::string, std::vector<std::size_t>> places_;
};

Json named(const std::string& name) {
  return name.empty() ? Json() : Json{{"name", name}};
}

Json list_of(const std::vector<std::string>& names) {
  Json list = Json::array();
  for (const std::string& name : names) list.push_back({{"name", name}});
  return list;
}

// Server writes logins; Cloud names, with ids in a column beside.
Json user(const Columns& columns, std::size_t row, const std::string& who) {
  const std::string name = columns.one(row, {who.c_str()}), id = columns.one(row, {(who + " id").c_str()});
  if (name.empty() && id.empty()) return {};
  if (id.empty()) return {{"name", name}, {"displayName", name}};
  return {{"accountId", id}, {"displayName", name}};
}

class Table {
 public:
  explicit Table(std::string_view csv) : table_(csv, "the export"), columns_(table_), moments_(dates()) {
    if (!columns_.has("issue key") || !columns_.has("summary") || !columns_.has("created"))
      throw Error("this is no export of Jira's in English: it has no columns Issue key, Summary and Created",
                  "export with the language of your profile set to English, all fields, as CSV with commas");
  }

  std::vector<TableIssue> issues() const {
    std::vector<TableIssue> result;
    for (std::size_t row = 0; row < table_.size(); ++row) {
      const std::string key = columns_.one(row, {"issue key"});
      if (key.empty()) continue;
      TableIssue each{key, {}, {}};
      try {
        each.json = issue(row, key).dump(-1, ' ', false, Json::error_handler_t::replace);
      } catch (const Error& error) {
        each.problem = fmt::format("row {}: {}", row + 2, error.what());  // the names of the columns are row 1
      }
      result.push_back(std::move(each));
    }
    return result;
  }

 private:
  std::vector<std::string> dates() const {
    std::vector<std::string> cells;
    for (std::size_t row = 0; row < table_.size(); ++row)
      for (const std::string& cell : columns_.all(row, {"created", "updated", "resolved"})) cells.push_back(cell);
    return cells;
  }

  Json moment(const std::string& cell) const {
    const auto at = moments_.read(cell);
    return at ? Json(format_time(*at)) : Json();
  }

  Json issue(std::size_t row, const std::string& key) const {
    Json fields{{"summary", columns_.one(row, {"summary"})},
                {"description", columns_.one(row, {"description"})},
                {"created", moment(columns_.one(row, {"created"}))},
                {"updated", moment(columns_.one(row, {"updated"}))},
                {"resolutiondate", moment(columns_.one(row, {"resolved"}))},
                {"issuetype", named(columns_.one(row, {"issue type"}))},
                {"priority", named(columns_.one(row, {"priority"}))},
                {"resolution", is_resolved(row) ? named(columns_.one(row, {"resolution"})) : Json()},
                {"security", named(columns_.one(row, {"security level"}))},
                {"assignee", user(columns_, row, "assignee")},
                {"reporter", user(columns_, row, "reporter")},
                {"creator", user(columns_, row, "creator")},
                {"labels", columns_.all(row, {"labels"})},
                {"components", list_of(columns_.all(row, {"component/s", "components"}))},
                {"versions", list_of(columns_.all(row, {"affects version/s", "affects versions"}))},
                {"fixVersions", list_of(columns_.all(row, {"fix version/s", "fix versions"}))},
                {"issuelinks", links(row)},
                {"comment", {{"comments", comments(row)}}}};
    // Without the category a resolution is all that tells.
    const std::string category = to_lower(columns_.one(row, {"status category"}));
    const bool is_done =
        category.empty() ? !columns_.one(row, {"resolved"}).empty() || is_resolved(row) : category == "done";
    fields["status"] = {{"name", columns_.one(row, {"status"})},
                        {"statusCategory", {{"key", is_done ? "done" : "new"}}}};
    if (const std::string parent = columns_.one(row, {"parent key"}); !parent.empty())
      fields["parent"] = {{"key", parent}};
    return {{"key", key}, {"fields", std::move(fields)}};
  }

  // "Unresolved" is how some versions write that there is none.
  bool is_resolved(std::size_t row) const {
    const std::string resolution = to_lower(columns_.one(row, {"resolution"}));
    return !resolution.empty() && resolution != "unresolved";
  }

  // "Outward issue link (Blocks)": keys.
  Json links(std::size_t row) const {
    Json list = Json::array();
    for (const bool is_outward : {true, false}) {
      const std::string words = is_outward ? "outward issue link (" : "inward issue link (";
      columns_.each_beginning(words, [&](const std::string& name, const std::vector<std::size_t>& places) {
        std::string type = name.substr(words.size());
        if (type.ends_with(')')) type.pop_back();
        const std::string outward = type == "duplicate" ? "duplicates" : type;
        const std::string inward = type == "duplicate" ? "is duplicated by" : type + " of";
        for (const std::size_t place : places)
          if (const std::string key(trim(columns_.cell(row, place))); !key.empty())
            list.push_back({{"type", {{"outward", outward}, {"inward", inward}}},
                            {is_outward ? "outwardIssue" : "inwardIssue", {{"key", key}}}});
      });
    }
    return list;
  }

  // "30/Jul/18 23:33;wilfreds;What was said; and more". What does not begin with a moment has none: then that comment
  // alone is set aside.
  Json comments(std::size_t row) const {
    Json list = Json::array();
    std::size_t count = 0;
    for (const std::string& cell : columns_.all(row, {"comment", "comments"})) {
      const std::size_t first = cell.find(';'), second = first == std::string::npos ? first : cell.find(';', first + 1);
      Json created;
      try {
        created = moment(second == std::string::npos ? cell : cell.substr(0, first));
      } catch (const Error&) {
        created = one_line(cell.substr(0, 60));
      }
      const std::string who = second == std::string::npos ? "" : cell.substr(first + 1, second - first - 1);
      Json comment{{"id", fmt::format("row/{}", ++count)},
                   {"created", std::move(created)},
                   {"body", second == std::string::npos ? cell : cell.substr(second + 1)}};
      if (!who.empty()) comment["author"] = {{"name", who}, {"displayName", who}};
      list.push_back(std::move(comment));
    }
    return list;
  }

  CsvTable table_;
  Columns columns_;
  TableMoments moments_;
};

}  // namespace

TableMoments::TableMoments(const std::vector<std::string>& cells) {
  bool may_be_day_first = true, may_be_month_first = true, is_ambiguous = false;
  for (const std::string& cell : cells) {
    const auto parts = parts_of(cell);
    if (!parts || !is_number(parts->second)) continue;
    is_ambiguous = true;
    if (std::stoi(parts->first) > 12) may_be_month_first = false;
    if (std::stoi(parts->second) > 12) may_be_day_first = false;
    if (parts->mark == ".") may_be_month_first = false;
  }
  if (!is_ambiguous) return;
  if (may_be_day_first == may_be_month_first)
    throw Error(may_be_day_first ? "its moments could begin with the day or with the month"
                                 : "some of its moments begin with the day, others with the month",
                "export with a date format that names months, as Jira's own does (dd/MMM/yy h:mm a)");
  is_day_first_ = may_be_day_first;
}

std::optional<Timestamp> TableMoments::read(std::string_view cell) const {
  cell = trim(cell);
  if (cell.empty()) return std::nullopt;
  if (const auto whole = parse_moment(cell)) return whole;
  static const Pattern minutes(R"(^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$)");
  if (minutes.found_in(cell))
    if (const auto whole = parse_time(std::string(cell) + ":00Z")) return whole;
  const auto parts = parts_of(cell);
  std::optional<Timestamp> at;
  if (parts) {
    const bool is_named = !is_number(parts->second);
    const std::optional<int> month =
        is_named ? month_of(parts->second) : std::optional(std::stoi(is_day_first_ ? parts->second : parts->first));
    const int day = std::stoi(is_named || is_day_first_ ? parts->first : parts->second);
    int year = std::stoi(parts->year), hour = std::stoi(parts->hour);
    if (parts->year.size() == 2) year += year < 70 ? 2000 : 1900;
    if (!parts->half.empty()) hour = hour % 12 + (to_lower(parts->half) == "pm" ? 12 : 0);
    if (month)
      at = parse_time(fmt::format("{:04}-{:02}-{:02}T{:02}:{}:{}Z", year, *month, day, hour, parts->minute,
                                  parts->second_of_minute.empty() ? "00" : parts->second_of_minute));
  }
  if (!at)
    throw Error(fmt::format("{} is no moment that is known here", one_line(cell.substr(0, 60))),
                "export with the language of your profile set to English");
  return at;
}

std::vector<TableIssue> table_issues(std::string_view csv) {
  return Table(csv).issues();
}

}  // namespace resident::jira

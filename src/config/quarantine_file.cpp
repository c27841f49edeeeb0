#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <config/quarantine_file.hpp>
#include <sstream>

namespace resident {

namespace {

constexpr std::size_t kLongest = 500;  // bytes of a text

class EntryReader {
 public:
  EntryReader(const toml::table& table, std::string place) : table_(table), place_(std::move(place)) {}

  QuarantineEntry read() {
    static const std::vector<std::string> known{"suite", "test",  "configurations", "owner",
                                                "issue", "since", "review-by",      "reason"};
    for (const auto& [key, value] : table_) {
      const std::string name(key.str());
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      const std::string nearest = near_miss(name, known);
      refuse(fmt::format("there is no {}", one_line(name)),
             nearest.empty() ? "" : fmt::format("did you mean {}?", nearest));
    }
    QuarantineEntry entry;
    entry.suite = text("suite", false);
    entry.test = text("test", true);
    entry.owner = text("owner", true);
    entry.issue = text("issue", false);
    entry.reason = text("reason", false);
    entry.since = day("since"), entry.review_by = day("review-by");
    if (entry.review_by < entry.since) refuse("review-by is before since", "");
    read_configurations(entry);
    return entry;
  }

 private:
  [[noreturn]] void refuse(const std::string& what, const std::string& hint) const {
    throw Error(ErrorKind::usage, fmt::format("{}: {}", place_, what), hint);
  }

  std::string text(const char* key, bool is_needed) const {
    const auto* node = table_.get(key);
    if (!node && !is_needed) return {};
    const auto value = node ? node->value_exact<std::string>() : std::nullopt;
    if (!value || (is_needed && trim(*value).empty()) || value->size() > kLongest)
      refuse(fmt::format("{} must be a text of at most {} bytes", key, kLongest), "");
    return clean_text(*value);
  }

  Timestamp day(const char* key) const {
    const auto* node = table_.get(key);
    std::optional<Timestamp> found;
    if (const auto* date = node ? node->as_date() : nullptr)
      found = parse_time(fmt::format("{:04}-{:02}-{:02}", date->get().year, date->get().month, date->get().day));
    else if (const auto written = node ? node->value_exact<std::string>() : std::nullopt)
      found = parse_time(*written);
    if (!found) refuse(fmt::format("{} must be a day", key), "as 2026-11-30");
    return start_of_day(*found);
  }

  void read_configurations(QuarantineEntry& entry) const {
    const auto* list = table_.get_as<toml::array>("configurations");
    if (list)
      for (const auto& each : *list)
        if (const auto name = each.value_exact<std::string>(); name && !trim(*name).empty())
          entry.configurations.push_back(clean_text(*name));
    if (!list || list->empty() || entry.configurations.size() != list->size())
      refuse("configurations must be a list of names, with one at least",
             "a test is quarantined where it is flaky, and nowhere else");
  }

  const toml::table& table_;
  std::string place_;
};

// A basic string of TOML.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      result += fmt::format("\\{}", c);
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      result += c;
  }
  return result + "\"";
}

}  // namespace

std::vector<QuarantineEntry> read_quarantine(std::string_view text, const std::string& origin) {
  toml::table root;
  try {
    root = toml::parse(text, origin);
  } catch (const toml::parse_error& problem) {
    throw Error(ErrorKind::usage, fmt::format("{}: line {}: {}", origin, problem.source().begin.line,
                                              one_line(std::string(problem.description()))));
  }
  std::vector<QuarantineEntry> entries;
  for (const auto& [key, value] : root) {
    const auto* list = value.as_array();
    if (key.str() != "quarantine" || !list)
      throw Error(ErrorKind::usage, fmt::format("{}: there is no {}", origin, one_line(std::string(key.str()))),
                  "each test stands below a line [[quarantine]]");
    for (const auto& each : *list) {
      const auto* table = each.as_table();
      if (!table) throw Error(ErrorKind::usage, fmt::format("{}: quarantine is no list of tables", origin));
      entries.push_back(EntryReader(*table, fmt::format("{}: line {}", origin, table->source().begin.line)).read());
    }
  }
  return entries;
}

std::string quarantine_text(const std::vector<QuarantineEntry>& entries) {
  std::string text =
      "# Tests that fail now and then, and until review-by do not hold up a change: they still run, and what they hide "
      "is shown.\n# `resident quarantine` says how they stand, `resident quarantine propose` what should come and "
      "go.\n";
  for (const auto& entry : entries) {
    text += "\n[[quarantine]]\n";
    const auto line = [&](const char* key, const std::string& value) {
      if (!value.empty()) text += fmt::format("{} = {}\n", key, quoted(value));
    };
    line("suite", entry.suite);
    line("test", entry.test);
    std::string list;
    for (const auto& each : entry.configurations) list += (list.empty() ? "" : ", ") + quoted(each);
    text += fmt::format("configurations = [{}]\n", list);
    line("owner", entry.owner);
    line("issue", entry.issue);
    text += fmt::format("since = {}\nreview-by = {}\n", format_date(entry.since), format_date(entry.review_by));
    line("reason", entry.reason);
  }
  return text;
}

}  // namespace resident

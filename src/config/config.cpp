#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <base/embedded.hpp>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <config/config.hpp>
#include <config/config_tables.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>

namespace resident {

namespace {

// One settable key: how to take it from TOML. The one list that parsing, messages
// and the guide's test go by.
struct Key {
  std::string name;                                             // "review.required_approvals"
  std::function<bool(ProjectConfig&, const toml::node&)> take;  // false: wrong type
  std::string expected;
};

void refuse_bad_pattern(const std::string& name, const std::string& value) {
  if (const std::string fault = Pattern::fault_of(value); !fault.empty())
    throw Error(ErrorKind::usage, fmt::format("{} is not a pattern: {}", name, fault));
}

Key text_key(std::string name, std::function<std::string&(ProjectConfig&)> field, bool is_pattern = false) {
  return {name,
          [field, is_pattern, name](ProjectConfig& config, const toml::node& node) {
            const auto value = node.value_exact<std::string>();
            if (!value) return false;
            if (is_pattern) refuse_bad_pattern(name, *value);
            field(config) = *value;
            return true;
          },
          is_pattern ? "a pattern (RE2) in quotes" : "text in quotes"};
}

// Text of which not every one is right.
Key checked_key(std::string name, std::function<std::string&(ProjectConfig&)> field,
                std::function<bool(const std::string&)> is_right, std::string expected) {
  return {std::move(name),
          [field = std::move(field), is_right = std::move(is_right)](ProjectConfig& config, const toml::node& node) {
            const auto value = node.value_exact<std::string>();
            if (!value || !is_right(*value)) return false;
            field(config) = *value;
            return true;
          },
          std::move(expected)};
}

Key number_key(std::string name, std::function<int&(ProjectConfig&)> field) {
  return {std::move(name),
          [field](ProjectConfig& config, const toml::node& node) {
            const auto value = node.value_exact<std::int64_t>();
            if (!value || *value < 0 || *value > 1'000'000) return false;
            field(config) = static_cast<int>(*value);
            return true;
          },
          "a whole number"};
}

// A number, or "auto", which is 0.
Key number_or_auto_key(std::string name, std::function<int&(ProjectConfig&)> field) {
  Key key = number_key(std::move(name), field);
  key.take = [field, number = key.take](ProjectConfig& config, const toml::node& node) {
    if (node.value_exact<std::string>() != "auto") return number(config, node);
    field(config) = 0;
    return true;
  };
  key.expected = "a whole number or \"auto\"";
  return key;
}

Key list_key(std::string name, std::function<std::vector<std::string>&(ProjectConfig&)> field,
             bool are_patterns = false) {
  return {name,
          [field, are_patterns, name](ProjectConfig& config, const toml::node& node) {
            const auto* array = node.as_array();
            if (!array) return false;
            std::vector<std::string> values;
            for (const auto& each : *array) {
              const auto value = each.value_exact<std::string>();
              if (!value) return false;
              if (are_patterns) refuse_bad_pattern(name, *value);
              values.push_back(*value);
            }
            field(config) = std::move(values);
            return true;
          },
          are_patterns ? "a list of patterns (RE2) in quotes" : "a list of texts"};
}

// [[project.NAME.modules]] pattern = "…" name = "…"
bool take_modules(ProjectConfig& config, const toml::node& node) {
  const auto* array = node.as_array();
  if (!array) return false;
  config.modules.clear();
  for (const auto& each : *array) {
    const auto* table = each.as_table();
    if (!table) return false;
    const auto pattern = (*table)["pattern"].value<std::string>(), name = (*table)["name"].value<std::string>();
    if (!pattern || !name) return false;
    if (const std::string fault = Pattern::fault_of(*pattern); !fault.empty())
      throw Error(ErrorKind::usage, fmt::format("modules: not a pattern: {}: {}", *pattern, fault));
    config.modules.push_back({*pattern, *name});
  }
  return true;
}

// IANA's name, or the distance from UTC; "": none is told.
bool is_time_zone(const std::string& name) {
  static const Pattern distance(R"([+-](0\d|1[0-4]):[0-5]\d)");
  if (name.empty() || distance.matches(name)) return true;
  const std::unique_ptr<icu::TimeZone> known(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
  return known && *known != icu::TimeZone::getUnknown();
}

// [[project.NAME.link]] pattern = "…" tracker = "…" project = "…"
bool take_links(ProjectConfig& config, const toml::node& node) {
  const auto* array = node.as_array();
  if (!array) return false;
  config.links.clear();
  for (const auto& each : *array) {
    const auto* table = each.as_table();
    if (!table) return false;
    const auto pattern = (*table)["pattern"].value<std::string>(), tracker = (*table)["tracker"].value<std::string>();
    const auto project = (*table)["project"];
    if (!pattern || !tracker || tracker->empty() || (project && !project.is_string())) return false;
    refuse_bad_pattern("link.pattern", *pattern);
    if (Pattern(*pattern).group_count() < 1)
      throw Error(ErrorKind::usage, fmt::format("link.pattern: {} has no group for the number", *pattern),
                  "put the number's part in brackets, like bpo-([0-9]+)");
    if (Pattern(*pattern).matches(""))
      throw Error(ErrorKind::usage,
                  fmt::format("link.pattern: {} is found in every text, also where nothing stands", *pattern),
                  "say what stands around the number, like bpo-([0-9]+)");
    config.links.push_back({*pattern, *tracker, project.value_or(std::string())});
  }
  return true;
}

// [project.NAME.module_labels] "a label" = "a module"
bool take_module_labels(ProjectConfig& config, const toml::node& node) {
  const auto* table = node.as_table();
  if (!table) return false;
  config.module_labels.clear();
  for (const auto& [label, value] : *table) {
    const auto module = value.value_exact<std::string>();
    if (!module || module->empty()) return false;
    config.module_labels[std::string(label.str())] = *module;
  }
  return true;
}

// [groups] name = ["project", "project"]
ProjectGroups read_groups(const toml::table& table, const std::string& origin) {
  ProjectGroups groups;
  for (const auto& [name, value] : table) {
    const auto* list = value.as_array();
    std::vector<std::string> members;
    if (list)
      for (const auto& each : *list)
        if (const auto member = each.value_exact<std::string>(); member && !member->empty()) members.push_back(*member);
    if (!list || members.size() != list->size() || members.empty())
      throw Error(ErrorKind::usage,
                  fmt::format("{}: groups.{} takes a list of names of projects", origin, one_line(name.str())));
    groups[std::string(name.str())] = std::move(members);
  }
  return groups;
}

bool take_releases(ProjectConfig& config, const toml::node& node) {
  const auto* table = node.as_table();
  if (!table) return false;
  config.releases.clear();
  for (const auto& [name, value] : *table) {
    std::optional<Timestamp> at;
    if (const auto text = value.value_exact<std::string>()) at = parse_time(*text);
    if (const auto* date = value.as_date())
      at = parse_time(fmt::format("{:04}-{:02}-{:02}", date->get().year, date->get().month, date->get().day));
    if (!at) return false;
    config.releases.push_back({std::string(name.str()), *at});
  }
  std::sort(config.releases.begin(), config.releases.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return true;
}

const std::vector<Key>& known_keys() {
  using C = ProjectConfig;
  static const std::vector<Key> list{
      text_key(
          "preset", [](C & c) -> auto& { return c.preset; }),
      text_key(
          "url", [](C & c) -> auto& { return c.url; }),
      text_key(
          "me", [](C & c) -> auto& { return c.me; }),
      list_key(
          "bots", [](C & c) -> auto& { return c.bots.bots; }),
      list_key(
          "not_bots", [](C & c) -> auto& { return c.bots.not_bots; }),
      list_key(
          "maintainers", [](C & c) -> auto& { return c.maintainers; }),
      number_or_auto_key(
          "review.required_approvals", [](C & c) -> auto& { return c.review.required_approvals; }),
      text_key(
          "review.approval_by_comment", [](C & c) -> auto& { return c.review.approval_by_comment; }),
      text_key(
          "review.approval_in_words", [](C & c) -> auto& { return c.review.approval_in_words; }),
      text_key(
          "review.push_dismisses_approvals", [](C & c) -> auto& { return c.review.push_dismisses_approvals; }),
      list_key(
          "review.author_headers", [](C & c) -> auto& { return c.review.author_headers; }),
      text_key(
          "review.document_paths", [](C & c) -> auto& { return c.review.document_paths; }, true),
      text_key(
          "review.approval_pattern", [](C & c) -> auto& { return c.review.approval_pattern; }, true),
      text_key(
          "review.partial_approval_pattern", [](C & c) -> auto& { return c.review.partial_approval_pattern; }, true),
      text_key(
          "review.objection_pattern", [](C & c) -> auto& { return c.review.objection_pattern; }, true),
      text_key(
          "review.rebase_pattern", [](C & c) -> auto& { return c.review.rebase_pattern; }, true),
      text_key(
          "review.author_keeps_pattern", [](C & c) -> auto& { return c.review.author_keeps_pattern; }, true),
      text_key(
          "review.author_ready_pattern", [](C & c) -> auto& { return c.review.author_ready_pattern; }, true),
      text_key(
          "review.blocked_pattern", [](C & c) -> auto& { return c.review.blocked_pattern; }, true),
      text_key(
          "review.stacked_pattern", [](C & c) -> auto& { return c.review.stacked_pattern; }, true),
      text_key(
          "review.work_in_progress_pattern", [](C & c) -> auto& { return c.review.work_in_progress_pattern; }, true),
      text_key(
          "review.superseded_pattern", [](C & c) -> auto& { return c.review.superseded_pattern; }, true),
      text_key(
          "review.ask_author_pattern", [](C & c) -> auto& { return c.review.ask_author_pattern; }, true),
      list_key(
          "review.blocked_labels", [](C & c) -> auto& { return c.review.blocked_labels; }),
      list_key(
          "review.author_labels", [](C & c) -> auto& { return c.review.author_labels; }),
      list_key(
          "review.reviewer_labels", [](C & c) -> auto& { return c.review.reviewer_labels; }),
      list_key(
          "review.committer_labels", [](C & c) -> auto& { return c.review.committer_labels; }),
      list_key(
          "review.vote_labels", [](C & c) -> auto& { return c.review.vote_labels; }),
      list_key(
          "review.check_labels", [](C & c) -> auto& { return c.review.check_labels; }),
      number_key(
          "triage.stale_days", [](C & c) -> auto& { return c.triage.stale_days; }),
      number_key(
          "triage.first_response_days", [](C & c) -> auto& { return c.triage.first_response_days; }),
      list_key(
          "triage.waiting_labels", [](C & c) -> auto& { return c.triage.waiting_labels; }),
      list_key(
          "triage.urgent_labels", [](C & c) -> auto& { return c.triage.urgent_labels; }),
      list_key(
          "triage.newcomer_labels", [](C & c) -> auto& { return c.triage.newcomer_labels; }),
      list_key(
          "triage.ignored_labels", [](C & c) -> auto& { return c.triage.ignored_labels; }),
      text_key(
          "triage.undecidable_labels", [](C & c) -> auto& { return c.triage.undecidable_labels; }, true),
      number_key(
          "triage.suggest_from", [](C & c) -> auto& { return c.triage.suggest_from; }),
      text_key(
          "readiness.test_paths", [](C & c) -> auto& { return c.readiness.test_paths; }, true),
      text_key(
          "readiness.doc_paths", [](C & c) -> auto& { return c.readiness.doc_paths; }, true),
      text_key(
          "readiness.changelog_paths", [](C & c) -> auto& { return c.readiness.changelog_paths; }, true),
      text_key(
          "readiness.api_paths", [](C & c) -> auto& { return c.readiness.api_paths; }, true),
      text_key(
          "readiness.backport_labels", [](C & c) -> auto& { return c.readiness.backport_labels; }, true),
      text_key(
          "readiness.cla_checks", [](C & c) -> auto& { return c.readiness.cla_checks; }, true),
      list_key(
          "readiness.no_changelog_labels", [](C & c) -> auto& { return c.readiness.no_changelog_labels; }),
      list_key(
          "readiness.cla_missing_labels", [](C & c) -> auto& { return c.readiness.cla_missing_labels; }),
      text_key(
          "references.forge", [](C & c) -> auto& { return c.references.forge; }),
      list_key(
          "references.prefixes", [](C & c) -> auto& { return c.references.prefixes; }),
      list_key(
          "references.closing_words", [](C & c) -> auto& { return c.references.closing_words; }),
      list_key(
          "references.repositories", [](C & c) -> auto& { return c.references.repositories; }),
      number_key(
          "readiness.large_change_lines", [](C & c) -> auto& { return c.readiness.large_change_lines; }),
      text_key(
          "search.doc_paths", [](C & c) -> auto& { return c.search.doc_paths; }, true),
      number_key(
          "session.minutes", [](C & c) -> auto& { return c.session.minutes; }),
      number_key(
          "session.newcomers", [](C & c) -> auto& { return c.session.newcomers; }),
      number_key(
          "session.oldest", [](C & c) -> auto& { return c.session.oldest; }),
      number_key(
          "session.quick_wins", [](C & c) -> auto& { return c.session.quick_wins; }),
      number_key(
          "session.own_modules", [](C & c) -> auto& { return c.session.own_modules; }),
      number_key(
          "contributors.core_months", [](C & c) -> auto& { return c.contributors.core_months; }),
      number_key(
          "contributors.core_merged", [](C & c) -> auto& { return c.contributors.core_merged; }),
      number_key(
          "contributors.core_reviews", [](C & c) -> auto& { return c.contributors.core_reviews; }),
      text_key(
          "contributors.welcome", [](C & c) -> auto& { return c.contributors.welcome; }),
      text_key(
          "webhook.secret_env", [](C & c) -> auto& { return c.webhook.secret_env; }),
      text_key(
          "webhook.secret_file", [](C & c) -> auto& { return c.webhook.secret_file; }),
      number_key(
          "webhook.keep_days", [](C & c) -> auto& { return c.webhook.keep_days; }),
      checked_key(
          "site.people", [](C & c) -> auto& { return c.site.people; },
          [](const std::string& text) { return text == "none" || text == "logins" || text == "names"; },
          "\"none\", \"logins\" or \"names\""),
      text_key(
          "site.base_url", [](C & c) -> auto& { return c.site.base_url; }),
      checked_key(
          "site.impact_start", [](C & c) -> auto& { return c.site.impact_start; },
          [](const std::string& text) { return text.empty() || parse_time(text).has_value(); },
          "a day in quotes, like \"2024-01-31\""),
      text_key(
          "report.folder", [](C & c) -> auto& { return c.report.folder; }),
      text_key(
          "report.front_matter", [](C & c) -> auto& { return c.report.front_matter; }),
      text_key(
          "report.figures_url", [](C & c) -> auto& { return c.report.figures_url; }),
      list_key(
          "write.allowed", [](C & c) -> auto& { return c.write.allowed; }),
      number_key(
          "write.seconds_between", [](C & c) -> auto& { return c.write.seconds_between; }),
      checked_key(
          "chat.time_zone", [](C & c) -> auto& { return c.chat.time_zone; }, is_time_zone,
          "a time zone, as \"Europe/Berlin\" or \"+02:00\""),
      list_key(
          "chat.private_channels", [](C & c) -> auto& { return c.chat.private_channels; }),
      {"link", take_links, "a list of tables with pattern and tracker, perhaps project"},
      {"modules", take_modules, "a list of tables with pattern and name"},
      {"module_labels", take_module_labels, "a table of labels and modules"},
      list_key(
          "ignored_paths", [](C & c) -> auto& { return c.ignored_paths; }, true),
      number_key(
          "knowledge_half_life_days", [](C & c) -> auto& { return c.knowledge_half_life_days; }),
      text_key(
          "release_tags", [](C & c) -> auto& { return c.release_tags; }, true),
      {"releases", take_releases, "a table of names and dates"},
  };
  return list;
}

// Tables within a project's: review.required_approvals stands in [project.NAME.review].
bool is_section(std::string_view key) {
  return key == "review" || key == "triage" || key == "readiness" || key == "session" || key == "contributors" ||
         key == "write" || key == "webhook" || key == "search" || key == "site" || key == "report" || key == "chat";
}

// As it was meant: a slip, or a key that stands in another table.
std::string nearest_key(const std::string& key) {
  const auto last_part = [](const std::string& name) { return name.substr(name.rfind('.') + 1); };
  const std::vector<std::string> keys = Config::keys();
  if (const std::string nearest = near_miss(key, keys); !nearest.empty()) return nearest;
  std::vector<std::string> last;
  for (const auto& each : keys) last.push_back(last_part(each));
  const std::string nearest = near_miss(last_part(key), last);
  const auto found = std::find(last.begin(), last.end(), nearest);
  return found == last.end() ? std::string() : keys[static_cast<std::size_t>(found - last.begin())];
}

void apply(ProjectConfig& config, const toml::table& table, const std::string& origin, const std::string& prefix = {}) {
  for (const auto& [raw_key, node] : table) {
    const std::string key = prefix + std::string(raw_key.str());
    if (prefix.empty() && is_section(key) && node.is_table()) {
      apply(config, *node.as_table(), origin, key + ".");
      continue;
    }
    const Key* found = nullptr;
    for (const auto& each : known_keys())
      if (each.name == key) found = &each;
    if (!found) {
      const std::string nearest = nearest_key(key);
      throw Error(ErrorKind::usage, fmt::format("{}: there is no setting called {}", origin, one_line(key)),
                  nearest.empty() ? "docs/guide/configuration.md lists the settings"
                                  : fmt::format("did you mean {}?", nearest));
    }
    if (!found->take(config, node))
      throw Error(ErrorKind::usage, fmt::format("{}: {} takes {}", origin, key, found->expected));
  }
}

toml::table parse_toml(const std::string& text, const std::string& origin) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw Error(ErrorKind::usage,
                fmt::format("{}, line {}: {}", origin, error.source().begin.line, std::string(error.description())));
  }
}

}  // namespace

Config Config::parse(const std::string& text, const std::string& origin) {
  Config config;
  config.origin_ = origin;
  const toml::table root = parse_toml(text, origin);
  for (const auto& [key, node] : root) {
    const bool is_known =
        key.str() == "project" || key.str() == "forge" || key.str() == "embedding" || key.str() == "groups";
    if (!is_known || !node.is_table())
      throw Error(ErrorKind::usage, fmt::format("{}: there is no table called {}", origin, one_line(key.str())),
                  "settings stand in [project.NAME], [forge.\"HOST\"], [embedding] and [groups]");
    if (key.str() == "groups") {
      config.groups_ = read_groups(*node.as_table(), origin);
      continue;
    }
    if (key.str() == "embedding") {
      config.embedding_ = read_embedding(*node.as_table(), origin);
      continue;
    }
    if (key.str() == "forge") {
      for (const auto& [host, table] : *node.as_table())
        config.forges_[to_lower(host.str())] = read_forge(table, origin, host.str());
      continue;
    }
    for (const auto& [name, table] : *node.as_table()) {
      if (!table.is_table())
        throw Error(ErrorKind::usage, fmt::format("{}: project.{} is not a table", origin, one_line(name.str())));
      ProjectConfig checked;
      apply(checked, *table.as_table(), origin);
      std::ostringstream stream;
      stream << *table.as_table();
      config.projects_[std::string(name.str())] = stream.str();
      config.project(std::string(name.str()));  // the preset must be there
    }
  }
  return config;
}

namespace {

// "": there is no home.
std::string users_file() {
  const char* config_home = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  if (config_home && *config_home) return std::string(config_home) + "/resident/config.toml";
  return home && *home ? std::string(home) + "/.config/resident/config.toml" : std::string();
}

Config first_of(const std::vector<std::string>& places) {
  for (const auto& place : places) {
    std::ifstream stream(place);
    if (place.empty() || !stream) continue;
    std::ostringstream text;
    text << stream.rdbuf();
    return Config::parse(text.str(), place);
  }
  return {};
}

}  // namespace

Config Config::load(const std::optional<std::string>& file) {
  if (!file) return first_of({"resident.toml", users_file()});
  if (!std::ifstream(*file))
    throw Error(ErrorKind::usage, fmt::format("cannot read the configuration {}", *file), "check the path");
  return first_of({*file});
}

Config Config::load_of_user() {
  return first_of({users_file()});
}

ProjectConfig Config::project(const std::string& name) const {
  ProjectConfig config;
  config.review.required_approvals = 0;  // "auto": found from what the project did (model/queues/approval_habits.hpp)
  toml::table own;
  if (const auto found = projects_.find(name); found != projects_.end()) own = parse_toml(found->second, origin_);
  if (const auto preset = own["preset"].value<std::string>()) config.preset = *preset;
  const std::string file_name = config.preset + ".toml";
  bool known = false;
  for (const auto& file : embedded::preset_files()) {
    if (file.name != file_name) continue;
    apply(config, parse_toml(file.content, "preset " + config.preset), "preset " + config.preset);
    config.print = file.content;
    known = true;
  }
  if (!known)
    throw Error(ErrorKind::usage, fmt::format("{}: there is no preset called {}", origin_, one_line(config.preset)),
                fmt::format("the presets are {}", fmt::join(preset_names(), ", ")));
  apply(config, own, origin_);
  config.print += '\n';
  if (const auto found = projects_.find(name); found != projects_.end()) config.print += found->second;
  config.print = fingerprint(config.print);
  config.embedding = embedding_;
  config.groups = groups_;
  return config;
}

ForgeConfig Config::forge(const std::string& host) const {
  const auto found = forges_.find(to_lower(host));
  return found == forges_.end() ? ForgeConfig() : found->second;
}

std::vector<std::string> Config::project_names() const {
  std::vector<std::string> names;
  for (const auto& [name, table] : projects_) names.push_back(name);
  return names;
}

std::vector<std::string> Config::keys() {
  std::vector<std::string> names;
  for (const auto& key : known_keys()) names.push_back(key.name);
  return names;
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const auto& file : embedded::preset_files()) names.push_back(file.name.substr(0, file.name.size() - 5));
  return names;
}

}  // namespace resident

// Issues of a Jira as records: JSON in, records out, no requests. Fields become labels ("status: In Progress",
// "priority: Major") with an event for each change; whether an issue is open is its status' category, and nothing else.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/, https://docs.atlassian.com/software/jira/docs/api/REST/
#pragma once

#include <map>
#include <sources/forge/item_parts.hpp>
#include <sources/json/json_reader.hpp>
#include <store/records.hpp>
#include <string>
#include <vector>

namespace resident::jira {

struct Settings {
  std::string provider, origin;               // "jira:HOST", "https://HOST[/PREFIX]"
  std::string key;                            // of the project: KAFKA
  std::map<std::string, bool> statuses;       // by id and by name: whether an issue in it is open
  std::map<std::string, std::string> fields;  // custom ones: their names by id
};

// Lists of /rest/api/N/status and /rest/api/N/field.
std::map<std::string, bool> statuses(const json::Array& list);
std::map<std::string, std::string> custom_fields(const json::Array& list);

// An issue with its fields; histories, comments: beside those that stand in it, pages of them. A thing that comes twice
// counts once.
ItemRecord issue(const json::Object& issue, const std::vector<json::Array>& histories,
                 const std::vector<json::Array>& comments, const Settings& settings, const json::Problem& problem);

// "KAFKA-12": its number; 0 for another project's.
std::int64_t number_of(std::string_view key, std::string_view project);
// "2024-03-01T09:00:00.000+0000": the zone stands without a colon.
std::optional<Timestamp> moment_of(const json::Object& object, std::string_view key);
std::optional<Timestamp> parse_moment(std::string_view text);

PersonRecord person(const std::optional<json::Object>& user, const std::string& provider);

}  // namespace resident::jira

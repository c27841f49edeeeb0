// Bugs of a Bugzilla as records: JSON in, records out, no requests. Fields become labels ("status: NEW", "severity:
// major", "keyword: crash"), with an event for each change; a flag that asks somebody ("review?", "needinfo?") is a
// request for that person and the label "flag: needinfo?".
//
// Bugzilla knows people by their logins, which mostly are e-mail addresses: those are kept apart, as everywhere, and
// nobody is called by them. https://bugzilla.readthedocs.io/en/latest/api/core/v1/bug.html
#pragma once

#include <map>
#include <sources/forge/tracker_sync.hpp>
#include <sources/json/json_reader.hpp>
#include <string>
#include <vector>

namespace resident::bugzilla {

struct Flag {
  std::string name;       // review
  char status = '?';      // ?, +, -
  std::string requestee;  // a login; "": anybody
};
// As the history writes them: "review?(bob@example.org), needinfo?(ann@example.org), approval+".
std::vector<Flag> flags_in(std::string_view text);

struct Settings {
  std::string provider, origin;          // "bugzilla:HOST", "https://HOST/PREFIX"
  std::map<std::string, bool> statuses;  // whether a bug in it is open
};

// The statuses of /rest/field/bug/bug_status.
std::map<std::string, bool> statuses(const json::Object& answer);

// bug: of /rest/bug/N; history, comments, attachments: the lists that the other requests give.
ItemRecord bug(const json::Object& bug, const std::optional<json::Array>& history,
               const std::optional<json::Array>& comments, const std::optional<json::Array>& attachments,
               const Settings& settings, const trackers::Problem& problem);

// What people's logins stand for. Without a key Bugzilla may cut addresses: "ann".
PersonRecord person(const std::string& login, const std::string& real_name, const std::string& provider);

}  // namespace resident::bugzilla

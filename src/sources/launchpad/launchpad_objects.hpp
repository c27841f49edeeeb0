// Bugs of Launchpad as its web service tells them: JSON in, records out. A bug has tasks, one for each project, package
// or series that it is in, each with a status of its own; a log says what was changed, in words. Played in order of
// time, so that an earlier day has that day's labels and state. https://api.launchpad.net/devel.html
#pragma once

#include <functional>
#include <sources/forge/bug_story.hpp>
#include <sources/json/json_reader.hpp>
#include <string>
#include <vector>

namespace resident::launchpad {

struct Account {
  PersonRecord person;
  bool is_team = false;
};

struct Settings {
  std::string target;  // whose bugs are read, as its address ends: "launchpad", "ubuntu/+source/pump"
  std::function<Account(const std::string& login)> account;
};

// What the service gives of one bug; the lists in their pages.
struct BugParts {
  json::Object bug;
  std::vector<json::Array> tasks = {}, activity = {}, messages = {};
};

// "https://api.launchpad.net/devel/~ann" → "~ann"; the same of any address below a version.
std::string path_of(const std::string& link);
// Whether a task's target is the place's, or a package or a series of it.
bool is_within(const std::string& target, const std::string& place);
// The work is done, or will not be; also by the names that statuses had before 2007.
bool is_resolved(const std::string& status);

ItemRecord bug(const BugParts& parts, const Settings& settings, const trackers::Problem& problem);

}  // namespace resident::launchpad

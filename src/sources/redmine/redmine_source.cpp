// `resident add redmine:https://HOST[/PREFIX]/projects/NAME`: issues of a project on a Redmine, with its subprojects:
// journals, relations, versions, custom fields, files, commits, time spent. Requests: a page of 100 issues; for each
// that is new or changed 1, 1 more where time was spent, 1 more where it was closed as a duplicate; for each person 1,
// unless the key is an administrator's. Who asks is looked at first: Redmine answers a wrong key with what the public
// may see. https://www.redmine.org/projects/redmine/wiki/Rest_api
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/forge/api.hpp>
#include <sources/forge/small_lists.hpp>
#include <sources/redmine/redmine_objects.hpp>
#include <store/read/stored_project.hpp>

namespace resident {

namespace {

using json::Object;

constexpr live::ApiShape kShape{"redmine", "", "X-Redmine-API-Key", "", false, "RESIDENT_REDMINE_KEY"};
constexpr int kPageSize = 100;  // Redmine's most
constexpr std::string_view kProjects = "projects/";

struct RedminePlace {
  live::Place place;
  std::string prefix;   // "" or "/redmine"
  std::string project;  // its identifier
};

RedminePlace parse_redmine_place(const std::string& text) {
  RedminePlace result;
  result.place = live::parse_place(text);
  const std::string& path = result.place.path;
  const std::size_t at = path.starts_with(kProjects) ? 0 : path.find("/" + std::string(kProjects));
  if (at != std::string::npos) {
    if (at > 0) result.prefix = "/" + path.substr(0, at);
    const std::string rest = path.substr(at + kProjects.size() + (at > 0 ? 1 : 0));
    result.project = rest.substr(0, rest.find('/'));
  }
  if (result.project.empty() || result.project.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                                 "0123456789-_") != std::string::npos)
    throw Error(ErrorKind::usage, fmt::format("{} names no project", one_line(text.substr(0, 200))),
                "write it like redmine:https://HOST/projects/NAME");
  result.place.path = result.prefix.empty() ? std::string() : result.prefix.substr(1);
  return result;
}

class RedmineTracker : public trackers::Tracker {
 public:
  RedmineTracker(live::Api& api, const RedminePlace& place, bool has_own_address)
      : api_(api), prefix_(has_own_address ? "" : place.prefix), project_(place.project) {
    names_.provider = "redmine:" + place.place.host;
    names_.origin = place.place.origin + place.prefix;
  }

  // Who asks, what project it is, and what its numbers are called.
  void open(Writer& writer) {
    if (api_.has_token()) {
      const auto user = api_.get(address("/users/current.json"));
      if (!user)
        throw Error(ErrorKind::failed, fmt::format("there is no Redmine at {}", one_line(names_.origin)),
                    "give the address of its first page, with /projects/NAME");
      const auto object = Object(user->root(), "answer").object("user");
      is_administrator_ = object && object->boolean("admin");
    }
    const auto page = api_.get(address(fmt::format("/projects/{}.json", project_)));
    const auto project = page ? Object(page->root(), "answer").object("project") : std::nullopt;
    if (!project)
      throw Error(api_.has_token() ? ErrorKind::failed : ErrorKind::authentication,
                  fmt::format("there is no project {} at {}", one_line(project_), one_line(names_.origin)),
                  "if it is private, give a key: docs/guide/trackers.md says how");
    names_.project = project->required_integer("id");
    if (project_url(writer).empty()) writer.project(fmt::format("{}/projects/{}", names_.origin, project_), false);
    read_names(writer);
  }

  trackers::TrackerPage list(std::optional<Timestamp> since, std::size_t position) override {
    // Only a whole moment, with its zone, means the same for every account.
    const std::string filter =
        since ? fmt::format("&updated_on=%3E%3D{}&sort=updated_on:desc,id:desc", format_time(*since)) : "&sort=id";
    const auto page = api_.get(
        address(fmt::format("/issues.json?project_id={}&status_id=*&include=relations,attachments&limit={}&offset={}{}",
                            project_, kPageSize, position, filter)));
    if (!page) throw http::ServerTrouble("the list of issues is not there", 404);
    const Object answer(page->root(), "answer");
    const auto issues = answer.array("issues");
    if (!issues) throw http::ServerTrouble("Redmine answered what is no list of issues", 200);
    trackers::TrackerPage result;
    for (const json::Element element : *issues) {
      try {
        const Object object(element, "issue");
        result.entries.push_back(
            {json::item_number(object, "id"), fingerprint(live::minified(element)), object.time("updated_on")});
      } catch (const Error& error) {
        result.broken.emplace_back(fmt::format("issues/{}", position + result.rows()), error.what());
      }
    }
    result.total = answer.integer("total_count");
    const std::size_t end = position + result.rows();
    result.is_last = result.total ? end >= static_cast<std::size_t>(std::max<std::int64_t>(0, *result.total))
                                  : result.rows() < static_cast<std::size_t>(kPageSize);
    return result;
  }

  trackers::TrackerAnswer item(std::int64_t number, const trackers::Problem& problem) override {
    trackers::TrackerAnswer result;
    std::optional<live::Page> page;
    const auto object = fetch(number, page, result.gone);
    if (!object) return result;
    const auto project = object->object("project");
    const std::int64_t where = project ? project->integer("id").value_or(0) : 0;
    if (!is_own_project(where)) {
      result.gone = "transferred";
      result.target = fmt::format("{}/issues/{}", names_.origin, number);
      return result;
    }
    people(*object);
    std::set<std::int64_t> copied;
    result.payload = live::minified(*Object(page->root(), "answer").element("issue"));
    for (const std::int64_t other : redmine::originals(*object)) {
      std::optional<live::Page> other_page;
      std::string ignored;
      if (const auto original = fetch(other, other_page, ignored))
        copied.merge(redmine::copied_notes(*object, *original));
    }
    for (const std::int64_t each : copied) result.payload += fmt::format("\ncopied {}", each);
    result.item = redmine::issue(*object, names_, copied, problem);
    result.commits = redmine::commits(*object, *result.item);
    if (object->number("spent_hours").value_or(0) > 0) time_entries(result);
    return result;
  }

 private:
  std::string address(const std::string& path) const { return prefix_ + path; }

  // Nothing where the account may not see it, though it is who it says.
  std::optional<live::Page> get_if_allowed(const std::string& path) {
    bool is_hidden = false;
    return get_if_allowed(path, is_hidden);
  }

  std::optional<live::Page> get_if_allowed(const std::string& path, bool& is_hidden) {
    return api_.get_if_allowed(address(path), address("/users/current.json"), is_hidden);
  }

  std::optional<Object> fetch(std::int64_t number, std::optional<live::Page>& page, std::string& gone) {
    bool is_hidden = false;
    page = get_if_allowed(fmt::format("/issues/{}.json?include=journals,relations,attachments,changesets", number),
                          is_hidden);
    gone = is_hidden ? "hidden" : "deleted";
    if (!page) return std::nullopt;
    const auto object = Object(page->root(), "answer").object("issue");
    if (!object) throw Error("Redmine answered what is no issue");
    return object;
  }

  // All elements of a list "KEY", by pages; nothing where it may not be seen.
  template <class Take>
  void each(const std::string& path, const std::string& key, const Take& take) {
    constexpr std::size_t most = 100'000;
    for (std::size_t position = 0; position < most;) {
      const auto page = get_if_allowed(fmt::format(
          "{}{}limit={}&offset={}", path, path.find('?') == std::string::npos ? "?" : "&", kPageSize, position));
      if (!page) return;
      const Object answer(page->root(), "answer");
      const auto list = answer.array(key);
      if (!list || list->size() == 0) return;
      for (const json::Element element : *list) take(Object(element, key));
      position += list->size();
      // Lists of a few kinds know no pages, and say no count.
      if (const auto total = answer.integer("total_count"); !total || static_cast<std::int64_t>(position) >= *total)
        return;
    }
  }

  void read_names(Writer& writer) {
    const auto named = [&](const std::string& path, const std::string& key, auto& names, const std::string& label) {
      each(path, key, [&](const Object& object) {
        names[object.required_integer("id")] = object.text("name");
        if (!label.empty()) writer.label({label + ": " + object.text("name"), "", ""});
      });
    };
    each("/issue_statuses.json", "issue_statuses", [&](const Object& object) {
      names_.statuses[object.required_integer("id")] = {object.text("name"), object.boolean("is_closed")};
      writer.label({"status: " + object.text("name"), "", ""});
    });
    if (names_.statuses.empty()) throw http::ServerTrouble("Redmine tells no statuses of issues", 200);
    named("/trackers.json", "trackers", names_.trackers, "tracker");
    named("/enumerations/issue_priorities.json", "issue_priorities", names_.priorities, "priority");
    named(fmt::format("/projects/{}/issue_categories.json", project_), "issue_categories", names_.categories,
          "category");
    each(fmt::format("/projects/{}/versions.json", project_), "versions", [&](const Object& object) {
      names_.versions[object.required_integer("id")] = object.text("name");
      const std::string state = object.text("status");
      writer.milestone({object.text("name"), state == "open" ? state : "closed", object.time("due_date")});
    });
    read_projects();
    each(fmt::format("/projects/{}/memberships.json", project_), "memberships", [&](const Object& object) {
      if (const auto group = object.object("group")) names_.groups[group->required_integer("id")] = group->text("name");
    });
    if (!is_administrator_) return;
    named("/groups.json", "groups", names_.groups, "");
    each("/custom_fields.json", "custom_fields", [&](const Object& object) { custom_field(object); });
    // Without a status it lists active accounts alone. The answers also hold what nobody may keep: only these fields
    // of theirs are read.
    each("/users.json?status=", "users", [&](const Object& object) {
      names_.people[object.required_integer("id")] = redmine::account(object, names_.provider);
    });
  }

  void read_projects() {
    std::map<std::int64_t, std::int64_t> parents;
    each("/projects.json", "projects", [&](const Object& object) {
      const std::int64_t id = object.required_integer("id");
      names_.projects[id] = object.text("name");
      if (const auto parent = object.object("parent")) parents[id] = parent->integer("id").value_or(0);
    });
    // A project's list also has what is in its subprojects.
    for (const auto& [id, name] : names_.projects) {
      std::int64_t above = id;
      for (int depth = 0; depth < 100 && above != names_.project && parents.contains(above); ++depth)
        above = parents[above];
      if (above == names_.project) own_.insert(id);
    }
    own_.insert(names_.project);
  }

  // Nothing can be said of a project that is not listed.
  bool is_own_project(std::int64_t id) const { return id == 0 || own_.contains(id) || !names_.projects.contains(id); }

  void custom_field(const Object& object) {
    if (object.text("customized_type") != "issue") return;
    redmine::CustomField field{object.text("name"), object.text("field_format"), object.boolean("visible"), {}};
    if (field.format == "enumeration" || field.format == "version")
      if (const auto values = object.array("possible_values"))
        for (const json::Element element : *values) {
          const Object value(element, "possible_value");
          field.labels[value.text("value")] = value.text("label");
        }
    names_.fields[object.required_integer("id")] = std::move(field);
  }

  void people(const Object& issue) {
    for (const auto& [id, name] : redmine::accounts_of(issue, names_)) {
      if (redmine::is_anonymous(name)) names_.nobody.insert(id);
      if (names_.people.contains(id) || names_.groups.contains(id) || names_.nobody.contains(id)) continue;
      if (!asked_.insert(id).second) continue;
      const auto page = get_if_allowed(fmt::format("/users/{}.json", id));
      const auto user = page ? Object(page->root(), "answer").object("user") : std::nullopt;
      if (!user) continue;  // locked, deleted, or a group: known by its name, where that is told
      const PersonRecord person = redmine::account(*user, names_.provider);
      if (person.known())
        names_.people[id] = person;
      else
        names_.nobody.insert(id);
    }
  }

  void time_entries(trackers::TrackerAnswer& answer) {
    each(fmt::format("/time_entries.json?issue_id={}", answer.item->number), "time_entries", [&](const Object& entry) {
      // Of its subtasks, too.
      const auto issue = entry.object("issue");
      if (!issue || issue->integer("id") != answer.item->number) return;
      redmine::time_entry(entry, names_, *answer.item);
      answer.payload += fmt::format("\ntime {} {} {}", entry.required_integer("id"), entry.number("hours").value_or(0),
                                    entry.text("updated_on"));
    });
    trackers::sort_events(*answer.item);
  }

  live::Api& api_;
  std::string prefix_, project_;
  redmine::Names names_;
  std::set<std::int64_t> own_, asked_;
  bool is_administrator_ = false;
};

class Redmine : public Source {
 public:
  explicit Redmine(const std::string& location) : place_(parse_redmine_place(location)) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    live::Api api(place_.place, kShape, options_);
    const bool has_own_address = options_.config && !options_.config->forge(place_.place.host).api_url.empty();
    RedmineTracker tracker(api, place_, has_own_address);
    tracker.open(writer);
    const auto options = trackers::tracker_options(options_, "issues");
    coverage_ = trackers::sync_tracker_and_tell(
        tracker, writer, options, api.has_token() ? "" : "read without a key: only what everybody may see");
    return {};
  }

  std::string coverage() const override { return coverage_; }

 private:
  RedminePlace place_;
  SyncOptions options_;
  std::string coverage_;
};

std::string normal_location(const std::string& text) {
  const RedminePlace place = parse_redmine_place(text);
  return fmt::format("{}{}/projects/{}", place.place.origin, place.prefix, place.project);
}

std::string project_name(const std::string& location) {
  return parse_redmine_place(location).project;
}

std::unique_ptr<Source> make(const std::string& location) {
  return std::make_unique<Redmine>(location);
}

}  // namespace

extern const SourceKind redmine_source;
const SourceKind redmine_source{"redmine",
                                "https://HOST/projects/NAME",
                                "a project on a Redmine, live: issues with their journals",
                                make,
                                normal_location,
                                project_name,
                                true};

}  // namespace resident

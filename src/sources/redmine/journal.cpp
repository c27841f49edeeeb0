#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <sources/redmine/journal.hpp>
#include <tuple>

namespace resident::redmine {

namespace {

using json::Object;
using trackers::FieldChange;

// Longer values of custom fields are texts, and no label.
constexpr std::size_t kLongestLabel = 100;

template <class Map>
std::string name_or_number(const Map& names, const std::string& value, std::string_view what) {
  if (value.empty()) return {};
  const auto found = names.find(number_of(value));
  return found != names.end() ? found->second : fmt::format("{} {} (deleted)", what, value);
}

std::string name_in(const Object& object, std::string_view key) {
  const auto found = object.object(key);
  return found ? found->text("name") : std::string();
}

// The value of an attribute as it is shown.
std::string shown(const std::string& attribute, const std::string& value, const Names& names) {
  if (value.empty()) return {};
  if (attribute == "status_id") {
    const auto found = names.statuses.find(number_of(value));
    return found != names.statuses.end() ? found->second.name : fmt::format("status {} (deleted)", value);
  }
  if (attribute == "tracker_id") return name_or_number(names.trackers, value, "tracker");
  if (attribute == "priority_id") return name_or_number(names.priorities, value, "priority");
  if (attribute == "category_id") return name_or_number(names.categories, value, "category");
  if (attribute == "fixed_version_id") return name_or_number(names.versions, value, "version");
  if (attribute == "project_id") {
    if (number_of(value) == names.project) return {};  // as most are: no label
    const auto found = names.projects.find(number_of(value));
    return found != names.projects.end() ? found->second : fmt::format("project {}", value);
  }
  return value;
}

std::string shown_field(const CustomField& field, const std::string& value, const Names& names) {
  if (value.empty()) return {};
  if (const auto label = field.labels.find(value); label != field.labels.end()) return label->second;
  if (field.format == "user") {
    const auto person = names.people.find(number_of(value));
    if (person != names.people.end()) return person->second.login.empty() ? person->second.name : person->second.login;
    return "account " + value;
  }
  if (field.format == "version") return name_or_number(names.versions, value, "version");
  if (field.format == "bool") return value == "1" ? "yes" : "no";
  return value;
}

bool is_label(const std::string& value) {
  return value.size() <= kLongestLabel && value.find('\n') == std::string::npos;
}

std::vector<FieldChange> changes_of(const std::string& attribute, const std::vector<Journal>& journals,
                                    const Names& names) {
  std::vector<FieldChange> result;
  for (const Journal& journal : journals)
    for (const Detail& detail : journal.details)
      if (detail.property == "attr" && detail.name == attribute)
        result.push_back({journal.at, journal.author, shown(attribute, detail.before, names),
                          shown(attribute, detail.after, names)});
  return result;
}

EventRecord event_of(const Journal& journal, std::string kind) {
  EventRecord event;
  event.kind = std::move(kind);
  event.actor = journal.author;
  event.occurred_at = journal.at;
  return event;
}

void multiple_values(const std::string& id, const CustomField& field, const std::vector<Journal>& journals,
                     const Names& names, ItemRecord& item) {
  for (const Journal& journal : journals)
    for (const Detail& detail : journal.details) {
      if (detail.property != "cf" || detail.name != id) continue;
      for (const bool is_new : {false, true}) {
        const std::string& value = is_new ? detail.after : detail.before;
        if (value.empty() || !is_label(value)) continue;
        EventRecord event = event_of(journal, is_new ? "labeled" : "unlabeled");
        event.label = trackers::field_label(field.name, shown_field(field, value, names));
        item.events.push_back(std::move(event));
      }
    }
}

void single_value(const std::string& id, const CustomField& field, const std::string& now,
                  const std::vector<Journal>& journals, const Names& names, Timestamp until, ItemRecord& item) {
  std::vector<FieldChange> changes;
  bool is_text = !is_label(now);
  for (const Journal& journal : journals)
    for (const Detail& detail : journal.details) {
      if (detail.property != "cf" || detail.name != id) continue;
      is_text = is_text || !is_label(detail.before) || !is_label(detail.after);
      changes.push_back({journal.at, journal.author, shown_field(field, detail.before, names),
                         shown_field(field, detail.after, names)});
    }
  if (!is_text && field.format != "text")
    return trackers::add_label_history(field.name, changes, shown_field(field, now, names), until, item);
  for (const FieldChange& change : changes) {
    EventRecord event;
    event.kind = "field_changed";
    event.actor = change.actor;
    event.occurred_at = change.at;
    event.detail = field.name;
    item.events.push_back(std::move(event));
  }
}

void custom_fields(const Object& issue, const std::vector<Journal>& journals, const Names& names, Timestamp until,
                   ItemRecord& item) {
  std::map<std::string, CustomField> fields;
  std::map<std::string, std::vector<std::string>> now;
  std::set<std::string> multiple;
  for (const auto& [id, field] : names.fields) fields[std::to_string(id)] = field;
  if (const auto list = issue.array("custom_fields"))
    for (const json::Element element : *list) {
      const Object object(element, "custom_field");
      const std::string id = std::to_string(object.required_integer("id"));
      if (!fields.contains(id)) fields[id] = CustomField{object.text("name"), "", true, {}};
      if (object.boolean("multiple")) multiple.insert(id);
      const auto value = object.element("value");
      if (!value) continue;
      if (value->is_array()) {
        const auto values = object.array("value");
        for (const json::Element each : *values) now[id].push_back(json::text_of(each, "value"));
      } else if (value->is_string()) {
        now[id].push_back(object.text("value"));
      }
    }
  for (const auto& [id, field] : fields) {
    if (!field.is_visible || field.name.empty()) continue;
    const auto& values = now[id];
    if (!multiple.contains(id)) {
      single_value(id, field, values.empty() ? "" : values.front(), journals, names, until, item);
      continue;
    }
    for (const std::string& value : values)
      if (!value.empty() && is_label(value))
        item.labels.push_back(trackers::field_label(field.name, shown_field(field, value, names)));
    multiple_values(id, field, journals, names, item);
  }
}

// One side of a change of who is assigned: a person, or a group by its name.
void assignment(const std::string& value, bool is_new, EventRecord event, const Names& names, ItemRecord& item) {
  const std::int64_t id = number_of(value);
  if (id == 0) return;
  event.kind = is_new ? "assigned" : "unassigned";
  if (const auto group = names.groups.find(id); group != names.groups.end())
    event.detail = "group " + group->second;
  else
    event.subject = person_of(id, "", names);
  item.events.push_back(std::move(event));
}

// A deleted account's issues lose their assignee without a journal.
void assignments(const Object& issue, const std::vector<Journal>& journals, const Names& names, Timestamp until,
                 ItemRecord& item) {
  const auto holder = issue.object("assigned_to");
  const std::string now = holder ? std::to_string(holder->integer("id").value_or(0)) : std::string();
  std::optional<std::string> value;
  for (const Journal& journal : journals)
    for (const Detail& detail : journal.details) {
      if (detail.property != "attr" || detail.name != "assigned_to_id") continue;
      const EventRecord event = event_of(journal, "");
      EventRecord silent = event;
      silent.actor = {};
      silent.is_derived = true;
      if (value && *value != detail.before) {
        assignment(*value, false, silent, names, item);
        assignment(detail.before, true, silent, names, item);
      }
      assignment(detail.before, false, event, names, item);
      assignment(detail.after, true, event, names, item);
      value = detail.after;
    }
  if (!value || *value == now) return;
  EventRecord silent;
  silent.occurred_at = until;
  silent.is_derived = true;
  assignment(*value, false, silent, names, item);
  assignment(now, true, silent, names, item);
}

void milestones(const std::vector<Journal>& journals, const Names& names, ItemRecord& item) {
  for (const Journal& journal : journals)
    for (const Detail& detail : journal.details) {
      if (detail.property != "attr" || detail.name != "fixed_version_id") continue;
      for (const bool is_new : {false, true}) {
        const std::string& value = is_new ? detail.after : detail.before;
        if (value.empty()) continue;
        EventRecord event = event_of(journal, is_new ? "milestoned" : "demilestoned");
        event.detail = shown("fixed_version_id", value, names);
        item.events.push_back(std::move(event));
      }
    }
}

}  // namespace

std::int64_t number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size() && number > 0 ? number : 0;
}

PersonRecord person_of(std::int64_t id, const std::string& name, const Names& names) {
  if (names.nobody.contains(id) || is_anonymous(name)) return {};
  if (const auto found = names.people.find(id); found != names.people.end()) return found->second;
  PersonRecord person;
  person.provider = names.provider;
  person.account_id = id;
  person.name = name;
  return person;
}

std::vector<Journal> journals_of(const Object& issue, const Names& names, const trackers::Problem& problem) {
  std::vector<Journal> result;
  json::each_object(issue, "journals", problem, [&](const Object& object) {
    Journal journal;
    journal.id = object.required_integer("id");
    const auto user = object.object("user");
    if (user) journal.author = person_of(user->required_integer("id"), user->text("name"), names);
    journal.at = object.required_time("created_on");
    if (const auto updated = object.time("updated_on"); updated && *updated > journal.at) journal.updated_at = updated;
    journal.notes = object.text("notes");
    journal.is_private = object.boolean("private_notes");
    if (const auto details = object.array("details"))
      for (const json::Element element : *details) {
        const Object detail(element, "detail");
        journal.details.push_back(
            {detail.text("property"), detail.text("name"), detail.text("old_value"), detail.text("new_value")});
      }
    result.push_back(std::move(journal));
  });
  std::sort(result.begin(), result.end(),
            [](const Journal& a, const Journal& b) { return std::tuple(a.at, a.id) < std::tuple(b.at, b.id); });
  return result;
}

std::string relation_seen_from(const std::string& type, bool is_forward) {
  if (is_forward) return type;
  if (type == "duplicates") return "duplicated";
  if (type == "blocks") return "blocked";
  if (type == "precedes") return "follows";
  if (type == "copied_to") return "copied_from";
  return type;
}

EventRecord relation_event(const std::string& type, std::int64_t other, bool is_added) {
  EventRecord event;
  event.detail = fmt::format("#{}", other);
  if (type == "duplicates") {
    event.kind = is_added ? "marked_as_duplicate" : "unmarked_as_duplicate";
    return event;
  }
  event.kind = is_added ? "relation_added" : "relation_removed";
  event.detail = fmt::format("{} #{}", type, other);
  std::replace(event.detail.begin(), event.detail.end(), '_', ' ');
  return event;
}

void field_histories(const Object& issue, const std::vector<Journal>& journals, const Names& names, Timestamp until,
                     ItemRecord& item) {
  const auto history = [&](const std::string& label, const std::string& attribute, const std::string& now) {
    trackers::add_label_history(label, changes_of(attribute, journals, names), now, until, item);
  };
  history("tracker", "tracker_id", name_in(issue, "tracker"));
  history("status", "status_id", name_in(issue, "status"));
  history("priority", "priority_id", name_in(issue, "priority"));
  history("category", "category_id", name_in(issue, "category"));
  const auto project = issue.object("project");
  history("project", "project_id",
          project && project->integer("id") != names.project ? project->text("name") : std::string());
  std::vector<FieldChange> closed_to_others;
  for (const Journal& journal : journals)
    for (const Detail& detail : journal.details)
      if (detail.property == "attr" && detail.name == "is_private")
        closed_to_others.push_back(
            {journal.at, journal.author, detail.before == "1" ? "private" : "", detail.after == "1" ? "private" : ""});
  trackers::add_label_history("visibility", closed_to_others, issue.boolean("is_private") ? "private" : "", until,
                              item);
  assignments(issue, journals, names, until, item);
  milestones(journals, names, item);
  custom_fields(issue, journals, names, until, item);
}

void state_history(const Object& issue, const std::vector<Journal>& journals, const Names& names,
                   const std::map<std::int64_t, std::string>& applied, ItemRecord& item) {
  struct Step {
    const Journal* journal;
    std::int64_t before, after;
  };
  std::vector<Step> steps;
  for (const Journal& journal : journals)
    for (const Detail& detail : journal.details)
      if (detail.property == "attr" && detail.name == "status_id")
        steps.push_back({&journal, number_of(detail.before), number_of(detail.after)});
  const auto flag = [&](std::int64_t status) {
    const auto found = names.statuses.find(status);
    return found != names.statuses.end() && found->second.is_closed;
  };
  const auto closed_on = issue.time("closed_on");
  // Whether a status closes may have been set since: closed_on is of the last closing as it was meant then, so that
  // what was left by it was open.
  std::optional<Timestamp> last;
  for (const Step& step : steps)
    if (!flag(step.before) && flag(step.after)) last = step.journal->at;
  std::optional<std::pair<std::int64_t, Timestamp>> was_open;
  if (closed_on && last != closed_on)
    for (const Step& step : steps)
      if (step.journal->at == *closed_on && flag(step.after) && flag(step.before))
        was_open = std::pair(step.before, *closed_on);
  const auto closes = [&](std::int64_t status, Timestamp at) {
    return flag(status) && !(was_open && status == was_open->first && at <= was_open->second);
  };
  const auto status = issue.object("status");
  if (!status) throw Error("the issue has no status");
  const std::int64_t now = status->required_integer("id");
  const bool is_closed = status->has("is_closed") ? status->boolean("is_closed") : flag(now);
  bool closed = closes(steps.empty() ? now : steps.front().before, item.created_at);
  const auto say = [&](const char* kind, const PersonRecord& actor, Timestamp at, bool is_derived) -> EventRecord& {
    EventRecord event;
    event.kind = kind;
    event.actor = actor;
    event.occurred_at = at;
    event.is_derived = is_derived;
    item.events.push_back(std::move(event));
    return item.events.back();
  };
  if (closed) say("closed", item.author, item.created_at, true);
  std::optional<Timestamp> closed_at = closed ? std::optional(item.created_at) : std::nullopt;
  for (const Step& step : steps) {
    const Timestamp at = step.journal->at;
    // Between two journals it was closed or opened without one.
    if (const bool before = closes(step.before, at); before != closed) {
      closed = before;
      say(before ? "closed" : "reopened", {}, at, true);
      if (before) closed_at = at;
    }
    const bool then = closes(step.after, at);
    if (then == closed) continue;
    closed = then;
    EventRecord& event = say(then ? "closed" : "reopened", step.journal->author, at, false);
    if (const auto commit = applied.find(step.journal->id); then && commit != applied.end()) event.sha = commit->second;
    if (then) closed_at = at;
  }
  item.state = is_closed ? "closed" : "open";
  if (is_closed) item.closed_at = closed && closed_at ? closed_at : closed_on;
  if (is_closed) item.state_reason = to_lower(status->text("name"));
}

void other_events(const std::vector<Journal>& journals, const Names& names, ItemRecord& item) {
  static const std::set<std::string> told{"status_id",        "tracker_id", "priority_id", "category_id",
                                          "fixed_version_id", "project_id", "is_private",  "assigned_to_id"};
  for (const Journal& journal : journals)
    for (const Detail& detail : journal.details) {
      EventRecord event = event_of(journal, "");
      if (detail.property == "relation") {
        const bool is_added = !detail.after.empty();
        const EventRecord relation =
            relation_event(detail.name, number_of(is_added ? detail.after : detail.before), is_added);
        event.kind = relation.kind;
        event.detail = relation.detail;
      } else if (detail.property == "attachment") {
        event.kind = detail.after.empty() ? "attachment_removed" : "attachment_added";
        event.key = fmt::format("attachment/{}{}", detail.name, detail.after.empty() ? "/removed" : "");
        event.detail = detail.after.empty() ? detail.before : detail.after;
      } else if (detail.property == "attr" && detail.name == "subject") {
        event.kind = "renamed";
        event.detail = fmt::format("{} → {}", detail.before, detail.after);
      } else if (detail.property == "attr" && detail.name == "description") {
        event.kind = "description_edited";
        event.detail = detail.before;
      } else if (detail.property == "attr" && !told.contains(detail.name)) {
        event.kind = "field_changed";
        const auto value = [&](const std::string& text) {
          return text.empty() ? "(none)" : shown(detail.name, text, names);
        };
        event.detail = fmt::format("{}: {} → {}", detail.name, value(detail.before), value(detail.after));
      } else {
        continue;
      }
      item.events.push_back(std::move(event));
    }
}

}  // namespace resident::redmine

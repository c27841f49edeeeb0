// The journals of a Redmine issue, and the events that they tell: parts of redmine_objects, for it alone.
#pragma once

#include <sources/redmine/redmine_objects.hpp>

namespace resident::redmine {

struct Detail {
  std::string property, name;  // attr, cf, attachment, relation; the field, or a number
  std::string before, after;   // "" for none
};

struct Journal {
  std::int64_t id = 0;
  PersonRecord author;
  Timestamp at = 0;
  std::optional<Timestamp> updated_at;  // Redmine 5.1 and later
  std::string notes;
  bool is_private = false;
  std::vector<Detail> details;
};

// In the order of their time, and then of their numbers.
std::vector<Journal> journals_of(const json::Object& issue, const Names& names, const trackers::Problem& problem);
PersonRecord person_of(std::int64_t id, const std::string& name, const Names& names);
// A whole number, or 0.
std::int64_t number_of(std::string_view text);

// How a relation is called as seen from one of its ends, in the words of journals: "duplicates", "duplicated",
// "blocks", "blocked", "precedes", "follows", "relates", "copied_to", "copied_from".
std::string relation_seen_from(const std::string& type, bool is_forward);
EventRecord relation_event(const std::string& type, std::int64_t other, bool is_added);

// Labels of the fields with their histories; assignments and milestones.
void field_histories(const json::Object& issue, const std::vector<Journal>& journals, const Names& names,
                     Timestamp until, ItemRecord& item);
// Open or closed, with each closing and reopening. applied: journals by commits, with the commit.
void state_history(const json::Object& issue, const std::vector<Journal>& journals, const Names& names,
                   const std::map<std::int64_t, std::string>& applied, ItemRecord& item);
// Titles, descriptions, dates, files that came and went, relations.
void other_events(const std::vector<Journal>& journals, const Names& names, ItemRecord& item);

}  // namespace resident::redmine

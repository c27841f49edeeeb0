// A ticket of a Trac, from whatever form it was read, and as a record. Fields become labels ("status: assigned",
// "stage: Accepted", a checkbox that is set by its name alone: "needs tests"), with an event for each change; Trac's
// one fixed status is "closed", all others are a workflow's and open.
#pragma once

#include <map>
#include <sources/forge/tracker_sync.hpp>
#include <string>
#include <vector>

namespace resident::trac {

struct TracChange {
  Timestamp at = 0;
  std::string author, field, before, after;
};

struct TracComment {
  std::int64_t number = 0;  // as the ticket counts them, from 1; 0: none
  Timestamp at = 0;
  std::string author, text;
  std::int64_t reply_to = 0;
  std::optional<Timestamp> edited_at = std::nullopt;
};

struct TracFile {
  Timestamp at = 0;
  std::string name, author;
};

struct TracTicket {
  std::int64_t number = 0;
  Timestamp created = 0;
  std::map<std::string, std::string> fields;  // by their names: summary, status, has_patch, …
  std::vector<TracChange> changes;            // in order
  std::vector<TracComment> comments;
  std::vector<TracFile> files;
};

// A moment as the database and the plugin for calls tell it: microseconds since Trac 0.12, seconds before.
Timestamp moment(std::int64_t value);
std::int64_t whole_number(std::string_view text);  // 0 for anything else
// A custom field of the kind "time" is kept as microseconds with leading zeros: as a date; others as they are.
std::string custom_value(const std::string& value);
// A row of the table of changes. "comment" is one: its old value says which ("3", or "2.3" for an answer to 2).
// "_comment0" is its text before it was edited, whose new value says when.
void take_change(const TracChange& change, TracTicket& ticket);

// What is known of those who have a session there: by login, a name and an address.
struct TracAccount {
  std::string name, email;
};
using TracAccounts = std::map<std::string, TracAccount>;

// provider: "trac:HOST". origin: the address of the Trac's first page; "" where it is not known.
ItemRecord item(const TracTicket& ticket, const std::string& provider, const std::string& origin,
                const TracAccounts& accounts);
// Commits that were announced on it ("In [changeset:…]").
std::vector<ItemCommitRecord> commits(const TracTicket& ticket);
// Who wrote, as Trac keeps it: a login, "Name <address>", an address, perhaps cut ("name@…"), or anything else that a
// visitor typed. "anonymous" and the like are nobody.
PersonRecord person(const std::string& author, const std::string& provider, const TracAccounts& accounts);
// All that was read, in one text: equal if it is the same again.
std::string text_of(const TracTicket& ticket);

}  // namespace resident::trac

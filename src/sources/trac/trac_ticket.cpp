#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <charconv>
#include <set>
#include <sources/trac/trac_ticket.hpp>

namespace resident::trac {

namespace {

using trackers::FieldChange;

constexpr std::size_t kLongestLabel = 100;
constexpr std::string_view kClosed = "closed";

// These say themselves what they are, or are told otherwise.
const std::set<std::string>& no_labels() {
  static const std::set<std::string> names{"id",    "summary",    "description", "reporter",
                                           "owner", "cc",         "milestone",   "keywords",
                                           "time",  "changetime", "attachment",  "comment"};
  return names;
}

std::string field_in(const TracTicket& ticket, const std::string& name) {
  const auto found = ticket.fields.find(name);
  return found == ticket.fields.end() ? std::string() : found->second;
}

bool is_nobody(const std::string& author) {
  static const std::set<std::string> names{"", "anonymous", "nobody", "somebody", "none", "< default >", "trac"};
  return names.contains(to_lower(author));
}

std::vector<FieldChange> changes_of(const TracTicket& ticket, const std::string& field, const std::string& provider,
                                    const TracAccounts& accounts) {
  std::vector<FieldChange> result;
  for (const TracChange& change : ticket.changes)
    if (change.field == field)
      result.push_back({change.at, person(change.author, provider, accounts), change.before, change.after});
  return result;
}

EventRecord event_of(const TracChange& change, const char* kind, const std::string& provider,
                     const TracAccounts& accounts) {
  EventRecord event;
  event.kind = kind;
  event.actor = person(change.author, provider, accounts);
  event.occurred_at = change.at;
  return event;
}

bool is_checkbox(const std::string& now, const std::vector<FieldChange>& changes) {
  const auto fits = [](const std::string& value) { return value.empty() || value == "0" || value == "1"; };
  return fits(now) && std::all_of(changes.begin(), changes.end(),
                                  [&](const FieldChange& change) { return fits(change.before) && fits(change.after); });
}

bool is_short(const std::string& value) {
  return value.size() <= kLongestLabel && value.find('\n') == std::string::npos;
}

std::string words_of(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

// "stage: Accepted"; of a checkbox its name alone.
void label_field(const TracTicket& ticket, const std::string& name, const std::string& provider,
                 const TracAccounts& accounts, Timestamp until, ItemRecord& item) {
  std::string now = field_in(ticket, name);
  std::vector<FieldChange> changes = changes_of(ticket, name, provider, accounts);
  const bool fits = is_short(now) && std::all_of(changes.begin(), changes.end(), [](const FieldChange& change) {
                      return is_short(change.before) && is_short(change.after);
                    });
  if (!fits) {
    for (const FieldChange& change : changes) {
      EventRecord event;
      event.kind = "field_changed";
      event.actor = change.actor;
      event.occurred_at = change.at;
      event.detail = words_of(name);
      item.events.push_back(std::move(event));
    }
    return;
  }
  if (!is_checkbox(now, changes)) return trackers::add_label_history(words_of(name), changes, now, until, item);
  const std::size_t first_event = item.events.size(), first_label = item.labels.size();
  const auto tick = [](const std::string& value) { return std::string(value == "1" ? "1" : ""); };
  for (FieldChange& change : changes) change = {change.at, change.actor, tick(change.before), tick(change.after)};
  trackers::add_label_history(words_of(name), changes, tick(now), until, item);
  for (std::size_t i = first_event; i < item.events.size(); ++i) item.events[i].label = words_of(name);
  for (std::size_t i = first_label; i < item.labels.size(); ++i) item.labels[i] = words_of(name);
}

std::vector<std::string> keywords_in(const std::string& text) {
  std::vector<std::string> result;
  std::string word;
  for (const char letter : text + ",") {
    if (letter != ',' && letter != ' ' && letter != ';' && letter != '\t' && letter != '\n' && letter != '\r') {
      word += letter;
    } else if (!word.empty()) {
      if (is_short(word) && std::find(result.begin(), result.end(), word) == result.end()) result.push_back(word);
      word.clear();
    }
  }
  return result;
}

void label_keywords(const TracTicket& ticket, const std::string& provider, const TracAccounts& accounts,
                    ItemRecord& item) {
  for (const std::string& word : keywords_in(field_in(ticket, "keywords"))) item.labels.push_back("keyword: " + word);
  for (const TracChange& change : ticket.changes) {
    if (change.field != "keywords") continue;
    const auto before = keywords_in(change.before), after = keywords_in(change.after);
    const auto tell = [&](const std::vector<std::string>& list, const std::vector<std::string>& others,
                          const char* kind) {
      for (const std::string& word : list) {
        if (std::find(others.begin(), others.end(), word) != others.end()) continue;
        EventRecord event = event_of(change, kind, provider, accounts);
        event.label = "keyword: " + word;
        item.events.push_back(std::move(event));
      }
    };
    tell(before, after, "unlabeled");
    tell(after, before, "labeled");
  }
}

void state_changes(const TracTicket& ticket, const std::string& provider, const TracAccounts& accounts,
                   ItemRecord& item) {
  const std::string now = field_in(ticket, "status");
  const auto changes = changes_of(ticket, "status", provider, accounts);
  bool closed = (changes.empty() ? now : changes.front().before) == kClosed;
  std::optional<Timestamp> closed_at;
  const auto say = [&](const char* kind, const PersonRecord& actor, Timestamp at, bool is_derived) {
    EventRecord event;
    event.kind = kind;
    event.actor = actor;
    event.occurred_at = at;
    event.is_derived = is_derived;
    item.events.push_back(std::move(event));
  };
  if (closed) {
    say("closed", item.author, ticket.created, true);
    closed_at = ticket.created;
  }
  for (const FieldChange& change : changes) {
    if (const bool before = change.before == kClosed; before != closed) {
      closed = before;
      say(before ? "closed" : "reopened", {}, change.at, true);
      if (before) closed_at = change.at;
    }
    const bool then = change.after == kClosed;
    if (then == closed) continue;
    closed = then;
    say(then ? "closed" : "reopened", change.actor, change.at, false);
    if (then) closed_at = change.at;
  }
  item.state = now == kClosed ? "closed" : "open";
  if (item.state == "closed") {
    item.closed_at = closed ? closed_at : item.updated_at;
    item.state_reason = field_in(ticket, "resolution");
  }
}

// Closed as a duplicate, in words that name one other ticket: of that one.
void duplicates(const TracTicket& ticket, const std::string& provider, const TracAccounts& accounts, ItemRecord& item) {
  static const Pattern number(R"((?:#|\bticket:)(\d{1,9})\b)");
  for (const TracChange& change : ticket.changes) {
    if (change.field != "resolution" || to_lower(change.after) != "duplicate") continue;
    std::set<std::int64_t> named;
    for (const TracComment& comment : ticket.comments) {
      if (comment.at != change.at) continue;
      std::string_view rest = comment.text;
      std::string digits;
      while (number.find_next(rest, &digits))
        if (const std::int64_t other = whole_number(digits); other > 0 && other != ticket.number) named.insert(other);
    }
    if (named.size() != 1) continue;
    EventRecord event = event_of(change, "marked_as_duplicate", provider, accounts);
    event.detail = fmt::format("#{}", *named.begin());
    event.is_derived = true;
    item.events.push_back(std::move(event));
  }
}

void other_changes(const TracTicket& ticket, const std::string& provider, const TracAccounts& accounts,
                   ItemRecord& item) {
  for (const TracChange& change : ticket.changes) {
    const auto add = [&](const char* kind, const std::string& detail) {
      EventRecord event = event_of(change, kind, provider, accounts);
      event.detail = detail;
      item.events.push_back(std::move(event));
    };
    if (change.field == "owner") {
      for (const bool is_new : {false, true}) {
        const PersonRecord subject = person(is_new ? change.after : change.before, provider, accounts);
        if (!subject.known()) continue;
        EventRecord event = event_of(change, is_new ? "assigned" : "unassigned", provider, accounts);
        event.subject = subject;
        item.events.push_back(std::move(event));
      }
    } else if (change.field == "milestone") {
      if (!change.before.empty()) add("demilestoned", change.before);
      if (!change.after.empty()) add("milestoned", change.after);
    } else if (change.field == "summary") {
      add("renamed", fmt::format("{} → {}", change.before, change.after));
    } else if (change.field == "description") {
      add("description_edited", change.before);
    } else if (change.field == "attachment") {
      add(change.after.empty() ? "attachment_removed" : "attachment_added",
          change.after.empty() ? change.before : change.after);
    } else if (change.field == "cc" || change.field == "reporter") {
      add("field_changed", change.field);  // addresses are nobody's business
    }
  }
  for (const TracFile& file : ticket.files) {
    EventRecord event;
    event.kind = "attachment_added";
    event.actor = person(file.author, provider, accounts);
    event.occurred_at = file.at;
    event.detail = file.name;
    item.events.push_back(std::move(event));
  }
}

void comments(const TracTicket& ticket, const std::string& provider, const TracAccounts& accounts, ItemRecord& item) {
  std::size_t position = 0;
  for (const TracComment& each : ticket.comments) {
    ++position;
    if (trim(each.text).empty()) continue;
    CommentRecord comment;
    comment.key = each.number > 0 ? fmt::format("comment/{}", each.number) : fmt::format("comment/at/{}", position);
    comment.author = person(each.author, provider, accounts);
    comment.created_at = each.at;
    comment.updated_at = each.edited_at;
    comment.body = each.text;
    if (each.reply_to > 0) comment.reply_to = fmt::format("comment/{}", each.reply_to);
    EventRecord event;
    event.kind = "commented";
    event.key = comment.key;
    event.actor = comment.author;
    event.occurred_at = each.at;
    item.events.push_back(std::move(event));
    item.comments.push_back(std::move(comment));
  }
}

}  // namespace

std::int64_t whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size() ? number : 0;
}

Timestamp moment(std::int64_t value) {
  constexpr std::int64_t kSecondsEnd = 100'000'000'000, kMicroseconds = 1'000'000;
  return value > kSecondsEnd ? value / kMicroseconds : value;
}

std::string custom_value(const std::string& value) {
  constexpr std::size_t kDigits = 18;
  if (value.size() != kDigits || value.find_first_not_of("0123456789") != std::string::npos) return value;
  return format_date(moment(whole_number(value)));
}

void take_change(const TracChange& change, TracTicket& ticket) {
  const auto edits_of = [&](Timestamp at) {
    return std::find_if(ticket.changes.begin(), ticket.changes.end(),
                        [&](const TracChange& each) { return each.at == at && each.field.starts_with("_comment"); });
  };
  if (change.field == "comment") {
    TracComment comment{0, change.at, change.author, change.after};
    const std::size_t dot = change.before.find('.');
    comment.number = whole_number(std::string_view(change.before).substr(dot == std::string::npos ? 0 : dot + 1));
    if (dot != std::string::npos) comment.reply_to = whole_number(std::string_view(change.before).substr(0, dot));
    for (auto edit = edits_of(change.at); edit != ticket.changes.end(); edit = edits_of(change.at)) {
      comment.edited_at = std::max(comment.edited_at.value_or(0), moment(whole_number(edit->after)));
      ticket.changes.erase(edit);
    }
    ticket.comments.push_back(std::move(comment));
  } else if (change.field.starts_with("_comment")) {
    for (auto& comment : ticket.comments)
      if (comment.at == change.at) {
        comment.edited_at = std::max(comment.edited_at.value_or(0), moment(whole_number(change.after)));
        return;
      }
    ticket.changes.push_back(change);
  } else {
    ticket.changes.push_back(
        {change.at, change.author, change.field, custom_value(change.before), custom_value(change.after)});
  }
}

PersonRecord person(const std::string& author, const std::string& provider, const TracAccounts& accounts) {
  static const Pattern named(R"(([^<>]*)<([^<>]*)>)"), address(R"([^@\s<>…]+@[^@\s<>…]+\.[^@\s<>…]+)");
  const std::string text(trim(author));
  if (is_nobody(text)) return {};
  PersonRecord person;
  person.provider = provider;
  if (const auto account = accounts.find(text); account != accounts.end()) {
    person.login = text;
    person.name = account->second.name;
    person.email = account->second.email;
    return person;
  }
  std::string name = text, email;
  if (const std::size_t open = text.find('<'); open != std::string::npos && named.matches(text)) {
    name = std::string(trim(text.substr(0, open)));
    email = text.substr(open + 1, text.find('>', open) - open - 1);
  } else if (text.find('@') != std::string::npos) {
    name.clear();
    email = text;
  }
  if (address.matches(email)) {
    person.name = name;
    person.email = email;
    return person;
  }
  // No account: what a visitor wrote as a name, and nobody checked.
  if (!email.empty() || name.find(' ') != std::string::npos) {
    person.provider = provider + "/named";
    person.login = name.empty() ? text : name;
    return person;
  }
  person.login = text;
  return person;
}

ItemRecord item(const TracTicket& ticket, const std::string& provider, const std::string& origin,
                const TracAccounts& accounts) {
  if (ticket.number < 1 || ticket.number > 1'000'000'000'000)
    throw Error(fmt::format("the number {} cannot be", ticket.number));
  ItemRecord item;
  item.number = ticket.number;
  item.title = field_in(ticket, "summary");
  item.body = field_in(ticket, "description");
  item.author = person(field_in(ticket, "reporter"), provider, accounts);
  item.created_at = ticket.created;
  item.milestone = field_in(ticket, "milestone");
  if (!origin.empty()) item.url = fmt::format("{}/ticket/{}", origin, ticket.number);
  if (const PersonRecord owner = person(field_in(ticket, "owner"), provider, accounts); owner.known())
    item.assignees.push_back(owner);
  Timestamp until = ticket.created;
  for (const auto& change : ticket.changes) until = std::max(until, change.at);
  for (const auto& comment : ticket.comments) until = std::max({until, comment.at, comment.edited_at.value_or(0)});
  for (const auto& file : ticket.files) until = std::max(until, file.at);
  item.updated_at = until;
  comments(ticket, provider, accounts, item);
  std::set<std::string> names;
  for (const auto& [name, value] : ticket.fields) names.insert(name);
  for (const TracChange& change : ticket.changes) names.insert(change.field);
  for (const std::string& name : names)
    if (!name.empty() && name.front() != '_' && !no_labels().contains(name))
      label_field(ticket, name, provider, accounts, until, item);
  label_keywords(ticket, provider, accounts, item);
  state_changes(ticket, provider, accounts, item);
  other_changes(ticket, provider, accounts, item);
  duplicates(ticket, provider, accounts, item);
  trackers::sort_events(item);
  return item;
}

std::vector<ItemCommitRecord> commits(const TracTicket& ticket) {
  static const Pattern announced(R"(^\s*(?:\(?In )\[(?:changeset:)?"?([0-9a-f]{40})\b)");
  std::vector<ItemCommitRecord> result;
  std::set<std::string> known;
  for (const TracComment& comment : ticket.comments) {
    std::string sha;
    if (!announced.found_in(comment.text, &sha) || !known.insert(sha).second) continue;
    const bool closes = std::any_of(ticket.changes.begin(), ticket.changes.end(), [&](const TracChange& change) {
      return change.field == "status" && change.after == kClosed && change.at == comment.at;
    });
    result.push_back({ticket.number * 2, sha, closes ? "fixes" : "mentions"});
  }
  return result;
}

std::string text_of(const TracTicket& ticket) {
  std::string text = fmt::format("ticket {} {}\n", ticket.number, ticket.created);
  for (const auto& [name, value] : ticket.fields) text += fmt::format("field {}\t{}\n", name, value);
  for (const auto& each : ticket.changes)
    text += fmt::format("change {}\t{}\t{}\t{}\t{}\n", each.at, each.author, each.field, each.before, each.after);
  for (const auto& each : ticket.comments)
    text += fmt::format("comment {}\t{}\t{}\t{}\t{}\t{}\n", each.number, each.at, each.author, each.reply_to,
                        each.edited_at.value_or(0), each.text);
  for (const auto& each : ticket.files) text += fmt::format("file {}\t{}\t{}\n", each.at, each.author, each.name);
  return text;
}

}  // namespace resident::trac

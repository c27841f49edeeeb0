#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <set>
#include <sources/bugzilla/bugzilla_objects.hpp>

namespace resident::bugzilla {

namespace {

using json::Object;
using trackers::FieldChange;

constexpr std::size_t kLongestLabel = 100;

struct Change {
  Timestamp at = 0;
  std::string who, field, removed, added;
  std::int64_t attachment = 0;
};

// Bugzilla writes these where nothing is chosen.
std::string value_of_field(const std::string& value) {
  return value == "---" || value == "unspecified" || value == "--" ? std::string() : value;
}

std::vector<std::string> list_of(const Object& object, std::string_view key) {
  std::vector<std::string> result;
  const auto list = object.array(key);
  if (!list) return result;
  for (const json::Element element : *list) {
    std::int64_t number = 0;
    result.push_back(element.get(number) == simdjson::SUCCESS ? std::to_string(number) : json::text_of(element, key));
  }
  return result;
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> result;
  for (const std::string_view part : split(text, ','))
    if (!trim(part).empty()) result.emplace_back(trim(part));
  return result;
}

std::vector<Change> changes_in(const std::optional<json::Array>& history, const trackers::Problem& problem) {
  std::vector<Change> result;
  if (!history) return result;
  std::size_t position = 0;
  for (const json::Element element : *history) {
    const std::string place = fmt::format("history/{}", position++);
    try {
      const Object entry(element, place);
      const Timestamp at = entry.required_time("when");
      json::each_object(entry, "changes", problem, [&](const Object& change) {
        result.push_back({at, entry.text("who"), change.required_text("field_name"), change.text("removed"),
                          change.text("added"), change.integer("attachment_id").value_or(0)});
      });
    } catch (const Error& error) {
      problem(place, error.what());
    }
  }
  std::stable_sort(result.begin(), result.end(), [](const Change& a, const Change& b) { return a.at < b.at; });
  return result;
}

// One bug while it becomes an item.
class BugReader {
 public:
  BugReader(const Object& bug, std::vector<Change> changes, const Settings& settings)
      : bug_(bug), changes_(std::move(changes)), settings_(settings) {
    for (const std::string_view key : {"creator_detail", "assigned_to_detail", "qa_contact_detail"})
      if (const auto detail = bug.object(key)) names_[detail->text("name")] = detail->text("real_name");
    const auto ignore = [](const std::string&, const std::string&) {};
    json::each_object(bug, "cc_detail", ignore,
                      [&](const Object& detail) { names_[detail.text("name")] = detail.text("real_name"); });
  }

  ItemRecord take() {
    item_.number = json::item_number(bug_, "id");
    item_.title = bug_.text("summary");
    item_.author = who(bug_.text("creator"));
    item_.created_at = bug_.required_time("creation_time");
    item_.updated_at = bug_.time("last_change_time");
    item_.url = fmt::format("{}/show_bug.cgi?id={}", settings_.origin, item_.number);
    item_.milestone = value_of_field(bug_.text("target_milestone"));
    until_ = std::max(item_.created_at, item_.updated_at.value_or(0));
    if (const PersonRecord person = who(bug_.text("assigned_to")); person.known()) item_.assignees.push_back(person);
    fields();
    keywords();
    state();
    for (const Change& change : changes_) other(change);
    duplicate();
    return std::move(item_);
  }

  // Flags of the bug and of its attachments as they stand, and how they came.
  void take_flags(ItemRecord& item, const std::vector<Flag>& now) {
    std::map<std::string, int> standing;
    const auto tell = [&](const Change& change, const Flag& flag, bool is_new) {
      if (flag.status == '?' && !flag.requestee.empty()) {
        EventRecord event = event_of(change, is_new ? "review_requested" : "review_request_removed");
        event.subject = who(flag.requestee);
        event.detail = flag.name;
        item.events.push_back(std::move(event));
      }
      int& count = standing[label_of(flag)];
      count += is_new ? 1 : -1;
      if (count != (is_new ? 1 : 0)) return;
      EventRecord event = event_of(change, is_new ? "labeled" : "unlabeled");
      event.label = label_of(flag);
      item.events.push_back(std::move(event));
    };
    for (const Change& change : changes_) {
      if (change.field != "flagtypes.name") continue;
      for (const Flag& flag : flags_in(change.removed)) tell(change, flag, false);
      for (const Flag& flag : flags_in(change.added)) tell(change, flag, true);
    }
    std::set<std::string> labels;
    for (const Flag& flag : now) {
      labels.insert(label_of(flag));
      if (flag.status == '?' && !flag.requestee.empty()) item.requested_reviewers.push_back(who(flag.requestee));
    }
    item.labels.insert(item.labels.end(), labels.begin(), labels.end());
  }

  PersonRecord who(const std::string& login) const {
    const auto found = names_.find(login);
    return person(login, found == names_.end() ? "" : found->second, settings_.provider);
  }

 private:
  static std::string label_of(const Flag& flag) { return fmt::format("flag: {}{}", flag.name, flag.status); }

  EventRecord event_of(const Change& change, const char* kind) const {
    EventRecord event;
    event.kind = kind;
    event.actor = who(change.who);
    event.occurred_at = change.at;
    return event;
  }

  void fields() {
    std::set<std::string> names{"status",    "resolution", "priority", "severity",
                                "component", "version",    "platform", "op_sys"};
    for (const Change& change : changes_)
      if (change.field.starts_with("cf_")) names.insert(change.field);
    for (const std::string& key : bug_.keys())
      if (key.starts_with("cf_")) names.insert(key);
    for (const std::string& name : names) {
      std::string now;
      if (const auto element = bug_.element(name); element && element->is_string()) now = bug_.text(name);
      std::vector<FieldChange> changes;
      bool is_short = now.size() <= kLongestLabel && now.find('\n') == std::string::npos;
      for (const Change& change : changes_) {
        if (change.field != name) continue;
        is_short = is_short && change.removed.size() <= kLongestLabel && change.added.size() <= kLongestLabel;
        changes.push_back({change.at, who(change.who), value_of_field(change.removed), value_of_field(change.added)});
      }
      std::string label = name.starts_with("cf_") ? name.substr(3) : name;
      std::replace(label.begin(), label.end(), '_', ' ');
      if (is_short) trackers::add_label_history(label, changes, value_of_field(now), until_, item_);
    }
  }

  void keywords() {
    for (const std::string& word : list_of(bug_, "keywords")) item_.labels.push_back("keyword: " + word);
    for (const Change& change : changes_) {
      if (change.field != "keywords") continue;
      for (const bool is_new : {false, true})
        for (const std::string& word : parts_of(is_new ? change.added : change.removed)) {
          EventRecord event = event_of(change, is_new ? "labeled" : "unlabeled");
          event.label = "keyword: " + word;
          item_.events.push_back(std::move(event));
        }
    }
  }

  bool is_open(const std::string& status) const {
    const auto found = settings_.statuses.find(status);
    return found == settings_.statuses.end() ? status != "RESOLVED" && status != "VERIFIED" && status != "CLOSED"
                                             : found->second;
  }

  void state() {
    const std::string now = bug_.required_text("status");
    const bool open_now = bug_.has("is_open") ? bug_.boolean("is_open") : is_open(now);
    std::optional<bool> open;
    std::optional<Timestamp> closed_at;
    for (const Change& change : changes_) {
      if (change.field != "status") continue;
      if (!open) {
        open = is_open(change.removed);
        if (!*open) say_closed(item_.created_at, closed_at);
      }
      const bool then = is_open(change.added);
      if (then == *open) continue;
      open = then;
      item_.events.push_back(event_of(change, then ? "reopened" : "closed"));
      if (!then) closed_at = change.at;
    }
    if (!open && !open_now) say_closed(item_.created_at, closed_at);
    item_.state = open_now ? "open" : "closed";
    if (!open_now) {
      item_.closed_at = closed_at ? closed_at : item_.updated_at;
      item_.state_reason = to_lower(bug_.text("resolution"));
    }
  }

  // It was filed so.
  void say_closed(Timestamp at, std::optional<Timestamp>& closed_at) {
    EventRecord event;
    event.kind = "closed";
    event.actor = item_.author;
    event.occurred_at = at;
    event.is_derived = true;
    item_.events.push_back(std::move(event));
    closed_at = at;
  }

  void relate(const Change& change, const std::string& what, bool is_new, const std::string& other) {
    EventRecord event = event_of(change, is_new ? "relation_added" : "relation_removed");
    const bool is_number = other.find_first_not_of("0123456789") == std::string::npos;
    event.detail = fmt::format("{} {}{}", what, is_number ? "#" : "", other);
    item_.events.push_back(std::move(event));
  }

  void other(const Change& change) {
    static const std::map<std::string, std::string> relations{
        {"depends_on", "depends on"}, {"dependson", "depends on"}, {"blocks", "blocks"},
        {"blocked", "blocks"},        {"see_also", "see also"},    {"regressed_by", "regressed by"}};
    if (const auto relation = relations.find(change.field); relation != relations.end()) {
      for (const bool is_new : {false, true})
        for (const std::string& each : parts_of(is_new ? change.added : change.removed))
          relate(change, relation->second, is_new, each);
    } else if (change.field == "assigned_to") {
      for (const bool is_new : {false, true}) {
        const PersonRecord subject = who(is_new ? change.added : change.removed);
        if (!subject.known()) continue;
        EventRecord event = event_of(change, is_new ? "assigned" : "unassigned");
        event.subject = subject;
        item_.events.push_back(std::move(event));
      }
    } else if (change.field == "target_milestone") {
      for (const bool is_new : {false, true}) {
        EventRecord event = event_of(change, is_new ? "milestoned" : "demilestoned");
        event.detail = value_of_field(is_new ? change.added : change.removed);
        if (!event.detail.empty()) item_.events.push_back(std::move(event));
      }
    } else if (change.field == "summary") {
      EventRecord event = event_of(change, "renamed");
      event.detail = fmt::format("{} → {}", change.removed, change.added);
      item_.events.push_back(std::move(event));
    } else if (change.field == "whiteboard" || change.field == "url" || change.field == "product" ||
               change.field.starts_with("attachments.")) {
      EventRecord event = event_of(change, "field_changed");
      event.detail = change.field;
      item_.events.push_back(std::move(event));
    }
  }

  // No history says of which bug it became a duplicate: the bug does, and when, the change of its resolution.
  void duplicate() {
    const auto original = bug_.integer("dupe_of");
    if (!original) return;
    const Change* last = nullptr;
    for (const Change& change : changes_)
      if (change.field == "resolution" && change.added == "DUPLICATE") last = &change;
    EventRecord event;
    if (last) event = event_of(*last, "marked_as_duplicate");
    event.kind = "marked_as_duplicate";
    if (!last) event.occurred_at = item_.closed_at;
    event.detail = fmt::format("#{}", *original);
    event.is_derived = true;
    item_.events.push_back(std::move(event));
  }

  const Object& bug_;
  std::vector<Change> changes_;
  const Settings& settings_;
  std::map<std::string, std::string> names_;  // real names by login
  ItemRecord item_;
  Timestamp until_ = 0;
};

// Bugzilla's own sentences, in the name of whoever did it.
std::string own_words(const std::string& text) {
  static const Pattern of_this(R"(\*\*\* Bug \d+ has been marked as a duplicate of this bug\. \*\*\*)"),
      of_other(R"((?s)(.*?)\s*\*\*\* This bug has been marked as a duplicate of (?:bug )?\d+ \*\*\*\s*)");
  if (of_this.matches(trim(text))) return {};
  std::string before;
  if (of_other.matches(text, &before)) return before;
  return text;
}

void read_comments(const std::optional<json::Array>& comments, const BugReader& reader, ItemRecord& item,
                   const trackers::Problem& problem) {
  if (!comments) return;
  std::size_t position = 0;
  for (const json::Element element : *comments) {
    const std::string place = fmt::format("comments/{}", position++);
    try {
      const Object object(element, place);
      if (object.boolean("is_private")) continue;
      const std::string text = object.text("text");
      if (object.integer("count").value_or(-1) == 0) {
        item.body = text;
        continue;
      }
      CommentRecord comment;
      comment.body = own_words(text);
      if (trim(comment.body).empty()) continue;
      comment.key = std::to_string(object.required_integer("id"));
      comment.author = reader.who(object.text("creator"));
      comment.created_at =
          object.has("creation_time") ? object.required_time("creation_time") : object.required_time("time");
      EventRecord event;
      event.kind = "commented";
      event.key = comment.key;
      event.actor = comment.author;
      event.occurred_at = comment.created_at;
      item.events.push_back(std::move(event));
      item.comments.push_back(std::move(comment));
    } catch (const Error& error) {
      problem(place, error.what());
    }
  }
}

void add_flags(const Object& holder, std::vector<Flag>& flags) {
  const auto ignore = [](const std::string&, const std::string&) {};
  json::each_object(holder, "flags", ignore, [&](const Object& object) {
    const std::string status = object.text("status");
    if (!status.empty()) flags.push_back({object.text("name"), status.front(), object.text("requestee")});
  });
}

void read_attachments(const std::optional<json::Array>& attachments, const BugReader& reader, ItemRecord& item,
                      std::vector<Flag>& flags, const trackers::Problem& problem) {
  if (!attachments) return;
  std::size_t position = 0;
  for (const json::Element element : *attachments) {
    const std::string place = fmt::format("attachments/{}", position++);
    try {
      const Object object(element, place);
      if (object.boolean("is_private")) continue;
      add_flags(object, flags);
      EventRecord event;
      event.kind = "attachment_added";
      event.key = fmt::format("attachment/{}", object.required_integer("id"));
      event.actor = reader.who(object.text("creator"));
      event.occurred_at = object.required_time("creation_time");
      event.detail = object.text("file_name");
      item.events.push_back(std::move(event));
    } catch (const Error& error) {
      problem(place, error.what());
    }
  }
}

}  // namespace

std::vector<Flag> flags_in(std::string_view text) {
  std::vector<Flag> result;
  for (const std::string& part : parts_of(std::string(text))) {
    Flag flag;
    std::size_t end = part.size();
    if (part.ends_with(')'))
      if (const std::size_t open = part.rfind('('); open != std::string::npos) {
        flag.requestee = part.substr(open + 1, part.size() - open - 2);
        end = open;
      }
    if (end < 2 || std::string_view("?+-").find(part[end - 1]) == std::string_view::npos) continue;
    flag.status = part[end - 1];
    flag.name = part.substr(0, end - 1);
    result.push_back(std::move(flag));
  }
  return result;
}

std::map<std::string, bool> statuses(const Object& answer) {
  std::map<std::string, bool> result;
  const auto ignore = [](const std::string&, const std::string&) {};
  json::each_object(answer, "fields", ignore, [&](const Object& field) {
    json::each_object(field, "values", ignore, [&](const Object& value) {
      if (const std::string name = value.text("name"); !name.empty()) result[name] = value.boolean("is_open");
    });
  });
  return result;
}

PersonRecord person(const std::string& login, const std::string& real_name, const std::string& provider) {
  if (login.empty() || login.starts_with("nobody@") || login == "nobody") return {};
  PersonRecord person;
  person.provider = provider;
  const std::size_t at = login.find('@');
  if (at == std::string::npos) {
    person.login = login;
    person.name = real_name;
    return person;
  }
  person.email = login;
  person.name = real_name.empty() ? login.substr(0, at) : blank_emails(real_name);
  return person;
}

ItemRecord bug(const Object& bug, const std::optional<json::Array>& history, const std::optional<json::Array>& comments,
               const std::optional<json::Array>& attachments, const Settings& settings,
               const trackers::Problem& problem) {
  BugReader reader(bug, changes_in(history, problem), settings);
  ItemRecord item = reader.take();
  read_comments(comments, reader, item, problem);
  std::vector<Flag> flags;
  add_flags(bug, flags);
  read_attachments(attachments, reader, item, flags, problem);
  reader.take_flags(item, flags);
  trackers::sort_events(item);
  return item;
}

}  // namespace resident::bugzilla

#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <functional>
#include <set>
#include <sources/forge/tracker_sync.hpp>
#include <sources/jira/jira_objects.hpp>
#include <sources/jira/jira_text.hpp>

namespace resident::jira {

namespace {

using json::Element;
using json::Object;
using trackers::FieldChange;

constexpr std::size_t kLongestLabel = 100;
constexpr std::size_t kMostCustomFields = 20, kMostSprints = 10;

struct Change {
  Timestamp at = 0;
  std::int64_t id = 0;
  PersonRecord who;
  std::string field, from, to;  // from, to: ids
  std::string before, after;    // as people read them
};

std::string text_in(const Object& object, std::string_view outer, std::string_view inner = "name") {
  const auto found = object.element(outer);
  return found && found->is_object() ? Object(*found, std::string(outer)).text(inner) : std::string();
}

std::vector<std::string> names_in(const Object& object, std::string_view key) {
  std::vector<std::string> names;
  const auto list = object.array(key);
  if (!list) return names;
  for (const Element element : *list) {
    if (element.is_string()) names.push_back(json::text_of(element, key));
    if (element.is_object()) names.push_back(Object(element, std::string(key)).text("name"));
  }
  std::erase(names, std::string());
  return names;
}

bool is_short(const std::string& text) {
  return text.size() <= kLongestLabel && text.find('\n') == std::string::npos;
}

// What is chosen in a field of options: of one, or of several. Free text is no label.
std::string chosen(const Element& element) {
  if (element.is_object()) return Object(element, "option").text("value");
  std::string result;
  json::Array list;
  if (element.get(list)) return {};
  for (const Element each : list)
    if (each.is_object())
      if (const std::string value = Object(each, "option").text("value"); !value.empty())
        result += (result.empty() ? "" : ", ") + value;
  return result;
}

// "com.atlassian.greenhopper.service.sprint.Sprint@1[id=1,…,name=Sprint 4,…]" before, an object later.
std::string sprint_name(const Element& element) {
  if (element.is_object()) return Object(element, "sprint").text("name");
  if (!element.is_string()) return {};
  const std::string text = json::text_of(element, "sprint");
  const std::size_t begin = text.find(",name=");
  if (text.find("Sprint@") == std::string::npos || begin == std::string::npos) return {};
  return text.substr(begin + 6, text.find(",startDate", begin) - begin - 6);
}

class IssueReader {
 public:
  IssueReader(const Object& issue, const Settings& settings, const json::Problem& problem)
      : issue_(issue), fields_(fields_of(issue)), settings_(settings), problem_(problem) {}

  ItemRecord take(const std::vector<json::Array>& histories, const std::vector<json::Array>& comments) {
    head();
    if (const auto log = issue_.object("changelog"))
      if (const auto own = log->array("histories")) read_histories(*own);
    for (const json::Array& page : histories) read_histories(page);
    std::stable_sort(changes_.begin(), changes_.end(),
                     [](const Change& a, const Change& b) { return std::tie(a.at, a.id) < std::tie(b.at, b.id); });
    for (const Change& change : changes_) until_ = std::max(until_, change.at);
    single_fields();
    lists();
    state();
    for (const Change& change : changes_) other(change);
    relations();
    if (const auto page = fields_.object("comment"))
      if (const auto own = page->array("comments")) read_comments(*own);
    for (const json::Array& page : comments) read_comments(page);
    trackers::sort_events(item_);
    return std::move(item_);
  }

 private:
  static Object fields_of(const Object& issue) {
    const auto fields = issue.object("fields");
    if (!fields) throw Error("the issue has no fields");
    return *fields;
  }

  void head() {
    const std::string key = issue_.required_text("key");
    item_.number = number_of(key, settings_.key);
    if (item_.number == 0) throw Error(fmt::format("{} is no issue of {}", one_line(key.substr(0, 60)), settings_.key));
    item_.title = fields_.text("summary");
    item_.body = text_of(fields_, "description");
    item_.author = who(fields_, "reporter");
    if (!item_.author.known()) item_.author = who(fields_, "creator");
    const auto created = moment_of(fields_, "created");
    if (!created) throw Error("created is missing");
    item_.created_at = *created;
    item_.updated_at = moment_of(fields_, "updated");
    item_.url = fmt::format("{}/browse/{}", settings_.origin, key);
    until_ = std::max(item_.created_at, item_.updated_at.value_or(0));
    if (const PersonRecord assignee = who(fields_, "assignee"); assignee.known()) item_.assignees.push_back(assignee);
    if (const auto versions = names_in(fields_, "fixVersions"); !versions.empty()) item_.milestone = versions.back();
  }

  // People are told of by name and by key; what was changed names them by one of these.
  PersonRecord who(const Object& object, std::string_view key) {
    const auto element = object.element(key);
    if (!element || !element->is_object()) return {};
    const Object user(*element, std::string(key));
    PersonRecord found = person(user, settings_.provider);
    for (const std::string_view id : {"key", "name", "accountId"})
      if (const std::string text = user.text(id); !text.empty()) people_[text] = found;
    return found;
  }

  PersonRecord who(const std::string& id, const std::string& name) const {
    if (id.empty() && name.empty()) return {};
    if (const auto found = people_.find(id); found != people_.end()) return found->second;
    PersonRecord found;
    found.provider = settings_.provider + "/named";
    const std::string& whole = name.empty() ? id : name;
    found.login = found.name = blank_emails(whole);
    if (found.login != whole) found.account_key = to_lower(whole);
    return found;
  }

  void read_histories(const json::Array& list) {
    std::size_t position = 0;
    for (const Element element : list) {
      const std::string place = fmt::format("histories/{}", position++);
      try {
        const Object history(element, place);
        const std::string id = history.text("id");
        if (!id.empty() && !seen_histories_.insert(id).second) continue;
        const auto at = moment_of(history, "created");
        if (!at) throw Error("created is missing");
        const PersonRecord author = who(history, "author");
        json::each_object(history, "items", problem_, [&](const Object& item) {
          std::int64_t number = 0;
          std::from_chars(id.data(), id.data() + id.size(), number);
          changes_.push_back({*at, number, author, item.text("field"), plain(item, "from"), plain(item, "to"),
                              item.text("fromString"), item.text("toString")});
        });
      } catch (const Error& error) {
        problem_(place, error.what());
      }
    }
  }

  static std::string plain(const Object& object, std::string_view key) {
    const auto element = object.element(key);
    return element && element->is_string() ? object.text(key) : std::string();
  }

  EventRecord event_of(const Change& change, const char* kind) const {
    EventRecord event;
    event.kind = kind;
    event.actor = change.who;
    event.occurred_at = change.at;
    return event;
  }

  void history_of(const std::string& label, const std::string& field, const std::string& now) {
    std::vector<FieldChange> changes;
    bool fits = is_short(now);
    for (const Change& change : changes_) {
      if (change.field != field) continue;
      fits = fits && is_short(change.before) && is_short(change.after);
      changes.push_back({change.at, change.who, change.before, change.after});
    }
    if (fits) trackers::add_label_history(label, changes, now, until_, item_);
  }

  void single_fields() {
    history_of("status", "status", text_in(fields_, "status"));
    history_of("priority", "priority", text_in(fields_, "priority"));
    history_of("type", "issuetype", text_in(fields_, "issuetype"));
    history_of("resolution", "resolution", text_in(fields_, "resolution"));
    history_of("security", "security", text_in(fields_, "security"));
    std::size_t count = 0;
    for (const auto& [id, name] : settings_.fields) {
      const auto element = fields_.element(id);
      std::string now = element ? chosen(*element) : std::string();
      const bool was_changed = std::any_of(changes_.begin(), changes_.end(),
                                           [&, &field = name](const Change& change) { return change.field == field; });
      if (sprints(name, element, was_changed)) continue;
      if (now.empty() || ++count > kMostCustomFields) continue;
      history_of(to_lower(name), name, now);
    }
  }

  // Sprints grow without end: the last ones alone stand.
  bool sprints(const std::string& name, const std::optional<Element>& element, bool was_changed) {
    if (name != "Sprint") return false;
    std::vector<std::string> names;
    json::Array list;
    if (element && !element->get(list))
      for (const Element each : list)
        if (const std::string sprint = sprint_name(each); !sprint.empty() && is_short(sprint)) names.push_back(sprint);
    if (names.size() > kMostSprints) names.erase(names.begin(), names.end() - kMostSprints);
    for (const std::string& sprint : names) item_.labels.push_back("sprint: " + sprint);
    if (!was_changed) return true;
    for (const Change& change : changes_)
      if (change.field == name)
        list_change("sprint", change, split_list(change.before, ", "), split_list(change.after, ", "));
    return true;
  }

  static std::set<std::string> split_list(const std::string& text, std::string_view between) {
    std::set<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find(between, at), text.size());
      if (const std::string part(trim(text.substr(at, end - at))); !part.empty()) parts.insert(part);
      at = end + between.size();
    }
    return parts;
  }

  void list_change(const std::string& label, const Change& change, const std::set<std::string>& before,
                   const std::set<std::string>& after) {
    for (const bool is_new : {false, true})
      for (const std::string& each : is_new ? after : before) {
        if ((is_new ? before : after).contains(each) || !is_short(each)) continue;
        EventRecord event = event_of(change, is_new ? "labeled" : "unlabeled");
        event.label = label.empty() ? each : fmt::format("{}: {}", label, each);
        item_.events.push_back(std::move(event));
      }
  }

  void lists() {
    for (const std::string& name : names_in(fields_, "labels")) item_.labels.push_back(name);
    for (const std::string& name : names_in(fields_, "components")) item_.labels.push_back("component: " + name);
    for (const std::string& name : names_in(fields_, "versions")) item_.labels.push_back("version: " + name);
    for (const Change& change : changes_) {
      if (change.field == "labels") {
        list_change("", change, split_list(change.before, " "), split_list(change.after, " "));
      } else if (change.field == "Component" || change.field == "Version") {
        const std::string label = change.field == "Component" ? "component" : "version";
        list_change(label, change, {change.before}, {change.after});
      }
    }
    std::erase_if(item_.events, [](const EventRecord& event) { return event.label.ends_with(": "); });
  }

  bool is_open(const std::string& id, const std::string& name) const {
    for (const std::string* each : {&id, &name})
      if (const auto found = settings_.statuses.find(*each); found != settings_.statuses.end() && !each->empty())
        return found->second;
    const std::string lower = to_lower(name);
    return lower != "resolved" && lower != "closed" && lower != "done";
  }

  // By the status' category: a resolution may stand on an open issue, and be missing on a closed one.
  bool is_open_now() const {
    const auto element = fields_.element("status");
    if (!element || !element->is_object()) return !fields_.has("resolution");
    const Object status(*element, "status");
    const std::string category = text_in(status, "statusCategory", "key");
    return category.empty() ? is_open(status.text("id"), status.text("name")) : category != "done";
  }

  void say(bool is_opening, const PersonRecord& actor, Timestamp at, bool is_derived) {
    EventRecord event;
    event.kind = is_opening ? "reopened" : "closed";
    event.actor = actor;
    event.occurred_at = at;
    event.is_derived = is_derived;
    item_.events.push_back(std::move(event));
    if (!is_opening) closed_at_ = at;
  }

  void state() {
    const bool open_now = is_open_now();
    std::optional<bool> open;
    for (const Change& change : changes_) {
      if (change.field != "status") continue;
      if (!open) {
        open = is_open(change.from, change.before);
        if (!*open) say(false, item_.author, item_.created_at, true);
      }
      const bool then = is_open(change.to, change.after);
      if (then != *open) say(then, change.who, change.at, false);
      open = then;
    }
    // A status may mean something else today than it did.
    if (open.value_or(true) != open_now)
      say(open_now, {}, open_now ? until_ : moment_of(fields_, "resolutiondate").value_or(until_), true);
    item_.state = open_now ? "open" : "closed";
    if (open_now) return;
    item_.closed_at = closed_at_ ? closed_at_ : item_.updated_at;
    item_.state_reason = to_lower(text_in(fields_, "resolution"));
  }

  // "This issue is duplicated by KAFKA-2": what stands in the text, with numbers of this project's own.
  std::string relation(std::string text, std::int64_t& number) const {
    constexpr std::string_view kOpening = "This issue ";
    if (text.starts_with(kOpening)) text.erase(0, kOpening.size());
    const std::size_t space = text.rfind(' ');
    number = number_of(text.substr(space == std::string::npos ? 0 : space + 1), settings_.key);
    if (number > 0) text = text.substr(0, space + 1) + fmt::format("#{}", number);
    return one_line(clean_text(text, 300));
  }

  void link(const Change& change) {
    for (const bool is_new : {false, true}) {
      const std::string& text = is_new ? change.after : change.before;
      if (text.empty()) continue;
      std::int64_t number = 0;
      EventRecord event = event_of(change, is_new ? "relation_added" : "relation_removed");
      event.detail = relation(text, number);
      told_.insert(event.detail);
      if (is_new && number > 0 && event.detail.starts_with("duplicates ")) duplicate(event, number);
      item_.events.push_back(std::move(event));
    }
  }

  void duplicate(EventRecord event, std::int64_t original) {
    event.kind = "marked_as_duplicate";
    event.detail = fmt::format("#{}", original);
    item_.events.push_back(std::move(event));
  }

  void other(const Change& change) {
    const std::string& field = change.field;
    if (field == "assignee") {
      for (const bool is_new : {false, true}) {
        const PersonRecord subject = is_new ? who(change.to, change.after) : who(change.from, change.before);
        if (!subject.known()) continue;
        EventRecord event = event_of(change, is_new ? "assigned" : "unassigned");
        event.subject = subject;
        item_.events.push_back(std::move(event));
      }
    } else if (field == "Fix Version") {
      for (const bool is_new : {false, true}) {
        EventRecord event = event_of(change, is_new ? "milestoned" : "demilestoned");
        event.detail = is_new ? change.after : change.before;
        if (!event.detail.empty()) item_.events.push_back(std::move(event));
      }
    } else if (field == "summary") {
      EventRecord event = event_of(change, "renamed");
      event.detail = fmt::format("{} → {}", change.before, change.after);
      item_.events.push_back(std::move(event));
    } else if (field == "Link") {
      link(change);
    } else if (field == "Parent" || field == "IssueParentAssociation" || field == "Epic Link" ||
               field == "Parent Issue") {
      for (const bool is_new : {false, true}) {
        const std::string& text = is_new ? change.after : change.before;
        if (text.empty()) continue;
        std::int64_t number = 0;
        EventRecord event = event_of(change, is_new ? "relation_added" : "relation_removed");
        event.detail = relation("part of " + text, number);
        told_.insert(event.detail);
        item_.events.push_back(std::move(event));
      }
    } else if (field == "description" || field == "Attachment" || field == "Comment" || field == "Key" ||
               field == "duedate" || field == "reporter" || field == "environment") {
      EventRecord event = event_of(change, "field_changed");
      event.detail = field == "Key" ? fmt::format("was {}", one_line(change.before)) : to_lower(field);
      item_.events.push_back(std::move(event));
    }
  }

  // Those that no history tells of (created with it, or before the history begins): derived.
  void derive_relation(const std::string& detail, std::int64_t number) {
    if (!told_.insert(detail).second) return;
    EventRecord event;
    event.kind = "relation_added";
    event.occurred_at = item_.created_at;
    event.detail = detail;
    event.is_derived = true;
    if (number > 0 && detail.starts_with("duplicates ")) {
      EventRecord marked = event;
      marked.occurred_at = item_.closed_at ? item_.closed_at : std::optional(item_.created_at);
      duplicate(marked, number);
    }
    item_.events.push_back(std::move(event));
  }

  void relations() {
    json::each_object(fields_, "issuelinks", problem_, [&](const Object& link) {
      const auto type = link.object("type");
      for (const bool is_outward : {true, false}) {
        const auto issue = link.object(is_outward ? "outwardIssue" : "inwardIssue");
        if (!issue || !type) continue;
        std::int64_t number = 0;
        const std::string detail =
            relation(type->text(is_outward ? "outward" : "inward") + " " + issue->text("key"), number);
        derive_relation(detail, number);
      }
    });
    if (const std::string parent = text_in(fields_, "parent", "key"); !parent.empty()) {
      std::int64_t number = 0;
      const std::string detail = relation("part of " + parent, number);
      derive_relation(detail, 0);
    }
  }

  // Those for a group or a role alone are left out.
  void read_comments(const json::Array& list) {
    std::size_t position = 0;
    for (const Element element : list) {
      const std::string place = fmt::format("comments/{}", position++);
      try {
        const Object object(element, place);
        const std::string id = object.required_text("id");
        const bool is_hidden = object.has("visibility") || (object.has("jsdPublic") && !object.boolean("jsdPublic"));
        if (is_hidden || !seen_comments_.insert(id).second) continue;
        CommentRecord comment;
        comment.key = id;
        comment.author = who(object, "author");
        const auto at = moment_of(object, "created");
        if (!at) throw Error("created is missing");
        comment.created_at = *at;
        comment.updated_at = moment_of(object, "updated");
        if (comment.updated_at == comment.created_at) comment.updated_at.reset();
        comment.body = text_of(object, "body");
        EventRecord event;
        event.kind = "commented";
        event.key = id;
        event.actor = comment.author;
        event.occurred_at = comment.created_at;
        item_.events.push_back(std::move(event));
        item_.comments.push_back(std::move(comment));
      } catch (const Error& error) {
        problem_(place, error.what());
      }
    }
  }

  const Object& issue_;
  Object fields_;
  const Settings& settings_;
  const json::Problem& problem_;
  ItemRecord item_;
  std::vector<Change> changes_;
  std::map<std::string, PersonRecord> people_;  // by each of their ids
  std::set<std::string> seen_histories_, seen_comments_, told_;
  std::optional<Timestamp> closed_at_;
  Timestamp until_ = 0;
};

}  // namespace

std::map<std::string, bool> statuses(const json::Array& list) {
  std::map<std::string, bool> result;
  for (const Element element : list) {
    if (!element.is_object()) continue;
    const Object status(element, "status");
    const std::string category = text_in(status, "statusCategory", "key");
    if (category.empty()) continue;
    // Projects may have statuses of one name and different categories: then the id alone tells.
    if (const std::string name = status.text("name"); !name.empty()) result.emplace(name, category != "done");
    if (const std::string id = status.text("id"); !id.empty()) result[id] = category != "done";
  }
  return result;
}

std::map<std::string, std::string> custom_fields(const json::Array& list) {
  std::map<std::string, std::string> result;
  for (const Element element : list) {
    if (!element.is_object()) continue;
    const Object field(element, "field");
    if (const std::string id = field.text("id"); id.starts_with("customfield_")) result[id] = field.text("name");
  }
  return result;
}

std::int64_t number_of(std::string_view key, std::string_view project) {
  if (key.size() < project.size() + 2 || key.substr(0, project.size()) != project || key[project.size()] != '-')
    return 0;
  key.remove_prefix(project.size() + 1);
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(key.data(), key.data() + key.size(), number);
  return problem == std::errc() && end == key.data() + key.size() && number > 0 && number < 1'000'000'000'000 ? number
                                                                                                              : 0;
}

std::optional<Timestamp> parse_moment(std::string_view text) {
  std::string whole(text);
  const std::size_t size = whole.size();
  if (size > 5 && (whole[size - 5] == '+' || whole[size - 5] == '-') && whole.find(':') != std::string::npos &&
      whole.find('T') != std::string::npos)
    whole.insert(size - 2, ":");
  return parse_time(whole);
}

std::optional<Timestamp> moment_of(const Object& object, std::string_view key) {
  if (!object.has(key)) return std::nullopt;
  const auto moment = parse_moment(object.text(key));
  if (!moment) throw Error(fmt::format("{}: {} is no moment", object.name(), key));
  return moment;
}

PersonRecord person(const std::optional<Object>& user, const std::string& provider) {
  PersonRecord record;
  record.provider = provider;
  if (!user) return record;
  record.login = user->text("name").empty() ? user->text("accountId") : user->text("name");
  record.name = blank_emails(user->text("displayName"));
  // Cloud calls everybody who left so.
  if (record.name == "Former user") return {};
  if (const std::string email = user->text("emailAddress"); email.find('@') != std::string::npos) record.email = email;
  if (record.login.find('@') != std::string::npos) {
    if (record.email.empty()) record.email = record.login;
    record.account_key = to_lower(record.login);
    record.login = record.login.substr(0, record.login.find('@'));
  }
  if (user->text("accountType") == "app") record.account_type = "Bot";
  return record;
}

ItemRecord issue(const Object& issue, const std::vector<json::Array>& histories,
                 const std::vector<json::Array>& comments, const Settings& settings, const json::Problem& problem) {
  return IssueReader(issue, settings, problem).take(histories, comments);
}

}  // namespace resident::jira

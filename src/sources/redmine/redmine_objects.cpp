#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <iterator>
#include <sources/redmine/journal.hpp>
#include <sources/redmine/redmine_objects.hpp>

namespace resident::redmine {

using json::Object;

namespace {

constexpr std::size_t kShaLength = 40;

std::optional<std::int64_t> id_in(const Object& object, std::string_view key) {
  const auto found = object.object(key);
  return found ? found->integer("id") : std::nullopt;
}

std::string name_in(const Object& object, std::string_view key) {
  const auto found = object.object(key);
  return found ? found->text("name") : std::string();
}

PersonRecord person_in(const Object& object, std::string_view key, const Names& names) {
  const auto id = id_in(object, key);
  return id ? person_of(*id, name_in(object, key), names) : PersonRecord{};
}

// Files that stand there without a journal of their coming came with the issue, or by themselves.
void attachments(const Object& object, const std::vector<Journal>& journals, const Names& names, ItemRecord& item,
                 const trackers::Problem& problem) {
  std::set<std::string> told, came;
  for (const Journal& journal : journals)
    for (const Detail& detail : journal.details)
      if (detail.property == "attachment") {
        told.insert(detail.name);
        if (!detail.after.empty()) came.insert(detail.name);
        if (!detail.before.empty() && !came.contains(detail.name)) {
          EventRecord event;
          event.kind = "attachment_added";
          event.key = "attachment/" + detail.name;
          event.actor = item.author;
          event.occurred_at = item.created_at;
          event.detail = detail.before;
          event.is_derived = true;
          item.events.push_back(std::move(event));
        }
      }
  json::each_object(object, "attachments", problem, [&](const Object& file) {
    const std::string id = std::to_string(file.required_integer("id"));
    if (told.contains(id)) return;
    EventRecord event;
    event.kind = "attachment_added";
    event.key = "attachment/" + id;
    event.actor = person_in(file, "author", names);
    event.occurred_at = file.required_time("created_on");
    event.detail = file.text("filename");
    event.is_derived = true;
    item.events.push_back(std::move(event));
  });
}

// Relations that stand there without a journal: copies, and what is older than journals of relations (Redmine 2.4).
void relations(const Object& object, const std::vector<Journal>& journals, ItemRecord& item,
               const trackers::Problem& problem) {
  std::set<std::string> told;
  for (const Journal& journal : journals)
    for (const Detail& detail : journal.details)
      if (detail.property == "relation") told.insert(detail.name + detail.after);
  json::each_object(object, "relations", problem, [&](const Object& relation) {
    const std::int64_t from = relation.required_integer("issue_id"), to = relation.required_integer("issue_to_id");
    const bool is_forward = from == item.number;
    const std::string type = relation_seen_from(relation.text("relation_type"), is_forward);
    const std::int64_t other = is_forward ? to : from;
    if (told.contains(type + std::to_string(other))) return;
    EventRecord event = relation_event(type, other, true);
    event.is_derived = true;
    // A copy is related from its beginning on.
    if (type == "copied_from") {
      event.occurred_at = item.created_at;
      event.actor = item.author;
    }
    item.events.push_back(std::move(event));
  });
}

void comment(const Journal& journal, ItemRecord& item) {
  EventRecord event;
  event.key = fmt::format("note/{}", journal.id);
  event.kind = "commented";
  event.actor = journal.author;
  event.occurred_at = journal.at;
  item.events.push_back(std::move(event));
  CommentRecord comment;
  comment.key = fmt::format("note/{}", journal.id);
  comment.author = journal.author;
  comment.created_at = journal.at;
  comment.updated_at = journal.updated_at;
  comment.body = journal.notes;
  item.comments.push_back(std::move(comment));
}

std::vector<std::string> revisions(const Object& issue) {
  std::vector<std::string> result;
  if (const auto list = issue.array("changesets"))
    for (const json::Element element : *list)
      if (const std::string revision = Object(element, "changeset").text("revision"); !revision.empty())
        result.push_back(revision);
  return result;
}

// "Applied in changeset …", in whatever language: a short line around a revision of this issue.
std::string revision_applied(const Journal& journal, const std::vector<std::string>& revisions) {
  constexpr std::size_t kLongestFrame = 80;
  if (journal.notes.empty() || journal.notes.find('\n') != std::string::npos || journal.details.empty()) return {};
  for (const std::string& revision : revisions)
    if (journal.notes.find(revision) != std::string::npos && journal.notes.size() < revision.size() + kLongestFrame)
      return revision;
  return {};
}

}  // namespace

bool is_anonymous(const std::string& name) {
  static const std::set<std::string> translations{"Anonymous",
                                                  "Anonüümne",
                                                  "Anònim",
                                                  "Anónimo",
                                                  "Anoniem",
                                                  "Anonim",
                                                  "Anoniman",
                                                  "Anonimas",
                                                  "Anonimni",
                                                  "Anonimo",
                                                  "Anonimowy",
                                                  "Anonym",
                                                  "Anonyme",
                                                  "Anonymní",
                                                  "Anonīms",
                                                  "Anônimo",
                                                  "Ezezaguna",
                                                  "Névtelen",
                                                  "Аноним",
                                                  "Анониман",
                                                  "Анонимен",
                                                  "Анонім",
                                                  "Хамаагүй хэрэглэгч",
                                                  "אלמוני",
                                                  "مجهول الهوية",
                                                  "ناشناس",
                                                  "Ẩn danh",
                                                  "匿名ユーザー",
                                                  "匿名用戶",
                                                  "匿名用户",
                                                  "이름없음"};
  return translations.contains(name);
}

PersonRecord account(const Object& user, const std::string& provider) {
  PersonRecord person;
  person.login = user.text("login");
  if (person.login.empty()) return {};
  person.provider = provider;
  person.account_id = user.required_integer("id");
  person.name = std::string(trim(user.text("firstname") + " " + user.text("lastname")));
  person.email = user.text("mail");
  return person;
}

std::map<std::int64_t, std::string> accounts_of(const Object& issue, const Names& names) {
  std::map<std::int64_t, std::string> result;
  const auto add = [&](const Object& object, std::string_view key) {
    if (const auto id = id_in(object, key)) result[*id] = name_in(object, key);
  };
  add(issue, "author");
  add(issue, "assigned_to");
  const auto ignore = [](const std::string&, const std::string&) {};
  json::each_object(issue, "attachments", ignore, [&](const Object& file) { add(file, "author"); });
  json::each_object(issue, "journals", ignore, [&](const Object& journal) { add(journal, "user"); });
  for (const Journal& journal : journals_of(issue, names, ignore))
    for (const Detail& detail : journal.details) {
      if (detail.property != "attr" || detail.name != "assigned_to_id") continue;
      for (const std::string* value : {&detail.before, &detail.after})
        if (const std::int64_t id = number_of(*value); id > 0) result.emplace(id, "");
    }
  return result;
}

ItemRecord issue(const Object& object, const Names& names, const std::set<std::int64_t>& copied,
                 const trackers::Problem& problem) {
  ItemRecord item;
  item.number = json::item_number(object, "id");
  item.title = object.text("subject");
  item.body = object.text("description");
  item.author = person_in(object, "author", names);
  item.created_at = object.required_time("created_on");
  item.url = fmt::format("{}/issues/{}", names.origin, item.number);
  item.milestone = name_in(object, "fixed_version");
  const auto assignee = id_in(object, "assigned_to");
  if (assignee && !names.groups.contains(*assignee))
    if (const PersonRecord person = person_in(object, "assigned_to", names); person.known())
      item.assignees.push_back(person);
  const std::vector<Journal> journals = journals_of(object, names, problem);
  Timestamp until = std::max(item.created_at, object.time("updated_on").value_or(0));
  // What moves no "updated_on", as relations do, has a journal all the same.
  for (const Journal& journal : journals) until = std::max({until, journal.at, journal.updated_at.value_or(0)});
  item.updated_at = until;
  const std::vector<std::string> changesets = revisions(object);
  std::map<std::int64_t, std::string> applied;
  for (const Journal& journal : journals) {
    if (const std::string revision = revision_applied(journal, changesets); !revision.empty())
      applied[journal.id] = revision;
    else if (!journal.notes.empty() && !journal.is_private && !copied.contains(journal.id))
      comment(journal, item);
  }
  field_histories(object, journals, names, until, item);
  state_history(object, journals, names, applied, item);
  other_events(journals, names, item);
  attachments(object, journals, names, item, problem);
  relations(object, journals, item, problem);
  trackers::sort_events(item);
  return item;
}

void time_entry(const Object& object, const Names& names, ItemRecord& item) {
  EventRecord event;
  event.kind = "time_spent";
  event.key = fmt::format("time/{}", object.required_integer("id"));
  event.actor = person_in(object, "user", names);
  event.occurred_at = object.required_time("created_on");
  event.detail = fmt::format("{} h", object.number("hours").value_or(0));
  if (const std::string activity = name_in(object, "activity"); !activity.empty()) event.detail += ", " + activity;
  if (const std::string day = object.text("spent_on"); !day.empty()) event.detail += ", on " + day;
  item.events.push_back(std::move(event));
}

std::vector<ItemCommitRecord> commits(const Object& issue, const ItemRecord& item) {
  std::vector<ItemCommitRecord> result;
  for (const std::string& revision : revisions(issue)) {
    if (revision.size() != kShaLength || revision.find_first_not_of("0123456789abcdef") != std::string::npos) continue;
    const bool fixes = std::any_of(item.events.begin(), item.events.end(), [&](const EventRecord& event) {
      return event.kind == "closed" && event.sha == revision;
    });
    result.push_back({item.item_id(), revision, fixes ? "fixes" : "mentions"});
  }
  return result;
}

std::vector<std::int64_t> originals(const Object& issue) {
  std::vector<std::int64_t> result;
  const std::int64_t number = json::item_number(issue, "id");
  const auto ignore = [](const std::string&, const std::string&) {};
  bool has_note = false;
  json::each_object(issue, "journals", ignore, [&](const Object& journal) {
    has_note =
        has_note || (!journal.text("notes").empty() && journal.array("details") && journal.array("details")->size());
  });
  if (has_note)
    json::each_object(issue, "relations", ignore, [&](const Object& relation) {
      if (relation.text("relation_type") == "duplicates" && relation.integer("issue_id") == number)
        result.push_back(relation.required_integer("issue_to_id"));
    });
  return result;
}

std::set<std::int64_t> copied_notes(const Object& duplicate, const Object& original) {
  const auto ignore = [](const std::string&, const std::string&) {};
  const auto print_of = [](const Object& journal) {
    return fmt::format("{}\n{}\n{}", id_in(journal, "user").value_or(0), journal.text("created_on"),
                       journal.text("notes"));
  };
  std::set<std::string> said;
  json::each_object(original, "journals", ignore, [&](const Object& journal) { said.insert(print_of(journal)); });
  std::set<std::int64_t> result;
  json::each_object(duplicate, "journals", ignore, [&](const Object& journal) {
    const auto details = journal.array("details");
    if (!journal.text("notes").empty() && details && details->size() > 0 && said.contains(print_of(journal)))
      result.insert(journal.required_integer("id"));
  });
  return result;
}

}  // namespace resident::redmine

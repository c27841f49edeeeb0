#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <sources/forge/bug_story.hpp>

namespace resident::trackers {

EventRecord& BugStory::add(const std::string& kind, const Act& act) {
  EventRecord event;
  event.kind = kind;
  event.actor = act.actor;
  event.occurred_at = act.at;
  event.is_derived = act.is_derived;
  item_.events.push_back(std::move(event));
  item_.updated_at = std::max(item_.updated_at.value_or(0), act.at);
  return item_.events.back();
}

void BugStory::begin(const std::string& field, const std::string& value) {
  fields_[field].now = value;
}

void BugStory::begin_label(const std::string& label) {
  if (!has_label(label)) item_.labels.push_back(label);
}

void BugStory::set(const std::string& field, const std::string& value, const Act& act) {
  Field& known = fields_[field];
  if (known.now == value) return;
  known.changes.push_back({act.at, act.actor, known.now, value});
  known.now = value;
  item_.updated_at = std::max(item_.updated_at.value_or(0), act.at);
}

std::string BugStory::value(const std::string& field) const {
  const auto found = fields_.find(field);
  return found == fields_.end() ? std::string() : found->second.now;
}

bool BugStory::has_label(const std::string& label) const {
  return std::find(item_.labels.begin(), item_.labels.end(), label) != item_.labels.end();
}

std::vector<std::string> BugStory::labels_with(const std::string& prefix) const {
  std::vector<std::string> found;
  for (const std::string& label : item_.labels)
    if (label.starts_with(prefix)) found.push_back(label);
  return found;
}

void BugStory::label(const std::string& label, bool is_on, const Act& act) {
  if (has_label(label) == is_on) return;
  add(is_on ? "labeled" : "unlabeled", act).label = label;
  if (is_on)
    item_.labels.push_back(label);
  else
    std::erase(item_.labels, label);
}

void BugStory::close(const std::string& reason, const Act& act) {
  if (!is_open()) return;
  add("closed", act);
  item_.state = "closed";
  item_.state_reason = reason;
  item_.closed_at = act.at;
}

void BugStory::reopen(const Act& act) {
  if (is_open()) return;
  add("reopened", act);
  item_.state = "open";
  item_.state_reason.clear();
  item_.closed_at.reset();
}

void BugStory::assign(const PersonRecord& person, const Act& act) {
  const auto is_same = [&](const PersonRecord& other) {
    return other.login == person.login && other.email == person.email && other.name == person.name;
  };
  if (!item_.assignees.empty() && is_same(item_.assignees.front())) return;
  if (!item_.assignees.empty()) add("unassigned", act).subject = item_.assignees.front();
  item_.assignees.clear();
  if (!person.known()) return;
  add("assigned", act).subject = person;
  item_.assignees.push_back(person);
}

void BugStory::duplicate_of(std::int64_t original, const Act& act) {
  if (original == original_ || original == item_.number) return;
  if (original_ != 0) add("unmarked_as_duplicate", act).detail = fmt::format("#{}", original_);
  if (original != 0) add("marked_as_duplicate", act).detail = fmt::format("#{}", original);
  original_ = original;
}

void BugStory::rename(const std::string& title, const Act& act) {
  if (title.empty() || title == item_.title) return;
  add("renamed", act).detail = fmt::format("{} → {}", item_.title, title);
  item_.title = title;
}

void BugStory::event(const std::string& kind, const std::string& detail, const Act& act) {
  add(kind, act).detail = detail;
}

bool BugStory::has_comment(const std::string& key) const {
  return std::any_of(item_.comments.begin(), item_.comments.end(),
                     [&](const CommentRecord& comment) { return comment.key == key; });
}

void BugStory::comment(const std::string& key, const std::string& body, const std::string& reply_to, const Act& act) {
  if (trim(body).empty() || has_comment(key)) return;
  CommentRecord comment;
  comment.key = key;
  comment.author = act.actor;
  comment.created_at = act.at;
  comment.body = std::string(trim(body));
  if (has_comment(reply_to)) comment.reply_to = reply_to;
  item_.comments.push_back(std::move(comment));
  add("commented", act).key = key;
}

ItemRecord BugStory::finish() {
  for (const auto& [name, field] : fields_)
    add_label_history(name, field.changes, field.now, item_.updated_at.value_or(item_.created_at), item_);
  sort_events(item_);
  if (!item_.updated_at) item_.updated_at = item_.created_at;
  return std::move(item_);
}

std::string print_of_item(const ItemRecord& item) {
  const auto who = [](const PersonRecord& person) { return person.login + "/" + person.email + "/" + person.name; };
  std::string all = fmt::format("{}\n{}\n{}\n{}\n{} {} {} {} {}\n{}", item.title, item.body, item.url, who(item.author),
                                item.created_at, item.updated_at.value_or(0), item.state, item.state_reason,
                                item.closed_at.value_or(0), fmt::join(item.labels, ","));
  for (const auto& person : item.assignees) all += "\n" + who(person);
  for (const auto& event : item.events)
    all += fmt::format("\n{} {} {} {} {} {} {}", event.key, event.kind, event.occurred_at.value_or(0), event.label,
                       event.detail, who(event.actor), who(event.subject));
  for (const auto& comment : item.comments)
    all += fmt::format("\n{} {} {} {}", comment.key, comment.created_at, comment.body, who(comment.author));
  return fingerprint(all);
}

}  // namespace resident::trackers

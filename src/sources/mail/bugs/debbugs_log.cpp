#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/mail/bugs/debbugs_log.hpp>
#include <utility>

namespace resident::mail {

namespace {

using Kind = DebbugsMail::Kind;

const std::string kFound = "found in: ", kFixed = "fixed in: ", kForwarded = "forwarded";

std::string pseudo(const DebbugsMail& mail, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const auto found = mail.pseudo.find(name); found != mail.pseudo.end()) return found->second;
  return {};
}

// "src:pump/1.2-1" is version 1.2-1.
std::string bare_version(std::string_view version) {
  return std::string(version.substr(version.rfind('/') + 1));
}

std::string known_severity(const std::string& text) {
  const auto command = parse_command("severity 1 " + text);
  return command ? command->values.front() : "normal";
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> result;
  std::string word;
  for (const char c : text + " ")
    if (c != ' ' && c != ',' && c != '\t')
      word += c;
    else if (!word.empty())
      result.push_back(std::exchange(word, {}));
  return result;
}

}  // namespace

void DebbugsLog::take(DebbugsMail&& mail, std::int64_t file_bug) {
  if (host_.empty() && mail.host.find('.') != std::string::npos) host_ = mail.host;
  if (mail.kind == Kind::other) return;
  const bool is_of_bugs = mail.kind == Kind::control || mail.kind == Kind::transcript;
  if (mail.bug == 0 && !is_of_bugs) mail.bug = file_bug;
  if (!seen_.insert(is_of_bugs ? mail.key : fmt::format("{} {}", mail.key, mail.bug)).second) return;
  if (mail.kind == Kind::transcript) answered_.insert(mail.references.begin(), mail.references.end());
  entries_.push_back({std::move(mail), file_bug});
}

std::vector<ItemRecord> DebbugsLog::bugs() {
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    const auto rank = [](Kind kind) { return kind == Kind::report ? 0 : kind == Kind::transcript ? 2 : 1; };
    return std::pair(a.mail.at, rank(a.mail.kind)) < std::pair(b.mail.at, rank(b.mail.kind));
  });
  for (const Entry& entry : entries_) play(entry);
  std::vector<ItemRecord> result;
  for (auto& [number, story] : stories_) result.push_back(story.finish());
  return result;
}

std::string DebbugsLog::coverage() const {
  std::string text;
  if (late_ > 0)
    text = fmt::format("of {} the report is not in the archive: {} from the first mail on, as nobody's",
                       plural(late_, "bug"), late_ == 1 ? "it is known" : "they are known");
  if (!unknown_.empty())
    text += fmt::format("{}commands speak of {} of which the archive has no mail", text.empty() ? "" : "; ",
                        plural(static_cast<long long>(unknown_.size()), "other bug"));
  if (nameless_ > 0)
    text +=
        fmt::format("{}{} of which bug {}", text.empty() ? "" : "; ",
                    plural(nameless_, "mail does not say", "mails do not say"), nameless_ == 1 ? "it is" : "they are");
  return text;
}

BugStory* DebbugsLog::find(std::int64_t bug) {
  const auto found = stories_.find(bug);
  return found == stories_.end() ? nullptr : &found->second;
}

std::int64_t DebbugsLog::master(std::int64_t bug) const {
  const auto found = master_.find(bug);
  return found == master_.end() ? bug : found->second;
}

std::set<std::int64_t> DebbugsLog::together(std::int64_t bug) const {
  const auto found = merged_.find(master(bug));
  return found == merged_.end() ? std::set<std::int64_t>{bug} : found->second;
}

void DebbugsLog::play(const Entry& entry) {
  const DebbugsMail& mail = entry.mail;
  if (mail.kind == Kind::control || mail.kind == Kind::transcript) return run_commands(mail, 0);
  if (mail.bug == 0) {
    ++nameless_;
    return;
  }
  const Act act{mail.at, mail.actor};
  if (mail.kind == Kind::report && !find(mail.bug)) {
    open(mail.bug, mail);
    return run_commands(mail, mail.bug);
  }
  BugStory* story = find(mail.bug);
  if (!story) {
    // Its report is not in the archive: what its first mail says is all that is known of the beginning.
    begin_late(mail.bug, mail);
    story = find(mail.bug);
  }
  if (mail.kind == Kind::closed) return close(mail.bug, mail.version, act);
  const std::string reply_to = mail.references.empty() ? std::string() : mail.references.back();
  story->comment(mail.key, mail.text, reply_to, act);
  // The log of a bug that was made as a copy of another has that one's mails, too.
  if (entry.file_bug != mail.bug)
    if (BugStory* copy = find(entry.file_bug)) copy->comment(mail.key, mail.text, reply_to, act);
  if (mail.kind == Kind::done) {
    for (const std::int64_t each : together(mail.bug))
      if (BugStory* merged = find(each)) merged->label("pending", false, act);
    close(mail.bug, bare_version(pseudo(mail, {"source-version", "version"})), act);
  }
  if (mail.kind == Kind::forwarded) forward(mail.bug, "another tracker or its authors", act);
  run_commands(mail, mail.bug);
}

void DebbugsLog::open(std::int64_t number, const DebbugsMail& mail) {
  BugStory& story = stories_.emplace(number, BugStory(number)).first->second;
  ItemRecord& item = story.item();
  item.title = mail.title.empty() ? "(no subject)" : mail.title;
  item.body = std::string(trim(mail.text));
  item.author = mail.actor;
  item.created_at = mail.at;
  if (!host_.empty()) item.url = fmt::format("https://{}/{}", host_, number);
  std::string package = to_lower(pseudo(mail, {"package"}));
  if (const std::string source = to_lower(pseudo(mail, {"source"})); !source.empty())
    package = source.starts_with("src:") ? source : "src:" + source;
  story.begin("package", package);
  story.begin("severity", known_severity(pseudo(mail, {"severity", "priority"})));
  for (const std::string& tag : words(to_lower(pseudo(mail, {"tags", "tag", "keywords"})))) story.begin_label(tag);
  for (const std::string& tag : words(to_lower(pseudo(mail, {"usertags", "usertag"}))))
    story.begin_label("usertag: " + tag);
  if (const std::string version = bare_version(pseudo(mail, {"source-version", "version"})); !version.empty())
    story.begin_label(kFound + version);
  const Act act{mail.at, mail.actor};
  if (const std::string owner = pseudo(mail, {"owner"}); !owner.empty())
    story.assign(owner == "!" ? mail.actor : parse_author(owner), act);
  if (const std::string where = pseudo(mail, {"forwarded"}); !where.empty()) forward(number, where, act);
}

void DebbugsLog::begin_late(std::int64_t number, const DebbugsMail& mail) {
  ++late_;
  BugStory& story = stories_.emplace(number, BugStory(number)).first->second;
  ItemRecord& item = story.item();
  // "marked as done (pump: drips)", "fixed in pump 1.3-1"
  static const Pattern told(R"(^marked as done \((.*)\)$)");
  std::string title;
  item.title = told.matches(mail.title, &title) ? title : mail.title.empty() ? "(no subject)" : mail.title;
  item.created_at = mail.at;
  if (!host_.empty()) item.url = fmt::format("https://{}/{}", host_, number);
  if (!mail.package.empty()) story.begin("package", mail.package);
  for (const std::string& tag : words(mail.keywords)) story.begin_label(tag);
}

void DebbugsLog::run_commands(const DebbugsMail& mail, std::int64_t bug) {
  if (mail.kind != Kind::transcript && answered_.contains(mail.key)) return;  // the answer says what became of them
  const Act act{mail.at, mail.actor};
  std::map<std::int64_t, std::int64_t> numbers;  // of clones, as the mail calls them
  if (bug != 0) numbers[-1] = bug;
  const auto meant = [&](std::int64_t number) {
    if (number > 0) return number;
    const auto found = numbers.find(number);
    return found == numbers.end() ? std::int64_t{0} : found->second;
  };
  for (const AskedOf& asked : mail.asked) {
    if (asked.has_failed) continue;
    BugCommand command = asked.command;
    if (command.bug < 0 && asked.bug > 0) numbers.emplace(command.bug, asked.bug);  // the answer says which it is
    command.bug = meant(command.bug);
    if (command.bug == 0) continue;
    if (command.name == "clone") {
      for (std::size_t i = 0; i < asked.clones.size(); ++i) {
        if (i < command.others.size()) numbers[command.others[i]] = asked.clones[i];
        clone(command.bug, asked.clones[i], act);
      }
      continue;
    }
    for (std::int64_t& other : command.others) other = meant(other);
    std::erase(command.others, 0);
    if (command.name == "merge" || command.name == "forcemerge") {
      const bool is_certain = command.name == "forcemerge" || mail.kind == Kind::transcript;
      std::set<std::int64_t> all(command.others.begin(), command.others.end());
      all.insert(command.bug);
      if (is_certain || may_merge(all)) merge(command, act);
    } else {
      run(command, act);
    }
  }
}

void DebbugsLog::run(const BugCommand& command, const Act& act) {
  static constexpr std::array<std::string_view, 6> kOfVersions{"close", "found",    "notfound",
                                                               "fixed", "notfixed", "reassign"};
  const std::string& name = command.name;
  const std::string value = command.values.empty() ? std::string() : command.values.front();
  if (!find(command.bug)) {
    unknown_.insert(command.bug);
    return;
  }
  if (std::find(kOfVersions.begin(), kOfVersions.end(), name) != kOfVersions.end()) return run_versions(command, act);
  if (name == "tags" || name == "usertags" || name == "affects") return run_labels(command, act);
  if (name == "reopen") return reopen(command.bug, act);
  if (name == "unmerge") return unmerge(command.bug, act);
  if (name == "block" || name == "unblock") {
    for (const std::int64_t other : command.others) {
      relate(command.bug, "depends on", other, name == "block", act);
      relate(other, "blocks", command.bug, name == "block", act);
    }
    return;
  }
  for (const std::int64_t each : together(command.bug)) {
    BugStory* story = find(each);
    if (!story) continue;
    if (name == "severity") story->set("severity", value, act);
    if (name == "owner") story->assign(value == "!" ? act.actor : parse_author(value), act);
    if (name == "noowner") story->assign({}, act);
    if (name == "forwarded") forward(each, value, act);
    if (name == "notforwarded") forward(each, "", act);
    if (each != command.bug) continue;
    if (name == "retitle") story->rename(value, act);
    if (name == "submitter") story->event("field_changed", "submitter", act);
  }
}

void DebbugsLog::run_versions(const BugCommand& command, const Act& act) {
  const std::string& name = command.name;
  const auto all = together(command.bug);
  if (name == "close") return close(command.bug, command.values.empty() ? "" : bare_version(command.values[0]), act);
  if (name == "found" && command.values.empty()) return reopen(command.bug, act);
  for (const std::int64_t each : all) {
    BugStory* story = find(each);
    if (!story) continue;
    if (name == "reassign") {
      story->set("package", command.values.front(), act);
      for (const std::string& prefix : {kFound, kFixed})
        for (const std::string& label : story->labels_with(prefix)) story->label(label, false, act);
      if (command.values.size() > 1) story->label(kFound + bare_version(command.values[1]), true, act);
      continue;
    }
    for (const std::string& value : command.values) {
      const std::string version = bare_version(value);
      if (name == "found") {
        story->label(kFound + version, true, act);
        story->label(kFixed + version, false, act);
      }
      if (name == "notfound") story->label(kFound + version, false, act);
      if (name == "fixed") {
        story->label(kFixed + version, true, act);
        story->label(kFound + version, false, act);
      }
      if (name == "notfixed") story->label(kFixed + version, false, act);
    }
  }
  if (name == "found")
    for (const std::string& value : command.values) found_again(command.bug, bare_version(value), act);
}

// "=" takes away all that is not named.
void DebbugsLog::run_labels(const BugCommand& command, const Act& act) {
  const std::string prefix = command.name == "usertags"  ? "usertag: "
                             : command.name == "affects" ? "affects: "
                                                         : std::string();
  const bool is_whole = !command.values.empty() && command.values.front() == "=";
  for (const std::int64_t each : together(command.bug)) {
    BugStory* story = find(each);
    if (!story) continue;
    if (is_whole || command.values.empty())
      for (const std::string& label : story->labels_with(prefix)) {
        const bool is_tag = !prefix.empty() || (label.find(": ") == std::string::npos && label != kForwarded);
        const bool is_named = std::find(command.values.begin(), command.values.end(),
                                        "+" + label.substr(prefix.size())) != command.values.end();
        if (is_tag && !is_named) story->label(label, false, act);
      }
    for (const std::string& value : command.values)
      if (value.size() > 1) story->label(prefix + value.substr(1), value.front() == '+', act);
  }
}

void DebbugsLog::close(std::int64_t bug, const std::string& version, const Act& act) {
  for (const std::int64_t each : together(bug)) {
    BugStory* story = find(each);
    if (!story) continue;
    if (!version.empty()) {
      story->label(kFixed + version, true, act);
      story->label(kFound + version, false, act);
    }
    story->close("done", act);
  }
}

// Those that are merged into another stay closed: they are the same bug once more.
void DebbugsLog::reopen(std::int64_t bug, const Act& act) {
  for (const std::int64_t each : together(bug)) {
    BugStory* story = find(each);
    if (!story) continue;
    for (const std::string& label : story->labels_with(kFixed)) story->label(label, false, act);
    if (each == master(bug) || !find(master(bug))) story->reopen(act);
  }
}

// In a version that is at or above all in which it is fixed, or of which none is known.
void DebbugsLog::found_again(std::int64_t bug, const std::string& version, const Act& act) {
  BugStory* story = find(master(bug));
  if (!story) story = find(bug);
  if (!story || story->is_open()) return;
  for (const std::string& label : story->labels_with(kFixed))
    if (compare_versions(version, label.substr(kFixed.size())) < 0) return;
  story->reopen(act);
}

// Without force, only what is alike in these is merged.
bool DebbugsLog::may_merge(const std::set<std::int64_t>& bugs) const {
  const BugStory* first = nullptr;
  for (const std::int64_t bug : bugs) {
    const auto found = stories_.find(master(bug));
    if (found == stories_.end()) continue;
    const BugStory& story = found->second;
    if (!first) {
      first = &story;
      continue;
    }
    const bool is_alike = story.is_open() == first->is_open() && story.value("severity") == first->value("severity") &&
                          story.value("package") == first->value("package") &&
                          story.has_label(kForwarded) == first->has_label(kForwarded);
    if (!is_alike) return false;
  }
  return true;
}

void DebbugsLog::merge(const BugCommand& command, const Act& act) {
  std::set<std::int64_t> all = together(command.bug);
  for (const std::int64_t other : command.others) all.merge(together(other));
  for (const std::int64_t each : all) merged_.erase(each);
  // Of a group that is there already the one that counted; of bugs that are alike the oldest.
  const bool is_forced = command.name == "forcemerge" || master_.contains(command.bug);
  std::int64_t first = is_forced ? master(command.bug) : *all.begin();
  if (!find(first))
    for (const std::int64_t each : all)
      if (find(each)) {
        first = each;
        break;
      }
  merged_[first] = all;
  BugStory* counts = find(first);
  for (const std::int64_t each : all) {
    master_[each] = first;
    BugStory* story = find(each);
    if (!story || each == first) continue;
    if (counts)
      for (const std::string& label : story->item().labels)
        if (label != kForwarded) counts->label(label, true, act);
    story->duplicate_of(first, act);
    story->close("duplicate", act);
    story->item().state_reason = "duplicate";
  }
  if (counts) counts->duplicate_of(0, act);
}

void DebbugsLog::unmerge(std::int64_t bug, const Act& act) {
  std::set<std::int64_t> rest = together(bug);
  if (rest.size() < 2) return;
  const std::int64_t first = master(bug);
  BugStory *story = find(bug), *counts = find(first);
  const bool was_open = !counts || counts->is_open();
  rest.erase(bug);
  merged_.erase(first);
  master_.erase(bug);
  const std::int64_t next = bug == first ? *rest.begin() : first;
  for (const std::int64_t each : rest) {
    if (rest.size() > 1)
      master_[each] = next;
    else
      master_.erase(each);
    BugStory* other = find(each);
    if (!other) continue;
    other->duplicate_of(each == next ? 0 : next, act);
    if (each == next && was_open) other->reopen(act);
  }
  if (rest.size() > 1) merged_[next] = rest;
  if (!story) return;
  story->duplicate_of(0, act);
  if (was_open)
    story->reopen(act);
  else if (!story->is_open())
    story->item().state_reason = "done";
}

void DebbugsLog::clone(std::int64_t bug, std::int64_t number, const Act& act) {
  const BugStory* from = find(bug);
  if (!from || find(number) || number <= 0) return;
  BugStory story(number);
  const ItemRecord& old = from->item();
  ItemRecord& item = story.item();
  item.title = old.title;
  item.body = old.body;
  item.author = old.author;
  item.created_at = act.at;
  if (!host_.empty()) item.url = fmt::format("https://{}/{}", host_, number);
  item.labels = old.labels;
  for (const char* field : {"package", "severity"}) story.begin(field, from->value(field));
  story.event("relation_added", fmt::format("copied from #{}", bug), act);
  if (!from->is_open()) story.close("done", act);
  stories_.emplace(number, std::move(story));
}

void DebbugsLog::forward(std::int64_t bug, const std::string& where, const Act& act) {
  BugStory* story = find(bug);
  if (!story) return;
  std::string& known = forwarded_[bug];
  const std::string told = one_line(blank_emails(where));
  if (known == told) return;
  if (!known.empty()) story->event("relation_removed", "forwarded to " + known, act);
  if (!told.empty()) story->event("relation_added", "forwarded to " + told, act);
  story->label(kForwarded, !told.empty(), act);
  known = told;
}

void DebbugsLog::relate(std::int64_t bug, const std::string& what, std::int64_t other, bool is_new, const Act& act) {
  if (BugStory* story = find(bug))
    story->event(is_new ? "relation_added" : "relation_removed", fmt::format("{} #{}", what, other), act);
}

}  // namespace resident::mail

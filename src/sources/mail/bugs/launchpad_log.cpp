#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <set>
#include <sources/mail/bugs/launchpad_log.hpp>

namespace resident::mail {

namespace {

// Launchpad's own: the work is done, or will not be.
bool is_resolved(const std::string& status) {
  static const std::set<std::string> resolved{"fix released", "invalid", "won't fix",
                                              "expired",      "opinion", "does not exist"};
  return resolved.contains(to_lower(status));
}

bool is_nobody(const std::string& text) {
  return text.empty() || text == "None" || text == "(unassigned)";
}

PersonRecord assignee_in(const std::string& text) {
  PersonRecord person;
  if (is_nobody(text)) return person;
  const std::size_t open = text.rfind('(');
  person.provider = "launchpad";
  person.name = std::string(trim(text.substr(0, open)));
  if (open != std::string::npos && text.ends_with(')')) person.login = text.substr(open + 1, text.size() - open - 2);
  return person;
}

}  // namespace

struct LaunchpadLog::State {
  BugStory story;
  std::map<std::string, std::string> status;  // by target, as far as is known
  std::int64_t original = 0;
  Timestamp until = 0;
};

void LaunchpadLog::take(LaunchpadMail&& mail) {
  // The same notification may have reached the list for several reasons.
  if (!seen_.insert(fmt::format("{} {}", mail.key, mail.bug)).second) return;
  mails_[mail.bug].push_back(std::move(mail));
}

std::string LaunchpadLog::main_target() const {
  std::map<std::string, std::size_t> bugs;
  for (const auto& [bug, mails] : mails_)
    for (const auto& [target, task] : mails.back().tasks) ++bugs[target];
  std::string most;
  for (const auto& [target, count] : bugs)
    if (count * 2 > mails_.size() && (most.empty() || count > bugs[most])) most = target;
  return most;
}

std::vector<ItemRecord> LaunchpadLog::bugs() {
  for (auto& [bug, mails] : mails_)
    std::stable_sort(mails.begin(), mails.end(), [](const LaunchpadMail& a, const LaunchpadMail& b) {
      return std::pair(a.at, !a.is_new) < std::pair(b.at, !b.is_new);
    });
  main_ = main_target();
  std::vector<ItemRecord> result;
  for (const auto& [bug, mails] : mails_) {
    State state{BugStory(bug), {}, 0, 0};
    undated_ += !mails.front().is_new && !mails.front().opened;
    open(mails.front(), state);
    for (const LaunchpadMail& mail : mails) play(mail, state);
    result.push_back(state.story.finish());
  }
  return result;
}

std::string LaunchpadLog::coverage() const {
  if (undated_ == 0) return {};
  return fmt::format("when {} opened is not told: the first mail of each counts",
                     plural(undated_, "bug was", "bugs were"));
}

void LaunchpadLog::open(const LaunchpadMail& first, State& state) const {
  ItemRecord& item = state.story.item();
  item.title = first.title.empty() ? "(no title)" : first.title;
  item.body = first.description;
  item.author = first.reporter.known() ? first.reporter : first.is_new ? first.actor : PersonRecord{};
  if (first.is_new && first.actor.login == item.author.login && !first.actor.email.empty())
    item.author.email = first.actor.email;
  item.created_at = first.is_new ? first.at : first.opened.value_or(first.at);
  item.url = fmt::format("https://bugs.launchpad.net/bugs/{}", item.number);
  if (first.is_private) state.story.begin_label("visibility: private");
  // As it stood before the first mail: the headers tell how it stands after it.
  for (const auto& [target, task] : first.tasks) {
    std::string status = task.status, importance = task.importance;
    for (auto change = first.changes.rbegin(); change != first.changes.rend(); ++change) {
      if (to_lower(change->target) != target || first.is_new) continue;
      if (change->what == "Status" && !change->before.empty()) status = change->before;
      if (change->what == "Importance" && !change->before.empty()) importance = change->before;
    }
    state.status[target] = status;
    const std::string of = target == main_ ? "" : " in " + target;
    state.story.begin("status" + of, status);
    state.story.begin("importance" + of, importance);
  }
  std::set<std::string> tags(first.tags.begin(), first.tags.end());
  if (!first.is_new)
    for (const LaunchpadChange& change : first.changes) {
      if (change.what == "tag") tags.erase(change.after);
      if (change.what == "untag") tags.insert(change.after);
    }
  for (const std::string& tag : tags) state.story.begin_label(tag);
  const bool was_duplicate =
      first.duplicate_of > 0 && std::none_of(first.changes.begin(), first.changes.end(),
                                             [](const auto& each) { return each.what == "duplicate"; });
  const Act since{item.created_at, {}, true};
  if (was_duplicate && !first.is_new) {
    state.original = first.duplicate_of;
    state.story.duplicate_of(first.duplicate_of, since);
  }
  settle(since, state);
}

void LaunchpadLog::play(const LaunchpadMail& mail, State& state) const {
  const Act act{mail.at, mail.actor};
  for (const LaunchpadChange& each : mail.changes)
    if (!mail.is_new || each.what == "duplicate" || each.what == "Assignee") change(each, act, state);
  // What the headers know and no mail of the archive told.
  const Act untold{mail.at, {}, true};
  for (const auto& [target, task] : mail.tasks) {
    set(target, "status", task.status, untold, state);
    set(target, "importance", task.importance, untold, state);
    if (counts(target) && task.tells_assignee && mail.tasks.size() == 1) state.story.assign({}, untold);
  }
  std::set<std::string> tags(mail.tags.begin(), mail.tags.end());
  for (const std::string& label : std::vector<std::string>(state.story.item().labels))
    if (label != "visibility: private") state.story.label(label, tags.contains(label), untold);
  for (const std::string& tag : tags) state.story.label(tag, true, untold);
  state.story.label("visibility: private", mail.is_private, untold);
  if (mail.duplicate_of != state.original) {
    state.original = mail.duplicate_of;
    state.story.duplicate_of(mail.duplicate_of, untold);
  }
  if (!mail.title.empty()) state.story.rename(mail.title, untold);
  settle(act, state);
  if (!mail.is_new)
    state.story.comment(mail.key, mail.comment, mail.references.empty() ? std::string() : mail.references.back(), act);
}

void LaunchpadLog::set(const std::string& target, const std::string& field, const std::string& value, const Act& act,
                       State& state) const {
  if (value.empty()) return;
  state.story.set(field + (target == main_ ? "" : " in " + target), value, act);
  if (field == "status") state.status[target] = value;
}

void LaunchpadLog::change(const LaunchpadChange& change, const Act& act, State& state) const {
  const std::string target = to_lower(change.target), &what = change.what;
  BugStory& story = state.story;
  if (what == "Status" || what == "Importance") {
    set(target, to_lower(what), change.after, act, state);
  } else if (what == "Assignee") {
    if (counts(target)) story.assign(assignee_in(change.after), act);
  } else if (what == "Milestone") {
    if (!counts(target)) return;
    if (!is_nobody(change.before)) story.event("demilestoned", change.before, act);
    if (!is_nobody(change.after)) story.event("milestoned", change.after, act);
    story.item().milestone = is_nobody(change.after) ? "" : change.after;
  } else if (what == "tag" || what == "untag") {
    story.label(change.after, what == "tag", act);
  } else if (what == "duplicate") {
    state.original = change.after.empty() ? 0 : std::strtoll(change.after.c_str(), nullptr, 10);
    story.duplicate_of(state.original, act);
  } else if (what == "summary") {
    story.rename(change.after, act);
  } else if (what == "description") {
    story.event("description_edited", "", act);
  } else if (what == "attachment") {
    story.event(change.after.empty() ? "attachment_removed" : "attachment_added",
                change.after.empty() ? change.before : change.after, act);
  } else if (what == "watch") {
    story.event(change.after.empty() ? "relation_removed" : "relation_added",
                "reported as " + (change.after.empty() ? change.before : change.after), act);
  } else if (what == "unaffects" || what == "moves") {
    const std::string gone = to_lower(change.before), of = gone == main_ ? "" : " in " + gone;
    for (const char* field : {"status", "importance"}) story.set(field + of, "", act);
    state.status.erase(gone);
    story.event("field_changed",
                what == "moves" ? fmt::format("from {} to {}", change.before, change.after)
                                : fmt::format("no longer in {}", change.before),
                act);
  } else if (what == "affects") {
    story.event("field_changed", fmt::format("also in {}", change.after), act);
  }
}

// Open or closed, by the statuses.
void LaunchpadLog::settle(const Act& act, State& state) const {
  bool is_open = false, is_decided = false;
  const bool has_main = state.status.contains(main_);
  std::string reason;
  for (const auto& [target, status] : state.status) {
    // "Unknown" is what another tracker has, and did not tell.
    if ((has_main && target != main_) || status == "Unknown") continue;
    is_decided = true;
    if (!is_resolved(status))
      is_open = true;
    else if (reason.empty())
      reason = to_lower(status);
  }
  is_open = is_open || !is_decided;
  if (state.original != 0) {
    is_open = false;
    reason = "duplicate";
  }
  if (is_open) return state.story.reopen(act);
  state.story.close(reason, act);
  state.story.item().state_reason = reason;
}

}  // namespace resident::mail

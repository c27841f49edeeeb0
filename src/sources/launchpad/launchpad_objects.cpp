#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cstdlib>
#include <set>
#include <sources/launchpad/launchpad_objects.hpp>

namespace resident::launchpad {

namespace {

using json::Object;
using trackers::Act;
using trackers::BugStory;

constexpr std::size_t kLongestDetail = 100;
constexpr Timestamp kAtOnce = 60;  // a bug and its first tasks are not made in the same moment

struct Task {
  std::string name;    // as the log calls it: "pump (Ubuntu)"
  std::string target;  // "ubuntu/+source/pump"
  std::string status, importance, assignee, milestone;
  Timestamp created_at = 0;
  std::optional<Timestamp> reached_at;  // its status, as far as a date is kept for it
};

struct Change {
  Timestamp at = 0;
  std::string login, what, before, after;
};

// "None" and null are nothing, but as a person's or a project's name.
std::string value_in(const Object& object, std::string_view key) {
  std::string value = object.text(key);
  return value == "None" ? std::string() : value;
}

std::string date_key(const std::string& status) {
  std::string key = "date_" + to_lower(status);
  std::replace(key.begin(), key.end(), ' ', '_');
  return is_resolved(status) && status != "Fix Released" ? "date_closed" : key;
}

Task task_in(const Object& object, Timestamp opened) {
  Task task;
  task.name = object.required_text("bug_target_name");
  task.target = path_of(object.text("target_link"));
  task.status = object.required_text("status");
  task.importance = value_in(object, "importance");
  task.assignee = path_of(object.text("assignee_link"));
  const std::string milestone = path_of(object.text("milestone_link"));
  task.milestone = milestone.substr(milestone.rfind('/') + 1);
  task.created_at = object.time("date_created").value_or(opened);
  task.reached_at = object.time(date_key(task.status));
  return task;
}

template <class Read>
void each_in(const std::vector<json::Array>& pages, std::string_view name, const trackers::Problem& problem,
             const Read& read) {
  std::size_t position = 0;
  for (const json::Array& page : pages)
    for (const json::Element element : page) {
      const std::string place = fmt::format("{}/{}", name, position++);
      try {
        read(Object(element, place));
      } catch (const Error& error) {
        problem(place, error.what());
      }
    }
}

// "Ann Arden (ann)", as the log writes who is assigned.
std::string login_in(const std::string& text) {
  const std::size_t open = text.rfind('(');
  return open == std::string::npos || !text.ends_with(')') ? std::string()
                                                           : text.substr(open + 1, text.size() - open - 2);
}

std::int64_t number_in(const std::string& text) {
  const std::size_t digit = text.find_first_of("0123456789");
  return digit == std::string::npos ? 0 : std::strtoll(text.c_str() + digit, nullptr, 10);
}

std::set<std::string> words_in(const std::string& text) {
  std::set<std::string> words;
  for (const std::string_view word : split(text, ' '))
    if (!trim(word).empty()) words.emplace(trim(word));
  return words;
}

bool is_private_type(const std::string& type) {
  const std::string name = to_lower(type);
  return name.starts_with("private") || name == "proprietary" || name == "embargoed" || name == "true";
}

bool is_security_type(const std::string& type) {
  return to_lower(type).ends_with("security") || to_lower(type) == "yes" || type == "True";
}

// One bug while its log is played.
class BugPlay {
 public:
  BugPlay(const BugParts& parts, const Settings& settings, const trackers::Problem& problem)
      : bug_(parts.bug), settings_(settings), story_(json::item_number(parts.bug, "id")) {
    opened_ = bug_.required_time("date_created");
    each_in(parts.tasks, "bug_tasks", problem,
            [&](const Object& object) { tasks_.push_back(task_in(object, opened_)); });
    each_in(parts.activity, "activity", problem, [&](const Object& object) {
      changes_.push_back({object.required_time("datechanged"), path_of(object.text("person_link")),
                          object.text("whatchanged"), value_in(object, "oldvalue"), value_in(object, "newvalue")});
    });
    std::stable_sort(changes_.begin(), changes_.end(), [](const Change& a, const Change& b) { return a.at < b.at; });
    choose_main();
    each_in(parts.messages, "messages", problem, [&](const Object& object) { add_message(object); });
    for (std::size_t i = 0; i < changes_.size(); ++i)
      steps_.push_back({changes_[i].at, [this, i] { play(changes_[i]); }});
    add_untold();
    std::stable_sort(steps_.begin(), steps_.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
  }

  ItemRecord take() {
    open();
    for (const Step& step : steps_) step.play();
    end();
    ItemRecord item = story_.finish();
    item.updated_at = std::max(item.updated_at.value_or(0), bug_.time("date_last_updated").value_or(opened_));
    for (CommentRecord& comment : item.comments)
      if (const auto edited = edited_.find(comment.key); edited != edited_.end()) comment.updated_at = edited->second;
    return item;
  }

 private:
  struct Step {
    Timestamp at = 0;
    std::function<void()> play;
  };

  PersonRecord who(const std::string& path) const {
    return path.starts_with('~') ? settings_.account(path.substr(1)).person : PersonRecord{};
  }
  Act act_of(const Change& change) const { return {change.at, who(change.login)}; }
  Act untold_at(Timestamp at) const { return {at, {}, true}; }

  // The task of the place itself; of a distribution's packages the only one that there is.
  void choose_main() {
    std::vector<const Task*> own;
    for (const Task& task : tasks_)
      if (is_within(task.target, settings_.target)) own.push_back(&task);
    for (const Task* task : own)
      if (task->target == settings_.target || own.size() == 1) main_ = to_lower(task->name);
    for (const Task* task : own)
      if (main_.empty() || to_lower(task->name) == main_) decisive_.insert(to_lower(task->name));
  }

  // As it is called now: a task may have gone from one project to another.
  std::string current_name(const std::string& name) const {
    std::string current = to_lower(name);
    const auto stands = [&] {
      return std::any_of(tasks_.begin(), tasks_.end(),
                         [&](const Task& task) { return to_lower(task.name) == current; });
    };
    for (std::size_t i = 0; i < changes_.size() && !stands(); ++i)
      if (changes_[i].what == "affects" && to_lower(changes_[i].before) == current)
        current = to_lower(changes_[i].after);
    return current;
  }

  std::string field(const std::string& name, const std::string& task) const {
    return task == main_ ? name : fmt::format("{} in {}", name, task);
  }

  // The first value of a field, as the first change of it left it; nothing where none was.
  std::optional<std::string> first_value(const std::string& task, std::string_view name) const {
    for (const Change& change : changes_)
      if (const auto [of, what] = task_change(change); what == name && of == task) return change.before;
    return std::nullopt;
  }

  // "pump (Ubuntu): status" in its parts, lower case; "" and all of it where it is of the bug.
  std::pair<std::string, std::string> task_change(const Change& change) const {
    const std::size_t colon = change.what.rfind(": ");
    if (colon == std::string::npos) return {"", change.what};
    return {current_name(change.what.substr(0, colon)), change.what.substr(colon + 2)};
  }

  void open() {
    ItemRecord& item = story_.item();
    item.title = bug_.required_text("title");
    for (auto change = changes_.rbegin(); change != changes_.rend(); ++change)
      if ((change->what == "summary" || change->what == "title") && !change->before.empty())
        item.title = change->before;
    item.body = bug_.text("description");
    item.author = who(path_of(bug_.text("owner_link")));
    item.created_at = opened_;
    item.url = bug_.text("web_link");
    if (const auto affected = bug_.integer("users_affected_count")) item.reaction_count = affected;
    std::set<std::string> tags;
    bool tells_tags = false;
    for (const Change& change : changes_)
      if (change.what == "tags" && !tells_tags) tags = words_in(change.before), tells_tags = true;
    for (const std::string& tag : tells_tags ? tags : tags_now()) story_.begin_label(tag);
    begin_visibility();
    for (const Task& task : tasks_) {
      if (task.created_at > opened_ + kAtOnce) {
        const Task* added = &task;
        steps_.insert(std::upper_bound(steps_.begin(), steps_.end(), task.created_at,
                                       [](Timestamp at, const Step& step) { return at < step.at; }),
                      {task.created_at, [this, added] { begin_task(*added, true); }});
      } else {
        begin_task(task, false);
      }
    }
    settle(untold_at(opened_));
  }

  void begin_visibility() {
    bool is_private = bug_.boolean("private"), is_security = bug_.boolean("security_related");
    for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
      if (change->what == "information type") {
        is_private = is_private_type(change->before);
        is_security = is_security_type(change->before);
      } else if (change->what == "visibility") {
        is_private = is_private_type(change->before);
      } else if (change->what == "security vulnerability") {
        is_security = is_security_type(change->before);
      }
    }
    if (is_private) story_.begin_label("visibility: private");
    if (is_security) story_.begin_label("security vulnerability");
  }

  // Where the log tells of no change of its status, it has it from the beginning, or since the date that is kept.
  std::string first_status(const Task& task) const {
    if (const auto told = first_value(to_lower(task.name), "status")) return *told;
    return task.reached_at && *task.reached_at > task.created_at + kAtOnce ? "New" : task.status;
  }

  void begin_task(const Task& task, bool is_added) {
    const std::string name = to_lower(task.name);
    const std::string importance = first_value(name, "importance").value_or(task.importance);
    const Act act = untold_at(task.created_at);
    if (is_added) {
      story_.set(field("status", name), first_status(task), act);
      story_.set(field("importance", name), importance, act);
    } else {
      story_.begin(field("status", name), first_status(task));
      story_.begin(field("importance", name), importance);
    }
    status_[name] = first_status(task);
    if (is_added) settle(act);
  }

  // What dates of a task know and no log tells.
  void add_untold() {
    for (const Task& task : tasks_)
      if (const Task* known = &task;
          !first_value(to_lower(task.name), "status") && task.reached_at && first_status(task) != task.status)
        steps_.push_back({*task.reached_at, [this, known] {
                            set_status(to_lower(known->name), known->status, untold_at(*known->reached_at));
                          }});
  }

  void set_status(const std::string& task, const std::string& status, const Act& act) {
    story_.set(field("status", task), status, act);
    if (status.empty())
      status_.erase(task);
    else
      status_[task] = status;
    if (decisive_.contains(task)) story_.set("incomplete", status == "Incomplete" ? "without response" : "", act);
    settle(act);
  }

  void play(const Change& change) {
    const auto [task, what] = task_change(change);
    if (!task.empty() && play_task(task, what, change)) return;
    if (!play_bug(what, change)) play_other(what, change);
  }

  bool play_task(const std::string& task, const std::string& what, const Change& change) {
    if (what == "status") {
      set_status(task, change.after, act_of(change));
    } else if (what == "importance") {
      story_.set(field("importance", task), change.after, act_of(change));
    } else if (what == "assignee") {
      if (decisive_.contains(task)) assign(login_in(change.before), login_in(change.after), act_of(change));
    } else if (what == "milestone") {
      if (!decisive_.contains(task)) return true;
      if (!change.before.empty()) story_.event("demilestoned", change.before, act_of(change));
      if (!change.after.empty()) story_.event("milestoned", change.after, act_of(change));
    } else {
      return false;
    }
    return true;
  }

  bool play_bug(const std::string& what, const Change& change) {
    const Act act = act_of(change);
    if (what == "bug" || what.starts_with("removed subscriber")) return true;
    if (what == "summary" || what == "title") {
      story_.rename(change.after, act);
    } else if (what == "description") {
      story_.event("description_edited", "", act);
    } else if (what == "tags") {
      set_tags(words_in(change.after), act);
    } else if (what == "marked as duplicate" || what == "changed duplicate marker" ||
               what == "removed duplicate marker") {
      set_original(number_in(change.after), act);
    } else if (what == "information type") {
      story_.label("visibility: private", is_private_type(change.after), act);
      story_.label("security vulnerability", is_security_type(change.after), act);
    } else if (what == "visibility") {
      story_.label("visibility: private", is_private_type(change.after), act);
    } else if (what == "security vulnerability") {
      story_.label("security vulnerability", is_security_type(change.after), act);
    } else {
      return false;
    }
    return true;
  }

  void play_other(const std::string& what, const Change& change) {
    const Act act = act_of(change);
    const bool is_added = !change.after.empty();
    const std::string& value = is_added ? change.after : change.before;
    if (what == "attachment added" || what == "attachment removed") {
      // Its title, then its address.
      const std::size_t address = value.rfind(" http");
      story_.event(is_added ? "attachment_added" : "attachment_removed", value.substr(0, address), act);
    } else if (const std::string relation = relation_of(what); !relation.empty()) {
      story_.event(is_added ? "relation_added" : "relation_removed", relation + value, act);
    } else if (what == "nominated for series") {
      story_.event("nominated", "for " + change.after, act);
    } else if (what == "bug task added") {
      story_.event("field_changed", "also in " + change.after, act);
    } else if (what == "bug task deleted") {
      story_.event("field_changed", "no longer in " + change.before, act);
      if (const std::string name = current_name(change.before); status_.contains(name)) {
        story_.set(field("importance", name), "", act);
        set_status(name, "", act);
      }
    } else if (what == "affects") {
      story_.event("field_changed", fmt::format("from {} to {}", change.before, change.after), act);
    } else if (what == "converted to question") {
      story_.event("field_changed", "became question " + change.after, act);
    } else {
      story_.event("field_changed", what.substr(0, kLongestDetail), act);
    }
  }

  static std::string relation_of(const std::string& what) {
    if (what.starts_with("bug watch ")) return "reported as ";
    if (what.starts_with("cve ")) return "CVE-";
    if (what.starts_with("merge proposal ")) return "proposed in ";
    if (what.starts_with("branch ")) return "branch ";
    return {};
  }

  // A team is no person: it is told in words.
  void assign(const std::string& before, const std::string& after, const Act& act) {
    const Account old = before.empty() ? Account{} : settings_.account(before);
    const Account next = after.empty() ? Account{} : settings_.account(after);
    if (old.is_team) story_.event("unassigned", "team " + old.person.name, act);
    story_.assign(next.is_team ? PersonRecord{} : next.person, act);
    if (next.is_team) story_.event("assigned", "team " + next.person.name, act);
  }

  void set_tags(const std::set<std::string>& tags, const Act& act) {
    for (const std::string& label : std::vector<std::string>(story_.item().labels))
      if (label != "visibility: private" && label != "security vulnerability")
        story_.label(label, tags.contains(label), act);
    for (const std::string& tag : tags) story_.label(tag, true, act);
  }

  std::set<std::string> tags_now() const {
    std::set<std::string> tags;
    if (const auto list = bug_.array("tags"))
      for (const json::Element tag : *list) tags.insert(json::text_of(tag, "tags"));
    return tags;
  }

  void set_original(std::int64_t original, const Act& act) {
    original_ = original;
    story_.duplicate_of(original, act);
    settle(act);
  }

  // The first is the description as it was first written.
  void add_message(const Object& object) {
    const std::string link = object.text("self_link"), index = link.substr(link.rfind('/') + 1);
    const Timestamp at = object.required_time("date_created");
    const bool is_hidden = (object.has("visible") && !object.boolean("visible")) || object.has("date_deleted");
    if (index == "0" || is_hidden) return;
    if (const auto edited = object.time("date_last_edited")) edited_[index] = *edited;
    steps_.push_back({at, [this, at, index, body = object.text("content"), login = path_of(object.text("owner_link"))] {
                        const Act act{at, who(login)};
                        story_.comment(index, body, "", act);
                        if (story_.value("incomplete") == "without response")
                          story_.set("incomplete", "with response", act);
                      }});
  }

  // Open or closed, by the statuses; a duplicate is closed.
  void settle(const Act& act) {
    bool is_open = false, is_decided = false;
    std::string reason;
    for (const auto& [task, status] : status_) {
      // "Unknown" is what another tracker has, and did not tell.
      if (!decisive_.contains(task) || status == "Unknown") continue;
      is_decided = true;
      if (!is_resolved(status))
        is_open = true;
      else if (reason.empty())
        reason = to_lower(status);
    }
    is_open = is_open || !is_decided;
    if (original_ != 0) is_open = false, reason = "duplicate";
    if (is_open) return story_.reopen(act);
    story_.close(reason, act);
    story_.item().state_reason = reason;
  }

  // As it stands now, where the log did not lead there.
  void end() {
    const Act act = untold_at(
        std::max(story_.item().updated_at.value_or(opened_), bug_.time("date_last_updated").value_or(opened_)));
    for (const Task& task : tasks_) {
      const std::string name = to_lower(task.name);
      if (status_[name] != task.status) set_status(name, task.status, act);
      story_.set(field("importance", name), task.importance, act);
      if (!decisive_.contains(name)) continue;
      if (!task.milestone.empty() && story_.item().milestone.empty()) story_.item().milestone = task.milestone;
      if (task.assignee.starts_with('~') && (name == main_ || decisive_.size() == 1)) {
        const Account assignee = settings_.account(task.assignee.substr(1));
        if (!assignee.is_team) story_.assign(assignee.person, act);
      } else if (name == main_) {
        story_.assign({}, act);
      }
    }
    const std::set<std::string> tags = tags_now();
    set_tags(tags, act);
    story_.label("visibility: private", bug_.boolean("private"), act);
    story_.label("security vulnerability", bug_.boolean("security_related"), act);
    story_.rename(bug_.required_text("title"), act);
    if (const std::string original = path_of(bug_.text("duplicate_of_link")); number_in(original) != original_)
      set_original(number_in(original), act);
  }

  const Object& bug_;
  const Settings& settings_;
  BugStory story_;
  std::vector<Task> tasks_;
  std::vector<Change> changes_;
  std::vector<Step> steps_;
  std::string main_;                           // lower case, as all names of tasks here
  std::set<std::string> decisive_;             // the tasks by which it is open or closed
  std::map<std::string, std::string> status_;  // by task
  std::map<std::string, Timestamp> edited_;
  std::int64_t original_ = 0;
  Timestamp opened_ = 0;
};

}  // namespace

std::string path_of(const std::string& link) {
  const std::size_t scheme = link.find("://");
  const std::size_t host = scheme == std::string::npos ? std::string::npos : link.find('/', scheme + 3);
  if (host == std::string::npos) return link;
  const std::size_t version = link.find('/', host + 1);
  return version == std::string::npos ? std::string() : link.substr(version + 1);
}

bool is_within(const std::string& target, const std::string& place) {
  return target == place || target.starts_with(place + "/");
}

bool is_resolved(const std::string& status) {
  static const std::set<std::string> resolved{"fix released", "invalid",  "won't fix",     "expired",
                                              "opinion",      "rejected", "does not exist"};
  return resolved.contains(to_lower(status));
}

ItemRecord bug(const BugParts& parts, const Settings& settings, const trackers::Problem& problem) {
  return BugPlay(parts, settings, problem).take();
}

}  // namespace resident::launchpad

#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/forge/tracker_sync.hpp>
#include <sources/gerrit/change_history.hpp>
#include <sources/gerrit/gerrit_objects.hpp>

namespace resident::gerrit {

namespace {

using json::Object;

constexpr std::size_t kMostFiles = 20'000;

std::optional<Timestamp> parse_moment(std::string text) {
  // No zone stands behind it.
  if (const std::size_t point = text.find('.'); point != std::string::npos) text.resize(point);
  if (text.size() != 19 || text[10] != ' ') return std::nullopt;
  text[10] = 'T';
  return parse_time(text + "Z");
}

// Accounts stand by their numbers in texts: <GERRIT_ACCOUNT_12>.
std::string with_names(const std::string& text, const std::map<std::int64_t, PersonRecord>& people) {
  static const std::string kOpening = "<GERRIT_ACCOUNT_";
  std::string result;
  std::size_t at = 0;
  for (;;) {
    const std::size_t begin = text.find(kOpening, at);
    const std::size_t end = begin == std::string::npos ? begin : text.find('>', begin);
    if (end == std::string::npos) break;
    result.append(text, at, begin - at);
    const std::string digits = text.substr(begin + kOpening.size(), end - begin - kOpening.size());
    std::int64_t number = 0;
    const bool is_number =
        !digits.empty() && digits.size() < 16 && digits.find_first_not_of("0123456789") == std::string::npos;
    if (is_number) number = std::stoll(digits);
    const auto found = people.find(number);
    result += found == people.end()          ? "account " + one_line(digits)
              : !found->second.name.empty()  ? found->second.name
              : !found->second.login.empty() ? found->second.login
                                             : "account " + digits;
    at = end + 1;
  }
  return result + text.substr(at);
}

class Reader {
 public:
  Reader(const Object& detail, const Settings& settings, const json::Problem& problem)
      : detail_(detail), settings_(settings), problem_(problem) {}

  ChangeFacts take(const std::optional<Object>& comments) {
    head();
    people();
    patch_sets();
    messages();
    if (comments) remarks(*comments);
    votes();
    reviewers();
    robots();
    attention();
    relations();
    requirements();
    return std::move(facts_);
  }

 private:
  PersonRecord account(const Object& object, std::string_view key) {
    const PersonRecord found = person(object.object(key), settings_.provider);
    if (!found.account_id) return found;
    const auto known = facts_.people.find(*found.account_id);
    // Some places tell the number alone.
    if (known != facts_.people.end() && (found.name.empty() || !known->second.account_type.empty()))
      return known->second;
    return found;
  }

  void head() {
    ItemRecord& item = facts_.item;
    item.is_pull = true;
    item.number = json::item_number(detail_, "_number");
    item.title = detail_.text("subject");
    item.created_at = time_of(detail_, "created");
    item.updated_at = optional_time_of(detail_, "updated");
    item.base_ref = detail_.text("branch");
    item.url = fmt::format("{}/c/{}/+/{}", settings_.origin, detail_.text("project"), item.number);
    item.is_draft = detail_.boolean("work_in_progress");
    item.additions = detail_.integer("insertions");
    item.deletions = detail_.integer("deletions");
    item.commit_count = 1;
    facts_.status = detail_.required_text("status");
    facts_.topic = detail_.text("topic");
    facts_.is_private = detail_.boolean("is_private");
    facts_.submitted_at = optional_time_of(detail_, "submitted");
    if (const auto hashtags = detail_.array("hashtags"))
      for (const json::Element each : *hashtags) facts_.hashtags.push_back(json::text_of(each, "hashtag"));
  }

  // Whoever is told of with more than a number, so that the others can be called by it.
  void meet(const std::optional<Object>& object) {
    const PersonRecord found = person(object, settings_.provider);
    if (!found.account_id) return;
    PersonRecord& known = facts_.people[*found.account_id];
    if (known.name.empty() || (known.account_type.empty() && !found.account_type.empty())) known = found;
  }

  void people() {
    for (const std::string_view key : {"owner", "submitter", "assignee"}) meet(detail_.object(key));
    for (const std::string_view key : {"messages", "reviewer_updates"})
      json::each_object(detail_, key, ignore(), [&](const Object& each) {
        for (const std::string_view who : {"author", "real_author", "reviewer", "updated_by"}) meet(each.object(who));
        json::each_object(each, "accounts_in_message", ignore(), [&](const Object& account) { meet(account); });
      });
    each_member(detail_.object("reviewers"), [&](const std::string& state, const Object& group) {
      json::each_object(group, state, ignore(), [&](const Object& each) { meet(each); });
    });
    each_member(detail_.object("labels"), [&](const std::string& name, const Object& labels) {
      if (const auto label = labels.object(name))
        json::each_object(*label, "all", ignore(), [&](const Object& each) { meet(each); });
    });
    each_member(detail_.object("attention_set"), [&](const std::string& number, const Object& set) {
      if (const auto entry = set.object(number)) meet(entry->object("account"));
    });
    facts_.item.author = account(detail_, "owner");
    facts_.submitter = account(detail_, "submitter");
    if (const PersonRecord assignee = account(detail_, "assignee"); assignee.known())
      facts_.item.assignees.push_back(assignee);
  }

  static json::Problem ignore() {
    return [](const std::string&, const std::string&) {};
  }

  template <class Take>
  void each_member(const std::optional<Object>& object, const Take& take) {
    if (!object) return;
    for (const std::string& key : object->keys()) {
      try {
        take(key, *object);
      } catch (const Error& error) {
        problem_(fmt::format("{}/{}", object->name(), key.substr(0, 100)), error.what());
      }
    }
  }

  void patch_sets() {
    const std::string current = detail_.text("current_revision");
    each_member(detail_.object("revisions"), [&](const std::string& sha, const Object& revisions) {
      const auto revision = revisions.object(sha);
      if (!revision) return;
      if (revision->element("_number") && revision->element("_number")->is_string()) return;  // an edit, nobody's yet
      PatchSet set;
      set.number = json::item_number(*revision, "_number");
      set.sha = sha;
      set.kind = revision->text("kind");
      set.created_at = optional_time_of(*revision, "created").value_or(facts_.item.created_at);
      set.uploader = account(*revision, "uploader");
      facts_.patch_sets[set.number] = set;
      if (sha == current) current_revision(*revision, set);
    });
    facts_.item.head_sha = current;
  }

  void current_revision(const Object& revision, const PatchSet& set) {
    if (const auto commit = revision.object("commit")) {
      std::string message = commit->text("message");
      // Its first line is the title.
      const std::size_t end = message.find('\n');
      facts_.item.body = end == std::string::npos ? std::string() : std::string(trim(message.substr(end + 1)));
      built_on(*commit, set);
    }
    each_member(revision.object("files"), [&](const std::string& path, const Object& files) {
      const auto file = files.object(path);
      if (!file || path.starts_with("/") || facts_.item.files.size() >= kMostFiles) return;
      facts_.item.files.push_back(
          {path, file->integer("lines_inserted").value_or(0), file->integer("lines_deleted").value_or(0)});
    });
    if (revision.object("files")) facts_.item.changed_files = static_cast<std::int64_t>(facts_.item.files.size());
  }

  // Its parent, which may be another change's patch set. Where commits are cherry-picked on submitting, parents do not
  // matter.
  void built_on(const Object& commit, const PatchSet& set) {
    if (detail_.text("submit_type") == "CHERRY_PICK") return;
    json::each_object(commit, "parents", problem_, [&](const Object& parent) {
      EventRecord event;
      event.kind = "built_on";
      event.sha = parent.required_text("commit");
      event.key = fmt::format("built_on/{}/{}", set.number, event.sha);
      event.actor = set.uploader;
      event.occurred_at = set.created_at;
      facts_.item.events.push_back(std::move(event));
    });
  }

  void messages() {
    json::each_object(detail_, "messages", problem_, [&](const Object& object) {
      ChangeMessage message;
      message.id = object.required_text("id");
      message.tag = object.text("tag");
      message.raw = object.text("message");
      message.text = with_names(message.raw, facts_.people);
      message.at = time_of(object, "date");
      message.author = account(object, "author");
      message.patch_set = object.integer("_revision_number").value_or(0);
      facts_.messages.push_back(std::move(message));
    });
    std::stable_sort(facts_.messages.begin(), facts_.messages.end(),
                     [](const ChangeMessage& a, const ChangeMessage& b) { return a.at < b.at; });
  }

  void remarks(const Object& comments) {
    each_member(comments, [&](const std::string& path, const Object& all) {
      json::each_object(all, path, problem_, [&](const Object& object) {
        Remark remark;
        remark.id = object.required_text("id");
        remark.message_id = object.text("change_message_id");
        remark.reply_to = object.text("in_reply_to");
        remark.path = path;
        remark.text = with_names(object.text("message"), facts_.people);
        remark.at = time_of(object, "updated");
        remark.author = account(object, "author");
        remark.patch_set = object.integer("patch_set").value_or(0);
        remark.line = object.integer("line");
        remark.is_unresolved = object.boolean("unresolved");
        facts_.remarks.push_back(std::move(remark));
      });
    });
    std::sort(facts_.remarks.begin(), facts_.remarks.end(), [](const Remark& a, const Remark& b) {
      return std::tie(a.at, a.path, a.id) < std::tie(b.at, b.path, b.id);
    });
  }

  void votes() {
    const auto labels = detail_.object("labels");
    facts_.are_votes_told = false;
    each_member(labels, [&](const std::string& name, const Object& all) {
      const auto label = all.object(name);
      if (!label || !label->has("all")) return;
      facts_.are_votes_told = true;
      json::each_object(*label, "all", problem_, [&](const Object& vote) {
        const auto value = vote.integer("value");
        const auto account = vote.integer("_account_id");
        if (!value || *value == 0 || !account || *value < -1000 || *value > 1000) return;
        facts_.votes.push_back({*account, {name, static_cast<int>(*value)}, optional_time_of(vote, "date")});
      });
    });
  }

  void reviewers() {
    json::each_object(detail_, "reviewer_updates", problem_, [&](const Object& update) {
      const std::string state = update.required_text("state");
      const PersonRecord reviewer = account(update, "reviewer"), by = account(update, "updated_by");
      if (!reviewer.known() || is_owner(reviewer)) return;
      const Timestamp at = time_of(update, "updated");
      // Who votes is a reviewer from then on, and was asked by nobody.
      if (state == "REVIEWER" && by.account_id == reviewer.account_id) return;
      const std::int64_t account = reviewer.account_id.value_or(0);
      if (state != "REVIEWER" && !asked_.contains(account)) return;
      EventRecord event;
      event.kind = state == "REVIEWER" ? "review_requested" : "review_request_removed";
      event.key = fmt::format("reviewer/{}/{}/{}", account, to_lower(state), at);
      event.actor = by;
      event.subject = reviewer;
      event.occurred_at = at;
      if (state == "REVIEWER")
        asked_[account] = at;
      else
        asked_.erase(account);
      facts_.item.events.push_back(std::move(event));
    });
    const auto groups = detail_.object("reviewers");
    if (!groups) return;
    json::each_object(*groups, "REVIEWER", problem_, [&](const Object& object) {
      PersonRecord reviewer = person(object, settings_.provider);
      if (!reviewer.account_id || is_owner(reviewer)) return;
      const auto since = asked_.find(*reviewer.account_id);
      const Timestamp from = since == asked_.end() ? 0 : since->second;
      const bool has_answered =
          std::any_of(facts_.messages.begin(), facts_.messages.end(), [&](const ChangeMessage& message) {
            return message.author.account_id == reviewer.account_id && message.at >= from &&
                   !message.tag.starts_with("autogenerated:gerrit:");
          });
      if (!has_answered) facts_.item.requested_reviewers.push_back(reviewer);
    });
  }

  bool is_owner(const PersonRecord& who) const { return who.account_id == facts_.item.author.account_id; }

  // An account whose every word here bears a tag of its own is a robot's, also where nobody put it among service users.
  void robots() {
    std::map<std::int64_t, bool> all_tagged;
    for (const ChangeMessage& message : facts_.messages) {
      if (!message.author.account_id || message.tag.starts_with("autogenerated:gerrit:")) continue;
      const bool is_tagged = message.tag.starts_with("autogenerated:");
      const auto [found, is_new] = all_tagged.emplace(*message.author.account_id, is_tagged);
      if (!is_new) found->second = found->second && is_tagged;
    }
    for (const auto& [number, is_robot] : all_tagged) {
      if (!is_robot || facts_.item.author.account_id == number) continue;
      if (const auto found = facts_.people.find(number); found != facts_.people.end())
        found->second.account_type = "Bot";
      const auto mark = [&, number = number](PersonRecord& who) {
        if (who.account_id == number) who.account_type = "Bot";
      };
      for (ChangeMessage& message : facts_.messages) mark(message.author);
      for (Remark& remark : facts_.remarks) mark(remark.author);
      for (EventRecord& event : facts_.item.events) {
        mark(event.actor);
        mark(event.subject);
      }
      for (PersonRecord& reviewer : facts_.item.requested_reviewers) mark(reviewer);
      for (auto& [set, patch_set] : facts_.patch_sets) mark(patch_set.uploader);
    }
  }

  // Of each account the last change of its place alone is told.
  void attention() {
    for (const bool is_in : {true, false}) {
      const auto set = detail_.object(is_in ? "attention_set" : "removed_from_attention_set");
      each_member(set, [&](const std::string& number, const Object& all) {
        const auto entry = all.object(number);
        if (!entry) return;
        EventRecord event;
        event.kind = is_in ? "attention_added" : "attention_removed";
        event.subject = account(*entry, "account");
        if (!event.subject.known()) return;
        event.occurred_at = time_of(*entry, "last_update");
        std::map<std::int64_t, PersonRecord> named = facts_.people;
        event.actor = account(*entry, "reason_account");
        if (event.actor.account_id) named[*event.actor.account_id] = event.actor;
        event.detail = one_line(clean_text(with_names(entry->text("reason"), named), 500));
        event.key = fmt::format("attention/{}/{}/{}", event.subject.account_id.value_or(0), is_in ? "added" : "removed",
                                *event.occurred_at);
        facts_.item.events.push_back(std::move(event));
      });
    }
  }

  void relations() {
    const auto relate = [&](std::string detail) {
      EventRecord event;
      event.kind = "relation_added";
      event.actor = facts_.item.author;
      event.occurred_at = facts_.item.created_at;
      event.detail = std::move(detail);
      facts_.item.events.push_back(std::move(event));
    };
    if (const auto original = detail_.integer("cherry_pick_of_change"); original && *original > 0)
      relate(fmt::format("cherry-pick of #{}", *original));
    if (const auto reverted = detail_.integer("revert_of"); reverted && *reverted > 0)
      relate(fmt::format("reverts #{}", *reverted));
  }

  // What Gerrit says of now alone: known since the change was touched last.
  void requirements() {
    if (facts_.status == "MERGED" || facts_.status == "ABANDONED") return;
    std::set<std::string> labels;
    json::each_object(detail_, "submit_requirements", problem_, [&](const Object& requirement) {
      const std::string status = requirement.text("status"), name = one_line(requirement.text("name"));
      if (status == "UNSATISFIED" && !name.empty()) labels.insert("needs: " + name);
    });
    if (detail_.boolean("submittable")) labels.insert("submittable");
    for (const std::string& label : labels) {
      EventRecord event;
      event.kind = "labeled";
      event.label = label;
      event.occurred_at = facts_.item.updated_at.value_or(facts_.item.created_at);
      event.is_derived = true;
      facts_.item.events.push_back(std::move(event));
      facts_.item.labels.push_back(label);
    }
  }

  const Object& detail_;
  const Settings& settings_;
  const json::Problem& problem_;
  ChangeFacts facts_;
  std::map<std::int64_t, Timestamp> asked_;
};

}  // namespace

std::optional<Timestamp> optional_time_of(const Object& object, std::string_view key) {
  if (!object.has(key)) return std::nullopt;
  const auto moment = parse_moment(object.text(key));
  if (!moment) throw Error(fmt::format("{}: {} is no moment", object.name(), key));
  return moment;
}

Timestamp time_of(const Object& object, std::string_view key) {
  const auto moment = optional_time_of(object, key);
  if (!moment) throw Error(fmt::format("{}: {} is missing", object.name(), key));
  return *moment;
}

PersonRecord person(const std::optional<Object>& account, const std::string& provider) {
  PersonRecord record;
  record.provider = provider;
  if (!account) return record;
  record.account_id = account->integer("_account_id");
  if (record.account_id && *record.account_id < 1) record.account_id.reset();
  record.login = account->text("username");
  record.email = account->text("email");
  record.name = blank_emails(account->text("name"));
  if (record.name.empty()) record.name = blank_emails(account->text("display_name"));
  if (const auto tags = account->array("tags"))
    for (const json::Element tag : *tags)
      if (json::text_of(tag, "tag") == "SERVICE_USER") record.account_type = "Bot";
  if (record.name.empty() && record.login.empty() && record.account_id)
    record.name = fmt::format("Gerrit account {}", *record.account_id);
  return record;
}

std::map<std::string, LabelRule> label_rules(const json::Array& list) {
  std::map<std::string, LabelRule> rules;
  for (const json::Element element : list) {
    if (!element.is_object()) continue;
    const Object label(element, "label");
    LabelRule rule;
    if (const auto values = label.object("values"))
      for (const std::string& key : values->keys()) {
        const int value = std::atoi(std::string(trim(key)).c_str());
        rule.lowest = std::min(rule.lowest, value);
        rule.highest = std::max(rule.highest, value);
      }
    std::map<std::string, bool> switches;
    std::vector<int> copied;
    for (const std::string& key : label.keys())
      if (key.starts_with("copy_") && label.element(key)->is_bool()) switches[key] = label.boolean(key);
    if (const auto values = label.array("copy_values"))
      for (const json::Element value : *values) {
        std::int64_t number = 0;
        if (value.get(number) == simdjson::SUCCESS) copied.push_back(static_cast<int>(number));
      }
    // Without a condition nothing goes along.
    rule.copy_condition =
        label.has("copy_condition") ? label.text("copy_condition") : condition_of_switches(switches, copied);
    if (const std::string name = label.text("name"); !name.empty()) rules[name] = rule;
  }
  return rules;
}

ChangeAnswer change(const Object& detail, const std::optional<Object>& comments, const Settings& settings,
                    const json::Problem& problem) {
  return replay(Reader(detail, settings, problem).take(comments), settings);
}

}  // namespace resident::gerrit

#include <fmt/format.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/forge/tracker_sync.hpp>
#include <sources/gerrit/change_history.hpp>

namespace resident::gerrit {

namespace {

using trackers::FieldChange;

constexpr std::string_view kPatchSetLevel = "/PATCHSET_LEVEL";

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

class Replay {
 public:
  Replay(ChangeFacts facts, const Settings& settings) : facts_(std::move(facts)), settings_(settings) {
    answer_.item = std::move(facts_.item);
    until_ = std::max(item().created_at, item().updated_at.value_or(0));
    for (const ChangeMessage& message : facts_.messages) parts_.push_back(parts_of(message.text));
    for (std::size_t i = 0; i < parts_.size(); ++i)
      for (const LabelVote& vote : parts_[i].votes)
        last_vote_[{account_of(facts_.messages[i].author), vote.label}] = facts_.messages[i].id;
    link_remarks();
  }

  ChangeAnswer run() {
    for (const Step& step : steps()) {
      if (step.message == kNone)
        push(facts_.patch_sets.at(step.patch_set), nullptr);
      else
        message(step.message);
    }
    settle_votes();
    remarks();
    state();
    labels();
    trackers::sort_events(item());
    return std::move(answer_);
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  struct Step {
    Timestamp at;
    std::size_t message;
    std::int64_t patch_set;
  };
  struct Standing {
    LabelVote vote;
    PersonRecord who;
    std::string message_id;
    std::size_t review = kNone;  // whose decision it is
  };
  using VoteKey = std::pair<std::int64_t, std::string>;  // account, label

  ItemRecord& item() { return answer_.item; }
  std::string deed(std::size_t i) const { return deed_of(facts_.messages[i].tag, facts_.messages[i].raw); }
  static std::int64_t account_of(const PersonRecord& who) { return who.account_id.value_or(0); }

  bool is_upload(std::size_t i) const {
    const std::string deed = this->deed(i);
    return deed == "newPatchSet" || deed == "newWipPatchSet";
  }

  std::int64_t set_of(std::size_t i) const {
    const std::int64_t told = facts_.messages[i].patch_set;
    return told ? told : parts_[i].patch_set.value_or(0);
  }

  // Patch sets that no message tells of were made by submitting, by the last "merged" on them, or were uploaded
  // silently.
  std::vector<Step> steps() {
    std::set<std::int64_t> uploaded, merged;
    std::vector<Step> result;
    for (std::size_t i = 0; i < facts_.messages.size(); ++i) {
      if (is_upload(i)) uploaded.insert(set_of(i));
      if (deed(i) == "merged") merged.insert(set_of(i));
      result.push_back({facts_.messages[i].at, i, 0});
    }
    for (const auto& [number, set] : facts_.patch_sets) {
      if (uploaded.contains(number)) continue;
      if (merged.contains(number) && number > 1 && facts_.status == "MERGED")
        by_submitting_.insert(number);
      else
        result.push_back({set.created_at, kNone, number});
    }
    std::stable_sort(result.begin(), result.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
    for (const auto& [number, set] : facts_.patch_sets)
      if (!by_submitting_.contains(number)) last_push_ = number;
    return result;
  }

  EventRecord event_of(const char* kind, const PersonRecord& actor, Timestamp at) const {
    EventRecord event;
    event.kind = kind;
    event.actor = actor;
    event.occurred_at = at;
    return event;
  }
  EventRecord& tell(const char* kind, const PersonRecord& actor, Timestamp at) {
    item().events.push_back(event_of(kind, actor, at));
    return item().events.back();
  }

  void draft(bool is_draft, const PersonRecord& actor, Timestamp at, bool is_first = false) {
    if (is_draft != is_draft_ && !is_first) tell(is_draft ? "convert_to_draft" : "ready_for_review", actor, at);
    is_draft_ = is_draft;
  }

  // ---- pushes and what becomes of votes

  void push(const PatchSet& set, const ChangeMessage* message) {
    const PersonRecord who = set.uploader.known() ? set.uploader : message ? message->author : item().author;
    const Timestamp at = message ? message->at : set.created_at;
    head_ = set.sha;
    if (set.number == facts_.patch_sets.begin()->first) {
      EventRecord& event = tell("committed", who, at);
      event.sha = set.sha;
      event.key = "patch_set/1";
      return;
    }
    const CarriedVotes told = message ? carried_votes(message->raw) : CarriedVotes{};
    std::vector<VoteKey> outdated;
    for (const auto& [key, standing] : standing_) {
      if (!goes_along(key, standing, told, set)) {
        outdated.push_back(key);
      } else if (standing.review != kNone) {
        // Before the push, so that it stands on what was pushed.
        EventRecord& event = tell("review_copied", who, at);
        event.subject = standing.who;
        event.sha = set.sha;
        event.detail = standing.message_id;
        event.key = fmt::format("copied/{}/{}", standing.message_id, set.number);
      }
    }
    EventRecord& event = tell("head_ref_force_pushed", who, at);
    event.sha = set.sha;
    event.key = "patch_set/" + std::to_string(set.number);
    event.detail = set.kind;
    for (const VoteKey& key : outdated) take_back(key, who, at, set.sha);
  }

  bool goes_along(const VoteKey& key, const Standing& standing, const CarriedVotes& told, const PatchSet& set) const {
    const auto is_listed = [&](const std::vector<ListedVote>& list) {
      return std::any_of(list.begin(), list.end(), [&](const ListedVote& each) {
        const bool is_whose = each.accounts.empty() ||
                              std::find(each.accounts.begin(), each.accounts.end(), key.first) != each.accounts.end();
        return each.vote == standing.vote && is_whose;
      });
    };
    if (is_listed(told.copied)) return true;
    if (is_listed(told.outdated)) return false;
    const auto last = last_vote_.find(key);
    const bool is_last = last != last_vote_.end() && last->second == standing.message_id;
    if (is_last && facts_.are_votes_told) {
      // What stands in the end stood all along; what does not fell with the last patch set at the latest.
      if (stands_now(key, standing.vote)) return true;
      if (set.number == last_push_) return false;
    }
    const auto rule = settings_.rules.find(key.second);
    return rule != settings_.rules.end() && copies(rule->second, standing.vote.value, set.kind).value_or(false);
  }

  bool stands_now(const VoteKey& key, const LabelVote& vote) const {
    return std::any_of(facts_.votes.begin(), facts_.votes.end(),
                       [&](const CurrentVote& each) { return each.account == key.first && each.vote == vote; });
  }

  // Whether a vote is neither a decision nor CI's.
  bool is_label(const LabelVote& vote) const {
    if (contains(settings_.check_labels, vote.label)) return false;
    return !contains(settings_.vote_labels, vote.label) || (vote.value > 0 && vote.value < highest(vote.label));
  }

  static std::string label_text(const LabelVote& vote) { return fmt::format("{}{:+}", vote.label, vote.value); }

  // Such votes stand as labels, however many people gave them.
  void count_label(const LabelVote& vote, int change, const PersonRecord& who, Timestamp at, bool is_derived = false) {
    int& count = label_counts_[label_text(vote)];
    count += change;
    if (count != (change > 0 ? 1 : 0)) return;
    EventRecord& event = tell(change > 0 ? "labeled" : "unlabeled", who, at);
    event.label = label_text(vote);
    event.is_derived = is_derived;
  }

  void take_back(const VoteKey& key, const PersonRecord& by, Timestamp at, const std::string& sha,
                 bool is_derived = false) {
    const auto found = standing_.find(key);
    if (found == standing_.end()) return;
    const Standing standing = found->second;
    standing_.erase(found);
    if (is_label(standing.vote)) return count_label(standing.vote, -1, by, at, is_derived);
    if (standing.review == kNone) return;
    ReviewRecord& review = item().reviews[standing.review];
    if (review.dismissed_at) return;
    review.dismissed_at = at;
    EventRecord& event = tell("review_dismissed", by, at);
    event.subject = standing.who;
    event.sha = sha;
    event.detail = review.state;
    event.key = fmt::format("dismissed/{}/{}", review.key, at);
    event.is_derived = is_derived;
  }

  void check(const std::string& key, const LabelVote& vote, const PersonRecord& who, Timestamp at, std::int64_t set) {
    CiRunRecord run;
    run.kind = "status";
    run.key = "vote/" + key + "/" + vote.label;
    run.name = fmt::format("{} ({})", vote.label, who.name.empty() ? who.login : who.name);
    if (const auto found = facts_.patch_sets.find(set); found != facts_.patch_sets.end()) run.sha = found->second.sha;
    run.item_id = item().item_id();
    run.started_at = at;
    // A vote that its robot takes back is begun anew.
    run.status = vote.value == 0 ? "in_progress" : "completed";
    if (vote.value != 0) {
      run.conclusion = vote.value > 0 ? "success" : "failure";
      run.finished_at = at;
    }
    answer_.runs.push_back(std::move(run));
  }

  // ---- messages

  // The remarks of each message: by its id where that is told, else by author and moment.
  void link_remarks() {
    std::map<std::string, std::size_t> by_id;
    std::map<std::pair<std::optional<std::int64_t>, Timestamp>, std::size_t> said;  // the first of each moment
    for (std::size_t i = 0; i < facts_.messages.size(); ++i) {
      by_id[facts_.messages[i].id] = i;
      if (deed(i).empty()) said.emplace(std::pair{facts_.messages[i].author.account_id, facts_.messages[i].at}, i);
    }
    remarks_of_.resize(facts_.messages.size());
    message_of_.assign(facts_.remarks.size(), kNone);
    for (std::size_t r = 0; r < facts_.remarks.size(); ++r) {
      const Remark& remark = facts_.remarks[r];
      const auto named = by_id.find(remark.message_id);
      std::size_t found = named == by_id.end() ? kNone : named->second;
      for (Timestamp at = remark.at - 1; named == by_id.end() && at <= remark.at + 1; ++at)
        if (const auto near = said.find({remark.author.account_id, at}); near != said.end())
          found = std::min(found, near->second);
      message_of_[r] = found;
      if (found != kNone) remarks_of_[found].push_back(r);
    }
  }

  void message(std::size_t i) {
    const ChangeMessage& message = facts_.messages[i];
    const std::string deed = this->deed(i);
    if (deed.empty()) return said(i);
    if (deed == "newPatchSet" || deed == "newWipPatchSet") {
      const auto set = facts_.patch_sets.find(set_of(i));
      const bool is_first = set != facts_.patch_sets.end() && set == facts_.patch_sets.begin();
      // Versions before tags say nothing of drafts.
      if (!message.tag.empty()) draft(deed == "newWipPatchSet", message.author, message.at, is_first);
      if (set != facts_.patch_sets.end()) push(set->second, &message);
      if (parts_[i].is_upload && !parts_[i].votes.empty()) votes(i);
      return;
    }
    did(deed, i);
  }

  void did(const std::string& deed, std::size_t i) {
    const ChangeMessage& message = facts_.messages[i];
    const PersonRecord& who = message.author;
    if (deed == "abandon" || deed == "restore") {
      EventRecord& event = tell(deed == "abandon" ? "closed" : "reopened", who, message.at);
      event.key = message.id;
      if (deed == "abandon") abandoned_at_ = message.at;
      // What is said with it stands behind an empty line.
      if (const std::size_t end = message.text.find("\n\n"); end != std::string::npos)
        comment(i, std::string(trim(message.text.substr(end))));
    } else if (deed == "merged") {
      merge(who.known() ? who : facts_.submitter, message.at);
    } else if (deed == "setWorkInProgress" || deed == "setReadyForReview") {
      draft(deed == "setWorkInProgress", who, message.at);
      if (const std::size_t end = message.text.find("\n\n"); end != std::string::npos)
        comment(i, std::string(trim(message.text.substr(end))));
    } else if (deed == "setTopic") {
      const auto [before, after] = topic_change(message.raw);
      topics_.push_back({message.at, who, before, after});
    } else if (deed == "setHashtag") {
      for (const auto& [is_new, name] : hashtag_changes(message.raw))
        tell(is_new ? "labeled" : "unlabeled", who, message.at).label = "hashtag: " + name;
    } else if (deed == "setPrivate" || deed == "unsetPrivate") {
      tell(deed == "setPrivate" ? "labeled" : "unlabeled", who, message.at).label = "private";
    } else if (deed == "deleteVote" || deed == "deleteReviewer") {
      removed(message);
    } else {
      EventRecord& event = tell("field_changed", who, message.at);
      event.key = message.id;
      event.detail = one_line(clean_text(message.text.substr(0, message.text.find('\n')), 200));
    }
  }

  void removed(const ChangeMessage& message) {
    for (const RemovedVote& each : removed_votes(message.raw)) {
      static const Pattern account(R"(<GERRIT_ACCOUNT_(\d{1,15})>)");
      std::int64_t number = 0;
      account.found_in(each.whose, &number);
      for (const auto& [key, standing] : standing_) {
        // Older versions name the voter: "Ann Arden <ann@…>".
        const bool is_whose = number ? key.first == number
                                     : each.whose == standing.who.name || each.whose == standing.who.login ||
                                           each.whose.starts_with(standing.who.name + " <");
        if (key.second != each.vote.label || standing.vote != each.vote || !is_whose) continue;
        take_back(VoteKey(key), message.author, message.at, "");
        break;
      }
    }
  }

  void merge(const PersonRecord& who, Timestamp at) {
    if (is_merged_) return;
    is_merged_ = true;
    EventRecord& merged = tell("merged", who, at);
    merged.sha = detail_of_merge();
    item().merged_by = who;
    tell("closed", who, at);
  }
  std::string detail_of_merge() const {
    return facts_.patch_sets.empty() ? std::string() : facts_.patch_sets.rbegin()->second.sha;
  }

  void comment(std::size_t i, std::string text) {
    const ChangeMessage& message = facts_.messages[i];
    if (text.empty()) return;
    CommentRecord record;
    record.key = message.id + (deed(i).empty() ? "" : "/said");
    record.author = message.author;
    record.created_at = message.at;
    record.body = std::move(text);
    tell("commented", message.author, message.at).key = record.key;
    item().comments.push_back(std::move(record));
  }

  // What somebody, or a robot, wrote or voted.
  void said(std::size_t i) {
    const ChangeMessage& message = facts_.messages[i];
    const MessageParts& parts = parts_[i];
    std::string text = parts.text;
    bool has_inline = false;
    for (const std::size_t r : remarks_of_[i]) {
      const Remark& remark = facts_.remarks[r];
      if (remark.path == kPatchSetLevel)
        text += (text.empty() ? "" : "\n\n") + remark.text;
      else
        has_inline = true;
    }
    const bool has_voted = std::any_of(parts.votes.begin(), parts.votes.end(), [&](const LabelVote& vote) {
      return contains(settings_.vote_labels, vote.label) && vote.value != 0;
    });
    const bool is_bot = message.author.account_type == "Bot";
    if (has_voted || ((has_inline || parts.has_comments) && !is_bot))
      review(i, text);
    else
      comment(i, text);
    votes(i);
    // A reply may say so in passing.
    if (text.find("This change is ready for review.") != std::string::npos) draft(false, message.author, message.at);
  }

  void review(std::size_t i, const std::string& text) {
    const ChangeMessage& message = facts_.messages[i];
    ReviewRecord record;
    record.key = message.id;
    record.author = message.author;
    record.submitted_at = message.at;
    record.body = text;
    if (const auto set = facts_.patch_sets.find(set_of(i)); set != facts_.patch_sets.end())
      record.sha = set->second.sha;
    decide(parts_[i].votes, record);
    tell("reviewed", message.author, message.at).key = record.key;
    review_of_[i] = item().reviews.size();
    item().reviews.push_back(std::move(record));
  }

  int lowest(const std::string& label) const {
    const auto rule = settings_.rules.find(label);
    return rule == settings_.rules.end() ? -2 : rule->second.lowest;
  }
  int highest(const std::string& label) const {
    const auto rule = settings_.rules.find(label);
    return rule == settings_.rules.end() ? 2 : rule->second.highest;
  }

  // The highest vote approves and any below nought objects; "looks good to me, but someone else must approve" decides
  // nothing. Of several labels an objection counts more; only the lowest blocks.
  void decide(const std::vector<LabelVote>& votes, ReviewRecord& record) const {
    for (const LabelVote& vote : votes) {
      if (!contains(settings_.vote_labels, vote.label) || vote.value == 0) continue;
      if (vote.value < 0) {
        const bool goes_on = record.state == "changes_requested";
        record.is_official = vote.value <= lowest(vote.label) || (goes_on && record.is_official.value_or(false));
        record.state = "changes_requested";
      } else if (record.state == "commented" && vote.value >= highest(vote.label)) {
        record.state = "approved";
        record.is_official = true;
      }
    }
  }

  void votes(std::size_t i) {
    const ChangeMessage& message = facts_.messages[i];
    const std::int64_t account = account_of(message.author);
    for (const LabelVote& vote : parts_[i].votes) {
      const VoteKey key{account, vote.label};
      if (contains(settings_.check_labels, vote.label)) {
        if (vote.value != 0 || message.author.account_type == "Bot")
          check(message.id, vote, message.author, message.at, set_of(i));
      }
      // A decision is overtaken by the next one, and taken back by what decides nothing.
      const auto before = standing_.find(key);
      const bool was_label = before != standing_.end() && is_label(before->second.vote);
      if (vote.value == 0 || was_label || is_label(vote)) take_back(key, message.author, message.at, "");
      if (vote.value == 0) continue;
      Standing standing{vote, message.author, message.id, kNone};
      if (is_label(vote)) {
        count_label(vote, 1, message.author, message.at);
      } else if (contains(settings_.vote_labels, vote.label)) {
        if (!review_of_.contains(i)) review(i, parts_[i].is_upload ? std::string() : parts_[i].text);
        standing.review = review_of_.at(i);
      }
      standing_[key] = std::move(standing);
    }
  }

  // What stands by Gerrit's own word and what the messages make of it must be the same in the end.
  void settle_votes() {
    if (!facts_.are_votes_told) return;
    const bool is_open = facts_.status != "MERGED" && facts_.status != "ABANDONED";
    if (is_open) {
      std::vector<VoteKey> gone;
      for (const auto& [key, standing] : standing_)
        if (!stands_now(key, standing.vote)) gone.push_back(key);
      for (const VoteKey& key : gone) take_back(key, {}, until_, "", true);
    }
    for (const CurrentVote& each : facts_.votes) {
      const VoteKey key{each.account, each.vote.label};
      const auto found = standing_.find(key);
      if (found != standing_.end() && found->second.vote == each.vote) continue;
      if (!is_open && found != standing_.end()) continue;
      silent_vote(key, each);
    }
  }

  // No message tells of it.
  void silent_vote(const VoteKey& key, const CurrentVote& each) {
    const auto known = facts_.people.find(each.account);
    if (known == facts_.people.end()) return;
    const Timestamp at = each.at.value_or(until_);
    const std::string id = fmt::format("{}/{}", each.account, each.vote.label);
    take_back(key, known->second, at, "", true);
    if (contains(settings_.vote_labels, each.vote.label) && !is_label(each.vote)) {
      ReviewRecord record;
      record.key = "vote/" + id;
      record.author = known->second;
      record.submitted_at = at;
      record.sha = head_;
      decide({each.vote}, record);
      EventRecord& event = tell("reviewed", known->second, at);
      event.key = record.key;
      event.is_derived = true;
      standing_[key] = {each.vote, known->second, record.key, item().reviews.size()};
      item().reviews.push_back(std::move(record));
      return;
    }
    if (contains(settings_.check_labels, each.vote.label))
      check(id, each.vote, known->second, at, last_push_);
    else
      count_label(each.vote, 1, known->second, at, true);
    standing_[key] = {each.vote, known->second, id, kNone};
  }

  // ---- remarks on lines, and whether they are resolved

  void remarks() {
    std::map<std::string, std::string> root_of;
    std::map<std::string, bool> unresolved;
    std::size_t open = 0;
    for (std::size_t r = 0; r < facts_.remarks.size(); ++r) {
      const Remark& remark = facts_.remarks[r];
      const auto parent = root_of.find(remark.reply_to);
      const std::string root = parent == root_of.end() ? remark.id : parent->second;
      root_of[remark.id] = root;
      bool& state = unresolved[root];
      if (state != remark.is_unresolved) {
        state = remark.is_unresolved;
        EventRecord& event = tell(state ? "thread_unresolved" : "thread_resolved", remark.author, remark.at);
        event.detail = root;
        event.key = "thread/" + remark.id;
        open += state ? 1 : static_cast<std::size_t>(-1);
        if (open == (state ? 1U : 0U))
          tell(state ? "labeled" : "unlabeled", remark.author, remark.at).label = "unresolved comments";
      }
      place(r, remark);
    }
    if (open > 0) item().labels.emplace_back("unresolved comments");
  }

  void place(std::size_t r, const Remark& remark) {
    const std::size_t i = message_of_[r];
    if (remark.path == kPatchSetLevel && i != kNone) return;  // stands in its message
    CommentRecord record;
    record.key = remark.id;
    record.author = remark.author;
    record.created_at = remark.at;
    record.body = remark.text;
    record.reply_to = remark.reply_to;
    if (remark.path != kPatchSetLevel) {
      record.kind = "inline";
      record.path = remark.path.starts_with('/') ? remark.path.substr(1) : remark.path;
      record.line = remark.line;
      if (i != kNone && review_of_.contains(i)) record.review_key = facts_.messages[i].id;
    }
    if (const auto set = facts_.patch_sets.find(remark.patch_set); set != facts_.patch_sets.end())
      record.sha = set->second.sha;
    item().comments.push_back(std::move(record));
  }

  // ---- how it stands

  void state() {
    const std::string& status = facts_.status;
    item().state = status == "MERGED" || status == "ABANDONED" || status == "DEFERRED" ? "closed" : "open";
    if (!facts_.patch_sets.empty()) {
      const auto last = facts_.patch_sets.find(last_push_);
      item().head_sha = last == facts_.patch_sets.end() ? item().head_sha : last->second.sha;
      if (status == "MERGED") item().merge_sha = facts_.patch_sets.rbegin()->second.sha;
    }
    if (status == "MERGED") {
      const Timestamp at = facts_.submitted_at.value_or(until_);
      if (!is_merged_) merge(facts_.submitter, at);
      item().merged_at = item().closed_at = merged_moment().value_or(at);
    } else if (item().state == "closed") {
      item().closed_at = abandoned_at_ ? abandoned_at_ : item().updated_at;
      item().state_reason = to_lower(status);
      if (!abandoned_at_) tell("closed", {}, *item().closed_at).is_derived = true;
    }
    if (is_draft_ != item().is_draft) {
      EventRecord& event = tell(item().is_draft ? "convert_to_draft" : "ready_for_review", {}, until_);
      event.is_derived = true;
    }
  }

  std::optional<Timestamp> merged_moment() {
    for (const EventRecord& event : item().events)
      if (event.kind == "merged") return event.occurred_at;
    return std::nullopt;
  }

  void labels() {
    trackers::add_label_history("topic", topics_, facts_.topic, until_, item());
    for (const std::string& hashtag : facts_.hashtags)
      if (!trim(hashtag).empty()) item().labels.push_back("hashtag: " + hashtag);
    if (facts_.is_private) item().labels.emplace_back("private");
    for (const auto& [label, count] : label_counts_)
      if (count > 0) item().labels.push_back(label);
    const std::string& status = facts_.status;
    if (status != "NEW" && status != "MERGED" && status != "ABANDONED")
      item().labels.push_back("status: " + to_lower(one_line(status)));
    std::sort(item().labels.begin(), item().labels.end());
    item().labels.erase(std::unique(item().labels.begin(), item().labels.end()), item().labels.end());
  }

  ChangeFacts facts_;
  const Settings& settings_;
  ChangeAnswer answer_;
  std::vector<MessageParts> parts_;                   // of each message
  std::vector<std::vector<std::size_t>> remarks_of_;  // of each message
  std::vector<std::size_t> message_of_;               // of each remark
  std::map<std::size_t, std::size_t> review_of_;      // of a message
  std::map<VoteKey, Standing> standing_;
  std::map<VoteKey, std::string> last_vote_;  // the message of an account's last vote on a label
  std::map<std::string, int> label_counts_;
  std::set<std::int64_t> by_submitting_;
  std::vector<FieldChange> topics_;
  std::string head_;
  std::int64_t last_push_ = 0;
  std::optional<Timestamp> abandoned_at_;
  Timestamp until_ = 0;
  bool is_draft_ = false, is_merged_ = false;
};

}  // namespace

ChangeAnswer replay(ChangeFacts facts, const Settings& settings) {
  return Replay(std::move(facts), settings).run();
}

}  // namespace resident::gerrit

#include <algorithm>
#include <cctype>
#include <model/review_state.hpp>

namespace resident {

bool is_same_commit(std::string_view a, std::string_view b) {
  constexpr std::size_t kShortest = 7;
  const std::size_t length = std::min(a.size(), b.size());
  return length >= kShortest && a.substr(0, length) == b.substr(0, length);
}

std::string commit_after_ack(std::string_view words) {
  constexpr std::size_t kShortest = 7, kLongest = 40;
  const std::size_t ack = words.find("ACK");
  if (ack == std::string_view::npos) return {};
  const std::string_view line = words.substr(ack + 3, words.find('\n', ack) - ack - 3);
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  const auto is_word = [&](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (std::size_t begin = 0; begin < line.size();) {
    std::size_t end = begin;
    while (end < line.size() && is_digit(line[end])) ++end;
    const bool is_whole = (begin == 0 || !is_word(line[begin - 1])) && (end == line.size() || !is_word(line[end]));
    if (is_whole && end - begin >= kShortest && end - begin <= kLongest)
      return std::string(line.substr(begin, end - begin));
    begin = std::max(end, begin) + 1;
  }
  return {};
}

void ReviewState::begin(const OpenItem& item) {
  asked_ = item.asked_from_start;
}

void ReviewState::decide(std::int64_t person, StandingDecision decision) {
  decisions_[person] = std::move(decision);
}

std::optional<StandingDecision> ReviewState::dismiss(std::int64_t person, const std::string& key) {
  const auto found = decisions_.find(person);
  if (found == decisions_.end()) return std::nullopt;
  if (!key.empty() && found->second.key != key) return std::nullopt;  // overtaken already
  const StandingDecision was = found->second;
  decisions_.erase(found);
  return was;
}

void ReviewState::copied(const Entry& entry) {
  const auto found = decisions_.find(entry.subject);
  if (found == decisions_.end() || (!entry.key.empty() && found->second.key != entry.key)) return;
  found->second.sha = entry.sha;
  found->second.pushed_after = false;
}

void ReviewState::pushed(const Entry& entry) {
  for (auto& [person, decision] : decisions_) decision.pushed_after = true;
  answer();
  if (entry.sha.empty()) {
    head_.clear();
  } else {
    heads_.push_back(entry.sha);
    head_ = entry.sha;
  }
  head_is_exact_ = entry.is_exact_head;
}

void ReviewState::base_merged(const Entry& entry) {
  if (entry.sha.empty()) return;
  for (auto& [person, decision] : decisions_)
    if (!decision.sha.empty() && is_of_head(decision)) decision.sha = entry.sha;
  heads_.push_back(entry.sha);
  head_ = entry.sha;
  head_is_exact_ = false;
}

void ReviewState::head_is(const std::string& sha) {
  if (sha.empty()) return;
  head_ = sha;
  head_is_exact_ = true;
}

void ReviewState::requested(const Entry& entry) {
  if (entry.subject) {
    asked_.insert(entry.subject);
    const auto found = decisions_.find(entry.subject);
    if (entry.is_bot || found == decisions_.end() || found->second.is_answered) return;
    answer(entry.subject);
    found->second.is_answered_by_request = found->second.is_answered;
  } else if (!entry.team.empty() && !entry.is_answered_team) {
    asked_teams_.insert(entry.team);
  }
}

void ReviewState::unrequested(const Entry& entry) {
  asked_.erase(entry.subject);
  asked_teams_.erase(entry.team);
  const auto found = decisions_.find(entry.subject);
  if (found == decisions_.end() || !found->second.is_answered_by_request) return;
  found->second.is_answered = found->second.is_answered_by_request = false;
}

void ReviewState::answer(std::optional<std::int64_t> person) {
  for (auto& [reviewer, decision] : decisions_)
    if (decision.verdict == Verdict::changes_requested && (!person || *person == reviewer)) {
      decision.is_answered = true;
      decision.is_answered_by_request = false;
    }
}

const StandingDecision* ReviewState::approval_of(std::int64_t person) const {
  const auto found = decisions_.find(person);
  return found == decisions_.end() || found->second.verdict != Verdict::approved ? nullptr : &found->second;
}

bool ReviewState::was_head(const std::string& sha) const {
  return std::any_of(heads_.begin(), heads_.end(), [&](const std::string& each) { return is_same_commit(each, sha); });
}

bool ReviewState::is_of_head(const StandingDecision& decision) const {
  if (decision.sha.empty() || head_.empty()) return !decision.pushed_after;
  if (is_same_commit(decision.sha, head_)) return true;
  if (head_is_exact_ || was_head(decision.sha)) return false;
  return !decision.pushed_after;
}

int ReviewState::approvals(bool older_too, bool unofficial_too) const {
  return static_cast<int>(std::count_if(decisions_.begin(), decisions_.end(), [&](const auto& each) {
    const StandingDecision& decision = each.second;
    return decision.verdict == Verdict::approved && (unofficial_too || decision.is_official) &&
           (older_too || is_of_head(decision));
  }));
}

std::vector<std::int64_t> ReviewState::blocking(const OpenItem& item, bool is_answered) const {
  std::vector<std::int64_t> result;
  for (const auto& [person, decision] : decisions_)
    if (decision.verdict == Verdict::changes_requested && decision.is_official && decision.is_answered == is_answered &&
        !(is_answered && (person == 0 || item.left.contains(person))))
      result.push_back(person);
  return result;
}

}  // namespace resident

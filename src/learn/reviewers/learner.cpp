#include <algorithm>
#include <cmath>
#include <learn/reviewers/learner.hpp>
#include <unordered_set>

namespace resident::reviewers {

namespace {

constexpr Timestamp kRipe = 60 * kDay;
constexpr std::size_t kMostChoices = 1200, kFitEvery = 5, kRefitShare = 40;
constexpr std::ptrdiff_t kMostRows = 100;
// Pull requests of long ago say less of today: half in that many.
constexpr double kChoiceHalfLife = 300;
constexpr double kLeastReviewedShare = 0.2;

}  // namespace

void Learner::advance_to(const Pull& pull) {
  signals_.advance(pull.opened_at);
  learn(pull.opened_at);
}

void Learner::remember(Index pull, const Candidates& candidates) {
  // Those far down teach nothing and cost time.
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < candidates.rows.size(); ++i) order.emplace_back(-ranker_.score(candidates.rows[i]), i);
  if (std::ssize(order) > kMostRows) {
    std::nth_element(order.begin(), order.begin() + kMostRows, order.end());
    order.resize(static_cast<std::size_t>(kMostRows));
  }
  Waiting waiting{pull, {}};
  for (const auto& [score, i] : order) {
    waiting.candidates.people.push_back(candidates.people[i]);
    waiting.candidates.rows.push_back(candidates.rows[i]);
  }
  waiting_.push_back(std::move(waiting));
}

void Learner::learn(Timestamp now) {
  for (auto each = waiting_.begin(); each != waiting_.end();) {
    const Pull& pull = history_.pulls[each->pull];
    const bool is_closed = pull.closed_at && *pull.closed_at < now;
    if (!is_closed && pull.opened_at + kRipe >= now) {
      ++each;
      continue;
    }
    Choice choice;
    for (const Index person : target_of(each->pull)) {
      const auto& people = each->candidates.people;
      const auto at = std::find(people.begin(), people.end(), person);
      if (at != people.end()) choice.chosen.push_back(static_cast<std::size_t>(at - people.begin()));
    }
    if (!choice.chosen.empty()) {
      choice.rows = std::move(each->candidates.rows);
      choices_.push_back(std::move(choice));
      ++since_fit_;
    }
    each = waiting_.erase(each);
  }
  if (fits_ && since_fit_ >= std::max(kFitEvery, choices_.size() / kRefitShare)) fit();
}

void Learner::fit() {
  since_fit_ = 0;
  if (choices_.size() > kMostChoices)
    choices_.erase(choices_.begin(), choices_.begin() + static_cast<std::ptrdiff_t>(choices_.size() - kMostChoices));
  for (std::size_t i = 0; i < choices_.size(); ++i)
    choices_[i].weight = std::exp2(-static_cast<double>(choices_.size() - i) / kChoiceHalfLife);
  ranker_.fit(choices_);
}

void Learner::finish(Timestamp now) {
  signals_.advance(now + 1);
  learn(now);
  fit();
}

Target target_of(const ReviewHistory& history) {
  std::unordered_set<Index> reviewed;
  history.acts.each([&](const Act& act) {
    if (act.kind == ActKind::review && act.person != history.pulls[act.pull].author) reviewed.insert(act.pull);
  });
  const auto share = static_cast<double>(reviewed.size()) / std::max(1.0, static_cast<double>(history.pulls.size()));
  return share >= kLeastReviewedShare ? Target::reviews : Target::responses;
}

}  // namespace resident::reviewers

// Walks through a project's history and keeps a ranker trained on it: a pull
// request is learnt from once it was closed or is two months old, by who had
// reviewed it until then, with the signals as they were when it was opened. So at any moment
// the weights know no more than somebody who stood there.
#pragma once

#include <deque>
#include <learn/reviewers/ranker.hpp>

namespace resident::reviewers {

// What counts as having reviewed.
enum class Target { reviews, responses };

class Learner {
 public:
  // fits: weights on the way, for who asks at each moment; without it finish() fits them once.
  Learner(const ReviewHistory& history, Target target, bool fits = true)
      : history_(history), target_(target), fits_(fits), signals_(history) {}

  // To the moment just before this pull request was opened.
  void advance_to(const Pull& pull);
  // Learns, for the last time, from what was known at a moment.
  void finish(Timestamp now);

  Signals& signals() { return signals_; }
  const ChoiceRanker& ranker() const { return ranker_; }
  ChoiceRanker& ranker() { return ranker_; }
  std::size_t learnt_from() const { return choices_.size(); }
  const std::vector<Index>& target_of(Index pull) const {
    return target_ == Target::reviews ? signals_.reviewers(pull) : signals_.responders(pull);
  }
  // Keeps the description of a pull request to learn from later; call in order of opening.
  void remember(Index pull, const Candidates& candidates);

 private:
  struct Waiting {
    Index pull;
    Candidates candidates;
  };
  void learn(Timestamp now);
  void fit();

  const ReviewHistory& history_;
  Target target_;
  bool fits_;
  Signals signals_;
  ChoiceRanker ranker_;
  std::deque<Waiting> waiting_;
  std::vector<Choice> choices_;
  std::size_t since_fit_ = 0;
};

// Formal reviews, where the project makes them on at least a fifth of its pull requests; else anything written.
Target target_of(const ReviewHistory& history);

}  // namespace resident::reviewers

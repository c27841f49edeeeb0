// Who should review a pull request, as of a moment: a few names in order, each with
// how likely they are to be the one, and why, in words. For a whole queue the
// suggestions are spread: who is named often already comes later, so that not
// always the same three are asked (the cost of that is measured: docs/accuracy.md).
#pragma once

#include <framework/accuracy.hpp>
#include <functional>
#include <future>
#include <learn/reviewers/learner.hpp>
#include <memory>
#include <string>
#include <vector>

namespace resident::reviewers {

struct Suggestion {
  Index index = kNone;
  std::int64_t person = 0;
  std::string name;
  double probability = 0;  // of being the one, among all
  std::string why;         // plain text
  bool asked = false;      // for a review of it, already
  double load = 0;         // open pull requests of the last half year they are in
};

class Suggester {
 public:
  // Reads the history up to the as-of moment; what it teaches was learnt when the week began (framework/learnt.hpp).
  explicit Suggester(const Context& context) : Suggester(context, load_people(context)) {}
  // With people that were loaded for the same moment. of: it is asked about these items alone, and reads no more of the
  // past than they need; the answers are the same. Empty: about any.
  Suggester(const Context& context, People people, const std::vector<std::int64_t>& of = {});
  ~Suggester();

  // Best first; nothing for an item that is no pull request.
  std::vector<Suggestion> suggest(std::int64_t item_id, std::size_t most = 5) const;
  // For each of the items, in order, with the load spread, over those alone who may be named where `may` says who.
  std::vector<std::vector<Suggestion>> suggest_spread(const std::vector<std::int64_t>& item_ids, std::size_t most = 3,
                                                      const std::function<bool(const Suggestion&)>& may = {}) const;
  // Reviewed pull requests that the weights come from.
  std::size_t learnt_from() const;
  const ReviewHistory& history() const { return *history_; }

 private:
  std::vector<Suggestion> ranked(const Candidates& candidates) const;
  std::string why(const Pull& pull, Index person, const Row& row) const;
  static void learn(const ReviewHistory& history, Learner& learner, Timestamp moment);

  Timestamp now_;
  std::unique_ptr<ReviewHistory> history_;
  std::unique_ptr<Learner> learner_;
  std::size_t learnt_from_ = 0;
};

// Makes a Suggester on a thread and a connection of its own, while its maker does other work. The context has to
// outlive it.
class SuggesterBeside {
 public:
  explicit SuggesterBeside(const Context& context);
  // Waits for it; throws what its making threw.
  const Suggester& get();

 private:
  std::future<std::unique_ptr<Suggester>> coming_;
  std::unique_ptr<Suggester> made_;
};

// Spreads load as a fair queue does: everybody earns credit with each pull request
// as likely as they are for it, and spends one when named first; what is
// left moves the order of the next. So in the long run people are named as often as they are
// right, not always the likeliest. Credit fades by half in 30 days.
class LoadBalance {
 public:
  explicit LoadBalance(double strength = kStrength) : strength_(strength) {}
  // To add to the log of a probability.
  double bonus(Index person, Timestamp now) const;
  void earn(Index person, double probability, Timestamp now);
  void name(Index person, Timestamp now);

  static constexpr double kStrength = 0.4;

 private:
  double strength_;
  std::unordered_map<Index, Fading> credit_;
};

}  // namespace resident::reviewers

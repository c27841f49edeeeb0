// What `impact` judges: an outcome of a project, counted or averaged by the week. An outcome is a list of marks, so
// that whose acts they were, and on which part of the code, can be told apart.
#pragma once

#include <framework/analysis.hpp>
#include <functional>
#include <model/open_items.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident {

struct OutcomeMark {
  Timestamp at = 0;
  std::int64_t person = 0;  // whose act it was; 0: nobody's that is known
  std::int64_t item = 0;    // 0: of none
  double value = 1;
  double weight = 1;  // of means: a week's value is the sum of values by that of weights
};

struct Outcome {
  std::string name;
  std::string what;      // "pull requests merged"
  bool is_mean = false;  // a week's value is the mean of its marks; else their sum
  std::vector<OutcomeMark> marks;
  Timestamp until = 0;             // where the data that it is made of end: nothing is told of later weeks
  bool is_counted_seldom = false;  // a stock, as of its last count: weeks between two counts are no gaps
};

// merged, closed, …; also measure:NAME.COLUMN (a plain measure by the week), benchmark:NAME, and adoption:MODULE and
// downloads:MODULE (users of a module in a corpus, as counted from time to time).
const std::vector<std::string>& outcome_names();
// "merged|closed|…": for help.
std::string_view outcome_choices();
// Throws Error{usage} where there is no such outcome.
Outcome load_outcome(const Context& context, const People& people, const std::string& name);
// How soon others answer: first answers a day, of items within a week of their opening and until their first answer.
// Where the person answered first the wait ends without one, so that what they took from others does not count as a
// loss.
Outcome others_answering(const Context& context, const People& people, std::int64_t person);
// One of another kind that work on this one should not move, for a check; "" where there is none.
std::string untouched_outcome(const std::string& name);

// Where what is counted begins to live: its earliest moment, but for a few (one in a hundred, or one) after which
// nothing came for a year, which carry a wrong clock or are of another time: years of noughts would make any week look
// like much. Of at least one moment.
Timestamp beginning_of(std::vector<Timestamp> moments);

// Whole weeks counted from the start backwards and forwards, so that none holds days of both sides.
class ImpactWeeks {
 public:
  ImpactWeeks(Timestamp first, Timestamp start, Timestamp end);

  // Of the marks that count. Means: a week without any has the value of the one before; nothing where that is so of
  // more than a quarter of the weeks (of what is counted seldom: five sixths), or where there is no mark at all.
  std::optional<std::vector<double>> series(const Outcome& outcome,
                                            const std::function<bool(const OutcomeMark&)>& counts) const;
  std::size_t start() const { return static_cast<std::size_t>(before_); }
  std::size_t count() const { return count_; }
  std::vector<Timestamp> begins() const;
  Timestamp begin() const { return begin_; }

 private:
  Timestamp begin_ = 0, before_ = 0;
  std::size_t count_ = 0;
};

}  // namespace resident

// How long a review takes, learnt from the project's own history: people who review
// act in bursts, and where two acts of one person stand less than an hour apart, the
// time between the last act on one pull request and the last on the next was spent on
// the next. (Sessions cut at a gap, as done for commits: Robbes and Lanza 2007.) By the size of the
// change, since small ones take less; drawn to the middle of all where there are few.
#pragma once

#include <array>
#include <model/open_items.hpp>
#include <optional>

namespace resident {

struct Effort {
  double minutes = 0, low = 0, high = 0;  // the middle, and the quartiles
  std::int64_t seen = 0;                  // stretches of this size
};

class ReviewEffort {
 public:
  // Learns from all before the week of the as-of moment, and keeps it in the store (framework/learnt.hpp).
  ReviewEffort(const Context& context, const People& people);
  // lines: changed; nothing: not known.
  Effort of(std::optional<std::int64_t> lines) const;
  std::int64_t observations() const { return static_cast<std::int64_t>(stretches_.size()); }

  // Replayed: each stretch guessed from those before it. Share within a factor of two, beside always guessing the
  // middle of all before; over how many.
  struct Backtest {
    double within_two = 0, constant_within_two = 0;
    std::int64_t n = 0;
  };
  Backtest backtest() const;

 private:
  static constexpr std::size_t kClasses = 6;
  struct Stretch {
    Timestamp at = 0;
    double minutes = 0;
    std::size_t size_class = 0;
  };
  using Stretches = std::vector<Stretch>;
  static std::size_t class_of(std::optional<std::int64_t> lines);
  static Stretches read(const Context& context, const People& people);
  static std::string pack(const Stretches& stretches);
  static Stretches unpack(std::string_view bytes);
  Effort guess(std::vector<double> all, std::vector<double> own, std::size_t size_class) const;

  Stretches stretches_;                     // by time
  std::array<Effort, kClasses> by_size_{};  // guessed from all of them
};

}  // namespace resident

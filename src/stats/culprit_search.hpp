// Which commit made a test fail, when the test also fails now and then without it and passes now and then with it.
// Told the outcomes of runs, asked what to run next, it keeps the probability of every answer: each commit of the
// range, or none of these. The failure rates before and after are not known: they are learnt with the answer, by the
// same runs.
//
// Positions: 0 is the good end, 1 … commits are the commits in order, the last the bad end. If k is the culprit,
// positions below k fail at the rate before, others at the rate after, which is higher; if there is none, all fail at
// one rate. The rates have priors on a grid, so that the posterior is exact, without an approximation, after any runs
// in any order.
//
// The next run is where its outcome is expected to tell most about the answer (mutual information; B. Jedynak, P.
// Frazier, R. Sznitman, "Twenty questions with noise", J. Applied Probability 49, 2012; for a known noise R. Nowak,
// "The geometry of generalized binary search", IEEE Trans. Information Theory 57, 2011). Several may run at once: what
// is not yet known of those that run is averaged over. Deterministic: the same outcomes give the same questions. Pure
// mathematics: it runs nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stats/intervals.hpp>
#include <vector>

namespace resident::stats {

struct CulpritOptions {
  double enough = 0.975;    // probability of an answer at which the search ends
  double none_prior = 0.1;  // probability, before any run, that none of the commits is to blame
};

struct CulpritAnswer {
  enum class Kind { searching, found, none };
  Kind kind = Kind::searching;
  // The likeliest commits: one, or several where those between cannot be tested. With searching, the best guess.
  std::size_t first = 0, last = 0;
  double probability = 0;       // that it is one of these (found, searching), or that there is none
  double none_probability = 0;  // that none of the commits is to blame
  // Failure rates with the answer as given, posterior mean and 95 % interval; with none, both are the one rate.
  double rate_before = 0, rate_after = 0;
  Interval before{0, 1}, after{0, 1};
};

class CulpritSearch {
 public:
  // commits ≥ 1.
  explicit CulpritSearch(std::size_t commits, const CulpritOptions& options = {});

  void add(std::size_t position, bool failed);
  void cannot_test(std::size_t position);

  // Where to run next; running: positions whose runs have not ended. Nothing where no position can be tested, or no run
  // can tell anything more.
  std::optional<std::size_t> next(std::span<const std::size_t> running = {}) const;
  CulpritAnswer answer() const;

  std::size_t commits() const { return commits_; }
  std::int64_t runs() const { return runs_; }
  // Of each answer: index 0 is none, k the commit at position k.
  std::vector<double> probabilities() const;

 private:
  struct RatePair {
    double before, after;
  };
  // weights: one per answer and pair of rates, or per rate where there is no culprit; they sum to 1.
  struct Belief {
    std::vector<double> none, culprit;
  };
  static void learn(Belief& belief, const CulpritSearch& search, std::size_t position, bool failed);
  // Information in bits that a run at each position is expected to give about the answer.
  std::vector<double> information(const Belief& belief) const;
  std::vector<double> information(const Belief& belief, std::span<const std::size_t> running) const;
  double failure_probability(const Belief& belief, std::size_t position) const;
  void rates_of(CulpritAnswer& answer) const;

  CulpritOptions options_;
  std::size_t commits_;
  std::vector<double> rates_;
  std::vector<RatePair> pairs_;
  Belief belief_;
  std::vector<bool> untestable_;
  std::int64_t runs_ = 0;
};

}  // namespace resident::stats

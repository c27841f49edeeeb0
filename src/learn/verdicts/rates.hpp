// What a project's runs say of its CI in general, as it was known at any moment: how many tests flake, how often the
// main branch is broken, how much a change breaks, and what runs that lose many tests at once turned out to be. These
// are the priors of the verdicts; each begins at a figure for projects nothing is known of, which a few hundred results
// outweigh (conjugate priors, the weight in results).
#pragma once

#include <array>
#include <learn/verdicts/histories.hpp>
#include <string>
#include <utility>
#include <vector>

namespace resident::verdicts {

class Rates {
 public:
  explicit Rates(const Histories& histories);

  // Of tests on a configuration: that flake at all.
  double flaky_share(Timestamp now) const;
  // Of a test's results on the main branch: that it fails for good there.
  double broken_share(Timestamp now) const;
  // Failures of its own that a run of a change has, over all tests.
  double own_failures(Timestamp now) const;
  // Of changes' runs that lost many tests: that it was the machine.
  double machine_share(Timestamp now) const;

 private:
  enum Kind { main_results, broken_results, flaky_tests, pull_runs, own_of_pulls, machine_runs, own_runs, kKinds };
  // Sums over time of what became known when.
  struct Series {
    std::vector<std::pair<Timestamp, double>> sums;
  };
  void add(Kind kind, Timestamp at, double amount) { series_[kind].sums.emplace_back(at, amount); }
  double known(Kind kind, Timestamp now) const;
  void learn_runs(const Histories& histories);
  void learn_mass(const Histories& histories, std::size_t run);
  void learn_tests(const Histories& histories);
  void learn_own(const Histories& histories);

  std::array<Series, kKinds> series_;
  const Histories& histories_;
};

}  // namespace resident::verdicts

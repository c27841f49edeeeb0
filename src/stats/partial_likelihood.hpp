// The partial likelihood of proportional hazards with its derivatives, for cox.cpp: risk
// sets by cumulative sums, so that each step of Newton's method costs n p² and no more. The
// information is XWX' less the means' own, with W each observation's cumulative hazard. An observation is a column, so
// that each sum reads memory in order. With `competing`, who had another event stays in the risk sets.
#pragma once

#include <stats/cox.hpp>

namespace resident::stats {

// One time at which the event came to somebody of a stratum.
struct EventTime {
  double time = 0;
  double censoring = 1;            // G(t-)
  double g = 0;                    // of the proportionality test, centred
  std::size_t begin = 0, end = 0;  // rows with exactly this time; those of the stratum from `begin` on are at risk
  std::size_t dead = 0;            // of them the first so many had the event
};

class PartialLikelihood {
 public:
  PartialLikelihood(const HazardData& data, Ties ties, bool competing);

  struct Derivatives {
    double log_likelihood = 0;
    Eigen::VectorXd score;
    Eigen::MatrixXd information;
  };
  Derivatives at(const Eigen::VectorXd& beta);
  // Sums over events of g(t)^power V(t), V being the covariance in the risk set; risk() must have run.
  Eigen::MatrixXd information(int power) const;
  Eigen::VectorXd weighted_score() const;                             // of g(t) (x - mean)
  Eigen::MatrixXd score_residuals() const;                            // a column an observation, in order()
  const std::vector<std::uint32_t>& order() const { return order_; }  // by stratum and time
  const Eigen::VectorXd& scale() const { return scale_; }
  std::int64_t event_count() const { return events_; }

 private:
  struct Stratum {
    std::size_t begin, end;
    std::vector<EventTime> times;
  };
  void find_times(Stratum& stratum);
  void find_censoring(Stratum& stratum);
  void find_g();
  void risk(const Eigen::VectorXd& beta);
  void sum_stratum(const Stratum& stratum, std::size_t first_time);
  double steps_of(const EventTime& each) const { return ties_ == Ties::efron ? static_cast<double>(each.dead) : 1; }
  Eigen::VectorXd dead_sum(bool by_g) const;  // of the covariates of those to whom the event came
  // For each observation the sum over the steps of its risk sets of g^power / S0 (times its weight there).
  Eigen::VectorXd row_weights(int power) const;

  const HazardData& data_;
  Ties ties_;
  bool competing_;
  std::vector<std::uint32_t> order_;
  Eigen::MatrixXd x_;  // covariate × observation, in order, centred and scaled
  Eigen::VectorXd center_, scale_, dead_sum_;
  std::vector<double> later_;  // 1 / G(s-) for those with a competing event at s, else 0
  std::vector<Stratum> strata_;
  std::int64_t events_ = 0;

  // Of the last beta. A step is one of the partial likelihood's factors: with Efron's ties one a death, with
  // Breslow's one an event time.
  Eigen::VectorXd eta_, exp_;
  Eigen::MatrixXd means_;                                           // covariate × step: weighted mean of the risk set
  Eigen::VectorXd step_total_, step_weight_, step_g_, step_share_;  // S0, count, g, l/d
  std::vector<std::size_t> time_first_step_;
  double log_likelihood_ = 0;
};

}  // namespace resident::stats

#include <fmt/format.h>

#include <cli/bisect/question.hpp>
#include <stats/culprit_search.hpp>
#include <stats/level_search.hpp>

namespace resident {

namespace {

using Json = nlohmann::ordered_json;

class FailureQuestion : public BisectQuestion {
 public:
  FailureQuestion(std::size_t commits, double enough) : search_(commits, options(enough)) {}
  void learn(std::size_t position, const RunRecord& run) override { search_.add(position, run.code != 0); }
  void cannot_test(std::size_t position) override { search_.cannot_test(position); }
  std::optional<std::size_t> next(std::span<const std::size_t> running) const override { return search_.next(running); }
  std::vector<double> probabilities() const override { return search_.probabilities(); }
  std::string shown(const RunRecord& run) const override { return run.code != 0 ? "failed" : "passed"; }

  Conclusion conclusion() const override {
    const stats::CulpritAnswer answer = search_.answer();
    Conclusion conclusion;
    conclusion.kind = answer.kind == stats::CulpritAnswer::Kind::found  ? Conclusion::Kind::found
                      : answer.kind == stats::CulpritAnswer::Kind::none ? Conclusion::Kind::none
                                                                        : Conclusion::Kind::searching;
    conclusion.first = answer.first;
    conclusion.last = answer.last;
    conclusion.probability = answer.probability;
    conclusion.none_probability = answer.none_probability;
    const auto words = [](double rate, const stats::Interval& interval) {
      return fmt::format("{:.0f} % of runs fail (95 % interval {:.0f} to {:.0f})", 100 * rate, 100 * interval.low,
                         100 * interval.high);
    };
    conclusion.before = words(answer.rate_before, answer.before);
    conclusion.after = words(answer.rate_after, answer.after);
    const auto figures = [](double rate, const stats::Interval& interval) {
      return Json{{"rate", rate}, {"low", interval.low}, {"high", interval.high}};
    };
    conclusion.json = {{"before", figures(answer.rate_before, answer.before)},
                       {"after", figures(answer.rate_after, answer.after)}};
    return conclusion;
  }

 private:
  static stats::CulpritOptions options(double enough) {
    stats::CulpritOptions result;
    result.enough = enough;
    return result;
  }
  stats::CulpritSearch search_;
};

class NumberQuestion : public BisectQuestion {
 public:
  NumberQuestion(std::size_t commits, double enough, double least) : search_(commits, options(enough, least)) {}
  void learn(std::size_t position, const RunRecord& run) override {
    if (run.code == 0) search_.add(position, run.value);
  }
  void cannot_test(std::size_t position) override { search_.cannot_test(position); }
  std::optional<std::size_t> next(std::span<const std::size_t> running) const override { return search_.next(running); }
  std::vector<double> probabilities() const override { return search_.probabilities(); }
  std::string shown(const RunRecord& run) const override {
    return run.code == 0 ? fmt::format("{:.4g}", run.value) : "failed";
  }

  Conclusion conclusion() const override {
    using Kind = stats::LevelAnswer::Kind;
    const stats::LevelAnswer answer = search_.answer();
    Conclusion conclusion;
    conclusion.kind = answer.kind == Kind::found  ? Conclusion::Kind::found
                      : answer.kind == Kind::none ? Conclusion::Kind::none
                                                  : Conclusion::Kind::searching;
    conclusion.first = answer.first;
    conclusion.last = answer.last;
    conclusion.probability = answer.probability;
    conclusion.none_probability = answer.none_probability;
    conclusion.before = fmt::format("the number is {:.5g} (geometric mean)", answer.level_before);
    conclusion.after = fmt::format("{:.5g}, {:.3f} times as much (95 % interval {:.3f} to {:.3f})", answer.level_after,
                                   answer.ratio, answer.ratio_interval.low, answer.ratio_interval.high);
    conclusion.json = {
        {"before", answer.level_before},
        {"after", answer.level_after},
        {"ratio", {{"value", answer.ratio}, {"low", answer.ratio_interval.low}, {"high", answer.ratio_interval.high}}}};
    return conclusion;
  }

 private:
  static stats::LevelOptions options(double enough, double least) {
    stats::LevelOptions result;
    result.enough = enough;
    result.least = least;
    return result;
  }
  stats::LevelSearch search_;
};

}  // namespace

std::unique_ptr<BisectQuestion> question_of_numbers(std::size_t commits, double enough, double least) {
  return std::make_unique<NumberQuestion>(commits, enough, least);
}

std::unique_ptr<BisectQuestion> question_of_failures(std::size_t commits, double enough) {
  return std::make_unique<FailureQuestion>(commits, enough);
}

}  // namespace resident

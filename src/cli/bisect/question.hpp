// What a search asks of each run, whatever it looks for: a culprit of failures, or of a number that moved. The command
// runs things, this concludes.
#pragma once

#include <cli/bisect/journal.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>

namespace resident {

struct Conclusion {
  enum class Kind { searching, found, none };
  Kind kind = Kind::searching;
  std::size_t first = 0, last = 0;  // positions of the likeliest commits
  double probability = 0;
  double none_probability = 0;
  std::string before, after;    // what runs did without and with it, in words
  nlohmann::ordered_json json;  // the same as figures
};

class BisectQuestion {
 public:
  virtual ~BisectQuestion() = default;
  virtual void learn(std::size_t position, const RunRecord& run) = 0;
  virtual void cannot_test(std::size_t position) = 0;
  virtual std::optional<std::size_t> next(std::span<const std::size_t> running) const = 0;
  virtual Conclusion conclusion() const = 0;
  // Of none (index 0), and of each commit.
  virtual std::vector<double> probabilities() const = 0;
  // Of one run, for the table: "failed", "12.5".
  virtual std::string shown(const RunRecord& run) const = 0;
};

// Which of so many commits made the command fail.
std::unique_ptr<BisectQuestion> question_of_failures(std::size_t commits, double enough);
// Which of so many commits moved the number that the command prints by at least a share (0.02: 2 %). A run that fails
// tells nothing.
std::unique_ptr<BisectQuestion> question_of_numbers(std::size_t commits, double enough, double least);

}  // namespace resident

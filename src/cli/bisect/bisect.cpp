#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <cli/bisect/bisect.hpp>
#include <cli/bisect/process.hpp>
#include <cmath>
#include <fstream>
#include <sstream>
#include <unordered_map>

namespace resident {

namespace fs = std::filesystem;

namespace {

// As git bisect run has it: 0 is good, 125 cannot be tested, 1 to 127 is bad, anything else ends the search.
constexpr int kUntestable = 125, kNotExecutable = 126, kNotFound = 127;
constexpr double kEnough = 0.975;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// The last word that the command printed which is a number.
std::optional<double> last_number(const fs::path& log) {
  std::ifstream stream(log);
  std::optional<double> found;
  std::string word;
  while (stream >> word) {
    double value = 0;
    const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (problem == std::errc() && end == word.data() + word.size() && std::isfinite(value)) found = value;
  }
  return found;
}

std::unique_ptr<BisectQuestion> question(const BisectWishes& wishes, std::size_t commits) {
  const double enough = wishes.enough > 0 ? wishes.enough : kEnough;
  return wishes.bench ? question_of_numbers(commits, enough, wishes.least) : question_of_failures(commits, enough);
}

class Search {
 public:
  Search(const BisectWishes& wishes, const std::function<void(const std::string&)>& said)
      : wishes_(wishes),
        said_(said),
        range_(wishes.clone, wishes.good, wishes.bad),
        folder_(wishes.folder.empty() ? bisect_folder(wishes.clone) : fs::absolute(wishes.folder)),
        question_(question(wishes, range_.commits.size() - 1)),
        tested_(range_.commits.size()) {
    for (std::size_t i = 0; i < range_.commits.size(); ++i) position_[range_.commits[i].sha] = i;
  }

  BisectOutcome run() {
    fs::create_directories(folder_ / "logs");
    BisectJournal journal(folder_ / "journal.jsonl", question_text(), wishes_.restart);
    for (const RunRecord& run : journal.runs()) learn(run);
    if (runs_ > 0)
      said_(fmt::format("{} known from before", plural(static_cast<long long>(runs_), "run is", "runs are")));
    if (wants_more()) ask(journal);
    if (question_->conclusion().kind != Conclusion::Kind::searching) journal.end();
    return {std::move(range_), tested_,         question_->probabilities(), question_->conclusion(), runs_,
            ended_early_,      folder_.string()};
  }

 private:
  std::string question_text() const {
    return fmt::format("{} {} {}{}", range_.commits.front().sha, range_.commits.back().sha,
                       wishes_.bench ? "numbers of " : "", one_line(joined(wishes_.command)));
  }

  bool wants_more() const {
    return question_->conclusion().kind == Conclusion::Kind::searching && runs_ < wishes_.most_runs;
  }

  void ask(BisectJournal& journal) {
    const std::size_t jobs = std::max<std::size_t>(1, wishes_.jobs);
    Worktrees worktrees(wishes_.clone, folder_, jobs, wishes_.clean);
    Children children(jobs);
    running_.assign(jobs, std::nullopt);
    while (wants_more()) {
      while (const auto slot = children.free_slot()) {
        const auto position = next_position();
        if (!position) break;
        start(children, worktrees, *slot, *position);
      }
      if (children.idle()) {
        ended_early_ = runs_ >= wishes_.most_runs ? "" : "no run can tell more";
        return;
      }
      const Ended ended = children.wait();
      finish(journal, ended);
    }
  }

  std::optional<std::size_t> next_position() const {
    std::vector<std::size_t> running;
    for (const auto& each : running_)
      if (each) running.push_back(*each);
    if (runs_ + static_cast<std::int64_t>(running.size()) >= wishes_.most_runs) return std::nullopt;
    // Whether the command can be run at all is seen at the good end.
    if (must_see_good_ && tested_.front().runs == 0) {
      if (std::find(running.begin(), running.end(), 0u) == running.end()) return 0;
    }
    return question_->next(running);
  }

  void start(Children& children, Worktrees& worktrees, std::size_t slot, std::size_t position) {
    const std::string& sha = range_.commits[position].sha;
    const fs::path place = worktrees.check_out(slot, sha);
    children.start(slot, wishes_.command, place, log_of(slot), wishes_.timeout);
    running_[slot] = position;
  }

  fs::path log_of(std::size_t slot) const { return folder_ / "logs" / fmt::format("running-{}.log", slot + 1); }

  void finish(BisectJournal& journal, const Ended& ended) {
    const std::size_t position = *running_[ended.slot];
    running_[ended.slot].reset();
    RunRecord run{range_.commits[position].sha, ended.late ? 1 : ended.code, ended.late, ended.seconds, 0};
    const fs::path log = folder_ / "logs" / fmt::format("{:05}-{:.12}.log", runs_ + 1, run.commit);
    fs::rename(log_of(ended.slot), log);
    if (run.code > kNotFound)
      throw Error(fmt::format("the command ended with {} at {:.12}", run.code, run.commit),
                  fmt::format("1 to 127 would mean that it failed there, 125 that it cannot be tested, 0 that it "
                              "passed; its output is in {}",
                              log.string()));
    const bool cannot_start = run.code == kNotExecutable || run.code == kNotFound;
    if (cannot_start && position == 0)
      throw Error(fmt::format("the command ended with {} at the good commit: it cannot be run", run.code),
                  fmt::format("its output is in {}", log.string()));
    must_see_good_ = must_see_good_ || cannot_start;
    if (wishes_.bench && run.code == 0) {
      const auto value = last_number(log);
      if (!value || *value <= 0)
        throw Error(
            fmt::format("the command printed no number above 0 at {:.12}", run.commit),
            fmt::format("with --bench the last number that it prints counts; its output is in {}", log.string()));
      run.value = *value;
    }
    journal.add(run);
    learn(run);
    const auto conclusion = question_->conclusion();
    said_(fmt::format("{}: {:.12} {}, {:.1f} s; likeliest {:.12} ({:.0f} %), none {:.0f} %", runs_, run.commit,
                      tested_[position].untestable ? "cannot be tested" : question_->shown(run), run.seconds,
                      range_.commits[conclusion.first].sha,
                      100 * (conclusion.kind == Conclusion::Kind::none ? 0 : conclusion.probability),
                      100 * conclusion.none_probability));
  }

  void learn(const RunRecord& run) {
    const auto found = position_.find(run.commit);
    if (found == position_.end()) return;
    ++runs_;
    Tested& tested = tested_[found->second];
    ++tested.runs;
    if (run.code == kUntestable || (wishes_.bench && run.code != 0)) {
      tested.failed += run.code != kUntestable;
      tested.untestable = true;
      question_->cannot_test(found->second);
      return;
    }
    tested.failed += run.code != 0;
    tested.shown.push_back(question_->shown(run));
    question_->learn(found->second, run);
  }

  const BisectWishes& wishes_;
  const std::function<void(const std::string&)>& said_;
  CommitRange range_;
  fs::path folder_;
  std::unique_ptr<BisectQuestion> question_;
  std::vector<Tested> tested_;
  std::unordered_map<std::string, std::size_t> position_;
  std::vector<std::optional<std::size_t>> running_;
  std::int64_t runs_ = 0;
  bool must_see_good_ = false;
  std::string ended_early_;
};

}  // namespace

BisectOutcome bisect(const BisectWishes& wishes, const std::function<void(const std::string&)>& said) {
  return Search(wishes, said).run();
}

}  // namespace resident

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/packed.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/learnt.hpp>
#include <learn/reviewers/suggest.hpp>
#include <model/queues/review.hpp>

namespace resident::reviewers {

namespace {

// Enough to learn from; what is older is only taken in.
constexpr std::size_t kLearnFrom = 1000;
constexpr double kCreditHalfLife = 30.0 * kDay, kLeastEarned = 0.001;
// A count that halves in a year adds up to that many years' worth.
constexpr double kYearsOfHalfLife = 1 / 0.6931;
constexpr double kSmallest = 1e-12;
constexpr std::size_t kMostReasons = 4, kMostConsidered = 30;

}  // namespace

double LoadBalance::bonus(Index person, Timestamp now) const {
  const auto found = credit_.find(person);
  return found == credit_.end() ? 0 : strength_ * found->second.at(now, kCreditHalfLife);
}

void LoadBalance::earn(Index person, double probability, Timestamp now) {
  if (probability >= kLeastEarned) credit_[person].add(now, probability, kCreditHalfLife);
}

void LoadBalance::name(Index person, Timestamp now) {
  credit_[person].add(now, -1, kCreditHalfLife);
}

namespace {

constexpr std::string_view kForm = "1", kName = "reviewers";  // of what is kept

struct Learnt {
  std::size_t from = 0;
  Row weights{};
};

std::string pack(const Learnt& learnt) {
  Packer packer;
  packer.whole(learnt.from);
  for (const double weight : learnt.weights) packer.number(weight);
  return packer.take();
}

Learnt unpack(std::string_view bytes) {
  Unpacker unpacker(bytes);
  Learnt learnt;
  learnt.from = unpacker.whole();
  for (double& weight : learnt.weights) weight = unpacker.number();
  unpacker.finish();
  return learnt;
}

}  // namespace

Suggester::Suggester(const Context& context, People people, const std::vector<std::int64_t>& of)
    : now_(context.as_of),
      history_(std::make_unique<ReviewHistory>(context, std::move(people))),
      // It learns nothing itself, so that its target does not matter.
      learner_(std::make_unique<Learner>(*history_, Target::reviews, false)) {
  const auto make = [&] {
    Learner whole(*history_, target_of(*history_), false);
    learn(*history_, whole, learning_moment(context.as_of));
    return Learnt{whole.learnt_from(), whole.ranker().weights()};
  };
  const Learnt learnt = kept_or_made(
      context, kName, fmt::format("{}: {}; {}", kForm, history_->basis, people_basis(context)), unpack, make, pack);
  learnt_from_ = learnt.from;
  learner_->ranker().set_weights(learnt.weights);
  if (!of.empty()) {
    std::vector<Index> pulls;
    for (const std::int64_t item : of)
      if (const auto found = history_->pull_index.find(item); found != history_->pull_index.end())
        pulls.push_back(found->second);
    learner_->signals().watch(pulls, now_);
  }
  learner_->signals().advance(now_ + 1);
}

SuggesterBeside::SuggesterBeside(const Context& context) {
  std::shared_ptr<Database> beside = context.database.open_reader();
  if (!beside) {
    coming_ = std::async(std::launch::deferred, [&context] { return std::make_unique<Suggester>(context); });
    return;
  }
  coming_ = std::async(std::launch::async,
                       [context, beside] { return std::make_unique<Suggester>(context.through(*beside)); });
}

const Suggester& SuggesterBeside::get() {
  if (!made_) made_ = coming_.get();
  return *made_;
}

void Suggester::learn(const ReviewHistory& history, Learner& learner, Timestamp moment) {
  const auto& pulls = history.pulls;
  const auto end =
      static_cast<std::size_t>(std::lower_bound(pulls.begin(), pulls.end(), moment,
                                                [](const Pull& pull, Timestamp at) { return pull.opened_at < at; }) -
                               pulls.begin());
  for (std::size_t i = end > kLearnFrom ? end - kLearnFrom : 0; i < end; ++i) {
    const Pull& pull = pulls[i];
    learner.advance_to(pull);
    learner.remember(static_cast<Index>(i), learner.signals().describe(pull, pull.opened_at, true));
  }
  learner.finish(moment - 1);
}

Suggester::~Suggester() = default;

std::size_t Suggester::learnt_from() const {
  return learnt_from_;
}

std::string Suggester::why(const Pull& pull, Index person, const Row& row) const {
  const Signals& signals = learner_->signals();
  const auto value = [&](Signal signal) { return row[static_cast<std::size_t>(signal)]; };
  std::vector<std::string> reasons;
  const Familiarity known = signals.familiarity(pull, person, now_);
  if (value(Signal::asked) > 0) reasons.emplace_back("was asked for it");
  if (value(Signal::involved) > 0) reasons.emplace_back("takes part in it already");
  if (value(Signal::owner) > 0) reasons.emplace_back("CODEOWNERS names them");
  if (known.file_reviews > 0)
    reasons.push_back(fmt::format("reviewed {} that touched these files", plural(known.file_reviews, "pull request")));
  if (known.line_share >= 0.1)
    reasons.push_back(fmt::format("wrote {:.0f} % of the lines in these files", 100 * known.line_share));
  if (known.author_reviews > 0)
    reasons.push_back(fmt::format("reviewed {} by {}", known.author_reviews, history_->name(pull.author)));
  if (value(Signal::linked) > 0) reasons.emplace_back("took part in what it refers to");
  const double year = signals.recent_responses(person, now_);
  if (reasons.size() < 2 && year >= 1)
    reasons.push_back(
        fmt::format("about {} a year", plural(static_cast<long long>(std::ceil(year / kYearsOfHalfLife)), "review")));
  if (reasons.size() > kMostReasons) reasons.resize(kMostReasons);
  reasons.push_back("active " + waiting_text(signals.last_active(person), now_) + " ago");
  return fmt::format("{}", fmt::join(reasons, "; "));
}

std::vector<Suggestion> Suggester::ranked(const Candidates& candidates) const {
  const auto probabilities = learner_->ranker().probabilities(candidates.rows);
  std::vector<std::size_t> order(probabilities.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return probabilities[a] > probabilities[b]; });
  std::vector<Suggestion> result;
  for (const std::size_t i : order) {
    Suggestion suggestion;
    suggestion.index = candidates.people[i];
    suggestion.person = history_->person_ids[suggestion.index];
    suggestion.name = history_->name(suggestion.index);
    suggestion.probability = probabilities[i];
    suggestion.asked = candidates.rows[i][static_cast<std::size_t>(Signal::asked)] > 0;
    suggestion.load = std::expm1(candidates.rows[i][static_cast<std::size_t>(Signal::load)]);
    result.push_back(std::move(suggestion));
    if (result.size() >= kMostConsidered) break;
  }
  return result;
}

std::vector<Suggestion> Suggester::suggest(std::int64_t item_id, std::size_t most) const {
  return std::move(suggest_spread({item_id}, most).front());
}

std::vector<std::vector<Suggestion>> Suggester::suggest_spread(
    const std::vector<std::int64_t>& item_ids, std::size_t most,
    const std::function<bool(const Suggestion&)>& may) const {
  std::vector<std::vector<Suggestion>> result;
  LoadBalance balance;
  for (const std::int64_t item_id : item_ids) {
    result.emplace_back();
    const auto found = history_->pull_index.find(item_id);
    if (found == history_->pull_index.end()) continue;
    const Pull& pull = history_->pulls[found->second];
    const Candidates candidates = learner_->signals().describe(pull, now_, false);
    auto& suggestions = result.back() = ranked(candidates);
    if (may) std::erase_if(suggestions, [&](const Suggestion& each) { return !may(each); });
    const auto score = [&](const Suggestion& each) {
      return std::log(std::max(each.probability, kSmallest)) + balance.bonus(each.index, now_);
    };
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < suggestions.size(); ++i) order.emplace_back(-score(suggestions[i]), i);
    std::sort(order.begin(), order.end());
    for (const auto& each : suggestions) balance.earn(each.index, each.probability, now_);
    std::vector<Suggestion> chosen;
    for (std::size_t i = 0; i < std::min(most, order.size()); ++i)
      chosen.push_back(std::move(suggestions[order[i].second]));
    suggestions = std::move(chosen);
    if (!suggestions.empty()) balance.name(suggestions.front().index, now_);
    for (auto& each : suggestions) {
      const auto at = std::find(candidates.people.begin(), candidates.people.end(), each.index);
      each.why = why(pull, each.index, candidates.rows[static_cast<std::size_t>(at - candidates.people.begin())]);
    }
  }
  return result;
}

}  // namespace resident::reviewers

// What first responses do: does a newcomer who was answered soon come back more often? With what is known of them taken
// off, and how strongly something unknown would have to act to explain the rest.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <model/flow_items.hpp>
#include <stats/cox.hpp>
#include <stats/inverse_weights.hpp>
#include <stats/risk_ratio.hpp>
#include <unordered_map>

namespace resident {

namespace {

constexpr Timestamp kBack = 90 * kDay, kBusy = 30 * kDay;

constexpr const char* kDefinition =
    "Newcomers: people whose first item (issue or pull request) it is, without bots and those whose commits on the "
    "default branch began more than 90 days before (what they became later decides nothing). Answered: "
    "somebody else, and no bot, commented on it or reviewed it within so many days, not by a command to a machine "
    "alone (\"/retest\"). Came back: opened another item within 90 days after those days; who came back, or whose "
    "first item was deleted, before they were over is left "
    "out of both sides, so that nobody counts as answered for having stayed long enough. Only those of whom 90 days "
    "are known.";
constexpr const char* kMethod =
    "Inverse probability weights from a logistic regression of being answered on what is named in the second table "
    "(Robins, Hernán and Brumback 2000; cut at the 1st and 99th hundredth); the hazard ratio is Cox's, with the same "
    "beside it. E-value: how strongly something unmeasured would have to go with both, as a ratio, to explain all of "
    "it (VanderWeele and Ding 2017).";

struct Newcomer {
  const FlowItem* first = nullptr;
  std::optional<Timestamp> again;  // the next item
  double busy = 0;                 // items opened in the 30 days before
};

constexpr const char* kCovariates[] = {"pull request, not issue", "size (log of lines; 0 for issues)",
                                       "years since the first of them", "opened on a weekend",
                                       "how busy (log of items in the 30 days before)"};

class FirstResponse {
 public:
  explicit FirstResponse(const Context& context)
      : context_(context),
        days_(context.whole_number("days", 7, 1, 60)),
        landmark_(days_ * kDay),
        people_(load_people(context)),
        items_(load_flow_items(context, people_, FlowDetail::times)) {
    find_newcomers();
    fill();
  }

  std::vector<Result> results() const {
    Result main = start("first_response", "What first responses do", "Do newcomers who are answered soon come back?");
    main.columns = {{"way", "Way", ColumnType::text},
                    {"answered", "Answered", ColumnType::share, "", "came back"},
                    {"others", "Not answered", ColumnType::share, "", "came back"},
                    {"ratio", "Ratio", ColumnType::number},
                    {"low", "Low", ColumnType::number, "", "95 %"},
                    {"high", "High", ColumnType::number, "", "95 %"},
                    {"e_value", "E-value", ColumnType::number, "", "of the ratio"},
                    {"e_value_of_interval", "E-value, interval", ColumnType::number}};
    const auto sides = [&](bool side) { return std::count(given_.begin(), given_.end(), side); };
    const auto weighted = stats::weighted_ratio(covariates_, given_, back_);
    if (!weighted.is_answered) {
      main.claim = fmt::format("Too little is known to tell: {} newcomers were answered within {}, {} were not; {}.",
                               sides(true), plural(days_, "day"), sides(false), weighted.missing);
      return {std::move(main)};
    }
    const auto plain = stats::risk_ratio(hits(true), sides(true), hits(false), sides(false));
    if (plain)
      main.rows.push_back({std::string("as they are"), share(hits(true), sides(true)), share(hits(false), sides(false)),
                           plain->ratio, plain->low, plain->high, plain->e_value, plain->e_value_of_interval});
    const double bound = bound_of(weighted);
    main.rows.push_back({std::string("weighted to be alike"), weighted.given, weighted.others, weighted.ratio,
                         weighted.low, weighted.high, stats::e_value(weighted.ratio), stats::e_value(bound)});
    for (const bool is_pull : {true, false}) add_kind(main, is_pull);
    add_hazard(main);
    main.claim = fmt::format(
        "Newcomers answered within {} came back {:.2f} times as often as others like them ({:.2f} to {:.2f}): {:.0f} % "
        "against {:.0f} %. {}",
        plural(days_, "day"), weighted.ratio, weighted.low, weighted.high, 100 * weighted.given, 100 * weighted.others,
        bound == 1 ? "That is within chance, and an association."
                   : fmt::format("An association, not a cause: something unmeasured that goes with both by a ratio of "
                                 "{:.1f} would explain it.",
                                 stats::e_value(bound)));
    return {std::move(main), balance(weighted)};
  }

 private:
  Result start(const char* name, const char* title, const char* question) const {
    Result result = context_.result(name, title, question);
    result.definition = kDefinition;
    result.method = kMethod;
    result.sample_size = static_cast<std::int64_t>(given_.size());
    result.uncertainty = "95 % intervals.";
    result.notes.push_back(
        "Not known, and so not taken out: how good the first contribution was, whether its author works on the project "
        "for a living, and whether they were answered elsewhere.");
    return result;
  }
  std::int64_t hits(bool side) const {
    std::int64_t count = 0;
    for (std::size_t i = 0; i < given_.size(); ++i) count += given_[i] == side && back_[i];
    return count;
  }
  static double share(std::int64_t part, std::int64_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  }

  void find_newcomers() {
    std::unordered_map<std::int64_t, std::size_t> place;
    std::size_t oldest = 0;
    for (std::size_t i = 0; i < items_.size(); ++i) {  // in order of creation
      const FlowItem& item = items_[i];
      while (items_[oldest].created < item.created - kBusy) ++oldest;
      if (item.author == 0) continue;
      const auto [found, is_first] = place.emplace(item.author, newcomers_.size());
      if (is_first)
        newcomers_.push_back({&item, std::nullopt, static_cast<double>(i - oldest)});
      else if (auto& newcomer = newcomers_[found->second]; !newcomer.again)
        newcomer.again = item.created;
    }
    const auto first_commit = first_commits();
    const Timestamp end = context_.data_until.value_or(context_.as_of);
    std::erase_if(newcomers_, [&](const Newcomer& each) {
      const auto known = first_commit.find(each.first->author);
      return (known != first_commit.end() && known->second < each.first->created - kBack) ||
             each.first->created + landmark_ + kBack > end ||
             (each.again && *each.again <= each.first->created + landmark_);
    });
  }

  // Of each person on the default branch.
  std::unordered_map<std::int64_t, Timestamp> first_commits() const {
    std::unordered_map<std::int64_t, Timestamp> first;
    for (const auto rows = context_.database.query(
             "SELECT author_id, min(authored_at) FROM git_commit WHERE project_id = :project AND on_default = 1 AND "
             "committed_at <= :as_of AND author_id IS NOT NULL GROUP BY author_id",
             context_.parameters());
         rows->next();) {
      const auto [found, is_new] = first.emplace(people_.person(rows->integer(0)), rows->integer(1));
      if (!is_new) found->second = std::min(found->second, rows->integer(1));
    }
    return first;
  }

  void fill() {
    covariates_.resize(static_cast<Eigen::Index>(newcomers_.size()), std::size(kCovariates));
    for (std::size_t i = 0; i < newcomers_.size(); ++i) {
      const auto& [first, again, busy] = newcomers_[i];
      const double size = first->is_pull ? std::log1p(static_cast<double>(first->size.value_or(0))) : 0;
      const double years = static_cast<double>(first->created - newcomers_.front().first->created) / kMeanYear;
      const auto day = (first->created - start_of_week(first->created)) / kDay;
      covariates_.row(static_cast<Eigen::Index>(i)) << (first->is_pull ? 1 : 0), size, years, (day >= 5 ? 1 : 0),
          std::log1p(busy);
      given_.push_back(first->responded && *first->responded <= first->created + landmark_);
      back_.push_back(again && *again <= first->created + landmark_ + kBack);
    }
    const auto kept = varying(covariates_);
    for (const Eigen::Index j : kept) names_.emplace_back(kCovariates[j]);
    covariates_ = Eigen::MatrixXd(covariates_(Eigen::all, kept));
  }

  // The columns that do not vary say nothing.
  static std::vector<Eigen::Index> varying(const Eigen::MatrixXd& columns) {
    std::vector<Eigen::Index> kept;
    for (Eigen::Index j = 0; j < columns.cols(); ++j)
      if (columns.rows() > 0 && (columns.col(j).array() != columns(0, j)).any()) kept.push_back(j);
    return kept;
  }

  // The same for those who began with a pull request, or with an issue, alone; nothing where there are too few.
  void add_kind(Result& result, bool is_pull) const {
    std::vector<Eigen::Index> rows;
    std::vector<bool> given, back;
    for (std::size_t i = 0; i < newcomers_.size(); ++i)
      if (newcomers_[i].first->is_pull == is_pull) {
        rows.push_back(static_cast<Eigen::Index>(i));
        given.push_back(given_[i]);
        back.push_back(back_[i]);
      }
    if (rows.empty() || rows.size() == newcomers_.size()) return;
    const Eigen::MatrixXd own = covariates_(rows, Eigen::all);
    const auto weighted = stats::weighted_ratio(Eigen::MatrixXd(own(Eigen::all, varying(own))), given, back);
    if (weighted.is_answered)
      result.rows.push_back({fmt::format("weighted, who began with {}", is_pull ? "a pull request" : "an issue"),
                             weighted.given, weighted.others, weighted.ratio, weighted.low, weighted.high,
                             stats::e_value(weighted.ratio), stats::e_value(bound_of(weighted))});
  }
  // The bound of the interval that is nearer to 1; 1 where it holds 1.
  static double bound_of(const stats::WeightedRatio& weighted) {
    return weighted.low > 1 ? weighted.low : weighted.high < 1 ? weighted.high : 1;
  }

  // Until they come back, from the end of the days on; with the covariates beside it.
  void add_hazard(Result& result) const {
    const Timestamp end = context_.data_until.value_or(context_.as_of);
    stats::HazardData data;
    data.covariates.resize(covariates_.rows(), covariates_.cols() + 1);
    data.covariates.rightCols(covariates_.cols()) = covariates_;
    for (std::size_t i = 0; i < newcomers_.size(); ++i) {
      const auto& newcomer = newcomers_[i];
      const Timestamp from = newcomer.first->created + landmark_;
      data.time.push_back(static_cast<double>(newcomer.again.value_or(end) - from) / kDay);
      data.status.push_back(newcomer.again.has_value());
      data.covariates(static_cast<Eigen::Index>(i), 0) = given_[i] ? 1 : 0;
    }
    try {
      const auto fit = stats::cox(data);
      const double log = fit.coefficients[0], error = std::sqrt(fit.variance(0, 0));
      result.rows.push_back({std::string("rate of coming back, ever (Cox)"), Cell(), Cell(), std::exp(log),
                             std::exp(log - 1.96 * error), std::exp(log + 1.96 * error), Cell(), Cell()});
    } catch (const Error& error) {
      result.notes.push_back(fmt::format("No hazard ratio: {}.", error.what()));
    }
  }

  Result balance(const stats::WeightedRatio& weighted) const {
    Result result = start("first_response_balance", "How alike the two sides are",
                          "Were those who were answered different from the start?");
    result.columns = {{"what", "What", ColumnType::text},
                      {"before", "As they are", ColumnType::number, "", "difference of means, in deviations"},
                      {"after", "Weighted", ColumnType::number, "", "the same; below 0.1 counts as alike"}};
    double worst = 0;
    for (std::size_t j = 0; j < names_.size(); ++j) {
      result.rows.push_back({names_[j], weighted.balance_before[j], weighted.balance[j]});
      worst = std::max(worst, std::fabs(weighted.balance[j]));
    }
    result.claim = fmt::format(
        "Weighted, the two sides differ by {:.2f} standard deviations at most in what is known ({}); that is as if {} "
        "had been "
        "answered and {} had not.",
        worst, worst <= 0.1 ? "alike" : "not alike enough", with_thousands(std::lround(weighted.effective_given)),
        with_thousands(std::lround(weighted.effective_others)));
    return result;
  }

  const Context& context_;
  std::int64_t days_;
  Timestamp landmark_;
  People people_;
  std::vector<FlowItem> items_;
  std::vector<Newcomer> newcomers_;
  Eigen::MatrixXd covariates_;
  std::vector<std::string> names_;
  std::vector<bool> given_, back_;
};

std::vector<Result> analyse_first_response(const Context& context) {
  return FirstResponse(context).results();
}

}  // namespace

extern const Analysis first_response_analysis;
const Analysis first_response_analysis{
    "first-response",
    "What first responses do",
    "Do newcomers who are answered soon come back more often?",
    {{"days", "N", "answered within so many days, 1 to 60; 7 without it"}},
    &analyse_first_response,
    {groups::kProject, "Whether newcomers who are answered soon come back more often",
     "Weighted to be alike in what is known of them, with how strongly something unknown would have to act to explain "
     "the rest. An association, not a cause.\nExample: resident first-response --days 3"},
    {{"impact", 2}}};

}  // namespace resident

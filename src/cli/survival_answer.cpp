#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <base/error.hpp>
#include <base/parallel.hpp>
#include <base/text.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cli/survival_answer.hpp>
#include <cmath>
#include <map>
#include <set>
#include <stats/aalen_johansen.hpp>
#include <stats/cox.hpp>
#include <stats/gray_test.hpp>
#include <stats/intervals.hpp>
#include <stats/log_rank.hpp>
#include <stats/ordering.hpp>
#include <stats/restricted_mean.hpp>
#include <stats/survival.hpp>

namespace resident {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostKinds = 1000;  // of status that are told apart at all

// The rows that can be used: time and status are there, and all that the method needs besides.
struct Rows {
  std::vector<double> time;
  std::vector<int> status;          // 0 censored, from 1 the causes
  std::vector<std::string> causes;  // names of 1, 2, …
  std::vector<std::uint32_t> row;   // in the table
  std::vector<int> group;           // empty: none
  std::vector<std::string> groups;  // names
  std::int64_t set_aside = 0;
};

bool is_censored(std::string_view cell) {
  if (cell.size() == 1) return cell == "0";
  const std::string word = to_lower(std::string(cell));
  return word == "censored" || word == "censor" || word == "open" || word == "false";
}

// Numbers in order of size, words in that of the alphabet.
std::vector<std::string> in_order(const std::set<std::string>& values) {
  std::vector<std::string> list(values.begin(), values.end());
  if (std::all_of(list.begin(), list.end(), [](const auto& each) { return table_number(each).has_value(); }))
    std::sort(list.begin(), list.end(),
              [](const auto& a, const auto& b) { return *table_number(a) < *table_number(b); });
  return list;
}

int place_of(const std::vector<std::string>& list, std::string_view value) {
  return static_cast<int>(std::find(list.begin(), list.end(), value) - list.begin());
}

Rows read_rows(const DataTable& table, const SurvivalQuestion& question, bool with_groups,
               const std::vector<std::size_t>& needed) {
  const std::size_t time = table.column(question.time), status = table.column(question.status);
  std::optional<std::size_t> by;
  if (with_groups) by = question.by.empty() ? table.find("group") : std::optional(table.column(question.by));
  Rows rows;
  rows.set_aside = table.set_aside();
  std::set<std::string> groups;
  std::vector<std::string_view> seen;  // kinds of status, in order of appearance
  std::vector<int> place;              // of each: 0 censored, else of its cause
  rows.time.reserve(table.row_count()), rows.status.reserve(table.row_count()), rows.row.reserve(table.row_count());
  std::size_t last = 0;
  const auto number_of = [&](std::string_view what) {
    // Most rows repeat one of a few; of many kinds the first thousand tell enough.
    if (last < seen.size() && seen[last] == what) return last;
    last = static_cast<std::size_t>(std::find(seen.begin(), seen.end(), what) - seen.begin());
    if (last == seen.size() && seen.size() < kMostKinds) seen.push_back(what);
    return last;
  };
  for (std::size_t i = 0; i < table.row_count(); ++i) {
    const auto at = table_number(table.cell(i, time));
    const auto what = table.cell(i, status);
    const auto is_missing = [&](std::size_t column) {
      const auto cell = table.cell(i, column);
      return cell.empty() || cell == "NA";
    };
    if (!at || is_missing(status) || (by && is_missing(*by)) || std::any_of(needed.begin(), needed.end(), is_missing)) {
      ++rows.set_aside;
      continue;
    }
    rows.time.push_back(*at);
    rows.row.push_back(static_cast<std::uint32_t>(i));
    rows.status.push_back(static_cast<int>(number_of(what)));
    if (by) groups.insert(std::string(table.cell(i, *by)));
  }
  if (rows.time.empty())
    throw Error(
        ErrorKind::usage, "no row has both a time and a status",
        fmt::format("columns {} (a number) and {} (0: censored)", one_line(question.time), one_line(question.status)));
  std::set<std::string> causes;
  for (const auto what : seen)
    if (!is_censored(what)) causes.insert(std::string(what));
  rows.causes = in_order(causes);
  rows.groups = in_order(groups);
  if (rows.causes.size() > 20 || seen.size() >= kMostKinds || rows.groups.size() > 1000)
    throw Error(ErrorKind::usage,
                fmt::format("{} kinds of status and {} groups are more than can be told apart", rows.causes.size(),
                            rows.groups.size()),
                "status is 0 for censored and a few words or numbers for what happened");
  for (const auto what : seen) place.push_back(is_censored(what) ? 0 : place_of(rows.causes, what) + 1);
  for (auto& each : rows.status) each = place[static_cast<std::size_t>(each)];
  if (by)
    for (const std::size_t row : rows.row) rows.group.push_back(place_of(rows.groups, table.cell(row, *by)));
  return rows;
}

Json number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

stats::IntervalScale scale_of(const std::string& name) {
  if (name == "plain") return stats::IntervalScale::plain;
  return name == "log-log" ? stats::IntervalScale::log_log : stats::IntervalScale::log;
}

// As R's quantile of a survfit: in the middle of the stretch where the curve is exactly there.
std::optional<double> middle_time(const std::vector<std::pair<double, double>>& curve, double level) {
  constexpr double kNear = 1.5e-8;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    if (curve[i].second > level + kNear) continue;
    if (std::fabs(curve[i].second - level) > kNear) return curve[i].first;
    for (std::size_t next = i + 1; next < curve.size(); ++next)
      if (curve[next].second < level - kNear) return (curve[i].first + curve[next].first) / 2;
    return (curve[i].first + curve.back().first) / 2;
  }
  return std::nullopt;
}

Json test_json(const stats::GroupTest& test) {
  return {{"chi_squared", test.chi_squared}, {"df", test.degrees_of_freedom}, {"p", test.p}};
}

// One group's curve. censored: how many leave without it at each time.
Json km_curve(std::vector<double> events, std::vector<double> censored, const SurvivalQuestion& question) {
  stats::sort_values(censored);
  const auto curve = stats::kaplan_meier(std::move(events), censored, question.confidence);
  const auto scale = scale_of(question.scale);
  Json rows = Json::array();
  std::vector<std::pair<double, double>> survival, low, high;
  double now = 1, error = 0;
  std::int64_t at_risk = curve.n;
  const auto add = [&](double time, std::int64_t happened, std::int64_t left) {
    stats::Bounds bounds;
    if (scale == stats::IntervalScale::log_log) {
      const auto turned = stats::share_interval(1 - now, error, scale, question.confidence);
      if (turned.high) bounds = {1 - *turned.high, 1 - *turned.low};
      if (now >= 1) bounds = {1, 1};
    } else if (now > 0) {
      bounds = stats::share_interval(now, error, scale, question.confidence);
    }
    rows.push_back({{"time", time},
                    {"n_risk", at_risk},
                    {"n_event", happened},
                    {"n_censor", left},
                    {"survival", now},
                    {"std_err", now > 0 ? Json(error) : Json(nullptr)},
                    {"low", number(bounds.low)},
                    {"high", number(bounds.high)}});
    survival.emplace_back(time, now);
    if (bounds.low) low.emplace_back(time, *bounds.low);
    if (bounds.high) high.emplace_back(time, *bounds.high);
    at_risk -= happened + left;
  };
  std::size_t next = 0;
  const auto censored_until = [&](double time) {
    while (next < censored.size() && censored[next] < time) {
      std::size_t end = next;
      while (end < censored.size() && censored[end] == censored[next]) ++end;
      add(censored[next], 0, static_cast<std::int64_t>(end - next));
      next = end;
    }
  };
  for (const auto& point : curve.points) {
    censored_until(point.time);
    std::size_t end = next;
    while (end < censored.size() && censored[end] == point.time) ++end;
    now = point.survival;
    error = point.standard_error;
    add(point.time, point.happened, static_cast<std::int64_t>(end - next));
    next = end;
  }
  censored_until(std::numeric_limits<double>::infinity());
  const auto mean = stats::restricted_mean(curve, question.limit);
  return {{"n", curve.n},
          {"events", curve.happened},
          {"median",
           {{"value", number(middle_time(survival, 0.5))},
            {"low", number(middle_time(low, 0.5))},
            {"high", number(middle_time(high, 0.5))}}},
          {"restricted_mean", {{"value", mean.value}, {"std_err", mean.standard_error}, {"limit", question.limit}}},
          {"curve", std::move(rows)}};
}

Json km_answer(const DataTable& table, SurvivalQuestion question) {
  const Rows rows = read_rows(table, question, true, {});
  // One limit for all groups, or their means could not be compared.
  if (question.limit <= 0) question.limit = *std::max_element(rows.time.begin(), rows.time.end());
  if (rows.causes.size() > 1)
    throw Error(ErrorKind::usage, fmt::format("{} holds {} kinds of event", question.status, rows.causes.size()),
                "`resident stats aalen-johansen` is for events that rule each other out");
  // Of one group, or of all: -1.
  const auto curve_of = [&](int group) {
    std::vector<double> events, censored;
    for (std::size_t i = 0; i < rows.time.size(); ++i)
      if (group < 0 || rows.group[i] == group) (rows.status[i] == 1 ? events : censored).push_back(rows.time[i]);
    return km_curve(std::move(events), std::move(censored), question);
  };
  Json answer{{"method", "km"},
              {"confidence", question.confidence},
              {"conf_type", question.scale.empty() ? "log" : question.scale},
              {"set_aside", rows.set_aside}};
  if (!rows.groups.empty()) {
    std::vector<stats::Observation> all;
    for (std::size_t i = 0; i < rows.time.size(); ++i) all.push_back({rows.time[i], rows.status[i] == 1});
    answer["log_rank"] = test_json(stats::log_rank(all, rows.group));
    const auto test = stats::log_rank(all, rows.group);
    answer["log_rank"]["observed"] = test.observed;
    answer["log_rank"]["expected"] = test.expected;
    answer["peto_peto"] = test_json(stats::log_rank(all, rows.group, 1));
    answer["groups"] = Json::array();
    for (std::size_t g = 0; g < rows.groups.size(); ++g) {
      Json each{{"group", rows.groups[g]}};
      each.update(curve_of(static_cast<int>(g)));
      answer["groups"].push_back(std::move(each));
    }
  }
  answer.update(curve_of(-1));
  return answer;
}

Json incidence_json(const std::vector<stats::CauseObservation>& observations, const Rows& rows,
                    const SurvivalQuestion& question) {
  const auto incidence = stats::aalen_johansen(observations, static_cast<int>(rows.causes.size()));
  Json curve = Json::array();
  for (const auto& point : incidence.points) {
    Json happened = Json::object(), share = happened, error = happened, low = happened, high = happened;
    for (std::size_t k = 0; k < rows.causes.size(); ++k) {
      const auto& name = rows.causes[k];
      happened[name] = point.happened[k];
      share[name] = point.share[k];
      error[name] = point.error[k];
      const auto bounds =
          stats::share_interval(point.share[k], point.error[k], scale_of(question.scale), question.confidence);
      low[name] = number(bounds.low);
      high[name] = number(bounds.high);
    }
    curve.push_back({{"time", point.time},
                     {"n_risk", point.at_risk},
                     {"n_event", happened},
                     {"n_censor", point.censored},
                     {"event_free", point.event_free},
                     {"event_free_std_err", point.event_free_error},
                     {"probability", share},
                     {"std_err", error},
                     {"low", low},
                     {"high", high}});
  }
  return {{"n", incidence.n}, {"curve", std::move(curve)}};
}

Json aalen_johansen_answer(const DataTable& table, const SurvivalQuestion& question) {
  const Rows rows = read_rows(table, question, true, {});
  std::vector<stats::CauseObservation> all;
  for (std::size_t i = 0; i < rows.time.size(); ++i) all.push_back({rows.time[i], rows.status[i]});
  Json answer{{"method", "aalen-johansen"},
              {"causes", rows.causes},
              {"confidence", question.confidence},
              {"conf_type", question.scale.empty() ? "log" : question.scale},
              {"set_aside", rows.set_aside}};
  if (rows.groups.size() > 1) {
    answer["gray_test"] = Json::object();
    for (std::size_t k = 0; k < rows.causes.size(); ++k)
      answer["gray_test"][rows.causes[k]] = test_json(stats::gray_test(all, rows.group, static_cast<int>(k) + 1));
    answer["groups"] = Json::array();
    for (std::size_t g = 0; g < rows.groups.size(); ++g) {
      std::vector<stats::CauseObservation> part;
      for (std::size_t i = 0; i < all.size(); ++i)
        if (rows.group[i] == static_cast<int>(g)) part.push_back(all[i]);
      Json each{{"group", rows.groups[g]}};
      each.update(incidence_json(part, rows, question));
      answer["groups"].push_back(std::move(each));
    }
  }
  answer.update(incidence_json(all, rows, question));
  return answer;
}

// The columns that are covariates: all that have no other meaning.
struct Covariates {
  std::vector<std::size_t> columns;
  std::optional<std::size_t> cluster, stratum;
};

Covariates find_covariates(const DataTable& table, const SurvivalQuestion& question) {
  const auto meant = [&](const std::string& asked, const char* usual) {
    return asked.empty() ? table.find(usual) : std::optional(table.column(asked));
  };
  Covariates found;
  found.cluster = meant(question.cluster, "cluster");
  found.stratum = meant(question.stratum, "strata");
  const std::set<std::size_t> taken{table.column(question.time), table.column(question.status),
                                    found.cluster.value_or(table.names().size()),
                                    found.stratum.value_or(table.names().size())};
  for (std::size_t column = 0; column < table.names().size(); ++column)
    if (!taken.contains(column) && table.names()[column] != "id") found.columns.push_back(column);
  if (found.columns.empty()) throw Error(ErrorKind::usage, "there are no covariates", "each further column is one");
  return found;
}

// Whether all cells of the covariates are numbers; then they are filled in, row by row as they lie in memory, many rows
// side by side.
bool fill_numbers(const DataTable& table, const Rows& rows, const std::vector<std::size_t>& columns,
                  Eigen::MatrixXd& covariates) {
  constexpr std::size_t kBlock = 4096;
  const std::size_t n = rows.row.size();
  covariates.resize(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(columns.size()));
  std::atomic<bool> has_words = false;
  parallel_for((n + kBlock - 1) / kBlock, n < 4 * kBlock ? 1 : processor_count(),
               [&](unsigned, std::size_t block) {
                 for (std::size_t i = block * kBlock; i < std::min(n, (block + 1) * kBlock); ++i)
                   for (std::size_t k = 0; k < columns.size(); ++k) {
                     const auto value = table_number(table.cell(rows.row[i], columns[k]));
                     if (!value) has_words = true;
                     covariates.data()[k * n + i] = value.value_or(0);
                   }
               },
               &has_words);
  return !has_words;
}

// Numbers as they are; words as one indicator for each but the first in the alphabet.
void fill_covariates(const DataTable& table, const Rows& rows, const Covariates& found, stats::HazardData& data,
                     std::vector<std::string>& names) {
  if (fill_numbers(table, rows, found.columns, data.covariates)) {
    for (const std::size_t column : found.columns) names.push_back(table.names()[column]);
    return;
  }
  const auto n = static_cast<Eigen::Index>(rows.row.size());
  Eigen::Index filled = 0;
  const auto next_column = [&](std::string name) {
    names.push_back(std::move(name));
    if (filled == data.covariates.cols()) data.covariates.conservativeResize(n, filled + 1);
    return data.covariates.col(filled++);
  };
  for (const std::size_t column : found.columns) {
    auto values = next_column(table.names()[column]);
    std::set<std::string> words;
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto cell = table.cell(rows.row[static_cast<std::size_t>(i)], column);
      if (const auto value = table_number(cell); value && words.empty()) {
        values[i] = *value;
      } else if (words.insert(std::string(cell)); words.size() > 100) {
        throw Error(ErrorKind::usage, fmt::format("{} holds too many words to be a covariate", table.names()[column]),
                    "leave the column out, or name it with --cluster or --strata");
      }
    }
    if (words.empty()) continue;
    for (const std::size_t row : rows.row) words.insert(std::string(table.cell(row, column)));
    const auto levels = in_order(words);
    names.pop_back(), --filled;
    for (std::size_t level = 1; level < levels.size(); ++level) {
      auto is_so = next_column(table.names()[column] + levels[level]);
      for (Eigen::Index i = 0; i < n; ++i)
        is_so[i] = table.cell(rows.row[static_cast<std::size_t>(i)], column) == levels[level] ? 1 : 0;
    }
  }
  if (filled < data.covariates.cols()) data.covariates.conservativeResize(n, filled);
}

// Numbers for the different cells of a column, in order of appearance.
template <class Number>
std::vector<Number> numbered(const DataTable& table, const Rows& rows, std::size_t column) {
  std::map<std::string, Number> known;
  std::vector<Number> result;
  for (const std::size_t row : rows.row)
    result.push_back(
        known.emplace(std::string(table.cell(row, column)), static_cast<Number>(known.size())).first->second);
  return result;
}

Json hazard_json(const stats::HazardFit& fit, const std::vector<std::string>& names, bool robust, double confidence) {
  const double z = stats::normal_quantile(confidence);
  const boost::math::normal normal;
  const auto df = static_cast<int>(names.size());
  Json list = Json::array();
  for (std::size_t j = 0; j < names.size(); ++j) {
    const auto index = static_cast<Eigen::Index>(j);
    const double coefficient = fit.coefficients[index], se = std::sqrt(fit.variance(index, index));
    const double robust_se = std::sqrt(fit.robust_variance(index, index)), used = robust ? robust_se : se;
    const double statistic = coefficient / used;
    list.push_back({{"name", names[j]},
                    {"coef", coefficient},
                    {"hazard_ratio", std::exp(coefficient)},
                    {"se", se},
                    {"robust_se", robust_se},
                    {"z", statistic},
                    {"p", 2 * boost::math::cdf(boost::math::complement(normal, std::fabs(statistic)))},
                    {"low", std::exp(coefficient - z * used)},
                    {"high", std::exp(coefficient + z * used)}});
  }
  const auto test = [&](double value) {
    return Json{{"chi_squared", value}, {"df", df}, {"p", stats::chi_squared_tail(value, df)}};
  };
  const Eigen::MatrixXd variance = robust ? fit.robust_variance : fit.variance;
  Json json{{"n", fit.n},
            {"events", fit.events},
            {"clusters", fit.clusters},
            {"coefficients", std::move(list)},
            {"log_likelihood", {{"null", fit.null_log_likelihood}, {"model", fit.log_likelihood}}},
            {"likelihood_ratio_test", test(2 * (fit.log_likelihood - fit.null_log_likelihood))},
            {"score_test", test(fit.score_test)},
            {"wald_test", test(fit.coefficients.dot(variance.ldlt().solve(fit.coefficients)))},
            {"iterations", fit.iterations}};
  json["concordance"] = number(fit.concordance);
  if (fit.proportionality) {
    Json each = Json::array();
    for (std::size_t j = 0; j < names.size(); ++j) {
      const double value = fit.proportionality->chi_squared[j];
      each.push_back({{"name", names[j]}, {"chi_squared", value}, {"df", 1}, {"p", stats::chi_squared_tail(value, 1)}});
    }
    json["proportionality"] = {
        {"transform", "km"}, {"covariates", each}, {"global", test(fit.proportionality->global)}};
  }
  return json;
}

Json hazard_answer(const std::string& method, const DataTable& table, const SurvivalQuestion& question) {
  const Covariates found = find_covariates(table, question);
  std::vector<std::size_t> needed = found.columns;
  for (const auto& each : {found.cluster, found.stratum})
    if (each) needed.push_back(*each);
  Rows rows = read_rows(table, question, false, needed);
  const bool is_fine_gray = method == "finegray";
  if (!is_fine_gray && rows.causes.size() > 1)
    throw Error(ErrorKind::usage, fmt::format("{} holds {} kinds of event", question.status, rows.causes.size()),
                "`resident stats finegray` is for events that rule each other out");
  if (is_fine_gray && found.stratum)
    throw Error(ErrorKind::usage, "finegray takes no strata", "make the column a covariate");
  stats::HazardData data;
  std::vector<std::string> names;
  data.time = rows.time;
  int cause = 1;
  if (is_fine_gray && !question.cause.empty()) {
    cause = place_of(rows.causes, question.cause) + 1;
    if (cause > static_cast<int>(rows.causes.size()))
      throw Error(ErrorKind::usage, fmt::format("no row has the status {}", one_line(question.cause)),
                  "--cause takes one that occurs");
  }
  for (const int status : rows.status) data.status.push_back(status == 0 ? 0 : status == cause ? 1 : 2);
  fill_covariates(table, rows, found, data, names);
  if (found.cluster) data.cluster = numbered<std::int64_t>(table, rows, *found.cluster);
  if (found.stratum) data.stratum = numbered<int>(table, rows, *found.stratum);
  const auto ties = question.ties == "breslow" ? stats::Ties::breslow : stats::Ties::efron;
  Json answer{
      {"method", method}, {"ties", question.ties}, {"confidence", question.confidence}, {"set_aside", rows.set_aside}};
  if (is_fine_gray) answer["cause"] = rows.causes.empty() ? "" : rows.causes[static_cast<std::size_t>(cause - 1)];
  const bool robust = is_fine_gray || found.cluster.has_value();
  answer["robust"] = robust;
  answer.update(hazard_json(is_fine_gray ? stats::fine_gray(data, ties) : stats::cox(data, ties), names, robust,
                            question.confidence));
  return answer;
}

}  // namespace

Json survival_answer(const std::string& method, const DataTable& table, const SurvivalQuestion& question) {
  if (method == "km") return km_answer(table, question);
  if (method == "aalen-johansen") return aalen_johansen_answer(table, question);
  return hazard_answer(method, table, question);
}

}  // namespace resident

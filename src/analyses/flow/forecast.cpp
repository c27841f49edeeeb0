#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/forecast.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <model/flow_items.hpp>

namespace resident {

namespace {

constexpr const char* kDefinition =
    "Open at a moment: opened before it and not closed by then, replayed from openings, closings and reopenings; "
    "without "
    "bots' items and spam. Week: its end, seven days after the one before; the first is seven days after the moment.";
constexpr const char* kMethod =
    "Ways of foreseeing: no change (random walk), the count a year before (seasonal naive), exponential smoothing "
    "chosen "
    "by corrected AIC among ANN, AAN and AAdN (Hyndman et al. 2008), ageing (what is open leaves at the rate at which "
    "others of its age left, recent weeks counting more; new ones come as of late), and means of these. Each is "
    "replayed "
    "at past weeks, where it sees only what was known then; its bands are made of its own errors that were known then "
    "and of the smoothing's own error, half each. The one with the least mean CRPS (Gneiting and Raftery 2007) is "
    "used; another than the mean of ageing, smoothing and no change must be a tenth better.";

std::vector<OpenTime> open_times(const Context& context, bool is_pull) {
  const People people = load_people(context);
  std::vector<OpenTime> times;
  const auto items = shared_flow_items(context, people, FlowDetail::openings);
  for (const auto& item : *items)
    if (item.is_pull == is_pull)
      for (const auto& stretch : item.stretches) times.push_back({stretch.opened, stretch.closed});
  return times;
}

int weeks_ahead(const Context& context) {
  return static_cast<int>(context.whole_number("weeks", 13, 1, 104));
}

const char* kind_word(const Context& context) {
  return context.choice("kind", {"issue", "pull"}) == "pull" ? "pull requests" : "issues";
}

Result shared(const Context& context, std::string name, std::string title, std::string question) {
  Result result = context.result(std::move(name), std::move(title), std::move(question));
  result.definition = kDefinition;
  result.method = kMethod;
  return result;
}

Result weeks_result(const Context& context, const BacklogForecast& forecast) {
  const std::string what = kind_word(context);
  Result result = shared(context, "forecast_" + context.choice("kind", {"issue", "pull"}),
                         "Open " + what + ": what comes next", "How many " + what + " will be open in the next weeks?");
  result.columns = {{"week", "Week", ColumnType::date, "", "its end"},
                    {"mean", "Open", ColumnType::number, what},
                    {"low50", "50 % from", ColumnType::number},
                    {"high50", "to", ColumnType::number},
                    {"low80", "80 % from", ColumnType::number},
                    {"high80", "to", ColumnType::number},
                    {"low95", "95 % from", ColumnType::number},
                    {"high95", "to", ColumnType::number},
                    {"was", "Until now", ColumnType::number, what, "what was open, before the moment"}};
  result.chart = {Chart::Kind::line, "week", {"mean", "was"}, "", "low80", "high80", "open " + what};
  if (!forecast.missing.empty()) {
    result.claim = "Nothing can be foreseen yet: " + forecast.missing + ".";
    return result;
  }
  const std::size_t shown = std::min<std::size_t>(forecast.history.size(), 26);
  for (std::size_t i = forecast.history.size() - shown; i < forecast.history.size(); ++i) {
    std::vector<Cell> row{forecast.history[i].first};
    row.resize(8);
    row.emplace_back(forecast.history[i].second);
    result.rows.push_back(std::move(row));
  }
  const auto tenth = [](double value) { return std::round(value * 10) / 10; };
  for (const auto& week : forecast.weeks)
    result.rows.push_back({week.end, tenth(week.mean), tenth(week.low50), tenth(week.high50), tenth(week.low80),
                           tenth(week.high80), tenth(week.low95), tenth(week.high95), Cell()});
  const auto& last = forecast.weeks.back();
  result.claim =
      fmt::format("{:.0f} {} are open; in {} there will be about {:.0f}, in four of five cases {:.0f} to {:.0f}.",
                  forecast.history.back().second, what, plural(static_cast<long long>(forecast.weeks.size()), "week"),
                  last.mean, std::floor(last.low80), std::ceil(last.high80));
  result.sample_size = static_cast<std::int64_t>(forecast.history.size());
  result.uncertainty = "Bands of 50, 80 and 95 %, from this forecast's own errors at past weeks.";
  result.notes.push_back(fmt::format("Of late {:.1f} came and {:.1f} went a week. Foreseen by: {}.", forecast.arrivals,
                                     forecast.departures, forecast.way));
  return result;
}

Result record_result(const Context& context, const BacklogForecast& forecast) {
  const std::string what = kind_word(context);
  Result result = shared(context, "forecast_record_" + context.choice("kind", {"issue", "pull"}),
                         "How good such forecasts were", "How far off would this forecast have been in the past?");
  result.columns = {
      {"way", "Way", ColumnType::text},
      {"crps", "CRPS", ColumnType::number, what, "mean over weeks ahead and past origins; less is better"},
      {"mean_absolute_error", "Mean error", ColumnType::number, what},
      {"within80", "Held by its 80 %", ColumnType::share, "", "0.80 would be right"},
      {"within95", "Held by its 95 %", ColumnType::share, "", "0.95 would be right"},
      {"is_used", "Used", ColumnType::text}};
  for (const auto& record : forecast.records)
    result.rows.push_back({record.way, record.crps, record.mean_absolute_error, record.within80, record.within95,
                           record.way == forecast.way ? std::string("yes") : std::string()});
  result.sample_size = forecast.origins;
  if (forecast.records.empty())
    result.claim = forecast.missing.empty() ? "The history is too short to replay: nobody knows yet how good it is."
                                            : "There is no forecast, so nothing to replay.";
  else
    for (const auto& record : forecast.records)
      if (record.way == forecast.way)
        result.claim = fmt::format(
            "Replayed at {}, it was off by {:.1f} {} on average, and its 80 % band held {:.0f} % of what came.",
            plural(forecast.origins, "past week"), record.mean_absolute_error, what, 100 * record.within80);
  return result;
}

std::vector<Result> analyse_forecast(const Context& context) {
  const bool is_pull = context.choice("kind", {"issue", "pull"}) == "pull";
  const auto times = open_times(context, is_pull);
  const BacklogForecast forecast = forecast_backlog(times, context.as_of, weeks_ahead(context));
  Result weeks = weeks_result(context, forecast);
  std::vector<Timestamp> moments;
  for (const auto& each : times) moments.push_back(each.opened);
  if (auto note = gap_note(std::move(moments), is_pull ? "pull request was opened" : "issue was opened"); !note.empty())
    weeks.notes.push_back(std::move(note));
  return {std::move(weeks), record_result(context, forecast)};
}

}  // namespace

BacklogForecast forecast_of(const Context& context) {
  return forecast_backlog(open_times(context, context.choice("kind", {"issue", "pull"}) == "pull"), context.as_of,
                          weeks_ahead(context));
}

extern const Analysis forecast_analysis;
const Analysis forecast_analysis{"forecast",
                                 "Forecast of the backlog",
                                 "How many will be open in the next weeks, and how sure is that?",
                                 {{"kind", "issue|pull", "issues (without it) or pull requests"},
                                  {"weeks", "N", "how many weeks ahead, 1 to 104; 13 without it"}},
                                 &analyse_forecast,
                                 {},
                                 {{"flow", 7, {{"kind", "pull"}}}, {"flow", 8, {{"kind", "issue"}}}}};

}  // namespace resident

// resident impact: did something that began on a day change an outcome? From the store, or from a table of one's own.
#include <fmt/format.h>

#include <analyses/flow/impact.hpp>
#include <analyses/list.hpp>
#include <base/error.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <framework/arguments.hpp>
#include <nlohmann/json.hpp>

namespace resident {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const stats::PlaceboAnswer& answer, const ImpactSeries& series) {
  const auto known = [&](double value) { return answer.is_answered ? Json(value) : Json(nullptr); };
  Json power = Json::array();
  for (const auto& each : answer.power) power.push_back({{"effect", each.effect}, {"power", each.share}});
  Json json{{"effect", known(answer.effect)},
            {"low", known(answer.low)},
            {"high", known(answer.high)},
            {"p_placebo", known(answer.p)},
            {"placebos", answer.placebos.size()},
            {"power", std::move(power)},
            {"conclusion", impact_conclusion(answer, series)}};
  json["shown"] = answer.is_answered ? Json(answer.p <= 0.05) : Json(nullptr);
  json["is_relative"] = answer.is_relative;
  json["window"] = answer.window;
  json["unit"] = series.unit;
  if (!answer.is_answered) return json;
  json["expected"] = answer.expected;
  json["observed"] = answer.observed;
  json["smallest_seen"] = answer.smallest_seen > 0 ? Json(answer.smallest_seen) : Json(nullptr);
  json["pre_trend_p"] = answer.pre_trend_p;
  json["foreseen_by"] = answer.foreseen_by;
  json["without_control"] = Json::array();
  for (std::size_t k = 0; k < answer.without_control.size(); ++k)
    json["without_control"].push_back({{"control", series.controls[k]}, {"effect", answer.without_control[k]}});
  json["placebo_effects"] = Json::array();
  for (const auto& each : answer.placebos)
    json["placebo_effects"].push_back({{"start", format_date(series.at[each.start])}, {"effect", each.effect}});
  return json;
}

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

void add_designs(Json& json, const Impact& impact) {
  json["designs"] = Json::array();
  for (const auto& each : impact.designs)
    json["designs"].push_back({{"design", each.name},
                               {"against", each.against},
                               {"effect", number(each.effect)},
                               {"low", number(each.low)},
                               {"high", number(each.high)},
                               {"p", number(each.p)},
                               {"among", each.placebos},
                               {"says", each.says}});
  if (impact.course) {
    Json steps = Json::array();
    const auto& course = *impact.course;
    for (const auto& point : course_points(impact))
      if (point.expected)
        steps.push_back({{"at", format_date(point.at)},
                         {"expected", number(point.expected)},
                         {"low", number(point.low)},
                         {"high", number(point.high)},
                         {"was", point.was}});
    json["course"] = {{"effect", course.effect}, {"low", course.effect_low},  {"high", course.effect_high},
                      {"claims", course.claims}, {"moments", course.moments}, {"steps", std::move(steps)}};
  }
  json["unlocked"] = Json::array();
  for (const auto& each : impact.unlocked)
    json["unlocked"].push_back({{"what", each.what},
                                {"n", each.n},
                                {"expected", number(each.expected)},
                                {"observed", number(each.observed)},
                                {"change", number(each.change)},
                                {"low", number(each.low)},
                                {"high", number(each.high)},
                                {"p", number(each.p)},
                                {"says", each.says}});
  json["cannot_be_concluded"] = impact.cannot;
  json["record_from_now_on"] = impact.record;
}

Impact from_table(const std::string& file, const Arguments& arguments) {
  const auto at = [&](const char* name) -> std::optional<Timestamp> {
    const auto found = arguments.find(name);
    if (found == arguments.end()) return std::nullopt;
    const auto time = parse_time(found->second);
    if (!time) throw Error(ErrorKind::usage, fmt::format("--{} is no date", name), "as in 2023-01-09");
    return time;
  };
  for (const char* name : {"person", "outcome"})
    if (arguments.contains(name))
      throw Error(ErrorKind::usage, fmt::format("--{} is for a store, not for a table", name), "leave it out");
  const auto start = at("start");
  if (!start) throw Error(ErrorKind::usage, "--start is needed: the day on which it began", "as in --start 2023-01-09");
  const DataTable table(read_text_file(file), file);
  Impact impact;
  impact.series = impact_series(table, *start, at("end"));
  if (const auto window = arguments.find("window"); window != arguments.end()) {
    const auto steps = table_number(window->second);
    if (!steps || *steps < 0 || *steps > 100000) throw Error(ErrorKind::usage, "--window is a number of steps", "");
    impact.series.question.window = static_cast<std::size_t>(*steps);
  }
  impact.outcome = "outcome";
  impact.answer = stats::placebo_test(impact.series.question);
  complete_impact(impact);
  return impact;
}

std::function<int()> declare_impact(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto arguments = std::make_shared<Arguments>();
  auto file = std::make_shared<std::string>();
  declare_parameters(app, find_analysis("impact"), arguments);
  app.add_option("--from", *file,
                 "A table instead of a store: columns date, outcome, then controls; - is what is piped in")
      ->type_name("FILE.csv");
  return [&invocation, arguments, file] {
    Impact impact;
    Result shared;
    std::unique_ptr<Database> database;
    if (!file->empty()) {
      impact = from_table(*file, *arguments);
    } else {
      database = invocation.open(Access::read);
      Context context = invocation.context(*database);
      context.arguments = *arguments;
      impact = impact_of(context);
      shared = context.result("impact", "", "");
    }
    if (!invocation.wants_own_json()) {
      invocation.print(impact_results(impact, shared));
      return 0;
    }
    Json json = json_of(impact.answer, impact.series);
    if (impact.without_person) json["without_person"] = json_of(*impact.without_person, impact.series);
    add_designs(json, impact);
    if (!impact.series.notes.empty()) json["notes"] = impact.series.notes;
    invocation.out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
    return 0;
  };
}

}  // namespace

extern const Command impact_command;
const Command impact_command{
    "impact", "Did having a resident, or anything that began on a day, change an outcome?",
    "The same question is put at moments before, when nothing began; an effect is only called one where it stands out "
    "from what those gave.\nExample: resident impact --start 2021-07-12 --person ada",
    declare_impact};

}  // namespace resident

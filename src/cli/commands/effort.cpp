// resident effort, resident truck-factor: for people as any analysis; --json is a form that others' scripts rely on.
#include <analyses/list.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <cli/row_list.hpp>
#include <nlohmann/json.hpp>

namespace resident {

namespace {

// Runs for_programs with the analysis' results where --json is asked for.
std::function<int()> declare_with(OptionSet& app, Invocation& invocation, const char* name, Arguments for_all,
                                  void (*for_programs)(const Invocation&, const std::vector<Result>&)) {
  const Analysis& analysis = find_analysis(name);
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto arguments = std::make_shared<Arguments>();
  declare_parameters(app, analysis, arguments);
  return [&invocation, &analysis, arguments, for_all = std::move(for_all), for_programs] {
    if (!invocation.wants_own_json()) return print_analysis(invocation, analysis, *arguments);
    const auto database = invocation.open(Access::read);
    Context context = invocation.context(*database);
    context.arguments = *arguments;
    context.arguments.insert(for_all.begin(), for_all.end());
    std::vector<Result> results = analysis.run(context);
    for (Result& result : results) hide_emails(result);
    for_programs(invocation, results);
    return 0;
  };
}

void effort_json(const Invocation& invocation, const std::vector<Result>& results) {
  print_row_list(invocation.out, results.front(), invocation.json);
  invocation.err << results.front().claim << "\n";
}

void truck_factor_json(const Invocation& invocation, const std::vector<Result>& results) {
  const Result &ways = results.at(0), &steps = results.at(1);
  const auto cell = [](const Cell& value) {
    nlohmann::ordered_json json;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) json = *whole;
    if (const auto* real = std::get_if<double>(&value)) json = *real;
    if (const auto* text = std::get_if<std::string>(&value)) json = *text;
    return json;
  };
  nlohmann::ordered_json json;
  for (const char* key : {"method", "factor", "coverage"}) json[key] = cell(ways.rows.at(0).at(ways.column(key)));
  json["people"] = nlohmann::ordered_json::array();
  for (std::size_t i = 1; i < steps.rows.size(); ++i)
    json["people"].push_back(cell(steps.rows[i][steps.column("person")]));
  json["others"] = nlohmann::ordered_json::array();
  for (std::size_t i = 1; i < ways.rows.size(); ++i) {
    nlohmann::ordered_json other;
    for (const char* key : {"method", "factor", "coverage"}) other[key] = cell(ways.rows[i][ways.column(key)]);
    json["others"].push_back(std::move(other));
  }
  invocation.out << json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
}

}  // namespace

extern const Command effort_command, truck_factor_command;
const Command effort_command{
    "effort", "Hours of work, by person, month, module or employer",
    "Estimated from what the sources show of people's acts, in several published ways side by side. --json is the list "
    "of rows, all of them; the sum is on the other stream.\nExample: resident effort --by module --since 2025-01-01",
    [](OptionSet& app, Invocation& invocation) -> std::function<int()> {
      return declare_with(app, invocation, "effort", {{"limit", "1000000000"}}, &effort_json);
    }};
const Command truck_factor_command{
    "truck-factor", "On how few people the code rests, three ways",
    "--json: {method, factor, coverage, people} by authors of files (Avelino et al.), and `others`.\n"
    "Example: resident truck-factor --as-of 2024-01-01",
    [](OptionSet& app, Invocation& invocation) -> std::function<int()> {
      return declare_with(app, invocation, "truck-factor", {}, &truck_factor_json);
    }};

}  // namespace resident

// resident stats METHOD --from FILE.csv: survival methods over a table of one's own, without a store, so that every
// figure of the pages can be held against other software.
#include <fmt/format.h>

#include <base/csv_table.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <cli/stats/segments.hpp>
#include <cli/survival_answer.hpp>

namespace resident {

namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string method, from;
  SurvivalQuestion question;
};

Cell cell_of(const Json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return value.get<std::string>();
  return {};
}

// The list of an answer as a table: its objects' fields are the columns, and those of fields that are objects.
void add_rows(Result& result, const Json& list, const std::string& group) {
  for (const auto& each : list) {
    std::vector<Cell> row;
    std::vector<Column> columns;
    if (!group.empty()) {
      columns.push_back({"group", "Group", ColumnType::text});
      row.push_back(group);
    }
    const auto add = [&](const std::string& name, const Json& value) {
      columns.push_back({name, name,
                         value.is_number_integer() ? ColumnType::integer
                         : value.is_string()       ? ColumnType::text
                                                   : ColumnType::number});
      row.push_back(cell_of(value));
    };
    for (const auto& [name, value] : each.items()) {
      if (!value.is_object())
        add(name, value);
      else
        for (const auto& [inner, part] : value.items()) add(name + "_" + inner, part);
    }
    if (result.columns.empty()) result.columns = columns;
    result.rows.push_back(std::move(row));
  }
}

Result table_of(const std::string& method, const Json& answer) {
  Result result;
  result.name = "stats";
  result.title = method;
  if (answer.contains("coefficients")) {
    add_rows(result, answer["coefficients"], "");
    result.claim = fmt::format("{} observations, {} events.", answer["n"].dump(), answer["events"].dump());
  } else if (answer.contains("groups")) {
    for (const auto& each : answer["groups"]) add_rows(result, each["curve"], each["group"].get<std::string>());
  } else {
    add_rows(result, answer["curve"], "");
  }
  if (result.claim.empty()) result.claim = fmt::format("{} observations.", answer["n"].dump());
  for (const char* test : {"log_rank", "gray_test", "proportionality", "likelihood_ratio_test"})
    if (answer.contains(test)) result.notes.push_back(fmt::format("{}: {}", test, answer[test].dump()));
  if (const auto set_aside = answer["set_aside"].get<std::int64_t>(); set_aside > 0)
    result.notes.push_back(fmt::format("{} set aside: a time, a status or a covariate is missing or no number.",
                                       plural(set_aside, "row was", "rows were")));
  result.sample_size = answer["n"].get<std::int64_t>();
  return result;
}

int run(const Invocation& invocation, const Options& options) {
  if (options.method == "segments") {
    print_segments(CsvTable(read_text_file(options.from), options.from == "-" ? "what is piped in" : options.from),
                   invocation);
    return 0;
  }
  const DataTable table(read_text_file(options.from), options.from);
  const Json answer = survival_answer(options.method, table, options.question);
  if (invocation.wants_json())
    invocation.out << answer.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
  else
    invocation.print({table_of(options.method, answer)});
  return 0;
}

std::function<int()> declare_stats(OptionSet& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  auto& question = options->question;
  takes_one_of(app.add_option("method", options->method, "km, cox, aalen-johansen, finegray or segments")
                   ->required()
                   ->type_name("METHOD"),
               {"km", "cox", "aalen-johansen", "finegray", "segments"});
  app.add_option("--from", options->from, "The table: headings, then a row an observation; - is what is piped in")
      ->required()
      ->type_name("FILE.csv");
  app.add_option("--time", question.time, "Column of the time; time without it")->type_name("COLUMN");
  app.add_option("--status", question.status, "Column of what happened (0: censored); status without it")
      ->type_name("COLUMN");
  app.add_option("--by", question.by, "km, aalen-johansen: column of the groups; group, where there is one")
      ->type_name("COLUMN");
  takes_one_of(app.add_option("--scale", question.scale, "km, aalen-johansen: scale of the intervals; log without it")
                   ->type_name("SCALE"),
               {"log", "log-log", "plain"});
  takes_number(
      app.add_option("--limit", question.limit, "km: limit of the restricted mean; the longest time without it")
          ->type_name("TIME"),
      0, 1e300);
  takes_one_of(
      app.add_option("--ties", question.ties, "cox, finegray: how ties are taken; efron without it")->type_name("TIES"),
      {"efron", "breslow"});
  app.add_option("--cluster", question.cluster,
                 "cox, finegray: column of what belongs together; cluster, where there is one")
      ->type_name("COLUMN");
  app.add_option("--strata", question.stratum, "cox: column of strata; strata, where there is one")
      ->type_name("COLUMN");
  app.add_option("--cause", question.cause, "finegray: the status that is the event; the first without it")
      ->type_name("STATUS");
  takes_number(
      app.add_option("--confidence", question.confidence, "Of the intervals; 0.95 without it")->type_name("SHARE"), 0.5,
      0.9999);
  takes_one_of(
      app.add_option("--format", invocation.format, "How it is printed; a table without it")->type_name("FORMAT"),
      {"table", "csv", "md", "json"});
  app.add_flag("--json{all}", invocation.json, "One object with all figures");
  return [&invocation, options] { return run(invocation, *options); };
}

}  // namespace

extern const Command stats_command;
const Command stats_command{
    "stats", "Statistical methods over a table of your own, to hold against other software",
    "km, cox, aalen-johansen, finegray: over a CSV file with columns time, status (0: censored) and, for cox and "
    "finegray, covariates; segments: where the failure rate of a test changed, from position, runs, unexpected. No "
    "store is needed.\nExample: resident stats km --from waits.csv --json",
    declare_stats};

}  // namespace resident

// resident sql QUERY: reads anything, writes nothing, and shows no e-mail address.
#include <fmt/format.h>

#include <algorithm>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <nlohmann/json.hpp>

namespace resident {

namespace {

// fields: "" for all, or names of columns, separated by commas.
void print_json(std::ostream& out, Rows& rows, const std::string& fields) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < rows.column_count(); ++i) names.push_back(rows.column_name(i));
  const std::vector<std::string> wanted = wanted_fields(fields, names);
  out << "[";
  bool first = true;
  while (rows.next()) {
    nlohmann::ordered_json row;
    for (std::size_t i = 0; i < rows.column_count(); ++i) {
      if (std::find(wanted.begin(), wanted.end(), names[i]) == wanted.end()) continue;
      const Value value = rows.value(i);
      auto& cell = row[rows.column_name(i)];
      if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        cell = *integer;
      } else if (const auto* number = std::get_if<double>(&value)) {
        cell = *number;
      } else if (const auto* text = std::get_if<std::string>(&value)) {
        cell = hide_emails(*text);
      } else if (std::holds_alternative<Blob>(value)) {
        cell = fmt::format("<{} bytes>", std::get<Blob>(value).bytes.size());
      }
    }
    out << (first ? "\n" : ",\n") << row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    first = false;
  }
  out << "\n]\n";
}

std::function<int()> declare_sql(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  auto query = std::make_shared<std::string>();
  app.add_option("query", *query, "One SELECT")->required()->type_name("QUERY");
  takes_one_of(
      app.add_option("--format", invocation.format, "How it is printed; a table without it")->type_name("FORMAT"),
      {"table", "csv", "md", "json"});
  app.add_flag("--json{all}", invocation.json, "A list of objects");
  return [&invocation, query] {
    const auto database = invocation.open(Access::read);
    const auto rows = database->query_untrusted(*query);
    if (invocation.wants_json()) {
      print_json(invocation.out, *rows, invocation.json);
      return 0;
    }
    const bool is_csv = invocation.format == "csv";
    Result result;
    result.name = "sql";
    for (std::size_t i = 0; i < rows->column_count(); ++i)
      result.columns.push_back({rows->column_name(i), rows->column_name(i)});
    while (rows->next()) {
      std::vector<Cell> row;
      for (std::size_t i = 0; i < rows->column_count(); ++i) {
        const Value value = rows->value(i);
        const auto* integer = std::get_if<std::int64_t>(&value);
        const auto* number = std::get_if<double>(&value);
        if (const auto* blob = std::get_if<Blob>(&value)) {
          row.emplace_back(fmt::format("<{} bytes>", blob->bytes.size()));
        } else if (is_csv && integer) {
          row.emplace_back(*integer);  // a number, and so never taken for the beginning of a formula
        } else if (is_csv && number) {
          row.emplace_back(*number);
        } else {
          row.emplace_back(rows->is_null(i) ? std::string() : rows->string(i));
        }
        if (std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value))
          result.columns[i].type = ColumnType::number;
      }
      result.rows.push_back(std::move(row));
    }
    invocation.print({result});
    return 0;
  };
}

}  // namespace

extern const Command sql_command;
const Command sql_command{"sql", "Read the store with a query of your own",
                          "The tables are described in docs/guide/schema.md; the functions month_start(t), "
                          "iso_date(t), quantile(x, p) and others are there under both engines.\n"
                          "Example: resident sql \"SELECT kind, count(*) FROM event GROUP BY kind ORDER BY 2 DESC\"",
                          declare_sql};

}  // namespace resident

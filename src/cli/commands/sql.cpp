// resident sql QUERY: reads anything, writes nothing.
#include <fmt/format.h>

#include <cli/command.hpp>
#include <nlohmann/json.hpp>

namespace resident {

namespace {

void print_json(std::ostream& out, Rows& rows) {
  out << "[";
  bool first = true;
  while (rows.next()) {
    nlohmann::ordered_json row;
    for (std::size_t i = 0; i < rows.column_count(); ++i) {
      const Value value = rows.value(i);
      auto& cell = row[rows.column_name(i)];
      if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        cell = *integer;
      } else if (const auto* number = std::get_if<double>(&value)) {
        cell = *number;
      } else if (const auto* text = std::get_if<std::string>(&value)) {
        cell = *text;
      } else if (std::holds_alternative<Blob>(value)) {
        cell = fmt::format("<{} bytes>", std::get<Blob>(value).bytes.size());
      }
    }
    out << (first ? "\n" : ",\n") << row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    first = false;
  }
  out << "\n]\n";
}

std::function<int()> declare(CLI::App& app, Invocation& invocation) {
  invocation.add_store_options(app);
  auto query = std::make_shared<std::string>();
  app.add_option("query", *query, "One SELECT")->required()->type_name("QUERY");
  app.add_option("--format", invocation.format, "One of table, csv, md, json")->type_name("FORMAT");
  app.add_flag("--json{all}", invocation.json, "A list of objects");
  return [&invocation, query] {
    const auto database = invocation.open(Access::read);
    const auto rows = database->query_untrusted(*query);
    if (invocation.wants_json()) {
      print_json(invocation.out, *rows);
      return 0;
    }
    Result result;
    result.name = "sql";
    for (std::size_t i = 0; i < rows->column_count(); ++i)
      result.columns.push_back({rows->column_name(i), rows->column_name(i)});
    while (rows->next()) {
      std::vector<Cell> row;
      for (std::size_t i = 0; i < rows->column_count(); ++i) {
        const Value value = rows->value(i);
        if (const auto* blob = std::get_if<Blob>(&value)) {
          row.emplace_back(fmt::format("<{} bytes>", blob->bytes.size()));
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
                          declare};

}  // namespace resident

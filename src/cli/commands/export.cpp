// resident export: every table as CSV or JSON Lines, e-mail addresses left out.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/csv.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <base/url.hpp>
#include <cli/command.hpp>
#include <cli/exported_tables.hpp>
#include <cli/options.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace resident {

namespace {

void write_table(Rows& rows, std::ostream& out, bool as_csv) {
  if (as_csv) {
    for (std::size_t i = 0; i < rows.column_count(); ++i) out << (i ? "," : "") << rows.column_name(i);
    out << "\r\n";
  }
  while (rows.next()) {
    nlohmann::ordered_json object;
    for (std::size_t i = 0; i < rows.column_count(); ++i) {
      const Value value = rows.value(i);
      const auto* text = std::get_if<std::string>(&value);
      const std::string clean = text ? blank_emails(blank_passwords(*text)) : std::string();
      if (as_csv) {
        out << (i ? "," : "") << (text ? csv_text(clean) : rows.is_null(i) ? std::string() : rows.string(i));
        continue;
      }
      auto& cell = object[rows.column_name(i)];
      if (text) {
        cell = clean;
      } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        cell = *integer;
      } else if (const auto* number = std::get_if<double>(&value)) {
        cell = *number;
      }
    }
    if (as_csv) {
      out << "\r\n";
    } else {
      out << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
    }
  }
}

std::function<int()> declare_export(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  auto folder = std::make_shared<std::string>("export"), table = std::make_shared<std::string>();
  app.add_option("--output", *folder, "The folder to write to, a file a table")
      ->type_name("DIR")
      ->capture_default_str();
  takes_one_of(app.add_option("--format", invocation.format, "jsonl without it")->type_name("FORMAT"),
               {"csv", "jsonl"});
  app.add_option("--table", *table, "Only this table, to the output")->type_name("TABLE");
  return [&invocation, folder, table] {
    const auto database = invocation.open(Access::read);
    const std::vector<std::string> tables = exported_tables(*database);
    const bool as_csv = invocation.format == "csv";
    std::optional<std::int64_t> project;
    if (!invocation.project.empty()) project = invocation.context(*database).project_id;
    if (!table->empty() && std::find(tables.begin(), tables.end(), *table) == tables.end()) {
      const auto kept = std::find_if(kNotExported.begin(), kNotExported.end(),
                                     [&](const auto& each) { return each.table == *table; });
      if (kept != kNotExported.end())
        throw Error(ErrorKind::usage, fmt::format("{} is not exported: {}", *table, kept->reason));
      const std::string nearest = near_miss(*table, tables);
      throw Error(ErrorKind::usage, fmt::format("there is no table called {} to export", one_line(*table)),
                  nearest.empty() ? fmt::format("they are {}", fmt::join(tables, ", "))
                                  : fmt::format("did you mean {}?", nearest));
    }
    const auto rows_of = [&](const std::string& name) {
      return project ? database->query(fmt::format("SELECT * FROM {} WHERE project_id = :project", name),
                                       {{"project", *project}})
                     : database->query(fmt::format("SELECT * FROM {}", name));
    };
    if (!table->empty()) {
      write_table(*rows_of(*table), invocation.out, as_csv);
      return 0;
    }
    std::error_code code;
    std::filesystem::create_directories(*folder, code);
    for (const auto& name : tables) {
      const std::string path = fmt::format("{}/{}.{}", *folder, name, as_csv ? "csv" : "jsonl");
      std::ofstream stream(path, std::ios::binary | std::ios::trunc);
      write_table(*rows_of(name), stream, as_csv);
      stream.close();
      if (!stream)
        throw Error(fmt::format("cannot write {}", one_line(path)),
                    "check that the folder can be written to and that there is room");
    }
    invocation.err << fmt::format("wrote {} to {}; e-mail addresses are left out\n",
                                  plural(static_cast<long long>(tables.size()), "table"), one_line(*folder));
    return 0;
  };
}

}  // namespace

extern const Command export_command;
const Command export_command{"export", "Every table as CSV or JSON Lines, e-mail addresses left out",
                             "Example: resident export --format csv --output tables", declare_export};

}  // namespace resident

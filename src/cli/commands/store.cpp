// resident store copy: a store into another, of the same engine or the other one.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <filesystem>
#include <store/store_copy.hpp>

namespace resident {

namespace {

Result result_of(const std::vector<CopiedTable>& tables, Timestamp now) {
  Result result;
  result.name = "store_copy";
  result.title = "Copied";
  result.question = "Is the copy the same as its source?";
  result.as_of = now;
  result.columns = {{"table", "Table", ColumnType::text},
                    {"rows", "Rows", ColumnType::integer},
                    {"brought", "Brought now", ColumnType::integer, "", "the others were there already, and the same"},
                    {"digest", "Digest", ColumnType::text, "", "the sum of the rows' hashes, the same in both stores"}};
  std::int64_t rows = 0, brought = 0;
  for (const CopiedTable& each : tables) {
    rows += each.digest.n, brought += each.brought;
    if (each.digest.n > 0) result.rows.push_back({each.name, each.digest.n, each.brought, each.digest.text()});
  }
  result.claim = fmt::format(
      "The copy is whole: {} in {}, {} of them brought now; every table's digest is the same in both.",
      plural(rows, "row"), plural(static_cast<long long>(result.rows.size()), "table"), with_thousands(brought));
  result.definition =
      "A digest is the sum of the 128-bit hashes of a table's rows, over each value with its type. The target's are "
      "computed by reading it back.";
  result.notes.push_back("What full-text search keeps is left out: the first search in the copy makes it anew.");
  return result;
}

std::function<int()> declare(OptionSet& app, Invocation& invocation) {
  takes_one_of(
      app.add_option("--format", invocation.format, "How it is printed; a table without it")->type_name("FORMAT"),
      {"table", "csv", "md", "json"});
  app.add_flag("--json{all}", invocation.json, "JSON");
  auto action = std::make_shared<std::string>();
  takes_one_of(app.add_option("action", *action, "copy")->type_name("ACTION")->required(), {"copy"});
  auto places = std::make_shared<std::vector<std::string>>();
  app.add_option("stores", *places, "The store to copy and where to: files or postgresql://…")->type_name("STORE");
  return [&invocation, action, places]() -> int {
    if (places->size() != 2)
      throw Error(ErrorKind::usage, "store copy takes two stores, from and to",
                  "resident store copy resident.db postgresql://resident@db.example/resident");
    const std::string &from = places->front(), &to = places->back();
    std::error_code ignored;
    if (from == to || std::filesystem::equivalent(from, to, ignored))
      throw Error(ErrorKind::usage, "both are the same store", "name another one to copy to");
    const auto source = Database::open(from, Access::read), target = Database::open(to, Access::write);
    Progress progress("tables", 0);
    const auto tables = copy_store(*source, *target, [&](const std::string& table) {
      progress.set_note(table);
      progress.advance();
    });
    progress.finish();
    target->analyze();
    invocation.print({result_of(tables, invocation.clock.now())});
    return 0;
  };
}

}  // namespace

extern const Command store_command;
const Command store_command{
    "store", "The store itself: copy it to another place, or from SQLite to PostgreSQL and back",
    "Each table is brought with its digest, and read back in the end. A copy that was cut off goes on when the same "
    "command is run again; one that is complete brings only what is new.\n"
    "Example: resident store copy resident.db postgresql://resident@db.example/resident",
    declare};

}  // namespace resident
